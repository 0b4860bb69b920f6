"""Writes the seeds of the readers and of the two languages: good files, and each attack that linenc promises to refuse.

    python3 tests/fuzz/make_seeds.py

Needs nothing but Python. Files that a fuzzer found are in regressions/; nothing here removes them.
"""

import hashlib
import io
import json
import pathlib
import struct
import zipfile

HERE = pathlib.Path(__file__).parent
FIXTURES = HERE.parent / "runtime" / "variables" / "fixtures"


def put(target, name, content):
    folder = HERE / "seeds" / target
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode()
    (folder / name).write_bytes(content)


# --- npy ---------------------------------------------------------------------------------------------------------------------


def npy(descr="<f4", fortran="False", shape="(2,)", data=b"\0" * 8, version=(1, 0), extra="", length=None):
    head = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, {extra}}}".encode()
    return npy_raw(head, data, version, length)


def npy_raw(head, data=b"", version=(1, 0), length=None):
    head = head + b" " * (-(len(head) + 11) % 64) + b"\n"
    count = len(head) if length is None else length
    size = struct.pack("<H" if version[0] == 1 else "<I", count)
    return b"\x93NUMPY" + bytes(version) + size + head + data


def npy_seeds():
    for name, descr, size in [("bool", "|b1", 1), ("int8", "|i1", 1), ("int16", "<i2", 2), ("int32", "<i4", 4), ("int64", "<i8", 8),
                              ("uint8", "|u1", 1), ("uint16", "<u2", 2), ("uint32", "<u4", 4), ("uint64", "<u8", 8), ("float16", "<f2", 2),
                              ("float64", "<f8", 8), ("complex64", "<c8", 8), ("bfloat16", "<V2", 2), ("void2", "|V2", 2)]:
        put("npy", name, npy(descr, shape="(2, 3)", data=bytes(i % 2 for i in range(6 * size))))
    put("npy", "scalar", npy(shape="()", data=b"\0\0\x80\x3f"))
    put("npy", "empty_axis", npy(shape="(3, 0, 2)", data=b""))
    put("npy", "fortran", npy(fortran="True", shape="(2, 3)", data=bytes(range(24))))
    put("npy", "fortran_empty", npy(fortran="True", shape="(2, 0)", data=b""))
    put("npy", "big_endian", npy(">f8", shape="(1,)", data=bytes(range(8))))
    put("npy", "big_endian_fortran_complex", npy(">c8", fortran="True", shape="(1, 2)", data=bytes(range(16))))
    put("npy", "version_2", npy(version=(2, 0)))
    put("npy", "version_3", npy(version=(3, 0)))
    put("npy", "nans", npy(shape="(4,)", data=bytes.fromhex("0100807f0000c0ff0000807f01000000")))
    put("npy", "keys_in_another_order", npy_raw(b"{'shape': (1,), 'descr': '<f4', 'fortran_order': False}", b"\0" * 4))
    # attacks
    put("npy", "nothing", b"")
    put("npy", "magic_only", b"\x93NUMPY")
    put("npy", "wrong_magic", b"\x93NUMPX" + npy()[6:])
    put("npy", "version_9", npy(version=(9, 0)))
    put("npy", "header_past_the_end", npy(length=60000))
    put("npy", "header_of_4_gib", npy(version=(2, 0), length=0xFFFFFFFF))
    put("npy", "no_literal", npy_raw(b"{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': ()}"))
    put("npy", "duplicate_key", npy(extra="'shape': (3,), "))
    put("npy", "extra_key", npy(extra="'more': 1, "))
    put("npy", "missing_key", npy_raw(b"{'descr': '<f4', 'shape': (1,)}", b"\0" * 4))
    put("npy", "no_comma_in_a_tuple_of_one", npy(shape="(2)"))
    for name, descr in [("object", "|O"), ("structured", "[('a', '<f4')]"), ("text", "<U3"), ("ixy", "<ixy"), ("negative", "<f-4"), ("f999", "<f99999999999")]:
        put("npy", "dtype_" + name, npy(descr))
    for name, shape in [("negative", "(-1,)"), ("float", "(2.0,)"), ("bool", "(True,)"), ("2_63", "(9223372036854775808,)"),
                        ("wraps_to_2", "(18446744073709551618,)"), ("40_digits", "(1" + "0" * 39 + ",)"), ("product_2_64", "(4294967296, 4294967296)"),
                        ("bytes_wrap_to_32", "(4611686018427387912,)"), ("huge_and_zero", "(9223372036854775807, 9223372036854775807, 0)"),
                        ("tebibyte", "(302795443404,)"), ("leading_zero", "(02,)"), ("suffix", "(2L,)")]:
        put("npy", "shape_" + name, npy(shape=shape))
    put("npy", "many_parentheses", npy(shape="(" * 3000))
    put("npy", "many_axes", npy(shape="(" + "1, " * 1000 + ")", data=b"\0" * 4))
    put("npy", "truncated", npy()[:-1])
    put("npy", "trailing_byte", npy() + b"\0")
    put("npy", "bool_of_2", npy("|b1", shape="(2,)", data=b"\x01\x02"))


