#include "compiler/layers/convolution.h"

#include <algorithm>
#include <cctype>

#include "compiler/catalog/numpy.h"
#include "compiler/graph/ops.h"

namespace linenc::layers {

using catalog::Code;
using catalog::List;
using graph::Truth;
using Relation = graph::DimContext::Relation;

FlatBatch flatten_batch(const LayerCall& call, Tensor x, std::size_t spatial) {
  const std::int64_t batch_rank = x.rank() - static_cast<std::int64_t>(spatial) - 1;
  const std::string& layer = call.instance.type->class_name();
  // Conv.c1: the input has the kernel's axes and one of channels.
  if (batch_rank < 0) {
    call.fail(concat("`", layer, "` with a kernel of ", spatial, spatial == 1 ? " axis" : " axes", " needs an input of rank ", spatial + 1,
                     " or more, and this one is ", x.fact()),
              "kernel_size", Code::ShapeMismatch);
  }
  FlatBatch flat{x, Dims(x.shape().begin(), x.shape().begin() + batch_rank)};
  if (batch_rank == 1) return flat;
  Dims shape = {graph::element_count(flat.batch)};
  shape.insert(shape.end(), x.shape().begin() + batch_rank, x.shape().end());
  flat.x = graph::reshape(call.builder, x, shape);
  flat.reshaped = true;
  return flat;
}

Tensor restore_batch(const LayerCall& call, Tensor y, const FlatBatch& flat) {
  if (!flat.reshaped) return y;
  Dims shape = flat.batch;
  shape.insert(shape.end(), y.shape().begin() + 1, y.shape().end());
  return graph::reshape(call.builder, y, shape);
}

void check_kernel_size(const LayerCall& call, const Dims& kernel) {
  for (const Dim& size : kernel) {
    if (size.is_constant() && *size.constant() < 1)
      call.fail(concat("`kernel_size` is ", size, ", needs at least 1"), "kernel_size", Code::FieldOutOfRange);
  }
}

PerAxis spatial_numbers(const LayerCall& call, const Value& field_value, std::size_t spatial, const std::string& field) {
  PerAxis result = {1};
  try {
    if (!field_value.is_none()) catalog::read_field(call.context, field_value, result);
  } catch (const catalog::FieldProblem& problem) {
    call.fail(concat("`", field, "` ", problem.text), field, problem.code);
  }
  if (field_value.list() == nullptr) result.assign(spatial, result.front());
  // Conv.c2: strides and dilations have an entry for each axis of the kernel, each at least 1.
  if (result.size() != spatial) {
    call.fail(concat("`", field, "` has ", result.size(), result.size() == 1 ? " entry" : " entries", ", and the kernel has ", spatial,
                     spatial == 1 ? " axis" : " axes"),
              field);
  }
  for (const std::int64_t value : result) {
    if (value < 1) call.fail(concat("`", field, "` is ", value, ", needs at least 1"), field, Code::FieldOutOfRange);
  }
  return result;
}

namespace {

[[noreturn]] void wrong_padding(const LayerCall& call, const Value& padding, std::size_t spatial) {
  call.fail(concat("`padding` is ", catalog::display(padding), "; it is a name, an int, or a list of ", spatial, spatial == 1 ? " entry" : " entries",
                   ", each an int or a pair [low, high]"),
            "padding");
}

}  // namespace

Padding padding_of(const LayerCall& call, const Value& padding, std::size_t spatial) {
  if (const std::string* name = padding.text()) return *name;
  if (const Dim* one = padding.integer()) return Pads{Dims(spatial, *one), Dims(spatial, *one)};
  const List* entries = padding.list();
  // Conv.c3: explicit padding has an int or a pair for each axis of the kernel.
  if (entries == nullptr || entries->size() != spatial) wrong_padding(call, padding, spatial);
  Pads pads;
  for (const Value& entry : *entries) {
    const List* pair = entry.list();
    const Value& low = pair && pair->size() == 2 ? (*pair)[0] : entry;
    const Value& high = pair && pair->size() == 2 ? (*pair)[1] : entry;
    if (low.integer() == nullptr || high.integer() == nullptr) wrong_padding(call, padding, spatial);
    pads.low.push_back(*low.integer());
    pads.high.push_back(*high.integer());
  }
  return pads;
}

Value to_value(const Padding& padding) {
  if (const std::string* name = std::get_if<std::string>(&padding)) return *name;
  const Pads& pads = std::get<Pads>(padding);
  List pairs;
  for (std::size_t i = 0; i < pads.low.size(); ++i) pairs.push_back(List{pads.low[i], pads.high[i]});
  return pairs;
}

std::string spatial_letters(std::size_t spatial) {
  static constexpr std::string_view kNamed = "DHW";
  if (spatial <= kNamed.size()) return std::string(kNamed.substr(kNamed.size() - spatial));
  std::string digits;
  for (std::size_t axis = 0; axis < spatial; ++axis) digits += static_cast<char>('0' + axis);
  return digits;
}

Dim dilated(const Dim& size, std::int64_t dilation) {
  if (size == Dim(0)) return 0;
  return (size - 1) * Dim(dilation) + 1;
}

namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

Pads named_pads(const LayerCall& call, const std::string& name, Tensor x, const Dims& kernel, const PerAxis& strides, const PerAxis& input_dilation) {
  const std::string known = upper(name);
  const std::size_t spatial = kernel.size();
  // Conv.c5: a padding has a known name.
  if (known != "SAME" && known != "VALID" && known != "SAME_LOWER") {
    const bool transposed = call.instance.field("transpose_kernel") != nullptr;
    call.fail(concat("`padding` is `", diagnostics::shown(name), "`; it is one of `SAME`, `VALID`, `SAME_LOWER`, `CIRCULAR`",
                     transposed ? "" : ", `REFLECT`, `CAUSAL`"),
              "padding");
  }
  // Conv.c6: a named padding goes with undilated inputs.
  if (std::any_of(input_dilation.begin(), input_dilation.end(), [](std::int64_t d) { return d != 1; })) {
    const std::string spread = call.instance.field("input_dilation") != nullptr ? "input_dilation" : "strides";
    call.fail(concat("`padding: ", diagnostics::shown(name), "` cannot be combined with `", spread, "`; write the numbers"), "padding");
  }
  Pads pads{Dims(spatial, 0), Dims(spatial, 0)};
  if (known == "VALID") return pads;
  for (std::size_t i = 0; i < spatial; ++i) {
    const graph::SamePadding same =
        graph::same_padding(call.builder.dims(), x.dim(static_cast<std::int64_t>(i) + 1), kernel[i], strides[i], known == "SAME_LOWER");
    pads.low[i] = same.low;
    pads.high[i] = same.high;
  }
  return pads;
}

Tensor masked(const LayerCall& call, Tensor kernel, const Value& mask) {
  if (mask.is_none()) return kernel;
  const Tensor factor = catalog::to_tensor(call.context, mask, call.instance.field_place("mask"));
  // Conv.c4: the mask has the kernel's shape.
  if (factor.shape() != kernel.shape()) {
    call.fail(concat("`mask` is ", factor.fact(), ", and the kernel it multiplies is ", kernel.fact()), "mask", Code::ShapeMismatch);
  }
  return catalog::binary(call.context, ElementwiseKind::Multiply, kernel, factor);
}

namespace {

// Which element of an axis of `size` stands at `position`, which may be outside.
std::int64_t source_of(std::int64_t position, std::int64_t size, Border border) {
  if (border == Border::Wrap) return ((position % size) + size) % size;
  if (size == 1) return 0;
  const std::int64_t period = 2 * (size - 1);
  const std::int64_t inside = ((position % period) + period) % period;
  return inside < size ? inside : period - inside;
}

// The elements in their order as slices and reversed slices, put together.
Tensor pick_runs(const LayerCall& call, Tensor x, std::int64_t axis, const std::vector<std::int64_t>& order) {
  graph::Builder& b = call.builder;
  std::vector<Tensor> parts;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    const std::int64_t step = end < order.size() ? order[end] - order[begin] : 1;
    if (step == 1 || step == -1) {
      while (end < order.size() && order[end] - order[end - 1] == step) ++end;
    }
    const std::int64_t count = static_cast<std::int64_t>(end - begin);
    const bool descending = count > 1 && step == -1;
    Tensor part = graph::slice_axis(b, x, axis, descending ? order[end - 1] : order[begin], count);
    parts.push_back(descending ? graph::reverse(b, part, {axis}) : part);
    begin = end;
  }
  return parts.size() == 1 ? parts.front() : graph::concatenate(b, parts, axis);
}

// The same for an axis of a named size: the positions are computed.
Tensor pick_computed(const LayerCall& call, Tensor x, std::int64_t axis, std::int64_t low, std::int64_t high, Border border) {
  graph::Builder& b = call.builder;
  catalog::Context& context = call.context;
  const auto size_of = [&](const Dim& size) { return graph::size_scalar(b, size, DType::Int32); };
  const Dim& size = x.dim(axis);
  Tensor position = graph::iota(b, DType::Int32, {size + low + high}, 0);
  position = graph::binary(b, ElementwiseKind::Subtract, position, size_of(low));
  if (border == Border::Wrap) {
    position = catalog::remainder(context, position, size_of(size));
  } else {
    const Dim period = maximum((size - 1) * Dim(2), 1);
    position = catalog::remainder(context, position, size_of(period));
    const Tensor mirrored = graph::binary(b, ElementwiseKind::Subtract, size_of(period), position);
    position = graph::binary(b, ElementwiseKind::Minimum, position, mirrored);
  }
  return graph::gather(b, x, position, axis, 0, GatherMode::Promise);
}

}  // namespace

Tensor extend(const LayerCall& call, Tensor x, std::int64_t axis, std::int64_t low, std::int64_t high, Border border) {
  if (low == 0 && high == 0) return x;
  const auto size = x.dim(axis).constant();
  if (!size) return pick_computed(call, x, axis, low, high, border);
  if (*size == 0) {
    call.fail(concat("`padding` continues the axis ", axis, " of the input, which has no elements"), "padding", Code::ShapeMismatch);
  }
  std::vector<std::int64_t> order;
  for (std::int64_t position = -low; position < *size + high; ++position) order.push_back(source_of(position, *size, border));
  return pick_runs(call, x, axis, order);
}

}  // namespace linenc::layers
