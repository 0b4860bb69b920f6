// `linenc apply FILE.plan`.
// Tested by tests/compiler/driver/compile_test.cpp.
#include "compiler/driver/apply_plan.h"
#include "compiler/driver/checkpoint_fit.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/apply_outputs.h"
#include "compiler/driver/input_words.h"
#include "compiler/driver/limits.h"
#include "compiler/driver/made_up_data.h"
#include "compiler/driver/variable_files.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::shown;

namespace {

[[noreturn]] void stop_on_decided(std::string_view option, std::string_view why) {
  stop(Exit::CannotDo, concat("`", option, "` cannot be changed any more: ", why, "; compile the model again with it"));
}

std::vector<std::string> names_of(const std::vector<std::pair<std::string, std::int64_t>>& entries) {
  std::vector<std::string> names;
  for (const auto& [name, number] : entries) names.push_back(name);
  return names;
}

void require_same_options(const ApplyOptions& options, const PlanFile& plan) {
  require_same_variant(options.model, plan);
  if (!options.mutable_collections.empty()) stop_on_decided("--mutable", "what may be written was decided when the plan was compiled");
  if (!options.intermediates.empty()) stop_on_decided("--save-intermediates", "a plan has the results of the model alone");
  if (!options.variables_out.empty() && !plan.writes_variables) {
    stop(Exit::CannotDo, "`--vars-out` has nothing to write: the plan was compiled without `--mutable`");
  }
  if (!options.variables_out.empty()) (void)variable_format(options.variables_out, "");
}

// The streams of the plan, with the seeds that are given now.
Seeds seeds_of(const ApplyOptions& options, const PlanFile& plan) {
  Seeds seeds(plan.streams.begin(), plan.streams.end());
  for (const auto& [stream, seed] : parse_seeds(options.rngs, options.seed)) {
    const auto found = seeds.find(stream);
    if (found == seeds.end()) {
      const std::vector<std::string> known = names_of(plan.streams);
      stop(Exit::CannotDo, concat("the plan was compiled without the random stream `", shown(stream), "`",
                                  known.empty() ? std::string(": it draws nothing") : concat(" (it has ", diagnostics::listed(known), ")")));
    }
    found->second = seed;
  }
  return seeds;
}

// The inputs of a plan: every size and dtype is known.
class PlanInputs {
 public:
  PlanInputs(const PlanFile& plan, const InputOptions& options, runtime::Threads& threads) : plan_(plan), options_(options), threads_(threads) {}

  std::map<std::string, Array> read() {
    check_casts(options_);
    std::vector<InputName> names;
    for (const FileInput& input : plan_.inputs) names.push_back({input.path, true, !input.present});
    StaticInputs statics;
    for (const auto& [name, text] : plan_.fixed) statics.names.push_back(name);
    statics.take = [this](const std::string& name, const std::string& text) { take_fixed(name, text); };
    for (const InputWord& word : input_words(options_, names, statics, files_)) take(plan_.inputs[word.input], word);
    for (const FileInput& input : plan_.inputs) {
      if (input.present && !arrays_.contains(input.path)) stop_on_missing_input(input.path, input.type);
    }
    return std::move(arrays_);
  }

 private:
  const PlanFile& plan_;
  const InputOptions& options_;
  runtime::Threads& threads_;
  ArrayFiles files_;
  std::map<std::string, Array> arrays_;

  void take_fixed(const std::string& name, const std::string& text) const {
    const auto found = std::find_if(plan_.fixed.begin(), plan_.fixed.end(), [&](const auto& entry) { return entry.first == name; });
    if (found->second != text) {
      stop_on_decided(
          concat("-i ", shown(name), "=", shown(text)),
          concat("the plan was compiled with ", found->second.empty() ? std::string("its default") : concat("`", shown(found->second), "`")));
    }
  }

