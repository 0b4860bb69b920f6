// The safetensors layout, as its reference reader understands it and stricter:
//
//   u64 n | header, n bytes of JSON | data
//
// Tested by tests/runtime/variables/safetensors_test.cpp.
#include "runtime/variables/safetensors.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>

#include "runtime/core/checked_size.h"
#include "runtime/files/pieces.h"
#include "runtime/variables/foreign_array.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/safetensors_header.h"
#include "runtime/variables/sha256.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::string_view kFormatVersion = "1";
constexpr std::string_view kChecksumPrefix = "sha256:";
constexpr std::size_t kChecksumDigits = 64;
constexpr std::string_view kEscapedNames = "escaped_names";                         // keys whose names hold a `/`, a line each
constexpr std::string_view kReserved[] = {"checksum", "format_version", "linenc"};  // sorted

bool is_reserved(std::string_view key) { return std::find(std::begin(kReserved), std::end(kReserved), key) != std::end(kReserved); }

const std::string* find_metadata(const SafetensorsHeader& header, std::string_view key) {
  for (const auto& [name, text] : header.metadata) {
    if (name == key) return &text;
  }
  return nullptr;
}

// Tensors tile the data: sorted by offset, each begins where the one before ended, the last one ends with the file.
Result<Done> check_tiling(const SafetensorsHeader& header, std::uint64_t data_bytes, const ReadLimits& limits) {
  std::vector<std::size_t> order(header.tensors.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return std::pair(header.tensors[a].offsets, a) < std::pair(header.tensors[b].offsets, b); });
  std::uint64_t end = 0;
  for (const std::size_t index : order) {
    const TensorEntry& tensor = header.tensors[index];
    const auto bytes = checked_bytes(tensor.dtype, tensor.shape, limits);
    if (!bytes) return bad_file(in_backticks(tensor.name), ": ", bytes.error().text);
    const auto [begin, past] = tensor.offsets;
    if (!(Size(past) - Size(begin)).is(*bytes)) {
      return bad_file(in_backticks(tensor.name), " has the data offsets [", begin, ", ", past, "], but ", name(tensor.dtype), to_string(tensor.shape),
                      " takes ", *bytes, " bytes");
    }
    if (begin != end) {
      return bad_file(in_backticks(tensor.name), " begins at byte ", begin, " of the data, needs to begin at ", end, ", where the one before ends");
    }
    end = past;
  }
  if (end > data_bytes) return bad_file("truncated: ", data_bytes, " of ", end, " bytes of data");
  if (end < data_bytes) return bad_file(data_bytes - end, " trailing bytes after the last tensor");
  return Done{};
}

// `once`: the data is not needed again soon.
std::string checksum_of(std::string_view before, std::string_view after, std::span<const std::byte> data, bool once) {
  Sha256 hash;
  hash.update(bytes_of(before));
  hash.update(bytes_of(std::string(kChecksumDigits, '0')));
  hash.update(bytes_of(after));
  if (once) {
    for_each_piece(data, [&](std::span<const std::byte> piece) { hash.update(piece); });
  } else {
    hash.update(data);
  }
  return hash.hex();
}

// A file of ours carries its version and a checksum. One that lost one of the three keys is damaged; one with a single key
// of such a name is somebody else's.
Result<Done> check_origin(const SafetensorsHeader& header, std::string_view head, std::span<const std::byte> data, bool once) {
  const auto count =
      std::count_if(std::begin(kReserved), std::end(kReserved), [&](std::string_view key) { return find_metadata(header, key) != nullptr; });
  if (count <= 1) return Done{};
  if (count < 3) return bad_file("the metadata of linenc is damaged: needs `checksum`, `format_version` and `linenc`");
  const std::string& version = *find_metadata(header, "format_version");
  const std::string& checksum = *find_metadata(header, "checksum");
  if (version != kFormatVersion) {
    return bad_file("written by a newer linenc, or damaged: format_version ", in_backticks(version), ", this one reads ", kFormatVersion);
  }
  const std::size_t digits = checksum.size() == kChecksumPrefix.size() + kChecksumDigits && checksum.starts_with(kChecksumPrefix)
                                 ? head.find(checksum)
                                 : std::string_view::npos;
  if (digits == std::string_view::npos) return bad_file("the checksum ", in_backticks(checksum), " is not of the form sha256:...");
  const std::size_t begin = digits + kChecksumPrefix.size();
  const std::string found = checksum_of(head.substr(0, begin), head.substr(begin + kChecksumDigits), data, once);
  if (checksum.substr(kChecksumPrefix.size()) != found) return bad_file("checksum mismatch: the file was changed or damaged");
  return Done{};
}

