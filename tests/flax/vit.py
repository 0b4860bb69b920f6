"""The vision transformer of models/vit.yaml, and its cases."""

import functools
from typing import Callable, Sequence

import flax.linen as nn
import jax.numpy as jnp

from model_cases import SEEDS, Model, floats

xavier_uniform = nn.initializers.xavier_uniform


def sincos_2d(h, w, width, temperature=10_000.0):
  y, x = jnp.mgrid[:h, :w]
  omega = 1.0 / temperature**(jnp.arange(width // 4) / (width // 4 - 1))
  y = jnp.einsum('m,d->md', y.flatten(), omega)
  x = jnp.einsum('m,d->md', x.flatten(), omega)
  return jnp.concatenate([jnp.sin(x), jnp.cos(x), jnp.sin(y), jnp.cos(y)], axis=1)[None]


class MlpBlock(nn.Module):
  mlp_dim: int | None
  dropout: Callable
  use_glu: bool = False

  @nn.compact
  def __call__(self, x):
    dense = functools.partial(nn.Dense, kernel_init=xavier_uniform(), bias_init=nn.initializers.normal(stddev=1e-6))
    width = x.shape[-1]
    hidden = self.mlp_dim or 4 * width
    x = nn.gelu(dense(hidden)(x))
    if self.use_glu:
      x = x * dense(hidden)(x)
    x = self.dropout()(x)
    return dense(width)(x)


class Encoder1DBlock(nn.Module):
  num_heads: int
  mlp: Callable
  dropout: Callable
  use_post_layer_norm: bool

  @nn.compact
  def __call__(self, x):
    before = lambda x, name: x if self.use_post_layer_norm else nn.LayerNorm(name=name)(x)
    after = lambda x, name: nn.LayerNorm(name=name)(x) if self.use_post_layer_norm else x
    y = before(x, 'LayerNorm_0')
    y = nn.MultiHeadDotProductAttention(self.num_heads, kernel_init=xavier_uniform(),
                                        name='MultiHeadDotProductAttention_1')(y)
    x = after(x + self.dropout()(y), 'LayerNorm_0')
    y = before(x, 'LayerNorm_2')
    y = self.mlp(name='MlpBlock_3')(y)
    return after(x + self.dropout()(y), 'LayerNorm_2')


class Encoder(nn.Module):
  depth: int
  block: Callable
  use_post_layer_norm: bool

  @nn.compact
  def __call__(self, x):
    for i in range(self.depth):
      x = self.block(name=f'encoderblock_{i}')(x)
    return x if self.use_post_layer_norm else nn.LayerNorm(name='encoder_layernorm')(x)


class MAPHead(nn.Module):
  num_heads: int
  mlp: Callable

  @nn.compact
  def __call__(self, x):
    b, _, width = x.shape
    probe = self.param('probe', xavier_uniform(), (1, 1, width))
    x = nn.MultiHeadDotProductAttention(self.num_heads, kernel_init=xavier_uniform())(jnp.tile(probe, [b, 1, 1]), x)
    y = nn.LayerNorm()(x)
    return (x + self.mlp()(y))[:, 0]


class ViT(nn.Module):
  num_classes: int = 1000
  patch_size: Sequence[int] = (16, 16)
  width: int = 384
  depth: int = 12
  mlp_dim: int | None = None
  num_heads: int = 6
  rep_size: int | None = None
  dropout_rate: float = 0.0
  head_zeroinit: bool = True
  use_glu: bool = False
  use_post_layer_norm: bool = False
  use_map: bool = False
  train: bool = False

  @nn.compact
  def __call__(self, x):
    dropout = functools.partial(nn.Dropout, self.dropout_rate, deterministic=not self.train)
    mlp = functools.partial(MlpBlock, self.mlp_dim, dropout)
    block = functools.partial(Encoder1DBlock, self.num_heads, functools.partial(mlp, use_glu=self.use_glu), dropout,
                              self.use_post_layer_norm)
    x = nn.Conv(self.width, self.patch_size, strides=self.patch_size, padding='VALID', name='conv_patch_extract')(x)
    b, h, w, width = x.shape
    x = x.reshape(b, h * w, width) + sincos_2d(h, w, width)
    x = dropout()(x)
    x = Encoder(self.depth, block, self.use_post_layer_norm, name='Transformer')(x)
    x = MAPHead(self.num_heads, mlp)(x) if self.use_map else jnp.mean(x, axis=1)
    if self.rep_size != 0:
      x = nn.tanh(nn.Dense(self.rep_size or self.width, name='pre_logits')(x))
    if self.num_classes:
      init = nn.initializers.zeros_init() if self.head_zeroinit else nn.initializers.lecun_normal()
      x = nn.Dense(self.num_classes, kernel_init=init, name='head')(x)
    return x


SMALL = {
    'num_classes': 5, 'patch_size': [56, 32], 'width': 16, 'depth': 1, 'mlp_dim': 12, 'num_heads': 2,
    'head_zeroinit': False}


def goldens():
  model = Model('vit')
  image = {'image': floats('image', 1, 224, 224, 3)}

  def add(case, config=(), **options):
    model.add(case, ViT(**dict(config)), config=dict(config), inputs=image, **options)

  add('full', seed=0, apply=False)
  for seed in SEEDS:
    add(f'seed_{seed}', SMALL, seed=seed)
  add('zero_head', SMALL | {'head_zeroinit': True}, seed=2)
  add('no_head', SMALL | {'num_classes': 0}, seed=2)
  add('representation', SMALL | {'rep_size': 7}, seed=3)
  add('no_representation', SMALL | {'rep_size': 0}, seed=3)
  add('glu', SMALL | {'use_glu': True}, seed=4)
  add('post_layer_norm', SMALL | {'use_post_layer_norm': True, 'depth': 2}, seed=5)
  add('map', SMALL | {'use_map': True}, seed=6)
  add('everything', SMALL | {'use_map': True, 'use_glu': True, 'use_post_layer_norm': True, 'rep_size': 9}, seed=7)
  for dropout in (0, 1):
    add(f'train_dropout_{dropout}', SMALL | {'train': True, 'dropout_rate': 0.3, 'use_map': True}, seed=8,
        rngs={'dropout': 1}, apply_rngs={'dropout': dropout})
  model.group.write()
