// Rules of ops that combine elements along axes: reductions, sorting, products, windows.
#include <algorithm>

#include "compiler/graph/infer_rules.h"

namespace linenc::graph::rules {
namespace {

using Relation = DimContext::Relation;

bool is_number(DType dtype) { return is_float(dtype) || is_integer(dtype); }

void expect_numbers(const Input& in, std::size_t operand) {
  const DType dtype = in.operand(operand).dtype;
  if (!is_number(dtype)) fail(Reason::Kind::Dtype, concat("needs numbers, not ", dtype), static_cast<int>(operand));
}

void check_reduced_dtype(const Input& in, ReduceKind kind) {
  const DType dtype = in.operand(0).dtype;
  switch (kind) {
    case ReduceKind::Sum:
    case ReduceKind::Product:
    case ReduceKind::Max:
    case ReduceKind::Min: return expect_numbers(in, 0);
    case ReduceKind::All:
    case ReduceKind::Any:
      if (dtype != DType::Bool) fail(Reason::Kind::Dtype, concat("needs bool, not ", dtype), 0);
  }
}

Fact without_axes(const Fact& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  Fact fact = fact_of(x.dtype, {}, x.weak);
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    const bool reduced = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(axis)) != axes.end();
    if (!reduced)
      push_axis(fact, x, axis);
    else if (keepdims)
      push_axis(fact, 1);
  }
  return fact;
}

// The axes in neither list, with those of the operand.
void push_free_axes(Fact& fact, const Fact& operand, const std::vector<std::int64_t>& batch, const std::vector<std::int64_t>& contract) {
  for (std::size_t axis = 0; axis < operand.rank(); ++axis) {
    const auto in_list = [&](const std::vector<std::int64_t>& list) {
      return std::find(list.begin(), list.end(), static_cast<std::int64_t>(axis)) != list.end();
    };
    if (!in_list(batch) && !in_list(contract)) push_axis(fact, operand, axis);
  }
}

void check_pairs(const Input& in, const std::vector<std::int64_t>& a_axes, const std::vector<std::int64_t>& b_axes, const char* verb) {
  const Fact &a = in.operand(0), &b = in.operand(1);
  if (a_axes.size() != b_axes.size()) {
    fail(Reason::Kind::Shape, concat("pairs ", a_axes.size(), " axes with ", b_axes.size()), 0, -1, 1);
  }
  for (std::size_t i = 0; i < a_axes.size(); ++i) {
    const auto axis_a = static_cast<std::size_t>(a_axes[i]), axis_b = static_cast<std::size_t>(b_axes[i]);
    const std::string text = concat("cannot ", verb, " ", axis_name(axis_a, a.rank()), " of ", to_string(a.shape), " with ",
                                    axis_name(axis_b, b.rank()), " of ", to_string(b.shape));
    expect_equal(in, a.shape[axis_a], b.shape[axis_b], text, 0, static_cast<int>(axis_a), 1, static_cast<int>(axis_b));
  }
}

void check_dot_axes(const Input& in, const std::vector<std::int64_t>& batch, const std::vector<std::int64_t>& contract, std::size_t rank) {
  std::vector<std::int64_t> all = batch;
  all.insert(all.end(), contract.begin(), contract.end());
  expect_axes(in, all, rank);
}

// The third operand of dots and convolutions adds to the result without making it larger.
void check_bias(const Input& in, const Fact& result) {
  if (in.operands.size() < 3) return;
  const Fact& bias = in.operand(2);
  if (bias.dtype != result.dtype) fail(Reason::Kind::Dtype, concat("needs a bias of ", result.dtype, ", not ", bias.dtype), 2);
  const std::string text = concat("cannot add a bias ", to_string(bias.shape), " to ", to_string(result.shape));
  if (bias.rank() > result.rank()) fail(Reason::Kind::Shape, text, 2);
  const std::size_t shift = result.rank() - bias.rank();
  for (std::size_t axis = 0; axis < bias.rank(); ++axis) {
    if (bias.shape[axis].constant() == 1) continue;
    expect_equal(in, bias.shape[axis], result.shape[axis + shift], text, 2, static_cast<int>(axis));
  }
}

