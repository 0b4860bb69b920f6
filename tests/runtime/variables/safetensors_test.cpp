#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;

namespace {

std::string with_header(const std::string& header, const std::string& data = "") {
  std::string file(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(file.data(), &length, 8);
  return file + header + data;
}
std::string with_length(std::uint64_t length, const std::string& rest) {
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + rest;
}
// A header with one tensor `a` of these fields.
std::string one(const std::string& fields, const std::string& data = "") { return with_header("{\"a\":{" + fields + "}}", data); }
std::string placed(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return "\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets;
}
std::string error(const std::string& file, const ReadLimits& limits = {}) { return error_of(parse_variables(as_bytes(file), nullptr, limits)); }

}  // namespace

TEST_SUITE("runtime/variables/safetensors") {
  TEST_CASE("a file of the safetensors package holds the arrays of NumPy") {
    const auto expected = nlohmann::json::parse(fixture("tree.json"));
    const std::string file = fixture("tree.safetensors");
    const auto found = parse_variables(as_bytes(file), nullptr);
    REQUIRE_MESSAGE(found, error_of(found));
    CHECK(found->leaves.size() == expected.size());
    for (const auto& [key, entry] : expected.items()) {
      CAPTURE(key);
      const Array* array = found->find(key);
      REQUIRE(array != nullptr);
      CHECK(array->same_bits(array_of(entry)));
    }
    CHECK(found->meta == std::vector<std::pair<std::string, std::string>>{{"made by", "safetensors"}});
  }

  TEST_CASE("the written file has sorted metadata, tiles and is aligned") {
    const auto file = serialize_variables(small_tree(), Format::Safetensors);
    REQUIRE(file);
    std::uint64_t length = 0;
    std::memcpy(&length, file->data(), 8);
    CHECK((8 + length) % 64 == 0);
    const std::string header = file->substr(8, length);
    const std::size_t checksum = header.find("sha256:") + 7;
    CHECK(header.substr(0, checksum) == "{\"__metadata__\":{\"checksum\":\"sha256:");
    CHECK(contains(header,
                   "\",\"format_version\":\"1\",\"linenc\":\"0.1.0\",\"model\":\"sha256:0123\",\"seed\":\"42\"},"
                   "\"params/Dense_0/kernel\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]},"
                   "\"params/Dense_0/bias\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[8,14]},"
                   "\"state/n\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[14,18]}}"));
    CHECK(file->substr(8 + length) == std::string("abcdefghABCDEF\x07\0\0\0", 18));
    // The checksum covers the whole file, its own digits being zeros.
    std::string zeroed = *file;
    zeroed.replace(8 + checksum, 64, std::string(64, '0'));
    CHECK(header.substr(checksum, 64) == sha256_hex(as_bytes(zeroed)));
  }

  TEST_CASE("every single flipped bit is detected") {
    const std::string file = *serialize_variables(small_tree(), Format::Safetensors);
    REQUIRE(error(file) == "accepted");
    for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
      std::string damaged = file;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      if (error(damaged) == "accepted") FAIL_CHECK("bit ", bit % 8, " of byte ", bit / 8);
    }
  }

  TEST_CASE("every truncation and every appended byte is detected") {
    const std::string file = *serialize_variables(small_tree(), Format::Safetensors);
    for (std::size_t length = 0; length < file.size(); ++length) {
      CAPTURE(length);
      CHECK(error(file.substr(0, length)) != "accepted");
    }
    CHECK(contains(error(file.substr(0, file.size() - 4)), "truncated: 14 of 18 bytes of data"));
    CHECK(contains(error(file + "x"), "1 trailing bytes"));
    CHECK(error(file + file) != "accepted");
  }

