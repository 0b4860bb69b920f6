"""Writes goldens/functions/: what JAX gives for the functions of expressions."""

import flax.linen as nn
import jax.numpy as jnp
import numpy as np

from function_cases import BFLOAT16, CLOSE, EXACT, FLOAT16, FLOATS, Functions, draw, whole
from golden_files import write_index


def special(dtype):
  """The values where elementwise functions have corners, and ordinary ones."""
  values = [
      0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.5, 3.7, -7.25, 1e-3, -1e-2, 20.0, -30.0, 88.0, -90.0, 1000.0, np.inf,
      -np.inf, np.nan]
  return np.array(values, np.float32).astype(dtype)


def positive(dtype):
  return np.array([0.0, 1e-3, 0.1, 0.5, 1.0, 1.5, 2.0, 7.0, 100.0, 60000.0, np.inf, np.nan, -1.0],
                  np.float32).astype(dtype)


def operators():
  group = Functions('operators')
  integers = {'int32': (-9, 10), 'uint8': (0, 256), 'int8': (-128, 128)}
  pairs = {dtype: (draw(3, 4, dtype=dtype), draw(3, 4, dtype=dtype, name='b')) for dtype in FLOATS}
  for dtype, (low, high) in integers.items():
    pairs[dtype] = [whole(3, 4, low=low, high=high, dtype=dtype, name=name) for name in ('', 'b')]
  for x, y in pairs.values():
    for operator in '+ - *'.split():
      group.add(f'x {operator} y', x=x, y=y, tolerance=EXACT)
    whole_numbers = x.dtype.kind in 'iu'
    group.add('x / y', x=x, y=np.where(y == 0, 3, y).astype(y.dtype),
              tolerance=CLOSE['float32'] if whole_numbers else EXACT)
    group.add('x // y', x=x, y=np.where(y == 0, 3, y).astype(y.dtype), tolerance=EXACT)
    group.add('x % y', x=x, y=np.where(y == 0, 3, y).astype(y.dtype), tolerance=EXACT)
    group.add('[-x, x == y, x != y, x < y, x <= y, x > y, x >= y]', x=x, y=y, tolerance=EXACT)
  group.add('x // y', x=np.array([7, -7, 7, -7, 0], np.int32), y=np.array([2, 2, -2, -2, -3], np.int32),
            tolerance=EXACT)
  group.add('x % y', x=np.array([7, -7, 7, -7, 0], np.int32), y=np.array([2, 2, -2, -2, -3], np.int32), tolerance=EXACT)
  group.add('[x // y, x % y]', x=np.array([7.5, -7.5, 7.5, -7.5, 0.0], np.float32),
            y=np.array([2, 2, -2, -2, -3], np.float32), tolerance=EXACT)
  for left, right in ((np.float32, BFLOAT16), (BFLOAT16, FLOAT16), (np.int32, BFLOAT16), (np.int32, FLOAT16),
                      (np.uint8, np.int8), (np.uint32, np.int32), (np.int8, np.int32), (bool, np.int32),
                      (bool, BFLOAT16), (bool, bool), (np.uint8, np.uint32), (np.int16, np.uint16), 
                      (np.uint16, np.float32)):
    x = whole(4, low=0, high=2 if left is bool else 9, dtype=left)
    y = whole(4, low=0, high=2 if right is bool else 9, dtype=right, name='b')
    group.add('x + y', x=x, y=y, tolerance=EXACT)
    group.add('x * y', x=x, y=y, tolerance=EXACT)
  for dtype in (np.float32, BFLOAT16, FLOAT16, np.int32, np.uint8, np.int8, bool):
    x = whole(5, low=0, high=2 if dtype is bool else 9, dtype=dtype)
    for expression in ('x + 1', '2 * x', 'x * 2.5', '1 - x', 'x + true', 'x == 1', '0.5 < x'):
      group.add(expression, x=x, tolerance=EXACT)
    group.add('x / 4', x=x, tolerance=EXACT)
  for dtype in FLOATS:
    x = draw(6, dtype=dtype)
    group.add('x ** 2', x=x, tolerance=EXACT)
    group.add('x ** 3', x=x, tolerance=CLOSE[np.dtype(dtype).name])
    group.add('x ** -1', x=x, tolerance=CLOSE[np.dtype(dtype).name])
    group.add('abs(x) ** 0.5', x=x, tolerance=CLOSE[np.dtype(dtype).name])
    group.add('2.0 ** x', x=x, tolerance=CLOSE[np.dtype(dtype).name])
    group.add('abs(x) ** y', x=x, y=draw(6, dtype=dtype, name='exponent'), tolerance=CLOSE[np.dtype(dtype).name])
    group.add('1 / (1 + x * x)', x=x, tolerance=CLOSE[np.dtype(dtype).name])
  group.add('x ** 3', x=whole(6), tolerance=EXACT)
  group.add('x ** y', x=whole(6), y=whole(6, low=0, high=6, name='b'), tolerance=EXACT)
  group.add('2 ** x', x=whole(6, low=0, high=10), tolerance=EXACT)
  group.add('[x & y, x | y, x ^ y, ~x, x << 3, x >> 2]', x=whole(6, low=-1000, high=1000),
            y=whole(6, low=-1000, high=1000, name='b'), tolerance=EXACT)
  group.add('[x & y, x | y, x ^ y, ~x]', x=np.array([True, True, False, False]), y=np.array([True, False, True, False]),
            tolerance=EXACT)
  group.add('[x & 6, x >> y]', x=whole(6, low=0, high=256, dtype=np.uint8), y=whole(6, low=0, high=8, dtype=np.uint8,
                                                                                    name='b'), tolerance=EXACT)
  for shapes in (((2, 1, 3), (4, 1)), ((3,), ()), ((1,), (2, 3)), ((0, 3), (1, 3)), ((2, 3), (3,))):
    group.add('x + y', x=draw(*shapes[0]), y=draw(*shapes[1], name='b'), tolerance=EXACT)
  group.add('x == x', x=special(np.float32), tolerance=EXACT)
  group.write()


