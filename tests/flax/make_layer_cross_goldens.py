"""Writes goldens/layers/cross_*: every layer over the values of all its fields, over shapes, dtypes and calls.

Nothing is picked: for each field there is a list of values, and the argument sets are the fewest in which every pair of
values of two fields meets (every value of a field alone, where it has no partner). All of them run on every shape in
float32, the first few with every dtype of the input, of the computation and of the parameters. A case is one shape or one
triple of dtypes: a body that makes the layer once for each argument set and returns what they give. What Flax refuses is
left out.
"""

import functools
import itertools

import flax.linen as nn
import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np

from golden_files import Group, generator, write_index
from yaml_text import Body, Text, body_file, fields_text, of_flax

BFLOAT16, FLOAT16 = ml_dtypes.bfloat16, np.float16
REFUSALS = (TypeError, ValueError, NotImplementedError, ZeroDivisionError, AttributeError, IndexError, AssertionError,
            KeyError, NameError)


def draw(shape, dtype=np.float32, name=''):
  drawn = generator(f'{shape} {name}').standard_normal(shape)
  return (drawn * 2 if np.dtype(dtype).kind in 'iu' else drawn).astype(np.float32).astype(dtype)


class Made(Text):
  """A field that is a module: made anew, inside the body, whenever its value is asked for."""
  def __init__(self, cls, **fields):
    self.make = lambda: cls(**of_flax(fields))
    self.text = f'{{{cls.__name__}: {fields_text(fields)}}}'

  @property
  def value(self):
    return self.make()


class All(Text):
  """A list of values with words of their own."""
  def __init__(self, *items):
    self.items = items
    self.text = '[' + ', '.join(item.text for item in items) + ']'

  @property
  def value(self):
    return [item.value for item in self.items]


class Call:
  """How the layer is called: names of inputs by position, then keywords with names of inputs or values."""
  def __init__(self, *positional, **keywords):
    self.positional = positional
    self.keywords = keywords

  @property
  def text(self):
    if not self.keywords:
      return self.positional[0] if len(self.positional) == 1 else f'[{", ".join(self.positional)}]'
    words = {key: value if isinstance(value, str) else str(value).lower() for key, value in self.keywords.items()}
    return f'[{", ".join(self.positional)}, {{{", ".join(f"{k}: {v}" for k, v in words.items())}}}]'

  def __call__(self, layer, arrays):
    keywords = {key: arrays[value] if isinstance(value, str) else value for key, value in self.keywords.items()}
    return layer(*(arrays[name] for name in self.positional), **keywords)


X = Call('x')
TRIES = 12  # how many argument sets are tried for a pair that has not met yet


def argument_sets(fields):
  """The fewest maps in which each pair of values of two fields stands together: the greedy choice, in a fixed order."""
  names = list(fields)
  every = list(itertools.product(*(range(len(fields[name])) for name in names)))
  pairs = lambda row: set(itertools.combinations(enumerate(row), 2)) or {(place,) for place in enumerate(row)}
  open_pairs = set().union(*map(pairs, every))
  rows = []
  while open_pairs:
    row = max(every[:20000], key=lambda r: len(pairs(r) & open_pairs))
    if not pairs(row) & open_pairs:
      row = max(every, key=lambda r: len(pairs(r) & open_pairs))
    open_pairs -= pairs(row)
    rows.append(row)
  return [{name: fields[name][i] for name, i in zip(names, row)} for row in rows]


