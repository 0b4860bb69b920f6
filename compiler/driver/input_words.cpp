// The words of the command line that name inputs, whatever takes them: a model or a plan file.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/input_words.h"

#include <algorithm>
#include <cmath>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/command.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::shown;

namespace {

class Words {
 public:
  Words(const std::vector<InputName>& inputs, const StaticInputs& statics, ArrayFiles& files) : inputs_(inputs), statics_(statics), files_(files) {}

  void take_positional(const std::vector<std::string>& texts) {
    const std::vector<std::string> order = taken();
    if (texts.size() > order.size()) {
      stop(Exit::CannotDo,
           concat(counted(texts.size(), "array"), " given, and the model takes ", order.size(), " (", diagnostics::listed(order), ")"));
    }
    for (std::size_t i = 0; i < texts.size(); ++i) add(order[i], texts[i], nullptr);
  }

  void take_named(const std::string& text) {
    if (text.starts_with('@')) {
      for (const runtime::Leaf& leaf : files_.types(text.substr(1))) add(leaf.key, text, &leaf.array);
      return;
    }
    const auto [name, value] = name_and_value("-i", text);
    const bool is_static = std::find(statics_.names.begin(), statics_.names.end(), name) != statics_.names.end();
    if (is_static) return statics_.take(name, value);
    add(name, value, nullptr);
  }

  std::vector<InputWord> words;

 private:
  const std::vector<InputName>& inputs_;
  const StaticInputs& statics_;
  ArrayFiles& files_;

  [[nodiscard]] std::vector<std::string> taken() const {
    std::vector<std::string> names;
    for (const InputName& input : inputs_) {
      if (input.taken) names.push_back(input.path);
    }
    return names;
  }

  void add(const std::string& path, const std::string& text, const Array* array) {
    const auto found = std::find_if(inputs_.begin(), inputs_.end(), [&](const InputName& input) { return input.path == path; });
    if (found == inputs_.end()) {
      std::vector<std::string> known = taken();
      for (const std::string& name : statics_.names) known.push_back(name);
      stop(Exit::CannotDo, concat("the model has no input `", shown(path), "`", diagnostics::did_you_mean(path, known), " (it has ",
                                  diagnostics::listed(known), ")"));
    }
    if (!found->taken) stop(Exit::CannotDo, concat("the method does not take the input `", path, "` (it takes ", diagnostics::listed(taken()), ")"));
    const auto number = static_cast<std::size_t>(found - inputs_.begin());
    if (std::any_of(words.begin(), words.end(), [&](const InputWord& word) { return word.input == number; })) {
      stop(Exit::CannotDo, concat("the input `", path, "` is given twice"));
    }
    if (array == nullptr && text == "none" && found->optional) return;
    words.push_back({number, text, array});
  }
};

bool may_cast(DType want, const InputOptions& options) {
  return std::any_of(options.casts.begin(), options.casts.end(), [&](const std::string& name) { return dtype_of(name) == want; });
}

bool are_keys(DType dtype, const Shape& shape) { return dtype == DType::UInt32 && !shape.empty() && shape.back() == 2; }

Array as_keys(const Array& words) {
  Array keys(DType::Key, shape_as(words.dtype(), words.shape(), DType::Key));
  std::copy_n(words.data(), words.bytes(), keys.data());
  return keys;
}

}  // namespace

std::vector<InputWord> input_words(const InputOptions& options, const std::vector<InputName>& inputs, const StaticInputs& statics,
                                   ArrayFiles& files) {
  Words words(inputs, statics, files);
  words.take_positional(options.positional);
  for (const std::string& text : options.named) words.take_named(text);
  return std::move(words.words);
}

void check_casts(const InputOptions& options) {
  for (const std::string& cast : options.casts) {
    if (!dtype_of(cast)) stop(Exit::CannotDo, concat("`--cast ", shown(cast), "`: there is no such dtype"));
  }
}

bool can_become(DType dtype, const Shape& shape, DType want, const InputOptions& options) {
  if (dtype == want || (want == DType::Key && are_keys(dtype, shape))) return true;
  const bool numbers = want != DType::Key && dtype != DType::Key;
  return numbers && (holds_every_value(dtype, want) || may_cast(want, options));
}

Shape shape_as(DType dtype, const Shape& shape, DType want) {
  const bool keys = want == DType::Key && are_keys(dtype, shape);
  return keys ? Shape(shape.begin(), shape.end() - 1) : shape;
}

std::optional<Array> fitted(Array array, DType want, const InputOptions& options) {
  if (!can_become(array.dtype(), array.shape(), want, options)) return std::nullopt;
  if (array.dtype() == want) return array;
  return want == DType::Key ? as_keys(array) : converted(array, want);
}

namespace {

// The first number that `dtype` has no value for, as it was written; numbers between two values of a float dtype are rounded.
std::optional<std::string> out_of_range(const Array& literal, DType dtype) {
  const Array kept = converted(literal, dtype);
  const Array numbers = converted(literal, DType::Float64), rounded = converted(kept, DType::Float64), whole = converted(kept, DType::Int64);
  for (std::int64_t i = 0; i < literal.size(); ++i) {
    if (is_float(dtype)) {
      if (std::isfinite(numbers.as<double>()[i]) && !std::isfinite(rounded.as<double>()[i])) return catalog::repr(numbers.as<double>()[i]);
    } else if (literal.dtype() == DType::Int64 && whole.as<std::int64_t>()[i] != literal.as<std::int64_t>()[i]) {
      return concat(literal.as<std::int64_t>()[i]);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Literal> literal_input(const std::string& input, const std::string& text, const std::function<DType(const Array&)>& wanted,
                                     const InputOptions& options) {
  const bool maybe = !text.empty() && text != "-" &&
                     (std::string_view("[+-.0123456789").find(text[0]) != std::string_view::npos || text == "true" || text == "false");
  auto array = maybe ? literal_array(text) : std::nullopt;
  if (!array) return std::nullopt;
  // Numbers written by hand take the dtype that is wanted; a fraction never becomes a whole number.
  const DType want = wanted(*array);
  const bool fits = array->dtype() == want || want == DType::Complex64 || is_float(want) || (is_integer(want) && !is_float(array->dtype()));
  if (!fits || want == DType::Key) return Literal{std::move(*array), false};
  if (const auto number = may_cast(want, options) ? std::nullopt : out_of_range(*array, want)) {
    throw Stop{Exit::Problems, bare_error(Code::InputMismatch, concat("the input `", input, "` holds ", *number, ", which is out of the range of ",
                                                                      name(want), ": another number, or `--cast ", name(want), "`"))};
  }
  return Literal{converted(*array, want), true};
}

}  // namespace linenc::driver
