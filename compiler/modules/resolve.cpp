// Names and fields in every body, whether it runs or not. Tested by tests/compiler/modules/resolve_test.cpp.
#include "compiler/modules/resolve.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>

#include "compiler/catalog/planned.h"
#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/modules/module.h"
#include "compiler/syntax/meant_text.h"

namespace linenc::modules {

using diagnostics::Code;
using syntax::Body;
using syntax::DefinitionTree;
using syntax::Entry;
using syntax::ExprKind;
using syntax::Statement;
using syntax::Target;
using syntax::Verb;

namespace {

using Names = std::set<std::string>;

bool is_marked(const Node& node) { return node.is_scalar() && node.text.starts_with("=") && !node.text.starts_with("=="); }

class Resolver {
 public:
  Resolver(const Tree& tree, Diagnostics& diagnostics) : tree_(tree), diagnostics_(diagnostics), known_all_(!tree.lacks_names) {
    file_names_ = {"config"};
    for (const DefinitionTree& definition : tree.definitions) file_names_.insert(definition.name);
    for (const syntax::FunctionTree& function : tree.functions) file_names_.insert(function.name);
    if (tree.imports != nullptr && tree.imports->is_map()) {
      for (const Entry& entry : tree.imports->entries) file_names_.insert(entry.key->text);
    }
  }

  void run() {
    warn_hidden();
    for (const syntax::FunctionTree& function : tree_.functions) {
      Names names = argument_names(function.args);
      if (function.compact) add_module_words(names);
      body(function.body, names);
    }
    for (const DefinitionTree& definition : tree_.definitions) this->definition(definition);
  }

 private:
  void warn_hidden() {
    const auto check = [&](const std::string& name, const Node* node, const char* kind) {
      if (node == nullptr || !catalog::builtin(name)) return;
      const std::string full = catalog::find_layer(name) != nullptr ? "nn." + name : catalog::with_prefix(name).value_or(name);
      const std::string rest = full == name ? "" : concat(": `", full, "` is still that");
      diagnostics_.warning(Code::HidesBuiltin, node->span, concat("the ", kind, " `", name, "` hides the built-in one", rest)).emit();
    };
    for (const DefinitionTree& definition : tree_.definitions) check(definition.name, definition.name_node, "module");
    for (const syntax::FunctionTree& function : tree_.functions) check(function.name, function.name_node, "function");
  }

  static const Names& module_words() {
    static const Names words{"self", "super", "is_initializing", "has_variable", "is_mutable_collection", "has_rng"};
    return words;
  }
  static void add_module_words(Names& names) { names.insert(module_words().begin(), module_words().end()); }

  static Names argument_names(const Node* args) {
    Names names;
    if (args == nullptr) return {"x"};
    const auto add = [&](const Node& node) {
      std::string name = node.text.substr(0, node.text.find('='));
      std::erase_if(name, [](char c) { return c == ' ' || c == '*'; });
      names.insert(std::move(name));
    };
    if (args->is_map()) {
      for (const Entry& entry : args->entries) add(*entry.key);
    } else if (args->is_list()) {
      for (const Node* element : args->elements) add(*element);
    }
    return names;
  }

  // Fields, setup entries and methods of a definition, those of what it extends included; false where the base is not known here.
  bool add_members(const DefinitionTree& definition, Names& names, int depth = 0) {
    if (definition.fields != nullptr && definition.fields->is_map()) {
      for (const Entry& entry : definition.fields->entries) names.insert(entry.key->text);
    }
    if (definition.setup != nullptr && definition.setup->is_map()) {
      for (const Entry& entry : definition.setup->entries) names.insert(entry.key->text);
    }
    for (const syntax::MethodTree& method : definition.methods) names.insert(method.name);
    if (definition.extends == nullptr) return true;
    if (!definition.extends->is_scalar() || depth > 16) return false;
    for (const DefinitionTree& base : tree_.definitions) {
      if (base.name == definition.extends->text) return add_members(base, names, depth + 1);
    }
    const catalog::LayerType* layer = catalog::find_layer(definition.extends->text);
    if (layer == nullptr) return false;
    for (const catalog::FieldInfo& field : layer->fields()) names.insert(field.name);
    for (const std::string& method : layer->methods()) names.insert(method);
    return true;
  }

