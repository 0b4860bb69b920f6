#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/core/run_error.h"
#include "runtime/variables/variables.h"

namespace linenc::runtime {

enum class Format { Safetensors, Json, Msgpack, Npz, Npy };
// By suffix: .bin .safetensors .json .msgpack .npz .npy.
[[nodiscard]] std::optional<Format> format_of_suffix(const std::filesystem::path& path);
// By name: "safetensors" (or "bin"), "json", "msgpack", "npz", "npy".
[[nodiscard]] std::optional<Format> format_of_name(std::string_view name);

// Reads a checkpoint of any format, recognised by its content; files that are something else (pickle, GGUF, HDF5, zip without
// arrays) are refused by name. Every size is checked before anything is allocated; limits L12, L15 to L18 of
// reliability.md. Safetensors are mapped, not copied, where the data is aligned; the checksum that `write` stores is verified.
[[nodiscard]] Result<Variables> read_variables(const std::filesystem::path& path);
[[nodiscard]] Result<Variables> parse_variables(std::span<const std::byte> bytes, std::shared_ptr<const void> owner);

// Writes through FileWriter. Safetensors: header with sorted metadata (`format_version`, `linenc`, `checksum` = "sha256:..." of the
// data section, and `variables.meta`), then the data in the order of the leaves, tiled without holes, each 64-byte aligned by
// the padding of the header alone. JSON: the layout of cli.md section 2.
[[nodiscard]] Result<Done> write_variables(const Variables& variables, const std::filesystem::path& path, Format format);
// The bytes of the file, for stdout and tests.
[[nodiscard]] Result<std::string> serialize_variables(const Variables& variables, Format format);

// NumPy's .npy: versions 1 to 3, both orders, both byte orders; 64-bit numbers stay 64-bit. Trailing bytes are refused.
[[nodiscard]] Result<Array> parse_npy(std::span<const std::byte> bytes);
[[nodiscard]] Result<Array> read_npy(const std::filesystem::path& path);
// Version 1.0, C order, little-endian, header padded to 64 bytes as NumPy does. BFloat16 and Key are refused.
[[nodiscard]] Result<std::string> serialize_npy(const Array& array);

// Lower-case hexadecimal SHA-256.
[[nodiscard]] std::string sha256_hex(std::span<const std::byte> bytes);

}  // namespace linenc::runtime
