"""Writes goldens/functions/random and goldens/initializers/: what JAX draws."""

import json

import jax
import jax.numpy as jnp
import numpy as np
from flax.linen import initializers

from function_cases import CLOSE, EXACT, Functions, draw
from golden_files import Group, write_index
from yaml_text import Body, body_file


def randomness():
  group = Functions('random')
  exact, near = {'tolerance': EXACT}, {'tolerance': CLOSE['float32']}
  for dtype in ('float32', 'bfloat16', 'float16'):
    group.add(f'random.uniform(key, (2, 3), {dtype})', key='key:1', **exact)
    group.add(f'random.normal(key, (2, 3), {dtype})', key='key:2', **exact)
    group.add(f'random.truncated_normal(key, -2, 2, (5,), {dtype})', key='key:3', **exact)
    group.add(f'random.uniform(key, (5,), {dtype}, -0.3, 0.7)', key='key:4', **exact)
    group.add("random.bernoulli(key, p, (9, 3), 'high')", key='key:4', p=np.array([0.1, 0.5, 1e-4]).astype(dtype), **exact)
    bounds = {'low': np.float32(-0.37).astype(dtype), 'high': draw(4, name='high').astype(dtype)}
    group.add(f'random.uniform(key, (40, 4), {dtype}, low, low + 2.28)', key='key:4', low=bounds['low'], **exact)
    group.add(f'random.uniform(key, (40, 4), {dtype}, minval=low, maxval=high)', key='key:4', **bounds, **exact)
  for expression in ('random.uniform(key)', 'random.uniform(key, (4,), minval=-1, maxval=1)', 'random.normal(key)',
                     'random.normal(key, (7,))', 'random.bernoulli(key, 0.3, (9,))', 'random.bernoulli(key)',
                     'random.bernoulli(key, shape=(5,))', 'random.randint(key, (6,), 0, 10)',
                     'random.randint(key, (), -5, 5)', 'random.randint(key, (6,), 0, 200, uint8)',
                     'random.permutation(key, 7)', 'random.permutation(key, x)', 'random.bits(key, (3,))',
                     'random.rademacher(key, (6,))', 'random.choice(key, 5, (3,))', 'random.choice(key, x)',
                     'random.uniform(random.fold_in(key, 3), (2,))', 'random.uniform(random.split(key)[1], (2,))',
                     'random.normal(random.split(key, 3)[2], (2,))', 'random.categorical(key, x)',
                     'random.categorical(key, x, axis=0, shape=(6,))'):
    inputs = {'key': 'key:11'} | ({'x': draw(4)} if '(key, x' in expression else {})
    group.add(expression, **inputs, **exact)
  for expression in ('random.gumbel(key, (4,))', 'random.exponential(key, (4,))', 'random.laplace(key, (4,))',
                     'random.logistic(key, (4,))', 'random.cauchy(key, (4,))'):
    group.add(expression, key='key:5', **near)
  weights = np.array([0.1, 0.4, 0.0, 0.3, 0.2], np.float32)
  for shape in ('()', '(3,)', '(2, 2)'):
    for replace in ('true', 'false'):
      for drawn, inputs in (('5', {}), ('x', {'x': draw(5, 2)}), ('x.T, axis=1', {'x': draw(5, 2)})):
        array, axis = (drawn.split(', ') + [''])[:2]
        expression = f'random.choice(key, {array}, {shape}, replace={replace}, p=p' + (f', {axis})' if axis else ')')
        group.add(expression, key='key:9', p=weights, **inputs, **exact)
    group.add(f'random.choice(key, 5, {shape}, p=p)', key='key:10', p=weights.astype(np.float16), **exact)
  for shape, axis, logits in (('(3,)', 0, (5,)), ('(2, 2)', -1, (5,)), ('(3, 2)', -1, (2, 5)), ('(2, 2, 4)', 0, (5, 4)), ('none', -1, (2, 5)), ('(1, 3)', 0, (2, 3))):
    group.add(f'random.categorical(key, x, {axis}, {shape}, replace=false)', key='key:12', x=draw(*logits), **exact)
  group.add('[random.categorical(key, x, mode="low"), random.categorical(key, x, mode=none, replace=false)]', key='key:12', x=draw(4), **exact)
  group.add('[random.gumbel(key, (3,), float32, "low"), random.gumbel(key, (3,), mode=none)]', key='key:12', **near)
  group.add('random.bernoulli(key, p)', key='key:6', p=np.array([[0.1, 0.9], [0.5, 1.0]], np.float32), **exact)
  group.add('random.categorical(key, x)', key='key:6', x=draw(3, 5), **exact)
  group.add('random.uniform(random.key(7), (3,))', **exact)
  group.add('random.normal(random.PRNGKey(-1), (3,))', **exact)
  group.add('random.normal(key, x.shape, x.dtype) * 0.1 + x', key='key:8', x=draw(2, 3), **near)
  group.statements('make_rng', ['make_rng: noise', '  out: key', 'return: "random.normal(key, (3,))"'],
                   lambda m: jax.random.normal(m.make_rng('noise'), (3,)), apply_rngs={'noise': 5}, **exact)
  group.statements(
      'make_rng_twice', [
          'make_rng: noise', '  out: a', 'make_rng: noise', '  out: b',
          'return: "[random.uniform(a, (2,)), random.uniform(b, (2,))]"'],
      lambda m: [jax.random.uniform(m.make_rng('noise'), (2,)),
                 jax.random.uniform(m.make_rng('noise'), (2,))], apply_rngs={'noise': 5}, **exact)
  group.statements(
      'two_streams', [
          'make_rng: noise', '  out: a', 'make_rng: dropout', '  out: b',
          'return: "random.uniform(a, (2,)) + random.uniform(b, (2,))"'],
      lambda m: jax.random.uniform(m.make_rng('noise'), (2,)) + jax.random.uniform(m.make_rng('dropout'), (2,)),
      apply_rngs={'noise': 5, 'dropout': 6}, **exact)

  def reparametrized(m, mean, log_variance):
    std = jnp.exp(0.5 * log_variance)
    return mean + std * jax.random.normal(m.make_rng('sample'), log_variance.shape)

  group.statements('reparametrized', [
      'make_rng: sample', '  out: key',
      'return: mean + exp(0.5 * log_variance) * random.normal(key, log_variance.shape)'], reparametrized,
                   mean=draw(2, 3), log_variance=draw(2, 3, name='v'), apply_rngs={'sample': 1}, **near)
  group.write()


