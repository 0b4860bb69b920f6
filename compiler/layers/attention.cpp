// MultiHeadDotProductAttention, its other name MultiHeadAttention, and SelfAttention (linen-semantics D.4).
// Tested by tests/compiler/layers.
#include <algorithm>

#include "compiler/catalog/attention.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/hooks.h"

namespace linenc::layers {
namespace {

using catalog::Arguments;
using catalog::Code;
using catalog::Initializer;
using catalog::LayerSpec;

struct Attention {
  Dim num_heads;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  std::optional<Dim> qkv_features, out_features;
  bool broadcast_dropout = true;
  double dropout_rate = 0;
  std::optional<bool> deterministic;
  Value precision;
  Initializer kernel_init = catalog::lecun_normal();
  std::optional<Initializer> out_kernel_init;
  Initializer bias_init = catalog::zeros_initializer();
  std::optional<Initializer> out_bias_init;
  bool use_bias = true;
  Value attention_fn;
  bool decode = false, normalize_qk = false, force_fp32_for_softmax = false;
  Value qkv_dot_general, out_dot_general, qkv_dot_general_cls, out_dot_general_cls, qk_attn_weights_einsum_cls, attn_weights_value_einsum_cls;
};

// The arguments of a call, wherever the method has them.
struct Inputs {
  Tensor query, key, value;
  Value mask, dropout_rng;
  source::Span mask_place;
  std::size_t deterministic = 0;  // number of the argument
  bool sow_weights = false;
};

Value optional_value(const std::optional<DType>& dtype) { return dtype ? Value(*dtype) : Value(); }
Value optional_value(const std::optional<bool>& flag) { return flag ? Value(*flag) : Value(); }

Tensor project(const LayerCall& call, const Attention& fields, const std::string& name, Tensor x, const Dim& head_size) {
  const catalog::InstancePtr dense = call.submodule("DenseGeneral",
                                                    {{"axis", -1},
                                                     {"dtype", optional_value(fields.dtype)},
                                                     {"param_dtype", fields.param_dtype},
                                                     {"features", Dims{fields.num_heads, head_size}},
                                                     {"kernel_init", to_value(fields.kernel_init)},
                                                     {"bias_init", to_value(fields.bias_init)},
                                                     {"use_bias", fields.use_bias},
                                                     {"precision", fields.precision},
                                                     {"dot_general", fields.qkv_dot_general},
                                                     {"dot_general_cls", fields.qkv_dot_general_cls}},
                                                    name);
  return to_tensor(call.context, call.call(dense, Arguments({Value(x)})));
}

Tensor normalized(const LayerCall& call, const Attention& fields, const std::string& name, Tensor x) {
  const catalog::InstancePtr norm =
      call.submodule("LayerNorm", {{"use_bias", false}, {"dtype", optional_value(fields.dtype)}, {"param_dtype", fields.param_dtype}}, name);
  return to_tensor(call.context, call.call(norm, Arguments({Value(x)})));
}

Value output(const LayerCall& call, const Attention& fields, Tensor x, const Dim& features) {
  const catalog::InstancePtr dense = call.submodule("DenseGeneral",
                                                    {{"features", features},
                                                     {"axis", catalog::List{-2, -1}},
                                                     {"kernel_init", to_value(fields.out_kernel_init.value_or(fields.kernel_init))},
                                                     {"bias_init", to_value(fields.out_bias_init.value_or(fields.bias_init))},
                                                     {"use_bias", fields.use_bias},
                                                     {"dtype", optional_value(fields.dtype)},
                                                     {"param_dtype", fields.param_dtype},
                                                     {"precision", fields.precision},
                                                     {"dot_general", fields.out_dot_general},
                                                     {"dot_general_cls", fields.out_dot_general_cls}},
                                                    "out");
  return call.call(dense, Arguments({Value(x)}));
}

// A size that is given, and not 0, or that of the last axis of the queries.
Dim or_last_axis(const std::optional<Dim>& size, Tensor query) { return size && !(*size == Dim(0)) ? *size : query.dim(-1); }

// Attention.c1: the heads share the features evenly.
Dim head_size_of(const Attention& fields, const LayerCall& call, Tensor query) {
  const Dim features = or_last_axis(fields.qkv_features, query);
  need_multiple(call, features, fields.num_heads, fields.qkv_features ? "`qkv_features`" : "the last axis of the queries", "num_heads");
  return floor_div(features, fields.num_heads);
}

// Whether dropout is off. It is asked for only where there is a rate.
bool is_deterministic(const Attention& fields, const LayerCall& call, std::size_t argument) {
  if (!(fields.dropout_rate > 0)) return true;
  if (fields.dropout_rate > 1) {
    call.warn(Code::RateOutOfRange, concat("`dropout_rate` is ", catalog::repr(Value(fields.dropout_rate)), ", not between 0 and 1"), "dropout_rate");
  }
  const Value value = call.merge_param("deterministic", optional_value(fields.deterministic), argument);
  if (value.tensor() != nullptr) call.arguments.wrong_type(argument, "a bool");
  return catalog::truth(value);
}

// What computes the attention, and the keywords that it names: Linen hands it no others.
struct AttentionFunction {
  Value callee;
  std::vector<std::string> parameters;
};

AttentionFunction function_of(const Attention& fields, const LayerCall& call) {
  AttentionFunction result{fields.attention_fn, {}};
  if (result.callee.is_none()) {
    const catalog::FunctionSpec* spec = catalog::find_function("nn", "dot_product_attention");
    if (spec == nullptr) call.fail("`dot_product_attention` is not supported yet", "", Code::NotSupportedYet);
    result.callee = catalog::function_value(*spec);
  }
  if (const catalog::FunctionPtr function = result.callee.function()) result.parameters = function->parameters();
  if (const catalog::InstancePtr instance = result.callee.instance()) result.parameters = instance->type->arguments("call");
  return result;
}

// What the attention looks at: the projections, or with `decode` the cache that they were written to.
struct Memory {
  Tensor key, value;
  Value mask;
};

// Attention.c5: once the cache exists a call brings one position.
void check_position(const LayerCall& call, Tensor query, Tensor cached) {
  Dims expected = cached.shape();
  if (expected.size() >= 3) expected[expected.size() - 3] = 1;
  if (expected == query.shape()) return;
  call.fail(concat("with `decode` and a cache ", cached.fact(), " the queries must be ", graph::to_string(expected),
                   " after the projection, and they are ", graph::to_string(query.shape())),
            "decode", Code::ShapeMismatch);
}

// Writes the projections of one position into the cache, and masks the positions that are not filled yet. The call that makes the
// cache gives it its length and attends to its own input.
Memory decoded(const LayerCall& call, Tensor query, Memory now) {
  graph::Builder& b = call.builder;
  catalog::Context& context = call.context;
  const bool exists = context.has_variable(call.scope(), "cache", "cached_key");
  const auto zeros_like = [&](Tensor x) { return [&b, x] { return graph::full(b, 0, x.dtype(), x.shape()); }; };
  const Tensor cached_key = call.variable("cache", "cached_key", zeros_like(now.key));
  const Tensor cached_value = call.variable("cache", "cached_value", zeros_like(now.value));
  const Tensor index = call.variable("cache", "cache_index", [&] { return graph::integer_scalar(b, 0, DType::Int32); });
  if (!exists) return now;
  check_position(call, query, cached_key);
  const auto rank = static_cast<std::size_t>(cached_key.rank());
  std::vector<Tensor> starts(rank, graph::integer_scalar(b, 0, index.dtype()));
  starts[rank - 3] = index;
  Memory all;
  all.key = graph::dynamic_update_slice(b, cached_key, now.key, starts);
  all.value = graph::dynamic_update_slice(b, cached_value, now.value, starts);
  call.set_variable("cache", "cached_key", all.key);
  call.set_variable("cache", "cached_value", all.value);
  call.set_variable("cache", "cache_index", graph::binary(b, ElementwiseKind::Add, index, graph::integer_scalar(b, 1, index.dtype())));
  const Dim& length = cached_key.dim(-3);
  Dims mask_shape(cached_key.shape().begin(), cached_key.shape().end() - 3);
  mask_shape.insert(mask_shape.end(), {1, 1, length});
  const Tensor filled = graph::binary(b, ElementwiseKind::LessEqual, graph::iota(b, DType::Int32, {length}, 0), index);
  std::optional<Tensor> given;
  if (!now.mask.is_none()) given = to_tensor(context, now.mask);
  all.mask = *catalog::combine_masks(context, {given, graph::broadcast_to(b, filled, mask_shape)}, DType::Float32);
  return all;
}

Tensor attend(const Attention& fields, const LayerCall& call, const Inputs& inputs, Tensor query, const Memory& memory) {
  const bool deterministic = is_deterministic(fields, call, inputs.deterministic);
  Value key_of_dropout = inputs.dropout_rng;
  if (!deterministic && key_of_dropout.is_none()) key_of_dropout = call.make_rng("dropout");
  const Value query_key = replacement(call, fields.qk_attn_weights_einsum_cls, "qk_attn_weights_einsum_cls", Value());
  const Value weights_value = replacement(call, fields.attn_weights_value_einsum_cls, "attn_weights_value_einsum_cls", Value());
  const AttentionFunction function = function_of(fields, call);
  Arguments arguments({Value(query), Value(memory.key), Value(memory.value)});
  const auto offer = [&](const std::string& name, Value keyword) {
    const auto& known = function.parameters;
    if (std::find(known.begin(), known.end(), name) != known.end()) arguments.add(name, std::move(keyword));
  };
  offer("mask", memory.mask);
  if (!arguments.keywords.empty()) arguments.keywords.back().second.place = inputs.mask_place;
  offer("dropout_rng", key_of_dropout);
  offer("dropout_rate", fields.dropout_rate);
  offer("broadcast_dropout", fields.broadcast_dropout);
  offer("deterministic", deterministic);
  offer("dtype", optional_value(fields.dtype));
  offer("precision", fields.precision);
  offer("force_fp32_for_softmax", fields.force_fp32_for_softmax);
  offer("qk_attn_weights_einsum", query_key);
  offer("attn_weights_value_einsum", weights_value);
  if (inputs.sow_weights) arguments.add("module", call.context.stack.back().instance);
  return to_tensor(call.context, call.context.call(function.callee, arguments));
}

Value run(const Attention& fields, const LayerCall& call, const Inputs& inputs) {
  for (const Tensor& x : {inputs.query, inputs.key, inputs.value}) {
    // Attention.c2: the inputs have an axis of positions and one of features.
    if (x.rank() < 2) call.fail(concat("attention needs inputs [..., length, features], and one is ", x.fact()), "", Code::ShapeMismatch);
  }
  const Dim head_size = head_size_of(fields, call, inputs.query);
  Tensor query = project(call, fields, "query", inputs.query, head_size);
  Tensor key = project(call, fields, "key", inputs.key, head_size);
  const Tensor value = project(call, fields, "value", inputs.value, head_size);
  if (fields.normalize_qk) {
    query = normalized(call, fields, "query_ln", query);
    key = normalized(call, fields, "key_ln", key);
  }
  Memory memory{key, value, inputs.mask};
  if (fields.decode) memory = decoded(call, query, memory);
  return output(call, fields, attend(fields, call, inputs, query, memory), or_last_axis(fields.out_features, inputs.query));
}

// call(inputs_q, inputs_k, inputs_v, *, inputs_kv, mask, deterministic, dropout_rng, sow_weights)
Value call_attention(const Attention& fields, LayerCall& call) {
  Inputs inputs;
  inputs.query = call.tensor(0);
  // Attention.c3: inputs_kv stands for both; Attention.c4: values need keys.
  if (!call.none(3)) {
    if (!call.none(1) || !call.none(2))
      call.fail("`inputs_kv` stands for `inputs_k` and `inputs_v`; give either it or those", "", Code::WrongArguments);
    inputs.key = inputs.value = call.tensor(3);
  } else {
    if (call.none(1) && !call.none(2)) {
      call.fail("`inputs_v` is given and `inputs_k` is not; to use one input for both give it as `inputs_k`", "", Code::WrongArguments);
    }
    inputs.key = call.none(1) ? inputs.query : call.tensor(1);
    inputs.value = call.none(2) ? inputs.key : call.tensor(2);
  }
  inputs.mask = call.arguments.value(4);
  inputs.mask_place = call.arguments.item(4).place;
  inputs.deterministic = 5;
  inputs.dropout_rng = call.arguments.value(6);
  inputs.sow_weights = call.arguments.boolean(7);
  return run(fields, call, inputs);
}

// call(inputs_q, mask, deterministic, dropout_rng, sow_weights)
Value call_self_attention(const Attention& fields, LayerCall& call) {
  Inputs inputs;
  inputs.query = inputs.key = inputs.value = call.tensor(0);
  inputs.mask = call.arguments.value(1);
  inputs.mask_place = call.arguments.item(1).place;
  inputs.deterministic = 2;
  inputs.dropout_rng = call.arguments.value(3);
  inputs.sow_weights = call.arguments.boolean(4);
  return run(fields, call, inputs);
}

LayerSpec<Attention> with_fields(const std::string& name, const std::string& doc) {
  LayerSpec<Attention> spec(name, doc);
  spec.required_field("num_heads", &Attention::num_heads, catalog::at_least(1), "number of heads")
      .field("dtype", &Attention::dtype, "dtype of the computation; none: that of inputs and parameters together")
      .field("param_dtype", &Attention::param_dtype, "dtype of the parameters")
      .field("qkv_features", &Attention::qkv_features, "features of queries, keys and values, all heads together; none: as the queries' input")
      .field("out_features", &Attention::out_features, "features of the output; none: as the queries' input")
      .field("broadcast_dropout", &Attention::broadcast_dropout, "drop the same weights in every example and head")
      .field("dropout_rate", &Attention::dropout_rate, "part of the attention weights that is dropped")
      .field("deterministic", &Attention::deterministic, "drop nothing; give it here or in the call where there is a rate")
      .field("precision", &Attention::precision, "precision of the products: none, `default`, `high` or `highest`")
      .field("kernel_init", &Attention::kernel_init, "first value of the projections' kernels")
      .field("out_kernel_init", &Attention::out_kernel_init, "first value of the output's kernel; none: kernel_init")
      .field("bias_init", &Attention::bias_init, "first value of the projections' biases")
      .field("out_bias_init", &Attention::out_bias_init, "first value of the output's bias; none: bias_init")
      .field("use_bias", &Attention::use_bias, "add learned offsets")
      .field_as("attention_fn", &Attention::attention_fn, given_function_type(), "dot_product_attention",
                "a function of query, key, value and the keywords it names")
      .field("decode", &Attention::decode, "keep keys and values in a cache, one position in each call")
      .field("normalize_qk", &Attention::normalize_qk, "normalize queries and keys with a LayerNorm")
      .field("force_fp32_for_softmax", &Attention::force_fp32_for_softmax, "softmax in float32")
      .field_as("qkv_dot_general", &Attention::qkv_dot_general, function_type(), "none", "a function in place of lax.dot_general in the projections")
      .field_as("out_dot_general", &Attention::out_dot_general, function_type(), "none", "a function in place of lax.dot_general in the output")
      .field("qkv_dot_general_cls", &Attention::qkv_dot_general_cls, "a module, or a function of nothing, that makes such a function")
      .field("out_dot_general_cls", &Attention::out_dot_general_cls, "a module, or a function of nothing, that makes such a function")
      .field_as("qk_attn_weights_einsum_cls", &Attention::qk_attn_weights_einsum_cls, function_type(), "none",
                "makes a function in place of jnp.einsum for queries and keys; goes with the next")
      .field_as("attn_weights_value_einsum_cls", &Attention::attn_weights_value_einsum_cls, function_type(), "none",
                "makes a function in place of jnp.einsum for weights and values");
  return spec;
}

LayerSpec<Attention> with_call(LayerSpec<Attention> spec) {
  spec.arg("inputs_q")
      .arg("inputs_k", Value())
      .arg("inputs_v", Value())
      .keyword_only()
      .arg("inputs_kv", Value())
      .arg("mask", Value())
      .arg("deterministic", Value())
      .arg("dropout_rng", Value())
      .arg("sow_weights", false)
      .call(&call_attention);
  return spec;
}

const catalog::RegisterLayer multi_head_dot_product_attention{
    with_call(with_fields("MultiHeadDotProductAttention", "Attention of several heads between two sequences, or within one."))};
const catalog::RegisterLayer multi_head_attention{with_call(with_fields("MultiHeadAttention", "MultiHeadDotProductAttention by another name."))};
const catalog::RegisterLayer self_attention{with_fields("SelfAttention", "Attention of several heads within one sequence.")
                                                .arg("inputs_q")
                                                .arg("mask", Value())
                                                .arg("deterministic", Value())
                                                .arg("dropout_rng", Value())
                                                .arg("sow_weights", false)
                                                .call(&call_self_attention)};

}  // namespace
}  // namespace linenc::layers
