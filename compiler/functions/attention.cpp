// flax.linen's attention functions and masks; jax.nn.dot_product_attention. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/attention.h"

#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/einsum.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/softmax.h"

namespace linenc::functions {
namespace {

using namespace catalog;

std::optional<Tensor> optional_tensor(const Bound& args, std::size_t i) { return args.none(i) ? std::nullopt : std::optional(args.tensor(i)); }

void refuse_dot_general(const Bound& args, std::size_t i) {
  if (args.none(i)) return;
  args.context.fail(Code::NotSupportedYet, args.item(i).place, "`einsum_dot_general` is not supported yet: an einsum of one's own is");
}

// A product of one's own is a function or a module, and goes without `precision`.
Value einsum_of(const Bound& args, std::size_t i, std::size_t precision) {
  const Value& own = args.value(i);
  if (own.is_none()) return own;
  if (!own.function() && !own.instance()) args.wrong_type(i, "a function (equation, a, b) in place of einsum");
  if (!args.none(precision)) {
    args.context.fail(Code::WrongArguments, args.item(i).place, "an einsum of one's own goes without `precision`, which is for jnp.einsum");
  }
  return own;
}

// Reads bias mask broadcast_dropout dropout_rng dropout_rate deterministic dtype precision module force_fp32_for_softmax from `first` on.
AttentionOptions options_of(const Bound& args, std::size_t first) {
  Context& context = args.context;
  AttentionOptions options;
  options.bias = optional_tensor(args, first);
  options.mask = optional_tensor(args, first + 1);
  options.mask_place = args.item(first + 1).place;
  options.broadcast_dropout = args.boolean(first + 2);
  options.dropout_rng = optional_tensor(args, first + 3);
  options.dropout_rate = args.number(first + 4);
  options.deterministic = args.boolean(first + 5);
  options.dtype = args.optional_dtype(first + 6);
  options.force_fp32_for_softmax = args.boolean(first + 9);
  if (const InstancePtr module = args.value(first + 8).instance(); module && module->scope) {
    options.sow = [&context, module](Tensor weights) {
      context.sow(*module->scope, "intermediates", "attention_weights", weights, nullptr, nullptr, context.place());
    };
  }
  return options;
}

FunctionSpec& attention_arguments(FunctionSpec& spec) {
  return spec.arg("bias", None{})
      .arg("mask", None{})
      .arg("broadcast_dropout", true)
      .arg("dropout_rng", None{})
      .arg("dropout_rate", 0.0)
      .arg("deterministic", false)
      .arg("dtype", None{})
      .arg("precision", None{})
      .arg("module", None{})
      .arg("force_fp32_for_softmax", false)
      .arg("einsum_dot_general", None{});
}

Value attention_of(const Bound& args) {
  refuse_dot_general(args, 13);
  AttentionOptions options = options_of(args, 3);
  options.qk_attn_weights_einsum = einsum_of(args, 14, 10);
  options.attn_weights_value_einsum = einsum_of(args, 15, 10);
  if (args.none(14) != args.none(15)) {
    args.context.fail(Code::WrongArguments, args.item(args.none(14) ? 15 : 14).place,
                      "`qk_attn_weights_einsum` and `attn_weights_value_einsum` are given both or not at all");
  }
  return dot_product_attention(args.context, args.tensor(0), args.tensor(1), args.tensor(2), options);
}

Value weights_of(const Bound& args) {
  refuse_dot_general(args, 12);
  AttentionOptions options = options_of(args, 2);
  options.qk_attn_weights_einsum = einsum_of(args, 13, 9);
  return dot_product_attention_weights(args.context, args.tensor(0), args.tensor(1), options);
}

// --- masks -----------------------------------------------------------------------------------------

Value make_causal_mask(const Bound& args) { return causal_mask(args.context, args.tensor(0), args.integer(1), args.dtype(2)); }

// pairwise_fn of every query with every key.
Value make_attention_mask(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor query = args.tensor(0), key = args.tensor(1);
  if (query.rank() == 0 || key.rank() == 0)
    fail_shape(context, concat("needs arrays [..., length], and has ", query.fact(), " and ", key.fact()), {query, key});
  Arguments arguments;
  arguments.add(graph::expand_dims(b, query, query.rank()));
  arguments.add(graph::expand_dims(b, key, key.rank() - 1));
  Tensor mask = args.none(2) ? catalog::binary(context, ElementwiseKind::Multiply, *arguments.positional[0].value.tensor(),
                                               *arguments.positional[1].value.tensor())
                             : to_tensor(context, args.function(2)->call(context, arguments), args.item(2).place);
  mask = graph::expand_dims(b, mask, mask.rank() - 2);
  for (std::int64_t i = 0; i < args.integer(3); ++i) mask = graph::expand_dims(b, mask, 0);
  return astype(context, mask, args.dtype(4));
}

Value combine_masks_of(const Bound& args) {
  std::vector<std::optional<Tensor>> masks;
  for (const Arguments::Item& item : args.rest()) {
    masks.push_back(item.value.is_none() ? std::nullopt : std::optional(to_tensor(args.context, item.value, item.place)));
  }
  const auto combined = combine_masks(args.context, masks, args.optional_dtype(1).value_or(DType::Float32));
  return combined ? Value(*combined) : Value();
}

// --- jax.nn's --------------------------------------------------------------------------------------

Tensor with_batch(Context& context, Tensor x) { return with_rank(context, x, 4); }

// query [batch, t, heads, depth], key and value [batch, s, groups, depth]; scale and mask in float32.
Value jax_attention(const Bound& args) {
  using enum ElementwiseKind;
  Context& context = args.context;
  graph::Builder& b = context.builder;
  for (const std::size_t i : {7, 8, 9}) {
    if (!args.none(i))
      context.fail(Code::NotSupportedYet, args.place, "`query_seq_lengths`, `key_value_seq_lengths` and `local_window_size` are not supported yet");
  }
  const Tensor given = args.tensor(0);
  Tensor query = with_batch(context, given), key = with_batch(context, args.tensor(1)), value = with_batch(context, args.tensor(2));
  const DType dtype = key.dtype();
  if (query.dtype() != dtype || value.dtype() != dtype) fail_dtype(context, "needs query, key and value of one type", {query, key, value});
  const Dim groups = key.dim(2), heads = b.dims().simplify(floor_div(query.dim(2), groups));
  require_equal(context, heads * groups, query.dim(2), concat("has ", query.dim(2), " query heads, not a multiple of ", groups), {query, key});
  const Dims open{query.dim(0), query.dim(1), groups, heads, query.dim(3)};
  // Products of halves are exact in float32.
  const Tensor wide_query = astype(context, graph::reshape(b, query, open), DType::Float32), wide_key = astype(context, key, DType::Float32);
  Tensor logits = einsum(context, "btkgh,bskh->bkgts", {wide_query, wide_key});
  const Tensor depth = graph::size_scalar(b, query.dim(3), DType::Float32);
  const Tensor scale = args.none(5) ? graph::binary(b, Divide, graph::scalar(b, 1, DType::Float32), graph::unary(b, Sqrt, depth))
                                    : astype(context, args.tensor(5), DType::Float32);
  logits = graph::binary(b, Multiply, logits, scale);
  const auto grouped = [&](Tensor x) {
    x = with_batch(context, x);
    if (x.dim(1) == Dim(1)) return graph::expand_dims(b, x, 1);
    return graph::reshape(b, x, {x.dim(0), groups, heads, x.dim(2), x.dim(3)});
  };
  if (!args.none(3)) logits = astype(context, catalog::binary(context, Add, logits, grouped(args.tensor(3))), DType::Float32);
  std::optional<Tensor> mask;
  if (!args.none(4)) mask = grouped(args.tensor(4));
  if (args.boolean(6)) {
    const Tensor row = graph::iota(b, DType::Int32, {logits.dim(-2), 1}, 0), column = graph::iota(b, DType::Int32, {1, logits.dim(-1)}, 1);
    const Tensor causal = graph::binary(b, GreaterEqual, row, column);
    mask = mask ? graph::binary(b, And, *mask, causal) : causal;
  }
  if (mask) logits = where(context, *mask, logits, graph::scalar(b, -0.7 * 0x1.FFFFFEp127, DType::Float32));
  const Tensor weights = astype(context, softmax(context, logits, {logits.rank() - 1}), dtype);
  return graph::reshape(b, einsum(context, "bkgts,bskh->btkgh", {weights, value}), given.shape());
}

std::vector<FunctionSpec> attentions() {
  FunctionSpec attention("dot_product_attention", "softmax(query key / sqrt(depth)) value, for each head.");
  attention.in({"nn"}).arg("query").arg("key").arg("value");
  attention_arguments(attention).arg("qk_attn_weights_einsum", None{}).arg("attn_weights_value_einsum", None{}).does(&attention_of);
  FunctionSpec weights("dot_product_attention_weights", "softmax(query key / sqrt(depth)), for each head.");
  weights.in({"nn"}).arg("query").arg("key");
  attention_arguments(weights).arg("einsum", None{}).does(&weights_of);
  FunctionSpec jax("dot_product_attention", "softmax(scale query key) value, for each head.");
  jax.in({"jax.nn"})
      .arg("query")
      .arg("key")
      .arg("value")
      .arg("bias", None{})
      .arg("mask", None{})
      .keyword_only()
      .arg("scale", None{})
      .arg("is_causal", false)
      .arg("query_seq_lengths", None{})
      .arg("key_value_seq_lengths", None{})
      .arg("local_window_size", None{})
      .arg("implementation", None{})
      .does(&jax_attention);
  return {attention, weights, jax};
}

const RegisterFunctions attention_family{attentions()};

const RegisterFunctions masks{{
    FunctionSpec("make_causal_mask", "1 where a key does not stand after the query.")
        .in({"nn"})
        .arg("x")
        .arg("extra_batch_dims", 0)
        .arg("dtype", DType::Float32)
        .does(&make_causal_mask),
    FunctionSpec("make_attention_mask", "A function of every query with every key, by default their product.")
        .in({"nn"})
        .arg("query_input")
        .arg("key_input")
        .arg("pairwise_fn", None{})
        .arg("extra_batch_dims", 0)
        .arg("dtype", DType::Float32)
        .does(&make_attention_mask),
    FunctionSpec("combine_masks", "The logical and of masks; none where there is no mask.")
        .in({"nn"})
        .rest("masks")
        .keyword_only()
        .arg("dtype", DType::Float32)
        .does(&combine_masks_of),
}};

}  // namespace
}  // namespace linenc::functions
