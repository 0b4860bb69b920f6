#include "runtime/variables/keys.h"
#include "tests/runtime/variables/support.h"

using namespace linenc;
using namespace linenc::runtime;

TEST_SUITE("runtime/variables") {
  TEST_CASE("every dtype and shape comes back from every format with the same bits") {
    const Variables variables = every_leaf();
    for (const Format format : {Format::Safetensors, Format::Json, Format::Msgpack, Format::Npz}) {
      CAPTURE(static_cast<int>(format));
      const auto file = serialize_variables(variables, format);
      REQUIRE_MESSAGE(file, error_of(file));
      const auto found = parse_variables(as_bytes(*file), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      check_same(found->leaves, variables.leaves);
      // The same variables give the same bytes.
      CHECK(*serialize_variables(*found, format) == *file);
    }
  }

  TEST_CASE("a tree without leaves comes back from every format") {
    for (const Format format : {Format::Safetensors, Format::Json, Format::Msgpack, Format::Npz}) {
      CAPTURE(static_cast<int>(format));
      const auto found = parse_variables(as_bytes(*serialize_variables({}, format)), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      CHECK(found->leaves.empty());
    }
  }

  TEST_CASE("trees without leaves keep their place in JSON and msgpack, and are no leaves") {
    Variables variables = small_tree();
    variables.empty = {{"a", 0}, {"params/Dense_0/none", 1}, {"state/z", 3}, {"z/z", 3}};
    for (const Format format : {Format::Json, Format::Msgpack}) {
      const std::string file = *serialize_variables(variables, format);
      const auto found = parse_variables(as_bytes(file), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      check_same(found->leaves, variables.leaves);
      REQUIRE(found->empty.size() == 4);
      CHECK(found->empty[1].key == "params/Dense_0/none");
      CHECK(found->empty[1].leaves_before == 1);
      CHECK(*serialize_variables(*found, format) == file);
    }
    for (const char* key : {"state/n", "state", "state/n/deep", "a//b", ""}) {
      CAPTURE(key);
      variables.empty = {{key, 0}};
      CHECK_FALSE(serialize_variables(variables, Format::Msgpack));
    }
  }

  TEST_CASE("metadata comes back sorted from safetensors and JSON") {
    Variables variables = small_tree();
    variables.meta = {{"seed", "42"}, {"model", "a \"b\" \\ \n \x7f ü"}};
    for (const Format format : {Format::Safetensors, Format::Json}) {
      const auto found = parse_variables(as_bytes(*serialize_variables(variables, format)), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      CHECK(found->meta == std::vector{variables.meta[1], variables.meta[0]});
    }
    variables.meta[0].second = "\xff";
    CHECK(contains(error_of(serialize_variables(variables, Format::Json)), "not UTF-8"));
  }

  TEST_CASE("named arrays come back from every format that outputs may have") {
    std::vector<Leaf> arrays;
    arrays.push_back({.key = "output.0", .array = array_of(DType::Float32, {2}, "abcdefgh")});
    arrays.push_back({.key = "output.logits", .array = array_of(DType::Int8, {1, 3}, "xyz")});
    for (const Format format : {Format::Safetensors, Format::Json, Format::Msgpack, Format::Npz}) {
      const auto file = serialize_arrays(arrays, format);
      REQUIRE_MESSAGE(file, error_of(file));
      const auto found = parse_arrays(as_bytes(*file), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      check_same(*found, arrays);
    }
    CHECK(contains(error_of(serialize_arrays(arrays, Format::Npy)), "an npy file holds one array, not 2"));
    arrays.pop_back();
    const auto found = parse_arrays(as_bytes(*serialize_arrays(arrays, Format::Npy)), nullptr);
    REQUIRE(found);
    CHECK(found->at(0).key == "output");
    CHECK(found->at(0).array.same_bits(arrays[0].array));
  }

  TEST_CASE("an output of bfloat16 goes to safetensors and JSON, not to NumPy's files") {
    std::vector<Leaf> arrays;
    arrays.push_back({.key = "output", .array = array_of(DType::BFloat16, {2}, "abcd")});
    for (const Format format : {Format::Npy, Format::Npz}) CHECK(contains(error_of(serialize_arrays(arrays, format)), "--cast float32"));
    for (const Format format : {Format::Safetensors, Format::Json}) {
      CHECK(parse_arrays(as_bytes(*serialize_arrays(arrays, format)), nullptr)->at(0).array.same_bits(arrays[0].array));
    }
  }

  TEST_CASE("random keys are refused by every format") {
    Variables variables;
    variables.leaves.push_back({.key = "rng/key", .array = Array(DType::Key, {})});
    for (const Format format : {Format::Safetensors, Format::Json, Format::Msgpack, Format::Npz}) {
      CHECK(contains(error_of(serialize_variables(variables, format)), "`rng/key` is a random key"));
    }
  }

  TEST_CASE("keys that do not spell a tree are refused when written") {
    const auto error = [](std::vector<std::string> keys) {
      std::vector<Leaf> leaves;
      for (auto& key : keys) leaves.push_back({.key = std::move(key), .array = Array(DType::Float32, {0})});
      return error_of(check_leaves(leaves));
    };
    CHECK(error({"a/b", "a/c", "b"}) == "accepted");
    CHECK(contains(error({"a", "a"}), "`a` occurs twice"));
    CHECK(contains(error({"a/b", "a"}), "`a` is an array and also holds `a/b`"));
    CHECK(contains(error({"a//b"}), "a part that is empty"));
    std::string deep = "a";
    for (int i = 1; i < 64; ++i) deep += "/a";
    CHECK(error({deep}) == "accepted");
    CHECK(contains(error({deep + "/a"}), "65 parts, limit 64"));
  }

  TEST_CASE("slashes inside names are escaped in keys, and only there") {
    struct Row {
      std::string name, part;
    };
    for (const Row& row : {Row{"kernel", "kernel"}, Row{"Dense_0/kernel/scale", "Dense_0%2Fkernel%2Fscale"}, Row{"100%", "100%"}, Row{"%2F", "%252F"},
                           Row{"%25", "%2525"}, Row{"%/", "%%2F"}, Row{"%252F", "%25252F"}, Row{"50%2", "50%2"}}) {
      CAPTURE(row.name);
      CHECK(escaped_name(row.name) == row.part);
      CHECK(unescaped_name(row.part) == row.name);
    }
    CHECK(names_of("params/WeightNorm_0/Dense_0%2Fscale") == std::vector<std::string>{"params", "WeightNorm_0", "Dense_0/scale"});
  }

  TEST_CASE("safetensors join names that hold a slash, and give them back; where that is another leaf's key they stay escaped") {
    const Array one = array_of(DType::Float32, {1}, std::string_view("\0\0\x80\x3f", 4));
    const auto through = [&](const std::vector<std::string>& keys, bool joined) {
      Variables variables;
      for (const std::string& key : keys) variables.leaves.push_back({key, one});
      const auto file = serialize_variables(variables, Format::Safetensors);
      REQUIRE_MESSAGE(file, error_of(file));
      CHECK(contains(*file, "escaped_names") == joined);
      const auto found = parse_variables(as_bytes(*file), nullptr);
      REQUIRE_MESSAGE(found, error_of(found));
      CHECK(found->meta.empty());
      check_same(found->leaves, variables.leaves);
      CHECK(*serialize_variables(*found, Format::Safetensors) == *file);
    };
    through({"params/a%2Fb/kernel", "params/c/kernel", "params/w%2Fz"}, true);
    through({"params/a%2Fb/kernel", "params/a/b/kernel"}, false);
    through({"params/a%2Fb", "params/a/b/kernel"}, false);
    through({"params/a", "params/a%2Fc", "params/a-b"}, false);  // `a-b` stands between `a` and `a/c`
    through({"params/a%2F/kernel"}, false);                      // `a//kernel` has an empty part
    through({"params/50%2525"}, true);
    through({"params/kernel"}, false);
  }

  TEST_CASE("files of other kinds are refused by name") {
    struct Row {
      std::string bytes, part;
    };
    for (const Row& row :
         {Row{"", "the file is empty"}, Row{std::string("\x80\x04\x95", 3), "a pickle"}, Row{std::string("\x80\x02}q", 4), "a pickle"},
          Row{std::string("GGUF\x03\0\0\0", 8), "a GGUF file"}, Row{"\x89HDF\r\n\x1a\n", "an HDF5 file"}, Row{"\x1f\x8b\x08", "gzip"},
          Row{"hello", "none of safetensors, JSON, msgpack of Flax and npz"}, Row{std::string(16, '\xff'), "none of"},
          Row{*serialize_npy(Array(DType::Float32, {0})), "an npy file holds one array"}}) {
      CAPTURE(row.part);
      CHECK(contains(error_of(parse_variables(as_bytes(row.bytes), nullptr)), row.part));
    }
  }

  TEST_CASE("suffixes and names choose the format") {
    CHECK(format_of_suffix("vars.bin") == Format::Safetensors);
    CHECK(format_of_suffix("a.b/vars.safetensors") == Format::Safetensors);
    CHECK(format_of_suffix("vars.json") == Format::Json);
    CHECK(format_of_suffix("vars.msgpack") == Format::Msgpack);
    CHECK(format_of_suffix("vars.npz") == Format::Npz);
    CHECK(format_of_suffix("y.npy") == Format::Npy);
    CHECK(!format_of_suffix("vars"));
    CHECK(!format_of_suffix("vars.pt"));
    CHECK(!format_of_suffix("vars."));
    CHECK(format_of_name("msgpack") == Format::Msgpack);
  }

  TEST_CASE("sha256_hex gives the published digests") {
    CHECK(sha256_hex(as_bytes("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex(as_bytes("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

}  // TEST_SUITE
