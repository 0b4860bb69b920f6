"""Writes goldens/transforms/: modules under lifted transforms, run by the real Flax."""

import flax.linen as nn
import jax.numpy as jnp
import numpy as np

from function_cases import draw
from golden_files import Group, write_index
from yaml_text import Body, types_text

STACKED = {'variable_axes': {'params': 0}, 'split_rngs': {'params': True}}
SHARED = {'variable_broadcast': 'params', 'split_rngs': {'params': False}}


class Step(nn.Module):
  """A carry goes through a layer; the second argument, where there is one, is added."""
  features: int = 4

  @nn.compact
  def __call__(self, x, t=None):
    x = jnp.tanh(nn.Dense(self.features)(x))
    x = x if t is None else x + t
    return x, x.sum(-1)


STEP = """
  Step:
    fields: {features: int = 4}
    args: [x, "t = none"]
    compact:
      - Dense: {features: =features}
      - tanh
      - if: t is not none
        then: [{let: {x: x + t}}]
      - return: [x, x.sum(-1)]
"""


class Noisy(nn.Module):
  """Dropout, a LayerNorm, a draw of its own, an initial value of a plain normal."""
  @nn.compact
  def __call__(self, x):
    x = nn.Dense(4, kernel_init=nn.initializers.normal(0.3))(x)
    x = nn.LayerNorm()(nn.Dropout(0.5, deterministic=False)(x))
    return x, None


NOISY = """
  Step:
    args: [x]
    compact:
      - Dense: {features: 4, kernel_init: normal(0.3)}
      - Dropout: {rate: 0.5, deterministic: false}
      - LayerNorm
      - return: [x, none]
"""


class Normed(nn.Module):
  """Statistics of its own in each step."""
  @nn.compact
  def __call__(self, x):
    x = nn.BatchNorm(use_running_average=False)(nn.Dense(4)(x))
    self.sow('intermediates', 'h', x)
    return x, x.mean()


NORMED = """
  Step:
    args: [x]
    compact:
      - Dense: {features: 4}
      - BatchNorm: {use_running_average: false}
      - sow: h
        value: x
      - return: [x, x.mean()]
"""


class Weak(nn.Module):
  """The carry begins as a Python number."""
  @nn.compact
  def __call__(self, c, t):
    y = nn.Dense(3, dtype=jnp.bfloat16)(t)
    return c + y.sum(), y


WEAK = """
  Step:
    args: [c, t]
    compact:
      - Dense: {features: 3, dtype: bfloat16}
        in: t
        out: y
      - return: [c + y.sum(), y]
"""


class Tree(nn.Module):
  """A carry and slices that are trees, and a result that all steps share."""
  @nn.compact
  def __call__(self, c, ts, scale):
    w = self.param('w', nn.initializers.normal(0.5), (4,))
    h = jnp.tanh(nn.Dense(4)(c['h'] + ts[0]) * scale)
    return {'h': h, 'n': c['n'] + ts[1].sum()}, ({'z': h, 'a': c['n']}, w * 3)


TREE = """
  Step:
    args: [c, ts, scale]
    compact:
      - param: w
        init: normal(0.5)
        shape: [4]
      - Dense: {features: 4}
        in: c.h + ts[0]
        out: h
      - let: {h: tanh(h * scale)}
      - return: ["dict(h=h, n=c.n + ts[1].sum())", ["dict(z=h, a=c.n)", w * 3]]
"""


class Layer(nn.Module):
  """A scan inside of a scan."""
  @nn.compact
  def __call__(self, x):
    return nn.scan(Step, length=3, variable_axes={'params': 1}, split_rngs={'params': True})()(nn.Dense(4)(x))


LAYER = STEP + """
  Layer:
    args: [x]
    compact:
      - Dense: {features: 4}
      - scan: {Step: {}}
        length: 3
        variable_axes: {params: 1}
        split_rngs: {params: true}
"""


class Cell(nn.Module):
  @nn.compact
  def __call__(self, x):
    n = self.variable('state', 'n', lambda: jnp.ones(()))
    n.value = n.value * 2
    return nn.Dense(4)(x) + n.value, n.value


class Loop(nn.Module):
  def setup(self):
    self.cell = Cell()

  def __call__(self, x):
    x, _ = self.cell(x)
    return self.steps(x)

  def steps(self, x):
    return nn.scan(lambda module, c: module.cell(c), length=3, variable_carry='state', **SHARED)(self, x)


LOOP = """
  Cell:
    args: [x]
    compact:
      - variable: n
        collection: state
        init: ones(())
      - set: {n: n * 2}
      - Dense: {features: 4}
      - return: [x + n, n]
  Loop:
    args: [x]
    setup:
      cell: {Cell: {}}
    call:
      - cell:
        out: [x, _]
      - steps:
        out: y
      - return: y
    methods:
      steps:
        transform: [{scan: {length: 3, variable_carry: state, variable_broadcast: params, split_rngs: {params: false}}}]
        args: [x]
        call:
          - cell:
            out: [x, y]
          - return: [x, y]
"""