def elementwise():
  group = Functions('elementwise')
  exact = ('sqrt square abs sign floor ceil round negative positive isnan isinf isfinite '
           'relu relu6 hard_tanh trunc').split()
  for name in exact:
    for dtype in FLOATS:
      x = positive(dtype) if name == 'sqrt' else special(dtype)
      if name in ('floor', 'ceil', 'round', 'trunc'):
        x = np.concatenate([x, np.array([1.5, 2.5, -0.5, -1.5, 0.49, 12345.5], np.float32).astype(dtype)])
      group.add(f'{name}(x)', x=x, tolerance=EXACT)
  close = ('exp log log2 log10 log1p expm1 exp2 sin cos tanh sinh cosh arctan arcsinh rsqrt reciprocal cbrt erf sigmoid '
           'gelu silu swish softplus elu selu celu log_sigmoid leaky_relu soft_sign hard_sigmoid hard_silu mish '
           'squareplus').split()
  for name in close:
    for dtype in FLOATS:
      x = positive(dtype) if name in ('log', 'log2', 'log10', 'log1p', 'rsqrt') else special(dtype)
      if name in ('sin', 'cos'):
        x = x[np.abs(x.astype(np.float32)) < 100]
      if name == 'log1p':
        x = np.concatenate([x, np.array([1e-5, -1e-4, -0.5], np.float32).astype(dtype)])
      group.add(f'{name}(x)', x=x, tolerance=CLOSE[np.dtype(dtype).name])
  for name in ('arcsin', 'arccos', 'arctanh', 'erf_inv'):
    group.add(f'{name}(x)', x=np.array([0, 0.1, -0.3, 0.9, -0.999, 1, -1, 1.5, np.nan], np.float32),
              tolerance=(1e-5, 1e-6))
  for name in 'exp sqrt tanh sin gelu sigmoid relu abs square log rsqrt'.split():
    if name not in ('relu', 'rsqrt', 'gelu', 'sigmoid'):
      group.add(f'{name}(x)', x=whole(5, low=1, high=9), tolerance=CLOSE['float32'])
  group.add('relu(x)', x=whole(6), tolerance=EXACT)
  group.add('abs(x)', x=np.array([-128, 127, -1, 0], np.int8), tolerance=EXACT)
  group.add('sqrt(x)', x=np.array([True, False]), tolerance=EXACT)
  for dtype in FLOATS:
    close = CLOSE[np.dtype(dtype).name]
    x, y = special(dtype), np.roll(special(dtype), 3)
    group.add('maximum(x, y)', x=x, y=y, tolerance=EXACT)
    group.add('minimum(x, y)', x=x, y=y, tolerance=EXACT)
    group.add('maximum(x, 0.25)', x=x, tolerance=EXACT)
    group.add('clip(x, -1, 2)', x=x, tolerance=EXACT)
    group.add('where(x > 0, x, 0)', x=x, tolerance=EXACT)
    group.add('gelu(x, approximate=false)', x=x, tolerance=close)
    group.add('leaky_relu(x, 0.2)', x=x, tolerance=close)
    group.add('elu(x, alpha=0.5)', x=x, tolerance=close)
    group.add('nan_to_num(x)', x=x, tolerance=EXACT)
    group.add('[arctan2(x, y), hypot(x, y)]', x=draw(5, dtype=dtype), y=draw(5, dtype=dtype, name='b'), tolerance=close)
    group.add('logaddexp(x, y)', x=draw(5, dtype=dtype), y=draw(5, dtype=dtype, name='b'), tolerance=close)
    group.add('[power(abs(x), 1.5), x.astype(float32)]', x=draw(5, dtype=dtype), tolerance=close)
  x, y = whole(6), whole(6, name='b')
  group.add('[maximum(x, y), minimum(x, 0), clip(x, 0, 5), sign(x), square(x)]', x=x, y=y, tolerance=EXACT)
  group.add('maximum(x, 0.5)', x=x, tolerance=EXACT)
  group.add('clip(x, 0.5, 3)', x=x, tolerance=EXACT)
  group.add('clip(x, min=0)', x=draw(5), tolerance=EXACT)
  group.add('clip(x, none, y)', x=draw(2, 3), y=draw(3, name='b'), tolerance=EXACT)
  group.add('[equal(x, y), not_equal(x, y), less(x, y), less_equal(x, y), greater(x, y), greater_equal(x, y)]', x=x,
            y=y, tolerance=EXACT)
  a, b = np.array([True, True, False, False]), np.array([True, False, True, False])
  group.add('[logical_and(x, y), logical_or(x, y), logical_xor(x, y), logical_not(x)]', x=a, y=b, tolerance=EXACT)
  group.add('logical_and(x, y)', x=np.array([0, 1, 2], np.int32), y=np.array([0.0, -0.5, 0.0], np.float32),
            tolerance=EXACT)
  group.add('where(c, x, y)', c=a.reshape(4, 1), x=draw(3), y=draw(4, 3, name='b'), tolerance=EXACT)
  group.add('where(c, 1, 0)', c=a, tolerance=EXACT)
  group.add('where(c, 1, 0.5)', c=a, tolerance=EXACT)
  group.add('where(c, x, 0.5)', c=a, x=whole(4), tolerance=EXACT)
  group.add('where(c, x, y)', c=a, x=draw(4, dtype=BFLOAT16), y=draw(4, name='b'), tolerance=EXACT)
  group.add('where(c, x, -inf)', c=a, x=draw(4, dtype=FLOAT16), tolerance=EXACT)
  group.add('where(x, x, 7)', x=np.array([0, 3, 0, -1], np.int32), tolerance=EXACT)
  group.add('where(c, x, finfo(x.dtype).min)', c=a, x=draw(4, dtype=BFLOAT16), tolerance=EXACT)
  group.add('lax.select(c, x, y)', c=a, x=draw(4), y=draw(4, name='b'), tolerance=EXACT)
  group.add('[mod(x, 3), remainder(x, -3), fmod(x, 3), floor_divide(x, 3), true_divide(x, 4)]', x=whole(6),
            tolerance=EXACT)
  group.add('lax.stop_gradient(x)', x=draw(3), tolerance=EXACT)
  group.add('stop_gradient(x) + x', x=draw(3), tolerance=EXACT)
  group.add('lax.rsqrt(x)', x=np.array([0.25, 1, 4, 7], np.float32), tolerance=CLOSE['float32'])
  group.add('softmax(x)', x=special(np.float32)[:17], tolerance=CLOSE['float32'])
  group.write()


