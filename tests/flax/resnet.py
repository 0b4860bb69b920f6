"""The residual networks of models/resnet.yaml, and their cases."""

import functools
from typing import Any, Callable, Sequence

import flax.linen as nn
import jax.numpy as jnp

from model_cases import HALVES, SEEDS, Model, floats


class ResNetBlock(nn.Module):
  filters: int
  conv: Any
  norm: Any
  act: Callable
  strides: Sequence[int] = (1, 1)

  @nn.compact
  def __call__(self, x):
    y = self.act(self.norm()(self.conv(self.filters, (3, 3), self.strides)(x)))
    y = self.conv(self.filters, (3, 3))(y)
    y = self.norm(scale_init=nn.initializers.zeros_init())(y)
    return self.act(projected(self, x, y) + y)


class BottleneckResNetBlock(nn.Module):
  filters: int
  conv: Any
  norm: Any
  act: Callable
  strides: Sequence[int] = (1, 1)

  @nn.compact
  def __call__(self, x):
    y = self.conv(self.filters, (1, 1))(x)
    y = self.act(self.norm()(y))
    y = self.conv(self.filters, (3, 3), self.strides)(y)
    y = self.act(self.norm()(y))
    y = self.conv(4 * self.filters, (1, 1))(y)
    y = self.norm(scale_init=nn.initializers.zeros_init())(y)
    return self.act(projected(self, x, y) + y)


def projected(block, x, y):
  """The input of a block, with the shape of what it is added to."""
  if x.shape == y.shape:
    return x
  x = block.conv(y.shape[-1], (1, 1), block.strides, name='conv_proj')(x)
  return block.norm(name='norm_proj')(x)


class ResNet(nn.Module):
  stage_sizes: Sequence[int]
  block_cls: Any
  num_classes: int = 1000
  num_filters: int = 64
  dtype: Any = jnp.float32
  act: Callable = nn.relu
  conv: Any = nn.Conv

  @nn.compact
  def __call__(self, x, train=True):
    conv = functools.partial(self.conv, use_bias=False, dtype=self.dtype)
    norm = functools.partial(
        nn.BatchNorm, use_running_average=not train, momentum=0.9, epsilon=1e-5, dtype=self.dtype)
    x = conv(self.num_filters, (7, 7), (2, 2), padding=[(3, 3), (3, 3)], name='conv_init')(x)
    x = nn.relu(norm(name='bn_init')(x))
    x = nn.max_pool(x, (3, 3), strides=(2, 2), padding='SAME')
    for i, size in enumerate(self.stage_sizes):
      for j in range(size):
        strides = (2, 2) if i > 0 and j == 0 else (1, 1)
        x = self.block_cls(self.num_filters * 2**i, strides=strides, conv=conv, norm=norm, act=self.act)(x)
    x = nn.Dense(self.num_classes, dtype=self.dtype)(jnp.mean(x, axis=(1, 2)))
    return jnp.asarray(x, self.dtype)


VARIANTS = {
    'ResNet1': ([1], ResNetBlock),
    'ResNet18': ([2, 2, 2, 2], ResNetBlock),
    'ResNet34': ([3, 4, 6, 3], ResNetBlock),
    'ResNet50': ([3, 4, 6, 3], BottleneckResNetBlock),
    'ResNet101': ([3, 4, 23, 3], BottleneckResNetBlock),
    'ResNet152': ([3, 8, 36, 3], BottleneckResNetBlock),
    'ResNet200': ([3, 24, 36, 3], BottleneckResNetBlock)}

FUNCTIONS = {'tanh': jnp.tanh, 'gelu': nn.gelu}


def goldens():
  model = Model('resnet')

  def add(case, variant, shape, training=False, **options):
    config = {key: options.pop(key) for key in ('num_classes', 'num_filters', 'dtype', 'act') if key in options}
    values = {key: (HALVES | FUNCTIONS).get(value, value) for key, value in config.items()}
    stage_sizes, block = VARIANTS[variant]
    if training:
      config['training'] = True
      options.setdefault('mutable', ['batch_stats'])
    model.add(case, ResNet(stage_sizes, block, **values), config={'variant': variant} | config,
              inputs={'x': floats(f'resnet {shape}', *shape)}, keywords={'train': training}, **options)

  small = {'num_classes': 10, 'num_filters': 8}
  for seed in SEEDS:
    add(f'resnet1_seed_{seed}', 'ResNet1', (2, 32, 32, 3), seed=seed)
  for shape in ((1, 32, 32, 3), (3, 17, 24, 3)):
    name = '_'.join(map(str, shape[:3]))
    add(f'resnet1_{name}', 'ResNet1', shape, variables='random', **small)
    add(f'resnet1_training_{name}', 'ResNet1', shape, training=True, variables='random', **small)
  add('resnet1_training_initial', 'ResNet1', (2, 32, 32, 3), training=True, **small)
  add('resnet1_training_all_mutable', 'ResNet1', (2, 32, 32, 3), training=True, mutable='all', **small)
  for act in FUNCTIONS:
    add(f'resnet1_{act}', 'ResNet1', (2, 32, 32, 3), act=act, variables='random', **small)
  for dtype in HALVES:
    for training in (False, True):
      add(f'resnet1_{dtype}{"_training" * training}', 'ResNet1', (2, 32, 32, 3), training=training, dtype=dtype,
          variables='random', **small)

  for variant in ('ResNet18', 'ResNet50'):
    name = variant.lower()
    add(f'{name}_seed_0', variant, (2, 64, 64, 3))
    add(f'{name}_seed_42', variant, (1, 70, 50, 3), seed=42)
    add(f'{name}_training', variant, (2, 64, 64, 3), training=True, seed=1)
    add(f'{name}_bfloat16', variant, (1, 64, 64, 3), dtype='bfloat16', seed=2)
  for variant in ('ResNet34', 'ResNet101', 'ResNet152', 'ResNet200'):
    add(variant.lower(), variant, (1, 32, 32, 3), seed=3, **small)
  model.group.write()