  void definition(const DefinitionTree& definition) {
    if (definition.literal != nullptr) {
      if (const Node* literal = definition.literal->find("template")) module_literal(*literal, {});
      return;
    }
    Names members;
    add_module_words(members);
    known_all_ = add_members(definition, members) && !tree_.lacks_names;
    if (definition.setup != nullptr) setup(*definition.setup, members);
    for (const syntax::MethodTree& method : definition.methods) {
      Names names = members;
      // An inherited method's arguments are not written here.
      if (method.args == nullptr && definition.extends != nullptr) known_all_ = false;
      names.merge(argument_names(method.args));
      body(method.body, names);
    }
    if (known_all_ && !diagnostics_.has_errors()) warn_unused(definition);  // a misspelt use is none
    known_all_ = !tree_.lacks_names;
  }

  // --- statements ----------------------------------------------------------------------------------

  void body(const Body& statements, const Names& around) {
    Names names = around;
    collect(statements, names);
    for (const Statement& statement : statements) this->statement(statement, names);
  }

  void collect(const Body& statements, Names& names) {
    for (const Statement& statement : statements) {
      collect_statement(statement, names);
      for (const syntax::Block& block : statement.blocks) collect(block.body, names);
    }
  }

  // `- y: x + 1`, where nothing else is called `y`.
  [[nodiscard]] bool is_forgotten_let(const Statement& statement, const Names& names) const {
    const std::string& word = statement.word->text;
    const bool is_form =
        statement.verb == Verb::Apply && statement.near == Verb::Let && statement.subject != nullptr && statement.subject->is_scalar();
    return is_form && known_all_ && names.count(word) == 0 && file_names_.count(word) == 0 && !catalog::builtin(word) &&
           !catalog::is_planned("", word);
  }

  void collect_statement(const Statement& statement, Names& names) {
    if (const Node* out = statement.option("out")) collect_out(*out, names);
    switch (statement.near && !is_known(statement.word->text, names) ? *statement.near : statement.verb) {
      case Verb::Apply:
      case Verb::Call:
      case Verb::Transform:
      case Verb::Perturb:
      case Verb::Cond:
      case Verb::Switch:
        if (statement.option("out") == nullptr) names.insert("x");
        break;
      case Verb::Let:
        if (statement.subject != nullptr) collect_let(*statement.subject, names);
        if (is_forgotten_let(statement, names)) forgotten_.insert(statement.word->text);
        break;
      case Verb::Template:
      case Verb::Instance:
        if (statement.subject != nullptr && statement.subject->is_map()) {
          for (const Entry& entry : statement.subject->entries) names.insert(entry.key->text);
        }
        break;
      case Verb::Param:
      case Verb::Variable:
      case Verb::MakeRng:
        if (statement.subject != nullptr && statement.subject->is_scalar()) names.insert(statement.subject->text);
        break;
      case Verb::For:
        if (statement.subject != nullptr) collect_out(*statement.subject, names);
        break;
      case Verb::WhileLoop:
        if (const Node* carry = statement.option("carry"); carry != nullptr && carry->is_map()) {
          for (const Entry& entry : carry->entries) names.insert(entry.key->text);
        }
        break;
      case Verb::Set:
      case Verb::Sow:
      case Verb::If:
      case Verb::Match:
      case Verb::Assert:
      case Verb::Return: break;
    }
    if (statement.verb == Verb::Cond || statement.verb == Verb::Switch) {
      if (const Node* in = statement.option("in"); in != nullptr && in->is_map()) {
        for (const Entry& entry : in->entries) names.insert(entry.key->text);
      }
    }
  }

  void collect_let(const Node& entries, Names& names) {
    if (entries.is_list()) {
      for (const Node* group : entries.elements) collect_let(*group, names);
    } else if (entries.is_map()) {
      for (const Entry& entry : entries.entries) collect_out(*entry.key, names);
    }
  }

  void collect_out(const Node& out, Names& names) {
    if (out.is_list()) {
      for (const Node* element : out.elements) collect_out(*element, names);
    } else if (out.is_map()) {
      for (const Entry& entry : out.entries) collect_out(*entry.value, names);
    } else if (out.text.starts_with('*') && out.text.find(',') == std::string::npos) {
      names.insert(out.text.substr(1));  // told where it is bound
    } else if (!out.is_null()) {
      if (const Target* target = tree_.target(out, diagnostics_)) collect_target(*target, names);
    }
  }