// What header_names changed, by the name in the header.
std::map<std::string, std::string> escaped_names(const SafetensorsHeader& header) {
  std::map<std::string, std::string> names;
  const std::string* lines = find_metadata(header, kEscapedNames);
  if (lines == nullptr) return names;
  for (std::size_t begin = 0; begin < lines->size();) {
    const std::size_t end = std::min(lines->find('\n', begin), lines->size());
    const std::string key = lines->substr(begin, end - begin);
    if (check_key(key, {})) names.emplace(plain_key(key), key);
    begin = end + 1;
  }
  return names;
}

// Files of ours may call tensors otherwise than their keys are.
bool is_ours(const SafetensorsHeader& header) { return find_metadata(header, "linenc") != nullptr && find_metadata(header, "checksum") != nullptr; }
void restore_keys(SafetensorsHeader& header) {
  if (!is_ours(header)) return;
  const std::map<std::string, std::string> escaped = escaped_names(header);
  for (TensorEntry& tensor : header.tensors) {
    if (const auto name = escaped.find(tensor.name); name != escaped.end()) tensor.name = name->second;
  }
}

bool is_any_wanted(const SafetensorsHeader& header, const ReadLimits& limits) {
  return std::any_of(header.tensors.begin(), header.tensors.end(),
                     [&](const TensorEntry& tensor) { return is_wanted(tensor.name, tensor.dtype, tensor.shape, limits); });
}

// The arrays without their data.
Result<Variables> types_of(SafetensorsHeader& header, const ReadLimits& limits) {
  Variables variables;
  for (TensorEntry& tensor : header.tensors) {
    if (auto bytes = checked_bytes(tensor.dtype, tensor.shape, limits); !bytes) return bad_file(in_backticks(tensor.name), ": ", bytes.error().text);
    variables.leaves.push_back({.key = std::move(tensor.name), .array = Array(tensor.dtype, std::move(tensor.shape), nullptr, nullptr)});
  }
  return variables;
}

std::uint64_t header_length(std::span<const std::byte> bytes) {
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  return length;
}

}  // namespace

std::optional<Size> safetensors_bytes(std::span<const std::byte> begin, const ReadLimits& limits) {
  const std::uint64_t length = header_length(begin);
  if (length > limits.safetensors_header_bytes) return std::nullopt;
  if (begin.size() < kLengthBytes + length) return Size(kLengthBytes + length);
  auto header = parse_safetensors_header(text_of(begin.subspan(kLengthBytes, length)), limits);
  if (!header) return std::nullopt;
  restore_keys(*header);
  if (!header->tensors.empty() && !is_any_wanted(*header, limits)) return std::nullopt;
  std::uint64_t end = 0;
  for (const TensorEntry& tensor : header->tensors) end = std::max(end, tensor.offsets[1]);
  return Size(kLengthBytes + length) + end;
}

Result<Variables> parse_safetensors(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner, const ReadLimits& limits) {
  if (bytes.size() < kLengthBytes) return bad_file("truncated: ", bytes.size(), " bytes, needs 8 for the header length");
  const std::uint64_t length = header_length(bytes);
  if (length > bytes.size() - kLengthBytes) {
    return bad_file("header length ", length, ", but ", bytes.size() - kLengthBytes, " bytes follow");
  }
  if (length > limits.safetensors_header_bytes) {
    return bad_file("header length ", length, ", limit ", limits.safetensors_header_bytes, " (see `--limit header-bytes=N`)");
  }
  const std::string_view head = text_of(bytes.first(kLengthBytes + length));
  const std::span<const std::byte> data = bytes.subspan(kLengthBytes + length);
  auto header = parse_safetensors_header(head.substr(kLengthBytes), limits);
  if (!header) return header.error();
  restore_keys(*header);
  if (!header->tensors.empty() && !is_any_wanted(*header, limits)) return types_of(*header, limits);
  if (auto checked = check_tiling(*header, data.size(), limits); !checked) return checked.error();
  if (auto checked = check_origin(*header, head, data, static_cast<bool>(limits.each)); !checked) return checked.error();

  Variables variables;
  const bool ours = is_ours(*header);
  for (auto& entry : header->metadata) {
    if (ours && entry.first == kEscapedNames && !limits.each) continue;
    if (!ours || limits.each || !is_reserved(entry.first)) variables.meta.push_back(std::move(entry));
  }
  for (TensorEntry& tensor : header->tensors) {
    const std::byte* bytes_of_tensor = data.data() + tensor.offsets[0];
    Array array = limits.each ? Array(tensor.dtype, std::move(tensor.shape), bytes_of_tensor, owner)
                              : foreign_array(tensor.dtype, std::move(tensor.shape), bytes_of_tensor, owner);
    if (auto checked = check_bools(array); !checked) return bad_file(in_backticks(tensor.name), ": ", checked.error().text);
    variables.leaves.push_back({.key = std::move(tensor.name), .array = std::move(array)});
    visit(variables.leaves.back(), limits);
  }
  return variables;
}

