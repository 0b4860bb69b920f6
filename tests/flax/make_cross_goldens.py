"""Writes goldens/functions/cross_*: whole families of functions over every argument set, shape and dtype.

Nothing is picked: a case is one function (or one pair of dtypes), its output a list with one entry for each combination
that JAX accepts. What JAX refuses is left out. float32 (pairs of one dtype) meets every shape and argument set, every other
dtype (pair) meets one set of shapes.
"""

import itertools

import jax
import jax.numpy as jnp
import numpy as np

import function_cases
from function_cases import BFLOAT16, CLOSE, EXACT, FLOAT16, PYTHON, Functions, draw, whole
from golden_files import write_index

function_cases.PYTHON.update(jax=jax)

DTYPES = ('float32', 'bfloat16', 'float16', 'int32', 'int8', 'uint8', 'uint32', 'bool')
NAMED = {'bfloat16': BFLOAT16, 'float16': FLOAT16}
SHAPES = {'s': (), 'v': (5,), 'm': (2, 3), 't': (2, 1, 4), 'e': (0, 3)}


def values(shape, dtype, name='', positive=False):
  """Numbers that a dtype can hold; small ones, so that half precision does not overflow."""
  dtype = NAMED.get(dtype, dtype)
  kind = np.dtype(dtype).kind
  if kind == 'b':
    return whole(*shape, low=0, high=2, name=name).astype(bool)
  if kind in 'iu':
    return whole(*shape, low=1 if positive else -9 if kind == 'i' else 0, high=10, name=name).astype(dtype)
  drawn = np.asarray(draw(*shape, name=name))
  return (np.abs(drawn) + np.float32(0.1) if positive else drawn).astype(dtype)


def accepted(expressions, inputs):
  """The expressions that JAX evaluates on these inputs."""
  names = PYTHON | {name: jnp.asarray(array) for name, array in inputs.items()}
  kept = []
  for expression in expressions:
    try:
      eval(expression, names)
      kept.append(expression)
    except (TypeError, ValueError, NotImplementedError, ZeroDivisionError, AttributeError, IndexError):
      pass
  return kept


def add(group, name, expressions, inputs, tolerance=None):
  kept = accepted(expressions, inputs)
  if kept:
    used = {key: array for key, array in inputs.items() if any(f'{key}' in words(e) for e in kept)}
    group.add('[' + ', '.join(kept) + ']', name=name, tolerance=tolerance, **used)


def words(expression):
  return ''.join(c if c.isalnum() or c == '_' else ' ' for c in expression).split()


EXACT_UNARY = ('abs absolute sign floor ceil round rint trunc negative positive square isnan isinf isfinite relu relu6 '
               'hard_tanh logical_not bool_ real conj').split()
CLOSE_UNARY = ('exp expm1 exp2 sin cos tan tanh sinh cosh arctan arcsinh sigmoid gelu silu swish softplus elu selu celu '
               'log_sigmoid leaky_relu soft_sign hard_sigmoid hard_silu hard_swish mish squareplus erf erfc sinc deg2rad '
               'rad2deg cbrt').split()
POSITIVE_UNARY = 'sqrt rsqrt log log2 log10 log1p reciprocal'.split()


def unary():
  group = Functions('cross_unary')
  for dtype in DTYPES:
    # Of several steps in half precision: XLA rounds between them or not, as it fuses them. Where lgamma and digamma have
    # their roots, XLA's sums are off by 1e-6.
    tolerance = None if dtype in NAMED else CLOSE['float32']
    for names, positive, tolerance in ((EXACT_UNARY, False, EXACT), (CLOSE_UNARY, False, tolerance),
                                       (POSITIVE_UNARY, True, tolerance), (('lgamma', 'digamma'), True, tolerance and (1e-5, 2e-6))):
      inputs = {key: values(shape, dtype, positive=positive) for key, shape in SHAPES.items()}
      for name in names:
        add(group, f'{name}_{dtype}', [f'{name}({key})' for key in SHAPES], inputs, tolerance)
  group.write()


