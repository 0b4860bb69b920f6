// Nodes -> statements, by the table of statement words.
#include "compiler/syntax/statement_parser.h"

#include <algorithm>
#include <array>
#include <utility>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/syntax/expression_parser.h"
#include "compiler/syntax/meant_text.h"
#include "compiler/syntax/yaml_quotes.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

namespace {

using Subject = StatementRow::Subject;

std::string in_backticks(std::string_view text) { return concat("`", shown(text), "`"); }

// Options that hold a body, and are taken out of the list of options.
bool is_body_option(Verb verb, std::string_view option) {
  switch (verb) {
    case Verb::If:
    case Verb::Cond: return option == "then" || option == "else";
    case Verb::For:
    case Verb::WhileLoop: return option == "do";
    case Verb::Match: return option == "cases";
    case Verb::Switch: return option == "branches";
    case Verb::Apply:
    case Verb::Call:
    case Verb::Let:
    case Verb::Template:
    case Verb::Instance:
    case Verb::Param:
    case Verb::Variable:
    case Verb::Set:
    case Verb::Sow:
    case Verb::Perturb:
    case Verb::MakeRng:
    case Verb::Assert:
    case Verb::Return:
    case Verb::Transform: return false;
  }
  return false;
}

bool binds_by_subject(Verb verb) {
  return verb == Verb::Let || verb == Verb::Template || verb == Verb::Instance || verb == Verb::Param || verb == Verb::Variable ||
         verb == Verb::MakeRng;
}

// `- y: x + 1`, of which nothing else can be meant where `y` is no name.
bool is_forgotten_let(const Statement& statement) {
  const Node& value = *statement.subject;
  return statement.verb == Verb::Apply && !statement.near && statement.options.empty() && statement.word->plain &&
         is_identifier(statement.word->text) && value.is_scalar() && !value.is_null() && !value.broken;
}

const Entry* entry_of(const std::vector<Entry>& entries, std::string_view key) {
  const auto at = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key->text == key; });
  return at == entries.end() ? nullptr : &*at;
}

// Of a statement word, or of what is applied by its name; `update` is one where `in` and `out` are.
bool is_option(const StatementRow* row, std::string_view name) {
  const std::vector<std::string>& known = row == nullptr ? apply_options() : row->options;
  if (name == "update") return is_option(row, "in") && is_option(row, "out");
  return std::find(known.begin(), known.end(), name) != known.end();
}

// `nn.Dense(3)(x)` and `self.dense(x)` as statements, in words; empty where a value is no call of a layer.
std::string as_layer(std::string_view value, std::string_view target) {
  diagnostics::Diagnostics unheard;
  Node scalar;
  scalar.text = std::string(value);
  const ExprPtr call = parse_expression(scalar, 0, unheard);
  if (call == nullptr || call->kind != ExprKind::Call) return {};
  const bool twice = call->children[0]->kind == ExprKind::Call;
  const Expr& function = twice ? *call->children[0]->children[0] : *call->children[0];
  const bool capital = !function.text.empty() && function.text[0] >= 'A' && function.text[0] <= 'Z';
  const bool own = function.kind == ExprKind::Attribute && function.children[0]->text == "self";
  if (function.kind != ExprKind::Name && function.kind != ExprKind::Attribute) return {};
  if (!(capital && twice) && !own) return {};
  std::string in;
  for (std::size_t i = 1; i < call->children.size(); ++i) in += concat(i > 1 ? ", " : "", print(*call->children[i]));
  const std::string operands = call->children.size() > 2 ? concat("[", in, "]") : in;
  return concat("`- ", shown(function.text), capital ? ": {…}`" : ":`", in.empty() ? "" : concat(" with `in: ", shown(operands), "`"),
                in.empty() ? " with" : " and", " `out: ", shown(target), "`");
}

// A scalar in the place of another; the statement keeps it.
const Node* make_scalar(Statement& statement, const Node& place, std::string_view text) {
  auto made = std::make_shared<Node>(place);
  made->text = std::string(text);
  statement.made.push_back(made);
  return made.get();
}

// A statement that is not run, and whose names are known: what follows is not told that they are missing.
Statement broken_binding(const Node& node, std::string_view target) {
  Statement result;
  result.node = result.word = &node;
  result.options.push_back({make_scalar(result, node, "out"), make_scalar(result, node, target)});
  result.broken = true;
  return result;
}

}  // namespace