  void take(const FileInput& input, const InputWord& word) {
    if (!input.present) {
      stop(Exit::CannotDo, concat("the plan was compiled without the optional input `", input.path, "`: give it to `linenc compile` too"));
    }
    Array given = array_of(input, word);
    const ArrayFact fact{given.dtype(), given.shape()};
    if (!fits(input, fact)) mismatch(input, fact);
    auto array = fitted(std::move(given), input.fact.dtype, options_);
    arrays_.insert_or_assign(input.path, std::move(*array));
  }

  [[nodiscard]] bool fits(const FileInput& input, const ArrayFact& given) const {
    return can_become(given.dtype, given.shape, input.fact.dtype, options_) &&
           shape_as(given.dtype, given.shape, input.fact.dtype) == input.fact.shape;
  }

  Array array_of(const FileInput& input, const InputWord& word) {
    const DataWanted wanted = [&](DType dtype, const Shape& shape) { return fits(input, {dtype, shape}); };
    if (word.array != nullptr) return has_data(*word.array) ? *word.array : files_.array(word.text.substr(1), input.path, wanted);
    if (const auto what = made_up(word.text)) return made(input, *what);
    auto literal = literal_input(
        input.path, word.text, [&](const Array&) { return input.fact.dtype; }, options_);
    if (!literal) return files_.array(word.text, wanted);
    if (!literal->fits) mismatch(input, {literal->array.dtype(), literal->array.shape()});
    return std::move(literal->array);
  }

  Array made(const FileInput& input, const MadeUp& what) {
    require_memory(static_cast<std::uint64_t>(element_count(input.fact.shape)) * byte_size(input.fact.dtype), concat("the input `", input.path, "`"));
    auto array = make_up(what, input.fact.dtype, input.fact.shape, threads_);
    if (!array) {
      stop(Exit::CannotDo, concat("the input `", input.path, "` is ", to_string(input.fact),
                                  ", and such data cannot be made up for it (zeros, ones; normal:SEED, uniform:SEED for floats; key:SEED for keys)"));
    }
    return std::move(*array);
  }

  [[noreturn]] static void mismatch(const FileInput& input, const ArrayFact& given) {
    std::string text = concat("the input `", input.path, "` is ", to_string(given), ", and the plan was compiled for ", to_string(input.fact), " (",
                              input.type, " in the model)");
    const bool shape = given.shape != input.fact.shape;
    if (shape) text += ": compile the model again for other sizes";
    if (!shape) text += concat(": convert it, or give `--cast ", name(input.fact.dtype), "`: values may change");
    throw Stop{Exit::Problems, bare_error(Code::InputMismatch, std::move(text))};
  }
};

// A checkpoint beside what the plan was compiled for; its leaves of 64 bits become those of 32 that the plan has.
void require_fit(const PlanFile& plan, runtime::Variables& variables, const std::string& path) {
  constexpr std::size_t kMostShown = 20;
  std::vector<std::string> lines;
  std::map<std::string_view, Array*> stored;
  for (runtime::Leaf& leaf : variables.leaves) stored.emplace(leaf.key, &leaf.array);
  std::set<std::string_view> expected;
  for (const ExpectedLeaf& leaf : plan.expected) {
    expected.insert(leaf.key);
    const auto at = stored.find(leaf.key);
    Array* found = at == stored.end() ? nullptr : at->second;
    const bool is_wide = found != nullptr && found->dtype() != leaf.fact.dtype && narrowed(found->dtype()) == leaf.fact.dtype;
    if (is_wide && without_room(*found).empty()) *found = converted(*found, leaf.fact.dtype);
    if (found == nullptr) {
      if (leaf.required) lines.push_back(concat("`", shown(leaf.key), "` (", to_string(leaf.fact), ") is missing in `", shown(path), "`"));
    } else if (found->dtype() != leaf.fact.dtype || found->shape() != leaf.fact.shape) {
      lines.push_back(
          concat("`", shown(leaf.key), "` is ", to_string(*found), " in `", shown(path), "`, and the plan was compiled for ", to_string(leaf.fact)));
    }
  }
  for (const runtime::Leaf& leaf : variables.leaves) {
    if (expected.contains(leaf.key) || leaf.key.starts_with("intermediates/")) continue;
    lines.push_back(concat("`", shown(leaf.key), "` (", to_string(leaf.array), ") is in `", shown(path), "`, and the model has no such variable"));
  }
  if (lines.empty()) return;
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < kMostShown; ++i) text += bare_error(Code::CheckpointMismatch, lines[i]);
  if (lines.size() > kMostShown) text += concat("and ", lines.size() - kMostShown, " more\n");
  throw Stop{Exit::Problems, text};
}