  static void collect_target(const Target& target, Names& names) {
    if (target.kind == Target::Kind::Name || target.kind == Target::Kind::Entry) names.insert(target.name);
    for (const Target& part : target.parts) collect_target(part, names);
  }

  void statement(const Statement& statement, const Names& names) {
    if (statement.broken) {
      // Its options do not say what it applies: that is told, too.
      const bool applies = statement.verb == Verb::Apply && statement.subject != nullptr;
      const Expr* word = applies ? tree_.expression(*statement.word, 0, diagnostics_) : nullptr;
      if (word != nullptr) expression(*word, names);
      return;
    }
    switch (statement.verb) {
      case Verb::Apply: apply(statement, names); break;
      case Verb::Call:
      case Verb::If:
      case Verb::Match:
      case Verb::Assert:
      case Verb::Return:
      case Verb::Cond:
      case Verb::Switch:
      case Verb::WhileLoop:
        if (statement.subject != nullptr) dataflow(*statement.subject, names);
        break;
      case Verb::Let: let(statement.subject, names); break;
      case Verb::Set:
        if (statement.subject != nullptr && statement.subject->is_map()) {
          for (const Entry& entry : statement.subject->entries) dataflow(*entry.value, names);
        }
        break;
      case Verb::Template:
      case Verb::Instance:
        if (statement.subject != nullptr && statement.subject->is_map()) {
          for (const Entry& entry : statement.subject->entries) module_literal(*entry.value, names);
        }
        break;
      case Verb::Transform:
        if (statement.subject != nullptr) module_literal(*statement.subject, names);
        break;
      case Verb::Param:
      case Verb::Variable:
      case Verb::Sow:
      case Verb::Perturb:
      case Verb::MakeRng:
      case Verb::For: break;
    }
    for (const Entry& option : statement.options) {
      const std::string& key = option.key->text;
      const bool is_expression = key == "in" || key == "over" || key == "value" || key == "shape" || key == "args" || key == "init" ||
                                 key == "carry" || key == "dtype" || key == "reduce_fn" || key == "init_fn";
      if (is_expression && statement.verb != Verb::Transform) dataflow(*option.value, names);
      if (statement.verb == Verb::Transform && key == "in") dataflow(*option.value, names);
      if ((key == "name" || key == "message" || key == "collection" || key == "method") && option.value->is_scalar() &&
          (option.value->text.find('{') != std::string::npos || option.value->text.starts_with('='))) {
        if (const Expr* expr = tree_.interpolation(*option.value, diagnostics_)) expression(*expr, names);
      }
    }
    for (const syntax::Block& block : statement.blocks) {
      for (const Statement& inner : block.body) this->statement(inner, names);
    }
  }

  void let(const Node* entries, const Names& names) {
    if (entries == nullptr) return;
    if (entries->is_list()) {
      for (const Node* group : entries->elements) let(group, names);
    } else if (entries->is_map()) {
      for (const Entry& entry : entries->entries) dataflow(*entry.value, names);
    }
  }

  void apply(const Statement& statement, const Names& names) {
    const Expr* word = tree_.expression(*statement.word, 0, diagnostics_);
    if (word == nullptr) return;
    if (is_forgotten_let(statement, names)) {
      const std::string& word_text = statement.word->text;
      diagnostics_
          .error(Code::UnknownName, statement.word->span,
                 concat("`", word_text, "` is no statement and no name", diagnostics::did_you_mean(word_text, catalog::builtin_names())))
          .help(concat("to bind it write `- let: {", word_text, ": ", syntax::in_flow(statement.subject->text), "}`"))
          .emit();
      return;
    }
    expression(*word, names);
    if (statement.subject == nullptr) return;
    if (word->kind == ExprKind::Name && names.count(word->text) == 0 && fields_of(word->text, *statement.subject, names)) return;
    literals(*statement.subject, names);
  }

