#pragma once

// The fields of everything that a plan file holds, in the order of the file: fields(codec, value) hands each one to
// codec(field). Writing, reading and describing are three codecs. The bindings name every field, so that a field that is
// added does not compile before it is listed here.

#include <type_traits>

#include "runtime/plan/plan_file.h"

namespace linenc::plan_file {

template <class T>
using Plain = std::remove_const_t<T>;
template <class T, class Wanted>
concept Is = std::is_same_v<Plain<T>, Wanted>;

// The last enumerator of each enumeration.
template <class E>
inline constexpr E kLast{};
template <>
inline constexpr OpKind kLast<OpKind> = static_cast<OpKind>(kOpKinds - 1);
template <>
inline constexpr ElementwiseKind kLast<ElementwiseKind> = ElementwiseKind::MulAdd;
template <>
inline constexpr ReduceKind kLast<ReduceKind> = ReduceKind::Any;
template <>
inline constexpr CumulativeKind kLast<CumulativeKind> = CumulativeKind::LogSumExp;
template <>
inline constexpr WindowKind kLast<WindowKind> = WindowKind::Product;
template <>
inline constexpr GatherMode kLast<GatherMode> = GatherMode::Promise;
template <>
inline constexpr ScatterKind kLast<ScatterKind> = ScatterKind::Max;
template <>
inline constexpr DrawKind kLast<DrawKind> = DrawKind::Cauchy;
template <>
inline constexpr Activation kLast<Activation> = Activation::Logistic;
template <>
inline constexpr Space kLast<Space> = Space::Constant;
template <>
inline constexpr PortRole kLast<PortRole> = PortRole::Prepared;
// Plans compute with nothing above.
template <>
inline constexpr DType kLast<DType> = DType::Key;

template <class Codec, class... Fields>
void each(Codec& codec, Fields&... all) {
  (codec(all), ...);
}

template <class Codec>
void fields(Codec&, Is<NoAttributes> auto&) {}
template <class Codec>
void fields(Codec& codec, Is<ConstantAttributes<std::int64_t>> auto& a) {
  auto& [bytes, is_size, size] = a;
  each(codec, bytes, is_size, size);
}
template <class Codec>
void fields(Codec& codec, Is<AxisAttributes> auto& a) {
  auto& [axis] = a;
  each(codec, axis);
}
template <class Codec>
void fields(Codec& codec, Is<ElementwiseAttributes> auto& a) {
  auto& [kind] = a;
  each(codec, kind);
}
template <class Codec>
void fields(Codec& codec, Is<TransposeAttributes> auto& a) {
  auto& [permutation] = a;
  each(codec, permutation);
}
template <class Codec>
void fields(Codec& codec, Is<SliceAttributes<std::int64_t>> auto& a) {
  auto& [start, stride] = a;
  each(codec, start, stride);
}
template <class Codec>
void fields(Codec& codec, Is<ReverseAttributes> auto& a) {
  auto& [axes] = a;
  each(codec, axes);
}
template <class Codec>
void fields(Codec& codec, Is<PadAttributes<std::int64_t>> auto& a) {
  auto& [low, high, interior] = a;
  each(codec, low, high, interior);
}
template <class Codec>
void fields(Codec& codec, Is<GatherAttributes> auto& a) {
  auto& [axis, batch_dims, mode] = a;
  each(codec, axis, batch_dims, mode);
}
template <class Codec>
void fields(Codec& codec, Is<ScatterAttributes> auto& a) {
  auto& [kind, axis, batch_dims, mode] = a;
  each(codec, kind, axis, batch_dims, mode);
}
template <class Codec>
void fields(Codec& codec, Is<ReduceAttributes> auto& a) {
  auto& [kind, axes, keepdims] = a;
  each(codec, kind, axes, keepdims);
}
template <class Codec>
void fields(Codec& codec, Is<ArgReduceAttributes> auto& a) {
  auto& [maximum, axis, keepdims] = a;
  each(codec, maximum, axis, keepdims);
}
template <class Codec>
void fields(Codec& codec, Is<CumulativeAttributes> auto& a) {
  auto& [kind, axis, reverse] = a;
  each(codec, kind, axis, reverse);
}
template <class Codec>
void fields(Codec& codec, Is<SortAttributes> auto& a) {
  auto& [axis, descending] = a;
  each(codec, axis, descending);
}
template <class Codec>
void fields(Codec& codec, Is<TopKAttributes<std::int64_t>> auto& a) {
  auto& [k] = a;
  each(codec, k);
}
template <class Codec>
void fields(Codec& codec, Is<DotAttributes> auto& a) {
  auto& [a_batch, b_batch, a_contract, b_contract, activation] = a;
  each(codec, a_batch, b_batch, a_contract, b_contract, activation);
}
template <class Codec>
void fields(Codec& codec, Is<ConvolutionAttributes<std::int64_t>> auto& a) {
  auto& [strides, low, high, input_dilation, kernel_dilation, groups, batch_groups, activation] = a;
  each(codec, strides, low, high, input_dilation, kernel_dilation, groups, batch_groups, activation);
}
template <class Codec>
void fields(Codec& codec, Is<WindowAttributes<std::int64_t>> auto& a) {
  auto& [kind, window, strides, window_dilation, low, high] = a;
  each(codec, kind, window, strides, window_dilation, low, high);
}
template <class Codec>
void fields(Codec& codec, Is<KeyDeriveAttributes> auto& a) {
  auto& [word] = a;
  each(codec, word);
}
template <class Codec>
void fields(Codec& codec, Is<DrawAttributes> auto& a) {
  auto& [kind, low, high, scale, scaled, merged] = a;
  each(codec, kind, low, high, scale, scaled, merged);
}
template <class Codec>
void fields(Codec& codec, Is<NormalizeAttributes> auto& a) {
  auto& [epsilon, fast_variance, use_mean] = a;
  each(codec, epsilon, fast_variance, use_mean);
}
template <class Codec>
void fields(Codec& codec, Is<CallAttributes> auto& a) {
  auto& [program, remat] = a;
  each(codec, program, remat);
}
template <class Codec>
void fields(Codec& codec, Is<LoopAttributes<std::int64_t>> auto& a) {
  auto& [program, length, carried, sliced, reverse] = a;
  each(codec, program, length, carried, sliced, reverse);
}

template <class Codec>
void fields(Codec& codec, Is<PlanValue> auto& v) {
  auto& [dtype, shape, space, offset, first_step, last_step, view_of] = v;
  each(codec, dtype, shape, space, offset, first_step, last_step, view_of);
}
template <class Codec>
void fields(Codec& codec, Is<Origin> auto& o) {
  auto& [module, path, line, column] = o;
  each(codec, module, path, line, column);
}
template <class Codec>
void fields(Codec& codec, Is<Step> auto& s) {
  auto& [op, attributes, inputs, outputs, origin] = s;
  each(codec, op, attributes, inputs, outputs, origin);
}
template <class Codec>
void fields(Codec& codec, Is<Port> auto& p) {
  auto& [name, value] = p;
  each(codec, name, value);
}
template <class Codec>
void fields(Codec& codec, Is<Program> auto& p) {
  auto& [name, inputs, outputs, values, steps, arena_bytes, callee_frames] = p;
  each(codec, name, inputs, outputs, values, steps, arena_bytes, callee_frames);
}
template <class Codec>
void fields(Codec& codec, Is<Plan> auto& p) {
  auto& [programs, entry, constants, origins] = p;
  each(codec, programs, entry, constants, origins);
}

template <class Codec>
void fields(Codec& codec, Is<ArrayFact> auto& f) {
  auto& [dtype, shape] = f;
  each(codec, dtype, shape);
}
template <class Codec>
void fields(Codec& codec, Is<Executable> auto& e) {
  auto& [plan, prepare, input_roles, output_roles, leaves] = e;
  each(codec, plan, prepare, input_roles, output_roles, leaves);
}
template <class Codec>
void fields(Codec& codec, Is<FileInput> auto& i) {
  auto& [path, type, fact, present, any_dtype] = i;
  each(codec, path, type, fact, present, any_dtype);
}
template <class Codec>
void fields(Codec& codec, Is<ExpectedLeaf> auto& l) {
  auto& [key, fact, required] = l;
  each(codec, key, fact, required);
}
template <class Codec>
void fields(Codec& codec, Is<PackedArray> auto& a) {
  auto& [role, key, array] = a;
  each(codec, role, key, array);
}
template <class Codec>
void fields(Codec& codec, Is<PlanFile> auto& f) {
  auto& [model, model_digest, method, sizes, fixed, inputs, streams, writes_variables, writes_intermediates, packed, expected, meta, executable,
         arrays] = f;
  each(codec, model, model_digest, method, sizes, fixed, inputs, streams, writes_variables, writes_intermediates, packed, expected, meta, executable,
       arrays);
}

template <class T>
concept Enumeration = std::is_enum_v<T>;
template <class T>
concept Number = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

}  // namespace linenc::plan_file
