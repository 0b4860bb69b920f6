#pragma once

// A plan with a step of every op, and plan files around plans.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/plan/checksum.h"
#include "runtime/plan/file_layout.h"
#include "runtime/plan/plan_file.h"
#include "runtime/plan/read.h"
#include "runtime/plan/write.h"

namespace linenc::test {

class Gallery {
 public:
  Gallery() {
    plan_.origins = {{}, {"Dense_0", "model.yaml", 7, 3}};
    std::vector<std::byte> constants(kAlignment);
    constants[0] = std::byte{1};
    plan_.constants = Bytes(std::move(constants));
  }
  std::uint32_t input(DType dtype, Shape shape) {
    const auto id = static_cast<std::uint32_t>(main_.values.size());
    main_.values.push_back({dtype, std::move(shape), Space::Input, main_.inputs.size()});
    main_.inputs.push_back({"x" + std::to_string(main_.inputs.size()), id});
    return id;
  }
  std::uint32_t floats(Shape shape) { return input(DType::Float32, std::move(shape)); }
  void step(OpKind op, Attributes attributes, std::vector<std::uint32_t> inputs, const std::vector<ArrayFact>& results) {
    const auto now = static_cast<std::uint32_t>(main_.steps.size());
    std::vector<std::uint32_t> outputs;
    for (const ArrayFact& fact : results) {
      outputs.push_back(static_cast<std::uint32_t>(main_.values.size()));
      main_.values.push_back({fact.dtype, fact.shape, Space::Output, main_.outputs.size(), now, now});
      main_.outputs.push_back({"y" + std::to_string(main_.outputs.size()), outputs.back()});
    }
    main_.steps.push_back({op, std::move(attributes), std::move(inputs), std::move(outputs), now % 2});
    main_.callee_frames.push_back(0);
  }
  // A call of x -> exp(-x) through an arena.
  void call() {
    Program callee;
    callee.name = "callee";
    const Shape shape = {2, 3};
    callee.values = {{DType::Float32, shape, Space::Input, 0},
                     {DType::Float32, shape, Space::Arena, 64, 0, 1},
                     {DType::Float32, {}, Space::Constant, 0},
                     {DType::Float32, shape, Space::Output, 0, 1, 1}};
    callee.inputs = {{"x", 0}};
    callee.outputs = {{"y", 3}};
    callee.steps = {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Add}, {0, 2}, {1}, 0},
                    {OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Exp}, {1}, {3}, 1}};
    callee.callee_frames = {0, 0};
    callee.arena_bytes = 128;
    plan_.programs.push_back(callee);
    step(OpKind::Call, CallAttributes{0, true}, {floats({2, 3})}, {{DType::Float32, {2, 3}}});
    main_.callee_frames.back() = 64;
    main_.arena_bytes = 192;
  }
  // Three times the same program, from the last row of the operand to the first.
  void loop() {
    Program callee;
    callee.name = "step";
    const Shape shape = {3};
    callee.values = {{DType::Float32, shape, Space::Input, 0},
                     {DType::Float32, shape, Space::Input, 1},
                     {DType::Float32, shape, Space::Output, 0, 0, 1},
                     {DType::Float32, shape, Space::Output, 1, 1, 1}};
    callee.inputs = {{"c", 0}, {"x", 1}};
    callee.outputs = {{"c", 2}, {"y", 3}};
    callee.steps = {{OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Add}, {0, 1}, {2}, 0},
                    {OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Negate}, {2}, {3}, 1}};
    callee.callee_frames = {0, 0};
    plan_.programs.push_back(callee);
    const auto number = static_cast<std::uint32_t>(plan_.programs.size() - 1);
    step(OpKind::Loop, LoopAttributes<std::int64_t>{number, 3, 1, 1, true}, {floats({3}), floats({3, 3})},
         {{DType::Float32, {3}}, {DType::Float32, {3, 3}}, {DType::Float32, {3}}});
  }
  Plan take() {
    for (const Port& port : main_.outputs) main_.values[port.value].last_step = static_cast<std::uint32_t>(main_.steps.size()) - 1;
    main_.name = "apply";
    plan_.entry = static_cast<std::uint32_t>(plan_.programs.size());
    plan_.programs.push_back(std::move(main_));
    return std::move(plan_);
  }

 private:
  Plan plan_;
  Program main_;
};

