"""Writes compiler/syntax/identifier_tables.cpp: what Python allows in identifiers, and their normal form (NFKC), from unicodedata.

Python reads `ﬁ` as `fi`: names are compared in their normal form. Characters below U+0080 and the syllables of Hangul, which are
computed, have no rows.
"""
import pathlib
import sys
import unicodedata

CODES = [c for c in range(0x80, sys.maxunicode + 1) if ('a' + chr(c)).isidentifier()]
HANGUL = range(0xAC00, 0xD7A4)


def ranges(codes):
  rows = []
  for code in codes:
    if rows and rows[-1][1] == code - 1:
      rows[-1][1] = code
    else:
      rows.append([code, code])
  return rows


def mappings():
  """Neighbours whose normal forms are one character each, with all of these, and the others with their forms."""
  rows, texts = [], []
  for code in CODES:
    form = unicodedata.normalize('NFKC', chr(code))
    if form == chr(code):
      continue
    if len(form) > 1:
      texts.append((code, form))
    elif rows and rows[-1][0] + len(rows[-1][1]) == code and len(rows[-1][1]) < 20:
      rows[-1][1] += form
    else:
      rows.append([code, form])
  return rows, texts


def compositions():
  for code in range(0x80, sys.maxunicode + 1):
    parts = unicodedata.decomposition(chr(code)).split()
    if code in HANGUL or len(parts) != 2 or parts[0].startswith('<'):
      continue
    if unicodedata.normalize('NFC', chr(code)) == chr(code):
      yield int(parts[0], 16), int(parts[1], 16), code


def classes():
  rows = []
  for code in CODES:
    combining = unicodedata.combining(chr(code))
    if not combining:
      continue
    if rows and rows[-1][1] == code - 1 and rows[-1][2] == combining:
      rows[-1][1] = code
    else:
      rows.append([code, code, combining])
  return rows


def array(kind, name, rows):
  rows = ['{' + ', '.join(f'0x{v:X}' if isinstance(v, int) and v > 9 else str(v) for v in row) + '}' for row in rows]
  lines, line = [], ''
  for row in rows:
    if len(line) + len(row) > 144:
      lines.append(line)
      line = ''
    line += f' {row},' if line else f'    {row},'
  lines.append(line.rstrip(','))
  return f'constexpr std::array<{kind}, {len(rows)}> {name} = {{{{\n' + '\n'.join(lines) + '\n}};\n'


def escaped(text):
  """A literal that is read in one way, whatever the encoding of the file."""
  return 'U"' + ''.join(c if ord(c) < 0x80 else f'\\u{ord(c):04X}' if ord(c) < 0x10000 else f'\\U{ord(c):08X}' for c in text) + '"'


def main():
  rows, texts = mappings()
  start = ranges([c for c in CODES if chr(c).isidentifier()])
  later = ranges([c for c in CODES if not chr(c).isidentifier()])
  out = pathlib.Path(__file__).parents[2] / 'compiler' / 'syntax' / 'identifier_tables.h'
  out.write_text(
      '#pragma once\n\n'
      f'// Unicode {unicodedata.unidata_version}, written by tests/flax/make_identifier_tables.py. Rows are in the order of their codes.\n'
      '#include <array>\n#include <cstdint>\n#include <string_view>\n\n'
      '// clang-format off\nnamespace linenc::syntax::unicode {\n\n'
      'struct Range { char32_t first, last; };\nstruct Row { char32_t first; std::u32string_view forms; };\n'
      'struct Form { char32_t code; std::u32string_view text; };\nstruct Pair { char32_t first, second, whole; };\n'
      'struct Class { char32_t first, last; std::uint8_t combining; };\n\n'
      '// What may begin a name, and what may only follow.\n'
      + array('Range', 'kStarts', start) + '\n' + array('Range', 'kLater', later) +
      '\n// Normal forms: of neighbours, one character each, and of single characters.\n'
      + array('Row', 'kRows', [(c, escaped(t)) for c, t in rows]) + '\n' + array('Form', 'kForms', [(c, escaped(t)) for c, t in texts]) +
      '\n// Two characters that make one, in the order of the whole.\n' + array('Pair', 'kPairs', list(compositions())) +
      '\n// The combining classes that are not 0.\n' + array('Class', 'kClasses', classes()) +
      '\n}  // namespace linenc::syntax::unicode\n// clang-format on\n')


main()