def casts():
  group = Functions('casts')
  x = np.array([0.5, 1.5, 2.5, -0.5, -1.7, 255.9, 65504, 70000, 3e9, -3e9, 1e-6, 1.00390625, 1.01171875], np.float32)
  for dtype in ('float32', 'bfloat16', 'float16', 'int32', 'bool'):
    group.add(f'x.astype({dtype})', x=x, tolerance=EXACT)
  group.add('x.astype(int8)', x=np.array([0.9, -3.7, 100.2], np.float32), tolerance=EXACT)
  group.add('x.astype(int32)', x=np.array([np.nan, np.inf, -np.inf], np.float32), tolerance=EXACT)
  numbers = np.array([0, 1, -1, 127, 128, 300, -129, 70000, 16777217, -2147483648], np.int32)
  for dtype in ('float32', 'bfloat16', 'float16', 'int8', 'uint8', 'int16', 'uint16', 'uint32', 'bool'):
    group.add(f'x.astype({dtype})', x=numbers, tolerance=EXACT)
  group.add('[float32(x), x.astype(bfloat16), asarray(x, float16), x.astype(int32)]', x=np.array([True, False]),
            tolerance=EXACT)
  group.add('[bfloat16(x), asarray(x, dtype=float32), array(x)]', x=draw(3, dtype=FLOAT16), tolerance=EXACT)
  group.add('lax.convert_element_type(x, bfloat16)', x=draw(3), tolerance=EXACT)
  group.add('x.astype(y.dtype) + y', x=draw(3), y=draw(3, dtype=BFLOAT16, name='b'), tolerance=EXACT)
  group.add('[3, 2.5, true, x.shape[0], len(x), x.ndim]', x=draw(3, 4), tolerance=EXACT)
  group.add('x.shape', x=draw(3, 4), tolerance=EXACT)
  group.statements('nested_result', ['return: {a: x, b: [x + 1, none, {c: 2}]}'],
                   lambda m, x: {'a': x, 'b': [x + 1, None, {'c': 2}]}, x=draw(2), tolerance=EXACT)
  group.add('[float32(3) * x, 3 * x, asarray(3.0) * x]', x=draw(3, dtype=BFLOAT16), tolerance=EXACT)
  group.add('[sqrt(2.0) * x, pi * x, 1 / 3 * x]', python='[2.0 ** 0.5 * x, 3.141592653589793 * x, 1 / 3 * x]',
            x=draw(3), tolerance=EXACT)
  group.add('jnp.sqrt(2.0) * x', x=draw(3, dtype=BFLOAT16), tolerance=EXACT)
  group.write()


