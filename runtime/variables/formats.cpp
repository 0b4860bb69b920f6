// Checkpoints and named arrays of every format: recognised by content when read, dispatched by name when written.
#include "runtime/variables/formats.h"

#include <algorithm>
#include <unordered_set>

#include "runtime/variables/content.h"
#include "runtime/variables/emit.h"
#include "runtime/variables/guarded.h"
#include "runtime/variables/json_format.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/msgpack.h"
#include "runtime/variables/npz.h"
#include "runtime/variables/safetensors.h"
#include "runtime/variables/sink.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

RunError unsupported(std::string_view what) { return bad_file(what, " is not supported"); }

Result<Variables> parse_tree(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner, JsonKind kind, const ReadLimits& limits) {
  const std::string_view text = text_of(bytes);
  switch (content_of(text)) {
    case Content::Npy: {
      if (kind == JsonKind::Variables) return bad_file("an npy file holds one array, not a tree of variables");
      auto array = parse_npy(bytes, owner, limits);
      if (!array) return array.error();
      Variables single;
      single.leaves.push_back({.key = std::string(kSingleArray), .array = std::move(*array)});
      return single;
    }
    case Content::Npz: {
      ReadLimits npz_limits = limits;
      if (kind == JsonKind::Arrays) npz_limits.members = limits.input_members;
      auto leaves = parse_npz(bytes, npz_limits);
      if (!leaves) return leaves.error();
      return Variables{.leaves = std::move(*leaves), .meta = {}};
    }
    case Content::Json: return parse_json(text, kind, limits);
    case Content::Msgpack: return parse_msgpack(bytes, limits);
    case Content::Safetensors: return parse_safetensors(bytes, owner, limits);
    case Content::Plan: return bad_file("a plan, which `linenc compile` made and `linenc apply` runs; it is no file of arrays");
    case Content::Pickle: return unsupported("a pickle, which can run code when it is read,");
    case Content::Gguf: return unsupported("a GGUF file");
    case Content::Hdf5: return unsupported("an HDF5 file");
    case Content::Gzip: return unsupported("a file compressed by gzip");
    case Content::Unknown: break;
  }
  if (bytes.empty()) return bad_file("the file is empty");
  return bad_file("the content is none of safetensors, JSON, msgpack of Flax and npz");
}

Result<Variables> parse_checked(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner, JsonKind kind, const ReadLimits& limits) {
  auto variables = parse_tree(bytes, owner, kind, limits);
  if (!variables) return variables;
  if (auto checked = check_tree(*variables, limits); !checked) return checked.error();
  return variables;
}

Result<Done> check_meta(const Variables& variables) {
  std::unordered_set<std::string_view> keys;
  for (const auto& [key, text] : variables.meta) {
    if (!is_utf8(key) || !is_utf8(text)) return bad_file("the metadata ", in_backticks(key), " is not UTF-8");
    if (!keys.insert(key).second) return bad_file("the metadata ", in_backticks(key), " occurs twice");
  }
  return Done{};
}

Result<std::string> serialize(const Variables& variables, Format format, JsonKind kind) {
  return guarded([&]() -> Result<std::string> {
    StringSink sink;
    if (auto done = emit(variables, format, kind, sink); !done) return done.error();
    return sink.take();
  });
}

}  // namespace

Format format_of_content(std::string_view text) {
  switch (content_of(text)) {
    case Content::Npy: return Format::Npy;
    case Content::Npz: return Format::Npz;
    case Content::Json: return Format::Json;
    case Content::Msgpack: return Format::Msgpack;
    case Content::Safetensors:
    case Content::Plan:
    case Content::Pickle:
    case Content::Gguf:
    case Content::Hdf5:
    case Content::Gzip:
    case Content::Unknown: break;
  }
  return Format::Safetensors;
}

Result<Done> emit(const Variables& variables, Format format, JsonKind kind, Sink& sink) {
  if (auto checked = check_tree(variables); !checked) return checked;
  if (auto checked = check_meta(variables); !checked) return checked;
  switch (format) {
    case Format::Safetensors: return emit_safetensors(variables, sink);
    case Format::Json: return emit_json(variables, kind, sink);
    case Format::Msgpack: return emit_msgpack(variables, sink);
    case Format::Npz: return emit_npz(variables.leaves, kind == JsonKind::Variables, sink);
    case Format::Npy: break;
  }
  if (kind == JsonKind::Variables) {
    return RunError{RunError::Kind::Unsupported, "an npy file holds one array, not a tree of variables", {}};
  }
  if (variables.leaves.size() != 1) {
    return RunError{RunError::Kind::Unsupported, joined("an npy file holds one array, not ", variables.leaves.size(), ": write `.npz`"), {}};
  }
  auto text = serialize_npy(variables.leaves[0].array);
  if (!text) return text.error();
  sink.write(*text);
  return Done{};
}

Variables viewing(const std::vector<Leaf>& arrays) {
  Variables variables;
  for (const Leaf& leaf : arrays) {
    const std::shared_ptr<const void> nobody(leaf.array.data(), [](const void*) {});
    variables.leaves.push_back({.key = leaf.key, .array = Array(leaf.array.dtype(), leaf.array.shape(), leaf.array.data(), nobody)});
  }
  return variables;
}

std::optional<Format> format_of_suffix(const std::filesystem::path& path) {
  const std::string suffix = path.extension().string();
  return suffix.size() < 2 ? std::nullopt : format_of_name(std::string_view(suffix).substr(1));
}

std::optional<Format> format_of_name(std::string_view name) {
  if (name == "safetensors" || name == "bin") return Format::Safetensors;
  if (name == "json") return Format::Json;
  if (name == "msgpack") return Format::Msgpack;
  if (name == "npz") return Format::Npz;
  if (name == "npy") return Format::Npy;
  return std::nullopt;
}

Result<Variables> parse_variables(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, const ReadLimits& limits) {
  return guarded([&] { return parse_checked(bytes, owner, JsonKind::Variables, limits); });
}

Result<std::string> serialize_variables(const Variables& variables, Format format) { return serialize(variables, format, JsonKind::Variables); }

Result<std::vector<Leaf>> parse_arrays(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, const ReadLimits& limits) {
  return guarded([&]() -> Result<std::vector<Leaf>> {
    auto variables = parse_checked(bytes, owner, JsonKind::Arrays, limits);
    if (!variables) return variables.error();
    return std::move(variables->leaves);
  });
}

Result<std::string> serialize_arrays(const std::vector<Leaf>& arrays, Format format) { return serialize(viewing(arrays), format, JsonKind::Arrays); }

}  // namespace linenc::runtime
