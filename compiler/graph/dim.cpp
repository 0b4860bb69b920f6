// Sizes in normal form. Numbers never reach the slow functions; everything else is a sum of terms over atoms (dim_form.h).
// Tested by tests/compiler/graph/dim_test.cpp.
#include "compiler/graph/dim.h"

#include <algorithm>
#include <numeric>

#include "compiler/graph/dim_form.h"

namespace linenc::graph {
namespace {

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

std::int64_t floor_div_numbers(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

std::uint32_t degree(const std::vector<Factor>& factors) {
  std::uint32_t sum = 0;
  for (const Factor& factor : factors) sum += factor.power;
  return sum;
}

std::uint32_t weight(const Dim& dim) { return dim.form() ? dim.form()->weight : 1; }

std::uint32_t weight(const std::vector<Term>& terms) {
  std::uint64_t sum = 0;
  for (const Term& term : terms) {
    sum += 1;
    for (const Factor& factor : term.factors) {
      sum += factor.atom->kind == Atom::Kind::Name ? 1 : 1 + weight(factor.atom->a) + weight(factor.atom->b);
    }
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, kMaxFormWeight + 1));
}

std::vector<Factor> multiply(const std::vector<Factor>& a, const std::vector<Factor>& b) {
  std::vector<Factor> product = a;
  for (const Factor& factor : b) {
    auto at =
        std::lower_bound(product.begin(), product.end(), factor, [](const Factor& x, const Factor& y) { return compare(*x.atom, *y.atom) < 0; });
    if (at != product.end() && compare(*at->atom, *factor.atom) == 0)
      at->power += factor.power;
    else
      product.insert(at, factor);
  }
  return product;
}

// a / b, where b divides a.
std::optional<std::vector<Factor>> divide(const std::vector<Factor>& a, const std::vector<Factor>& b) {
  std::vector<Factor> quotient = a;
  for (const Factor& factor : b) {
    auto at = std::find_if(quotient.begin(), quotient.end(), [&](const Factor& other) { return compare(*other.atom, *factor.atom) == 0; });
    if (at == quotient.end() || at->power < factor.power) return std::nullopt;
    at->power -= factor.power;
    if (at->power == 0) quotient.erase(at);
  }
  return quotient;
}

Dim binary_atom(Atom::Kind kind, const Dim& a, const Dim& b) {
  if (a.is_overflow() || b.is_overflow()) return Dim::overflow();
  return atom_dim(std::make_shared<const Atom>(Atom{kind, {}, a, b}));
}

bool in_range(const Dim& dim, std::int64_t low, const Dim& end) {
  const Bounds bounds = bounds_of(dim);
  if (!bounds.low || *bounds.low < low) return false;
  const Bounds above = bounds_of(dim - end);
  return above.high && *above.high < 0;
}

const Atom* only_atom(const Dim& dim, Atom::Kind kind) {
  if (!dim.form() || dim.is_overflow() || dim.form()->terms.size() != 1) return nullptr;
  const Term& term = dim.form()->terms[0];
  if (term.coefficient != 1 || term.factors.size() != 1 || term.factors[0].power != 1) return nullptr;
  const Atom& atom = *term.factors[0].atom;
  return atom.kind == kind ? &atom : nullptr;
}

Dim extremum(Atom::Kind kind, const Dim& a, const Dim& b);

// The quotient by a positive number: whole parts leave the division term by term.
Dim divide_by_number(const Dim& a, std::int64_t c) {
  std::vector<Term> whole, rest;
  for (Term term : terms_of(a)) {
    if (term.coefficient / c != 0) whole.push_back({term.coefficient / c, term.factors});
    term.coefficient %= c;
    if (term.coefficient != 0) rest.push_back(std::move(term));
  }
  const Dim quotient = sum_of(std::move(whole));
  if (rest.empty()) return quotient;
  if (rest[0].factors.empty()) return quotient + floor_div_numbers(rest[0].coefficient, c);
  // -(-h//2) reads (h + 1)//2.
  if (rest[0].coefficient < 0) return quotient - divide_by_number(-sum_of(std::move(rest)) + (c - 1), c);

  std::int64_t carried = 0, common = c;
  std::vector<Term> carry;
  for (Term& term : rest) {
    if (term.coefficient < 0) {
      term.coefficient += c;
      if (term.factors.empty())
        carried = -1;
      else
        carry.push_back({-1, term.factors});
    }
    if (!term.factors.empty()) common = std::gcd(common, term.coefficient);
  }
  // floor((g*x + k) / (g*c)) = floor((x + floor(k / g)) / c)
  for (Term& term : rest) term.coefficient /= common;
  const std::int64_t divisor = c / common;
  const Dim dividend = sum_of(std::move(rest));
  const Dim outside = quotient + sum_of(std::move(carry)) + carried;
  if (divisor == 1) return outside + dividend;
  if (in_range(dividend, 0, divisor)) return outside;
  const std::int64_t constant = constant_term(dividend);
  if (const Atom* inner = only_atom(dividend - constant, Atom::Kind::FloorDiv); inner && inner->b.is_constant()) {
    return outside + floor_div(inner->a + inner->b * constant, inner->b * divisor);
  }
  // max(a, b)//c is max(a//c, b//c): maxima stay on the outside, where they meet others.
  for (const Atom::Kind kind : {Atom::Kind::Max, Atom::Kind::Min}) {
    const Atom* inner = only_atom(dividend - constant, kind);
    if (inner) return outside + extremum(kind, floor_div(inner->a + constant, divisor), floor_div(inner->b + constant, divisor));
  }
  return outside + binary_atom(Atom::Kind::FloorDiv, dividend, divisor);
}

// The names and the number that divide every term of both; sizes are positive, so they cancel.
std::vector<Factor> common_names(const Dim& a, const Dim& b) {
  std::vector<Factor> common;
  bool first = true;
  for (const Dim* dim : {&a, &b}) {
    for (const Term& term : terms_of(*dim)) {
      if (first) {
        for (const Factor& factor : term.factors) {
          if (factor.atom->kind == Atom::Kind::Name) common.push_back(factor);
        }
        first = false;
        continue;
      }
      std::vector<Factor> kept;
      for (Factor factor : common) {
        for (const Factor& other : term.factors) {
          if (compare(*other.atom, *factor.atom) != 0) continue;
          factor.power = std::min(factor.power, other.power);
          kept.push_back(factor);
        }
      }
      common = std::move(kept);
    }
  }
  return common;
}

Dim without_factors(const Dim& dim, const std::vector<Factor>& factors) {
  std::vector<Term> terms;
  for (const Term& term : terms_of(dim)) terms.push_back({term.coefficient, *divide(term.factors, factors)});
  return sum_of(std::move(terms));
}

// One long division by the first term of b.
Dim divide_by_size(const Dim& a, const Dim& b) {
  const Term lead = b.form()->terms[0];
  Dim quotient, rest = a;
  for (int step = 0; step < 64 && rest.form() && !rest.is_overflow(); ++step) {
    bool divided = false;
    for (const Term& term : rest.form()->terms) {
      const auto factors = divide(term.factors, lead.factors);
      if (!factors || term.coefficient / lead.coefficient == 0) continue;
      const Dim part = sum_of({{term.coefficient / lead.coefficient, *factors}});
      quotient = quotient + part;
      rest = rest - part * b;
      divided = true;
      break;
    }
    if (!divided) break;
  }
  if (rest == Dim(0) || in_range(rest, 0, b)) return quotient;
  if (const Atom* inner = only_atom(a, Atom::Kind::FloorDiv)) {
    if (const Bounds bounds = bounds_of(inner->b); bounds.low && *bounds.low > 0) return floor_div(inner->a, inner->b * b);
  }
  // Where b is one term, the parts it divides leave; a longer b would only make the remainder longer.
  if (b.form()->terms.size() == 1) return quotient + binary_atom(Atom::Kind::FloorDiv, rest, b);
  return binary_atom(Atom::Kind::FloorDiv, a, b);
}

// Whether a wins over b for every size.
bool wins(Atom::Kind kind, const Dim& a, const Dim& b) {
  const Bounds difference = bounds_of(a - b);
  return kind == Atom::Kind::Max ? difference.low && *difference.low >= 0 : difference.high && *difference.high <= 0;
}

// max(max(x, 0) - 2, 0) is max(x - 2, 0): an operand of the inner one that never wins drops out.
std::optional<Dim> without_losers(Atom::Kind kind, const Dim& a, const Dim& b) {
  const std::int64_t constant = constant_term(a);
  const Atom* inner = only_atom(a - constant, kind);
  if (!inner) return std::nullopt;
  if (wins(kind, b, inner->b + constant)) return extremum(kind, inner->a + constant, b);
  if (wins(kind, b, inner->a + constant)) return extremum(kind, inner->b + constant, b);
  return std::nullopt;
}

Dim extremum(Atom::Kind kind, const Dim& a, const Dim& b) {
  if (a.is_overflow() || b.is_overflow()) return Dim::overflow();
  if (wins(kind, a, b)) return a;
  if (wins(kind, b, a)) return b;
  if (const auto simpler = without_losers(kind, a, b)) return *simpler;
  if (const auto simpler = without_losers(kind, b, a)) return *simpler;
  if (const Atom* atom = only_atom(a, kind); atom && (atom->a == b || atom->b == b)) return a;
  if (const Atom* atom = only_atom(b, kind); atom && (atom->a == a || atom->b == a)) return b;
  // Names before numbers.
  return compare(a, b) <= 0 ? binary_atom(kind, b, a) : binary_atom(kind, a, b);
}

}  // namespace

int compare(const Dim& a, const Dim& b) {
  if (a.is_constant() && b.is_constant()) return three_way(*a.constant(), *b.constant());
  if (a.is_constant() != b.is_constant()) return a.is_constant() ? -1 : 1;
  if (a.form() == b.form()) return 0;
  if (a.is_overflow() || b.is_overflow()) return three_way(a.is_overflow(), b.is_overflow());
  const std::vector<Term>&x = a.form()->terms, &y = b.form()->terms;
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i) {
    if (const int order = compare(x[i].factors, y[i].factors)) return order;
    if (x[i].coefficient != y[i].coefficient) return three_way(x[i].coefficient, y[i].coefficient);
  }
  return three_way(x.size(), y.size());
}

