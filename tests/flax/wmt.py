"""The translation transformer of models/wmt.yaml, and its cases."""

import dataclasses
from typing import Any

import flax.linen as nn
import jax.numpy as jnp
import numpy as np

from model_cases import SEEDS, Model, floats, integers


@dataclasses.dataclass(frozen=True)
class Config:
  vocab_size: int = 97
  output_vocab_size: int | None = 97
  share_embeddings: bool = True
  logits_via_embedding: bool = True
  dtype: Any = jnp.float32
  emb_dim: int = 64
  num_heads: int = 4
  num_layers: int = 2
  qkv_dim: int = 64
  mlp_dim: int = 128
  max_len: int = 256
  dropout_rate: float = 0.1
  attention_dropout_rate: float = 0.1
  deterministic: bool = True
  kernel_init: Any = nn.initializers.xavier_uniform()
  bias_init: Any = nn.initializers.normal(stddev=1e-6)
  posemb_init: Any = None


def dropout(cfg):
  return nn.Dropout(cfg.dropout_rate, deterministic=cfg.deterministic)


def embedding(cfg, size):
  return nn.Embed(size, cfg.emb_dim, embedding_init=nn.initializers.normal(stddev=1.0))


def attention(cfg):
  return nn.MultiHeadDotProductAttention(
      num_heads=cfg.num_heads, dtype=cfg.dtype, qkv_features=cfg.qkv_dim, kernel_init=cfg.kernel_init,
      bias_init=cfg.bias_init, use_bias=False, broadcast_dropout=False, dropout_rate=cfg.attention_dropout_rate,
      deterministic=cfg.deterministic)


class AddPositionEmbs(nn.Module):
  cfg: Config

  @nn.compact
  def __call__(self, x, positions=None):
    length, width = self.cfg.max_len, x.shape[-1]
    if self.cfg.posemb_init is None:
      half = width // 2
      angles = np.arange(length)[:, None] * np.exp(np.arange(half) * (-np.log(10000.0) / (half - 1)))
      table = np.zeros((1, length, width), np.float32)
      table[0, :, :half] = np.sin(angles)
      table[0, :, half:2 * half] = np.cos(angles)
      table = jnp.asarray(table)
    else:
      table = self.param('pos_embedding', self.cfg.posemb_init, (1, length, width))
    if positions is None:
      return x + table[:, :x.shape[1]]
    return x + jnp.take(table[0], positions, axis=0)


class MlpBlock(nn.Module):
  cfg: Config

  @nn.compact
  def __call__(self, x):
    cfg, width = self.cfg, x.shape[-1]
    dense = lambda size: nn.Dense(size, dtype=cfg.dtype, kernel_init=cfg.kernel_init, bias_init=cfg.bias_init)
    x = dense(cfg.mlp_dim)(x)
    x = nn.relu(x)
    x = dropout(cfg)(x)
    x = dense(width)(x)
    return dropout(cfg)(x)


class Encoder1DBlock(nn.Module):
  cfg: Config

  @nn.compact
  def __call__(self, x, mask=None):
    cfg = self.cfg
    y = nn.LayerNorm(dtype=cfg.dtype)(x)
    y = attention(cfg)(y, mask=mask)
    x = x + dropout(cfg)(y)
    y = nn.LayerNorm(dtype=cfg.dtype)(x)
    return x + MlpBlock(cfg)(y)


class EncoderDecoder1DBlock(nn.Module):
  cfg: Config

  @nn.compact
  def __call__(self, x, encoded, self_mask=None, cross_mask=None):
    cfg = self.cfg
    y = nn.LayerNorm(dtype=cfg.dtype)(x)
    y = attention(cfg)(y, mask=self_mask)
    x = x + dropout(cfg)(y)
    y = nn.LayerNorm(dtype=cfg.dtype)(x)
    y = attention(cfg)(y, encoded, mask=cross_mask)
    x = x + dropout(cfg)(y)
    y = nn.LayerNorm(dtype=cfg.dtype)(x)
    return x + MlpBlock(cfg)(y)


