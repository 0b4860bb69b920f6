#pragma once

// What holds of every safetensors file that is accepted, found without the reader: the tensors tile the data.

#include <algorithm>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/fuzz/arrays.h"

namespace linenc::fuzz {

inline Wide bytes_of_dtype(const std::string& name) {
  static const std::map<std::string, int> sizes = {{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"U16", 2}, {"I16", 2}, {"F16", 2}, {"BF16", 2},
                                                   {"U32", 4},  {"I32", 4}, {"F32", 4}, {"U64", 8}, {"I64", 8}, {"F64", 8}, {"C64", 8}};
  const auto found = sizes.find(name);
  require(found != sizes.end(), "a known dtype");
  return found->second;
}

inline void require_tiles(std::span<const std::byte> file, const runtime::Variables& variables) {
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), 8);
  const std::string_view text(reinterpret_cast<const char*>(file.data()) + 8, length);
  const nlohmann::json header = nlohmann::json::parse(text);
  const std::span<const std::byte> data = file.subspan(8 + length);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    const auto begin = entry["data_offsets"][0].get<std::uint64_t>(), end = entry["data_offsets"][1].get<std::uint64_t>();
    require(begin <= end && end <= data.size(), "each tensor lies in the data");
    Wide bytes = bytes_of_dtype(entry["dtype"].get<std::string>());
    for (const auto& size : entry["shape"]) bytes *= size.get<std::int64_t>();
    require(bytes == static_cast<Wide>(end - begin), "each tensor has the bytes of its shape");
    const Array* array = variables.find(name);
    require(array != nullptr && array->bytes() == end - begin, "each tensor is a leaf");
    require(begin == end || std::memcmp(array->data(), data.data() + begin, end - begin) == 0, "each leaf has the bytes of its tensor");
    ranges.emplace_back(begin, end);
  }
  require(ranges.size() == variables.leaves.size(), "each leaf is a tensor");
  std::sort(ranges.begin(), ranges.end());
  std::uint64_t end = 0;
  for (const auto& range : ranges) {
    require(range.first == end, "no hole and no overlap");
    end = range.second;
  }
  require(end == data.size(), "no bytes after the last tensor");
}

// Written, read and written again: the same leaves, the same metadata, the same bytes.
inline void require_written_alike(const runtime::Variables& variables) {
  const auto text = runtime::serialize_variables(variables, runtime::Format::Safetensors);
  require(static_cast<bool>(text), "a tree that was read is written");
  const auto again = runtime::parse_variables(bytes_of_text(*text), nullptr);
  require(static_cast<bool>(again), "what was written is read");
  require_same(again->leaves, variables.leaves);
  require(runtime::serialize_variables(*again, runtime::Format::Safetensors).operator*() == *text, "the same bytes when written again");
}

}  // namespace linenc::fuzz
