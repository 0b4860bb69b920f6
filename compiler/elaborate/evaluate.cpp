// Walks an expression; operators and attributes are in files of their own.
// Tested by tests/compiler/elaborate/operators_test.cpp.
#include "compiler/elaborate/evaluate.h"

#include <algorithm>
#include <cstdio>

#include "compiler/catalog/numpy.h"
#include "compiler/catalog/positional_only.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/format_spec.h"
#include "compiler/elaborate/unit.h"
#include "compiler/syntax/meant_text.h"

namespace linenc::elaborate {

using catalog::FunctionPtr;
using syntax::CallArgument;
using syntax::ExprKind;
using syntax::ExprOp;

namespace {

Value evaluate_constant(const Expr& expr) {
  if (expr.text == "true") return true;
  if (expr.text == "false") return false;
  if (expr.text == "...") return catalog::Ellipsis{};
  return catalog::None{};
}

Value evaluate_name(Context& context, const Frame& frame, const Expr& expr) { return frame.lookup(context, expr.text, expr.span); }

Value evaluate_items(Context& context, const Frame& frame, const Expr& expr) {
  List items;
  for (const auto& child : expr.children) {
    add_element(context, frame, *child, items);
    if (!items.empty() && items.back().is_poison()) return Poison{};
  }
  return items;
}

Value evaluate_dict(Context& context, const Frame& frame, const Expr& expr) {
  Map map;
  const auto put = [&](const Value& key, Value value) {
    for (auto& [old_key, old_value] : map) {
      if (!catalog::same(old_key, key)) continue;
      old_value = std::move(value);
      return;
    }
    map.emplace_back(key, std::move(value));
  };
  for (std::size_t i = 0; i + 1 < expr.children.size(); i += 2) {
    const Expr& key = *expr.children[i];
    if (key.kind == ExprKind::Star) {
      const Value spliced = evaluate(context, frame, *key.children[0]);
      if (spliced.is_poison()) return Poison{};
      if (spliced.map() == nullptr) context.fail(Code::WrongType, key.span, concat("`**` wants a map, and this is ", catalog::kind(spliced)));
      for (const auto& [k, v] : *spliced.map()) put(k, v);
      continue;
    }
    const Value key_value = evaluate_static(context, frame, key, "a key");
    Value value = evaluate(context, frame, *expr.children[i + 1]);
    if (value.is_poison()) return Poison{};
    put(key_value, std::move(value));
  }
  return map;
}

// Targets of comprehensions stand in the expression tree as names and tuples.
void bind_expression_target(Context& context, Frame& frame, const Expr& target, const Value& value) {
  if (target.kind == ExprKind::Name) {
    if (target.text != "_") frame.bind(target.text, value);
    return;
  }
  if (target.kind != ExprKind::Tuple && target.kind != ExprKind::List) {
    context.fail(Code::ExpressionSyntax, target.span, "a name, or names with commas, is wanted here");
  }
  const List parts = iterate(context, value, target.span, "unpacking");
  if (parts.size() != target.children.size()) {
    context.fail(Code::WrongArguments, target.span, concat(parts.size(), " parts for ", target.children.size(), " names"));
  }
  for (std::size_t i = 0; i < parts.size(); ++i) bind_expression_target(context, frame, *target.children[i], parts[i]);
}

Value evaluate_comprehension(Context& context, const Frame& frame, const Expr& expr) {
  const Value over = evaluate(context, frame, *expr.children[2]);
  if (over.is_poison()) return over;
  List result;
  for (const Value& item : iterate(context, over, expr.children[2]->span, "a comprehension")) {
    context.step();
    Frame inner(&frame);
    bind_expression_target(context, inner, *expr.children[1], item);
    if (expr.children.size() > 3) {
      const Value test = evaluate(context, inner, *expr.children[3]);
      if (!is_true(context, test, expr.children[3]->span, "`if`")) continue;
    }
    result.push_back(evaluate(context, inner, *expr.children[0]));
    if (result.back().is_poison()) return Poison{};
  }
  return result;
}

// `sizes_by_name`: a size without a number may stand as its name, as in a message.
std::string evaluate_fstring(Context& context, const Frame& frame, const Expr& expr, bool sizes_by_name) {
  std::string text;
  for (const auto& part : expr.children) {
    if (part->kind == ExprKind::Formatted) {
      const Value value = evaluate_static(context, frame, *part->children[0], "a text with `{…}`");
      const std::string spec = part->children.size() > 1 ? evaluate_fstring(context, frame, *part->children[1], false) : part->text;
      // Truth values and none are spelt as in the language.
      const bool spelt = spec.empty() && (value.is_none() || value.boolean() != nullptr || sizes_by_name);
      text += spelt ? catalog::display(value) : format_value(context, value, spec, part->span);
    } else {
      text += part->text;
    }
  }
  return text;
}

std::string source_text(const Frame& frame, const Expr& expr) {
  // Only short pieces are quoted in messages; the picture shows the rest.
  (void)frame;
  return expr.kind == ExprKind::Name ? expr.text : std::string();
}

Value evaluate_binary(Context& context, const Frame& frame, const Expr& expr) {
  const Value left = evaluate(context, frame, *expr.children[0]);
  const Value right = evaluate(context, frame, *expr.children[1]);
  if (left.is_poison() || right.is_poison()) return Poison{};
  const graph::Site site{
      expr.span,
      concat("`", syntax::spelling(expr.op), "`"),
      {{expr.children[0]->span, source_text(frame, *expr.children[0])}, {expr.children[1]->span, source_text(frame, *expr.children[1])}}};
  const graph::SiteGuard guard(context.builder, site);
  return binary_operator(context, expr.op, left, right, expr.span);
}

Value evaluate_compare(Context& context, const Frame& frame, const Expr& expr) {
  Value left = evaluate(context, frame, *expr.children[0]);
  Value result = true;
  const bool chain = expr.ops.size() > 1;
  for (std::size_t i = 0; i < expr.ops.size(); ++i) {
    if (chain && i > 0 && !is_true(context, result, expr.span, "a chained comparison")) return result;
    Value right = evaluate(context, frame, *expr.children[i + 1]);
    const graph::Site site{
        expr.span, concat("`", syntax::spelling(expr.ops[i]), "`"), {{expr.children[i]->span, ""}, {expr.children[i + 1]->span, ""}}};
    const graph::SiteGuard guard(context.builder, site);
    result = compare_operator(context, expr.ops[i], left, right, expr.span);
    if (result.is_poison()) return result;
    left = std::move(right);
  }
  if (chain && result.has_tensor()) context.fail(Code::NotStatic, expr.span, "a chained comparison needs static values, and this is a tensor");
  return result;
}

Value evaluate_logic(Context& context, const Frame& frame, const Expr& expr) {
  const bool is_and = expr.kind == ExprKind::And;
  for (std::size_t i = 0; i + 1 < expr.children.size(); ++i) {
    Value value = evaluate(context, frame, *expr.children[i]);
    if (value.is_poison()) return value;
    if (is_true(context, value, expr.children[i]->span, is_and ? "`and`" : "`or`") != is_and) return value;
  }
  return evaluate(context, frame, *expr.children.back());
}

Value slice_bound(Context& context, const Frame& frame, const Expr* expr) {
  return expr == nullptr ? Value() : evaluate_static(context, frame, *expr, "a slice bound");
}

Value evaluate_slice(Context& context, const Frame& frame, const Expr& expr) {
  catalog::Slice slice;
  slice.begin = slice_bound(context, frame, expr.children[0].get());
  slice.end = slice_bound(context, frame, expr.children[1].get());
  slice.step = slice_bound(context, frame, expr.children[2].get());
  return std::make_shared<const catalog::Slice>(std::move(slice));
}

Value evaluate_subscript(Context& context, const Frame& frame, const Expr& expr) {
  const Value value = evaluate(context, frame, *expr.children[0]);
  const Value index = evaluate(context, frame, *expr.children[1]);
  if (value.is_poison() || index.has_poison()) return Poison{};
  const graph::Site site{expr.span, "the index", {{expr.children[0]->span, ""}}};
  const graph::SiteGuard guard(context.builder, site);
  return subscript(context, value, index, expr.span);
}

Value evaluate_attribute(Context& context, const Frame& frame, const Expr& expr) {
  const Value value = evaluate(context, frame, *expr.children[0]);
  if (value.is_poison()) return value;
  const graph::Site site{expr.span, concat("`.", expr.text, "`"), {{expr.children[0]->span, ""}}};
  const graph::SiteGuard guard(context.builder, site);
  return attribute(context, value, expr.text, expr.name_span.exists() ? expr.name_span : expr.span);
}

// The arguments of a call; none where one is poisoned.
std::optional<Arguments> evaluate_arguments(Context& context, const Frame& frame, const Expr& expr) {
  Arguments arguments;
  arguments.place = expr.span;
  for (std::size_t i = 0; i < expr.arguments.size(); ++i) {
    const CallArgument& form = expr.arguments[i];
    const Expr& child = *expr.children[i + 1];
    Value value = evaluate(context, frame, child);
    if (value.has_poison()) return std::nullopt;
    switch (form.form) {
      case CallArgument::Form::Positional: arguments.positional.push_back({std::move(value), child.span, source_text(frame, child)}); break;
      case CallArgument::Form::Keyword:
        arguments.keywords.emplace_back(form.name, Arguments::Item{std::move(value), child.span, source_text(frame, child), form.name_span});
        break;
      case CallArgument::Form::Splice:
        for (Value& item : iterate(context, value, child.span, "a splice")) arguments.positional.push_back({std::move(item), child.span, ""});
        break;
      case CallArgument::Form::MapSplice:
        if (value.map() == nullptr) context.fail(Code::WrongType, child.span, concat("`**` wants a map, and this is ", catalog::kind(value)));
        for (const auto& [key, item] : *value.map()) arguments.keywords.emplace_back(catalog::display(key), Arguments::Item{item, child.span, ""});
        break;
    }
  }
  return arguments;
}

// Where the operands of a call's ops stand: its arguments, or the elements of the list that it joins.
std::vector<graph::Site::Operand> operands_of(const Frame& frame, const Expr& call, const Arguments& arguments) {
  std::vector<graph::Site::Operand> operands;
  const Expr* first = call.children.size() > 1 ? call.children[1].get() : nullptr;
  const auto is_array = [](const Arguments::Item& item) { return item.value.has_tensor(); };
  const bool is_list = first != nullptr && (first->kind == ExprKind::List || first->kind == ExprKind::Tuple) &&
                       std::count_if(arguments.positional.begin(), arguments.positional.end(), is_array) == 1;
  if (is_list && std::none_of(first->children.begin(), first->children.end(), [](const auto& part) { return part->kind == ExprKind::Star; })) {
    for (const auto& part : first->children) operands.push_back({part->span, source_text(frame, *part)});
    return operands;
  }
  for (const auto& item : arguments.positional) operands.push_back({item.place, item.text});
  return operands;
}

// `np.float32(x)` stays a static array.
bool is_of_numpy(const Expr& callee) {
  return callee.kind == ExprKind::Attribute && callee.children[0]->kind == ExprKind::Name && callee.children[0]->text == "np";
}

Value cast(Context& context, DType dtype, const Arguments& arguments, bool is_static, Span place) {
  if (arguments.positional.size() != 1 || !arguments.keywords.empty()) {
    context.fail(Code::WrongArguments, place, concat("`", name(dtype), "` casts one value"));
  }
  const Value& value = arguments.positional[0].value;
  if (!is_static || value.has_tensor()) return catalog::to_tensor(context, value, dtype, place);
  return std::make_shared<const catalog::StaticArray>(catalog::cast(*catalog::to_static_array(context, value, place), dtype));
}

// `Dense(6)` as the statement `Dense: {features: 6}`; with `…` where the fields cannot be told.
std::string as_statement(const catalog::ModuleType& type, const Expr& call) {
  const std::vector<catalog::FieldInfo>& fields = type.fields();
  const Expr& function = *call.children[0];
  const std::string name = function.kind == ExprKind::Name ? function.text : type.class_name();
  std::string written;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const CallArgument& argument = call.arguments[i];
    const Expr& value = *call.children[i + 1];
    const bool literal = value.kind == ExprKind::Integer || value.kind == ExprKind::Float || value.kind == ExprKind::Constant;
    const bool keyword = argument.form == CallArgument::Form::Keyword;
    const bool known = keyword || (argument.form == CallArgument::Form::Positional && i < fields.size());
    if (!known || (!literal && value.kind != ExprKind::Name)) {
      return concat(name, ": {", fields.empty() ? std::string("…") : fields[0].name, ": …}");
    }
    written += concat(i > 0 ? ", " : "", keyword ? argument.name : fields[i].name, literal ? ": " : ": =", syntax::print(value));
  }
  return written.empty() ? name : concat(name, ": {", written, "}");
}

// What a call would hand on as a statement.
std::string input_of(const Expr& call) {
  const bool one_input = call.children.size() == 2 && call.arguments[0].form == CallArgument::Form::Positional;
  return one_input ? concat("`in: ", syntax::print(*call.children[1]), "`") : "`in`";
}

// `Dense(6)(x)`, of which `Dense(6)` is the callee: a module that is made and called.
void refuse_made_and_called(Context& context, const Frame& frame, const Expr& expr) {
  const Expr& made = *expr.children[0];
  if (made.kind != ExprKind::Call) return;
  const ExprKind form = made.children[0]->kind;
  if (form != ExprKind::Name && form != ExprKind::Attribute) return;
  const catalog::TemplatePtr found = evaluate(context, frame, *made.children[0]).module_template();
  if (!found) return;
  diagnostics::Report report =
      context.error(Code::NotPure, expr.span, concat("calling ", found->type->class_name(), " is a statement, not an expression"));
  report.help(concat("write `- ", as_statement(*found->type, made), "` with ", input_of(expr), " and `out: value` before it, and `value` here"));
  Context::throw_reported(report.emit());
}

Value evaluate_call(Context& context, const Frame& frame, const Expr& expr) {
  context.step();
  refuse_made_and_called(context, frame, expr);
  const Value callee = evaluate(context, frame, *expr.children[0]);
  std::optional<Arguments> arguments = evaluate_arguments(context, frame, expr);
  if (callee.is_poison() || !arguments) return Poison{};
  const Expr& function = *expr.children[0];
  graph::Site site{
      expr.span,
      function.kind == ExprKind::Name || function.kind == ExprKind::Attribute ? concat("`", function.text, "`") : std::string("this call"),
      {}};
  site.operands = operands_of(frame, expr, *arguments);
  const graph::SiteGuard guard(context.builder, site);
  if (const DType* dtype = callee.dtype()) return cast(context, *dtype, *arguments, is_of_numpy(function), expr.span);
  if (callee.module_template() || callee.instance()) {
    diagnostics::Report report =
        context.error(Code::NotPure, expr.span, concat("calling ", catalog::kind(callee), " is a statement, not an expression"));
    if (const catalog::TemplatePtr found = callee.module_template()) {
      const std::string written = as_statement(*found->type, expr);
      report.help(concat("its fields are a map: write `- ", written, "`, or `{", written, "}` where a module is wanted"));
    } else {
      const bool is_name = function.kind == ExprKind::Name;
      report.help(concat("write `- ", is_name ? concat(function.text, ":") : concat("call: ", syntax::in_quotes(syntax::print(function))), "` with ",
                         input_of(expr), " and `out: value` before it, and `value` here"));
    }
    Context::throw_reported(report.emit());
  }
  const FunctionPtr called = callee.function();
  if (!called) {
    const bool is_size = function.kind == ExprKind::Attribute && function.text == "size";
    context.fail(Code::WrongType, function.span,
                 concat(catalog::kind(callee), " is not a function", is_size ? "; the size of one axis is `x.shape[0]`" : ""));
  }
  if (called->is_statement()) {
    diagnostics::Report report = context.error(Code::NotPure, expr.span, concat("calling `", called->name(), "` is a statement, not an expression"));
    report.help(concat("write `- ", called->name(), ":` with `in` and `out: value` before it, and `value` here"));
    Context::throw_reported(report.emit());
  }
  catalog::refuse_names_of_places(context, *called, *arguments);
  return called->call(context, *arguments);
}

class Lambda final : public catalog::Function {
 public:
  Lambda(const Expr& expr, Frame frame, List defaults) : expr_(expr), frame_(std::move(frame)), defaults_(std::move(defaults)) {}
  [[nodiscard]] std::string name() const override { return "lambda"; }
  [[nodiscard]] std::vector<std::string> parameters() const override { return expr_.parameters; }
  Value call(Context& context, const Arguments& arguments) const override {
    context.step();
    const std::vector<std::string>& names = expr_.parameters;
    Frame inner(&frame_);
    std::vector<bool> bound(names.size(), false);
    const auto wrong = [&](const std::string& why) {
      std::string list;
      for (const std::string& n : names) list += (list.empty() ? "" : ", ") + n;
      context.fail(Code::WrongArguments, concat("this lambda takes (", list, "), ", why));
    };
    if (arguments.positional.size() > names.size()) wrong(concat(arguments.positional.size(), " arguments given"));
    for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
      inner.bind(names[i], arguments.positional[i].value);
      bound[i] = true;
    }
    for (const auto& [keyword, item] : arguments.keywords) {
      std::size_t i = 0;
      while (i < names.size() && names[i] != keyword) ++i;
      if (i == names.size()) wrong(concat("not `", keyword, "`"));
      inner.bind(keyword, item.value);
      bound[i] = true;
    }
    const std::size_t first_default = names.size() - defaults_.size();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (bound[i]) continue;
      if (i < first_default) wrong(concat("`", names[i], "` is missing"));
      inner.bind(names[i], defaults_[i - first_default]);
    }
    return evaluate(context, inner, *expr_.children[0]);
  }

 private:
  const Expr& expr_;
  Frame frame_;
  List defaults_;
};