int compare(const Atom& a, const Atom& b) {
  if (&a == &b) return 0;
  if (a.kind != b.kind) return three_way(a.kind, b.kind);
  if (a.kind == Atom::Kind::Name) return a.name.compare(b.name);
  if (const int order = compare(a.a, b.a)) return order;
  return compare(a.b, b.b);
}

// Higher degrees first.
int compare(const std::vector<Factor>& a, const std::vector<Factor>& b) {
  if (const int order = three_way(degree(b), degree(a))) return order;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (const int order = compare(*a[i].atom, *b[i].atom)) return order;
    if (a[i].power != b[i].power) return three_way(b[i].power, a[i].power);
  }
  return three_way(a.size(), b.size());
}

std::vector<Term> terms_of(const Dim& dim) {
  if (dim.form()) return dim.form()->terms;
  return *dim.constant() == 0 ? std::vector<Term>{} : std::vector<Term>{{*dim.constant(), {}}};
}

Dim sum_of(std::vector<Term> terms) {
  std::stable_sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return compare(a.factors, b.factors) < 0; });
  std::vector<Term> merged;
  for (Term& term : terms) {
    if (!merged.empty() && compare(merged.back().factors, term.factors) == 0) {
      if (__builtin_add_overflow(merged.back().coefficient, term.coefficient, &merged.back().coefficient)) return Dim::overflow();
      if (merged.back().coefficient == 0) merged.pop_back();
    } else if (term.coefficient != 0) {
      merged.push_back(std::move(term));
    }
  }
  // Every coefficient can be negated and divided.
  if (std::any_of(merged.begin(), merged.end(), [](const Term& term) { return term.coefficient == INT64_MIN; })) return Dim::overflow();
  if (merged.empty()) return 0;
  if (merged.size() == 1 && merged[0].factors.empty()) return merged[0].coefficient;
  const std::uint32_t total = weight(merged);
  if (total > kMaxFormWeight) return Dim::overflow();
  return Dim(std::make_shared<const Dim::Form>(Dim::Form{std::move(merged), false, total}));
}

