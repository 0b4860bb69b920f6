// Every layer against what Flax gave for it: initial values to the last bit, outputs within rounding.
#include "tests/support/golden_cases.h"

namespace linenc::test {

TEST_SUITE("compiler/layers") {
#define LINENC_GOLDENS(layer, file) \
  TEST_CASE(layer ": initial values and outputs are Flax's") { check_goldens("layers/" file ".json"); }

  LINENC_GOLDENS("Dense", "dense")
  LINENC_GOLDENS("DenseGeneral", "dense_general")
  LINENC_GOLDENS("Conv", "conv")
  LINENC_GOLDENS("ConvTranspose", "conv_transpose")
  LINENC_GOLDENS("BatchNorm", "batch_norm")
  LINENC_GOLDENS("LayerNorm", "layer_norm")
  LINENC_GOLDENS("RMSNorm", "rms_norm")
  LINENC_GOLDENS("GroupNorm", "group_norm")
  LINENC_GOLDENS("InstanceNorm", "instance_norm")
  LINENC_GOLDENS("Dropout", "dropout")
  LINENC_GOLDENS("Embed", "embed")
  LINENC_GOLDENS("MultiHeadDotProductAttention", "attention")
  LINENC_GOLDENS("SelfAttention", "self_attention")
  LINENC_GOLDENS("parts replaced by functions and modules", "hooks")

}  // TEST_SUITE

}  // namespace linenc::test