INITIALIZERS = ('zeros', 'ones', 'zeros_init()', 'ones_init()', 'constant(2.5)', 'normal()', 'normal(stddev=0.5)',
                'normal(0.02)', 'uniform()', 'uniform(scale=2.0)', 'truncated_normal()',
                'truncated_normal(stddev=0.02)', 'truncated_normal(1.0, lower=-1.0, upper=3.0)', 'lecun_normal()',
                'lecun_uniform()', 'he_normal()', 'he_uniform()', 'kaiming_normal()', 'kaiming_uniform()',
                'glorot_normal()', 'glorot_uniform()', 'xavier_normal()', 'xavier_uniform()',
                "variance_scaling(1.0, 'fan_in', 'normal')", "variance_scaling(2.0, 'fan_out', 'truncated_normal')",
                "variance_scaling(0.5, 'fan_avg', 'uniform')", "variance_scaling(1.0, 'fan_in', 'normal', out_axis=0)",
                "variance_scaling(1.0, 'fan_avg', 'uniform', in_axis=0, out_axis=1)",
                "variance_scaling(1.0, 'fan_in', 'truncated_normal', in_axis=[-2, -1], out_axis=0)",
                "variance_scaling(3.0, 'fan_in', 'uniform', batch_axis=[0])")
# Their result has a QR decomposition in it, whose last bits depend on the library.
ORTHOGONAL = ('orthogonal()', 'orthogonal(scale=2.0)', 'orthogonal(column_axis=0)', 'delta_orthogonal()',
              'delta_orthogonal(scale=0.5)')


# A scale that is an array: jax computes with it in its own dtype, and a number of Python in double precision.
ARRAY_SCALED = ('normal(stddev=jnp.sqrt(0.02))', 'uniform(1 / jnp.sqrt(3.0))', 'truncated_normal(jnp.exp(-1.0))') + tuple(
    f"variance_scaling({scale}, '{mode}', '{distribution}')"
    for scale, mode in (('1.0 / jnp.sqrt(3.0)', 'fan_in'), ('jnp.log(7.0)', 'fan_out'), ('jnp.bfloat16(0.3)', 'fan_avg'),
                        ('jnp.array(2)', 'fan_geo_avg'))
    for distribution in ('normal', 'truncated_normal', 'uniform'))
