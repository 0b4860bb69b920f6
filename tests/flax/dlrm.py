"""The recommender of models/dlrm.yaml, and its cases."""

from typing import Sequence

import flax.linen as nn
import jax.numpy as jnp
import numpy as np

from model_cases import SEEDS, Model, floats, integers

initializers = nn.initializers


class DlrmSmall(nn.Module):
  vocab_size: int = 1000
  num_dense_features: int = 13
  mlp_bottom_dims: Sequence[int] = (512, 256, 128)
  mlp_top_dims: Sequence[int] = (1024, 1024, 512, 256, 1)
  embed_dim: int = 128
  dropout_rate: float = 0.0
  use_layer_norm: bool = False
  embedding_init_multiplier: float | None = None
  train: bool = False

  @nn.compact
  def __call__(self, x):
    x, categories = jnp.split(x, [self.num_dense_features], 1)
    for size in self.mlp_bottom_dims:
      x = nn.Dense(size, kernel_init=initializers.glorot_uniform(),
                   bias_init=initializers.normal(stddev=jnp.sqrt(1.0 / size)))(x)
      x = self.norm(nn.relu(x))
    dense = x

    scale = self.embedding_init_multiplier
    if scale is None:
      scale = 1 / jnp.sqrt(self.vocab_size)
    table = self.param('embedding_table', lambda key, shape: initializers.uniform(scale=1.0)(key, shape) * scale,
                       (self.vocab_size, self.embed_dim))
    x = self.norm(table[categories.astype(jnp.int32) % self.vocab_size])
    x = jnp.concatenate([dense.reshape(len(dense), -1, self.embed_dim), x], axis=1)
    products = jnp.matmul(x, jnp.transpose(x, (0, 2, 1)))
    rows, columns = jnp.triu_indices(x.shape[1])
    x = jnp.concatenate([dense, products[:, rows, columns]], axis=-1)

    last = len(self.mlp_top_dims) - 1
    for i, size in enumerate(self.mlp_top_dims):
      x = nn.Dense(size, kernel_init=initializers.normal(stddev=jnp.sqrt(2.0 / (x.shape[-1] + size))),
                   bias_init=initializers.normal(stddev=jnp.sqrt(1.0 / size)))(x)
      if i < last:
        x = self.norm(nn.relu(x))
      if i == last - 1:
        x = nn.Dropout(self.dropout_rate, deterministic=not self.train)(x)
    return x

  @nn.nowrap
  def norm(self, x):
    return nn.LayerNorm()(x) if self.use_layer_norm else x


SMALL = {'vocab_size': 20, 'mlp_bottom_dims': [12, 8], 'mlp_top_dims': [16, 12, 1], 'embed_dim': 8}


def goldens():
  model = Model('dlrm')

  def add(case, config=(), batch=3, **options):
    config = dict(config)
    module = DlrmSmall(**config)
    # Categories beyond the table too, and negative ones.
    categories = integers(f'{case} categories', 3 * module.vocab_size, batch, 26) - module.vocab_size
    x = np.concatenate([floats(case, batch, module.num_dense_features), categories.astype(np.float32)], axis=1)
    model.add(case, module, config=config, inputs={'x': x}, **options)

  for seed in SEEDS:
    add(f'seed_{seed}', seed=seed)
  add('small', SMALL, seed=2)
  add('two_vectors', SMALL | {'mlp_bottom_dims': [16]}, variables='random')
  add('dense_features', SMALL | {'num_dense_features': 5}, seed=3)
  add('layer_norm', SMALL | {'use_layer_norm': True}, variables='random')
  add('multiplier', SMALL | {'embedding_init_multiplier': 0.3}, seed=4)
  for dropout in (0, 1):
    add(f'train_dropout_{dropout}', SMALL | {'train': True, 'dropout_rate': 0.4}, seed=5, rngs={'dropout': 1},
        apply_rngs={'dropout': dropout})
  add('train_layer_norm', SMALL | {'train': True, 'dropout_rate': 0.2, 'use_layer_norm': True}, variables='random',
      rngs={'dropout': 1}, apply_rngs={'dropout': 7})
  add('train_without_dropout', SMALL | {'train': True}, seed=6)
  model.group.write()
