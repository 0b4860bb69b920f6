// What the numbers of a plan file mean: names of ops and enumerators, kinds of fields. And which names it may hold.
//
// Tested by tests/runtime/plan/plan_file_test.cpp.
#include "runtime/plan/checksum.h"
#include "runtime/plan/fields.h"
#include "runtime/plan/file_layout.h"
#include "runtime/plan/text_of_names.h"

namespace linenc::plan_file {
namespace {

// Describes fields instead of writing them.
struct Describer {
  std::string text;

  void operator()(const bool&) { text += "bool "; }
  template <Number N>
  void operator()(const N&) {
    text += (std::is_floating_point_v<N> ? "f" : std::is_signed_v<N> ? "i" : "u") + std::to_string(sizeof(N)) + " ";
  }
  template <Enumeration E>
  void operator()(const E&) {
    text += "{";
    for (unsigned i = 0; i <= static_cast<unsigned>(kLast<E>); ++i) enumerator(static_cast<E>(i));
    text += "} ";
  }
  template <class T>
  void operator()(const std::vector<T>&) {
    text += "list ";
    if constexpr (!std::is_same_v<T, std::byte>) (*this)(T{});
  }

 private:
  void enumerator(GatherMode mode) { text += std::to_string(static_cast<int>(mode)) + " "; }  // it has no names to compare
  void enumerator(auto value) { text += std::string(name(value)) + " "; }
};

template <std::size_t... Index>
std::string description(std::index_sequence<Index...>) {
  Describer describe;
  describe(OpKind{});
  describe(DType{});
  const auto alternative = [&]<class A>(const A& attributes) {
    describe.text += "; ";
    fields(describe, attributes);
  };
  (alternative(std::variant_alternative_t<Index, Attributes>{}), ...);
  return describe.text;
}

bool is_continuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }

}  // namespace

std::uint64_t vocabulary() {
  static const std::string text = description(std::make_index_sequence<std::variant_size_v<Attributes>>());
  return checksum(std::as_bytes(std::span(text)));
}

bool is_plain_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x20 || first == 0x7F) return false;
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xC2 && first < 0xE0 ? 2
                               : first >= 0xE0 && first < 0xF0 ? 3
                               : first >= 0xF0 && first < 0xF5 ? 4
                                                               : 0;
    if (length == 0 || length > text.size() - i) return false;
    std::uint32_t point = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if (!is_continuation(byte)) return false;
      point = point << 6 | (byte & 0x3Fu);
    }
    // Too long a form, a surrogate, past the end; and the second row of control characters.
    constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[length] || (point >= 0xD800 && point < 0xE000) || point > 0x10FFFF || (point >= 0x80 && point < 0xA0)) return false;
    i += length;
  }
  return true;
}

}  // namespace linenc::plan_file