EXACT_BINARY = ('x + y', 'x - y', 'x * y', 'x == y', 'x != y', 'x < y', 'x <= y', 'x > y', 'x >= y', 'maximum(x, y)',
                'minimum(x, y)', 'where(x > y, x, y)', 'logical_and(x, y)', 'logical_or(x, y)', 'logical_xor(x, y)',
                'x & y', 'x | y', 'x ^ y', 'x // q', 'x % q', 'floor_divide(x, q)', 'remainder(x, q)', 'fmod(x, q)',
                'clip(x, -2, y)', 'copysign(x, y)')
CLOSE_BINARY = ('x / q', 'true_divide(x, q)', 'arctan2(x, y)', 'logaddexp(x, y)', 'hypot(x, y)', 'power(p, y)',
                'p ** y', 'q ** 2', 'heaviside(x, y)')
BINARY_SHAPES = (((), ()), ((3,), ()), ((2, 3), (3,)), ((2, 1), (1, 3)), ((0, 3), (1, 3)))


def binary():
  group = Functions('cross_binary')
  for left, right in itertools.product(DTYPES, DTYPES):
    tolerance = None if left in NAMED or right in NAMED else CLOSE['float32']
    for number, (a, b) in enumerate(BINARY_SHAPES if left == right else BINARY_SHAPES[3:4]):
      inputs = {
          'x': values(a, left), 'y': values(b, right, 'b'), 'p': values(a, left, positive=True),
          'q': values(b, right, 'b', positive=True)}
      add(group, f'{left}_{right}_{number}', EXACT_BINARY, inputs, EXACT)
      add(group, f'{left}_{right}_{number}_close', CLOSE_BINARY, inputs, tolerance)
  group.write()


SCALARS = ('x + 1', '1 + x', 'x - 1', '2 - x', 'x * 3', 'x * 2.5', '0.5 * x', 'x + true', 'x < 2', 'x == 1', '1.5 > x',
           'maximum(x, 1)', 'minimum(0.5, x)', 'where(x > 1, x, 0)', 'where(x > 1, 0.5, x)', 'x // 2', 'x % 3', 'x & 3',
           'x | 1', 'x << 1', 'x >> 1', 'clip(x, 0, 2)', 'x + float32(1)', 'x * bfloat16(2)', 'int32(3) - x',
           'x + asarray(2.0)', 'x + asarray(2)')


def scalars():
  """Python's numbers are weakly typed, arrays without axes are not."""
  group = Functions('cross_scalars')
  for dtype in DTYPES:
    for key, shape in SHAPES.items() if dtype == 'float32' else [('v', SHAPES['v'])]:
      add(group, f'{dtype}_{key}', SCALARS, {'x': values(shape, dtype)}, EXACT)
      add(group, f'{dtype}_{key}_close', ('x / 2', '1 / x', 'x ** 2', 'x ** 0.5', '2 ** x', '2.0 ** x', 'x / 0.5'),
          {'x': values(shape, dtype, positive=True)}, None if dtype in NAMED else CLOSE['float32'])
  group.write()


AXES = ('', ', axis=0', ', axis=-1', ', axis=1', ', axis=(0, 1)', ', axis=(-1, 0)', ', axis=()')
REDUCED_SHAPES = {'v': (5,), 'm': (3, 4), 't': (2, 3, 4), 'o': (1, 3), 'e': (2, 0)}


def reductions():
  group = Functions('cross_reductions')
  arguments = [axis + keep for axis in AXES for keep in ('', ', keepdims=true')]
  for dtype in DTYPES:
    inputs = {key: values(shape, dtype, 'reduced') for key, shape in REDUCED_SHAPES.items()}
    for name in ('sum', 'mean', 'prod', 'max', 'min', 'amax', 'amin', 'any', 'all', 'std', 'var', 'ptp', 'argmax',
                 'argmin', 'count_nonzero', 'logsumexp', 'nansum', 'nanmax', 'nanmean'):
      exact = np.dtype(NAMED.get(dtype, dtype)).kind in 'iub' and name not in ('mean', 'std', 'var', 'logsumexp',
                                                                               'nanmean')
      exact = exact or name in ('max', 'min', 'amax', 'amin', 'any', 'all', 'ptp', 'argmax', 'argmin', 'count_nonzero',
                                'nanmax')
      for key in REDUCED_SHAPES if dtype == 'float32' else 'me':
        chosen = arguments if dtype == 'float32' else ('', ', axis=0', ', axis=-1, keepdims=true')
        add(group, f'{name}_{dtype}_{key}', [f'{name}({key}{a})' for a in chosen], inputs, EXACT if exact else None)
  group.write()