void expect_at_least_one(const std::vector<std::int64_t>& values, const char* what) {
  for (const std::int64_t value : values) {
    if (value < 1) fail(Reason::Kind::Range, concat("needs ", what, " of at least 1, not ", value), 0);
  }
}

// (n - 1) * d + 1, and 0 for nothing.
Dim dilated(const Dim& size, std::int64_t dilation) {
  if (dilation == 1) return size;
  return size.constant() == 0 ? Dim(0) : maximum((size - 1) * dilation + 1, 0);
}

// How many places a window has in a padded axis; none where the window is larger.
Dim window_places(const Input& in, const Dim& padded, const Dim& window, std::int64_t stride, std::size_t axis) {
  if (padded.is_constant() && *padded.constant() < 0) {
    fail(Reason::Kind::Range, concat("cuts more off ", axis_name(axis, in.operand(0).rank()), " of ", to_string(in.operand(0).shape), " than it has"),
         0, static_cast<int>(axis));
  }
  return maximum(floor_div(padded - window, stride) + 1, 0);
}

struct ConvolutionCheck {
  const Input& in;
  const ConvolutionAttributes<Dim>& attributes;
  const Fact& x = in.operand(0);
  const Fact& kernel = in.operand(1);

  void dtypes() const {
    expect_one_dtype(in, 0, 2);
    expect_numbers(in, 0);
  }
  void lengths() const {
    if (x.rank() < 2 || kernel.rank() != x.rank()) {
      fail(Reason::Kind::Shape, concat("cannot convolve ", to_string(x.shape), " with a kernel ", to_string(kernel.shape)), 0, -1, 1);
    }
    const std::size_t spatial = x.rank() - 2;
    for (const std::size_t length : {attributes.strides.size(), attributes.low.size(), attributes.high.size(), attributes.input_dilation.size(),
                                     attributes.kernel_dilation.size()}) {
      if (length != spatial) fail(Reason::Kind::Range, concat("needs ", spatial, " strides, paddings and dilations, not ", length), 0);
    }
    expect_at_least_one(attributes.strides, "strides");
    expect_at_least_one(attributes.input_dilation, "dilations");
    expect_at_least_one(attributes.kernel_dilation, "dilations");
    expect_at_least_one({attributes.groups, attributes.batch_groups}, "groups");
  }
  void groups() const {
    const int last = static_cast<int>(x.rank()) - 1;
    const Dim &channels = x.shape.back(), &outputs = kernel.shape.back(), &inputs = kernel.shape[kernel.rank() - 2];
    const std::int64_t group_count = attributes.groups;
    const std::string text = group_count == 1 ? concat("cannot convolve the ", channels, " channels of ", to_string(x.shape), " with a kernel ",
                                                       to_string(kernel.shape), ", which takes ", inputs)
                                              : concat("cannot convolve the ", channels, " channels of ", to_string(x.shape), " in ", group_count,
                                                       " groups with a kernel ", to_string(kernel.shape), ", which takes ", inputs, " in each");
    expect_equal(in, channels, inputs * group_count, text, 0, last, 1, last - 1);
    for (const std::int64_t divisor : {group_count, attributes.batch_groups}) {
      if (divisor == 1) continue;
      expect_holds(in, modulo(outputs, divisor), Relation::Equal, 0, concat("cannot split ", outputs, " output channels into ", divisor, " groups"),
                   1, last);
    }
    if (attributes.batch_groups > 1) {
      expect_holds(in, modulo(x.shape[0], attributes.batch_groups), Relation::Equal, 0,
                   concat("cannot split a batch of ", x.shape[0], " into ", attributes.batch_groups, " groups"), 0, 0);
    }
  }
};

}  // namespace