def model_file(statement, options, arguments, modules, inputs):
  lines = ''.join(f'      {option}\n' for option in options)
  names = ', '.join(inputs)
  return (f'linenc: 1\n{types_text(inputs)}\nmodel:\n  args: [{names}]\n  compact:\n    - {statement}\n{lines}'
          f'      in: [{arguments}]\n      out: [c, ys]\n    - return: [c, ys]\nmodules:{modules}')


def scanned(group, name, module, modules, options, *, arguments=None, wrap=lambda cls: cls, extra=(), words='{Step: {}}',
            inputs=None, call=None, **rest):
  """`module` under nn.scan with these options, called with the inputs."""
  inputs = inputs or {'x': draw(2, 4)}
  written = [f'{key}: {text(value)}' for key, value in options.items()] + list(extra)
  arguments = arguments or ', '.join(inputs)
  call = call or (lambda values: values)

  def body(_, *values):
    return nn.scan(wrap(module), **options)()(*call(values))

  group.add(name, Body(body), yaml=model_file(f'scan: {words}', written, arguments, modules, inputs), inputs=inputs, **rest)


def text(value):
  if value is nn.broadcast:
    return 'broadcast'
  if isinstance(value, bool):
    return str(value).lower()
  if isinstance(value, dict):
    return '{' + ', '.join(f'{key}: {text(item)}' for key, item in value.items()) + '}'
  if isinstance(value, (tuple, list)):
    return '[' + ', '.join(map(text, value)) + ']'
  return str(value)


def scans():
  group = Group('transforms/scan')
  x, t = draw(2, 4), draw(3, 2, 4)
  for length in (1, 2, 5):
    scanned(group, f'stacked_{length}', Step, STEP, STACKED | {'length': length}, seed=length)
  for axis in (1, 2, -1, -2):
    # Along axis 1 of a bias of one axis, too: negative ones count from the stacked rank.
    scanned(group, f'stacked_along_{axis}', Step if axis in (1, -1) else Kernel, STEP if axis in (1, -1) else KERNEL,
            STACKED | {'length': 3, 'variable_axes': {'params': axis}})
  for reverse in (False, True):
    for unroll in (1, 2):
      scanned(group, f'shared_reverse_{reverse}_unroll_{unroll}', Step, STEP,
              SHARED | {'reverse': reverse, 'unroll': unroll}, inputs={'x': x, 't': t})
  for in_axis, out_axis in ((0, 1), (1, 0), (2, -1), (-1, -2)):
    moved = np.moveaxis(t, 0, in_axis)
    scanned(group, f'axes_{in_axis}_{out_axis}', Step, STEP,
            SHARED | {'in_axes': in_axis, 'out_axes': out_axis}, inputs={'x': x, 't': moved})
  scanned(group, 'broadcast_argument', Step, STEP, STACKED | {'in_axes': nn.broadcast, 'length': 3},
          inputs={'x': x, 't': draw(2, 4, name='whole')})
  scanned(group, 'no_step', Step, STEP, STACKED, inputs={'x': x, 't': draw(0, 2, 4)})
  scanned(group, 'unchecked', Step, STEP, STACKED | {'length': 3, 'check_constancy_invariants': False})
  scanned(group, 'remat', Step, STEP, STACKED | {'length': 3}, wrap=nn.remat, words='{remat: Step}')
  scanned(group, 'jit', Step, STEP, STACKED | {'length': 3}, wrap=nn.jit, words='{jit: Step}')
  scanned(group, 'nested', Layer, LAYER, STACKED | {'length': 2}, words='{Layer: {}}')
  for dropout in (0, 3):
    scanned(group, f'dropout_{dropout}', Noisy, NOISY,
            {'length': 3, 'variable_axes': {'params': 0}, 'split_rngs': {'params': True, 'dropout': True}},
            rngs={'dropout': 7}, apply_rngs={'dropout': dropout})
  scanned(group, 'dropout_shared', Noisy, NOISY,
          {'length': 3, 'variable_axes': {'params': 0}, 'split_rngs': {'params': True, 'dropout': False}},
          rngs={'dropout': 7}, apply_rngs={'dropout': 1})
  scanned(group, 'params_not_split', Noisy, NOISY,
          {'length': 2, 'variable_axes': {'params': 0}, 'split_rngs': {'params': False, 'dropout': True}},
          rngs={'dropout': 7}, apply_rngs={'dropout': 1})
  scanned(group, 'statistics', Normed, NORMED,
          {'length': 3, 'variable_axes': {'params': 0, 'batch_stats': 0, 'intermediates': 0}, 'split_rngs': {'params': True}},
          inputs={'x': draw(6, 4)}, mutable=['batch_stats', 'intermediates'])
  scanned(group, 'weak_carry', Weak, WEAK, SHARED, arguments='0.0, t', inputs={'t': draw(5, 3)},
          call=lambda values: (0.0, *values))
  scanned(group, 'weak_carry_stacked', Weak, WEAK, STACKED, arguments='0.0, t', inputs={'t': draw(5, 3)},
          call=lambda values: (0.0, *values))
  scanned(group, 'trees', Tree, TREE, SHARED | {'in_axes': ((1, 0), nn.broadcast), 'out_axes': (0, nn.broadcast)},
          arguments='"dict(h=x, n=0.0)", "[u, t]", 2.0', inputs={'x': x, 'u': draw(2, 3, 4), 't': draw(3, 2)},
          call=lambda values: ({'h': values[0], 'n': 0.0}, (values[1], values[2]), 2.0))
  vmapped(group)
  carried(group)
  group.write()