class Encoder(nn.Module):
  cfg: Config
  shared_embedding: Any = None

  @nn.compact
  def __call__(self, inputs, positions=None, mask=None):
    cfg = self.cfg
    embed = self.shared_embedding if self.shared_embedding is not None else embedding(cfg, cfg.vocab_size)
    x = embed(inputs.astype('int32'))
    x = AddPositionEmbs(cfg, name='posembed_input')(x, positions)
    x = dropout(cfg)(x).astype(cfg.dtype)
    for i in range(cfg.num_layers):
      x = Encoder1DBlock(cfg, name=f'encoderblock_{i}')(x, mask)
    return nn.LayerNorm(dtype=cfg.dtype, name='encoder_norm')(x)


class Decoder(nn.Module):
  cfg: Config
  shared_embedding: Any = None

  @nn.compact
  def __call__(self, encoded, targets, positions=None, self_mask=None, cross_mask=None):
    cfg = self.cfg
    embed = self.shared_embedding if self.shared_embedding is not None else embedding(cfg, cfg.output_vocab_size)
    x = embed(jnp.pad(targets.astype('int32'), ((0, 0), (1, 0)))[:, :-1])
    x = AddPositionEmbs(cfg, name='posembed_output')(x, positions)
    x = dropout(cfg)(x).astype(cfg.dtype)
    for i in range(cfg.num_layers):
      x = EncoderDecoder1DBlock(cfg, name=f'encoderdecoderblock_{i}')(x, encoded, self_mask, cross_mask)
    x = nn.LayerNorm(dtype=cfg.dtype, name='encoderdecoder_norm')(x)
    if cfg.logits_via_embedding:
      return embed.attend(x.astype(jnp.float32)) / jnp.sqrt(x.shape[-1])
    return nn.Dense(cfg.output_vocab_size, dtype=cfg.dtype, kernel_init=cfg.kernel_init, bias_init=cfg.bias_init,
                    name='logitdense')(x)


class Transformer(nn.Module):
  cfg: Config = Config()

  def setup(self):
    cfg = self.cfg
    self.shared_embedding = embedding(cfg, cfg.vocab_size) if cfg.share_embeddings else None
    self.encoder = Encoder(cfg, self.shared_embedding)
    self.decoder = Decoder(cfg, self.shared_embedding)

  def mask(self, queries, keys, pairwise=jnp.multiply):
    return nn.make_attention_mask(queries, keys, pairwise, dtype=self.cfg.dtype)

  def encode(self, inputs, inputs_positions=None, inputs_segmentation=None):
    mask = self.mask(inputs > 0, inputs > 0)
    if inputs_segmentation is not None:
      mask = nn.combine_masks(mask, self.mask(inputs_segmentation, inputs_segmentation, jnp.equal))
    return self.encoder(inputs, inputs_positions, mask)

  def decode(self, encoded, inputs, targets, targets_positions=None, inputs_segmentation=None,
             targets_segmentation=None):
    self_mask = nn.combine_masks(self.mask(targets > 0, targets > 0),
                                 nn.make_causal_mask(targets, dtype=self.cfg.dtype))
    cross_mask = self.mask(targets > 0, inputs > 0)
    if inputs_segmentation is not None:
      self_mask = nn.combine_masks(self_mask, self.mask(targets_segmentation, targets_segmentation, jnp.equal))
      cross_mask = nn.combine_masks(cross_mask, self.mask(targets_segmentation, inputs_segmentation, jnp.equal))
    logits = self.decoder(encoded, targets, targets_positions, self_mask, cross_mask)
    return logits.astype(self.cfg.dtype)

  def __call__(self, inputs, targets, inputs_positions=None, targets_positions=None, inputs_segmentation=None,
               targets_segmentation=None):
    encoded = self.encode(inputs, inputs_positions, inputs_segmentation)
    return self.decode(encoded, inputs, targets, targets_positions, inputs_segmentation, targets_segmentation)


def texts(name, vocab, batch, length):
  """Tokens with zeros, which are padding, at their ends."""
  ids = integers(name, vocab - 1, batch, length) + 1
  for row in range(batch):
    ids[row, length - row:] = 0
  return ids


