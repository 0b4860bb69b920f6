"""Writes vectors.json: what jax.random computes, bit by bit, on a CPU with FMA.

    python make_vectors.py > vectors.json

Words are hexadecimal, as wide as the element. `tables` holds each sampler as a function of the mantissa bits an element
uses: the public function runs with forged random bits, once for every pattern, and the SHA-256 of all results (little-
endian, in order of the patterns) is kept. The script then checks the tables against real draws.
"""
import hashlib
import json
import sys

import jax
import jax._src.random.core as core
import jax.numpy as jnp
import numpy as np
from jax import lax

MANTISSA_BITS = {"float32": 23, "float16": 10, "bfloat16": 7}
SHIFT = {32: 9, 16: 6, 8: 1}
real_bits = core._random_bits
forging = False
r = jax.random


def forged_bits(key, bit_width, shape):
    if not forging:
        return real_bits(key, bit_width, shape)
    # The key is 0, but the compiler does not know: nothing is computed beforehand.
    zero = r.key_data(key)[0]
    return ((lax.iota(jnp.uint32, shape[0]) << SHIFT[bit_width]) ^ zero).astype({8: "uint8", 16: "uint16", 32: "uint32"}[bit_width])


core._random_bits = forged_bits


def words(value):
    value = np.asarray(value).reshape(-1)
    size = value.dtype.itemsize
    return " ".join(f"{int(w):0{2 * size}x}" for w in value.view({1: np.uint8, 2: np.uint16, 4: np.uint32}[size]))


def draw(entry, key, count):
    kind, dtype, low, high = entry["kind"], jnp.dtype(entry["dtype"]), entry.get("low"), entry.get("high")

    def sample(k):
        if kind == "uniform":
            return r.uniform(k, (count,), dtype, low, high)
        if kind == "truncated_normal":
            return r.truncated_normal(k, low, high, (count,), dtype)
        return getattr(r, kind)(k, (count,), dtype)

    if "scale" not in entry:
        return sample(key)
    scale = jnp.array(entry["scale"], dtype)
    return jax.jit(lambda k: sample(k) * scale)(key) if entry.get("merged") else sample(key) * scale


def samplers():
    for dtype in MANTISSA_BITS:
        for low, high in ((0.0, 1.0), (-1.0, 1.0), (-0.3, 0.7), (2.5, 10.0), (-0.0513, 0.0513), (1e-39, 2e-38)):
            yield {"dtype": dtype, "kind": "uniform", "low": low, "high": high}
        for low, high in ((-2.0, 2.0), (-1.0, 1.0), (-3.0, 3.0), (-0.5, 2.5), (0.0, 2.0), (-5.0, 5.0), (0.1, 0.2)):
            yield {"dtype": dtype, "kind": "truncated_normal", "low": low, "high": high}
        for kind in ("normal", "gumbel", "exponential", "laplace", "logistic", "cauchy"):
            yield {"dtype": dtype, "kind": kind}
        for merged in (False, True):
            for scale in (0.01, 0.3):
                yield {"dtype": dtype, "kind": "normal", "scale": scale, "merged": merged}
            yield {"dtype": dtype, "kind": "truncated_normal", "low": -2.0, "high": 2.0, "scale": 0.3, "merged": merged}


def table(entry):
    global forging
    bits = MANTISSA_BITS[entry["dtype"]]
    forging = True
    jax.clear_caches()
    every = np.asarray(draw(entry, r.key(0), 1 << bits))
    forging = False
    jax.clear_caches()
    key = r.key(2024)
    drawn = np.asarray(draw(entry, key, 1 << 18))
    width = {"float32": 32, "float16": 16, "bfloat16": 8}[entry["dtype"]]
    mantissas = np.asarray(real_bits(key, width, drawn.shape)).astype(np.uint32) >> SHIFT[width]
    unsigned = f"u{every.dtype.itemsize}"
    assert (every.view(unsigned)[mantissas] == drawn.view(unsigned)).all(), entry
    return {**entry, "sha256": hashlib.sha256(every.tobytes()).hexdigest(), "first": words(drawn[:24])}


def key_words(key):
    return [f"{int(w):08x}" for w in r.key_data(key)]


def integers():
    key = r.key(2024)
    for dtype, low, high in (("int32", 0, 10), ("int32", -7, 1000003), ("int32", 5, 5), ("int32", 9, 2), ("int32", -2**31, 2**31 - 1),
                             ("uint32", 0, 3000000000), ("uint32", 0, 2**32 - 1), ("int16", -300, 301), ("int16", -40000, 40000),
                             ("uint16", 0, 65536), ("int8", -128, 127), ("int8", -128, 128), ("int8", 100, 1000), ("uint8", 0, 256),
                             ("uint8", 0, 17), ("uint8", -5, 3)):
        bound = jnp.uint32(high) if high >= 2**31 else high
        yield {"dtype": dtype, "low": low, "high": high, "out": words(r.randint(key, (16,), low, bound, dtype))}
    # An int32 cannot say 2^31, a uint32 can.
    yield {"dtype": "int32", "low": 0, "high": 2**31, "out": words(r.randint(key, (16,), 0, jnp.uint32(2**31), "int32"))}


def main():
    keys = []
    for seed in (0, 42, 2**32 - 1):
        key = r.key(seed)
        for data in (0, 1, 4, 65536, 2**32 - 1):
            keys.append({"key": key_words(key), "data": data, "fold_in": key_words(r.fold_in(key, data))})
    splits = [{"key": key_words(r.key(s)), "split": [key_words(k) for k in r.split(r.key(s), 5)]} for s in (0, 42)]
    seeds = [{"seed": s, "key": key_words(r.key(s))} for s in (0, 1701, 2**31, 2**32 + 5, 2**63 - 1, -1, -2**63)]
    bits = [{"dtype": d, "key": key_words(r.key(s)), "out": words(r.bits(r.key(s), (40,), d))}
            for s in (0, 42) for d in ("uint8", "uint16", "uint32")]
    json.dump({"made_with": {"jax": jax.__version__, "jaxlib": jax.lib.__version__}, "seeds": seeds, "fold_in": keys, "split": splits,
               "bits": bits, "randint": list(integers()), "randint_key": key_words(r.key(2024)), "tables_key": key_words(r.key(2024)),
               "tables": [table(e) for e in samplers()]}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
