"""The decoder of models/nanodo.yaml, and its cases."""

import dataclasses
import functools
from typing import Any

import flax.linen as nn
import jax.numpy as jnp

from model_cases import SEEDS, Model, integers

initializers = nn.initializers


@dataclasses.dataclass(frozen=True)
class Config:
  D: int = 64
  H: int = 4
  L: int = 32
  N: int = 2
  V: int = 97
  F: int = 128
  kernel_init: Any = initializers.xavier_uniform()
  embed_init: Any = initializers.variance_scaling(1.0, 'fan_in', 'normal', out_axis=0)
  dtype: Any = jnp.float32
  fsdp_enabled: bool = False  # True in the original: names of mesh axes, which change no value
  remat: bool = False

  def embedding(self):
    return self.partitioned(self.embed_init, (None, 'data'))

  def kernel(self, *names):
    return self.partitioned(self.kernel_init, names)

  def partitioned(self, init, names):
    return nn.with_partitioning(init, names) if self.fsdp_enabled else init


class TransformerDo(nn.Module):
  cfg: Config = Config()

  def setup(self):
    cfg = self.cfg
    self.embed = nn.Embed(cfg.V, cfg.D, embedding_init=cfg.embedding())
    self.pos_embed = nn.Embed(cfg.L, cfg.D, embedding_init=cfg.embedding())
    block = nn.remat(TBlock) if cfg.remat else TBlock
    self.blocks = [block(cfg) for _ in range(cfg.N)]
    self.out_ln = nn.LayerNorm(dtype=cfg.dtype, use_bias=False)

  def __call__(self, y):
    x = self.embed(y) + self.pos_embed(jnp.arange(y.shape[1])[None])
    for block in self.blocks:
      x = block(x)
    return self.embed.attend(self.out_ln(x).astype(jnp.float32))


class TBlock(nn.Module):
  cfg: Config

  @nn.compact
  def __call__(self, x):
    norm = functools.partial(nn.LayerNorm, dtype=self.cfg.dtype, use_bias=False)
    y = norm()(x)
    x = x + CausalAttn(self.cfg)(y)
    y = norm()(x)
    return x + Mlp(self.cfg)(y)


class Mlp(nn.Module):
  cfg: Config

  @nn.compact
  def __call__(self, x):
    cfg = self.cfg
    linear = functools.partial(nn.Dense, kernel_init=cfg.kernel('data', None), use_bias=False, dtype=cfg.dtype)
    x = linear(cfg.F)(x)
    x = nn.gelu(x)
    return linear(cfg.D)(x)


class CausalAttn(nn.Module):
  cfg: Config

  @nn.compact
  def __call__(self, x):
    cfg, n = self.cfg, x.shape[1]
    head_dim = cfg.D // cfg.H
    project = functools.partial(nn.DenseGeneral, (cfg.H, head_dim), kernel_init=cfg.kernel('data', None, None),
                                use_bias=False, dtype=cfg.dtype)
    q, k, v = project(name='query')(x), project(name='key')(x), project(name='value')(x)
    scores = jnp.einsum('...qhd,...khd->...hqk', q / head_dim**0.5, k).astype(jnp.float32)
    scores = jnp.where(jnp.tril(jnp.ones((1, 1, n, n), bool)), scores, jnp.finfo(cfg.dtype).min)
    weights = nn.softmax(scores).astype(cfg.dtype)
    x = jnp.einsum('...hqk,...khd->...qhd', weights, v)
    return nn.DenseGeneral(cfg.D, axis=(-2, -1), kernel_init=cfg.kernel(None, None, 'data'), use_bias=False,
                           dtype=cfg.dtype, name='attn_out_proj')(x)


def goldens():
  model = Model('nanodo')

  def add(case, config=(), batch=2, length=9, **options):
    cfg = Config(**{key: options.pop(key, value) for key, value in dict(config).items()})
    model.add(case, TransformerDo(cfg), config={f'docfg.{key}': value for key, value in dict(config).items()},
              inputs={'y': integers(case, cfg.V, batch, length)}, **options)

  small = {'D': 24, 'H': 3, 'L': 12, 'N': 1, 'V': 13, 'F': 20}
  for seed in SEEDS:
    add(f'seed_{seed}', seed=seed)
  add('longest', length=32, batch=1)
  add('one_token', length=1)
  add('small', small, variables='random')
  add('no_blocks', small | {'N': 0}, seed=3)
  add('one_head', small | {'H': 1}, seed=3, variables='random')
  # Logits are float32, the rounding before them is that of the blocks.
  for name, tolerance in (('bfloat16', (1.6e-2, 2e-2)), ('float16', (2e-3, 3e-3))):
    add(name, small | {'dtype': name}, dtype=jnp.dtype(name), seed=9, tolerance=tolerance)
  add('partitioned', small | {'fsdp_enabled': True}, seed=5)
  add('remat', small | {'remat': True}, seed=5)
  add('remat_bfloat16', small | {'remat': True, 'dtype': 'bfloat16', 'fsdp_enabled': True, 'N': 2}, dtype=jnp.bfloat16,
      seed=6, tolerance=(1.6e-2, 2e-2))
  add('kernel_init', small | {'kernel_init': 'normal(0.2)'}, kernel_init=initializers.normal(0.2), seed=7)
  add('embed_init', small | {'embed_init': 'truncated_normal(stddev=0.5)'}, seed=8,
      embed_init=initializers.truncated_normal(stddev=0.5))
  model.group.write()
