// What follows from the assumptions. A relation left ? right is a question about the sign of left - right, answered by ranges
// and single assumptions; where these do not decide, by cases: which operand of a maximum is larger, and what remainder a
// name leaves. Every answer but Unknown is a proof.
// Tested by tests/compiler/graph/dim_context_test.cpp.
#include <algorithm>
#include <numeric>

#include "compiler/graph/dim_form.h"

namespace linenc::graph {
namespace {

using Relation = DimContext::Relation;

constexpr std::int64_t kMaxPeriod = 64;  // of remainders of one name
constexpr int kMaxCases = 512;           // of one proof

struct Known {
  Dim difference;  // left - right
  Relation relation = Relation::Equal;
};

class Prover {
 public:
  explicit Prover(std::vector<Known> known) : known_(std::move(known)) { derive(); }

  [[nodiscard]] Truth decide(const Dim& difference, Relation relation, int& cases) const;
  [[nodiscard]] Dim simplify(const Dim& dim) const;

 private:
  std::vector<Known> known_;
  std::vector<Dim> at_most_zero_;                 // what the assumptions say of inequalities
  std::map<std::string, Bounds> bounds_;          // of single names, beside "at least 1"
  std::map<std::string, std::int64_t> divisors_;  // name % divisor == 0
  std::map<std::string, Dim> replaced_;           // name == size

