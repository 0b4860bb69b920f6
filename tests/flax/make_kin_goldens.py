"""Writes goldens/functions/kin.*: what JAX gives for the functions that the other families leave out."""

import functools
import math
import re

import einops
import jax
import jax.numpy as jnp
import numpy as np

import function_cases
from function_cases import BFLOAT16, CLOSE, EXACT, FLOAT16, Functions, draw, whole
from golden_files import write_index

function_cases.PYTHON.update(
    tree=jax.tree, math=math, einops=einops, partial=functools.partial, np=np, map=lambda f, *x: tuple(map(f, *x)),
    segment_sum=jax.ops.segment_sum, segment_max=jax.ops.segment_max, segment_min=jax.ops.segment_min,
    segment_prod=jax.ops.segment_prod, repeat=lambda x, *a, **k: (
        einops.repeat(x, *a, **k) if a and isinstance(a[0], str) else jnp.repeat(x, *a, **k)),
    reduce=einops.reduce, normalize=jax.nn.standardize, mish=jax.nn.mish, identity=lambda x: x)

LOOSE = (1e-5, 1e-6)


def elementwise(group):
  x, y = draw(7), draw(7, name='b')
  for name in 'fabs rint trunc deg2rad rad2deg degrees radians sinc atan asinh arctan tan'.split():
    group.add(f'{name}(x)', x=x, tolerance=CLOSE['float32'])
  for dtype in (BFLOAT16, FLOAT16):
    for name in 'sigmoid silu softplus log_sigmoid mish glu'.split():
      group.add(f'{name}(x)', x=(4 * draw(40, name='h')).astype(dtype), tolerance=EXACT)
  for name in 'asin acos atanh'.split():
    group.add(f'{name}(x)', x=np.tanh(x), tolerance=LOOSE)
  for name in 'acosh arccosh'.split():
    group.add(f'{name}(x)', x=1 + np.abs(x), tolerance=LOOSE)
  for name in 'lgamma digamma erfc logistic is_finite neg'.split():
    group.add(f'lax.{name}(x)', x=np.abs(x) + 0.1, tolerance=LOOSE)
  for name in 'copysign heaviside logaddexp2 nextafter hypot float_power ldexp'.split():
    second = whole(7, low=-3, high=4) if name == 'ldexp' else y
    first = np.abs(x) if name == 'float_power' else x
    group.add(f'{name}(x, y)', x=first, y=second, tolerance=LOOSE)
  group.add('copysign(x, y)', x=np.ones(4, np.float32), y=np.array([0.0, -0.0, 1, -1], np.float32), tolerance=EXACT)
  group.add('[subtract(x, y), multiply(x, y), divmod(x, y)]', x=whole(6), y=whole(6, low=1, name='b'), tolerance=EXACT)
  group.add('[bitwise_and(x, y), bitwise_or(x, y), bitwise_xor(x, y), bitwise_not(x), invert(x)]', x=whole(6),
            y=whole(6, name='b'))
  group.add('[left_shift(x, 2), right_shift(x, 1), lax.shift_right_logical(x, y), lax.shift_right_arithmetic(x, y), '
            'lax.shift_left(x, y)]', x=whole(6), y=whole(6, low=0, high=5, name='b'))
  group.add('[lax.population_count(x), bitwise_count(x)]', x=whole(6, low=0, high=100, dtype=np.uint8))
  group.add('[lax.eq(x, y), lax.ne(x, y), lax.lt(x, y), lax.le(x, y), lax.gt(x, y), lax.ge(x, y)]', x=whole(6),
            y=whole(6, name='b'))
  group.add('[lax.sub(x, y), lax.div(x, y), lax.rem(x, y)]', x=whole(6), y=whole(6, low=1, name='b'))
  group.add('[lax.integer_pow(x, 3), lax.clamp(-0.5, x, 0.5), lax.bitwise_not(y)]', x=x, y=whole(6))
  group.add('[isclose(x, y), allclose(x, x), array_equal(x, y), array_equal(x, x)]', x=x,
            y=np.where(np.arange(7) % 2, x, x + 0.001).astype(np.float32))
  group.add('isclose(x, y, equal_nan=true)', x=np.array([1, np.nan, np.inf, np.inf], np.float32),
            y=np.array([1, np.nan, np.inf, -np.inf], np.float32))
  group.add('lax.select_n(x, y, -y, 2 * y)', x=np.array([0, 1, 2], np.int32), y=draw(3))
  group.add('jnp.select([x > 1, x > 0], [x, 10 * x], 7)', x=x, tolerance=EXACT)
  group.add('lax.bitcast_convert_type(x, int32)', python='lax.bitcast_convert_type(x, jnp.int32)', x=x)
  group.add('[abs(x), square(x), sign(x), floor(x), round(x, 1)]', x=draw(6, dtype=BFLOAT16),
            tolerance=CLOSE['bfloat16'])
  for name in 'mish sparse_plus sparse_sigmoid log1mexp squareplus'.split():
    group.add(f'jax.nn.{name}(x)', x=np.abs(x) + 0.01 if name == 'log1mexp' else 2 * x, tolerance=LOOSE)
  group.add('[hard_swish(x), identity(x), normalize(x)]', python='[jax.nn.hard_swish(x), x, jax.nn.standardize(x)]',
            x=2 * x, tolerance=LOOSE)


def reductions(group):
  x = draw(3, 4)
  holes = np.where(whole(3, 4, name='holes') > 4, np.nan, x).astype(np.float32)
  for name in 'nansum nanmax nanmin nanmean'.split():
    group.add(f'[{name}(x), {name}(x, axis=1)]', x=holes, tolerance=LOOSE)
  group.add('[lax.cummax(x, axis=1), lax.cummin(x), lax.cumlogsumexp(x, 1), lax.cumsum(x, 1, reverse=true)]', x=x,
            tolerance=LOOSE)
  group.add('[median(x), median(x, axis=0), median(x, axis=1, keepdims=true)]', x=x, tolerance=LOOSE)
  group.add('[quantile(x, 0.3), quantile(x, y, axis=1), percentile(x, 25.0, axis=0, method="nearest")]', x=x,
            y=np.array([0.1, 0.9], np.float32), tolerance=LOOSE)
  group.add('[quantile(x, 0.5, axis=(0, 1), keepdims=true), quantile(x, 0.7, method="lower"), quantile(x, 0.7, '
            'method="higher")]', x=x, tolerance=LOOSE)
  group.add('median(x)', x=np.array([1, np.nan, 3], np.float32))
  group.add('[logmeanexp(x), logmeanexp(x, axis=0)]', python='[jax.nn.logmeanexp(x), jax.nn.logmeanexp(x, axis=0)]',
            x=x, tolerance=LOOSE)
  group.add('softmax(x, where=y)', x=x, y=whole(3, 4, low=0, high=2, name='w').astype(bool) | (np.arange(4) == 0),
            tolerance=LOOSE)
  group.add('[sum(x, where=y), mean(x, where=y), max(x, initial=-9.0, where=y), std(x, where=y), all(x > 0, '
            'where=y)]', x=x, y=whole(3, 4, low=0, high=2, name='w').astype(bool), tolerance=LOOSE)
  group.add('[average(x, weights=y), average(x, axis=1, weights=z, returned=true)]', x=x,
            y=np.abs(draw(3, 4, name='w')), z=np.abs(draw(4, name='w')), tolerance=LOOSE)
  group.add('[var(x, ddof=1), std(x, axis=0, ddof=3), var(x, axis=1, correction=0.5)]', x=x, tolerance=LOOSE)
  group.add('[ptp(x), ptp(x, axis=1), count_nonzero(x > 0, axis=0)]', x=x)
  group.add('[argmax(x), argmin(x, axis=1), argmax(x, keepdims=true), argmax(x > 0, axis=0, keepdims=true)]', x=x)
  group.add('[sum(x, dtype=float32), mean(x, dtype=float32), prod(x, axis=0)]', x=draw(3, 4, dtype=FLOAT16),
            tolerance=CLOSE['float16'])
  group.add('[sum(x, promote_integers=false), cumsum(x), cumsum(x, axis=1), cumprod(x, axis=0)]',
            x=whole(3, 4, low=0, high=3, dtype=np.int8))
  group.add('jax.nn.standardize(x, axis=(0, 1), algorithm="stable")', x=x, tolerance=LOOSE)