  // The fields of a layer or definition that is called by its own name: unknown ones are told, literals are read by their types.
  bool fields_of(const std::string& type, const Node& fields, const Names& names) {
    if (!fields.is_map()) return false;
    std::vector<std::string> known;
    std::function<const catalog::FieldType*(const std::string&)> type_of = [](const std::string&) { return nullptr; };
    const DefinitionTree* definition = nullptr;
    for (const DefinitionTree& candidate : tree_.definitions) {
      if (candidate.name == type) definition = &candidate;
    }
    if (definition != nullptr) {
      if (definition->literal != nullptr || definition->extends != nullptr) return false;
      if (definition->fields != nullptr && definition->fields->is_map()) {
        for (const Entry& entry : definition->fields->entries) known.push_back(entry.key->text);
      }
    } else if (const catalog::LayerType* layer = catalog::find_layer(type)) {
      for (const catalog::FieldInfo& info : layer->fields()) known.push_back(info.name);
      type_of = [layer](const std::string& name) -> const catalog::FieldType* {
        for (const catalog::FieldInfo& info : layer->fields()) {
          if (info.name == name) return &info.type;
        }
        return nullptr;
      };
    } else {
      return false;
    }
    for (const Entry& entry : fields.entries) {
      if (entry.key->text == "with") {
        dataflow(*entry.value, names);
        continue;
      }
      if (std::find(known.begin(), known.end(), entry.key->text) == known.end()) {
        diagnostics::Report report = diagnostics_.error(
            Code::UnknownField, entry.key->span,
            concat("`", type, "` has no field `", diagnostics::shown(entry.key->text), "`", diagnostics::did_you_mean(entry.key->text, known)));
        report.help(concat("`", type, "` has ", diagnostics::listed(known, 40)));
        if (const char* beside = stands_beside(entry.key->text)) report.help(beside);
        report.emit();
        continue;
      }
      const catalog::FieldType* field = type_of(entry.key->text);
      using Base = catalog::FieldType::Base;
      const bool is_function = field != nullptr && (field->base == Base::Function || field->base == Base::Initializer);
      if (is_function && entry.value->is_scalar() && !entry.value->is_null()) {
        dataflow_or_marked(*entry.value, names);
      } else if (field != nullptr && (field->base == Base::Module || field->base == Base::Instance)) {
        module_literal(*entry.value, names);
      } else {
        literals(*entry.value, names);
      }
    }
    return true;
  }

  void module_literal(const Node& node, const Names& names) {
    if (node.is_list()) {
      for (const Node* element : node.elements) module_literal(*element, names);
    } else if (node.is_map() && !node.entries.empty()) {
      const Entry& first = node.entries.front();
      if (syntax::is_transform_word(first.key->text)) return module_literal(*first.value, names);
      const Expr* word = tree_.expression(*first.key, 0, diagnostics_);
      if (word == nullptr) return;
      expression(*word, names);
      if (word->kind == ExprKind::Name && names.count(word->text) == 0 && fields_of(word->text, *first.value, names)) return;
      literals(*first.value, names);
    } else if (node.is_scalar() && !node.is_null()) {
      dataflow_or_marked(node, names);
    }
  }

  // --- setup ---------------------------------------------------------------------------------------

  void setup(const Node& entries, const Names& members) {
    if (!entries.is_map()) return;
    for (const Entry& entry : entries.entries) setup_entry(*entry.value, members);
  }

  void setup_entry(const Node& node, const Names& names) {
    if (is_marked(node)) return dataflow_or_marked(node, names);
    if (node.is_list()) {
      for (const Node* element : node.elements) setup_entry(*element, names);
      return;
    }
    const std::string first = node.is_map() && !node.entries.empty() ? node.entries.front().key->text : "";
    if (first == "for") {
      Names inner = names;
      if (const Node* target = node.find("for")) collect_out(*target, inner);
      if (const Node* over = node.find("over")) dataflow(*over, names);
      if (const Node* inside = node.find("do")) setup_entry(*inside, inner);
    } else if (first == "if" || first == "match") {
      if (const Node* test = node.find(first)) dataflow(*test, names);
      for (const char* branch : {"then", "else"}) {
        if (const Node* inside = node.find(branch)) setup_entry(*inside, names);
      }
      if (const Node* cases = node.find("cases"); cases != nullptr && cases->is_map()) {
        for (const Entry& entry : cases->entries) setup_entry(*entry.value, names);
      }
    } else if (first == "param" || first == "variable") {
      for (const char* key : {"param", "variable", "shape", "dtype", "args", "value"}) {
        if (const Node* inside = node.find(key); inside != nullptr && !inside->is_null()) dataflow(*inside, names);
      }
    } else {
      module_literal(node, names);
    }
  }

