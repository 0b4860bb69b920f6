// The statements that apply something: a layer, a function, an instance, what an expression gives.
// Tested by tests/compiler/elaborate/statements_test.cpp.
#include <algorithm>

#include "compiler/catalog/numpy.h"
#include "compiler/catalog/planned.h"
#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/literal.h"
#include "compiler/elaborate/statement_parts.h"
#include "compiler/elaborate/statements.h"
#include "compiler/elaborate/unit.h"
#include "compiler/syntax/statement_table.h"
#include "compiler/syntax/structure.h"
#include "compiler/syntax/yaml_quotes.h"

namespace linenc::elaborate {

using catalog::TemplatePtr;
using syntax::Statement;

namespace {

// How a message names what stands at an input.
std::string shown_input(const Node& node) { return node.is_scalar() && node.text.size() <= 40 ? node.text : std::string(); }

Arguments::Item input_item(Context& context, const Frame& frame, const Node& node) {
  return {dataflow(context, frame, node), node.span, shown_input(node)};
}

// An element of `in: [...]`: one positional argument, or all those of a splice.
void add_positional(Context& context, const Frame& frame, const Node& node, Arguments& arguments) {
  List values;
  add_dataflow(context, frame, node, values);
  for (Value& value : values) arguments.positional.push_back({std::move(value), node.span, shown_input(node)});
}

using Keywords = std::vector<std::pair<std::string, Arguments::Item>>;

// The keywords that `with:` gives: an expression or a list of expressions, each a map, of which the later wins. What is written out
// beside it in `map` wins over them.
void splice_keywords(Context& context, const Frame& frame, const Node& node, const Node& map, Keywords& keywords) {
  const Value given = dataflow(context, frame, node);
  if (given.has_poison()) throw Failed{};
  const List single = {given};
  for (const Value& part : given.list() != nullptr ? *given.list() : single) {
    if (part.map() == nullptr) context.fail(Code::WrongType, node.span, concat("`with` wants maps, and this is ", catalog::kind(part)));
    for (const auto& [key, value] : *part.map()) {
      const std::string name = catalog::display(key);
      if (map.find(name) != nullptr) continue;
      const auto old = std::find_if(keywords.begin(), keywords.end(), [&](const auto& keyword) { return keyword.first == name; });
      if (old != keywords.end()) {
        old->second.value = value;
      } else {
        keywords.emplace_back(name, Arguments::Item{value, node.span, ""});
      }
    }
  }
}

// The entries of a map of keywords; `read` gives the value of one that is written out.
template <class Read>
void add_keywords(Context& context, const Frame& frame, const Node& map, Arguments& arguments, const Read& read) {
  Keywords keywords;
  for (const syntax::Entry& entry : map.entries) {
    if (entry.key->text == "with") {
      splice_keywords(context, frame, *entry.value, map, keywords);
    } else {
      keywords.emplace_back(entry.key->text, read(entry));
      keywords.back().second.key = entry.key->span;
    }
  }
  arguments.keywords.insert(arguments.keywords.end(), keywords.begin(), keywords.end());
}

void add_input_keywords(Context& context, const Frame& frame, const Node& map, Arguments& arguments) {
  add_keywords(context, frame, map, arguments, [&](const syntax::Entry& entry) { return input_item(context, frame, *entry.value); });
}

}  // namespace

Arguments input_arguments(Context& context, const Frame& frame, const Node* in, Span place) {
  Arguments arguments;
  arguments.place = place;
  if (in == nullptr) {
    if (!frame.has("x")) context.fail(Code::UnknownName, place, "there is no `x` here: say `in`");
    arguments.positional.push_back({frame.lookup(context, "x", place), place, "x"});
  } else if (in->is_map()) {
    add_input_keywords(context, frame, *in, arguments);
  } else if (in->is_list()) {
    for (const Node* element : in->elements) {
      if (element == in->elements.back() && element->is_map()) {
        add_input_keywords(context, frame, *element, arguments);
      } else {
        add_positional(context, frame, *element, arguments);
      }
    }
  } else {
    arguments.positional.push_back(input_item(context, frame, *in));
  }
  return arguments;
}

namespace {

// The arguments written at the verb: a map of keywords, or a list of positional ones that may end in a map.
void add_written(Context& context, const Frame& frame, const Node* written, Arguments& arguments) {
  if (written == nullptr || written->is_null()) return;
  const Node* keywords = written->is_map() ? written : nullptr;
  if (written->is_list()) {
    for (const Node* element : written->elements) {
      if (element == written->elements.back() && element->is_map()) {
        keywords = element;
      } else {
        arguments.positional.push_back({literal(context, frame, *element, FieldType::of(FieldType::Base::Any), "an argument"), element->span, ""});
      }
    }
  } else if (keywords == nullptr) {
    const bool is_input = frame.has(written->text);
    context.fail(
        Code::WrongStructure, written->span,
        concat("arguments are written as a map of keywords or a list ", is_input ? "(an input stands beside the verb: `in: " : "(a single one: `[",
               is_input ? written->text : "value", is_input ? "`)" : "]`)"));
  }
  if (keywords == nullptr) return;
  add_keywords(context, frame, *keywords, arguments, [&](const syntax::Entry& entry) {
    const std::string& name = entry.key->text;
    FieldType type = FieldType::of(FieldType::Base::Any, true);
    if (name == "dtype" || name == "param_dtype") type.base = FieldType::Base::DType;
    if (name.ends_with("_init") && name != "negative_slope_init") type.base = FieldType::Base::Initializer;
    return Arguments::Item{literal(context, frame, *entry.value, type, concat("`", name, "`")), entry.value->span, ""};
  });
}

// `- x + 1`: a statement applies what it names, and binds what that gives.
[[noreturn]] void fail_value(Context& context, const Statement& statement, const Value& value) {
  const std::string& text = statement.word->text;
  const bool is_expression = statement.subject == nullptr && !syntax::is_identifier(text);
  if (!is_expression) context.fail(Code::WrongType, statement.word->span, concat(catalog::kind(value), " cannot be applied"));
  const std::string entry = text.find_first_of(",[]{}?'\"#:&*!|>%@`") == std::string::npos ? text : syntax::in_quotes(text);
  const std::string mended = concat("let: {x: ", entry, "}");
  diagnostics::Report report = context.error(
      Code::WrongType, statement.word->span,
      concat("`", diagnostics::shown(text), "` is a value, ", catalog::kind(value), ": a statement applies something, or binds by `let`"));
  report.fix(statement.word->span, mended, concat("write `- ", diagnostics::shown(mended), "`"), false);
  Context::throw_reported(report.emit());
}

// A module that was made has its name.
void refuse_name(Context& context, const Statement& statement, const Value& callee) {
  const Node* name = statement.option("name");
  if (name == nullptr || !callee.instance()) return;
  context.fail(Code::WrongStructure, name->span, "`name` is for submodules that are made here, and this one has its name");
}

// The list of `in: [[x, y]]`: what joins arrays takes its elements apart.
const Node* joined_list(const Node* in) {
  return in != nullptr && in->is_list() && !in->elements.empty() && in->elements[0]->is_list() ? in->elements[0] : nullptr;
}

// Applies a callable to `in` and the arguments written at the verb, and binds `out`.
void call_value(Context& context, Frame& frame, const Statement& statement, Value callee, const Node* written, const std::string& method = "call") {
  if (callee.is_poison()) throw Failed{};
  if (callee.text() != nullptr) callee = frame.lookup(context, *callee.text(), statement.word->span);
  if (const auto name_space = callee.name_space(); name_space && name_space->name() == "self")
    callee = name_space->get(context, "call", statement.word->span);
  if (statement.option("name") != nullptr && !callee.instance())
    context.fail(Code::WrongStructure, statement.option("name")->span, "`name` is for submodules");
  Arguments arguments = input_arguments(context, frame, statement.option("in"), statement.node->span);
  add_written(context, frame, written, arguments);
  if (arguments.has_poison()) {
    poison_out(context, frame, statement.option("out"));
    return;
  }
  graph::Site site{statement.node->span, concat("`", statement.word->text, "`"), {}};
  for (const auto& item : arguments.positional) site.operands.push_back({item.place, item.text});
  if (const Node* joined = joined_list(statement.option("in"))) {
    site.operands.clear();
    for (const Node* part : joined->elements) site.operands.push_back({part->span, part->is_scalar() ? part->text : std::string()});
  }
  const graph::SiteGuard guard(context.builder, site);
  Value result;
  if (const InstancePtr instance = callee.instance()) {
    result = context.call_method(instance, method, arguments);
  } else if (const catalog::FunctionPtr function = callee.function()) {
    if (function->is_initializer_factory())
      context.fail(Code::WrongType, statement.word->span, concat("`", statement.word->text, "` is an initializer, not a function of arrays"));
    result = function->call(context, arguments);
  } else if (const DType* dtype = callee.dtype()) {
    result = catalog::to_tensor(context, arguments.positional.at(0).value, *dtype, statement.node->span);
  } else {
    fail_value(context, statement, callee);
  }
  bind_out(context, frame, statement.option("out"), result, statement.node->span);
}

void call_template(Context& context, Frame& frame, const Statement& statement, TemplatePtr found) {
  (void)making_module(context, frame, statement.node->span);
  if (const Node* name = statement.option("name")) found = found->with({}, module_name(context, frame, *name), {});
  call_value(context, frame, statement, context.construct(found, statement.node->span), nullptr);
}

}  // namespace

namespace {

// A word that is neither a name nor a statement, and near to one of the latter.
void stop_on_misspelt_verb(Context& context, const Frame& frame, const Node& word) {
  const bool is_plain = word.text.find_first_of(".([ ") == std::string::npos;
  if (!is_plain || frame.find(context, word.text, word.span) || catalog::is_planned("", word.text)) return;
  const std::optional<std::string> near = diagnostics::closest_name(word.text, syntax::statement_words());
  if (!near) return;
  diagnostics::Report report = context.error(
      Code::UnknownName, word.span, concat("`", diagnostics::shown(word.text), "` is no statement and no name; did you mean `", *near, "`?"));
  report.fix(word.span, *near, concat("write `", *near, "`"), false);
  Context::throw_reported(report.emit());
}

// `- y: x + 1`, where nothing is called `y`.
void stop_on_forgotten_let(Context& context, const Frame& frame, const Statement& statement) {
  const Node& word = *statement.word;
  if (statement.near != syntax::Verb::Let || !statement.subject->is_scalar()) return;
  if (frame.find(context, word.text, word.span) || catalog::builtin(word.text) || catalog::is_planned("", word.text)) return;
  diagnostics::Report report =
      context.error(Code::UnknownName, word.span,
                    concat("`", word.text, "` is no statement and no name", diagnostics::did_you_mean(word.text, catalog::builtin_names())));
  report.help(concat("to bind it write `- let: {", word.text, ": ", syntax::in_flow(statement.subject->text), "}`"));
  Context::throw_reported(report.emit());
}

}  // namespace

void run_apply(Context& context, Frame& frame, const Statement& statement) {
  stop_on_misspelt_verb(context, frame, *statement.word);
  stop_on_forgotten_let(context, frame, statement);
  const Value value = evaluate(context, frame, parsed(context, frame, *statement.word));
  if (value.is_poison()) throw Failed{};
  if (const TemplatePtr found = value.module_template()) {
    call_template(context, frame, statement, with_fields(context, frame, found, statement.subject, "", statement.node->span));
    return;
  }
  refuse_name(context, statement, value);
  call_value(context, frame, statement, value, statement.subject);
}

void run_call(Context& context, Frame& frame, const Statement& statement) {
  const Node& target = subject(context, statement);
  const Value value = dataflow(context, frame, target);
  if (value.is_poison()) throw Failed{};
  refuse_name(context, statement, value);
  const Node* method_node = statement.option("method");
  if (method_node == nullptr) {
    if (const TemplatePtr found = value.module_template()) return call_template(context, frame, statement, found);
    return call_value(context, frame, statement, value, nullptr);
  }
  std::string method = interpolate(context, frame, *method_node);
  if (method == "__call__") method = "call";
  if (const auto name_space = value.name_space(); name_space && name_space->name() == "self") {
    return call_value(context, frame, statement, name_space->get(context, method, method_node->span), nullptr);
  }
  if (value.module_template()) context.fail(Code::WrongType, target.span, "`method` needs an instance: see `instance:`");
  const InstancePtr instance = value.instance();
  if (!instance) context.fail(Code::WrongType, target.span, concat(catalog::kind(value), " has no methods"));
  const std::vector<std::string> known = instance->type->methods();
  if (std::find(known.begin(), known.end(), method) == known.end()) {
    context.fail(Code::UnknownMethod, method_node->span,
                 concat("`", instance->type->class_name(), "` has no method `", diagnostics::shown(method), "`",
                        diagnostics::did_you_mean(method, known), " (it has ", diagnostics::listed(known), ")"));
  }
  call_value(context, frame, statement, value, nullptr, method);
}

void run_transform(Context& context, Frame& frame, const Statement& statement) {
  TemplatePtr made = transform_literal(context, frame, *statement.node, {"in", "out", "name", "update"});
  call_template(context, frame, statement, std::move(made));
}

}  // namespace linenc::elaborate