def packed(lengths):
  """(positions, segmentation) of texts of these lengths in one row."""
  positions = np.concatenate([np.arange(n) for n in lengths])[None].astype(np.int32)
  return positions, np.repeat(np.arange(len(lengths)) + 1, lengths)[None].astype(np.int32)


SMALL = {
    'vocab_size': 11, 'output_vocab_size': 11, 'emb_dim': 16, 'num_heads': 2, 'num_layers': 1, 'qkv_dim': 8,
    'mlp_dim': 12, 'max_len': 10}


def goldens():
  model = Model('wmt')

  def add(case, config=(), batch=2, inputs=None, instead=(), **options):
    """`instead`: what Flax gets where the text of `config` is not the value itself."""
    config = dict(config)
    cfg = Config(**config | dict(instead))
    plain = {'inputs': texts(f'{case} in', cfg.vocab_size, batch, 7),
             'targets': texts(f'{case} out', cfg.output_vocab_size or cfg.vocab_size, batch, 5)}
    model.add(case, Transformer(cfg), config={f'cfg.{key}': value for key, value in config.items()},
              inputs=inputs or plain, **options)

  for seed in SEEDS:
    add(f'seed_{seed}', seed=seed)
  add('small', SMALL, variables='random')

  separate = {'share_embeddings': False, 'output_vocab_size': 13}
  add('separate_embeddings', SMALL | separate, seed=2)
  add('logits_dense', SMALL | {'logits_via_embedding': False}, seed=3, variables='random')
  add('separate_logits_dense', SMALL | separate | {'logits_via_embedding': False}, seed=4)
  add('odd_width', SMALL | {'emb_dim': 9}, seed=5)
  for name in ('bfloat16', 'float16'):
    add(name, SMALL | {'dtype': name, 'logits_via_embedding': False}, seed=6, instead={'dtype': jnp.dtype(name)})
  add('learned_positions', SMALL | {'posemb_init': '=normal(stddev=0.02)'}, seed=7,
      instead={'posemb_init': nn.initializers.normal(stddev=0.02)})
  add('initializers', SMALL | {'kernel_init': 'lecun_normal()', 'bias_init': 'ones_init()'}, seed=8,
      instead={'kernel_init': nn.initializers.lecun_normal(), 'bias_init': nn.initializers.ones_init()})

  for seed in (0, 1):
    add(f'dropout_{seed}', SMALL | {'deterministic': False}, rngs={'dropout': 3}, apply_rngs={'dropout': seed},
        variables='random')
  for rate in ('dropout_rate', 'attention_dropout_rate'):
    add(f'no_{rate}', SMALL | {'deterministic': False, 'num_layers': 2, rate: 0.0}, rngs={'dropout': 3},
        apply_rngs={'dropout': 5}, variables='random')

  inputs, targets = (integers(f'packed {name}', 10, 1, n) + 1 for name, n in (('in', 9), ('out', 7)))
  (in_positions, in_segments), (out_positions, out_segments) = packed([4, 3, 2]), packed([2, 4, 1])
  add('packed', SMALL, variables='random', inputs={
      'inputs': inputs, 'targets': targets, 'inputs_positions': in_positions, 'targets_positions': out_positions,
      'inputs_segmentation': in_segments, 'targets_segmentation': out_segments})
  add('packed_encode', SMALL, variables='random', method='encode', inputs={
      'inputs': inputs, 'inputs_positions': in_positions, 'inputs_segmentation': in_segments})
  add('encode', SMALL, variables='random', method='encode', inputs={'inputs': texts('encode', 11, 3, 6)})
  encoded = floats('encoded', 1, 9, 16)
  add('decode', SMALL, variables='random', method='decode', inputs={
      'encoded': encoded, 'inputs': inputs, 'targets': targets})
  add('packed_decode', SMALL, variables='random', method='decode', inputs={
      'encoded': encoded, 'inputs': inputs, 'targets': targets, 'targets_positions': out_positions,
      'inputs_segmentation': in_segments, 'targets_segmentation': out_segments})
  model.group.write()
