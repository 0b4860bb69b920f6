"""The actor-critic of models/actor_critic.yaml, and its cases."""

import flax.linen as nn
import jax.numpy as jnp
import numpy as np

from golden_files import generator
from model_cases import Model


class ActorCritic(nn.Module):
  num_outputs: int = 4

  @nn.compact
  def __call__(self, x):
    x = x.astype(jnp.float32) / 255.0
    x = nn.relu(nn.Conv(32, (8, 8), strides=(4, 4), name='conv1', dtype=jnp.float32)(x))
    x = nn.relu(nn.Conv(64, (4, 4), strides=(2, 2), name='conv2', dtype=jnp.float32)(x))
    x = nn.relu(nn.Conv(64, (3, 3), strides=(1, 1), name='conv3', dtype=jnp.float32)(x))
    x = x.reshape(len(x), -1)
    x = nn.relu(nn.Dense(512, name='hidden', dtype=jnp.float32)(x))
    logits = nn.Dense(self.num_outputs, name='logits', dtype=jnp.float32)(x)
    value = nn.Dense(1, name='value', dtype=jnp.float32)(x)
    return nn.log_softmax(logits), value


def frames(name, batch):
  return {'x': generator(name).integers(0, 256, (batch, 84, 84, 4)).astype(np.uint8)}


def goldens():
  model = Model('actor_critic')
  model.seeds(ActorCritic(), frames('frames', 2))
  for batch in (1, 5):
    model.add(f'batch_{batch}', ActorCritic(), seed=9, inputs=frames(f'frames {batch}', batch))
  for num_outputs in (1, 18):
    model.add(f'num_outputs_{num_outputs}', ActorCritic(num_outputs), config={'num_outputs': num_outputs},
              inputs=frames('frames', 2))
  model.add('black_and_white', ActorCritic(), seed=3,
            inputs={'x': np.stack([np.zeros((84, 84, 4), np.uint8), np.full((84, 84, 4), 255, np.uint8)])})
  model.group.write()
