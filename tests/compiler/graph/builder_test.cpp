#include "compiler/graph/builder.h"

#include <doctest/doctest.h>

#include "compiler/graph/ops.h"
#include "compiler/graph/print_graph.h"
#include "compiler/graph/rewrite.h"
#include "compiler/graph/verify.h"

namespace linenc::graph {
namespace {

const Dim batch = Dim::named("batch");

struct Bench {
  Graph graph;
  diagnostics::Diagnostics diagnostics;
  Origins origins;
  DimContext dims;
  Builder builder{graph, diagnostics, origins, dims};

  Tensor input(std::string name, Dims shape, DType dtype = DType::Float32) {
    return {&graph, graph.add_input({dtype, std::move(shape), false, {}}, PortRole::Argument, std::move(name))};
  }
  void output(const Tensor& tensor) { graph.outputs.push_back({tensor.id, PortRole::Argument, "y"}); }
};

}  // namespace

TEST_SUITE("compiler/graph/builder") {
  TEST_CASE("nodes print with attributes and facts") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {batch, 64}), kernel = t.input("kernel", {64, 10});
    const Tensor y = dot_general(b, x, kernel, {{}, {}, {1}, {0}, Activation::None});
    const Tensor half = scalar(b, 0.5, DType::Float32, true);
    t.output(binary(b, ElementwiseKind::Multiply, y, half));
    CHECK(print(t.graph) == R"(input %0 argument `x` : float32[batch, 64]
input %1 argument `kernel` : float32[64, 10]
%2 = dot_general(%0, %1) a_contract=[1] b_contract=[0] : float32[batch, 10]
%3 = constant() value=0.5 : float32[] weak
%4 = elementwise(%2, %3) kind=multiply : float32[batch, 10]
output %4 argument `y`
)");
    CHECK(verify(t.graph, t.dims).empty());
  }

  TEST_CASE("a shape conflict is told in the user's words, with marks and the places of the axes") {
    Bench t;
    Builder& b = t.builder;
    t.origins.modules.push_back("encoder");
    const ModuleGuard module(b, 1);
    Tensor skip = t.input("skip", {batch, 64}), tail;
    {
      const Site dense{{0, 10, 15}, "`Dense`", {}};
      const SiteGuard guard(b, dense);
      tail = full(b, 1, DType::Float32, {batch, 32});
    }
    const Site site{{0, 30, 41}, "`skip + tail`", {{{0, 30, 34}, "skip"}, {{0, 37, 41}, "tail"}}};
    const SiteGuard guard(b, site);
    CHECK_THROWS_AS(binary(b, ElementwiseKind::Add, skip, tail), Failed);
    REQUIRE(t.diagnostics.all().size() == 1);
    const diagnostics::Diagnostic& problem = t.diagnostics.all()[0];
    CHECK(problem.code == diagnostics::Code::ShapeMismatch);
    CHECK(problem.message == "`skip + tail` cannot broadcast [batch, 64] with [batch, 32]");
    CHECK(problem.span == site.span);
    CHECK(problem.module == "encoder");
    REQUIRE(problem.marks.size() == 2);
    CHECK(problem.marks[0].span == source::Span{0, 30, 34});
    CHECK(problem.marks[0].message == "float32[batch, 64]");
    CHECK(problem.marks[1].message == "float32[batch, 32]");
    REQUIRE(problem.notes.size() == 1);
    CHECK(problem.notes[0].span == source::Span{0, 10, 15});
    CHECK(problem.notes[0].message == "`tail` gets its last axis here");
  }

  TEST_CASE("what could be assumed is named; kinds have codes of their own") {
    using diagnostics::Code;
    struct Row {
      Fact a, b;
      Code code;
      const char* help;
    };
    const Dim h = Dim::named("h"), w = Dim::named("w");
    const auto of = [](DType dtype, Dims shape) { return Fact{dtype, std::move(shape), false, {}}; };
    const std::string help_head = "where this always holds, `assume: [", help_tail = "]` at the top of the file states it";
    for (const Row& row : {Row{of(DType::Float32, {floor_div(h, 2)}), of(DType::Float32, {w}), Code::Unproven, "h//2 == w"},
                           Row{of(DType::Float32, {h}), of(DType::Float32, {w}), Code::ShapeMismatch, "h == w"},
                           Row{of(DType::Float32, {h}), of(DType::Int32, {h}), Code::DtypeMismatch, nullptr}}) {
      Bench t;
      const Tensor a{&t.graph, t.graph.add_input(row.a, PortRole::Argument, "a")}, b{&t.graph, t.graph.add_input(row.b, PortRole::Argument, "b")};
      CHECK_THROWS_AS(binary(t.builder, ElementwiseKind::Add, a, b), Failed);
      REQUIRE(t.diagnostics.all().size() == 1);
      CHECK(t.diagnostics.all()[0].code == row.code);
      if (row.help) {
        REQUIRE(t.diagnostics.all()[0].notes.size() == 1);
        CHECK(t.diagnostics.all()[0].notes[0].message == help_head + row.help + help_tail);
      } else {
        CHECK(t.diagnostics.all()[0].notes.empty());
      }
    }
  }

  TEST_CASE("a node makes at most one new axis origin, shared by its site") {
    Bench t;
    const Site site{{0, 1, 9}, "`f`", {}};
    const SiteGuard guard(t.builder, site);
    const Tensor x = full(t.builder, 0, DType::Float32, {2, 3});
    const Tensor y = full(t.builder, 0, DType::Float32, {4, 3});
    CHECK(t.origins.axes.size() == 2);
    CHECK(x.fact().axis_origins == std::vector<AxisOrigin>{1, 1});
    CHECK(y.fact().axis_origins == x.fact().axis_origins);
  }

  TEST_CASE("values of outer graphs become captures, once for each region") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {3}), scale = t.input("scale", {});
    const std::uint32_t outer = b.enter_region("outer");
    const Tensor outer_argument{&b.graph(), b.graph().add_input(x.fact(), PortRole::Argument, "a")};
    const std::uint32_t inner = b.enter_region("inner");
    const Tensor twice = binary(b, ElementwiseKind::Multiply, scale, scale);
    b.graph().outputs.push_back({twice.id, PortRole::Argument, "out"});
    b.leave_region();
    const Tensor factor = b.call(inner, false, {})[0];
    const Tensor scaled = binary(b, ElementwiseKind::Multiply, outer_argument, factor);
    b.graph().outputs.push_back({scaled.id, PortRole::Argument, "out"});
    b.leave_region();
    const Tensor operands[] = {x};
    const std::vector<Tensor> results = b.call(outer, true, operands);
    REQUIRE(results.size() == 1);
    CHECK(to_string(results[0].fact()) == "float32[3]");
    t.output(results[0]);
    CHECK(b.captured(outer) == std::vector<Tensor>{scale});
    CHECK(verify(t.graph, t.dims).empty());
    CHECK(print(t.graph) == R"(input %0 argument `x` : float32[3]
input %1 argument `scale` : float32[]
%2 = call(%0, %1) region=0 remat=true : float32[3]
  region 0 `outer`:
    input %0 argument `a` : float32[3]
    input %1 capture `capture 1` : float32[]
    %2 = call(%1) region=0 : float32[]
      region 0 `inner`:
        input %0 capture `capture 1` : float32[]
        %1 = elementwise(%0, %0) kind=multiply : float32[]
        output %1 argument `out`
    %3 = elementwise(%0, %2) kind=multiply : float32[3]
    output %3 argument `out`
output %2 argument `y`
)");
  }

  TEST_CASE("ops that change nothing add no node") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {2, 3});
    CHECK(reshape(b, x, {2, 3}) == x);
    CHECK(broadcast_to(b, x, {2, 3}) == x);
    CHECK(transpose(b, x, {0, 1}) == x);
    CHECK(convert(b, x, DType::Float32) == x);
    CHECK(slice_axis(b, x, -1, 0, 3) == x);
    CHECK(t.graph.nodes.empty());
    CHECK(to_string(expand_dims(b, x, -1).fact()) == "float32[2, 3, 1]");
    CHECK(to_string(slice_axis(b, x, -1, 1, 2).fact()) == "float32[2, 2]");
    CHECK_THROWS_AS(squeeze(b, x, 2), Failed);
    CHECK_THROWS_AS(squeeze(b, x, 0), Failed);
  }

  TEST_CASE("scalars are rounded to their dtype") {
    Bench t;
    const auto bits = [&](const Tensor& tensor) {
      const auto& bytes = std::get<ConstantAttributes<Dim>>(t.graph.producer(tensor.id)->attributes).bytes;
      return std::vector<int>{static_cast<int>(bytes[0]), bytes.size() > 1 ? static_cast<int>(bytes[1]) : -1};
    };
    CHECK(bits(scalar(t.builder, 0.1, DType::BFloat16)) == std::vector<int>{0xcd, 0x3d});
    CHECK(bits(scalar(t.builder, 0.1, DType::Float16)) == std::vector<int>{0x66, 0x2e});
    CHECK(bits(scalar(t.builder, 1, DType::Bool)) == std::vector<int>{1, -1});
    CHECK(bits(integer_scalar(t.builder, 258, DType::Int16)) == std::vector<int>{2, 1});
  }

}  // TEST_SUITE

