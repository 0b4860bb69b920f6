// Dropout: sets a random part of the elements to 0 and scales up the others (linen-semantics D.6).
// Tested by tests/compiler/layers.
#include "compiler/catalog/draws.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/hooks.h"

namespace linenc::layers {
namespace {

struct Dropout {
  double rate = 0;
  std::vector<std::int64_t> broadcast_dims;
  std::optional<bool> deterministic;
  std::string rng_collection = "dropout";
};

bool is_deterministic(const Dropout& fields, const LayerCall& call) {
  const Value value = call.merge_param("deterministic", fields.deterministic ? Value(*fields.deterministic) : Value(), 1);
  if (value.tensor() != nullptr) call.arguments.wrong_type(1, "a bool");
  return catalog::truth(value);
}

Value call_dropout(const Dropout& fields, LayerCall& call) {
  graph::Builder& b = call.builder;
  catalog::Context& context = call.context;
  // Dropout.c1: the rate is a probability; Linen computes with whatever it is given.
  if (!(fields.rate >= 0 && fields.rate <= 1)) {
    call.warn(catalog::Code::RateOutOfRange, concat("`rate` is ", catalog::repr(Value(fields.rate)), ", not between 0 and 1"), "rate");
  }
  const Tensor x = call.tensor(0);
  if (is_deterministic(fields, call) || fields.rate == 0) return x;
  if (fields.rate == 1) return graph::full(b, 0, x.dtype(), x.shape());
  // Dropout.c2: the kept elements are divided by a float.
  if (!is_float(x.dtype())) {
    call.fail(concat("`Dropout` scales what it keeps and needs a float input, and this one is ", x.fact()), "", catalog::Code::DtypeMismatch);
  }
  const double keep = 1.0 - fields.rate;
  const Tensor key = call.none(2) ? call.make_rng(fields.rng_collection) : call.tensor(2);
  Dims shape = x.shape();
  for (const std::int64_t axis : fields.broadcast_dims) shape[static_cast<std::size_t>(axis_of(call, axis, x.rank(), "broadcast_dims"))] = 1;
  const Tensor kept = catalog::bernoulli(context, catalog::to_key(context, key), keep, shape);
  const Tensor scaled = catalog::divide(context, x, catalog::number(context, keep, x.dtype()));
  return graph::select(b, kept, scaled, graph::scalar(b, 0, x.dtype()));
}

const catalog::RegisterLayer dropout{
    catalog::LayerSpec<Dropout>("Dropout", "Sets a random part of the elements to 0 and divides the others by the part that is kept.")
        .required_field("rate", &Dropout::rate, "part of the elements that is dropped")
        .field("broadcast_dims", &Dropout::broadcast_dims, "axes whose elements are dropped together")
        .field("deterministic", &Dropout::deterministic, "drop nothing; give it here or in the call")
        .field("rng_collection", &Dropout::rng_collection, "the random stream")
        .arg("inputs")
        .arg("deterministic", Value())
        .arg("rng", Value())
        .call(&call_dropout)};

}  // namespace
}  // namespace linenc::layers
