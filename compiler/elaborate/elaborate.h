#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/catalog/context.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/elaborate/unit.h"
#include "compiler/modules/module.h"
#include "compiler/syntax/tree.h"

namespace linenc::elaborate {

using catalog::Value;
using catalog::VariableLeaf;
using diagnostics::Diagnostics;
using graph::Dim;
using graph::Dims;
using graph::Fact;

// One tensor among the inputs of a model, in the order of the file: its path ("x", "batch.image") and its contract.
struct ModelInput {
  std::string path;
  modules::TensorType type;
  source::Span place;
  bool taken = true;  // by the method that runs
};

// What a run of the model starts from.
struct RunRequest {
  bool initializing = true;
  std::string method;                                                    // empty: the file's `method`, else `call`
  std::map<std::string, Dim> sizes;                                      // of named dimensions; names without a size stay symbolic
  std::map<std::string, Fact> arrays;                                    // the arrays given, by path; they bind dimension names
  std::map<std::string, const syntax::Node*> literals;                   // static inputs given as text, by name
  std::vector<std::string> present;                                      // optional inputs that are there although no array is given
  std::vector<std::string> streams;                                      // random streams that are given, "params" for init among them
  catalog::Filter mutable_collections;                                   // of apply
  const std::vector<std::pair<std::string, Fact>>* variables = nullptr;  // of apply: the stored leaves, "params/Dense_0/kernel"
  bool record_calls = false;
  bool capture_intermediates = false;     // what every module gives, sown as `__call__`
  bool check_expectations = false;        // `expect: output` and `expect: variables`
  std::optional<catalog::Budget> budget;  // L6 to L8, in place of the model's
};

// The result of one run: a graph whose inputs are arguments, variables and stream keys (in this order), and whose outputs are the
// results followed by the variables.
struct Run {
  std::unique_ptr<graph::Graph> graph;
  std::unique_ptr<graph::Origins> origins;
  std::unique_ptr<graph::DimContext> dims;
  Value output;
  std::vector<std::pair<std::string, graph::Tensor>> outputs;  // "output", "output.0", "output.name"
  std::vector<VariableLeaf> variables;                         // the whole tree afterwards, in Flax's order
  std::vector<std::string> written;                            // keys of the leaves that the run made or changed
  std::vector<std::string> read_streams;
  std::map<std::string, Dim> sizes;  // of the named dimensions of the inputs
  std::vector<catalog::Context::CallRecord> calls;
  bool failed = false;  // after a report
};

// A model file that was read: its inputs, and as many runs as are wanted.
class Model {
 public:
  // `tree` is parsed (its root exists). `overrides` are the `--set`s. Without an importer every `import` is refused.
  Model(std::shared_ptr<const syntax::Tree> tree, std::vector<Override> overrides, Diagnostics& diagnostics, Importer importer = nullptr);
  ~Model();

  // The tensors among the inputs; `taken` says whether the method takes them.
  [[nodiscard]] std::vector<ModelInput> inputs(const std::string& method);
  // Static inputs by name (`train: false`).
  [[nodiscard]] std::vector<std::string> static_inputs() const;
  // Paths of `--set` that name no entry, with the names that exist.
  [[nodiscard]] std::vector<std::string> unused_overrides() const;
  [[nodiscard]] std::vector<std::string> config_paths() const;
  [[nodiscard]] std::vector<std::string> methods();
  // The names of the dimensions of the inputs, in order.
  [[nodiscard]] std::vector<std::string> dimension_names();
  // The sizes under `expect: at:`.
  [[nodiscard]] std::map<std::string, Dim> expected_sizes() const;
  // Choices of optional inputs under `expect: at: inputs:`; one empty choice without them.
  [[nodiscard]] std::vector<std::vector<std::string>> input_choices() const;
  [[nodiscard]] const syntax::Tree& tree() const { return *tree_; }
  [[nodiscard]] std::string name() const;
  [[nodiscard]] std::string file_method() const;

  // How much a run may evaluate and make.
  void set_budget(const catalog::Budget& budget) { budget_ = budget; }
  [[nodiscard]] Run run(const RunRequest& request);

 private:
  friend class RunState;
  std::shared_ptr<const syntax::Tree> tree_;
  std::vector<Override> overrides_;
  Diagnostics& diagnostics_;
  Importer importer_;
  catalog::Budget budget_;
};

}  // namespace linenc::elaborate
