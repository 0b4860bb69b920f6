// The table of codes, made from codes.def; their pages are embedded by embed_pages.cmake.
#include "compiler/diagnostics/code.h"

#include <array>
#include <string>

#include "compiler/diagnostics/pages.h"

namespace linenc::diagnostics {
namespace {

struct Row {
  std::string_view number;
  std::string_view slug;
  Severity severity;
};

constexpr std::array kRows{
#define LINENC_CODE(number, enumerator, slug, severity) Row{#number, slug, Severity::severity},
#include "compiler/diagnostics/codes.def"
#undef LINENC_CODE
};

const Row& row(Code code) { return kRows[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view number(Code code) { return row(code).number; }
std::string_view slug(Code code) { return row(code).slug; }
Severity severity(Code code) { return row(code).severity; }

std::optional<Code> code_of(std::string_view number) {
  std::string wanted(number);
  for (char& c : wanted) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].number == wanted) return static_cast<Code>(i);
  }
  return std::nullopt;
}

std::vector<Code> all_codes() {
  std::vector<Code> codes;
  for (std::size_t i = 0; i < kRows.size(); ++i) codes.push_back(static_cast<Code>(i));
  return codes;
}

std::string_view page(Code code) { return embedded_page(number(code)); }

}  // namespace linenc::diagnostics
