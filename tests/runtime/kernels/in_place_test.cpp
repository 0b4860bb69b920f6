#include "runtime/plan/in_place.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

struct Row {
  OneStep step;
  std::vector<Array> inputs;
  FactOf result;
};

std::vector<Row> rows() {
  const Shape shape = {40, 70};
  const Array x = random_array(DType::Float32, shape, 1), other = random_array(DType::Float32, {70}, 2);
  const Array half = converted(x, DType::BFloat16), whole = random_array(DType::Int32, shape, 3, -9, 9), keys = random_array(DType::Key, {50}, 4);
  const Array indices = ints({3}, {5, 39, 5}), at = ints({}, {3});
  return {
      {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Tanh}}, {x}, {DType::Float32, shape}},
      {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Add}}, {x, other}, {DType::Float32, shape}},
      {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Subtract}}, {other, x}, {DType::Float32, shape}},
      {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Silu}}, {half}, {DType::BFloat16, shape}},
      {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Multiply}}, {whole, whole}, {DType::Int32, shape}},
      {{OpKind::Convert, {}}, {x}, {DType::Int32, shape}},
      {{OpKind::Convert, {}}, {half}, {DType::Float16, shape}},
      {{OpKind::Bitcast, {}}, {x}, {DType::UInt32, shape}},
      {{OpKind::Reshape, {}}, {x}, {DType::Float32, {70, 40}}},
      {{OpKind::KeyDerive, KeyDeriveAttributes{3}}, {keys}, {DType::Key, {50}}},
      {{OpKind::KeyFold, {}}, {keys, array_of<std::uint32_t>(DType::UInt32, {}, {9})}, {DType::Key, {50}}},
      {{OpKind::KeyData, {}}, {keys}, {DType::UInt32, {50, 2}}},
      {{OpKind::DynamicUpdateSlice, {}}, {x, random_array(DType::Float32, {4, 5}, 5), at, at}, {DType::Float32, shape}},
      {{OpKind::Scatter, ScatterAttributes{ScatterKind::Add, 0, 0, GatherMode::Fill}},
       {x, indices, random_array(DType::Float32, {3, 70}, 6)},
       {DType::Float32, shape}},
      {{OpKind::Softmax, {}}, {x}, {DType::Float32, shape}},
      {{OpKind::Softmax, {}}, {half}, {DType::BFloat16, shape}},
      {{OpKind::Normalize, NormalizeAttributes{}}, {x, other, other}, {DType::Float32, shape}},
      {{OpKind::Cumulative, CumulativeAttributes{CumulativeKind::Sum, 0, true}}, {x}, {DType::Float32, shape}},
  };
}

// The step with its result written over operand `operand`.
Array run_over(const Row& row, std::size_t operand, runtime::Threads& threads) {
  std::vector<Array> inputs = row.inputs;
  std::vector<runtime::ConstView> in;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    // One value may be both operands.
    const bool same = i != operand && inputs[i].same_bits(inputs[operand]) && row.step.op == OpKind::Elementwise;
    const Array& array = same ? inputs[operand] : inputs[i];
    in.push_back({array.data(), array.dtype(), array.shape()});
  }
  const std::vector<runtime::View> out = {{inputs[operand].data(), row.result.dtype, row.result.shape}};
  const std::size_t bytes = runtime::scratch_bytes(row.step.op, row.step.attributes, in, out, threads.count());
  Array scratch = aligned_scratch(bytes);
  runtime::kernel_of(row.step.op)({in, out, row.step.attributes, {scratch.data(), bytes}, threads});
  Array result(row.result.dtype, row.result.shape);
  std::copy(inputs[operand].data(), inputs[operand].data() + result.bytes(), result.data());
  return result;
}

TEST_SUITE("runtime/plan/in_place") {
  TEST_CASE("a step that may run in place gives the same bits there") {
    for (const Row& row : rows()) {
      CAPTURE(name(row.step.op));
      bool any = false;
      for (std::size_t i = 0; i < row.inputs.size(); ++i) {
        const PlanValue input{row.inputs[i].dtype(), row.inputs[i].shape(), Space::Arena, 0, 0, 0},
            output{row.result.dtype, row.result.shape, Space::Arena, 0, 0, 0};
        if (!may_run_in_place(row.step.op, i, input, output)) continue;
        any = true;
        for (const int threads : {1, 2})
          CHECK(run_over(row, i, threads_of(threads)).same_bits(run_step(row.step, row.inputs, {row.result}, threads_of(1))[0]));
      }
      CHECK(any);
    }
  }

  TEST_CASE("a step does not run over an operand of another size, or one that it reads again") {
    const PlanValue row{DType::Float32, {70}, Space::Arena, 0, 0, 0}, square{DType::Float32, {70, 70}, Space::Arena, 0, 0, 0},
        flags{DType::Bool, {70, 70}, Space::Arena, 0, 0, 0};
    CHECK(!may_run_in_place(OpKind::Elementwise, 0, row, square));
    CHECK(!may_run_in_place(OpKind::Elementwise, 0, square, flags));
    CHECK(!may_run_in_place(OpKind::DotGeneral, 0, square, square));
    CHECK(!may_run_in_place(OpKind::DotGeneral, 2, square, square));
    CHECK(!may_run_in_place(OpKind::Transpose, 0, square, square));
    CHECK(!may_run_in_place(OpKind::Call, 0, square, square));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
