#pragma once

#include <optional>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/catalog/function.h"
#include "compiler/catalog/static_numpy.h"

namespace linenc::functions {

// What the functions of NumPy at compile time read from their arguments.

[[nodiscard]] catalog::ArrayPtr np_array(const catalog::Bound& args, std::size_t i);
[[nodiscard]] catalog::NumpyOperand np_operand(const catalog::Bound& args, std::size_t i);
// A list of arrays, or the rows of one.
[[nodiscard]] std::vector<catalog::NumpyOperand> np_operands(const catalog::Bound& args, std::size_t i);
// A dtype, all 64 bits of it: `int` and `float` are int64 and float64.
[[nodiscard]] std::optional<DType> np_dtype(const catalog::Bound& args, std::size_t i);
// A shape of numbers.
[[nodiscard]] catalog::Sizes np_shape(const catalog::Bound& args, std::size_t i);
// Whole numbers where there are any, else what `rest` holds: reshape(x, 2, 3) and reshape(x, [2, 3]).
[[nodiscard]] std::vector<std::int64_t> np_integers_or_rest(const catalog::Bound& args, std::size_t i);

[[nodiscard]] inline std::int64_t rank_of(const catalog::ArrayPtr& array) { return static_cast<std::int64_t>(array->rank()); }

// finfo: {min max eps tiny smallest_normal bits dtype} of a float dtype, its numbers as scalars of that dtype, which are strongly typed.
[[nodiscard]] catalog::Value float_facts(DType dtype);

[[nodiscard]] inline catalog::Value np_value(catalog::StaticArray array) { return std::make_shared<const catalog::StaticArray>(std::move(array)); }
[[nodiscard]] catalog::FunctionSpec np_function(std::string name, std::string doc);

}  // namespace linenc::functions
