// `linenc schema`: the JSON Schema of model files, for editors and pre-commit hooks.
// Tested by tests/compiler/driver/check_test.cpp; what it says, by tests/compiler/schema/.
#include "compiler/schema/json_schema.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/concat.h"
#include "compiler/driver/command.h"
#include "compiler/driver/options.h"
#include "compiler/driver/vocabulary.h"

namespace linenc::driver {
namespace {

constexpr const char* kExamples = R"(linenc schema > linenc.schema.json
)";

CommandResult print_schema() {
  schema::StatementDocs docs;
  for (const Word& word : vocabulary()) {
    if (word.kind == "statement") docs[word.name] = concat(word.signature, "\n\n", word.doc);
  }
  return {Exit::Done, schema::model_schema(docs).dump(1) + "\n"};
}

}  // namespace

Command schema_command() {
  return {"schema", "the JSON Schema of model files, for editors", "", kExamples, [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<CommonOptions>();
            add_common_options(table, *options);
            return [options] { return print_schema(); };
          }};
}

}  // namespace linenc::driver
