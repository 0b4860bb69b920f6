// The initializers that Linen's layers name as defaults, and how initializers and functions become each other. Formulas:
// linen-semantics A.8 and D.1. Tested by tests/compiler/initializers.
#include "compiler/catalog/initializer.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/catalog/array_scale.h"
#include "compiler/catalog/context.h"
#include "compiler/catalog/draws.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "runtime/core/half.h"

namespace linenc::catalog {

namespace {

// Standard deviation of a standard normal truncated to (-2, 2).
constexpr double kTruncatedDeviation = .87962566103423978;

double rounded_to_half(double value) {
  if (!std::isfinite(value) || value == 0) return value;
  int exponent = 0;
  std::frexp(value, &exponent);
  // 11 significant bits, fewer below 2^-14.
  const int unit = std::max(exponent - 11, -24);
  const double result = std::ldexp(std::nearbyint(std::ldexp(value, -unit)), unit);
  return std::abs(result) > 65504 ? std::copysign(std::numeric_limits<double>::infinity(), value) : result;
}

// The size that an initializer divides by; a size that is not a number yet gives NaN, which only a graph with named dimensions
// holds and no plan.
double size_number(const Dim& size) {
  const auto constant = size.constant();
  return constant ? static_cast<double>(*constant) : std::numeric_limits<double>::quiet_NaN();
}

double product(Context& context, const Dims& shape, const std::vector<std::int64_t>& axes) {
  double result = 1;
  for (const std::int64_t axis : axes) {
    result *= size_number(shape[static_cast<std::size_t>(normalize_axis(context, axis, static_cast<std::int64_t>(shape.size())))]);
  }
  return result;
}

struct Fans {
  double in = 0, out = 0;
};

// jax.nn.initializers._compute_fans, in double precision from left to right.
Fans fans_of(Context& context, const VarianceScaling& options, const Dims& shape, const std::string& text) {
  if (shape.size() <= 1 && options.in_axes == std::vector<std::int64_t>{-2}) {
    context.fail(Code::LayerRule, concat("`", text, "` needs a shape of rank 2 or more to count inputs and outputs, and this one is ",
                                         graph::to_string(shape), "; give `in_axis`, or another initializer"));
  }
  const double in_size = product(context, shape, options.in_axes);
  const double out_size = product(context, shape, options.out_axes);
  const double batch_size = product(context, shape, options.batch_axes);
  double receptive = 1;
  bool is_empty = false;  // whatever the sizes are that are not known yet
  for (const Dim& size : shape) {
    receptive *= size_number(size);
    is_empty = is_empty || size_number(size) == 0;
  }
  if (is_empty || in_size == 0 || out_size == 0 || batch_size == 0) {
    context.fail(Code::LayerRule, concat("`", text, "` divides by the size of an axis, and the shape is ", graph::to_string(shape)));
  }
  receptive = receptive / in_size / out_size / batch_size;
  return {in_size * receptive, out_size * receptive};
}

double mean_fan(Context& context, const VarianceScaling& options, const Fans& fans, const std::string& text) {
  if (options.mode == "fan_in") return fans.in;
  if (options.mode == "fan_out") return fans.out;
  if (options.mode == "fan_avg") return (fans.in + fans.out) / 2;
  if (options.mode == "fan_geo_avg") return std::sqrt(fans.in * fans.out);
  context.fail(Code::LayerRule, concat("`mode` of `", text, "` is `", diagnostics::shown(options.mode),
                                       "`; it is one of `fan_in`, `fan_out`, `fan_avg`, `fan_geo_avg`"));
}

double denominator_of(Context& context, const VarianceScaling& options, const Dims& shape, const std::string& text) {
  const double denominator = mean_fan(context, options, fans_of(context, options, shape, text), text);
  if (denominator == 0) {
    context.fail(Code::LayerRule, concat("`", text, "` divides by the size of an axis, and the shape is ", graph::to_string(shape)));
  }
  return denominator;
}

[[noreturn]] void fail_distribution(Context& context, const VarianceScaling& options, const std::string& text) {
  context.fail(Code::LayerRule, concat("`distribution` of `", text, "` is `", diagnostics::shown(options.distribution),
                                       "`; it is one of `truncated_normal`, `normal`, `uniform`"));
}

Tensor draw_scaled_variance(Context& context, const VarianceScaling& options, const std::string& text, Tensor key, const Dims& shape, DType dtype) {
  const double denominator = denominator_of(context, options, shape, text);
  const double variance = rounded(options.scale / denominator, dtype);
  DrawAttributes draw;
  if (options.distribution == "truncated_normal") {
    draw.kind = DrawKind::TruncatedNormal;
    draw.low = -2;
    draw.high = 2;
    const double deviation = rounded(rounded(std::sqrt(variance), dtype) / rounded(kTruncatedDeviation, dtype), dtype);
    return scaled_draw(context, key, draw, deviation, shape, dtype);
  }
  if (options.distribution == "normal") {
    draw.kind = DrawKind::Normal;
    draw.merged = context.merged_draws;
    return scaled_draw(context, key, draw, rounded(std::sqrt(variance), dtype), shape, dtype);
  }
  if (options.distribution == "uniform") {
    draw.low = -1;
    return scaled_draw(context, key, draw, rounded(std::sqrt(rounded(3 * variance, dtype)), dtype), shape, dtype);
  }
  fail_distribution(context, options, text);
}

Tensor draw_array_variance(Context& context, Tensor scale, const VarianceScaling& options, const std::string& text, Tensor key, const Dims& shape,
                           DType dtype) {
  const auto number = [&](double value) { return graph::scalar(context.builder, rounded(value, dtype), dtype); };
  const auto root = [&](const Tensor& value) { return inexact_unary(context, ElementwiseKind::Sqrt, value); };
  const Tensor denominator = to_tensor(context, denominator_of(context, options, shape, text));
  const Tensor variance = to_tensor(context, divide(context, scale, denominator), dtype);
  DrawAttributes draw;
  if (options.distribution == "truncated_normal") {
    draw.kind = DrawKind::TruncatedNormal;
    draw.low = -2;
    draw.high = 2;
    return draw_scaled_by(context, divide(context, root(variance), number(kTruncatedDeviation)), key, draw, shape, dtype, text);
  }
  if (options.distribution == "normal") {
    draw.kind = DrawKind::Normal;
    return draw_scaled_by(context, root(variance), key, draw, shape, dtype, text);
  }
  if (options.distribution == "uniform") {
    draw.low = -1;
    return draw_scaled_by(context, root(binary(context, ElementwiseKind::Multiply, number(3), variance)), key, draw, shape, dtype, text);
  }
  fail_distribution(context, options, text);
}

Initializer fill(double value, std::string text) {
  return {std::move(text),
          [value](Context& context, Tensor, const Dims& shape, DType dtype) { return graph::full(context.builder, value, dtype, shape); }};
}

const std::vector<Parameter>& initializer_parameters() {
  static const std::vector<Parameter> parameters = {{"key", "", Value(), Parameter::Kind::Normal},
                                                    {"shape", "", Value(), Parameter::Kind::Normal},
                                                    {"dtype", "none", Value(), Parameter::Kind::Normal}};
  return parameters;
}

class InitializerFunction final : public Function {
 public:
  explicit InitializerFunction(Initializer initializer) : initializer_(std::move(initializer)) {}
  [[nodiscard]] const Initializer& initializer() const { return initializer_; }
  [[nodiscard]] std::string name() const override { return initializer_.text; }
  Value call(Context& context, const Arguments& arguments) const override {
    const Bound bound = catalog::bind(context, initializer_.text, initializer_parameters(), arguments);
    const DType dtype = bound.none(2) ? initializer_.dtype : bound.dtype(2);
    return initializer_.make(context, bound.none(0) ? Tensor{} : bound.tensor(0), bound.dims(1), dtype);
  }
  [[nodiscard]] std::vector<std::string> parameters() const override { return {"key", "shape", "dtype"}; }