  TEST_CASE("files of a newer linenc are refused, metadata of others is kept") {
    const std::string metadata = R"({"__metadata__":{"format_version":"2","linenc":"9","checksum":"sha256:)" + std::string(64, '0') + "\"}}";
    CHECK(contains(error(with_header(metadata)), "newer linenc"));
    CHECK(contains(error(with_header(R"({"__metadata__":{"format_version":"1","linenc":"1"}})")), "damaged"));
    CHECK(contains(error(with_header(R"({"__metadata__":{"format_version":"1","linenc":"1","checksum":"crc:1"}})")), "sha256:"));
    const std::string foreign = with_header(R"({"__metadata__":{"checksum":"of theirs"}})");
    const auto found = parse_variables(as_bytes(foreign), nullptr);
    REQUIRE(found);
    CHECK(found->meta.at(0).second == "of theirs");
    // It is true no longer once linenc has written the file.
    CHECK(parse_variables(as_bytes(*serialize_variables(*found, Format::Safetensors)), nullptr)->meta.empty());
  }

  TEST_CASE("the header length is compared with the file and the limit") {
    for (const std::uint64_t length : {std::uint64_t{3}, std::uint64_t{1} << 32, std::uint64_t{1} << 63, ~std::uint64_t{0}, ~std::uint64_t{0} - 6}) {
      CAPTURE(length);
      CHECK(contains(error(with_length(length, "{}")), "header length"));
    }
    CHECK(error(with_length(0, "{}")) != "accepted");
    CHECK(error(with_length(2, "{}")) == "accepted");
    ReadLimits limits;
    limits.safetensors_header_bytes = 2;
    CHECK(error(with_header("{}"), limits) == "accepted");
    CHECK(contains(error(with_header("{} "), limits), "header length 3, limit 2"));
  }

  TEST_CASE("a header that is no plain JSON object is refused") {
    for (const std::string& header :
         {std::string("[]"), std::string("{"), std::string("{}{}"), std::string(" {}"), std::string("\t{}"), std::string("{}\0", 3),
          std::string("{}\0{\"a\":1}", 10), std::string("{\"a\":null}"), std::string("{\"a\":[]}"), std::string("{\"a\":1}"),
          std::string("{\"a\":\"b\"}"), std::string("{\"\xff\":1}"), std::string("{\"\\ud800\":1}"), std::string("{'a':1}"), std::string("{}//"),
          std::string("{\"a\":{\"b\":{\"c\":{}}}}")}) {
      CAPTURE(header);
      CHECK(error(with_header(header)) != "accepted");
    }
    CHECK(error(with_header("{\"a\":" + std::string(100000, '[') + std::string(100000, ']') + "}")) != "accepted");
  }

  TEST_CASE("names and fields stand once, and none is missing or unknown") {
    const std::string good = placed("U8", "[1]", "[0,1]");
    CHECK(error(one(good, "x")) == "accepted");
    CHECK(contains(error(with_header("{\"a\":{" + good + "},\"a\":{" + good + "}}", "x")), "`a` occurs twice"));
    CHECK(contains(error(with_header("{\"a\":{" + good + "},\"\\u0061\":{" + good + "}}", "x")), "`a` occurs twice"));
    CHECK(contains(error(with_header(R"({"__metadata__":{},"__metadata__":{}})")), "occurs twice"));
    CHECK(contains(error(with_header(R"({"__metadata__":{"a":"1","a":"2"}})")), "occurs twice"));
    CHECK(error(with_header(R"({"__metadata__":{"a":1}})")) != "accepted");
    CHECK(error(with_header(R"({"__metadata__":[]})")) != "accepted");
    CHECK(contains(error(one(good + ",\"dtype\":\"U8\"", "x")), "field twice"));
    CHECK(contains(error(one(good + ",\"strides\":[1]", "x")), "field `strides`"));
    CHECK(contains(error(one(R"("dtype":"U8","shape":[1])", "x")), "needs `dtype`, `shape` and `data_offsets`"));
  }

  TEST_CASE("shapes, dtypes and offsets are in range") {
    for (const std::string& fields : {placed("F8_E4M3", "[1]", "[0,1]"),
                                      placed("f32", "[1]", "[0,4]"),
                                      placed("U8", "[-1]", "[0,1]"),
                                      placed("U8", "[1.0]", "[0,1]"),
                                      placed("U8", "[-0]", "[0,0]"),
                                      placed("U8", "1", "[0,1]"),
                                      placed("U8", "[[1]]", "[0,1]"),
                                      placed("U8", "[18446744073709551617]", "[0,1]"),
                                      placed("U8", "[4294967296,4294967296]", "[0,1]"),
                                      placed("F32", "[4611686018427387905]", "[0,4]"),
                                      placed("U8", "[1]", "[0]"),
                                      placed("U8", "[1]", "[0,1,1]"),
                                      placed("U8", "[1]", "[1,0]"),
                                      placed("U8", "[1]", "[-1,0]"),
                                      placed("U8", "[1]", "[0,0.5]"),
                                      placed("U8", "[1]", "[0,18446744073709551617]"),
                                      placed("U8", "[1]", "[18446744073709551615,0]"),
                                      placed("U8", "[2]", "[0,1]"),
                                      placed("U8", "[1]", "[1,2]"),
                                      placed("U8", "[1]", "\"01\""),
                                      placed("U8", "[4611686018427387904,4611686018427387904,0]", "[0,0]")}) {
      CAPTURE(fields);
      CHECK(error(one(fields, "x")) != "accepted");
    }
    std::string axes = "1";
    for (int i = 1; i < 32; ++i) axes += ",1";
    CHECK(error(one(placed("U8", "[" + axes + "]", "[0,1]"), "x")) == "accepted");
    CHECK(contains(error(one(placed("U8", "[" + axes + ",1]", "[0,1]"), "x")), "more than 32 axes"));
    CHECK(contains(error(one(placed("BOOL", "[1]", "[0,1]"), "\x03")), "byte 3"));
  }

  TEST_CASE("overlaps and holes are refused, any order of the tensors is accepted") {
    const auto two = [](const std::string& first, const std::string& second) {
      return with_header("{\"a\":{" + placed("U8", "[2]", first) + "},\"b\":{" + placed("U8", "[2]", second) + "}}", "wxyz");
    };
    CHECK(error(two("[0,2]", "[2,4]")) == "accepted");
    CHECK(error(two("[2,4]", "[0,2]")) == "accepted");
    CHECK(contains(error(two("[0,2]", "[0,2]")), "needs to begin at 2"));
    CHECK(contains(error(two("[0,2]", "[1,3]")), "needs to begin at 2"));
    CHECK(contains(error(two("[0,2]", "[3,5]")), "needs to begin at 2"));
    CHECK(contains(error(two("[1,3]", "[3,5]")), "needs to begin at 0"));
  }

  TEST_CASE("names: prefixes of others, empty parts, control characters and long ones are refused") {
    const auto named = [](const std::string& first, const std::string& second) {
      return with_header("{\"" + first + "\":{" + placed("U8", "[0]", "[0,0]") + "},\"" + second + "\":{" + placed("U8", "[0]", "[0,0]") + "}}");
    };
    CHECK(error(named("a/b", "a/c")) == "accepted");
    CHECK(error(named("model.layers.0.weight", "bert/embeddings:0")) == "accepted");
    CHECK(contains(error(named("a", "a/b")), "`a` is an array and also holds `a/b`"));
    CHECK(contains(error(named("a/b/c", "a/b")), "also holds"));
    for (const std::string& odd : {std::string(""), std::string("/a"), std::string("a/"), std::string("a//b"), std::string("../a"),
                                   std::string("a/./b"), std::string("\\u0000"), std::string("a\\nb"), std::string("\\u001b[2J")}) {
      CAPTURE(odd);
      CHECK(error(named(odd, "b")) != "accepted");
    }
    CHECK(error(named(std::string(1024, 'k'), "b")) == "accepted");
    CHECK(contains(error(named(std::string(1025, 'k'), "b")), "1025 bytes, limit 1024"));
    ReadLimits limits;
    limits.arrays = 2;
    CHECK(error(named("a", "b"), limits) == "accepted");
    limits.arrays = 1;
    CHECK(contains(error(named("a", "b"), limits), "more than 1 tensors"));
  }

  TEST_CASE("messages never show control bytes of the file, and are short") {
    const std::string text = error(with_header("{\"" + std::string(5000, 'z') + "\\u001b[2J\\n::error::\":1}"));
    CHECK(text.size() < 500);
    const std::string escaped = error(with_header("{\"\\u001b[2J\\n::error::\":1}"));
    CHECK(contains(escaped, "\\x1b[2J\\x0a::error::"));
  }

}  // TEST_SUITE
