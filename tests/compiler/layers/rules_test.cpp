// What layers refuse and warn about, and where the diagnostic points. Labels are those of the comments in compiler/layers.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

// The diagnostics of `model: {literal}` over one input: "E0204 at `0`: …"; "the layer" where the whole literal is meant.
std::string problems_of(const std::string& literal, const std::string& input) {
  CompiledText text(layer_file(literal, input));
  if (!text.failed()) (void)text.symbolic_init();
  std::string lines = text.pointed_problems();
  const std::string whole = "`{" + literal + "}`";
  if (const std::size_t at = lines.find(whole); at != std::string::npos) lines.replace(at, whole.size(), "the layer");
  if (!lines.empty()) lines.pop_back();
  return lines;
}

struct Row {
  std::string literal, input, problem;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.literal);
    CHECK(problems_of(row.literal, row.input) == row.problem);
  }
}

TEST_SUITE("compiler/layers/rules") {
  TEST_CASE("fields: a number below its bound, of another type, or without a number is told at the field") {
    check({{"Dense: {features: 0}", "float32[8, 64]", "E0204 at `0`: `features` is 0, needs at least 1"},
           {"Conv: {features: 3, kernel_size: [3, x]}", "float32[8, 9, 9, 3]", "E0206 at `[3, x]`: `kernel_size` wants an int, and this is str 'x'"},
           {"Conv: {features: 3, kernel_size: 3, strides: fast}", "float32[8, 9, 3]",
            "E0206 at `fast`: `strides` wants an int or a list of ints, and this is str 'fast'"}});
  }

  TEST_CASE("hooks: what cannot replace a part of the computation is told at its field") {
    check({{"Dense: {features: 3, dot_general_cls: x}", "float32[8, 4]",
            "E0206 at `x`: `dot_general_cls` is str 'x'; it is a module, or a function of nothing that gives a function"},
           {"Dense: {features: 3, promote_dtype: none}", "float32[8, 4]", "E0206 at `none`: `promote_dtype` wants function, and this is none"},
           {"Dense: {features: 3, promote_dtype: \"lambda x, kernel, bias, dtype: [x, kernel]\"}", "float32[8, 4]",
            "E0206 at `\"lambda x, kernel, bias, dtype: [x, kernel]\"`: `promote_dtype` gives a list of 3 arrays here, and this is a list of 2"},
           {"Conv: {features: 3, kernel_size: 2, promote_dtype: \"lambda x, kernel, bias, dtype: [x, kernel, none]\"}", "float32[8, 4, 4]",
            "E0206 at `\"lambda x, kernel, bias, dtype: [x, kernel, none]\"`: an array or a number is wanted here, and this is none"},
           {"Dense: {features: 3, promote_dtype: \"lambda x, kernel, bias, dtype: [x, kernel, none]\"}", "float32[8, 4]", ""},
           {"Dense: {features: 3, promote_dtype: \"lambda x, kernel, bias, dtype: [x, kernel.astype(bfloat16), bias]\"}", "float32[8, 4]", ""},
           {"Embed: {num_embeddings: 3, features: 4, promote_dtype: \"lambda x, dtype, inexact: [x, x]\"}", "int32[8, 4]",
            "E0206 at `\"lambda x, dtype, inexact: [x, x]\"`: `promote_dtype` gives a list of 1 array here, and this is a list of 2"},
           {"SelfAttention: {num_heads: 1, qk_attn_weights_einsum_cls: \"lambda: jnp.einsum\"}", "float32[8, 4]",
            "E0207 at the layer: `qk_attn_weights_einsum` and `attn_weights_value_einsum` are given both or not at all"},
           {"SelfAttention: {num_heads: 1, attention_fn: none}", "float32[8, 4]", "E0206 at `none`: `attention_fn` wants function, and this is none"},
           {"LayerNorm: {axis_name: i}", "float32[8, 4]",
            "E0226 at `i`: no `vmap` around this layer has the axis name `i`; it is given by `axis_name` of `vmap`"},
           {"BatchNorm: {axis_name: i, use_running_average: false}", "float32[8, 4]", ""},
           {"Dense: {features: 3, precision: exact}", "float32[8, 4]",
            "E0226 at `exact`: `precision` is str 'exact'; it is none or one of `default`, `high`, `highest`"}});
  }

  TEST_CASE("a float layer refuses an integer dtype") {
    check({{"Dense: {features: 3, dtype: int32}", "float32[8, 4]", "E0226 at `int32`: `dtype` is int32, and `Dense` computes with floats"},
           {"LayerNorm: {dtype: int32}", "float32[8, 4]", "E0226 at `int32`: `dtype` is int32, and `LayerNorm` computes with floats"}});
  }

  TEST_CASE("Dense.c1: the input has a last axis") {
    check({{"Dense: {features: 3}", "float32[]", "E0203 at the layer: `Dense` needs an input with an axis, and this one is float32[]"}});
  }

  TEST_CASE("DenseGeneral.c1: batch axes are the leading ones and are not contracted") {
    check(
        {{"DenseGeneral: {features: 3, batch_dims: [1]}", "float32[2, 3, 4]", "E0226 at `[1]`: `batch_dims` must be the leading axes 0, 1, …"},
         {"DenseGeneral: {features: 3, batch_dims: [0], axis: 0}", "float32[2, 3, 4]", "E0226 at `0`: `axis` and `batch_dims` both name the axis 0"},
         {"DenseGeneral: {features: 3, axis: 5}", "float32[2, 3, 4]", "E0226 at `5`: `axis` names the axis 5, and the input has rank 3"}});
  }

  TEST_CASE("Conv.c1 to c10: axes, entries, padding, groups, mask") {
    check({{"Conv: {features: 3, kernel_size: [3, 3]}", "float32[9, 3]",
            "E0203 at `[3, 3]`: `Conv` with a kernel of 2 axes needs an input of rank 3 or more, and this one is float32[9, 3]"},
           {"Conv: {features: 3, kernel_size: [3, 3], strides: [1]}", "float32[1, 9, 9, 3]",
            "E0226 at `[1]`: `strides` has 1 entry, and the kernel has 2 axes"},
           {"Conv: {features: 3, kernel_size: [3, 3], strides: 0}", "float32[1, 9, 9, 3]", "E0204 at `0`: `strides` is 0, needs at least 1"},
           {"Conv: {features: 3, kernel_size: [3, 3], padding: [1]}", "float32[1, 9, 9, 3]",
            "E0226 at `[1]`: `padding` is [1]; it is a name, an int, or a list of 2 entries, each an int or a pair [low, high]"},
           {"Conv: {features: 3, kernel_size: [3], padding: SAMEE}", "float32[1, 9, 3]",
            "E0226 at `SAMEE`: `padding` is `SAMEE`; it is one of `SAME`, `VALID`, `SAME_LOWER`, `CIRCULAR`, `REFLECT`, `CAUSAL`"},
           {"Conv: {features: 3, kernel_size: [3], input_dilation: 2}", "float32[1, 9, 3]",
            "E0226 at the layer: `padding: SAME` cannot be combined with `input_dilation`; write the numbers"},
           {"Conv: {features: 3, kernel_size: [3, 3], padding: CAUSAL}", "float32[1, 9, 9, 3]",
            "E0226 at `CAUSAL`: `padding: CAUSAL` needs a kernel of one axis, and this one has 2"},
           {"Conv: {features: 4, kernel_size: [3], feature_group_count: 2}", "float32[1, 9, 3]",
            "E0226 at `2`: the last axis of the input is 3, which is no multiple of `feature_group_count`, 2"},
           {"Conv: {features: 3, kernel_size: [3], feature_group_count: 2}", "float32[1, 9, 4]",
            "E0226 at `2`: `features` is 3, which is no multiple of `feature_group_count`, 2"},
           {"Conv: {features: 2, kernel_size: [2], mask: [[1, 0]]}", "float32[1, 9, 4]",
            "E0203 at `[[1, 0]]`: `mask` is int32[1, 2], and the kernel it multiplies is float32[2, 4, 2]"}});
  }

  TEST_CASE("Conv.c8: a kernel larger than the padded input is a warning at the kernel, as Linen gives an empty output") {
    check({{"Conv: {features: 3, kernel_size: [5], padding: VALID}", "float32[1, 4, 3]",
            "W0201 at `[5]`: the kernel covers 5 elements of an axis of 4: the output is empty"}});
    CHECK(output_of("Conv: {features: 3, kernel_size: [5], padding: VALID}", "float32[1, 4, 3]") == "float32[1, 0, 3]");
  }

  TEST_CASE("groups of a symbolic size are told with the fact that is missing") {
    check({{"GroupNorm: {num_groups: 4}", "float32[b, c]",
            "E0216 at `4`: the last axis of the input is c, which must be a multiple of `num_groups`, 4; state it: `assume: [(c) % 4 == 0]`"}});
  }

  TEST_CASE("GroupNorm.c1 to c3: one way to give the groups, which divide the channels") {
    check({{"GroupNorm: {group_size: 2}", "float32[2, 8]",
            "E0226 at `2`: give one of `num_groups` and `group_size`; to use `group_size` write `num_groups: none`, which is 32 otherwise"},
           {"GroupNorm: {num_groups: 3}", "float32[2, 8]", "E0226 at `3`: the last axis of the input is 8, which is no multiple of `num_groups`, 3"},
           {"GroupNorm: {num_groups: 2, reduction_axes: [1]}", "float32[2, 3, 8]",
            "E0226 at `[1]`: `reduction_axes` must name the last axis, which holds the channels"}});
  }

  TEST_CASE("InstanceNorm.c1: the first axis is the batch") {
    check({{"InstanceNorm: {feature_axes: [0, -1]}", "float32[2, 3, 8]",
            "E0226 at `[0, -1]`: `feature_axes` names the first axis, which is the batch"}});
  }

  TEST_CASE("BatchNorm: the choice of statistics is given exactly once") {
    check({{"BatchNorm: {}", "float32[2, 8]", "E0226 at the layer: `use_running_average` must be given, as a field of `BatchNorm` or in its call"}});
  }

  TEST_CASE("Dropout.c1, c2: a rate outside of 0 to 1 is a warning, integers are refused") {
    check({{"Dropout: {rate: 1.5, deterministic: true}", "float32[2, 8]", "W0202 at `1.5`: `rate` is 1.5, not between 0 and 1"},
           {"Dropout: {rate: 0.5, deterministic: false}", "int32[2, 8]",
            "E0209 at the layer: `Dropout` scales what it keeps and needs a float input, and this one is int32[2, 8]"},
           {"Dropout: {rate: 0.5}", "float32[2, 8]", "E0226 at the layer: `deterministic` must be given, as a field of `Dropout` or in its call"}});
  }

  TEST_CASE("Embed.c1: the input holds integers") {
    check({{"Embed: {num_embeddings: 3, features: 2}", "float32[2]", "E0209 at the layer: `Embed` looks up integers, and the input is float32[2]"}});
  }

  TEST_CASE("Einsum.c1 to c3: the equation has two operands and a result, the kernel a letter for each axis") {
    check({{"Einsum: {shape: [3, 2], einsum_str: 'ab,bc'}", "float32[4, 3]",
            "E0226 at `'ab,bc'`: `einsum_str` is 'ab,bc' and needs `->` with the result"},
           {"Einsum: {shape: [3, 2], einsum_str: 'ab->a'}", "float32[4, 3]",
            "E0226 at `'ab->a'`: `einsum_str` is 'ab->a' and needs two operands: the input and the kernel"},
           {"Einsum: {shape: [3, 2, 2], einsum_str: 'ab,bc->ac'}", "float32[4, 3]",
            "E0226 at `[3, 2, 2]`: `shape` is [3, 2, 2], and the kernel is 'bc' in `einsum_str`"}});
  }

  TEST_CASE("Attention.c1, c2: heads share the features, inputs have positions") {
    check(
        {{"MultiHeadDotProductAttention: {num_heads: 3}", "float32[2, 5, 8]",
          "E0226 at `3`: the last axis of the queries is 8, which is no multiple of `num_heads`, 3"},
         {"SelfAttention: {num_heads: 2}", "float32[8]", "E0203 at the layer: attention needs inputs [..., length, features], and one is float32[8]"},
         {"SelfAttention: {num_heads: 2, dropout_rate: 0.1}", "float32[2, 5, 8]",
          "E0226 at the layer: `deterministic` must be given, as a field of `SelfAttention` or in its call"}});
  }

  TEST_CASE("initializers say what shape they need") {
    check({{"Dense: {features: 3, bias_init: lecun_normal()}", "float32[2, 8]",
            "E0226 at `lecun_normal()`: `lecun_normal` needs a shape of rank 2 or more to count inputs and outputs, and this one is [3]; give "
            "`in_axis`, or "
            "another initializer"},
           {"Dense: {features: 3, kernel_init: \"variance_scaling(1.0, 'fan', 'normal')\"}", "float32[2, 8]",
            "E0226 at `\"variance_scaling(1.0, 'fan', 'normal')\"`: `mode` of `variance_scaling` is `fan`; it is one of `fan_in`, `fan_out`, "
            "`fan_avg`, `fan_geo_avg`"},
           {"Dense: {features: 3, param_dtype: int32}", "float32[2, 8]",
            "E0209 at the layer: random initial values need a float dtype, and this one is int32"}});
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