TEST_SUITE("compiler/graph/rewrite") {
  TEST_CASE("dead nodes and regions go, inputs stay, ids stay in order") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {3}), unused = t.input("unused", {3});
    const std::uint32_t region = b.enter_region("dead");
    const Tensor inside = unary(b, ElementwiseKind::Exp, x);
    b.graph().outputs.push_back({inside.id, PortRole::Argument, "out"});
    b.leave_region();
    (void)b.call(region, false, {});
    (void)unary(b, ElementwiseKind::Exp, unused);
    t.output(unary(b, ElementwiseKind::Negate, x));
    drop_dead(t.graph);
    CHECK(verify(t.graph, t.dims).empty());
    CHECK(t.graph.regions.empty());
    CHECK(print(t.graph) == R"(input %0 argument `x` : float32[3]
input %1 argument `unused` : float32[3]
%2 = elementwise(%0) kind=negate : float32[3]
output %2 argument `y`
)");
  }

  TEST_CASE("uses are replaced in nodes and outputs, and counted") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {3}), y = t.input("y", {3});
    const Tensor sum = binary(b, ElementwiseKind::Add, x, x);
    t.output(sum);
    t.output(x);
    CHECK(count_uses(t.graph) == std::vector<std::uint32_t>{3, 0, 1});
    replace_uses(t.graph, x.id, y.id);
    CHECK(count_uses(t.graph) == std::vector<std::uint32_t>{0, 3, 1});
  }

  TEST_CASE("names are replaced by sizes in facts and attributes, regions included") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {batch, 4});
    const std::uint32_t region = b.enter_region("r");
    const Tensor y = pad(b, x, scalar(b, 0, DType::Float32), {0, batch}, {0, 0}, {0, 0});
    b.graph().outputs.push_back({y.id, PortRole::Argument, "out"});
    b.leave_region();
    t.output(b.call(region, false, {})[0]);
    substitute(t.graph, {{"batch", 2}});
    CHECK(verify(t.graph, t.dims).empty());
    CHECK(to_string(t.graph.fact(t.graph.outputs[0].value)) == "float32[2, 6]");
    CHECK(print(t.graph).find("batch") == std::string::npos);
  }

}  // TEST_SUITE

