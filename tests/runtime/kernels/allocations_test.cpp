// Kernels take no memory of their own: operator new counts in this program.
#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/support/run_kernel.h"

namespace {
std::atomic<long> allocations{0};
}

// Not inlined: the compiler would see malloc and free on the two sides of a new.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace linenc::test {
namespace {

struct Row {
  OneStep step;
  std::vector<Array> inputs;
  std::vector<FactOf> results;
};

std::vector<Row> rows() {
  const Array image = random_array(DType::Float32, {2, 20, 20, 8}, 1), matrix = random_array(DType::Float32, {200, 300}, 2),
              row = random_array(DType::Float32, {300}, 3);
  ConvolutionAttributes<std::int64_t> c;
  c.strides = {1, 1}, c.low = {1, 1}, c.high = {1, 1}, c.input_dilation = {1, 1}, c.kernel_dilation = {1, 1};
  ConvolutionAttributes<std::int64_t> depthwise = c;
  depthwise.groups = 8;
  const WindowAttributes<std::int64_t> w{WindowKind::Sum, {1, 2, 2, 1}, {1, 2, 2, 1}, {1, 1, 1, 1}, {0, 0, 0, 0}, {0, 0, 0, 0}};
  return {
      {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Add}}, {matrix, row}, {{DType::Float32, {200, 300}}}},
      {{OpKind::Transpose, TransposeAttributes{{1, 0}}}, {matrix}, {{DType::Float32, {300, 200}}}},
      {{OpKind::Pad, PadAttributes<std::int64_t>{{1, 1}, {1, 1}, {0, 0}}}, {matrix, floats({}, {0})}, {{DType::Float32, {202, 302}}}},
      {{OpKind::Reduce, ReduceAttributes{ReduceKind::Sum, {0}, false}}, {matrix}, {{DType::Float32, {300}}}},
      {{OpKind::DotGeneral, DotAttributes{{}, {}, {1}, {1}, Activation::Relu}},
       {matrix, random_array(DType::Float32, {70, 300}, 4)},
       {{DType::Float32, {200, 70}}}},
      {{OpKind::DotGeneral, DotAttributes{{}, {}, {1}, {1}, Activation::Relu}},
       {converted(matrix, DType::BFloat16), random_array(DType::BFloat16, {70, 300}, 4)},
       {{DType::BFloat16, {200, 70}}}},
      {{OpKind::Convolution, c}, {image, random_array(DType::Float32, {3, 3, 8, 20}, 5)}, {{DType::Float32, {2, 20, 20, 20}}}},
      {{OpKind::Convolution, depthwise}, {image, random_array(DType::Float32, {3, 3, 1, 8}, 5)}, {{DType::Float32, {2, 20, 20, 8}}}},
      {{OpKind::ReduceWindow, w}, {image}, {{DType::Float32, {2, 10, 10, 8}}}},
      {{OpKind::Gather, GatherAttributes{0, 0, GatherMode::Clip}}, {matrix, ints({3}, {1, 2, 3})}, {{DType::Float32, {3, 300}}}},
      {{OpKind::Sort, SortAttributes{1, false}}, {matrix}, {{DType::Float32, {200, 300}}}},
      {{OpKind::TopK, TopKAttributes<std::int64_t>{5}}, {matrix}, {{DType::Float32, {200, 5}}, {DType::Int32, {200, 5}}}},
      {{OpKind::Cumulative, CumulativeAttributes{CumulativeKind::Sum, 1, false}}, {matrix}, {{DType::Float32, {200, 300}}}},
      {{OpKind::Softmax, {}}, {matrix}, {{DType::Float32, {200, 300}}}},
      {{OpKind::Normalize, NormalizeAttributes{}}, {matrix, row, row}, {{DType::Float32, {200, 300}}}},
  };
}

TEST_SUITE("runtime/kernels") {
  TEST_CASE("a kernel takes no memory") {
    for (const Row& row : rows()) {
      CAPTURE(name(row.step.op));
      std::vector<Array> outputs;
      for (const FactOf& result : row.results) outputs.emplace_back(result.dtype, result.shape);
      std::vector<runtime::ConstView> in;
      std::vector<runtime::View> out;
      for (const Array& array : row.inputs) in.push_back({array.data(), array.dtype(), array.shape()});
      for (Array& array : outputs) out.push_back({array.data(), array.dtype(), array.shape()});
      runtime::Threads& threads = threads_of(2);
      const std::size_t bytes = runtime::scratch_bytes(row.step.op, row.step.attributes, in, out, threads.count());
      Array scratch = aligned_scratch(bytes);
      const runtime::KernelCall call{in, out, row.step.attributes, {scratch.data(), bytes}, threads};
      const long before = allocations;
      runtime::kernel_of(row.step.op)(call);
      CHECK(allocations == before);
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