def orders(group):
  x = np.array([[3, np.nan, 1, 3, 2], [0, -1, 5, 5, np.nan]], np.float32)
  group.add('[sort(x), sort(x, axis=0), sort(x, axis=none), sort(x, descending=true)]',
            python='[jnp.sort(x), jnp.sort(x, axis=0), jnp.sort(x, axis=None), jnp.sort(x, descending=True)]', x=x)
  group.add('[argsort(x), argsort(x, axis=0), argsort(x, descending=true)]',
            python='[jnp.argsort(x), jnp.argsort(x, axis=0), jnp.argsort(x, descending=True)]', x=x)
  group.add('[lax.sort([x, y]), lax.sort_key_val(x, y)]', x=whole(6), y=draw(6))
  group.add('[searchsorted(x, y), searchsorted(x, y, side="right"), digitize(y, x), digitize(y, x, right=true)]',
            x=np.array([1, 2, 2, 3], np.float32), y=np.array([[0, 2], [2.5, 9]], np.float32))
  group.add('[segment_sum(x, i, 3), segment_max(x, i, 3), segment_min(x, i, num_segments=3), segment_prod(x, i, 3)]',
            x=draw(4, 2), i=np.array([0, 1, 0, 5], np.int32), tolerance=LOOSE)
  group.add('[segment_max(x, i, 4), segment_min(x, i, 4)]', x=whole(3), i=np.array([2, 0, 2], np.int32))
  group.add('[bincount(x, length=4), bincount(x, weights=y, length=3)]', x=np.array([0, 1, 1, 7], np.int32), y=draw(4),
            tolerance=LOOSE)
  group.add('[diff(x), diff(x, n=2, axis=0), diff(x, prepend=0.0), diff(x, append=x[:, :1])]', x=draw(3, 4),
            tolerance=LOOSE)
  group.add('[take_along_axis(x, i, 1), take_along_axis(x, i[:1, :1], 0)]', x=draw(3, 4),
            i=whole(3, 2, low=-3, high=3))
  group.add('take_along_axis(x, i, axis=none)', x=draw(3, 4), i=whole(5, low=0, high=12))
  group.add('lax.top_k(x, 2)', x=draw(3, 5))
  group.add('lax.top_k(x, 2, axis=0)', x=draw(5, 3))


def shapes(group):
  x = draw(2, 3, 4)
  group.add('[append(x, x), append(x, x, axis=1), concat([x, x], axis=2), permute_dims(x, (2, 0, 1)), '
            'matrix_transpose(x)]', x=x)
  group.add('[flipud(x), fliplr(x), lax.rev(x, (0, 2)), rot90(x, 3), rot90(x, 2, (2, 1)), rollaxis(x, 2), '
            'rollaxis(x, 0, 3)]', x=x)
  group.add('[hsplit(x, 3), vsplit(x, 2), dsplit(x, [1]), array_split(x, 3, axis=2), unstack(x, axis=1)]', x=x)
  group.add('[roll(x, 5), roll(x, -1, axis=1), roll(x, (1, 2), axis=(0, 2))]', x=x)
  group.add('[lax.collapse(x, 1), lax.collapse(x, 0, 2), lax.broadcast(x, (2, 1)), lax.broadcast_in_dim(x[0], (2, '
            '3, 5, 4), (1, 3))]', x=x)
  group.add('broadcast_arrays(x, y)', x=draw(3, 1), y=draw(4))
  group.add('broadcast_shapes((2, 1), (3,), (5, 1, 1))')
  group.add('[pad(x, 1), pad(x, ((1, 0), (0, 2)), constant_values=7), pad(x, ((1, 2),), mode="edge")]', x=draw(2, 3))
  group.add('pad(x, ((1, 2), (3, 4)), constant_values=((1, 2), (3, 4)))', x=draw(2, 3))
  for mode in 'reflect symmetric wrap'.split():
    group.add(f'[pad(x, 1, mode="{mode}"), pad(x, ((5, 0), (0, 7)), mode="{mode}")]', x=draw(2, 3))
  group.add('lax.pad(x, 0.0, ((1, -1, 1), (-1, 2, 0)))', x=draw(2, 3))
  group.add('[lax.slice(x, (0, 1, 0), (2, 3, 4), (1, 1, 2)), lax.slice_in_dim(x, 1, none, axis=1), '
            'lax.index_in_dim(x, -1, 2), lax.slice_in_dim(x, 0, 4, 3, 2)]',
            python='[lax.slice(x, (0, 1, 0), (2, 3, 4), (1, 1, 2)), lax.slice_in_dim(x, 1, None, axis=1), '
                   'lax.index_in_dim(x, -1, 2), lax.slice_in_dim(x, 0, 4, 3, 2)]', x=x)
  group.add('[lax.dynamic_update_index_in_dim(x, y, i, 1), lax.dynamic_index_in_dim(x, i, 1, keepdims=false), '
            'lax.dynamic_slice(x, (i, 0, i), (1, 2, 3))]',
            python='[lax.dynamic_update_index_in_dim(x, y, i, 1), lax.dynamic_index_in_dim(x, i, 1, '
                   'keepdims=False), lax.dynamic_slice(x, (i, 0, i), (1, 2, 3))]', x=x, y=draw(2, 4), i=np.int32(-1))
  group.add('[tril(x), triu(x, 1), tril(x, -1), diagonal(x, axis1=1, axis2=2), diagonal(x, 1), trace(x)]', x=x)
  group.add('[diag(x), diag(x, 1), diag(x, -2), diag(y), diag(y, 1), diag(y, -1)]', x=draw(3), y=draw(3, 4))
  group.add('[logspace(0, 2, 3), hamming(5), hanning(4), linspace(x, 2 * x, 3, axis=1), linspace(0, 1, 4, '
            'endpoint=false, retstep=true)]', x=draw(2), tolerance=LOOSE)
  group.add('[meshgrid(x, y), meshgrid(x, y, indexing="ij", sparse=true), indices((2, 3)), arange(7, 0, -2), '
            'arange(0.5, 2)]', x=draw(2), y=draw(3))
  for pattern, sizes in (('a b c -> (c b) a', ''), ('a (b p) c -> a p (b c)', ', p=3'), ('... c -> c ...', ''),
                         ('a b c -> a 1 (b c) ()', ''), ('(x y) ... -> y (... x)', ', x=2'), ('a b c -> (a b c)', '')):
    group.add(f'rearrange(x, "{pattern}"{sizes})', x=x)
  group.add('rearrange([x, y], "n a b -> a n b")', x=draw(2, 3), y=draw(2, 3, name='b'))
  for pattern, how, sizes in (('a b c -> b', 'mean', ''), ('a (b p) c -> a b', 'max', ', p=3'),
                              ('... c -> ...', 'sum', ''), ('a b c -> a 1 c', 'min', '')):
    group.add(f'reduce(x, "{pattern}", "{how}"{sizes})', x=x, tolerance=LOOSE)
  for pattern, sizes in (('a b c -> a (b r) c', ', r=2'), ('a b c -> n a b c', ', n=3'), ('a b c -> (a 2) b c', '')):
    group.add(f'repeat(x, "{pattern}"{sizes})', x=x)
  group.add('einops.einsum(x, y, "batch i, i out -> batch out")', x=draw(2, 3), y=draw(3, 4), tolerance=LOOSE)


