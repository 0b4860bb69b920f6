// YAML nodes -> tree: the file, its definitions and functions.
#include "compiler/syntax/parser.h"

#include <algorithm>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/syntax/identifier.h"
#include "compiler/syntax/statement_parser.h"
#include "compiler/syntax/structure.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;

namespace {

using Names = std::vector<std::string>;

const Names kTopKeys{"linenc", "name", "doc", "config", "import", "functions", "modules", "inputs", "model", "method", "expect", "assume"};
const Names kBodyKeys{"doc", "fields", "args", "compact", "setup", "call", "methods", "returns", "extends", "transform"};
const Names kMethodKeys{"doc", "args", "compact", "call", "returns", "transform"};
const Names kFunctionKeys{"doc", "args", "body", "compact"};

bool is_one_of(std::string_view name, const Names& names) { return std::find(names.begin(), names.end(), name) != names.end(); }

// The entry of a key, or of a misspelt one that it is the nearest to: that is told, and what would follow from its absence is not.
const Entry* meant_entry(const Node& map, std::string_view key, const Names& known) {
  constexpr std::size_t looked_at = 20;  // of the unknown keys, as many as are told
  std::size_t unknown = 0;
  const Entry* meant = nullptr;
  for (const Entry& entry : map.entries) {
    if (entry.key->text == key) return &entry;
    if (meant != nullptr || is_one_of(entry.key->text, known) || ++unknown > looked_at) continue;
    if (diagnostics::closest_name(entry.key->text, known) == key) meant = &entry;
  }
  return meant;
}

const Node* find_meant(const Node& map, std::string_view key, const Names& known) {
  const Entry* entry = meant_entry(map, key, known);
  return entry == nullptr ? nullptr : entry->value;
}

class Reader {
 public:
  Reader(Tree& tree, Diagnostics& diagnostics) : tree_(tree), diagnostics_(diagnostics), structure_(diagnostics), statements_(diagnostics) {}

  void file(const Node& root);

 private:
  void version(const Node& root);
  void sections(const Node& root);
  const Node* names_section(const Node& root, const char* section);
  void lose_names();
  bool is_without_name(const Node& modules);
  void field_names(const Node& fields);
  void promises();
  void imports();
  void model(const Node& root);
  void function(const Entry& entry);
  void definition(std::string name, const Node* name_node, const Node& node);
  bool literal(const Node& node, DefinitionTree& definition);
  // `known`: every key of the node is.
  void methods(const Node& node, DefinitionTree& definition, bool known);
  // `name`: where it is told that the method has no body; null where nothing is to be told.
  bool method(MethodTree& method, const Node& node, const Span* name, const Names& keys, std::string_view owner);
  void transforms(const Node& node);
  void args(const Node& node, std::string_view owner);
  void normal_names(const Node& map);
  void normal_name(const Node& node, std::string_view name);

