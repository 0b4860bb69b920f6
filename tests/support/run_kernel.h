#pragma once

// Runs one step on arrays: with every instruction set, with one, two and three threads.

#include <doctest/doctest.h>

#include "runtime/core/array.h"
#include "runtime/kernels/kernel.h"
#include "runtime/kernels/vector/vector_table.h"
#include "runtime/plan/verify_rules.h"
#include "tests/support/all_close.h"
#include "tests/support/random_array.h"

namespace linenc::test {

struct FactOf {
  DType dtype;
  Shape shape;
};

struct OneStep {
  OpKind op;
  Attributes attributes;
};

inline Array aligned_scratch(std::size_t bytes) { return Array(DType::UInt8, {static_cast<std::int64_t>(bytes)}); }

inline std::vector<Array> run_step(const OneStep& step, const std::vector<Array>& inputs, const std::vector<FactOf>& results,
                                   runtime::Threads& threads) {
  std::vector<Array> outputs;
  for (const FactOf& result : results) outputs.emplace_back(result.dtype, result.shape);
  std::vector<runtime::ConstView> in;
  std::vector<runtime::View> out;
  for (const Array& array : inputs) in.push_back({array.data(), array.dtype(), array.shape()});
  for (Array& array : outputs) {
    std::fill(array.data(), array.data() + array.bytes(), std::byte{0xA5});  // every element must be written
    out.push_back({array.data(), array.dtype(), array.shape()});
  }
  const std::size_t bytes = runtime::scratch_bytes(step.op, step.attributes, in, out, threads.count());
  Array scratch = aligned_scratch(bytes);
  runtime::kernel_of(step.op)({in, out, step.attributes, {scratch.data(), bytes}, threads});
  return outputs;
}

// Some problem of the step, as verify() would say.
inline std::string problem_of(const OneStep& step, const std::vector<Array>& inputs, const std::vector<FactOf>& results) {
  Step plan_step{step.op, step.attributes, {}, {}, 0};
  std::vector<PlanValue> values;
  for (const Array& array : inputs) values.push_back({array.dtype(), array.shape(), Space::Arena, 0, 0, 0});
  for (const FactOf& result : results) values.push_back({result.dtype, result.shape, Space::Arena, 0, 0, 0});
  StepFacts facts{plan_step, {}, {}};
  for (std::size_t i = 0; i < values.size(); ++i) (i < inputs.size() ? facts.inputs : facts.outputs).push_back(&values[i]);
  return step_problem(facts).value_or("");
}

inline runtime::Threads& threads_of(int count) {
  static runtime::Threads one(1), two(2), three(3);
  return count == 1 ? one : count == 2 ? two : three;
}

// Calls check(results) once for each instruction set; the bits must not depend on the number of threads.
template <class Check>
void for_every_machine(const OneStep& step, const std::vector<Array>& inputs, const std::vector<FactOf>& results, const Check& check) {
  REQUIRE(problem_of(step, inputs, results) == "");
  const runtime::VectorTables tables = runtime::usable_vector_tables();
  for (std::size_t t = 0; t < tables.count; ++t) {
    runtime::use_vectors(*tables.tables[t]);
    const std::string instruction_set = tables.tables[t]->name;
    CAPTURE(instruction_set);
    const std::vector<Array> one = run_step(step, inputs, results, threads_of(1));
    for (const int threads : {2, 3}) {
      CAPTURE(threads);
      const std::vector<Array> more = run_step(step, inputs, results, threads_of(threads));
      for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i].same_bits(more[i]));
    }
    check(one);
  }
}

// The result of a step with one result is close to the reference.
inline void check_step(const OneStep& step, const std::vector<Array>& inputs, const FactOf& result, const reference::Tensor& wanted) {
  for_every_machine(step, inputs, {result}, [&](const std::vector<Array>& found) { CHECK(difference(found[0], wanted, accuracy(step.op)) == ""); });
}

}  // namespace linenc::test