# --- npz ---------------------------------------------------------------------------------------------------------------------


def archive(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in members:
            file.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return out.getvalue()


def npz_seeds():
    two = [("x.npy", npy()), ("params/Dense_0/kernel.npy", npy("<V2", shape="(1,)", data=b"ab"))]
    good = archive(two)
    put("npz", "stored", good)
    put("npz", "deflated", archive(two, zipfile.ZIP_DEFLATED))
    put("npz", "empty", b"PK\x05\x06" + b"\0" * 18)
    put("npz", "no_end_record", good[:-22])
    put("npz", "trailing_byte", good + b"\0")
    put("npz", "bytes_before", b"\0" * 16 + good)
    put("npz", "duplicate_members", archive([two[0], two[0]]))
    put("npz", "climbing_name", archive([("../x.npy", npy())]))
    put("npz", "absolute_name", archive([("/x.npy", npy())]))
    put("npz", "no_npy", archive([("x.txt", b"abc")]))
    put("npz", "pickle", archive([("archive/data.pkl", b"\x80\x02.")]))
    put("npz", "inner_header_lies", archive([("x.npy", npy(shape="(1000000000000,)"))]))
    put("npz", "wrong_crc", good.replace(struct.pack("<I", zipfile.crc32(npy())), b"\1\2\3\4"))
    put("npz", "bomb", archive([("x.npy", npy("|u1", shape="(1000000,)", data=b"\0" * 1000000))], zipfile.ZIP_DEFLATED))
    central = good.index(b"PK\x01\x02")

    def patched(at, value):
        out = bytearray(good)
        out[at:at + len(value)] = value
        return bytes(out)

    put("npz", "method_99", patched(central + 10, b"\x63\0"))
    put("npz", "encrypted", patched(central + 8, b"\x01\0"))
    put("npz", "sizes_of_4_gib", patched(central + 20, b"\xff" * 8))
    put("npz", "overlapping", patched(good.index(b"PK\x01\x02", central + 4) + 42, b"\0" * 4))
    put("npz", "directory_elsewhere", patched(len(good) - 6, b"\0" * 4))
    put("npz", "many_members_announced", patched(len(good) - 14, b"\xff\xff\xff\xff"))


# --- safetensors and our own checkpoints -------------------------------------------------------------------------------------


def safetensors(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(dtype="F32", shape=(1,), offsets=(0, 4)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def safetensors_seeds():
    put("safetensors", "fixture", (FIXTURES / "tree.safetensors").read_bytes())
    put("safetensors", "one", safetensors({"a": tensor()}, b"abcd"))
    put("safetensors", "metadata", safetensors({"__metadata__": {"by": "hand"}, "a": tensor()}, b"abcd"))
    put("safetensors", "no_tensors", safetensors({}))
    put("safetensors", "two_out_of_order", safetensors({"b": tensor(offsets=(4, 8)), "a": tensor("U8", (2, 2), (0, 4))}, b"abcdefgh"))
    put("safetensors", "zero_sized", safetensors({"a": tensor(shape=(0,), offsets=(0, 0)), "b": tensor(), "c": tensor(shape=(3, 0), offsets=(4, 4))}, b"abcd"))
    put("safetensors", "padded", safetensors(json.dumps({"a": tensor()}).encode() + b"   ", b"abcd"))
    put("safetensors", "nans", safetensors({"a": tensor(shape=(2,), offsets=(0, 8))}, bytes.fromhex("0100807f0000c0ff")))
    # attacks
    good = safetensors({"a": tensor()}, b"abcd")
    for name, length in [("0", 0), ("past_end", 1000), ("2_63", 1 << 63), ("wraps", (1 << 64) - 1), ("4_gib", 1 << 32)]:
        put("safetensors", "length_" + name, struct.pack("<Q", length) + good[8:])
    put("safetensors", "no_json", safetensors(b"{\"a\":}"))
    put("safetensors", "no_utf8", safetensors(b"{\"\xff\xfe\":{}}"))
    put("safetensors", "list_on_top", safetensors(b"{[]}"))
    put("safetensors", "deep", safetensors(b"{\"a\":" * 700))
    put("safetensors", "deep_lists", safetensors(b"{\"a\":" + b"[" * 3000))
    put("safetensors", "lone_surrogate", safetensors(b'{"\\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', b"abcd"))
    field = b'{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
    put("safetensors", "duplicate_name", safetensors(b'{"a":' + field + b',"a":' + field + b"}", b"abcd"))
    put("safetensors", "duplicate_field", safetensors(b'{"a":{"dtype":"U8","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', b"abcd"))
    put("safetensors", "unknown_field", safetensors(b'{"a":{"x":1,"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', b"abcd"))
    put("safetensors", "overlap", safetensors({"a": tensor(), "b": tensor(offsets=(2, 6))}, b"abcdef"))
    put("safetensors", "hole", safetensors({"a": tensor(), "b": tensor(offsets=(5, 9))}, b"abcdefghi"))
    put("safetensors", "one_range_often", safetensors({f"t{i}": tensor() for i in range(50)}, b"abcd"))
    for name, offsets in [("backwards", "[4,0]"), ("negative", "[-4,0]"), ("half", "[0.5,4.5]"), ("2_64", "[0,18446744073709551616]"),
                          ("wraps", "[18446744073709551612,0]"), ("one", "[4]"), ("three", "[0,2,4]"), ("text", '["0","4"]')]:
        put("safetensors", "offsets_" + name, safetensors(f'{{"a":{{"dtype":"F32","shape":[1],"data_offsets":{offsets}}}}}'.encode(), b"abcd"))
    for name, shape in [("overflow", [1 << 62, 4]), ("wraps_to_fit", [(1 << 62) + 1]), ("negative", [-1]), ("does_not_fit", [2]), ("huge_and_zero", [1 << 62, 1 << 62, 0]),
                        ("many_axes", [1] * 500)]:
        put("safetensors", "shape_" + name, safetensors({"a": tensor(shape=shape)}, b"abcd"))
    put("safetensors", "dtype_unknown", safetensors({"a": tensor("F8_E4M3", (4,))}, b"abcd"))
    put("safetensors", "truncated", good[:-1])
    put("safetensors", "trailing_byte", good + b"\0")
    put("safetensors", "two_files", good + good)
    put("safetensors", "bool_of_2", safetensors({"a": tensor("BOOL", (4,))}, b"\0\1\2\1"))
    put("safetensors", "nul_after_json", safetensors(b"{}\0{}"))


def checkpoint(metadata, tensors, data):
    zeros = "0" * 64
    full = {"checksum": "sha256:" + zeros, "format_version": "1", "linenc": "0.1.0", **metadata}
    text = json.dumps({"__metadata__": dict(sorted(full.items())), **tensors}, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 8) % 64)
    file = struct.pack("<Q", len(text)) + text + data
    return file.replace(zeros.encode(), hashlib.sha256(file).hexdigest().encode(), 1)


def checkpoint_seeds():
    tensors = {"params/Dense_0/kernel": tensor("F32", (2, 1), (0, 8)), "params/Dense_0/bias": tensor("BF16", (3,), (8, 14)), "state/n": tensor("I32", (), (14, 18))}
    good = checkpoint({"model": "sha256:0123", "seed": "42"}, tensors, bytes(range(18)))
    put("checkpoint", "good", good)
    put("checkpoint", "empty", checkpoint({}, {}, b""))
    put("checkpoint", "one", checkpoint({}, {"a": tensor()}, b"abcd"))
    put("checkpoint", "newer", checkpoint({"format_version": "2"}, {"a": tensor()}, b"abcd"))
    put("checkpoint", "flipped_bit", good[:-1] + bytes([good[-1] ^ 1]))
    put("checkpoint", "truncated", good[:-1])
    put("checkpoint", "trailing_byte", good + b"\0")
    put("checkpoint", "two_files", good + good)
    put("checkpoint", "zeroed_data", good[:-18] + b"\0" * 18)
    put("checkpoint", "without_checksum", good.replace(b'"checksum"', b'"chexksum"'))
    put("checkpoint", "checksum_in_a_value", checkpoint({"a": "checksum\":\"sha256:" + "1" * 64}, {}, b""))
    put("checkpoint", "escaped_key", good.replace(b'"seed"', b'"\\u0073"'))


# --- msgpack -----------------------------------------------------------------------------------------------------------------


def packed(value):
    """What msgpack writes, for the few types that Flax uses."""
    if isinstance(value, bytes):
        return value   # already packed
    if isinstance(value, str):
        text = value.encode()
        return (bytes([0xA0 | len(text)]) if len(text) < 32 else b"\xd9" + bytes([len(text)])) + text
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return bytes([value]) if 0 <= value < 128 else struct.pack(">Bq", 0xD3, value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xCB, value)
    if isinstance(value, dict):
        return bytes([0x80 | len(value)]) + b"".join(packed(k) + packed(v) for k, v in value.items())
    return bytes([0x90 | len(value)]) + b"".join(packed(v) for v in value)


def binary(content):
    return b"\xc4" + bytes([len(content)]) + content


def extension(code, content):
    return b"\xc7" + bytes([len(content), code]) + content


def ndarray(shape=(2,), dtype="float32", content=b"\0" * 8):
    return extension(1, packed([list(shape), dtype, binary(content)]))


def msgpack_seeds():
    for name in ["tree", "numbers", "chunked"]:
        put("msgpack", "fixture_" + name, (FIXTURES / (name + ".msgpack")).read_bytes())
    put("msgpack", "one", packed({"params": {"a": ndarray()}}))
    put("msgpack", "numbers", packed({"a": 1, "b": -1, "c": 2.5, "d": True, "e": 1 << 40}))
    put("msgpack", "scalar", packed({"a": extension(3, packed([[], "float32", binary(b"\0\0\x80\x3f")]))}))
    chunks = {"__msgpack_chunked_array__": True, "shape": {"0": 2, "1": 2}, "chunks": {"0": ndarray((3,), content=b"\0" * 12), "1": ndarray((1,), content=b"\0" * 4)}}
    put("msgpack", "chunked", packed({"a": chunks}))
    put("msgpack", "empty", packed({}))
    # attacks
    for name, mark in [("text", b"\xdb"), ("bytes", b"\xc6"), ("list", b"\xdd"), ("map", b"\xdf"), ("extension", b"\xc9")]:
        put("msgpack", "length_of_4_gib_" + name, b"\x81\xa1a" + mark + b"\xff\xff\xff\xff")
    put("msgpack", "never_used_byte", b"\x81\xa1a\xc1")
    put("msgpack", "unknown_extension", packed({"a": extension(77, b"abc")}))
    put("msgpack", "no_triple", packed({"a": extension(1, packed([[2], "float32"]))}))
    put("msgpack", "dtype_object", packed({"a": ndarray(dtype="object")}))
    put("msgpack", "dtype_V2", packed({"a": ndarray(dtype="V2", content=b"\0" * 4)}))
    put("msgpack", "missing_chunk", packed({"a": {**chunks, "chunks": {"0": ndarray((3,), content=b"\0" * 12)}}}))
    put("msgpack", "lying_chunk", packed({"a": {**chunks, "chunks": {"0": ndarray((3,), content=b"\0" * 12), "1": ndarray((2,))}}}))
    put("msgpack", "lying_shape", packed({"a": {**chunks, "shape": {"0": 1 << 40, "1": 1 << 40}}}))
    put("msgpack", "negative_size", packed({"a": ndarray((-1,), content=b"")}))
    put("msgpack", "deep", b"\x81\xa1a" * 1000 + b"\x80")
    put("msgpack", "deep_lists", b"\x81\xa1a" + b"\x91" * 3000)
    put("msgpack", "duplicate_name", b"\x82" + packed("a") + packed(1) + packed("a") + packed(2))
    put("msgpack", "name_is_number", b"\x81\x01\x01")
    put("msgpack", "no_utf8", b"\x81\xa1\xff\x01")
    put("msgpack", "slash_in_a_name", packed({"a/b": 1, "c%2F": 2}))
    put("msgpack", "truncated", packed({"params": {"a": ndarray()}})[:-1])
    put("msgpack", "trailing_byte", packed({"a": 1}) + b"\0")


# --- JSON --------------------------------------------------------------------------------------------------------------------


def json_file(tree, kind="variables", **more):
    return json.dumps({"format": "linenc-" + kind, "version": 1, kind: tree, **more})


def json_array(dtype="float32", shape=(2,), data=(1.5, -2)):
    return {"dtype": dtype, "shape": list(shape), "data": list(data) if isinstance(data, tuple) else data}


def json_seeds():
    put("json", "variables", json_file({"params": {"Dense_0": {"kernel": json_array(), "bias": json_array("bfloat16", (1,), (0.1,))}}}, meta={"seed": "42"}))
    put("json", "arrays", json_file({"x": json_array("int32"[:5], (2, 2), ([1, 2], [3, 4]))}, kind="arrays"))
    put("json", "specials", json_file({"a": json_array("float32", (5,), ("NaN", "Infinity", "-Infinity", "NaN:7f800001", -0.0))}))
    put("json", "every_dtype", json_file({d: json_array(d, (1,), (v,)) for d, v in [
        ("bool", True), ("int8", -128), ("int16", 1), ("int32", -2**31), ("int64", -2**63), ("uint8", 255), ("uint16", 1), ("uint32", 2**32 - 1), ("uint64", 2**64 - 1),
        ("bfloat16", 1e-40), ("float16", 65504), ("float64", 1e308), ("complex64", [1, -2])]}))
    put("json", "scalar", json_file({"a": json_array("float32", (), 3)}))
    put("json", "empty_axis", json_file({"a": json_array("float32", (3, 0), ())}))
    # attacks
    put("json", "no_json", '{"format": "linenc-variables", "version": 1,')
    put("json", "no_utf8", b'{"format": "linenc-variables\xff"}')
    put("json", "list_on_top", "[1, 2]")
    put("json", "deep", '{"a":' * 3000)
    put("json", "deep_data", json_file({"a": 0}).replace('{"a": 0}', '{"a": {"dtype": "float32", "shape": [1], "data": ' + "[" * 3000))
    put("json", "deep_tree", '{"format": "linenc-variables", "version": 1, "variables": ' + '{"a":' * 500)
    put("json", "lone_surrogate", json_file({"a": json_array()}).replace('"a"', '"\\ud800"'))
    put("json", "duplicate_name", json_file({"a": json_array(), "b": json_array()}).replace('"b"', '"a"'))
    put("json", "duplicate_member", '{"format": "linenc-variables", "version": 1, "version": 1, "variables": {}}')
    put("json", "newer", json_file({}).replace("1", "2"))
    put("json", "shape_overflow", json_file({"a": json_array(shape=(1 << 40, 1 << 40))}))
    put("json", "shape_negative", json_file({"a": json_array(shape=(-1,))}))
    put("json", "announces_more", json_file({"a": json_array(shape=(1 << 30,))}))
    put("json", "many_axes", json_file({"a": json_array(shape=(1,) * 100)}))
    put("json", "numbers", json_file({"a": json_array("float32", (6,), (1e400, -1e400, 1e-400, 0.1, 123456789012345678901234567890, 3.4028236e38))}).replace("Infinity", "1e400"))
    put("json", "too_large_integer", json_file({"a": json_array("int8", (1,), (128,))}))
    put("json", "float_for_integer", json_file({"a": json_array("int32", (1,), (1.0,))}))
    put("json", "trailing_text", json_file({}) + " {}")
    put("json", "nul", json_file({}) + "\0")
    put("json", "data_before_shape", '{"format": "linenc-variables", "version": 1, "variables": {"a": {"dtype": "float32", "data": [1], "shape": [1]}}}')


# --- YAML --------------------------------------------------------------------------------------------------------------------


def yaml_seeds():
    def seed(name, content):
        put("yaml", name, content)

    seed("styles", "plain: one\n  two\n\n  three\nsingle: 'it''s\n  here'\ndouble: \"a\\u00e9\\n\\\n  b\\\"\"\nliteral: |\n  one\n   two\n\nfolded: >-\n  one\n  two\nkept: |+\n  one\n\n")
    seed("flow", "a: {b: [1, 2, {c: d}], 'e': \"f\"}\ng: []\nh: {}\n")
    seed("anchors", "a: &x {b: 1}\nc: *x\nd: [*x, *x]\n")
    seed("explicit_key", "? a\n: b\n? 'c'\n: [d]\n")
    seed("indentation_indicator", "a: |2\n   b\n  c\nd: >1-\n e\n")
    seed("crlf", "a: |\r\n  b\r\nc: d\r\n")
    seed("byte_order_mark", b"\xef\xbb\xbfa: b\n")
    seed("comments", "# c\na: b # d\n# e\n")
    seed("document_marks", "---\na: b\n...\n")
    # attacks
    for name, text in [("nothing", ""), ("comment_only", "# a\n"), ("null", "~\n"), ("scalar", "abc\n"), ("list", "- a\n"), ("percent", "%%%\n"), ("directive", "%YAML 1.2\n---\na: b\n")]:
        seed("no_map_" + name, text)
    seed("random_bytes", bytes((i * 73 + 41) % 256 for i in range(200)))
    seed("elf", b"\x7fELF\x02\x01\x01" + b"\0" * 20)
    seed("utf_16", "a: b\n".encode("utf-16"))
    seed("nul", b"a: b\0c\n")
    seed("overlong", b"a: \xc0\xaf\n")
    seed("surrogate", b"a: \xed\xa0\x80\n")
    seed("control_bytes", b"a: \x1b[2J\x07\n")
    seed("billion_laughs", "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(f"{c}: &{c} [{', '.join(['*' + p] * 9)}]\n" for p, c in zip("abcdefgh", "bcdefghi")))
    seed("quadratic_alias", "a: &a [" + "x, " * 300 + "]\nb: [" + "*a, " * 800 + "]\n")
    seed("alias_to_itself", "a: &a [*a]\n")
    seed("mutual_aliases", "a: &a {b: *b}\nb: &b {a: *a}\n")
    seed("unknown_alias", "a: *nothing\n")
    seed("merge", "a: &a {b: 1}\nc: {<<: *a}\nd:\n  <<: [*a, *a]\n")
    for name, opening in [("lists", "["), ("maps", "{a: "), ("dashes", "- "), ("questions", "? ")]:
        seed("deep_" + name, opening * 1500)
    seed("deep_indentation", "".join(" " * i + "a:\n" for i in range(120)))
    seed("long_key", "a" * 300 + ": b\n")
    seed("long_scalar", "a: " + "b" * 70000 + "\n")
    seed("many_keys", "".join(f"k{i}: {i}\n" for i in range(1500)))
    seed("many_documents", "---\na: b\n" * 200)
    seed("duplicate_keys", "a: 1\n\"a\": 2\n'a': 3\n!!str a: 4\n")
    seed("unclosed_quote", "a: 'b\nc: d\n")
    seed("half_a_key", "a: b\nc")
    for name, tag in [("python", "!!python/object/apply:os.system [true]"), ("binary", "!!binary aGk="), ("int", "!!int x"), ("bare", "!"), ("own", "!a{b}")]:
        seed("tag_" + name, f"a: {tag}\n")
    seed("numbers", "a: [-1, 9223372036854775808, 1e400, .nan, 010, 0x1F, 4.0000001, yes, 1_000, +1, 0o7, -.inf, 1:30]\n")
    seed("injection", "a: \"\\e[2J\"\n\"\\n::error::b\": c\nd: \u202eabc\n")
    seed("tab", "a:\n\tb: c\n")
    seed("colons", "a: b: c\n")
    seed("unquoted_expressions", "a: [f(x, axis=1), {b: mean(x, axis=1)}]\nb, h: x.shape\nc: x[:, 0]\n")
    seed("empty_entries", "a: [,]\nb: {,}\nc: {: d}\n")
    # what hung or ended yaml-cpp
    for i, text in enumerate(["[" * 100 + "]" * 99, "{" * 40 + "?", "&", "*", "!<", "'", "\"\\", "\"\\x", ">\n", "|9\n", "-\n-\n -", "? ? ?", ": : :", "a:\n- b\n c", "!\n!", "{a,b", "[a:b",
                              "--- ---", "...\n...", "a: &a\nb: *a", "- &a\n- *a", "%TAG ! !\n--- !a", "\"\n\n\"", "'a\n\n\nb'", "? |\n a\n: b", "{? a : b, ? c}", "a: >\n\n\n b\n\n  c\n\n d"]):
        seed(f"odd_{i:02}", text)


# --- expressions -------------------------------------------------------------------------------------------------------------


def expression_seeds():
    for i, line in enumerate((HERE.parent / "compiler" / "syntax" / "expressions.txt").read_text().splitlines()):
        if i % 5 == 0 and line:
            put("expression", f"good_{i:03}", line.split("\t")[0])
    for i, line in enumerate((HERE.parent / "compiler" / "syntax" / "bad_expressions.txt").read_text().splitlines()):
        if i % 3 == 0 and line:
            put("expression", f"bad_{i:03}", line.split("\t")[0])
    texts = ["1 + 2 * 3 - 4 // 5 % 6", "-7 // 2", "-7 % 2", "7 % -2", "9223372036854775807 + 1", "-9223372036854775808 // -1", "-9223372036854775808 % -1", "-(-9223372036854775808)",
             "1 << 62", "1 << 63", "1 << 70", "-1 << 63", "1 >> 100", "-1 >> 100", "1 << -1", "1 // 0", "1 % 0", "1 / 0", "1.0 // 0", "9 ** 9 ** 9", "2 ** 63", "2 ** 62", "(-2) ** 63", "2 ** -1",
             "0 ** 0", "0 ** -1", "3037000500 * 3037000500", "~9223372036854775807", "5 & -3 | 2 ^ 7", "1 < 2 < 3", "1 in [1, 2]", "'a' * 1000000000", "'a' * 5 + 'b'", "[1] * 1000000000", "[[0] * 1000] * 1000",
             "(1, 2) + (3,)", "len(x)", "x.shape[-1] * n", "n // 2 + n % 2", "(n + 1) * (n - 1)", "n * n * n * n", "n ** 2", "n == n", "n < n + 1", "range(1000000000)", "range(10)[::-2]", "range(5)[1:]",
             "sum(range(10))", "max(n, 4)", "min([3, 1, 2])", "round(2.5)", "int(1e300)", "int('12')", "float('nan')", "abs(-9223372036854775808)", "divmod(-7, 2)", "x @ x.T", "x[..., None]", "x[:, ::2]",
             "x[-1]", "x[9]", "x[n]", "x.reshape(-1, 2)", "x.reshape(2, 2, n)", "jnp.zeros((3, 4))", "zeros((1000000, 1000000, 1000000))", "zeros((9223372036854775807, 2))", "arange(10)", "arange(0, 1, 0)",
             "linspace(0, 1, 5)", "concatenate([x, x])", "einsum('ij,jk->ik', x, x.T)", "where(x > 0, x, 0)", "[i * i for i in range(10) if i % 2]", "(lambda a, b=2: a + b)(1)", "(lambda f: f(f))(lambda f: f(f))",
             "{'a': 1, 'b': [2]}['b'][0]", "{'a': 1} | {'b': 2}", "f'{n:>{k}} {k:05d} {1.5:.2f} {{}}'", "f\"{'a'}\" 'b'", "'%d' % 3", "'abc'[::-1]", "'abc'.upper()", "config.a + config.c.d", "config.nothing",
             "not none", "1 if x else 2", "x.sum() > 0", "random.normal(random.key(0), (2,))", "jax.nn.relu(x)", "np.pi", "0.1 + 0.2", "1e308 * 10", "1e400", "float('inf') - float('inf')", "5 // 0.0", "-5 % 3.0",
             "2.5 // 1", "1_000", "0x1F", "0b101", "0o17", "010", "1__0", "'\\u00e9\\x41\\101'", "'unclosed", "f'{'", "f'{a!r}'", "a b", "a +", "(", ")", "x[", "lambda", "if", "a = 1", "import os",
             "__import__('os')", "x.__class__", "(" * 100 + "1" + ")" * 100, "+".join(["1"] * 400), "-" * 80 + "1", "not " * 70 + "x", "x" + ".T" * 300, "[" * 70, "{'a': " * 70, "1 if " * 70,
             "lambda x: " * 70 + "x", "f\"{f'{1}'}\"", "a" * 5000, "9" * 5000, "1." + "0" * 5000 + "1", "'" + "a" * 5000 + "'"]
    for i, text in enumerate(texts):
        put("expression", f"text_{i:03}", text)


# --- whole models ------------------------------------------------------------------------------------------------------------


def model_seeds():
    def seed(name, body, inputs='x: "float32[n, 4]"'):
        put("model", name, f"linenc: 1\ninputs: {{{inputs}}}\n{body}\n")

    seed("huge_dense", "model: {Dense: {features: 1000000000000}}")
    seed("dims_wrap", "model: {compact: [{Dense: {features: 4294967296}}, {Dense: {features: 4294967296}}, {Dense: {features: 4294967296}}]}")
    seed("long_loop", "model: {compact: [{for: i, over: range(1000000000), do: [relu]}]}")
    seed("nested_loops", "model: {compact: [{for: i, over: range(100000), do: [{for: j, over: range(100000), do: []}]}]}")
    seed("doubling", "model: A0\nmodules:\n" + "".join(f"  A{i}: {{compact: [A{i + 1}, A{i + 1}]}}\n" for i in range(40)) + "  A40: {compact: [relu]}")
    seed("recursion", "model: A\nmodules:\n  A: {compact: [A]}")
    seed("mutual_recursion", "model: A\nmodules:\n  A: {compact: [B]}\n  B: {compact: [A]}")
    seed("chain", "model: A0\nmodules:\n" + "".join(f"  A{i}: {{compact: [A{i + 1}]}}\n" for i in range(100)) + "  A100: {compact: [relu]}")
    seed("functions_that_call_themselves", "model: {compact: [{let: {a: f(x)}}]}\nfunctions:\n  f: {args: [a], body: [{return: f(a)}]}")
    seed("string_doubling", "model: {compact: [{let: {a: \"'x'\"}}, {for: i, over: range(60), do: [{let: {a: a + a}}]}]}")
    seed("list_doubling", "model: {compact: [{let: {a: \"[x]\"}}, {for: i, over: range(60), do: [{let: {a: a + a}}]}]}")
    seed("self_defining", "config: {a: =config.b, b: =config.a}\nmodel: {Dense: {features: =config.a}}")
    seed("extends_itself", "model: A\nmodules:\n  A: {extends: B}\n  B: {extends: A}")
    seed("template_of_itself", "model: A\nmodules:\n  A: {template: {A: {}}}")
    seed("imports_itself", "import: {me: model.yaml}\nmodel: me.A\nmodules: {A: {compact: [me.A]}}")
    seed("imports", "import: {parts: parts.yaml}\nmodel: parts.Part")
    seed("imports_outside", "import: {other: ../../../../../etc/passwd}\nmodel: other.A")
    for name, value in [("zero", "0"), ("negative", "-1"), ("2_63", "9223372036854775808"), ("1e400", "1e400"), ("nan", ".nan"), ("octal", "010"), ("float", "4.0000001"), ("yes", "yes"), ("list", "[1]"), ("null", "~")]:
        seed("features_" + name, f"model: {{Dense: {{features: {value}}}}}")
    for name, text in [("empty", "''"), ("dots", "'..'"), ("slash", "a/b"), ("control", '"a\\u0007b"'), ("long", "a" * 250)]:
        seed("name_" + name, f"model: {{compact: [{{Dense: {{features: 2}}, name: {text}}}]}}")
    seed("too_many_axes", "model: {compact: [{let: {x: \"x[" + "None, " * 40 + "]\"}}]}")
    seed("transforms", "model: {compact: [{vmap: {Dense: {features: 3}}, variable_axes: {params: 0}, split_rngs: {params: true}}, {scan: {Cell: {}}, variable_broadcast: params, in: [0.0, x], out: [c, x]}, {remat: {Dense: {features: 2}}}]}\n"
         "modules:\n  Cell: {args: [c, a], compact: [{return: [c + a.sum(), a]}]}")
    seed("control", "model: {compact: [{cond: x.sum() > 0, then: [relu], else: [tanh]}, {while_loop: n < 3, carry: {n: asarray(0), x: x}, do: [{let: {n: n + 1}}]}, {switch: asarray(1), branches: [[relu], [gelu]]}]}")
    seed("state", "model: {compact: [{variable: count, collection: counter, init: \"zeros((), int32)\"}, {set: {count: count + 1}}, {sow: s, value: x}, {perturb: p}, {make_rng: dropout, out: key}, {return: [x, count]}]}")


# --- generated models: the bytes mean nothing by themselves ------------------------------------------------------------------


def generated_seeds():
    for i in range(40):
        content, state = b"", hashlib.sha256(str(i).encode()).digest()
        while len(content) < 40 * (i % 8 + 1):
            content += state
            state = hashlib.sha256(state).digest()
        put("generated", f"bytes_{i:02}", content)
    put("generated", "nothing", b"")


def plan_seeds():
    """Plans are made by the target, which takes one byte for one of them: old files are refused as soon as there is a new op."""
    put("plan", "every_op", b"\0")
    put("plan", "small", b"\1")
    magic = b"\x89LNPLAN\n"
    put("plan", "magic_only", magic)
    put("plan", "zero_header", magic + b"\0" * 56)
    put("plan", "newer", magic + struct.pack("<IIQQQQQQ", 2, 0, 0, 64, 0, 0, 0, 0))
    put("plan", "head_of_2_63", magic + struct.pack("<IIQQQQQQ", 1, 0, 0, 64, 1 << 63, 0, 0, 0))
    put("plan", "length_wraps", magic + struct.pack("<IIQQQQQQ", 1, 0, 0, (1 << 64) - 1, 0, 0, 0, 0))
    put("plan", "safetensors", safetensors({"a": tensor()}, b"abcd"))


if __name__ == "__main__":
    for make in [npy_seeds, npz_seeds, safetensors_seeds, checkpoint_seeds, msgpack_seeds, json_seeds, yaml_seeds, expression_seeds, model_seeds, generated_seeds, plan_seeds]:
        make()