ARRAY_SCALED_ORTHOGONAL = ('orthogonal(scale=jnp.sqrt(2.0))', 'delta_orthogonal(1 / jnp.sqrt(3.0))')


def initial_values():
  names = {name: getattr(initializers, name) for name in dir(initializers)} | {'jnp': jnp}
  group = Group('initializers/initializers')

  def add(text, dtype, shapes, tolerance=None, seed=0):
    # Lists are tuples in the language.
    init = eval(text.replace('[', '(').replace(']', ',)'), dict(names))
    lines, count = [], len(group.cases)
    for i, shape in enumerate(shapes):
      lines += [
          f'param: p{i}', f'  init: {json.dumps(text)}', f'  shape: {json.dumps(list(shape))}', f'  dtype: {dtype}']
    lines.append('return: p0')

    def body(module):
      values = [module.param(f'p{i}', init, shape, jnp.dtype(dtype)) for i, shape in enumerate(shapes)]
      return values[0]

    word = ''.join(c if c.isalnum() else '_' for c in text).strip('_')
    group.add(f'{count:03}_{word}_{dtype}', Body(body), yaml=body_file(lines, {}), seed=seed, apply=False,
              init_tolerance=tolerance)

  for i, text in enumerate(INITIALIZERS):
    any_rank = text.startswith(('zeros', 'ones', 'constant', 'normal', 'uniform', 'truncated'))
    shapes = [(3, 4), (3, 3, 2, 5), (2, 3, 4)] + ([(), (7,), (0, 3)] if any_rank else [(1, 1)])
    for dtype in ('float32', 'bfloat16', 'float16'):
      add(text, dtype, shapes, seed=i)
  for i, text in enumerate(ARRAY_SCALED):
    for dtype in ('float32', 'bfloat16', 'float16'):
      add(text, dtype, [(3, 4), (3, 3, 2, 5), (2, 3, 4)], seed=i)
  for i, text in enumerate(ORTHOGONAL + ARRAY_SCALED_ORTHOGONAL):
    shapes = [(3, 2, 4), (3, 3, 4, 4)] if 'delta' in text else [(4, 4), (3, 5), (6, 2), (2, 3, 4)]
    add(text, 'float32', shapes, tolerance=(0.0, 2e-5), seed=i)
  for text in ('normal(0.02)', 'lecun_normal()', 'glorot_uniform()', 'uniform(0.1)'):
    add(text, 'float32', [(300, 257)], seed=-7)

  @group_case(group, 'lambda', [
      'param: w', '  init: "lambda key, shape, dtype: random.uniform(key, shape, dtype, -1, 1) * 0.1"',
      '  shape: (2, 3)', 'return: w'])
  def _(module):
    return module.param('w', lambda key, shape, dtype: jax.random.uniform(key, shape, dtype, -1, 1) * 0.1, (2, 3),
                        jnp.float32)

  @group_case(group, 'value', ['param: w', '  value: arange(4) * 0.5', 'return: w'])
  def _(module):
    return module.param('w', lambda key: jnp.arange(4) * 0.5)

  @group_case(group, 'arguments', [
      'param: w', '  init: "lambda key, low, high: random.uniform(key, (3,), minval=low, maxval=high)"',
      '  args: [2, 5.5]', 'return: w'])
  def _(module):
    return module.param('w', lambda key, low, high: jax.random.uniform(key, (3,), minval=low, maxval=high), 2, 5.5)

  @group_case(group, 'keys_in_turn', [
      'param: a', '  init: normal(1.0)', '  shape: [2]', 'make_rng: params', '  out: key', 'param: b',
      '  init: normal(1.0)', '  shape: [2]', 'variable: c', '  collection: state', '  init: random.normal(key, (2,))',
      'return: [a, b, c]'])
  def _(module):
    normal = initializers.normal(1.0)
    a = module.param('a', normal, (2,))
    key = module.make_rng('params')
    b = module.param('b', normal, (2,))
    return [a, b, module.variable('state', 'c', lambda: jax.random.normal(key, (2,))).value]

  group.write()


def group_case(group, name, lines):
  def decorator(function):
    group.add(name, Body(function), yaml=body_file(lines, {}), seed=3, apply=False)

  return decorator


def main():
  randomness()
  initial_values()
  write_index()


if __name__ == '__main__':
  main()
