// What is said of a name that nothing has. Tested by tests/language/4_modules and 5_statements.
#include "compiler/elaborate/unknown_name.h"

#include <algorithm>
#include <array>

#include "compiler/catalog/planned.h"
#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/inputs.h"
#include "compiler/elaborate/unit.h"

namespace linenc::elaborate {

namespace {

// Texts that arguments take, and that are often written without their quotes.
constexpr std::array<std::string_view, 12> kModes = {"fan_in", "fan_out", "fan_avg",  "fan_geo_avg", "truncated_normal", "SAME",
                                                     "VALID",  "CAUSAL",  "CIRCULAR", "REFLECT",     "bilinear",         "nearest"};

// How a body reads the dimension `name` of a contract among its arguments: "x.shape[1]".
std::optional<std::string> read_from_tensor(const std::string& tensor, const modules::TensorType& type, const std::string& name) {
  const auto& dims = type.dims->children;
  const bool leading = !dims.empty() && dims[0]->kind == syntax::ExprKind::Constant;  // `...`: counted from the end
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (dims[i]->kind != syntax::ExprKind::Name || dims[i]->text != name) continue;
    return concat(tensor, ".shape[", leading ? "-" : "", leading ? dims.size() - i : i, "]");
  }
  return std::nullopt;
}

std::optional<std::string> read_from_argument(const modules::Method& method, const std::string& name) {
  for (const modules::Argument& argument : method.arguments) {
    if (!argument.tensor) continue;
    if (auto text = read_from_tensor(argument.name, *argument.tensor, name)) return text;
  }
  return std::nullopt;
}

std::optional<std::string> read_from_input(const syntax::Tree& tree, const std::string& name, diagnostics::Diagnostics& diagnostics) {
  for (const ModelInput& input : tensor_inputs(tree, diagnostics)) {
    if (input.type.dims == nullptr) continue;
    if (auto text = read_from_tensor(input.path, input.type, name)) return text;
  }
  return std::nullopt;
}

using Names = std::vector<std::string>;

void add_bound(const syntax::Body& body, const std::string& name, std::vector<Span>& places);

// The places below a node of targets that are `name`.
void add_targets(const Node* node, const std::string& name, std::vector<Span>& places) {
  if (node == nullptr) return;
  for (const Node* element : node->elements) add_targets(element, name, places);
  for (const syntax::Entry& entry : node->entries) add_targets(entry.value, name, places);
  if (node->is_scalar() && node->text == name) places.push_back(node->span);
}

void add_keys(const Node* node, const std::string& name, std::vector<Span>& places) {
  if (node == nullptr) return;
  for (const Node* element : node->elements) add_keys(element, name, places);
  if (const Node* key = node->find_key(name)) places.push_back(key->span);
}

void add_bound(const syntax::Statement& statement, const std::string& name, std::vector<Span>& places) {
  using syntax::Verb;
  const Verb verb = statement.verb;
  add_targets(statement.option("out"), name, places);
  if (verb == Verb::Let || verb == Verb::Template || verb == Verb::Instance) add_keys(statement.subject, name, places);
  if (verb == Verb::Param || verb == Verb::Variable) add_targets(statement.subject, name, places);
  for (const syntax::Block& block : statement.blocks) add_bound(block.body, name, places);
}

void add_bound(const syntax::Body& body, const std::string& name, std::vector<Span>& places) {
  for (const syntax::Statement& statement : body) add_bound(statement, name, places);
}

// Where the running body binds the name all the same: further down, or in a part that is not run.
bool is_bound_elsewhere(diagnostics::Report& report, const Frame& frame, const std::string& name, Span place) {
  std::vector<Span> places;
  if (frame.method() != nullptr && frame.method()->body != nullptr) add_bound(*frame.method()->body, name, places);
  if (places.empty()) return false;
  const bool below = places.front().begin > place.begin;
  report.note(places.front(),
              below ? "it is bound here, further down: a body runs from top to bottom" : "it is bound here, in a part that is not run");
  return true;
}

// `config.width` of `width`, `blocks.Block` of `Block`.
std::optional<std::string> qualified(const Unit& unit, const std::string& name) {
  if (const Map* config = unit.config().map()) {
    const auto is_name = [&](const auto& entry) { return catalog::display(entry.first) == name; };
    if (std::any_of(config->begin(), config->end(), is_name)) return "config." + name;
  }
  if (const auto alias = unit.import_that_has(name)) return concat(*alias, ".", name);
  return std::nullopt;
}

// What is nearest: something of the file, then a built-in that needs its prefix, then a slip of any name.
std::optional<std::string> meant_name(const Frame& frame, const std::string& name, const Names& near) {
  if (auto found = qualified(frame.unit(), name)) return found;
  const std::optional<std::string> prefixed = catalog::with_prefix(name);
  if (prefixed) return diagnostics::closest_name(name, near).value_or(*prefixed);
  Names all = near;
  const Names& builtins = catalog::builtin_names();
  all.insert(all.end(), builtins.begin(), builtins.end());
  return diagnostics::closest_name(name, all);
}

// What a method of Linen's modules is here, where it is another thing.
std::optional<std::string> written_for(const std::string& name) {
  constexpr std::array<std::string_view, 5> kMaking = {"param", "variable", "make_rng", "sow", "perturb"};
  if (std::find(kMaking.begin(), kMaking.end(), name) != kMaking.end())
    return concat("expressions make no state: write the statement `- ", name, ": …` before this one");
  if (name == "get_variable") return "a variable that is there is read as `self.variables.COLLECTION.NAME`";
  if (name == "put_variable") return "the statement `- set: …` gives a variable its value";
  return std::nullopt;
}

}  // namespace

