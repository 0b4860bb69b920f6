#include "runtime/variables/msgpack.h"
#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;
using namespace std::string_literals;

namespace {

std::string error(const std::string& file, const ReadLimits& limits = {}) { return error_of(parse_msgpack(as_bytes(file), limits)); }

// A map with one member `a`.
std::string member(const std::string& value) {
  return "\x81\xa1"
         "a" +
         value;
}
// Extension `code` with an array of the given parts, each msgpack already.
std::string ndarray(const std::string& shape, const std::string& dtype, const std::string& bytes, char code = 1) {
  const std::string payload = "\x93" + shape + dtype + bytes;
  return std::string("\xc7") + static_cast<char>(payload.size()) + code + payload;
}
const std::string kEmpty = ndarray("\x91" + std::string(1, '\0'), "\xa4int8", std::string("\xc4\0", 2));

}  // namespace

TEST_SUITE("runtime/variables/msgpack") {
  TEST_CASE("what Flax writes holds the arrays of NumPy in Flax's order, and is written with the same bytes") {
    const std::string file = fixture("tree.msgpack");
    const auto found = parse_msgpack(as_bytes(file), {});
    REQUIRE_MESSAGE(found, error_of(found));
    // Read in the order of the text: the library sorts members.
    const auto expected = nlohmann::ordered_json::parse(fixture("tree.json"));
    std::vector<Leaf> leaves;
    for (const auto& [key, entry] : expected.items()) leaves.push_back({.key = key, .array = array_of(nlohmann::json(entry))});
    check_same(found->leaves, leaves);
    CHECK(*serialize_variables(*found, Format::Msgpack) == file);
  }

  TEST_CASE("arrays in chunks are put together, and are written with Flax's bytes") {
    const std::string file = fixture("chunked.msgpack");  // chunks of at most 40 bytes
    const auto found = parse_msgpack(as_bytes(file), {});
    REQUIRE_MESSAGE(found, error_of(found));
    check_same(found->leaves, parse_msgpack(as_bytes(fixture("tree.msgpack")), {})->leaves);
    StringSink sink;
    REQUIRE(emit_msgpack(*found, sink, 40));
    CHECK(sink.take() == file);
  }

  TEST_CASE("numbers of Python become arrays without axes") {
    const auto found = parse_msgpack(as_bytes(fixture("numbers.msgpack")), {});
    REQUIRE_MESSAGE(found, error_of(found));
    const auto value = [&](const char* key, auto zero) {
      const Array* array = found->find(key);
      REQUIRE(array != nullptr);
      CHECK(array->shape().empty());
      REQUIRE(array->bytes() == sizeof zero);
      std::memcpy(&zero, array->data(), sizeof zero);
      return zero;
    };
    CHECK(found->leaves.size() == 6);
    CHECK(found->find("step")->dtype() == DType::Int32);
    CHECK(value("step", std::int32_t{}) == 7);
    CHECK(found->find("far")->dtype() == DType::Int64);
    CHECK(value("far", std::int64_t{}) == std::int64_t{1} << 40);
    CHECK(value("low", std::int32_t{}) == -3);
    CHECK(found->find("rate")->dtype() == DType::Float64);
    CHECK(value("rate", double{}) == 0.5);
    CHECK(found->find("flag")->dtype() == DType::Bool);
    CHECK(value("scalar", float{}) == 2.5F);
  }

  TEST_CASE("the bytes are those of the example of the format") {
    Variables variables;
    variables.leaves.push_back({.key = "params/bias", .array = array_of(DType::Float32, {5}, std::string(20, 'x'))});
    CHECK(*serialize_variables(variables, Format::Msgpack) ==
          "\x81\xa6params\x81\xa4"
          "bias\xc7\x21\x01\x93\x91\x05\xa7"
          "float32\xc4\x14" +
              std::string(20, 'x'));
    variables.leaves[0] = {.key = "a", .array = array_of(DType::Float32, {}, "wxyz")};
    CHECK(*serialize_variables(variables, Format::Msgpack) ==
          "\x81\xa1"
          "a\xd8\x01\x93\x90\xa7"
          "float32\xc4\x04wxyz");
  }

  TEST_CASE("what is empty and what is no array is written as it was") {
    for (const char* hex : {"81a16180",              // {'a': {}}
                            "82a16180a16207",        // {'a': {}, 'b': 7}
                            "82a16281a16380a16180",  // {'b': {'c': {}}, 'a': {}}
                            "83a161c3a162c2a163cb3ff8000000000000",
                            "81a1617f",
                            "81a161cc80",
                            "81a161ccff",
                            "81a161cd0100",
                            "81a161ce00010000",
                            "81a161cf0000000100000000",
                            "81a161cfffffffffffffffff",
                            "81a161ff",
                            "81a161e0",
                            "81a161d0df",
                            "81a161d080",
                            "81a161d1ff7f",
                            "81a161d2ffff7fff",
                            "81a161d3ffffffff7fffffff",
                            "81a161d8039390a7666c6f61743332c4040000803f",  // np.float32(1)
                            "82a161d8019390a7666c6f61743332c4040000803fa16280"}) {
      CAPTURE(hex);
      const std::string bytes = from_hex(hex);
      const auto found = parse_variables(as_bytes(bytes), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      CHECK(*serialize_variables(*found, Format::Msgpack) == bytes);
    }
    // A number that was made something else is an array.
    auto number = parse_variables(as_bytes(from_hex("81a161cb3ff8000000000000")), nullptr);
    number->leaves[0].array = converted(number->leaves[0].array, DType::Float32);
    CHECK(*serialize_variables(*number, Format::Msgpack) == from_hex("81a161d8019390a7666c6f61743332c4040000c03f"));
  }

  TEST_CASE("every truncation and every appended byte is an error") {
    for (const char* name : {"tree.msgpack", "chunked.msgpack", "numbers.msgpack"}) {
      const std::string file = fixture(name);
      for (std::size_t length = 0; length < file.size(); ++length) {
        if (error(file.substr(0, length)) == "accepted") FAIL_CHECK(name, " cut to ", length, " bytes");
      }
      CHECK(contains(error(file + "x"), "1 trailing bytes"));
      CHECK(contains(error(file + file), "trailing bytes"));
    }
  }

  TEST_CASE("announced counts and lengths are compared with the bytes that are left") {
    for (const std::string& file :
         {std::string("\xdf\xff\xff\xff\xff"), std::string("\xde\xff\xff"), std::string("\x8f"), member("\xdd\xff\xff\xff\xff"),
          member("\xc6\xff\xff\xff\xff"), member("\xdb\xff\xff\xff\xff"), member("\xc9\xff\xff\xff\xff\x01"), member("\xd8\x01"),
          std::string("\x81\xdb\xff\xff\xff\xff"
                      "a")}) {
      CHECK(contains(error(file), "truncated"));
    }
  }

  TEST_CASE("what is no tree of arrays is refused") {
    for (const std::string& file : {std::string("\xc0"), std::string("\x01"), std::string("\x90"), std::string("\xa1x"), kEmpty, member("\xc0"),
                                    member("\xc1"), member("\xa1x"), member("\x90"), member(std::string("\xc4\0", 2)),
                                    member("\xca"
                                           "abcd"),
                                    member(std::string("\xd6\xff"
                                                       "abcd")),
                                    std::string("\x81\x01\x01"), std::string("\x81\xc0\x01"), std::string("\x81\xa0\x01"),
                                    std::string("\x81\xa1\xff\x01"), std::string("\x81\xa2..\x01")}) {
      CAPTURE(file);
      CHECK(error(file) != "accepted");
    }
    CHECK(contains(error(member(ndarray("\x90", "\xa4int8", "\xc4\x01x", 2))), "extension 2"));
    CHECK(contains(error(member("\xc0")), "`a`: holds nil"));
  }

  TEST_CASE("an array is the triple of shape, dtype and bytes that fit together") {
    const std::string one = "\xc4\x01x";
    CHECK(error(member(ndarray("\x90", "\xa4int8", one))) == "accepted");
    CHECK(error(member(ndarray("\x90", "\xa4int8", one, 3))) == "accepted");
    CHECK(error(member(ndarray("\x91\x01", "\xa4int8", one))) == "accepted");
    for (const std::string& array :
         {ndarray("\x91\x02", "\xa4int8", one), ndarray("\x90", "\xa5int16", one), ndarray("\x90", "\xa6object", one),
          ndarray("\x90", "\xa3key", one), ndarray("\x90", "\xa4int8", "\xa1x"), ndarray("\x90", "\xa4int8", one + one),
          ndarray("\x90", "\xa4int8", ""), ndarray("\x01", "\xa4int8", one), ndarray("\x91\xff", "\xa4int8", one),
          ndarray("\x91\xc3", "\xa4int8", one),
          ndarray("\x91\xa1"
                  "1",
                  "\xa4int8", one),
          ndarray("\x92\xcf\x40\0\0\0\0\0\0\0\x02"s, "\xa4int8", one), ndarray("\x91\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "\xa4int8", one),
          ndarray("\x92\xce\xff\xff\xff\xff\xce\xff\xff\xff\xff", "\xa4int8", one),
          ndarray("\x90",
                  "\xa4"
                  "bool",
                  one),
          ndarray("\xdc\xff\xff", "\xa4int8", one)}) {
      CHECK(error(member(array)) != "accepted");
    }
    const std::string ones(32, '\x01');
    CHECK(error(member(ndarray(std::string("\xdc\0\x20", 3) + ones, "\xa4int8", one))) == "accepted");
    CHECK(contains(error(member(ndarray(std::string("\xdc\0\x21", 3) + ones + '\x01', "\xa4int8", one))), "33 axes, limit 32"));
  }

  TEST_CASE("names stand once in a map") {
    CHECK(contains(error("\x82\xa1"
                         "a" +
                         kEmpty +
                         "\xa1"
                         "a" +
                         kEmpty),
                   "`a` occurs twice"));
    CHECK(contains(error("\x82\xa1"
                         "a\x81\xa1x" +
                         kEmpty +
                         "\xa1"
                         "a\x81\xa1y" +
                         kEmpty),
                   "`a` occurs twice"));
    CHECK(error("\x82\xa1"
                "a\x81\xa1x" +
                kEmpty +
                "\xa1"
                "b\x81\xa1x" +
                kEmpty) == "accepted");
  }

  TEST_CASE("chunks that lie are refused") {
    const auto text = [](const std::string& value) { return static_cast<char>(0xA0 | value.size()) + value; };
    const std::string mark = "\xb9__msgpack_chunked_array__";
    const std::string two = ndarray("\x91\x02", "\xa4int8", "\xc4\x02xy");
    const std::string shape = text("shape") +
                              "\x81\xa1"
                              "0\x04";
    const std::string chunks = text("chunks") +
                               "\x82\xa1"
                               "0" +
                               two +
                               "\xa1"
                               "1" +
                               two;
    const auto array = [&](const std::string& members, char count = '\x83') { return error(member(count + members)); };
    CHECK(array(mark + "\xc3" + shape + chunks) == "accepted");
    CHECK(array(mark + "\xc3" + chunks + shape) == "accepted");
    CHECK(array(mark + "\xc2" + shape + chunks) != "accepted");
    CHECK(array(shape + chunks + mark + "\xc3") != "accepted");
    CHECK(array(mark + "\xc3" + shape + shape) != "accepted");
    CHECK(array(mark + "\xc3" + shape + chunks + text("more") + kEmpty, '\x84') != "accepted");
    CHECK(array(mark + "\xc3" + text("shape") +
                "\x81\xa1"
                "0\x03" +
                chunks) != "accepted");
    CHECK(array(mark + "\xc3" + text("shape") +
                "\x81\xa1"
                "1\x04" +
                chunks) != "accepted");
    CHECK(array(mark + "\xc3" + text("shape") +
                "\x81\xa1"
                "0\xcf\x40\0\0\0\0\0\0\x04"s +
                chunks) != "accepted");
    CHECK(array(mark + "\xc3" + shape + text("chunks") +
                "\x81\xa1"
                "0" +
                two) != "accepted");
    CHECK(array(mark + "\xc3" + shape + text("chunks") + "\x80") != "accepted");
    CHECK(array(mark + "\xc3" + shape + text("chunks") +
                "\x82\xa1"
                "1" +
                two +
                "\xa1"
                "0" +
                two) != "accepted");
    CHECK(array(mark + "\xc3" + shape + text("chunks") +
                "\x82\xa1"
                "0" +
                two +
                "\xa1"
                "1" +
                ndarray("\x91\x01", "\xa5int16", "\xc4\x02xy")) != "accepted");
    CHECK(array(mark + "\xc3" + shape + text("chunks") +
                "\x82\xa1"
                "0" +
                two +
                "\xa1"
                "1" +
                ndarray("\x92\x02\x01", "\xa4int8", "\xc4\x02xy")) != "accepted");
    // At the top there is no name for the array; after an empty map it would swallow its neighbours.
    CHECK(error('\x83' + mark + "\xc3" + shape + chunks) != "accepted");
    CHECK(error(member('\x84' + text("x") + "\x80" + mark + "\xc3" + shape + chunks)) != "accepted");
  }

  TEST_CASE("depth is limited at 64 and 65, and no depth crashes") {
    const auto nested = [](int depth) {
      std::string file;
      for (int i = 0; i < depth; ++i)
        file +=
            "\x81\xa1"
            "a";
      return file + kEmpty;
    };
    CHECK(error(nested(64)) == "accepted");
    CHECK(error(nested(65)) != "accepted");
    CHECK(error(nested(200000)) != "accepted");
    CHECK(error(member(std::string(1000000, '\x91'))) != "accepted");
  }

  TEST_CASE("no flipped bit crashes the reader") {
    const std::string file = fixture("chunked.msgpack");
    for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
      std::string damaged = file;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      const auto found = parse_variables(as_bytes(damaged), nullptr);
      if (found) CHECK(serialize_variables(*found, Format::Msgpack));
    }
  }

}  // TEST_SUITE
