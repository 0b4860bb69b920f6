#include "compiler/graph/infer.h"

#include <doctest/doctest.h>

#include "compiler/diagnostics/concat.h"

namespace linenc::graph {
namespace {

const Dim batch = Dim::named("batch"), n = Dim::named("n"), m = Dim::named("m"), h = Dim::named("h");

Fact f32(Dims shape) { return {DType::Float32, std::move(shape), false, {}}; }
Fact of(DType dtype, Dims shape = {}) { return {dtype, std::move(shape), false, {}}; }

std::string kind_text(Reason::Kind kind) {
  switch (kind) {
    case Reason::Kind::Shape: return "shape: ";
    case Reason::Kind::Dtype: return "dtype: ";
    case Reason::Kind::Unproven: return "unproven: ";
    case Reason::Kind::Range: return "range: ";
    case Reason::Kind::TooLarge: return "too large: ";
  }
  return {};
}

// "float32[2, 3]", several joined by " + ", or the kind and text of the reason.
std::string text(const Inferred& inferred) {
  if (const auto* reason = std::get_if<Reason>(&inferred)) return kind_text(reason->kind) + reason->text;
  std::string joined;
  for (const Fact& fact : std::get<std::vector<Fact>>(inferred))
    joined += concat(joined.empty() ? "" : " + ", to_string(fact), fact.weak ? " weak" : "");
  return joined;
}

std::string rule(OpKind op, const GraphAttributes& attributes, const std::vector<Fact>& operands, const Request& request = {},
                 const DimContext& context = {}) {
  std::vector<const Fact*> pointers;
  for (const Fact& fact : operands) pointers.push_back(&fact);
  return text(infer(op, attributes, pointers, request, context));
}

std::string elementwise(ElementwiseKind kind, const std::vector<Fact>& operands) {
  return rule(OpKind::Elementwise, ElementwiseAttributes{kind}, operands);
}

Request shaped(Dims shape) { return {std::nullopt, std::move(shape)}; }

}  // namespace

TEST_SUITE("compiler/graph/infer") {
  TEST_CASE("broadcasting follows NumPy, and two names may be two sizes") {
    struct Row {
      Dims a, b;
      const char* result;
    };
    for (const Row& row :
         {Row{{batch, 64}, {64}, "float32[batch, 64]"}, Row{{batch, 1}, {1, n}, "float32[batch, n]"}, Row{{}, {n}, "float32[n]"},
          Row{{3, 1, 2}, {5, 1}, "float32[3, 5, 2]"}, Row{{0, 2}, {1, 1}, "float32[0, 2]"}, Row{{h - h + 1, 2}, {n, 2}, "float32[n, 2]"},
          Row{{batch, 64}, {batch, 32}, "shape: cannot broadcast [batch, 64] with [batch, 32]"},
          Row{{batch, n}, {batch, m}, "shape: cannot broadcast [batch, n] with [batch, m]"}, Row{{n}, {64}, "shape: cannot broadcast [n] with [64]"},
          Row{{floor_div(h, 2)}, {n}, "unproven: cannot broadcast [h//2] with [n] unless h//2 == n"},
          Row{{h + 1}, {h}, "shape: cannot broadcast [h + 1] with [h]"}, Row{{floor_div(h, 2) + floor_div(h + 1, 2)}, {h}, "float32[h]"}}) {
      CHECK(elementwise(ElementwiseKind::Add, {f32(row.a), f32(row.b)}) == row.result);
    }
  }

  TEST_CASE("a disagreement names both axes and what could be assumed") {
    const Fact a = f32({2, n}), b = f32({3, 2, m});
    const Fact* operands[] = {&a, &b};
    const Inferred inferred = infer(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Add}, operands, {}, {});
    const Reason& reason = std::get<Reason>(inferred);
    CHECK(reason.operand_a == 0);
    CHECK(reason.axis_a == 1);
    CHECK(reason.operand_b == 1);
    CHECK(reason.axis_b == 2);
    CHECK(reason.fact == "n == m");
  }