Dim atom_dim(AtomPtr atom) { return sum_of({{1, {{std::move(atom), 1}}}}); }

std::int64_t constant_term(const Dim& dim) {
  if (!dim.form()) return *dim.constant();
  if (dim.form()->terms.empty()) return 0;
  const Term& last = dim.form()->terms.back();
  return last.factors.empty() ? last.coefficient : 0;
}

namespace {

void collect_atoms(const Dim& dim, std::vector<AtomPtr>& atoms) {
  if (!dim.form()) return;
  for (const Term& term : dim.form()->terms) {
    for (const Factor& factor : term.factors) {
      const auto is_same = [&](const AtomPtr& other) { return compare(*other, *factor.atom) == 0; };
      if (std::any_of(atoms.begin(), atoms.end(), is_same)) continue;
      atoms.push_back(factor.atom);
      collect_atoms(factor.atom->a, atoms);
      collect_atoms(factor.atom->b, atoms);
    }
  }
}

}  // namespace

std::vector<AtomPtr> atoms_of(const Dim& dim) {
  std::vector<AtomPtr> atoms;
  collect_atoms(dim, atoms);
  return atoms;
}

Dim rebuild(const Dim& dim, const std::function<Dim(const Atom&)>& value) {
  if (dim.is_constant() || dim.is_overflow()) return dim;
  Dim sum = 0;
  for (const Term& term : dim.form()->terms) {
    Dim product = term.coefficient;
    for (const Factor& factor : term.factors) {
      const Dim replacement = value(*factor.atom);
      for (std::uint32_t i = 0; i < factor.power; ++i) product = product * replacement;
    }
    sum = sum + product;
  }
  return sum;
}

