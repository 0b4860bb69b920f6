"""The models of models/*.yaml, written in Flax as its users write them."""

import functools
import math
from typing import Any, Callable, Sequence

import flax
import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np
from jax import lax


class ExplicitMLP(nn.Module):
  features: Sequence[int] = (3, 4, 5)

  def setup(self):
    self.layers = [nn.Dense(feat) for feat in self.features]

  def __call__(self, x):
    for i, layer in enumerate(self.layers):
      x = layer(x)
      if i != len(self.layers) - 1:
        x = nn.relu(x)
    return x


class SimpleMLP(nn.Module):
  features: Sequence[int] = (3, 4, 5)
  dtype: Any = None
  param_dtype: Any = jnp.float32

  @nn.compact
  def __call__(self, x):
    for i, feat in enumerate(self.features):
      x = nn.Dense(feat, dtype=self.dtype, param_dtype=self.param_dtype, name=f'layers_{i}')(x)
      if i != len(self.features) - 1:
        x = nn.relu(x)
    return x


class SimpleDense(nn.Module):
  features: int = 3
  kernel_init: Callable = nn.initializers.lecun_normal()
  bias_init: Callable = nn.initializers.zeros_init()

  @nn.compact
  def __call__(self, x):
    kernel = self.param('kernel', self.kernel_init, (x.shape[-1], self.features))
    y = lax.dot_general(x, kernel, (((x.ndim - 1,), (0,)), ((), ())))
    bias = self.param('bias', self.bias_init, (self.features,))
    return y + bias


class Counter(nn.Module):
  @nn.compact
  def __call__(self):
    count = self.variable('counter', 'count', lambda: jnp.zeros((), jnp.int32))
    count.value += 1
    return count.value


class GuardedCounter(nn.Module):
  @nn.compact
  def __call__(self):
    is_initialized = self.has_variable('counter', 'count')
    count = self.variable('counter', 'count', lambda: jnp.zeros((), jnp.int32))
    if is_initialized:
      count.value += 1
    return count.value


class BatchNormBlock(nn.Module):
  features: int = 3
  training: bool = False

  @nn.compact
  def __call__(self, x):
    x = nn.Dense(self.features)(x)
    x = nn.Dropout(rate=0.5)(x, deterministic=not self.training)
    x = nn.BatchNorm(use_running_average=not self.training)(x)
    return x


class JitMLP(nn.Module):
  features: Sequence[int] = (3, 4, 5)

  @nn.compact
  def __call__(self, x):
    for i, feat in enumerate(self.features):
      x = nn.jit(nn.Dense)(feat, name=f'layers_{i}')(x)
      if i != len(self.features) - 1:
        x = nn.relu(x)
    return x


class RematMLP(nn.Module):
  features: Sequence[int] = (3, 4, 5)

  @nn.remat
  @nn.compact
  def __call__(self, x):
    for i, feat in enumerate(self.features):
      x = nn.Dense(feat, name=f'layers_{i}')(x)
      if i != len(self.features) - 1:
        x = nn.relu(x)
    return x


class SingleHeadAttention(nn.Module):
  head_dim: int
  training: bool = False

  @nn.compact
  def __call__(self, x):
    proj = functools.partial(nn.Dense, self.head_dim, use_bias=False)
    q = proj(name='query')(x)
    k = proj(name='key')(x)
    v = proj(name='value')(x)
    weights = nn.softmax(q @ jnp.swapaxes(k, -1, -2) / math.sqrt(self.head_dim))
    weights = nn.Dropout(0.1, deterministic=not self.training)(weights)
    return weights @ v