def along_axes():
  """Functions that keep the shape, over every axis."""
  group = Functions('cross_along_axes')
  for dtype in DTYPES:
    inputs = {key: values(shape, dtype, 'along') for key, shape in REDUCED_SHAPES.items()}
    for name in ('cumsum', 'cumprod', 'sort', 'argsort', 'flip', 'softmax', 'log_softmax', 'standardize', 'diff',
                 'cummax', 'unstack', 'squeeze', 'expand_dims'):
      if 'softmax' in name and dtype.startswith('uint'):
        continue  # JAX starts its maximum at -inf, which these dtypes do not have
      exact = name in ('sort', 'argsort', 'flip', 'cummax', 'unstack', 'squeeze', 'expand_dims', 'diff')
      for key in REDUCED_SHAPES if dtype == 'float32' else 'm':
        expressions = [f'{name}({key}{a})' for a in ('', ', axis=0', ', axis=1', ', axis=-1', ', axis=-2', ', axis=(0, 1)')]
        add(group, f'{name}_{dtype}_{key}', expressions, inputs, EXACT if exact else None)
  group.write()


MOVES = ('reshape(a, -1)', 'reshape(a, (1, -1))', 'reshape(a, (-1, 1))', 'ravel(a)', 'transpose(a)', 'a.T',
         'swapaxes(a, 0, -1)', 'moveaxis(a, 0, -1)', 'expand_dims(a, 0)', 'expand_dims(a, -1)', 'a[None]', 'a[..., None]',
         'tile(a, 2)', 'tile(a, (2, 1))', 'jnp.repeat(a, 2)', 'jnp.repeat(a, 2, axis=0)', 'jnp.repeat(a, 3, axis=-1)',
         'flip(a)', 'roll(a, 1)', 'roll(a, -1, axis=0)', 'roll(a, 2, axis=-1)', 'concatenate([a, a])',
         'concatenate([a, a], axis=-1)', 'stack([a, a])', 'stack([a, a], axis=-1)', 'split(a, 1)', 'split(a, 2, axis=-1)',
         'array_split(a, 3)', 'array_split(a, 2, axis=-1)', 'pad(a, 1)', 'pad(a, (1, 2))', "pad(a, 1, mode='edge')",
         "pad(a, 1, mode='reflect')", "pad(a, 1, mode='symmetric')", "pad(a, 2, mode='wrap')",
         'pad(a, 1, constant_values=1)', 'broadcast_to(a, (2,) + a.shape)', 'atleast_1d(a)', 'atleast_2d(a)',
         'atleast_3d(a)', 'hstack([a, a])', 'vstack([a, a])', 'dstack([a, a])', 'a[0]', 'a[-1]', 'a[1:]', 'a[::-1]',
         'a[..., 0]', 'a[..., :-1]', 'a[..., ::2]', 'a[None, ..., None]', 'a[array([0, 0])]', 'a[..., array([0, -1])]',
         'take(a, array([0, 1, -1]))', 'take(a, array([0, -1]), axis=-1)', 'a.at[0].set(1)', 'a.at[..., -1].add(1)',
         'a.at[::2].mul(2)', 'a.at[-1:].max(1)', 'tril(a)', 'triu(a, 1)', 'zeros_like(a)', 'ones_like(a)',
         'full_like(a, 2)', 'diag(a)', 'diagonal(a)', 'a.astype(float32)', 'a.astype(int32)', 'a.astype(bool)',
         'a.astype(bfloat16)', 'rot90(a)', 'a.flatten()', 'squeeze(a)', 'one_hot(a, 4)', 'nan_to_num(a)')


def moves():
  group = Functions('cross_moves')
  for dtype in DTYPES:
    shapes = REDUCED_SHAPES | {'s': (), 'f': (2, 1, 3, 2)}
    for key, shape in shapes.items() if dtype == 'float32' else [('m', shapes['m'])]:
      add(group, f'{dtype}_{key}', MOVES, {'a': values(shape, dtype, 'moved')}, EXACT)
  group.write()


