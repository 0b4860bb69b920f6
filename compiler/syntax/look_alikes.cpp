#include "compiler/syntax/look_alikes.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "compiler/diagnostics/escape.h"

namespace linenc::syntax {

namespace {

struct Row {
  std::uint32_t code;
  std::string_view meant;
};
constexpr std::array<Row, 73> kRows = {
    {// by their codes
     {0x00A0, " "}, {0x00AD, ""},  {0x00B7, "*"}, {0x00D7, "*"}, {0x00F7, "/"},  {0x0391, "A"},  {0x0392, "B"},  {0x0395, "E"}, {0x0396, "Z"},
     {0x0397, "H"}, {0x0399, "I"}, {0x039A, "K"}, {0x039C, "M"}, {0x039D, "N"},  {0x039F, "O"},  {0x03A1, "P"},  {0x03A4, "T"}, {0x03A5, "Y"},
     {0x03A7, "X"}, {0x03BF, "o"}, {0x0405, "S"}, {0x0406, "I"}, {0x0408, "J"},  {0x0410, "A"},  {0x0412, "B"},  {0x0415, "E"}, {0x041A, "K"},
     {0x041C, "M"}, {0x041D, "H"}, {0x041E, "O"}, {0x0420, "P"}, {0x0421, "C"},  {0x0422, "T"},  {0x0425, "X"},  {0x0430, "a"}, {0x0435, "e"},
     {0x043E, "o"}, {0x0440, "p"}, {0x0441, "c"}, {0x0443, "y"}, {0x0445, "x"},  {0x0455, "s"},  {0x0456, "i"},  {0x0458, "j"}, {0x2002, " "},
     {0x2003, " "}, {0x2007, " "}, {0x2009, " "}, {0x200B, ""},  {0x200C, ""},   {0x200D, ""},   {0x2010, "-"},  {0x2011, "-"}, {0x2012, "-"},
     {0x2013, "-"}, {0x2014, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x201C, "\""}, {0x201D, "\""}, {0x201E, "\""}, {0x202F, " "}, {0x2032, "'"},
     {0x2044, "/"}, {0x2212, "-"}, {0x2215, "/"}, {0x2217, "*"}, {0x2260, "!="}, {0x2264, "<="}, {0x2265, ">="}, {0x22C5, "*"}, {0x3000, " "},
     {0xFEFF, ""}}};

// The fullwidth forms U+FF01 to U+FF5E are the signs of ASCII in their order.
constexpr std::string_view kSigns = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

std::string code_text(std::uint32_t code) {
  std::string digits;
  for (; code > 0; code /= 16) digits.insert(digits.begin(), "0123456789ABCDEF"[code % 16]);
  return "U+" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

}  // namespace

std::optional<LookAlike> look_alike(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const diagnostics::CodePoint point = diagnostics::code_point_at(text, 0);
  if (!point.valid || point.size < 2) return std::nullopt;
  const auto code = static_cast<std::uint32_t>(point.value);
  if (code >= 0xFF01 && code - 0xFF01 < kSigns.size()) return LookAlike{point.size, code_text(code), kSigns.substr(code - 0xFF01, 1)};
  const auto row = std::find_if(kRows.begin(), kRows.end(), [code](const Row& known) { return known.code == code; });
  if (row == kRows.end()) return std::nullopt;
  return LookAlike{point.size, code_text(code), row->meant};
}

}  // namespace linenc::syntax
