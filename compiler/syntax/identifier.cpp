// Identifiers beyond ASCII. Tested by tests/compiler/syntax/identifier_test.cpp.
#include "compiler/syntax/identifier.h"

#include <algorithm>
#include <cstdint>

#include "compiler/diagnostics/escape.h"
#include "compiler/syntax/identifier_tables.h"

namespace linenc::syntax {

namespace {

// The last row that begins at or before a character; null where there is none.
template <class Table, class First>
auto row_before(const Table& table, char32_t code, First first) -> decltype(table.data()) {
  const auto after = std::upper_bound(table.begin(), table.end(), code, [&](char32_t c, const auto& row) { return c < row.*first; });
  return after == table.begin() ? nullptr : &*(after - 1);
}

bool is_within(const auto& table, char32_t code) {
  const auto* row = row_before(table, code, &unicode::Range::first);
  return row != nullptr && code <= row->last;
}

bool begins(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  return is_within(unicode::kStarts, c);
}

bool continues(char32_t c) { return begins(c) || (c >= '0' && c <= '9') || (c >= 0x80 && is_within(unicode::kLater, c)); }

int combining_class(char32_t code) {
  const unicode::Class* row = row_before(unicode::kClasses, code, &unicode::Class::first);
  return row != nullptr && code <= row->last ? row->combining : 0;
}

// Hangul's syllables are computed (The Unicode Standard, 3.12).
constexpr char32_t kSyllables = 0xAC00, kLeading = 0x1100, kVowels = 0x1161, kTrailing = 0x11A7;
constexpr char32_t kLeadingCount = 19, kVowelCount = 21, kTrailingCount = 28;
constexpr char32_t kSyllableCount = kLeadingCount * kVowelCount * kTrailingCount;

char32_t composed(char32_t a, char32_t b) {
  if (a - kLeading < kLeadingCount && b - kVowels < kVowelCount) return kSyllables + ((a - kLeading) * kVowelCount + (b - kVowels)) * kTrailingCount;
  if (a - kSyllables < kSyllableCount && (a - kSyllables) % kTrailingCount == 0 && b > kTrailing && b < kTrailing + kTrailingCount)
    return a + (b - kTrailing);
  const auto pair =
      std::find_if(unicode::kPairs.begin(), unicode::kPairs.end(), [&](const unicode::Pair& p) { return p.first == a && p.second == b; });
  return pair == unicode::kPairs.end() ? 0 : pair->whole;
}

void decompose(char32_t code, std::u32string& out);

// What a character stands for; empty where that is itself.
std::u32string_view form_of(char32_t code) {
  const unicode::Row* row = row_before(unicode::kRows, code, &unicode::Row::first);
  if (row != nullptr && code - row->first < row->forms.size()) return row->forms.substr(code - row->first, 1);
  const unicode::Form* form = row_before(unicode::kForms, code, &unicode::Form::code);
  return form != nullptr && form->code == code ? form->text : std::u32string_view();
}

void decompose(char32_t code, std::u32string& out) {
  if (const std::u32string_view form = form_of(code); !form.empty()) {
    for (const char32_t part : form) decompose(part, out);
  } else if (code - kSyllables < kSyllableCount) {
    const char32_t index = code - kSyllables;
    out += kLeading + index / (kVowelCount * kTrailingCount);
    out += kVowels + index / kTrailingCount % kVowelCount;
    if (index % kTrailingCount != 0) out += kTrailing + index % kTrailingCount;
  } else if (const unicode::Pair* pair = row_before(unicode::kPairs, code, &unicode::Pair::whole); pair != nullptr && pair->whole == code) {
    decompose(pair->first, out);
    out += pair->second;
  } else {
    out += code;
  }
}

// Marks behind a letter stand in the order of their classes.
void reorder(std::u32string& text) {
  for (auto begin = text.begin(); begin != text.end();) {
    begin = std::find_if(begin, text.end(), [](char32_t c) { return combining_class(c) != 0; });
    const auto end = std::find_if(begin, text.end(), [](char32_t c) { return combining_class(c) == 0; });
    std::stable_sort(begin, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

// Each mark joins the letter before it, where no mark between them has its class.
std::u32string compose(const std::u32string& text) {
  std::u32string out;
  std::size_t letter = std::u32string::npos;
  int last_class = 0;
  for (const char32_t c : text) {
    const int own = combining_class(c);
    const bool is_next = letter != std::u32string::npos && letter + 1 == out.size();
    if (letter != std::u32string::npos && (is_next || last_class < own)) {
      if (const char32_t whole = composed(out[letter], c)) {
        out[letter] = whole;
        continue;
      }
    }
    if (own == 0) letter = out.size();
    last_class = own;
    out += c;
  }
  return out;
}

}  // namespace

std::size_t identifier_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const diagnostics::CodePoint next = diagnostics::code_point_at(text, size);
    if (size == 0 ? !begins(next.value) : !continues(next.value)) break;
    size += next.size;
  }
  return size;
}

std::string normal_form(std::string_view identifier) {
  if (std::all_of(identifier.begin(), identifier.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return std::string(identifier);
  std::u32string parts;
  for (std::size_t i = 0; i < identifier.size();) {
    const diagnostics::CodePoint next = diagnostics::code_point_at(identifier, i);
    decompose(next.value, parts);
    i += next.size;
  }
  reorder(parts);
  std::string out;
  for (const char32_t c : compose(parts)) diagnostics::append_utf8(out, c);
  return out;
}

}  // namespace linenc::syntax