PRODUCT_SHAPES = (((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 2)), ((2, 3), (3, 4)), ((2, 2, 3), (3, 4)),
                  ((2, 2, 3), (2, 3, 4)), ((1, 2, 3), (2, 3, 1)), ((2, 0), (0, 3)))
PRODUCTS = ('x @ y', 'matmul(x, y)', 'dot(x, y)', 'jnp.inner(x, y.T)', 'jnp.outer(x, y)', 'tensordot(x, y, 1)',
            'matmul(x, y, preferred_element_type=float32)', 'vdot(x, x)', "einsum('...i,i...->...', x, y)",
            "einsum('i...,j...->ij...', x, x)", 'jnp.kron(x, y)')


def products():
  group = Functions('cross_products')
  for left, right in itertools.product(('float32', 'bfloat16', 'float16', 'int32', 'int8', 'bool'), repeat=2):
    for number, (a, b) in enumerate(PRODUCT_SHAPES if left == right == 'float32' else PRODUCT_SHAPES[3:6:2]):
      add(group, f'{left}_{right}_{number}', PRODUCTS, {'x': values(a, left), 'y': values(b, right, 'b')})
  group.write()


CREATED = ('zeros((2, 3), {d})', 'ones((2,), {d})', 'full((2, 2), 3, {d})', 'full((2,), 1.5, {d})', 'arange(4, dtype={d})',
           'arange(1, 7, 2, {d})', 'eye(3, dtype={d})', 'eye(2, 3, k=1, dtype={d})', 'tri(3, dtype={d})',
           'array([1, 0, 3], dtype={d})', 'array([0.5, 2.0], {d})', 'asarray(2.7, dtype={d})', 'linspace(0, 4, 5, dtype={d})',
           'zeros((), {d})', 'ones((0, 2), {d})', 'one_hot(array([0, 2]), 3, dtype={d})', 'lax.iota({d}, 4)')


def creation():
  group = Functions('cross_creation')
  for dtype in DTYPES:
    add(group, dtype, [text.format(d=dtype) for text in CREATED], {}, EXACT)
  group.write()


PADDED = [f'pad(a, {w}, mode="{mode}"{more})' for w in ('1', '(2, 0)', '(0, 3)', 'W') for mode, mores in {
    'mean': ('', ', stat_length=1', ', stat_length=(2, 3)'), 'median': ('', ', stat_length=2'), 'maximum': ('', ', stat_length=(1, 2)'),
    'minimum': ('', ', stat_length=9'), 'linear_ramp': ('', ', end_values=4', ', end_values=(-3, 5)', ', end_values=1.5'),
    'reflect': ('', ', reflect_type="odd"'), 'symmetric': ('', ', reflect_type="odd"'), 'wrap': ('', ), 'edge': ('', ),
    'constant': (', constant_values=3', ', constant_values=(1, 2)', ', constant_values=(7,)')}.items() for more in mores]
PADDED += ['pad(a, 2, mode="empty").shape[0]', 'pad(a, np.array([1, 2]), mode="edge")', 'pad(a, (3,), "wrap")', 'pad(a, 5, mode="reflect", reflect_type="odd")']
WIDTHS = {'v': '((1, 2),)', 'm': '((1, 2), (3, 0))', 't': '((0, 1), (2, 2), (1, 0))', 'o': '((0, 0), (4, 1))'}


def paddings():
  """Every mode of pad with its arguments."""
  group = Functions('cross_paddings')
  for dtype in DTYPES:
    for key in WIDTHS if dtype == 'float32' else 'm':
      inputs = {'a': values(REDUCED_SHAPES[key], dtype, 'padded')}
      texts = [text.replace('W', WIDTHS[key]) for text in PADDED]
      if np.dtype(NAMED.get(dtype, dtype)).kind in 'iu':
        # The last bit decides which integer a step is cut off to, but for steps of a power of two.
        texts = [text for text in texts if 'linear_ramp' not in text or 'a, 1,' in text or '(2, 0)' in text]
      exact = [text for text in texts if not any(mode in text for mode in ('mean', 'linear_ramp', 'median'))]
      add(group, f'{dtype}_{key}', exact, inputs, EXACT)
      add(group, f'{dtype}_{key}_computed', [text for text in texts if text not in exact], inputs, CLOSE['float32'] if dtype == 'float32' else None)
  group.write()


