"""Writes goldens/layers/hooks and goldens/transforms/named_axes: parts of layers replaced by functions and modules, and statistics
over a named axis, run by the real Flax."""

import flax.linen as nn
from jax import lax
import jax.numpy as jnp
import numpy as np

from function_cases import draw
from golden_files import Group, write_index
from yaml_text import Body, fields_text, types_text

# --- promote_dtype -------------------------------------------------------------------------------


def halved(*arrays, dtype=None, inexact=True):
  """To bfloat16, whatever the field dtype says."""
  del dtype, inexact
  return [None if a is None else a.astype(jnp.bfloat16) for a in arrays]


def shifted(*arrays, dtype=None, inexact=True):
  """Changes values, and uses what it is told."""
  del inexact
  return [None if a is None else (a + (1 if dtype is None else 2)) for a in arrays]


def unchanged(*arrays, dtype=None, inexact=True):
  del dtype, inexact
  return arrays


PROMOTE = {
    'halved': (halved, lambda name: f'none if {name} is none else {name}.astype(bfloat16)'),
    'shifted': (shifted, lambda name: f'none if {name} is none else {name} + (1 if dtype is none else 2)'),
    'unchanged': (unchanged, lambda name: name)}


def promote_function(key, arguments):
  names = ', '.join(arguments)
  results = ', '.join(f'"{PROMOTE[key][1](name)}"' for name in arguments)
  return f'  {key}:\n    args: [{names}, dtype = none, inexact = true]\n    body:\n      - return: [{results}]\n'


PROMOTED = {
    'Dense': (nn.Dense, {'features': 3}, (2, 4)),
    'DenseGeneral': (nn.DenseGeneral, {'features': [2, 3], 'axis': [-2, -1]}, (2, 3, 4)),
    'Conv': (nn.Conv, {'features': 3, 'kernel_size': [3]}, (2, 5, 4)),
    'ConvTranspose': (nn.ConvTranspose, {'features': 3, 'kernel_size': [3], 'strides': [2]}, (2, 5, 4)),
    'Einsum': (nn.Einsum, {'shape': [4, 3], 'einsum_str': 'ab,bc->ac'}, (2, 4))}


def promotions(group):
  for layer, (cls, fields, shape) in PROMOTED.items():
    inputs = {'x': draw(*shape)}
    for key, (function, _) in PROMOTE.items():
      for more in ({}, {'dtype': 'float16'}, {'use_bias': False}):
        if key == 'unchanged' and 'dtype' in more:
          continue
        words = fields_text(fields | more)[:-1] + f', promote_dtype: {key}}}'
        if layer == 'Einsum':
          words = words.replace('ab,bc->ac', '"ab,bc->ac"')
        yaml = (f'linenc: 1\n{types_text(inputs)}\nmodel: {{{layer}: {words}}}\nfunctions:\n' +
                promote_function(key, ('x', 'kernel', 'bias')))
        module = cls(**fields | more, promote_dtype=function)
        group.add(f'promote_{layer}_{key}{"".join(f"_{k}" for k in more)}', module, yaml=yaml, inputs=inputs, variables='random')
  for key, (function, _) in PROMOTE.items():
    for rows in (1, 5):
      for method, inputs, arguments in (('__call__', {'x': np.array([[0, 1], [0, 0]], np.int32)}, ('table',)),
                                        ('attend', {'x': draw(2, 4)}, ('x', 'table'))):
        yaml = (f'linenc: 1\n{types_text(inputs)}\nmodel: {{Embed: {{num_embeddings: {rows}, features: 4, promote_dtype: {key}}}}}\n' +
                ('' if method == '__call__' else f'method: {method}\n') + 'functions:\n' + promote_function(key, arguments))
        group.add(f'promote_Embed_{rows}_{method.strip("_")}_{key}', nn.Embed(rows, 4, promote_dtype=function), yaml=yaml,
                  inputs=inputs, method=None if method == '__call__' else method, variables='random')


# --- products of one's own -----------------------------------------------------------------------


class Scaled(nn.Module):
  """A product with a parameter of its own."""
  @nn.compact
  def __call__(self, a, b, dims, precision=None):
    return lax.dot_general(a, b, dims, precision=precision) * self.param('s', nn.initializers.normal(1.0), ())


