"""Makes tests/runtime/variables/fixtures: files as NumPy, safetensors and Flax write them, and what they hold.

Run with Flax, NumPy, ml_dtypes and safetensors installed:

    python tests/flax/make_format_fixtures.py                 the files that are kept
    python tests/flax/make_format_fixtures.py PRINTED.json    many more printed arrays, too large to keep
"""
import io
import json
import pathlib
import sys

import flax.serialization
import ml_dtypes
import numpy as np
import safetensors.numpy

FOLDER = pathlib.Path(__file__).parent.parent / 'runtime/variables/fixtures'
DTYPES = ['bool', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float16', 'float32', 'float64',
          'complex64']


def values(dtype, shape, seed=0):
    bits = np.random.default_rng(seed).integers(0, 256, size=int(np.prod(shape)) * np.dtype(dtype).itemsize, dtype=np.uint8)
    if np.dtype(dtype) == bool:
        bits = bits % 2
    return np.frombuffer(bits.tobytes(), dtype).reshape(shape)


def described(array):
    plain = np.ascontiguousarray(array)
    plain = plain.astype(plain.dtype.newbyteorder('<')) if plain.dtype.byteorder == '>' else plain
    return {'dtype': plain.dtype.name, 'shape': list(np.shape(array)), 'hex': plain.tobytes().hex()}


