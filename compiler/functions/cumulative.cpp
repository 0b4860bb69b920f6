// Running sums, products and extremes along an axis. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/lax_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

Value numpy_cumulative(const Bound& args, CumulativeKind kind) {
  Context& context = args.context;
  Tensor x = args.tensor(0);
  if (args.none(1) || x.rank() == 0) x = graph::reshape(context.builder, x, {graph::element_count(x.shape())});
  const std::int64_t axis = args.none(1) ? 0 : args.axis(1, x.rank());
  const DType wanted = args.optional_dtype(2).value_or(x.dtype() == DType::Bool ? DType::Int32 : x.dtype());
  return graph::cumulative(context.builder, kind, astype(context, x, wanted), axis);
}

FunctionSpec numpy_spec(std::string name, std::string doc, CumulativeKind kind) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"jnp"})
      .arg("a")
      .arg("axis", None{})
      .arg("dtype", None{})
      .arg("out", None{})
      .as_method()
      .does([kind](const Bound& args) { return numpy_cumulative(args, kind); });
}

FunctionSpec lax_spec(std::string name, std::string doc, CumulativeKind kind) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"lax"})
      .arg("operand")
      .arg("axis", 0)
      .arg("reverse", false)
      .does([kind](const Bound& args) -> Value {
        const Tensor x = args.tensor(0);
        return graph::cumulative(args.context.builder, kind, x, lax_axis(args, 1, x.rank()), args.boolean(2));
      });
}

const RegisterFunctions family{{
    numpy_spec("cumsum", "The running sum; of the flattened array where no axis is given.", CumulativeKind::Sum),
    numpy_spec("cumprod", "The running product; of the flattened array where no axis is given.", CumulativeKind::Product),
    lax_spec("cumsum", "The running sum along an axis.", CumulativeKind::Sum),
    lax_spec("cumprod", "The running product along an axis.", CumulativeKind::Product),
    lax_spec("cummax", "The running maximum along an axis.", CumulativeKind::Max),
    lax_spec("cummin", "The running minimum along an axis.", CumulativeKind::Min),
    lax_spec("cumlogsumexp", "The running logsumexp along an axis.", CumulativeKind::LogSumExp),
}};

}  // namespace
}  // namespace linenc::functions
