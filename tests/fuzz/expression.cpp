// Expressions: written down and parsed again they are the same tree; integer arithmetic on numbers is that of 128 bits where it
// fits into 64, and refused where it does not; whatever else they name is computed or refused.
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/unit.h"
#include "compiler/syntax/expression_parser.h"
#include "compiler/syntax/parser.h"
#include "tests/fuzz/diagnostics_claims.h"
#include "tests/fuzz/print_source.h"

using namespace linenc;
using namespace linenc::fuzz;
using syntax::Expr;
using syntax::ExprKind;
using syntax::ExprOp;

namespace {

// A text over a whole file, read as an expression.
struct Parsed {
  explicit Parsed(std::string text) {
    const source::FileId file = sources.add("expression", text);
    node.plain = false;
    node.span = {file, 0, static_cast<std::uint32_t>(text.size())};
    node.text = std::move(text);
    expr = parse_expression(node, 0, diagnostics);
  }
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  syntax::Node node;
  syntax::ExprPtr expr;
};

bool is_too_deep(const diagnostics::Diagnostics& diagnostics) {
  return diagnostics.all().size() == 1 &&
         (diagnostics.all()[0].code == diagnostics::Code::NestingTooDeep || diagnostics.all()[0].code == diagnostics::Code::TooLarge);
}

void require_parsed_again(const Expr& expr) {
  const auto text = SourcePrinter::print(expr);
  if (!text) return;
  const Parsed again(*text);
  if (again.expr == nullptr && is_too_deep(again.diagnostics)) return;  // parentheses count
  if (again.expr == nullptr || print(*again.expr) != print(expr)) std::fprintf(stderr, "%s\n", text->c_str());
  require(again.expr != nullptr, "an expression written down is parsed");
  require(print(*again.expr) == print(expr), "as the same tree");
}

// --- the reference: Python's integers, as far as 64 bits go ---

struct Number {
  bool known = false;    // arithmetic on integers alone
  bool refused = false;  // leaves 64 bits, or divides by zero, somewhere
  Wide value = 0;
};

constexpr Wide kLeast = -(Wide{1} << 63), kMost = (Wide{1} << 63) - 1;

Wide floor_divide(Wide a, Wide b) { return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0); }

Number bounded(Wide value) { return {true, value < kLeast || value > kMost, value}; }

Number compute(ExprOp op, Wide a, Wide b) {
  switch (op) {
    case ExprOp::Add: return bounded(a + b);
    case ExprOp::Subtract: return bounded(a - b);
    case ExprOp::Multiply: return bounded(a * b);
    case ExprOp::FloorDivide: return b == 0 ? Number{true, true, 0} : bounded(floor_divide(a, b));
    case ExprOp::Modulo: return b == 0 ? Number{true, true, 0} : bounded(a - floor_divide(a, b) * b);
    case ExprOp::BitAnd: return bounded(a & b);
    case ExprOp::BitOr: return bounded(a | b);
    case ExprOp::BitXor: return bounded(a ^ b);
    case ExprOp::ShiftLeft:
      if (b < 0) return {true, true, 0};
      return b > 63 ? (a == 0 ? bounded(0) : Number{true, true, 0}) : bounded(a * (Wide{1} << static_cast<int>(b)));
    case ExprOp::ShiftRight: return b < 0 ? Number{true, true, 0} : bounded(a >> static_cast<int>(b > 100 ? 100 : b));
    default: return {};
  }
}

Number compute(const Expr& expr) {
  if (expr.kind == ExprKind::Integer) return bounded(expr.integer);
  if (expr.kind == ExprKind::Unary) {
    const Number operand = compute(*expr.children[0]);
    if (!operand.known || operand.refused) return operand;
    return bounded(expr.op == ExprOp::Negate ? -operand.value : expr.op == ExprOp::Invert ? ~operand.value : operand.value);
  }
  if (expr.kind != ExprKind::Binary) return {};
  const Number left = compute(*expr.children[0]), right = compute(*expr.children[1]);
  if (!left.known || !right.known) return {};
  Number result = compute(expr.op, left.refused ? 0 : left.value, right.refused ? 0 : right.value);
  result.refused = result.refused || left.refused || right.refused;
  return result;
}

// --- evaluation, with a tensor, named sizes and a record in sight ---

constexpr const char* kFile =
    "linenc: 1\nconfig: {a: 3, b: [1, 2.5], c: {d: x, e: none}}\ninputs: {x: 'float32[n, 4]'}\nmodel: {Dense: {features: 2}}\n";

void evaluate_with_names(const Parsed& parsed) {
  static source::SourceSet file_sources;
  static diagnostics::Diagnostics file_reports;
  static const std::shared_ptr<const syntax::Tree> tree = syntax::parse(file_sources.add("model.yaml", kFile), file_sources, file_reports);

  diagnostics::Diagnostics reports;
  graph::Graph graph;
  graph::Origins origins;
  graph::DimContext dims;
  graph::Builder builder(graph, reports, origins, dims);
  const graph::Site site{};
  const graph::SiteGuard guard(builder, site);
  catalog::Context context(builder, true, catalog::Filter{true, {}});
  context.budget.steps = 20'000;
  context.budget.nodes = 20'000;
  std::vector<elaborate::Override> overrides;
  const elaborate::Unit unit(context, tree, overrides, {});
  elaborate::Frame frame(unit);
  graph::Fact fact;
  fact.shape = {graph::Dim::named("n"), graph::Dim(4)};
  frame.bind("x", graph::Tensor{&graph, graph.add_input(fact, graph::PortRole::Argument, "x")});
  frame.bind("n", graph::Dim::named("n"));
  frame.bind("k", 5);
  const Number expected = compute(*parsed.expr);
  std::optional<catalog::Value> value;
  try {
    value = evaluate(context, frame, *parsed.expr);
    (void)catalog::repr(*value);
  } catch (const graph::Failed&) {
    require(reports.has_errors(), "what fails is reported");
  }
  require_well_told(reports, parsed.sources);
  if (!expected.known) return;
  require(value.has_value() == !expected.refused, "integers that leave 64 bits are refused, and no others");
  if (!value) return;
  require(value->integer() != nullptr && value->integer()->constant().has_value(), "integers give an integer");
  require(*value->integer()->constant() == expected.value, "the integer of exact arithmetic");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Parsed parsed{std::string(text_of_input(data, size))};
  require((parsed.expr == nullptr) == parsed.diagnostics.has_errors(), "an expression, or a report");
  require_well_told(parsed.diagnostics, parsed.sources);
  if (parsed.expr == nullptr || !runtime::is_utf8(text_of_input(data, size))) return 0;
  require_parsed_again(*parsed.expr);
  evaluate_with_names(parsed);
  return 0;
}