def npy(array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


def npy_cases():
    cases = []

    def case(name, array, version=None, same_when_written=False):
        cases.append({'name': name, 'file': npy(array, version).hex(), 'same_when_written': same_when_written, **described(array)})

    for dtype in DTYPES:
        for shape in [(), (0,), (5,), (2, 3), (2, 0, 3), (1, 2, 1, 3)]:
            case(f'{dtype} {shape}', values(dtype, shape), same_when_written=True)
        case(f'{dtype} fortran', np.asfortranarray(values(dtype, (2, 3, 4))))
        if np.dtype(dtype).itemsize > 1:
            case(f'{dtype} big-endian', values(dtype, (2, 3)).astype(np.dtype(dtype).newbyteorder('>')))
            case(f'{dtype} big-endian fortran', np.asfortranarray(values(dtype, (3, 2))).astype(np.dtype(dtype).newbyteorder('>'), order='F'))
    case('long first axis', np.zeros((1234567890, 0), np.float32), same_when_written=True)
    case('version 2', values('float32', (2, 3)), (2, 0))
    case('version 3', values('float32', (2, 3)), (3, 0))
    case('32 axes', values('int8', (1,) * 31 + (2,)), same_when_written=True)
    array = values(ml_dtypes.bfloat16, (2, 3))
    cases.append({'name': 'bfloat16', 'file': npy(array).hex(), 'same_when_written': False, **described(array)})
    return cases


def tree():
    return {
        'params': {
            'Dense_0': {'kernel': values('float32', (4, 3), 1), 'bias': values('float32', (3,), 2)},
            'Embed_0': {'embedding': values(ml_dtypes.bfloat16, (5, 2), 3)},
            'WeightNorm_0': {'Dense_0/kernel/scale': values('float32', (3,), 4)},
            'half': values('float16', (7,), 5),
        },
        'batch_stats': {'mean': values('float32', (0,), 6), 'count': values('int32', (), 7)},
        'counters': {name: values(name, (2, 2), 8) for name in DTYPES},
        'intermediates': {'seen': {'0': values('float32', (2,), 9), '1': values('float32', (1, 2), 10)}},
    }


def flat(nested, prefix=''):
    for name, value in nested.items():
        key = prefix + name.replace('/', '%2F')
        if isinstance(value, dict):
            yield from flat(value, key + '/')
        else:
            yield key, value


FEW_SHAPES = [(), (0,), (3,), (2, 3), (2, 0), (2, 2, 2), (14,)]
MANY_SHAPES = FEW_SHAPES + [(1,), (2, 3, 4), (30,), (3, 30), (1001,), (40, 50), (7, 8, 20), (2, 2, 300)]


def printed_cases(shapes, seed):
    """What print(array) shows, and with every element (threshold=inf)."""
    rng = np.random.default_rng(seed)
    arrays = [np.arange(1001, dtype=np.uint8), np.arange(2000, dtype=np.int16).reshape(40, 50),
              (np.arange(1200) % 7 == 0).reshape(2, 2, 300), np.arange(1120).astype(np.int16).reshape(7, 8, 20)]
    for dtype in DTYPES + [ml_dtypes.bfloat16]:
        for shape in shapes:
            count = int(np.prod(shape))
            kind = np.dtype(dtype).kind
            with np.errstate(all='ignore'):
                if kind == 'b':
                    arrays.append((rng.random(count) < 0.5).reshape(shape))
                elif kind in 'iu':
                    info = np.iinfo(dtype)
                    arrays.append(rng.integers(0, min(100, info.max), count).astype(dtype).reshape(shape))
                    arrays.append(rng.integers(info.min, info.max, count, dtype=dtype, endpoint=True).reshape(shape))
                else:
                    for scale in [1, 1e-3, 1e3, 1e7, 1e-6]:
                        array = rng.normal(size=count) * scale
                        array = array + 1j * rng.normal(size=count) * scale if kind == 'c' else array
                        arrays.append(np.asarray(array).astype(dtype).reshape(shape))
                    arrays.append(np.round(rng.normal(size=count) * 10).astype(dtype).reshape(shape))
    for dtype in ['float16', 'float32', 'float64', ml_dtypes.bfloat16]:
        for row in [[np.nan], [np.inf, -np.inf, 1], [np.nan, 1.5, -2], [0, -0.0], [1e-5, 1], [1e8, 1], [1e9], [0.1, 0.2, 0.3], [1e-45],
                    [3.4e38, 1e-38], [1 / 3, 2 / 3], [100, 0.01], [1000, 0.1], [np.nan, np.inf], [-np.inf, np.nan, 1e-10], [65504],
                    [2e16, 1], [1e16, 1e15], [123456.789, 1], [9.9999999e-5, 1], [1e5, 1e6], [999999, 1], [1e6, 1], [1e3, 2], [999, 2], [0.015625, 1], [2.0**-96, 2.0**-99],
                    [0.00005, 0.5], [5e-324], [1.7976931348623157e308], [16777216], [0.5, 0.25, 0.125], [-1, 1, 10.5], [1e300, 1e-300]]:
            with np.errstate(all='ignore'):
                arrays.append(np.array(row).astype(dtype))
                arrays.extend(np.array(value).astype(dtype) for value in row)
    out = []
    for array in arrays:
        with np.printoptions(threshold=2**62):
            whole = str(array)
        entry = {**described(array), 'text': str(array)}
        if whole != entry['text']:
            entry['full'] = whole
        out.append(entry)
    return out


def main():
    if len(sys.argv) > 1:
        pathlib.Path(sys.argv[1]).write_text(json.dumps([case for seed in range(4) for case in printed_cases(MANY_SHAPES, seed)]))
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / 'npy.json').write_text(json.dumps(npy_cases(), indent=0) + '\n')
    (FOLDER / 'printed.json').write_text(json.dumps(printed_cases(FEW_SHAPES, 11), indent=0) + '\n')

    nested = tree()
    leaves = dict(flat(nested))
    (FOLDER / 'tree.json').write_text(json.dumps({key: described(value) for key, value in leaves.items()}, indent=0) + '\n')
    (FOLDER / 'tree.msgpack').write_bytes(flax.serialization.to_bytes(nested))
    safetensors.numpy.save_file(leaves, FOLDER / 'tree.safetensors', metadata={'made by': 'safetensors'})
    np.savez(FOLDER / 'tree.npz', **leaves)
    np.savez_compressed(FOLDER / 'tree_deflated.npz', **leaves)

    flax.serialization.MAX_CHUNK_SIZE = 40
    (FOLDER / 'chunked.msgpack').write_bytes(flax.serialization.to_bytes(nested))
    numbers = {'step': 7, 'far': 2**40, 'low': -3, 'rate': 0.5, 'flag': True, 'scalar': np.float32(2.5), 'none': {}}
    (FOLDER / 'numbers.msgpack').write_bytes(flax.serialization.msgpack_serialize(numbers, in_place=True))


main()
