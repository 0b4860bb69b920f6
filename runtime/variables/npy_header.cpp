// The header of an .npy file. A Python literal in principle; here a grammar of one dictionary, read without recursion:
//
//   { 'descr': STRING, 'fortran_order': True or False, 'shape': ( INT, INT, ) , }
#include "runtime/variables/npy_header.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/variables/sink.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

struct DescrName {
  std::string_view text;  // without the byte order
  DType dtype;
};
constexpr DescrName kDescrNames[] = {{"b1", DType::Bool},      {"i1", DType::Int8},    {"i2", DType::Int16},   {"i4", DType::Int32},
                                     {"i8", DType::Int64},     {"u1", DType::UInt8},   {"u2", DType::UInt16},  {"u4", DType::UInt32},
                                     {"u8", DType::UInt64},    {"f2", DType::Float16}, {"f4", DType::Float32}, {"f8", DType::Float64},
                                     {"c8", DType::Complex64}, {"V2", DType::BFloat16}};

class Grammar {
 public:
  explicit Grammar(std::string_view text) : rest_(text) {}

  std::optional<RunError> read(NpyHeader& header) {
    bool seen[3] = {};
    if (!takes('{')) return expected("`{`");
    while (!takes('}')) {
      const auto key = string();
      if (!key || !takes(':')) return expected("a key and `:`");
      std::optional<RunError> error;
      if (*key == "descr") {
        error = once(seen[0], *key);
        if (!error) error = descr(header);
      } else if (*key == "fortran_order") {
        error = once(seen[1], *key);
        if (!error) error = order(header);
      } else if (*key == "shape") {
        error = once(seen[2], *key);
        if (!error) error = shape(header);
      } else {
        error = bad_file("the npy header has the key ", in_backticks(*key));
      }
      if (error) return error;
      if (!takes(',') && !is_next('}')) return expected("`,` or `}`");
    }
    skip_blanks();
    if (!rest_.empty()) return expected("nothing more");
    if (!(seen[0] && seen[1] && seen[2])) return bad_file("the npy header needs `descr`, `fortran_order` and `shape`");
    return std::nullopt;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t' || rest_[0] == '\r')) rest_.remove_prefix(1);
  }
  bool is_next(char c) {
    skip_blanks();
    return !rest_.empty() && rest_[0] == c;
  }
  bool takes(char c) {
    if (!is_next(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool takes(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  RunError expected(std::string_view what) const { return bad_file("the npy header needs ", what, " at ", in_backticks(rest_.substr(0, 20))); }

  static std::optional<RunError> once(bool& seen, std::string_view key) {
    if (seen) return bad_file("the npy header has ", in_backticks(key), " twice");
    seen = true;
    return std::nullopt;
  }

  // Plain text between quotes: without escapes, which no header needs.
  std::optional<std::string_view> string() {
    skip_blanks();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return std::nullopt;
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = rest_.substr(1, end - 1);
    if (text.find('\\') != std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::optional<RunError> descr(NpyHeader& header) {
    if (is_next('[')) return bad_file("dtype not supported: the npy file holds records (a structured dtype)");
    const auto text = string();
    if (!text) return expected("a dtype between quotes");
    const char order = text->empty() ? ' ' : (*text)[0];
    const auto* found =
        std::find_if(std::begin(kDescrNames), std::end(kDescrNames), [&](const DescrName& n) { return !text->empty() && n.text == text->substr(1); });
    const bool known = found != std::end(kDescrNames) && (order == '<' || order == '>' || order == '|');
    // `|` says that the order does not matter, which holds for single bytes; NumPy writes bfloat16 so as well.
    if (!known || (order == '|' && byte_size(found->dtype) > 1 && found->dtype != DType::BFloat16) ||
        (order == '>' && found->dtype == DType::BFloat16)) {
      const bool objects = text->find('O') != std::string_view::npos;
      return bad_file("dtype ", in_backticks(*text), " is not supported", objects ? ": objects are pickled, and linenc runs no pickle" : "");
    }
    header.dtype = found->dtype;
    header.big_endian = order == '>' && byte_size(found->dtype) > 1;
    return std::nullopt;
  }

  std::optional<RunError> order(NpyHeader& header) {
    header.fortran_order = takes("True");
    if (!header.fortran_order && !takes("False")) return expected("`True` or `False`");
    return std::nullopt;
  }

  std::optional<RunError> shape(NpyHeader& header) {
    if (!takes('(')) return expected("`(`");
    bool comma = true;
    while (!takes(')')) {
      if (!comma) return expected("`,` or `)`");
      if (header.shape.size() == kMaxRank) return bad_file("the npy file has more than ", kMaxRank, " axes");
      const auto size = dimension();
      if (!size) return bad_file("dimension out of range at ", in_backticks(rest_.substr(0, 24)));
      header.shape.push_back(*size);
      comma = takes(',');
    }
    // `(3)` is the number 3 to Python.
    if (header.shape.size() == 1 && !comma) return bad_file("the shape of an npy file is a tuple: needs `,` after a single size");
    return std::nullopt;
  }

  std::optional<std::int64_t> dimension() {
    skip_blanks();
    std::size_t digits = 0;
    std::int64_t value = 0;
    while (digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9') {
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, rest_[digits] - '0', &value)) return std::nullopt;
      ++digits;
    }
    // Python has no leading zeros.
    if (digits == 0 || (digits > 1 && rest_[0] == '0')) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }

  std::string_view rest_;
};

}  // namespace

Result<NpyHeader> parse_npy_header(std::span<const std::byte> bytes, const ReadLimits& limits) {
  const std::string_view text = text_of(bytes);
  if (!text.starts_with(kNpyMagic)) return bad_file("not an npy file: needs to begin with \\x93NUMPY");
  constexpr std::size_t kVersionEnd = 8;
  if (text.size() < kVersionEnd) return bad_file("truncated: ", text.size(), " bytes of an npy header");
  const int major = static_cast<unsigned char>(text[6]);
  const int minor = static_cast<unsigned char>(text[7]);
  if (major < 1 || major > 3 || minor != 0) return bad_file("npy version ", major, ".", minor, ", needs 1.0, 2.0 or 3.0");
  const std::size_t length_bytes = major == 1 ? 2 : 4;
  if (text.size() < kVersionEnd + length_bytes) return bad_file("truncated: ", text.size(), " bytes of an npy header");
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < length_bytes; ++i) {
    length |= std::uint64_t{static_cast<unsigned char>(text[kVersionEnd + i])} << (8 * i);
  }
  if (length > limits.npy_header_bytes) return bad_file("npy header length ", length, ", limit ", limits.npy_header_bytes);
  NpyHeader header;
  header.size = kVersionEnd + length_bytes + length;
  if (header.size > text.size()) return bad_file("truncated: the npy header has ", header.size, " bytes, the file ", text.size());
  if (auto error = Grammar(text.substr(kVersionEnd + length_bytes, length)).read(header)) return *error;
  return header;
}

}  // namespace linenc::runtime