  void derive();
  void derive_equality(const Dim& difference);
  void derive_bound(const Dim& at_most_zero);
  [[nodiscard]] Bounds bounds(const Dim& dim) const;
  [[nodiscard]] bool is_at_most_zero(const Dim& dim) const;
  [[nodiscard]] bool is_known_unequal(const Dim& dim) const;
  [[nodiscard]] Truth decide_directly(const Dim& difference, Relation relation) const;
  [[nodiscard]] Truth decide_by_order(const Atom& atom, const Dim& difference, Relation relation, int& cases) const;
  [[nodiscard]] Truth decide_by_remainder(const Dim& difference, Relation relation, int& cases) const;
  [[nodiscard]] Dim simplify_atom(const Atom& atom) const;
  [[nodiscard]] std::int64_t granularity(const Term& term) const;
  [[nodiscard]] Dim divide(const Dim& a, const Dim& b) const;
  [[nodiscard]] Dim multiply_out_exact(const Dim& dim) const;
};

// Equalities first: they rewrite the other assumptions.
void Prover::derive() {
  for (const Known& known : known_) {
    if (known.relation == Relation::Equal) derive_equality(known.difference);
  }
  for (const Known& known : known_) {
    const Dim difference = simplify(known.difference);
    switch (known.relation) {
      case Relation::Equal:
        at_most_zero_.push_back(difference);
        at_most_zero_.push_back(-difference);
        break;
      case Relation::NotEqual: break;
      case Relation::Less: at_most_zero_.push_back(difference + 1); break;
      case Relation::LessEqual: at_most_zero_.push_back(difference); break;
      case Relation::Greater: at_most_zero_.push_back(1 - difference); break;
      case Relation::GreaterEqual: at_most_zero_.push_back(-difference); break;
    }
  }
  for (std::size_t i = 0; i < at_most_zero_.size(); ++i) derive_bound(Dim(at_most_zero_[i]));  // it may add to them
}

void Prover::derive_equality(const Dim& difference) {
  for (const Dim& side : {difference, -difference}) {
    const auto part = split_remainder(side);
    if (!part || part->factor != 1 || part->rest != Dim(0) || !part->divisor.is_constant()) continue;
    // A larger divisor takes part in ranges and remainders only; least common multiples must not overflow.
    if (*part->divisor.constant() > INT32_MAX) continue;
    if (const auto name = part->dividend.as_name()) {
      std::int64_t& divisor = divisors_.emplace(*name, 1).first->second;
      const std::int64_t multiple = std::lcm(divisor, *part->divisor.constant());
      if (multiple <= INT32_MAX) divisor = multiple;
      return;
    }
  }
  const std::vector<Term> terms = terms_of(difference);
  for (auto term = terms.rbegin(); term != terms.rend(); ++term) {
    if ((term->coefficient != 1 && term->coefficient != -1) || term->factors.size() != 1 || term->factors[0].power != 1) continue;
    const Atom& atom = *term->factors[0].atom;
    if (atom.kind != Atom::Kind::Name || replaced_.contains(atom.name)) continue;
    Dim value = (difference - sum_of({*term})) * -term->coefficient;
    if (value.names().contains(atom.name)) continue;
    value = value.substitute(replaced_);
    if (value.names().contains(atom.name)) continue;
    for (auto& [name, other] : replaced_) other = other.substitute({{atom.name, value}});
    replaced_.emplace(atom.name, std::move(value));
    return;
  }
}

// c*name + k <= 0, or c*(a//d) + k <= 0, which says as much of `a`
void Prover::derive_bound(const Dim& dim) {
  const Dim linear = dim - constant_term(dim);
  const std::vector<Term> terms = terms_of(linear);
  if (terms.size() != 1 || terms[0].factors.size() != 1 || terms[0].factors[0].power != 1) return;
  const Atom& atom = *terms[0].factors[0].atom;
  const bool is_above = terms[0].coefficient > 0;  // the limit, which is its largest value
  const Dim limit =
      is_above ? floor_div(Dim(constant_term(dim)) * -1, terms[0].coefficient) : ceil_div(constant_term(dim), Dim(terms[0].coefficient) * -1);
  if (!limit.constant()) return;
  if (atom.kind == Atom::Kind::FloorDiv && atom.b.is_constant() && *atom.b.constant() > 0) {
    const Dim dividend = is_above ? atom.a - limit * atom.b - atom.b + 1 : limit * atom.b - atom.a;
    if (!dividend.is_overflow()) at_most_zero_.push_back(dividend);
  }
  if (atom.kind != Atom::Kind::Name) return;
  Bounds& bounds = bounds_[atom.name];
  if (is_above)
    bounds.high = std::min(bounds.high.value_or(INT64_MAX), *limit.constant());
  else
    bounds.low = std::max(bounds.low.value_or(1), *limit.constant());
}

Bounds Prover::bounds(const Dim& dim) const {
  return bounds_of(dim, [&](const std::string& name) {
    // What `divisor` divides is at least that, since names are at least 1.
    const auto divisor = divisors_.find(name);
    const std::int64_t least = divisor == divisors_.end() ? 1 : divisor->second;
    const auto found = bounds_.find(name);
    if (found == bounds_.end()) return Bounds{least, std::nullopt};
    return Bounds{std::max(least, found->second.low.value_or(1)), found->second.high};
  });
}

bool Prover::is_at_most_zero(const Dim& dim) const {
  const auto shown = [&](const Dim& candidate) {
    const Bounds range = bounds(candidate);
    return range.high && *range.high <= 0;
  };
  if (shown(dim)) return true;
  if (dim.is_constant()) return false;
  for (std::size_t i = 0; i < at_most_zero_.size(); ++i) {
    const Dim left = dim - at_most_zero_[i];
    if (shown(left)) return true;
    for (std::size_t j = i + 1; j < at_most_zero_.size(); ++j) {
      if (shown(left - at_most_zero_[j])) return true;
    }
  }
  return false;
}

bool Prover::is_known_unequal(const Dim& dim) const {
  return std::any_of(known_.begin(), known_.end(), [&](const Known& known) {
    if (known.relation != Relation::NotEqual) return false;
    const Dim difference = simplify(known.difference);
    return difference == dim || difference == -dim;
  });
}

// Which signs the relation allows: below, at, above zero.
struct Signs {
  bool below = false, zero = false, above = false;
};

Signs signs_of(Relation relation) {
  switch (relation) {
    case Relation::Equal: return {false, true, false};
    case Relation::NotEqual: return {true, false, true};
    case Relation::Less: return {true, false, false};
    case Relation::LessEqual: return {true, true, false};
    case Relation::Greater: return {false, false, true};
    case Relation::GreaterEqual: return {false, true, true};
  }
  return {};
}

Truth Prover::decide_directly(const Dim& difference, Relation relation) const {
  Signs possible;
  possible.above = !is_at_most_zero(difference);
  possible.below = !is_at_most_zero(-difference);
  if (!possible.above || !possible.below) {
    possible.zero = !is_at_most_zero(difference + 1) && !is_at_most_zero(1 - difference) && !is_known_unequal(difference);
  } else {
    possible.zero = !is_known_unequal(difference);
  }
  const Signs wanted = signs_of(relation);
  const bool some = (possible.below && wanted.below) || (possible.zero && wanted.zero) || (possible.above && wanted.above);
  const bool others = (possible.below && !wanted.below) || (possible.zero && !wanted.zero) || (possible.above && !wanted.above);
  if (!others) return Truth::Yes;
  return some ? Truth::Unknown : Truth::No;
}

std::int64_t Prover::granularity(const Term& term) const {
  std::int64_t product = term.coefficient;
  for (const Factor& factor : term.factors) {
    const auto found = factor.atom->kind == Atom::Kind::Name ? divisors_.find(factor.atom->name) : divisors_.end();
    if (found == divisors_.end()) continue;
    for (std::uint32_t i = 0; i < factor.power; ++i) {
      if (__builtin_mul_overflow(product, found->second, &product)) return term.coefficient;
    }
  }
  return product;
}

// (h + 1)//2 is h//2 where h is even: all of the dividend but its constant moves in steps of `step`.
Dim Prover::divide(const Dim& a, const Dim& b) const {
  if (!b.is_constant() || *b.constant() < 1 || divisors_.empty()) return floor_div(a, b);
  std::int64_t step = *b.constant();
  const std::int64_t constant = constant_term(a);
  for (const Term& term : terms_of(a - constant)) step = std::gcd(step, granularity(term));
  return floor_div(a - constant + floor_div(Dim(constant), step) * step, b);
}

Dim Prover::simplify_atom(const Atom& atom) const {
  if (atom.kind == Atom::Kind::Name) {
    const auto found = replaced_.find(atom.name);
    return found == replaced_.end() ? Dim::named(atom.name) : found->second;
  }
  const Dim a = simplify(atom.a), b = simplify(atom.b);
  switch (atom.kind) {
    case Atom::Kind::Name: break;
    case Atom::Kind::FloorDiv: return divide(a, b);
    case Atom::Kind::Max: return is_at_most_zero(a - b) ? b : is_at_most_zero(b - a) ? a : maximum(a, b);
    case Atom::Kind::Min: return is_at_most_zero(a - b) ? a : is_at_most_zero(b - a) ? b : minimum(a, b);
  }
  return a;
}

// 2*(h//2) is h where h is even.
Dim Prover::multiply_out_exact(const Dim& dim) const {
  if (dim.is_constant() || dim.is_overflow()) return dim;
  Dim sum = 0;
  for (const Term& term : dim.form()->terms) {
    Dim value = sum_of({term});
    for (std::size_t i = 0; i < term.factors.size(); ++i) {
      const Atom& atom = *term.factors[i].atom;
      if (atom.kind != Atom::Kind::FloorDiv || !atom.b.is_constant() || term.coefficient % *atom.b.constant() != 0) continue;
      const std::vector<Term> dividend = terms_of(atom.a);
      const bool exact = std::all_of(dividend.begin(), dividend.end(), [&](const Term& part) { return granularity(part) % *atom.b.constant() == 0; });
      if (!exact) continue;
      Term rest = term;
      rest.coefficient /= *atom.b.constant();
      if (--rest.factors[i].power == 0) rest.factors.erase(rest.factors.begin() + static_cast<std::ptrdiff_t>(i));
      value = sum_of({rest}) * atom.a;
      break;
    }
    sum = sum + value;
  }
  return sum;
}

Dim Prover::simplify(const Dim& dim) const {
  if (dim.is_constant() || dim.is_overflow()) return dim;
  const Dim rebuilt = rebuild(dim, [&](const Atom& atom) { return simplify_atom(atom); });
  return divisors_.empty() ? rebuilt : multiply_out_exact(rebuilt);
}

Truth combined(std::optional<Truth> a, Truth b) { return !a || *a == b ? b : Truth::Unknown; }

Truth Prover::decide_by_order(const Atom& atom, const Dim& difference, Relation relation, int& cases) const {
  std::optional<Truth> result;
  for (const bool first_is_larger : {true, false}) {
    std::vector<Known> known = known_;
    known.push_back({atom.a - atom.b, first_is_larger ? Relation::GreaterEqual : Relation::Less});
    result = combined(result, Prover(std::move(known)).decide(difference, relation, cases));
    if (*result == Truth::Unknown) break;
  }
  return *result;
}

struct Period {
  std::string name;
  std::int64_t length = 1;
};

// The names outside of inner divisions: only these leave a division once their remainder is known.
std::set<std::string> free_names(const Dim& dim) {
  std::set<std::string> names;
  for (const Term& term : terms_of(dim)) {
    for (const Factor& factor : term.factors) {
      if (factor.atom->kind == Atom::Kind::Name) names.insert(factor.atom->name);
    }
  }
  return names;
}

// A name that stands in divisions by numbers, and after how many steps their remainders come again.
std::optional<Period> period_of(const Dim& dim) {
  std::map<std::string, std::int64_t> lengths;
  for (const AtomPtr& atom : atoms_of(dim)) {
    if (atom->kind != Atom::Kind::FloorDiv || !atom->b.is_constant()) continue;
    for (const std::string& name : free_names(atom->a)) {
      std::int64_t& length = lengths.emplace(name, 1).first->second;
      if (length <= kMaxPeriod && *atom->b.constant() <= kMaxPeriod)
        length = std::lcm(length, *atom->b.constant());
      else
        length = kMaxPeriod + 1;
    }
  }
  for (const auto& [name, length] : lengths) {
    if (length <= kMaxPeriod) return Period{name, length};
  }
  return std::nullopt;
}

Truth Prover::decide_by_remainder(const Dim& difference, Relation relation, int& cases) const {
  const auto period = period_of(difference);
  if (!period) return Truth::Unknown;
  std::optional<Truth> result;
  for (std::int64_t remainder = 1; remainder <= period->length; ++remainder) {
    const Dim size = (Dim::named(period->name) - 1) * period->length + remainder;
    const std::map<std::string, Dim> sizes = {{period->name, size}};
    std::vector<Known> known;
    bool possible = true;
    for (const Known& fact : known_) {
      known.push_back({fact.difference.substitute(sizes), fact.relation});
      possible = possible && Prover({}).decide_directly(known.back().difference, fact.relation) != Truth::No;
    }
    if (!possible) continue;
    result = combined(result, Prover(std::move(known)).decide(difference.substitute(sizes), relation, cases));
    if (*result == Truth::Unknown) break;
  }
  return result.value_or(Truth::Unknown);
}

Truth Prover::decide(const Dim& unsimplified, Relation relation, int& cases) const {
  const Dim difference = simplify(unsimplified);
  if (difference.is_overflow() || ++cases > kMaxCases) return Truth::Unknown;
  const Truth direct = decide_directly(difference, relation);
  if (direct != Truth::Unknown || difference.is_constant()) return direct;
  for (const AtomPtr& atom : atoms_of(difference)) {
    if (atom->kind == Atom::Kind::Max || atom->kind == Atom::Kind::Min) return decide_by_order(*atom, difference, relation, cases);
  }
  return decide_by_remainder(difference, relation, cases);
}

}  // namespace

void DimContext::assume(const Dim& left, Relation relation, const Dim& right) { assumptions_.push_back({left, relation, right}); }

Truth DimContext::holds(const Dim& left, Relation relation, const Dim& right) const {
  if (left.is_constant() && right.is_constant()) {
    const std::int64_t a = *left.constant(), b = *right.constant();
    const Signs wanted = signs_of(relation);
    return (a < b ? wanted.below : a == b ? wanted.zero : wanted.above) ? Truth::Yes : Truth::No;
  }
  const Dim difference = left - right;
  if (difference.is_overflow()) return Truth::Unknown;
  const Signs wanted = signs_of(relation);
  const Bounds range = bounds_of(difference);
  if (range.low && range.high && *range.low == 0 && *range.high == 0) return wanted.zero ? Truth::Yes : Truth::No;
  // Most questions need no assumption.
  const bool above = range.low && *range.low > 0, below = range.high && *range.high < 0;
  if (above || below) return (above ? wanted.above : wanted.below) ? Truth::Yes : Truth::No;
  if (range.low && *range.low == 0 && wanted.zero && wanted.above) return Truth::Yes;
  if (range.high && *range.high == 0 && wanted.zero && wanted.below) return Truth::Yes;
  std::vector<Known> known;
  for (const Assumption& assumption : assumptions_) known.push_back({assumption.left - assumption.right, assumption.relation});
  int cases = 0;
  return Prover(std::move(known)).decide(difference, relation, cases);
}

Dim DimContext::simplify(const Dim& dim) const {
  if (dim.is_constant() || assumptions_.empty()) return dim;
  std::vector<Known> known;
  for (const Assumption& assumption : assumptions_) known.push_back({assumption.left - assumption.right, assumption.relation});
  return Prover(std::move(known)).simplify(dim);
}

}  // namespace linenc::graph
