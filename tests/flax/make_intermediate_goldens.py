"""Writes goldens/intermediates/models.safetensors: what `capture_intermediates` gives for models of models/*.yaml.

Keys are MODEL/in/INPUT and MODEL/intermediates/PATH; the variables are those of seed 0.
"""

import jax
import jax.numpy as jnp
import numpy as np

import models
import vae
from golden_files import ROOT, leaves_of, write_safetensors
from model_cases import floats


def cases():
  """(model file, module, inputs in their order)."""
  yield 'mlp', models.MLP(), {'x': floats('mlp', 2, 784)}
  yield 'autoencoder', models.AutoEncoder(), {'x': floats('autoencoder', 2, 28, 28, 1)}
  yield 'attention_block', models.AttentionBlock(), {'x': floats('attention_block', 2, 6, 32)}
  yield 'jit_mlp', models.JitMLP(), {'x': floats('jit_mlp', 2, 4)}
  yield 'remat_mlp', models.RematMLP(), {'x': floats('remat_mlp', 2, 4)}
  yield 'vmap_attention', models.VmapAttention(), {'x': floats('vmap_attention', 3, 2, 16)}
  yield 'batch_norm', models.BatchNormBlock(), {'x': floats('batch_norm', 3, 4, 4)}
  yield 'vae', vae.VAE(), {'x': floats('vae', 2, 784), 'z_rng': 'key:7'}


def main():
  arrays = {}
  for name, module, inputs in cases():
    values = [jax.random.key(int(v[4:])) if isinstance(v, str) else jnp.asarray(v) for v in inputs.values()]
    variables = module.init(jax.random.key(0), *values)
    _, updated = module.apply(variables, *values, capture_intermediates=True, mutable=['intermediates'])
    kept = leaves_of(updated)
    arrays |= {f'{name}/in/{key}': np.asarray(v) for key, v in inputs.items() if not isinstance(v, str)}
    arrays |= {f'{name}/{key}': value for key, value in kept.items()}
    print(f'{name}: {len(kept)} intermediates')
  write_safetensors(arrays, ROOT / 'intermediates' / 'models.safetensors')


if __name__ == '__main__':
  main()
