// Every rule against the region run for each element of the batch alone, for every choice of batched inputs.
#include "compiler/vectorize/vectorize.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <functional>
#include <random>

#include "compiler/diagnostics/concat.h"
#include "compiler/graph/ops.h"
#include "compiler/graph/print_graph.h"
#include "compiler/graph/rewrite.h"
#include "compiler/graph/verify.h"
#include "compiler/lower/lower.h"
#include "runtime/executor/executor.h"

namespace linenc::vectorize {
namespace {

using namespace graph;

constexpr std::int64_t kBatch = 3;

struct Bench {
  Graph graph;
  diagnostics::Diagnostics diagnostics;
  Origins origins;
  DimContext dims;
  source::SourceSet sources;
  Builder builder{graph, diagnostics, origins, dims};
};

using Body = std::function<std::vector<Tensor>(Builder&, const std::vector<Tensor>&)>;

// Inputs of the mapped function, and what it computes.
struct Case {
  const char* name;
  std::vector<Fact> inputs;
  Body body;
};

Fact f32(Dims shape) { return {DType::Float32, std::move(shape), false, {}}; }
Fact i32(Dims shape) { return {DType::Int32, std::move(shape), false, {}}; }
Fact of(DType dtype, Dims shape = {}) { return {dtype, std::move(shape), false, {}}; }

void build_region(Bench& region, const Case& test) {
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < test.inputs.size(); ++i) {
    inputs.push_back({&region.graph, region.graph.add_input(test.inputs[i], PortRole::Argument, concat("in ", i))});
  }
  const std::vector<Tensor> outputs = test.body(region.builder, inputs);
  for (std::size_t i = 0; i < outputs.size(); ++i) region.graph.outputs.push_back({outputs[i].id, PortRole::Argument, concat("out ", i)});
}

// Which outputs are batched.
std::vector<bool> build_mapped(Bench& mapped, const Case& test, const Graph& region, unsigned pattern, const Dim& size) {
  std::vector<Batched> inputs;
  for (std::size_t i = 0; i < test.inputs.size(); ++i) {
    Fact fact = test.inputs[i];
    const bool batched = (pattern >> i & 1u) != 0;
    if (batched) fact.shape.insert(fact.shape.begin(), size);
    inputs.push_back({{&mapped.graph, mapped.graph.add_input(fact, PortRole::Argument, concat("in ", i))}, batched});
  }
  std::vector<bool> batched;
  const std::vector<Batched> outputs = vectorize(mapped.builder, region, inputs, size, /*map=*/7);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    mapped.graph.outputs.push_back({outputs[i].tensor.id, PortRole::Argument, concat("out ", i)});
    batched.push_back(outputs[i].batched);
  }
  return batched;
}

Array random_array(const Fact& fact, bool batched, std::mt19937& random) {
  Shape shape;
  if (batched) shape.push_back(kBatch);
  for (const Dim& dim : fact.shape) shape.push_back(*dim.constant());
  Array array(fact.dtype, shape);
  for (std::int64_t i = 0; i < array.size(); ++i) {
    switch (fact.dtype) {
      case DType::Float32: array.as<float>()[i] = std::uniform_real_distribution<float>(-2, 2)(random); break;
      case DType::Int32: array.as<std::int32_t>()[i] = std::uniform_int_distribution<int>(-2, 6)(random); break;
      case DType::Bool: array.as<std::uint8_t>()[i] = random() % 2; break;
      case DType::UInt32: array.as<std::uint32_t>()[i] = static_cast<std::uint32_t>(random()); break;
      case DType::Key: array.as<std::uint64_t>()[i] = random() * std::uint64_t{0x9E3779B97F4A7C15}; break;
      default: FAIL("no random numbers of this dtype");
    }
  }
  return array;
}

Array element(const Array& array, std::int64_t i) {
  Array slice(array.dtype(), Shape(array.shape().begin() + 1, array.shape().end()));
  std::memcpy(slice.data(), array.data() + static_cast<std::size_t>(i) * slice.bytes(), slice.bytes());
  return slice;
}

