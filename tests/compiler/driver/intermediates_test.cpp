// --save-intermediates against Flax's capture_intermediates: tests/flax/make_intermediate_goldens.py.
#include <map>

#include "tests/compiler/driver/run_program.h"
#include "tests/support/golden_cases.h"

namespace linenc::test {
namespace {

constexpr double kRelative = 1e-5;   // of each element
constexpr double kOfLargest = 2e-6;  // of the largest element

double largest(const Array& array) {
  const Array floats = converted(array, DType::Float32);
  double most = 0;
  for (std::int64_t i = 0; i < floats.size(); ++i) most = std::max(most, std::abs(static_cast<double>(floats.as<float>()[i])));
  return most;
}

}  // namespace

TEST_SUITE("compiler/driver/intermediates") {
  TEST_CASE("the results of modules have Flax's names and values, under transforms too") {
    const std::string file = goldens_folder() + "intermediates/models.safetensors";
    const auto golden = runtime::read_arrays(file);
    REQUIRE(golden);
    std::map<std::string, std::string> inputs;  // of each model: options
    std::map<std::string, NamedArrays> expected;
    for (const auto& leaf : *golden) {
      const std::string model = leaf.key.substr(0, leaf.key.find('/'));
      const std::string rest = leaf.key.substr(model.size() + 1);
      if (rest.starts_with("in/")) {
        inputs[model] += " -i " + rest.substr(3) + "=" + file + ":" + leaf.key;
      } else {
        expected[model].push_back({rest, leaf.array});
      }
    }
    REQUIRE(expected.size() == 8);
    inputs["vae"] += " -i z_rng=key:7";
    for (const auto& [model, arrays] : expected) {
      CAPTURE(model);
      const Folder folder;
      const std::string yaml = std::string(LINENC_SOURCE_DIR) + "/models/" + model + ".yaml";
      REQUIRE(folder.run("linenc init " + yaml + " --seed 0 -q").exit == 0);
      const Ran ran = folder.run("linenc apply " + yaml + " vars.bin" + inputs[model] + " --save-intermediates i.safetensors -q");
      CHECK(ran.err == "");
      REQUIRE(ran.exit == 0);
      const auto saved = runtime::read_arrays(folder / "i.safetensors");
      REQUIRE(saved);
      std::map<std::string, Array> ours;
      for (const auto& leaf : *saved) ours.emplace(leaf.key, leaf.array);
      CHECK(ours.size() == arrays.size());
      for (const auto& leaf : arrays) {
        CAPTURE(leaf.key);
        REQUIRE(ours.contains(leaf.key));
        CHECK(array_difference(ours.at(leaf.key), leaf.array, kRelative, kOfLargest * largest(leaf.array)) == "");
      }
    }
  }

  TEST_CASE("they are written in Flax's order: names in which modules began, before what was sown later") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[b, 3]\"}\nmodel: {compact: [{Dense: {features: 3}}, {sow: h}, {sow: h, value: x * 2}]}\n");
    REQUIRE(folder.run("linenc init m.yaml -q && linenc apply m.yaml vars.bin -i x=ones --dim b=1 --save-intermediates i.msgpack -q").exit == 0);
    const auto saved = runtime::read_variables(folder / "i.msgpack");
    REQUIRE(saved);
    std::string keys;
    for (const auto& leaf : saved->leaves) keys += leaf.key + "\n";
    CHECK(keys == "intermediates/Dense_0/__call__/0\nintermediates/h/0\nintermediates/h/1\nintermediates/__call__/0\n");
  }

}  // TEST_SUITE

}  // namespace linenc::test