Value evaluate_lambda(Context& context, const Frame& frame, const Expr& expr) {
  List defaults;
  for (std::size_t i = 1; i < expr.children.size(); ++i) defaults.push_back(evaluate(context, frame, *expr.children[i]));
  // The frame is copied flat: a lambda may outlive the body that wrote it, and sees the values of now.
  return FunctionPtr(std::make_shared<Lambda>(expr, frame.snapshot(), std::move(defaults)));
}

Value evaluate_kind(Context& context, const Frame& frame, const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Integer: return Dim(expr.integer);
    case ExprKind::Float: return expr.number;
    case ExprKind::String: return expr.text;
    case ExprKind::FString: return evaluate_fstring(context, frame, expr, false);
    case ExprKind::Formatted: return evaluate(context, frame, *expr.children[0]);
    case ExprKind::Constant: return evaluate_constant(expr);
    case ExprKind::Name: return evaluate_name(context, frame, expr);
    case ExprKind::Tuple:
    case ExprKind::List: return evaluate_items(context, frame, expr);
    case ExprKind::Star: context.fail(Code::ExpressionSyntax, expr.span, "a splice stands inside a list or a call only");
    case ExprKind::Dict: return evaluate_dict(context, frame, expr);
    case ExprKind::Comprehension: return evaluate_comprehension(context, frame, expr);
    case ExprKind::Unary: {
      const Value operand = evaluate(context, frame, *expr.children[0]);
      const graph::Site site{expr.span, concat("`", syntax::spelling(expr.op), "`"), {{expr.children[0]->span, ""}}};
      const graph::SiteGuard guard(context.builder, site);
      return unary_operator(context, expr.op, operand, expr.span);
    }
    case ExprKind::Binary: return evaluate_binary(context, frame, expr);
    case ExprKind::And:
    case ExprKind::Or: return evaluate_logic(context, frame, expr);
    case ExprKind::Not: {
      const Value operand = evaluate(context, frame, *expr.children[0]);
      if (operand.is_poison()) return operand;
      return !is_true(context, operand, expr.span, "`not`");
    }
    case ExprKind::Compare: return evaluate_compare(context, frame, expr);
    case ExprKind::IfElse: {
      const Value test = evaluate(context, frame, *expr.children[0]);
      if (test.is_poison()) return test;
      return evaluate(context, frame, *expr.children[is_true(context, test, expr.children[0]->span, "`if`") ? 1 : 2]);
    }
    case ExprKind::Attribute: return evaluate_attribute(context, frame, expr);
    case ExprKind::Subscript: return evaluate_subscript(context, frame, expr);
    case ExprKind::Slice: return evaluate_slice(context, frame, expr);
    case ExprKind::Call: return evaluate_call(context, frame, expr);
    case ExprKind::Lambda: return evaluate_lambda(context, frame, expr);
  }
  return Poison{};
}

