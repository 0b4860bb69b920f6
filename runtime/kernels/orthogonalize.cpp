// Orthogonalize: the columns of each matrix made orthonormal, one after another, as the Q of a QR decomposition whose R has a
// positive diagonal (modified Gram-Schmidt):
//
//   v = x[:, j] - sum over i < j of (q_i . v) q_i,   q_j = v / |v|
//
//   x [..., rows, columns], rows >= columns    out [..., rows, columns]
//
// In double precision, because float32 loses what LAPACK's reflections keep. A column that depends on those before it is 0.
// Tested by tests/runtime/kernels/orthogonalize_test.cpp.
#include <Eigen/Core>
#include <cmath>

#include "runtime/kernels/kernels.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"

namespace linenc::runtime {
namespace {

// `columns` rows of `rows` numbers: the transposed matrix, so that a column lies in one piece.
void orthogonalize(double* matrix, std::int64_t rows, std::int64_t columns) {
  using Vector = Eigen::Map<Eigen::VectorXd>;
  for (std::int64_t j = 0; j < columns; ++j) {
    Vector v(matrix + j * rows, rows);
    const double before = v.squaredNorm();
    for (std::int64_t i = 0; i < j; ++i) {
      const Vector q(matrix + i * rows, rows);
      v -= q.dot(v) * q;
    }
    const double left = v.squaredNorm();
    // What is left of a dependent column is rounding alone.
    v *= left > before * 1e-28 ? 1 / std::sqrt(left) : 0;
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
