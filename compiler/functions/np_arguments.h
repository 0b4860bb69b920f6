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

// E0209 where NumPy's rule 'same_kind' forbids the conversion: floats to integers, numbers to bool, signed to unsigned ones.
void np_require_same_kind(const catalog::Bound& args, DType from, DType to);
// The operand in the dtype that is asked for, if one is.
[[nodiscard]] catalog::Value np_in_dtype(const catalog::Bound& args, const catalog::Value& operand, std::optional<DType> dtype);
// The elements whose positions along an axis are `positions`, which lie inside.
[[nodiscard]] catalog::ArrayPtr np_taken(const catalog::Bound& args, const catalog::ArrayPtr& x, const std::vector<std::int64_t>& positions,
                                         std::int64_t axis);
// np.concatenate along an axis.
[[nodiscard]] catalog::ArrayPtr np_concatenate(const catalog::Bound& args, std::vector<catalog::NumpyOperand> parts, std::int64_t axis);
// Whether `order` is 'F': the first index changes fastest. E0207 where it is neither 'F' nor 'C'.
[[nodiscard]] bool np_column_major(const catalog::Bound& args, const catalog::Value& order);

[[nodiscard]] inline std::int64_t rank_of(const catalog::ArrayPtr& array) { return static_cast<std::int64_t>(array->rank()); }

// finfo: {min max eps tiny smallest_normal bits dtype} of a float dtype, its numbers as scalars of that dtype, which are strongly typed.
[[nodiscard]] catalog::Value float_facts(DType dtype);

[[nodiscard]] inline catalog::Value np_value(catalog::StaticArray array) { return std::make_shared<const catalog::StaticArray>(std::move(array)); }
[[nodiscard]] catalog::FunctionSpec np_function(std::string name, std::string doc);

}  // namespace linenc::functions