Dim Dim::named(std::string name) { return atom_dim(std::make_shared<const Atom>(Atom{Atom::Kind::Name, std::move(name), {}, {}})); }

Dim Dim::overflow() {
  static const auto form = std::make_shared<const Form>(Form{{}, true, 1});
  return Dim(form);
}

bool Dim::is_overflow() const { return form_ && form_->overflow; }

std::optional<std::string> Dim::as_name() const {
  const Atom* atom = only_atom(*this, Atom::Kind::Name);
  return atom ? std::optional(atom->name) : std::nullopt;
}

Dim operator+(const Dim& a, const Dim& b) {
  if (a.is_constant() && b.is_constant()) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(a.constant_, b.constant_, &sum) ? Dim::overflow() : Dim(sum);
  }
  if (a.is_overflow() || b.is_overflow()) return Dim::overflow();
  std::vector<Term> terms = terms_of(a);
  for (Term& term : terms_of(b)) terms.push_back(std::move(term));
  return sum_of(std::move(terms));
}

Dim operator-(const Dim& a) { return a * Dim(-1); }
Dim operator-(const Dim& a, const Dim& b) { return a + -b; }

Dim operator*(const Dim& a, const Dim& b) {
  if (a.is_constant() && b.is_constant()) {
    std::int64_t product = 0;
    return __builtin_mul_overflow(a.constant_, b.constant_, &product) ? Dim::overflow() : Dim(product);
  }
  if (a.is_overflow() || b.is_overflow()) return Dim::overflow();
  if (std::uint64_t{weight(a)} * weight(b) > std::uint64_t{kMaxFormWeight} * 16) return Dim::overflow();
  std::vector<Term> terms;
  for (const Term& x : terms_of(a)) {
    for (const Term& y : terms_of(b)) {
      Term product{0, multiply(x.factors, y.factors)};
      if (__builtin_mul_overflow(x.coefficient, y.coefficient, &product.coefficient)) return Dim::overflow();
      terms.push_back(std::move(product));
    }
  }
  return sum_of(std::move(terms));
}

