#pragma once

#include <cstdint>
#include <optional>

namespace linenc {

// The only arithmetic for counts, lengths and offsets that come from a file or a model. A step that leaves 64 bits poisons
// the result; a poisoned size has no value and fits nothing.
class Size {
 public:
  constexpr Size(std::uint64_t value) : value_(value) {}  // NOLINT(google-explicit-constructor)
  // Negative numbers are poisoned from the start.
  static constexpr Size of(std::int64_t value) { return value < 0 ? poisoned() : Size(static_cast<std::uint64_t>(value)); }
  static constexpr Size poisoned() {
    Size size(0);
    size.good_ = false;
    return size;
  }

  friend constexpr Size operator+(Size a, Size b) {
    Size out(0);
    out.good_ = !__builtin_add_overflow(a.value_, b.value_, &out.value_) && a.good_ && b.good_;
    return out;
  }
  friend constexpr Size operator-(Size a, Size b) {
    Size out(0);
    out.good_ = !__builtin_sub_overflow(a.value_, b.value_, &out.value_) && a.good_ && b.good_;
    return out;
  }
  friend constexpr Size operator*(Size a, Size b) {
    Size out(0);
    out.good_ = !__builtin_mul_overflow(a.value_, b.value_, &out.value_) && a.good_ && b.good_;
    return out;
  }
  // Up to the next multiple of `step`, which is not 0.
  [[nodiscard]] constexpr Size aligned_up(std::uint64_t step) const {
    const std::uint64_t rest = value_ % step;
    return rest == 0 ? *this : *this + (step - rest);
  }

  [[nodiscard]] constexpr bool good() const { return good_; }
  // At most `limit`.
  [[nodiscard]] constexpr bool fits(std::uint64_t limit) const { return good_ && value_ <= limit; }
  [[nodiscard]] constexpr bool is(std::uint64_t value) const { return good_ && value_ == value; }
  [[nodiscard]] constexpr std::optional<std::uint64_t> value() const { return good_ ? std::optional(value_) : std::nullopt; }

 private:
  std::uint64_t value_;
  bool good_ = true;
};

}  // namespace linenc
