#pragma once

#include <cstdint>
#include <string>

#include "compiler/catalog/function.h"
#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

// x[index] as jax.numpy has it: ints, slices, none, `...` and integer tensors, alone or in a list (which is Python's tuple).
// Indices that lie outside go to the nearest element; one that is known to is W0206.
[[nodiscard]] Value index(Context& context, Tensor x, const Value& index);

// x.at[index].set(update) and its kin: updates outside of x are dropped. The type of x stays.
[[nodiscard]] Value at_update(Context& context, Tensor x, const Value& index, ScatterKind kind, const Value& update);

// x.at[index].METHOD(…): set add subtract multiply mul divide power min max apply get, with `mode` and `fill_value`.
[[nodiscard]] Value call_at(Context& context, Tensor x, const Value& index, const std::string& method, const Arguments& arguments);

// Integer indices into an axis as the ops want them: int32, negative ones counted from the end.
[[nodiscard]] Tensor wrapped_indices(Context& context, Tensor indices, const Dim& size);

// The same for a lone index: one that int32 does not hold lies behind the end.
[[nodiscard]] Tensor bounded_index(Context& context, Tensor index);

// jnp.take along one axis.
[[nodiscard]] Tensor take(Context& context, Tensor x, Tensor indices, std::int64_t axis, GatherMode mode = GatherMode::Fill);

}  // namespace linenc::catalog