// Expressions inside of each other, those of functions that they call included: each takes of the stack, which is the thread's.
class Nesting {
 public:
  static constexpr int kLimit = 2000;
  Nesting(Context& context, const Expr& expr) {
    if (used_ == kLimit)
      context.fail(Code::LimitExceeded, expr.span, concat("expressions and the functions that they call are nested more than ", kLimit, " deep"));
    ++used_;
  }
  ~Nesting() { --used_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

 private:
  static thread_local int used_;
};
thread_local int Nesting::used_ = 0;

// L9. Values share their parts: a list that holds another one twice, and so on, is small in memory and endless to walk.
class Items {
 public:
  enum class Verdict : std::uint8_t { Fits, TooMany, TooDeep };
  static constexpr std::size_t kLimit = std::size_t{1} << 20;
  static constexpr int kDepth = 64;

  std::size_t count = 0;
  Verdict add(const Value& value, int depth = 0) {
    if (const List* list = value.list()) {
      for (const Value& item : *list) {
        if (const Verdict verdict = add_item(item, depth); verdict != Verdict::Fits) return verdict;
      }
    } else if (const Map* map = value.map()) {
      for (const auto& [key, item] : *map) {
        if (const Verdict verdict = add_item(item, depth); verdict != Verdict::Fits) return verdict;
      }
    }
    return Verdict::Fits;
  }

