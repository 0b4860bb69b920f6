#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "runtime/core/run_error.h"

namespace linenc::runtime {

// Writes a file whole or not at all: a hidden temporary `.NAME.linenc-<16 hex>` in the same folder, everything written,
// fsync, close checked, mode of an existing target kept, rename, fsync of the folder. A target that is not a regular file
// is refused; a symbolic link is replaced. On any failure, and on SIGINT, SIGTERM, SIGHUP and SIGPIPE, the temporary is removed
// and the old file is untouched. This is the only way linenc writes a file that has a name.
class FileWriter {
 public:
  // Opens the temporary. Nothing happens to `target` before commit().
  [[nodiscard]] static Result<FileWriter> open(const std::filesystem::path& target);
  FileWriter(FileWriter&& other) noexcept;
  FileWriter& operator=(FileWriter&& other) noexcept;
  ~FileWriter();  // removes the temporary unless committed

  // Appends. Errors are remembered and told by commit().
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  // Overwrites bytes that were written before (a header whose content is known last).
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  [[nodiscard]] std::uint64_t size() const;

  // Everything but the rename, which is all that commit() does then. Nothing can be written any more.
  [[nodiscard]] Result<Done> make_durable();
  [[nodiscard]] Result<Done> commit();

 private:
  struct State;
  explicit FileWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The whole of a small file, or of a stream ("-" is stdin): at most `limit` bytes, pipes allowed, folders refused. Stdin can be read
// once.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit);

// Decides how much of a stream is read. Given the bytes so far, at first kStreamBegin of them, it says how many there are to be
// before it is asked again; as many as there are, or fewer, are enough. Not asked once the stream has ended.
using StreamJudge = std::function<Result<std::uint64_t>(std::span<const std::byte> begin)>;
inline constexpr std::size_t kStreamBegin = 1 << 17;

// A file mapped read-only, or as much of it as `judge` wants, where it cannot be mapped. Its length is fixed when it is opened; a
// SIGBUS because somebody cut it off meanwhile ends the process with a message and status 2.
class MappedFile {
 public:
  [[nodiscard]] static Result<std::shared_ptr<const MappedFile>> open(const std::filesystem::path& path, const StreamJudge& judge);
  ~MappedFile();
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  MappedFile() = default;
  std::span<const std::byte> bytes_;
  std::shared_ptr<const void> pages_;  // of a stream
  bool mapped_ = false;
};

// Fills descriptors 0 to 2 with /dev/null where they are closed, installs the handlers above and ignores SIGXFSZ. Called
// first thing in main.
void prepare_process();

// Ends the process with status 124, and without temporaries, once this many seconds (at least 1) have passed.
void limit_time(std::int64_t seconds);

}  // namespace linenc::runtime
