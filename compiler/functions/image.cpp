// jax.image: resize and scale_and_translate as products with a matrix of weights for each axis:
//
//   weight[i, o] = kernel(|sample(o) - i| / width), normalised over i;   sample(o) = (o + 0.5) / scale - translation / scale - 0.5
//
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <cmath>
#include <numbers>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/einsum.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// float32 arithmetic with numbers.
struct Float {
  graph::Builder& b;
  [[nodiscard]] Tensor of(double value) const { return graph::scalar(b, value, DType::Float32); }
  [[nodiscard]] Tensor add(Tensor x, Tensor y) const { return graph::binary(b, Add, x, y); }
  [[nodiscard]] Tensor subtract(Tensor x, Tensor y) const { return graph::binary(b, Subtract, x, y); }
  [[nodiscard]] Tensor times(Tensor x, Tensor y) const { return graph::binary(b, Multiply, x, y); }
  [[nodiscard]] Tensor over(Tensor x, Tensor y) const { return graph::binary(b, Divide, x, y); }
  [[nodiscard]] Tensor pick(Tensor condition, Tensor x, Tensor y) const { return graph::select(b, condition, x, y); }
  [[nodiscard]] Tensor above(Tensor x, double limit) const { return graph::binary(b, Greater, x, of(limit)); }
  [[nodiscard]] Tensor at_least(Tensor x, double limit) const { return graph::binary(b, GreaterEqual, x, of(limit)); }
  // c[0] x^n + c[1] x^(n-1) + …
  [[nodiscard]] Tensor polynomial(Tensor x, std::initializer_list<double> coefficients) const {
    std::optional<Tensor> sum;
    for (const double c : coefficients) sum = sum ? add(times(*sum, x), of(c)) : of(c);
    return *sum;
  }
};

Tensor triangle(const Float& f, Tensor x) { return graph::binary(f.b, Maximum, f.of(0), f.subtract(f.of(1), graph::unary(f.b, Abs, x))); }

Tensor cubic(const Float& f, Tensor x) {
  const Tensor near = f.polynomial(x, {1.5, -2.5, 0, 1}), far = f.polynomial(x, {-0.5, 2.5, -4, 2});
  return f.pick(f.at_least(x, 2), f.of(0), f.pick(f.at_least(x, 1), far, near));
}

Tensor lanczos(const Float& f, Tensor x, double radius) {
  const Tensor angle = f.times(f.of(std::numbers::pi), x);
  const Tensor wave = f.times(f.times(f.of(radius), graph::unary(f.b, Sin, angle)), graph::unary(f.b, Sin, f.over(angle, f.of(radius))));
  const Tensor square = f.times(f.of(std::numbers::pi * std::numbers::pi), f.times(x, x));
  const Tensor safe = f.pick(graph::binary(f.b, NotEqual, x, f.of(0)), square, f.of(1));
  return f.pick(f.above(x, radius), f.of(0), f.pick(f.above(x, 1e-3), f.over(wave, safe), f.of(1)));
}

enum class Method : std::uint8_t { Nearest, Linear, Cubic, Lanczos3, Lanczos5 };

Method method_of(const Bound& args, std::size_t i) {
  const std::string name = args.text(i);
  if (name == "nearest") return Method::Nearest;
  if (name == "linear" || name == "bilinear" || name == "trilinear" || name == "triangle") return Method::Linear;
  if (name == "cubic" || name == "bicubic" || name == "tricubic") return Method::Cubic;
  if (name == "lanczos3") return Method::Lanczos3;
  if (name == "lanczos5") return Method::Lanczos5;
  args.wrong_type(i, "'nearest', 'linear', 'cubic', 'lanczos3' or 'lanczos5'");
}

Tensor kernel_of(const Float& f, Method method, Tensor x) {
  switch (method) {
    case Method::Nearest:
    case Method::Linear: return triangle(f, x);
    case Method::Cubic: return cubic(f, x);
    case Method::Lanczos3: return lanczos(f, x, 3);
    case Method::Lanczos5: return lanczos(f, x, 5);
  }
  return x;
}

// [input, output]; `inverse` is 1 / scale, `shift` translation / scale.
Tensor weights_of(Context& context, const Dim& input, const Dim& output, Tensor inverse, Tensor shift, Method method, bool antialias) {
  graph::Builder& b = context.builder;
  const Float f{b};
  const Tensor places = f.add(graph::iota(b, DType::Float32, {1, output}, 1), f.of(0.5));
  const Tensor sample = f.subtract(f.subtract(f.times(places, inverse), shift), f.of(0.5));
  const Tensor apart = graph::unary(b, Abs, f.subtract(sample, graph::iota(b, DType::Float32, {input, 1}, 0)));
  // A smaller image is averaged over wider kernels.
  const Tensor weights = kernel_of(f, method, antialias ? f.over(apart, graph::binary(b, Maximum, inverse, f.of(1))) : apart);
  const Tensor total = graph::reduce(b, ReduceKind::Sum, weights, {0}, true);
  const Tensor safe = f.pick(graph::binary(b, NotEqual, total, f.of(0)), total, f.of(1));
  const Tensor counts = f.above(graph::unary(b, Abs, total), 1000 * 0x1p-23);
  const Tensor normal = f.pick(counts, f.over(weights, safe), f.of(0));
  const Tensor last = f.subtract(graph::size_scalar(b, input, DType::Float32), f.of(0.5));
  const Tensor is_inside = graph::binary(b, And, f.at_least(sample, -0.5), graph::binary(b, LessEqual, sample, last));
  return f.pick(is_inside, normal, f.of(0));
}