 private:
  Verdict add_item(const Value& item, int depth) {
    count += 1 + (item.text() != nullptr ? item.text()->size() / 16 : 0);
    if (count > kLimit) return Verdict::TooMany;
    return depth == kDepth ? Verdict::TooDeep : add(item, depth + 1);
  }
};

void check_size(Context& context, const Value& value, Span place) {
  if (const std::string* text = value.text(); text != nullptr && text->size() > Items::kLimit) {
    context.fail(Code::LimitExceeded, place, "this text would have more than 1,048,576 bytes");
  }
  Items items;
  const Items::Verdict verdict = items.add(value);
  if (verdict == Items::Verdict::TooMany)
    context.fail(Code::LimitExceeded, place, "this list would have more than 1,048,576 items, those of its items included");
  if (verdict == Items::Verdict::TooDeep)
    context.fail(Code::LimitExceeded, place, concat("this list would be nested more than ", Items::kDepth, " deep"));
  context.step(items.count / 16);  // looking at one is cheaper than a step
}

}  // namespace

Value evaluate(Context& context, const Frame& frame, const Expr& expr) {
  context.step();
  const Nesting nesting(context, expr);
  Value value = evaluate_kind(context, frame, expr);
  check_size(context, value, expr.span);
  return value;
}

Value evaluate_static(Context& context, const Frame& frame, const Expr& expr, const std::string& what) {
  Value value = evaluate(context, frame, expr);
  if (value.has_poison()) throw Failed{};
  if (value.has_tensor()) {
    context.fail(Code::NotStatic, expr.span,
                 concat(what, " needs a static value, and this is ", catalog::kind(value), ": see `where`, `scan`, `cond`"));
  }
  return value;
}

