"""The models of the benchmarks as ONNX files, as an exporter would write them: channels first, normalisation folded by the engine."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Writer:
  """A chain of nodes from `x` on."""
  def __init__(self, weights):
    self.weights, self.nodes, self.constants, self.last = weights, [], [], 'x'

  def constant(self, array):
    name = f'c{len(self.constants)}'
    self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
    return name

  def node(self, kind, *inputs, **attributes):
    self.nodes.append(helper.make_node(kind, [self.last, *inputs], [f'v{len(self.nodes)}'], **attributes))
    self.last = self.nodes[-1].output[0]
    return self

  def dense(self, name):
    self.node('MatMul', self.constant(self.weights[f'params/{name}/kernel']))
    return self.node('Add', self.constant(self.weights[f'params/{name}/bias']))

  def conv(self, name):
    kernel = self.weights[f'params/{name}/kernel'].transpose(3, 2, 0, 1)
    return self.node('Conv', self.constant(kernel), self.constant(self.weights[f'params/{name}/bias']), auto_pad='SAME_UPPER')

  def batch_norm(self, name):
    leaves = ('params/{}/scale', 'params/{}/bias', 'batch_stats/{}/mean', 'batch_stats/{}/var')
    return self.node('BatchNormalization', *(self.constant(self.weights[leaf.format(name)]) for leaf in leaves), epsilon=1e-5)

  def relu(self):
    return self.node('Relu')

  def flatten(self):
    # Flax flattens with the channels last.
    return self.node('Transpose', perm=[0, 2, 3, 1]).node('Flatten')

  def save(self, path, input_shape):
    def value(name, shape):
      return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    graph = helper.make_graph(self.nodes, 'model', [value('x', input_shape)], [value(self.last, [input_shape[0], 10])], self.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def mlp(w):
  return w.dense('Dense_0').relu().dense('Dense_1').relu().dense('Dense_2')


def cnn(w):
  w.node('Transpose', perm=[0, 3, 1, 2]).conv('Conv_0').batch_norm('BatchNorm_0').relu()
  return w.node('MaxPool', kernel_shape=[2, 2]).flatten().dense('Dense_0').dense('Dense_1')


def mnist_cnn(w):
  w.node('Transpose', perm=[0, 3, 1, 2])
  for name in ('Conv_0', 'Conv_1'):
    w.conv(name).relu().node('AveragePool', kernel_shape=[2, 2], strides=[2, 2])
  return w.flatten().dense('Dense_0').relu().dense('Dense_1')


def save(name, weights, input_shape, path):
  {'mlp': mlp, 'cnn': cnn, 'mnist_cnn': mnist_cnn}[name](Writer(weights)).save(path, input_shape)
