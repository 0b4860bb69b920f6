"""The critics of models/critic.yaml with the perceptron of models/orthogonal_mlp.yaml, and their cases."""

from typing import Callable, Sequence

import flax.linen as nn
import jax.numpy as jnp

from model_cases import SEEDS, Model, floats

# LAPACK's QR decomposition is not Eigen's: orthogonal matrices agree within rounding.
ORTHOGONAL = {'init_tolerance': (0.0, 2e-5)}
FUNCTIONS = {'tanh': jnp.tanh, 'gelu': nn.gelu}


class MLP(nn.Module):
  hidden_dims: Sequence[int]
  activations: Callable = nn.relu
  activate_final: bool = False
  dropout_rate: float | None = None

  @nn.compact
  def __call__(self, x, training=False):
    for i, size in enumerate(self.hidden_dims):
      x = nn.Dense(size, kernel_init=nn.initializers.orthogonal(jnp.sqrt(2)))(x)
      if i + 1 < len(self.hidden_dims) or self.activate_final:
        x = self.activations(x)
        if self.dropout_rate is not None:
          x = nn.Dropout(rate=self.dropout_rate)(x, deterministic=not training)
    return x


class Critic(nn.Module):
  hidden_dims: Sequence[int]
  activations: Callable = nn.relu

  @nn.compact
  def __call__(self, observations, actions):
    inputs = jnp.concatenate([observations, actions], -1)
    return jnp.squeeze(MLP((*self.hidden_dims, 1), activations=self.activations)(inputs), -1)


class DoubleCritic(nn.Module):
  hidden_dims: Sequence[int]
  activations: Callable = nn.relu
  num_qs: int = 2

  @nn.compact
  def __call__(self, states, actions):
    ensemble = nn.vmap(Critic, variable_axes={'params': 0}, split_rngs={'params': True}, in_axes=None, out_axes=0,
                       axis_size=self.num_qs)
    return ensemble(self.hidden_dims, activations=self.activations)(states, actions)


def flax_values(config):
  return {key: FUNCTIONS.get(value, value) if isinstance(value, str) else value for key, value in config.items()}


def mlps():
  model = Model('orthogonal_mlp')

  def add(case, training=False, batch=2, **options):
    config = {'hidden_dims': (16, 8)} | {key: options.pop(key) for key in MLP.__dataclass_fields__ if key in options}
    settings = config | ({'training': True} if training else {})
    model.add(case, MLP(**flax_values(config)), config=settings, keywords={'training': training},
              inputs={'x': floats(f'mlp {batch}', batch, 17)}, **ORTHOGONAL, **options)

  for seed in SEEDS:
    add(f'seed_{seed}', seed=seed, variables='random')
  for batch in (1, 7):
    add(f'batch_{batch}', batch=batch, variables='random')
  for act in FUNCTIONS:
    add(act, activations=act, variables='random')
  add('hidden_dims', hidden_dims=(3, 40, 5), variables='random')
  for final in (False, True):
    name = 'final_' * final
    add(f'{name}without_dropout', activate_final=final, training=True, variables='random')
    add(f'{name}deterministic', activate_final=final, dropout_rate=0.25, variables='random')
    for dropout in (0, 1):
      add(f'{name}dropout_{dropout}', activate_final=final, dropout_rate=0.25, training=True, rngs={'dropout': 3},
          apply_rngs={'dropout': dropout}, variables='random')
  model.group.write()


def critics():
  model = Model('critic')

  def add(case, module, batch=2, **options):
    config = {'hidden_dims': (16, 8)} | {key: options.pop(key) for key in module.__dataclass_fields__ if key in options}
    inputs = {'observations': floats(f'states {batch}', batch, 17), 'actions': floats(f'actions {batch}', batch, 6)}
    model.add(case, module(**flax_values(config)), config={'critic': module.__name__} | config, inputs=inputs,
              variables='random', **ORTHOGONAL, **options)

  for module in (Critic, DoubleCritic):
    name = module.__name__.lower()
    for seed in SEEDS:
      add(f'{name}_seed_{seed}', module, seed=seed)
    for batch in (1, 7):
      add(f'{name}_batch_{batch}', module, batch=batch)
    for act in FUNCTIONS:
      add(f'{name}_{act}', module, activations=act)
    add(f'{name}_one_layer', module, hidden_dims=(5,))
    add(f'{name}_wide', module, hidden_dims=(40, 24), seed=4)
  for num_qs in (1, 5):
    add(f'num_qs_{num_qs}', DoubleCritic, num_qs=num_qs)
  model.group.write()


def goldens():
  mlps()
  critics()