def products(group):
  group.add('[cross(x, y), vecdot(x, y), kron(x, y), inner(x, y), outer(x, y), tensordot(x, y, 2), tensordot(x, y, '
            '[[1], [1]])]', x=draw(2, 3), y=draw(2, 3, name='b'), tolerance=LOOSE)
  group.add('[lax.batch_matmul(x, y), linalg.matrix_power(x, 3), linalg.matrix_power(x, 0)]', x=draw(2, 3, 3),
            y=draw(2, 3, 3, name='b'), tolerance=LOOSE)
  group.add('[linalg.norm(x), linalg.norm(x, axis=1), linalg.norm(x, 1, axis=0), linalg.norm(x, inf, axis=1, '
            'keepdims=true), linalg.norm(x, 3, axis=1)]', x=draw(3, 4), tolerance=LOOSE)
  group.add('matmul(x, y, preferred_element_type=float32)', x=draw(3, 4, dtype=BFLOAT16), y=draw(4, 2, dtype=BFLOAT16),
            tolerance=LOOSE)
  group.add('einsum("bij,bjk,k->bi", x, y, z)', x=draw(2, 3, 4), y=draw(2, 4, 5), z=draw(5), tolerance=LOOSE)
  group.add('[einsum("ii->i", x), einsum("ii", x), einsum("...ij->...ji", y), einsum("ij,...j->...i", x, y)]',
            x=draw(3, 3), y=draw(2, 3, 3), tolerance=LOOSE)
  group.add('einsum("ab,cb->ac", x, y)', x=draw(3, 1), y=draw(2, 4), tolerance=LOOSE)
  group.add('lax.conv(x, y, (2, 1), "SAME")', x=draw(1, 2, 5, 4), y=draw(3, 2, 3, 2), tolerance=LOOSE)
  group.add('lax.conv_general_dilated(x, y, (1, 1), "VALID", rhs_dilation=(2, 1), feature_group_count=2, '
            'dimension_numbers=("NHWC", "HWIO", "NHWC"))', x=draw(2, 6, 5, 4), y=draw(2, 3, 2, 6), tolerance=LOOSE)
  group.add('lax.reduce_window(x, 0.0, lax.add, (1, 2, 2), (1, 1, 2), "SAME")', x=draw(2, 4, 5), tolerance=LOOSE)
  group.add('lax.reduce_window(x, -inf, lax.max, (1, 2, 2), none, ((0, 0), (1, 0), (0, 1)), none, (1, 2, 1))',
            x=draw(2, 4, 5))
  group.add('nn.pool(x, 0.0, lax.add, (2,), (2,), "VALID")', x=draw(2, 5, 3), tolerance=LOOSE)
  group.add('[max_pool(x, (2, 2)), avg_pool(x, (2, 2), (2, 2), "SAME"), avg_pool(x, (3, 2), padding=((1, 1), (0, '
            '1)), count_include_pad=false)]', x=draw(2, 4, 5, 3), tolerance=LOOSE)
  group.add('[max_pool(x, (2,), (2,)), avg_pool(x, (2,), padding="SAME")]', x=draw(5, 3), tolerance=LOOSE)
  group.add('image.scale_and_translate(x, (5, 4), (0, 1), y, z, "linear")', x=draw(4, 3),
            y=np.array([1.5, 0.8], np.float32), z=np.array([0.3, -0.2], np.float32), tolerance=LOOSE)
  q, k, v = draw(2, 5, 4, 8), draw(2, 6, 2, 8, name='k'), draw(2, 6, 2, 8, name='v')
  group.add('jax.nn.dot_product_attention(x, y, z)', x=q, y=k, z=v, tolerance=LOOSE)
  group.add('jax.nn.dot_product_attention(x, y, z, is_causal=true, scale=0.5)',
            python='jax.nn.dot_product_attention(x, y, z, is_causal=True, scale=0.5)', x=q, y=k, z=v, tolerance=LOOSE)
  group.add('dot_product_attention(x, y, z, bias, mask)', python='nn.dot_product_attention(x, y, z, bias, mask)', x=q,
            y=draw(2, 6, 4, 8, name='k'), z=draw(2, 6, 4, 7, name='v'), bias=draw(1, 4, 5, 6),
            mask=whole(2, 1, 5, 6, low=0, high=2).astype(bool), tolerance=LOOSE)
  group.add('[make_causal_mask(x), make_causal_mask(x, 1, dtype=bool), make_attention_mask(x > 0, x > 1), '
            'make_attention_mask(x, x, less), combine_masks(none, x > 0, x < 3)]', x=whole(2, 4))