class Noted(nn.Module):
  """An einsum with a parameter of its own."""
  factor: float = 1.0

  @nn.compact
  def __call__(self, equation, a, b):
    return jnp.einsum(equation, a, b) * self.param('s', nn.initializers.normal(self.factor), ())


class Filtered(nn.Module):
  """A convolution with a parameter of its own."""
  @nn.compact
  def __call__(self, x, kernel, strides, padding, lhs_dilation, rhs_dilation, dimension_numbers, feature_group_count, precision):
    y = lax.conv_general_dilated(
        x, kernel, strides, padding, lhs_dilation=lhs_dilation, rhs_dilation=rhs_dilation, dimension_numbers=dimension_numbers,
        feature_group_count=feature_group_count, precision=precision)
    return y * self.param('s', nn.initializers.normal(1.0), ())


def halved_product(a, b, dims, precision=None):
  del precision
  return lax.dot_general(a.astype(jnp.bfloat16), b.astype(jnp.bfloat16), dims).astype(jnp.float32)


def halved_conv(x, kernel, strides, padding, **options):
  return lax.conv_general_dilated(x.astype(jnp.bfloat16), kernel.astype(jnp.bfloat16), strides, padding, **options).astype(jnp.float32)


def halved_einsum(equation, a, b):
  return jnp.einsum(equation, a.astype(jnp.bfloat16), b.astype(jnp.bfloat16)).astype(jnp.float32)


OWN = """
functions:
  halved_product:
    args: [a, b, dims, precision = none]
    body:
      - return: lax.dot_general(a.astype(bfloat16), b.astype(bfloat16), dims).astype(float32)
  halved_conv:
    args: [x, kernel, strides, padding, lhs_dilation, rhs_dilation, dimension_numbers, feature_group_count, precision]
    body:
      - let:
          y: >-
            lax.conv_general_dilated(x.astype(bfloat16), kernel.astype(bfloat16), strides, padding, lhs_dilation=lhs_dilation,
            rhs_dilation=rhs_dilation, dimension_numbers=dimension_numbers, feature_group_count=feature_group_count,
            precision=precision)
      - return: y.astype(float32)
  halved_einsum:
    args: [equation, a, b]
    body:
      - return: einsum(equation, a.astype(bfloat16), b.astype(bfloat16)).astype(float32)
modules:
  Scaled:
    args: [a, b, dims, precision = none]
    compact:
      - param: s
        init: normal(1.0)
        shape: []
      - return: lax.dot_general(a, b, dims, precision=precision) * s
  Noted:
    fields: {factor: float = 1.0}
    args: [equation, a, b]
    compact:
      - param: s
        init: normal(factor)
        shape: []
      - return: einsum(equation, a, b) * s
  Filtered:
    args: [x, kernel, strides, padding, lhs_dilation, rhs_dilation, dimension_numbers, feature_group_count, precision]
    compact:
      - let:
          y: >-
            lax.conv_general_dilated(x, kernel, strides, padding, lhs_dilation=lhs_dilation, rhs_dilation=rhs_dilation,
            dimension_numbers=dimension_numbers, feature_group_count=feature_group_count, precision=precision)
      - param: s
        init: normal(1.0)
        shape: []
      - return: y * s
"""


def own(group, name, cls, layer, fields, hooks, inputs, **options):
  """A layer with hooks: {field: (value in Flax, words)}."""
  words = fields_text(fields)[:-1] + ''.join(f', {key}: "{text}"' for key, (_, text) in hooks.items()) + '}'
  yaml = f'linenc: 1\n{types_text(inputs)}\nmodel: {{{layer}: {words}}}{OWN}'
  group.add(name, cls(**fields, **{key: value for key, (value, _) in hooks.items()}), yaml=yaml, inputs=inputs,
            **({'variables': 'random'} | options))