// What the file holds, without copies of data.
struct Packed {
  runtime::Variables variables;
  std::vector<runtime::Leaf> prepared;
};
Packed take_packed(PlanFile& plan) {
  Packed packed{{{}, plan.meta}, {}};
  for (PackedArray& array : plan.arrays) {
    auto& leaves = array.role == PortRole::Prepared ? packed.prepared : packed.variables.leaves;
    leaves.push_back({std::move(array.key), std::move(array.array)});
  }
  return packed;
}

Packed variables_of(const ApplyOptions& options, PlanFile& plan) {
  if (plan.packed) return take_packed(plan);
  if (options.variables.empty()) stop(Exit::CannotDo, "the file of variables is missing: the plan was compiled without variables");
  runtime::Variables variables = read_checkpoint(options.variables);
  require_fit(plan, variables, options.variables);
  return {std::move(variables), {}};
}

}  // namespace

void require_same_variant(const ModelOptions& options, const PlanFile& plan) {
  if (!options.sets.empty()) stop_on_decided("--set", "the plan was compiled with its configuration");
  if (!options.import_root.empty()) stop_on_decided("--import-root", "a plan imports nothing");
  if (!options.method.empty() && options.method != plan.method) {
    stop_on_decided("--method", concat("the plan was compiled for ",
                                       plan.method.empty() ? std::string("the usual method") : concat("`", shown(plan.method), "`")));
  }
  for (const auto& [name, size] : parse_sizes(options.dims)) {
    const auto found = std::find_if(plan.sizes.begin(), plan.sizes.end(), [&, &wanted = name](const auto& entry) { return entry.first == wanted; });
    if (found == plan.sizes.end()) {
      const std::vector<std::string> known = names_of(plan.sizes);
      stop(Exit::CannotDo, concat("`--dim ", shown(name), "`: no input has this dimension", diagnostics::did_you_mean(name, known), " (they have ",
                                  diagnostics::listed(known), ")"));
    }
    if (found->second != size) stop_on_decided(concat("--dim ", shown(name)), concat("the plan was compiled for ", shown(name), "=", found->second));
  }
}

CommandResult apply_plan(const ApplyOptions& options, const PlanSource& source, CommandResult result) {
  runtime::Threads threads(thread_count(options.threads));
  PlanFile plan = read_plan_file(source, threads);
  require_same_options(options, plan);
  const Seeds seeds = seeds_of(options, plan);
  const std::vector<runtime::Leaf> expected = expected_outputs(options);
  InputOptions inputs = options.inputs;
  // A plan that holds its variables takes inputs at once.
  if (plan.packed && !options.variables.empty()) {
    inputs.positional.insert(inputs.positional.begin(), options.variables);
    result.files.reads_word(options.variables);
  }
  const std::map<std::string, Array> arrays = PlanInputs(plan, inputs, threads).read();
  const bool packed = plan.packed;
  const Packed given = variables_of(options, plan);
  const ProgramOutputs outputs = execute(plan.executable, {arrays, &given.variables, seeds, packed ? &given.prepared : nullptr}, threads);
  if (options.check_finite) require_finite(plan.executable, outputs.results);
  if (options.common.verbose) result.err += plan_facts(plan.executable, threads);
  finish_apply(options, plan.executable, outputs, given.variables, expected, plan.writes_intermediates, result);
  return result;
}

}  // namespace linenc::driver
