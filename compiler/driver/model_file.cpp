// Reads a model file and the options that choose a variant of it.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/model_file.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <span>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/command.h"
#include "compiler/driver/limits.h"
#include "compiler/driver/plan_files.h"
#include "compiler/driver/problem_document.h"
#include "compiler/syntax/parser.h"
#include "runtime/files/write_file.h"
#include "runtime/plan/read.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;

const syntax::Node* ModelFile::option_value(const std::string& option, const std::string& text) {
  const source::FileId file = sources.add(option, text);
  option_files_.insert(file);
  if (text.find_first_not_of(" \t") == std::string::npos) {
    diagnostics.error(Code::UnknownOptionValue, {file, 0, 0}, concat("`", shown(option), "` has no value"))
        .help("an empty text is written `\"\"`")
        .emit();
    return nullptr;
  }
  option_documents_.push_back(syntax::read_yaml(file, sources, diagnostics, limits().yaml, true));
  return option_documents_.back()->root();
}

std::vector<std::string> ModelFile::paths() const {
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto file = static_cast<source::FileId>(i);
    if (!is_option(file)) paths.push_back(sources.file(file).path());
  }
  return paths;
}

elaborate::Model ModelFile::scratch_model(Diagnostics& scratch) {
  Diagnostics unheard;
  if (scratch_tree_ == nullptr) scratch_tree_ = syntax::parse(tree->file, sources, unheard, limits().yaml);
  elaborate::Model model(scratch_tree_, overrides, scratch, importer(scratch));
  model.set_budget(limits().budget);
  return model;
}

elaborate::Importer ModelFile::importer(Diagnostics& reports) {
  return [this, &reports](const std::string& path, const syntax::Tree& from, source::Span place) { return import(path, from, place, reports); };
}

std::shared_ptr<const syntax::Tree> ModelFile::import(const std::string& path, const syntax::Tree& from, source::Span place, Diagnostics& reports) {
  namespace fs = std::filesystem;
  const auto fail = [&](const std::string& message) {
    reports.error(Code::ImportFailed, place, message).emit();
    return nullptr;
  };
  const auto folder_of = [](const std::string& shown_file) {
    const fs::path folder = fs::path(shown_file).parent_path();
    return folder.empty() ? fs::path(".") : folder;
  };
  const fs::path wanted = (folder_of(sources.file(from.file).path()) / path).lexically_normal();
  std::error_code error;
  const fs::path real = fs::weakly_canonical(wanted, error);
  const fs::path top = import_root.empty() ? folder_of(shown_path) : fs::path(import_root);
  const fs::path inside = error ? fs::path() : real.lexically_relative(fs::weakly_canonical(top, error));
  if (error || inside.empty() || *inside.begin() == "..") {
    return fail(import_root.empty() ? concat("`", shown(path), "` lies outside of the directory of the root file: `--import-root FOLDER` widens it")
                                    : concat("`", shown(path), "` lies outside of `--import-root ", shown(import_root), "`"));
  }
  std::shared_ptr<const syntax::Tree>& slot = imported_[{&reports, real.string()}];
  if (slot != nullptr) return slot;
  const auto read = sources.read(wanted, wanted.string());
  if (const auto* failure = std::get_if<source::ReadFailure>(&read))
    return fail(concat("`", shown(path), "` cannot be imported: ", failure->message));
  slot = syntax::parse(std::get<source::FileId>(read), sources, reports, limits().yaml);
  return slot;
}

std::string ModelFile::name() const {
  const std::string written = tree->name != nullptr ? tree->name->text : "";
  return written.empty() ? std::filesystem::path(shown_path).stem().string() : written;
}

