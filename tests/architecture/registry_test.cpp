// What the files of the vocabulary register is in the program, documented, and tested beside Flax.

#include "compiler/catalog/registry.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "compiler/syntax/statement_table.h"
#include "tests/architecture/source_tree.h"

namespace linenc::test {
namespace {

// The first group of every match.
std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex expression(pattern);
  std::set<std::string> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), expression); at != std::sregex_iterator(); ++at) found.insert((*at)[1]);
  return found;
}

// The tests of models and layers: text that names a layer where it is used.
std::string texts_of_tests() {
  std::string all;
  for (const SourceFile& file : files_below("tests/compiler", {".cpp", ".h"})) all += file.text;
  for (const SourceFile& file : files_below("tests/flax/goldens", {".json"})) all += file.text;
  return all;
}

TEST_SUITE("architecture/registry") {
  TEST_CASE("the options of a transform are those of its statement") {
    const std::vector<std::string>& apply = syntax::apply_options();
    for (const catalog::TransformSpec* transform : catalog::transforms()) {
      const syntax::StatementRow* row = syntax::statement_row(transform->name);
      REQUIRE_MESSAGE(row != nullptr, transform->name << " is no statement");
      std::set<std::string> described(apply.begin(), apply.end());
      for (const auto& [name, doc] : transform->options) described.insert(name);
      std::set<std::string> written(apply.begin(), apply.end());
      written.insert(row->options.begin(), row->options.end());
      CHECK_MESSAGE(described == written, transform->name << ": the statement takes other options than the transform describes");
    }
  }

  TEST_CASE("every layer that a file describes is registered, and documents its fields") {
    std::size_t count = 0;
    for (const SourceFile& file : sources_below("compiler/layers")) {
      for (const std::string& name : matches(file.text, R"re(LayerSpec<\w+>\("(\w+)")re")) {
        CHECK_MESSAGE(catalog::find_layer(name) != nullptr, file.path << ": " << name << " is not in the program");
        ++count;
      }
    }
    CHECK(count >= catalog::layers().size() / 2);
    for (const auto& layer : catalog::layers()) {
      CHECK_MESSAGE(!layer->doc.empty(), layer->name);
      for (const auto& field : layer->field_infos) CHECK_MESSAGE(!field.doc.empty(), layer->name << "." << field.name << " has no documentation");
    }
  }

  TEST_CASE("every file of built-ins registers something") {
    for (const char* folder : {"compiler/layers", "compiler/functions", "compiler/initializers", "compiler/transforms"}) {
      for (const SourceFile& file : files_below(folder, {".cpp"})) {
        // What several of them share has a header.
        const bool shared = std::filesystem::exists(std::filesystem::path(LINENC_SOURCE_DIR) / (file.path.substr(0, file.path.size() - 3) + "h"));
        CHECK_MESSAGE((shared || file.has("Register")), file.path << " registers nothing");
      }
    }
  }

  TEST_CASE("every function and initializer that a file names literally is registered") {
    for (const SourceFile& file : sources_below("compiler/functions")) {
      for (const std::string& name : matches(file.text, R"re(FunctionSpec\("(\w+)")re")) {
        const auto& all = catalog::functions();
        const bool known = std::any_of(all.begin(), all.end(), [&](const catalog::FunctionSpec* spec) { return spec->name == name; });
        CHECK_MESSAGE(known, file.path << ": " << name << " is not in the program");
      }
    }
    for (const SourceFile& file : sources_below("compiler/initializers")) {
      for (const std::string& name : matches(file.text, R"re(InitializerSpec\("(\w+)")re")) {
        CHECK_MESSAGE(catalog::find_initializer(name) != nullptr, file.path << ": " << name << " is not in the program");
      }
    }
    CHECK(catalog::functions().size() > 150);
  }

  TEST_CASE("every built-in has a sentence of documentation") {
    for (const auto* function : catalog::functions()) CHECK_MESSAGE(!function->doc.empty(), function->name);
    for (const auto* initializer : catalog::initializers()) CHECK_MESSAGE(!initializer->doc.empty(), initializer->name);
    for (const auto* transform : catalog::transforms()) CHECK_MESSAGE(!transform->doc.empty(), transform->name);
  }

  TEST_CASE("every layer, initializer and transform is tested") {
    const std::string tests = texts_of_tests();
    for (const auto& layer : catalog::layers()) CHECK_MESSAGE(has_word(tests, layer->name), layer->name << " is in no test");
    for (const auto* initializer : catalog::initializers()) CHECK_MESSAGE(has_word(tests, initializer->name), initializer->name << " is in no test");
    for (const auto* transform : catalog::transforms()) CHECK_MESSAGE(has_word(tests, transform->name), transform->name << " is in no test");
  }

  TEST_CASE("every function is tested") {
    const std::string tests = texts_of_tests();
    for (const auto* function : catalog::functions()) CHECK_MESSAGE(has_word(tests, function->name), function->name << " is in no test");
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