def more(group):
  x, y = draw(3, 4), draw(5, 4, name='b')
  group.add('vmap(lambda v: v @ y.T)(x)', python='jax.vmap(lambda v: v @ y.T)(x)', x=x, y=y, tolerance=LOOSE)
  group.add('vmap(lambda a, b: a * b, in_axes=(0, none), out_axes=1)(x, y)', x=x, y=draw(4), tolerance=LOOSE,
            python='jax.vmap(lambda a, b: a * b, in_axes=(0, None), out_axes=1)(x, y)')
  group.add('vmap(vmap(lambda a, b: a + b, (none, 0)), (0, none))(x[:, 0], x[0])', x=x, tolerance=LOOSE,
            python='jax.vmap(jax.vmap(lambda a, b: a + b, (None, 0)), (0, None))(x[:, 0], x[0])')
  group.add('vmap(lambda k: random.normal(k, (3,)))(random.split(random.key(1), 2))', tolerance=EXACT,
            python='jax.vmap(lambda k: random.normal(k, (3,)))(random.split(random.key(1), 2))')
  group.add('vmap(softmax, in_axes=1, out_axes=1)(x)', python='jax.nn.softmax(x, axis=0)', x=x, tolerance=LOOSE)
  group.add('[nonzero(x > 0, size=9), argwhere(x > 0, size=3), nonzero(x > 9, size=2, fill_value=-1)]', x=x)
  group.add('[extract(x > 0, x, size=9), extract(x > 0, x, size=2, fill_value=5.0)]', x=x)
  group.add('[unique(x, size=4), unique(x, size=12, fill_value=-1)]', x=whole(3, 4, low=0, high=5))
  group.add('block([[x, 2 * x], [y, y + 1]])', x=x, y=y, tolerance=EXACT)
  group.add('[tril_indices(3), triu_indices(3, 1), tril_indices(2, 0, 4), triu_indices(3, -1, 2)]')
  for mode in 'full same valid'.split():
    group.add(f'[convolve(x, y, "{mode}"), correlate(x, y, "{mode}"), correlate(y, x, mode="{mode}")]', x=draw(7),
              y=draw(3), tolerance=LOOSE)


def later(group):
  """What was found missing in public files."""
  x, y = draw(3, 4), draw(5, 4, name='b')
  holes = np.where(whole(3, 4, name='holes') > 4, np.nan, x).astype(np.float32)
  group.add('[jnp.shape(x), jnp.ndim(x), jnp.size(x), jnp.size(x, 1), jnp.size(2.5)]', x=x)
  group.add('[real(x), imag(x), conj(x), conjugate(x), x.conj(), imag(y)]', x=x, y=whole(3))
  group.add('[isinstance(x, jnp.ndarray), isinstance(x, jax.Array), isinstance(1.5, jnp.ndarray), isinstance([x], '
            '[int, jax.Array])]', python='[True, True, False, False]', x=x)
  for name in 'nanvar nanstd'.split():
    group.add(f'[{name}(x), {name}(x, axis=1), {name}(x, axis=0, ddof=1, keepdims=true), {name}(x, where=y, ddof=2)]',
              x=holes, y=whole(3, 4, low=0, high=2, name='w').astype(bool), tolerance=LOOSE)
    group.add(f'[{name}(x), {name}(y, axis=0), {name}(z)]', x=holes.astype(FLOAT16), y=whole(3, 4),
              z=np.full(3, np.nan, np.float32), tolerance=CLOSE['float16'])
  group.add('[fmax(x, y), fmin(x, y), fmax(x, 0.5), fmin(y, 0)]',
            x=np.array([1, np.nan, 3, np.nan, -np.inf], np.float32),
            y=np.array([2, 2, np.nan, np.nan, 0], np.float32), tolerance=EXACT)
  group.add('[fmax(x, 2), fmin(x, y), fmax(x, z)]', x=whole(5), y=whole(5, name='b'), z=draw(5), tolerance=EXACT)
  group.add('[gcd(x, y), lcm(x, y), gcd(x, 12), gcd(12, x)]', x=whole(6, low=-60, high=60),
            y=whole(6, low=-60, high=60, name='b'))
  group.add('[gcd(x, y), lcm(y, y), gcd(x, 0)]', x=np.array([1836311903, 2147483647, 0, -2147483646], np.int32),
            y=np.array([1134903170, -1, 0, 1073741823], np.int32))
  group.add('gcd(x, y)', x=np.array([2971215073, 4294967295], np.uint32), y=np.array([1836311903, 65535], np.uint32))
  group.add('[gcd(x, y), lcm(x, y)]', x=np.array([89, 120, -7], np.int8), y=np.array([55, 100, 0], np.int8))
  group.add('[choose(x, [y, 2 * y, z], mode="wrap"), choose(x, [y, z, -y], mode="clip"), '
            'choose(x, [1.5], mode="clip")]',
            x=whole(4, low=-3, high=7), y=draw(4), z=draw(2, 4), tolerance=EXACT)
  group.add('choose(x, y, mode="clip")', x=whole(3, low=-1, high=4), y=whole(3, 3), tolerance=EXACT)
  group.add('[column_stack([x, y, z]), column_stack((y, 2 * y))]', x=draw(3, 2), y=draw(3), z=whole(3), tolerance=EXACT)
  group.add('[diag_indices(3), diag_indices(2, 3), x.at[diag_indices(3)].set(0.0)]', x=draw(3, 4), tolerance=EXACT)
  group.add('[geomspace(1, 1000, 4), geomspace(-2.0, -0.5, 5, endpoint=false), geomspace(x, 8 * x, 4, axis=-1)]',
            x=np.array([1, -3, 0.25], np.float32), tolerance=LOOSE)
  points = np.array([-1, 0, 0.5, 0.5, 2], np.float32)
  group.add('[interp(x, y, z), interp(x, y, z, left=-9, right=x[0, 0]), interp(x, y, z, left="extrapolate", '
            'right="extrapolate"), interp(0.25, y, z), interp(i, y, z)]', x=2 * x, y=points, z=draw(5), i=whole(4),
            tolerance=LOOSE)
  group.add('[interp(x, y, z, period=3), interp(x, y, z, period=-2.5)]', x=4 * x,
            y=np.array([1, 0, 4.5, 2.5], np.float32), z=draw(4), tolerance=LOOSE)
  group.add('[interp(x, y, z), interp(x, y, i)]', x=draw(4, dtype=FLOAT16), y=points.astype(FLOAT16), z=draw(5),
            i=whole(5), tolerance=CLOSE['float16'])
  wide = np.array([0, -0.0, 1, -1.5, 3e-30, -7e30, np.inf, -np.inf, np.nan, 0.999, 6.25e-5, 65520, 1e5,
                   1.0009766], np.float32)
  for dtype in (np.float32, BFLOAT16, FLOAT16):
    with np.errstate(over='ignore'):
      group.add('frexp(x)', x=np.where(np.abs(wide) > 0, wide, 0).astype(dtype), tolerance=EXACT)
      group.add('[lax.reduce_precision(x, 8, 7), lax.reduce_precision(x, 5, 10), lax.reduce_precision(x, 4, 3), '
                'lax.reduce_precision(x, exponent_bits=5, mantissa_bits=2), lax.reduce_precision(x, 8, 23)]',
                x=wide.astype(dtype), tolerance=EXACT)
  group.add('frexp(x)', x=whole(6))
  group.add('[i0(x), i0(y), i0(z)]', x=5 * draw(7), y=whole(5), z=draw(5, dtype=BFLOAT16), tolerance=(8e-3, 1e-5))
  group.add('i0(x)', x=np.array([0, -1, 7.99, 8, 8.01, 20, 80], np.float32), tolerance=LOOSE)
  group.add('[lax.argmax(x, 0, int32), lax.argmin(x, 1, int32), lax.argmax(x > 0, axis=1, index_dtype=int8)]',
            python='[lax.argmax(x, 0, jnp.int32), lax.argmin(x, 1, jnp.int32), lax.argmax(x > 0, axis=1, '
            'index_dtype=jnp.int8)]', x=holes)
  group.add('[lax.map(lambda v: v @ y.T, x), lax.map(lambda t: t[0] - t[1], (x, 2 * x)), lax.map(lambda v: v + 1, x, '
            'batch_size=2)]', x=x, y=y, tolerance=LOOSE)
  group.add('lax.map(lambda k: random.normal(k, (3,)), random.split(random.key(1), 2))', tolerance=EXACT)
  group.add('[random.orthogonal(random.key(3), 4), random.orthogonal(random.key(4), 3, (2,)), '
            'random.orthogonal(random.key(5), 2, m=5), random.orthogonal(random.key(5), 4, (2, 1), m=2)]',
            tolerance=(1e-5, 1e-5))
  group.add('[delete(x, 1), delete(x, -1, 0), delete(x, 2, axis=1), delete(x, np.array([0, -1, 0]), axis=1), '
            'delete(x, np.array([true, false, true, true]), axis=1), delete(x, np.array([0, 1, 2]), axis=0)]', x=x)
  group.add('[delete(x, i, axis=1, assume_unique_indices=true), delete(x, i, assume_unique_indices=true)]', x=x,
            i=np.array([-1, 1], np.int32))
  group.add('[insert(x, 1, 7), insert(x, -1, y, axis=0), insert(x, 4, 3.5, axis=1), insert(x, 1, z, axis=1), '
            'insert(x, 99, y, 0)]', x=x, y=draw(4), z=draw(3))
  group.add('[insert(x, np.array([0, 2]), z, axis=1), insert(x, np.array([2, 0, 2, -1]), w, axis=0), '
            'insert(x, np.array([1]), w, axis=0), insert(i, np.array([3, 1]), 2.7)]', x=x,
            z=draw(3, 2), w=draw(4, 4), i=whole(5))
  group.add('[put_along_axis(x, i, 9.0, axis=1, inplace=false), put_along_axis(x, i[:, :1], z, axis=0, inplace=false), '
            'put_along_axis(x, j, v, axis=none, inplace=false), put_along_axis(x, i, 1, 1, false, mode="clip")]',
            x=x, i=np.array([[0, -1], [2, 9], [1, 3]], np.int32), z=draw(1, 1),
            j=np.array([11, 0, 5], np.int32), v=draw(3))
  group.add('put_along_axis(x, i, y, axis=1, inplace=false)', x=whole(2, 3), i=np.array([[2], [0]], np.int32),
            y=draw(2, 1))
  group.add('[math.gcd(12, 18), math.gcd(), math.gcd(-4), math.gcd(12, 18, 27)]', python='[6, 0, 4, 3]')
  group.add('[initializers.zeros(none, (2,)), initializers.ones_init()(none, (1, 2)), '
            'initializers.normal(0.5)(random.key(1), (3,))]',
            python='[jnp.zeros(2), jnp.ones((1, 2)), nn.initializers.normal(0.5)(random.key(1), (3,))]',
            tolerance=EXACT)


