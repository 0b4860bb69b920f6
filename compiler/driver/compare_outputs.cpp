// Results beside what was expected.
// Tested by tests/compiler/driver/compare_outputs_test.cpp.
#include "compiler/driver/compare_outputs.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"
#include "compiler/driver/options.h"

namespace linenc::driver {

using diagnostics::shown;
using runtime::Leaf;

double tolerance_value(std::string_view option, const std::string& text) {
  double value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || !(value >= 0)) {
    stop(Exit::CannotDo, concat("`", option, "` wants a number that is not negative, and this is `", shown(text), "`"));
  }
  return value;
}

bool is_close(double result, double expected, const Tolerance& tolerance) {
  if (std::isnan(result) || std::isnan(expected)) return std::isnan(result) && std::isnan(expected);
  if (std::isinf(result) || std::isinf(expected)) return result == expected;
  return std::abs(result - expected) <= tolerance.atol + tolerance.rtol * std::abs(expected);
}

Shape index_of(std::int64_t element, const Shape& shape) {
  Shape place(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    place[axis] = element % shape[axis];
    element /= shape[axis];
  }
  return place;
}

std::string place_of(std::int64_t element, const Shape& shape) { return to_string(index_of(element, shape)); }

namespace {

std::string short_number(double value) { return number_text(value, 3); }

struct Differences {
  std::int64_t count = 0;     // of elements that are too far away
  double largest = 0;         // of all; infinite where one is no number
  std::int64_t farthest = 0;  // the element
};

Differences differences(const Array& result, const Array& expected, const Tolerance& tolerance) {
  const Array a = converted(result, DType::Float64);
  const Array b = converted(expected, DType::Float64);
  Differences found;
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double x = a.as<double>()[i];
    const double y = b.as<double>()[i];
    const bool close = is_close(x, y, tolerance);
    found.count += close ? 0 : 1;
    const double distance = std::abs(x - y);
    const double size = std::isfinite(distance) ? distance : close ? 0 : INFINITY;
    if (size > found.largest) found.largest = size, found.farthest = i;
  }
  return found;
}

bool is_comparable(const Array& array) { return array.dtype() != DType::Key && array.dtype() != DType::Complex64; }

void compare_one(const Leaf& result, const Leaf& expected, const Tolerance& tolerance, Comparison& comparison) {
  const std::string name = concat("`", shown(result.key), "`");
  const DType wanted = narrowed(expected.array.dtype());
  if (result.array.shape() != expected.array.shape() || result.array.dtype() != wanted) {
    comparison.bad.push_back(concat(name, " is ", to_string(result.array), ", and ", to_string(expected.array), " is expected"));
    return;
  }
  if (!is_comparable(result.array)) {
    if (result.array.same_bits(expected.array)) return comparison.good.push_back(concat(name, " is as expected"));
    return comparison.bad.push_back(concat(name, " has other bits than expected"));
  }
  const Differences found = differences(result.array, expected.array, tolerance);
  if (found.count == 0) {
    comparison.good.push_back(concat(name, " is as expected (largest difference ", short_number(found.largest), ")"));
    return;
  }
  const double x = converted(result.array, DType::Float64).as<double>()[found.farthest];
  const double y = converted(expected.array, DType::Float64).as<double>()[found.farthest];
  int digits = 3;
  while (digits < 17 && number_text(x, digits) == number_text(y, digits)) ++digits;  // as many as tell them apart
  comparison.bad.push_back(concat(name, " differs in ", grouped(static_cast<std::uint64_t>(found.count)), " of ",
                                  counted(static_cast<std::uint64_t>(result.array.size()), "element"), ": at ",
                                  place_of(found.farthest, result.array.shape()), " it is ", number_text(x, digits), " where ",
                                  number_text(y, digits), " is expected (rtol ", short_number(tolerance.rtol), ", atol ",
                                  short_number(tolerance.atol), ")"));
}

const Leaf* find(const std::vector<Leaf>& leaves, const std::string& key) {
  const auto found = std::find_if(leaves.begin(), leaves.end(), [&](const Leaf& leaf) { return leaf.key == key; });
  return found == leaves.end() ? nullptr : &*found;
}

}  // namespace

Comparison compare_outputs(const std::vector<Leaf>& results, const std::vector<Leaf>& expected, const Tolerance& tolerance) {
  Comparison comparison;
  for (const Leaf& result : results) {
    if (const Leaf* wanted = find(expected, result.key)) {
      compare_one(result, *wanted, tolerance, comparison);
    } else {
      comparison.bad.push_back(concat("`", shown(result.key), "` is not expected"));
    }
  }
  for (const Leaf& wanted : expected) {
    if (find(results, wanted.key) == nullptr)
      comparison.bad.push_back(concat("`", shown(wanted.key), "` is expected, and the model does not give it"));
  }
  return comparison;
}

std::optional<std::string> not_finite(std::string_view name, const Array& array) {
  if (!is_float(array.dtype())) return std::nullopt;
  const Array values = converted(array, DType::Float64);
  std::int64_t count = 0;
  std::int64_t first = 0;
  for (std::int64_t i = values.size(); i-- > 0;) {
    if (std::isfinite(values.as<double>()[i])) continue;
    ++count;
    first = i;
  }
  if (count == 0) return std::nullopt;
  return concat("`", shown(name), "` has ", counted(static_cast<std::uint64_t>(count), "value"), " that ", count == 1 ? "is" : "are",
                " not finite, the first at ", place_of(first, values.shape()));
}

std::vector<std::string> not_finite(const std::vector<Leaf>& arrays) {
  std::vector<std::string> lines;
  for (const Leaf& leaf : arrays) {
    if (auto line = not_finite(leaf.key, leaf.array)) lines.push_back(*std::move(line));
  }
  return lines;
}

}  // namespace linenc::driver
