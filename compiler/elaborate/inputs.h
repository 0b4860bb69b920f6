#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "compiler/elaborate/elaborate.h"
#include "compiler/elaborate/frame.h"

namespace linenc::elaborate {

// The entries of `inputs:`, in order.
[[nodiscard]] std::vector<syntax::Entry> input_entries(const syntax::Tree& tree);
// The tensors among them, nested ones by dotted paths.
[[nodiscard]] std::vector<ModelInput> tensor_inputs(const syntax::Tree& tree, Diagnostics& diagnostics);
// Calls `visit` for each name of a dimension that stands for a size: no entry of `config`, no function.
void for_each_size_name(const syntax::Expr& dim, const std::function<void(const syntax::Expr&)>& visit);
// The names in their dimensions, in order of first sight.
[[nodiscard]] std::vector<std::string> dimension_names(const syntax::Tree& tree, Diagnostics& diagnostics);

// Which inputs a method of the root takes.
struct Taken {
  bool by_position = false;        // a layer of Linen, or no input has the name of an argument
  std::vector<std::string> names;  // of the inputs that the method takes
  std::vector<std::string> known;  // the arguments of all methods
};
[[nodiscard]] Taken taken_inputs(const catalog::Instance& root, const std::string& method, const std::vector<std::string>& inputs);

// The values of the inputs for one run: tensors become inputs of the graph at their first use, static values are evaluated.
class Inputs {
 public:
  Inputs(Context& context, const Unit& unit, const RunRequest& request, std::map<std::string, Dim>& sizes);

  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] Span place(const std::string& name) const;
  [[nodiscard]] Value value(const std::string& name);
  // Checks the arrays against their contracts once every name is bound.
  void check_all_bound();

 private:
  Value leaf_or_tree(const Node& node, const std::string& path);
  Value tensor(const modules::TensorType& type, const Node& node, const std::string& path);
  Dims dims_of(const modules::TensorType& type);
  void bind_names(const modules::TensorType& type, const Fact& fact);

  Context& context_;
  const Unit& unit_;
  const RunRequest& request_;
  std::map<std::string, Dim>& sizes_;
  std::vector<syntax::Entry> entries_;
  struct Check {
    Tensor tensor;
    modules::TensorType type;
    std::string path;
  };
  std::vector<Check> checks_;
};

// The stored leaves as variables: each becomes an input of the graph; leaves "0", "1", … below a name that a `sow` made are one tuple.
[[nodiscard]] std::vector<catalog::StoredVariable> stored_variables(graph::Graph& graph, const std::vector<std::pair<std::string, Fact>>& leaves);

}  // namespace linenc::elaborate
