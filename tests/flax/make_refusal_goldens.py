"""Writes goldens/refused.json and goldens/functions/cross_checked: what JAX's functions refuse, and what they take of the same kind.

Nothing is picked: a family is a product of functions and arguments. The expressions that JAX refuses go to `refused.json`,
where linenc must report each; those that it takes are a case with values.
"""

import itertools
import json

import jax
import jax.ops
import jax.numpy as jnp

import function_cases
from function_cases import PYTHON, Functions
from golden_files import ROOT, write_index
from make_cross_goldens import NAMED, values

function_cases.PYTHON.update(jax=jax)

LETTERS = {'b': 'bool', 'c': 'int8', 'u': 'uint8', 'i': 'int32', 'w': 'uint32', 'h': 'float16', 'g': 'bfloat16', 'f': 'float32'}
SHAPES = {'s': (), 'v': (3,), 'm': (2, 3), 't': (2, 1, 3), 'q': (3, 3), 'e': (0,), 'z': (0, 3), 'y': (2, 0)}
INPUTS = {f'{letter}_{shape}': values(SHAPES[shape], dtype, letter) for letter, dtype in LETTERS.items() for shape in SHAPES}
TYPES = {name: f'{LETTERS[name[0]]}{json.dumps(list(SHAPES[name[2]]))}' for name in INPUTS}

REFUSALS = (TypeError, ValueError, NotImplementedError, ZeroDivisionError, AttributeError, IndexError)


def product(pattern, **choices):
  """The pattern with every combination of the choices put in."""
  return [pattern.format(**dict(zip(choices, some))) for some in itertools.product(*(c.split('|') for c in choices.values()))]


EVERY_TYPE = '|'.join(LETTERS)
LAX_BINARY = 'add|sub|mul|div|rem|max|min|atan2|nextafter|bitwise_and|shift_left|shift_right_logical|eq|lt|ge|pow'
LAX_UNARY = ('abs|sign|neg|square|exp|log|sqrt|rsqrt|sin|tanh|logistic|erf|floor|ceil|is_finite|bitwise_not|population_count|'
             'cbrt|lgamma|expm1')