bool is_true(Context& context, const Value& value, Span place, const std::string& what) {
  if (value.has_poison()) throw Failed{};
  if (value.has_tensor()) {
    context.fail(Code::NotStatic, place, concat(what, " needs a static value, and this is ", catalog::kind(value), ": see `where`, `scan`, `cond`"));
  }
  if (const catalog::ArrayPtr array = value.array()) return catalog::numpy_truth(context, *array, place);
  if (const Dim* dim = value.integer(); dim != nullptr && !dim->is_constant()) {
    return is_true(context, compare_operator(context, ExprOp::NotEqual, *dim, Dim(0), place), place, what);
  }
  return catalog::truth(value);
}

std::string message_text(Context& context, const Frame& frame, const Expr& expr) {
  return expr.kind == ExprKind::FString ? evaluate_fstring(context, frame, expr, true) : expr.text;
}

void add_element(Context& context, const Frame& frame, const Expr& expr, List& items) {
  if (expr.kind != ExprKind::Star) return items.push_back(evaluate(context, frame, expr));
  const Value spliced = evaluate(context, frame, *expr.children[0]);
  if (spliced.is_poison()) return items.push_back(spliced);
  for (Value& item : iterate(context, spliced, expr.span, "a splice")) items.push_back(std::move(item));
}

