// A whole model file: inputs, the root module, one run for init and one for apply.
// Tested by tests/compiler/elaborate/setup_test.cpp.
#include "compiler/elaborate/elaborate.h"

#include <algorithm>
#include <tuple>

#include "compiler/catalog/numpy.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/definition_type.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/expectations.h"
#include "compiler/elaborate/inputs.h"
#include "compiler/elaborate/literal.h"

namespace linenc::elaborate {

using catalog::FieldType;
using graph::PortRole;

// The state of one run, from the reading of config to the outputs.
class RunState {
 public:
  RunState(Model& model, const RunRequest& request) : model_(model), request_(request) {
    run_.graph = std::make_unique<graph::Graph>();
    run_.graph->name = request.initializing ? "init" : "apply";
    run_.origins = std::make_unique<graph::Origins>();
    run_.dims = std::make_unique<graph::DimContext>();
    builder_ = std::make_unique<graph::Builder>(*run_.graph, model.diagnostics_, *run_.origins, *run_.dims);
    catalog::Filter filter = request.mutable_collections;
    if (request.initializing) filter = {true, {"intermediates"}};
    context_ = std::make_unique<Context>(*builder_, request.initializing, std::move(filter));
    context_->budget = request.budget.value_or(model.budget_);
    const graph::SiteGuard guard(*builder_, root_site());
    unit_ = std::make_unique<Unit>(*context_, model.tree_, model.overrides_, ImportedAs{&model.importer_, {}, {}});
    context_->lookup = [this](const std::string& name) { return unit_->find(*context_, name, {}); };
    if (request.record_calls) context_->calls = &run_.calls;
    context_->capture_intermediates = request.capture_intermediates;
  }

  Run go() {
    const std::size_t errors = model_.diagnostics_.errors();
    const graph::SiteGuard guard(*builder_, root_site());
    try {
      if (model_.tree_->broken) throw Failed{};
      read_assumptions();
      const InstancePtr root = make_root();
      const std::string method = request_.method.empty() ? model_.file_method() : request_.method;
      check_method(*root, method);
      Inputs inputs(*context_, *unit_, request_, run_.sizes);
      const Arguments arguments = bind_call(*root, method, inputs);
      check_assumptions();
      take_variables();
      open_streams();
      const std::size_t before = model_.diagnostics_.errors();
      run_.output = context_->call_method(root, method, arguments);
      output_place_ = return_place(*root, method);
      if (model_.diagnostics_.errors() == before && run_.output.has_poison()) run_.failed = true;
      finish(errors);
    } catch (const Failed&) {
      run_.failed = true;
    }
    run_.failed = run_.failed || model_.diagnostics_.errors() > errors + broken_promises_;
    return std::move(run_);
  }

  Context& context() { return *context_; }
  const Unit& unit() { return *unit_; }
  InstancePtr root() { return make_root(); }

 private:
  const graph::Site& root_site() {
    const syntax::Tree& tree = *model_.tree_;
    root_site_.span = tree.root->span;
    if (tree.model != nullptr)
      root_site_.span = tree.model->span;
    else if (!tree.definitions.empty() && tree.definitions.back().name.empty())
      root_site_.span = tree.definitions.back().node->span;
    return root_site_;
  }

  // States what `assume:` says to the rules, at the sizes that the run was given.
  void read_assumptions() {
    for (const Expr* expr : assumptions()) {
      const auto [left, relation, right] = sides(*expr, request_.sizes);
      check_assumption(*expr, request_.sizes);
      run_.dims->assume(left, relation, right);
    }
  }

  // Again, once arrays have given sizes.
  void check_assumptions() {
    for (const Expr* expr : assumptions()) check_assumption(*expr, run_.sizes);
  }

  std::vector<const Expr*> assumptions() {
    std::vector<const Expr*> found;
    if (model_.tree_->assume == nullptr) return found;
    for (const Node* node : model_.tree_->assume->elements) {
      if (!node->is_scalar()) continue;
      const Expr& expr = parsed(*context_, Frame(*unit_), *node);
      if (expr.kind != syntax::ExprKind::Compare || expr.ops.size() != 1) {
        context_->fail(Code::WrongStructure, node->span, "an assumption compares two sizes: `h % 2 == 0`");
      }
      found.push_back(&expr);
    }
    return found;
  }

  using Relation = graph::DimContext::Relation;
  static Relation relation_of(syntax::ExprOp op) {
    using syntax::ExprOp;
    if (op == ExprOp::NotEqual) return Relation::NotEqual;
    if (op == ExprOp::Less) return Relation::Less;
    if (op == ExprOp::LessEqual) return Relation::LessEqual;
    if (op == ExprOp::Greater) return Relation::Greater;
    if (op == ExprOp::GreaterEqual) return Relation::GreaterEqual;
    return Relation::Equal;
  }

