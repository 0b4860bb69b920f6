// jnp.asarray: numbers and nested lists of numbers, sizes and tensors as one tensor.
// Tested by tests/compiler/catalog/numpy_test.cpp.
#include <algorithm>
#include <span>

#include "compiler/catalog/context.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/static_array.h"
#include "compiler/diagnostics/concat.h"
#include "runtime/core/half.h"

namespace linenc::catalog {
namespace {

void append_bytes(std::vector<std::byte>& out, std::span<const std::byte> bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// Towards zero; what is no whole number of 64 bits is told as it was written.
std::int64_t whole_number(Context& context, double real, DType dtype, Span place) {
  if (std::abs(real) < 9.2e18) return static_cast<std::int64_t>(real);
  context.fail(Code::EvaluationFailed, place, concat("the number ", display(real), " does not fit into ", dtype));
}

std::int64_t checked_integer(Context& context, std::int64_t value, DType dtype, Span place) {
  const auto [low, high] = [&]() -> std::pair<std::int64_t, std::int64_t> {
    const auto bits = static_cast<int>(8 * byte_size(dtype));
    if (is_unsigned(dtype)) return {0, (std::int64_t{1} << bits) - 1};
    return {-(std::int64_t{1} << (bits - 1)), (std::int64_t{1} << (bits - 1)) - 1};
  }();
  if (value < low || value > high) {
    context.fail(Code::EvaluationFailed, place, concat("the number ", value, " does not fit into ", dtype));
  }
  return value;
}

// A number of a list as bytes: converted as NumPy does, floats to integers towards zero.
void append_number(Context& context, std::vector<std::byte>& out, const Value& value, DType dtype, Span place) {
  const double real =
      value.number() ? *value.number() : static_cast<double>(value.boolean() ? std::int64_t{*value.boolean()} : *value.integer()->constant());
  if (dtype == DType::Bool) return out.push_back(static_cast<std::byte>(real != 0));
  if (is_float(dtype)) {
    const auto single = static_cast<float>(real);
    if (dtype == DType::Float32) return append_bytes(out, std::as_bytes(std::span(&single, 1)));
    const std::uint16_t half = dtype == DType::BFloat16 ? float_to_bfloat16(single) : float_to_float16(single);
    return append_bytes(out, std::as_bytes(std::span(&half, 1)));
  }
  const std::int64_t whole = value.integer() ? *value.integer()->constant() : whole_number(context, real, dtype, place);
  const auto bits = static_cast<std::uint64_t>(checked_integer(context, whole, dtype, place));
  // Little-endian: the low bytes are the narrower number.
  append_bytes(out, std::as_bytes(std::span(&bits, 1)).first(byte_size(dtype)));
}

[[noreturn]] void no_array(Context& context, const Value& value, Span place) {
  if (value.is_poison()) throw graph::Failed{};  // told already
  context.fail(Code::WrongType, place, concat("an array or a number is wanted here, and this is ", kind(value)));
}

// What a nested list holds: its shape, whether a tensor or a size without a number stands in it, its type as literals.
struct ListContents {
  Dims shape;
  bool has_tensors = false, has_arrays = false;
  bool has_floats = false, has_ints = false;
  WeakDType common{DType::Bool};  // of arrays and numbers
};

void look_into(Context& context, const Value& value, std::size_t depth, ListContents& contents, Span place) {
  if (value.tensor() || value.variable()) {
    contents.has_tensors = true;
    return;
  }
  if (value.array()) {
    contents.has_arrays = true;
    contents.common = promote(contents.common, {narrowed(value.array()->dtype)});
    return;
  }
  const List* list = value.list();
  if (!list) {
    if (!value.boolean() && !value.integer() && !value.number()) no_array(context, value, place);
    contents.has_floats = contents.has_floats || value.number();
    contents.has_ints = contents.has_ints || value.integer();
    if (value.number()) contents.common = promote(contents.common, {DType::Float32, true});
    if (value.integer()) contents.common = promote(contents.common, {DType::Int32, true});
    contents.has_tensors = contents.has_tensors || (value.integer() && !value.integer()->is_constant());
    if (!contents.has_tensors && !contents.has_arrays && depth != contents.shape.size()) {
      context.fail(Code::ShapeMismatch, place, "the rows of this list differ in depth");
    }
    return;
  }
  if (depth == contents.shape.size()) contents.shape.push_back(static_cast<std::int64_t>(list->size()));
  if (!contents.has_tensors && !contents.has_arrays && *contents.shape[depth].constant() != static_cast<std::int64_t>(list->size())) {
    context.fail(Code::ShapeMismatch, place, concat("the rows of this list differ in length: ", contents.shape[depth], " and ", list->size()));
  }
  for (const Value& item : *list) look_into(context, item, depth + 1, contents, place);
}

void append_list(Context& context, std::vector<std::byte>& out, const Value& value, DType dtype, Span place) {
  const List* list = value.list();
  if (!list) return append_number(context, out, value, dtype, place);
  for (const Value& item : *list) append_list(context, out, item, dtype, place);
}

// The numbers beside NumPy's scalars take the type of these.
void check_numbers(Context& context, const Value& value, DType dtype, Span place) {
  if (value.integer() && value.integer()->is_constant()) (void)checked_integer(context, *value.integer()->constant(), dtype, place);
  const List* list = value.list();
  for (const Value& item : list ? *list : List{}) check_numbers(context, item, dtype, place);
}

// jnp.stack along a new first axis.
Tensor stack_rows(Context& context, std::vector<Tensor> rows) {
  promote_all(context, rows);
  for (Tensor& row : rows) row = graph::expand_dims(context.builder, row, 0);
  return graph::concatenate(context.builder, rows, 0);
}

Tensor strong(Context& context, Tensor x) { return x.fact().weak ? graph::with_weak(context.builder, x, false) : x; }

// A constant of the graph: 64-bit elements become 32-bit ones, and its type is never weak.
Tensor array_tensor(Context& context, const StaticArray& array, std::optional<DType> dtype) {
  const StaticArray narrow = cast(array, dtype ? *dtype : narrowed(array.dtype));
  return graph::constant(context.builder, bytes_of(narrow), narrow.dtype, Dims(narrow.shape.begin(), narrow.shape.end()));
}

Tensor list_tensor(Context& context, const Value& value, std::optional<DType> dtype, Span place) {
  ListContents contents;
  look_into(context, value, 0, contents, place);
  if (contents.has_arrays && !contents.has_tensors) {
    if (!dtype && is_integer(contents.common.dtype)) check_numbers(context, value, contents.common.dtype, place);
    return array_tensor(context, *to_static_array(context, value, place), dtype.value_or(contents.common.dtype));
  }
  if (!contents.has_tensors || value.list()->empty()) {
    const DType found = dtype ? *dtype : contents.has_floats ? DType::Float32 : contents.has_ints ? DType::Int32 : DType::Bool;
    const bool is_empty = std::any_of(contents.shape.begin(), contents.shape.end(), [](const Dim& d) { return d == Dim(0); });
    if (is_empty) return graph::full(context.builder, 0, dtype.value_or(DType::Float32), contents.shape);
    std::vector<std::byte> bytes;
    append_list(context, bytes, value, found, place);
    return graph::constant(context.builder, std::move(bytes), found, contents.shape);
  }
  std::vector<Tensor> rows;
  for (const Value& item : *value.list()) {
    rows.push_back(dtype ? to_tensor(context, item, *dtype, place) : to_tensor(context, item, place));
  }
  return strong(context, stack_rows(context, std::move(rows)));
}

Tensor number_tensor(Context& context, const Value& value, std::optional<DType> dtype, Span place) {
  graph::Builder& b = context.builder;
  const bool weak = !dtype;
  if (const bool* truth = value.boolean()) {
    // A truth value is never weak.
    const DType wanted = dtype.value_or(DType::Bool);
    return is_float(wanted) ? graph::scalar(b, *truth, wanted) : graph::integer_scalar(b, *truth, wanted);
  }
  if (const double* real = value.number()) {
    const DType wanted = dtype.value_or(DType::Float32);
    if (is_float(wanted)) return graph::scalar(b, *real, wanted, weak);
    if (wanted == DType::Bool) return graph::integer_scalar(b, *real != 0, wanted);
    return graph::integer_scalar(b, checked_integer(context, whole_number(context, *real, wanted, place), wanted, place), wanted);
  }
  const Dim& dim = *value.integer();
  const DType wanted = dtype.value_or(DType::Int32);
  if (dim.is_overflow()) context.fail(Code::EvaluationFailed, place, "this number does not fit into 64 bits");
  if (!dim.is_constant()) {
    const Tensor size = graph::size_scalar(b, dim, wanted);
    return weak ? graph::with_weak(b, size, true) : size;
  }
  if (is_float(wanted)) return graph::scalar(b, static_cast<double>(*dim.constant()), wanted, weak);
  if (wanted == DType::Bool) return graph::integer_scalar(b, *dim.constant() != 0, wanted);
  return graph::integer_scalar(b, checked_integer(context, *dim.constant(), wanted, place), wanted, weak);
}

Tensor any_tensor(Context& context, const Value& value, std::optional<DType> dtype, Span place) {
  if (const Tensor* held = value.tensor()) {
    const Tensor used = context.builder.use(*held);
    return dtype ? astype(context, used, *dtype) : used;
  }
  if (const auto ref = value.variable()) {
    return any_tensor(context, context.get_variable(*ref->scope, ref->collection, ref->name), dtype, place);
  }
  if (const ArrayPtr array = value.array()) return array_tensor(context, *array, dtype);
  if (value.list()) return list_tensor(context, value, dtype, place);
  if (value.boolean() || value.integer() || value.number()) return number_tensor(context, value, dtype, place);
  no_array(context, value, place);
}

}  // namespace

Tensor to_tensor(Context& context, const Value& value, Span place) {
  return any_tensor(context, value, std::nullopt, place.exists() ? place : context.place());
}

Tensor to_tensor(Context& context, const Value& value, DType dtype, Span place) {
  return any_tensor(context, value, narrowed(dtype), place.exists() ? place : context.place());
}

}  // namespace linenc::catalog
