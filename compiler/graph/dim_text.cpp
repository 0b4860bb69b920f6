// Sizes as text that the model language reads back.
#include <algorithm>
#include <cctype>

#include "compiler/diagnostics/concat.h"
#include "compiler/graph/dim_form.h"

namespace linenc::graph {
namespace {

// coefficient * body; an empty body is the constant term.
struct Piece {
  std::int64_t coefficient = 0;
  std::string body;
  bool is_product = false;  // the body may follow `2*` without parentheses
  AtomPtr division;         // where the body is one floor division
};

// No operator outside of parentheses.
bool is_simple(const std::string& text) {
  int depth = 0;
  for (const char c : text) {
    if (c == '(')
      ++depth;
    else if (c == ')')
      --depth;
    else if (depth == 0 && !std::isalnum(static_cast<unsigned char>(c)) && c != '_')
      return false;
  }
  return true;
}

std::string operand(const Dim& dim) {
  std::string text = dim.text();
  return is_simple(text) ? text : concat("(", text, ")");
}

std::string text_of(const Atom& atom) {
  switch (atom.kind) {
    case Atom::Kind::Name: return atom.name;
    case Atom::Kind::FloorDiv: return concat(operand(atom.a), "//", operand(atom.b));
    case Atom::Kind::Max: return concat("max(", atom.a.text(), ", ", atom.b.text(), ")");
    case Atom::Kind::Min: return concat("min(", atom.a.text(), ", ", atom.b.text(), ")");
  }
  return {};
}

Piece piece_of(const Term& term) {
  Piece piece{term.coefficient, {}, true, nullptr};
  if (term.factors.size() == 1 && term.factors[0].power == 1) {
    const AtomPtr& atom = term.factors[0].atom;
    piece.body = text_of(*atom);
    piece.is_product = atom->kind != Atom::Kind::FloorDiv;
    if (atom->kind == Atom::Kind::FloorDiv) piece.division = atom;
    return piece;
  }
  for (const Factor& factor : term.factors) {
    if (!piece.body.empty()) piece.body += "*";
    const std::string text = text_of(*factor.atom);
    piece.body += is_simple(text) ? text : concat("(", text, ")");
    if (factor.power > 1) piece.body += concat("**", factor.power);
  }
  return piece;
}

std::vector<Piece> pieces_of(Dim dim) {
  std::vector<Piece> remainders;
  while (const auto part = split_remainder(dim)) {
    remainders.push_back({part->factor, concat(operand(part->dividend), " % ", operand(part->divisor)), false, nullptr});
    dim = part->rest;
  }
  std::vector<Piece> pieces;
  for (const Term& term : terms_of(dim)) {
    if (!term.factors.empty()) pieces.push_back(piece_of(term));
  }
  pieces.insert(pieces.end(), remainders.begin(), remainders.end());
  std::int64_t constant = constant_term(dim);
  // (h + 1)//2 - 1 reads (h - 1)//2.
  for (Piece& piece : pieces) {
    if (constant == 0 || piece.coefficient != 1 || !piece.division || constant_term(piece.division->a) == 0) continue;
    const Dim dividend = piece.division->a + piece.division->b * constant;
    if (dividend.is_overflow() || !piece.division->b.is_constant()) continue;
    piece.body = concat(operand(dividend), "//", operand(piece.division->b));
    constant = 0;
  }
  if (constant != 0) pieces.push_back({constant, {}, true, nullptr});
  const auto positive = std::find_if(pieces.begin(), pieces.end(), [](const Piece& piece) { return piece.coefficient > 0; });
  if (positive != pieces.end()) std::rotate(pieces.begin(), positive, positive + 1);
  return pieces;
}

}  // namespace

std::string Dim::text() const {
  if (is_constant()) return std::to_string(constant_);
  if (is_overflow()) return "(too large)";
  std::string text;
  for (const Piece& piece : pieces_of(*this)) {
    const bool negative = piece.coefficient < 0, first = text.empty();
    text += first ? (negative ? "-" : "") : (negative ? " - " : " + ");
    const std::uint64_t magnitude = negative ? -static_cast<std::uint64_t>(piece.coefficient) : static_cast<std::uint64_t>(piece.coefficient);
    if (piece.body.empty()) {
      text += std::to_string(magnitude);
      continue;
    }
    if (magnitude != 1) text += concat(magnitude, "*");
    // Python reads -h//2 as (-h)//2.
    const bool bare = piece.is_product || (magnitude == 1 && !(first && negative));
    text += bare ? piece.body : concat("(", piece.body, ")");
  }
  return text;
}

}  // namespace linenc::graph
