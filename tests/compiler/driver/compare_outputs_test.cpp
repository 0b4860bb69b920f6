#include "compiler/driver/compare_outputs.h"

#include <cmath>
#include <initializer_list>

#include "runtime/variables/formats.h"
#include "tests/compiler/driver/run_program.h"

namespace linenc::driver {
namespace {

runtime::Leaf leaf(const std::string& key, std::initializer_list<float> values, DType dtype = DType::Float32) {
  Array array(DType::Float32, {static_cast<std::int64_t>(values.size())});
  std::copy(values.begin(), values.end(), array.as<float>());
  return {key, converted(array, dtype)};
}

bool good(const runtime::Leaf& result, const runtime::Leaf& expected) { return compare_outputs({result}, {expected}, {0.01, 0.001}).bad.empty(); }

}  // namespace

TEST_SUITE("compiler/driver/compare_outputs") {
  TEST_CASE("values may differ by atol + rtol * |expected|, and by nothing more") {
    CHECK(good(leaf("y", {1.0105f}), leaf("y", {1})));
    CHECK_FALSE(good(leaf("y", {1.0115f}), leaf("y", {1})));
    CHECK(good(leaf("y", {0.0009f}), leaf("y", {0})));
    CHECK_FALSE(good(leaf("y", {0.0011f}), leaf("y", {0})));
    CHECK_FALSE(good(leaf("y", {0}), leaf("y", {1})));
  }

  TEST_CASE("NaN is expected where NaN is, infinities are exact") {
    CHECK(good(leaf("y", {NAN, INFINITY}), leaf("y", {NAN, INFINITY})));
    CHECK_FALSE(good(leaf("y", {NAN}), leaf("y", {1})));
    CHECK_FALSE(good(leaf("y", {1}), leaf("y", {NAN})));
    CHECK_FALSE(good(leaf("y", {INFINITY}), leaf("y", {-INFINITY})));
    CHECK_FALSE(good(leaf("y", {1e30f}), leaf("y", {INFINITY})));
  }

  TEST_CASE("shapes, dtypes and names must agree; float64 stands for float32") {
    CHECK_FALSE(good(leaf("y", {1, 2}), leaf("y", {1})));
    CHECK_FALSE(good(leaf("y", {1}, DType::Int32), leaf("y", {1})));
    CHECK(good(leaf("y", {1}), leaf("y", {1}, DType::Float64)));
    const Comparison names = compare_outputs({leaf("a", {1})}, {leaf("b", {1})}, {});
    CHECK(names.bad == std::vector<std::string>{"`a` is not expected", "`b` is expected, and the model does not give it"});
  }

  TEST_CASE("the farthest element is told") {
    const Comparison comparison = compare_outputs({leaf("y", {1, 5, 3})}, {leaf("y", {1, 2, 2})}, {});
    CHECK(comparison.bad == std::vector<std::string>{"`y` differs in 2 of 3 elements: at [1] it is 5 where 2 is expected (rtol 1e-05, atol 1e-06)"});
  }

  TEST_CASE("what is not finite is counted") {
    CHECK(not_finite({leaf("a", {1, 2}), leaf("b", {1, NAN, INFINITY})}) ==
          std::vector<std::string>{"`b` has 2 values that are not finite, the first at [1]"});
    CHECK(not_finite({leaf("a", {1}, DType::Int32)}).empty());
  }

}  // TEST_SUITE

}  // namespace linenc::driver