class Kernel(nn.Module):
  @nn.compact
  def __call__(self, x):
    return nn.Dense(4, use_bias=False)(x), None


KERNEL = """
  Step:
    args: [x]
    compact:
      - Dense: {features: 4, use_bias: false}
      - return: [x, none]
"""


class Stack(nn.Module):
  options: object

  @nn.compact
  def __call__(self, x, *ts):
    return nn.scan(Step, **self.options)()(x, *ts)


def vmapped(group):
  """A loop under vmap: with parameters of its own for each element, and with shared ones and mapped slices."""
  stack = '\n  Stack:\n    args: [x]\n    compact:\n      - scan: {Step: {}}\n        length: 3\n' + \
      '        variable_axes: {params: 0}\n        split_rngs: {params: true}\n'
  inputs = {'x': draw(2, 4)}
  yaml = model_file('vmap: {Stack: {}}', ['axis_size: 2', 'in_axes: none', 'variable_axes: {params: 0}',
                                          'split_rngs: {params: true}'], 'x', STEP + stack, inputs)
  mapped = nn.vmap(Stack, in_axes=None, axis_size=2, variable_axes={'params': 0}, split_rngs={'params': True})
  group.add('in_vmap', Body(lambda _, x: mapped(STACKED | {'length': 3})(x)), yaml=yaml, inputs=inputs)
  stack = '\n  Stack:\n    args: [x, t]\n    compact:\n      - scan: {Step: {}}\n        variable_broadcast: params\n' + \
      '        split_rngs: {params: false}\n        in: [x, t]\n'
  inputs = {'x': draw(2, 4), 't': draw(5, 3, 4, name='t')}
  yaml = model_file('vmap: {Stack: {}}', ['in_axes: [none, 0]', 'out_axes: 1', 'variable_axes: {params: none}',
                                          'split_rngs: {params: false}'], 'x, t', STEP + stack, inputs)
  mapped = nn.vmap(Stack, in_axes=(None, 0), out_axes=1, variable_axes={'params': None}, split_rngs={'params': False})
  group.add('in_vmap_shared', Body(lambda _, x, t: mapped(SHARED)(x, t)), yaml=yaml, inputs=inputs)


def carried(group):
  inputs = {'x': draw(2, 4)}
  lines = f'linenc: 1\n{types_text(inputs)}\nmodel: {{Loop: {{}}}}\nmodules:{LOOP}'
  group.add('carried_state', Loop(), yaml=lines, inputs=inputs, mutable=['state'])


class Holder(nn.Module):
  """Calls a module that was made elsewhere."""
  inner: nn.Module

  @nn.compact
  def __call__(self, x):
    return nn.Dense(3)(x) + self.inner(x)


HOLDER = """
  Holder:
    fields: {inner: instance}
    compact:
      - Dense: {features: 3}
        out: y
      - call: inner
        out: z
      - return: y + z
"""


class Inside(nn.Module):
  """Makes a layer and gives it to a module under jit."""
  @nn.compact
  def __call__(self, x):
    return nn.jit(Holder)(nn.Dense(3))(x)


class Prepared(nn.Module):
  """`setup` runs inside of the transform of a method."""
  def setup(self):
    self.w = self.param('w', nn.initializers.normal(), (3,))
    self.d = nn.Dense(3)

  @nn.jit
  def __call__(self, x):
    return self.d(x) + self.w


class Halves(nn.Module):
  """`setup` has run when the transformed method is called."""
  def setup(self):
    self.a = nn.Dense(4)
    self.b = nn.Dense(3)

  def __call__(self, x):
    return self.rest(self.a(x))

  @nn.jit
  def rest(self, x):
    return self.b(x)