Facts reduce(const Input& in) {
  expect_operands(in, 1, 1);
  const auto& attributes_ = attributes<ReduceAttributes>(in);
  check_reduced_dtype(in, attributes_.kind);
  expect_axes(in, attributes_.axes, in.operand(0).rank());
  return {without_axes(in.operand(0), attributes_.axes, attributes_.keepdims)};
}

Facts arg_reduce(const Input& in) {
  expect_operands(in, 1, 1);
  const auto& attributes_ = attributes<ArgReduceAttributes>(in);
  const Fact& x = in.operand(0);
  if (x.dtype == DType::Key) fail(Reason::Kind::Dtype, "needs numbers, not key", 0);
  expect_axis(in, attributes_.axis, x.rank());
  const auto axis = static_cast<std::size_t>(attributes_.axis);
  expect_holds(in, x.shape[axis], Relation::GreaterEqual, 1,
               concat("has nothing to choose from along ", axis_name(axis, x.rank()), " of ", to_string(x.shape)), 0, static_cast<int>(axis));
  Fact fact = without_axes(x, {attributes_.axis}, attributes_.keepdims);
  fact.dtype = DType::Int32;
  fact.weak = false;
  return {std::move(fact)};
}

Facts cumulative(const Input& in) {
  expect_operands(in, 1, 1);
  const auto& attributes_ = attributes<CumulativeAttributes>(in);
  expect_numbers(in, 0);
  if (attributes_.kind == CumulativeKind::LogSumExp && !is_float(in.operand(0).dtype)) {
    fail(Reason::Kind::Dtype, concat("needs floating-point numbers, not ", in.operand(0).dtype), 0);
  }
  expect_axis(in, attributes_.axis, in.operand(0).rank());
  return {in.operand(0)};
}

Facts sort(const Input& in) {
  expect_operands(in, 1, static_cast<std::size_t>(-1));
  const Fact& keys = in.operand(0);
  if (keys.dtype == DType::Key) fail(Reason::Kind::Dtype, "needs numbers or bool, not key", 0);
  expect_axis(in, attributes<SortAttributes>(in).axis, keys.rank());
  Facts facts;
  for (std::size_t i = 0; i < in.operands.size(); ++i) {
    const Fact& carried = in.operand(i);
    const std::string text = concat("cannot sort ", to_string(carried.shape), " along with ", to_string(keys.shape));
    if (carried.rank() != keys.rank()) fail(Reason::Kind::Shape, text, 0, -1, static_cast<int>(i));
    for (std::size_t axis = 0; axis < keys.rank(); ++axis) {
      expect_equal(in, keys.shape[axis], carried.shape[axis], text, 0, static_cast<int>(axis), static_cast<int>(i), static_cast<int>(axis));
    }
    facts.push_back(carried);
  }
  return facts;
}

Facts top_k(const Input& in) {
  expect_operands(in, 1, 1);
  Fact values = in.operand(0);
  const Dim& k = attributes<TopKAttributes<Dim>>(in).k;
  expect_numbers(in, 0);
  if (values.rank() == 0) fail(Reason::Kind::Shape, "needs at least one axis", 0);
  const int last = static_cast<int>(values.rank()) - 1;
  expect_holds(in, k, Relation::LessEqual, values.shape.back(),
               concat("cannot take the largest ", k, " along the last axis of ", to_string(values.shape)), 0, last);
  values.shape.back() = k;
  if (!values.axis_origins.empty()) values.axis_origins.back() = 0;
  Fact indices = values;
  indices.dtype = DType::Int32;
  indices.weak = false;
  return {std::move(values), std::move(indices)};
}