def static(group):
  """Python on static values; the numbers leave the model as arrays."""
  group.add('[sum([1, 2.5]), sum(range(5)), max(3, 1, 2), min([4, 2]), abs(-3), round(2.5), round(3.14159, 2), '
            'prod([2, 3])]',
            python='[sum_([1, 2.5]), sum_(range(5)), max_(3, 1, 2), min_([4, 2]), abs(-3), round_(2.5), '
                   'round_(3.14159, 2), math.prod([2, 3])]')
  group.add('[sqrt(2.0), floor(2.7), ceil(2.1), exp(1.0), log2(8), log10(1000), power(2, 10), maximum(1, 2.5), '
            'square(3), tanh(0.5)]',
            python='[math.sqrt(2.0), math.floor(2.7), math.ceil(2.1), math.exp(1.0), math.log2(8), '
                   'math.log10(1000), pow(2, 10), max_(1, 2.5), 9, math.tanh(0.5)]', tolerance=EXACT)
  group.add('[int(3.9), int("12"), float("1e-3"), bool([]), len([1, 2, 3]), len({"a": 1}), int(-3.9)]',
            python='[3, 12, 1e-3, False, 3, 1, -3]')
  group.add('[list(zip([1, 2], [3, 4])), list(enumerate([5, 6], 1)), sorted([3, 1, 2], reverse=true), '
            'list(reversed([1, 2])), map(lambda v: v * 2, [1, 2])]',
            python='[list(zip([1, 2], [3, 4])), list(enumerate([5, 6], 1)), sorted([3, 1, 2], reverse=True), '
                   'list(reversed([1, 2])), [2, 4]]')
  group.add('[isinstance(1, int), isinstance(1.0, [int, float]), isinstance(x, "tensor"), isinstance("a", str), '
            'any([0, 1]), all([])]', python='[True, True, True, True, True, True]', x=draw(2))
  group.add('[sum([x, 2 * x]), partial(clip, min=0.0)(x), dict(a=x, b=1)["a"]]',
            python='[x + 2 * x, jnp.clip(x, min=0.0), x]', x=draw(3), tolerance=EXACT)
  group.add('tree.map(lambda v: v * 2, {"b": x, "a": [x, 1]})', x=draw(3), tolerance=EXACT)
  group.add('[tree.leaves({"b": x, "a": [2, x + 1]}), tree.reduce(lambda a, b: a + b, [x, [x, x]])]', x=draw(3),
            tolerance=EXACT)
  group.add('[math.sqrt(2), math.log(8, 2), math.floor(-0.5), math.pi, math.ceil(1.2), math.pow(2, 3)]',
            tolerance=EXACT)
  group.add('[finfo(float16).max, finfo(x.dtype).eps, iinfo(int8).min, issubdtype(x.dtype, floating)]',
            python='[finfo(jnp.float16).max, finfo(x.dtype).eps, iinfo(jnp.int8).min, issubdtype(x.dtype, floating)]',
            x=draw(2, dtype=BFLOAT16))
  # NumPy's scalars are strongly typed.
  group.add('[where(x > 0, x, finfo(float32).min), where(x > 0, x, finfo(x.dtype).min), x + finfo(float16).eps, '
            'maximum(x, -finfo(float32).tiny), 0.5 * finfo(float32).max]', name='finfo_is_strong', x=draw(4, dtype=BFLOAT16),
            python='[where(x > 0, x, finfo(jnp.float32).min), where(x > 0, x, finfo(x.dtype).min), '
            'x + finfo(jnp.float16).eps, maximum(x, -finfo(jnp.float32).tiny), 0.5 * finfo(jnp.float32).max]')
  group.add('x.astype(promote_types(x.dtype, float16))', python='x.astype(jnp.float32)', x=draw(2, dtype=BFLOAT16))
  group.add('[merge_param("a", none, x), nn.with_logical_constraint(x, ("a",))]', python='[x, x]', x=draw(2))


