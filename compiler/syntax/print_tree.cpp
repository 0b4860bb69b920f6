// The tree as text: definitions, fields and statements, one a line; values in flow style.
#include "compiler/syntax/print_tree.h"

#include "compiler/diagnostics/concat.h"

namespace linenc::syntax {
namespace {

std::string flow(const Node& node) {
  std::string out;
  switch (node.kind) {
    case NodeKind::Scalar: return node.plain ? diagnostics::shown(node.text) : concat('"', diagnostics::shown(node.text), '"');
    case NodeKind::List:
      for (const Node* element : node.elements) out += concat(out.empty() ? "" : ", ", flow(*element));
      return concat("[", out, "]");
    case NodeKind::Map:
      for (const Entry& entry : node.entries) out += concat(out.empty() ? "" : ", ", diagnostics::shown(entry.key->text), ": ", flow(*entry.value));
      return concat("{", out, "}");
  }
  return out;
}

class Printer {
 public:
  void line(std::size_t indent, const std::string& text) { out_ += std::string(2 * indent, ' ') + text + "\n"; }

  void entries(std::size_t indent, const std::string& title, const Node* map) {
    if (map == nullptr) return;
    line(indent, title);
    for (const Entry& entry : map->entries) line(indent + 1, concat(diagnostics::shown(entry.key->text), ": ", flow(*entry.value)));
  }

  void body(std::size_t indent, const Body& statements) {
    for (const Statement& statement : statements) {
      const bool bare = statement.subject == nullptr;
      line(indent, concat(diagnostics::shown(statement.word->text), bare ? "" : ": ", bare ? "" : flow(*statement.subject)));
      for (const Entry& option : statement.options) line(indent + 1, concat("| ", option.key->text, ": ", flow(*option.value)));
      for (const Block& block : statement.blocks) {
        line(indent + 1, block.label == nullptr ? "> branch" : concat("> ", diagnostics::shown(block.label->text)));
        body(indent + 2, block.body);
      }
    }
  }

  void method(const MethodTree& method) {
    line(1, concat(diagnostics::shown(method.name), method.has_body ? (method.compact ? ", compact" : "") : ", inherited",
                   method.args == nullptr ? "" : concat(", args ", flow(*method.args)),
                   method.returns == nullptr ? "" : concat(", returns ", flow(*method.returns)),
                   method.transform == nullptr ? "" : concat(", transform ", flow(*method.transform))));
    body(2, method.body);
  }

  void definition(const DefinitionTree& definition) {
    line(0, definition.name_node == nullptr ? "model" : concat("module ", diagnostics::shown(definition.name)));
    if (definition.literal != nullptr) return line(1, flow(*definition.literal));
    if (definition.extends != nullptr) line(1, concat("extends ", flow(*definition.extends)));
    entries(1, "fields", definition.fields);
    entries(1, "setup", definition.setup);
    for (const MethodTree& each : definition.methods) method(each);
  }

  void function(const FunctionTree& function) {
    line(0, concat("function ", diagnostics::shown(function.name), function.compact ? ", compact" : "",
                   function.args == nullptr ? "" : concat(", args ", flow(*function.args))));
    body(1, function.body);
  }

  void section(const std::string& title, const Node* node) {
    if (node == nullptr) return;
    if (node->is_map()) {
      entries(0, title, node);
    } else {
      line(0, concat(title, ": ", flow(*node)));
    }
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

}  // namespace

std::string print(const Tree& tree) {
  Printer printer;
  printer.section("name", tree.name);
  printer.section("config", tree.config);
  printer.section("import", tree.imports);
  printer.section("inputs", tree.inputs);
  if (tree.model != nullptr) printer.line(0, concat("model: ", flow(*tree.model)));
  printer.section("method", tree.method);
  printer.section("assume", tree.assume);
  printer.section("expect", tree.expect);
  for (const FunctionTree& function : tree.functions) printer.function(function);
  for (const DefinitionTree& definition : tree.definitions) printer.definition(definition);
  return printer.take();
}

}  // namespace linenc::syntax