inline void add_movements(Gallery& g) {
  using enum DType;
  const std::byte one{0x3F}, two{0x80};
  g.step(OpKind::Constant, ConstantAttributes<std::int64_t>{{std::byte{0}, std::byte{0}, two, one}, false, 0}, {}, {{Float32, {2, 3}}});
  g.step(OpKind::Constant, ConstantAttributes<std::int64_t>{{}, true, -5}, {}, {{Int32, {}}});
  g.step(OpKind::Iota, AxisAttributes{1}, {}, {{Int32, {2, 3}}});
  g.step(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::MulAdd}, {g.floats({2, 3}), g.floats({3}), g.floats({})}, {{Float32, {2, 3}}});
  g.step(OpKind::Convert, NoAttributes{}, {g.floats({3})}, {{BFloat16, {3}}});
  g.step(OpKind::Bitcast, NoAttributes{}, {g.floats({3})}, {{UInt32, {3}}});
  g.step(OpKind::Reshape, NoAttributes{}, {g.floats({2, 3})}, {{Float32, {3, 2}}});
  g.step(OpKind::Broadcast, NoAttributes{}, {g.floats({3})}, {{Float32, {2, 3}}});
  g.step(OpKind::Transpose, TransposeAttributes{{1, 0}}, {g.floats({2, 3})}, {{Float32, {3, 2}}});
  g.step(OpKind::Slice, SliceAttributes<std::int64_t>{{1, 0}, {1, 2}}, {g.floats({4, 5})}, {{Float32, {2, 3}}});
  g.step(OpKind::Reverse, ReverseAttributes{{1}}, {g.floats({2, 3})}, {{Float32, {2, 3}}});
  g.step(OpKind::Concatenate, AxisAttributes{1}, {g.floats({2, 3}), g.floats({2, 2})}, {{Float32, {2, 5}}});
  g.step(OpKind::Pad, PadAttributes<std::int64_t>{{1, 0}, {0, -1}, {1, 0}}, {g.floats({2, 3}), g.floats({})}, {{Float32, {4, 2}}});
  g.step(OpKind::Gather, GatherAttributes{1, 1, GatherMode::Clip}, {g.floats({2, 5}), g.input(Int32, {2, 3})}, {{Float32, {2, 3}}});
  g.step(OpKind::Scatter, ScatterAttributes{ScatterKind::Add, 0, 0, GatherMode::Promise}, {g.floats({4, 2}), g.input(Int32, {3}), g.floats({3, 2})},
         {{Float32, {4, 2}}});
  g.step(OpKind::DynamicSlice, NoAttributes{}, {g.floats({4, 5}), g.input(Int32, {}), g.input(Int32, {})}, {{Float32, {2, 3}}});
  g.step(OpKind::DynamicUpdateSlice, NoAttributes{}, {g.floats({4, 5}), g.floats({2, 3}), g.input(Int32, {}), g.input(Int32, {})},
         {{Float32, {4, 5}}});
}

inline void add_arithmetic(Gallery& g) {
  using enum DType;
  g.step(OpKind::Reduce, ReduceAttributes{ReduceKind::Max, {0}, true}, {g.floats({2, 3})}, {{Float32, {1, 3}}});
  g.step(OpKind::ArgReduce, ArgReduceAttributes{false, 1, true}, {g.floats({2, 3})}, {{Int32, {2, 1}}});
  g.step(OpKind::Cumulative, CumulativeAttributes{CumulativeKind::LogSumExp, 1, true}, {g.floats({2, 3})}, {{Float32, {2, 3}}});
  g.step(OpKind::Sort, SortAttributes{1, true}, {g.floats({2, 3}), g.input(Int32, {2, 3})}, {{Float32, {2, 3}}, {Int32, {2, 3}}});
  g.step(OpKind::TopK, TopKAttributes<std::int64_t>{2}, {g.floats({2, 3})}, {{Float32, {2, 2}}, {Int32, {2, 2}}});
  g.step(OpKind::Orthogonalize, NoAttributes{}, {g.floats({4, 2})}, {{Float32, {4, 2}}});
  g.step(OpKind::DotGeneral, DotAttributes{{0}, {0}, {2}, {1}, Activation::Tanh}, {g.floats({2, 3, 4}), g.floats({2, 4, 5}), g.floats({5})},
         {{Float32, {2, 3, 5}}});
  g.step(OpKind::DotGeneral, DotAttributes{{}, {}, {0}, {0}, Activation::None}, {g.input(Int32, {3, 2}), g.input(Int32, {3, 2})}, {{Int32, {2, 2}}});
  g.step(OpKind::Convolution, ConvolutionAttributes<std::int64_t>{{2, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 2}, 2, 1, Activation::Relu},
         {g.floats({1, 5, 5, 2}), g.floats({3, 3, 1, 4}), g.floats({4})}, {{Float32, {1, 3, 3, 4}}});
  g.step(OpKind::Convolution, ConvolutionAttributes<std::int64_t>{{1}, {-1}, {2}, {2}, {1}, 1, 1, Activation::None},
         {g.floats({2, 4, 3}), g.floats({3, 3, 2})}, {{Float32, {2, 6, 2}}});
  g.step(OpKind::ReduceWindow, WindowAttributes<std::int64_t>{WindowKind::Sum, {1, 2}, {1, 2}, {1, 1}, {0, 1}, {0, 0}}, {g.floats({2, 3})},
         {{Float32, {2, 2}}});
  g.step(OpKind::Softmax, NoAttributes{}, {g.floats({2, 3})}, {{Float32, {2, 3}}});
  g.step(OpKind::Normalize, NormalizeAttributes{1e-5, false, false}, {g.floats({2, 3}), g.floats({3}), g.floats({3})}, {{Float32, {2, 3}}});
  g.step(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Select}, {g.input(Bool, {3}), g.floats({2, 3}), g.floats({2, 1})},
         {{Float32, {2, 3}}});
}