  std::tuple<Dim, Relation, Dim> sides(const Expr& expr, const std::map<std::string, Dim>& sizes) {
    Frame frame(*unit_);
    for (const std::string& name : dimension_names(*model_.tree_, model_.diagnostics_)) {
      const auto size = sizes.find(name);
      frame.bind(name, size != sizes.end() ? size->second : Dim::named(name));
    }
    const Value left = evaluate_static(*context_, frame, *expr.children[0], "an assumption");
    const Value right = evaluate_static(*context_, frame, *expr.children[1], "an assumption");
    if (left.integer() == nullptr || right.integer() == nullptr) context_->fail(Code::WrongType, expr.span, "an assumption compares two sizes");
    return {*left.integer(), relation_of(expr.ops[0]), *right.integer()};
  }

  void check_assumption(const Expr& expr, const std::map<std::string, Dim>& sizes) {
    const auto [left, relation, right] = sides(expr, sizes);
    if (run_.dims->holds(left, relation, right) != graph::Truth::No) return;
    std::string given;
    for (const auto& [name, size] : sizes) {
      if (size.is_constant()) given += concat(given.empty() ? "" : ", ", name, "=", size.text());
    }
    context_->fail(Code::Unproven, expr.span,
                   concat("the assumption does not hold at ", given.empty() ? "any size" : given, ": ", left.text(), " ",
                          syntax::spelling(expr.ops[0]), " ", right.text()));
  }

  InstancePtr make_root() {
    const syntax::Tree& tree = *model_.tree_;
    Value value;
    Span place = tree.root->span;
    if (tree.model != nullptr) {
      place = tree.model->span;
      value = module_literal(*context_, Frame(*unit_), *tree.model);
    } else if (!tree.definitions.empty() && tree.definitions.back().name.empty()) {
      place = tree.definitions.back().node->span;
      value = unit_->definition(*context_, "");
    } else {
      if (model_.diagnostics_.has_errors()) throw Failed{};
      context_->fail(Code::MissingKey, place, "the file has no `model`");
    }
    const InstancePtr instance = context_->construct(as_template(*context_, value, place), place);
    context_->bind_root(instance);
    return instance;
  }

  void check_method(const catalog::Instance& root, const std::string& method) {
    const std::vector<std::string> known = root.type->methods();
    if (std::find(known.begin(), known.end(), method) != known.end()) return;
    context_->fail(Code::UnknownMethod, model_.tree_->method != nullptr ? model_.tree_->method->span : root.place,
                   concat("`", root.type->class_name(), "` has no method `", diagnostics::shown(method), "`",
                          diagnostics::did_you_mean(method, known), " (it has ", diagnostics::listed(known), ")"));
  }

  // To a definition by name, leaving out what only its other methods take; by position to a layer of Linen, or where no input has the
  // name of an argument.
  Arguments bind_call(const catalog::Instance& root, const std::string& method, Inputs& inputs) {
    const Taken taken = taken_inputs(root, method, inputs.names());
    Arguments arguments;
    arguments.place = root_site_.span;
    for (const std::string& name : inputs.names()) {
      if (taken.by_position) {
        arguments.positional.push_back({inputs.value(name), inputs.place(name), name});
      } else if (std::find(taken.names.begin(), taken.names.end(), name) != taken.names.end()) {
        arguments.keywords.emplace_back(name, Arguments::Item{inputs.value(name), inputs.place(name), name});
      } else if (std::find(taken.known.begin(), taken.known.end(), name) == taken.known.end()) {
        context_->fail(Code::WrongArguments, inputs.place(name),
                       concat("`", name, "` is no argument of `", root.type->class_name(), "`", diagnostics::did_you_mean(name, taken.known),
                              " (they are ", diagnostics::listed(taken.known), ")"));
      }
    }
    if (!taken.by_position) {  // vmap and scan lift positions only
      const std::vector<std::string> order = root.type->arguments(method);
      while (arguments.positional.size() < order.size()) {
        const auto found = std::find_if(arguments.keywords.begin(), arguments.keywords.end(),
                                        [&](const auto& k) { return k.first == order[arguments.positional.size()]; });
        if (found == arguments.keywords.end()) break;
        arguments.positional.push_back(std::move(found->second));
        arguments.keywords.erase(found);
      }
    }
    inputs.check_all_bound();
    return arguments;
  }

