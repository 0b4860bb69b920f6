// What becomes of the results of a run: they are compared, checked, printed and written, with the variables that the run changed.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/apply_outputs.h"

#include <algorithm>

#include "compiler/driver/compare_outputs.h"
#include "compiler/driver/outputs.h"
#include "compiler/driver/read_arrays.h"
#include "compiler/driver/variable_files.h"

namespace linenc::driver {
namespace {

// The whole tree, with the leaves that the run made or changed. What `--save-intermediates` wanted alone stays out.
runtime::Variables updated(const runtime::Variables& old, const Executable& executable, const std::vector<runtime::Leaf>& written,
                           bool with_intermediates) {
  runtime::Variables variables{{}, old.meta};
  for (const auto& [key, fact] : executable.leaves) {
    if (key.starts_with("intermediates/") && !with_intermediates) continue;
    const auto changed = std::find_if(written.begin(), written.end(), [&, &name = key](const runtime::Leaf& leaf) { return leaf.key == name; });
    if (changed != written.end()) {
      variables.leaves.push_back(*changed);
    } else if (const Array* kept = old.find(key)) {
      variables.leaves.push_back({key, *kept});
    }
  }
  return variables;
}

// In Flax's order, which is that of the leaves of the run.
std::vector<runtime::Leaf> intermediates_among(const std::vector<runtime::Leaf>& written, const Executable& executable) {
  std::vector<runtime::Leaf> found;
  for (const auto& [key, fact] : executable.leaves) {
    if (!key.starts_with("intermediates/")) continue;
    const auto leaf = std::find_if(written.begin(), written.end(), [&, &name = key](const runtime::Leaf& one) { return one.key == name; });
    if (leaf != written.end()) found.push_back(*leaf);
  }
  return found;
}

// The step that makes a value of a program; of what it shows, where it is a view. Null where there is none.
const Step* maker_of(const Program& program, std::uint32_t value) {
  if (program.values[value].view_of != kNoView) value = program.values[value].view_of;
  for (const Step& step : program.steps) {
    if (std::ranges::find(step.outputs, value) != step.outputs.end()) return &step;
  }
  return nullptr;
}

// ", made by `Dense_1` (m.yaml:9)": where a result comes from in the model; nothing where that is not known.
std::string made_by(const Executable& executable, std::size_t output) {
  const Program& entry = executable.entry();
  const Step* step = maker_of(entry, entry.outputs[output].value);
  if (step == nullptr || step->origin == 0) return "";
  const Origin& origin = executable.plan.origins[step->origin];
  const std::string place = origin.path.empty() ? "" : concat(" (", diagnostics::shown(origin.path), ":", origin.line, ")");
  return concat(", made by ", origin.module.empty() ? std::string("the model itself") : concat("`", diagnostics::shown(origin.module), "`"), place);
}

Tolerance tolerance_of(const ApplyOptions& options) {
  Tolerance tolerance;
  if (options.rtol) tolerance.rtol = tolerance_value("--rtol", *options.rtol);
  if (options.atol) tolerance.atol = tolerance_value("--atol", *options.atol);
  return tolerance;
}

// What `--expect` asks; ends the command with exit 1 where the answer is no.
void check_results(const ApplyOptions& options, const std::vector<runtime::Leaf>& results, const std::vector<runtime::Leaf>& expected,
                   CommandResult& result) {
  if (options.expect.empty()) return;
  const Comparison comparison = compare_outputs(results, expected, tolerance_of(options));
  if (!comparison.bad.empty()) stop_on_lines(comparison.bad);
  for (const std::string& line : comparison.good) result.out += line + "\n";
}

void put_outputs(const ApplyOptions& options, const Executable& executable, const ProgramOutputs& outputs, const runtime::Variables& variables,
                 CommandResult& result) {
  for (const std::string& text : options.outputs) {
    const OutputTarget target = output_target(text);
    const std::string bytes = output_bytes(chosen(outputs.results, target.name), target.path, options.inputs.casts);
    if (target.path == "-") {
      result.out += bytes;
    } else {
      result.files.add(target.path, bytes);
    }
  }
  const auto add = [&](const std::string& path, const runtime::Variables& tree) {
    if (!path.empty()) add_variables(result.files, tree, path, variable_format(path, ""));
  };
  add(options.variables_out, variables);
  add(options.intermediates, {intermediates_among(outputs.variables, executable), {}});
  if (options.outputs.empty() && options.expect.empty()) result.out = printed(outputs.results, options.full);
}

}  // namespace

void stop_on_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += concat("error: ", line, "\n");
  throw Stop{Exit::Problems, text};
}

void require_finite(const Executable& executable, const std::vector<runtime::Leaf>& results) {
  std::vector<std::string> lines;
  auto result = results.begin();  // they come in the order of the outputs
  for (std::size_t i = 0; i < executable.output_roles.size(); ++i) {
    if (executable.output_roles[i] != PortRole::Argument) continue;
    if (auto line = not_finite(result->key, result->array)) lines.push_back(*std::move(line) + made_by(executable, i));
    ++result;
  }
  if (!lines.empty()) stop_on_lines(lines);
}

void check_outputs(const ApplyOptions& options, CommandFiles& files) {
  for (const std::string& text : options.outputs) files.writes("-o", text, output_target(text).path);
  files.writes("--vars-out", options.variables_out);
  files.writes("--save-intermediates", options.intermediates);
  files.reads(options.model.path);
  files.reads(options.variables, "--vars-out");  // updates may replace the variables that they are made of
  files.reads(options.expect);
  files.reads(options.inputs);
  for (const std::string& path : {options.variables_out, options.intermediates}) {
    if (!path.empty()) (void)variable_format(path, "");
  }
  (void)tolerance_of(options);
}

std::vector<runtime::Leaf> expected_outputs(const ApplyOptions& options) {
  if (options.expect.empty()) return {};
  ArrayFiles files;
  return files.all(options.expect);
}

void finish_apply(const ApplyOptions& options, const Executable& executable, const ProgramOutputs& outputs, const runtime::Variables& old,
                  const std::vector<runtime::Leaf>& expected, bool writes_intermediates, CommandResult& result) {
  check_results(options, outputs.results, expected, result);
  put_outputs(options, executable, outputs, updated(old, executable, outputs.variables, writes_intermediates), result);
}

}  // namespace linenc::driver