class OwnMethod(nn.Module):
  """A method of the module itself, called inside of a transform."""
  def setup(self):
    self.d = nn.Dense(3)

  def __call__(self, x):
    return self.tail(x) * 2

  def tail(self, x):
    return jnp.tanh(self.d(x))


OWN_METHOD = """
  OwnMethod:
    setup:
      d: {Dense: {features: 3}}
    call:
      - call: self
        method: tail
      - return: x * 2
    methods:
      tail:
        call: [d, tanh]
"""


class Tied(nn.Module):
  """Entries of the `setup` of a transformed module, seen from outside of it: before it is called, and afterwards."""
  transform: object

  def setup(self):
    self.enc = self.transform(Encoder)()

  def __call__(self, x):
    before = self.enc.block(x)
    y = self.enc(x)
    return self.enc.table.attend(y) + self.enc.block(y).sum() + self.enc.scale * before.sum()


class Encoder(nn.Module):
  def setup(self):
    self.block = nn.Sequential([nn.Dense(4), nn.relu, nn.Dense(4)])
    self.table = nn.Embed(5, 4)
    self.scale = self.param('scale', nn.initializers.normal(1.0), ())

  def __call__(self, x):
    return self.block(x + self.table(jnp.arange(2))) * self.scale


TIED = """
  Encoder:
    setup:
      block: {Sequential: {layers: [{Dense: {features: 4}}, relu, {Dense: {features: 4}}]}}
      table: {Embed: {num_embeddings: 5, features: 4}}
      scale: {param: normal(1.0), shape: []}
    call:
      - table:
        in: arange(2)
        out: rows
      - block:
        in: x + rows
      - return: x * scale
  Tied:
    setup:
      enc: {TRANSFORM: Encoder}
    call:
      - call: enc.block
        out: before
      - enc:
        out: y
      - call: enc.table
        method: attend
        in: y
        out: z
      - call: enc.block
        in: y
        out: w
      - return: z + w.sum() + enc.scale * before.sum()
"""


def keys():
  """Where keys come from under jit, remat and fold_rngs."""
  group = Group('transforms/keys')
  inputs = {'x': draw(2, 4)}

  def add(name, module, lines, modules=''):
    yaml = f'linenc: 1\n{types_text(inputs)}\nmodel:\n{lines}' + (f'modules:{modules}' if modules else '')
    group.add(name, module, yaml=yaml, inputs=inputs, seed=len(group.cases))

  for transform in (nn.jit, nn.remat, nn.fold_rngs):
    name = transform.__name__
    add(f'{name}_of_layers_made_outside',
        Body(lambda _, x, transform=transform: transform(nn.Sequential)([nn.Dense(3), nn.relu, nn.Dense(2)])(x)),
        f'  compact:\n    - {name}: {{Sequential: {{layers: [{{Dense: {{features: 3}}}}, relu, {{Dense: {{features: 2}}}}]}}}}\n')
    add(f'{name}_of_a_field', Body(lambda _, x, transform=transform: transform(Holder)(nn.Dense(3))(x)),
        f'  compact:\n    - {name}: {{Holder: {{inner: {{Dense: {{features: 3}}}}}}}}\n', HOLDER)
    add(f'{name}_with_a_method', Body(lambda _, x, transform=transform: transform(OwnMethod)()(x)),
        f'  compact:\n    - {name}: {{OwnMethod: {{}}}}\n', OWN_METHOD)
  for transform in (nn.jit, nn.remat, nn.fold_rngs):
    name = transform.__name__
    yaml = f'linenc: 1\n{types_text(inputs)}\nmodel: {{Tied: {{}}}}\nmodules:{TIED.replace("TRANSFORM", name)}'
    group.add(f'{name}_seen_from_outside', Tied(transform), yaml=yaml, inputs=inputs, seed=5)
  inside = HOLDER + """
  Inside:
    compact:
      - jit: {Holder: {inner: {Dense: {features: 3}}}}
"""
  add('field_below_a_module', Body(lambda _, x: Inside(name='o')(x)), '  compact:\n    - Inside: {}\n      name: o\n', inside)
  add('jit_in_jit', Body(lambda _, x: nn.jit(Inside)(name='o')(x)), '  compact:\n    - jit: {Inside: {}}\n      name: o\n', inside)
  add('setup_inside', Prepared(),
      '  setup: {w: {param: normal(), shape: 3}, d: {Dense: {features: 3}}}\n  transform: [jit]\n  call:\n    - d\n    - return: x + w\n')
  add('setup_before', Halves(),
      '  setup: {a: {Dense: {features: 4}}, b: {Dense: {features: 3}}}\n  call: [a, rest]\n'
      '  methods:\n    rest:\n      transform: [jit]\n      call: [b]\n')
  group.write()


def main():
  scans()
  keys()
  write_index()


if __name__ == '__main__':
  main()
