#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/run_error.h"
#include "runtime/files/write_file.h"
#include "runtime/variables/limits.h"
#include "runtime/variables/variables.h"

namespace linenc::runtime {

enum class Format { Safetensors, Json, Msgpack, Npz, Npy };
// By suffix: .bin .safetensors .json .msgpack .npz .npy.
[[nodiscard]] std::optional<Format> format_of_suffix(const std::filesystem::path& path);
// By name: "safetensors" (or "bin"), "json", "msgpack", "npz", "npy".
[[nodiscard]] std::optional<Format> format_of_name(std::string_view name);

// Reads a checkpoint of any format, recognised by its content; files that are something else (pickle, GGUF, HDF5, zip without
// arrays) are refused by name. Every size is checked before anything is allocated; limits L11 to L20 of
// reliability.md. Safetensors are mapped, not copied, where the data is aligned; the checksum that `write` stores is verified.
// Leaves come in the order of the file. Of a Flax msgpack, Python numbers become arrays without axes.
[[nodiscard]] Result<Variables> read_variables(const std::filesystem::path& path, const ReadLimits& limits = {});
// `owner` keeps the bytes alive for arrays that view them; without it everything is copied.
[[nodiscard]] Result<Variables> parse_variables(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, const ReadLimits& limits = {});

// What a file holds, read once from its beginning to its end with little memory: the data of the safetensors layout and of msgpack is
// never held, of npz one array at a time. `each` sees every leaf with its data (see ReadLimits), and the data is not kept.
struct Scan {
  Variables variables;  // arrays without data; the metadata is that of the file, checksum and version included
  Format format = Format::Safetensors;
  std::uint64_t file_bytes = 0;
  bool has_checksum = false;  // and it is right
};
[[nodiscard]] Result<Scan> scan_variables(const std::filesystem::path& path, const std::function<void(const Leaf&)>& each,
                                          const ReadLimits& limits = {});

// Writes through FileWriter. Safetensors: header with sorted metadata (`format_version`, `linenc`, `checksum` = "sha256:..."
// of the whole file with the digits of the checksum as zeros, and `variables.meta`), then the data in the order of the leaves, tiled
// without holes; the data section is 64-byte aligned by the padding of the header. JSON: the layout of cli.md section 2.
// Metadata is kept by safetensors and JSON alone; entries named like the three above are replaced. In .npz, bfloat16 is what
// ml_dtypes writes (`<V2`). Random keys are refused by every format.
[[nodiscard]] Result<Done> write_variables(const Variables& variables, const std::filesystem::path& path, Format format);
// The same, but for commit() of the writer.
[[nodiscard]] Result<FileWriter> open_variables(const Variables& variables, const std::filesystem::path& path, Format format);
// Whether a file holds the bytes that `write_variables` would write. Nothing is written, and no copy of the bytes is made.
[[nodiscard]] Result<bool> holds_variables(const std::filesystem::path& path, const Variables& variables, Format format);
// The bytes of the file, for stdout and tests.
[[nodiscard]] Result<std::string> serialize_variables(const Variables& variables, Format format);

// A file of named arrays that is open. Of a stream, as much is read as its headers announce.
class OpenArrays {
 public:
  [[nodiscard]] static Result<OpenArrays> open(const std::filesystem::path& path, const ReadLimits& limits);
  [[nodiscard]] Format format() const;
  [[nodiscard]] Result<std::vector<Leaf>> read(const ReadLimits& limits) const;

 private:
  OpenArrays(std::filesystem::path path, std::shared_ptr<const MappedFile> file) : path_(std::move(path)), file_(std::move(file)) {}
  std::filesystem::path path_;
  std::shared_ptr<const MappedFile> file_;
};

// Named arrays, the inputs and outputs of a model: .npy (one array, named `output`), .npz, safetensors, JSON (format
// "linenc-arrays", key "arrays") and msgpack. .npy and .npz refuse bfloat16, which NumPy does not know.
[[nodiscard]] Result<std::vector<Leaf>> read_arrays(const std::filesystem::path& path, const ReadLimits& limits = {});
[[nodiscard]] Result<std::vector<Leaf>> parse_arrays(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                                                     const ReadLimits& limits = {});
[[nodiscard]] Result<Done> write_arrays(const std::vector<Leaf>& arrays, const std::filesystem::path& path, Format format);
[[nodiscard]] Result<std::string> serialize_arrays(const std::vector<Leaf>& arrays, Format format);

// NumPy's .npy: versions 1 to 3, both orders, both byte orders; 64-bit numbers stay 64-bit. Two-byte void (`<V2`, `|V2`) is
// bfloat16, as ml_dtypes writes it. Trailing bytes are refused. With an `owner`, aligned data is viewed, not copied.
[[nodiscard]] Result<Array> parse_npy(std::span<const std::byte> bytes, std::shared_ptr<const void> owner = nullptr, const ReadLimits& limits = {});
[[nodiscard]] Result<Array> read_npy(const std::filesystem::path& path, const ReadLimits& limits = {});
// Version 1.0, C order, little-endian, header padded to 64 bytes as NumPy does. BFloat16 and Key are refused.
[[nodiscard]] Result<std::string> serialize_npy(const Array& array);

// The arrays of an .npz, by name without `.npy`, in the order of the archive.
[[nodiscard]] Result<std::vector<Leaf>> parse_npz(std::span<const std::byte> bytes, const ReadLimits& limits = {});
[[nodiscard]] Result<std::vector<Leaf>> read_npz(const std::filesystem::path& path, const ReadLimits& limits = {});

// Lower-case hexadecimal SHA-256. Pages of a mapped file are released as they are read.
[[nodiscard]] std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace linenc::runtime
