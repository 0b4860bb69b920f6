#include <filesystem>

#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;

namespace {

// A folder that goes with the test.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "linenc-variables-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_SUITE("runtime/variables/files") {
  TEST_CASE("what is written to a file is what is serialized, and is read back") {
    const Folder folder;
    const Variables variables = every_leaf();
    for (const char* name : {"v.bin", "v.json", "v.msgpack", "v.npz"}) {
      CAPTURE(name);
      const auto path = folder.path / name;
      const Format format = *format_of_suffix(path);
      REQUIRE(write_variables(variables, path, format));
      CHECK(std::filesystem::file_size(path) == serialize_variables(variables, format)->size());
      const auto found = read_variables(path);
      REQUIRE_MESSAGE(found, error_of(found));
      check_same(found->leaves, variables.leaves);
    }
  }

  TEST_CASE("a file holds the variables that were written to it, and no others") {
    const Folder folder;
    const Variables variables = small_tree();
    Variables other = small_tree();
    other.leaves.front().array.data()[0] ^= std::byte{1};
    Variables shorter = small_tree();
    shorter.leaves.pop_back();
    for (const char* name : {"v.bin", "v.json", "v.msgpack", "v.npz"}) {
      CAPTURE(name);
      const auto path = folder.path / name;
      const Format format = *format_of_suffix(path);
      REQUIRE(write_variables(variables, path, format));
      CHECK(*holds_variables(path, variables, format));
      CHECK_FALSE(*holds_variables(path, other, format));
      CHECK_FALSE(*holds_variables(path, shorter, format));
      std::filesystem::resize_file(path, std::filesystem::file_size(path) + 1);
      CHECK_FALSE(*holds_variables(path, variables, format));
    }
    CHECK(!holds_variables(folder.path / "none", variables, Format::Json));
  }

  TEST_CASE("a safetensors file may be replaced while arrays still look at it") {
    const Folder folder;
    const auto path = folder.path / "v.bin";
    REQUIRE(write_variables(small_tree(), path, Format::Safetensors));
    const auto first = read_variables(path);
    REQUIRE(first);
    REQUIRE(write_variables(*first, path, Format::Safetensors));
    const auto second = read_variables(path);
    REQUIRE_MESSAGE(second, error_of(second));
    check_same(first->leaves, small_tree().leaves);
    check_same(second->leaves, small_tree().leaves);
  }

  TEST_CASE("nothing is written when the variables cannot be") {
    const Folder folder;
    Variables variables;
    variables.leaves.push_back({.key = "rng", .array = Array(DType::Key, {})});
    for (const Format format : {Format::Safetensors, Format::Json, Format::Msgpack, Format::Npz}) {
      CHECK(!write_variables(variables, folder.path / "v", format));
    }
    CHECK(std::filesystem::is_empty(folder.path));
  }

  TEST_CASE("arrays and single arrays are read from files, with the file named in errors") {
    const Folder folder;
    std::vector<Leaf> arrays;
    arrays.push_back({.key = "output", .array = array_of(DType::Int16, {3}, "abcdef")});
    REQUIRE(write_arrays(arrays, folder.path / "y.npy", Format::Npy));
    REQUIRE(write_arrays(arrays, folder.path / "y.npz", Format::Npz));
    CHECK(read_npy(folder.path / "y.npy")->same_bits(arrays[0].array));
    check_same(*read_arrays(folder.path / "y.npy"), arrays);
    check_same(*read_npz(folder.path / "y.npz"), arrays);
    check_same(*read_arrays(folder.path / "y.npz"), arrays);
    const auto wrong = read_npy(folder.path / "y.npz");
    CHECK(contains(error_of(wrong), "y.npz`: not an npy file"));
    CHECK(wrong.error().kind == RunError::Kind::BadFile);
    const auto missing = read_variables(folder.path / "none.bin");
    CHECK(contains(error_of(missing), "none.bin"));
    CHECK(missing.error().kind == RunError::Kind::System);
  }

}  // TEST_SUITE