 private:
  Initializer initializer_;
};

bool is_builtin(const FunctionPtr& function, std::string_view name) {
  if (function->name() != name) return false;
  const FunctionSpec* spec = find_function("jnp", name);
  return spec != nullptr && function_value(*spec).function() == function;
}

}  // namespace

double rounded(double value, DType dtype) {
  if (dtype == DType::Float16) return rounded_to_half(value);
  const float single = static_cast<float>(value);
  if (dtype == DType::BFloat16) return static_cast<double>(bfloat16_to_float(float_to_bfloat16(single)));
  return static_cast<double>(single);
}

Tensor scaled_draw(Context& context, Tensor key, DrawAttributes attributes, double scale, const Dims& shape, DType dtype) {
  if (!is_float(dtype)) context.fail(Code::DtypeMismatch, concat("random initial values need a float dtype, and this one is ", dtype));
  attributes.scaled = true;
  attributes.scale = rounded(scale, dtype);
  return graph::draw(context.builder, to_key(context, key), attributes, dtype, shape);
}

Tensor draw_scaled_by(Context& context, Tensor scale, Tensor key, const DrawAttributes& attributes, const Dims& shape, DType dtype,
                      const std::string& text) {
  if (attributes.kind == DrawKind::Normal && context.merged_draws) {  // XLA merges two constants, and here is one
    context.fail(Code::NotStatic, concat("in a compiled region `", text, "` needs a number that is known while compiling, and this is a tensor"));
  }
  const Tensor drawn = scaled_draw(context, key, attributes, 1, shape, dtype);
  return binary(context, ElementwiseKind::Multiply, drawn, to_tensor(context, scale, dtype));
}

Initializer zeros_initializer() { return fill(0, "zeros_init()"); }
Initializer ones_initializer() { return fill(1, "ones_init()"); }
Initializer constant_initializer(double value) { return fill(value, concat("constant(", repr(Value(value)), ")")); }
Initializer lecun_normal() { return variance_scaling({}, "lecun_normal()"); }

Initializer variance_scaling(VarianceScaling options, std::string text) {
  std::string name = text.substr(0, text.find('('));
  auto make = [options = std::move(options), name = std::move(name)](Context& context, Tensor key, const Dims& shape, DType dtype) {
    return draw_scaled_variance(context, options, name, key, shape, dtype);
  };
  return {std::move(text), std::move(make)};
}

Initializer variance_scaling_by(Tensor scale, VarianceScaling options, std::string text) {
  auto make = [scale, options = std::move(options), text](Context& context, Tensor key, const Dims& shape, DType dtype) {
    return draw_array_variance(context, scale, options, text, key, shape, dtype);
  };
  return {std::move(text), std::move(make)};
}

Value to_value(Initializer initializer) {
  if (initializer.function) return initializer.function;
  return FunctionPtr(std::make_shared<InitializerFunction>(std::move(initializer)));
}

// `kernel_init: default_init` for a function of the file that makes an initializer.
void refuse_factory(Context& context, const Function& function) {
  const std::vector<std::string> names = function.parameters();
  if (names.size() != 1 || function.takes_any_keyword()) return;
  context.fail(Code::WrongArguments,
               concat("`", function.name(), "` takes (", names[0], "), and an initializer (key, shape, dtype): where it makes one, write its call, `",
                      function.name(), "(…)`"));
}

Initializer to_initializer(const Value& value) {
  const FunctionPtr function = value.function();
  if (const auto* known = dynamic_cast<const InitializerFunction*>(function.get())) return known->initializer();
  if (is_builtin(function, "zeros")) return zeros_initializer();
  if (is_builtin(function, "ones")) return ones_initializer();
  if (function->is_initializer_factory()) {
    return {function->name() + "()", [function](Context& context, Tensor key, const Dims& shape, DType dtype) {
              return to_initializer(function->call(context, {})).make(context, key, shape, dtype);
            }};
  }
  return {function->name(),
          [function](Context& context, Tensor key, const Dims& shape, DType dtype) {
            refuse_factory(context, *function);
            Arguments arguments;
            arguments.add(key);
            arguments.add(Value(shape));
            // `lambda key, shape: …` has a dtype of its own.
            if (function->parameters().size() != 2 || function->takes_any_keyword()) arguments.add(Value(dtype));
            return to_tensor(context, function->call(context, arguments));
          },
          function};
}

}  // namespace linenc::catalog
