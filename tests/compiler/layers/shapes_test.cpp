// Shapes of outputs and parameters, with named dimensions too.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {
namespace {

struct Row {
  std::string literal, input, output;
};

void check(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    CAPTURE(row.literal);
    CAPTURE(row.input);
    CHECK(output_of(row.literal, row.input) == row.output);
  }
}

TEST_SUITE("compiler/layers/shapes") {
  TEST_CASE("Dense: the last axis becomes `features`, the others stay") {
    check({{"Dense: {features: 10}", "float32[8, 64]", "float32[8, 10]"},
           {"Dense: {features: 1}", "float32[batch, 5, 64]", "float32[batch, 5, 1]"},
           {"Dense: {features: 3}", "float32[width]", "float32[3]"},
           {"Dense: {features: 3}", "bfloat16[2, 4]", "float32[2, 3]"},
           {"Dense: {features: 3, dtype: bfloat16}", "float32[2, 4]", "bfloat16[2, 3]"},
           {"Dense: {features: 3}", "int32[2, 4]", "float32[2, 3]"}});
  }

  TEST_CASE("DenseGeneral: batch axes first, kept axes next, features last") {
    check({{"DenseGeneral: {features: [4, 5], axis: [-2, -1]}", "float32[batch, 3, 2]", "float32[batch, 4, 5]"},
           {"DenseGeneral: {features: 6, batch_dims: [0], axis: 1}", "float32[b, n, m]", "float32[b, m, 6]"}});
  }

  TEST_CASE("Conv: sizes follow the padding") {
    check(
        {{"Conv: {features: 8, kernel_size: [3, 3]}", "float32[batch, h, w, 3]", "float32[batch, h, w, 8]"},
         {"Conv: {features: 8, kernel_size: [3, 3], strides: 2}", "float32[batch, 15, 28, 3]", "float32[batch, 8, 14, 8]"},
         {"Conv: {features: 8, kernel_size: [3, 3], padding: VALID}", "float32[batch, 15, 28, 3]", "float32[batch, 13, 26, 8]"},
         {"Conv: {features: 8, kernel_size: [5, 5], padding: CIRCULAR, strides: 2}", "float32[batch, 7, 8, 3]", "float32[batch, 4, 4, 8]"},
         {"Conv: {features: 8, kernel_size: [3], padding: CAUSAL}", "float32[batch, len, 3]", "float32[batch, len, 8]"},
         {"Conv: {features: 8, kernel_size: [3], padding: REFLECT}", "float32[batch, len, 3]", "float32[batch, len, 8]"},
         {"Conv: {features: 8, kernel_size: 3, padding: [[2, 1]]}", "float32[batch, len, 3]", "float32[batch, len + 1, 8]"},
         {"Conv: {features: 8, kernel_size: [3, 3]}", "float32[a, b, 5, 6, 3]", "float32[a, b, 5, 6, 8]"},
         {"Conv: {features: 8, kernel_size: [3, 3]}", "float32[5, 6, 3]", "float32[5, 6, 8]"},
         {"Conv: {features: 8, kernel_size: [2, 2], strides: [2, 2], padding: VALID}", "float32[batch, h, h, 3]", "float32[batch, h//2, h//2, 8]"}});
  }

  TEST_CASE("Conv: with `SAME` a named size gives exactly ceil(size / stride) windows") {
    for (const std::string kernel : {"1", "2", "3", "4", "5", "7"}) {
      for (const std::string stride : {"2", "3"}) {
        CAPTURE(kernel);
        CAPTURE(stride);
        CompiledText text(layer_file("Conv: {features: 8, kernel_size: [" + kernel + "], strides: " + stride + "}", "float32[b, n, 3]"));
        const elaborate::Run run = text.symbolic_init();
        REQUIRE_MESSAGE(!run.failed, text.problems());
        const graph::Dim n = graph::Dim::named("n"), found = run.outputs.at(0).second.dim(1);
        CHECK(run.dims->equal(found, ceil_div(n, std::stoll(stride))) == graph::Truth::Yes);
        for (const std::int64_t size : {1, 2, 3, 7, 12}) {
          CHECK(found.substitute({{"n", size}}) == graph::Dim((size + std::stoll(stride) - 1) / std::stoll(stride)));
        }
      }
    }
  }

  TEST_CASE("ConvTranspose: strides multiply the sizes") {
    check({{"ConvTranspose: {features: 8, kernel_size: [3, 3], strides: [2, 2]}", "float32[batch, h, 5, 3]", "float32[batch, 2*h, 10, 8]"},
           {"ConvTranspose: {features: 8, kernel_size: [4], strides: 2, padding: VALID}", "float32[batch, 5, 3]", "float32[batch, 12, 8]"},
           {"ConvTranspose: {features: 8, kernel_size: [4], strides: 2, padding: CIRCULAR}", "float32[batch, n, 3]", "float32[batch, 2*n, 8]"},
           {"ConvTranspose: {features: 8, kernel_size: 3, transpose_kernel: true}", "float32[batch, n, 3]", "float32[batch, n, 8]"}});
  }

  TEST_CASE("normalization keeps the shape, in the dtype of input and parameters together") {
    check({{"LayerNorm: {}", "float32[batch, n, 8]", "float32[batch, n, 8]"},
           {"LayerNorm: {}", "bfloat16[batch, 8]", "float32[batch, 8]"},
           {"LayerNorm: {use_bias: false, use_scale: false}", "bfloat16[batch, 8]", "bfloat16[batch, 8]"},
           {"RMSNorm: {dtype: bfloat16}", "float32[batch, 8]", "bfloat16[batch, 8]"},
           {"GroupNorm: {num_groups: 4}", "float32[batch, h, w, 8]", "float32[batch, h, w, 8]"},
           {"InstanceNorm: {}", "float32[batch, h, w, 8]", "float32[batch, h, w, 8]"},
           {"BatchNorm: {use_running_average: false}", "float32[batch, h, w, 8]", "float32[batch, h, w, 8]"}});
  }

  TEST_CASE("Embed: a row for each number") {
    check({{"Embed: {num_embeddings: 10, features: 4}", "int32[batch, n]", "float32[batch, n, 4]"},
           {"Embed: {num_embeddings: 1, features: 4}", "int32[batch]", "float32[batch, 4]"},
           {"Embed: {num_embeddings: 10, features: 4, dtype: bfloat16}", "uint8[]", "bfloat16[4]"}});
  }

  TEST_CASE("attention keeps the queries' shape") {
    check({{"MultiHeadDotProductAttention: {num_heads: 2}", "float32[batch, n, 8]", "float32[batch, n, 8]"},
           {"MultiHeadAttention: {num_heads: 2, qkv_features: 6, out_features: 5}", "float32[batch, n, 8]", "float32[batch, n, 5]"},
           {"SelfAttention: {num_heads: 4}", "float32[a, b, n, 8]", "float32[a, b, n, 8]"}});
  }

  // Orders as in Flax, where random initial values depend on them: scale before bias, statistics before both.
  TEST_CASE("parameters come in the order of their creation") {
    CHECK(variables_of("Dense: {features: 10}", "float32[8, 64]") == "params/kernel float32[64, 10]\nparams/bias float32[10]\n");
    CHECK(variables_of("Dense: {features: 10, use_bias: false}", "float32[8, 64]") == "params/kernel float32[64, 10]\n");
    CHECK(variables_of("DenseGeneral: {features: [4, 5], batch_dims: [0], axis: -1}", "float32[3, 7, 6]") ==
          "params/kernel float32[3, 6, 4, 5]\nparams/bias float32[3, 4, 5]\n");
    CHECK(variables_of("Conv: {features: 8, kernel_size: [3, 5], feature_group_count: 2}", "float32[b, 9, 9, 6]") ==
          "params/kernel float32[3, 5, 3, 8]\nparams/bias float32[8]\n");
    CHECK(variables_of("ConvTranspose: {features: 8, kernel_size: 3, transpose_kernel: true}", "float32[b, 9, 6]") ==
          "params/kernel float32[3, 8, 6]\nparams/bias float32[8]\n");
    CHECK(variables_of("BatchNorm: {use_running_average: false}", "float32[b, 6]") ==
          "batch_stats/mean float32[6]\nbatch_stats/var float32[6]\nparams/scale float32[6]\nparams/bias float32[6]\n");
    CHECK(variables_of("LayerNorm: {feature_axes: [-2, -1]}", "float32[b, 2, 6]") == "params/scale float32[2, 6]\nparams/bias float32[2, 6]\n");
    CHECK(variables_of("Einsum: {shape: [5, 6, 7], einsum_str: 'abc,cde->abde'}", "float32[3, 4, 5]") ==
          "params/kernel float32[5, 6, 7]\nparams/bias float32[6, 7]\n");
    CHECK(variables_of("MultiHeadDotProductAttention: {num_heads: 2, normalize_qk: true}", "float32[1, 3, 8]") ==
          "params/query/kernel float32[8, 2, 4]\nparams/query/bias float32[2, 4]\nparams/key/kernel float32[8, 2, 4]\nparams/key/bias float32[2, 4]\n"
          "params/value/kernel float32[8, 2, 4]\nparams/value/bias float32[2, 4]\nparams/query_ln/scale float32[4]\nparams/key_ln/scale float32[4]\n"
          "params/out/kernel float32[2, 4, 8]\nparams/out/bias float32[8]\n");
  }

  TEST_CASE("parameters of a symbolic size need no number while nothing is run") {
    CHECK(variables_of("Dense: {features: 3}", "float32[b, n]") == "params/kernel float32[n, 3]\nparams/bias float32[3]\n");
    CHECK(variables_of("Dense: {features: 3, kernel_init: orthogonal()}", "float32[b, n]") ==
          "params/kernel float32[n, 3]\nparams/bias float32[3]\n");
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