AXES = '0|1|-1|-2|2'
AXIS_LISTS = '(0,)|(1,)|(-1,)|(0, 1)|(1, 0)|(0, -1)|(0, 0)|()|0|none'
FAMILIES = {
    'lax_pairs_of_types': product('lax.{f}({x}_v, {y}_v)', f=LAX_BINARY, x='b|i|u|f', y='b|i|f|h'),
    'lax_pairs_of_ranks': product('lax.{f}(f_{x}, f_{y})', f='add|mul|max|atan2|pow|eq|lt|nextafter', x='s|v|m|t', y='s|v|m|t'),
    'lax_pairs_with_numbers': product('lax.{f}({x}_v, {y})', f='add|max|pow|lt|rem', x='b|i|u|h|f', y='2|2.5|true'),
    'lax_one_array': product('lax.{f}({x}_v)', f=LAX_UNARY, x=EVERY_TYPE),
    'lax_integer_pow': product('lax.integer_pow({x}_v, {n})', x=EVERY_TYPE, n='0|2'),
    'lax_clamp': product('lax.clamp({a}, f_{x}, {a})', a='f_s|f_v|f_m|1.0|i_s', x='s|v|m'),
    'lax_along_an_axis': product('lax.{f}(f_{x}, {a})', f='cumsum|cumprod|cummax|cummin|cumlogsumexp', x='v|m', a=AXES),
    'lax_arguments_of_extremes': product('lax.{f}(f_{x}, {a}, int32)', f='argmax|argmin', x='v|m|e', a=AXES),
    'lax_iota': product('lax.broadcasted_iota({d}, {s}, {a})', d='int32|float32', s='(3,)|(2, 3)', a=AXES),
    'lax_joined': product('lax.concatenate([{x}_m, {y}_m], {a})', x='f|i', y='f|i|h', a=AXES),
    'lax_axis_lists': product('lax.{f}(f_m, {a})', f='transpose|rev|expand_dims', a=AXIS_LISTS),
    'lax_squeezed': product('lax.squeeze(f_t, {a})', a='(1,)|(-2,)|(0,)|1|none|()|(1, 1)'),
    'lax_stretched': product('lax.broadcast_in_dim(f_v, {s}, {a})', s='(2, 3)|(3, 2)|3', a='(1,)|(0,)|(-1,)|()|1|(2,)')
                     + product('lax.broadcast(f_v, {s})', s='(2,)|2|()|(0,)'),
    'lax_slices_of_an_axis': product('lax.slice_in_dim(f_m, {a}, {b}, axis={x})', a='0|1|-1|-9|none|2', b='1|2|3|9|-1|-9|none', x='0|1'),
    'lax_strides': product('lax.slice_in_dim(f_m, 0, 3, {s}, axis=1)', s='1|2|9|0|-1'),
    'lax_elements_of_an_axis': product('lax.index_in_dim(f_{x}, {i}, {a})', x='m|z', i='0|1|-1|2|3|-3|-4|9', a='0|1'),
    'lax_starts': product('lax.dynamic_slice(f_m, ({a}, {b}), (1, 2))', a='0|i_s|u_s|w_s|f_s', b='1|i_s|u_s|1.0'),
    'lax_batches': product('lax.batch_matmul({x}, {y})', x='f_v|f_m|f_q|f_t', y='f_v|f_q|f_t|jnp.swapaxes(f_t, 1, 2)'),
    'lists': product('jnp.{f}([1, 2])', f='sum|mean|max|exp|abs|sort|cumsum|ravel|atleast_1d|atleast_2d|atleast_3d|zeros_like|'
                                          'broadcast_arrays|meshgrid|squeeze|flip|argmax|any|median|copy|asarray|array')
             + product('jnp.{f}(f_v, [1, 2, 3])', f='add|maximum|where|dot|outer|append|isclose|convolve|searchsorted|power|tile|'
                                                     'quantile|percentile|repeat|delete|roll|full_like')
             + product('jnp.{f}([f_v, [1, 2, 3]])', f='concatenate|stack|vstack|hstack|dstack|column_stack')
             + product('jnp.insert(f_v, {i}, {v})', i='1|[0, 1]|np.array([0, 1])', v='2.0|[2.0, 3.0]|f_v[:2]')
             + ['jnp.full((3,), [1, 2, 3])', 'jnp.choose(i_v, [[1, 2, 3], [4, 5, 6]], mode="clip")', 'jnp.select([b_v], [[1, 2, 3]])',
                'jnp.einsum("i,i", [1, 2, 3], f_v)', 'lax.select_n(b_v, [1, 2, 3], i_v)', 'jnp.sum([f_v, f_v])',
                'jnp.put_along_axis(f_v, i_v, [1.0], 0, inplace=false)', 'jnp.average(f_v, weights=[1, 2, 3])'],
    'by_place_alone': product('jnp.{f}(f_v, {k}f_v)', f='add|floor_divide|true_divide|power|arctan2|copysign|heaviside|fmod|divmod|less|'
                                                         'logical_and|hypot|ldexp|nextafter|logaddexp|logaddexp2|float_power|vecdot|fmax|fmin',
                              k='|x2=|y=')
                      + product('jnp.{f}({k}f_v)', f='exp|abs|sinc|isnan|logical_not|sign|floor|real|conj|tanh|rint|reciprocal', k='|x=')
                      + ['jnp.where(b_v, f_v, y=1)', 'jnp.where(b_v, x=f_v, y=1)', 'jnp.where(b_v, f_v, 1)', 'jnp.clip(arr=f_v)', 'jnp.clip(f_v, min=0, max=1)',
                                                                                    'jnp.permute_dims(a=f_m, axes=(1, 0))', 'lax.nextafter(x=f_v, y=f_v)',
                                                                                    'lax.nextafter(x1=f_v, x2=f_v)'],
    'permuted': product('jnp.{f}(f_m, {a})', f='permute_dims|transpose', a='(1, 0)|(0, 1)|(0, -1)|(-1, 0)|(0,)|(0, 0)'),
    'empty_reductions': product('jnp.{f}(f_{x}{a})', f='sum|prod|max|min|nanmax|nanmin|ptp|argmax|argmin|median|any|all|mean|cumsum|sort',
                                x='e|z|y', a='|, axis=0|, axis=-1'),
    'empty_quantiles': product('jnp.quantile(f_{x}, 0.5{a})', x='e|z|y', a='|, axis=0|, axis=-1'),
    'taken_from_nothing': product('jnp.take(f_{x}, {i}, axis={a}{m})', x='z|y', i='i_v|i_e|0', a='0|1', m='|, mode="clip"|, mode="wrap"')
                          + product('f_{x}[{i}]', x='e|z|y', i='0|-1|i_v|i_e|:|i_v[:0]') + product('f_{x}[{i}, {j}]', x='z|y', i='0|i_v|:', j='0|i_v|:')
                          + product('f_{x}.at[{i}].{f}(1)', x='e|z|y', i='0|i_v|:|i_e', f='set|add')
                          + product('f_{x}.at[{i}, {j}].set(1)', x='z|y', i='0|i_v|:', j='0|i_v|:'),
    'cuts': product('jnp.{f}(f_v, {i})', f='split|array_split', i='1|3|2|[1]|[1, 1]|[2, 1]|[3]|[5]|[-1]|[]|np.array([1])|0|-1')
            + product('jnp.vsplit(f_q, {i})', i='3|2|[1]|[5]|[-1]'),
    'types': product('jnp.{f}({x}_v)', f='round|bitwise_not|bitwise_count|negative|sqrt|sinc|nan_to_num', x=EVERY_TYPE)
             + product('jax.nn.{f}({x}_v)', f='softmax|log_softmax|relu|gelu|logsumexp|sigmoid', x='b|i|f')
             + product('jax.nn.one_hot({x}_v, 3)', x=EVERY_TYPE) + product('jnp.bincount({x}_v, length=3)', x='b|i|u|f|h')
             + product('jnp.quantile(f_v, {q})', q='0.5|1|true|f_s|b_s') + product('jnp.arange({n})', n='3|2.5|true|false|none')
             + product('jnp.arange({n}, dtype=int32)', n='3|true'),
    'types_of_products': product('jnp.{f}({x}_v, {x}_v, preferred_element_type={d})', f='dot|matmul|inner|vdot', x='c|i|w|h|f',
                                 d='int8|int32|uint32|float16|bfloat16|float32'),
    'vectors': product('jnp.vecdot(f_{x}, f_{y}{a})', x='v|m|q', y='v|m|q', a='|, axis=0') + ['jnp.vecdot(f_v, f_v[:1])'],
    'deviations': product('jnp.{f}(f_m, {a})', f='std|var', a='ddof=1|correction=1|ddof=1, correction=1|ddof=0, correction=1|mean=0.0|'
                                                              'axis=1, mean=f_m[:, :1]|axis=0, mean=f_v'),
    'choices': product('lax.select({p}, {x}, {y})', p='b_m|b_s|b_v|i_s|i_m|f_m|true', x='f_m|f_v|1.5', y='f_m|f_v|i_m')
               + product('lax.select_n({p}, {x})', p='b_m|b_s|b_v|i_s|i_m|f_m|1|true', x='f_m|f_m, f_m|f_m, f_v|f_m, 2.0|f_m, f_m, f_m|f_s, f_s'),
    'first_numbers': product('jnp.{f}(f_m, initial={i})', f='max|min|nanmax|nanmin|sum|prod|amax|amin|nansum', i='f_s|f_v|i_s|2|2.5'),
    'counts': product('jnp.diff(f_v, n={n})', n='-1|0|1|2|1.5') + product('jnp.{f}({n}{m})', f='tril_indices|triu_indices', n='-1|0|2', m='|, m=-1|, m=3')
              + product('jnp.indices({n})', n='2|(2,)|(2, 3)'),
    'of_unknown_length': product('jnp.{f}(f_{x}, size=2)', f='nonzero|flatnonzero|argwhere', x='s|v|e|z')
                         + product('jnp.extract(b_{c}, f_v, size={n})', c='v|m', n='0|3|4'),
    'draws': product('random.bernoulli(random.key(1), {p}, {s})', p='0.5|p_v|true|i_s|p_m', s='none|(3,)|(2, 3)|(1,)')
             + product('random.uniform(random.key(1), {s}, minval={a})', s='(3,)|(2, 3)|(1,)|()', a='0.0|f_v|f_m|f_s')
             + product('random.categorical(random.key(1), {x}_m)', x=EVERY_TYPE)
             + product('random.choice(random.key(1), {a}, {s})', a='0|5|f_v|f_e|[1, 2]', s='()|(2,)|(0,)'),
    'names': ['jax.nn.normalize(f_v)', 'nn.normalize(f_v)', 'nn.min_pool(f_m, (1,))', 'f_v.amin()', 'f_v.amax()', 'f_v.min()', 'f_v.max(axis=0)'],
}
INPUTS |= {'p_v': values((3,), 'float32', positive=True) % 1, 'p_m': values((2, 3), 'float32', positive=True) % 1}
TYPES |= {'p_v': 'float32[3]', 'p_m': 'float32[2, 3]'}


def is_taken(expression, names):
  try:
    eval(expression, names)
    return True
  except REFUSALS:
    return False


def words(expression):
  return set(''.join(c if c.isalnum() or c == '_' else ' ' for c in expression).split())


def main():
  names = PYTHON | {name: jnp.asarray(array) for name, array in INPUTS.items()} | {'np': __import__('numpy')}
  function_cases.PYTHON.update(np=names['np'])
  group, refused = Functions('cross_checked'), {}
  for family, expressions in FAMILIES.items():
    taken = [e for e in expressions if is_taken(e, names)]
    refused[family] = [e for e in expressions if e not in taken]
    used = {name: array for name, array in INPUTS.items() if any(name in words(e) for e in taken)}
    if taken:
      group.add('[' + ', '.join(taken) + ']', name=family, **used)
  group.write()
  (ROOT / 'refused.json').write_text(json.dumps({'version': 1, 'inputs': TYPES, 'families': refused}, indent=1) + '\n')
  write_index()


if __name__ == '__main__':
  main()
