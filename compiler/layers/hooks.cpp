#include "compiler/layers/hooks.h"

#include <algorithm>
#include <array>
#include <vector>

#include "compiler/catalog/numpy.h"
#include "compiler/graph/ops.h"

namespace linenc::layers {

using catalog::Code;
using catalog::List;
using graph::DimContext;
using graph::Truth;

Value replacement(const LayerCall& call, const Value& cls, const std::string& cls_name, const Value& function) {
  if (cls.is_none()) return function;
  if (const catalog::TemplatePtr made = cls.module_template()) return call.context.construct(made, call.instance.field_place(cls_name));
  if (cls.function()) return call.context.call(cls, {});
  call.fail(concat("`", cls_name, "` is ", catalog::kind(cls), "; it is a module, or a function of nothing that gives a function"), cls_name,
            Code::WrongType);
}

void check_precision(const LayerCall& call, const Value& precision) {
  static constexpr std::array<std::string_view, 8> kNames = {"default", "high",     "highest",     "fastest",
                                                             "float32", "bfloat16", "bfloat16_3x", "tensorfloat32"};
  if (precision.is_none()) return;
  if (const List* pair = precision.list(); pair && pair->size() == 2) {
    for (const Value& one : *pair) check_precision(call, one);
    return;
  }
  if (precision.text() && std::find(kNames.begin(), kNames.end(), *precision.text()) != kNames.end()) return;
  call.fail(concat("`precision` is ", catalog::kind(precision), "; it is none or one of `default`, `high`, `highest`"), "precision");
}

namespace {

Value axis_list(const std::vector<std::int64_t>& axes) { return List(axes.begin(), axes.end()); }

}  // namespace

Tensor product(const LayerCall& call, Tensor x, Tensor y, const DotAttributes& axes) {
  std::array<Tensor, 2> both{x, y};
  catalog::promote_all(call.context, both);
  return graph::dot_general(call.builder, both[0], both[1], axes);
}

Tensor dot(const LayerCall& call, const DotHooks& hooks, Tensor x, Tensor y, const DotAttributes& axes) {
  check_precision(call, hooks.precision);
  const Value own = replacement(call, hooks.dot_general_cls, "dot_general_cls", hooks.dot_general);
  if (own.is_none()) return product(call, x, y, axes);
  catalog::Arguments arguments;
  arguments.add(x);
  arguments.add(y);
  arguments.add(List{List{axis_list(axes.a_contract), axis_list(axes.b_contract)}, List{axis_list(axes.a_batch), axis_list(axes.b_batch)}});
  arguments.add("precision", hooks.precision);
  return catalog::to_tensor(call.context, call.context.call(own, arguments));
}

namespace {

void promote_by_hook(const LayerCall& call, const PromoteHooks& hooks, std::initializer_list<Tensor*> tensors,
                     std::vector<std::pair<std::string, Value>> keywords) {
  catalog::Arguments arguments;
  for (const Tensor* tensor : tensors) arguments.add(tensor->exists() ? Value(*tensor) : Value());
  arguments.add("dtype", hooks.dtype ? Value(*hooks.dtype) : Value());
  for (auto& [name, value] : keywords) arguments.add(name, std::move(value));
  const Value promoted = call.context.call(hooks.promote_dtype, arguments);
  const List* list = promoted.list();
  if (list == nullptr || list->size() != tensors.size()) {
    call.fail(concat("`promote_dtype` gives a list of ", tensors.size(), tensors.size() == 1 ? " array" : " arrays", " here, and this is ",
                     list ? concat("a list of ", list->size()) : catalog::kind(promoted)),
              "promote_dtype", Code::WrongType);
  }
  std::size_t next = 0;
  for (Tensor* tensor : tensors) {
    const Value& value = (*list)[next++];
    const bool may_be_none = !tensor->exists() || (hooks.may_drop_last && next == tensors.size());
    *tensor = value.is_none() && may_be_none ? Tensor{} : catalog::to_tensor(call.context, value, call.instance.field_place("promote_dtype"));
  }
}

}  // namespace

void promote(const LayerCall& call, const PromoteHooks& hooks, std::initializer_list<Tensor*> tensors,
             std::vector<std::pair<std::string, Value>> keywords) {
  if (!hooks.promote_dtype.is_none()) return promote_by_hook(call, hooks, tensors, std::move(keywords));
  const std::optional<DType>& dtype = hooks.dtype;
  if (dtype && !is_float(*dtype)) {
    call.fail(concat("`dtype` is ", *dtype, ", and `", call.instance.type->class_name(), "` computes with floats"), "dtype");
  }
  std::vector<Tensor> existing;
  for (const Tensor* tensor : tensors) {
    if (tensor->exists()) existing.push_back(*tensor);
  }
  catalog::promote_dtype(call.context, existing, dtype);
  std::size_t next = 0;
  for (Tensor* tensor : tensors) {
    if (tensor->exists()) *tensor = existing[next++];
  }
}

Tensor add_bias(const LayerCall& call, Tensor y, Tensor bias) {
  return bias.exists() ? catalog::binary(call.context, ElementwiseKind::Add, y, bias) : y;
}

void note_axis(const LayerCall& call, Tensor y, std::int64_t axis, const std::string& field) {
  graph::Fact& fact = y.graph->values[graph::index(y.id)].fact;
  fact.axis_origins.resize(fact.rank());
  const auto at = static_cast<std::size_t>(axis < 0 ? axis + static_cast<std::int64_t>(fact.rank()) : axis);
  fact.axis_origins[at] = call.builder.origins().add_axis(call.instance.field_place(field), concat("`", call.instance.type->class_name(), "`"));
}

void need_multiple(const LayerCall& call, const Dim& size, const Dim& divisor, const std::string& what, const std::string& field) {
  if (divisor == Dim(0)) call.fail(concat("`", field, "` is 0, needs at least 1"), field, Code::FieldOutOfRange);
  switch (call.builder.dims().equal(modulo(size, divisor), 0)) {
    case Truth::Yes: return;
    case Truth::No: call.fail(concat(what, " is ", size, ", which is no multiple of `", field, "`, ", divisor), field);
    case Truth::Unknown:
      call.fail(concat(what, " is ", size, ", which must be a multiple of `", field, "`, ", divisor, "; state it: `assume: [(", size, ") % ", divisor,
                       " == 0]`"),
                field, Code::Unproven);
  }
}

std::int64_t axis_of(const LayerCall& call, std::int64_t axis, std::int64_t rank, const std::string& field) {
  if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  call.fail(concat("`", field, "` names the axis ", axis, ", and the input has rank ", rank), field);
}

}  // namespace linenc::layers
