"""Writes goldens/models/: what Flax gives for the models of models/*.yaml."""

import flax.linen as nn
import jax.numpy as jnp
import numpy as np

import actor_critic
import critics
import dlrm
import gnn
import models
import nanodo
import resnet
import unet
import vae
import vit
import wmt
from golden_files import write_index
from model_cases import Model, floats, half_precision, integers


def small_mlps():
  for name, module in (('explicit_mlp', models.ExplicitMLP), ('simple_mlp', models.SimpleMLP),
                       ('jit_mlp', models.JitMLP), ('remat_mlp', models.RematMLP)):
    model = Model(name)
    model.seeds(module(), {'x': floats(name, 2, 4)})
    for batch in (1, 3, 17):
      model.add(f'batch_{batch}', module(), inputs={'x': floats(f'{name} {batch}', batch, 4)}, variables='random')
    model.add('features', module(features=(7, 2)), config={'features': [7, 2]}, seed=5,
              inputs={'x': floats(name, 2, 4)})
    if name == 'simple_mlp':
      half_precision(model, module, {'x': floats(name, 2, 4)})
    model.group.write()


def dense_layers():
  model = Model('dense')
  model.seeds(nn.Dense(3), {'x': floats('dense', 4, 4)})
  model.add('random', nn.Dense(3), inputs={'x': floats('dense', 4, 4)}, variables='random')
  model.group.write()
  model = Model('simple_dense')
  model.seeds(models.SimpleDense(), {'x': floats('simple_dense', 2, 4)})
  for batch in (1, 5):
    model.add(f'batch_{batch}', models.SimpleDense(), inputs={'x': floats(f'dense {batch}', batch, 4)},
              variables='random')
  model.group.write()


def counters():
  for name, module in (('counter', models.Counter()), ('guarded_counter', models.GuardedCounter())):
    model = Model(name)
    model.add('first_call', module, mutable=['counter'])
    model.add('later_call', module, seed=1, mutable='all', variables={'counter': {'count': jnp.asarray(41, jnp.int32)}})
    model.group.write()


def batch_norm():
  model = Model('batch_norm')
  inputs = {'x': floats('batch_norm', 3, 4, 4)}
  training = models.BatchNormBlock(training=True)
  model.seeds(models.BatchNormBlock(), inputs)
  for batch in (1, 6):
    model.add(f'batch_{batch}', models.BatchNormBlock(), inputs={'x': floats(f'bn {batch}', batch, 4, 4)},
              variables='random')
  for dropout in (0, 1, 7):
    model.add(f'training_dropout_{dropout}', training, config={'training': True}, inputs=inputs, rngs={'dropout': 3},
              apply_rngs={'dropout': dropout}, mutable=['batch_stats'], variables='random')
  model.add('training_params_stream', training, config={'training': True}, inputs=inputs, apply_rngs={'params': 9},
            mutable=['batch_stats', 'params'])
  model.add('training_all_mutable', training, config={'training': True}, seed=4, inputs=inputs, rngs={'dropout': 3},
            apply_rngs={'dropout': -2}, mutable='all')
  model.group.write()


def vmapped_attention():
  for name, module in (('vmap_attention', models.VmapAttention), ('vmap_attention_shared', models.SharedVmapAttention)):
    model = Model(name)
    inputs = {'x': floats(name, 2, 5, 16)}
    model.seeds(module(), inputs)
    model.add('batch_1', module(), inputs={'x': floats(f'{name} 1', 1, 9, 16)}, variables='random')
    model.add('two_heads', module(num_heads=2), config={'num_heads': 2}, inputs=inputs, variables='random')
    for dropout in (0, 1):
      model.add(f'training_dropout_{dropout}', module(training=True), config={'training': True}, inputs=inputs,
                rngs={'dropout': 5}, apply_rngs={'dropout': dropout}, variables='random')
    model.group.write()
  model = Model('intro_attention')
  inputs = {'inputs_q': floats('intro q', 2, 5, 64), 'inputs_kv': floats('intro kv', 2, 7, 64)}
  model.seeds(models.IntroAttention(), inputs)
  model.add('four_heads', models.IntroAttention(num_heads=4), config={'num_heads': 4}, inputs=inputs)
  model.add('training', models.IntroAttention(train=True), config={'training': True}, inputs=inputs,
            rngs={'dropout': 3}, apply_rngs={'dropout': 4})
  model.group.write()


