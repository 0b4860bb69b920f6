// `linenc version`: the version, and how this program was built.
// Tested by tests/compiler/driver/check_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/concat.h"
#include "compiler/driver/command.h"
#include "compiler/driver/options.h"

namespace linenc::driver {
namespace {

struct VersionOptions {
  CommonOptions common;
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc version
linenc version --json
)";

constexpr const char* kArchitecture =
#if defined(__x86_64__)
    "x86_64";
#elif defined(__aarch64__)
    "aarch64";
#else
    "other";
#endif

constexpr const char* kCompiler =
#if defined(__clang__)
    "clang " __clang_version__;
#else
    "gcc " __VERSION__;
#endif

CommandResult version(const VersionOptions& options) {
  if (!wants_json(options.json, options.format)) {
    return {Exit::Done, concat("linenc ", LINENC_VERSION, "\nlanguage version 1, ", kArchitecture, ", ", kCompiler, "\n")};
  }
  const nlohmann::ordered_json document = {{"format_version", "1.0"},
                                           {"tool", {{"name", "linenc"}, {"version", LINENC_VERSION}}},
                                           {"language_version", 1},
                                           {"architecture", kArchitecture},
                                           {"compiler", kCompiler}};
  return {Exit::Done, document.dump(2) + "\n"};
}

}  // namespace

Command version_command() {
  return {"version", "the version, and how this program was built", "[--json]", kExamples, [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<VersionOptions>();
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return version(*options); };
          }};
}

}  // namespace linenc::driver