inline void add_draws(Gallery& g) {
  using enum DType;
  g.step(OpKind::KeySeed, NoAttributes{}, {g.input(Int32, {})}, {{Key, {}}});
  g.step(OpKind::KeyDerive, KeyDeriveAttributes{7}, {g.input(Key, {})}, {{Key, {}}});
  g.step(OpKind::KeyFold, NoAttributes{}, {g.input(Key, {}), g.input(UInt32, {3})}, {{Key, {3}}});
  g.step(OpKind::KeySplit, NoAttributes{}, {g.input(Key, {})}, {{Key, {2}}});
  g.step(OpKind::KeyData, NoAttributes{}, {g.input(Key, {})}, {{UInt32, {2}}});
  g.step(OpKind::KeyWrap, NoAttributes{}, {g.input(UInt32, {2})}, {{Key, {}}});
  g.step(OpKind::Draw, DrawAttributes{DrawKind::Normal, -1, 2, 0.5, true, true}, {g.input(Key, {2})}, {{Float32, {2, 3}}});
  g.step(OpKind::RandomInt, NoAttributes{}, {g.input(Key, {}), g.input(Int32, {}), g.input(Int32, {})}, {{Int32, {3}}});
}

// One program that calls another; every op occurs.
inline Plan plan_with_every_op() {
  Gallery g;
  add_movements(g);
  add_arithmetic(g);
  add_draws(g);
  g.call();
  g.loop();
  return g.take();
}

// A file whose plan has arguments and results alone.
inline PlanFile file_of(Plan plan) {
  PlanFile file;
  file.model = "gallery";
  file.model_digest = "00ff";
  file.method = "encode";
  file.sizes = {{"batch", 2}};
  file.fixed = {{"train", "false"}};
  const Program& entry = plan.programs[plan.entry];
  for (const Port& port : entry.inputs) {
    const PlanValue& value = entry.values[port.value];
    file.inputs.push_back({port.name, "float32[batch]", {value.dtype, value.shape}, true, false});
    file.executable.input_roles.push_back(PortRole::Argument);
  }
  file.inputs.push_back({"mask", "bool[batch] | none", {DType::Bool, {2}}, false, true});
  file.executable.output_roles.assign(entry.outputs.size(), PortRole::Argument);
  file.executable.plan = std::move(plan);
  return file;
}

inline std::string bytes_of(const PlanFile& file) {
  std::string bytes;
  runtime::Threads threads(2);
  const auto done =
      write_plan(file, threads, [&](std::span<const std::byte> piece) { bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size()); });
  if (!done) return "refused: " + done.error().text;
  return bytes;
}

// As if the file was mapped.
inline runtime::Result<PlanFile> read_back(const std::string& bytes) {
  const auto storage = std::make_shared<Array>(DType::UInt8, Shape{static_cast<std::int64_t>(bytes.size())});
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(storage->data()));
  runtime::Threads threads(1);
  return read_plan({std::as_const(*storage).data(), bytes.size()}, storage, threads);
}

// The checksum of the head, made to fit again.
inline std::string repaired(std::string bytes) {
  std::uint64_t head_bytes = 0;
  std::memcpy(&head_bytes, bytes.data() + 32, 8);
  const std::size_t head_end = plan_file::kHeaderBytes + head_bytes;
  if (head_bytes > bytes.size() - plan_file::kHeaderBytes) return bytes;
  const std::size_t end = head_end == bytes.size()
                              ? head_end
                              : std::min<std::size_t>(bytes.size(), (head_end + plan_file::kPage - 1) / plan_file::kPage * plan_file::kPage);
  const auto all = std::as_bytes(std::span(bytes));
  const std::uint64_t sum = checksum(all.subspan(64, end - 64), checksum(all.first(56)));
  std::memcpy(bytes.data() + 56, &sum, 8);
  return bytes;
}
}  // namespace linenc::test
