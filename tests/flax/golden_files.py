"""Runs Flax modules and keeps what they give: the files under goldens/ (README.md describes their layout)."""

import hashlib
import json
import math
import os
import pathlib
import struct

# One thread and no fast math, so that the same machine gives the same bits on every run.
os.environ['XLA_FLAGS'] = '--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1'
os.environ['JAX_PLATFORMS'] = 'cpu'
# QR decompositions have last bits that depend on the kernels which OpenBLAS takes for the processor.
os.environ['OPENBLAS_CORETYPE'] = 'Haswell'

import flax.core.meta
import jax
import jax.numpy as jnp
import numpy as np

ROOT = pathlib.Path(__file__).parent / 'goldens'

# Trees larger than this are kept as one SHA-256 for each leaf.
DIGEST_ABOVE = 64 * 1024

SAFETENSORS_NAMES = {
    'bool': 'BOOL', 'int8': 'I8', 'uint8': 'U8', 'int16': 'I16', 'uint16': 'U16', 'int32': 'I32', 'uint32': 'U32',
    'float16': 'F16', 'bfloat16': 'BF16', 'float32': 'F32', 'complex64': 'C64'}

# How far an output may be from Flax's: relative to each element, and relative to the largest one.
ROUNDING = {'float32': (1e-5, 2e-6), 'float16': (2e-3, 1e-3), 'bfloat16': (1.6e-2, 8e-3), 'complex64': (1e-5, 2e-6)}


def flatten(value, path='', separator='.'):
  """Nested maps, tuples and lists as {joined path: leaf}; none has no leaf."""
  join = lambda key: f'{path}{separator}{key}' if path else str(key)
  if hasattr(value, 'items'):
    return {k: v for key, child in value.items() for k, v in flatten(child, join(key), separator).items()}
  if isinstance(value, (tuple, list)):
    names = getattr(value, '_fields', range(len(value)))
    return {k: v for key, child in zip(names, value) for k, v in flatten(child, join(key), separator).items()}
  return {} if value is None else {path: value}


def as_array(value):
  """Python's numbers become int32, float32 and bool, as they do when they leave a model."""
  return np.asarray(jnp.asarray(value))


def unboxed(leaf):
  return leaf.unbox() if isinstance(leaf, flax.core.meta.AxisMetadata) else leaf


def leaves_of(variables):
  """{key: array} in the order of the tree, which jax.tree and meta.unbox would sort."""
  return {key: as_array(unboxed(value)) for key, value in flatten(variables, separator='/').items()}


def digest(array):
  return {'dtype': array.dtype.name, 'shape': list(array.shape), 'sha256': hashlib.sha256(array.tobytes()).hexdigest()}


def tolerances(outputs):
  """(rtol, atol): |ours - Flax's| <= atol + rtol * |Flax's| for every element."""
  rtol = atol = 0.0
  for array in outputs.values():
    relative, of_largest = ROUNDING.get(array.dtype.name, (0.0, 0.0))
    finite = np.abs(array[np.isfinite(array.astype(np.float32))].astype(np.float32)) if relative else np.zeros(0)
    largest = float(finite.max()) if finite.size else 0.0
    rtol = max(rtol, relative)
    atol = max(atol, of_largest * largest)
  # One digit suffices, rounded up.
  if atol > 0:
    unit = 10.0**math.floor(math.log10(atol))
    atol = float(f'{math.ceil(atol / unit) * unit:.0e}')
  return rtol, atol


def write_safetensors(arrays, path):
  """The arrays by key, the widest elements first, so that each is aligned to its size."""
  order = sorted(arrays, key=lambda key: (-arrays[key].dtype.itemsize, key))
  header, offset = {}, 0
  for key in order:
    array = arrays[key]
    header[key] = {
        'dtype': SAFETENSORS_NAMES[array.dtype.name], 'shape': list(array.shape),
        'data_offsets': [offset, offset + array.nbytes]}
    offset += array.nbytes
  text = json.dumps(header, separators=(',', ':')).encode()
  text += b' ' * (-len(text) % 8)
  path.parent.mkdir(parents=True, exist_ok=True)
  path.write_bytes(
      struct.pack('<Q', len(text)) + text + b''.join(np.ascontiguousarray(arrays[k]).tobytes() for k in order))


