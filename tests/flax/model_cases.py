"""What the cases of models share: inputs, the group of a file of models/, seeds, half precision."""

import jax.numpy as jnp
import numpy as np

from golden_files import Group, generator

SEEDS = (0, 1, 42, -1)
HALVES = {'bfloat16': jnp.bfloat16, 'float16': jnp.float16}


def floats(name, *shape):
  return generator(name).standard_normal(shape).astype(np.float32)


def integers(name, high, *shape):
  return generator(name).integers(0, high, shape).astype(np.int32)


class Model:
  """The cases of one file of models/: one group, and the arguments that all of them share."""
  def __init__(self, name):
    self.name = name
    self.group = Group(f'models/{name}')

  def add(self, case, module, **options):
    self.group.add(case, module, model=f'models/{self.name}.yaml', **options)

  def seeds(self, module, inputs, **options):
    """The initial values for each seed, and an application to them."""
    for seed in SEEDS:
      self.add(f'seed_{seed}', module, seed=seed, inputs=inputs, **options)


def half_precision(model, module, inputs, **options):
  """Arithmetic in a half type with float32 parameters, and parameters of the half type with either arithmetic."""
  for name, dtype in HALVES.items():
    model.add(f'{name}_compute', module(dtype=dtype), config={'dtype': name}, inputs=inputs, **options)
    model.add(f'{name}_params', module(param_dtype=dtype), config={'param_dtype': name}, inputs=inputs, **options)
    model.add(f'{name}_all', module(dtype=dtype, param_dtype=dtype), config={'dtype': name, 'param_dtype': name},
              seed=42, inputs=inputs, **options)
