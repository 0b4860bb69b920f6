"""Writes goldens/layers/: what Linen's layers give, over their fields, ranks and dtypes."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np

from golden_files import Group, generator, write_index
from yaml_text import Body, Text, body_file, fields_text, layer_file, of_flax

HALVES = {'bfloat16': jnp.bfloat16, 'float16': jnp.float16}
BFLOAT16, FLOAT16 = ml_dtypes.bfloat16, np.float16


def draw(shape, dtype=np.float32, name=''):
  return generator(f'{shape} {name}').standard_normal(shape).astype(dtype)


class Layer:
  """The cases of one layer. Each has the layer as the root module, with random variables."""
  def __init__(self, cls, name=None):
    self.cls = cls
    self.group = Group(f'layers/{name or snake_case(cls.__name__)}')

  def add(self, name, fields, *inputs, names=('x', 'y', 'z'), **options):
    given = dict(zip(names, inputs))
    self.group.add(name, self.cls(**of_flax(fields)), yaml=layer_file(self.cls.__name__, fields, given), inputs=given,
                   **({'variables': 'random'} | options))

  def body(self, name, statements, function, inputs, **options):
    """A compact body in place of the layer: its lines, and the same in Python."""
    self.group.add(name, Body(function), yaml=body_file(statements, inputs), inputs=inputs,
                   **({'variables': 'random'} | options))

  def half_precision(self, fields, shape, prefix=''):
    """Half inputs, half arithmetic, half parameters, and mixtures."""
    for half in (BFLOAT16, FLOAT16):
      name = f'{prefix}{np.dtype(half).name}'
      self.add(f'{name}_input', fields, draw(shape, half))
      self.add(f'{name}_dtype', fields | {'dtype': half}, draw(shape))
      self.add(f'{name}_params', fields | {'param_dtype': half}, draw(shape, half), seed=3)
    self.add(f'{prefix}float32_dtype', fields | {'dtype': np.float32, 'param_dtype': BFLOAT16}, draw(shape, BFLOAT16))


def snake_case(name):
  return ''.join(
      '_' + c.lower() if c.isupper() and i and not name[i - 1].isupper() else c.lower() for i, c in enumerate(name))


INITIALIZERS = {
    'kernel_init': Text(nn.initializers.he_uniform(), 'he_uniform()'),
    'bias_init': Text(nn.initializers.normal(stddev=0.5), 'normal(stddev=0.5)')}


def dense():
  layer = Layer(nn.Dense)
  for shape in ((4,), (2, 4), (2, 3, 4), (1, 1, 5, 3)):
    layer.add(f'rank_{len(shape)}', {'features': 3}, draw(shape))
  layer.add('no_bias', {'features': 5, 'use_bias': False}, draw((3, 2)))
  layer.add('one_feature', {'features': 1}, draw((3, 7)))
  layer.add('no_rows', {'features': 2}, draw((0, 4)))
  layer.add('initializers', {'features': 3} | INITIALIZERS, draw((2, 4)), variables=None, seed=11)
  layer.add('integers', {'features': 3}, np.arange(8, dtype=np.int32).reshape(2, 4))
  layer.half_precision({'features': 3}, (2, 4))
  layer.group.write()


def dense_general():
  layer = Layer(nn.DenseGeneral)
  layer.add('features', {'features': 4}, draw((2, 3)))
  layer.add('two_features', {'features': [4, 5]}, draw((2, 3)))
  layer.add('two_axes', {'features': 4, 'axis': [-2, -1]}, draw((2, 3, 5)))
  layer.add('first_axis', {'features': 4, 'axis': 0}, draw((2, 3, 5)))
  layer.add('axes_out_of_order', {'features': [2, 3], 'axis': [2, 1]}, draw((2, 3, 5)), variables=None)
  layer.add('all_axes', {'features': [2], 'axis': [0, 1]}, draw((3, 5)))
  layer.add('batch_dim', {'features': 4, 'batch_dims': [0]}, draw((2, 3, 5)))
  layer.add('batch_dim_two_features', {'features': [4, 3], 'axis': [-1], 'batch_dims': [0]}, draw((2, 3, 5)),
            variables=None)
  layer.add('two_batch_dims', {'features': [2], 'axis': [-1], 'batch_dims': [0, 1]}, draw((2, 3, 4, 5)))
  layer.add('no_bias', {'features': [3, 2], 'use_bias': False}, draw((2, 3)))
  layer.add('initializers', {'features': [3, 2]} | INITIALIZERS, draw((2, 4)), variables=None, seed=2)
  layer.half_precision({'features': [3, 2], 'axis': [-2, -1]}, (2, 3, 4))
  layer.group.write()


def conv():
  layer = Layer(nn.Conv)
  square = {'features': 3, 'kernel_size': [3, 3]}
  for padding in ('SAME', 'VALID', 'SAME_LOWER', 'CIRCULAR', 'REFLECT'):
    name = padding.lower()
    layer.add(name, square | {'padding': padding}, draw((2, 5, 6, 2)))
    layer.add(f'{name}_strides', square | {'padding': padding, 'strides': [2, 3]}, draw((2, 7, 8, 2)))
    layer.add(f'{name}_even_kernel', {'features': 2, 'kernel_size': [2, 4], 'padding': padding}, draw((1, 6, 7, 2)))
    layer.add(f'{name}_dilated', square | {'padding': padding, 'kernel_dilation': 2}, draw((1, 8, 9, 2)))
  for name, padding in (('int', 1), ('ints', [2, 0]), ('pairs', [[0, 1], [2, 3]]), ('pairs_and_int', [[0, 2], 1]),
                        ('negative', [[-1, 0], [1, -2]])):
    layer.add(f'padding_{name}', square | {'padding': padding, 'strides': 2}, draw((2, 7, 8, 2)))
  layer.add('causal', {'features': 4, 'kernel_size': [3], 'padding': 'CAUSAL'}, draw((2, 6, 3)))
  layer.add('causal_dilated', {'features': 4, 'kernel_size': [2], 'padding': 'CAUSAL', 'kernel_dilation': 3},
            draw((2, 8, 3)))
  layer.add('causal_strides', {'features': 4, 'kernel_size': [4], 'padding': 'CAUSAL', 'strides': 2}, draw((1, 7, 2)))
  layer.add('int_kernel_size', {'features': 4, 'kernel_size': 3}, draw((2, 6, 3)))
  layer.add('one_dimension', {'features': 4, 'kernel_size': [5], 'strides': [2]}, draw((2, 9, 3)))
  layer.add('three_dimensions', {'features': 2, 'kernel_size': [2, 3, 2], 'strides': [1, 2, 1]}, draw((2, 4, 5, 3, 2)))
  layer.add('three_dimensions_valid', {'features': 2, 'kernel_size': [2, 1, 3], 'padding': 'VALID'},
            draw((1, 3, 4, 4, 2)))
  layer.add('no_batch_dim', square, draw((5, 6, 2)))
  layer.add('two_batch_dims', square | {'strides': 2}, draw((2, 3, 5, 4, 2)))
  layer.add('no_bias', square | {'use_bias': False}, draw((1, 4, 4, 2)))
  layer.add('groups', square | {'features': 6, 'feature_group_count': 2}, draw((2, 4, 5, 4)))
  layer.add('depthwise', square | {'features': 8, 'feature_group_count': 4}, draw((1, 5, 5, 4)))
  layer.add('groups_strides_dilation',
            square | {'features': 4, 'feature_group_count': 2, 'strides': 2, 'kernel_dilation': [1, 2]},
            draw((1, 7, 8, 4)))
  layer.add('kernel_dilation', square | {'kernel_dilation': [2, 3], 'padding': 'VALID'}, draw((1, 7, 9, 2)))
  layer.add('input_dilation', square | {'input_dilation': [2, 1], 'padding': [[1, 1], [1, 1]]}, draw((1, 4, 5, 2)))
  layer.add('input_dilation_strides',
            square | {'input_dilation': [2, 3], 'strides': [1, 2], 'padding': [[0, 2], [1, 1]]}, draw((2, 3, 4, 2)))
  layer.add('one_by_one', {'features': 5, 'kernel_size': [1, 1]}, draw((2, 3, 4, 2)))
  layer.add('kernel_as_large_as_input', {'features': 2, 'kernel_size': [4, 5], 'padding': 'VALID'}, draw((2, 4, 5, 3)))
  layer.add('many_channels', {'features': 32, 'kernel_size': [3, 3]}, draw((1, 9, 9, 17)))
  layer.add('initializers', square | INITIALIZERS, draw((1, 4, 4, 2)), variables=None, seed=3)
  mask = (draw((3, 3, 2, 3), name='mask') > 0).astype(np.float32)
  layer.body('mask', ['Conv: {features: 3, kernel_size: [3, 3], mask: =m}'],
             lambda self, x, m: nn.Conv(3, (3, 3), mask=m)(x), {'x': draw((2, 4, 5, 2)), 'm': mask})
  layer.half_precision(square, (1, 4, 5, 2))
  layer.half_precision(square | {'features': 4, 'feature_group_count': 2, 'strides': 2}, (1, 5, 5, 4), 'groups_')
  layer.group.write()


def conv_transpose():
  layer = Layer(nn.ConvTranspose)
  square = {'features': 3, 'kernel_size': [3, 3]}
  for padding in ('SAME', 'VALID', 'CIRCULAR'):
    name = padding.lower()
    layer.add(name, square | {'padding': padding}, draw((2, 4, 5, 2)))
    layer.add(f'{name}_strides', square | {'padding': padding, 'strides': [2, 3]}, draw((2, 4, 3, 2)))
    layer.add(f'{name}_transpose_kernel', square | {'padding': padding, 'strides': [2, 2], 'transpose_kernel': True},
              draw((1, 4, 3, 2)))
    layer.add(f'{name}_even_kernel', {'features': 2, 'kernel_size': [2, 4], 'padding': padding, 'strides': [2, 1]},
              draw((1, 3, 4, 2)))
  layer.add('padding_pairs', square | {'padding': [[1, 2], [0, 1]], 'strides': [2, 2]}, draw((1, 4, 3, 2)))
  layer.add('padding_int', square | {'padding': 2}, draw((1, 4, 3, 2)))
  layer.add('dilated', square | {'kernel_dilation': [2, 1], 'strides': [1, 2]}, draw((1, 4, 3, 2)))
  layer.add('one_dimension', {'features': 4, 'kernel_size': [4], 'strides': [3]}, draw((2, 5, 3)))
  layer.add('no_batch_dim', square | {'strides': [2, 2], 'use_bias': False}, draw((4, 3, 2)))
  layer.add('two_batch_dims', square, draw((2, 2, 3, 4, 2)))
  layer.add('initial_values', square | {'transpose_kernel': True}, draw((1, 4, 3, 2)), variables=None, seed=6)
  for half in (BFLOAT16, FLOAT16):
    layer.add(f'{np.dtype(half).name}_dtype', square | {'dtype': half, 'strides': [2, 2]}, draw((1, 4, 3, 2)))
  layer.group.write()


def batch_norm():
  layer = Layer(nn.BatchNorm)
  training, evaluation = {'use_running_average': False}, {'use_running_average': True}
  stats = {'mutable': ['batch_stats']}
  for shape in ((6, 3), (4, 5, 3), (2, 3, 4, 5)):
    layer.add(f'evaluation_rank_{len(shape)}', evaluation, draw(shape))
    layer.add(f'training_rank_{len(shape)}', training, draw(shape), **stats)
  layer.add('momentum', training | {'momentum': 0.5}, draw((6, 3)), **stats)
  layer.add('epsilon', training | {'epsilon': 0.1}, draw((6, 3)), **stats)
  layer.add('slow_variance', training | {'use_fast_variance': False}, draw((6, 3)), **stats)
  layer.add('first_axis', training | {'axis': 0}, draw((3, 6)), **stats)
  layer.add('two_axes', training | {'axis': [1, -1]}, draw((4, 3, 5)), **stats)
  layer.add('two_axes_evaluation', evaluation | {'axis': [1, 2]}, draw((4, 3, 5)))
  layer.add('no_scale', training | {'use_scale': False}, draw((6, 3)), **stats)
  layer.add('no_bias', training | {'use_bias': False}, draw((6, 3)), **stats)
  layer.add('no_parameters', evaluation | {'use_bias': False, 'use_scale': False}, draw((6, 3)))
  layer.add('evaluation_mutable', evaluation, draw((6, 3)), **stats)
  layer.add('initial_values', training, draw((6, 3)), variables=None, **stats)
  layer.add('one_row', training, draw((1, 3)), **stats)
  layer.add('large_mean', training, draw((6, 3)) + np.float32(100), tolerance=(1e-3, 1e-2), **stats)
  layer.add(
      'initializers', evaluation | {
          'scale_init': Text(nn.initializers.uniform(2.0), 'uniform(2.0)'), 'bias_init': Text(
              nn.initializers.normal(), 'normal()')}, draw((6, 3)), variables=None, seed=4)
  for half in (BFLOAT16, FLOAT16):
    name = np.dtype(half).name
    layer.add(f'{name}_training', training | {'dtype': half}, draw((6, 3)), **stats)
    layer.add(f'{name}_input', training, draw((6, 3), half), **stats)
    layer.add(f'{name}_params', training | {'param_dtype': half}, draw((6, 3), half), **stats)
    layer.add(f'{name}_stats', training | {'param_dtype': half, 'force_float32_reductions': False}, draw((6, 3), half),
              **stats)
    layer.add(f'{name}_evaluation', evaluation | {'dtype': half}, draw((6, 3), half))
  mask = draw((6, 1), name='bn mask') > -0.5
  layer.body('mask', ['BatchNorm: {use_running_average: false}', '  in: [x, {mask: m}]'],
             lambda self, x, m: nn.BatchNorm(use_running_average=False)(x, mask=m), {'x': draw(
                 (6, 3)), 'm': mask}, **stats)
  layer.body('argument', ['BatchNorm:', '  in: {x: x, use_running_average: false}'], lambda self, x: nn.BatchNorm()
             (x, use_running_average=False), {'x': draw((6, 3))}, **stats)

  def two(self, x):
    x = nn.BatchNorm(use_running_average=True)(x)
    x = nn.relu(x)
    return nn.BatchNorm(use_running_average=True)(x)

  statement = 'BatchNorm: {use_running_average: true}'
  layer.body('two_layers', [statement, 'relu', statement], two, {'x': draw((6, 3))})
  layer.group.write()


def normalization():
  layer = Layer(nn.LayerNorm)
  for shape in ((5,), (2, 5), (2, 3, 5)):
    layer.add(f'rank_{len(shape)}', {}, draw(shape))
  layer.add('epsilon', {'epsilon': 0.5}, draw((2, 5)))
  layer.add('no_bias', {'use_bias': False}, draw((2, 5)))
  layer.add('no_scale', {'use_scale': False}, draw((2, 5)))
  layer.add('no_parameters', {'use_bias': False, 'use_scale': False}, draw((2, 5)))
  layer.add('two_axes', {'reduction_axes': [-2, -1], 'feature_axes': [-2, -1]}, draw((2, 3, 5)))
  layer.add('other_feature_axis', {'reduction_axes': [1, 2], 'feature_axes': -1}, draw((2, 3, 5)))
  layer.add('first_axis', {'reduction_axes': 0, 'feature_axes': 0}, draw((4, 3)))
  layer.add('slow_variance', {'use_fast_variance': False}, draw((2, 5)))
  layer.add('constant_rows', {}, np.full((2, 5), 3, np.float32))
  layer.add('one_feature', {}, draw((2, 1)))
  layer.add('integers', {}, np.arange(10, dtype=np.int32).reshape(2, 5))
  layer.add('initial_values', {'scale_init': Text(nn.initializers.normal(1.0), 'normal(1.0)')}, draw((2, 5)),
            variables=None, seed=8)
  layer.half_precision({}, (3, 8))
  layer.add('bfloat16_reductions', {'force_float32_reductions': False}, draw((3, 8), BFLOAT16), tolerance=(0.05, 0.05))
  layer.body('mask', ['LayerNorm:', '  in: [x, {mask: m}]'], lambda self, x, m: nn.LayerNorm()(x, mask=m),
             {'x': draw((3, 6)), 'm': np.arange(18).reshape(3, 6) % 5 > 1})
  layer.group.write()

  layer = Layer(nn.RMSNorm, 'rms_norm')
  layer.add('rank_2', {}, draw((2, 5)))
  layer.add('two_axes', {'reduction_axes': [-2, -1], 'feature_axes': [-1]}, draw((2, 3, 5)))
  layer.add('no_scale', {'use_scale': False, 'epsilon': 0.1}, draw((2, 5)))
  layer.add('bfloat16_dtype', {'dtype': BFLOAT16}, draw((2, 5)))
  layer.group.write()

  layer = Layer(nn.GroupNorm)
  layer.add('num_groups', {'num_groups': 2}, draw((2, 3, 4)))
  layer.add('images', {'num_groups': 3}, draw((2, 3, 4, 6)))
  layer.add('group_size', {'num_groups': None, 'group_size': 2}, draw((2, 3, 6)))
  layer.add('one_group', {'num_groups': 1, 'use_bias': False}, draw((2, 3, 4)))
  layer.add('as_many_groups_as_channels', {'num_groups': 4, 'use_scale': False}, draw((2, 5, 4)))
  layer.add('reduction_axes', {'num_groups': 2, 'reduction_axes': [-2, -1]}, draw((2, 3, 5, 4)))
  layer.add('epsilon_slow', {'num_groups': 2, 'epsilon': 0.2, 'use_fast_variance': False}, draw((2, 3, 4)))
  layer.add('default_groups', {}, draw((2, 2, 64)))
  for half in (BFLOAT16, FLOAT16):
    layer.add(f'{np.dtype(half).name}_dtype', {'num_groups': 2, 'dtype': half}, draw((2, 3, 4), half))
  layer.group.write()

  layer = Layer(nn.InstanceNorm)
  layer.add('images', {}, draw((2, 3, 4, 5)))
  layer.add('feature_axes', {'feature_axes': [1, -1]}, draw((2, 3, 4, 5)))
  layer.add('no_bias', {'use_bias': False, 'epsilon': 0.1}, draw((2, 6, 3)))
  layer.group.write()


def dropout():
  layer = Layer(nn.Dropout)
  options = {'variables': None}
  for rate in (0.1, 0.5, 0.9):
    layer.add(f'rate_{rate}', {'rate': rate, 'deterministic': False}, draw((4, 6)), apply_rngs={'dropout': 1},
              **options)
  for seed in (0, 42, -1):
    layer.add(f'stream_{seed}', {'rate': 0.5, 'deterministic': False}, draw((3, 5)), apply_rngs={'dropout': seed},
              **options)
  layer.add('params_stream', {'rate': 0.5, 'deterministic': False}, draw((3, 5)), apply_rngs={'params': 3}, **options)
  layer.add('other_stream', {'rate': 0.5, 'deterministic': False, 'rng_collection': 'noise'}, draw((3, 5)),
            apply_rngs={'noise': 3, 'dropout': 9}, **options)
  layer.add('rate_0', {'rate': 0.0, 'deterministic': False}, draw((3, 5)), **options)
  layer.add('rate_1', {'rate': 1.0, 'deterministic': False}, draw((3, 5)), **options)
  layer.add('deterministic', {'rate': 0.5, 'deterministic': True}, draw((3, 5)), **options)
  layer.add('broadcast_dims', {'rate': 0.5, 'deterministic': False, 'broadcast_dims': [0]}, draw((4, 6)),
            apply_rngs={'dropout': 5}, **options)
  layer.add('two_broadcast_dims', {'rate': 0.5, 'deterministic': False, 'broadcast_dims': [1, -1]}, draw((4, 3, 2)),
            apply_rngs={'dropout': 5}, **options)
  layer.add('scalar', {'rate': 0.5, 'deterministic': False}, draw(()), apply_rngs={'dropout': 4}, **options)
  for half in (BFLOAT16, FLOAT16):
    layer.add(
        np.dtype(half).name, {'rate': 0.3, 'deterministic': False}, draw((3, 5), half), apply_rngs={'dropout': 2},
        **options)

  def two(self, x):
    x = nn.Dropout(0.5, deterministic=False)(x)
    x = nn.Dense(4)(x)
    return nn.Dropout(0.25, deterministic=False)(x)

  layer.body('two_layers', [
      'Dropout: {rate: 0.5, deterministic: false}', 'Dense: {features: 4}',
      'Dropout: {rate: 0.25, deterministic: false}'], two, {'x': draw((3, 5))}, rngs={'dropout': 1},
             apply_rngs={'dropout': 7})

  def twice(self, x):
    drop = nn.Dropout(0.5, deterministic=False)
    return drop(x), drop(x)

  layer.body('same_layer_twice', [
      'instance: {drop: {Dropout: {rate: 0.5, deterministic: false}}}', 'drop:', '  out: a', 'drop:', '  out: b',
      'return: [a, b]'], twice, {'x': draw((3, 5))}, apply_rngs={'dropout': 7}, **options)
  layer.body('argument', ['Dropout: {rate: 0.5}', '  in: [x, {deterministic: false}]'], lambda self, x: nn.Dropout(0.5)
             (x, deterministic=False), {'x': draw((3, 5))}, apply_rngs={'dropout': 7}, **options)
  layer.body('given_key', ['Dropout: {rate: 0.5, deterministic: false}', '  in: [x, {rng: key}]'],
             lambda self, x, key: nn.Dropout(0.5, deterministic=False)(x, rng=key),
             {'x': draw((3, 5)), 'key': 'key:12'}, **options)
  layer.group.write()


def embed():
  layer = Layer(nn.Embed)
  ids = np.array([[0, 3, 6], [1, -1, -7]], np.int32)
  table = {'num_embeddings': 7, 'features': 4}
  layer.add('ids', table, ids)
  layer.add('initial_values', table, ids, variables=None, seed=5)
  layer.add('out_of_range', table, np.array([7, -8, 100, 2], np.int32))
  layer.add('one_id', table, np.int32(3))
  layer.add('one_embedding', {'num_embeddings': 1, 'features': 4}, np.array([[0, 5], [-3, 0]], np.int32))
  for dtype in (np.uint8, np.int8, np.uint32):
    layer.add(np.dtype(dtype).name, table, np.array([0, 6, 3], dtype))
  layer.add('initializer', table | {'embedding_init': Text(nn.initializers.normal(0.02), 'normal(stddev=0.02)')}, ids,
            variables=None)
  for half in (BFLOAT16, FLOAT16):
    name = np.dtype(half).name
    layer.add(f'{name}_dtype', table | {'dtype': half}, ids)
    layer.add(f'{name}_params', table | {'param_dtype': half}, ids, variables=None)
  layer.group.add('attend_method', nn.Embed(7, 4), yaml=layer_file('Embed', table, {'x': draw((2, 3, 4))}),
                  inputs={'x': draw((2, 3, 4))}, method='attend', variables='random')
  layer.group.add('attend_bfloat16', nn.Embed(7, 4, dtype=jnp.bfloat16), method='attend', variables='random',
                  yaml=layer_file('Embed', table | {'dtype': jnp.bfloat16}, {'x': draw(
                      (2, 4))}), inputs={'x': draw((2, 4))})

  def tied(self, ids):
    table = nn.Embed(7, 4)
    return table.attend(nn.relu(table(ids)))

  layer.body('tied', [
      'instance: {table: {Embed: {num_embeddings: 7, features: 4}}}', 'table:', '  in: ids', 'relu', 'call: table',
      '  method: attend'], tied, {'ids': ids})
  layer.group.write()


def attention():
  layer = Layer(nn.MultiHeadDotProductAttention, 'attention')
  heads = {'num_heads': 2}
  x, y = draw((2, 5, 8)), draw((2, 7, 6), name='kv')
  layer.add('self', heads, x)
  layer.add('initial_values', heads, x, variables=None, seed=9)
  layer.add('one_head', {'num_heads': 1}, x)
  layer.add('key_and_value', heads, x, y)
  layer.add('different_value', heads, x, y, draw((2, 7, 3), name='v'))
  layer.add('features', heads | {'qkv_features': 12, 'out_features': 5}, x)
  layer.add('no_bias', heads | {'use_bias': False}, x)
  layer.add('normalize_qk', heads | {'normalize_qk': True}, x)
  layer.add('no_batch', heads, draw((5, 8)))
  layer.add('two_batch_dims', heads, draw((2, 3, 4, 8)))
  layer.add('one_token', heads, draw((3, 1, 8)))
  layer.add(
      'initializers', heads | INITIALIZERS | {
          'out_kernel_init': Text(nn.initializers.normal(0.1), 'normal(0.1)'), 'out_bias_init': Text(
              nn.initializers.ones_init(), 'ones_init()')}, x, variables=None)
  noisy = heads | {'dropout_rate': 0.4, 'deterministic': False}
  streams = {'rngs': {'dropout': 1}, 'apply_rngs': {'dropout': 6}}
  layer.add('dropout', noisy, x, **streams)
  layer.add('dropout_not_broadcast', noisy | {'broadcast_dropout': False}, x, **streams)
  layer.add('dropout_deterministic', heads | {'dropout_rate': 0.4, 'deterministic': True}, x)
  for half in (BFLOAT16, FLOAT16):
    name = np.dtype(half).name
    layer.add(f'{name}_dtype', heads | {'dtype': half}, x)
    layer.add(f'{name}_params', heads | {'param_dtype': half}, x.astype(half))
    layer.add(f'{name}_softmax', heads | {'dtype': half, 'force_fp32_for_softmax': True}, x)

  mask = np.tril(np.ones((5, 5), bool))[None, None]
  attend = nn.MultiHeadDotProductAttention
  statement = 'MultiHeadDotProductAttention: {num_heads: 2}'
  layer.body('mask', [statement, '  in: {inputs_q: x, mask: m}'], lambda self, x, m: attend(2)(x, mask=m),
             {'x': x, 'm': mask})
  layer.body('float_mask', [statement, '  in: [x, {mask: m}]'], lambda self, x, m: attend(2)(x, mask=m),
             {'x': x, 'm': np.broadcast_to(mask, (2, 2, 5, 5)).astype(np.float32)})
  layer.body('fully_masked_row', [statement, '  in: [x, {mask: m}]'], lambda self, x, m: attend(2)(x, mask=m),
             {'x': x, 'm': np.tril(np.ones((5, 5), bool), -1)[None, None]})
  layer.body('causal_mask', ['let: {mask: "make_causal_mask(x[..., 0])"}', statement, '  in: [x, {mask: mask}]'],
             lambda self, x: attend(2)(x, mask=nn.make_causal_mask(x[..., 0])), {'x': x})
  tokens = np.array([[1, 4, 2, 0, 0], [3, 1, 1, 5, 0]], np.int32)

  def padded(self, x, ids):
    mask = nn.combine_masks(nn.make_causal_mask(ids), nn.make_attention_mask(ids > 0, ids > 0))
    return attend(2)(x, mask=mask)

  layer.body('combined_masks', [
      'let: {mask: "combine_masks(make_causal_mask(ids), make_attention_mask(ids > 0, ids > 0))"}', statement,
      '  in: [x, {mask: mask}]'], padded, {'x': x, 'ids': tokens})
  layer.body('sow_weights', [statement, '  in: [x, {sow_weights: true}]'], lambda self, x: attend(2)
             (x, sow_weights=True), {'x': x}, mutable=['intermediates'])
  layer.body('deterministic_argument',
             ['MultiHeadDotProductAttention: {num_heads: 2, dropout_rate: 0.5}', '  in: [x, {deterministic: false}]'],
             lambda self, x: attend(2, dropout_rate=0.5)(x, deterministic=False), {'x': x}, **streams)
  cache = attend(2, decode=True).init(jax.random.key(1), jnp.zeros((2, 4, 8)))
  layer.add('decode_full', heads | {'decode': True}, draw((2, 4, 8)), variables=None, mutable=['cache'], apply=False)
  cache['cache']['cache_index'] = jnp.asarray(2, jnp.int32)
  cache['cache']['cached_key'] = jnp.asarray(draw((2, 4, 2, 4), name='cached key'))
  layer.add('decode_step', heads | {'decode': True}, draw((2, 1, 8), name='step'), init=False, variables=cache,
            mutable=['cache'])
  layer.group.write()

  layer = Layer(nn.SelfAttention)
  layer.add('self', heads, x)
  layer.body('mask', ['SelfAttention: {num_heads: 2}', '  in: [x, m]'], lambda self, x, m: nn.SelfAttention(2)(x, m),
             {'x': x, 'm': mask})
  layer.group.write()


def pooling():
  group = Group('layers/pooling')

  def add(name, function, options, shape, dtype=np.float32):
    statement = f'{function.__name__}: {fields_text(options)}'
    tuples = lambda v: tuple(map(tuples, v)) if isinstance(v, list) else v
    given = {key: tuples(value) for key, value in options.items()}
    array = draw(shape, np.float32, name)
    if np.issubdtype(dtype, np.integer):
      array = array * 50
    inputs = {'x': array.astype(dtype)}
    group.add(f'{function.__name__}_{name}', Body(lambda self, x: function(x, **given)), yaml=body_file([statement],
                                                                                                        inputs),
              inputs=inputs, tolerance=(0, 0) if function is not nn.avg_pool else None)

  for function in (nn.max_pool, nn.avg_pool):
    add('default_strides', function, {'window_shape': [2, 2]}, (2, 5, 6, 3))
    add('strides', function, {'window_shape': [2, 2], 'strides': [2, 2]}, (2, 5, 6, 3))
    add('overlapping', function, {'window_shape': [3, 2], 'strides': [2, 1]}, (2, 7, 6, 3))
    add('same', function, {'window_shape': [3, 3], 'strides': [2, 2], 'padding': 'SAME'}, (1, 6, 7, 2))
    add('same_even', function, {'window_shape': [2, 4], 'padding': 'SAME'}, (1, 5, 6, 2))
    add('pairs', function, {'window_shape': [3, 3], 'strides': [2, 2], 'padding': [[1, 0], [0, 2]]}, (2, 6, 5, 2))
    add('gaps', function, {'window_shape': [1, 2], 'strides': [3, 3]}, (1, 7, 8, 2))
    add('one_dimension', function, {'window_shape': [3], 'strides': [2]}, (2, 9, 3))
    add('three_dimensions', function, {'window_shape': [2, 1, 2], 'strides': [2, 2, 1]}, (1, 4, 3, 4, 2))
    add('no_batch_dim', function, {'window_shape': [2, 2]}, (4, 5, 3))
    add('two_batch_dims', function, {'window_shape': [2, 2], 'strides': [2, 2]}, (2, 3, 4, 5, 2))
    add('bfloat16', function, {'window_shape': [2, 2], 'strides': [2, 2], 'padding': 'SAME'}, (1, 5, 5, 2), BFLOAT16)
    add('float16', function, {'window_shape': [3, 3], 'strides': [1, 1]}, (1, 5, 5, 2), FLOAT16)
  add('excluding_padding', nn.avg_pool,
      {'window_shape': [3, 3], 'strides': [2, 2], 'padding': 'SAME', 'count_include_pad': False}, (1, 6, 7, 2))
  add('excluding_pairs', nn.avg_pool, {'window_shape': [3, 2], 'padding': [[2, 1], [0, 1]], 'count_include_pad': False},
      (2, 4, 5, 2))
  add('strides_same', nn.pooling.min_pool, {'window_shape': [2, 2], 'strides': [2, 2], 'padding': 'SAME'}, (1, 5, 5, 2))
  group.write()


def main():
  for write in (dense, dense_general, conv, conv_transpose, batch_norm, normalization, dropout, embed, attention,
                pooling):
    write()
  write_index()


if __name__ == '__main__':
  main()