class Group:
  """The cases of one JSON file, with the safetensors file beside it that holds their arrays."""
  def __init__(self, name):
    self.name = name  # `models/cnn`: goldens/models/cnn.json and goldens/models/cnn.safetensors
    self.cases = []
    self.arrays = {}
    self.known = {}  # bytes of an array or tree -> where it is kept already

  def keep(self, prefix, arrays):
    """Keeps arrays under `prefix/`, or finds the same ones; gives the reference."""
    contents = [(key, array.dtype.name, array.shape, array.tobytes()) for key, array in arrays.items()]
    fingerprint = hashlib.sha256(repr(contents).encode()).hexdigest()
    if fingerprint not in self.known:
      clashes = [key for key in arrays if f'{prefix}/{key}' in self.arrays]
      assert not clashes, f'{self.name}: {prefix} has {clashes} twice'
      self.arrays |= {f'{prefix}/{key}': array for key, array in arrays.items()}
      self.known[fingerprint] = f'{self.name}.safetensors#{prefix}/'
    return self.known[fingerprint]

  def keep_one(self, prefix, name, array):
    return self.keep(prefix, {name: array}) + name

  def add(self, name, module, *, model=None, yaml=None, inputs=(), keywords=(), config=(), seed=0, rngs=(),
          apply_rngs=(), mutable=(), method=None, variables=None, init=True, apply=True, tolerance=None,
          init_tolerance=None):
    """Runs `module.init` and `module.apply` and records a case.

    model or yaml  the same module for linenc: a path from the root of the repository, or the text of a file
    inputs         {name: array, or a text such as 'key:7'}: the call's arguments, in order
    keywords       static arguments of the call in Flax, which the model file takes from its `config`
    variables      'random' applies to random variables in place of the initial ones, so that no bias stays zero;
                   or a tree
    tolerance      (rtol, atol) of the outputs in place of the usual ones; (0, 0) asks for equal bits
    init_tolerance (rtol, atol) where the initial values are not the same bits (a QR decomposition)
    """
    assert (model is None) != (yaml is None)
    case = {'name': f'{self.name}/{name}'} | ({'model': model} if model else {'yaml': yaml})
    inputs, keywords = dict(inputs), dict(keywords)
    options = {'set': dict(config), 'method': method, 'seed': seed, 'rngs': dict(rngs)}
    case |= {key: value for key, value in options.items() if value not in (None, {})}
    kept = {key: value if isinstance(value, str) else self.keep_one(f'{name}/in', key, np.asarray(value))
            for key, value in inputs.items()}
    values = [jax.random.key(int(v[4:])) if isinstance(v, str) else jnp.asarray(v) for v in inputs.values()]
    run = method or '__call__'

    keys = {stream: jax.random.key(n) for stream, n in ({'params': seed} | dict(rngs)).items()}
    initial = module.init(keys, *values, method=run, **keywords)
    leaves = leaves_of(initial)
    if init:
      case['order'] = list(leaves)
      if sum(leaf.nbytes for leaf in leaves.values()) > DIGEST_ABOVE:
        case['digests'] = {key: digest(leaf) for key, leaf in leaves.items()}
      elif leaves:
        case['variables'] = self.keep(f'{name}/variables', leaves)
      if init_tolerance:
        case['init_rtol'], case['init_atol'] = init_tolerance
    if variables is not None:
      initial = random_like(initial, f'{self.name}/{name}') if isinstance(variables, str) else variables
    if (variables is not None or not init) and leaves_of(initial):
      case['apply_variables'] = self.keep(f'{name}/apply_variables', leaves_of(initial))
    case['inputs'] = kept
    if apply:
      self._apply(case, name, module, initial, (values, keywords), run, dict(apply_rngs), mutable, tolerance)
    self.cases.append(case)

  def _apply(self, case, name, module, variables, arguments, method, rngs, mutable, tolerance):
    if rngs:
      case['apply_rngs'] = rngs
    keys = {stream: jax.random.key(n) for stream, n in rngs.items()}
    if mutable:
      case['mutable'] = mutable if isinstance(mutable, str) else list(mutable)
    filters = True if mutable == 'all' else list(mutable) or False
    values, keywords = arguments
    result = module.apply(variables, *values, rngs=keys, method=method, mutable=filters, **keywords)
    output, updated = result if mutable else (result, {})
    outputs = {key: as_array(value) for key, value in flatten(output, 'output').items()}
    case['output'] = self.keep(f'{name}/output', outputs)
    changed = leaves_of(updated)
    if mutable:
      case['updated_keys'] = list(changed)
      if changed:
        case['updated'] = self.keep(f'{name}/updated', changed)
    case['rtol'], case['atol'] = tolerance or tolerances(outputs | changed)

  def write(self):
    path = ROOT / f'{self.name}.json'
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [case['name'] for case in self.cases]
    assert len(set(names)) == len(names), f'{self.name}: a name twice'
    lines = ',\n'.join(json.dumps(case, ensure_ascii=False) for case in self.cases)
    path.write_text(f'{{"version": 1, "cases": [\n{lines}\n]}}\n')
    write_safetensors(self.arrays, ROOT / f'{self.name}.safetensors')
    print(f'{self.name}: {len(self.cases)} cases')


def generator(name):
  """A NumPy generator that depends on the name alone."""
  return np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], 'little'))


def random_like(variables, name):
  """The same tree with random values: positive ones for variances and scales, small whole numbers for integers."""
  rng = generator(name)

  def walk(node, key=''):
    if hasattr(node, 'items'):
      return {key: walk(child, key) for key, child in node.items()}
    node = unboxed(node)
    if jnp.issubdtype(node.dtype, jnp.integer):
      return jnp.asarray(rng.integers(0, 9, node.shape), node.dtype)
    drawn = rng.standard_normal(node.shape) * 0.5
    return jnp.asarray(np.abs(drawn) + 0.5 if key in ('var', 'scale') else drawn, node.dtype)

  return walk(variables)


def write_index():
  """goldens/index.json lists every file of cases."""
  files = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob('*/*.json'))
  (ROOT / 'index.json').write_text(json.dumps({'version': 1, 'files': files}, indent=1) + '\n')