def products(group):
  ways = {
      'module': {'dot_general_cls': (Scaled, '=Scaled')},
      'maker': {'dot_general_cls': (lambda: halved_product, '=lambda: halved_product')},
      'function': {'dot_general': (halved_product, 'halved_product')},
      'module_before_function': {'dot_general_cls': (Scaled, '=Scaled'), 'dot_general': (halved_product, 'halved_product')}}
  for way, hooks in ways.items():
    for fields, shape in (({'features': 3}, (2, 4)), ({'features': 3, 'use_bias': False, 'dtype': 'float16'}, (4,))):
      own(group, f'Dense_{way}_{len(fields)}', nn.Dense, 'Dense', fields, hooks, {'x': draw(*shape)})
    own(group, f'DenseGeneral_{way}', nn.DenseGeneral, 'DenseGeneral', {'features': [2, 3], 'axis': [-2, -1], 'batch_dims': [0]}, hooks,
        {'x': draw(2, 3, 4)})


def convolutions(group):
  ways = {
      'module': {'conv_general_dilated_cls': (Filtered, '=Filtered')},
      'maker': {'conv_general_dilated_cls': (lambda: halved_conv, '=lambda: halved_conv')},
      'function': {'conv_general_dilated': (halved_conv, 'halved_conv')}}
  settings = {
      'same': ({'kernel_size': [3], 'strides': [2]}, (2, 7, 4)),
      'valid_2d': ({'kernel_size': [3, 2], 'padding': 'VALID', 'kernel_dilation': [1, 2]}, (2, 6, 5, 4)),
      'pairs_3d': ({'kernel_size': [2, 2, 2], 'padding': [[1, 0], [0, 1], [2, 1]], 'input_dilation': [1, 2, 1]}, (1, 3, 4, 3, 2)),
      'circular': ({'kernel_size': [3], 'padding': 'CIRCULAR'}, (2, 7, 4)),
      'reflect': ({'kernel_size': [3, 3], 'padding': 'REFLECT'}, (2, 5, 5, 4)),
      'causal': ({'kernel_size': [3], 'padding': 'CAUSAL', 'kernel_dilation': [2]}, (2, 7, 4)),
      'groups_no_batch': ({'kernel_size': [3], 'feature_group_count': 2, 'use_bias': False}, (7, 4))}
  for way, hooks in ways.items():
    for name, (fields, shape) in settings.items():
      fields = {key: tuple(tuple(v) if isinstance(v, list) else v for v in value) if isinstance(value, list) else value
                for key, value in fields.items()}
      own(group, f'Conv_{way}_{name}', nn.Conv, 'Conv', {'features': 2} | fields, hooks, {'x': draw(*shape)})


def attentions(group):
  both = ('qk_attn_weights_einsum_cls', 'attn_weights_value_einsum_cls')
  ways = {
      'einsum_modules': dict(zip(both, ((Noted, '=Noted'), (Noted, '=partial(Noted, factor=2.0)')))),
      'einsum_makers': dict.fromkeys(both, (lambda: halved_einsum, '=lambda: halved_einsum')),
      'products': {'qkv_dot_general_cls': (Scaled, '=Scaled'), 'out_dot_general_cls': (lambda: halved_product, '=lambda: halved_product')},
      'functions': {'qkv_dot_general': (halved_product, 'halved_product'), 'out_dot_general': (halved_product, 'halved_product')}}
  ways['einsum_modules']['attn_weights_value_einsum_cls'] = (lambda: Noted(factor=2.0), '=partial(Noted, factor=2.0)')
  for way, hooks in ways.items():
    for layer in ('MultiHeadDotProductAttention', 'SelfAttention'):
      own(group, f'{layer}_{way}', getattr(nn, layer), layer, {'num_heads': 2, 'qkv_features': 6}, hooks, {'x': draw(2, 3, 4)})
  equations = ('nn.dot_product_attention(q, k, v, qk_attn_weights_einsum=halved_einsum, attn_weights_value_einsum=halved_einsum)',
               'nn.dot_product_attention_weights(q, k, einsum=halved_einsum)')
  inputs = {'q': draw(2, 3, 2, 4), 'k': draw(2, 5, 2, 4, name='k'), 'v': draw(2, 5, 2, 3, name='v')}
  for i, text in enumerate(equations):
    yaml = f'linenc: 1\n{types_text(inputs)}\nmodel:\n  args: [q, k, v]\n  compact:\n    - return: {text}{OWN}'
    scope = {'nn': nn, 'halved_einsum': halved_einsum}
    group.add(f'attention_function_{i}', Body(lambda _, q, k, v, text=text: eval(text, scope | {'q': q, 'k': k, 'v': v})), yaml=yaml,
              inputs=inputs)