class Cross:
  """The cases of one layer. `call` among the fields holds the calls."""
  def __init__(self, cls, fields, name=None, must=(), few=3):
    self.cls = cls
    self.must = dict(must)
    self.fields = {'call': [X]} | fields
    self.sets = argument_sets(self.fields)
    self.few = few
    self.group = Group('layers/cross_' + (name or snake_case(cls.__name__)))

  def body(self, sets):
    """A function for `Body` and the statements that say the same."""
    def run(module, *arrays, names):
      given = dict(zip(names, arrays))
      # Modules among the fields stand before their owner, in the order of the fields, in a model file and here.
      return [chosen['call'](self.cls(**self.fields_of(chosen)), given) for chosen in sets]

    lines = []
    for number, chosen in enumerate(sets):
      fields = self.must | {key: value for key, value in chosen.items() if key != 'call' and value is not DEFAULT}
      lines += [f'{self.cls.__name__}: {fields_text(fields)}', f'  in: {chosen["call"].text}', f'  out: y{number}']
    return run, lines + ['return: [' + ', '.join(f'y{number}' for number in range(len(sets))) + ']']

  def fields_of(self, chosen):
    return of_flax(self.must | {key: value for key, value in chosen.items() if key != 'call' and value is not DEFAULT})

  def accepted(self, sets, inputs, streams):
    kept = []
    for chosen in sets:
      run = functools.partial(self.body([chosen])[0], names=list(inputs))
      keys = {stream: jax.random.key(0) for stream in ('params', *streams)}
      try:
        arrays = list(map(jnp.asarray, inputs.values()))
        jax.eval_shape(Body(run).init, keys, *arrays)
        Body(run).init(keys, *arrays)  # some refusals come when an operation is compiled
        kept.append(chosen)
      except REFUSALS:
        pass
    return kept

  def fitting(self, inputs, options):
    """The argument sets that Flax takes for these inputs, with further ones for pairs that only refused sets had."""
    streams = dict(options.get('rngs', ()))
    kept = self.accepted(self.sets, inputs, streams)
    met = set().union(*map(self.pairs, kept)) if kept else set()
    order = generator(f'{self.group.name} {list(inputs.values())[0].shape}')
    for pair in sorted(set().union(*map(self.pairs, self.sets)) - met):
      for _ in range(TRIES if pair not in met else 0):
        places = {name: int(order.integers(len(values))) for name, values in self.fields.items()} | dict(pair)
        chosen = {name: self.fields[name][place] for name, place in places.items()}
        if self.accepted([chosen], inputs, streams):
          kept.append(chosen)
          met |= self.pairs(chosen)
          break
    return kept

  def pairs(self, chosen):
    places = [(name, next(i for i, v in enumerate(values) if v is chosen[name])) for name, values in self.fields.items()]
    return set(itertools.combinations(places, 2))

  def add(self, name, sets, inputs, **options):
    kept = self.accepted(sets, inputs, dict(options.get('rngs', ())))
    if not kept:
      print(f'{self.group.name}/{name}: nothing is accepted')
      return
    used = {word for chosen in kept for word in words(chosen['call'].text)}
    inputs = {key: array for key, array in inputs.items() if key in used}
    run, lines = self.body(kept)
    self.group.add(name, Body(functools.partial(run, names=list(inputs))), yaml=body_file(lines, inputs), inputs=inputs,
                   **({'variables': 'random'} | options))

  def shapes(self, shapes, extra=lambda shape: {}, **options):
    for shape in shapes:
      inputs = {'x': draw(shape)} | extra(shape)
      self.add('x'.join(map(str, shape)) or 'scalar', self.fitting(inputs, options), inputs, **options)
    return self

  def dtypes(self, shape, extra=lambda shape: {}, inputs=('float32', 'bfloat16', 'float16', 'int32', 'uint8', 'bool'),
             computed=(None, 'float32', 'bfloat16', 'float16'), stored=('float32', 'bfloat16', 'float16'), **options):
    named = {'bfloat16': BFLOAT16, 'float16': FLOAT16, 'float32': np.float32, 'int32': np.int32, 'uint8': np.uint8,
             'bool': np.bool_}
    few = self.accepted(self.sets, {'x': draw(shape, named[inputs[0]])} | extra(shape), dict(options.get('rngs', ())))[:self.few]
    for given, dtype, param_dtype in itertools.product(inputs, computed, stored):
      fields = ({'dtype': named[dtype]} if dtype else {}) | ({'param_dtype': named[param_dtype]} if param_dtype else {})
      x = draw(shape, np.float32)
      x = {'bool': lambda: x > 0, 'uint8': lambda: np.abs(x * 2).astype(np.uint8)}.get(
          given, lambda: draw(shape, named[given]))()
      self.add(f'{given}_{dtype}_{param_dtype}', [chosen | fields for chosen in few], {'x': x} | extra(shape), **options)
    return self

  def write(self):
    self.group.write()


DEFAULT = object()  # the field is left out


def snake_case(name):
  return ''.join(
      '_' + c.lower() if c.isupper() and i and not name[i - 1].isupper() else c.lower() for i, c in enumerate(name))


def words(text):
  return ''.join(c if c.isalnum() or c == '_' else ' ' for c in text).split()


init = nn.initializers
KERNELS = [DEFAULT, Text(init.he_uniform(), 'he_uniform()'), Text(init.normal(0.5), 'normal(stddev=0.5)')]
BIASES = [DEFAULT, Text(init.ones_init(), 'ones_init()')]
SCALES = [DEFAULT, Text(init.uniform(2.0), 'uniform(2.0)')]
FLAGS = [True, False]


