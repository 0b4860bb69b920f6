#include <doctest/doctest.h>

#include "compiler/diagnostics/render_text.h"
#include "compiler/modules/module.h"
#include "compiler/syntax/parser.h"

namespace linenc::modules {
namespace {

struct Read {
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  std::unique_ptr<syntax::Tree> tree;
  std::shared_ptr<Definition> definition;
  explicit Read(const std::string& body) {
    tree = syntax::parse(sources.add("m.yaml", "linenc: 1\nmodel: M\nmodules:\n  M:\n" + body), sources, diagnostics);
    if (!tree->definitions.empty()) definition = collect(*tree, tree->definitions.front(), nullptr, nullptr, diagnostics);
  }
  std::string problems() {
    std::string lines;
    for (const auto& d : diagnostics.sorted()) lines += diagnostics::render_concise(d, sources) + "\n";
    return lines;
  }
};

}  // namespace

TEST_CASE("fields have types and defaults; the long form takes a literal") {
  Read read(
      "    fields: {a: int, b: \"list[float] = [1.0]\", c: \"str | none\", d: {type: module, default: {Dense: {features: 3}}}}\n    compact: "
      "[relu]\n");
  REQUIRE(read.problems() == "");
  const auto& fields = read.definition->fields;
  REQUIRE(fields.size() == 4);
  CHECK(catalog::to_string(fields[0].type) == "int");
  CHECK(fields[0].required());
  CHECK(catalog::to_string(fields[1].type) == "list[float]");
  CHECK(fields[1].default_expr != nullptr);
  CHECK(catalog::to_string(fields[2].type) == "str?");
  CHECK(fields[3].default_literal != nullptr);
}

TEST_CASE("arguments: names with defaults, contracts, the rest") {
  Read read("    args: {x: \"float32[b, 2*h]\", m: \"bool[b]?\", t: bool = false, \"**rest\": any}\n    compact: [relu]\n");
  REQUIRE(read.problems() == "");
  const auto& arguments = read.definition->methods.front()->arguments;
  REQUIRE(arguments.size() == 4);
  CHECK(arguments[0].tensor.has_value());
  CHECK(arguments[0].required);
  CHECK_FALSE(arguments[1].required);
  CHECK(arguments[2].type.has_value());
  CHECK(arguments[3].rest);
  CHECK(arguments[3].name == "rest");
}

TEST_CASE("unknown types, reserved names and wrong transforms are told at their place") {
  CHECK(Read("    fields: {a: itn}\n    compact: [relu]\n").problems().find("m.yaml:5:17: error[E0206]: `itn` is not a type; did you mean `int`?") !=
        std::string::npos);
  CHECK(Read("    fields: {name: str}\n    compact: [relu]\n").problems().find("E0113") != std::string::npos);
  CHECK(Read("    transform: [remt]\n    compact: [relu]\n").problems().find("E0114") != std::string::npos);
}

TEST_CASE("tensor types are told from other types") {
  for (const char* text : {"float32[b, 10]", "any[...]", "config.dtype[b]", "key[]", "bool[b] | none", "int32[]?"})
    CHECK_MESSAGE(is_tensor_type(text), text);
  for (const char* text : {"float32", "list[int]", "x[0]", "float32[b"}) CHECK_FALSE_MESSAGE(is_tensor_type(text), text);
}

}  // namespace linenc::modules
