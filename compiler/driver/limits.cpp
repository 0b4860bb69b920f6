// What is refused by arithmetic, before the allocator is asked.
// Tested by tests/compiler/driver/limits_test.cpp.
#include "compiler/driver/limits.h"

#include <algorithm>
#include <array>

#include "compiler/diagnostics/closest_name.h"
#include "runtime/core/checked_size.h"
#include "runtime/executor/memory_limit.h"
#include "runtime/plan/plan.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::shown;

namespace {

Limits& process_limits() {
  static Limits limits;
  return limits;
}

// The numbers that `--limit` may change, by name.
std::vector<std::pair<std::string, std::function<void(std::uint64_t)>>> named_limits(Limits& limits) {
  return {{"yaml-bytes", [&](std::uint64_t n) { limits.yaml_bytes = n; }},
          {"yaml-nodes", [&](std::uint64_t n) { limits.yaml.nodes = n; }},
          {"steps", [&](std::uint64_t n) { limits.budget.steps = n; }},
          {"instances", [&](std::uint64_t n) { limits.budget.instances = n; }},
          {"parameters", [&](std::uint64_t n) { limits.parameters = n; }},
          {"arrays", [&](std::uint64_t n) { limits.files.arrays = n; }},
          {"name-bytes", [&](std::uint64_t n) { limits.files.key_bytes = n; }},
          {"header-bytes", [&](std::uint64_t n) { limits.files.safetensors_header_bytes = n; }},
          {"json-bytes", [&](std::uint64_t n) { limits.files.json_bytes = n; }},
          {"npz-members", [&](std::uint64_t n) { limits.files.members = limits.files.input_members = n; }},
          {"npz-bytes", [&](std::uint64_t n) { limits.files.inflated_bytes = n; }}};
}

void set_limit(const std::string& text) {
  const auto [name, value] = name_and_value("--limit", text);
  const std::int64_t number = integer_value(concat("--limit ", shown(name)), value);
  if (number < 1) stop(Exit::CannotDo, concat("`--limit ", shown(name), "` is ", number, ", and limits start at 1"));
  std::vector<std::string> names;
  for (const auto& [known, set] : named_limits(process_limits())) {
    names.push_back(known);
    if (known == name) return set(static_cast<std::uint64_t>(number));
  }
  stop(Exit::CannotDo, concat("`--limit ", shown(name), "`: there is no such limit", diagnostics::did_you_mean(name, names), " (they are ",
                              diagnostics::listed(names), ")"));
}

// "4GiB", "500MiB", "1_000_000"
std::uint64_t byte_value(std::string_view option, const std::string& text) {
  constexpr std::array<std::string_view, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  std::uint64_t unit = 1;
  std::string digits = text;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    if (!text.ends_with(kUnits[i])) continue;
    unit = std::uint64_t{1} << (10 * (i + 1));
    digits = text.substr(0, text.size() - kUnits[i].size());
    while (digits.ends_with(' ')) digits.pop_back();
  }
  const std::optional<std::int64_t> number = integer_of(digits);
  const Size bytes = Size::of(number.value_or(0)) * unit;
  if (!number || *number < 1 || !bytes.good())
    stop(Exit::CannotDo, concat("`", option, "` wants a size such as `4GiB` or `500MiB`, and this is `", shown(text), "`"));
  return *bytes.value();
}

}  // namespace

const Limits& limits() { return process_limits(); }

runtime::ReadLimits file_limits() {
  runtime::ReadLimits files = limits().files;
  files.memory_bytes = std::min(files.memory_bytes, runtime::available_memory());
  return files;
}

void add_limit_options(OptionTable& table) {
  table.call("--limit", "NAME=N", "another limit, such as yaml-bytes=8388608 (docs/limits.md)", set_limit, true);
  table.call("--max-memory", "SIZE", "how much memory may be taken, such as 4GiB (4/5 of what is free)",
             [](const std::string& text) { runtime::limit_memory(byte_value("--max-memory", text)); });
}

void check_total(ModelFile& file, const elaborate::Run& run) {
  Size total(0);
  for (const catalog::VariableLeaf& leaf : run.variables) {
    Size elements(1);
    for (const graph::Dim& dim : leaf.tensor.shape()) elements = elements * Size::of(dim.constant().value_or(1));
    total = total + elements;
  }
  if (total.fits(limits().parameters)) return;
  const std::string count = total.value() ? grouped(*total.value()) : "more than 2^64";
  const syntax::Node* model = file.tree->model != nullptr ? file.tree->model : file.tree->root;
  file.diagnostics
      .error(
          Code::LimitExceeded, model->span,
          concat("the variables have ", count, " elements in all, and the limit is ", grouped(limits().parameters), " (see `--limit parameters=N`)"))
      .emit();
}

namespace {

// Steps of a graph with those of its regions, each as often as it runs.
Size steps_of(const graph::Graph& graph) {
  Size total(0);
  for (const graph::Node& node : graph.nodes) {
    const std::uint32_t* region = called_program(node.attributes);
    Size steps = region == nullptr ? Size(1) : steps_of(*graph.regions[*region]) + Size(1);
    if (const auto* loop = std::get_if<LoopAttributes<graph::Dim>>(&node.attributes)) steps = steps * Size::of(loop->length.constant().value_or(1));
    total = total + steps;
  }
  return total;
}

}  // namespace

void check_steps(ModelFile& file, const graph::Graph& graph) {
  const Size total = steps_of(graph);
  if (total.fits(kMostSteps)) return;
  const auto loop = std::find_if(graph.nodes.begin(), graph.nodes.end(), [](const graph::Node& node) { return node.op == OpKind::Loop; });
  const syntax::Node* model = file.tree->model != nullptr ? file.tree->model : file.tree->root;
  file.diagnostics
      .error(Code::LimitExceeded, loop == graph.nodes.end() ? model->span : loop->origin.span,
             concat("the loops of the model run ", total.value() ? grouped(*total.value()) : "more than 2^64", " steps in all, and at most ",
                    grouped(kMostSteps), " are possible"))
      .emit();
}

void require_memory(std::uint64_t bytes, std::string_view what) {
  const std::uint64_t available = runtime::available_memory();
  if (bytes <= available) return;
  throw Stop{Exit::CannotDo, bare_error(Code::OutOfMemory, concat("out of memory: ", what, " needs ", byte_text(bytes), ", and ",
                                                                  byte_text(available), " may be taken (see `--max-memory`)"))};
}

}  // namespace linenc::driver
