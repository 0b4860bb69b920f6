"""The variational autoencoder of models/vae.yaml, and its cases."""

import flax.linen as nn
import jax
import jax.numpy as jnp

from model_cases import SEEDS, Model, floats


class Encoder(nn.Module):
  latents: int

  @nn.compact
  def __call__(self, x):
    x = nn.relu(nn.Dense(500, name='fc1')(x))
    return nn.Dense(self.latents, name='fc2_mean')(x), nn.Dense(self.latents, name='fc2_logvar')(x)


class Decoder(nn.Module):
  @nn.compact
  def __call__(self, z):
    return nn.Dense(784, name='fc2')(nn.relu(nn.Dense(500, name='fc1')(z)))


class VAE(nn.Module):
  latents: int = 20

  def setup(self):
    self.encoder = Encoder(self.latents)
    self.decoder = Decoder()

  def __call__(self, x, z_rng):
    mean, logvar = self.encoder(x)
    z = mean + jax.random.normal(z_rng, logvar.shape) * jnp.exp(0.5 * logvar)
    return self.decoder(z), mean, logvar

  def generate(self, z):
    return nn.sigmoid(self.decoder(z))


def goldens():
  model = Model('vae')
  x = abs(floats('vae', 2, 784))
  model.seeds(VAE(), {'x': x, 'z_rng': 'key:0'})
  for key in (1, -3):
    model.add(f'key_{key}', VAE(), seed=5, inputs={'x': x, 'z_rng': f'key:{key}'})
  for batch in (1, 9):
    model.add(f'batch_{batch}', VAE(), seed=2, inputs={'x': floats(f'vae {batch}', batch, 784), 'z_rng': 'key:7'})
  model.add('latents', VAE(3), config={'latents': 3}, inputs={'x': x, 'z_rng': 'key:2'})
  for seed in SEEDS:
    model.add(f'generate_seed_{seed}', VAE(), seed=seed, method='generate', inputs={'z': floats('code', 3, 20)})
  model.add('generate_latents', VAE(3), config={'latents': 3}, method='generate', inputs={'z': floats('code', 1, 3)})
  model.group.write()
