#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/lift.h"

namespace linenc::catalog {

// What vmap and scan share: a region of which each run sees one slice of the arguments, variables and keys that have an axis
// (linen-semantics E.2, E.3). Reports at the transform's options.
class LiftedAxes {
 public:
  using Axis = std::optional<std::int64_t>;  // none: the same in each run

  // `transform` is the name that messages speak of; `size_option` the one that gives the number of runs.
  LiftedAxes(Context& context, const TransformOptions& options, Instance& instance, std::string_view transform, std::string_view size_option)
      : context_(context), options_(options), instance_(instance), transform_(transform), size_option_(size_option) {}

  // `variable_axes`: a group for each entry. An axis that is none makes the variables shared, where that is allowed.
  [[nodiscard]] std::vector<VariableView::Group> variable_groups(bool may_share) const;
  [[nodiscard]] List positional_values(const Arguments& arguments) const;
  // One axis for every tensor of the values, in order, as a prefix tree (an option such as `in_axes`; default 0) says.
  [[nodiscard]] std::vector<Axis> axes_of(const List& values, const char* option) const;
  [[nodiscard]] std::vector<Axis> axes_of(const Value& value, const char* option) const;

  // The number of runs, once something told it; every axis that is met must have it.
  [[nodiscard]] const std::optional<graph::Dim>& size() const { return size_; }
  void meet(const graph::Dim& size);
  void meet_arguments(const List& values, const std::vector<Axis>& axes);
  // The size that the option gives, if it is written.
  void meet_option();

  // The value with inputs of the region in the places of tensors that have an axis; `next` counts the tensors.
  [[nodiscard]] Value sliced(RegionGuard& guard, const Value& value, const std::vector<Axis>& axes, std::size_t& next);
  // `split_rngs`: the streams that are visible in the region; split ones are inputs of it.
  void open_streams(RegionGuard& guard, const std::vector<VariableView::Stream>& streams);
  // What the caller hands over for an input that sliced(), open_streams() or the view of the region made, with the axis of the runs
  // in front; none for others. Adds nodes: the region was left.
  [[nodiscard]] std::optional<Tensor> operand(RegionGuard& guard, const graph::Port& port);

  // A stacked result with its new axis, which stands in front, moved to where the option wants it.
  [[nodiscard]] Tensor placed(Tensor stacked, std::int64_t axis, const char* option);

 private:
  void spread(const Value& value, const Value& axis, const char* option, std::vector<Axis>& axes) const;
  [[nodiscard]] std::int64_t normal_axis(std::int64_t axis, std::int64_t rank, const char* option, std::string_view what) const;
  [[nodiscard]] Tensor in_front(const Tensor& tensor, std::int64_t axis);

  struct Mapped {
    graph::ValueId input;
    Tensor outer;
    std::int64_t axis;
  };
  struct Split {
    graph::ValueId input;
    Tensor base;
  };

  Context& context_;
  const TransformOptions& options_;
  Instance& instance_;
  std::string_view transform_, size_option_;
  std::optional<graph::Dim> size_;
  std::vector<Mapped> mapped_;
  std::vector<Split> split_;
};

}  // namespace linenc::catalog