// x with each of the axes multiplied by its matrix.
Tensor contracted(Context& context, Tensor x, const std::vector<std::int64_t>& axes, const std::vector<Tensor>& weights) {
  std::string input, output;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) input += static_cast<char>('a' + axis);
  output = input;
  std::string equation = input;
  std::vector<Tensor> operands{x};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const char from = static_cast<char>('a' + axes[i]), to = static_cast<char>('A' + axes[i]);
    equation += concat(",", from, to);
    output[static_cast<std::size_t>(axes[i])] = to;
    operands.push_back(astype(context, weights[i], x.dtype()));
  }
  return einsum(context, concat(equation, "->", output), std::move(operands));
}

Tensor nearest(Context& context, Tensor x, const Dims& shape, const std::vector<std::int64_t>& axes) {
  graph::Builder& b = context.builder;
  const Float f{b};
  for (const std::int64_t axis : axes) {
    const Dim& size = shape[static_cast<std::size_t>(axis)];
    const Tensor places = f.add(graph::iota(b, DType::Float32, {size}, 0), f.of(0.5));
    const Tensor offsets = f.over(f.times(places, graph::size_scalar(b, x.dim(axis), DType::Float32)), graph::size_scalar(b, size, DType::Float32));
    x = take(context, x, graph::convert(b, graph::unary(b, Floor, offsets), DType::Int32), axis, GatherMode::Clip);
  }
  return x;
}

// Parameters: image shape method antialias.
Value resize(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0);
  const Dims shape = args.dims(1);
  const Method method = method_of(args, 2);
  if (static_cast<std::int64_t>(shape.size()) != x.rank()) {
    fail_shape(context, concat("resizes ", x.fact(), " to ", graph::to_string(shape), ": the ranks differ"), {x});
  }
  // Axes that keep their size keep their elements.
  std::vector<std::int64_t> axes;
  for (std::int64_t axis = 0; axis < x.rank(); ++axis) {
    if (!is_equal(context, x.dim(axis), shape[static_cast<std::size_t>(axis)])) axes.push_back(axis);
  }
  if (method == Method::Nearest) return nearest(context, x, shape, axes);
  x = retyped(context, x, to_inexact(x.dtype()));
  std::vector<Tensor> weights;
  for (const std::int64_t axis : axes) {
    const Dim &from = x.dim(axis), &to = shape[static_cast<std::size_t>(axis)];
    const Tensor inverse = graph::binary(b, Divide, graph::size_scalar(b, from, DType::Float32), graph::size_scalar(b, to, DType::Float32));
    weights.push_back(weights_of(context, from, to, inverse, graph::scalar(b, 0, DType::Float32), method, args.boolean(3)));
  }
  return axes.empty() ? x : contracted(context, x, axes, weights);
}

// Parameters: image shape spatial_dims scale translation method antialias.
Value scale_and_translate(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0);
  const Dims shape = args.dims(1);
  const Method method = method_of(args, 5);
  if (method == Method::Nearest) args.wrong_type(5, "'linear', 'cubic', 'lanczos3' or 'lanczos5'");
  if (static_cast<std::int64_t>(shape.size()) != x.rank()) {
    fail_shape(context, concat("scales ", x.fact(), " to ", graph::to_string(shape), ": the ranks differ"), {x});
  }
  x = retyped(context, x, to_inexact(x.dtype()));
  std::vector<std::int64_t> axes;
  for (const std::int64_t axis : args.integers(2)) axes.push_back(normalize_axis(context, axis, x.rank()));
  const Tensor scale = to_tensor(context, args.value(3), DType::Float32), translation = to_tensor(context, args.value(4), DType::Float32);
  std::vector<Tensor> weights;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto one = [&](Tensor all) {
      const auto at = static_cast<std::int64_t>(i);
      return all.rank() == 0 ? all : graph::squeeze(b, graph::slice_axis(b, all, 0, at, 1), 0);
    };
    const Tensor inverse = graph::binary(b, Divide, graph::scalar(b, 1, DType::Float32), one(scale));
    const Tensor shift = graph::binary(b, Multiply, one(translation), inverse);
    weights.push_back(weights_of(context, x.dim(axes[i]), shape[static_cast<std::size_t>(axes[i])], inverse, shift, method, args.boolean(6)));
  }
  return axes.empty() ? x : contracted(context, x, axes, weights);
}

const RegisterFunctions family{{
    FunctionSpec("resize", "An image in another size, resampled.")
        .in({"image"})
        .arg("image")
        .arg("shape")
        .arg("method")
        .arg("antialias", true)
        .arg("precision", None{})
        .does(&resize),
    FunctionSpec("scale_and_translate", "An image scaled and moved, resampled.")
        .in({"image"})
        .arg("image")
        .arg("shape")
        .arg("spatial_dims")
        .arg("scale")
        .arg("translation")
        .arg("method")
        .arg("antialias", true)
        .arg("precision", None{})
        .does(&scale_and_translate),
}};

}  // namespace
}  // namespace linenc::functions