def shapes():
  group = Functions('shapes')
  x, v, n = draw(2, 3, 4), draw(4), whole(2, 3)
  exact = {'tolerance': EXACT}
  for expression in (
      'reshape(x, (6, 4))', 'reshape(x, (4, -1))', 'x.reshape(2, -1)', 'x.reshape((-1,))',
      'x.reshape(x.shape[0], -1, 2)', 'reshape(x, -1)', 'x.reshape(2, 3, 2, 2)', 'expand_dims(x, 0)',
      'expand_dims(x, -1)', 'expand_dims(x, (0, 2))', 'x[None]', 'x[..., None]', 'x[:, None, :, None]', 'tile(x, 2)',
      'tile(x, (2, 1, 3))', 'tile(x, (2, 1, 1, 2))', 'transpose(x)', 'transpose(x, (1, 0, 2))', 'x.transpose(2, 0, 1)',
      'x.transpose()', 'x.T', 'transpose(x, (-1, 0, 1))', 'swapaxes(x, 0, 2)', 'x.swapaxes(-1, -2)',
      'moveaxis(x, 0, -1)', 'moveaxis(x, (0, 1), (2, 0))', 'broadcast_to(x, (5, 2, 3, 4))', 'squeeze(x[:1])',
      'squeeze(x[:1, :1])', 'squeeze(x[:1, :1], 0)', 'squeeze(x[:, :1], axis=(1,))', 'pad(x, 1)',
      'pad(x, ((0, 0), (1, 2), (0, 3)))', 'pad(x, ((1, 0), (0, 0), (2, 2)), constant_values=1.5)',
      "pad(x, ((0, 0), (1, 1), (2, 1)), mode='reflect')", "pad(x, ((0, 0), (2, 1), (0, 0)), mode='edge')",
      "pad(x, ((0, 0), (1, 2), (3, 1)), mode='wrap')", "pad(x, ((1, 0), (1, 1), (0, 2)), mode='symmetric')",
      "pad(x, (1, 2), mode='constant')", 'split(x, 2)', 'split(x, 2, axis=-1)', 'split(x, [1], axis=1)',
      'split(x, [1, 3], axis=2)', 'jnp.split(x, (2,), 2)', 'stack([x, x * 2])', 'stack([x, x + 1], axis=-1)',
      'stack((x, x), axis=1)', 'concatenate([x, x], axis=0)', 'concatenate([x, x[:, :1]], axis=1)',
      'concatenate((x, x[..., :2]), -1)', 'concatenate([x, x], axis=none)', 'jnp.repeat(x, 2)',
      'jnp.repeat(x, 3, axis=1)', 'jnp.repeat(x, 2, axis=-1)', 'hstack([x, x])', 'vstack([x, x])', 'flip(x, 1)',
      'flip(x)', 'roll(x, 1, axis=1)', 'roll(x, 5)', 'rot90(x)', 'ravel(x)', 'x.flatten()', 'jnp.squeeze(x[0, :1])',
      'array_split(x, 3, axis=2)', 'atleast_2d(x[0, 0])', 'unstack(x)', 'rollaxis(x, 2)', 'dstack([x, x])'):
    group.add(expression, x=x, **exact)
  group.add('concatenate([x, y], axis=-1)', x=draw(2, 2, dtype=BFLOAT16), y=draw(2, 3, name='b'), **exact)
  group.add('concatenate([x, y])', x=n, y=draw(1, 3), **exact)
  group.add('stack([x, y])', x=whole(3, dtype=np.int8), y=np.array([True, False, True]), **exact)
  group.add('stack([x, 1.0 * x, 2 * x])', x=draw(3, dtype=FLOAT16), **exact)
  group.add('jnp.repeat(x, y, total_repeat_length=6)', x=draw(3), y=np.array([1, 3, 2], np.int32), **exact)
  group.add('[pad(x, 1), tile(x, (2, 2)), jnp.repeat(x, 2, 0), flip(x, 0)]', x=n, **exact)
  group.add('[x.T, reshape(x, 6), concatenate([x, x])]', x=draw(2, 3, dtype=BFLOAT16), **exact)
  group.add('broadcast_to(x, (3, 4))', x=draw(), **exact)
  group.add('[broadcast_to(x, (2, 4)), jnp.broadcast_to(x[:, None], (4, 3))]', x=v, **exact)
  for pattern in ('b h w -> b w h', 'b h w -> b (h w)', 'b h w -> (b h) w', 'b (h two) w -> b h two w',
                  'b h w -> b h w 1', '... w -> w ...', 'b h (p q) -> (b p) h q'):
    sizes = ', two=3' if 'two' in pattern else ', p=2' if 'p q' in pattern else ''
    group.add(f"rearrange(x, '{pattern}'{sizes})", x=x, **exact)
  for lines, function in ((['reshape: [2, 12]'], lambda m, x: x.reshape(2, 12)), (['reshape: [=len(x), -1]'],
                                                                                  lambda m, x: x.reshape(len(x), -1)),
                          (['transpose: [2, 0, 1]'], lambda m, x: x.transpose(2, 0, 1)),
                          (['expand_dims: {axis: 1}'], lambda m, x: jnp.expand_dims(x, 1)),
                          (['split: [2, {axis: -1}]', '  out: [a, b]',
                            'return: a * b'], lambda m, x: jnp.multiply(*jnp.split(x, 2, axis=-1))),
                          (['pad: {pad_width: [[0, 0], [1, 0], [0, 2]]}'],
                           lambda m, x: jnp.pad(x, (
                               (0, 0), (1, 0),
                               (0, 2)))), (['concatenate: {axis: 1}',
                                            '  in: [[x, x]]'], lambda m, x: jnp.concatenate([x, x], axis=1)),
                          (['mean: {axis: [0, 1]}'], lambda m, x: x.mean(axis=(0, 1))),
                          (['softmax'], lambda m, x: nn.softmax(x)), (['squeeze: {axis: 0}',
                                                                       '  in: "x[:1]"'], lambda m, x: x[0])):
    group.statements(f'statement_{lines[0].partition(":")[0]}_{len(group.group.cases)}', lines, function, x=x)
  group.write()