def control_flow():
  """The pure loops and branches of lax, over carries of every form."""
  group = Functions('control_flow')
  x, w = draw(5, 3), draw(3, 3, name='w')
  bodies = {
      'sums': 'lambda c, v: (c + v, c)', 'product': 'lambda c, v: (c @ w + v, 2 * c)', 'tree': 'lambda c, v: ((c[1], c[0] + v), [c[0], v > 0])',
      'record': "lambda c, v: (dict(a=c['a'] + v.sum(), n=c['n'] + 1), c['n'])"}
  starts = {'sums': ('zeros(3)', 'x[0]'), 'product': ('zeros(3)',), 'tree': ('(x[0], zeros(3))',),
            'record': ('dict(a=0.0, n=0)',)}
  for name, body in bodies.items():
    for start in starts[name]:
      for options in ('', ', reverse=true', ', unroll=2'):
        group.add(f'lax.scan({body}, {start}, x{options})', x=x, w=w, tolerance=LOOSE)
  group.add('lax.scan(lambda c, v: (c * 2, c), 1, none, length=4)', x=x)
  group.add('lax.scan(lambda c, v: (c + v[0], c * v[1]), 0.5, (x[:, 0], x[:, 1]))', x=x, tolerance=LOOSE)
  group.add('lax.scan(lambda k, v: (random.fold_in(k, 1), random.normal(k, (2,)) + v), random.key(3), x[:, :2])[1]', x=x, tolerance=LOOSE)
  group.add('lax.scan(lambda c, v: (c, none), x[0], x)[0]', x=x)
  group.add('vmap(lambda row: lax.scan(lambda c, v: (c + v, c * v), 0.0, row))(x)', x=x, tolerance=LOOSE,
            python='jax.vmap(lambda row: lax.scan(lambda c, v: (c + v, c * v), 0.0, row))(x)')
  for bounds in ('0, 4', '2, 5', '3, 3', '4, 1'):
    group.add(f'lax.fori_loop({bounds}, lambda i, v: v + i, 0)', x=x)
    group.add(f'lax.fori_loop({bounds}, lambda i, v: v.at[i % 3].add(i * 0.5), x[0])', x=x, tolerance=LOOSE)
  for test in ('x[0, 0] > 0', 'x[0, 0] < 0', 'true', 'false', 'y[0]', 'y[1]'):
    group.add(f'lax.cond({test}, lambda a, b: a + b, lambda a, b: a * b, x, 2 * x)', x=x, y=np.array([0, 3], np.int32))
    group.add(f'lax.cond({test}, lambda a: (a, 1.0), lambda a: (2 * a, 2.0), x)', x=x, y=np.array([0, 3], np.int32))
    group.add(f'lax.cond({test}, lambda: x, lambda: -x)', x=x, y=np.array([0, 3], np.int32))
  for number in ('0', '2', '5', '-1', 'y[0]', 'y[1]', 'y[2]', 'y[3]'):
    group.add(f'lax.switch({number}, [lambda a: a, lambda a: -a, lambda a: a * a], x)', x=x, y=np.array([0, 1, 7, -3], np.int32))
  for length in (1, 2, 3, 4, 5, 6, 7):
    for options in ('', ', reverse=true', ', axis=1'):
      group.add(f'lax.associative_scan(add, x{options})', x=draw(length, length, name='as'), tolerance=EXACT,
                python=f'lax.associative_scan(jnp.add, x{options.replace("true", "True")})')
  group.add('lax.associative_scan(lambda a, b: (a[0] * b[0], a[1] * b[0] + b[1]), (x, 2 * x))', x=x, tolerance=LOOSE)
  group.add('lax.associative_scan(matmul, m)', m=draw(6, 2, 2), tolerance=LOOSE)
  for dtype in (np.float32, BFLOAT16, FLOAT16):
    many = draw(300, name='c').astype(dtype)
    for function in ('lax.cumsum(x)', 'lax.cumsum(x, reverse=true)', 'cumsum(x)', 'lax.cumprod(1 + x / 32)'):
      group.add(function, x=many, tolerance=EXACT, python=function.replace('true', 'True'))
    group.add('[x / 3, x / x[0], x[:4] / x[4:8], x.reshape(10, 30) / x[:30]]', x=many, tolerance=EXACT)
  # A body is traced once: a weakly typed start takes the dtype of what a step gives, in front of the first step.
  group.add('lax.scan(lambda c, v: (2.5, c + ones(2, float16)), 1, x)', x=x,
            python='lax.scan(lambda c, v: (2.5, c + jnp.ones(2, jnp.float16)), 1, x)')
  group.add('lax.scan(lambda c, v: (v[0], c + ones(2, float16)), 1.0, x)', x=x, tolerance=CLOSE['float16'],
            python='lax.scan(lambda c, v: (v[0], c + jnp.ones(2, jnp.float16)), 1.0, x)')
  group.add('lax.scan(lambda c, v: (c * v[0], c / 2), 3, x)', x=x, tolerance=LOOSE)
  group.add('lax.fori_loop(0, 4, lambda i, c: c + i, y)', y=np.array([1, 2], np.int8))
  group.add('lax.fori_loop(4, 0, lambda i, c: c * 1.5, 1)', x=x)
  group.add('lax.fori_loop(0, 2, lambda i, c: c * 1.5, 1) + ones(2, float16)', x=x, tolerance=EXACT,
            python='lax.fori_loop(0, 2, lambda i, c: c * 1.5, 1) + jnp.ones(2, jnp.float16)')
  group.add('lax.scan(lambda c, v: (c * v.sum(), v[:2] + c), 2, x[:0])', x=x)
  for branches in ('lambda: 1.0, lambda: x[0, 0]', 'lambda: x[0, 0], lambda: 1.0'):
    for test in ('true', 'false', 'x[0, 0] > 0', 'x[0, 0] < 0'):
      python = test.replace('true', 'True').replace('false', 'False')
      group.add(f'lax.cond({test}, {branches}) + ones(2, float16)', x=x, tolerance=CLOSE['float16'],
                python=f'lax.cond({python}, {branches}) + jnp.ones(2, jnp.float16)')
  for number in ('0', '1', 'y[0]'):
    for branches in ('lambda: 1, lambda: y[1]', 'lambda: y[1], lambda: 1'):
      group.add(f'lax.switch({number}, [{branches}]) + ones(2, int8)', y=np.array([1, 5], np.int32),
                python=f'lax.switch({number}, [{branches}]) + jnp.ones(2, jnp.int8)')
  # Maps are taken apart sorted by key, however they are written.
  group.add("lax.scan(lambda c, v: (dict(b=c['b'] + v, a=c['a']), c), dict(a=1.0, b=0.0), x[:, 0])", x=x, tolerance=LOOSE)
  group.add("lax.cond(x[0, 0] < 9, lambda: dict(a=x, b=2 * x), lambda: dict(b=20 * x, a=10 * x))", x=x)
  group.add("lax.cond(x[0, 0] > 9, lambda: dict(a=x, b=2 * x), lambda: dict(b=20 * x, a=10 * x))", x=x)
  group.add("lax.associative_scan(lambda p, q: dict(b=p['b'] * q['b'], a=p['a'] + q['a']), dict(b=x, a=x))", x=x, tolerance=LOOSE)
  group.add('lax.associative_scan(lambda p, q: p[0] + q[0], [x])', x=x, tolerance=LOOSE)
  group.add('vmap(lambda row: [np.array([1.0, 2.0]), row.sum()])(x)', x=x, tolerance=LOOSE,
            python='jax.vmap(lambda row: [jnp.array([1.0, 2.0]), row.sum()])(x)')
  group.write()


