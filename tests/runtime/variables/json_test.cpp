#include <algorithm>

#include "runtime/variables/json_format.h"
#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;

namespace {

std::string document(const std::string& tree) { return R"({"format": "linenc-variables", "version": 1, "meta": {}, "variables": )" + tree + "}"; }
std::string leaf(const std::string& dtype, const std::string& shape, const std::string& data) {
  return document("{\"a\": {\"dtype\": \"" + dtype + "\", \"shape\": " + shape + ", \"data\": " + data + "}}");
}
std::string error(const std::string& text, const ReadLimits& limits = {}) { return error_of(parse_variables(as_bytes(text), nullptr, limits)); }

}  // namespace

TEST_SUITE("runtime/variables/json") {
  TEST_CASE("the layout is that of the page on the command line") {
    Variables variables;
    const float numbers[] = {0.1F, -0.0F, 1.0F, 16777216.0F, 1e20F, 1.17549435e-38F, 3.4028235e38F, -2.5F};
    const std::uint32_t odd[] = {0x7FC00000, 0x7F800000, 0xFF800000, 0xFFC00001};
    const auto text_of_array = [](const auto& array) { return std::string_view(reinterpret_cast<const char*>(array), sizeof array); };
    variables.leaves.push_back({.key = "params/Dense_0/kernel", .array = array_of(DType::Float32, {4, 2}, text_of_array(numbers))});
    variables.leaves.push_back({.key = "params/Dense_0/odd", .array = array_of(DType::Float32, {4}, text_of_array(odd))});
    variables.leaves.push_back({.key = "params/a%2Fb", .array = array_of(DType::Bool, {2}, std::string_view("\1\0", 2))});
    variables.leaves.push_back({.key = "n", .array = array_of(DType::Int8, {}, "\xff")});
    variables.leaves.push_back({.key = "none", .array = Array(DType::UInt8, {2, 0})});
    variables.meta = {{"seed", "42"}};
    CHECK(*serialize_variables(variables, Format::Json) ==
          R"({"format": "linenc-variables", "version": 1, "meta": {"seed": "42"}, "variables": {
 "params": {
  "Dense_0": {
   "kernel": {"dtype": "float32", "shape": [4, 2], "data": [[0.1, -0.0], [1, 16777216], [1e+20, 1.1754944e-38], [3.4028235e+38, -2.5]]},
   "odd": {"dtype": "float32", "shape": [4], "data": ["NaN", "Infinity", "-Infinity", "NaN:ffc00001"]}},
  "a/b": {"dtype": "bool", "shape": [2], "data": [true, false]}},
 "n": {"dtype": "int8", "shape": [], "data": -1},
 "none": {"dtype": "uint8", "shape": [2, 0], "data": []}}}
)");
  }

  TEST_CASE("numbers are read as decimals of their dtype") {
    struct Row {
      std::string dtype, data;
      std::uint64_t bits;
    };
    for (const Row& row :
         {Row{"float32", "1", 0x3F800000}, Row{"float32", "-1", 0xBF800000}, Row{"float32", "0.1", 0x3DCCCCCD},
          // Lies above the middle of two floats by less than a double can tell.
          Row{"float32", "1.00000005960464477539062500000000001", 0x3F800001}, Row{"float32", "1e-60", 0}, Row{"float32", "-1e-60", 0x80000000},
          Row{"float32", "18446744073709551615", 0x5F800000}, Row{"float32", "100000000000000000000", 0x60AD78EC},
          Row{"float64", "0.1", 0x3FB999999999999A}, Row{"float64", "\"-Infinity\"", 0xFFF0000000000000}, Row{"float16", "0.1", 0x2E66},
          Row{"bfloat16", "1.5", 0x3FC0}, Row{"bfloat16", "\"NaN\"", 0x7FC0}, Row{"int64", "-9223372036854775808", 0x8000000000000000},
          Row{"uint64", "18446744073709551615", ~std::uint64_t{0}}, Row{"int8", "-128", 0x80}, Row{"bool", "true", 1}}) {
      CAPTURE(row.dtype);
      CAPTURE(row.data);
      const std::string text = leaf(row.dtype, "[]", row.data);
      const auto found = parse_variables(as_bytes(text), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      std::uint64_t bits = 0;
      std::memcpy(&bits, std::as_const(found->leaves[0].array).data(), found->leaves[0].array.bytes());
      CHECK(bits == row.bits);
    }
  }

  TEST_CASE("values of another kind or out of range are refused") {
    struct Row {
      std::string dtype, data;
    };
    for (const Row& row : {Row{"float32", "true"},
                           Row{"float32", "null"},
                           Row{"float32", "1e39"},
                           Row{"float32", "1e400"},
                           Row{"float32", "\"nan\""},
                           Row{"float32", "\"NaN:\""},
                           Row{"float32", "\"NaN:7f800000\""},
                           Row{"float32", "\"NaN:1ffffffff\""},
                           Row{"float32", "\"1\""},
                           Row{"float16", "65536"},
                           Row{"bfloat16", "\"NaN:17fc1\""},
                           Row{"int32", "1.0"},
                           Row{"int32", "1e3"},
                           Row{"int32", "2147483648"},
                           Row{"int8", "-129"},
                           Row{"uint8", "-1"},
                           Row{"uint8", "256"},
                           Row{"uint64", "18446744073709551616"},
                           Row{"int64", "9223372036854775808"},
                           Row{"bool", "1"},
                           Row{"bool", "\"true\""},
                           Row{"int32", "\"NaN\""},
                           Row{"float32", "NaN"},
                           Row{"float32", "{}"},
                           Row{"float32", "01"},
                           Row{"float32", ".5"},
                           Row{"float32", "+1"},
                           Row{"float32", "0x1"}}) {
      CAPTURE(row.dtype);
      CAPTURE(row.data);
      CHECK(error(leaf(row.dtype, "[]", row.data)) != "accepted");
    }
    for (const char* dtype : {"key", "float8_e4m3fn", "Float32", "object", ""}) CHECK(contains(error(leaf(dtype, "[]", "0")), "is not supported"));
  }

  TEST_CASE("data has the shape") {
    CHECK(error(leaf("int8", "[2, 3]", "[[1, 2, 3], [4, 5, 6]]")) == "accepted");
    for (const char* data : {"[1, 2, 3, 4, 5, 6]", "[[1, 2, 3]]", "[[1, 2, 3], [4, 5]]", "[[1, 2, 3], [4, 5, 6, 7]]", "[[1, 2, 3], [4, 5, 6], []]",
                             "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]", "[[[1], 2, 3], [4, 5, 6]]", "[]", "1", "[[1, 2, 3], 4]", "[1, [2, 3]]"}) {
      CAPTURE(data);
      CHECK(contains(error(leaf("int8", "[2, 3]", data)), "does not have the shape [2, 3]"));
    }
    CHECK(error(leaf("int8", "[2, 0]", "[]")) == "accepted");
    for (const char* data : {"[[], []]", "[1]", "1"}) CHECK(error(leaf("int8", "[2, 0]", data)) != "accepted");
    CHECK(error(leaf("int8", "[]", "[1]")) != "accepted");
    CHECK(error(leaf("complex64", "[1]", "[[1, 2]]")) == "accepted");
    CHECK(error(leaf("complex64", "[1]", "[1]")) != "accepted");
  }

  TEST_CASE("a shape is compared with the file before anything is allocated") {
    CHECK(contains(error(leaf("int8", "[1000000000]", "[]")), "more than the file can hold"));
    for (const char* shape : {"[1099511627777]", "[18446744073709551616]", "[4294967296, 4294967296]",
                              "[4611686018427387904, 4611686018427387904, 0]", "[-1]", "[1.0]", "[true]", "[[1]]", "1", "null", "\"1\""}) {
      CAPTURE(shape);
      CHECK(error(leaf("int8", shape, "[]")) != "accepted");
    }
    std::string axes = "1", open = "[", close = "]";
    for (int i = 1; i < 32; ++i) {
      axes += ", 1";
      open += '[';
      close += ']';
    }
    CHECK(error(leaf("int8", "[" + axes + "]", open + "7" + close)) == "accepted");
    CHECK(contains(error(leaf("int8", "[" + axes + ", 1]", open + "[7]" + close)), "more than 32 axes"));
  }

  TEST_CASE("members of the document and of an array stand once, and none is missing or unknown") {
    const std::string format = R"("format": "linenc-variables")", version = R"("version": 1)", tree = R"("variables": {})";
    const auto whole = [](const std::string& members) { return error("{" + members + "}"); };
    CHECK(whole(format + "," + version + "," + tree) == "accepted");
    CHECK(whole(tree + "," + version + "," + format) == "accepted");
    for (const std::string& members : {format + "," + version, format + "," + tree, version + "," + tree, std::string()})
      CHECK(whole(members) != "accepted");
    CHECK(contains(whole(format + "," + format + "," + version + "," + tree), "`format` occurs twice"));
    CHECK(contains(whole(format + "," + version + "," + tree + "," + tree), "`variables` occurs twice"));
    CHECK(contains(whole(format + "," + version + "," + tree + R"(,"extra": 1)"), "`extra` is not known"));
    CHECK(contains(whole(R"("format": "linenc-variables", "version": 2, "variables": {})"), "newer linenc: version 2"));
    CHECK(whole(R"("format": "linenc-variables", "version": 1.0, "variables": {})") != "accepted");
    CHECK(contains(whole(R"("format": "linenc-arrays", "version": 1, "variables": {})"), "the format is `linenc-arrays`"));
    CHECK(whole(R"("format": "linenc-variables", "version": 1, "meta": {"a": 1}, "variables": {})") != "accepted");
    CHECK(contains(whole(R"("format": "linenc-variables", "version": 1, "meta": {"a": "1", "a": "2"}, "variables": {})"), "occurs twice"));

    for (const char* array : {R"({"dtype": "int8"})",
                              R"({"dtype": "int8", "shape": []})",
                              R"({"dtype": "int8", "data": 1})",
                              R"({"data": 1})",
                              R"({"shape": []})",
                              R"({"data": 1, "shape": [], "x": 1, "dtype": "int8"})",
                              R"({"data": 1, "shape": [], "dtype": "int8", "data": 1})",
                              R"({"data": 1, "shape": [], "dtype": "int9"})",
                              R"({"data": [1], "shape": [], "dtype": "int8"})",
                              R"({"data": 1, "shape": [-1], "dtype": "int8"})",
                              R"({"data": [], "shape": [1000000000], "dtype": "int8"})",
                              R"({"data": 1, "shape": [], "dtype": "int8", "shape": [1]})",
                              R"({"data": 1, "shape": [[]], "dtype": "int8"})",
                              R"({"dtype": "int8", "dtype": "int8", "shape": [], "data": 1})",
                              R"({"dtype": "int8", "shape": [], "data": 1, "data": 1})",
                              R"({"dtype": "int8", "shape": [], "shape": [], "data": 1})",
                              R"({"dtype": "int8", "shape": [], "data": 1, "x": 1})",
                              "1",
                              "null",
                              "\"text\"",
                              "[]"}) {
      CAPTURE(array);
      CHECK(error(document(std::string("{\"a\": ") + array + "}")) != "accepted");
    }
  }

  TEST_CASE("names stand once in a tree, at every level") {
    const std::string zero = R"({"dtype": "int8", "shape": [], "data": 0})";
    CHECK(error(document("{\"a\": {\"b\": " + zero + "}, \"b\": {\"a\": " + zero + "}}")) == "accepted");
    CHECK(contains(error(document("{\"a\": " + zero + ", \"a\": " + zero + "}")), "`a` occurs twice"));
    CHECK(contains(error(document("{\"a\": {\"x\": " + zero + "}, \"a\": {\"y\": " + zero + "}}")), "`a` occurs twice"));
    CHECK(contains(error(document("{\"a\": {\"b\": {}, \"b\": " + zero + "}}")), "`b` occurs twice in `a`"));
    CHECK(contains(error(document("{\"a\": {}, \"\\u0061\": {}}")), "`a` occurs twice"));
    for (const char* odd : {"", ".", "..", "a\\u0000", "a\\n"}) {
      CAPTURE(odd);
      CHECK(error(document(std::string("{\"") + odd + "\": " + zero + "}")) != "accepted");
    }
  }

  TEST_CASE("members of an array come in any order") {
    Variables variables = small_tree();
    for (const char* key : {"a/data/data", "a/dtype/shape", "a/shape/dtype", "b/dtype/data"}) {
      variables.leaves.push_back({.key = key, .array = array_of(DType::Complex64, {1, 1}, "abcdefgh")});
    }
    variables.leaves.push_back({.key = "c", .array = Array(DType::Float32, {2, 0})});
    const std::string ours = *serialize_variables(variables, Format::Json);
    // nlohmann's objects are sorted: data, dtype, shape; format, meta, variables, version.
    const std::string sorted = nlohmann::json::parse(ours).dump();
    REQUIRE(contains(sorted, R"({"data":[)"));
    auto found = parse_variables(as_bytes(sorted), nullptr);
    REQUIRE_MESSAGE(found, error_of(found));
    const auto by_key = [](const Leaf& a, const Leaf& b) { return a.key < b.key; };
    std::sort(found->leaves.begin(), found->leaves.end(), by_key);
    std::sort(variables.leaves.begin(), variables.leaves.end(), by_key);
    check_same(found->leaves, variables.leaves);
    for (const char* array : {R"({"dtype": "int8", "data": [1], "shape": [1]})", R"({"shape": [1], "dtype": "int8", "data": [1]})",
                              R"({"shape": [1], "data": [1], "dtype": "int8"})", R"({"data": [1], "shape": [1], "dtype": "int8"})"}) {
      CAPTURE(array);
      CHECK(error(document(std::string("{\"a\": ") + array + ", \"b\": {}}")) == "accepted");
    }
    // Lists around an object are none of its own.
    CHECK(error(R"([{"shape": 3, "data": 1, "dtype": "int8"}])") != "accepted");
    CHECK(error(document(R"({"a": [{"data": [1], "shape": 1, "dtype": "int8"}]})")) != "accepted");
  }

  TEST_CASE("variables may be called dtype, shape and data") {
    Variables variables;
    for (const char* key : {"dtype/dtype/shape", "dtype/shape", "shape/data", "data"}) {
      variables.leaves.push_back({.key = key, .array = array_of(DType::Int8, {1}, "x")});
    }
    const auto found = parse_variables(as_bytes(*serialize_variables(variables, Format::Json)), nullptr);
    REQUIRE_MESSAGE(found, error_of(found));
    check_same(found->leaves, variables.leaves);
  }

  TEST_CASE("depth is limited at 64 and 65, and no depth crashes") {
    const auto nested = [](int depth) {
      std::string open, close;
      for (int i = 0; i < depth; ++i) {
        open += "{\"a\": ";
        close += "}";
      }
      return document(open + R"({"dtype": "int8", "shape": [], "data": 0})" + close);
    };
    CHECK(error(nested(64)) == "accepted");
    CHECK(error(nested(65)) != "accepted");
    CHECK(error(nested(100000)) != "accepted");
    CHECK(error(document(std::string(1000000, '['))) != "accepted");
    CHECK(error(leaf("int8", "[1]", std::string(1000000, '['))) != "accepted");
  }

  TEST_CASE("the file limit holds at N and N+1") {
    const std::string text = document("{}");
    ReadLimits limits;
    limits.json_bytes = text.size();
    CHECK(error(text, limits) == "accepted");
    limits.json_bytes = text.size() - 1;
    CHECK(contains(error(text, limits), "bytes of JSON, limit"));
    limits = {};
    limits.arrays = 0;
    CHECK(contains(error(leaf("int8", "[]", "0"), limits), "more than 0"));
  }

  TEST_CASE("every truncation, a second document and a NUL are errors") {
    const std::string text = *serialize_variables(small_tree(), Format::Json);
    REQUIRE(error(text) == "accepted");
    // All but that of the newline at the end.
    for (std::size_t length = 0; length + 1 < text.size(); ++length) {
      CAPTURE(length);
      CHECK(error(text.substr(0, length)) != "accepted");
    }
    CHECK(error(text + text) != "accepted");
    CHECK(error(text + "x") != "accepted");
    CHECK(error(text + std::string("\0garbage", 8)) != "accepted");
    CHECK(error("\xEF\xBB\xBF" + text) != "accepted");
    CHECK(error(document("{\"\xff\": {}}")) != "accepted");
    CHECK(error(document("{\"\\ud800\": {}}")) != "accepted");
  }

  TEST_CASE("no flipped bit crashes the reader") {
    const std::string text = *serialize_variables(small_tree(), Format::Json);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
      std::string damaged = text;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      const auto found = parse_variables(as_bytes(damaged), nullptr);
      if (found) CHECK(serialize_variables(*found, Format::Json));
    }
  }

}  // TEST_SUITE