def creation():
  group = Functions('creation')
  exact = {'tolerance': EXACT}
  for expression in ('arange(5)', 'arange(2, 9)', 'arange(2, 9, 3)', 'arange(5, 0, -2)', 'arange(5.0)',
                     'arange(0, 1, 0.25)', 'arange(4, dtype=float32)', 'arange(3, dtype=bfloat16)', 'zeros((2, 3))',
                     'zeros(3)', 'zeros((), int32)', 'zeros((2,), dtype=bool)', 'ones((2, 3), bfloat16)', 'ones(2)',
                     'full((2, 3), 7)', 'full((2,), 1.5)', 'full((2,), 1, float16)', 'full((2, 2), -inf)',
                     'full((3,), true)', 'array([1, 2, 3])', 'array([[1, 2], [3, 4]])', 'array([1, 2.5])',
                     'array([true, false])', 'array([1, 2], dtype=float32)', 'array(3.5)', 'asarray([1, 2], int8)',
                     'asarray(2)', 'linspace(0, 1, 5)', 'linspace(0, 1, 4, endpoint=false)',
                     'linspace(-1, 1, 3, dtype=float16)', 'linspace(0, 10, 6, dtype=int32)', 'linspace(2, 2, 1)',
                     'eye(3)', 'eye(2, 3)', 'eye(3, k=1)', 'eye(2, dtype=bfloat16)', 'jnp.identity(3)', 'tri(3)',
                     'tri(2, 4, 1)', 'meshgrid(arange(2), arange(3))', "meshgrid(arange(2), arange(3), indexing='ij')",
                     'lax.iota(int32, 4)', 'empty((2, 2)) * 0', 'one_hot(arange(4), 4)', 'hanning(4)',
                     'indices((2, 3))', 'lax.broadcasted_iota(int32, (2, 3), 1)', 'float32(1) / 3', 'zeros((0, 3))',
                     'arange(0)'):
    tolerance = CLOSE['float32'] if expression.startswith(('linspace', 'hanning')) else EXACT
    group.add(expression, tolerance=tolerance)
  for expression in ('zeros_like(x)', 'ones_like(x)', 'full_like(x, 3)', 'zeros_like(x, dtype=float32)',
                     'empty_like(x) * 0', 'ones_like(x[0])', 'arange(len(x))', 'zeros(x.shape)',
                     'zeros(x.shape, x.dtype)', 'ones((x.shape[0], 1))', 'array([x[0], x[1]])', 'asarray(x)',
                     'copy(x)'):
    for array in (draw(2, 3, dtype=BFLOAT16), whole(2, 3)):
      group.add(expression, x=array, **exact)
  for expression in ('tril(x)', 'triu(x)', 'tril(x, -1)', 'triu(x, 1)', 'diag(x[0])', 'diag(x)', 'diagonal(x)',
                     'trace(x)'):
    group.add(expression, x=draw(3, 4), **exact)
  group.write()


def reductions():
  group = Functions('reductions')
  x = draw(2, 3, 4)
  for name in ('mean', 'sum', 'max', 'min', 'prod', 'std', 'var'):
    exact = EXACT if name in ('max', 'min') else None
    for arguments in ('', ', axis=1', ', axis=-1', ', axis=(0, 2)', ', axis=(1, 2), keepdims=true', ', keepdims=true',
                      ', axis=0, keepdims=true', ', axis=()'):
      group.add(f'{name}(x{arguments})', x=x, tolerance=exact)
    group.add(f'x.{name}(axis=1)', x=x, tolerance=exact)
    for dtype in (BFLOAT16, FLOAT16):
      group.add(f'{name}(x, axis=-1)', x=draw(3, 33, dtype=dtype), tolerance=exact)
    group.add(f'{name}(x, axis=0)', x=whole(3, 4, low=-4, high=5), tolerance=exact)
    group.add(f'{name}(x)', x=np.array([1.0, np.nan, 3.0], np.float32), tolerance=exact)
    if name != 'std' and name != 'var':
      group.add(f'{name}(x, axis=0)', x=np.array([[True, False], [True, True]]), tolerance=exact)
  for name in ('sum', 'mean', 'prod'):
    group.add(f'{name}(x, dtype=float32)', x=draw(5, dtype=BFLOAT16))
    group.add(f'{name}(x, axis=1)', x=np.zeros((2, 0), np.float32))
    group.add(f'{name}(x, axis=1, where=c)', x=draw(3, 4), c=draw(3, 4, name='c') > 0)
  group.add('[sum(x), sum(x, axis=0), prod(x)]', x=whole(4, low=1, high=9, dtype=np.int8), tolerance=EXACT)
  group.add('[sum(x), max(x), mean(x)]', x=whole(4, low=0, high=250, dtype=np.uint8))
  group.add('max(x, axis=0, initial=0.5)', x=draw(3, 2), tolerance=EXACT)
  group.add('max(x, initial=-inf, where=c)', x=draw(3, 2), c=draw(3, 2, name='c') > 0, tolerance=EXACT)
  group.add('sum(x)', x=draw(1000, name='long'))
  group.add('mean(x, axis=0)', x=draw(700, 2, name='long', dtype=BFLOAT16))
  group.add('[std(x, ddof=1), var(x, axis=1, ddof=1)]', x=draw(3, 4))
  group.add('[max(x), min(x)]', x=np.array([np.inf, -np.inf, 0], np.float32), tolerance=EXACT)
  for name in ('argmax', 'argmin'):
    for arguments in ('', ', axis=1', ', axis=-1', ', axis=0, keepdims=true'):
      group.add(f'{name}(x{arguments})', x=x, tolerance=EXACT)
    group.add(f'{name}(x)', x=np.array([1, 5, 5, 1, 1], np.int32), tolerance=EXACT)
    group.add(f'{name}(x)', x=np.array([1.0, np.nan, 7.0, np.nan], np.float32), tolerance=EXACT)
    group.add(f'{name}(x, -1)', x=np.array([[2, 2, 1], [0, 1, 1]], np.float32).astype(BFLOAT16), tolerance=EXACT)
  for expression in ('any(x > 1)', 'all(x > -9, axis=1)', 'count_nonzero(x > 0)',
                     '[amax(x, 0), amin(x, 0), ptp(x, axis=1)]', '(x > 0).sum()', '(x > 0).any(axis=0)',
                     'argsort(x, axis=-1)', 'sort(x, axis=1)', 'jnp.sort(x, axis=0)'):
    group.add(expression, x=x, tolerance=EXACT)
  for expression in ('cumsum(x, axis=1)', 'cumsum(x)', 'cumprod(x, axis=-1)', 'logsumexp(x)',
                     'logsumexp(x, axis=1, keepdims=true)', 'median(x, axis=-1)', 'average(x, axis=1)', 'nanmean(x)',
                     'quantile(x, 0.3, axis=0)', 'linalg.norm(x, axis=-1)', 'softmax(x)', 'softmax(x, axis=1)',
                     'softmax(x, axis=(1, 2))', 'softmax(x * 100, axis=0)', 'log_softmax(x)', 'log_softmax(x, axis=0)',
                     'standardize(x)', 'standardize(x, axis=1)', 'x.mean((1, 2))', 'x.sum(-1, keepdims=true)',
                     'x.std(0)', 'x.max() - x.min()', 'x / sqrt(sum(x * x, axis=-1, keepdims=true) + 1e-6)'):
    group.add(expression, x=x)
  group.add('cumsum(x, axis=0)', x=whole(3, 4), tolerance=EXACT)
  for dtype in (BFLOAT16, FLOAT16):
    group.add('softmax(x)', x=draw(2, 9, dtype=dtype))
    group.add('log_softmax(x)', x=draw(2, 9, dtype=dtype))
  group.add('softmax(x)', x=np.array([[-np.inf, 0, 1], [-np.inf, -np.inf, 2]], np.float32))
  group.add('softmax(x, where=c)', x=draw(2, 4), c=np.array([[True, False, True, True], [False, True, True, False]]))
  group.add('glu(x)', x=draw(3, 4))
  group.write()