TEST_SUITE("compiler/graph/verify") {
  TEST_CASE("broken graphs are found out") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {3});
    const Tensor y = unary(b, ElementwiseKind::Exp, x);
    t.output(y);
    REQUIRE(verify(t.graph, t.dims).empty());
    SUBCASE("a fact that the rule does not give") {
      t.graph.values[index(y.id)].fact.shape = {4};
      CHECK(verify(t.graph, t.dims) == std::vector<std::string>{"node 0 (elementwise) gives float32[3], recorded is float32[4]"});
    }
    SUBCASE("an operand that is made later") {
      t.graph.nodes[0].inputs[0] = y.id;
      CHECK(verify(t.graph, t.dims)[0] == "node 0 (elementwise) uses %1 before it is made");
    }
    SUBCASE("an output out of range") {
      t.graph.outputs[0].value = ValueId{17};
      CHECK(verify(t.graph, t.dims) == std::vector<std::string>{"output `y` is a value that nothing makes"});
    }
    SUBCASE("attributes of another op") {
      t.graph.nodes[0].attributes = NoAttributes{};
      CHECK(verify(t.graph, t.dims) == std::vector<std::string>{"node 0 (elementwise) has the attributes of another op"});
    }
    SUBCASE("a call of no region") {
      t.graph.nodes[0].op = OpKind::Call;
      t.graph.nodes[0].attributes = CallAttributes{3, false};
      CHECK(verify(t.graph, t.dims) == std::vector<std::string>{"node 0 (call) calls a region that does not exist"});
    }
    SUBCASE("a loop of no region") {
      t.graph.nodes[0].op = OpKind::Loop;
      t.graph.nodes[0].attributes = LoopAttributes<Dim>{3, 1, 0, 0, false};
      CHECK(verify(t.graph, t.dims) == std::vector<std::string>{"node 0 (loop) runs a region that does not exist"});
    }
  }

  TEST_CASE("a loop has equal types of its carry before and after, and stacks the other results") {
    Bench t;
    Builder& b = t.builder;
    const Tensor x = t.input("x", {3}), rows = t.input("rows", {Dim::named("n"), 3});
    const std::uint32_t region = b.enter_region("step");
    const Tensor c{&b.graph(), b.graph().add_input(x.fact(), PortRole::Argument, "c")};
    const Tensor row{&b.graph(), b.graph().add_input(x.fact(), PortRole::Argument, "row")};
    const Tensor sum = binary(b, ElementwiseKind::Add, c, row);
    b.graph().outputs = {{sum.id, PortRole::Argument, "c"}, {reduce(b, ReduceKind::Sum, sum, {0}, false).id, PortRole::Argument, "total"}};
    b.leave_region();
    const Tensor operands[] = {x, rows};
    const std::vector<Tensor> results = b.loop({region, Dim::named("n"), 1, 1, true}, operands);
    CHECK(to_string(results[0].fact()) == "float32[3]");
    CHECK(to_string(results[1].fact()) == "float32[n]");
    t.output(results[1]);
    CHECK(verify(t.graph, t.dims).empty());
    CHECK(print(t.graph).find("loop(%0, %1) region=0 length=n carried=1 sliced=1 reverse=true : float32[3], float32[n]") != std::string::npos);
    substitute(t.graph, {{"n", 4}});
    CHECK(to_string(t.graph.fact(results[1].id)) == "float32[4]");
    CHECK(std::get<LoopAttributes<Dim>>(t.graph.nodes[0].attributes).length == Dim(4));
    t.graph.regions[0]->outputs[0] = t.graph.regions[0]->outputs[1];
    CHECK(verify(t.graph, t.dims).back() == "node 0 (loop) changes the type of what it carries");
  }

}  // TEST_SUITE
}  // namespace linenc::graph