namespace {

// The id of the text; none after a report.
std::optional<source::FileId> read_text(ModelFile& file, const ModelOptions& options) {
  const auto fail = [&](const std::string& message, bool is_too_large = false) {
    file.diagnostics.error(is_too_large ? Code::TooLarge : Code::CannotRead, {}, message).emit();
    file.unreadable = is_too_large ? Exit::Problems : Exit::CannotDo;
    return std::nullopt;
  };
  if (options.path == "-") {
    file.shown_path = options.stdin_name;
    const std::uint64_t most = limits().yaml_bytes;
    const runtime::StreamJudge judge = [&](std::span<const std::byte> begin) { return is_plan_file(begin) ? std::uint64_t{0} : most + 1; };
    const auto text = runtime::MappedFile::open("-", judge);
    if (!text) return fail(text.error().text);
    const std::span<const std::byte> bytes = (*text)->bytes();
    if (is_plan_file(bytes)) {
      return fail("stdin is a plan that `linenc compile` made, and a model is wanted: `linenc apply` takes the name of its file");
    }
    if (bytes.size() > most) return fail(concat("stdin is longer than the limit of ", most, " bytes"), true);
    return file.sources.add(options.stdin_name, std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  }
  file.shown_path = options.path;
  if (open_plan(options.path)) {
    return fail(concat("`", shown(options.path),
                       "` is a plan that `linenc compile` made, and a model is wanted: `linenc plan` prints it, `linenc apply` runs it"));
  }
  const auto read = file.sources.read(options.path, options.path);
  if (const auto* failure = std::get_if<source::ReadFailure>(&read)) return fail(failure->message, failure->is_too_large);
  return std::get<source::FileId>(read);
}

}  // namespace

std::unique_ptr<ModelFile> load_model(const ModelOptions& options) {
  auto file = std::make_unique<ModelFile>();
  file->sources = source::SourceSet(limits().yaml_bytes);
  file->import_root = options.import_root;
  const std::optional<source::FileId> root = read_text(*file, options);
  if (!root) return file;
  const std::string_view text = file->sources.file(*root).text();
  file->text_digest = runtime::sha256_hex(std::as_bytes(std::span(text.data(), text.size())));
  file->tree = syntax::parse(*root, file->sources, file->diagnostics, limits().yaml);
  for (const auto& [path, value] : parse_sets(options.sets)) {
    if (const syntax::Node* node = file->option_value("--set " + path, value)) file->overrides.push_back({path, node, false});
  }
  if (file->tree->root == nullptr) return file;
  file->model = std::make_unique<elaborate::Model>(file->tree, file->overrides, file->diagnostics, file->importer(file->diagnostics));
  file->model->set_budget(limits().budget);
  return file;
}

std::unique_ptr<ModelFile> read_model(const ModelOptions& options) {
  if (options.path.empty()) stop(Exit::CannotDo, "the model file is missing");
  (void)parse_sets(options.sets);
  check_import_root(options);
  auto file = load_model(options);
  if (file->unreadable) throw Stop{*file->unreadable, render_full(file->diagnostics, file->sources, {}), problem_document(*file)};
  return file;
}

Exit exit_of(const ModelFile& file) {
  Exit exit = Exit::Done;
  for (const diagnostics::Diagnostic& diagnostic : file.diagnostics.all()) {
    if (severity(diagnostic.code) != diagnostics::Severity::Error) continue;
    if (file.is_option(diagnostic.span.file)) return Exit::CannotDo;
    exit = Exit::Problems;
  }
  return exit;
}

void stop_on_errors(const ModelFile& file, const CommonOptions& options) {
  const Exit exit = exit_of(file);
  if (exit == Exit::Done) return;
  throw Stop{exit, render_full(file.diagnostics, file.sources, text_style(options, 2)), problem_document(file)};
}

void check_dims(ModelFile& file, const std::map<std::string, std::int64_t>& sizes) {
  const std::vector<std::string> names = file.model->dimension_names();
  for (const auto& [name, size] : sizes) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw Stop{Exit::CannotDo,
               bare_error(Code::UnknownOptionValue, concat("`--dim ", shown(name), "`: no input has this dimension",
                                                           diagnostics::did_you_mean(name, names), " (they have ", diagnostics::listed(names), ")"))};
  }
}

void check_sets(ModelFile& file) {
  const std::vector<std::string> unused = file.model->unused_overrides();
  if (unused.empty()) return;
  const std::vector<std::string> known = file.model->config_paths();
  throw Stop{Exit::CannotDo, bare_error(Code::UnknownOptionValue,
                                        concat("`--set ", shown(unused.front()), "`: `config` has no such entry",
                                               diagnostics::did_you_mean(unused.front(), known), " (it has ", diagnostics::listed(known), ")"))};
}

void check_method(ModelFile& file, const std::string& method) {
  if (method.empty()) return;
  Diagnostics scratch;
  const std::vector<std::string> known = file.scratch_model(scratch).methods();
  if (known.empty() || std::find(known.begin(), known.end(), method) != known.end()) return;
  throw Stop{Exit::CannotDo,
             bare_error(Code::UnknownOptionValue, concat("`--method ", shown(method), "`: the model has no such method",
                                                         diagnostics::did_you_mean(method, known), " (it has ", diagnostics::listed(known), ")"))};
}

std::string warnings_text(const ModelFile& file, const CommonOptions& options) {
  if (options.quiet || file.diagnostics.warnings() == 0) return "";
  return render_full(file.diagnostics, file.sources, text_style(options, 2));
}

std::string bare_error(Code code, std::string message) {
  Diagnostics diagnostics;
  diagnostics.error(code, {}, std::move(message)).emit();
  return render_full(diagnostics, source::SourceSet(), {});
}

}  // namespace linenc::driver
