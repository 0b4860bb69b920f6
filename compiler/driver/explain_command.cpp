// `linenc explain`: the long page of a diagnostic, or of a word of the language.
// Tested by tests/compiler/driver/check_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/command.h"
#include "compiler/driver/options.h"
#include "compiler/driver/vocabulary.h"

namespace linenc::driver {
namespace {

using diagnostics::shown;

struct ExplainOptions {
  CommonOptions common;
  std::string topic;
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc explain E0203
linenc explain Conv
linenc explain softmax
)";

std::string page_text(diagnostics::Code code) {
  const std::string_view page = diagnostics::page(code);
  if (!page.empty()) return std::string(page);
  return concat("# ", number(code), " ", slug(code), "\n");
}

[[noreturn]] void stop_on_unknown(const std::string& topic) {
  std::set<std::string> names;
  for (const Word& word : vocabulary()) names.insert(word.name);
  for (const diagnostics::Code code : diagnostics::all_codes()) {
    names.emplace(number(code));
    names.emplace(slug(code));
  }
  const std::vector<std::string> known(names.begin(), names.end());
  throw Stop{Exit::CannotDo,
             concat("error: there is nothing called `", shown(topic), "`", diagnostics::did_you_mean(topic, known), "\nsee: linenc catalog\n")};
}

CommandResult explain(const ExplainOptions& options) {
  if (options.topic.empty()) stop(Exit::CannotDo, "what shall be explained? A code (`E0203`), a layer, a function, a statement");
  const bool json = wants_json(options.json, options.format);
  std::string text;
  std::optional<diagnostics::Code> code = diagnostics::code_of(options.topic);
  for (const diagnostics::Code one : diagnostics::all_codes()) {
    if (slug(one) == options.topic) code = one;
  }
  text = code ? page_text(*code) : explain_word(options.topic);
  if (text.empty()) stop_on_unknown(options.topic);
  if (!text.ends_with('\n')) text += '\n';
  if (!json) return {Exit::Done, text};
  const nlohmann::ordered_json document = {{"format_version", "1.0"}, {"topic", options.topic}, {"text", text}};
  return {Exit::Done, document.dump(2) + "\n"};
}

}  // namespace

Command explain_command() {
  return {"explain", "the long page of a diagnostic, a layer, a function, a statement", "CODE or NAME", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<ExplainOptions>();
            table.positional("topic", options->topic, "CODE or NAME", "a code (E0203), or a name of the model language");
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return explain(*options); };
          }};
}

}  // namespace linenc::driver