# --- statistics over a named axis ----------------------------------------------------------------

NORMS = {
    'BatchNorm': ({}, {'use_fast_variance': False}, {'use_running_average': True}, {'force_float32_reductions': False, 'dtype': 'bfloat16'},
                  {'axis': 0}, {'momentum': 0.5}),
    'LayerNorm': ({}, {'use_fast_variance': False}, {'reduction_axes': [-2, -1]}, {'dtype': 'bfloat16'}, {'reduction_axes': 0}),
    'GroupNorm': ({'num_groups': 2}, {'num_groups': 2, 'use_fast_variance': False}, {'num_groups': None, 'group_size': 1}),
    'InstanceNorm': ({}, {'use_fast_variance': False}),
    'RMSNorm': ({}, {'use_scale': False}, {'reduction_axes': [0, 1], 'feature_axes': [0, 1]})}


def mapped(module, in_axes=0, out_axes=0, axis_name='i', stats=None):
  return nn.vmap(module, in_axes=in_axes, out_axes=out_axes, axis_name=axis_name, variable_axes={'params': None, 'batch_stats': stats},
                 split_rngs={'params': False})


def map_words(module, in_axes=0, out_axes=0, axis_name='i', stats='none'):
  return (f'vmap: {module}\n      in_axes: {in_axes}\n      out_axes: {out_axes}\n      axis_name: {axis_name}\n'
          f'      variable_axes: {{params: none, batch_stats: {stats}}}\n      split_rngs: {{params: false}}\n')


def body(inputs, *statements, modules=''):
  lines = ''.join(f'    - {statement}' if statement.endswith('\n') else f'    - {statement}\n' for statement in statements)
  text = f'linenc: 1\n{types_text(inputs)}\nmodel:\n  args: [{", ".join(inputs)}]\n  compact:\n{lines}'
  return text + (f'modules:{modules}' if modules else '')


def norms(group):
  inputs = {'x': draw(4, 3, 5, 4)}
  for name, variants in NORMS.items():
    cls = getattr(nn, name)
    for number, fields in enumerate(variants):
      training = {'use_running_average': False} if name == 'BatchNorm' and 'use_running_average' not in fields else {}
      fields = fields | training | {'axis_name': 'i'}
      for axis in (0, 2):
        statement = map_words(f'{{{name}: {fields_text(fields)}}}', in_axes=axis, out_axes=axis)
        # What each element would store is the same: the statistics are shared.
        group.add(f'{name}_{number}_axis_{axis}', Body(lambda _, x: mapped(cls, axis, axis)(**fields)(x)), yaml=body(inputs, statement),
                  inputs=inputs, mutable=['batch_stats'] if name == 'BatchNorm' else (), variables='random')
  mask = np.arange(4 * 3 * 5).reshape(4, 3, 5, 1) % 3 > 0
  inputs = {'x': draw(4, 3, 5, 4), 'mask': np.broadcast_to(mask, (4, 3, 5, 4)).copy()}
  for name in ('BatchNorm', 'LayerNorm'):
    cls = getattr(nn, name)
    fields = {'axis_name': 'i'} | ({'use_running_average': False} if name == 'BatchNorm' else {})
    inner = f'\n  Masked:\n    args: [x, mask]\n    compact:\n      - {name}: {fields_text(fields)}\n        in: {{x: x, mask: mask}}\n'

    class Masked(nn.Module):
      @nn.compact
      def __call__(self, x, mask):
        return cls(**fields)(x, mask=mask)

    statement = map_words('{Masked: {}}').rstrip('\n') + '\n      in: [x, mask]\n'
    group.add(f'{name}_masked', Body(lambda _, x, mask: mapped(Masked)()(x, mask)), yaml=body(inputs, statement, modules=inner),
              inputs=inputs, mutable=['batch_stats'] if name == 'BatchNorm' else ())


class Two(nn.Module):
  """Statistics over the axis of the map around, and over that of the map inside."""
  @nn.compact
  def __call__(self, x):
    x = mapped(nn.LayerNorm, axis_name='inner')(axis_name='outer')(x)
    return mapped(nn.RMSNorm, axis_name='inner')(axis_name='inner')(x)


