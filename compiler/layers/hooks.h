#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "compiler/catalog/layer.h"

// What the linear layers and convolutions share: the fields that replace a part of their computation, dtypes, biases.
namespace linenc::layers {

using catalog::FieldType;
using catalog::LayerCall;
using catalog::Value;
using graph::Dim;
using graph::Dims;
using graph::Tensor;

// The type of a field that holds a function or none.
[[nodiscard]] inline FieldType function_type() { return FieldType::of(FieldType::Base::Function, true); }

// E0219 where a field that would replace a part of the layer's computation is given.
void refuse_hook(const LayerCall& call, const Value& field, const std::string& name);
// `precision` is none or one of JAX's names; on a CPU every one of them computes in float32.
void check_precision(const LayerCall& call, const Value& precision);

// lax.dot_general, or the function that the field `dot_general` holds.
struct DotHooks {
  const Value& dot_general;
  const Value& dot_general_cls;
  const Value& precision;
};
[[nodiscard]] Tensor dot(const LayerCall& call, const DotHooks& hooks, Tensor x, Tensor y, const DotAttributes& axes);

// Flax's promote_dtype: brings the tensors that exist to one dtype. E0226 where the field `dtype` is no float.
void promote(const LayerCall& call, std::optional<DType> dtype, std::initializer_list<Tensor*> tensors);
// y + bias, where the bias exists.
[[nodiscard]] Tensor add_bias(const LayerCall& call, Tensor y, Tensor bias);
// Diagnostics about the size of this axis point at the field that decided it.
void note_axis(const LayerCall& call, Tensor y, std::int64_t axis, const std::string& field);

// E0226 (or E0216 where it depends on a named size) unless `divisor` divides `size`; `what` begins the message.
void need_multiple(const LayerCall& call, const Dim& size, const Dim& divisor, const std::string& what, const std::string& field);
// An axis brought to 0 <= axis < rank; E0226 at the field otherwise.
[[nodiscard]] std::int64_t axis_of(const LayerCall& call, std::int64_t axis, std::int64_t rank, const std::string& field);

}  // namespace linenc::layers