def dense():
  fields = {'features': [3, 1, 8], 'use_bias': FLAGS, 'kernel_init': KERNELS, 'bias_init': BIASES,
            'precision': [DEFAULT, 'highest']}
  Cross(nn.Dense, fields).shapes([(4,), (2, 4), (2, 3, 4), (1, 1, 5, 3), (0, 4), (3, 1)]).dtypes((2, 4)).write()


def dense_general():
  fields = {'features': [3, [2, 3]], 'axis': [-1, 0, [-2, -1], [0, 1], [1, -1]], 'batch_dims': [[], [0], [0, 1]],
            'use_bias': FLAGS, 'kernel_init': KERNELS, 'bias_init': BIASES}
  Cross(nn.DenseGeneral, fields).shapes([(4,), (2, 4), (2, 3, 4), (2, 1, 3, 2)]).dtypes((2, 3, 4)).write()


def einsum():
  fields = {'shape': [[4, 3], [3, 4], [4, 2, 3]], 'use_bias': FLAGS, 'kernel_init': KERNELS, 'bias_init': BIASES,
            'einsum_str': [DEFAULT, Text('...d,df->...f', "'...d,df->...f'"), Text('...d,fd->...f', "'...d,fd->...f'"),
                           Text('...d,dhf->...hf', "'...d,dhf->...hf'"), Text('bd,dhf->bhf', "'bd,dhf->bhf'")],
            'call': [X, Call('x', einsum_str="'...d,df->...f'")]}
  Cross(nn.Einsum, fields).shapes([(2, 4), (2, 3, 4)]).dtypes((2, 4)).write()


CONVOLUTION = {'features': [4, 2], 'strides': [DEFAULT, 2, [1, 2]], 'use_bias': FLAGS, 'kernel_init': KERNELS,
               'bias_init': BIASES}
PADDINGS = ['SAME', 'VALID', 'SAME_LOWER', 'CIRCULAR', 'REFLECT', 'CAUSAL', 1, [2, 0], [[1, 0], [0, 2]], [[0, 1], 1]]


def conv():
  fields = CONVOLUTION | {'kernel_size': [[3, 3], [2, 3], [1, 1], 3, [3]], 'padding': PADDINGS,
                          'input_dilation': [DEFAULT, 2, [2, 1]], 'kernel_dilation': [DEFAULT, 2, [1, 2]],
                          'feature_group_count': [1, 2]}
  shapes = [(1, 6, 5, 2), (2, 7, 8, 4), (6, 5, 2), (2, 9, 2), (9, 2), (2, 1, 5, 6, 2)]
  Cross(nn.Conv, fields).shapes(shapes).dtypes((1, 5, 6, 2)).write()
  three = fields | {'kernel_size': [[2, 3, 1], 2], 'strides': [DEFAULT, 2, [1, 2, 1]], 'padding': ['SAME', 'VALID', 1],
                    'input_dilation': [DEFAULT, 2], 'kernel_dilation': [DEFAULT, [2, 1, 1]]}
  Cross(nn.Conv, three, 'conv_3d').shapes([(1, 3, 4, 3, 2), (2, 2, 3, 1, 4)]).write()


def conv_transpose():
  fields = CONVOLUTION | {'kernel_size': [[3, 3], [2, 4], [1, 1], 3, [3]],
                          'padding': ['SAME', 'VALID', 'CIRCULAR', 1, [[1, 0], [0, 2]]],
                          'kernel_dilation': [DEFAULT, 2, [1, 2]], 'transpose_kernel': FLAGS}
  Cross(nn.ConvTranspose, fields).shapes([(1, 4, 5, 2), (2, 3, 3, 4), (4, 3, 2), (2, 5, 2), (2, 1, 3, 4, 2)]).dtypes(
      (1, 4, 3, 2)).write()


def embed():
  cross = Cross(nn.Embed, {'num_embeddings': [7, 1], 'features': [4, 1], 'embedding_init': KERNELS})
  for dtype in (np.int32, np.int8, np.uint8, np.uint32):
    for shape in ((), (5,), (2, 3), (0, 2)):
      ids = (np.arange(np.prod(shape, dtype=int)).reshape(shape) * 3 - (4 if np.dtype(dtype).kind == 'i' else 0)).astype(dtype)
      cross.add(f'{np.dtype(dtype).name}_{"x".join(map(str, shape)) or "scalar"}', cross.sets, {'x': ids})
  cross.dtypes((2, 3), inputs=('int32',)).write()


