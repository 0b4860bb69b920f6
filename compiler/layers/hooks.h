#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/catalog/layer.h"

// What the linear layers and convolutions share: the fields that replace a part of their computation, dtypes, biases.
namespace linenc::layers {

using catalog::FieldType;
using catalog::LayerCall;
using catalog::Value;
using graph::Dim;
using graph::Dims;
using graph::Tensor;

// The type of a field that holds a function or none, and of one that holds a function: its default is a function of Linen, for which
// the C++ default stands, none.
[[nodiscard]] inline FieldType function_type() { return FieldType::of(FieldType::Base::Function, true); }
[[nodiscard]] inline FieldType given_function_type() { return FieldType::of(FieldType::Base::Function); }

// What computes a part of the layer in place of its own code: what the function or module in the field `cls_name` makes, called with
// nothing, else the function of the other field, else none. A module becomes a submodule with its automatic name.
[[nodiscard]] Value replacement(const LayerCall& call, const Value& cls, const std::string& cls_name, const Value& function);
// `precision` is none or one of JAX's names; on a CPU every one of them computes in float32.
void check_precision(const LayerCall& call, const Value& precision);

// lax.dot_general; operands of two dtypes, as a function in place of promote_dtype may leave them, meet in their common one.
[[nodiscard]] Tensor product(const LayerCall& call, Tensor x, Tensor y, const DotAttributes& axes);
// The same, or what the fields give in its place.
struct DotHooks {
  const Value& dot_general;
  const Value& dot_general_cls;
  const Value& precision;
};
[[nodiscard]] Tensor dot(const LayerCall& call, const DotHooks& hooks, Tensor x, Tensor y, const DotAttributes& axes);

// The fields `promote_dtype` and `dtype`.
struct PromoteHooks {
  const Value& promote_dtype;
  const std::optional<DType>& dtype;
  bool may_drop_last = false;  // the layer does without the last one where the function gives none
};
// Flax's promote_dtype brings the tensors that exist to one dtype; a function in its place gets them all (none where one does not
// exist), the keyword `dtype` and those given, and gives a list of as many. E0226 where the field `dtype` is no float.
void promote(const LayerCall& call, const PromoteHooks& hooks, std::initializer_list<Tensor*> tensors,
             std::vector<std::pair<std::string, Value>> keywords = {});
// y + bias, where the bias exists.
[[nodiscard]] Tensor add_bias(const LayerCall& call, Tensor y, Tensor bias);
// Diagnostics about the size of this axis point at the field that decided it.
void note_axis(const LayerCall& call, Tensor y, std::int64_t axis, const std::string& field);

// E0226 (or E0216 where it depends on a named size) unless `divisor` divides `size`; `what` begins the message.
void need_multiple(const LayerCall& call, const Dim& size, const Dim& divisor, const std::string& what, const std::string& field);
// An axis brought to 0 <= axis < rank; E0226 at the field otherwise.
[[nodiscard]] std::int64_t axis_of(const LayerCall& call, std::int64_t axis, std::int64_t rank, const std::string& field);

}  // namespace linenc::layers