std::vector<Array> run(const Plan& plan, const std::vector<Array>& inputs) {
  REQUIRE(verify(plan) == std::vector<std::string>{});
  runtime::Threads threads(1);
  auto executor = runtime::Executor::make(plan, threads);
  REQUIRE(static_cast<bool>(executor));
  const Program& entry = plan.programs[plan.entry];
  std::vector<const Array*> pointers;
  for (const Array& input : inputs) pointers.push_back(&input);
  std::vector<Array> outputs;
  for (const linenc::Port& port : entry.outputs) outputs.emplace_back(entry.values[port.value].dtype, entry.values[port.value].shape);
  REQUIRE(static_cast<bool>((*executor)->run(pointers, outputs)));
  return outputs;
}

bool agree(const Array& a, const Array& b) {
  if (a.dtype() != b.dtype() || a.shape() != b.shape()) return false;
  if (a.dtype() != DType::Float32) return a.same_bits(b);
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const float x = a.as<float>()[i], y = b.as<float>()[i];
    if (std::isnan(x) != std::isnan(y) || std::abs(x - y) > 1e-5f + 1e-5f * std::abs(y)) return false;
  }
  return true;
}

void check_pattern(const Case& test, unsigned pattern, bool symbolic_too) {
  std::mt19937 random(pattern + 17);
  Bench region, mapped;
  build_region(region, test);
  const std::vector<bool> batched = build_mapped(mapped, test, region.graph, pattern, kBatch);
  CAPTURE(print(mapped.graph));
  REQUIRE(verify(mapped.graph, mapped.dims) == std::vector<std::string>{});
  std::vector<Array> inputs;
  for (std::size_t i = 0; i < test.inputs.size(); ++i) inputs.push_back(random_array(test.inputs[i], (pattern >> i & 1u) != 0, random));
  const std::vector<Array> results = run(lower::lower(mapped.graph, mapped.origins, mapped.sources), inputs);
  const Plan plan = lower::lower(region.graph, region.origins, region.sources);
  for (std::int64_t b = 0; b < kBatch; ++b) {
    std::vector<Array> one;
    for (std::size_t i = 0; i < inputs.size(); ++i) one.push_back((pattern >> i & 1u) != 0 ? element(inputs[i], b) : inputs[i]);
    const std::vector<Array> expected = run(plan, one);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(i);
      CHECK(agree(batched[i] ? element(results[i], b) : results[i], expected[i]));
    }
  }
  if (!symbolic_too) return;
  Bench symbolic;
  build_mapped(symbolic, test, region.graph, pattern, Dim::named("batch"));
  CHECK(verify(symbolic.graph, symbolic.dims) == std::vector<std::string>{});
}

void check(const std::vector<Case>& cases, bool symbolic_too = true) {
  for (const Case& test : cases) {
    CAPTURE(test.name);
    for (unsigned pattern = 0; pattern < 1u << test.inputs.size(); ++pattern) {
      CAPTURE(pattern);
      check_pattern(test, pattern, symbolic_too);
    }
  }
}

ConvolutionAttributes<Dim> convolution_attributes(std::vector<std::int64_t> strides, Dims low, Dims high, std::int64_t groups) {
  const std::vector<std::int64_t> ones(strides.size(), 1);
  return {std::move(strides), std::move(low), std::move(high), ones, ones, groups, 1, Activation::None};
}

}  // namespace

