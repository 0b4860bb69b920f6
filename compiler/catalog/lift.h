#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/catalog/transform.h"

namespace linenc::catalog {

// The shared half of the lifted transforms (linen-semantics E.1): a part of the model is run in a region of its own, with the variables
// and random streams it touches made explicit.

// Building goes on in a new region with its own view of the variables until the guard's life ends; also after a failure.
class RegionGuard {
 public:
  RegionGuard(Context& context, std::string name, std::vector<VariableView::Group> groups, Filter mutable_collections);
  ~RegionGuard();
  RegionGuard(const RegionGuard&) = delete;
  RegionGuard& operator=(const RegionGuard&) = delete;

  [[nodiscard]] VariableView& view() { return view_; }
  [[nodiscard]] std::uint32_t region() const { return region_; }
  [[nodiscard]] graph::Graph& graph() { return *graph_; }
  // Leaves the region before the life of the guard ends.
  void leave();

 private:
  Context& context_;
  graph::Graph* outer_graph_;
  std::uint32_t region_;
  graph::Graph* graph_;
  VariableView* outer_view_;
  VariableView view_;
  std::size_t set_up_before_;
  bool merged_before_;
  bool inside_ = true;
};

// The tensors of a value, in order.
void collect_tensors(const Value& value, std::vector<Tensor>& tensors);
[[nodiscard]] std::vector<Tensor> tensors_of(const Value& value);
// The value with its tensors replaced, in the order of collect_tensors.
[[nodiscard]] Value with_tensors(const Value& value, const std::vector<Tensor>& tensors, std::size_t& next);

// The value with its maps sorted by key, as JAX takes trees apart and puts them together again.
[[nodiscard]] Value with_sorted_maps(const Value& value);
// What a tree is but for the types of its arrays: "{a: array, b: [array, none]}".
[[nodiscard]] std::string tree_form(const Value& tree);

// Adds the tensors of the result, then of the variables that were written (sorted by key, as JAX's trees are), to the outputs of the
// region; gives the variables.
[[nodiscard]] std::vector<StoredVariable> close_region(Context& context, RegionGuard& guard, const Value& result);

// Streams that start anew from keys which this module draws (jit, fold_rngs; E.6).
[[nodiscard]] std::vector<VariableView::Stream> forked_streams(Context& context, Instance& instance);

// Runs `body` in a region that a Call node runs (jit, remat). `fork_streams`: every random stream starts anew from a key that this module
// draws (E.6).
[[nodiscard]] Value call_in_region(Context& context, Instance& instance, const std::string& name, bool fork_streams, bool remat,
                                   const TransformSpec::Body& body, const Arguments& arguments);

// The filter that an option holds: true, a name, a list of names.
[[nodiscard]] Filter read_filter(Context& context, const Value& value, Span place);

}  // namespace linenc::catalog
