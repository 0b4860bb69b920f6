// `linenc check`: proves model files right, without making a parameter.
// Tested by tests/compiler/driver/check_test.cpp.
#include <algorithm>
#include <memory>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/apply_options.h"
#include "compiler/driver/check_file.h"
#include "compiler/driver/command.h"
#include "compiler/driver/execute.h"
#include "compiler/driver/find_models.h"
#include "compiler/driver/report_formats.h"
#include "compiler/driver/variable_files.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {
namespace {

using diagnostics::Code;
using diagnostics::shown;

struct CheckOptions {
  CommonOptions common;
  ModelOptions model;
  std::vector<std::string> paths;
  std::vector<std::string> formats;
  std::string checkpoint;
  std::string mutable_collections;
  std::int64_t threads = 0;
  std::int64_t max_errors = 20;
  bool json = false;
  bool error_on_warning = false;
  bool exit_zero = false;
};

constexpr const char* kExamples = R"(linenc check models/
linenc check models/cnn.yaml --set num_classes=100 --dim batch=32
linenc check . --output-format github --output-format sarif=report.sarif
git show HEAD:models/cnn.yaml | linenc check - --stdin-filename models/cnn.yaml
)";

// One `--output-format FORMAT[=FILE]`.
struct Target {
  ReportFormat format;
  std::string file;  // empty: the standard output
  std::string word;
};

std::vector<Target> targets_of(const CheckOptions& options) {
  std::vector<std::string> texts = options.formats;
  if (options.json) texts.emplace_back("json");
  std::vector<Target> targets;
  for (const std::string& text : texts) {
    const std::size_t mark = text.find('=');
    const std::string name = text.substr(0, mark);
    const auto format = report_format_of(name);
    if (!format) {
      stop(Exit::CannotDo,
           concat("`--output-format ", shown(name), "`: there is no such format", diagnostics::did_you_mean(name, report_format_names()),
                  " (they are ", diagnostics::listed(report_format_names()), ")"));
    }
    targets.push_back({*format, mark == std::string::npos ? "" : text.substr(mark + 1), text});
    if (mark != std::string::npos && targets.back().file.empty()) stop(Exit::CannotDo, concat("`--output-format ", shown(text), "` names no file"));
  }
  const auto to_stdout = [](const Target& target) { return target.file.empty(); };
  const auto count = std::count_if(targets.begin(), targets.end(), to_stdout);
  if (count > 1) stop(Exit::CannotDo, "only one `--output-format` can go to the standard output: give the others a file (`sarif=report.sarif`)");
  if (count == 0) targets.push_back({ReportFormat::Full, "", "full"});
  return targets;
}

std::vector<CheckedFile> check_all(const std::vector<std::string>& paths, const CheckSettings& settings, int thread_limit) {
  std::vector<CheckedFile> files(paths.size());
  runtime::Threads threads(paths.size() == 1 ? 1 : thread_limit);
  threads.parallel_for(static_cast<std::int64_t>(paths.size()), 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) files[static_cast<std::size_t>(i)] = check_file(paths[static_cast<std::size_t>(i)], settings);
  });
  return files;
}

void stop_on_unknown_method(const std::vector<CheckedFile>& files, const std::string& method) {
  if (!std::all_of(files.begin(), files.end(), [](const CheckedFile& checked) { return checked.unknown_method; })) return;
  for (const CheckedFile& checked : files) check_method(*checked.file, method);
}

// What the models have, in the order of the files.
template <class Names>
std::vector<std::string> names_in_any(const std::vector<CheckedFile>& files, Names names) {
  std::vector<std::string> all;
  for (const CheckedFile& checked : files) {
    for (std::string& name : std::invoke(names, *checked.file->model)) {
      if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
    }
  }
  return all;
}

// An option that names nothing in any of the files is a mistake of the command line.
void stop_on_unused_options(const std::vector<CheckedFile>& files, const CheckSettings& settings) {
  const auto is_unused = [&](const std::string& name, std::vector<std::string> CheckedFile::*unused) {
    return std::all_of(files.begin(), files.end(), [&](const CheckedFile& checked) {
      if (checked.file->model == nullptr) return false;  // nobody can tell
      const std::vector<std::string>& names = checked.*unused;
      return std::find(names.begin(), names.end(), name) != names.end();
    });
  };
  for (const auto& [path, value] : parse_sets(settings.model.sets)) {
    if (!is_unused(path, &CheckedFile::unused_sets)) continue;
    const std::vector<std::string> known = names_in_any(files, &elaborate::Model::config_paths);
    throw Stop{Exit::CannotDo,
               bare_error(Code::UnknownOptionValue, concat("`--set ", shown(path), "`: `config` has no such entry",
                                                           diagnostics::did_you_mean(path, known), " (it has ", diagnostics::listed(known), ")"))};
  }
  for (const auto& [name, size] : settings.sizes) {
    if (!is_unused(name, &CheckedFile::unknown_dims)) continue;
    const std::vector<std::string> known = names_in_any(files, &elaborate::Model::dimension_names);
    throw Stop{Exit::CannotDo,
               bare_error(Code::UnknownOptionValue, concat("`--dim ", shown(name), "`: no input has this dimension",
                                                           diagnostics::did_you_mean(name, known), " (they have ", diagnostics::listed(known), ")"))};
  }
}