  TEST_CASE("assumptions are used by rules and show in the result") {
    DimContext context;
    context.assume(modulo(h, 2), DimContext::Relation::Equal, 0);
    context.assume(n, DimContext::Relation::Equal, m);
    CHECK(rule(OpKind::Reshape, NoAttributes{}, {f32({h})}, shaped({floor_div(h, 2), 2}), context) == "float32[h//2, 2]");
    CHECK(rule(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Add}, {f32({n}), f32({m})}, {}, context) == "float32[m]");
    CHECK(rule(OpKind::Reshape, NoAttributes{}, {f32({floor_div(h, 2), 2})}, shaped({floor_div(h, 2) * 2}), context) == "float32[h]");
  }

  TEST_CASE("elementwise dtypes: one dtype, of the kind the function takes") {
    using enum ElementwiseKind;
    struct Row {
      ElementwiseKind kind;
      std::vector<Fact> operands;
      const char* result;
    };
    for (const Row& row :
         {Row{Add, {f32({2}), of(DType::Int32, {2})}, "dtype: needs operands of one dtype, not float32 and int32"},
          Row{Add, {of(DType::Bool), of(DType::Bool)}, "dtype: needs numbers, not bool"},
          Row{Exp, {of(DType::Int32)}, "dtype: needs floating-point numbers, not int32"}, Row{And, {of(DType::Bool), of(DType::Bool)}, "bool[]"},
          Row{And, {f32({}), f32({})}, "dtype: needs integers or bool, not float32"}, Row{Less, {f32({3}), f32({})}, "bool[3]"},
          Row{Equal, {of(DType::Bool), of(DType::Bool)}, "bool[]"}, Row{IsNan, {f32({3})}, "bool[3]"},
          Row{Select, {of(DType::Bool, {3}), f32({}), f32({2, 1})}, "float32[2, 3]"},
          Row{Select, {f32({}), f32({}), f32({})}, "dtype: needs a bool condition, not float32"},
          Row{Select, {of(DType::Bool), of(DType::Key, {2}), of(DType::Key, {2})}, "key[2]"}, Row{Not, {of(DType::Bool)}, "bool[]"},
          Row{Clamp, {f32({}), f32({4}), f32({})}, "float32[4]"}, Row{Popcount, {of(DType::UInt8)}, "uint8[]"},
          Row{Add, {of(DType::Key), of(DType::Key)}, "dtype: needs numbers, not key"}}) {
      CHECK(elementwise(row.kind, row.operands) == row.result);
    }
  }

  TEST_CASE("a result is weak where all operands are") {
    Fact weak = f32({});
    weak.weak = true;
    CHECK(elementwise(ElementwiseKind::Add, {weak, weak}) == "float32[] weak");
    CHECK(elementwise(ElementwiseKind::Add, {weak, f32({})}) == "float32[]");
    CHECK(rule(OpKind::Convert, NoAttributes{}, {weak}, {DType::BFloat16, std::nullopt}) == "bfloat16[]");
  }

  TEST_CASE("reshape keeps the number of elements") {
    struct Row {
      Dims from, to;
      const char* result;
    };
    for (const Row& row : {Row{{batch, 28, 28, 1}, {batch, 784}, "float32[batch, 784]"}, Row{{2, 3}, {3, 2}, "float32[3, 2]"},
                           Row{{n, m}, {n * m}, "float32[m*n]"}, Row{{n, 6}, {n * 2, 3}, "float32[2*n, 3]"},
                           Row{{batch, 7}, {batch, 8}, "shape: cannot reshape [batch, 7] to [batch, 8]: 7*batch elements are not 8*batch"},
                           Row{{h}, {floor_div(h, 2), 2}, "unproven: cannot reshape [h] to [h//2, 2] unless h % 2 == 0"},
                           Row{{n}, {m}, "unproven: cannot reshape [n] to [m] unless n == m"}}) {
      CHECK(rule(OpKind::Reshape, NoAttributes{}, {f32(row.from)}, shaped(row.to)) == row.result);
    }
  }

  TEST_CASE("broadcast_to names the fact that it needs") {
    const auto broadcast = [](Dims from, Dims to) { return rule(OpKind::Broadcast, NoAttributes{}, {f32(std::move(from))}, shaped(std::move(to))); };
    CHECK(broadcast({1, n}, {batch, n}) == "float32[batch, n]");
    CHECK(broadcast({1, minimum(n, 12)}, {4, n}) == "unproven: cannot broadcast [1, min(n, 12)] to [4, n] unless min(n, 12) == n");
  }

  TEST_CASE("slices stay inside the axis") {
    const auto slice = [](Dims x, Dims start, Dims size, std::vector<std::int64_t> stride) {
      return rule(OpKind::Slice, SliceAttributes<Dim>{std::move(start), std::move(stride)}, {f32(std::move(x))}, shaped(std::move(size)));
    };
    CHECK(slice({n, 8}, {1, 2}, {n - 1, 3}, {1, 2}) == "float32[n - 1, 3]");
    CHECK(slice({n}, {0}, {minimum(n, 10)}, {1}) == "float32[min(n, 10)]");
    CHECK(slice({n}, {0}, {ceil_div(n, 2)}, {2}) == "float32[(n + 1)//2]");
    CHECK(slice({8}, {5}, {4}, {1}) == "range: slices axis 0 of [8] up to 9");
    CHECK(slice({8}, {8}, {0}, {1}) == "float32[0]");
    CHECK(slice({n}, {1}, {2}, {1}) == "unproven: slices axis 0 of [n] up to 3 unless 3 <= n");
    CHECK(slice({n}, {-1}, {1}, {1}) == "range: slices axis 0 of [n] from -1");
  }

  TEST_CASE("joining adds up one axis; the others agree") {
    const auto join = [](std::vector<Fact> parts, std::int64_t axis) { return rule(OpKind::Concatenate, AxisAttributes{axis}, parts); };
    CHECK(join({f32({batch, n}), f32({batch, 3}), f32({batch, n})}, 1) == "float32[batch, 2*n + 3]");
    CHECK(join({f32({n, 2}), f32({m, 2})}, 1) == "shape: cannot join [n, 2] and [m, 2] along the last axis");
    CHECK(join({f32({2}), f32({2, 2})}, 0) == "shape: cannot join [2] and [2, 2] along axis 0");
    CHECK(join({f32({2}), f32({2})}, 3) == "range: has no axis 3 among 1 axis");
  }

  TEST_CASE("padding: low + high + n + (n - 1)*interior, recorded from JAX") {
    struct Row {
      std::int64_t size, low, high, interior, result;
    };
    for (const Row& row :
         {Row{2, -1, 1, 2, 4}, Row{3, -2, 1, 0, 2}, Row{1, -2, 3, 0, 2}, Row{1, -1, 1, 0, 1}, Row{0, 1, 3, 1, 4}, Row{0, 0, 0, 1, 0}}) {
      CHECK(rule(OpKind::Pad, PadAttributes<Dim>{{row.low}, {row.high}, {row.interior}}, {f32({row.size}), f32({})}) ==
            concat("float32[", row.result, "]"));
    }
    CHECK(rule(OpKind::Pad, PadAttributes<Dim>{{1}, {1}, {1}}, {f32({h}), f32({})}) == "float32[2*h + 1]");
    CHECK(rule(OpKind::Pad, PadAttributes<Dim>{{-2}, {0}, {0}}, {f32({1}), f32({})}) == "range: makes axis 0 of size -1, which is below 0");
  }

  TEST_CASE("gather replaces an axis by those of the indices; scatter wants updates of that shape") {
    const Fact indices = of(DType::Int32, {batch, 5});
    CHECK(rule(OpKind::Gather, GatherAttributes{0, 0, GatherMode::Fill}, {f32({100, 64}), indices}) == "float32[batch, 5, 64]");
    CHECK(rule(OpKind::Gather, GatherAttributes{2, 1, GatherMode::Fill}, {f32({batch, 3, 100, 64}), indices}) == "float32[batch, 3, 5, 64]");
    CHECK(rule(OpKind::Gather, GatherAttributes{1, 1, GatherMode::Fill}, {f32({n, 100}), indices}) ==
          "shape: has indices [batch, 5] whose axis 0 is not that of [n, 100]");
    CHECK(rule(OpKind::Gather, GatherAttributes{0, 0, GatherMode::Fill}, {f32({4}), f32({2})}) == "dtype: needs int32 indices, not float32");
    const ScatterAttributes add{ScatterKind::Add, 0, 0, GatherMode::Fill};
    CHECK(rule(OpKind::Scatter, add, {f32({100, 64}), indices, f32({batch, 5, 64})}) == "float32[100, 64]");
    CHECK(rule(OpKind::Scatter, add, {f32({100, 64}), indices, f32({batch, 64})}) == "shape: needs updates [batch, 5, 64], not [batch, 64]");
  }

  TEST_CASE("dynamic slices have static sizes inside the axis") {
    const Fact start = of(DType::Int32);
    CHECK(rule(OpKind::DynamicSlice, NoAttributes{}, {f32({n, 8}), start, start}, shaped({1, 4})) == "float32[1, 4]");
    CHECK(rule(OpKind::DynamicSlice, NoAttributes{}, {f32({8}), start}, shaped({9})) == "range: needs 9 elements along axis 0 of [8]");
    CHECK(rule(OpKind::DynamicUpdateSlice, NoAttributes{}, {f32({n, 8}), f32({1, 8}), start, start}) == "float32[n, 8]");
  }

  TEST_CASE("reductions drop axes or keep them as 1") {
    CHECK(rule(OpKind::Reduce, ReduceAttributes{ReduceKind::Sum, {0, 2}, false}, {f32({batch, n, 3})}) == "float32[n]");
    CHECK(rule(OpKind::Reduce, ReduceAttributes{ReduceKind::Max, {1}, true}, {f32({batch, n})}) == "float32[batch, 1]");
    CHECK(rule(OpKind::Reduce, ReduceAttributes{ReduceKind::Any, {0}, false}, {f32({n})}) == "dtype: needs bool, not float32");
    CHECK(rule(OpKind::Reduce, ReduceAttributes{ReduceKind::Sum, {0, 0}, false}, {f32({n})}) == "range: names axis 0 twice");
    CHECK(rule(OpKind::ArgReduce, ArgReduceAttributes{true, 1, false}, {f32({batch, n})}) == "int32[batch]");
    CHECK(rule(OpKind::ArgReduce, ArgReduceAttributes{true, 0, false}, {f32({0})}) == "range: has nothing to choose from along axis 0 of [0]");
    CHECK(rule(OpKind::Cumulative, CumulativeAttributes{CumulativeKind::Sum, 0, false}, {of(DType::Int32, {n})}) == "int32[n]");
    CHECK(rule(OpKind::Sort, SortAttributes{0, false}, {f32({n}), of(DType::Int32, {n})}) == "float32[n] + int32[n]");
    CHECK(rule(OpKind::TopK, TopKAttributes<Dim>{3}, {f32({batch, 10})}) == "float32[batch, 3] + int32[batch, 3]");
    CHECK(rule(OpKind::TopK, TopKAttributes<Dim>{11}, {f32({10})}) == "range: cannot take the largest 11 along the last axis of [10]");
  }

  TEST_CASE("dots: batch axes, free axes of both, a bias that fits") {
    const DotAttributes attention{{0, 2}, {0, 2}, {3}, {3}, Activation::None};
    CHECK(rule(OpKind::DotGeneral, attention, {f32({batch, n, 4, 8}), f32({batch, m, 4, 8})}) == "float32[batch, 4, n, m]");
    const DotAttributes dense{{}, {}, {1}, {0}, Activation::None};
    CHECK(rule(OpKind::DotGeneral, dense, {f32({batch, 64}), f32({64, 10}), f32({10})}) == "float32[batch, 10]");
    CHECK(rule(OpKind::DotGeneral, dense, {f32({batch, 64}), f32({32, 10})}) ==
          "shape: cannot contract the last axis of [batch, 64] with axis 0 of [32, 10]");
    CHECK(rule(OpKind::DotGeneral, dense, {f32({batch, 64}), f32({64, 10}), f32({9})}) == "shape: cannot add a bias [9] to [batch, 10]");
  }

  TEST_CASE("convolution sizes, recorded from JAX") {
    using Shape = std::vector<std::int64_t>;
    struct Row {
      Shape x, kernel, strides, low, high, input_dilation, kernel_dilation;
      std::int64_t groups;
      Shape result;
    };
    const auto dims = [](const Shape& shape) { return Dims(shape.begin(), shape.end()); };
    for (const Row& row : {Row{{2, 9, 3, 3}, {1, 1, 3, 2}, {2, 2}, {0, 2}, {0, 2}, {2, 2}, {1, 1}, 1, {2, 9, 5, 2}},
                           Row{{2, 9, 7, 2}, {1, 2, 1, 6}, {3, 1}, {1, 1}, {0, 1}, {2, 2}, {2, 2}, 2, {2, 6, 13, 6}},
                           Row{{2, 6, 2, 1}, {2, 3, 1, 2}, {3, 2}, {1, 2}, {1, 2}, {2, 2}, {1, 2}, 1, {2, 4, 2, 2}},
                           Row{{1, 5, 3, 4}, {1, 2, 2, 6}, {3, 3}, {1, -1}, {1, 0}, {2, 2}, {1, 2}, 2, {1, 4, 1, 6}},
                           Row{{1, 7, 3, 2}, {4, 1, 2, 2}, {1, 3}, {-1, 1}, {1, 2}, {2, 1}, {1, 2}, 1, {1, 10, 2, 2}},
                           Row{{1, 2, 2, 6}, {2, 4, 3, 2}, {2, 3}, {1, -1}, {0, 1}, {2, 2}, {1, 2}, 2, {1, 2, 0, 2}},
                           Row{{1, 1, 6, 3}, {3, 3, 3, 2}, {1, 2}, {0, 1}, {1, 2}, {2, 2}, {2, 1}, 1, {1, 0, 6, 2}},
                           Row{{2, 2, 6, 6}, {4, 3, 3, 2}, {1, 1}, {-1, 0}, {2, 1}, {1, 2}, {2, 1}, 2, {2, 0, 10, 2}},
                           Row{{1, 1, 9, 2}, {1, 1, 2, 3}, {2, 3}, {-1, 1}, {0, 0}, {1, 2}, {1, 1}, 1, {1, 0, 6, 3}}}) {
      const ConvolutionAttributes<Dim> attributes{row.strides, dims(row.low),   dims(row.high), row.input_dilation, row.kernel_dilation, row.groups,
                                                  1,           Activation::None};
      CHECK(rule(OpKind::Convolution, attributes, {f32(dims(row.x)), f32(dims(row.kernel))}) == "float32" + to_string(dims(row.result)));
    }
  }

  TEST_CASE("a symbolic convolution keeps its sizes readable") {
    const Dim out = ceil_div(h, 2), total = maximum((out - 1) * 2 + 3 - h, 0), low = floor_div(total, 2);
    const ConvolutionAttributes<Dim> same{{2}, {low}, {total - low}, {1}, {1}, 1, 1, Activation::None};
    CHECK(rule(OpKind::Convolution, same, {f32({batch, h, 3}), f32({3, 3, 8})}) == "float32[batch, (h + 1)//2, 8]");
    const ConvolutionAttributes<Dim> valid{{2}, {0}, {0}, {1}, {1}, 1, 1, Activation::None};
    CHECK(rule(OpKind::Convolution, valid, {f32({batch, h, 3}), f32({3, 3, 8})}) == "float32[batch, (h - 1)//2, 8]");
    CHECK(rule(OpKind::Convolution, valid, {f32({batch, h, 4}), f32({3, 3, 8})}) ==
          "shape: cannot convolve the 4 channels of [batch, h, 4] with a kernel [3, 3, 8], which takes 3");
    const ConvolutionAttributes<Dim> cut{{1}, {-3}, {0}, {1}, {1}, 1, 1, Activation::None};
    CHECK(rule(OpKind::Convolution, cut, {f32({1, 2, 3}), f32({3, 3, 8})}) == "range: cuts more off axis 1 of [1, 2, 3] than it has");
  }

  TEST_CASE("windows count their places") {
    const WindowAttributes<Dim> pool{WindowKind::Max, {1, 2, 1}, {1, 2, 1}, {1, 1, 1}, {0, 0, 0}, {0, 0, 0}};
    CHECK(rule(OpKind::ReduceWindow, pool, {f32({batch, h, 8})}) == "float32[batch, h//2, 8]");
    CHECK(rule(OpKind::ReduceWindow, pool, {f32({batch, 9, 8})}) == "float32[batch, 4, 8]");
  }

  TEST_CASE("random keys") {
    const Fact key = of(DType::Key), keys = of(DType::Key, {n});
    CHECK(rule(OpKind::KeySeed, NoAttributes{}, {of(DType::Int32)}) == "key[]");
    CHECK(rule(OpKind::KeyDerive, KeyDeriveAttributes{7}, {keys}) == "key[n]");
    CHECK(rule(OpKind::KeyFold, NoAttributes{}, {key, of(DType::UInt32, {n})}) == "key[n]");
    CHECK(rule(OpKind::KeySplit, NoAttributes{}, {keys}, shaped({n, 2})) == "key[n, 2]");
    CHECK(rule(OpKind::KeySplit, NoAttributes{}, {keys}, shaped({m, 2})) == "shape: has keys [n] for a result [m, 2]");
    CHECK(rule(OpKind::KeyData, NoAttributes{}, {keys}) == "uint32[n, 2]");
    CHECK(rule(OpKind::KeyWrap, NoAttributes{}, {of(DType::UInt32, {n, 2})}) == "key[n]");
    CHECK(rule(OpKind::Draw, DrawAttributes{}, {key}, {DType::Float32, Dims{3, n}}) == "float32[3, n]");
    CHECK(rule(OpKind::Draw, DrawAttributes{}, {key}, {DType::Int32, Dims{3}}) == "dtype: draws floating-point numbers, not int32");
    CHECK(rule(OpKind::Draw, DrawAttributes{}, {f32({})}, {DType::Float32, Dims{3}}) == "dtype: needs a random key, not float32");
    CHECK(rule(OpKind::RandomInt, NoAttributes{}, {key, of(DType::Int32), of(DType::Int32)}, {DType::Int32, Dims{3}}) == "int32[3]");
  }

  TEST_CASE("L11 and L12: rank and element count are limited, sizes do not overflow") {
    CHECK(rule(OpKind::Broadcast, NoAttributes{}, {f32({})}, shaped(Dims(33, 1))) == "too large: makes 33 axes; at most 32 are possible");
    CHECK(rule(OpKind::Broadcast, NoAttributes{}, {f32({})}, shaped({1 << 21, 1 << 20})) ==
          "too large: makes [2097152, 1048576], which is more than 2^40 elements");
    CHECK(rule(OpKind::Broadcast, NoAttributes{}, {f32({})}, shaped({Dim::overflow()})) == "too large: makes a size that is out of range");
    CHECK(rule(OpKind::Broadcast, NoAttributes{}, {f32({})}, shaped({n, 1 << 30, 1 << 30})) == "float32[n, 1073741824, 1073741824]");
  }

  TEST_CASE("axis origins follow the axes") {
    Fact x = f32({batch, n, 3});
    x.axis_origins = {1, 2, 3};
    const Fact* operands[] = {&x};
    const auto origins = [&](OpKind op, const GraphAttributes& attributes, const Request& request = {}) {
      const Inferred inferred = infer(op, attributes, operands, request, {});
      return std::get<std::vector<Fact>>(inferred)[0].axis_origins;
    };
    CHECK(origins(OpKind::Transpose, TransposeAttributes{{2, 0, 1}}) == std::vector<AxisOrigin>{3, 1, 2});
    CHECK(origins(OpKind::Reduce, ReduceAttributes{ReduceKind::Sum, {1}, false}) == std::vector<AxisOrigin>{1, 3});
    CHECK(origins(OpKind::Reduce, ReduceAttributes{ReduceKind::Sum, {1}, true}) == std::vector<AxisOrigin>{1, 0, 3});
    CHECK(origins(OpKind::Reshape, NoAttributes{}, shaped({batch, 1, n, 3})) == std::vector<AxisOrigin>{1, 0, 2, 3});
    CHECK(origins(OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Exp}) == std::vector<AxisOrigin>{1, 2, 3});
  }

}  // TEST_SUITE
}  // namespace linenc::graph
