#include <functional>
#include <limits>

#include "tests/runtime/plan/plan_fixture.h"
#include "tests/runtime/plan/plan_gallery.h"

namespace linenc::test {
namespace {

std::string problems(const Plan& plan) {
  std::string text;
  for (const std::string& problem : verify(plan)) text += problem + "\n";
  return text;
}

struct Row {
  std::function<void(Plan&)> spoil;
  std::string problem;
};

TEST_SUITE("runtime/plan/verify") {
  TEST_CASE("a plan that is right has no problems") { CHECK(problems(small_plan()) == ""); }

  TEST_CASE("what is wrong with places, ports and calls is found") {
    const auto dense = [](Plan& plan) -> Program& { return plan.programs[0]; };
    const auto apply = [](Plan& plan) -> Program& { return plan.programs[1]; };
    for (const Row& row : {
             Row{[](Plan& p) { p.entry = 2; }, "the plan has no program to run"},
             Row{[&](Plan& p) { dense(p).callee_frames.pop_back(); }, "has frames of calls for another number of steps"},
             Row{[&](Plan& p) { dense(p).values[3].offset = 32; }, "value 3 is not aligned"},
             Row{[&](Plan& p) { dense(p).values[3].offset = 128; }, "value 3 reaches out of the arena"},
             Row{[&](Plan& p) { dense(p).values[3].offset = ~std::uint64_t{63}; }, "value 3 reaches out of the arena"},
             Row{[&](Plan& p) { dense(p).values[2].offset = 128; }, "value 2 reaches out of the constants"},
             Row{[&](Plan& p) {
                   dense(p).values[3].shape = {-1, 4};
                 },
                 "value 3 has the shape [-1, 4], which is out of range"},
             Row{[&](Plan& p) {
                   dense(p).values[3].shape = {std::int64_t{1} << 40, std::int64_t{1} << 40};
                 },
                 "which is out of range"},
             Row{[&](Plan& p) { dense(p).values[3].shape.assign(40, 1); }, "which is out of range"},
             Row{[&](Plan& p) { dense(p).values[3].dtype = DType::Float64; }, "has a dtype that no kernel computes with"},
             Row{[&](Plan& p) { dense(p).values[3].first_step = 2; }, "value 3 ends before it begins"},
             Row{[&](Plan& p) { dense(p).values[3].last_step = 0; }, "reads value 3 outside of its life"},
             Row{[&](Plan& p) { dense(p).inputs[0].value = 9; }, "value 0 stands for an input that is another value"},
             Row{[&](Plan& p) { dense(p).outputs[0].value = 3; }, "output 0 `y` has no value of its own"},
             Row{[&](Plan& p) { dense(p).outputs[0].value = 0; }, "value 4 lies in an output of another size"},
             Row{[&](Plan& p) { dense(p).steps[0].inputs[1] = 77; }, "step 0 (dot_general) uses value 77, which does not exist"},
             Row{[&](Plan& p) { dense(p).steps[0].inputs[0] = 3; }, "reads value 3 before it is written"},
             Row{[&](Plan& p) { dense(p).steps[1].outputs[0] = 3; }, "writes value 3 a second time"},
             Row{[&](Plan& p) { dense(p).steps[1].outputs[0] = 0; }, "writes to an input or a constant"},
             Row{[&](Plan& p) { dense(p).steps.pop_back(), dense(p).callee_frames.pop_back(); }, "output 0 `y` is never written"},
             Row{[&](Plan& p) { dense(p).steps[0].op = static_cast<OpKind>(200); }, "step 0 is no op"},
             Row{[&](Plan& p) { dense(p).steps[0].origin = 5; }, "has an origin that does not exist"},
             Row{[&](Plan& p) { dense(p).steps[0].attributes = NoAttributes{}; }, "step 0 (dot_general) has the attributes of another op"},
             Row{[&](Plan& p) { std::get<DotAttributes>(dense(p).steps[0].attributes).a_contract = {0}; },
                 "pairs axis 0 of [2, 3] with axis 0 of [3, 4]"},
             Row{[&](Plan& p) { std::get<DotAttributes>(dense(p).steps[0].attributes).a_contract = {2}; }, "names axis 2 of [2, 3]"},
             Row{[&](Plan& p) { apply(p).callee_frames[0] = 0; }, "has a frame that overlaps value 2"},
             Row{[&](Plan& p) { apply(p).callee_frames[0] = 192; }, "has a frame that reaches out of the arena"},
             Row{[&](Plan& p) { apply(p).callee_frames[1] = 64; }, "has a frame, but calls nothing"},
             Row{[&](Plan& p) { std::get<CallAttributes>(apply(p).steps[0].attributes).program = 7; }, "calls a program that does not exist"},
             Row{[&](Plan& p) {
                   apply(p).steps = {{OpKind::Call, CallAttributes{1, false}, {0, 1}, {3}, 0}};
                   apply(p).values[3].first_step = apply(p).values[3].last_step = 0;
                   apply(p).callee_frames = {0};
                   apply(p).arena_bytes = 0;
                   apply(p).values[2].shape = {0};
                 },
                 "program 1 `apply` calls itself"},
             Row{[&](Plan& p) {
                   apply(p).values[2].shape = {4, 2}, apply(p).values[3].shape = {4, 2};
                 },
                 "does not fit program 0 `dense`"},
         }) {
      Plan plan = small_plan();
      row.spoil(plan);
      CAPTURE(row.problem);
      CHECK(problems(plan).find(row.problem) != std::string::npos);
    }
  }

  TEST_CASE("a loop fits the program that it runs") {
    Gallery gallery;
    gallery.loop();
    const Plan right = std::move(gallery).take();
    REQUIRE(problems(right) == "");
    using Loop = LoopAttributes<std::int64_t>;
    const auto loop = [](Plan& plan) -> Loop& { return std::get<Loop>(plan.programs[1].steps[0].attributes); };
    for (const Row& row : {
             Row{[&](Plan& p) { loop(p).length = 0; }, "does not fit program 0 `step`"},
             Row{[&](Plan& p) { loop(p).length = -3; }, "does not fit program 0 `step`"},
             Row{[&](Plan& p) { loop(p).length = 4; }, "does not fit program 0 `step`"},
             Row{[&](Plan& p) { loop(p).carried = 2; }, "does not fit program 0 `step`"},
             Row{[&](Plan& p) { loop(p).carried = -1; }, "does not fit program 0 `step`"},
             Row{[&](Plan& p) { loop(p).sliced = 2; }, "does not fit program 0 `step`"},
             Row{[&](Plan& p) { loop(p).sliced = std::numeric_limits<std::int64_t>::max(); }, "does not fit program 0 `step`"},
             Row{[&](Plan& p) { loop(p).program = 9; }, "calls a program that does not exist"},
             Row{[&](Plan& p) { loop(p).program = 1; }, "does not fit program 1 `apply`"},
             Row{[&](Plan& p) { p.programs[1].steps[0].op = OpKind::Call; }, "has the attributes of another op"},
             Row{[&](Plan& p) { p.programs[1].steps[0].attributes = NoAttributes{}; }, "has the attributes of another op"},
             Row{[&](Plan& p) {
                   p.programs[0].steps[0].attributes = Loop{0, 1, 0, 0, false};
                 },
                 "has the attributes of another op"},
             Row{[&](Plan& p) {
                   p.programs[1].values[4].shape = {1, 3};
                 },
                 ""},
         }) {
      Plan plan = right;
      row.spoil(plan);
      CAPTURE(row.problem);
      CHECK(problems(plan) != "");
      CHECK(problems(plan).find(row.problem) != std::string::npos);
    }
  }

  TEST_CASE("loops inside of loops that run too many steps are refused") {
    Gallery gallery;
    gallery.loop();
    Plan plan = std::move(gallery).take();
    Program& apply = plan.programs[1];
    std::get<LoopAttributes<std::int64_t>>(apply.steps[0].attributes).length = std::int64_t{1} << 22;
    apply.values[1].shape = apply.values[3].shape = {std::int64_t{1} << 22, 3};
    CHECK(problems(plan) == "the plan runs too many steps, or calls too deep\n");
  }

  // y = -(exp x) with both values in the arena at the given offsets.
  Plan chain(OpKind second, std::uint64_t offset_a, std::uint64_t offset_b, std::uint32_t last_a) {
    Plan plan;
    Program program;
    const Shape shape = {4, 4};
    program.values = {{DType::Float32, shape, Space::Input, 0, 0, 0},
                      {DType::Float32, shape, Space::Arena, offset_a, 0, last_a},
                      {DType::Float32, shape, Space::Arena, offset_b, 1, 2},
                      {DType::Float32, shape, Space::Output, 0, 2, 2}};
    program.inputs = {{"x", 0}};
    program.outputs = {{"y", 3}};
    program.arena_bytes = 192;
    program.callee_frames = {0, 0, 0};
    const Attributes negate = ElementwiseAttributes{ElementwiseKind::Negate};
    program.steps = {{OpKind::Elementwise, negate, {0}, {1}, 0},
                     {second, second == OpKind::Transpose ? Attributes{TransposeAttributes{{1, 0}}} : negate, {1}, {2}, 0},
                     {OpKind::Elementwise, negate, {2}, {3}, 0}};
    plan.programs = {program};
    return plan;
  }

  TEST_CASE("values share memory only where a step may write over its operand") {
    CHECK(problems(chain(OpKind::Elementwise, 0, 0, 1)) == "");
    CHECK(problems(chain(OpKind::Elementwise, 0, 64, 1)) == "");
    CHECK(problems(chain(OpKind::Transpose, 0, 64, 1)) == "");
    CHECK(problems(chain(OpKind::Transpose, 0, 0, 1)).find("value 2 overlaps value 1") != std::string::npos);
    CHECK(problems(chain(OpKind::Elementwise, 0, 0, 2)).find("value 2 overlaps value 1") != std::string::npos);
  }

  TEST_CASE("programs that call one another many times over are refused") {
    Plan plan = small_plan();
    for (int i = 0; i < 30; ++i) {
      Program twice = plan.programs[1];
      const std::uint32_t callee = static_cast<std::uint32_t>(plan.programs.size()) - 1;
      const std::uint64_t frame = plan.programs[callee].arena_bytes;
      twice.name = "twice";
      twice.values.push_back({DType::Float32, {2, 4}, Space::Arena, 64, 1, 1});
      twice.steps = {{OpKind::Call, CallAttributes{callee, false}, {0, 1}, {2}, 0},
                     {OpKind::Call, CallAttributes{callee, false}, {0, 1}, {4}, 0},
                     {OpKind::Elementwise, ElementwiseAttributes{ElementwiseKind::Exp}, {2}, {3}, 0}};
      twice.values[2].last_step = 2;
      twice.values[3].first_step = twice.values[3].last_step = 2;
      twice.callee_frames = {128, 128, 0};
      twice.arena_bytes = 128 + frame;
      plan.programs.push_back(twice);
    }
    plan.entry = 2;
    CHECK(problems(plan) == "");
    plan.entry = static_cast<std::uint32_t>(plan.programs.size()) - 1;
    CHECK(problems(plan) == "the plan runs too many steps, or calls too deep\n");
  }

  TEST_CASE("sizes that do not multiply are refused without overflow") {
    constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
    const auto with = [](OpKind op, Attributes attributes, const std::vector<PlanValue>& operands, PlanValue result) {
      Plan plan;
      Program program;
      Step step{op, std::move(attributes), {}, {static_cast<std::uint32_t>(operands.size())}, 0};
      program.values = operands;
      for (std::uint32_t i = 0; i < operands.size(); ++i) {
        program.values[i].space = Space::Input;
        program.values[i].offset = i;
        program.inputs.push_back({"x", i});
        step.inputs.push_back(i);
      }
      result.space = Space::Output;
      result.offset = 0;
      program.values.push_back(result);
      program.outputs = {{"y", static_cast<std::uint32_t>(operands.size())}};
      program.steps = {step};
      program.callee_frames = {0};
      plan.programs = {program};
      return problems(plan);
    };
    const PlanValue x{DType::Float32, {2, 5, 3}}, kernel{DType::Float32, {2, 3, 4}}, scalar{DType::Float32, {}};
    ConvolutionAttributes<std::int64_t> c;
    c.strides = {1}, c.low = {kHuge}, c.high = {kHuge}, c.input_dilation = {kHuge}, c.kernel_dilation = {1};
    CHECK(with(OpKind::Convolution, c, {x, kernel}, {DType::Float32, {2, 5, 4}}).find("out of range") != std::string::npos);
    CHECK(with(OpKind::Slice, SliceAttributes<std::int64_t>{{kHuge, 0, 0}, {kHuge, 1, 1}}, {x}, {DType::Float32, {2, 5, 3}}).find("past its end") !=
          std::string::npos);
    CHECK(with(OpKind::Pad, PadAttributes<std::int64_t>{{kHuge, 0, 0}, {0, 0, 0}, {0, 0, 0}}, {x, scalar}, {DType::Float32, {2, 5, 3}})
              .find("padding out of range") != std::string::npos);
    CHECK(with(OpKind::TopK, TopKAttributes<std::int64_t>{kHuge}, {x}, {DType::Float32, {2, 5, 3}}) != "");
    CHECK(with(OpKind::Gather, GatherAttributes{1, 2, GatherMode::Clip}, {x, {DType::Int32, {2}}}, x) != "");
    c.low = c.high = {0}, c.input_dilation = {1}, c.batch_groups = 2;
    CHECK(with(OpKind::Convolution, c, {x, kernel}, {DType::Float32, {2, 4, 4}}).find("groups of the batch") != std::string::npos);
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