Dim floor_div(const Dim& a, const Dim& b) {
  if (a.is_overflow() || b.is_overflow() || b == Dim(0)) return Dim::overflow();
  if (b.is_constant()) {
    const std::int64_t divisor = b.constant_;
    if (divisor == -1) return -a;
    if (a.is_constant()) return floor_div_numbers(a.constant_, divisor);
    if (divisor == INT64_MIN) return Dim::overflow();
    return divisor < 0 ? divide_by_number(-a, -divisor) : divide_by_number(a, divisor);
  }
  if (a == Dim(0)) return 0;
  if (a == b) return 1;
  if (const auto common = common_names(a, b); !a.is_constant() && !common.empty()) {
    return floor_div(without_factors(a, common), without_factors(b, common));
  }
  return divide_by_size(a, b);
}

Dim modulo(const Dim& a, const Dim& b) {
  // The quotient, or its product with the divisor, may leave 64 bits; the remainder does not.
  if (b == Dim(-1)) return 0;
  if (a.is_constant() && b.is_constant() && b.constant_ != 0) {
    const std::int64_t rest = a.constant_ % b.constant_;
    return rest != 0 && (rest < 0) != (b.constant_ < 0) ? rest + b.constant_ : rest;
  }
  return a - floor_div(a, b) * b;
}

Dim maximum(const Dim& a, const Dim& b) {
  if (a.is_constant() && b.is_constant()) return std::max(a.constant_, b.constant_);
  return extremum(Atom::Kind::Max, a, b);
}

Dim minimum(const Dim& a, const Dim& b) {
  if (a.is_constant() && b.is_constant()) return std::min(a.constant_, b.constant_);
  return extremum(Atom::Kind::Min, a, b);
}

Dim ceil_div(const Dim& a, const Dim& b) { return -floor_div(-a, b); }

bool operator==(const Dim& a, const Dim& b) {
  if (a.is_constant() && b.is_constant()) return a.constant_ == b.constant_;
  return compare(a, b) == 0;
}

bool operator<(const Dim& a, const Dim& b) { return compare(a, b) < 0; }

std::set<std::string> Dim::names() const {
  std::set<std::string> names;
  for (const AtomPtr& atom : atoms_of(*this)) {
    if (atom->kind == Atom::Kind::Name) names.insert(atom->name);
  }
  return names;
}

Dim Dim::substitute(const std::map<std::string, Dim>& sizes) const {
  if (is_constant()) return *this;
  return rebuild(*this, [&](const Atom& atom) -> Dim {
    switch (atom.kind) {
      case Atom::Kind::Name: {
        const auto found = sizes.find(atom.name);
        return found == sizes.end() ? named(atom.name) : found->second;
      }
      case Atom::Kind::FloorDiv: return floor_div(atom.a.substitute(sizes), atom.b.substitute(sizes));
      case Atom::Kind::Max: return maximum(atom.a.substitute(sizes), atom.b.substitute(sizes));
      case Atom::Kind::Min: return minimum(atom.a.substitute(sizes), atom.b.substitute(sizes));
    }
    return 0;
  });
}

}  // namespace linenc::graph
