// Every layer over the values of all its fields, over shapes, dtypes and calls: tests/flax/make_layer_cross_goldens.py.
#include "tests/support/golden_cases.h"

namespace linenc::test {

TEST_SUITE("compiler/layers/cross") {
#define LINENC_GOLDENS(layer, file) \
  TEST_CASE(layer ": every pair of values of its fields, every shape, every triple of dtypes") { check_goldens("layers/cross_" file ".json"); }

  LINENC_GOLDENS("Dense", "dense")
  LINENC_GOLDENS("DenseGeneral", "dense_general")
  LINENC_GOLDENS("Einsum", "einsum")
  LINENC_GOLDENS("Conv", "conv")
  LINENC_GOLDENS("Conv of three axes", "conv_3d")
  LINENC_GOLDENS("ConvTranspose", "conv_transpose")
  LINENC_GOLDENS("Embed", "embed")
  LINENC_GOLDENS("BatchNorm in training", "batch_norm_training")
  LINENC_GOLDENS("BatchNorm in evaluation", "batch_norm_evaluation")
  LINENC_GOLDENS("LayerNorm", "layer_norm")
  LINENC_GOLDENS("RMSNorm", "rmsnorm")
  LINENC_GOLDENS("GroupNorm", "group_norm")
  LINENC_GOLDENS("InstanceNorm", "instance_norm")
  LINENC_GOLDENS("Dropout", "dropout")
  LINENC_GOLDENS("MultiHeadDotProductAttention", "multi_head_dot_product_attention")
  LINENC_GOLDENS("MultiHeadAttention", "multi_head_attention")
  LINENC_GOLDENS("SelfAttention", "self_attention")
  LINENC_GOLDENS("PReLU", "prelu")
  LINENC_GOLDENS("Sequential", "sequential")
  LINENC_GOLDENS("max_pool", "max_pool")
  LINENC_GOLDENS("avg_pool", "avg_pool")
  LINENC_GOLDENS("min_pool", "min_pool")

}  // TEST_SUITE

}  // namespace linenc::test
