// Softmax   out[r, i] = exp(x[r, i] - max x[r]) / sum_j exp(x[r, j] - max x[r])
// Normalize out[r, i] = (x[r, i] - mean) * (rsqrt(variance + epsilon) * scale[i]) + bias[i]
//
//   x, out [rows..., width]      scale, bias [width]; with two operands the second is the scale
//   mean and variance of row r; without use_mean, 0 and the mean of squares
//
// Tested by tests/runtime/kernels/normalize_test.cpp.
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/vector/vector_table.h"

namespace linenc::runtime {

void run_softmax(const KernelCall& call) {
  const Shape& shape = call.inputs[0].shape;
  const std::int64_t count = element_count(shape);
  if (count == 0) return;
  const std::int64_t width = shape.back();
  const float* x = call.inputs[0].as<float>();
  float* out = call.outputs[0].as<float>();
  parallel(call.threads, count / width, rows_grain(4 * width), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t row = begin; row < end; ++row) vectors().softmax_row(x + row * width, width, out + row * width);
  });
}

void run_normalize(const KernelCall& call) {
  const auto& attributes = std::get<NormalizeAttributes>(call.attributes);
  const Shape& shape = call.inputs[0].shape;
  const std::int64_t count = element_count(shape);
  if (count == 0) return;
  const std::int64_t width = shape.back();
  const float* x = call.inputs[0].as<float>();
  float* out = call.outputs[0].as<float>();
  NormalizeRow row;
  row.scale = call.inputs.size() > 1 ? call.inputs[1].as<float>() : nullptr;
  row.bias = call.inputs.size() > 2 ? call.inputs[2].as<float>() : nullptr;
  row.epsilon = static_cast<float>(attributes.epsilon);
  row.fast_variance = attributes.fast_variance;
  row.use_mean = attributes.use_mean;
  parallel(call.threads, count / width, rows_grain(2 * width), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t r = begin; r < end; ++r) vectors().normalize_row(row, x + r * width, width, out + r * width);
  });
}

}  // namespace linenc::runtime