  Tree& tree_;
  Diagnostics& diagnostics_;
  Structure structure_;
  StatementParser statements_;
};

void Reader::file(const Node& root) {
  if (root.broken) lose_names();  // of two sections, which one is meant?
  structure_.check_keys(root, kTopKeys, "the file");
  version(root);
  sections(root);
  promises();
  imports();
  const Node* functions = names_section(root, "functions");
  if (functions != nullptr) {
    normal_names(*functions);
    for (const Entry& entry : functions->entries) function(entry);
  }
  const Node* modules = names_section(root, "modules");
  if (modules != nullptr && !is_without_name(*modules)) {
    normal_names(*modules);
    for (const Entry& entry : modules->entries) {
      if (entry.value->is_map() || !modules->broken) definition(entry.key->text, entry.key, *entry.value);
    }
  }
  model(root);
}

void Reader::model(const Node& root) {
  const Node* model = find_meant(root, "model", kTopKeys);
  if (model == nullptr) return;
  const bool in_place = model->is_map() && std::any_of(model->entries.begin(), model->entries.end(),
                                                       [](const Entry& entry) { return is_one_of(entry.key->text, kBodyKeys); });
  if (in_place) {
    definition("", nullptr, *model);
  } else if (model->is_list() || (model->is_null() && model->text.empty())) {
    structure_.wrong(*model, concat("`model` is a module literal `{Type: {fields}}` or a definition, found ", found(*model)));
    tree_.broken = true;
  } else {
    tree_.model = model;
  }
}

void Reader::version(const Node& root) {
  const Node* version = find_meant(root, "linenc", kTopKeys);
  if (version == nullptr) {
    const Span begin{root.span.file, root.span.begin, root.span.begin};
    auto report = diagnostics_.error(Code::MissingKey, begin, "the file must say which version of the language it is written in: `linenc: 1`");
    // A file in flow style has no place for a line of its own.
    if (!root.entries.empty() && root.span.begin == root.entries.front().key->span.begin)
      report.fix(begin, "linenc: 1\n", "add the line `linenc: 1`");
    report.emit();
  } else if (!version->is_scalar() || version->text != "1") {
    diagnostics_.error(Code::WrongVersion, version->span, concat("the language has the version `1`, found ", found(*version))).emit();
  }
}

// A section of the wrong kind is told once, here; the file is then not run, which would tell that it is missing.
void Reader::sections(const Node& root) {
  const auto read = [&](const Node*& node, const char* name, auto is_kind, bool run_needs) {
    node = find_meant(root, name, kTopKeys);
    if (node == nullptr || (structure_.*is_kind)(*node, concat("`", name, "`"))) return;
    node = nullptr;
    tree_.broken |= run_needs;
  };
  read(tree_.name, "name", &Structure::is_text, false);
  read(tree_.config, "config", &Structure::is_map, true);
  read(tree_.inputs, "inputs", &Structure::is_map, true);
  read(tree_.method, "method", &Structure::is_text, true);
  read(tree_.expect, "expect", &Structure::is_map, false);
  read(tree_.assume, "assume", &Structure::is_list, true);
  tree_.imports = names_section(root, "import");
}

// A section whose keys are names that bodies may use: without it none of them is known.
const Node* Reader::names_section(const Node& root, const char* section) {
  const Node* node = find_meant(root, section, kTopKeys);
  if (node == nullptr) return nullptr;
  if (node->broken) lose_names();
  if (structure_.is_map(*node, concat("`", section, "`"))) return node;
  lose_names();
  return nullptr;
}

void Reader::lose_names() { tree_.broken = tree_.lacks_names = true; }

// `modules: {fields: …, compact: […]}`
bool Reader::is_without_name(const Node& modules) {
  std::vector<std::string> keys;
  bool has_body = false;
  for (const Entry& entry : modules.entries) {
    if (is_one_of(entry.key->text, kBodyKeys)) keys.push_back(entry.key->text);
    has_body |= (entry.key->text == "compact" || entry.key->text == "call") && entry.value->is_list();
  }
  if (!has_body) return false;
  structure_.wrong(*modules.find_key(keys.front()), concat(diagnostics::listed(keys), keys.size() == 1 ? " belongs" : " belong",
                                                           " to a module: its name is missing above ", keys.size() == 1 ? "it" : "them"));
  lose_names();
  return true;
}

void Reader::promises() {
  static const Names known{"output", "params", "flops", "peak_memory", "variables", "at"};
  if (tree_.expect != nullptr) structure_.check_keys(*tree_.expect, known, "`expect`", "promise");
}

void Reader::imports() {
  static const Names known{"file", "config"};
  if (tree_.imports == nullptr) return;
  for (const Entry& entry : tree_.imports->entries) {
    if (entry.value->is_map()) {
      const bool whole = structure_.check_keys(*entry.value, known, "an import");
      if (whole && entry.value->find("file") == nullptr)
        diagnostics_.error(Code::MissingKey, entry.key->span, concat("the import `", shown(entry.key->text), "` needs `file`")).emit();
    } else {
      structure_.is_text(*entry.value, concat("the import `", shown(entry.key->text), "`"));
    }
  }
}

// Without the names of its arguments a body is not run.
void Reader::args(const Node& node, std::string_view owner) {
  if (node.broken) lose_names();
  if (node.is_null()) return;
  if (!node.is_list() && !node.is_map()) {
    structure_.wrong(node, concat("`args` of ", owner, " is a list of names or a map of contracts, found ", found(node)));
    return lose_names();
  }
  std::vector<const Node*> arguments = node.elements;
  for (const Entry& entry : node.entries) {
    arguments.push_back(entry.key);
    if (entry.value->is_scalar()) continue;
    structure_.wrong(*entry.value, concat("an argument's contract is a type such as float32[batch, 10], found ", found(*entry.value)));
    tree_.broken = true;
  }
  Names names;
  for (const Node* argument : arguments) {
    if (!argument->is_scalar()) {
      structure_.wrong(*argument, concat("an argument is a name, or `name = default`, found ", found(*argument)));
      lose_names();
      continue;
    }
    std::string name = argument->text.substr(0, argument->text.find('='));
    while (name.ends_with(' ')) name.pop_back();
    if (name.starts_with("**")) name.erase(0, 2);
    if (is_identifier(name) && !is_one_of(name, names)) {
      normal_name(*argument, name);
      names.push_back(std::move(name));
      continue;
    }
    structure_.wrong(*argument,
                     is_identifier(name) ? concat("the argument `", shown(name), "` stands twice") : concat("`", shown(name), "` is not a name"));
    lose_names();
  }
}

// Expressions read a name in its normal form, and what is declared must have that.
void Reader::normal_name(const Node& node, std::string_view name) {
  const std::string form = normal_form(name);
  if (!is_identifier(name) || form == name) return;
  const std::size_t at = node.text.find(name);
  const Span place = node.span_of(at, at + name.size());
  auto report =
      diagnostics_.error(Code::WrongStructure, place,
                         concat("the name `", shown(name), "` is read in its normal form (NFKC), as Python does, and that is `", shown(form), "`"));
  report.fix(place, form, concat("write `", form, "`"));
  report.emit();
  lose_names();
}

void Reader::normal_names(const Node& map) {
  for (const Entry& entry : map.entries) normal_name(*entry.key, entry.key->text);
}

// Without the names of the fields neither the definition nor its uses are run.
void Reader::field_names(const Node& fields) {
  if (fields.broken) return lose_names();
  for (const Entry& entry : fields.entries) {
    if (is_identifier(entry.key->text)) continue;
    structure_.wrong(*entry.key, concat("`", shown(entry.key->text), "` is not a name"));
    lose_names();
  }
  normal_names(fields);
}

void Reader::function(const Entry& entry) {
  const std::string owner = concat("the function `", shown(entry.key->text), "`");
  const Node& node = *entry.value;
  if (!node.is_map()) {
    structure_.wrong(node, concat(owner, " must be a map with a `body`, found ", found(node)));
    return lose_names();
  }
  structure_.check_keys(node, kFunctionKeys, owner);
  const Node* body = find_meant(node, "body", kFunctionKeys);
  const Node* compact = find_meant(node, "compact", kFunctionKeys);
  if (body == nullptr && compact == nullptr) {
    diagnostics_.error(Code::MissingKey, entry.key->span, concat(owner, " needs a `body`, or a `compact` one, which makes submodules")).emit();
    return lose_names();
  }
  if (body != nullptr && compact != nullptr)
    structure_.wrong(*meant_entry(node, "compact", kFunctionKeys)->key, concat(owner, " has a `body` and a `compact`: one of them"));
  FunctionTree function;
  function.name = entry.key->text;
  function.name_node = entry.key;
  function.node = &node;
  function.args = find_meant(node, "args", kFunctionKeys);
  if (function.args != nullptr) args(*function.args, owner);
  function.compact = body == nullptr;
  function.body = statements_.body(function.compact ? *compact : *body, function.compact ? "`compact`" : "`body`");
  tree_.functions.push_back(std::move(function));
}

// A definition whose first key, besides `doc`, is `template` or a transform only names a literal.
bool Reader::literal(const Node& node, DefinitionTree& definition) {
  const auto first = std::find_if(node.entries.begin(), node.entries.end(), [](const Entry& entry) { return entry.key->text != "doc"; });
  if (first == node.entries.end()) return false;
  const std::string& word = first->key->text;
  if (word == "template") {
    static const Names keys{"template", "doc"};
    structure_.check_keys(node, keys, concat("the template `", shown(definition.name), "`"));
  } else if (is_transform_word(word)) {
    statements_.check_transform(node, word, {"doc"});
  } else {
    return false;
  }
  if (first->value->is_null()) structure_.wrong(*first->value, concat("`", word, "` needs a module literal"));
  definition.literal = &node;
  return true;
}

void Reader::definition(std::string name, const Node* name_node, const Node& node) {
  const std::string owner = name_node == nullptr ? std::string("`model`") : concat("the module `", shown(name), "`");
  if (!node.is_map()) {
    structure_.wrong(node, concat(owner, " must be a map, found ", found(node)));
    return lose_names();
  }
  DefinitionTree definition;
  definition.name = std::move(name);
  definition.name_node = name_node;
  definition.node = &node;
  if (!literal(node, definition)) {
    const bool known = structure_.check_keys(node, kBodyKeys, owner);
    definition.extends = find_meant(node, "extends", kBodyKeys);
    definition.fields = find_meant(node, "fields", kBodyKeys);
    definition.setup = find_meant(node, "setup", kBodyKeys);
    const auto check = [&](const Node*& section, const char* what) {
      if (section == nullptr || structure_.is_map(*section, what)) return;
      section = nullptr;
      lose_names();
    };
    check(definition.fields, "`fields`");
    check(definition.setup, "`setup`");
    if (definition.fields != nullptr) field_names(*definition.fields);
    if (definition.setup != nullptr) {
      normal_names(*definition.setup);
      for (const Entry& entry : definition.setup->entries) statements_.check_setup_entry(*entry.value);
    }
    methods(node, definition, known);
  }
  tree_.definitions.push_back(std::move(definition));
}

void Reader::methods(const Node& node, DefinitionTree& definition, bool known) {
  const bool extends = definition.extends != nullptr;
  static const Names own{"compact", "call", "args", "returns", "transform"};
  const std::string owner = definition.name_node == nullptr ? std::string("the model") : concat("`", shown(definition.name), "`");
  if (std::any_of(own.begin(), own.end(), [&](const std::string& key) { return find_meant(node, key, kBodyKeys) != nullptr; })) {
    MethodTree call;
    call.name = "call";
    const Span name = node.entries.empty() ? node.span : node.entries.front().key->span;
    if (method(call, node, known && !extends ? &name : nullptr, kBodyKeys, owner) || extends)
      definition.methods.push_back(std::move(call));
    else
      lose_names();
  }
  const Node* methods = find_meant(node, "methods", kBodyKeys);
  if (methods == nullptr) {
    if (!known && !extends && definition.methods.empty()) lose_names();  // an unknown key may be its body
    return;
  }
  if (!structure_.is_map(*methods, "`methods`")) return lose_names();
  normal_names(*methods);
  for (const Entry& entry : methods->entries) {
    const std::string what = concat("the method `", shown(entry.key->text), "`");
    if (!entry.value->is_map()) {
      structure_.wrong(*entry.value, concat(what, " must be a map with a `call` or `compact`, found ", found(*entry.value)));
      lose_names();
      continue;
    }
    const bool whole = structure_.check_keys(*entry.value, kMethodKeys, what);
    const bool twice = entry.key->text == "call" && !definition.methods.empty() && definition.methods.front().name == "call";
    if (twice) {
      structure_.wrong(*entry.key, "the method `call` is written twice: beside `methods` and in it");
      continue;
    }
    MethodTree result;
    result.name = entry.key->text;
    const Span* name = whole && !extends ? &entry.key->span : nullptr;
    if (method(result, *entry.value, name, kMethodKeys, what) || extends)
      definition.methods.push_back(std::move(result));
    else
      lose_names();
  }
}

bool Reader::method(MethodTree& method, const Node& node, const Span* name, const Names& keys, std::string_view owner) {
  method.node = &node;
  method.args = find_meant(node, "args", keys);
  method.returns = find_meant(node, "returns", keys);
  method.transform = find_meant(node, "transform", keys);
  if (method.args != nullptr) args(*method.args, owner);
  if (method.transform != nullptr) transforms(*method.transform);
  const Node* compact = find_meant(node, "compact", keys);
  const Node* call = find_meant(node, "call", keys);
  if (compact != nullptr && call != nullptr)
    structure_.wrong(*meant_entry(node, "call", keys)->key, concat("the body of ", owner, " is either `compact` or `call`"));
  method.compact = compact != nullptr;
  method.has_body = compact != nullptr || call != nullptr;
  if (method.has_body) {
    method.body = statements_.body(method.compact ? *compact : *call, method.compact ? "`compact`" : "`call`");
  } else if (name != nullptr) {
    auto report = diagnostics_.error(Code::MissingKey, *name, concat(owner, " has no body: it needs `compact` or `call`"));
    if (find_meant(node, "methods", keys) != nullptr) {
      report.help("a module that has `methods` alone is written without `args`, `returns` and `transform`, which are those of its call");
    }
    report.emit();
  }
  return method.has_body;
}

// `transform: [remat, {scan: {in_axes: 1}}]`
void Reader::transforms(const Node& node) {
  if (!structure_.is_list(node, "`transform`")) return;
  for (const Node* element : node.elements) {
    const bool one = element->is_scalar() || (element->is_map() && element->entries.size() == 1);
    const Node* word = element->is_scalar() ? element : one ? element->entries[0].key : nullptr;
    if (word == nullptr) {
      structure_.wrong(*element, concat("an element of `transform` is the name of a transform, or `{name: {options}}`, found ", found(*element)));
    } else if (!is_transform_word(word->text)) {
      static const Names known{"jit", "remat", "checkpoint", "vmap", "scan", "map_variables", "remat_scan", "fold_rngs"};
      structure_.unknown_key(*word, known, "the language", "transform");
    } else if (element->is_map() && structure_.is_map(*element->entries[0].value, concat("`", word->text, "`"))) {
      statements_.check_transform(*element->entries[0].value, word->text, {});
    }
  }
}

// "models/cnn.yaml" -> "cnn"
std::string stem(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = path.rfind('.');
  return std::string(dot == 0 ? path : path.substr(0, dot));
}

}  // namespace

std::unique_ptr<Tree> parse(source::FileId file, const source::SourceSet& sources, Diagnostics& diagnostics, const YamlLimits& limits) {
  auto tree = std::make_unique<Tree>();
  tree->file = file;
  tree->yaml = read_yaml(file, sources, diagnostics, limits);
  const Node* root = tree->yaml->root();
  if (root == nullptr) return tree;
  if (!root->is_map()) {
    diagnostics.error(Code::WrongStructure, root->span, concat("a model file is a map that begins with `linenc: 1`, found ", found(*root))).emit();
    return tree;
  }
  tree->root = root;
  Reader(*tree, diagnostics).file(*root);
  tree->title = tree->name != nullptr && !tree->name->text.empty() ? tree->name->text : stem(sources.file(file).path());
  return tree;
}

Body parse_body(const Node& node, Diagnostics& diagnostics) { return StatementParser(diagnostics).body(node, "a body"); }

}  // namespace linenc::syntax
