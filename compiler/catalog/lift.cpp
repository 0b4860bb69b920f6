#include "compiler/catalog/lift.h"

#include <algorithm>

namespace linenc::catalog {

RegionGuard::RegionGuard(Context& context, std::string name, std::vector<VariableView::Group> groups, Filter mutable_collections)
    : context_(context),
      outer_graph_(&context.builder.graph()),
      region_(context.builder.enter_region(std::move(name))),
      graph_(&context.builder.graph()),
      outer_view_(context.view),
      view_(*context.view, *graph_, std::move(groups), std::move(mutable_collections)),
      set_up_before_(context.set_up_.size()),
      merged_before_(context.merged_draws) {
  context_.view = &view_;
}

void RegionGuard::leave() {
  if (!inside_) return;
  inside_ = false;
  // A failure may leave inner regions open: their own guards have closed them before this one.
  context_.builder.leave_region();
  context_.view = outer_view_;
  context_.merged_draws = merged_before_;
  for (std::size_t i = set_up_before_; i < context_.set_up_.size(); ++i) {
    Instance& instance = *context_.set_up_[i];
    instance.setup_done = false;
    instance.attributes.clear();
    instance.scope->reservations.clear();
  }
  context_.set_up_.resize(set_up_before_);
}

RegionGuard::~RegionGuard() { leave(); }

void collect_tensors(const Value& value, std::vector<Tensor>& tensors) {
  if (const Tensor* tensor = value.tensor()) {
    tensors.push_back(*tensor);
  } else if (const List* list = value.list()) {
    for (const Value& item : *list) collect_tensors(item, tensors);
  } else if (const Map* map = value.map()) {
    for (const auto& [key, item] : *map) collect_tensors(item, tensors);
  }
}

std::vector<Tensor> tensors_of(const Value& value) {
  std::vector<Tensor> tensors;
  collect_tensors(value, tensors);
  return tensors;
}

Value with_tensors(const Value& value, const std::vector<Tensor>& tensors, std::size_t& next) {
  return map_tensors(value, [&](const Tensor&) -> Value { return tensors[next++]; });
}

namespace {
bool is_before(const Value& a, const Value& b) {
  const auto m = a.integer() != nullptr ? a.integer()->constant() : std::nullopt;
  const auto n = b.integer() != nullptr ? b.integer()->constant() : std::nullopt;
  return m && n ? *m < *n : display(a) < display(b);
}
}  // namespace

Value with_sorted_maps(const Value& value) {
  if (const List* list = value.list()) {
    List out;
    for (const Value& item : *list) out.push_back(with_sorted_maps(item));
    return out;
  }
  const Map* map = value.map();
  if (map == nullptr) return value;
  Map out;
  for (const auto& [key, item] : *map) out.emplace_back(key, with_sorted_maps(item));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return is_before(a.first, b.first); });
  return out;
}

std::string tree_form(const Value& tree) {
  std::string parts;
  if (const List* list = tree.list()) {
    for (const Value& item : *list) parts += concat(parts.empty() ? "" : ", ", tree_form(item));
    return concat("[", parts, "]");
  }
  if (const Map* map = tree.map()) {
    for (const auto& [key, item] : *map) parts += concat(parts.empty() ? "" : ", ", display(key), ": ", tree_form(item));
    return concat("{", parts, "}");
  }
  return tree.tensor() != nullptr ? "array" : display(tree);
}

std::vector<StoredVariable> close_region(Context& context, RegionGuard& guard, const Value& result) {
  std::vector<Tensor> tensors;
  collect_tensors(result, tensors);
  for (const Tensor& tensor : tensors) guard.graph().outputs.push_back({context.builder.use(tensor).id, graph::PortRole::Argument, ""});
  std::vector<StoredVariable> written;
  for (const StoredVariable* variable : guard.view().written()) written.push_back(*variable);
  std::sort(written.begin(), written.end(), [](const StoredVariable& a, const StoredVariable& b) { return a.key < b.key; });
  for (const StoredVariable& variable : written) {
    std::vector<Tensor> parts;
    collect_tensors(variable.value, parts);
    for (const Tensor& part : parts)
      guard.graph().outputs.push_back({context.builder.use(part).id, graph::PortRole::Variable, to_string(variable.key)});
  }
  return written;
}

std::vector<VariableView::Stream> forked_streams(Context& context, Instance& instance) {
  std::vector<VariableView::Stream> forked;
  for (const VariableView::Stream& stream : context.view->streams) {
    const Tensor base = context.make_rng(*instance.scope, stream.name, instance.place);
    const std::vector<std::string>& path = instance.scope->path;
    forked.push_back({stream.name, base, path.size(), path, std::make_shared<const VariableView::Stream>(stream)});
  }
  return forked;
}

Value call_in_region(Context& context, Instance& instance, const std::string& name, bool fork_streams, bool remat, const TransformSpec::Body& body,
                     const Arguments& arguments) {
  std::vector<VariableView::Stream> streams = fork_streams ? forked_streams(context, instance) : context.view->streams;
  RegionGuard guard(context, name, {{Filter{true, {}}, std::nullopt}}, Filter{true, {}});
  guard.view().streams = std::move(streams);
  if (fork_streams) context.merged_draws = true;
  const Value result = body(arguments);
  if (result.has_poison()) throw Failed{};
  const std::vector<StoredVariable> written = close_region(context, guard, result);
  guard.leave();
  const std::vector<Tensor> outputs = context.builder.call(guard.region(), remat, {});
  std::size_t next = 0;
  Value outer = with_tensors(result, outputs, next);
  for (const StoredVariable& variable : written) context.view->put(variable.key, with_tensors(variable.value, outputs, next), variable.place);
  return outer;
}

Filter read_filter(Context& context, const Value& value, Span place) {
  if (const bool* all = value.boolean()) return {*all, {}};
  if (value.text() != nullptr) return {false, {*value.text()}};
  if (const List* list = value.list()) {
    Filter filter;
    for (const Value& name : *list) {
      if (name.text() == nullptr) context.fail(Code::WrongType, place, concat("a filter holds names of collections, and this is ", kind(name)));
      filter.names.push_back(*name.text());
    }
    return filter;
  }
  if (value.is_none()) return {};
  context.fail(Code::WrongType, place, concat("a filter is true, false, a name or a list of names, and this is ", kind(value)));
}

}  // namespace linenc::catalog
