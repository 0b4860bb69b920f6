#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;

namespace {

// An npy file of version 1 with this dictionary and data.
std::string npy(const std::string& dictionary, const std::string& data = "") {
  std::string file = "\x93NUMPY";
  file += '\x01';
  file += '\0';
  file += static_cast<char>(dictionary.size() & 0xFF);
  file += static_cast<char>(dictionary.size() >> 8);
  return file + dictionary + data;
}
std::string shaped(const std::string& shape) { return npy("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }"); }
std::string typed(const std::string& dtype) { return npy("{'descr': " + dtype + ", 'fortran_order': False, 'shape': (0,), }"); }
std::string error(const std::string& file) { return error_of(parse_npy(as_bytes(file))); }

}  // namespace

TEST_SUITE("runtime/variables/npy") {
  TEST_CASE("files of NumPy have NumPy's elements, and are written with the same bytes") {
    for (const auto& entry : nlohmann::json::parse(fixture("npy.json"))) {
      CAPTURE(entry["name"].get<std::string>());
      const std::string file = from_hex(entry["file"].get<std::string>());
      const Array expected = array_of(entry);
      const auto found = parse_npy(as_bytes(file));
      REQUIRE_MESSAGE(found, error_of(found));
      CHECK(to_string(*found) == to_string(expected));
      CHECK(found->same_bits(expected));
      if (!entry["same_when_written"].get<bool>()) continue;
      const auto written = serialize_npy(expected);
      REQUIRE(written);
      CHECK(*written == file);
    }
  }

  TEST_CASE("aligned data is viewed where an owner keeps it alive, else copied") {
    Array original = array_of(DType::Float32, {2}, "abcdefgh");
    const std::string file = *serialize_npy(original);
    auto aligned = std::make_shared<Array>(array_of(DType::UInt8, {static_cast<std::int64_t>(file.size())}, file));
    const std::span<const std::byte> bytes(std::as_const(*aligned).data(), aligned->bytes());
    const auto viewed = parse_npy(bytes, aligned);
    REQUIRE(viewed);
    CHECK(std::as_const(*viewed).data() == bytes.data() + bytes.size() - 8);
    const auto copied = parse_npy(bytes);
    REQUIRE(copied);
    CHECK(std::as_const(*copied).data() != bytes.data() + bytes.size() - 8);
  }

  TEST_CASE("every truncation and every appended byte is an error") {
    const std::string file = *serialize_npy(array_of(DType::Int16, {3}, "abcdef"));
    for (std::size_t length = 0; length < file.size(); ++length) {
      CAPTURE(length);
      CHECK(error(file.substr(0, length)) != "accepted");
    }
    CHECK(contains(error(file.substr(0, file.size() - 1)), "truncated: 5 of 6 bytes"));
    CHECK(contains(error(file + "x"), "1 trailing bytes"));
  }

  TEST_CASE("a header that lies about its length is refused before anything is read") {
    CHECK(contains(error(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12)), "npy header length 4294967295, limit 65536"));
    CHECK(contains(error(std::string("\x93NUMPY\x01\x00\xff\xff", 10)), "truncated"));
    CHECK(contains(error(std::string("\x93NUMPY\x09\x00\x02\x00{}", 12)), "npy version 9.0"));
    CHECK(contains(error(std::string("\x93NUMPY\x01\x01\x02\x00{}", 12)), "npy version 1.1"));
    CHECK(contains(error("PK"), "not an npy file"));
  }

  TEST_CASE("the header limit holds at N and N+1") {
    ReadLimits limits;
    const std::string file = *serialize_npy(array_of(DType::Int16, {3}, "abcdef"));  // header text of 118 bytes
    limits.npy_header_bytes = 118;
    CHECK(parse_npy(as_bytes(file), nullptr, limits));
    limits.npy_header_bytes = 117;
    CHECK(contains(error_of(parse_npy(as_bytes(file), nullptr, limits)), "npy header length 118, limit 117"));
  }

  TEST_CASE("only the dictionary of NumPy is a header") {
    CHECK(parse_npy(as_bytes(npy("{\"shape\":(),'descr':'|u1','fortran_order':False}\n", "x"))));
    for (const char* dictionary :
         {"", "{", "{}", "[]", "{'descr': '<f4', 'fortran_order': False}", "{'descr': '<f4', 'fortran_order': False, 'shape': (0,), 'x': 1}",
          "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (0,)}", "{'descr': '<f4', 'fortran_order': 0, 'shape': (0,)}",
          "{'descr': '<f4', 'fortran_order': None, 'shape': (0,)}", "{'descr': '<f4' 'fortran_order': False, 'shape': (0,)}",
          "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)} #", "{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}}",
          "{'descr': '<f4\\x', 'fortran_order': False, 'shape': (0,)}", "{'descr': '<f4, 'fortran_order': False, 'shape': (0,)}",
          "{'descr': __import__('os'), 'fortran_order': False, 'shape': (0,)}", "{,'descr': '<f4', 'fortran_order': False, 'shape': (0,)}"}) {
      CAPTURE(dictionary);
      CHECK(error(npy(dictionary)) != "accepted");
    }
  }

  TEST_CASE("dimensions are plain numbers in range") {
    CHECK(shaped("(0,)").size() > 0);
    CHECK(error(shaped("(0,)")) == "accepted");
    for (const char* shape : {"(-1,)",
                              "(1.0,)",
                              "(True,)",
                              "(1e3,)",
                              "(3)",
                              "3",
                              "(",
                              "()",
                              "(,)",
                              "(2,,3)",
                              "(2 3)",
                              "(0x10,)",
                              "(010,)",
                              "(9223372036854775808,)",
                              "(18446744073709551618,)",
                              "(1234567890123456789012345678901234567890,)",
                              "(4294967296, 4294967296)",
                              "(4611686018427387912,)",
                              "(4611686018427387904, 4611686018427387904, 0)",
                              "(1099511627777, 0)",
                              "(300000000000,)"}) {
      CAPTURE(shape);
      CHECK(error(shaped(shape)) != "accepted");
    }
    CHECK(contains(error(shaped("(18446744073709551618,)")), "dimension out of range"));
    CHECK(contains(error(shaped("(4294967296, 4294967296)")), "dimension out of range"));
    CHECK(contains(error(shaped("(300000000000,)")), "truncated: 0 of 1200000000000 bytes"));
    std::string nested = "(";
    for (int i = 0; i < 30000; ++i) nested += '(';
    CHECK(error(shaped(nested)) != "accepted");
  }

  TEST_CASE("32 axes are read, 33 are not") {
    std::string sizes;
    for (int i = 0; i < 32; ++i) sizes += "1, ";
    CHECK(error(shaped("(0, " + sizes.substr(3) + ")")) == "accepted");
    CHECK(contains(error(shaped("(0, " + sizes + ")")), "more than 32 axes"));
  }

  TEST_CASE("elements and bytes of an array are limited at N and N+1") {
    const std::string file = *serialize_npy(array_of(DType::Int16, {3}, "abcdef"));
    ReadLimits limits;
    limits.elements = 3;
    limits.array_bytes = 6;
    CHECK(parse_npy(as_bytes(file), nullptr, limits));
    limits.elements = 2;
    CHECK(contains(error_of(parse_npy(as_bytes(file), nullptr, limits)), "limit 2 elements"));
    limits = {};
    limits.array_bytes = 5;
    CHECK(contains(error_of(parse_npy(as_bytes(file), nullptr, limits)), "more than 5 bytes"));
  }

  TEST_CASE("other dtypes are refused by name, and nothing is unpickled") {
    for (const char* dtype : {"'|O'", "'<U3'", "'|S4'", "'<f16'", "'<c16'", "'<f-4'", "'<f999999999999999999999'", "'<ixy'", "''", "'<'", "'f4'",
                              "'=f4'", "'|f4'", "'<M8[ns]'", "'>V2'", "[('a', '<f4')]", "4"}) {
      CAPTURE(dtype);
      CHECK(error(typed(dtype)) != "accepted");
    }
    CHECK(contains(error(typed("'|O'")), "dtype `|O` is not supported: objects are pickled"));
  }

  TEST_CASE("a bool that is neither 0 nor 1 is refused") {
    CHECK(contains(error(npy("{'descr': '|b1', 'fortran_order': False, 'shape': (3,)}", std::string("\x01\x00\x02", 3))), "byte 2 (element 2)"));
  }

  TEST_CASE("bfloat16 and random keys are refused when written") {
    CHECK(contains(error_of(serialize_npy(Array(DType::BFloat16, {1}))), "--cast float32"));
    CHECK(contains(error_of(serialize_npy(Array(DType::Key, {1}))), "random.key_data"));
  }

}  // TEST_SUITE