def scanned():
  model = Model('scan_mlp')
  inputs = {'x': floats('scan_mlp', 3, 16)}
  model.seeds(models.ScanMLP(), inputs)
  model.add('layers_hidden', models.ScanMLP(num_layers=3, hidden=8), config={'num_layers': 3, 'hidden': 8}, inputs=inputs, variables='random')
  model.add('remat', models.ScanMLP(remat=True), config={'remat': True}, inputs=inputs)
  for dropout in (0, 1):
    model.add(f'training_dropout_{dropout}', models.ScanMLP(training=True, dropout=0.5), config={'training': True, 'dropout': 0.5},
              inputs=inputs, rngs={'dropout': 5}, apply_rngs={'dropout': dropout}, variables='random')
  model.group.write()


def convolutional():
  model = Model('cnn')
  inputs = {'x': floats('cnn', 2, 28, 28, 1)}
  model.seeds(models.CNN(), inputs)
  model.add('batch_1', models.CNN(), inputs={'x': floats('cnn 1', 1, 28, 28, 1)})
  model.add('num_classes', models.CNN(num_classes=3), config={'num_classes': 3}, inputs=inputs)
  for dropout in (0, 1):
    model.add(f'training_dropout_{dropout}', models.CNN(training=True), config={'training': True}, inputs=inputs,
              rngs={'dropout': 1}, apply_rngs={'dropout': dropout}, mutable=['batch_stats'])
  half_precision(model, models.CNN, inputs)
  model.add('bfloat16_training', models.CNN(training=True,
                                            dtype=jnp.bfloat16), config={'training': True, 'dtype': 'bfloat16'},
            inputs=inputs, rngs={'dropout': 1}, apply_rngs={'dropout': 2}, mutable=['batch_stats'])
  model.group.write()

  model = Model('mnist_cnn')
  model.seeds(models.MnistCNN(), {'x': floats('mnist', 2, 28, 28, 1)})
  model.add('batch_1', models.MnistCNN(), inputs={'x': floats('mnist 1', 1, 28, 28, 1)})
  model.group.write()

  model = Model('residual')
  inputs = {'x': floats('residual', 2, 16, 16, 3)}
  model.seeds(models.ResNet(), inputs)
  model.add('batch_3', models.ResNet(), inputs={'x': floats('residual 3', 3, 16, 16, 3)}, variables='random')
  for variables in (None, 'random'):
    model.add(f'training_{variables or "initial"}', models.ResNet(training=True), config={'training': True},
              inputs=inputs, mutable=['batch_stats'], variables=variables)
  model.group.write()


def autoencoder():
  model = Model('autoencoder')
  x, z = floats('autoencoder', 2, 28, 28, 1), floats('code', 3, 32)
  model.seeds(models.AutoEncoder(), {'x': x})
  model.add('encode', models.AutoEncoder(), method='encode', inputs={'x': x})
  model.add('decode', models.AutoEncoder(), method='decode', inputs={'z': z})
  model.add('encode_one', models.AutoEncoder(), seed=7, method='encode', inputs={'x': x[:1]})
  model.group.write()


def mlp():
  model = Model('mlp')
  model.seeds(models.MLP(), {'x': floats('mlp', 2, 784)})
  model.add('batch_5', models.MLP(), inputs={'x': floats('mlp 5', 5, 784)})
  model.group.write()


