"""The work of linenc's commands, done by Flax and by ONNX Runtime, and what has to be done before and after.

    baselines.py make-input MODEL INPUT.npy
    baselines.py export     MODEL VARS.npz INPUT.npy MODEL.onnx
    baselines.py agree      VARS.npz FLAX.npz OUT.npy OUT.npy...  fails where initial values have other bits, or outputs differ

    baselines.py flax-init  MODEL INPUT.npy VARS.npz            variables from seed 0
    baselines.py flax-apply MODEL VARS.npz INPUT.npy OUT.npy    one jitted call
    baselines.py flax-calls MODEL VARS.npz INPUT.npy CALLS      seconds of each call, a line each; the first compiles
    baselines.py onnx-apply MODEL.onnx INPUT.npy OUT.npy
    baselines.py onnx-calls MODEL.onnx INPUT.npy CALLS
"""

import pathlib
import sys
import time

import numpy as np


INPUTS = {'mlp': (32, 784), 'cnn': (32, 28, 28, 1), 'mnist_cnn': (32, 28, 28, 1), 'resnet': (1, 224, 224, 3)}


def make_input(name, path):
  np.save(path, np.random.default_rng(0).standard_normal(INPUTS[name]).astype(np.float32))


def export(name, variables_path, input_path, path):
  import onnx_models
  onnx_models.save(name, dict(np.load(variables_path)), list(np.load(input_path).shape), path)


def agree(ours, theirs, *outputs):
  ours, theirs = dict(np.load(ours)), dict(np.load(theirs))
  assert ours.keys() == theirs.keys()
  assert all(ours[key].tobytes() == theirs[key].tobytes() for key in ours), 'initial values have other bits'
  for other in outputs[1:]:
    np.testing.assert_allclose(np.load(outputs[0]), np.load(other), rtol=1e-4, atol=1e-5)


def flax_model(name):
  sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / 'flax'))
  import models
  import resnet
  return {'mlp': models.MLP, 'cnn': models.CNN, 'mnist_cnn': models.MnistCNN,
          'resnet': lambda: resnet.ResNet(*resnet.VARIANTS['ResNet50'])}[name]()


def read_tree(path):
  tree = {}
  for key, array in np.load(path).items():
    *parents, leaf = key.split('/')
    node = tree
    for parent in parents:
      node = node.setdefault(parent, {})
    node[leaf] = array
  return tree


def flat(tree, prefix=''):
  for key, value in tree.items():
    if isinstance(value, dict):
      yield from flat(value, f'{prefix}{key}/')
    else:
      yield f'{prefix}{key}', np.asarray(value)


def flax_init(name, input_path, variables_path):
  import jax
  variables = flax_model(name).init(jax.random.key(0), np.load(input_path))
  np.savez(variables_path, **dict(flat(variables)))


def flax_function(name, variables_path):
  import jax
  model, variables = flax_model(name), jax.device_put(read_tree(variables_path))
  apply = jax.jit(model.apply)
  return lambda x: apply(variables, x).block_until_ready()


def flax_apply(name, variables_path, input_path, output_path):
  np.save(output_path, np.asarray(flax_function(name, variables_path)(np.load(input_path))))


def onnx_function(path):
  import onnxruntime
  session = onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])
  return lambda x: session.run(None, {'x': x})[0]


def onnx_apply(path, input_path, output_path):
  np.save(output_path, onnx_function(path)(np.load(input_path)))


def print_times(function, x, calls):
  for _ in range(int(calls)):
    begin = time.perf_counter()
    function(x)
    print(f'{time.perf_counter() - begin:.9f}')


if __name__ == '__main__':
  command, *arguments = sys.argv[1:]
  if command.endswith('-calls'):
    *model, input_path, calls = arguments
    function = flax_function(*model) if command == 'flax-calls' else onnx_function(*model)
    print_times(function, np.load(input_path), calls)
  else:
    {'make-input': make_input, 'export': export, 'agree': agree, 'flax-init': flax_init, 'flax-apply': flax_apply,
     'onnx-apply': onnx_apply}[command](*arguments)
