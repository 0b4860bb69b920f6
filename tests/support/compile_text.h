#pragma once

// A model as text, elaborated, lowered and run in this process.

#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "compiler/diagnostics/render_text.h"
#include "compiler/elaborate/elaborate.h"
#include "compiler/graph/verify.h"
#include "compiler/lower/lower.h"
#include "compiler/syntax/parser.h"
#include "runtime/executor/executor.h"
#include "runtime/variables/variables.h"

namespace linenc::test {

using Seeds = std::map<std::string, std::uint32_t>;
using NamedArrays = std::vector<runtime::Leaf>;

[[noreturn]] inline void give_up(const std::string& text) { throw std::runtime_error(text); }

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) give_up("cannot read " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline Array key_array(std::uint32_t seed) {
  Array key(DType::Key, {});
  key.as<std::uint32_t>()[0] = 0;
  key.as<std::uint32_t>()[1] = seed;
  return key;
}

inline graph::Fact fact_of(const Array& array) {
  graph::Fact fact;
  fact.dtype = array.dtype();
  for (const std::int64_t size : array.shape()) fact.shape.emplace_back(size);
  return fact;
}

// What a run gives: the outputs ("output", "output.0") or variables by key, in Flax's order.
struct Results {
  NamedArrays outputs, variables;
  std::vector<std::string> written;
};

class CompiledText {
 public:
  // Files that the text imports are read from `folder`; without one imports are refused.
  explicit CompiledText(std::string yaml, const std::vector<std::pair<std::string, std::string>>& overrides = {}, const std::string& folder = "")
      : file_(sources_.add("model.yaml", std::move(yaml))) {
    std::vector<elaborate::Override> sets;
    for (const auto& [path, value] : overrides) {
      texts_.push_back(syntax::read_yaml(sources_.add("--set " + path, value), sources_, diagnostics_));
      sets.push_back({path, texts_.back() ? texts_.back()->root() : nullptr, false});
    }
    std::shared_ptr<const syntax::Tree> tree = syntax::parse(file_, sources_, diagnostics_);
    elaborate::Importer importer;
    if (!folder.empty()) {
      importer = [this, folder](const std::string& path, const syntax::Tree&, source::Span) {
        return syntax::parse(sources_.add(path, read_text(folder + "/" + path)), sources_, diagnostics_);
      };
    }
    if (tree->root != nullptr) model_ = std::make_unique<elaborate::Model>(std::move(tree), std::move(sets), diagnostics_, std::move(importer));
  }

  // One line for each diagnostic: "model.yaml:3:5: error[E0203]: …".
  [[nodiscard]] std::string problems() const {
    std::string text;
    for (const diagnostics::Diagnostic& d : diagnostics_.sorted()) text += diagnostics::render_concise(d, sources_) + "\n";
    return text;
  }
  // The same with the text that each points at: "E0204 at `0`: …".
  [[nodiscard]] std::string pointed_problems() const {
    std::string text;
    for (const diagnostics::Diagnostic& d : diagnostics_.sorted()) {
      text += concat(diagnostics::number(d.code), " at `", sources_.text(d.span), "`: ", d.message, "\n");
    }
    return text;
  }
  [[nodiscard]] bool failed() const { return diagnostics_.has_errors() || model_ == nullptr; }

  // A run with named dimensions, or sizes for them.
  elaborate::Run symbolic_init(std::map<std::string, graph::Dim> sizes = {}) {
    elaborate::RunRequest request;
    request.streams = {"params", "dropout"};
    request.sizes = std::move(sizes);
    return run(request);
  }

  Results init(const NamedArrays& inputs, const Seeds& seeds, const std::string& method = "") {
    elaborate::RunRequest request;
    request.method = method;
    return execute(request, inputs, seeds, {});
  }

  Results apply(const NamedArrays& variables, const NamedArrays& inputs, const Seeds& seeds = {}, catalog::Filter mutable_collections = {},
                const std::string& method = "") {
    elaborate::RunRequest request;
    request.initializing = false;
    request.method = method;
    request.mutable_collections = std::move(mutable_collections);
    return execute(request, inputs, seeds, variables);
  }

  elaborate::Run run(const elaborate::RunRequest& request) {
    if (model_ == nullptr) give_up(problems());
    return model_->run(request);
  }

 private:
  Results execute(elaborate::RunRequest& request, const NamedArrays& inputs, const Seeds& seeds, const NamedArrays& variables) {
    for (const auto& leaf : inputs) request.arrays.emplace(leaf.key, fact_of(leaf.array));
    for (const auto& [stream, seed] : seeds) request.streams.push_back(stream);
    std::vector<std::pair<std::string, graph::Fact>> stored;
    for (const auto& leaf : variables) stored.emplace_back(leaf.key, fact_of(leaf.array));
    request.variables = &stored;
    elaborate::Run done = run(request);
    if (done.failed) give_up(problems());
    for (const std::string& broken : graph::verify(*done.graph, *done.dims)) give_up("graph: " + broken);
    return collect(done, run_plan(lower::lower(*done.graph, *done.origins, sources_), done, inputs, seeds, variables));
  }

  static const Array& array_for(const graph::Port& port, const NamedArrays& inputs, const NamedArrays& variables, const NamedArrays& keys) {
    const NamedArrays& from = port.role == graph::PortRole::Argument ? inputs : port.role == graph::PortRole::Stream ? keys : variables;
    for (const auto& leaf : from) {
      if (leaf.key == port.name) return leaf.array;
    }
    give_up("no array for the graph's input `" + port.name + "`");
  }

  static std::vector<Array> run_plan(const Plan& plan, const elaborate::Run& done, const NamedArrays& inputs, const Seeds& seeds,
                                     const NamedArrays& variables) {
    for (const std::string& broken : verify(plan)) give_up("plan: " + broken);
    NamedArrays keys;
    for (const auto& [stream, seed] : seeds) keys.push_back({stream, key_array(seed)});
    std::vector<const Array*> arguments;
    for (const graph::Port& port : done.graph->inputs) arguments.push_back(&array_for(port, inputs, variables, keys));
    const Program& program = plan.programs[plan.entry];
    std::vector<Array> outputs;
    for (const Port& port : program.outputs) outputs.emplace_back(program.values[port.value].dtype, program.values[port.value].shape);
    runtime::Threads threads(1);
    auto executor = runtime::Executor::make(plan, threads);
    if (!executor) give_up(executor.error().text);
    const auto ran = (*executor)->run(arguments, outputs);
    if (!ran) give_up(ran.error().text);
    return outputs;
  }

  static Results collect(const elaborate::Run& done, std::vector<Array> arrays) {
    Results results;
    std::size_t next = 0;
    for (const auto& [name, tensor] : done.outputs) results.outputs.push_back({name, std::move(arrays.at(next++))});
    for (const auto& leaf : done.variables) results.variables.push_back({leaf.key, std::move(arrays.at(next++))});
    results.written = done.written;
    return results;
  }

  source::SourceSet sources_;
  source::FileId file_;
  diagnostics::Diagnostics diagnostics_;
  std::vector<std::unique_ptr<syntax::YamlDocument>> texts_;
  std::unique_ptr<elaborate::Model> model_;
};

// A file whose root is this module literal over one input `x`.
inline std::string layer_file(const std::string& literal, const std::string& input) {
  return "linenc: 1\ninputs: {x: \"" + input + "\"}\nmodel: {" + literal + "}\n";
}

// The fact of the first output, or the diagnostics where the model does not stand.
inline std::string output_of(const std::string& literal, const std::string& input) {
  CompiledText text(layer_file(literal, input));
  if (text.failed()) return text.problems();
  const elaborate::Run run = text.symbolic_init();
  if (run.failed) return text.problems();
  return graph::to_string(run.outputs.at(0).second.fact());
}

// "params/kernel float32[3, 4]\n…", in the order of creation.
inline std::string variables_of(const std::string& literal, const std::string& input) {
  CompiledText text(layer_file(literal, input));
  if (text.failed()) return text.problems();
  const elaborate::Run run = text.symbolic_init();
  if (run.failed) return text.problems();
  std::string lines;
  for (const auto& leaf : run.variables) lines += leaf.key + " " + graph::to_string(leaf.tensor.fact()) + "\n";
  return lines;
}

}  // namespace linenc::test