def attention_block():
  model = Model('attention_block')
  inputs = {'x': floats('block', 2, 6, 32)}
  model.seeds(models.AttentionBlock(), inputs)
  model.add('long', models.AttentionBlock(), inputs={'x': floats('block long', 1, 19, 32)}, variables='random')
  model.add('one_token', models.AttentionBlock(), inputs={'x': floats('block one', 3, 1, 32)}, variables='random')
  model.add('wide_mlp', models.AttentionBlock(num_heads=2, mlp_dim=48), config={'num_heads': 2, 'mlp_dim': 48},
            inputs=inputs, variables='random')
  for dropout in (0, 1):
    model.add(f'training_dropout_{dropout}', models.AttentionBlock(deterministic=False), config={'training': True},
              inputs=inputs, rngs={'dropout': 8}, apply_rngs={'dropout': dropout}, variables='random')
  model.add('training_rate', models.AttentionBlock(deterministic=False,
                                                   dropout_rate=0.75), config={'training': True, 'dropout_rate': 0.75},
            inputs=inputs, rngs={'dropout': 8}, apply_rngs={'dropout': 3})
  model.group.write()


def embed_classifier():
  model = Model('embed_classifier')
  model.seeds(models.EmbedClassifier(), {'ids': integers('ids', 100, 2, 7)})
  model.add('batch_4', models.EmbedClassifier(), inputs={'ids': integers('ids 4', 100, 4, 3)}, variables='random')
  model.add('negative_ids', models.EmbedClassifier(), inputs={'ids': np.array([[-1, 0], [99, -100]], np.int32)},
            variables='random')
  model.add('beyond_the_table', models.EmbedClassifier(), inputs={'ids': np.array([[0, 100], [-101, 3]], np.int32)})
  model.add('num_classes', models.EmbedClassifier(num_classes=2, width=3), config={'num_classes': 2, 'width': 3},
            inputs={'ids': integers('ids', 100, 2, 7)}, variables='random')
  model.group.write()


def sequence_tagger():
  model = Model('sequence_tagger')
  inputs = {'inputs': integers('tagger', 97, 2, 9)}
  model.seeds(models.SequenceTagger(), inputs)
  model.add('long', models.SequenceTagger(), inputs={'inputs': integers('tagger long', 97, 1, 256)}, variables='random')
  model.add('one_word', models.SequenceTagger(), inputs={'inputs': integers('tagger one', 97, 3, 1)}, variables='random')
  changes = {
      'vocab_size': 101, 'output_vocab_size': 5, 'dtype': 'bfloat16', 'emb_dim': 32, 'num_heads': 2, 'num_layers': 1, 'qkv_dim': 32,
      'mlp_dim': 48, 'max_len': 12, 'dropout_rate': 0.5, 'attention_dropout_rate': 0.0, 'kernel_init': 'lecun_normal',
      'bias_init': 'normal', 'posemb_init': 'normal'}
  for name, value in changes.items():
    flax_value = {'bfloat16': jnp.bfloat16, 'lecun_normal': nn.initializers.lecun_normal(), 'normal': nn.initializers.normal()}.get(value, value)
    for training in (False, True):
      settings = {f'tagger.{name}': value} | ({'training': True} if training else {})
      streams = {'rngs': {'dropout': 3}, 'apply_rngs': {'dropout': 4}} if training else {}
      model.add(f'{name}_training' if training else name,
                models.SequenceTagger(models.TaggerConfig(**{name: flax_value}), training), config=settings, seed=6, inputs=inputs, **streams)
  # At random variables a last bit of these changes Flax's own outputs by more than the tolerance.
  for dropout in (0, 1):
    model.add(f'training_dropout_{dropout}', models.SequenceTagger(training=True), config={'training': True}, inputs=inputs,
              rngs={'dropout': 8}, apply_rngs={'dropout': dropout})
  model.group.write()


def public_models():
  """The models of public repositories, whose modules hold both the Flax code and the cases."""
  nanodo.goldens()
  unet.goldens()
  wmt.goldens()
  dlrm.goldens()
  gnn.goldens()
  vit.goldens()
  actor_critic.goldens()
  critics.goldens()
  resnet.goldens()
  vae.goldens()


def main():
  for write in (small_mlps, dense_layers, counters, batch_norm, vmapped_attention, scanned, convolutional, autoencoder, mlp,
                attention_block, embed_classifier, sequence_tagger, public_models):
    write()
  write_index()


if __name__ == '__main__':
  main()
