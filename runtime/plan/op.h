#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/core/dtype.h"

namespace linenc {

enum class OpKind : std::uint8_t {
#define LINENC_OP(enumerator, name, accuracy) enumerator,
#include "runtime/plan/ops.def"
#undef LINENC_OP
};
inline constexpr std::size_t kOpKinds = 0
#define LINENC_OP(enumerator, name, accuracy) +1
#include "runtime/plan/ops.def"
#undef LINENC_OP
    ;

// How exact the result of a kernel is meant to be.
enum class Accuracy : std::uint8_t { Exact, Elementwise, Reduction, Dot, Softmax, Normalization };

[[nodiscard]] std::string_view name(OpKind kind);
[[nodiscard]] Accuracy accuracy(OpKind kind);

// Elementwise functions. Operands and result have one dtype unless said otherwise; bool operands only where noted.
enum class ElementwiseKind : std::uint8_t {
  // one operand
  Copy,
  Negate,
  Abs,
  Sign,
  Floor,
  Ceil,
  RoundEven,
  Exp,
  Exp2,
  Expm1,
  Log,
  Log1p,
  Log2 /* log(x)/log(2) */,
  Log10,
  Sqrt,
  Rsqrt,
  Cbrt,
  Sin,
  Cos,
  Tan,
  Asin,
  Acos,
  Atan,
  Sinh,
  Cosh,
  Tanh,
  Asinh,
  Acosh,
  Atanh,
  Logistic,
  Erf,
  Erfc,
  ErfInv,
  Lgamma,
  Digamma,
  Not /* bool: logical; integers: bitwise */,
  IsFinite /* -> bool */,
  IsNan /* -> bool */,
  IsInf /* -> bool */,
  Popcount,
  // activations that passes and kernels know as one step; each equals the formula of jax.nn
  Relu,
  GeluTanh,
  GeluErf,
  Silu,
  Softplus,
  // two operands
  Add,
  Subtract,
  Multiply,
  Divide /* integers: truncating */,
  Remainder /* sign of the dividend, C's fmod */,
  Power,
  Maximum,
  Minimum /* NaN wins in both */,
  Atan2,
  NextAfter,
  And,
  Or,
  Xor,
  ShiftLeft,
  ShiftRightLogical,
  ShiftRightArithmetic,
  LogAddExp,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual /* -> bool; operands of any one dtype, bool included */,
  // three operands
  Select /* condition (bool), then, otherwise */,
  Clamp /* low, x, high */,
  MulAdd /* a * b + c; floats: rounded once */,
};
[[nodiscard]] std::string_view name(ElementwiseKind kind);
[[nodiscard]] int operand_count(ElementwiseKind kind);

enum class ReduceKind : std::uint8_t { Sum, Product, Max, Min, All, Any };
enum class CumulativeKind : std::uint8_t { Sum, Product, Max, Min, LogSumExp };
enum class WindowKind : std::uint8_t { Sum, Max, Min, Product };
enum class GatherMode : std::uint8_t { Clip, Fill /* NaN, the smallest integer (largest of unsigned), true */, Promise /* in bounds */ };
enum class ScatterKind : std::uint8_t { Set, Add, Multiply, Min, Max };
// What a random draw gives for each element; linen-semantics A.4 to A.7.
enum class DrawKind : std::uint8_t { Bits, Uniform, Normal, TruncatedNormal, Gumbel, Exponential, Laplace, Logistic, Cauchy };
[[nodiscard]] std::string_view name(ReduceKind kind);
[[nodiscard]] std::string_view name(CumulativeKind kind);
[[nodiscard]] std::string_view name(WindowKind kind);
[[nodiscard]] std::string_view name(ScatterKind kind);
[[nodiscard]] std::string_view name(DrawKind kind);

// The activation that a dot or a convolution applies to each element it has just finished (after the bias).
enum class Activation : std::uint8_t { None, Relu, GeluTanh, GeluErf, Silu, Tanh, Logistic };
[[nodiscard]] std::string_view name(Activation activation);

// Attributes. `Size` is a symbolic size in graphs (graph::Dim) and std::int64_t in plans.
struct NoAttributes {
  friend bool operator==(const NoAttributes&, const NoAttributes&) = default;
};
template <class Size>
struct ConstantAttributes {
  // Row-major elements of the result; one element stands for all of them (a full array). Where `size` is used instead
  // (is_size), the value is that size as a number of the result's dtype.
  std::vector<std::byte> bytes;
  bool is_size = false;
  Size size{};
  friend bool operator==(const ConstantAttributes&, const ConstantAttributes&) = default;
};
struct AxisAttributes {
  std::int64_t axis = 0;
  friend bool operator==(const AxisAttributes&, const AxisAttributes&) = default;
};  // Iota, Concatenate, KeySplit unused
struct ElementwiseAttributes {
  ElementwiseKind kind = ElementwiseKind::Copy;
  friend bool operator==(const ElementwiseAttributes&, const ElementwiseAttributes&) = default;
};
struct TransposeAttributes {
  std::vector<std::int64_t> permutation;
  friend bool operator==(const TransposeAttributes&, const TransposeAttributes&) = default;
};
template <class Size>
struct SliceAttributes {
  std::vector<Size> start;           // for each axis, inside the axis
  std::vector<std::int64_t> stride;  // at least 1
  friend bool operator==(const SliceAttributes&, const SliceAttributes&) = default;
};
struct ReverseAttributes {
  std::vector<std::int64_t> axes;
  friend bool operator==(const ReverseAttributes&, const ReverseAttributes&) = default;
};
template <class Size>
struct PadAttributes {
  std::vector<Size> low, high;         // for each axis; negative ones cut off
  std::vector<std::int64_t> interior;  // zeros between two elements
  friend bool operator==(const PadAttributes&, const PadAttributes&) = default;
};
// out[b..., p..., i..., s...] = x[b..., p..., indices[b..., i...], s...]: the first `batch_dims` axes of both are common,
// `axis` (counted in x) is replaced by the remaining axes of indices.
struct GatherAttributes {
  std::int64_t axis = 0;
  std::int64_t batch_dims = 0;
  GatherMode mode = GatherMode::Fill;
  friend bool operator==(const GatherAttributes&, const GatherAttributes&) = default;
};
// x with x[b..., p..., indices[b..., i...], s...] combined with updates[b..., p..., i..., s...], one after another; indices
// outside the axis are dropped (Fill), clipped (Clip).
struct ScatterAttributes {
  ScatterKind kind = ScatterKind::Set;
  std::int64_t axis = 0;
  std::int64_t batch_dims = 0;
  GatherMode mode = GatherMode::Fill;
  friend bool operator==(const ScatterAttributes&, const ScatterAttributes&) = default;
};
struct ReduceAttributes {
  ReduceKind kind = ReduceKind::Sum;
  std::vector<std::int64_t> axes;  // ascending
  bool keepdims = false;
  friend bool operator==(const ReduceAttributes&, const ReduceAttributes&) = default;
};
struct ArgReduceAttributes {
  bool maximum = true;
  std::int64_t axis = 0;
  bool keepdims = false;
  friend bool operator==(const ArgReduceAttributes&, const ArgReduceAttributes&) = default;
};
struct CumulativeAttributes {
  CumulativeKind kind = CumulativeKind::Sum;
  std::int64_t axis = 0;
  bool reverse = false;
  friend bool operator==(const CumulativeAttributes&, const CumulativeAttributes&) = default;
};
struct SortAttributes {
  std::int64_t axis = 0;
  bool descending = false;
  friend bool operator==(const SortAttributes&, const SortAttributes&) = default;
};
template <class Size>
struct TopKAttributes {
  Size k{};
  friend bool operator==(const TopKAttributes&, const TopKAttributes&) = default;
};
// out[batch..., free of a..., free of b...] = sum over the contracted axes; then + bias (right-aligned broadcast), then
// activation. Accumulates in float32 (integers: in their own type).
struct DotAttributes {
  std::vector<std::int64_t> a_batch, b_batch, a_contract, b_contract;
  Activation activation = Activation::None;
  friend bool operator==(const DotAttributes&, const DotAttributes&) = default;
};
// Cross-correlation. x [N, s0, s1, ..., C], kernel [k0, k1, ..., C / groups, O], out [N, o0, o1, ..., O];
// out size = floor((dilated(x) + low + high - dilated(kernel)) / stride) + 1. Then + bias [O], then activation.
template <class Size>
struct ConvolutionAttributes {
  std::vector<std::int64_t> strides;
  std::vector<Size> low, high;  // padding of the dilated input; may be negative
  std::vector<std::int64_t> input_dilation, kernel_dilation;
  std::int64_t groups = 1;
  std::int64_t batch_groups = 1;
  Activation activation = Activation::None;
  friend bool operator==(const ConvolutionAttributes&, const ConvolutionAttributes&) = default;
};
// A window over every axis (1 where none is meant). Padding counts as the neutral element.
template <class Size>
struct WindowAttributes {
  WindowKind kind = WindowKind::Max;
  std::vector<std::int64_t> window, strides, window_dilation;
  std::vector<Size> low, high;
  friend bool operator==(const WindowAttributes&, const WindowAttributes&) = default;
};
struct KeyDeriveAttributes {
  std::uint32_t word = 0;
  friend bool operator==(const KeyDeriveAttributes&, const KeyDeriveAttributes&) = default;
};
// The keys may be an array [b...]; each gives an independent draw of the remaining axes of out. Bits: unsigned integers of
// the result's width. Uniform: [low, high). TruncatedNormal: (low, high) in standard deviations. Every value is then
// multiplied by `scale` (rounded to the dtype first) when `scaled`; `merged` is the form of a plain normal inside compiled
// regions: erf_inv(u) * (sqrt(2) * scale), A.8.
struct DrawAttributes {
  DrawKind kind = DrawKind::Uniform;
  double low = 0, high = 1;
  double scale = 1;
  bool scaled = false;
  bool merged = false;
  friend bool operator==(const DrawAttributes&, const DrawAttributes&) = default;
};
struct NormalizeAttributes {
  double epsilon = 1e-6;
  bool fast_variance = true;
  bool use_mean = true;
  friend bool operator==(const NormalizeAttributes&, const NormalizeAttributes&) = default;
};
struct CallAttributes {
  std::uint32_t program = 0;
  bool remat = false;
  friend bool operator==(const CallAttributes&, const CallAttributes&) = default;
};

// Runs a program `length` times. The first `carried` operands go from one run to the next, of the `sliced` ones behind them each
// run gets the slice of the first axis that is its turn (the last one first where `reverse`), the others it gets whole. Results
// of the program beside the carried ones are put together along a new first axis, each at the place of its slice.
template <class Size>
struct LoopAttributes {
  std::uint32_t program = 0;
  Size length = 1;
  std::int64_t carried = 0;
  std::int64_t sliced = 0;
  bool reverse = false;
  friend bool operator==(const LoopAttributes&, const LoopAttributes&) = default;
};

template <class Size>
using OpAttributes =
    std::variant<NoAttributes, ConstantAttributes<Size>, AxisAttributes, ElementwiseAttributes, TransposeAttributes, SliceAttributes<Size>,
                 ReverseAttributes, PadAttributes<Size>, GatherAttributes, ScatterAttributes, ReduceAttributes, ArgReduceAttributes,
                 CumulativeAttributes, SortAttributes, TopKAttributes<Size>, DotAttributes, ConvolutionAttributes<Size>, WindowAttributes<Size>,
                 KeyDeriveAttributes, DrawAttributes, NormalizeAttributes, CallAttributes, LoopAttributes<Size>>;

using Attributes = OpAttributes<std::int64_t>;  // of a plan

// The program (of a graph: the region) that a Call or Loop runs; null for other ops.
template <class... Kinds>
[[nodiscard]] const std::uint32_t* called_program(const std::variant<Kinds...>& attributes) {
  return std::visit(
      [](const auto& a) -> const std::uint32_t* {
        if constexpr (requires { a.program; }) return &a.program;
        return nullptr;
      },
      attributes);
}
template <class... Kinds>
[[nodiscard]] std::uint32_t* called_program(std::variant<Kinds...>& attributes) {
  return const_cast<std::uint32_t*>(called_program(std::as_const(attributes)));
}

// "kind=max window=[1, 2, 2, 1] strides=[1, 2, 2, 1]", for dumps of plans.
[[nodiscard]] std::string to_string(const Attributes& attributes);

// The operator text of two-operand elementwise functions, for messages: "+", "*", "maximum".
[[nodiscard]] std::string_view spelling(ElementwiseKind kind);

}  // namespace linenc
