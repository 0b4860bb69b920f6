// Bodies and the statements that control them; what applies and what makes something is in files of its own.
// Tested by tests/compiler/elaborate/statements_test.cpp.
#include "compiler/elaborate/statements.h"

#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/literal.h"
#include "compiler/elaborate/statement_parts.h"
#include "compiler/elaborate/unit.h"

namespace linenc::elaborate {

using syntax::Body;
using syntax::Statement;
using syntax::Verb;

const Node& needed(Context& context, const Statement& statement, std::string_view option) {
  if (const Node* node = statement.option(option)) return *node;
  context.fail(Code::MissingKey, statement.word->span, concat("`", statement.word->text, "` needs `", option, "`"));
}

const Node& subject(Context& context, const Statement& statement) {
  if (statement.subject != nullptr) return *statement.subject;
  context.fail(Code::MissingKey, statement.word->span, concat("`", statement.word->text, "` needs a value"));
}

const syntax::Target& target_of(Context& context, const Frame& frame, const Node& node) {
  const syntax::Target* target = frame.unit().tree().target(node, context.diagnostics());
  if (target == nullptr) throw Failed{};
  return *target;
}

namespace {

bool is_starred(const Node& node) { return node.is_scalar() && node.text.starts_with('*'); }

// Names part by part; a starred one, of which there may be one, takes what the others leave.
void bind_out_parts(Context& context, Frame& frame, const Node& out, const Value& value, Span place) {
  const auto star = std::find_if(out.elements.begin(), out.elements.end(), [](const Node* element) { return is_starred(*element); });
  const bool has_star = star != out.elements.end();
  if (has_star && std::any_of(star + 1, out.elements.end(), [](const Node* element) { return is_starred(*element); })) {
    context.fail(Code::ExpressionSyntax, out.span, "one name may have a star");
  }
  if (const Tensor* tensor = value.tensor(); tensor != nullptr && tensor->rank() > 0 && !tensor->dim(0).is_constant()) {
    diagnostics::Report report = context.error(Code::WrongArguments, out.span,
                                               concat("one array, ", graph::to_string(tensor->fact()), ", cannot be bound to ", out.elements.size(),
                                                      out.elements.size() == 1 ? " name of a list" : " names"));
    report.help(concat("an array is taken apart along its first axis where the size is known, and `", tensor->dim(0).text(), "` is not"));
    Context::throw_reported(report.emit());
  }
  const bool has_parts = value.list() != nullptr || value.tensor() != nullptr || value.array();
  const List parts = has_parts ? parts_of(context, value, out.span) : List{};
  const std::size_t names = out.elements.size();
  if (!has_parts || (has_star ? parts.size() + 1 < names : parts.size() != names)) {
    context.fail(Code::WrongArguments, out.span,
                 concat(value.list() != nullptr ? concat("a list of ", parts.size()) : catalog::kind(value), " cannot be bound to ",
                        has_star ? names - 1 : names, has_star ? " or more names" : " names"));
  }
  std::size_t next = 0;
  for (const Node* element : out.elements) {
    if (!is_starred(*element)) {
      bind_out(context, frame, element, parts[next++], place);
      continue;
    }
    List rest;
    for (std::size_t left = parts.size() + 1 - names; left > 0; --left) rest.push_back(parts[next++]);
    if (element->text != "*_") frame.bind(element->text.substr(1), std::move(rest));
  }
}

}  // namespace

void bind_out(Context& context, Frame& frame, const Node* out, const Value& value, Span place) {
  if (out == nullptr) {
    frame.bind("x", value);
  } else if (out->is_list()) {
    if (value.is_poison()) return poison_out(context, frame, out);
    bind_out_parts(context, frame, *out, value, place);
  } else if (out->is_map()) {
    for (const syntax::Entry& entry : out->entries) {
      const Value* part = value.entry(entry.key->text);
      if (part == nullptr)
        context.fail(Code::WrongArguments, entry.key->span, concat("the result has no entry `", diagnostics::shown(entry.key->text), "`"));
      bind_out(context, frame, entry.value, *part, place);
    }
  } else {
    bind_target(context, frame, target_of(context, frame, *out), value, out->span);
  }
}

void poison_out(Context& context, Frame& frame, const Node* out) {
  if (out == nullptr) {
    frame.bind("x", Poison{});
  } else if (out->is_list()) {
    for (const Node* part : out->elements) poison_out(context, frame, part);
  } else if (out->is_map()) {
    for (const syntax::Entry& entry : out->entries) poison_out(context, frame, entry.value);
  } else if (out->text.starts_with('*')) {
    frame.bind(out->text.substr(1), Poison{});  // told by bind_out
  } else if (const syntax::Target* target = frame.unit().tree().target(*out, context.diagnostics())) {
    poison_target(frame, *target);
  }
}

namespace {

std::optional<Value> run_if(Context& context, Frame& frame, const Statement& statement) {
  const Node& test = subject(context, statement);
  const bool holds = is_true(context, static_dataflow(context, frame, test, "`if`"), test.span, "`if`");
  const syntax::Block* block = statement.block(holds ? "then" : "else");
  return block == nullptr ? std::nullopt : run_statements(context, frame, block->body);
}

std::optional<Value> run_match(Context& context, Frame& frame, const Statement& statement) {
  const Node& node = subject(context, statement);
  const Value value = static_dataflow(context, frame, node, "`match`");
  const syntax::Block* chosen = nullptr;
  const syntax::Block* otherwise = nullptr;
  for (const syntax::Block& block : statement.blocks) {
    if (block.label->plain && block.label->text == "else") {
      otherwise = &block;
    } else if (chosen == nullptr && case_fits(context, *block.label, value)) {
      chosen = &block;
    }
  }
  if (chosen == nullptr) chosen = otherwise;
  if (chosen == nullptr) {
    std::string cases;
    for (const syntax::Block& block : statement.blocks) cases += (cases.empty() ? "" : ", ") + block.label->text;
    context.fail(Code::NoCase, node.span, concat("no case for ", catalog::kind(value), ": the cases are ", cases));
  }
  return run_statements(context, frame, chosen->body);
}

std::optional<Value> run_for(Context& context, Frame& frame, const Statement& statement) {
  const Node& over = needed(context, statement, "over");
  const Value value = dataflow(context, frame, over);
  for (const Value& item : iterate(context, value, over.span, "`for`")) {
    context.step();
    bind_loop(context, frame, subject(context, statement), item);
    for (const syntax::Block& block : statement.blocks) {
      if (std::optional<Value> result = run_statements(context, frame, block.body)) return result;
    }
  }
  return std::nullopt;
}

void run_assert(Context& context, Frame& frame, const Statement& statement) {
  const Node& test = subject(context, statement);
  if (is_true(context, static_dataflow(context, frame, test, "`assert`"), test.span, "`assert`")) return;
  const Node* message = statement.option("message");
  std::string text = message != nullptr ? diagnostics::shown(interpolate_message(context, frame, *message))
                                        : concat("`", diagnostics::shown(test.text), "` does not hold");
  while (text.ends_with('.')) text.pop_back();
  context.fail(Code::AssertionFailed, test.span, concat("assertion failed: ", text));
}

void run_let(Context& context, Frame& frame, const Node& entries) {
  bool failed = false;
  if (entries.is_list()) {
    for (const Node* group : entries.elements) {
      try {
        run_let(context, frame, *group);
      } catch (const Failed&) {
        failed = true;  // the others bind their names all the same
      }
    }
    if (failed) throw Failed{};
    return;
  }
  if (!entries.is_map()) context.fail(Code::WrongStructure, entries.span, "`let` binds names: {name: expression}");
  for (const syntax::Entry& entry : entries.entries) {
    try {
      bind_target(context, frame, target_of(context, frame, *entry.key), dataflow(context, frame, *entry.value), entry.key->span);
    } catch (const Failed&) {
      failed = true;
      if (const syntax::Target* target = frame.unit().tree().target(*entry.key, context.diagnostics())) poison_target(frame, *target);
    }
  }
  if (failed) throw Failed{};
}

void poison_targets(Context& context, Frame& frame, const Node& entries) {
  for (const Node* group : entries.elements) poison_targets(context, frame, *group);
  for (const syntax::Entry& entry : entries.entries) {
    if (const syntax::Target* target = frame.unit().tree().target(*entry.key, context.diagnostics())) poison_target(frame, *target);
  }
}

// Of a word that turned out to be no name, the verb that it is the nearest to.
Verb meant_verb(Context& context, const Frame& frame, const Statement& statement) {
  if (!statement.near || frame.find(context, statement.word->text, statement.word->span)) return statement.verb;
  return *statement.near;
}

// The names a statement would have bound, where it failed.
void poison_results(Context& context, Frame& frame, const Statement& statement) {
  switch (meant_verb(context, frame, statement)) {
    case Verb::Apply:
    case Verb::Call:
    case Verb::Transform:
    case Verb::Perturb:
    case Verb::Cond:
    case Verb::Switch: poison_out(context, frame, statement.option("out")); return;
    case Verb::Template:
    case Verb::Instance:
      if (statement.subject == nullptr || !statement.subject->is_map()) return;
      for (const syntax::Entry& entry : statement.subject->entries) frame.bind(entry.key->text, Poison{});
      return;
    case Verb::Param:
    case Verb::Variable:
    case Verb::MakeRng:
      if (const Node* out = statement.option("out")) return poison_out(context, frame, out);
      if (statement.subject != nullptr) frame.bind(statement.subject->text, Poison{});
      return;
    case Verb::Let:
      // One that was run has bound its names, those that failed too.
      if (statement.broken || statement.verb != Verb::Let) poison_targets(context, frame, subject(context, statement));
      if (statement.verb == Verb::Apply && statement.subject->is_scalar()) frame.bind(statement.word->text, Poison{});  // its `let` is missing
      return;
    case Verb::Set:
    case Verb::Sow:
    case Verb::Assert: return;
    // What follows cannot be told from what the branches would have bound: the body ends here.
    case Verb::If:
    case Verb::Match:
    case Verb::For:
    case Verb::Return:
    case Verb::WhileLoop: throw Failed{};
  }
}

}  // namespace

std::optional<Value> run_statement(Context& context, Frame& frame, const Statement& statement) {
  context.step();
  const graph::Site site{statement.node->span, concat("`", statement.word->text, "`"), {}};
  const graph::SiteGuard guard(context.builder, site);
  switch (statement.verb) {
    case Verb::Apply: run_apply(context, frame, statement); return std::nullopt;
    case Verb::Call: run_call(context, frame, statement); return std::nullopt;
    case Verb::Let: run_let(context, frame, subject(context, statement)); return std::nullopt;
    case Verb::Template: run_template(context, frame, statement); return std::nullopt;
    case Verb::Instance: run_instance(context, frame, statement); return std::nullopt;
    case Verb::Param: run_param(context, frame, statement); return std::nullopt;
    case Verb::Variable: run_variable(context, frame, statement); return std::nullopt;
    case Verb::Set: run_set(context, frame, statement); return std::nullopt;
    case Verb::Sow: run_sow(context, frame, statement); return std::nullopt;
    case Verb::Perturb: run_perturb(context, frame, statement); return std::nullopt;
    case Verb::MakeRng: run_make_rng(context, frame, statement); return std::nullopt;
    case Verb::If: return run_if(context, frame, statement);
    case Verb::Match: return run_match(context, frame, statement);
    case Verb::For: return run_for(context, frame, statement);
    case Verb::Assert: run_assert(context, frame, statement); return std::nullopt;
    case Verb::Return: return dataflow(context, frame, subject(context, statement));
    case Verb::Transform: run_transform(context, frame, statement); return std::nullopt;
    case Verb::Cond:
    case Verb::Switch:
    case Verb::WhileLoop: context.fail(Code::NotSupportedYet, statement.word->span, concat("`", statement.word->text, "` is not built yet"));
  }
  return std::nullopt;
}

std::optional<Value> run_statements(Context& context, Frame& frame, const Body& body) {
  for (const Statement& statement : body) {
    try {
      if (statement.broken) throw Failed{};
      if (std::optional<Value> result = run_statement(context, frame, statement)) return result;
    } catch (const Failed&) {
      context.count_failure();
      poison_results(context, frame, statement);
    }
  }
  return std::nullopt;
}

Value run_whole_body(Context& context, Frame& frame, const Body& body, Span place) {
  try {
    if (std::optional<Value> result = run_statements(context, frame, body)) return *result;
  } catch (const Failed&) {
    return Poison{};
  }
  if (!frame.has("x")) context.fail(Code::UnknownName, place, "this body ends without `return` and has no `x` to return");
  return frame.lookup(context, "x", place);
}

}  // namespace linenc::elaborate