ARRANGED = (
    'reshape(a, (-1,), order="F")', 'reshape(a, (3, -1), "F")', 'a.reshape(-1, 2, order="F")', 'reshape(a, (6, 2), copy=true)', 'ravel(a, "F")',
    'a.ravel(order="F")', 'a.flatten("F")', 'lax.reshape(a, (a.size,))', 'lax.reshape(a, (a.size,), (1, 0))',
    'lax.reshape(a, (4, 3), dimensions=(1, 0))', 'lax.reshape(a, (2, 3, 4), (2, 0, 1))', 'lax.reshape(a, (4, 6), (1, 2, 0))',
    'jnp.array(a, copy=true, ndmin=4)', 'jnp.array(a, ndmin=2, order="K")', 'asarray(a, copy=false)', 'a.astype(int32, copy=true)', 'a.astype(none)',
    'where(a > 0, size=4)', 'where(a, size=3)', 'where(a > 0, size=9, fill_value=-1)', 'where(a, size=20, fill_value=(1, 2))',
    'hsplit(a, 1)', 'hsplit(a, [1])', 'roll(a, i)', 'roll(a, i, axis=0)', 'roll(a, -7 * i, axis=-1)', 'roll(a, array([1, -2]), axis=(0, 1))',
    'roll(a, array([1, 2]) * i, axis=(-1, 0))', 'lax.dynamic_slice(a, (-1, -2), (1, 1))', 'lax.dynamic_slice(a, (-1, -2), (1, 1), allow_negative_indices=false)',
    'lax.dynamic_slice(a, (i - 3, -2), (1, 2), allow_negative_indices=(true, false))', 'lax.dynamic_slice_in_dim(a, -2, 1, allow_negative_indices=false)',
    'lax.dynamic_index_in_dim(a, i - 4, 0, false, allow_negative_indices=false)', 'lax.dynamic_update_slice(a, a[:1, :1], (-1, -1), allow_negative_indices=false)',
    'lax.dynamic_update_slice_in_dim(a, a[:1], -1, 0, allow_negative_indices=false)', 'lax.dynamic_update_index_in_dim(a, a[0], -1, 0, allow_negative_indices=false)',
    'take_along_axis(a, array([[-1]]), 0)', 'take_along_axis(a, array([[-1]]), 0, wrap_negative_indices=false)',
    'take_along_axis(a, array([[-1, 0]]), 1, mode="clip", wrap_negative_indices=false)', 'take_along_axis(a, array([[-2]]), 1, "fill", 5, wrap_negative_indices=false)',
    'lax.select(a, a + a, a)', 'lax.full_like(x=a, fill_value=2)', 'lax.full((2,), fill_value=3, dtype=a.dtype)')
ORDERED = (
    'argsort(a, dtype=int8)', 'argsort(a, axis=0, descending=true, dtype=uint8)', 'lax.sort([a, b], num_keys=1)', 'lax.sort([a, b, a + b], num_keys=2)',
    'lax.sort([a // 4, a // 2, b], dimension=0, num_keys=3)', 'unique(a, size=4, return_index=true)', 'unique(a, size=5, return_inverse=true)',
    'unique(a, size=20, return_counts=true)', 'unique(a, return_index=true, return_inverse=true, return_counts=true, size=3, fill_value=1)',
    'unique(a, axis=0, size=4)', 'unique(a, axis=-1, size=3, return_index=true, return_inverse=true, return_counts=true)',
    'unique(a, axis=0, size=1, return_counts=true, fill_value=2)', 'unique(a, size=3, sorted=false)',
    'searchsorted(a.ravel(), b, sorter=argsort(a.ravel()))', 'searchsorted(sort(a.ravel()), b, method="compare_all")', 'digitize(a, sort(b.ravel()), method="sort")')
