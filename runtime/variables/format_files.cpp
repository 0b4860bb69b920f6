// Formats in files that have a name: mapped when read, through FileWriter when written.
#include <algorithm>

#include "runtime/files/write_file.h"
#include "runtime/variables/emit.h"
#include "runtime/variables/formats.h"
#include "runtime/variables/guarded.h"
#include "runtime/variables/stream_judge.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

class FileSink final : public Sink {
 public:
  explicit FileSink(FileWriter& file) : file_(file) {}
  void write(std::string_view bytes) override { file_.write(bytes); }

 private:
  FileWriter& file_;
};

// Compares what is written with bytes that are there.
class ComparingSink final : public Sink {
 public:
  explicit ComparingSink(std::span<const std::byte> expected) : rest_(text_of(expected)) {}
  void write(std::string_view bytes) override {
    equal_ = equal_ && rest_.starts_with(bytes);
    if (equal_) rest_.remove_prefix(bytes.size());
  }
  [[nodiscard]] bool all_equal() const { return equal_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool equal_ = true;
};

// Parses what is open, and puts the name of the file before the message.
template <class Parse>
auto from_open(const std::filesystem::path& path, const std::shared_ptr<const MappedFile>& file, Parse parse) {
  auto result = parse(file->bytes(), std::shared_ptr<const void>(file));
  if (result) return result;
  RunError error = result.error();
  error.text = joined(in_backticks(path.string()), ": ", error.text);
  return decltype(result)(error);
}

template <class Parse>
auto from_file(const std::filesystem::path& path, JsonKind kind, const ReadLimits& limits, Parse parse)
    -> decltype(parse(std::span<const std::byte>(), nullptr)) {
  return guarded([&]() -> decltype(parse(std::span<const std::byte>(), nullptr)) {
    auto file = MappedFile::open(path, stream_judge(kind, limits));
    if (!file) return file.error();
    return from_open(path, *file, parse);
  });
}

Result<FileWriter> open(const Variables& variables, const std::filesystem::path& path, Format format, JsonKind kind) {
  return guarded([&]() -> Result<FileWriter> {
    auto file = FileWriter::open(path);
    if (!file) return file.error();
    FileSink sink(*file);
    if (auto done = emit(variables, format, kind, sink); !done) return done.error();
    return file;
  });
}

Result<Done> write(const Variables& variables, const std::filesystem::path& path, Format format, JsonKind kind) {
  auto file = open(variables, path, format, kind);
  if (!file) return file.error();
  return file->commit();
}

}  // namespace

Result<Variables> read_variables(const std::filesystem::path& path, const ReadLimits& limits) {
  return from_file(path, JsonKind::Variables, limits,
                   [&](std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner) { return parse_variables(bytes, owner, limits); });
}

Result<Scan> scan_variables(const std::filesystem::path& path, const std::function<void(const Leaf&)>& each, const ReadLimits& limits) {
  ReadLimits scanning = limits;
  scanning.each = each ? each : [](const Leaf&) {};
  return from_file(
      path, JsonKind::Variables, limits, [&](std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner) -> Result<Scan> {
        auto variables = parse_variables(bytes, owner, scanning);
        if (!variables) return variables.error();
        Scan scan{.variables = std::move(*variables), .format = format_of_content(text_of(bytes)), .file_bytes = bytes.size()};
        const auto has = [&](std::string_view key) {
          return std::any_of(scan.variables.meta.begin(), scan.variables.meta.end(), [&](const auto& entry) { return entry.first == key; });
        };
        scan.has_checksum = scan.format == Format::Safetensors && has("checksum") && has("linenc");
        return scan;
      });
}

Result<OpenArrays> OpenArrays::open(const std::filesystem::path& path, const ReadLimits& limits) {
  return guarded([&]() -> Result<OpenArrays> {
    auto file = MappedFile::open(path, stream_judge(JsonKind::Arrays, limits));
    if (!file) return file.error();
    return OpenArrays(path, std::move(*file));
  });
}

Format OpenArrays::format() const { return format_of_content(text_of(file_->bytes())); }

Result<std::vector<Leaf>> OpenArrays::read(const ReadLimits& limits) const {
  return from_open(path_, file_,
                   [&](std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner) { return parse_arrays(bytes, owner, limits); });
}

Result<std::vector<Leaf>> read_arrays(const std::filesystem::path& path, const ReadLimits& limits) {
  const auto file = OpenArrays::open(path, limits);
  if (!file) return file.error();
  return file->read(limits);
}

Result<Array> read_npy(const std::filesystem::path& path, const ReadLimits& limits) {
  return from_file(path, JsonKind::Arrays, limits,
                   [&](std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner) { return parse_npy(bytes, owner, limits); });
}

Result<std::vector<Leaf>> read_npz(const std::filesystem::path& path, const ReadLimits& limits) {
  return from_file(path, JsonKind::Arrays, limits,
                   [&](std::span<const std::byte> bytes, const std::shared_ptr<const void>&) { return parse_npz(bytes, limits); });
}

Result<Done> write_variables(const Variables& variables, const std::filesystem::path& path, Format format) {
  return write(variables, path, format, JsonKind::Variables);
}

Result<FileWriter> open_variables(const Variables& variables, const std::filesystem::path& path, Format format) {
  return open(variables, path, format, JsonKind::Variables);
}

Result<bool> holds_variables(const std::filesystem::path& path, const Variables& variables, Format format) {
  return guarded([&]() -> Result<bool> {
    // A stream is no file that was written: its beginning tells it apart.
    auto file = MappedFile::open(path, [](std::span<const std::byte>) { return std::uint64_t{0}; });
    if (!file) return file.error();
    ComparingSink sink((*file)->bytes());
    if (auto done = emit(variables, format, JsonKind::Variables, sink); !done) return done.error();
    return sink.all_equal();
  });
}

Result<Done> write_arrays(const std::vector<Leaf>& arrays, const std::filesystem::path& path, Format format) {
  return write(viewing(arrays), path, format, JsonKind::Arrays);
}

}  // namespace linenc::runtime
