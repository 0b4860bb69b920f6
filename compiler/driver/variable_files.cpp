// Files of variables: which format, when an old file may be replaced, and how a tree is described in one line.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/variable_files.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/limits.h"
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
  stop(Exit::CannotDo, concat("`", shown(path), "` has no suffix of a format of variables: they are .bin, .safetensors, .json, .msgpack and .npz"));
}

Variables read_checkpoint(const std::string& path) {
  auto variables = runtime::read_variables(path, file_limits());
  if (!variables) stop_on_file(variables.error(), true);
  return std::move(*variables);
}

void add_new_variables(CommandFiles& files, const Variables& variables, const std::string& path, Format format, bool force) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) || force) return add_variables(files, variables, path, format);
  const auto same = runtime::holds_variables(path, variables, format);
  if (!same) stop_on_write(same.error());
  if (*same) return;
  stop(Exit::CannotDo, concat("`", shown(path), "` exists and holds other bytes: give `--force` to replace it, or another `-o`"));
}

void add_variables(CommandFiles& files, const Variables& variables, const std::string& path, Format format) {
  auto writer = runtime::open_variables(variables, path, format);
  if (!writer) stop_on_write(writer.error());
  files.add(std::move(*writer));
}

std::string_view collection_of(std::string_view key) { return key.substr(0, key.find('/') == std::string_view::npos ? 0 : key.find('/')); }

std::vector<CollectionTotal> collection_totals(const Variables& variables) {
  std::vector<CollectionTotal> totals;
  for (const Leaf& leaf : variables.leaves) {
    const std::string_view name = collection_of(leaf.key);
    auto found = std::find_if(totals.begin(), totals.end(), [&](const CollectionTotal& total) { return total.name == name; });
    if (found == totals.end()) found = totals.insert(found, {.name = std::string(name)});
    ++found->variables;
    found->elements += static_cast<std::uint64_t>(leaf.array.size());
    found->bytes += leaf.array.bytes();
  }
  return totals;
}

namespace {

std::uint64_t total_bytes(const Variables& variables) {
  std::uint64_t bytes = 0;
  for (const Leaf& leaf : variables.leaves) bytes += leaf.array.bytes();
  return bytes;
}

}  // namespace

std::uint64_t parameter_count(const Variables& variables) {
  std::uint64_t count = 0;
  for (const Leaf& leaf : variables.leaves) {
    if (collection_of(leaf.key) == "params") count += static_cast<std::uint64_t>(leaf.array.size());
  }
  return count;
}

std::string describe(const Variables& variables) {
  std::string text = concat(counted(variables.leaves.size(), "variable"), ", ", counted(parameter_count(variables), "parameter"), ", ",
                            byte_text(total_bytes(variables)));
  const char* separator = " (";
  for (const CollectionTotal& total : collection_totals(variables)) {
    if (!total.name.empty()) text += concat(std::exchange(separator, ", "), shown(total.name), " ", byte_text(total.bytes));
  }
  return *separator == ',' ? text + ")" : text;
}

void TreeDigest::add(const Leaf& leaf) {
  // Of each leaf its description and the digest of its data, so that nothing is copied.
  leaves_.emplace_back(leaf.key, concat(to_string(leaf.array), " ", runtime::sha256_hex({leaf.array.data(), leaf.array.bytes()})));
}

std::string TreeDigest::hex() const {
  auto sorted = leaves_;
  std::sort(sorted.begin(), sorted.end());
  std::string text;
  for (const auto& [key, rest] : sorted) text += concat(key, " ", rest, "\n");
  return runtime::sha256_hex(std::as_bytes(std::span(text.data(), text.size())));
}

std::string digest_line(const TreeDigest& digest, const Variables& variables) {
  return concat("sha256:", digest.hex(), ", ", counted(parameter_count(variables), "parameter"), ", ", grouped(total_bytes(variables)), " bytes, ",
                kRandom);
}

std::string digest_line(const Variables& variables) {
  TreeDigest digest;
  for (const Leaf& leaf : variables.leaves) digest.add(leaf);
  return digest_line(digest, variables);
}

}  // namespace linenc::driver