  void warn_unused(const DefinitionTree& definition) {
    if (definition.setup == nullptr || !definition.setup->is_map() || definition.extends != nullptr) return;
    Names used;
    for (const syntax::MethodTree& method : definition.methods) used_names(method.body, used);
    for (const Entry& entry : definition.setup->entries) used_in_node(*entry.value, used);
    for (const DefinitionTree& other : tree_.definitions) {  // what extends this one has its entries
      if (other.extends == nullptr) continue;
      for (const syntax::MethodTree& method : other.methods) used_names(method.body, used);
    }
    if (used.count("self") > 0) return;  // reached by name
    for (const Entry& entry : definition.setup->entries) {
      if (used.count(entry.key->text) > 0) continue;
      diagnostics_.warning(Code::UnusedSetupEntry, entry.key->span, concat("no body uses the `setup` entry `", entry.key->text, "`")).emit();
    }
  }

  void used_names(const Body& statements, Names& used) {
    for (const Statement& statement : statements) used_in_node(*statement.node, used);
  }

  // Every word that could be a name, in keys and values: only a hint is drawn from it.
  static void used_in_node(const Node& node, Names& used) {
    if (node.is_list()) {
      for (const Node* element : node.elements) used_in_node(*element, used);
    } else if (node.is_map()) {
      for (const Entry& entry : node.entries) {
        used_in_node(*entry.key, used);
        used_in_node(*entry.value, used);
      }
    } else {
      std::string word;
      for (const char c : node.text + " ") {
        if (c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0) {
          word += c;
        } else if (!word.empty()) {
          used.insert(std::exchange(word, {}));
        }
      }
    }
  }

  // --- expressions ---------------------------------------------------------------------------------

  void dataflow(const Node& node, const Names& names) {
    if (node.is_list()) {
      for (const Node* element : node.elements) {
        if (element->is_scalar()) (void)tree_.element(*element, diagnostics_);
        dataflow(*element, names);
      }
    } else if (node.is_map()) {
      for (const Entry& entry : node.entries) dataflow(*entry.value, names);
    } else if (!node.is_null() && !is_marked(node)) {
      const Expr* expr = tree_.expression(node, 0, diagnostics_);
      if (expr != nullptr && !is_text(node, *expr, names)) expression(*expr, names);
    }
  }

  // `over: ["query"]`: the quotes are YAML's, and what stands in them is no name.
  bool is_text(const Node& node, const Expr& expr, const Names& names) {
    if (!node.is_quoted() || expr.kind != ExprKind::Name || !known_all_ || is_known(expr.text, names)) return false;
    std::vector<std::string> near(names.begin(), names.end());
    near.insert(near.end(), catalog::builtin_names().begin(), catalog::builtin_names().end());
    if (diagnostics::closest_name(expr.text, near) || catalog::is_planned("", expr.text)) return false;
    const std::string text = concat("\"'", expr.text, "'\"");
    diagnostics::Report report = diagnostics_.error(Code::UnknownName, expr.span, concat("unknown name `", diagnostics::shown(expr.text), "`"));
    report.help("a text needs two pairs of quotes here: YAML's own, and those of the expression");
    report.fix(node.span, text, concat("write `", text, "`"), false);
    report.emit();
    return true;
  }

  void dataflow_or_marked(const Node& node, const Names& names) {
    if (const Expr* expr = tree_.expression(node, is_marked(node) ? 1 : 0, diagnostics_)) expression(*expr, names);
  }

  // Configuration positions: only marked scalars are expressions for certain.
  void literals(const Node& node, const Names& names) {
    if (node.is_list()) {
      for (const Node* element : node.elements) literals(*element, names);
    } else if (node.is_map()) {
      for (const Entry& entry : node.entries) {
        if (entry.key->text == "with") {
          dataflow(*entry.value, names);
        } else {
          literals(*entry.value, names);
        }
      }
    } else if (is_marked(node)) {
      dataflow_or_marked(node, names);
    }
  }