Facts orthogonalize(const Input& in) {
  expect_operands(in, 1, 1);
  const Fact& x = in.operand(0);
  if (x.dtype != DType::Float32) fail(Reason::Kind::Dtype, concat("needs float32, not ", x.dtype), 0);
  if (x.rank() < 2) fail(Reason::Kind::Shape, concat("needs matrices, not ", to_string(x.shape)), 0);
  expect_holds(in, x.shape.back(), Relation::LessEqual, x.shape[x.rank() - 2],
               concat("needs as many rows as columns or more, not ", to_string(x.shape)), 0, static_cast<int>(x.rank()) - 1);
  return {x};
}

Facts dot_general(const Input& in) {
  expect_operands(in, 2, 3);
  const auto& dot = attributes<DotAttributes>(in);
  const Fact &a = in.operand(0), &b = in.operand(1);
  expect_one_dtype(in, 0, 2);
  expect_numbers(in, 0);
  check_dot_axes(in, dot.a_batch, dot.a_contract, a.rank());
  check_dot_axes(in, dot.b_batch, dot.b_contract, b.rank());
  check_pairs(in, dot.a_batch, dot.b_batch, "pair");
  check_pairs(in, dot.a_contract, dot.b_contract, "contract");
  Fact fact = fact_of(a.dtype, {}, all_weak(in));
  for (const std::int64_t axis : dot.a_batch) push_axis(fact, a, static_cast<std::size_t>(axis));
  push_free_axes(fact, a, dot.a_batch, dot.a_contract);
  push_free_axes(fact, b, dot.b_batch, dot.b_contract);
  check_bias(in, fact);
  return {std::move(fact)};
}

Facts convolution(const Input& in) {
  expect_operands(in, 2, 3);
  const auto& convolution_ = attributes<ConvolutionAttributes<Dim>>(in);
  const ConvolutionCheck check{in, convolution_};
  check.dtypes();
  check.lengths();
  check.groups();
  const Fact &x = check.x, &kernel = check.kernel;
  Fact fact = fact_of(x.dtype, {}, all_weak(in));
  if (convolution_.batch_groups == 1)
    push_axis(fact, x, 0);
  else
    push_axis(fact, floor_div(x.shape[0], convolution_.batch_groups));
  for (std::size_t i = 0; i + 2 < x.rank(); ++i) {
    const Dim padded = dilated(x.shape[i + 1], convolution_.input_dilation[i]) + convolution_.low[i] + convolution_.high[i];
    const Dim places = window_places(in, padded, dilated(kernel.shape[i], convolution_.kernel_dilation[i]), convolution_.strides[i], i + 1);
    if (places == x.shape[i + 1])
      push_axis(fact, x, i + 1);
    else
      push_axis(fact, places);
  }
  push_axis(fact, kernel, kernel.rank() - 1);
  check_bias(in, fact);
  return {std::move(fact)};
}

Facts reduce_window(const Input& in) {
  expect_operands(in, 1, 1);
  const auto& window = attributes<WindowAttributes<Dim>>(in);
  const Fact& x = in.operand(0);
  expect_numbers(in, 0);
  for (const std::size_t length :
       {window.window.size(), window.strides.size(), window.window_dilation.size(), window.low.size(), window.high.size()}) {
    expect_length(length, x.rank(), "window sizes, strides, dilations and paddings");
  }
  expect_at_least_one(window.window, "windows");
  expect_at_least_one(window.strides, "strides");
  expect_at_least_one(window.window_dilation, "dilations");
  Fact fact = fact_of(x.dtype, {}, x.weak);
  for (std::size_t axis = 0; axis < x.rank(); ++axis) {
    const Dim padded = x.shape[axis] + window.low[axis] + window.high[axis];
    const Dim places = window_places(in, padded, dilated(window.window[axis], window.window_dilation[axis]), window.strides[axis], axis);
    if (places == x.shape[axis])
      push_axis(fact, x, axis);
    else
      push_axis(fact, places);
  }
  return {std::move(fact)};
}

}  // namespace linenc::graph::rules