NORMALIZATION = {'epsilon': [DEFAULT, 0.1], 'use_bias': FLAGS, 'use_scale': FLAGS, 'bias_init': BIASES, 'scale_init': SCALES,
                 'use_fast_variance': FLAGS, 'force_float32_reductions': FLAGS}


def masked(call='mask'):
  return [X, Call('x', **{call: 'm'})]


def mask_like(shape):
  return {'m': np.arange(np.prod(shape, dtype=int)).reshape(shape) % 5 != 1}


def batch_norm():
  for name, running in (('training', False), ('evaluation', True)):
    fields = NORMALIZATION | {'axis': [-1, 0, [1, -1]], 'momentum': [DEFAULT, 0.5], 'call': masked()}
    cross = Cross(nn.BatchNorm, fields, f'batch_norm_{name}', must={'use_running_average': running})
    options = {} if running else {'mutable': ['batch_stats']}
    cross.shapes([(6, 3), (4, 3, 2), (2, 3, 4, 2)], mask_like, **options)
    cross.dtypes((6, 3), mask_like, inputs=('float32', 'bfloat16', 'float16', 'int32'), **options).write()


def layer_norm():
  fields = NORMALIZATION | {'reduction_axes': [-1, 0, [-2, -1]], 'feature_axes': [-1, [-2, -1], 0], 'call': masked()}
  Cross(nn.LayerNorm, fields).shapes([(5,), (2, 5), (3, 2, 5), (2, 1)], mask_like).dtypes((3, 8), mask_like).write()


def rms_norm():
  fields = {key: value for key, value in NORMALIZATION.items() if 'bias' not in key}
  fields |= {'reduction_axes': [-1, 0, [-2, -1]], 'feature_axes': [-1, [-2, -1], 0], 'call': masked()}
  Cross(nn.RMSNorm, fields).shapes([(5,), (2, 5), (3, 2, 5)], mask_like).dtypes((3, 8), mask_like).write()


def group_norm():
  fields = NORMALIZATION | {'num_groups': [2, 1, 4, None], 'group_size': [DEFAULT, 2, 1],
                            'reduction_axes': [DEFAULT, [-2, -1], [-1]], 'call': masked()}
  Cross(nn.GroupNorm, fields).shapes([(2, 4), (2, 3, 4), (2, 3, 2, 8)], mask_like).dtypes((2, 3, 4), mask_like).write()


def instance_norm():
  fields = NORMALIZATION | {'feature_axes': [-1, [1, -1], [1]], 'call': masked()}
  Cross(nn.InstanceNorm, fields).shapes([(2, 3, 4), (2, 3, 4, 3)], mask_like).dtypes((2, 6, 4), mask_like).write()


def dropout():
  streams = {'rngs': {'dropout': 1, 'noise': 2}, 'apply_rngs': {'dropout': 7, 'noise': 5}}
  fields = {'rate': [0.5, 0.0, 0.1, 1.0], 'broadcast_dims': [DEFAULT, [0], [-1], [0, 1]], 'deterministic': [False, True, None],
            'rng_collection': [DEFAULT, 'noise'],
            'call': [X, Call('x', deterministic=False), Call('x', deterministic=True)]}
  cross = Cross(nn.Dropout, fields, few=5).shapes([(), (5,), (4, 6), (2, 3, 4)], variables=None, **streams)
  cross.dtypes((3, 4), inputs=('float32', 'bfloat16', 'float16', 'int32'), computed=(None,), stored=(None,), variables=None,
               **streams).write()