TWO = ('\n  Two:\n    compact:\n' + ''.join(
    '      - ' + map_words(f'{{{layer}: {{axis_name: {axis}}}}}', axis_name='inner').replace('\n      ', '\n        ')
    for layer, axis in (('LayerNorm', 'outer'), ('RMSNorm', 'inner'))))


class Block(nn.Module):
  """The layer stands deeper, in a module with parameters."""
  @nn.compact
  def __call__(self, x):
    x = nn.Dense(4)(x)
    x = nn.BatchNorm(use_running_average=False, axis_name='i')(x)
    return nn.relu(x)


BLOCK = """
  Block:
    compact:
      - Dense: {features: 4}
      - BatchNorm: {use_running_average: false, axis_name: i}
      - relu
"""


class Step(nn.Module):
  @nn.compact
  def __call__(self, x, t):
    x = nn.LayerNorm(axis_name='i')(x + t)
    return x, x.sum()


class Loop(nn.Module):
  @nn.compact
  def __call__(self, x, t):
    return nn.scan(Step, variable_axes={'params': 0}, split_rngs={'params': True})()(x, t)


LOOP = """
  Step:
    args: [x, t]
    compact:
      - LayerNorm: {axis_name: i}
        in: x + t
      - return: [x, x.sum()]
  Loop:
    args: [x, t]
    compact:
      - scan: {Step: {}}
        variable_axes: {params: 0}
        split_rngs: {params: true}
        in: [x, t]
        out: [x, y]
      - return: [x, y]
"""


def nested(group):
  inputs = {'x': draw(2, 3, 4)}
  group.add('two_names', Body(lambda _, x: mapped(Two, axis_name='outer')()(x)),
            yaml=body(inputs, map_words('{Two: {}}', axis_name='outer'), modules=TWO), inputs=inputs)
  group.add('one_name_twice', Body(lambda _, x: mapped(mapped(nn.LayerNorm))(axis_name='i')(x)),
            yaml=body(inputs, map_words('\n        vmap: {LayerNorm: {axis_name: i}}\n        axis_name: i\n        variable_axes: {params: none}\n'
                                        '        split_rngs: {params: false}')), inputs=inputs)
  inputs = {'x': draw(3, 2, 5)}
  for transform in ('jit', 'remat'):
    group.add(f'in_{transform}', Body(lambda _, x: mapped(getattr(nn, transform)(Block))()(x)),
              yaml=body(inputs, map_words(f'{{{transform}: Block}}'), modules=BLOCK), inputs=inputs, mutable=['batch_stats'])
  group.add('of_each_its_own', Body(lambda _, x: nn.vmap(Block, axis_name='i', variable_axes={'params': 0, 'batch_stats': 0},
                                                         split_rngs={'params': True})()(x)),
            yaml=body(inputs, 'vmap: {Block: {}}\n      axis_name: i\n      variable_axes: {params: 0, batch_stats: 0}\n'
                      '      split_rngs: {params: true}\n', modules=BLOCK), inputs=inputs, mutable=['batch_stats'])
  inputs = {'x': draw(3, 4), 't': draw(3, 2, 4, name='t')}
  group.add('around_a_scan', Body(lambda _, x, t: mapped(Loop)()(x, t)),
            yaml=body(inputs, map_words('{Loop: {}}').rstrip('\n') + '\n      in: [x, t]\n', modules=LOOP), inputs=inputs)
  inputs = {'x': draw(3, 4)}
  group.add('of_what_is_shared', Body(lambda _, x: nn.vmap(nn.LayerNorm, in_axes=None, axis_size=5, axis_name='i',
                                                           variable_axes={'params': None}, split_rngs={'params': False})(axis_name='i')(x)),
            yaml=body(inputs, 'vmap: {LayerNorm: {axis_name: i}}\n      in_axes: none\n      axis_size: 5\n      axis_name: i\n'
                      '      variable_axes: {params: none}\n      split_rngs: {params: false}\n'), inputs=inputs)


def main():
  hooks = Group('layers/hooks')
  promotions(hooks)
  products(hooks)
  convolutions(hooks)
  attentions(hooks)
  hooks.write()
  axes = Group('transforms/named_axes')
  norms(axes)
  nested(axes)
  axes.write()
  write_index()


if __name__ == '__main__':
  main()
