// The range of a size, from the ranges of its names.
#include <algorithm>
#include <map>
#include <utility>

#include "compiler/graph/dim_form.h"

namespace linenc::graph {
namespace {

__extension__ using Wide = __int128;

// Ends of ranges: numbers of this size and beyond are "unbounded".
constexpr Wide kUnbounded = Wide{1} << 63;

Wide clamped(Wide value) { return std::clamp(value, -kUnbounded, kUnbounded); }
bool bounded(Wide value) { return -kUnbounded < value && value < kUnbounded; }

Wide plus(Wide a, Wide b) {
  if (!bounded(a)) return a;
  return bounded(b) ? clamped(a + b) : b;
}

Wide quotient(Wide a, Wide b) {
  if (!bounded(b)) return !bounded(a) ? a : a < 0 ? -1 : 0;
  if (!bounded(a)) return a;
  const Wide truncated = a / b;
  return truncated - (a % b != 0 && a < 0);
}

struct Range {
  Wide low = -kUnbounded, high = kUnbounded;
};

Range operator+(const Range& a, const Range& b) { return {plus(a.low, b.low), plus(a.high, b.high)}; }

Range operator*(const Range& a, const Range& b) {
  const Wide products[] = {clamped(a.low * b.low), clamped(a.low * b.high), clamped(a.high * b.low), clamped(a.high * b.high)};
  return {*std::min_element(products, products + 4), *std::max_element(products, products + 4)};
}

Range operator&(const Range& a, const Range& b) { return {std::max(a.low, b.low), std::min(a.high, b.high)}; }

// The ranges of the parts of a size. Each form is looked at once: a part of a nested remainder occurs in many places.
class Ranges {
 public:
  explicit Ranges(const NameBounds& names) : names_(names) {}

  Range of(const Dim& dim) {
    if (dim.is_overflow()) return {};
    if (dim.is_constant()) return {*dim.constant(), *dim.constant()};
    if (const auto found = known_.find(dim.form()); found != known_.end()) return found->second.second;
    const Range range = of_form(dim);
    known_.emplace(dim.form(), std::pair(dim, range));
    return range;
  }

 private:
  Range of_atom(const Atom& atom) {
    if (atom.kind == Atom::Kind::Name) {
      const Bounds bounds = names_(atom.name);
      return {bounds.low ? Wide{*bounds.low} : -kUnbounded, bounds.high ? Wide{*bounds.high} : kUnbounded};
    }
    const Range a = of(atom.a), b = of(atom.b);
    switch (atom.kind) {
      case Atom::Kind::Name: break;
      case Atom::Kind::Max: return {std::max(a.low, b.low), std::max(a.high, b.high)};
      case Atom::Kind::Min: return {std::min(a.low, b.low), std::min(a.high, b.high)};
      case Atom::Kind::FloorDiv:
        if (b.low <= 0) return {};
        return {quotient(a.low, a.low >= 0 ? b.high : b.low), quotient(a.high, a.high >= 0 ? b.low : b.high)};
    }
    return {};
  }

  Range of_terms(const Dim& dim) {
    Range sum = {0, 0};
    for (const Term& term : terms_of(dim)) {
      Range product = {term.coefficient, term.coefficient};
      for (const Factor& factor : term.factors) {
        const Range atom = of_atom(*factor.atom);
        for (std::uint32_t i = 0; i < factor.power; ++i) product = product * atom;
      }
      sum = sum + product;
    }
    return sum;
  }

  // 3*n*n - n is n times 3*n - 1: each factor has a range of its own. What is added to the product is a number.
  Range of_product(const Dim& dim) {
    const std::int64_t constant = constant_term(dim);
    std::vector<Term> terms = terms_of(dim - constant);
    if (terms.size() < 2) return {};
    const auto power_in = [](Term& term, const Atom& atom) {
      return std::ranges::find_if(term.factors, [&](const Factor& factor) { return compare(*factor.atom, atom) == 0; });
    };
    for (const Factor& common : std::vector<Factor>(terms[0].factors)) {
      if (!std::ranges::all_of(terms, [&](Term& term) { return power_in(term, *common.atom) != term.factors.end(); })) continue;
      for (Term& term : terms) {
        const auto factor = power_in(term, *common.atom);
        if (--factor->power == 0) term.factors.erase(factor);
      }
      return of_atom(*common.atom) * of(sum_of(std::move(terms))) + Range{constant, constant};
    }
    return {};
  }

  Range of_form(const Dim& dim) {
    if (dim.form()->terms.size() < 2) return of_terms(dim);
    const Range terms = of_terms(dim) & of_product(dim);
    const auto part = split_remainder(dim);
    if (!part) return terms;
    const Range divisor = of(part->divisor);
    if (divisor.low <= 0) return terms;
    Range remainder = {0, plus(divisor.high, -1)};
    const Range dividend = of(part->dividend);
    if (dividend.low >= 0) remainder.high = std::min(remainder.high, dividend.high);
    return terms & (of(part->rest) + Range{part->factor, part->factor} * remainder);
  }

  const NameBounds& names_;
  std::map<const Dim::Form*, std::pair<Dim, Range>> known_;  // the Dim keeps the form at its address
};

Bounds bounds_from(const Range& range) {
  Bounds bounds;
  if (range.low > -kUnbounded) bounds.low = range.low >= kUnbounded ? INT64_MAX : static_cast<std::int64_t>(range.low);
  if (range.high < kUnbounded) bounds.high = range.high <= -kUnbounded ? INT64_MIN : static_cast<std::int64_t>(range.high);
  return bounds;
}

}  // namespace

// whole = K*(a//b)*lead(b) + ...: taking k*(a % b) away, with k = -K / lead(b), must make the sum shorter.
std::optional<RemainderPart> split_remainder(const Dim& dim) {
  if (dim.is_constant() || dim.is_overflow()) return std::nullopt;
  for (const Term& term : dim.form()->terms) {
    for (const Factor& factor : term.factors) {
      const Atom& atom = *factor.atom;
      if (atom.kind != Atom::Kind::FloorDiv || factor.power != 1) continue;
      const std::vector<Term> divisor = terms_of(atom.b);
      if (term.coefficient % divisor[0].coefficient != 0 || term.factors.size() != divisor[0].factors.size() + 1) continue;
      const std::int64_t factor_of = -(term.coefficient / divisor[0].coefficient);
      const Dim remainder = atom.a - atom_dim(factor.atom) * atom.b;
      Dim rest = dim - remainder * factor_of;
      if (rest.is_overflow() || terms_of(rest).size() >= dim.form()->terms.size()) continue;
      return RemainderPart{factor_of, atom.a, atom.b, std::move(rest)};
    }
  }
  return std::nullopt;
}

Bounds bounds_of(const Dim& dim, const NameBounds& names) { return bounds_from(Ranges(names).of(dim)); }

Bounds bounds_of(const Dim& dim) {
  if (dim.is_constant()) return {dim.constant(), dim.constant()};
  return bounds_of(dim, [](const std::string&) { return Bounds{1, std::nullopt}; });
}

}  // namespace linenc::graph