namespace {

// The keys as they stand in the header: joined as flat files join them, where that is a key of its own and no other leaf's. `escaped`
// gets those that were changed, a line each.
std::vector<std::string> header_names(const Variables& variables, std::string& escaped) {
  std::vector<std::string> names, keys;
  for (const Leaf& leaf : variables.leaves) keys.push_back(leaf.key);
  for (const std::string& key : keys) {
    const std::string plain = plain_key(key);
    names.push_back(plain != key && check_key(plain, {}) ? plain : key);
    if (names.back() != key) escaped += key + "\n";
  }
  if (!escaped.empty() && !check_one_tree({names.begin(), names.end()})) escaped.clear();
  return escaped.empty() ? keys : names;
}

}  // namespace

Result<Done> emit_safetensors(const Variables& variables, Sink& sink) {
  std::vector<std::pair<std::string, std::string>> metadata;
  std::string escaped;
  const std::vector<std::string> names = header_names(variables, escaped);
  if (!escaped.empty()) metadata.emplace_back(kEscapedNames, escaped);
  for (const auto& entry : variables.meta) {
    if (!is_reserved(entry.first) && entry.first != kEscapedNames) metadata.push_back(entry);
  }
  metadata.emplace_back("checksum", joined(kChecksumPrefix, std::string(kChecksumDigits, '0')));
  metadata.emplace_back("format_version", kFormatVersion);
  metadata.emplace_back("linenc", LINENC_VERSION);
  std::sort(metadata.begin(), metadata.end());

  std::string head = std::string(kLengthBytes, '\0') + "{\"__metadata__\":{";
  std::size_t digits = 0;
  for (const auto& [key, text] : metadata) {
    if (head.back() != '{') head += ',';
    append_json_string(head, key);
    head += ':';
    if (key == "checksum") digits = head.size() + 1 + kChecksumPrefix.size();
    append_json_string(head, text);
  }
  head += '}';
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < variables.leaves.size(); ++i) {
    const Leaf& leaf = variables.leaves[i];
    head += ',';
    append_json_string(head, names[i]);
    std::string shape = to_string(leaf.array.shape());
    shape.erase(std::remove(shape.begin(), shape.end(), ' '), shape.end());
    head += joined(":{\"dtype\":\"", safetensors_name(leaf.array.dtype()), "\",\"shape\":", shape, ",\"data_offsets\":[", offset, ",",
                   offset + leaf.array.bytes(), "]}");
    offset += leaf.array.bytes();
  }
  head += '}';
  head.resize(*Size(head.size()).aligned_up(kAlignment).value(), ' ');
  const std::uint64_t length = head.size() - kLengthBytes;
  if (length > ReadLimits{}.safetensors_header_bytes) {
    return bad_file("the names need a header of ", length, " bytes, limit ", ReadLimits{}.safetensors_header_bytes);
  }
  std::memcpy(head.data(), &length, kLengthBytes);

  Sha256 hash;
  hash.update(bytes_of(head));
  for (const Leaf& leaf : variables.leaves) hash.update(bytes_of(leaf.array));
  head.replace(digits, kChecksumDigits, hash.hex());
  sink.write(head);
  for (const Leaf& leaf : variables.leaves) sink.write(bytes_of(leaf.array));
  return Done{};
}

}  // namespace linenc::runtime
