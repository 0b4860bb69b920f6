// Registry -> docs/reference. Tested by tests/docs/reference_test.cpp.
#include "compiler/schema/reference_pages.h"

#include <algorithm>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/code.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::schema {
namespace {

// `|` separates the cells of a Markdown table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string parameters(const std::vector<catalog::Parameter>& list) {
  std::string text;
  bool keyword_only = false;
  for (const catalog::Parameter& parameter : list) {
    if (!text.empty()) text += ", ";
    if (parameter.kind == catalog::Parameter::Kind::KeywordOnly && !keyword_only) {
      text += "*, ";
      keyword_only = true;
    }
    if (parameter.kind == catalog::Parameter::Kind::Rest) {
      text += "*" + parameter.name;
    } else {
      text += parameter.default_text.empty() ? parameter.name : parameter.name + "=" + parameter.default_text;
    }
  }
  return text;
}

std::string layers_page() {
  std::string page =
      "# Layers\n\nThe layers of flax.linen that linenc builds, with their fields in Linen's order. This page is made from the catalog.\n";
  for (const auto& layer : catalog::layers()) {
    page += concat("\n## ", layer->name, "\n\n", layer->doc, "\n\n");
    for (const catalog::LayerType::Method& method : layer->method_list) {
      page += concat("* `", method.name, "(", parameters(method.parameters), ")`\n");
    }
    for (const catalog::LayerType::Method& made : layer->attribute_list) page += concat("* `", made.name, "`, read from an instance\n");
    page += "\n| field | type | default | |\n| --- | --- | --- | --- |\n";
    for (const catalog::FieldInfo& field : layer->fields()) {
      page += concat("| `", field.name, "` | ", cell(to_string(field.type)), " | ",
                     field.required ? std::string("required") : concat("`", cell(field.default_text), "`"), " | ", cell(field.doc), " |\n");
    }
  }
  return page;
}

std::string functions_page() {
  std::string page =
      "# Functions\n\nThe functions of expressions and statements. A bare name is flax.linen's, else jax.numpy's, else jax.nn's, else jax.lax's; a "
      "prefix chooses. "
      "Where the second column says *method*, `x.name(…)` works as well. This page is made from the catalog.\n\n| function | where | |\n| --- | --- "
      "| --- |\n";
  for (const catalog::FunctionSpec* function : catalog::functions()) {
    std::string where;
    for (const std::string& library : function->libraries) where += (where.empty() ? "" : ", ") + library;
    if (function->method) where += ", *method*";
    if (function->prefix_only) where += ", *prefix only*";
    page += concat("| `", cell(catalog::signature(*function)), "` | ", where, " | ", cell(function->doc), " |\n");
  }
  return page;
}

std::string initializers_page() {
  std::string page =
      "# Initializers\n\nFirst values of parameters, with the bits of flax.linen.initializers. Any function of `(key, shape, dtype)` serves as one. "
      "This page is made "
      "from the catalog.\n\n| initializer | |\n| --- | --- |\n";
  for (const catalog::InitializerSpec* spec : catalog::initializers()) {
    page += concat("| `", cell(spec->name), "(", cell(parameters(spec->parameters)), ")` | ", cell(spec->doc), " |\n");
  }
  return page;
}

std::string transforms_page() {
  std::string page = "# Transforms\n\nTransforms of modules, with Linen's options. This page is made from the catalog.\n";
  for (const catalog::TransformSpec* spec : catalog::transforms()) {
    page += concat("\n## ", spec->name, "\n\n", spec->doc, " Automatic names begin with `", spec->prefix, "`.\n\n| option | |\n| --- | --- |\n");
    for (const auto& [name, doc] : spec->options) page += concat("| `", name, "` | ", cell(doc), " |\n");
  }
  return page;
}

std::string diagnostics_page() {
  std::string page = "# Diagnostics\n\nEvery code, as `linenc explain CODE` tells it. This page is made from the pages of the codes.\n";
  for (const diagnostics::Code code : diagnostics::all_codes()) {
    // Headings go one level down; the blocks are pieces of models, not whole files.
    std::string text(diagnostics::page(code));
    if (text.starts_with("# ")) text.insert(0, "#");
    page += concat("\n", text);
    if (!page.ends_with("\n")) page += "\n";
  }
  return page;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> reference_pages() {
  return {{"diagnostics.md", diagnostics_page()},
          {"functions.md", functions_page()},
          {"initializers.md", initializers_page()},
          {"layers.md", layers_page()},
          {"transforms.md", transforms_page()}};
}

}  // namespace linenc::schema
