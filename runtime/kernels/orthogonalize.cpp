// Orthogonalize: the columns of each matrix made orthonormal, one after another, as the Q of a QR decomposition whose R has a
// positive diagonal (modified Gram-Schmidt):
//
//   v = x[:, j] - sum over i < j of (q_i . v) q_i,   q_j = v / |v|
//
//   x [..., rows, columns], rows >= columns    out [..., rows, columns]
//
// In double precision, because float32 loses what LAPACK's reflections keep. A column that depends on those before it is 0.
// Tested by tests/runtime/kernels/orthogonalize_test.cpp.
#include <array>
#include <cmath>

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"

namespace linenc::runtime {
namespace {

double product(const double* a, const double* b, std::int64_t size) {
  // Four sums that do not wait for each other.
  std::array<double, 4> sums{};
  std::int64_t i = 0;
  for (; i + 4 <= size; i += 4) {
    for (std::size_t lane = 0; lane < 4; ++lane) sums[lane] += a[i + static_cast<std::int64_t>(lane)] * b[i + static_cast<std::int64_t>(lane)];
  }
  for (; i < size; ++i) sums[0] += a[i] * b[i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

// `columns` rows of `rows` numbers: the transposed matrix, so that a column lies in one piece.
void orthogonalize(double* matrix, std::int64_t rows, std::int64_t columns) {
  for (std::int64_t j = 0; j < columns; ++j) {
    double* v = matrix + j * rows;
    const double before = product(v, v, rows);
    for (std::int64_t i = 0; i < j; ++i) {
      const double* q = matrix + i * rows;
      const double along = product(q, v, rows);
      for (std::int64_t k = 0; k < rows; ++k) v[k] -= along * q[k];
    }
    const double left = product(v, v, rows);
    // What is left of a dependent column is rounding alone.
    const double factor = left > before * 1e-28 ? 1 / std::sqrt(left) : 0;
    for (std::int64_t k = 0; k < rows; ++k) v[k] *= factor;
  }
}

}  // namespace

void run_orthogonalize(const KernelCall& call) {
  const Shape& shape = call.inputs[0].shape;
  const std::int64_t columns = shape[shape.size() - 1], rows = shape[shape.size() - 2], size = rows * columns;
  if (element_count(shape) == 0) return;
  double* const memory = reinterpret_cast<double*>(call.scratch.data());
  const std::int64_t room = static_cast<std::int64_t>(aligned(static_cast<std::size_t>(size) * sizeof(double)) / sizeof(double));
  parallel_slots(call.threads, element_count(shape) / size, [&](std::int64_t slot, std::int64_t item) {
    const float* x = call.inputs[0].as<float>() + item * size;
    float* out = call.outputs[0].as<float>() + item * size;
    double* matrix = memory + slot * room;
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < columns; ++j) matrix[j * rows + i] = static_cast<double>(x[i * columns + j]);
    }
    orthogonalize(matrix, rows, columns);
    for (std::int64_t i = 0; i < rows; ++i) {
      for (std::int64_t j = 0; j < columns; ++j) out[i * columns + j] = static_cast<float>(matrix[j * rows + i]);
    }
  });
}

std::size_t orthogonalize_scratch(const ScratchRequest& request) {
  const Shape& shape = request.inputs[0].shape;
  const std::int64_t size = shape[shape.size() - 1] * shape[shape.size() - 2];
  return aligned(static_cast<std::size_t>(size) * sizeof(double)) * static_cast<std::size_t>(request.threads);
}

}  // namespace linenc::runtime