namespace linenc::test {

TEST_SUITE("compiler/driver/apply") {
  TEST_CASE("--expect compares instead of printing, and writes nothing where results differ") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[3]\"}\nmodel: {compact: [{return: x * 2}]}\n");
    REQUIRE(
        folder
            .run("linenc init m.yaml && linenc apply m.yaml vars.bin '[1, 2, 3]' -o good.npy && linenc apply m.yaml vars.bin '[1, 2, 4]' -o bad.npy")
            .exit == 0);
    const Ran good = folder.run("linenc apply m.yaml vars.bin '[1, 2, 3]' --expect good.npy");
    CHECK(good.exit == 0);
    CHECK(good.out == "`output` is as expected (largest difference 0)\n");
    const Ran bad = folder.run("linenc apply m.yaml vars.bin '[1, 2, 3]' --expect bad.npy -o y.npy");
    CHECK(bad.exit == 1);
    CHECK(bad.out == "");
    CHECK(contains(bad.err, "at [2] it is 6 where 8 is expected"));
    CHECK_FALSE(folder.has("y.npy"));
    CHECK(folder.run("linenc apply m.yaml vars.bin '[1, 2, 3]' --expect bad.npy --rtol 0.5").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin '[1, 2, 3]' --expect bad.npy --rtol=-1").exit == 2);
    CHECK(folder.run("linenc apply m.yaml vars.bin '[1, 2, 3]' --expect none.npy").exit == 2);
  }

  TEST_CASE("--check-finite refuses results that are no numbers") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[3]\"}\nmodel: {compact: [{return: x / x}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin ones --check-finite").exit == 0);
    const Ran bad = folder.run("linenc apply m.yaml vars.bin '[1, 0, 3]' --check-finite");
    CHECK(bad.exit == 1);
    CHECK(contains(bad.err, "the first at [1]"));
  }

  TEST_CASE("--check-finite names the input, the variable and the first module where it began") {
    const Folder folder;
    folder.write(
        "m.yaml",
        "linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel:\n  compact:\n    - Dense: {features: 3}\n    - Middle: {}\n    - Dense: {features: 2}\n"
        "modules:\n  Middle:\n    compact: [{Dense: {features: 3}}, {Log: {}}]\n  Log: {compact: [{return: log(x * 0 - 1)}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    const Ran bad = folder.run("linenc apply m.yaml vars.bin -i x=ones --check-finite");
    CHECK(bad.exit == 1);
    CHECK(contains(bad.err, "error: `output` has 4 values that are not finite, the first at [0, 0]\n"));
    CHECK(contains(bad.err, "error: the first module whose result is not finite: `Middle_0/Log_0` has 6 values that are not finite"));
    folder.write("d.yaml", "linenc: 1\ninputs: {x: \"float32[1, 1]\"}\nmodel: {Dense: {features: 1}}\n");
    folder.write(
        "v.json",
        R"({"format": "linenc-variables", "version": 1, "variables": {"params": {"kernel": {"dtype": "float32", "shape": [1, 1], "data": [["NaN"]]},
                     "bias": {"dtype": "float32", "shape": [1], "data": [0.0]}}}})");
    const Ran variable = folder.run("linenc apply d.yaml v.json -i 'x=[[.inf]]' --check-finite");
    CHECK(variable.exit == 1);
    CHECK(contains(variable.err, "the variable `params/kernel` has 1 value"));
    CHECK(contains(variable.err, "the input `x` has 1 value"));
  }

  TEST_CASE("--save-intermediates writes the result of every module and what was sown") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel:\n  compact:\n    - Dense: {features: 3}\n    - sow: hidden\n      value: x\n    "
                 "- Dense: {features: 2}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    REQUIRE(folder.run("linenc apply m.yaml vars.bin -i x=ones --save-intermediates i.npz --vars-out same.bin -q").exit == 0);
    const auto saved = runtime::read_arrays(folder / "i.npz");
    REQUIRE(saved);
    std::vector<std::string> keys;
    for (const auto& one : *saved) keys.push_back(one.key);
    std::sort(keys.begin(), keys.end());
    CHECK(keys == std::vector<std::string>{"intermediates/Dense_0/__call__/0", "intermediates/Dense_1/__call__/0", "intermediates/__call__/0",
                                           "intermediates/hidden/0"});
    CHECK(folder.run("linenc check m.yaml --vars same.bin").exit == 0);
    CHECK_FALSE(contains(folder.read("same.bin"), "intermediates"));
  }

}  // TEST_SUITE

}  // namespace linenc::test
