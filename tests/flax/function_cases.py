"""Functions of expressions: the harness of their goldens.

An expression is Python, so the same text is evaluated here with JAX's names and written into a model for linenc; where
the language differs from Python (static numbers, statements), the Python is given beside it.
"""

import json

import einops
import flax.linen as nn
import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import lax

from golden_files import Group, generator
from yaml_text import Body, body_file

BFLOAT16, FLOAT16 = ml_dtypes.bfloat16, np.float16
FLOATS = (np.float32, BFLOAT16, FLOAT16)

EXACT = (0.0, 0.0)
# Of functions that no processor rounds correctly: a few units in the last place.
CLOSE = {'float32': (2e-6, 2e-7), 'bfloat16': (8e-3, 1e-5), 'float16': (1.2e-3, 1e-5)}


def python_names():
  """A bare name is flax.linen's, else jax.numpy's, else jax.nn's, else jax.lax's."""
  names = {}
  for module in (lax, jax.nn, jnp, nn):
    names |= {name: getattr(module, name) for name in dir(module) if not name.startswith('_')}
  return names | {
      'zeros': jnp.zeros, 'ones': jnp.ones, 'rearrange': einops.rearrange, 'len': len, 'range': range,
      'random': jax.random, 'lax': lax, 'jnp': jnp, 'jax': jax, 'nn': nn, 'image': jax.image, 'linalg': jnp.linalg,
      'bool': jnp.bool_, 'true': True, 'false': False, 'none': None, 'inf': float('inf'), 'nan': float('nan')}


PYTHON = python_names()


class Functions:
  """The cases of one family of functions."""
  def __init__(self, name):
    self.group = Group(f'functions/{name}')
    self.count = 0

  def add(self, expression, *, python=None, name=None, tolerance=None, apply_rngs=(), **inputs):
    """One expression over inputs."""
    code = compile(python or expression, expression, 'eval')
    self._record(name or self._name(expression), [f'return: {json.dumps(expression, ensure_ascii=False)}'],
                 lambda module, *args: eval(code, PYTHON | dict(zip(inputs, args))), inputs, tolerance, apply_rngs)

  def statements(self, name, lines, function, *, tolerance=None, apply_rngs=(), **inputs):
    """A body of statements, and the same as a Python function of the module and the inputs."""
    self._record(name, lines, function, inputs, tolerance, apply_rngs)

  def _name(self, expression):
    self.count += 1
    words = ''.join(c if c.isalnum() else ' ' for c in expression).split()
    return f'{self.count:03}_{"_".join(words)[:40]}'

  def _record(self, name, lines, function, inputs, tolerance, apply_rngs):
    # Nothing is made, so `init` has nothing to test.
    self.group.add(name, Body(function), yaml=body_file(lines, inputs), inputs=inputs, init=False, tolerance=tolerance,
                   apply_rngs=apply_rngs, rngs=apply_rngs)

  def write(self):
    self.group.write()


def draw(*shape, dtype=np.float32, scale=1.0, name=''):
  values = generator(f'{shape} {name}').standard_normal(shape) * scale
  return values.astype(dtype)


def whole(*shape, low=-9, high=10, dtype=np.int32, name=''):
  return generator(f'{shape} {name}').integers(low, high, shape).astype(dtype)