List iterate(Context& context, const Value& value, Span place, const std::string& what) {
  if (value.is_poison()) throw Failed{};
  if (auto items = catalog::iterated(value)) return *std::move(items);
  if (value.tensor() != nullptr) {
    context.fail(Code::NotStatic, place,
                 concat(what, " needs a static list, and this is ", catalog::kind(value),
                        ": see `scan`; `unstack` takes a tensor apart, and of static numbers `np.` makes a list"));
  }
  context.fail(Code::WrongType, place, concat(what, " needs a list, and this is ", catalog::kind(value)));
}

List parts_of(Context& context, const Value& value, Span place) {
  if (const Tensor* tensor = value.tensor()) {
    if (tensor->rank() == 0) context.fail(Code::WrongType, place, "a scalar has no parts");
    const auto count = tensor->dim(0).constant();
    if (!count)
      context.fail(Code::UnknownSize, place, concat("unpacking needs the number of parts, and `", tensor->dim(0).text(), "` has no size yet"));
    List parts;
    for (std::int64_t i = 0; i < *count; ++i) parts.push_back(subscript(context, value, Dim(i), place));
    return parts;
  }
  if (const catalog::ArrayPtr array = value.array(); array && array->rank() > 0) return catalog::rows(*array);
  if (value.list() == nullptr) context.fail(Code::WrongType, place, concat(catalog::kind(value), " cannot be taken apart"));
  return *value.list();
}