Exit exit_of_all(const std::vector<CheckedFile>& files, const CheckOptions& options) {
  Exit exit = Exit::Done;
  for (const CheckedFile& checked : files) {
    Exit one = checked.file->unreadable.value_or(exit_of(*checked.file));
    if (one == Exit::CannotDo) return one;
    if (one == Exit::Done && options.error_on_warning && checked.file->diagnostics.warnings() > 0) one = Exit::Problems;
    exit = std::max(exit, one);
  }
  return exit == Exit::Problems && options.exit_zero ? Exit::Done : exit;
}

StoredFacts facts_of_file(const std::string& checkpoint) {
  if (checkpoint.empty()) return {};
  return facts_of(read_checkpoint(checkpoint));
}

CommandResult check(const CheckOptions& options) {
  const std::vector<Target> targets = targets_of(options);
  if (options.max_errors < 0) stop(Exit::CannotDo, "`--max-errors` starts at 0, which is no limit");
  if (!options.mutable_collections.empty() && options.checkpoint.empty())
    stop(Exit::CannotDo, "`--mutable` says how a checkpoint is used: give `--vars`");
  const CheckSettings settings{options.model,
                               parse_sizes(options.model.dims),
                               options.checkpoint,
                               facts_of_file(options.checkpoint),
                               parse_mutable(options.mutable_collections),
                               {}};
  (void)parse_sets(options.model.sets);
  check_import_root(options.model);
  const std::vector<std::string> given = options.paths.empty() ? std::vector<std::string>{"."} : options.paths;
  const std::vector<std::string> paths = find_models(given);
  CommandResult result;
  for (const Target& target : targets) result.files.writes("--output-format", target.word, target.file);
  result.files.reads(paths);
  result.files.reads(options.checkpoint);
  if (paths.empty()) stop(Exit::CannotDo, concat("there is no model file (a `linenc:` key) under ", diagnostics::listed(given)));

  const std::vector<CheckedFile> files = check_all(paths, settings, thread_count(options.threads));
  stop_on_unknown_method(files, options.model.method);
  stop_on_unused_options(files, settings);
  for (const CheckedFile& checked : files) result.files.reads(checked.file->paths());
  const Report report{files};
  result.exit = exit_of_all(files, options);
  for (const CheckedFile& checked : files) {
    const diagnostics::Diagnostics& found = checked.file->diagnostics;
    if (options.common.verbose)
      result.err += concat(shown(checked.path), ": ", counted(found.errors(), "error"), ", ", counted(found.warnings(), "warning"), "\n");
  }
  for (const Target& target : targets) {
    diagnostics::TextStyle style = text_style(options.common, 1);
    style.max_errors = static_cast<std::size_t>(options.max_errors);
    if (options.max_errors == 0) style.max_bytes = 0;
    if (!target.file.empty()) style.colour = false;
    std::string text = written(report, target.format, style);
    if (target.file.empty()) {
      result.out = std::move(text);
    } else {
      result.files.add(target.file, text);
    }
  }
  return result;
}

}  // namespace

Command check_command() {
  return {"check", "prove model files right: syntax, names, types, shapes for every size, contracts", "[FILE or FOLDER]... [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<CheckOptions>();
            table.positional("paths", options->paths, "FILE or FOLDER", "model files, and folders that hold some (.); `-` is stdin");
            add_variant_options(table, options->model);
            table.repeated("--output-format", options->formats, "FORMAT[=FILE]", "full, concise, json, jsonl, github, gitlab, sarif or junit");
            table.flag("--json", options->json, "short for --output-format json");
            table.option("--vars", options->checkpoint, "CKPT", "check that these variables fit as well");
            table.option("--mutable", options->mutable_collections, "A,B", "with --vars: collections that `apply` may make anew, or `all`");
            table.option("--max-errors", options->max_errors, "N", "how many problems are printed (20; 0: all)");
            table.flag("--error-on-warning", options->error_on_warning, "warnings make the exit code 1");
            table.flag("--exit-zero", options->exit_zero, "problems found do not change the exit code");
            table.option("--stdin-filename", options->model.stdin_name, "NAME", "what stdin is called in messages");
            table.option("--threads", options->threads, "N", "how many threads (0: every core)");
            add_common_options(table, options->common);
            add_verbose_option(table, options->common, "print every file that was looked at, too");
            return [options] { return check(*options); };
          }};
}

}  // namespace linenc::driver
