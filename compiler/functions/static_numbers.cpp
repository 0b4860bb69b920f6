// Static numbers: ints are sizes (graph::Dim), everything else is a double. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/functions/static_numbers.h"

#include <cmath>

#include "compiler/catalog/static_numpy.h"

#include "compiler/diagnostics/concat.h"

namespace linenc::functions {

using catalog::Arguments;
using catalog::Code;
using catalog::Context;
using catalog::Value;
using graph::Dim;
using graph::DimContext;
using graph::Truth;

namespace {

std::optional<Dim> as_int(const Value& given) {
  const Value value = catalog::plain(given);
  if (const Dim* dim = value.integer()) return *dim;
  if (const bool* b = value.boolean()) return Dim(*b ? 1 : 0);
  return std::nullopt;
}

Value checked(Context& context, const Dim& dim) {
  if (dim.is_overflow()) context.fail(Code::EvaluationFailed, "the result does not fit into 64 bits");
  return dim;
}

double number_of(Context& context, const Value& value) {
  if (const auto number = as_double(value)) return *number;
  context.fail(Code::UnknownSize, concat("this needs a number, and `", catalog::display(value), "` is not known yet"));
}

// Whether a > b; none where it depends on sizes.
std::optional<bool> greater(Context& context, const Value& a, const Value& b) {
  if (const auto x = as_int(a), y = as_int(b); x && y) {
    switch (context.builder.dims().holds(*x, DimContext::Relation::Greater, *y)) {
      case Truth::Yes: return true;
      case Truth::No: return false;
      case Truth::Unknown: return std::nullopt;
    }
  }
  return number_of(context, a) > number_of(context, b);
}

bool has_axes(const Value& value) { return value.array() && value.array()->rank() > 0; }

Dim integer_power(const Dim& base, std::int64_t exponent) {
  if (base == Dim(0) || base == Dim(1)) return exponent == 0 ? Dim(1) : base;
  if (base == Dim(-1)) return exponent % 2 == 0 ? Dim(1) : Dim(-1);
  Dim product = 1;
  // Everything else leaves 64 bits within 64 steps.
  for (std::int64_t i = 0; i < exponent && !product.is_overflow(); ++i) product = product * base;
  return product;
}

}  // namespace

bool is_number(const Value& value) { return value.array() || value.boolean() || value.integer() || value.number(); }

std::optional<double> as_double(const Value& given) {
  const Value value = plain(given);
  if (const double* d = value.number()) return *d;
  if (const bool* b = value.boolean()) return *b ? 1.0 : 0.0;
  if (const Dim* dim = value.integer(); dim && dim->constant() && !dim->is_overflow()) return static_cast<double>(*dim->constant());
  return std::nullopt;
}

std::optional<Value> only_number(const Arguments& arguments) {
  if (arguments.positional.size() != 1 || !arguments.keywords.empty() || !is_number(arguments.positional[0].value)) return std::nullopt;
  return arguments.positional[0].value;
}

std::function<std::optional<Value>(Context&, const Arguments&)> python_math(std::string name, double (*f)(double)) {
  return [name = std::move(name), f](Context& context, const Arguments& arguments) -> std::optional<Value> {
    const std::optional<Value> number = only_number(arguments);
    // A size without a number goes on as an array.
    const std::optional<double> x = number ? as_double(*number) : std::nullopt;
    if (!x) return std::nullopt;
    const double result = f(*x);
    const bool is_fault = (std::isnan(result) && !std::isnan(*x)) || (std::isinf(result) && std::isfinite(*x));
    if (is_fault) context.fail(Code::EvaluationFailed, concat("`", name, "(", catalog::display(*number), ")` has no value"));
    return Value(result);
  };
}

Value add(Context& context, const Value& a, const Value& b) {
  if (a.array() || b.array()) return catalog::numpy_binary(context, catalog::NumpyOp::Add, a, b);
  if (const auto x = as_int(a), y = as_int(b); x && y) return checked(context, *x + *y);
  return number_of(context, a) + number_of(context, b);
}

Value multiply(Context& context, const Value& a, const Value& b) {
  if (a.array() || b.array()) return catalog::numpy_binary(context, catalog::NumpyOp::Multiply, a, b);
  if (const auto x = as_int(a), y = as_int(b); x && y) return checked(context, *x * *y);
  return number_of(context, a) * number_of(context, b);
}

Value power(Context& context, const Value& a, const Value& b) {
  if (a.array() || b.array()) return catalog::numpy_binary(context, catalog::NumpyOp::Power, a, b);
  const auto base = as_int(a), exponent = as_int(b);
  if (base && exponent && exponent->constant() && *exponent->constant() >= 0) return checked(context, integer_power(*base, *exponent->constant()));
  const double x = number_of(context, a), y = number_of(context, b), result = std::pow(x, y);
  const bool is_fault = (std::isnan(result) && !std::isnan(x) && !std::isnan(y)) || (std::isinf(result) && std::isfinite(x) && std::isfinite(y));
  if (is_fault) context.fail(Code::EvaluationFailed, concat("`", catalog::display(a), "**", catalog::display(b), "` has no value"));
  return result;
}

Value larger(Context& context, const Value& a, const Value& b) {
  if (has_axes(a) || has_axes(b)) return catalog::numpy_binary(context, catalog::NumpyOp::Maximum, a, b);
  const std::optional<bool> is_greater = greater(context, b, a);
  if (is_greater) return *is_greater ? b : a;
  return checked(context, maximum(*as_int(a), *as_int(b)));
}

Value smaller(Context& context, const Value& a, const Value& b) {
  if (has_axes(a) || has_axes(b)) return catalog::numpy_binary(context, catalog::NumpyOp::Minimum, a, b);
  const std::optional<bool> is_greater = greater(context, a, b);
  if (is_greater) return *is_greater ? b : a;
  return checked(context, minimum(*as_int(a), *as_int(b)));
}

Value absolute(Context& context, const Value& a) {
  if (const catalog::ArrayPtr array = a.array()) return catalog::numpy_absolute(context, array);
  if (const auto x = as_int(a)) {
    switch (context.builder.dims().holds(*x, DimContext::Relation::GreaterEqual, 0)) {
      case Truth::Yes: return *x;
      case Truth::No: return checked(context, -*x);
      case Truth::Unknown: return checked(context, maximum(*x, -*x));
    }
  }
  return std::fabs(*a.number());
}

Value to_int(Context& context, double value) {
  if (std::isnan(value) || std::fabs(value) >= 0x1p63) {
    context.fail(Code::EvaluationFailed, concat("`", catalog::display(value), "` cannot become an int"));
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace linenc::functions