namespace {

// What is taken apart, where its parts are not as many as the names.
std::string taken_apart(const Value& value) {
  const List* list = value.list();
  const bool is_shape = list != nullptr && std::all_of(list->begin(), list->end(), [](const Value& item) { return item.integer() != nullptr; });
  if (is_shape) return concat(": ", catalog::repr(value));
  return value.tensor() != nullptr ? concat(": the rows of ", graph::to_string(value.tensor()->fact())) : std::string();
}

void bind_parts(Context& context, Frame& frame, const syntax::Target& target, const Value& value, Span place) {
  const List parts = parts_of(context, value, place);
  const std::size_t count = target.parts.size();
  std::size_t star = count;
  for (std::size_t i = 0; i < count; ++i) {
    if (target.parts[i].starred) star = i;
  }
  if (star == count ? parts.size() != count : parts.size() + 1 < count) {
    context.fail(Code::WrongArguments, target.span.exists() ? target.span : place,
                 concat(parts.size(), parts.size() == 1 ? " part for " : " parts for ", star == count ? count : count - 1,
                        star == count ? "" : " or more", " names", taken_apart(value)));
  }
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i != star) {
      bind_target(context, frame, target.parts[i], parts[next++], place);
      continue;
    }
    List rest;
    for (std::size_t n = parts.size() + 1 - count; n > 0; --n) rest.push_back(parts[next++]);
    if (target.parts[i].kind == syntax::Target::Kind::Name) frame.bind(target.parts[i].name, std::move(rest));
  }
}

void bind_entry(Context& context, Frame& frame, const syntax::Target& target, const Value& value, Span place) {
  const Value record = frame.lookup(context, target.name, target.span);
  if (record.is_poison()) return;
  if (record.map() == nullptr) context.fail(Code::WrongType, place, concat("`", target.name, "` is ", catalog::kind(record), ", not a record"));
  const Value key = evaluate_static(context, frame, *target.key, "a key");
  frame.bind(target.name, binary_operator(context, ExprOp::BitOr, record, Map{{key, value}}, place));
}

}  // namespace

void bind_target(Context& context, Frame& frame, const syntax::Target& target, const Value& value, Span place) {
  using Kind = syntax::Target::Kind;
  switch (target.kind) {
    case Kind::Ignore: return;
    case Kind::Name:
      if (const Value* bound = frame.binding(target.name); bound != nullptr && bound->variable()) {
        context.fail(Code::NameCollision, place, concat("`", target.name, "` is a variable: give it a value with `set`"));
      }
      frame.bind(target.name, value);
      return;
    case Kind::Parts:
      if (value.is_poison()) return poison_target(frame, target);
      return bind_parts(context, frame, target, value, place);
    case Kind::Entry: return bind_entry(context, frame, target, value, place);
  }
}

void poison_target(Frame& frame, const syntax::Target& target) {
  using Kind = syntax::Target::Kind;
  switch (target.kind) {
    case Kind::Ignore: return;
    case Kind::Name:
    case Kind::Entry: frame.bind(target.name, Poison{}); return;
    case Kind::Parts:
      for (const syntax::Target& part : target.parts) poison_target(frame, part);
      return;
  }
}

}  // namespace linenc::elaborate