Body StatementParser::body(const Node& node, std::string_view what) {
  Body body;
  if (!structure_.is_list(node, what)) return body;
  for (const Node* element : node.elements) {
    if (auto read = statement(*element)) body.push_back(std::move(*read));
  }
  return body;
}

std::optional<Statement> StatementParser::statement(const Node& node) {
  if (node.is_scalar() && !(node.plain && node.text.empty())) return bare(node);
  if (!node.is_map() || node.entries.empty()) {
    structure_.wrong(node, concat("a statement is a name, or a map whose first key is its verb; found ", found(node)));
    return std::nullopt;
  }
  if (auto meant = meant_let(node)) return meant;
  Statement result;
  result.node = &node;
  std::vector<Entry> entries = node.entries;
  const bool ordered = put_verb_first(entries);
  result.word = entries.front().key;
  result.subject = entries.front().value;
  result.options.assign(entries.begin() + 1, entries.end());
  if (const auto form = python_form(result.word->text)) return python(node, *result.word, result.subject, *form);
  const StatementRow* row = row_of(result);
  result.verb = row == nullptr ? Verb::Apply : row->verb;
  if (is_forgotten_let(result)) result.near = Verb::Let;
  replace_update(result);
  // Checked all, so that one run tells every mistake of the statement.
  bool whole = check_options(result, row) && ordered && (row == nullptr || row->word == result.word->text);
  whole &= check_option_kinds(result);
  if (row != nullptr) {
    whole &= check_subject(result, *row);
    // What is missing may be what was not understood.
    whole = whole && check_required(result, row->required);
    whole = whole && (row->verb != Verb::Param || check_param(result));
  }
  take_blocks(result);
  result.broken = !whole;
  return result;
}

// The verb that an option belongs to alone: `when: …` with `then` is an `if`.
std::optional<std::string> verb_of_options(const Statement& statement) {
  constexpr std::pair<const char*, const char*> kVerbs[] = {{"then", "if"}, {"cases", "match"}, {"over", "for"}};
  for (const auto& [option, verb] : kVerbs) {
    if (entry_of(statement.options, option) != nullptr) return verb;
  }
  return std::nullopt;
}

// The row of the statement's verb; of a misspelt or foreign one, that of the verb whose options it has.
const StatementRow* StatementParser::row_of(Statement& statement) {
  const Node& word = *statement.word;
  if (const StatementRow* row = statement_row(word.text)) return row;
  auto near = diagnostics::closest_name(word.text, statement_words());
  if (!near) near = verb_of_options(statement);
  const StatementRow* row = near ? statement_row(*near) : nullptr;
  if (row == nullptr) return nullptr;
  if (binds_by_subject(row->verb)) statement.near = row->verb;
  const bool is_meant = std::any_of(statement.options.begin(), statement.options.end(),
                                    [&](const Entry& entry) { return !is_option(nullptr, entry.key->text) && is_option(row, entry.key->text); });
  if (!is_meant) return nullptr;
  structure_.diagnostics()
      .error(Code::UnknownName, word.span, concat(in_backticks(word.text), " is no statement and no name; did you mean `", *near, "`?"))
      .fix(word.span, *near, concat("write `", *near, "`"), false)
      .emit();
  return row;
}

// `{out: y, relu: }`: read as if its verb stood first.
bool StatementParser::put_verb_first(std::vector<Entry>& entries) {
  const Node& first = *entries.front().key;
  if (statement_row(first.text) != nullptr) return true;
  const auto verb = std::find_if(entries.begin() + 1, entries.end(), [&](const Entry& entry) {
    const StatementRow* row = statement_row(entry.key->text);
    if (row != nullptr) return is_option(row, first.text);
    return is_option(nullptr, first.text) && !is_option(nullptr, entry.key->text);
  });
  if (verb == entries.end()) return true;
  structure_.wrong(first, concat("the first key of a statement is its verb, and ", in_backticks(first.text), " is an option: write ",
                                 in_backticks(verb->key->text), " in front of it"));
  std::rotate(entries.begin(), verb, verb + 1);
  return false;
}

// `let y: x` and `let: y = x`: told, and its names are known.
std::optional<Statement> StatementParser::meant_let(const Node& node) {
  const Entry& entry = node.entries.front();
  const Node& value = *entry.value;
  if (node.entries.size() > 1 || !entry.key->plain || !value.is_scalar() || value.is_null() || value.broken) return std::nullopt;
  const Span place{entry.key->span.file, entry.key->span.begin, value.span.end};
  const std::string_view word = entry.key->text;
  if (word.starts_with("let ") && is_target(word.substr(4))) return let_of(*entry.key, place, word.substr(4), value.text);
  if (word != "let") return std::nullopt;
  return value.plain ? let_of_assignment(value, place, value.text) : std::nullopt;
}

