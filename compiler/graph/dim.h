#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace linenc::graph {

// A size: a whole number, or an expression of named dimensions kept in a normal form (a polynomial over names and over
// floor divisions, remainders, maxima and minima that could not be simplified). Two sizes that are equal as polynomials have
// the same form. Numbers are the cheap case and one kind of Dim: nothing branches on "is this size known".
//
// Arithmetic never overflows silently: a coefficient outside of int64 gives the Dim `is_overflow()`, which stays so.
class Dim {
 public:
  Dim() = default;                               // 0
  Dim(std::int64_t value) : constant_(value) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] static Dim named(std::string name);
  [[nodiscard]] static Dim overflow();

  [[nodiscard]] bool is_constant() const { return form_ == nullptr; }
  [[nodiscard]] bool is_overflow() const;
  // The number, where it is one.
  [[nodiscard]] std::optional<std::int64_t> constant() const { return is_constant() ? std::optional(constant_) : std::nullopt; }
  // The name, where the size is exactly one named dimension.
  [[nodiscard]] std::optional<std::string> as_name() const;

  friend Dim operator+(const Dim& a, const Dim& b);
  friend Dim operator-(const Dim& a, const Dim& b);
  friend Dim operator*(const Dim& a, const Dim& b);
  friend Dim operator-(const Dim& a);
  // Python's // and %: towards minus infinity. The divisor is not the number 0.
  friend Dim floor_div(const Dim& a, const Dim& b);
  friend Dim modulo(const Dim& a, const Dim& b);
  friend Dim maximum(const Dim& a, const Dim& b);
  friend Dim minimum(const Dim& a, const Dim& b);
  // -(-a // b)
  friend Dim ceil_div(const Dim& a, const Dim& b);

  // The same normal form. For "equal under the assumptions" see DimContext.
  friend bool operator==(const Dim& a, const Dim& b);
  // A total order for containers; not a comparison of sizes.
  friend bool operator<(const Dim& a, const Dim& b);

  [[nodiscard]] std::set<std::string> names() const;
  // Names replaced by sizes; names that are not in the map stay.
  [[nodiscard]] Dim substitute(const std::map<std::string, Dim>& sizes) const;
  // "batch", "2*len + 1", "(h - 2)//2 + 1"; parses back in the model language.
  [[nodiscard]] std::string text() const;

  struct Form;
  [[nodiscard]] const Form* form() const { return form_.get(); }
  explicit Dim(std::shared_ptr<const Form> form) : form_(std::move(form)) {}

 private:
  std::int64_t constant_ = 0;
  std::shared_ptr<const Form> form_;
};

[[nodiscard]] inline std::string to_string(const Dim& dim) { return dim.text(); }

enum class Truth : std::uint8_t { No, Yes, Unknown };

// What may be taken for granted of the named dimensions: each is at least 1, plus what `assume:` states.
class DimContext {
 public:
  enum class Relation : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };
  // Adds `left relation right`; `h % 2 == 0` lets h//2*2 become h.
  void assume(const Dim& left, Relation relation, const Dim& right);

  // Whether the relation holds for all, for no, or for some sizes (as far as intervals and the assumptions show).
  [[nodiscard]] Truth holds(const Dim& left, Relation relation, const Dim& right) const;
  [[nodiscard]] Truth equal(const Dim& a, const Dim& b) const { return holds(a, Relation::Equal, b); }
  [[nodiscard]] Dim simplify(const Dim& dim) const;

 private:
  struct Assumption {
    Dim left;
    Relation relation;
    Dim right;
  };
  std::vector<Assumption> assumptions_;
};

}  // namespace linenc::graph
