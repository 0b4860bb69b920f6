#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "compiler/catalog/value.h"

namespace linenc::catalog {

// A filter of collections or streams, as in Linen: everything, nothing, or names.
struct Filter {
  bool all = false;
  std::vector<std::string> names;  // where `all` is false: those that match; where it is true: those that do not
  [[nodiscard]] bool matches(const std::string& name) const;
};

// Where a variable stands: collection, module path, name.
struct VariableKey {
  std::string collection;
  std::vector<std::string> path;
  std::string name;
  friend auto operator<=>(const VariableKey&, const VariableKey&) = default;
};
// "params/Dense_0/kernel"
[[nodiscard]] std::string to_string(const VariableKey& key);

// One variable: its value (a tensor, or a tree of them), and the statement that made it.
struct StoredVariable {
  VariableKey key;
  Value value;
  Span place;
};

// The variable trees of one run, seen from one graph: the root, or a region of a lifted transform (linen-semantics E.1, "pack").
// An inner view takes what it does not hold from the view around it.
class VariableView {
 public:
  // How a collection enters and leaves a region.
  struct Group {
    Filter filter;
    std::optional<std::int64_t> axis;  // stacked along this axis outside (vmap, scan)
    bool carried = false;              // goes from one run of the region to the next (scan)
  };
  struct Stream {
    std::string name;
    Tensor base;                // the base key, in this view's graph
    std::size_t path_drop = 0;  // how many leading names of a module's path are not hashed (jit starts anew)
    // Of a stream that starts anew: the module that it does so for, and the stream around it. A module that stands elsewhere (it was
    // given as a field) draws from that one, without its path (linen-semantics E.6).
    std::vector<std::string> module_path;
    std::shared_ptr<const Stream> around;
  };

  // The root: `mutable_filter` is apply's `mutable`, or everything but intermediates for init.
  explicit VariableView(Filter mutable_filter) : mutable_(std::move(mutable_filter)) {}
  // A region's view: collections that no group matches are invisible and immutable.
  VariableView(VariableView& outer, graph::Graph& region, std::vector<Group> groups, Filter mutable_filter)
      : outer_(&outer), region_(&region), groups_(std::move(groups)), mutable_(std::move(mutable_filter)) {}

  [[nodiscard]] bool is_mutable(const std::string& collection) const;
  [[nodiscard]] const StoredVariable* find(const VariableKey& key);
  // Whether the collection holds anything at or below `path`.
  [[nodiscard]] bool has_any(const std::string& collection, const std::vector<std::string>& path);
  [[nodiscard]] bool has_collection(const std::string& collection);
  // Keys of the variables at or below `path` that this view sees: of those around it first, each in the order of creation.
  [[nodiscard]] std::vector<VariableKey> keys_below(const std::vector<std::string>& path) const;
  // Makes or replaces a variable; the collection is mutable.
  void put(const VariableKey& key, Value value, Span place);
  // Takes in a variable that exists before the run (apply).
  void add_existing(StoredVariable variable);

  std::vector<Stream> streams;

  // All variables in the order of creation (collections, then module paths, as nested dicts keep it).
  [[nodiscard]] const std::vector<StoredVariable>& all() const { return variables_; }
  // Those that put() made or changed, in order.
  [[nodiscard]] std::vector<const StoredVariable*> written() const;

  // Of a region with stacked or carried groups: the inputs that stand for slices of outer variables, or for these.
  struct Import {
    VariableKey key;
    Tensor outer;                      // in the graph around
    graph::ValueId input;              // of the region
    std::optional<std::int64_t> axis;  // none: carried
  };
  [[nodiscard]] const std::vector<Import>& imports() const { return imports_; }
  [[nodiscard]] const Group* group_of(const std::string& collection) const;
  [[nodiscard]] VariableView* outer() const { return outer_; }

 private:
  [[nodiscard]] const StoredVariable* find_joined(const VariableKey& key) const;
  // An input of the region for a tensor of an outer variable.
  [[nodiscard]] Tensor imported(const VariableKey& key, const Group& group, const Tensor& outer);

  VariableView* outer_ = nullptr;
  graph::Graph* region_ = nullptr;
  std::vector<Group> groups_;
  Filter mutable_;
  std::vector<StoredVariable> variables_;
  std::map<VariableKey, std::size_t> index_;
  std::set<VariableKey> written_;
  std::vector<Import> imports_;
};

// `Module.variables`: {collection: {module: {name: value}}} of what stands at or below `path`; of one collection alone where it is named.
[[nodiscard]] Map records_below(VariableView& view, const std::vector<std::string>& path, const std::string& collection = "");

// One leaf of a finished tree: lists and maps inside of variables are spread over keys ("0", "1", entry names).
struct VariableLeaf {
  std::string key;  // "params/Dense_0/kernel"
  Tensor tensor;
  Span place;
};
// The leaves in Flax's order: nested dicts by first insertion.
[[nodiscard]] std::vector<VariableLeaf> flatten(const std::vector<StoredVariable>& variables);

}  // namespace linenc::catalog
