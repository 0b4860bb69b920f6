// The files of a command: which may be written, and how they appear together.
// Tested by tests/compiler/driver/command_files_test.cpp.
#include "compiler/driver/command_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/read_arrays.h"

namespace linenc::driver {

using diagnostics::shown;

// Pipes and devices are no file that could be replaced.
std::optional<CommandFiles::Place> CommandFiles::file_at(const std::string& path) {
  struct stat status = {};
  const int failed = path == "-" ? fstat(STDIN_FILENO, &status) : stat(path.c_str(), &status);
  if (failed != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return Place{status.st_dev, status.st_ino, ""};
}

std::optional<CommandFiles::Place> CommandFiles::target_at(const std::string& path) {
  if (path == "-") return Place{0, 0, "-"};
  if (auto file = file_at(path)) return file;
  const std::filesystem::path target = path;
  const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
  struct stat status = {};
  if (stat(folder.c_str(), &status) != 0) return std::nullopt;  // opening it will tell why
  return Place{status.st_dev, status.st_ino, target.filename().string()};
}

void CommandFiles::require_kept(const Input& input, const Output& output) {
  if (input.place != output.place || input.replaced_by == output.option) return;
  stop(Exit::CannotDo, concat("`", output.option, " ", shown(output.word), "` would replace a file that this command reads: give another name"));
}

void CommandFiles::reads(const std::string& path, std::string_view replaced_by) {
  const auto place = file_at(path);
  if (!place) return;
  inputs_.push_back({*place, std::string(replaced_by)});
  for (const Output& output : outputs_) require_kept(inputs_.back(), output);
}

void CommandFiles::reads(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) reads(path);
}

void CommandFiles::reads_word(const std::string& word) {
  reads(word);
  for (std::size_t colon = word.find(':'); colon != std::string::npos; colon = word.find(':', colon + 1)) reads(word.substr(0, colon));
}

void CommandFiles::reads(const InputOptions& inputs) {
  for (const std::string& text : inputs.positional) reads_word(text);
  for (const std::string& text : inputs.named) reads_word(text.substr(text.find(text.starts_with('@') ? '@' : '=') + 1));
}

void CommandFiles::writes(const std::string& option, const std::string& word, const std::string& path) {
  const auto place = path.empty() ? std::nullopt : target_at(path);
  if (!place) return;
  for (const Output& other : outputs_) {
    if (other.place != *place) continue;
    stop(Exit::CannotDo,
         concat("`", other.option, " ", shown(other.word), "` and `", option, " ", shown(word), "` ",
                path == "-" ? "both go to the standard output: give one of them a file" : "are one file: give one of them another name"));
  }
  outputs_.push_back({option, word, *place});
  for (const Input& input : inputs_) require_kept(input, outputs_.back());
}

void CommandFiles::add(const std::string& path, std::string_view bytes) {
  auto writer = runtime::FileWriter::open(path);
  if (!writer) stop_on_write(writer.error());
  writer->write(bytes);
  add(std::move(*writer));
}

void CommandFiles::add(runtime::FileWriter writer) {
  const auto done = writer.make_durable();
  if (!done) stop_on_write(done.error());
  writers_.push_back(std::move(writer));
}

runtime::Result<runtime::Done> CommandFiles::commit() {
  for (runtime::FileWriter& writer : std::exchange(writers_, {})) {
    if (auto done = writer.commit(); !done) return done;
  }
  return runtime::Done{};
}

}  // namespace linenc::driver