  void expression(const Expr& expr, const Names& names) {
    if (expr.kind == ExprKind::Name) return name(expr, names);
    if (expr.kind == ExprKind::Lambda) {
      Names inner = names;
      inner.insert(expr.parameters.begin(), expr.parameters.end());
      for (std::size_t i = 0; i < expr.children.size(); ++i) expression(*expr.children[i], i == 0 ? inner : names);
      return;
    }
    if (expr.kind == ExprKind::Comprehension) {
      Names inner = names;
      target_names(*expr.children[1], inner);
      expression(*expr.children[2], names);
      expression(*expr.children[0], inner);
      if (expr.children.size() > 3) expression(*expr.children[3], inner);
      return;
    }
    for (const auto& child : expr.children) {
      if (child) expression(*child, names);
    }
  }

  static void target_names(const Expr& target, Names& names) {
    if (target.kind == ExprKind::Name) names.insert(target.text);
    for (const auto& child : target.children) {
      if (child) target_names(*child, names);
    }
  }

  // Whether a name may be what `param: w_{i}` binds.
  static bool is_made_up(const std::string& name, const Names& names) {
    return std::any_of(names.begin(), names.end(), [&](const std::string& pattern) {
      const std::size_t open = pattern.find('{');
      const std::size_t close = pattern.rfind('}');
      return open != std::string::npos && close != std::string::npos && name.starts_with(pattern.substr(0, open)) &&
             name.ends_with(pattern.substr(close + 1));
    });
  }

  [[nodiscard]] bool is_known(const std::string& name, const Names& names) const {
    return names.count(name) > 0 || forgotten_.count(name) > 0 || is_made_up(name, names) || file_names_.count(name) > 0 || catalog::builtin(name);
  }

  void name(const Expr& expr, const Names& names) {
    if (!known_all_ || is_known(expr.text, names)) return;
    if (catalog::is_planned("", expr.text)) {
      diagnostics_.error(Code::NotSupportedYet, expr.span, concat("`", expr.text, "` is not built yet")).emit();
      return;
    }
    std::vector<std::string> known(names.begin(), names.end());
    known.insert(known.end(), file_names_.begin(), file_names_.end());
    const std::vector<std::string>& builtins = catalog::builtin_names();
    known.insert(known.end(), builtins.begin(), builtins.end());
    const bool is_entry = tree_.config != nullptr && tree_.config->find(expr.text) != nullptr;
    const bool is_slip = diagnostics::closest_name(expr.text, std::vector<std::string>(names.begin(), names.end())).has_value();
    const std::optional<std::string> prefixed = is_entry ? "config." + expr.text : is_slip ? std::nullopt : catalog::with_prefix(expr.text);
    diagnostics::Report report =
        diagnostics_.error(Code::UnknownName, expr.span,
                           concat("unknown name `", diagnostics::shown(expr.text), "`",
                                  prefixed ? concat("; did you mean `", *prefixed, "`?") : diagnostics::did_you_mean(expr.text, known)));
    if (prefixed) report.fix(expr.span, *prefixed, concat("write `", *prefixed, "`"), false);
    std::vector<std::string> here;
    for (const std::string& known_name : names) {
      const bool is_own = !known_name.empty() && known_name != "call" && module_words().count(known_name) == 0;  // empty: one that could not be read
      if (is_own) here.push_back(known_name);
    }
    if (tree_.config != nullptr) here.emplace_back("config");
    if (!here.empty()) report.help(concat("names here: ", diagnostics::listed(here)));
    report.emit();
  }

  const Tree& tree_;
  Diagnostics& diagnostics_;
  Names file_names_;
  Names forgotten_;  // what statements would bind that lack their `let`: told there
  bool known_all_;   // every name that the bodies may see is known here
};

}  // namespace

const char* stands_beside(std::string_view field) {
  if (field == "name") return "the name of a submodule stands beside its type: {Type: {fields}, name: text}";
  if (field == "in" || field == "out" || field == "update")
    return "the options of a statement stand beside its verb: {Type: {fields}, in: x, out: y}";
  return nullptr;
}

void resolve(const syntax::Tree& tree, diagnostics::Diagnostics& diagnostics) {
  if (tree.root == nullptr) return;
  Resolver(tree, diagnostics).run();
}

}  // namespace linenc::modules