std::optional<Statement> StatementParser::let_of_assignment(const Node& at, const Span& place, std::string_view text) {
  const auto parts = assignment(text);
  if (!parts || !is_target(text.substr(0, parts->key_end))) return std::nullopt;
  return let_of(at, place, text.substr(0, parts->key_end), text.substr(parts->value_begin));
}

Statement StatementParser::let_of(const Node& at, const Span& place, std::string_view target, std::string_view value) {
  const std::string mended = concat("let: {", in_flow(target), ": ", in_flow(value), "}");
  structure_.diagnostics()
      .error(Code::WrongStructure, at.span, "`let` binds the keys of a map")
      .fix(place, mended, concat("write `- ", shown(mended), "`"), is_expression(value))
      .emit();
  return broken_binding(at, target);
}

// The body ends before it: what it would have bound is not known.
Statement StatementParser::python(const Node& node, const Node& word, const Node* inside, const PythonForm& form) {
  structure_.diagnostics()
      .error(Code::WrongStructure, word.span, concat(in_backticks(word.text), " is a statement of Python"))
      .help(concat("it is written ", form.form))
      .emit();
  Statement result;
  result.verb = Verb::If;
  result.node = &node;
  result.word = &word;
  if (!form.names.empty()) result.options.push_back({make_scalar(result, word, "out"), make_scalar(result, word, form.names)});
  if (inside != nullptr && inside->is_list()) result.blocks.push_back({&word, inside, body(*inside, in_backticks(word.text))});
  result.broken = true;
  return result;
}

std::optional<Statement> StatementParser::bare(const Node& node) {
  if (const StatementRow* row = statement_row(node.text)) {
    std::string form = concat(row->word, ": …");
    for (const std::string& option : row->required) form += concat(", ", option, ": …");
    structure_.diagnostics()
        .error(Code::WrongStructure, node.span, concat(in_backticks(node.text), " is a word of the language and cannot stand alone"))
        .help(concat("its form is `{", form, "}`; what bears this name is called by `call:`"))
        .emit();
    return std::nullopt;
  }
  if (const auto form = python_form(node.text)) return python(node, node, nullptr, *form);
  const std::string_view word = leading_name(node.text);
  if (word == "let" && node.plain) {
    if (auto meant = let_of_assignment(node, node.span, std::string_view(node.text).substr(std::min(node.text.size(), word.size() + 1))))
      return meant;
  }
  if (const auto parts = node.plain && statement_row(word) != nullptr ? without_colon(node.text) : std::nullopt) {
    structure_.diagnostics()
        .error(Code::WrongStructure, node.span_of(0, word.size()), concat("a `:` is missing after `", word, "`"))
        .fix(node.span_of(word.size(), word.size()), ":", concat("write `- ", word, ":", shown(node.text.substr(word.size())), "`"),
             statement_row(word)->required.empty())
        .emit();
    return std::nullopt;
  }
  if (const auto found = node.plain ? python_assignment(node.text) : std::nullopt; found && is_target(found->target)) {
    const auto& [target, value] = *found;
    const std::string layer = as_layer(value, target);
    auto report =
        structure_.diagnostics().error(Code::WrongStructure, node.span,
                                       concat("`=` does not bind ", in_backticks(target),
                                              layer.empty() ? ": the statement that does is `let`" : ": a layer is a statement of its own"));
    const std::string mended = concat("let: {", in_flow(target), ": ", in_flow(value), "}");
    if (layer.empty()) report.fix(node.span, mended, concat("write `- ", shown(mended), "`"), is_expression(value));
    if (!layer.empty()) report.help(concat("it is written ", layer));
    report.emit();
    return broken_binding(node, target);
  }
  Statement result;
  result.node = result.word = &node;
  return result;
}

// `update: y` is `in: y` with `out: y`.
void StatementParser::replace_update(Statement& statement) {
  const Entry* update = entry_of(statement.options, "update");
  if (update == nullptr) return;
  if (!is_option(statement_row(statement.word->text), "update")) return;  // an unknown option, as any other
  for (const char* other : {"in", "out"}) {
    const Entry* both = entry_of(statement.options, other);
    if (both == nullptr) continue;
    structure_.wrong(*both->key, concat("`update` stands for `in` and `out`: leave out `", other, "`"));
  }
  const Node* in = make_scalar(statement, *update->key, "in");
  const Node* out = make_scalar(statement, *update->key, "out");
  std::vector<Entry> options;
  for (const Entry& entry : statement.options) {
    if (entry.key->text == "update") {
      options.push_back({in, entry.value});
      options.push_back({out, entry.value});
    } else if (entry.key->text != "in" && entry.key->text != "out") {
      options.push_back(entry);
    }
  }
  statement.options = std::move(options);
}

