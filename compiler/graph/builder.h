#pragma once

#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/graph/graph.h"
#include "compiler/graph/infer.h"

namespace linenc::graph {

// Thrown inside of elaboration where the user's model is at fault, after the diagnostic was emitted: a Reported cannot be made
// otherwise, so nothing fails silently. Without one, something was met that was reported before. Caught at each statement, whose
// results become poisoned.
struct Failed {
  std::optional<diagnostics::Reported> reported;
};

// What the user wrote that is being built now: the words that a diagnostic speaks.
struct Site {
  struct Operand {
    source::Span span;
    std::string text;  // "residual"
  };
  source::Span span;              // statement or expression
  std::string what;               // "`residual + x`", "`Dense`"; begins the message
  std::vector<Operand> operands;  // of the op itself, where the op's operands are the user's
};

// Adds nodes to the graph that is being built, infers the facts of their outputs, and reports what does not fit.
class Builder {
 public:
  Builder(Graph& graph, diagnostics::Diagnostics& diagnostics, Origins& origins, const DimContext& dims)
      : graph_(&graph), diagnostics_(diagnostics), origins_(origins), dims_(dims) {}

  // Adds a node. Operands of a graph around the current region become captures of it. Throws Failed after a report.
  Tensor add(OpKind op, GraphAttributes attributes, std::initializer_list<Tensor> operands, const Request& request = {});
  Tensor add(OpKind op, GraphAttributes attributes, std::span<const Tensor> operands, const Request& request = {});
  std::vector<Tensor> add_many(OpKind op, GraphAttributes attributes, std::span<const Tensor> operands, const Request& request = {});
  // A Call node that runs regions[region] of the current graph; operands are in the order of the region's inputs. Captures may
  // be left out: they are found by themselves.
  std::vector<Tensor> call(std::uint32_t region, bool remat, std::span<const Tensor> operands);
  // A Loop node over a region of the current graph, whose inputs and outputs begin with the carried ones, in one order and of equal
  // facts; behind them stand the inputs that are sliced. `operands` as for call(); those that are sliced have `length` in front.
  // Gives the last carried values, then the other outputs with `length` in front.
  std::vector<Tensor> loop(const LoopAttributes<Dim>& attributes, std::span<const Tensor> operands);

  // x of every run of a map brought together; a call of a region `name`, see Collective.
  Tensor collective(const Collective& collective, Tensor x, std::string name);

  // The value in the current graph: itself, or the capture that brings it in from a graph around this one.
  Tensor use(const Tensor& tensor);

  [[nodiscard]] Graph& graph() { return *graph_; }
  [[nodiscard]] diagnostics::Diagnostics& diagnostics() { return diagnostics_; }
  [[nodiscard]] Origins& origins() { return origins_; }
  [[nodiscard]] const DimContext& dims() const { return dims_; }

  // Building goes on in a new region of the current graph until leave_region; captures are made by use().
  std::uint32_t enter_region(std::string name);
  void leave_region();
  // Takes the last region of the current graph out of it, as if it had never been built.
  [[nodiscard]] std::unique_ptr<Graph> take_region();
  // The values of the current graph that a region of it captured, in the order of its capture inputs.
  [[nodiscard]] std::vector<Tensor> captured(std::uint32_t region) const;

  // The innermost site; see SiteGuard and ModuleGuard.
  [[nodiscard]] const Site& site() const { return *site_; }
  // Reports `reason` at the current site and throws Failed.
  [[noreturn]] void fail(const Reason& reason, std::span<const Tensor> operands);

  [[nodiscard]] std::size_t node_count() const { return node_count_; }

 private:
  friend class SiteGuard;
  friend class ModuleGuard;
  Graph* graph_;
  diagnostics::Diagnostics& diagnostics_;
  Origins& origins_;
  const DimContext& dims_;
  Site root_site_;
  const Site* site_ = &root_site_;
  std::uint32_t module_ = 0;
  std::size_t node_count_ = 0;
  std::map<std::pair<const Graph*, std::uint64_t>, ValueId> captures_;  // (region, value of the graph around) -> input

  Tensor capture(Graph& region, const Tensor& outer);
  Node& append(Node node);
  void forget(const Graph& region);
  [[nodiscard]] std::vector<ValueId> region_operands(std::uint32_t region, std::span<const Tensor> operands);
  std::vector<Tensor> add_outputs(NodeId node_id, std::vector<Fact> facts);
  void fill_axis_origins(std::vector<Fact>& facts);
  void mark_operand(diagnostics::Report& report, int number, std::span<const Tensor> operands) const;
  void note_axis(diagnostics::Report& report, int number, int axis, std::span<const Tensor> operands) const;
};

// What is built during its life belongs to this site. Keeps a reference.
class SiteGuard {
 public:
  SiteGuard(Builder& builder, const Site& site) : builder_(builder), outer_(builder.site_) { builder_.site_ = &site; }
  ~SiteGuard() { builder_.site_ = outer_; }
  SiteGuard(const SiteGuard&) = delete;
  SiteGuard& operator=(const SiteGuard&) = delete;

 private:
  Builder& builder_;
  const Site* outer_;
};

// Nodes built during its life come from this module path (index into Origins::modules).
class ModuleGuard {
 public:
  ModuleGuard(Builder& builder, std::uint32_t module) : builder_(builder), outer_(builder.module_) { builder_.module_ = module; }
  ~ModuleGuard() { builder_.module_ = outer_; }
  ModuleGuard(const ModuleGuard&) = delete;
  ModuleGuard& operator=(const ModuleGuard&) = delete;

 private:
  Builder& builder_;
  std::uint32_t outer_;
};

}  // namespace linenc::graph