  void take_variables() {
    if (request_.variables == nullptr) return;
    for (catalog::StoredVariable& variable : stored_variables(*run_.graph, *request_.variables))
      context_->root_view.add_existing(std::move(variable));
  }

  void open_streams() {
    for (const std::string& stream : request_.streams) {
      Fact fact;
      fact.dtype = DType::Key;
      const graph::ValueId input = run_.graph->add_input(fact, PortRole::Stream, stream);
      context_->root_view.streams.push_back({stream, {run_.graph.get(), input}, 0, {}, nullptr});
    }
  }

  // `errors`: how many there were before the run.
  void finish(std::size_t errors) {
    if (run_.failed || run_.output.has_poison()) return;
    check_dtypes(*run_.graph);
    name_outputs("output", run_.output);
    run_.variables = catalog::flatten(context_->root_view.all());
    for (const catalog::StoredVariable* variable : context_->root_view.written()) {
      for (const VariableLeaf& leaf : catalog::flatten({*variable})) run_.written.push_back(leaf.key);
    }
    const std::size_t before = model_.diagnostics_.errors();
    if (request_.check_expectations && before == errors) check_expectations();
    broken_promises_ = model_.diagnostics_.errors() - before;  // the run itself is whole
    for (const auto& [name, tensor] : run_.outputs) run_.graph->outputs.push_back({tensor.id, PortRole::Argument, name});
    for (VariableLeaf& leaf : run_.variables) {
      leaf.tensor = builder_->use(leaf.tensor);
      run_.graph->outputs.push_back({leaf.tensor.id, PortRole::Variable, leaf.key});
    }
  }

  // Plans compute with no complex numbers yet.
  void check_dtypes(const graph::Graph& graph) {
    for (const graph::Port& port : graph.inputs) {
      if (graph.fact(port.value).dtype > DType::Key) fail_dtype(graph.fact(port.value).dtype, place_of_input(port.name));
    }
    for (const graph::ValueInfo& value : graph.values) {
      if (value.fact.dtype > DType::Key)
        fail_dtype(value.fact.dtype, value.producer == graph::kNoNode ? root_site_.span : graph.node(value.producer).origin.span);
    }
    for (const auto& region : graph.regions) check_dtypes(*region);
  }
  [[noreturn]] void fail_dtype(DType dtype, source::Span place) {
    context_->fail(Code::NotSupportedYet, place, concat("arrays of ", name(dtype), " cannot be computed with yet"));
  }
  // Of `batch.image`, the place of `batch`.
  [[nodiscard]] source::Span place_of_input(const std::string& path) const {
    for (const syntax::Entry& entry : input_entries(*model_.tree_)) {
      if (entry.key->text == path.substr(0, path.find('.'))) return entry.value->span;
    }
    return root_site_.span;
  }

  void check_expectations() {
    try {
      check_at(*context_, *unit_);
    } catch (const Failed&) {}
    try {
      check_output(*context_, *unit_, catalog::map_arrays(*context_, run_.output), run_.sizes);
    } catch (const Failed&) {}
    try {
      if (request_.initializing) check_variables(*context_, *unit_, run_.variables, run_.sizes);
    } catch (const Failed&) {}
  }

  // The last `return` of the body that is run; the model where there is none.
  [[nodiscard]] source::Span return_place(const catalog::Instance& root, const std::string& method) const {
    source::Span place = root_site_.span;
    const auto* type = dynamic_cast<const DefinitionType*>(root.type.get());
    const auto running = type != nullptr ? type->definition().method(method) : nullptr;
    if (running == nullptr || running->body == nullptr) return place;
    for (const syntax::Statement& statement : *running->body) {
      if (statement.verb == syntax::Verb::Return) place = statement.node->span;
    }
    return place;
  }

  void name_outputs(const std::string& name, const Value& value) {
    if (value.is_none()) return;
    if (const List* list = value.list()) {
      for (std::size_t i = 0; i < list->size(); ++i) name_outputs(name + "." + std::to_string(i), (*list)[i]);
    } else if (const Map* map = value.map()) {
      for (const auto& [key, item] : *map) name_outputs(name + "." + catalog::display(key), item);
    } else if (value.tensor() != nullptr || value.array() || value.integer() != nullptr || value.number() != nullptr || value.boolean() != nullptr) {
      run_.outputs.emplace_back(name, builder_->use(catalog::to_tensor(*context_, value, output_place_)));
    } else {
      context_->fail(Code::WrongType, output_place_,
                     concat("the model gives ", catalog::kind(value), " as `", name, "`: only arrays and numbers leave a model"));
    }
  }