def indexing():
  group = Functions('indexing')
  exact = {'tolerance': EXACT}
  x, ids = draw(4, 5, 3), np.array([[0, 2], [3, -1]], np.int32)
  for expression in ('x[0]', 'x[-1]', 'x[1, 2]', 'x[:, 0]', 'x[..., -1]', 'x[1:]', 'x[:-1]', 'x[1:3, ::2]', 'x[::-1]',
                     'x[:, ::-2]', 'x[3:0:-1, 1]', 'x[:, None, 1:2]', 'x[..., None, 0]', 'x[5:]', 'x[-9:2]',
                     'x[:, 1, ...]', 'x[0, 0, 0]', 'x[:, :, :]', 'x[array([3, 1])]', 'x[:, array([0, 0, 4])]'):
    group.add(expression, x=x, **exact)
  for expression in ('x[i]', 'x[:, i]', 'x[i, :, 0]', 'x[i, i]', 'x[0, i]', 'x[..., i]', 'x[i][..., 0]',
                     'take(x, i, axis=0)', 'take(x, i)', 'take(x, i, axis=-2)', "take(x, i + 3, axis=0)",
                     "take(x, i + 3, axis=0, mode='clip')", "take(x, i - 3, axis=1, mode='wrap')",
                     "take(x, i + 2, axis=0, mode='fill', fill_value=7)", 'x[i + 9]', 'x[i - 9]'):
    group.add(expression, x=x, i=ids, **exact)
  group.add('x[i, j]', x=x, i=np.array([0, 1, 3], np.int32), j=np.array([4, -1, 2], np.int32), **exact)
  group.add('x[i, :, j]', x=x, i=np.array([0, 1], np.int32), j=np.array([2, 0], np.int32), **exact)
  group.add('x[i[:, None], j]', x=x, i=np.array([0, 1], np.int32), j=np.array([4, 3, 2], np.int32), **exact)
  group.add('x[i]', x=x, i=np.int32(2), **exact)
  group.add('x[:, i]', x=x, i=np.int32(-2), **exact)
  group.add('take(x, i, axis=0)', x=whole(4, 2), i=np.array([1, 5, -1], np.int32), **exact)
  group.add('x[i]', x=draw(5, dtype=BFLOAT16), i=np.array([3, 0], np.uint8), **exact)
  for axis in (0, 1, -1):
    rows = {0: (2, 3), 1: (3, 2), -1: (3, 2)}[axis]
    group.add(f'take_along_axis(x, i, axis={axis})', x=draw(3, 3), i=whole(*rows, low=0, high=3), **exact)
  group.add('take_along_axis(x, i[..., None], axis=-1).squeeze(-1)', x=draw(2, 3, 4), i=whole(2, 3, low=-4, high=4),
            **exact)
  group.add('take_along_axis(x, argsort(x, axis=1), axis=1)', x=draw(3, 4), **exact)
  for expression in ('x.at[0].set(9.0)', 'x.at[-1].add(1)', 'x.at[1:3].mul(2)', 'x.at[:, 0].set(y)',
                     'x.at[..., -1].min(0)', 'x.at[::2].max(0.5)', 'x.at[0, 1].set(3)', 'x.at[2].set(y[:3])',
                     'x.at[1].get()', 'x.at[:, 1:].set(y[:, None])', 'x.at[0].divide(2)', 'x.at[1].power(2)',
                     'x.at[9].set(1.0)'):
    group.add(expression, x=draw(4, 3), y=draw(4, name='y'),
              tolerance=EXACT if 'power' not in expression else CLOSE['float32'])
  for operation in ('set', 'add', 'mul', 'min', 'max'):
    group.add(f'x.at[i].{operation}(y)', x=draw(4, 3), i=np.array([2, 0, 3], np.int32), y=draw(3, 3, name='y'), **exact)
    group.add(f'x.at[i].{operation}(y)', x=whole(4), i=np.array([0, -1], np.int32), y=whole(2, name='y'), **exact)
  group.add('x.at[i].add(y)', x=whole(4), i=np.array([1, 1, 2, 1], np.int32), y=whole(4, name='y'), **exact)
  group.add('x.at[i].max(y)', x=draw(4), i=np.array([1, 1, 2, 1], np.int32), y=draw(4, name='y'), **exact)
  group.add('x.at[i].add(1.0)', x=draw(4), i=np.array([1, 9, -9], np.int32), **exact)
  group.add('x.at[i, j].set(y)', x=draw(4, 3), i=np.array([0, 3], np.int32), j=np.array([2, 1], np.int32),
            y=draw(2, name='y'), **exact)
  group.add('x.at[i].set(y)', x=draw(4, dtype=BFLOAT16), i=np.array([0, 3], np.int32),
            y=draw(2, name='y', dtype=BFLOAT16), **exact)
  group.add("x.at[i].get(mode='fill', fill_value=-1)", x=draw(4), i=np.array([0, 4, -1, -5], np.int32), **exact)
  group.add("x.at[i].get(mode='clip')", x=draw(4), i=np.array([0, 4, -1, -5], np.int32), **exact)
  group.add("x.at[i].set(0, mode='drop')", x=draw(4), i=np.array([0, 4], np.int32), **exact)
  group.add("x.at[i].get(mode='promise_in_bounds')", x=draw(4), i=np.array([0, 3], np.int32), **exact)
  for start in ((0, 1), (2, 3), (9, -1)):
    group.add('dynamic_slice(x, (i, j), (2, 2))', x=draw(4, 5), i=np.int32(start[0]), j=np.int32(start[1]), **exact)
    group.add('lax.dynamic_slice_in_dim(x, i, 2, axis=1)', x=draw(3, 5), i=np.int32(start[1]), **exact)
    group.add('lax.dynamic_update_slice(x, y, (i, 0))', x=draw(4, 3), y=draw(2, 3, name='y'), i=np.int32(start[0]),
              **exact)
  group.add('dynamic_slice_in_dim(x, i, 1)', x=draw(3, 2), i=np.int32(2), **exact)
  group.add('[lax.slice(x, (0, 1), (2, 4)), lax.slice(x, (0, 0), (3, 5), (2, 2)), lax.slice_in_dim(x, 1, 3)]',
            x=draw(3, 5), **exact)
  group.add('lax.dynamic_index_in_dim(x, i, 0, keepdims=false)', x=draw(3, 5), i=np.int32(1), **exact)
  group.add('lax.dynamic_update_slice_in_dim(x, y, i, axis=0)', x=draw(4, 3), y=draw(1, 3, name='y'), i=np.int32(3),
            **exact)
  group.add('top_k(x, 2)', x=draw(3, 6), **exact)
  group.add('lax.top_k(x, 3)', x=np.array([2, 5, 5, 1, 5], np.int32), **exact)
  group.add('top_k(x, 2)', x=draw(2, 5, dtype=BFLOAT16), **exact)
  group.add('one_hot(i, 4)', i=ids, **exact)
  group.add('one_hot(i, 5, dtype=bfloat16)', i=np.array([0, 4, 5, -1], np.int32), **exact)
  group.add('jax.nn.one_hot(i, 3, axis=0)', i=np.array([0, 2], np.int32), **exact)
  group.add('jax.nn.one_hot(i, 3, dtype=int32)', i=np.array([[0], [2]], np.uint8), **exact)
  group.write()