def attention():
  heads = {'num_heads': [2, 1], 'qkv_features': [DEFAULT, 12], 'out_features': [DEFAULT, 5], 'use_bias': FLAGS,
           'dropout_rate': [0.0, 0.4], 'broadcast_dropout': FLAGS, 'deterministic': FLAGS, 'normalize_qk': FLAGS,
           'kernel_init': KERNELS, 'out_kernel_init': [DEFAULT, KERNELS[2]], 'bias_init': BIASES, 'out_bias_init': BIASES,
           'force_fp32_for_softmax': FLAGS}
  streams = {'rngs': {'dropout': 1}, 'apply_rngs': {'dropout': 6}}

  def extra(shape):
    *batch, length, _ = shape
    batch = tuple(batch)
    return {'y': draw(batch + (7, 6), name='kv'), 'v': draw(batch + (7, 3), name='v'), 'z': draw(shape, name='z'),
            'm': np.tril(np.ones((1,) * len(batch) + (1, length, length), bool)),
            'w': (np.arange(length * 7).reshape((1,) * len(batch) + (1, length, 7)) % 3 != 1).astype(np.float32)}

  calls = [X, Call('x', 'y'), Call('x', 'y', 'v'), Call('x', mask='m'), Call('x', 'y', mask='w'), Call('x', inputs_k='z'),
           Call('x', deterministic=True), Call('x', inputs_k='y', inputs_v='v', mask='w')]
  shapes = [(5, 8), (2, 5, 8), (1, 1, 4), (2, 1, 3, 8)]
  crossed = Cross(nn.MultiHeadDotProductAttention, heads | {'call': calls})
  crossed.shapes(shapes, extra, **streams).dtypes((2, 5, 8), extra, **streams).write()
  Cross(nn.MultiHeadAttention, heads | {'call': calls}).shapes(shapes, extra, **streams).write()
  calls = [X, Call('x', 'm'), Call('x', mask='m'), Call('x', deterministic=True)]
  Cross(nn.SelfAttention, heads | {'call': calls}).shapes(shapes, extra, **streams).write()


def small_layers():
  slopes = [DEFAULT, Text(init.constant(-0.5), 'constant(-0.5)')]
  Cross(nn.PReLU, {'negative_slope_init': slopes}, 'prelu').shapes([(), (5,), (2, 3), (0, 3)]).dtypes(
      (2, 3), inputs=('float32', 'bfloat16', 'float16'), computed=(None,)).write()
  relu, negative = Text(nn.relu, '=relu'), Text(lambda x: -x, '"=lambda x: -x"')
  layers = [All(Made(nn.Dense, features=3), relu, Made(nn.Dense, features=2)), All(relu), All(negative, Made(nn.LayerNorm)),
            All(Made(nn.Sequential, layers=All(Made(nn.Dense, features=3), negative)), relu)]
  Cross(nn.Sequential, {'layers': layers}).shapes([(4,), (2, 4), (2, 3, 4)]).write()


def pooling():
  """Functions of linen, each option with each."""
  fields = {'window_shape': [[2, 2], [3, 2], [1, 1], [2], [2, 1, 2]], 'strides': [DEFAULT, [1, 2], [3, 3], [2]],
            'padding': ['VALID', 'SAME', [[1, 0], [0, 1]], [[1, 1]]]}
  for function, more in ((nn.max_pool, {}), (nn.avg_pool, {'count_include_pad': FLAGS}), (nn.pooling.min_pool, {})):
    sets = argument_sets(fields | more)
    group = Group(f'layers/cross_{function.__name__}')
    tuples = lambda v: tuple(map(tuples, v)) if isinstance(v, list) else v
    for shape, dtype in ([(s, np.float32) for s in ((1, 5, 6, 2), (2, 7, 3), (6, 5, 1), (7, 2), (2, 3, 4, 3, 2))] +
                         [((1, 5, 6, 2), d) for d in (BFLOAT16, FLOAT16, np.int32, np.uint8)]):
      x = np.abs(draw(shape, name='pool') * 4).astype(dtype) if dtype is np.uint8 else draw(shape, dtype, 'pool')
      kept = []
      for chosen in sets:
        given = {key: tuples(value) for key, value in chosen.items() if value is not DEFAULT}
        try:
          function(jnp.asarray(x), **given)
          kept.append((given, {key: value for key, value in chosen.items() if value is not DEFAULT}))
        except REFUSALS:
          pass
      lines = [line for number, (_, fields) in enumerate(kept)
               for line in (f'{function.__name__}: {fields_text(fields)}', '  in: x', f'  out: y{number}')]
      lines.append('return: [' + ', '.join(f'y{number}' for number in range(len(kept))) + ']')
      body = Body(lambda self, x: [function(x, **given) for given, _ in kept])
      group.add(f'{"x".join(map(str, shape))}_{np.dtype(dtype).name}', body, yaml=body_file(lines, {'x': x}), inputs={'x': x},
                tolerance=None if function is nn.avg_pool else (0, 0))
    group.write()


def main():
  for write in (dense, dense_general, einsum, conv, conv_transpose, embed, batch_norm, layer_norm, rms_norm, group_norm,
                instance_norm, dropout, attention, small_layers, pooling):
    write()
  write_index()


if __name__ == '__main__':
  main()
