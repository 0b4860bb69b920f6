"""Small model files for linenc, written from the values that also make the Flax module."""

import flax.linen as nn
import jax.numpy as jnp
import numpy as np


class Text:
  """A value of Flax, with its words in a model file."""
  def __init__(self, value, text):
    self.value = value
    self.text = text


def of_flax(fields):
  return {key: value.value if isinstance(value, Text) else value for key, value in fields.items()}


def literal(value):
  if isinstance(value, Text):
    return value.text
  if value is None:
    return 'none'
  if isinstance(value, bool):
    return 'true' if value else 'false'
  if isinstance(value, (tuple, list)):
    return '[' + ', '.join(map(literal, value)) + ']'
  if isinstance(value, dict):
    return '{' + ', '.join(f'{k}: {literal(v)}' for k, v in value.items()) + '}'
  if isinstance(value, (int, float, str)):
    return str(value)
  return jnp.dtype(value).name


def fields_text(fields):
  return literal(fields) if fields else ''


def types_text(inputs):
  """`inputs:` of a file, from the arrays; a text such as key:7 is a random key."""
  types = (f'{name}: "{"key[]" if isinstance(a, str) else tensor_type(np.asarray(a))}"' for name, a in inputs.items())
  return 'inputs: {' + ', '.join(types) + '}'


def tensor_type(array):
  return f'{array.dtype.name}[{", ".join(map(str, array.shape))}]'


def layer_file(layer, fields, inputs):
  """The layer as the root module."""
  return f'linenc: 1\n{types_text(inputs)}\nmodel: {{{layer}: {fields_text(fields)}}}\n'


def body_file(statements, inputs):
  """A compact body, one statement a line."""
  lines = ''.join(f'    {"" if line.startswith(" ") else "- "}{line}\n' for line in statements)
  return f'linenc: 1\n{types_text(inputs)}\nmodel:\n  args: [{", ".join(inputs)}]\n  compact:\n{lines}'


class Body(nn.Module):
  """A module whose compact body is a function."""
  body: object

  @nn.compact
  def __call__(self, *args):
    return self.body(self, *args)
