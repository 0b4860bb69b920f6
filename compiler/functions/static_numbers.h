#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "compiler/catalog/context.h"
#include "compiler/catalog/function.h"

namespace linenc::functions {

// Python's arithmetic on static numbers, for functions whose bare name is Python's (language.md section 3). Sizes that are not
// numbers yet take part where whole numbers suffice.

// The only argument, where it is a static number (true is 1) and nothing else is given.
[[nodiscard]] std::optional<catalog::Value> only_number(const catalog::Arguments& arguments);
// A number as a double; none where it is not known.
[[nodiscard]] std::optional<double> as_double(const catalog::Value& value);
[[nodiscard]] bool is_number(const catalog::Value& value);

// `on_static` of a function of one real number. E0217 outside of its domain and where the result overflows, as in Python's math.
[[nodiscard]] std::function<std::optional<catalog::Value>(catalog::Context&, const catalog::Arguments&)> python_math(std::string name,
                                                                                                                     double (*f)(double));

// The arithmetic of Python's operators on static numbers. `/` is not among them.
[[nodiscard]] catalog::Value add(catalog::Context& context, const catalog::Value& a, const catalog::Value& b);
[[nodiscard]] catalog::Value multiply(catalog::Context& context, const catalog::Value& a, const catalog::Value& b);
[[nodiscard]] catalog::Value power(catalog::Context& context, const catalog::Value& a, const catalog::Value& b);
// The larger, the smaller of two numbers.
[[nodiscard]] catalog::Value larger(catalog::Context& context, const catalog::Value& a, const catalog::Value& b);
[[nodiscard]] catalog::Value smaller(catalog::Context& context, const catalog::Value& a, const catalog::Value& b);
[[nodiscard]] catalog::Value absolute(catalog::Context& context, const catalog::Value& a);
// A double that is a whole number, as an int; E0217 where it is none or does not fit.
[[nodiscard]] catalog::Value to_int(catalog::Context& context, double value);

}  // namespace linenc::functions
