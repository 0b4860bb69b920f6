// Embed: rows of a learned table by their numbers, and products with the table (linen-semantics D.2).
// Tested by tests/compiler/layers.
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/hooks.h"

namespace linenc::layers {
namespace {

catalog::Initializer table_initializer() {
  catalog::VarianceScaling options;
  options.distribution = "normal";
  options.out_axes = {0};
  return catalog::variance_scaling(options, "variance_scaling(1.0, 'fan_in', 'normal', out_axis=0)");
}

struct Embed {
  Dim num_embeddings, features;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  catalog::Initializer embedding_init = table_initializer();
  Value promote_dtype;
};

Tensor table_of(const Embed& fields, const LayerCall& call) {
  return call.param("embedding", fields.embedding_init, {fields.num_embeddings, fields.features}, fields.param_dtype);
}

Value embedding(const Embed& fields, LayerCall& call) { return table_of(fields, call); }

Value call_embed(const Embed& fields, LayerCall& call) {
  Tensor table = table_of(fields, call);
  const Tensor ids = call.tensor(0);
  // Embed.c1: the input holds integers.
  if (!is_integer(ids.dtype())) {
    call.fail(concat("`Embed` looks up integers, and the input is ", ids.fact()), "", catalog::Code::DtypeMismatch);
  }
  if (!fields.promote_dtype.is_none()) {
    promote(call, {fields.promote_dtype, fields.dtype}, {&table}, {{"inexact", false}});
  } else if (fields.dtype) {
    table = catalog::astype(call.context, table, *fields.dtype);
  }
  Tensor y;
  if (fields.num_embeddings == Dim(1)) {
    Dims shape = ids.shape();
    shape.push_back(fields.features);
    y = graph::broadcast_to(call.builder, graph::reshape(call.builder, table, {fields.features}), shape);
  } else {
    // Numbers outside of the table give NaN.
    y = catalog::take(call.context, table, ids, 0);
  }
  note_axis(call, y, -1, "features");
  return y;
}

Value call_attend(const Embed& fields, LayerCall& call) {
  Tensor query = call.tensor(0), table = table_of(fields, call);
  promote(call, {fields.promote_dtype, fields.dtype}, {&query, &table});
  // Embed.c2: the query has the table's features.
  if (query.rank() == 0 || call.builder.dims().equal(query.dim(-1), fields.features) == graph::Truth::No) {
    call.fail(concat("`Embed.attend` needs a query whose last axis is `features`, ", fields.features, ", and this one is ", query.fact()), "features",
              catalog::Code::ShapeMismatch);
  }
  DotAttributes axes;
  axes.a_contract = {query.rank() - 1};
  axes.b_contract = {1};
  const Tensor y = product(call, query, table, axes);
  note_axis(call, y, -1, "num_embeddings");
  return y;
}

const catalog::RegisterLayer embed{
    catalog::LayerSpec<Embed>("Embed", "Rows of a learned table, looked up by number.")
        .required_field("num_embeddings", &Embed::num_embeddings, catalog::at_least(1), "number of rows")
        .required_field("features", &Embed::features, catalog::at_least(1), "size of a row")
        .field("dtype", &Embed::dtype, "dtype of the result; none: that of the table")
        .field("param_dtype", &Embed::param_dtype, "dtype of the table")
        .field("embedding_init", &Embed::embedding_init, "first value of the table")
        .field_as("promote_dtype", &Embed::promote_dtype, given_function_type(), "promote_dtype", "a function that brings the arrays to one dtype")
        .arg("inputs")
        .call(&call_embed)
        .method("attend")
        .arg("query")
        .call(&call_attend)
        .attribute("embedding", &embedding)};

}  // namespace
}  // namespace linenc::layers