  Model& model_;
  const RunRequest& request_;
  Run run_;
  std::size_t broken_promises_ = 0;
  graph::Site root_site_;
  source::Span output_place_;  // what is told of an output stands here
  std::unique_ptr<graph::Builder> builder_;
  std::unique_ptr<Context> context_;
  std::unique_ptr<Unit> unit_;
};

Model::Model(std::shared_ptr<const syntax::Tree> tree, std::vector<Override> overrides, Diagnostics& diagnostics, Importer importer)
    : tree_(std::move(tree)), overrides_(std::move(overrides)), diagnostics_(diagnostics), importer_(std::move(importer)) {}

Model::~Model() = default;

Run Model::run(const RunRequest& request) { return RunState(*this, request).go(); }

std::string Model::file_method() const { return tree_->method != nullptr && tree_->method->is_scalar() ? tree_->method->text : "call"; }

std::string Model::name() const { return tree_->name != nullptr ? tree_->name->text : ""; }

std::vector<ModelInput> Model::inputs(const std::string& method) {
  std::vector<ModelInput> inputs = tensor_inputs(*tree_, diagnostics_);
  if (tree_->broken) return inputs;
  RunRequest request;
  RunState state(*this, request);
  try {
    const InstancePtr root = state.root();
    std::vector<std::string> names;
    for (const syntax::Entry& entry : input_entries(*tree_)) names.push_back(entry.key->text);
    const Taken taken = taken_inputs(*root, method.empty() ? file_method() : method, names);
    if (taken.by_position) return inputs;
    for (ModelInput& input : inputs) {
      const std::string top = input.path.substr(0, input.path.find('.'));
      input.taken = std::find(taken.names.begin(), taken.names.end(), top) != taken.names.end();
    }
  } catch (const Failed&) {}
  return inputs;
}

std::vector<std::string> Model::methods() {
  RunRequest request;
  RunState state(*this, request);
  try {
    return state.root()->type->methods();
  } catch (const Failed&) {
    return {};
  }
}

std::vector<std::string> Model::static_inputs() const {
  std::vector<std::string> names;
  for (const syntax::Entry& entry : input_entries(*tree_)) {
    if (entry.value->is_scalar() && (is_marked(*entry.value) || !modules::looks_like_tensor_type(entry.value->text)))
      names.push_back(entry.key->text);
  }
  return names;
}

std::vector<std::string> Model::unused_overrides() const {
  std::vector<std::string> paths;
  for (const Override& change : overrides_) {
    if (!change.used) paths.push_back(change.path);
  }
  return paths;
}

namespace {

void add_paths(const syntax::Node& node, const std::string& prefix, std::vector<std::string>& paths) {
  if (!node.is_map()) return;
  for (const syntax::Entry& entry : node.entries) {
    const std::string path = prefix.empty() ? entry.key->text : prefix + "." + entry.key->text;
    paths.push_back(path);
    add_paths(*entry.value, path, paths);
  }
}

}  // namespace

std::vector<std::string> Model::config_paths() const {
  std::vector<std::string> paths;
  if (tree_->config != nullptr) add_paths(*tree_->config, "", paths);
  return paths;
}

std::vector<std::string> Model::dimension_names() { return elaborate::dimension_names(*tree_, diagnostics_); }

std::map<std::string, Dim> Model::expected_sizes() const {
  std::map<std::string, Dim> sizes;
  const syntax::Node* at = tree_->expect != nullptr ? tree_->expect->find("at") : nullptr;
  if (at == nullptr || !at->is_map()) return sizes;
  for (const syntax::Entry& entry : at->entries) {
    if (!entry.value->is_scalar()) continue;
    const syntax::CoreValue value = syntax::core_value(*entry.value);
    if (value.kind == syntax::CoreKind::Int && !value.overflow) sizes.emplace(entry.key->text, Dim(value.integer));
  }
  return sizes;
}

std::vector<std::vector<std::string>> Model::input_choices() const {
  const syntax::Node* at = tree_->expect != nullptr ? tree_->expect->find("at") : nullptr;
  const syntax::Node* inputs = at != nullptr && at->is_map() ? at->find("inputs") : nullptr;
  std::vector<std::vector<std::string>> choices;
  if (inputs == nullptr || !inputs->is_list()) return {{}};
  std::vector<std::string> plain;
  for (const syntax::Node* element : inputs->elements) {
    if (element->is_list()) {
      std::vector<std::string>& choice = choices.emplace_back();
      for (const syntax::Node* name : element->elements) choice.push_back(name->text);
    } else {
      plain.push_back(element->text);
    }
  }
  if (choices.empty()) choices.push_back(std::move(plain));
  return choices;
}

}  // namespace linenc::elaborate
