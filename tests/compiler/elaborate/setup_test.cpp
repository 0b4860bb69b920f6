// `setup`, methods, fields that hold modules, sharing: names are Linen's (linen-semantics B).
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

std::string keys_of(const std::string& text, const std::string& method = "") {
  CompiledText compiled(text);
  if (compiled.failed()) return compiled.problems();
  Array x(DType::Float32, {2, 4});
  for (int i = 0; i < 8; ++i) x.as<float>()[i] = 1;
  std::string keys;
  for (const auto& leaf : compiled.init({{"x", x}}, {{"params", 0}}, method).variables) keys += leaf.key + "\n";
  return keys;
}

constexpr const char* kHead = "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {M: {}}\nmodules:\n  M:\n";

}  // namespace

TEST_CASE("setup names lists with an index and maps entries by their key") {
  CHECK(keys_of(std::string(kHead) +
                "    setup:\n      layers: {for: f, over: \"[3, 4]\", do: {Dense: {features: =f, use_bias: false}}}\n      scale: {param: ones, "
                "shape: [4]}\n    call:\n      - for: layer\n        over: layers\n        do: [layer]\n      - return: x * scale\n") ==
        "params/scale\nparams/layers_0/kernel\nparams/layers_1/kernel\n");
}

TEST_CASE("a submodule that no call reaches makes no variables, and methods share those of setup") {
  const std::string text = std::string(kHead) +
                           "    setup:\n      encoder: {Dense: {features: 2, use_bias: false}}\n      decoder: {Dense: {features: 4, use_bias: "
                           "false}}\n    call: [encode, decode]\n    methods:\n      encode: {call: [encoder]}\n      decode: {call: [decoder]}\n";
  CHECK(keys_of(text) == "params/encoder/kernel\nparams/decoder/kernel\n");
  CHECK(keys_of(text, "encode") == "params/encoder/kernel\n");
}

TEST_CASE("a template field makes a submodule of the module that calls it, an instance field one of its owner") {
  CHECK(keys_of("linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {M: {block: {Dense: {features: 3, use_bias: false}}, head: {Dense: {features: "
                "2, use_bias: false}}}}\nmodules:\n  M:\n    fields: {block: module, head: instance}\n    compact: [block, block, head]\n") ==
        "params/Dense_0/kernel\nparams/Dense_1/kernel\nparams/head/kernel\n");
}

TEST_CASE("`variables` of a submodule are records down to its own submodules, and go where records go") {
  const char* body = R"yaml(    compact:
      - Inner: {}
        name: inner
      - instance: {wrap: {Inner: {}}}
      - wrap:
      - assert: "'params' in wrap.variables and len(wrap.variables) == 1"
      - assert: "wrap.variables.params.keys() == ['Dense_0', 'scale']"
      - assert: "wrap.variables['params']['Dense_0'].kernel.shape == (4, 4)"
      - assert: "sum([p.size for p in tree.leaves(wrap.variables.params)]) == 20"
  Inner:
    compact:
      - Dense: {features: 4, use_bias: false}
      - param: scale
        init: ones
        shape: [4]
)yaml";
  CHECK(keys_of(std::string(kHead) + body) ==
        "params/inner/Dense_0/kernel\nparams/inner/scale\nparams/Inner_0/Dense_0/kernel\nparams/Inner_0/scale\n");
}

TEST_CASE("an instance called twice shares its variables") {
  CHECK(keys_of(std::string(kHead) + "    compact:\n      - instance: {d: {Dense: {features: 4, use_bias: false}}}\n      - d\n      - d\n") ==
        "params/Dense_0/kernel\n");
}

TEST_CASE("`extends` keeps the base's fields and `super` runs the method it replaces") {
  CHECK(keys_of("linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: Sub\nmodules:\n  Base:\n    fields: {n: int = 3}\n    compact:\n      - "
                "Dense: {features: =n, use_bias: false}\n  Sub:\n    extends: Base\n    compact:\n      - super\n      - Dense: {features: 2, "
                "use_bias: false}\n") == "params/Dense_0/kernel\nparams/Dense_1/kernel\n");
}

}  // namespace linenc::test
