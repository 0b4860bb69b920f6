"""Random trees through linenc and the libraries that own the formats, both ways.

    python tests/flax/check_checkpoints.py build/linenc [COUNT] [SEED]

For each tree: `flax.serialization.to_bytes` -> linenc -> every format -> linenc -> msgpack must give the first bytes again; safetensors, npz
and JSON that linenc wrote must hold the bits when the library of the format reads them, and files that the libraries wrote must have the same digest.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import flax.core
import flax.serialization
import ml_dtypes
import numpy as np
import safetensors.numpy

DTYPES = ['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float16', 'float32', 'float64', 'complex64',
          ml_dtypes.bfloat16]
NAMES = ['kernel', 'bias', 'Dense_0', 'layers_11', 'scale', 'a b', 'ä', '名前', 'x.y', 'a:0', '%', '%2F', '%252F', 'Dense_0/kernel/scale', '__call__', '0',
         'dtype', 'shape', "quote'", '"', '\\', 'k' * 100]


def array(rng):
    dtype = np.dtype(DTYPES[rng.integers(len(DTYPES))])
    shape = tuple(int(n) for n in rng.choice([0, 1, 1, 2, 3, 5, 17], size=rng.choice([0, 1, 1, 2, 2, 3, 5])))
    bits = rng.integers(0, 256, size=int(np.prod(shape)) * dtype.itemsize, dtype=np.uint8)   # NaNs of every kind
    if dtype == bool:
        bits %= 2
    return np.frombuffer(bits.tobytes(), dtype).reshape(shape)


def tree(rng, depth=0):
    out = {}
    for name in rng.choice(NAMES, size=rng.integers(1, 5), replace=False):
        leaf = depth > 3 or (depth > 0 and rng.random() < 0.6)
        out[str(name)] = array(rng) if leaf else tree(rng, depth + 1)
    return out


def flat(nested, prefix=''):
    for name, value in nested.items():
        escaped = escape(name)
        if isinstance(value, dict):
            yield from flat(value, prefix + escaped + '/')
        else:
            yield prefix + escaped, value


def escape(name):
    out = ''
    for i, c in enumerate(name):
        out += '%2F' if c == '/' else '%25' if c == '%' and name[i + 1:i + 3] in ('2F', '25') else c
    return out


def bits(value):
    return np.ascontiguousarray(value).tobytes()


def check(linenc, folder, rng):
    nested = tree(rng)
    state = flax.core.freeze(nested) if rng.random() < 0.5 else nested
    original = flax.serialization.to_bytes(state)
    (folder / 'a.msgpack').write_bytes(original)

    def run(*arguments):
        done = subprocess.run([linenc, 'vars', *arguments], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, (arguments, done.stderr, nested)
        return done.stdout

    digest = run('digest', 'a.msgpack')
    for suffix in ['safetensors', 'json', 'npz', 'msgpack']:
        run('convert', 'a.msgpack', '-o', 'b.' + suffix, '--force')
        run('convert', 'b.' + suffix, '-o', 'c.msgpack', '--force')
        assert (folder / 'c.msgpack').read_bytes() == original, suffix
        assert run('digest', 'b.' + suffix) == digest, suffix
    restored = flax.serialization.from_bytes(nested, (folder / 'c.msgpack').read_bytes())
    expected = dict(flat(nested))
    for key, value in flat(restored):
        assert bits(value) == bits(expected[key]) and np.shape(value) == np.shape(expected[key]) and value.dtype == expected[key].dtype, key

    if all(value.dtype != np.complex64 for value in expected.values()):   # which the package does not know
        found = safetensors.numpy.load_file(folder / 'b.safetensors')
        assert {k: bits(v) for k, v in found.items()} == {k: bits(v) for k, v in expected.items()}
        safetensors.numpy.save_file({k: np.array(v) for k, v in expected.items()}, folder / 'd.safetensors')
        assert run('digest', 'd.safetensors') == digest
    with np.load(folder / 'b.npz') as archive:
        assert {k: bits(archive[k]) for k in archive.files} == {k: bits(v) for k, v in expected.items()}
    np.savez_compressed(folder / 'd.npz', **expected)
    assert run('digest', 'd.npz') == digest
    document = json.loads((folder / 'b.json').read_text())
    assert document['format'] == 'linenc-variables'
    return len(expected)


def main():
    linenc = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    rng = np.random.default_rng(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    leaves = 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(count):
            leaves += check(linenc, pathlib.Path(folder), rng)
    print(f'{count} trees, {leaves} leaves: equal in every format, both ways')


if __name__ == '__main__':
    main()