// An unknown option is read as the one that it is the nearest to, so that it does not count as missing as well.
bool StatementParser::check_options(Statement& statement, const StatementRow* row) {
  std::vector<std::string> known = row == nullptr ? apply_options() : row->options;
  if (entry_of(statement.options, "update") == nullptr && is_option(row, "update")) known.push_back("update");
  bool whole = true;
  for (Entry& entry : statement.options) {
    const std::string& name = entry.key->text;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    whole = false;
    const auto meant = diagnostics::closest_name(name, known);
    // Fields that are not indented under their layer look like options.
    if (row == nullptr && statement.subject->is_null() && !meant) {
      structure_.diagnostics()
          .error(Code::UnknownKey, entry.key->span, concat(in_backticks(statement.word->text), " has no option ", in_backticks(name)))
          .help(concat("it has ", diagnostics::listed(known)))
          .help(concat("fields and arguments stand one level deeper: `", shown(statement.word->text), ": {", shown(name), ": …}`"))
          .emit();
    } else {
      structure_.unknown_key(*entry.key, known, in_backticks(row == nullptr ? statement.word->text : row->word), "option");
    }
    if (meant && *meant != "update" && entry_of(statement.options, *meant) == nullptr) entry.key = make_scalar(statement, *entry.key, *meant);
  }
  return whole;
}

bool StatementParser::check_option_kinds(const Statement& statement) {
  bool whole = true;
  for (const Entry& entry : statement.options) {
    const std::string& name = entry.key->text;
    if (name == "name" || name == "collection" || name == "method" || name == "message") {
      whole &= structure_.is_text(*entry.value, in_backticks(name));
    } else if (name == "out" && entry.value->is_null()) {
      structure_.wrong(*entry.value, "`out` names nothing: write a name, or leave it out to bind `x`");
      whole = false;
    } else if (name == "out" && (statement.verb == Verb::Param || statement.verb == Verb::Variable)) {
      whole &= structure_.is_text(*entry.value, "`out`");
    } else if (name == "carry") {
      whole &= structure_.is_map(*entry.value, "`carry`");
    }
  }
  return whole;
}

bool StatementParser::check_required(const Statement& statement, const std::vector<std::string>& required) {
  bool whole = true;
  for (const std::string& name : required) {
    if (entry_of(statement.options, name) != nullptr) continue;
    structure_.diagnostics().error(Code::MissingKey, statement.word->span, concat(in_backticks(statement.word->text), " needs `", name, "`")).emit();
    whole = false;
  }
  return whole;
}

bool StatementParser::check_param(const Statement& statement) {
  bool whole = true;
  if (statement.option("init") == nullptr && statement.option("value") == nullptr) {
    structure_.diagnostics().error(Code::MissingKey, statement.word->span, "`param` needs `init` or `value`").emit();
    whole = false;
  }
  // Told at the one that is written later.
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> rivals{
      {{"init", "value"}, {"shape", "value"}, {"args", "value"}, {"shape", "args"}}};
  for (const auto& [one, other] : rivals) {
    const Entry* first = entry_of(statement.options, one);
    const Entry* second = entry_of(statement.options, other);
    if (first == nullptr || second == nullptr) continue;
    if (first->key->span.begin > second->key->span.begin) std::swap(first, second);
    structure_.wrong(*second->key, concat("`", first->key->text, "` and `", second->key->text, "` exclude each other"));
    whole = false;
  }
  return whole;
}

// A name, or a list of these, nested as the items are.
bool StatementParser::is_names(const Node& node) {
  if (!node.is_list())
    return structure_.is_text(node, "the name of `for`") && (node.broken || parse_target(node, structure_.diagnostics()) != nullptr);
  return std::all_of(node.elements.begin(), node.elements.end(), [&](const Node* element) { return is_names(*element); });
}