class VmapAttention(nn.Module):
  num_heads: int = 4
  training: bool = False

  @nn.compact
  def __call__(self, x):
    width = x.shape[-1]
    heads = nn.vmap(SingleHeadAttention, in_axes=None, out_axes=2, axis_size=self.num_heads,
                    variable_axes={'params': 0}, split_rngs={'params': True, 'dropout': True})
    x = heads(width // self.num_heads, self.training, name='heads')(x)
    return nn.DenseGeneral(width, axis=(-2, -1), name='out')(x)


class SharedVmapAttention(nn.Module):
  num_heads: int = 4
  training: bool = False

  @nn.compact
  def __call__(self, x):
    b, n, width = x.shape
    head_dim = width // self.num_heads
    heads = nn.vmap(SingleHeadAttention, in_axes=2, out_axes=2, variable_axes={'params': None},
                    split_rngs={'params': False, 'dropout': True})
    x = heads(head_dim, self.training, name='heads')(x.reshape(b, n, self.num_heads, head_dim))
    return nn.Dense(width, name='out')(x.reshape(b, n, width))


class ScanBlock(nn.Module):
  hidden: int
  dropout: float
  training: bool

  @nn.compact
  def __call__(self, x):
    residual = x
    x = nn.gelu(nn.Dense(self.hidden, name='up')(nn.LayerNorm()(x)))
    x = nn.Dropout(self.dropout, deterministic=not self.training)(x)
    x = nn.Dense(residual.shape[-1], kernel_init=nn.initializers.normal(0.02), name='down')(x)
    x = residual + x
    return x, jnp.linalg.norm(x)


class ScanMLP(nn.Module):
  num_layers: int = 6
  hidden: int = 32
  dropout: float = 0.1
  training: bool = False
  remat: bool = False

  @nn.compact
  def __call__(self, x):
    block = nn.remat(ScanBlock) if self.remat else ScanBlock
    layers = nn.scan(block, length=self.num_layers, variable_axes={'params': 0},
                     split_rngs={'params': True, 'dropout': True})
    x, norms = layers(self.hidden, self.dropout, self.training, name='layers')(x)
    return {'output': nn.LayerNorm()(x), 'norms': norms}


class CNN(nn.Module):
  num_classes: int = 10
  training: bool = False
  dtype: Any = None
  param_dtype: Any = jnp.float32

  @nn.compact
  def __call__(self, x):
    types = dict(dtype=self.dtype, param_dtype=self.param_dtype)
    x = nn.Conv(32, (3, 3), **types)(x)
    x = nn.BatchNorm(use_running_average=not self.training, **types)(x)
    x = nn.relu(x)
    x = nn.max_pool(x, (2, 2))
    x = x.reshape((x.shape[0], -1))
    x = nn.Dense(128, **types)(x)
    x = nn.Dropout(0.5, deterministic=not self.training)(x)
    x = nn.Dense(self.num_classes, **types)(x)
    return x


class MnistCNN(nn.Module):
  @nn.compact
  def __call__(self, x):
    x = nn.Conv(features=32, kernel_size=(3, 3))(x)
    x = nn.relu(x)
    x = nn.avg_pool(x, window_shape=(2, 2), strides=(2, 2))
    x = nn.Conv(features=64, kernel_size=(3, 3))(x)
    x = nn.relu(x)
    x = nn.avg_pool(x, window_shape=(2, 2), strides=(2, 2))
    x = x.reshape((x.shape[0], -1))
    x = nn.Dense(features=256)(x)
    x = nn.relu(x)
    x = nn.Dense(features=10)(x)
    return x


class WidthsMLP(nn.Module):
  widths: Sequence[int]

  @nn.compact
  def __call__(self, x):
    for width in self.widths[:-1]:
      x = nn.relu(nn.Dense(width)(x))
    return nn.Dense(self.widths[-1])(x)


class AutoEncoder(nn.Module):
  encoder_widths: Sequence[int] = (32, 32, 32)
  decoder_widths: Sequence[int] = (32, 32, 32)
  input_shape: Sequence[int] = (28, 28, 1)

  def setup(self):
    self.encoder = WidthsMLP(self.encoder_widths)
    self.decoder = WidthsMLP((*self.decoder_widths, math.prod(self.input_shape)))

  def __call__(self, x):
    return self.decode(self.encode(x))

  def encode(self, x):
    assert x.shape[-len(self.input_shape):] == tuple(self.input_shape)
    return self.encoder(jnp.reshape(x, (x.shape[0], -1)))

  def decode(self, z):
    x = nn.sigmoid(self.decoder(z))
    return jnp.reshape(x, (x.shape[0], *self.input_shape))


class MLP(nn.Module):
  @nn.compact
  def __call__(self, x):
    x = nn.relu(nn.Dense(512)(x))
    x = nn.relu(nn.Dense(256)(x))
    return nn.Dense(10)(x)


class Mlp(nn.Module):
  mlp_dim: int
  dropout_rate: float
  deterministic: bool

  @nn.compact
  def __call__(self, x):
    width = x.shape[-1]
    x = nn.gelu(nn.Dense(self.mlp_dim)(x))
    x = nn.Dense(width)(x)
    return nn.Dropout(self.dropout_rate, deterministic=self.deterministic)(x)


class AttentionBlock(nn.Module):
  num_heads: int = 4
  mlp_dim: int = 64
  dropout_rate: float = 0.1
  deterministic: bool = True

  @nn.compact
  def __call__(self, x):
    mask = nn.make_causal_mask(x[..., 0])
    y = nn.LayerNorm()(x)
    y = nn.MultiHeadDotProductAttention(num_heads=self.num_heads, dropout_rate=self.dropout_rate,
                                        deterministic=self.deterministic)(y, mask=mask)
    y = nn.Dropout(self.dropout_rate, deterministic=self.deterministic)(y)
    x = x + y
    y = nn.LayerNorm()(x)
    y = Mlp(self.mlp_dim, self.dropout_rate, self.deterministic)(y)
    return x + y


class ResidualBlock(nn.Module):
  filters: int
  norm: Any
  strides: Sequence[int] = (1, 1)

  @nn.compact
  def __call__(self, x):
    residual = x
    conv = functools.partial(nn.Conv, use_bias=False)
    x = conv(self.filters, (3, 3), strides=self.strides)(x)
    x = self.norm()(x)
    x = nn.relu(x)
    x = conv(self.filters, (3, 3))(x)
    x = self.norm(scale_init=nn.initializers.zeros_init())(x)
    if residual.shape != x.shape:
      residual = conv(self.filters, (1, 1), strides=self.strides, name='conv_proj')(residual)
      residual = self.norm(name='norm_proj')(residual)
    return nn.relu(x + residual)


class ResNet(nn.Module):
  filters: Sequence[int] = (8, 8, 16)
  num_classes: int = 10
  training: bool = False

  @nn.compact
  def __call__(self, x):
    norm = functools.partial(nn.BatchNorm, use_running_average=not self.training, momentum=0.9)
    x = nn.Conv(self.filters[0], (3, 3), use_bias=False, name='conv_init')(x)
    x = norm(name='norm_init')(x)
    x = nn.relu(x)
    for width in self.filters:
      x = ResidualBlock(width, norm, (1, 1) if x.shape[-1] == width else (2, 2))(x)
    x = jnp.mean(x, axis=(1, 2))
    return nn.Dense(self.num_classes)(x)


class EmbedClassifier(nn.Module):
  vocab_size: int = 100
  width: int = 16
  num_classes: int = 5

  @nn.compact
  def __call__(self, ids):
    x = nn.Embed(self.vocab_size, self.width)(ids)
    x = x.mean(axis=1)
    return nn.Dense(self.num_classes)(x)


class RawDotProductAttention(nn.Module):
  dropout_rate: float = 0.1
  train: bool = False

  @nn.compact
  def __call__(self, query, key, value):
    n = query.ndim
    weights = lax.dot_general(query, key, (((n - 1,), (n - 1,)), ((), ())))
    weights = jax.nn.softmax(weights, axis=tuple(range(weights.ndim // 2, weights.ndim)))
    weights = nn.Dropout(self.dropout_rate)(weights, deterministic=not self.train)
    contracted = (tuple(range(n - 1, weights.ndim)), tuple(range(0, n - 1)))
    return lax.dot_general(weights, value, (contracted, ((), ())))


class DotProductAttention(nn.Module):
  qkv_features: int
  out_features: int
  train: bool = False

  @nn.compact
  def __call__(self, inputs_q, inputs_kv):
    qkv = functools.partial(nn.Dense, self.qkv_features, use_bias=False)
    query = qkv(name='query')(inputs_q)
    key = qkv(name='key')(inputs_kv)
    value = qkv(name='value')(inputs_kv)
    y = RawDotProductAttention(train=self.train)(query, key, value)
    return nn.Dense(self.out_features, name='out')(y)


class IntroAttention(nn.Module):
  num_heads: int = 2
  train: bool = False
  broadcast_dropout: bool = False

  @nn.compact
  def __call__(self, inputs_q, inputs_kv):
    width = inputs_q.shape[-1]
    heads = nn.vmap(DotProductAttention, in_axes=None, out_axes=1, axis_size=self.num_heads,
                    variable_axes={'params': 0}, split_rngs={'params': True, 'dropout': not self.broadcast_dropout})
    batch = nn.vmap(heads, in_axes=0, out_axes=0, variable_axes={'params': None},
                    split_rngs={'params': False, 'dropout': False})
    y = batch(width // self.num_heads, width, self.train, name='attention')(inputs_q, inputs_kv)
    return y.mean(axis=-2)


@flax.struct.dataclass
class TaggerConfig:
  vocab_size: int = 97
  output_vocab_size: int = 17
  dtype: Any = jnp.float32
  emb_dim: int = 64
  num_heads: int = 4
  num_layers: int = 2
  qkv_dim: int = 64
  mlp_dim: int = 128
  max_len: int = 256
  dropout_rate: float = 0.3
  attention_dropout_rate: float = 0.3
  kernel_init: Callable = nn.initializers.xavier_uniform()
  bias_init: Callable = nn.initializers.normal(stddev=1e-6)
  posemb_init: Callable | None = None


def sinusoids(max_len, width):
  table = np.zeros((max_len, width), np.float32)
  angles = np.arange(max_len)[:, None] * np.exp(np.arange(0, width, 2) * -(np.log(10000.0) / width))
  table[:, 0::2], table[:, 1::2] = np.sin(angles), np.cos(angles)
  return jnp.asarray(table[None])


class AddPositionEmbs(nn.Module):
  config: TaggerConfig

  @nn.compact
  def __call__(self, inputs):
    shape = (1, self.config.max_len, inputs.shape[-1])
    if self.config.posemb_init is None:
      table = sinusoids(*shape[1:])
    else:
      table = self.param('pos_embedding', self.config.posemb_init, shape)
    return inputs + table[:, :inputs.shape[1], :]


class MlpBlock(nn.Module):
  config: TaggerConfig
  out_dim: int | None = None

  @nn.compact
  def __call__(self, inputs, deterministic=True):
    config = self.config
    dense = functools.partial(nn.Dense, dtype=config.dtype, kernel_init=config.kernel_init, bias_init=config.bias_init)
    x = nn.elu(dense(config.mlp_dim)(inputs))
    x = nn.Dropout(config.dropout_rate)(x, deterministic=deterministic)
    x = dense(inputs.shape[-1] if self.out_dim is None else self.out_dim)(x)
    return nn.Dropout(config.dropout_rate)(x, deterministic=deterministic)


class Encoder1DBlock(nn.Module):
  config: TaggerConfig

  @nn.compact
  def __call__(self, inputs, deterministic):
    config = self.config
    x = nn.LayerNorm(dtype=config.dtype)(inputs)
    x = nn.MultiHeadDotProductAttention(
        num_heads=config.num_heads, dtype=config.dtype, qkv_features=config.qkv_dim, kernel_init=config.kernel_init,
        bias_init=config.bias_init, use_bias=False, broadcast_dropout=False,
        dropout_rate=config.attention_dropout_rate, deterministic=deterministic)(x)
    x = nn.Dropout(config.dropout_rate)(x, deterministic=deterministic) + inputs
    y = nn.LayerNorm(dtype=config.dtype)(x)
    return x + MlpBlock(config)(y, deterministic=deterministic)


class SequenceTagger(nn.Module):
  config: TaggerConfig = TaggerConfig()
  training: bool = False

  @nn.compact
  def __call__(self, inputs):
    config, deterministic = self.config, not self.training
    x = nn.Embed(config.vocab_size, config.emb_dim, name='embed')(inputs.astype('int32'))
    x = nn.Dropout(config.dropout_rate)(x, deterministic=deterministic)
    x = AddPositionEmbs(config)(x)
    for _ in range(config.num_layers):
      x = Encoder1DBlock(config)(x, deterministic=deterministic)
    x = nn.LayerNorm(dtype=config.dtype)(x)
    return nn.Dense(config.output_vocab_size, kernel_init=config.kernel_init, bias_init=config.bias_init)(x)
