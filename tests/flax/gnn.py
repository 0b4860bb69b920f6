"""The graph network of models/gnn.yaml, and its cases."""

from typing import Callable, Sequence

import flax.linen as nn
import jax
import jax.numpy as jnp
import numpy as np

from model_cases import SEEDS, Model, floats, integers


class GNN(nn.Module):
  num_outputs: int = 128
  latent_dim: int = 256
  hidden_dims: Sequence[int] = (256,)
  num_message_passing_steps: int = 5
  activation_fn: Callable = nn.relu
  dropout_rate: float = 0.1
  train: bool = False

  @nn.compact
  def __call__(self, nodes, edges, senders, receivers, n_node, n_edge):
    graphs, count = len(n_node), len(nodes)
    node_graph = jnp.repeat(jnp.arange(graphs), n_node, total_repeat_length=count)
    edge_graph = jnp.repeat(jnp.arange(graphs), n_edge, total_repeat_length=len(edges))

    def update(*inputs):
      x = jnp.concatenate(inputs, axis=-1)
      for size in self.hidden_dims:
        x = nn.Dense(size)(x)
        x = nn.LayerNorm()(x)
        x = self.activation_fn(x)
        x = nn.Dropout(self.dropout_rate, deterministic=not self.train)(x)
      return x

    state = jnp.zeros((graphs, self.num_outputs))
    nodes = nn.Dense(self.latent_dim, name='node_embedding')(nodes)
    edges = nn.Dense(self.latent_dim, name='edge_embedding')(edges)
    for _ in range(self.num_message_passing_steps):
      edges = update(edges, nodes[senders], nodes[receivers], state[edge_graph])
      sent = jax.ops.segment_sum(edges, senders, count)
      received = jax.ops.segment_sum(edges, receivers, count)
      nodes = update(nodes, sent, received, state[node_graph])
      of_nodes = jax.ops.segment_sum(nodes, node_graph, graphs)
      of_edges = jax.ops.segment_sum(edges, edge_graph, graphs)
      state = update(of_nodes, of_edges, state)
    return nn.Dense(self.num_outputs)(state)


def batch(name, sizes):
  """Random graphs of (nodes, edges), one after another; edges stay inside of their graph."""
  n_node, n_edge = (np.array(counts, np.int32) for counts in zip(*sizes))
  first = np.repeat(np.cumsum(n_node) - n_node, n_edge)
  width = np.repeat(n_node, n_edge)
  ends = [(first + integers(f'{name} {end}', 1 << 20, n_edge.sum()) % width).astype(np.int32) for end in ('from', 'to')]
  return {
      'nodes': floats(f'{name} nodes', n_node.sum(), 9), 'edges': floats(f'{name} edges', n_edge.sum(), 3),
      'senders': ends[0], 'receivers': ends[1], 'n_node': n_node, 'n_edge': n_edge}


SMALL = {'num_outputs': 3, 'latent_dim': 8, 'hidden_dims': [6], 'num_message_passing_steps': 2}


def goldens():
  model = Model('gnn')

  def add(case, config=(), sizes=((4, 6), (3, 2), (1, 0), (5, 9)), activation=nn.relu, **options):
    config = dict(config)
    values = {key: value for key, value in config.items() if key != 'activation_fn'}
    model.add(case, GNN(**values, activation_fn=activation), config=config, inputs=batch(case, sizes), **options)

  for seed in SEEDS:
    add(f'seed_{seed}', seed=seed)
  add('small', SMALL, variables='random')
  add('one_graph', SMALL, sizes=[(7, 12)], variables='random')
  add('two_layers', SMALL | {'hidden_dims': [7, 5]}, variables='random')
  add('no_steps', SMALL | {'num_message_passing_steps': 0}, seed=2)
  add('gelu', SMALL | {'activation_fn': 'gelu'}, activation=nn.gelu, seed=3)
  add('silu', SMALL | {'activation_fn': 'silu'}, activation=nn.silu, seed=3)
  for dropout in (0, 1):
    add(f'train_dropout_{dropout}', SMALL | {'train': True}, variables='random', rngs={'dropout': 1},
        apply_rngs={'dropout': dropout})
  add('train_rate', SMALL | {'train': True, 'dropout_rate': 0.6}, seed=4, rngs={'dropout': 1}, apply_rngs={'dropout': 3})
  model.group.write()