bool StatementParser::check_subject(const Statement& statement, const StatementRow& row) {
  const Node& subject = *statement.subject;
  switch (row.subject) {
    case Subject::Any:
      if (!subject.is_null() || !subject.text.empty()) return true;
      structure_.wrong(subject, concat("`", row.word, "` needs a value"));
      return false;
    case Subject::Name: return structure_.is_text(subject, concat("the name of `", row.word, "`"));
    case Subject::Names: return is_names(subject);
    case Subject::Map: return structure_.is_map(subject, concat("`", row.word, "`"));
    case Subject::MapOrMaps: break;
  }
  if (!subject.is_list()) return structure_.is_map(subject, "`let`");
  return std::all_of(subject.elements.begin(), subject.elements.end(),
                     [&](const Node* group) { return structure_.is_map(*group, "each element of `let`"); });
}

void StatementParser::take_blocks(Statement& statement) {
  std::vector<Entry> options;
  std::vector<Entry> bodies;
  for (const Entry& entry : statement.options) {
    (is_body_option(statement.verb, entry.key->text) ? bodies : options).push_back(entry);
  }
  // `then` before `else`, however they are written: they are traced in this order.
  std::stable_sort(bodies.begin(), bodies.end(), [](const Entry& a, const Entry& b) { return a.key->text == "then" && b.key->text == "else"; });
  for (const Entry& entry : bodies) {
    if (statement.verb == Verb::Match) {
      if (!structure_.is_map(*entry.value, "`cases`")) continue;
      for (const Entry& choice : entry.value->entries) {
        statement.blocks.push_back({choice.key, choice.value, body(*choice.value, concat("the case ", in_backticks(choice.key->text)))});
      }
    } else if (statement.verb == Verb::Switch) {
      if (!structure_.is_list(*entry.value, "`branches`")) continue;
      for (const Node* branch : entry.value->elements) statement.blocks.push_back({nullptr, branch, body(*branch, "a branch of `switch`")});
    } else {
      statement.blocks.push_back({entry.key, entry.value, body(*entry.value, in_backticks(entry.key->text))});
    }
  }
  statement.options = std::move(options);
}

void StatementParser::check_transform(const Node& map, std::string_view word, std::vector<std::string> extra) {
  std::vector<std::string> known = transform_options(word);
  known.insert(known.end(), extra.begin(), extra.end());
  for (const Entry& entry : map.entries) {
    if (entry.key->text == word || std::find(known.begin(), known.end(), entry.key->text) != known.end()) continue;
    structure_.unknown_key(*entry.key, known, in_backticks(word), "option");
  }
}

void StatementParser::check_setup_entry(const Node& node) {
  if (node.is_list()) {
    for (const Node* element : node.elements) check_setup_entry(*element);
    return;
  }
  if (!node.is_map()) return;
  if (node.entries.empty()) {
    structure_.wrong(node,
                     "an entry of `setup` is a module literal `{Type: {fields}}`, a `param`, a `variable` or an `=expression`; found an empty map");
    return;
  }
  struct Form {
    std::string word;
    std::vector<std::string> options, required, nested;
  };
  static const std::vector<Form> forms{{"for", {"over", "do"}, {"over", "do"}, {"do"}},
                                       {"if", {"then", "else"}, {"then"}, {"then", "else"}},
                                       {"match", {"cases"}, {"cases"}, {}},
                                       {"param", {"shape", "dtype", "args", "value"}, {}, {}},
                                       {"variable", {"collection"}, {"collection"}, {}}};
  const Node& first = *node.entries.front().key;
  if (is_transform_word(first.text)) return check_transform(node, first.text, {"name"});
  const auto form = std::find_if(forms.begin(), forms.end(), [&](const Form& known) { return known.word == first.text; });
  if (form == forms.end()) return;  // a literal: what its keys are, its type decides
  bool whole = true;
  for (std::size_t i = 1; i < node.entries.size(); ++i) {
    const Entry& entry = node.entries[i];
    const auto& known = form->options;
    if (std::find(known.begin(), known.end(), entry.key->text) == known.end()) {
      structure_.unknown_key(*entry.key, known, concat("`", form->word, "` in `setup`"), "option");
      whole = false;
    }
    if (std::find(form->nested.begin(), form->nested.end(), entry.key->text) != form->nested.end()) check_setup_entry(*entry.value);
    if (entry.key->text == "cases" && structure_.is_map(*entry.value, "`cases`")) {
      for (const Entry& choice : entry.value->entries) check_setup_entry(*choice.value);
    }
  }
  for (const std::string& name : form->required) {
    if (whole && node.find(name) == nullptr)
      structure_.diagnostics().error(Code::MissingKey, first.span, concat("`", form->word, "` needs `", name, "`")).emit();
  }
}

}  // namespace linenc::syntax
