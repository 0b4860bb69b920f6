// Files of variables: which format, when an old file may be replaced, and how a tree is described in one line.
// Tested by tests/compiler/driver/init_test.cpp.
#include "compiler/driver/variable_files.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/options.h"
#include "compiler/driver/read_arrays.h"
#include "runtime/files/write_file.h"

namespace linenc::driver {

using diagnostics::shown;
using runtime::Format;
using runtime::Leaf;
using runtime::Variables;

Format variable_format(const std::string& path, const std::string& format) {
  constexpr std::string_view kKnown = "bin, safetensors, json, msgpack, npz";
  std::optional<Format> chosen = format.empty() ? runtime::format_of_suffix(path) : runtime::format_of_name(format);
  if (chosen == Format::Npy) chosen.reset();
  if (chosen) return *chosen;
  if (!format.empty()) stop(Exit::CannotDo, concat("`--format ", shown(format), "`: the formats are ", kKnown));
  stop(Exit::CannotDo, concat("`", shown(path), "` has no suffix of a format (", kKnown, "): rename it, or give `--format`"));
}

std::function<void()> write_new_variables(const Variables& variables, const std::string& path, Format format, bool force) {
  std::error_code error;
  const bool old = std::filesystem::exists(path, error);
  if (old && !force) {
    const auto same = runtime::holds_variables(path, variables, format);
    if (!same) stop_on_write(same.error());
    if (*same) return nullptr;
    stop(Exit::CannotDo, concat("`", shown(path), "` exists and holds other bytes: give `--force` to replace it, or another `-o`"));
  }
  const auto done = runtime::write_variables(variables, path, format);
  if (!done) stop_on_write(done.error());
  if (old) return nullptr;
  return [path] { std::filesystem::remove(path); };
}

namespace {

std::string_view collection_of(const Leaf& leaf) { return std::string_view(leaf.key).substr(0, leaf.key.find('/')); }

std::uint64_t total_bytes(const Variables& variables) {
  std::uint64_t bytes = 0;
  for (const Leaf& leaf : variables.leaves) bytes += leaf.array.bytes();
  return bytes;
}

}  // namespace

std::uint64_t parameter_count(const Variables& variables) {
  std::uint64_t count = 0;
  for (const Leaf& leaf : variables.leaves) {
    if (collection_of(leaf) == "params") count += static_cast<std::uint64_t>(leaf.array.size());
  }
  return count;
}

std::string describe(const Variables& variables) {
  std::vector<std::pair<std::string, std::uint64_t>> collections;
  for (const Leaf& leaf : variables.leaves) {
    const auto found = std::find_if(collections.begin(), collections.end(), [&](const auto& c) { return c.first == collection_of(leaf); });
    if (found == collections.end()) {
      collections.emplace_back(collection_of(leaf), leaf.array.bytes());
    } else {
      found->second += leaf.array.bytes();
    }
  }
  std::string text = concat(counted(variables.leaves.size(), "variable"), ", ", counted(parameter_count(variables), "parameter"), ", ",
                            byte_text(total_bytes(variables)));
  if (collections.empty()) return text;
  const char* separator = " (";
  for (const auto& [name, bytes] : collections) text += concat(std::exchange(separator, ", "), shown(name), " ", byte_text(bytes));
  return text + ")";
}

std::string digest_line(const Variables& variables) {
  std::vector<const Leaf*> leaves;
  for (const Leaf& leaf : variables.leaves) leaves.push_back(&leaf);
  std::sort(leaves.begin(), leaves.end(), [](const Leaf* a, const Leaf* b) { return a->key < b->key; });
  // Of each leaf its description and the digest of its data, so that nothing is copied.
  std::string text;
  for (const Leaf* leaf : leaves) {
    text += concat(leaf->key, " ", to_string(leaf->array), " ", runtime::sha256_hex({leaf->array.data(), leaf->array.bytes()}), "\n");
  }
  return concat("sha256:", runtime::sha256_hex(std::as_bytes(std::span(text.data(), text.size()))), ", ",
                counted(parameter_count(variables), "parameter"), ", ", grouped(total_bytes(variables)), " bytes, threefry2x32");
}

}  // namespace linenc::driver
