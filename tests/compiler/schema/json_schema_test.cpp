#include "compiler/schema/json_schema.h"

#include <doctest/doctest.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>

#include "tests/support/json_validator.h"

namespace linenc::test {
namespace {

using Json = nlohmann::ordered_json;

// A plain scalar as YAML's core schema reads it.
Json plain(const std::string& text) {
  if (text.empty() || text == "~" || text == "null") return nullptr;
  if (text == "true" || text == "false") return text == "true";
  char* end = nullptr;
  if (text.find_first_not_of("+-0123456789") == std::string::npos) {
    const long long number = std::strtoll(text.c_str(), &end, 10);
    if (*end == '\0') return number;
  }
  if (text.find_first_not_of("+-.0123456789eE") == std::string::npos) {
    const double number = std::strtod(text.c_str(), &end);
    if (*end == '\0') return number;
  }
  return text;
}

Json json_of(const YAML::Node& node) {
  if (node.IsNull()) return nullptr;
  if (node.IsScalar()) return node.Tag() == "!" ? Json(node.Scalar()) : plain(node.Scalar());
  Json result = node.IsMap() ? Json::object() : Json::array();
  for (const auto& entry : node) {
    if (node.IsMap())
      result[entry.first.Scalar()] = json_of(entry.second);
    else
      result.push_back(json_of(entry));
  }
  return result;
}

const JsonValidator& validator() {
  static const JsonValidator made(schema::model_schema({}));
  return made;
}

std::string problem(const std::string& yaml) { return validator().problem(json_of(YAML::Load(yaml))); }
std::string in_body(const std::string& statement) { return problem("linenc: 1\nmodel:\n  compact:\n    - " + statement + "\n"); }

TEST_SUITE("compiler/schema") {
  TEST_CASE("every model of this repository is valid") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::string(LINENC_SOURCE_DIR) + "/models")) {
      if (entry.path().extension() != ".yaml") continue;
      CAPTURE(entry.path().filename().string());
      CHECK(validator().problem(json_of(YAML::LoadFile(entry.path().string()))) == "");
      ++count;
    }
    CHECK(count >= 15);
  }

  TEST_CASE("what the language page shows is valid") {
    CHECK(problem("linenc: 1\nmodel: Dense") == "");
    CHECK(problem("linenc: 1\nmodel: {Dense: {features: 3}}") == "");
    CHECK(problem("linenc: 1\nmodules: {Net: {vmap: Head, in_axes: 0, variable_axes: {params: 0}}}") == "");
    CHECK(problem("linenc: 1\nmodules: {Big: {template: {Net: {depth: [3, 4]}}}}") == "");
    CHECK(problem("linenc: 1\nmodules: {Net: {transform: [remat, {scan: {in_axes: 1}}], compact: [relu]}}") == "");
    CHECK(problem("linenc: 1\nmodules: {Net: {setup: {layers: {for: n, over: widths, do: {Dense: {features: =n}}}}, call: [layers]}}") == "");
    CHECK(problem("linenc: 1\nmodules: {Net: {setup: {cls: {param: zeros_init(), shape: [1, 1]}, scale: =1 / 2}, call: [relu]}}") == "");
    CHECK(problem("linenc: 1\nfunctions: {f: {args: [x, axis = 1], body: [{return: x}]}}") == "");
    CHECK(problem("linenc: 1\nimport: {a: a.yaml, b: {file: b.yaml, config: {n: 3}}}") == "");
    CHECK(problem("linenc: 1\nexpect: {params: 804_618, flops: <= 50M, at: {batch: 1}}") == "");
  }

  TEST_CASE("statements of every form are valid") {
    for (const char* statement : {"relu",
                                  "Dense: {features: 1_000}",
                                  "Dense: {features: =4 * width, kernel_init: {normal: {stddev: 0.02}}}",
                                  "Dense: {with: config.dense}",
                                  "{Dense: {features: 3, dtype: none}, in: y, out: [a, b], name: 'block_{i}'}",
                                  "split: [6, {axis: -1}]",
                                  "norm:",
                                  "{norm: , update: y}",
                                  "let: [{a: 1}, {a: 2}]",
                                  "template: {norm: {BatchNorm: {momentum: 0.9}}}",
                                  "{param: kernel, init: lecun_normal(), shape: '(3, 4)'}",
                                  "{variable: n, collection: counter, init: zeros(())}",
                                  "{if: a, then: [relu], else: [{return: x}]}",
                                  "{match: pool, cases: {map: [], else: [relu]}}",
                                  "{for: [i, [a, b]], over: items, do: [{Dense: {features: =i}}]}",
                                  "{scan: {remat: Block}, length: 3, variable_axes: {params: 0}, in: x, out: [x, _]}",
                                  "{cond: x.sum() > 0, then: [relu], else: [gelu]}",
                                  "{while_loop: n < 3, carry: {n: 0}, do: [{let: {n: n + 1}}]}",
                                  "{call: self, method: encode}",
                                  "{sow: features, value: x}",
                                  "MultiHeadDotProductAttention: {num_heads: 4}",
                                  "Conv: {features: 32, kernel_size: [3, 3], padding: SAME}"}) {
      CAPTURE(statement);
      CHECK(in_body(statement) == "");
    }
  }

  TEST_CASE("unknown keys, fields and options are refused where they stand") {
    CHECK(problem("linenc: 1\nmodle: Dense").find("/modle") == 0);
    CHECK(problem("model: Dense").find("needs \"linenc\"") != std::string::npos);
    CHECK(problem("linenc: 2\nmodel: Dense") != "");
    CHECK(problem("linenc: 1\nmodel: {Dense: {feature: 3}}") != "");
    CHECK(problem("linenc: 1\nmodules: {Net: {compat: [relu]}}") != "");
    CHECK(problem("linenc: 1\nmodules: {Net: {vmap: Head, in_axis: 0}}") != "");
    CHECK(problem("linenc: 1\nexpect: {parms: 3}") != "");
    CHECK(problem("linenc: 1\nfunctions: {f: {args: [x]}}") != "");
    CHECK(problem("linenc: 1\nimport: {a: {config: {}}}") != "");
    for (const char* statement : {"Dense: {feature: 3}", "Dense: {features: three}", "Dense: {features: 3, use_bias: 7}",
                                  "Conv: {features: 32, kernal_size: 3}", "{Dense: {features: 3}, outt: y}", "{param: kernel, shpe: 3}", "{if: a}",
                                  "{for: i, do: []}", "{if: a, then: relu}", "{for: i, over: n, do: [{Dense: {feature: 3}}]}",
                                  "{scan: Block, lenght: 3}", "template: {norm: {BatchNorm: {momentun: 0.9}}}", "{let: 3}", "[relu]", "3"}) {
      CAPTURE(statement);
      CHECK(in_body(statement) != "");
    }
  }

  TEST_CASE("an editor finds the documentation of layers, functions and statements") {
    const Json schema = schema::model_schema({{"let", "binds names"}});
    const Json& verbs = schema.at("$defs").at("statement").at("anyOf").at(1).at("properties");
    CHECK(verbs.at("let").at("description") == "binds names");
    CHECK(verbs.at("softmax").at("description").get<std::string>().find("softmax(x, axis=-1") == 0);
    const Json& dense = schema.at("$defs").at("layer_Dense");
    CHECK(dense.at("description").get<std::string>().find("linear") != std::string::npos);
    CHECK(dense.at("properties").at("features").at("description").get<std::string>().find("int, required") != std::string::npos);
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
