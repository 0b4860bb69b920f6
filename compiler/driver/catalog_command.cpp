// `linenc catalog`: every layer, function, initializer, transform and statement.
// Tested by tests/compiler/driver/check_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/driver/command.h"
#include "compiler/driver/options.h"
#include "compiler/driver/vocabulary.h"

namespace linenc::driver {
namespace {

struct CatalogOptions {
  CommonOptions common;
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc catalog
linenc catalog --json
)";

CommandResult list(const CatalogOptions& options) {
  const bool json = wants_json(options.json, options.format);
  return {Exit::Done, json ? catalog_json().dump(2) + "\n" : catalog_text()};
}

}  // namespace

Command catalog_command() {
  return {"catalog", "every layer, function, initializer, transform and statement", "[options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<CatalogOptions>();
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return list(*options); };
          }};
}

}  // namespace linenc::driver