def edges():
  """What lies at the edges: indices outside, NaN in orders, types of results, empty diagonals."""
  group = Functions('edges')

  def add(*expressions, tolerance=EXACT, **inputs):
    text = f'[{", ".join(expressions)}]'
    python = re.sub(r'(?<=[(\[ =])((u?int|float)\d+)\b', r'jnp.\1', text)
    group.add(text, python=python, tolerance=tolerance, **inputs)

  x, v, i = draw(2, 3), draw(4), np.int32(1)
  add('trace(x, 5)', 'trace(x, 2)', 'diagonal(x, 4)', 'diagonal(x, -3)', 'diag(x, 9)', 'diagonal(x, 2)', x=x)
  ids = np.array([[0, 1, 1], [0, 0, 1]], np.int32)
  add('segment_sum(x[0, 0], i[0], 2)', 'segment_sum(x[0], i, 2)', 'segment_max(x[0], i, 2)', 'segment_sum(x[:1], i[0], 2)',
      'segment_sum(x, i.reshape(3, 2), 2)', 'segment_prod(z, i, 2)', x=x, z=draw(3, 3), i=ids, tolerance=LOOSE)
  add('x.at[9, 0].set(1)', 'x.at[-9, 0].set(1)', 'x.at[9, i].set(1)', 'x.at[none, -9].set(1)', 'v.at[99, none].add(1)',
      'x.at[5, 0].set(1, mode="drop")', 'x.at[5, 0].set(1, mode="clip")', 'x.at[-5, 0].set(1, mode="clip")',
      'x.at[5].set(1, mode="clip")', 'x.at[-9, :].set(1)', 'v.at[-5].set(1)', 'x.at[1, -1].mul(3)', x=x, v=v, i=i)
  add('v.at[5].get(mode="fill", fill_value=9)', 'v.at[-5].get(mode="fill", fill_value=9)', 'v.at[5].get(mode="fill")',
      'x.at[5, 0].get(mode="fill", fill_value=3)', 'x.at[5, :2].get(mode="fill", fill_value=3)', 'x.at[:, -4].get(mode="drop")',
      'v.at[5].get()', 'x.at[5, i].get()', 'x.at[5, i].get(mode="fill")', 'v.at[9].get(fill_value=7)',
      'v.at[jnp.array([9])].get(fill_value=7)', 'x.astype(int32).at[5].get(mode="fill")',
      'x.astype(uint8).at[2, 5].get(mode="fill")', '(v > 0).at[5].get(mode="fill")', x=np.abs(x), v=v, i=i)
  add('take(v > 9, jnp.array([9, 0]))', 'take_along_axis(v > 9, jnp.array([9, 0]), 0)', v=v)
  add('v[i]', 'x[i, i]', 'x[:, i]', 'x[i, 0]', 'v[j]', 'x[i, jnp.array([0])]', 'take(v, i, mode="clip")', 'take(v, j, mode="clip")',
      'take(x[0], j, mode="wrap")', 'take(v, i)', 'v.at[i].set(9)', 'v.at[j].set(9)', 'lax.dynamic_slice(v, (i,), (2,))',
      'lax.dynamic_index_in_dim(v, i, 0)', 'v[k]', x=x, v=v, i=np.uint32(2**32 - 1), j=np.array([2**32 - 1, 2**31], np.uint32),
      k=np.uint8(200))
  add('inner(c, c, preferred_element_type=int32)', 'vdot(c, c, preferred_element_type=int32)', 'vecdot(c, c, preferred_element_type=int32)',
      'tensordot(c, c, 1, preferred_element_type=int32)', 'inner(c, c[0], preferred_element_type=int32)',
      'vdot(h, h, preferred_element_type=float32)', 'inner(h, c, preferred_element_type=float32)', 'vdot(v, v, preferred_element_type=int32)',
      'matmul(v, w, preferred_element_type=int32)', 'einsum("i,i", v, w, preferred_element_type=int32)',
      'einsum("i->i", 3 * v, preferred_element_type=int32)', 'dot(v, w, preferred_element_type=int32)',
      'lax.dot_general(v, w, (((0,), (0,)), ((), ())), preferred_element_type=int32)', 'matmul(c, c, preferred_element_type=float32)',
      'matmul(c, c, preferred_element_type=int16)', c=np.full(3, 100, np.int8), h=np.arange(3, dtype=FLOAT16),
      v=np.array([.5, .5], np.float32), w=np.array([2, 2], np.float32))
  add('hypot(u, i)', 'logaddexp2(u, i)', 'float_power(u, 1)', 'copysign(i, u)', 'heaviside(u, i)', 'average(i, weights=u)', 'isclose(u, -i)',
      'hypot(3, 4)', 'hypot(3, h)', 'copysign(2, i)', 'float_power(u, i)', u=np.array([2**32 - 1, 1], np.uint32), i=np.array([1, 2], np.int32),
      h=np.array([0, 1], FLOAT16), tolerance=LOOSE)
  add('repeat(v, 2, total_repeat_length=5)', 'repeat(v, 2, total_repeat_length=11)', 'repeat(v, np.array([1, 2, 3, 0]), total_repeat_length=8)',
      'repeat(v, np.array([1, 2, 3, 0]), total_repeat_length=4)', 'repeat(x, 2, axis=1, total_repeat_length=7)',
      'repeat(x, 2, total_repeat_length=7)', 'repeat(v, 0, total_repeat_length=2)', 'repeat(v[0], 3, total_repeat_length=2)', x=x, v=v)
  gaps = np.array([1, 2, np.nan, np.nan], np.float32)
  add('array_equal(v, v, equal_nan=true)', 'array_equal(v, v)', 'array_equal(v, v.astype(float16), equal_nan=true)',
      'array_equal(v, v[::-1], equal_nan=true)', 'array_equal(i, i, equal_nan=true)', v=gaps, i=ids)
  add('searchsorted(v, w)', 'searchsorted(v, w, side="right")', 'searchsorted(v[:2], w)', 'searchsorted(z, z)', 'searchsorted(z, z, side="right")',
      'digitize(w, v[:2])', 'digitize(nan, v[:2])', 'digitize(w, v[1::-1])', 'digitize(w, v[1::-1], right=true)',
      'digitize(i, jnp.array([1, 0]))', 'digitize(i, jnp.array([1, 0]), right=true)', 'digitize(i, jnp.array([1]))', 'digitize(w, v[:0])',
      v=gaps, w=np.array([np.nan, 2, 3, 1, 0], np.float32), z=np.array([-0.0, 0.0], np.float32), i=np.array([1, 0, 2], np.int32))
  add('unique(v, size=4)', 'unique(v, size=5, equal_nan=false)', 'unique(w, size=5)', 'unique(v, size=4, fill_value=7)', v=gaps,
      w=np.array([np.nan, np.nan, 1, 2, 1], np.float32))
  add('heaviside(v, 0.5)', 'heaviside(v, v)', v=np.array([np.nan, 0, 1, -1], np.float32))
  add('softmax(u)', 'softmax(c)', 'log_softmax(c)', 'log_softmax(u)', 'softmax(c, where=b)', 'log_softmax(u, where=b)', 'softmax(i)',
      'logsumexp(c)', 'softmax(u.astype(int32))', u=np.array([0, 1], np.uint8), c=np.array([-100, 100], np.int8),
      b=np.array([True, False]), i=np.array([2000000000, -2000000000], np.int32), tolerance=LOOSE)
  add('x.at[jnp.array([1, 1])].apply(lambda v: v + 0.5)', 'x[0].at[jnp.array([1, 1, -2, 0])].apply(lambda v: v * 2 + 1)',
      'x.at[jnp.array([1, 1]), 0].apply(lambda v: v * 10)', 'x.at[1:].apply(lambda v: v + 1)', 'x[0].at[7].apply(lambda v: v + 1)',
      'x[0].at[9].apply(lambda v: v + 1, mode="clip")', 'x.at[i].apply(lambda v: 3 * v)', x=draw(3, 3), i=np.array([[0, 2], [2, 2]], np.int32),
      tolerance=LOOSE)
  add('nonzero(i, size=5, fill_value=1.5)', 'argwhere(i, size=5, fill_value=1.5)', 'flatnonzero(i, size=1, fill_value=1.5)',
      'nonzero(i, size=4, fill_value=true)', 'nonzero(x, size=7, fill_value=(7, 1.5))', 'argwhere(x, size=7, fill_value=(7, 1.5))',
      'nonzero(i, size=5, fill_value=u)', 'nonzero(i, size=5, fill_value=h)', 'argwhere(u, size=3)',
      'ones(3, float16) * argwhere(x > 0, size=1, fill_value=1.5)[0, 0]', x=x, i=np.array([1, 0, 3], np.int32), u=np.uint8(9), h=FLOAT16(9))
  add('bitwise_count(i)', 'bitwise_count(c)', 'bitwise_count(i > 0)', 'bitwise_count(u)', 'bitwise_count(5)', 'lax.population_count(i)',
      i=np.array([-1, -8, 2**31 - 1, -2**31], np.int32), c=np.array([-1, -8, -128, 127], np.int8), u=np.array([2**32 - 1], np.uint32))
  add('var(i, dtype=int32)', 'var(v, dtype=int32)', 'var(i, dtype=int8, ddof=1)', 'var(i, dtype=int32, where=i > 0)', 'var(i, dtype=uint8)',
      'var(i, dtype=int32, mean=v[:1])', 'var(i, dtype=int32, ddof=5)', 'var(v, dtype=int32, keepdims=true)',
      'var(i, dtype=int32) * ones(1, float16)', i=np.array([1, 0, 3], np.int32), v=np.array([1.5, 0.7, -2.9], np.float32))
  add('jnp.array([np.int8(1), 2])', 'jnp.array([np.float16(1), 2.5])', 'jnp.array([np.int8(1), 2.5])', 'jnp.array([[np.int8(1), 2], [3, 4]])',
      'jnp.array([np.array([1, 2], "int8"), [3, 4]])', 'jnp.array([np.int8(1), true])', 'jnp.array([np.int8(1), np.int16(300)])',
      'jnp.array([np.float64(1), 2])', 'jnp.array([np.float16(1), np.int32(1)])', 'jnp.array([np.int64(1), 2.5])',
      'jnp.array([np.int8(1), 2], float32)')
  add('lax.select(true, 1.0, 2.0) * h', 'lax.select(true, 1, 2) * c', 'lax.select(h[0] > 0, float32(1), 2.0) * h', 'lax.select_n(true, 1.0, 2.0) * h',
      'lax.select_n(c[0], 1.0, 2.0, 3.0) * h', h=np.arange(3, dtype=FLOAT16), c=np.array([1, 2], np.int8))
  add('np.ascontiguousarray(2)', 'np.ascontiguousarray([2])', 'np.ascontiguousarray(2.5, dtype="float32")')
  add('-7 // inf', '7 // -inf', '1.5 // -inf', '7 // inf', 'inf // 2', '7.5 // 2', '-7.5 // 2', '1.0 // 0.1', '0.0 // -inf')
  truth = np.array([True, False, True])
  add('x.at[0].set(1, unique_indices=true)', 'x.at[0].add(x[1], indices_are_sorted=true, unique_indices=true)', 'x.at[:, 1].max(0, mode="drop")',
      'x[true]', 'x[false]', 'x[[], :]', 'x[:, []]', 'x.at[true].set(1)', 'x.at[2:1].set(x)', 'roll(x, (1, 2))', 'roll(x, (1,))',
      'full((2,), 300, int8)', 'full((2,), -1, uint8)', x=x)
  add('t.at[0].max(false)', 't.at[1].min(true)', 'lax.top_k(t, 2)[1]', 'take(v, t)',
      'v.at[0].subtract(true)', 'segment_max(t, jnp.array([0, 1, 1]), 3)', 'segment_min(t, jnp.array([0, 1, 1]), 3)',
      'lax.dot_general(v, v.astype(float16), (((0,), (0,)), ((), ())))', t=truth, v=np.arange(3, dtype=np.float32))
  # Short loops, middle ones and long ones of XLA's code.
  add('linspace(0.1, 0.9, 7)', 'linspace(-0.3, 0.7, 24, endpoint=false)', 'linspace(v[1], v[2], 34)', 'linspace(-1.0, 1.0, 100)',
      'linspace(0.0001, 0.02, 300)', 'linspace(2.0, 50.0, 1000)', 'linspace(-1.0, 1.0, 504)', v=np.array([0.0, 0.3, 1.7], np.float32))
  group.write()


def main():
  function_cases.PYTHON.update(max_=max, min_=min, round_=round, sum_=sum)
  group = Functions('kin')
  for family in (elementwise, reductions, orders, shapes, products, more, static, later):
    family(group)
  group.write()
  control_flow()
  edges()
  write_index()


if __name__ == '__main__':
  main()
