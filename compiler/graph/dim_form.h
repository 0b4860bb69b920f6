#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/graph/dim.h"

// The inside of Dim, for dim.cpp, dim_text.cpp and dim_context.cpp alone.
namespace linenc::graph {

// What cannot be simplified further: a name, or a division, maximum or minimum of two sizes. There is no atom for remainders:
// a % b is a - a//b*b, so that a//b*b + a%b is a.
struct Atom {
  enum class Kind : std::uint8_t { Name, FloorDiv, Max, Min };
  Kind kind = Kind::Name;
  std::string name;
  Dim a, b;
};
using AtomPtr = std::shared_ptr<const Atom>;

struct Factor {
  AtomPtr atom;
  std::uint32_t power = 1;
};

// coefficient * product of factors; without factors it is the constant term.
struct Term {
  std::int64_t coefficient = 0;
  std::vector<Factor> factors;  // ascending
};

// A sum of terms with non-zero coefficients: higher degrees first, the constant term last.
struct Dim::Form {
  std::vector<Term> terms;
  bool overflow = false;
  std::uint32_t weight = 1;  // how many terms and atoms it holds, nested ones counted each time
};

// Larger forms are treated like a coefficient out of range: nobody reads them, and text and comparison would take long.
inline constexpr std::uint32_t kMaxFormWeight = 1000;

[[nodiscard]] int compare(const Atom& a, const Atom& b);
[[nodiscard]] int compare(const Dim& a, const Dim& b);
[[nodiscard]] int compare(const std::vector<Factor>& a, const std::vector<Factor>& b);
// The terms; a number has one (none when it is 0).
[[nodiscard]] std::vector<Term> terms_of(const Dim& dim);
// The normal form of a sum.
[[nodiscard]] Dim sum_of(std::vector<Term> terms);
[[nodiscard]] Dim atom_dim(AtomPtr atom);
[[nodiscard]] std::int64_t constant_term(const Dim& dim);
// The atoms, each once, nested ones after the atoms that hold them.
[[nodiscard]] std::vector<AtomPtr> atoms_of(const Dim& dim);
// The same sum with every atom replaced by what `value` gives for it.
[[nodiscard]] Dim rebuild(const Dim& dim, const std::function<Dim(const Atom&)>& value);

// whole + factor * (dividend % divisor), where a size has this shape.
struct RemainderPart {
  std::int64_t factor = 1;
  Dim dividend, divisor, rest;
};
[[nodiscard]] std::optional<RemainderPart> split_remainder(const Dim& dim);

// The range of a size; no bound where none is known.
struct Bounds {
  std::optional<std::int64_t> low, high;
};
// The range of each name; the context-free one is [1, unbounded).
using NameBounds = std::function<Bounds(const std::string&)>;
[[nodiscard]] Bounds bounds_of(const Dim& dim, const NameBounds& names);
[[nodiscard]] Bounds bounds_of(const Dim& dim);

}  // namespace linenc::graph
