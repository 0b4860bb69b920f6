// Python's math module on static numbers. Tested by tests/compiler/functions/goldens_test.cpp.
#include <cmath>
#include <numeric>

#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"
#include "compiler/functions/static_numbers.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// A static number, or nothing: math knows no arrays.
FunctionSpec real(std::string name, std::string doc, double (*f)(double)) {
  auto on_static = python_math(name, f);
  return FunctionSpec(std::move(name), std::move(doc)).in({"math"}).arg("x").does([on_static](const Bound& args) -> Value {
    Arguments arguments;
    arguments.add(args.number(0));
    return *on_static(args.context, arguments);
  });
}

Value log_of(const Bound& args) {
  const double x = args.number(0);
  if (x <= 0) args.context.fail(Code::EvaluationFailed, args.place, concat("`log(", display(args.value(0)), ")` has no value"));
  return args.none(1) ? std::log(x) : std::log(x) / std::log(args.number(1));
}

Value rounded(const Bound& args, double (*f)(double)) { return args.value(0).integer() ? args.value(0) : to_int(args.context, f(args.number(0))); }

Value product(const Bound& args) {
  const List* list = args.value(0).list();
  if (!list) args.wrong_type(0, "a list of numbers");
  Value total = 1;
  for (const Value& item : *list) {
    if (!is_number(item)) args.wrong_type(0, "a list of numbers");
    total = multiply(args.context, total, item);
  }
  return total;
}

// Of whole numbers; of none it is 0.
Value gcd(const Bound& args) {
  std::int64_t out = 0;
  for (const Arguments::Item& item : args.rest()) {
    const Value number = plain(item.value);
    const Bound one(args.context, "gcd", {"integers"}, {{number, item.place, item.text}}, {true}, {}, args.place);
    if (!number.integer() && !number.boolean()) one.wrong_type(0, "an int");
    out = std::gcd(out, one.integer(0));
  }
  return out;
}

const RegisterFunctions family{{
    real("sqrt", "The square root.", [](double x) { return std::sqrt(x); }),
    real("exp", "e to the power of x.", [](double x) { return std::exp(x); }),
    real("log2", "The logarithm to base 2.", [](double x) { return std::log2(x); }),
    real("log10", "The logarithm to base 10.", [](double x) { return std::log10(x); }),
    real("log1p", "log(1 + x).", [](double x) { return std::log1p(x); }),
    real("sin", "The sine.", [](double x) { return std::sin(x); }),
    real("cos", "The cosine.", [](double x) { return std::cos(x); }),
    real("tan", "The tangent.", [](double x) { return std::tan(x); }),
    real("tanh", "The hyperbolic tangent.", [](double x) { return std::tanh(x); }),
    real("fabs", "The absolute value as a float.", [](double x) { return std::fabs(x); }),
    FunctionSpec("log", "The logarithm, by default the natural one.").in({"math"}).arg("x").arg("base", None{}).does(&log_of),
    FunctionSpec("floor", "The next whole number below.").in({"math"}).arg("x").does([](const Bound& args) {
      return rounded(args, [](double x) { return std::floor(x); });
    }),
    FunctionSpec("ceil", "The next whole number above.").in({"math"}).arg("x").does([](const Bound& args) {
      return rounded(args, [](double x) { return std::ceil(x); });
    }),
    FunctionSpec("trunc", "The next whole number towards zero.").in({"math"}).arg("x").does([](const Bound& args) {
      return rounded(args, [](double x) { return std::trunc(x); });
    }),
    FunctionSpec("pow", "x to the power of y, as a float.").in({"math"}).arg("x").arg("y").does([](const Bound& args) {
      return power(args.context, args.number(0), args.number(1));
    }),
    FunctionSpec("gcd", "The greatest common divisor of whole numbers.").in({"math"}).rest("integers").does(&gcd),
    FunctionSpec("prod", "The product of a list.").in({"math"}).arg("iterable").does(&product),
}};

}  // namespace
}  // namespace linenc::functions
