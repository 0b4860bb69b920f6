#include <utility>

#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;

namespace {

std::string error(const std::string& file, const ReadLimits& limits = {}) { return error_of(parse_npz(as_bytes(file), limits)); }

std::string archive() {
  std::vector<Leaf> arrays;
  arrays.push_back({.key = "x", .array = array_of(DType::Int16, {3}, "abcdef")});
  arrays.push_back({.key = "y", .array = array_of(DType::Float32, {}, "wxyz")});
  return *serialize_arrays(arrays, Format::Npz);
}

// The central directory entry number `index`, and the local record it belongs to.
std::size_t central(const std::string& file, int index) {
  std::size_t at = 0;
  for (int i = 0; i <= index; ++i) at = file.find("PK\x01\x02", at + 1);
  return at;
}
std::size_t local(const std::string& file, int index) {
  std::size_t at = 0;
  for (int i = 0; i < index; ++i) at = file.find("PK\x03\x04", at + 1);
  return at;
}

}  // namespace

TEST_SUITE("runtime/variables/npz") {
  TEST_CASE("what numpy.savez and savez_compressed write holds the arrays in their order") {
    const auto expected = nlohmann::ordered_json::parse(fixture("tree.json"));
    std::vector<Leaf> leaves;
    for (const auto& [key, entry] : expected.items()) leaves.push_back({.key = key, .array = array_of(nlohmann::json(entry))});
    for (const char* name : {"tree.npz", "tree_deflated.npz"}) {
      const auto found = parse_npz(as_bytes(fixture(name)));
      REQUIRE_MESSAGE(found, error_of(found));
      check_same(*found, leaves);
      check_same(parse_variables(as_bytes(fixture(name)), nullptr)->leaves, leaves);
    }
  }

  TEST_CASE("members are stored with the first day of zip, whatever the day and the time zone") {
    const std::string file = archive();
    REQUIRE(error(file) == "accepted");
    for (const int index : {0, 1}) {
      const std::string_view record = std::string_view(file).substr(local(file, index));
      CHECK(record.substr(8, 6) == std::string_view("\0\0\0\0\x21\0", 6));  // stored; 0:00 on 1 January 1980
    }
    setenv("TZ", "Pacific/Auckland", 1);
    tzset();
    CHECK(archive() == file);
    unsetenv("TZ");
    tzset();
  }

  TEST_CASE("every truncation and appended bytes are errors") {
    for (const std::string& file : {archive(), fixture("tree_deflated.npz")}) {
      for (std::size_t length = 0; length < file.size(); ++length) {
        if (error(file.substr(0, length)) == "accepted") FAIL_CHECK("cut to ", length, " of ", file.size(), " bytes");
      }
      CHECK(error(file + "x") != "accepted");
      CHECK(error(file + file) != "accepted");
      CHECK(error("x" + file) != "accepted");
      CHECK(error(std::string(file.size(), '\0') + file) != "accepted");
    }
  }

  TEST_CASE("no flipped bit changes an array without an error") {
    const std::string file = archive();
    const auto expected = parse_npz(as_bytes(file));
    REQUIRE(expected);
    for (std::size_t bit = 0; bit < 8 * file.size(); ++bit) {
      std::string damaged = file;
      damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
      const auto found = parse_npz(as_bytes(damaged));
      if (!found) continue;
      bool is_same = found->size() == expected->size();
      for (std::size_t i = 0; is_same && i < found->size(); ++i) is_same = (*found)[i].array.same_bits((*expected)[i].array);
      if (!is_same) FAIL_CHECK("bit ", bit % 8, " of byte ", bit / 8);
    }
  }

  TEST_CASE("duplicate, encrypted, oddly compressed and lying members are refused") {
    const std::string file = archive();
    const auto patched = [&](std::size_t in_central, std::size_t in_local, const std::string& bytes) {
      std::string copy = file;
      copy.replace(central(copy, 1) + in_central, bytes.size(), bytes);
      copy.replace(local(copy, 1) + in_local, bytes.size(), bytes);
      return copy;
    };
    CHECK(error(patched(46, 30, "x.npy")) != "accepted");                             // the name of the first
    CHECK(error(patched(8, 6, std::string("\x01\0", 2))) != "accepted");              // flags: encrypted
    CHECK(error(patched(10, 8, std::string("\x63\0", 2))) != "accepted");             // method 99
    CHECK(error(patched(10, 8, std::string("\x0c\0", 2))) != "accepted");             // method 12, bzip2
    CHECK(error(patched(16, 14, std::string("\x01\x02\x03\x04", 4))) != "accepted");  // CRC
    CHECK(error(patched(24, 22, std::string("\xff\xff\xff\x7f", 4))) != "accepted");  // size
    CHECK(error(patched(20, 18, std::string("\xff\xff\xff\xff", 4))) != "accepted");  // packed size
    CHECK(error(patched(46, 30, "y.txt")) != "accepted");
    CHECK(error(patched(46, 30, "../.y")) != "accepted");
    std::string moved = file;  // the second entry points at the first member
    moved.replace(central(moved, 1) + 42, 4, std::string(4, '\0'));
    CHECK(error(moved) != "accepted");
    std::string renamed = file;  // in the directory alone
    renamed.replace(central(renamed, 1) + 46, 1, "z");
    CHECK(error(renamed) != "accepted");
  }

  TEST_CASE("members and inflated bytes are limited at N and N+1") {
    const std::string file = archive();  // members of 128 + 6 and 128 + 4 bytes
    ReadLimits limits;
    limits.members = 2;
    limits.inflated_bytes = 266;
    CHECK(error(file, limits) == "accepted");
    limits.members = 1;
    CHECK(contains(error(file, limits), "2 members, limit 1"));
    limits.members = 2;
    limits.inflated_bytes = 265;
    CHECK(contains(error(file, limits), "more than 265 bytes"));
  }

  TEST_CASE("a member is unpacked only where its header fits, is wanted, and there is memory") {
    std::string file = archive();
    const std::size_t data = local(file, 1) + 30 + 5 + 128;  // of the second member
    file.replace(data, 4, "????");                           // its CRC would tell
    ReadLimits limits;
    CHECK(error(file) != "accepted");
    limits.wanted = [](std::string_view key, DType dtype, const Shape& shape) {
      CHECK(dtype == (key == "x" ? DType::Int16 : DType::Float32));
      CHECK(shape == (key == "x" ? Shape{3} : Shape{}));
      return key == "x";
    };
    const auto one = parse_npz(as_bytes(file), limits);
    REQUIRE_MESSAGE(one, error_of(one));
    CHECK(one->at(0).array.same_bits(array_of(DType::Int16, {3}, "abcdef")));
    CHECK(to_string(one->at(1).array) == "float32[]");
    CHECK(std::as_const(one->at(1).array).data() == nullptr);
    limits.wanted = nullptr;
    limits.unpacks = false;
    CHECK(error(file, limits) == "accepted");

    std::string shape = archive();
    shape.replace(shape.find("(3,)"), 4, "(9,)");  // the CRC is wrong as well, and is not looked at
    CHECK(contains(error(shape), "`x.npy`: truncated: 6 of 18 bytes of data"));
  }

  TEST_CASE("arrays that are held together take no more than the memory that there is, at N and N - 1") {
    ReadLimits limits;
    limits.memory_bytes = 6 + 128 + 4;  // the data of the first and the whole of the second
    CHECK(error(archive(), limits) == "accepted");
    limits.memory_bytes -= 1;
    CHECK(contains(error(archive(), limits), "announces 132 bytes, and 131 may be taken"));
    limits.each = [](const Leaf&) {};  // one at a time
    limits.memory_bytes = 134;
    CHECK(error(archive(), limits) == "accepted");
    limits.memory_bytes = 133;
    CHECK(error(archive(), limits) != "accepted");
  }

  TEST_CASE("a comment and control characters in names are told as what they are") {
    std::string file = archive();
    file[file.size() - 2] = 2;
    CHECK(contains(error(file + "hi"), "the zip archive has a comment"));
    CHECK(contains(error(file + "h"), "truncated, or bytes follow"));
    std::string odd = archive();
    odd[central(odd, 1) + 46] = '\x01';
    odd[local(odd, 1) + 30] = '\x01';
    CHECK(contains(error(odd), "`\\x01` holds control characters"));
  }

  TEST_CASE("inputs have at most 1024 members") {
    std::vector<Leaf> arrays;
    for (int i = 0; i < 1025; ++i) arrays.push_back({.key = std::to_string(i), .array = Array(DType::Int8, {0})});
    CHECK(contains(error_of(parse_arrays(as_bytes(*serialize_arrays(arrays, Format::Npz)), nullptr)), "1025 members, limit 1024"));
    arrays.pop_back();
    CHECK(parse_arrays(as_bytes(*serialize_arrays(arrays, Format::Npz)), nullptr));
  }

  TEST_CASE("other archives are refused by name") {
    std::string file = archive();
    for (std::size_t at = file.find("y.npy"); at != std::string::npos; at = file.find("y.npy", at + 1)) file.replace(at, 5, "y.bin");
    CHECK(contains(error(file), "a zip archive, but no npz: its member `y.bin` is no `.npy`"));
  }

}  // TEST_SUITE