void fail_unknown_member(Context& context, const Frame& frame, const std::string& name, Span place) {
  const std::optional<std::string> written = written_for(name);
  const std::string near = written ? std::string() : diagnostics::did_you_mean(name, frame.known_names());
  diagnostics::Report report = context.error(Code::UnknownName, place, concat("`self` has no `", name, "`", near));
  if (written) report.help(*written);
  Context::throw_reported(report.emit());
}

void fail_unknown_name(Context& context, const Frame& frame, const std::string& name, Span place) {
  if (catalog::is_planned("", name)) context.fail(Code::NotSupportedYet, place, concat("`", name, "` is not built yet"));
  const std::string unknown = concat("unknown name `", diagnostics::shown(name), "`");
  if (std::find(kModes.begin(), kModes.end(), name) != kModes.end()) {
    diagnostics::Report report = context.error(Code::UnknownName, place, unknown);
    report.help(concat("a text inside an expression has quotes of its own: write `'", name, "'`"));
    Context::throw_reported(report.emit());
  }
  if (name == "null" || name == "nil") {
    diagnostics::Report report = context.error(Code::UnknownName, place, unknown + "; did you mean `none`?");
    report.fix(place, "none", "write `none`", false);
    Context::throw_reported(report.emit());
  }
  if (const auto written = written_for(name)) {
    diagnostics::Report report = context.error(Code::UnknownName, place, unknown);
    report.help(*written);
    Context::throw_reported(report.emit());
  }
  const Names near = frame.known_names();
  diagnostics::Report elsewhere = context.error(Code::UnknownName, place, unknown);
  if (is_bound_elsewhere(elsewhere, frame, name, place)) Context::throw_reported(elsewhere.emit());
  const std::optional<std::string> close = meant_name(frame, name, near);
  diagnostics::Report report =
      context.error(Code::UnknownName, place, close ? concat(unknown, "; did you mean `", diagnostics::shown(*close), "`?") : unknown);
  const Names dimensions = dimension_names(frame.unit().tree(), context.diagnostics());
  if (const auto from = frame.method() != nullptr ? read_from_argument(*frame.method(), name) : std::nullopt) {
    report.help(concat("`", name, "` is a dimension of an argument: a body reads it from the tensor, as ", *from));
  } else if (std::find(dimensions.begin(), dimensions.end(), name) != dimensions.end()) {
    const auto input = read_from_input(frame.unit().tree(), name, context.diagnostics());
    report.help(concat("`", name, "` is a dimension of the inputs: a body reads it from a tensor, as ", input.value_or("x.shape[0]")));
  } else if (!near.empty()) {
    report.help(concat("names here: ", diagnostics::listed(near)));
  }
  if (close && place.exists() && place.size() == name.size()) report.fix(place, *close, concat("write `", *close, "`"), false);
  Context::throw_reported(report.emit());
}

}  // namespace linenc::elaborate