TEST_SUITE("compiler/vectorize/vectorize") {
  TEST_CASE("elementwise operands of different ranks are aligned behind the batch axis") {
    check({{"add", {f32({2, 3}), f32({3})}, [](Builder& b, const auto& in) { return std::vector{binary(b, ElementwiseKind::Add, in[0], in[1])}; }},
           {"scalar",
            {f32({}), f32({2, 2})},
            [](Builder& b, const auto& in) { return std::vector{binary(b, ElementwiseKind::Multiply, in[0], in[1])}; }},
           {"select",
            {of(DType::Bool, {3}), f32({}), f32({2, 1})},
            [](Builder& b, const auto& in) { return std::vector{select(b, in[0], in[1], in[2])}; }},
           {"clamp", {f32({}), f32({4}), f32({})}, [](Builder& b, const auto& in) { return std::vector{clamp(b, in[0], in[1], in[2])}; }},
           {"convert", {f32({4})}, [](Builder& b, const auto& in) { return std::vector{convert(b, in[0], DType::Int32)}; }},
           {"bits", {f32({4})}, [](Builder& b, const auto& in) {
              return std::vector{b.add(OpKind::Bitcast, NoAttributes{}, {in[0]}, {DType::Int32, std::nullopt})};
            }}});
  }

  TEST_CASE("ops that move elements keep the batch axis in front") {
    check({{"reshape",
            {f32({2, 6})},
            [](Builder& b, const auto& in) {
              return std::vector{reshape(b, in[0], {3, 4})};
            }},
           {"broadcast",
            {f32({2, 1})},
            [](Builder& b, const auto& in) {
              return std::vector{broadcast_to(b, in[0], {4, 2, 3})};
            }},
           {"transpose",
            {f32({2, 3, 4})},
            [](Builder& b, const auto& in) {
              return std::vector{transpose(b, in[0], {2, 0, 1})};
            }},
           {"slice",
            {f32({5, 4})},
            [](Builder& b, const auto& in) {
              return std::vector{slice(b, in[0], {1, 0}, {2, 4}, {2, 1})};
            }},
           {"reverse", {f32({2, 3})}, [](Builder& b, const auto& in) { return std::vector{reverse(b, in[0], {1})}; }},
           {"concatenate", {f32({2, 3}), f32({1, 3}), f32({2, 3})}, [](Builder& b, const auto& in) { return std::vector{concatenate(b, in, 0)}; }},
           {"pad",
            {f32({2, 3}), f32({})},
            [](Builder& b, const auto& in) {
              return std::vector{pad(b, in[0], in[1], {1, -1}, {0, 2}, {2, 0})};
            }},
           {"constant", {f32({3})}, [](Builder& b, const auto& in) {
              return std::vector{binary(b, ElementwiseKind::Add, in[0], full(b, 2, DType::Float32, {3})), iota(b, DType::Int32, {3}, 0)};
            }}});
  }

  TEST_CASE("gathers and scatters, with and without common axes") {
    const auto gather_case = [](std::int64_t axis, std::int64_t batch_dims, GatherMode mode) -> Body {
      return [=](Builder& b, const std::vector<Tensor>& in) { return std::vector{gather(b, in[0], in[1], axis, batch_dims, mode)}; };
    };
    const auto scatter_case = [](ScatterAttributes attributes) -> Body {
      return [=](Builder& b, const std::vector<Tensor>& in) { return std::vector{scatter(b, in[0], in[1], in[2], attributes)}; };
    };
    check({{"gather rows", {f32({5, 2}), i32({4})}, gather_case(0, 0, GatherMode::Fill)},
           {"gather columns", {f32({2, 5, 3}), i32({2, 2})}, gather_case(1, 0, GatherMode::Clip)},
           {"gather scalar", {f32({2, 5}), i32({})}, gather_case(1, 0, GatherMode::Clip)},
           {"gather along", {f32({2, 3, 5}), i32({2, 4})}, gather_case(2, 1, GatherMode::Fill)},
           {"scatter add", {f32({5, 2}), i32({4}), f32({4, 2})}, scatter_case({ScatterKind::Add, 0, 0, GatherMode::Fill})},
           {"scatter set", {f32({2, 5}), i32({3}), f32({2, 3})}, scatter_case({ScatterKind::Set, 1, 0, GatherMode::Clip})},
           {"scatter along", {f32({2, 5, 3}), i32({2, 4}), f32({2, 4, 3})}, scatter_case({ScatterKind::Max, 1, 1, GatherMode::Fill})}});
  }

  TEST_CASE("dynamic slices and updates clamp their starts, one for each element") {
    check({{"slice",
            {f32({5, 4}), i32({}), i32({})},
            [](Builder& b, const auto& in) {
              return std::vector{dynamic_slice(b, in[0], std::vector{in[1], in[2]}, {2, 3})};
            }},
           {"slice one axis",
            {f32({5, 4}), i32({}), i32({})},
            [](Builder& b, const auto& in) {
              return std::vector{dynamic_slice(b, in[0], std::vector{in[1], in[2]}, {5, 1})};
            }},
           {"update",
            {f32({5, 4}), f32({2, 3}), i32({}), i32({})},
            [](Builder& b, const auto& in) {
              return std::vector{dynamic_update_slice(b, in[0], in[1], std::vector{in[2], in[3]})};
            }},
           {"update one axis", {f32({2, 5, 3}), f32({2, 1, 3}), i32({})}, [](Builder& b, const auto& in) {
              const Tensor zero = integer_scalar(b, 0, DType::Int32);
              return std::vector{dynamic_update_slice(b, in[0], in[1], std::vector{zero, in[2], zero})};
            }}});
  }

  TEST_CASE("reductions, running sums, sorting") {
    check({{"sum",
            {f32({2, 3, 4})},
            [](Builder& b, const auto& in) {
              return std::vector{reduce(b, ReduceKind::Sum, in[0], {0, 2})};
            }},
           {"max", {f32({2, 3})}, [](Builder& b, const auto& in) { return std::vector{reduce(b, ReduceKind::Max, in[0], {1}, true)}; }},
           {"all", {of(DType::Bool, {3})}, [](Builder& b, const auto& in) { return std::vector{reduce(b, ReduceKind::All, in[0], {0})}; }},
           {"argmax", {f32({4, 3})}, [](Builder& b, const auto& in) { return std::vector{arg_reduce(b, true, in[0], 0)}; }},
           {"cumsum", {f32({4, 3})}, [](Builder& b, const auto& in) { return std::vector{cumulative(b, CumulativeKind::Sum, in[0], 0, true)}; }},
           {"sort", {f32({2, 5}), i32({2, 5})}, [](Builder& b, const auto& in) { return sort(b, in, 1); }},
           {"top_k", {f32({2, 5})}, [](Builder& b, const auto& in) { return b.add_many(OpKind::TopK, TopKAttributes<Dim>{2}, in); }},
           {"softmax", {f32({2, 5})}, [](Builder& b, const auto& in) { return std::vector{b.add(OpKind::Softmax, NoAttributes{}, in)}; }},
           {"normalize",
            {f32({2, 5}), f32({5}), f32({5})},
            [](Builder& b, const auto& in) { return std::vector{b.add(OpKind::Normalize, NormalizeAttributes{}, in)}; }},
           {"orthogonalize", {f32({4, 3})}, [](Builder& b, const auto& in) { return std::vector{orthogonalize(b, in[0])}; }},
           {"window", {f32({4, 6})}, [](Builder& b, const auto& in) {
              return std::vector{reduce_window(b, in[0], {WindowKind::Max, {2, 3}, {1, 2}, {1, 1}, {1, 0}, {0, 1}})};
            }}});
  }

  TEST_CASE("products: the batch axis is common, or free") {
    check({{"dense",
            {f32({2, 3}), f32({3, 4})},
            [](Builder& b, const auto& in) {
              return std::vector{dot_general(b, in[0], in[1], {{}, {}, {1}, {0}, Activation::None})};
            }},
           {"attention",
            {f32({2, 3, 4}), f32({5, 2, 4})},
            [](Builder& b, const auto& in) {
              return std::vector{dot_general(b, in[0], in[1], {{0}, {1}, {2}, {2}, Activation::None})};
            }},
           {"outer",
            {f32({2}), f32({3})},
            [](Builder& b, const auto& in) {
              return std::vector{dot_general(b, in[0], in[1], {{}, {}, {}, {}, Activation::None})};
            }},
           {"bias and activation", {f32({2, 3}), f32({3, 4}), f32({4})}, [](Builder& b, const auto& in) {
              return std::vector{b.add(OpKind::DotGeneral, DotAttributes{{}, {}, {1}, {0}, Activation::Silu}, in)};
            }}});
  }

  TEST_CASE("convolutions: the batch axis joins N, the outputs, or the groups") {
    const auto convolve = [](ConvolutionAttributes<Dim> attributes) -> Body {
      return [=](Builder& b, const std::vector<Tensor>& in) { return std::vector{b.add(OpKind::Convolution, attributes, in)}; };
    };
    check({{"one axis", {f32({2, 5, 3}), f32({3, 3, 4})}, convolve(convolution_attributes({1}, {1}, {1}, 1))},
           {"strided", {f32({2, 5, 4, 2}), f32({2, 3, 2, 3})}, convolve(convolution_attributes({2, 1}, {0, 1}, {1, 1}, 1))},
           {"groups", {f32({2, 5, 4}), f32({3, 2, 6})}, convolve(convolution_attributes({1}, {0}, {0}, 2))},
           {"bias", {f32({2, 5, 3}), f32({3, 3, 4}), f32({4})}, convolve(convolution_attributes({1}, {1}, {1}, 1))}},
          false);
  }

  TEST_CASE("random keys: an independent draw for each, the same as alone") {
    check({{"derive", {of(DType::Key)}, [](Builder& b, const auto& in) { return std::vector{key_derive(b, in[0], 42)}; }},
           {"fold", {of(DType::Key), of(DType::UInt32)}, [](Builder& b, const auto& in) { return std::vector{key_fold(b, in[0], in[1])}; }},
           {"fold many", {of(DType::Key), of(DType::UInt32, {4})}, [](Builder& b, const auto& in) { return std::vector{key_fold(b, in[0], in[1])}; }},
           {"split",
            {of(DType::Key)},
            [](Builder& b, const auto& in) {
              return std::vector{key_split(b, in[0], {2, 2})};
            }},
           {"seed", {i32({})}, [](Builder& b, const auto& in) { return std::vector{b.add(OpKind::KeySeed, NoAttributes{}, {in[0]})}; }},
           {"data",
            {of(DType::Key, {2})},
            [](Builder& b, const auto& in) {
              const Tensor words = b.add(OpKind::KeyData, NoAttributes{}, {in[0]});
              return std::vector{words, b.add(OpKind::KeyWrap, NoAttributes{}, {words})};
            }},
           {"normal",
            {of(DType::Key)},
            [](Builder& b, const auto& in) {
              return std::vector{draw(b, in[0], {DrawKind::Normal, 0, 1, 1, false, false}, DType::Float32, {2, 3})};
            }},
           {"uniform of keys", {of(DType::Key, {2})}, [](Builder& b, const auto& in) {
              return std::vector{draw(b, in[0], {DrawKind::Uniform, -1, 1, 1, false, false}, DType::Float32, {3})};
            }}});
    check({{"integers",
            {of(DType::Key), i32({}), i32({})},
            [](Builder& b, const auto& in) {
              return std::vector{b.add(OpKind::RandomInt, NoAttributes{}, in, {DType::Int32, Dims{5}})};
            }}},
          false);
  }

  TEST_CASE("called regions are mapped inside, once for each pattern, captures included") {
    check({{"call", {f32({2, 2}), f32({}), f32({2, 2})}, [](Builder& b, const std::vector<Tensor>& in) {
              const std::uint32_t region = b.enter_region("scale");
              const Tensor argument{&b.graph(), b.graph().add_input(in[0].fact(), PortRole::Argument, "a")};
              const Tensor scaled = binary(b, ElementwiseKind::Multiply, argument, in[1]);
              const Tensor shared = unary(b, ElementwiseKind::Exp, b.use(in[1]));
              b.graph().outputs = {{scaled.id, PortRole::Argument, "scaled"}, {shared.id, PortRole::Argument, "shared"}};
              b.leave_region();
              const Tensor first[] = {in[0]}, second[] = {in[2]};
              const std::vector<Tensor> one = b.call(region, false, first), two = b.call(region, true, second);
              return std::vector{one[0], one[1], two[0]};
            }}});
  }

  TEST_CASE("loops: a carry is mapped where any run makes it differ; what is sliced keeps the axis of the loop in front") {
    for (const bool reverse : {false, true}) {
      check({{"loop", {f32({2}), f32({}), f32({4, 2}), f32({2})}, [&](Builder& b, const std::vector<Tensor>& in) {
                const std::uint32_t region = b.enter_region("step");
                const auto input = [&](Fact fact, const char* name) {
                  return Tensor{&b.graph(), b.graph().add_input(std::move(fact), PortRole::Argument, name)};
                };
                const Tensor c = input(f32({2}), "c"), count = input(f32({}), "count"), x = input(f32({2}), "x");
                const Tensor next = binary(b, ElementwiseKind::Add, binary(b, ElementwiseKind::Multiply, c, in[3]), x);
                const Tensor more = binary(b, ElementwiseKind::Add, count, count);
                for (const Tensor& out : {next, more, binary(b, ElementwiseKind::Multiply, c, x), more, b.use(in[3])}) {
                  b.graph().outputs.push_back({out.id, PortRole::Argument, "out"});
                }
                b.leave_region();
                return b.loop({region, 4, 2, 1, reverse}, std::span(in).first(3));
              }}});
    }
  }

  TEST_CASE("a called region is built once for each pattern") {
    Bench region, mapped;
    const Case test{"calls", {f32({2})}, [](Builder& b, const std::vector<Tensor>& in) {
                      const std::uint32_t number = b.enter_region("negate");
                      const Tensor argument{&b.graph(), b.graph().add_input(in[0].fact(), PortRole::Argument, "a")};
                      b.graph().outputs = {{unary(b, ElementwiseKind::Negate, argument).id, PortRole::Argument, "out"}};
                      b.leave_region();
                      Tensor x = in[0];
                      for (int i = 0; i < 3; ++i) x = b.call(number, false, std::span(&x, 1))[0];
                      return std::vector{x};
                    }};
    build_region(region, test);
    build_mapped(mapped, test, region.graph, 1, 3);
    CHECK(mapped.graph.regions.size() == 1);
  }

  TEST_CASE("what depends on no batched value stays unbatched, and dead rules leave nothing behind") {
    Bench region, mapped;
    const Case test{"shared", {f32({2, 3}), f32({3, 4})}, [](Builder& b, const std::vector<Tensor>& in) {
                      const Tensor kernel = unary(b, ElementwiseKind::Exp, in[1]);
                      return std::vector{dot_general(b, in[0], kernel, {{}, {}, {1}, {0}, Activation::None}), kernel};
                    }};
    build_region(region, test);
    CHECK(build_mapped(mapped, test, region.graph, 1, Dim::named("n")) == std::vector<bool>{true, false});
    CHECK(print(mapped.graph) == R"(input %0 argument `in 0` : float32[n, 2, 3]
input %1 argument `in 1` : float32[3, 4]
%2 = elementwise(%1) kind=exp : float32[3, 4]
%3 = dot_general(%0, %2) a_contract=[2] b_contract=[0] : float32[n, 2, 4]
output %3 argument `out 0`
output %2 argument `out 1`
)");
  }

  TEST_CASE("collectives of this map reduce the batch axis and are the same for every element; those of others stay") {
    const Case test{"collectives", {f32({2}), f32({3})}, [](Builder& b, const std::vector<Tensor>& in) {
                      return std::vector{
                          b.collective({ReduceKind::Sum, 7}, in[0], "sum over i"), b.collective({ReduceKind::Max, 7}, in[1], "max over i"),
                          b.collective({ReduceKind::Sum, 7}, in[1], "sum over i"), b.collective({ReduceKind::Sum, 3}, in[0], "sum over o")};
                    }};
    Bench region, mapped;
    build_region(region, test);
    CHECK(build_mapped(mapped, test, region.graph, 1, Dim::named("n")) == std::vector<bool>{false, false, false, true});
    CHECK(print(mapped.graph) == R"(input %0 argument `in 0` : float32[n, 2]
input %1 argument `in 1` : float32[3]
%2 = reduce(%0) kind=sum axes=[0] : float32[2]
%3 = constant() size=n : float32[]
%4 = elementwise(%1, %3) kind=multiply : float32[3]
%5 = call(%0) region=0 : float32[n, 2]
  region 0 `sum over o`:
    input %0 argument `x` : float32[n, 2]
    output %0 argument ``
output %2 argument `out 0`
output %1 argument `out 1`
output %4 argument `out 2`
output %5 argument `out 3`
)");
  }

  TEST_CASE("nodes keep their module, place and weak types") {
    Bench region, mapped;
    const Case test{"weak", {f32({2})}, [](Builder& b, const std::vector<Tensor>& in) {
                      const ModuleGuard module(b, 1);
                      const Site site{{0, 5, 9}, "`relu`", {}};
                      const SiteGuard guard(b, site);
                      return std::vector{with_weak(b, unary(b, ElementwiseKind::Relu, in[0]), true)};
                    }};
    region.origins.modules.push_back("block_1");
    mapped.origins.modules.push_back("block_1");
    build_region(region, test);
    build_mapped(mapped, test, region.graph, 1, 3);
    CHECK(mapped.graph.nodes[0].origin.module == 1);
    CHECK(mapped.graph.nodes[0].origin.span == source::Span{0, 5, 9});
    CHECK(mapped.graph.fact(mapped.graph.outputs[0].value).weak);
  }

}  // TEST_SUITE
}  // namespace linenc::vectorize
