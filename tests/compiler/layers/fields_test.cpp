// Fields and arguments of layers against Flax's dataclass fields and signatures (flax 0.12.8).
#include <doctest/doctest.h>

#include "compiler/catalog/registry.h"

namespace linenc::test {
namespace {

std::string fields_of(const catalog::LayerType& type) {
  std::string text;
  for (const catalog::FieldInfo& field : type.fields()) {
    text += (text.empty() ? "" : ", ") + field.name + (field.required ? "" : "=" + field.default_text);
  }
  return text;
}

std::string arguments_of(const catalog::LayerType& type) {
  std::string text;
  for (const std::string& name : type.arguments("call")) text += (text.empty() ? "" : ", ") + name;
  return text;
}

TEST_SUITE("compiler/layers/fields") {
  TEST_CASE("fields have Linen's order, names and defaults, and calls its arguments") {
    struct Row {
      std::string layer, fields, arguments;
    };
    for (const Row& row : std::vector<Row>{
             {"BatchNorm",
              "use_running_average=none, axis=-1, momentum=0.99, epsilon=1e-05, dtype=none, param_dtype=float32, use_bias=true, "
              "use_scale=true, bias_init=zeros_init(), scale_init=ones_init(), axis_name=none, axis_index_groups=none, "
              "use_fast_variance=true, force_float32_reductions=true",
              "x, use_running_average, mask"},
             {"Conv",
              "features, kernel_size, strides=1, padding='SAME', input_dilation=1, kernel_dilation=1, feature_group_count=1, "
              "use_bias=true, mask=none, dtype=none, param_dtype=float32, precision=none, kernel_init=lecun_normal(), "
              "bias_init=zeros_init(), promote_dtype=promote_dtype, conv_general_dilated=none, conv_general_dilated_cls=none",
              "inputs"},
             {"ConvTranspose",
              "features, kernel_size, strides=none, padding='SAME', kernel_dilation=none, use_bias=true, mask=none, dtype=none, "
              "param_dtype=float32, precision=none, kernel_init=lecun_normal(), bias_init=zeros_init(), transpose_kernel=false, "
              "promote_dtype=promote_dtype, preferred_element_type=none",
              "inputs"},
             {"Dense",
              "features, use_bias=true, dtype=none, param_dtype=float32, precision=none, kernel_init=lecun_normal(), "
              "bias_init=zeros_init(), promote_dtype=promote_dtype, dot_general=none, dot_general_cls=none",
              "inputs"},
             {"DenseGeneral",
              "features, axis=-1, batch_dims=[], use_bias=true, dtype=none, param_dtype=float32, kernel_init=lecun_normal(), "
              "bias_init=zeros_init(), precision=none, promote_dtype=promote_dtype, dot_general=none, dot_general_cls=none",
              "inputs"},
             {"Dropout", "rate, broadcast_dims=[], deterministic=none, rng_collection='dropout'", "inputs, deterministic, rng"},
             {"Einsum",
              "shape, einsum_str=none, use_bias=true, dtype=none, param_dtype=float32, precision=none, kernel_init=lecun_normal(), "
              "bias_init=zeros_init(), promote_dtype=promote_dtype, preferred_element_type=none",
              "inputs, einsum_str"},
             {"Embed",
              "num_embeddings, features, dtype=none, param_dtype=float32, embedding_init=variance_scaling(1.0, 'fan_in', 'normal', "
              "out_axis=0), promote_dtype=promote_dtype",
              "inputs"},
             {"GroupNorm",
              "num_groups=32, group_size=none, epsilon=1e-06, dtype=none, param_dtype=float32, use_bias=true, use_scale=true, "
              "bias_init=zeros_init(), scale_init=ones_init(), reduction_axes=none, axis_name=none, axis_index_groups=none, "
              "use_fast_variance=true, force_float32_reductions=true",
              "x, mask"},
             {"InstanceNorm",
              "epsilon=1e-06, dtype=none, param_dtype=float32, use_bias=true, use_scale=true, bias_init=zeros_init(), "
              "scale_init=ones_init(), feature_axes=-1, axis_name=none, axis_index_groups=none, use_fast_variance=true, "
              "force_float32_reductions=true",
              "x, mask"},
             {"LayerNorm",
              "epsilon=1e-06, dtype=none, param_dtype=float32, use_bias=true, use_scale=true, bias_init=zeros_init(), "
              "scale_init=ones_init(), reduction_axes=-1, feature_axes=-1, axis_name=none, axis_index_groups=none, "
              "use_fast_variance=true, force_float32_reductions=true",
              "x, mask"},
             {"MultiHeadAttention",
              "num_heads, dtype=none, param_dtype=float32, qkv_features=none, out_features=none, broadcast_dropout=true, "
              "dropout_rate=0.0, deterministic=none, precision=none, kernel_init=lecun_normal(), out_kernel_init=none, "
              "bias_init=zeros_init(), out_bias_init=none, use_bias=true, attention_fn=dot_product_attention, decode=false, "
              "normalize_qk=false, force_fp32_for_softmax=false, qkv_dot_general=none, out_dot_general=none, qkv_dot_general_cls=none, "
              "out_dot_general_cls=none, qk_attn_weights_einsum_cls=none, attn_weights_value_einsum_cls=none",
              "inputs_q, inputs_k, inputs_v, inputs_kv, mask, deterministic, dropout_rng, sow_weights"},
             {"MultiHeadDotProductAttention",
              "num_heads, dtype=none, param_dtype=float32, qkv_features=none, out_features=none, broadcast_dropout=true, "
              "dropout_rate=0.0, deterministic=none, precision=none, kernel_init=lecun_normal(), out_kernel_init=none, "
              "bias_init=zeros_init(), out_bias_init=none, use_bias=true, attention_fn=dot_product_attention, decode=false, "
              "normalize_qk=false, force_fp32_for_softmax=false, qkv_dot_general=none, out_dot_general=none, qkv_dot_general_cls=none, "
              "out_dot_general_cls=none, qk_attn_weights_einsum_cls=none, attn_weights_value_einsum_cls=none",
              "inputs_q, inputs_k, inputs_v, inputs_kv, mask, deterministic, dropout_rng, sow_weights"},
             {"RMSNorm",
              "epsilon=1e-06, dtype=none, param_dtype=float32, use_scale=true, scale_init=ones_init(), reduction_axes=-1, "
              "feature_axes=-1, axis_name=none, axis_index_groups=none, use_fast_variance=true, force_float32_reductions=true",
              "x, mask"},
             {"SelfAttention",
              "num_heads, dtype=none, param_dtype=float32, qkv_features=none, out_features=none, broadcast_dropout=true, "
              "dropout_rate=0.0, deterministic=none, precision=none, kernel_init=lecun_normal(), out_kernel_init=none, "
              "bias_init=zeros_init(), out_bias_init=none, use_bias=true, attention_fn=dot_product_attention, decode=false, "
              "normalize_qk=false, force_fp32_for_softmax=false, qkv_dot_general=none, out_dot_general=none, qkv_dot_general_cls=none, "
              "out_dot_general_cls=none, qk_attn_weights_einsum_cls=none, attn_weights_value_einsum_cls=none",
              "inputs_q, mask, deterministic, dropout_rng, sow_weights"},
         }) {
      CAPTURE(row.layer);
      const catalog::LayerType* type = catalog::find_layer(row.layer);
      REQUIRE(type != nullptr);
      CHECK(fields_of(*type) == row.fields);
      CHECK(arguments_of(*type) == row.arguments);
    }
  }

  TEST_CASE("every layer, field and argument has a name of its own, and every field a line of documentation") {
    for (const auto& type : catalog::layers()) {
      CAPTURE(type->name);
      CHECK(!type->doc.empty());
      std::vector<std::string> names;
      for (const catalog::FieldInfo& field : type->fields()) {
        CHECK(!field.doc.empty());
        CHECK(std::find(names.begin(), names.end(), field.name) == names.end());
        names.push_back(field.name);
      }
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