def products():
  group = Functions('products')
  for left, right in (((2, 3), (3, 4)), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((5, 2, 3), (3, 4)),
                      ((5, 2, 3), (5, 3, 4)), ((5, 1, 2, 3),
                                               (4, 3, 2)), ((3,), (5, 3, 2)), ((2, 0), (0, 3)), ((33, 70), (70, 17))):
    group.add('x @ y', x=draw(*left), y=draw(*right, name='b'))
  for dtype in (BFLOAT16, FLOAT16):
    group.add('x @ y', x=draw(3, 40, dtype=dtype), y=draw(40, 2, dtype=dtype, name='b'))
    group.add('x @ y', x=draw(3, 4, dtype=dtype), y=draw(4, 2, name='b'))
    group.add('dot(x, y)', x=draw(5, dtype=dtype), y=draw(5, dtype=dtype, name='b'))
    group.add("einsum('bqd,bkd->bqk', x, y)", x=draw(2, 3, 8, dtype=dtype), y=draw(2, 4, 8, dtype=dtype, name='b'))
    group.add('matmul(x, y, preferred_element_type=float32)', x=draw(3, 8, dtype=dtype),
              y=draw(8, 2, dtype=dtype, name='b'))
  group.add('x @ y', x=whole(3, 4), y=whole(4, 2, name='b'), tolerance=EXACT)
  group.add('x @ y', x=whole(3, 4), y=draw(4, 2, name='b'))
  group.add('x @ y', x=whole(3, 4, dtype=np.int8), y=whole(4, 2, dtype=np.int8, name='b'), tolerance=EXACT)
  group.add('dot(x, y)', x=draw(2, 3, 4), y=draw(5, 4, 2, name='b'))
  group.add('dot(x, 2)', x=draw(3), tolerance=EXACT)
  group.add('matmul(x, x.T)', x=draw(2, 5))
  for equation, shapes in (('ij,jk->ik', ((2, 3), (3, 4))), ('ij,jk', ((2, 3), (3, 4))), ('bqhd,bkhd->bhqk',
                                                                                          ((2, 3, 2, 4), (2, 5, 2, 4))),
                           ('bhqk,bkhd->bqhd', ((2, 2, 3, 5), (2, 5, 2, 4))), ('ii->i', ((3, 3),)), ('ii', ((3, 3),)),
                           ('ij->ji', ((2, 3),)), ('ij->j', ((2, 3),)), ('i,j->ij', ((2,), (3,))),
                           ('ij,ij->ij', ((2, 3), (2, 3))), ('ij,ij->', ((2, 3), (2, 3))), ('...ij,...jk->...ik',
                                                                                            ((2, 5, 3, 4), (5, 4, 2))),
                           ('ab,bc,cd->ad', ((2, 3), (3, 4), (4, 2))), ('bij,bjk->bik', ((3, 2, 4), (3, 4, 2))),
                           ('ijk,k->ij', ((2, 3, 4), (4,))), ('i,ij,j->', ((2,), (2, 3), (3,))),
                           ('ijk->', ((2, 3, 4),)), ('ijk->kij', ((2, 3, 4),)), ('ab,cd->abcd', ((2, 3), (1, 2))),
                           ('bnd,hdk->bhnk', ((2, 3, 4), (2, 4, 5))), ('...d,d->...', ((2, 3, 4), (4,))),
                           ('ij,kj->ik', ((2, 3), (4, 3))), ('ji,jk->ki', ((3, 2), (3, 4))), ('iij->ij', ((2, 2, 3),)),
                           ('b...d,bd->b...', ((2, 3, 5, 4), (2, 4)))):
    operands = dict(zip('xyz', (draw(*shape, name=letter) for shape, letter in zip(shapes, 'xyz'))))
    group.add(f"einsum('{equation}', {', '.join(operands)})", **operands)
  group.add("einsum('ij,jk->ik', x, y)", x=whole(2, 3), y=whole(3, 2, name='b'), tolerance=EXACT)
  group.add("einsum('ij,jk->ik', x, y)", x=draw(2, 3, dtype=BFLOAT16), y=draw(3, 2, name='b'))
  for numbers, left, right in (('(((1,), (0,)), ((), ()))', (2, 3),
                                (3, 4)), ('(((2,), (1,)), ((0,), (0,)))', (2, 3, 4),
                                          (2, 4, 5)), ('(((1, 2), (0, 1)), ((), ()))', (2, 3, 4), (3, 4, 5)),
                               ('(((), ()), ((), ()))', (2,), (3,)), ('(((1,), (1,)), ((0, 2), (2, 0)))', (2, 3, 4),
                                                                      (4, 3, 2))):
    group.add(f'lax.dot_general(x, y, {numbers})', x=draw(*left), y=draw(*right, name='b'))
  group.add('lax.dot_general(x, y, (((1,), (0,)), ((), ())), preferred_element_type=float32)',
            x=draw(2, 8, dtype=BFLOAT16), y=draw(8, 3, dtype=BFLOAT16, name='b'))
  group.add('[inner(x, y), outer(x, y), vdot(x, y), tensordot(x, y, 1)]', x=draw(4), y=draw(4, name='b'))
  group.add('tensordot(x, y, axes=((1, 2), (0, 1)))', x=draw(2, 3, 4), y=draw(3, 4, 5, name='b'))
  group.add('kron(x, y)', x=draw(2, 2), y=draw(1, 3, name='b'))
  group.add("lax.conv_general_dilated(x, y, (1, 2), 'SAME', dimension_numbers=('NHWC', 'HWIO', 'NHWC'))",
            x=draw(1, 4, 5, 2), y=draw(3, 2, 2, 3, name='b'))
  group.add("lax.conv_general_dilated(x, y, (1,), [(1, 0)])", x=draw(2, 3, 6), y=draw(4, 3, 2, name='b'))
  group.add('nn.dot_product_attention(q, k, v)', q=draw(2, 3, 2, 4), k=draw(2, 5, 2, 4, name='k'),
            v=draw(2, 5, 2, 3, name='v'))
  group.add('nn.dot_product_attention(q, k, v, mask=m, bias=b)', q=draw(1, 3, 2, 4), k=draw(1, 3, 2, 4, name='k'),
            v=draw(1, 3, 2, 3, name='v'), m=np.tril(np.ones((1, 1, 3, 3), bool)), b=draw(1, 2, 3, 3, name='bias'))
  group.add('make_causal_mask(x)', x=whole(2, 4), tolerance=EXACT)
  group.add('make_causal_mask(x, extra_batch_dims=1, dtype=bool)', x=whole(2, 4), tolerance=EXACT)
  group.add('make_attention_mask(x > 0, y > 0)', x=whole(2, 3), y=whole(2, 4), tolerance=EXACT)
  group.add('make_attention_mask(x, y, pairwise_fn=greater_equal, dtype=bool)', x=whole(2, 3), y=whole(2, 4),
            tolerance=EXACT)
  group.add('combine_masks(make_causal_mask(x), none, make_attention_mask(x > 0, x > 0))', x=whole(2, 4),
            tolerance=EXACT)
  group.write()


def images():
  group = Functions('images')
  for method in ('nearest', 'linear', 'bilinear', 'cubic', 'lanczos3', 'lanczos5'):
    group.add(f"image.resize(x, (1, 8, 5, 2), '{method}')", x=draw(1, 4, 5, 2))
    group.add(f"image.resize(x, (1, 3, 7, 2), method='{method}')", x=draw(1, 6, 5, 2))
    group.add(f"image.resize(x, (1, 3, 4, 1), '{method}', antialias=false)", x=draw(1, 7, 8, 1))
  group.add("image.resize(x, (x.shape[0], 2 * x.shape[1], 2 * x.shape[2], x.shape[3]), 'nearest')", x=draw(2, 2, 3, 2),
            tolerance=EXACT)
  group.add("image.resize(x, (1, 6, 6, 1), 'bilinear')", x=draw(1, 3, 3, 1, dtype=BFLOAT16))
  group.write()


def main():
  for write in (operators, elementwise, casts, shapes, creation, reductions, indexing, products, images):
    write()
  write_index()


if __name__ == '__main__':
  main()
