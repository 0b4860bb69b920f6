"""The U-Net of models/unet.yaml, and its cases."""

import functools
from typing import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from model_cases import SEEDS, Model, floats


def instance_norm(x, epsilon=1e-5):
  mean = jnp.mean(x, (1, 2), keepdims=True)
  mean2 = jnp.mean(jnp.square(x), (1, 2), keepdims=True)
  var = jnp.maximum(0.0, mean2 - jnp.square(mean))
  return (x - mean) / jnp.sqrt(var + epsilon)


class ConvBlock(nn.Module):
  out_channels: int
  act: Callable
  use_layer_norm: bool
  dropout_rate: float
  train: bool

  @nn.compact
  def __call__(self, x):
    for _ in range(2):
      x = nn.Conv(self.out_channels, (3, 3), use_bias=False)(x)
      x = nn.LayerNorm(reduction_axes=(1, 2, 3))(x) if self.use_layer_norm else instance_norm(x)
      x = self.act(x)
      x = nn.Dropout(self.dropout_rate, broadcast_dims=(1, 2), deterministic=not self.train)(x)
    return x


class TransposeConvBlock(nn.Module):
  out_channels: int
  act: Callable

  @nn.compact
  def __call__(self, x):
    x = nn.ConvTranspose(self.out_channels, (2, 2), strides=(2, 2), use_bias=False)(x)
    return self.act(instance_norm(x))


class UNet(nn.Module):
  num_channels: int = 32
  num_pool_layers: int = 4
  dropout_rate: float = 0.0
  use_tanh: bool = False
  use_layer_norm: bool = False
  train: bool = False

  @nn.compact
  def __call__(self, x):
    act = nn.tanh if self.use_tanh else functools.partial(nn.leaky_relu, negative_slope=0.2)
    conv = functools.partial(ConvBlock, act=act, use_layer_norm=self.use_layer_norm, dropout_rate=self.dropout_rate,
                             train=self.train)
    widths = [self.num_channels * 2**i for i in range(self.num_pool_layers)]
    down = [conv(width) for width in widths]
    bottom = conv(2 * widths[-1])
    up = [(TransposeConvBlock(width, act), conv(width)) for width in reversed(widths)]

    stack = []
    x = x[..., None]
    for block in down:
      x = block(x)
      stack.append(x)
      x = nn.avg_pool(x, (2, 2), strides=(2, 2))
    x = bottom(x)
    for widen, block in up:
      x = widen(x)
      skip = stack.pop()
      missing = [skip.shape[i] - x.shape[i] for i in (1, 2)]
      if missing != [0, 0]:
        x = jnp.pad(x, ((0, 0), (0, missing[0]), (0, missing[1]), (0, 0)), mode='reflect')
      x = block(jnp.concatenate((x, skip), axis=-1))
    return nn.Conv(1, (1, 1))(x).squeeze(-1)


def own_error(module, x, seed):
  """(rtol, atol): twice as far as Flax's output is from that in double precision.

  instance_norm takes the variance as a difference of near numbers: what is left of rounding grows with the depth.
  """
  variables = module.init(jax.random.key(seed), x)
  single = module.apply(variables, x)
  with jax.enable_x64(True):
    double = module.apply(jax.tree.map(lambda leaf: np.asarray(leaf, np.float64), variables), np.asarray(x, np.float64))
    return 1e-5, float(f'{2 * np.abs(np.asarray(double) - np.asarray(single)).max():.1e}')


def goldens():
  model = Model('unet')

  def add(case, height, width, batch=2, **options):
    config = {key: options.pop(key) for key in UNet.__dataclass_fields__ if key in options}
    x = floats(case, batch, height, width)
    if options.pop('deep', False):
      options['tolerance'] = own_error(UNet(**config), x, options['seed'])
    model.add(case, UNet(**config), config={'height': height, 'width': width} | config, inputs={'x': x}, **options)

  # Small images leave so few pixels at the bottom that instance_norm divides by next to nothing.
  for seed in SEEDS:
    add(f'full_seed_{seed}', 32, 32, batch=1, seed=seed, apply=False)
  add('full', 64, 80, batch=1, seed=2, deep=True)
  add('full_odd', 67, 77, batch=1, seed=1, deep=True)
  add('full_size', 320, 320, batch=1, apply=False)

  small = {'num_channels': 3, 'num_pool_layers': 2}
  add('small', 16, 12, variables='random', **small)
  for height, width in ((17, 12), (16, 13), (17, 15), (19, 19), (6, 5)):
    add(f'small_{height}_{width}', height, width, variables='random', **small)
  add('one_level', 9, 8, num_channels=4, num_pool_layers=1, seed=2)
  add('five_levels', 192, 224, batch=1, num_channels=2, num_pool_layers=5, seed=3, deep=True)
  for flags in ({'use_tanh': True}, {'use_layer_norm': True}, {'use_tanh': True, 'use_layer_norm': True}):
    add('_'.join(flags), 15, 16, variables='random', **small, **flags)
  for dropout in (0, 1):
    add(f'train_dropout_{dropout}', 16, 15, train=True, dropout_rate=0.3, rngs={'dropout': 4},
        apply_rngs={'dropout': dropout}, variables='random', **small)
  add('train_layer_norm', 13, 16, train=True, dropout_rate=0.5, use_tanh=True, use_layer_norm=True, seed=6,
      rngs={'dropout': 4}, apply_rngs={'dropout': 2}, **small)
  add('train_without_dropout', 16, 16, train=True, **small)
  model.group.write()
