// softmax and its kin over some axes. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/softmax.h"

#include "compiler/catalog/registry.h"
#include "compiler/functions/reduction_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

Value softmax_of(const Bound& args) {
  const Tensor x = args.tensor(0);
  return softmax(args.context, x, args.axes(1, x.rank()), mask_of(args, 2));
}

Value log_softmax_of(const Bound& args) {
  const Tensor x = args.tensor(0);
  return log_softmax(args.context, x, args.axes(1, x.rank()), mask_of(args, 2));
}

Value logsumexp_of(const Bound& args) {
  const Tensor a = args.tensor(0);
  const auto b = args.none(2) ? std::nullopt : std::optional(args.tensor(2));
  const std::vector<std::int64_t> axes = args.axes(1, a.rank());
  if (!args.boolean(4)) return logsumexp(args.context, a, b, axes, args.boolean(3), mask_of(args, 5));
  const auto [logarithm, sign] = signed_logsumexp(args.context, a, b, axes, args.boolean(3), mask_of(args, 5));
  return List{logarithm, sign};
}

// logsumexp minus the logarithm of how many there are.
Value logmeanexp_of(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const std::vector<std::int64_t> axes = args.axes(1, x.rank());
  const Tensor total = logsumexp(context, x, std::nullopt, axes, args.boolean(3), mask_of(args, 2));
  const Tensor count = count_of(context, x, axes, args.boolean(3), mask_of(args, 2), total.dtype());
  return graph::binary(context.builder, ElementwiseKind::Subtract, total, graph::unary(context.builder, ElementwiseKind::Log, count));
}

// (x - mean) / sqrt(variance + epsilon)
Value standardize(const Bound& args) {
  using enum ElementwiseKind;
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const std::vector<std::int64_t> axes = args.axes(1, x.rank());
  const auto mask = mask_of(args, 5);
  const std::string algorithm = args.text(6);
  const auto square = [&](Tensor t) { return catalog::binary(context, Multiply, t, t); };
  const Tensor mean = args.none(2) ? masked_mean(context, x, axes, true, mask) : args.tensor(2);
  Tensor variance;
  if (!args.none(3)) {
    variance = args.tensor(3);
  } else if (algorithm == "fast") {
    const Tensor raw = catalog::binary(context, Subtract, masked_mean(context, square(x), axes, true, mask), square(mean));
    variance = catalog::binary(context, Maximum, raw, number(context, 0, raw.dtype()));
  } else if (algorithm == "stable") {
    variance = masked_mean(context, square(catalog::binary(context, Subtract, x, mean)), axes, true, mask);
  } else {
    args.wrong_type(6, "'fast' or 'stable'");
  }
  const Tensor scale = graph::unary(context.builder, Rsqrt, catalog::binary(context, Add, variance, args.tensor(4)));
  return catalog::binary(context, Multiply, catalog::binary(context, Subtract, x, mean), scale);
}

FunctionSpec standardization(std::string name) {
  return FunctionSpec(std::move(name), "x with mean 0 and variance 1 along an axis.")
      .in({"jax.nn", "nn"})
      .arg("x")
      .arg("axis", -1)
      .arg("mean", None{})
      .arg("variance", None{})
      .arg("epsilon", 1e-5)
      .arg("where", None{})
      .keyword_only()
      .arg("algorithm", "fast")
      .does(&standardize);
}

const RegisterFunctions family{{
    FunctionSpec("softmax", "exp(x) divided by its sum.").in({"jax.nn", "nn"}).arg("x").arg("axis", -1).arg("where", None{}).does(&softmax_of),
    FunctionSpec("log_softmax", "The logarithm of softmax.").in({"jax.nn", "nn"}).arg("x").arg("axis", -1).arg("where", None{}).does(&log_softmax_of),
    FunctionSpec("logsumexp", "log(sum(b * exp(a))).")
        .in({"jax.nn", "nn"})
        .arg("a")
        .arg("axis", None{})
        .arg("b", None{})
        .arg("keepdims", false)
        .arg("return_sign", false)
        .arg("where", None{})
        .does(&logsumexp_of),
    FunctionSpec("logmeanexp", "log(mean(exp(x))).")
        .in({"jax.nn"})
        .arg("x")
        .arg("axis", None{})
        .arg("where", None{})
        .arg("keepdims", false)
        .does(&logmeanexp_of),
    standardization("standardize"),
    standardization("normalize").in({"nn"}),
}};

}  // namespace
}  // namespace linenc::functions