MULTIPLIED = (
    'einsum(a, [0, 1], b, [0, 1])', 'einsum(a, [0, 1], b, [2, 1])', 'einsum(a, [0, 1], b, [2, 1], [2, 0])', 'einsum(a, [5, 3])', 'einsum(a, [..., 0], b, [..., 0], [...])',
    'einsum("ij,kj", a, b, out=none)', 'lax.dot(a, b.T)', 'lax.dot(lhs=a, rhs=b, dimension_numbers=(((1,), (1,)), ((), ())))',
    'lax.dot(a, b, dimension_numbers=(((1,), (1,)), ((0,), (0,))))', 'lax.mul(a, b, out_dtype=float32)', 'jnp.cross(a, b)', 'jnp.cross(a[:, :2], b[:, :2])',
    'jnp.cross(a[:, :2], b)', 'jnp.cross(a, b[:, 1:])', 'jnp.cross(a, b, axis=-1)', 'jnp.cross(a.T, b, axisa=0, axisc=0)',
    'linalg.norm(a, ord=1)', 'linalg.norm(a, -1)', 'linalg.norm(a, inf, keepdims=true)', 'linalg.norm(a, -inf)', 'linalg.norm(a, 1, axis=(1, 0))',
    'linalg.norm(a, inf, axis=(-1, -2), keepdims=true)', 'linalg.norm(a, "fro")', 'outer(a, b, out=none)')
SUMMED = (
    'nansum(a, dtype=float32)', 'nansum(a, 0, none, none, true)', 'nansum(a, axis=1, initial=2, where=a > 0)', 'nanmax(a, 1, none, true)', 'nanmax(a, initial=1)',
    'nanmin(a, axis=0, initial=0, where=a > 0)', 'nanmean(a, dtype=float32)', 'nanmean(a, 0, where=a > 0)', 'nanmean(a, 1, keepdims=true)',
    'logsumexp(a, return_sign=true)', 'logsumexp(a, axis=0, b=b, return_sign=true)', 'logsumexp(a, 1, b, true, true)', 'logsumexp(a, axis=1, b=b, return_sign=true, where=a > 0)',
    'add(a, b, out=none, where=none)', 'negative(a, where=none)', 'sum(a, out=none)', 'round(a, out=none)', 'trace(a, out=none)', 'zeros_like(a, device=none)')


def arguments():
  """Arguments that models give seldom."""
  group = Functions('cross_arguments')
  for dtype in DTYPES:
    tolerance = CLOSE['float32'] if dtype == 'float32' else None
    for key, shape in {'v': (4,), 'm': (2, 6), 'n': (4, 3), 't': (2, 3, 4)}.items():
      if dtype != 'float32' and key in 'vt':
        continue
      inputs = {'a': values(shape, dtype, 'argument'), 'b': values(shape, dtype, 'other'), 'i': np.int32(2)}
      for name, expressions in (('arranged', ARRANGED), ('ordered', ORDERED)):
        add(group, f'{name}_{dtype}_{key}', expressions, inputs, EXACT)
      for name, expressions in (('multiplied', MULTIPLIED), ('summed', SUMMED)):
        add(group, f'{name}_{dtype}_{key}', expressions, inputs, tolerance)
  gaps = {'a': np.array([[np.nan, 1, 2], [np.nan, np.nan, np.nan]], np.float32), 'b': np.array([[1, -1, 2], [-1, 0, 1]], np.float32)}
  add(group, 'summed_gaps', [e for e in SUMMED if 'nan' in e], gaps, CLOSE['float32'])
  add(group, 'ordered_gaps', [e for e in ORDERED if 'unique' in e], gaps, EXACT)
  add(group, 'geomspace', [f'geomspace({ends}, {count}, dtype=float32)' for ends in ('1, 1000', '2, 32', '-1, -64') for count in (4, 6)], {}, CLOSE['float32'])
  add(group, 'linspace', [f'linspace({ends}, 5, dtype={dtype})' for ends in ('0, 1', '0.1, 7', '-3, 2.5') for dtype in DTYPES], {}, EXACT)
  group.write()


def main():
  function_cases.PYTHON.update(np=np, logsumexp=jax.nn.logsumexp)
  function_cases.PYTHON.update({name: getattr(jnp, name) for name in DTYPES if name != 'bool'})
  for write in (unary, binary, scalars, reductions, along_axes, moves, products, creation, paddings,
                arguments):
    write()
  write_index()


if __name__ == '__main__':
  main()
