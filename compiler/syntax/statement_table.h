#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/tree.h"

namespace linenc::syntax {

// One row of the table of statements (language.md, section 5): what a verb may and must have beside it.
struct StatementRow {
  enum class Subject : std::uint8_t { Any, Name, Map, MapOrMaps, Names };

  std::string word;
  Verb verb = Verb::Apply;
  Subject subject = Subject::Any;
  std::vector<std::string> options;  // in the order of the language page
  std::vector<std::string> required;
};

// The row of a statement word, transforms included; null for everything that is applied by its name.
[[nodiscard]] const StatementRow* statement_row(std::string_view word);
// The words that begin a statement, transforms included.
[[nodiscard]] const std::vector<std::string>& statement_words();
// The options of what is applied by its name: in, out, name.
[[nodiscard]] const std::vector<std::string>& apply_options();

}  // namespace linenc::syntax
