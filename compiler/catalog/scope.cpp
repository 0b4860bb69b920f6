#include "compiler/catalog/scope.h"

#include <nettle/sha1.h>

#include <algorithm>
#include <array>

namespace linenc::catalog {

ScopeNode& ScopeNode::child(const std::string& child_name) {
  std::unique_ptr<ScopeNode>& slot = children[child_name];
  if (!slot) {
    slot = std::make_unique<ScopeNode>();
    slot->name = child_name;
    slot->path = path;
    slot->path.push_back(child_name);
    slot->parent = this;
  }
  return *slot;
}

bool is_below(const std::vector<std::string>& path, const std::vector<std::string>& prefix) {
  return path.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

std::string path_text(const std::vector<std::string>& path) {
  std::string text;
  for (const std::string& part : path) {
    if (!text.empty()) text += '/';
    text += part;
  }
  return text;
}

std::uint32_t rng_path_word(const std::vector<std::string>& path, std::size_t drop, std::int64_t counter) {
  sha1_ctx state;
  sha1_init(&state);
  for (std::size_t i = drop; i < path.size(); ++i) {
    sha1_update(&state, path[i].size(), reinterpret_cast<const std::uint8_t*>(path[i].data()));
  }
  std::array<std::uint8_t, 8> bytes{};
  std::size_t length = 0;
  for (int shift = 56; shift >= 0; shift -= 8) {
    const auto byte = static_cast<std::uint8_t>(static_cast<std::uint64_t>(counter) >> shift);
    if (length > 0 || byte != 0) bytes[length++] = byte;
  }
  sha1_update(&state, length, bytes.data());
  std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest{};
  sha1_digest(&state, digest.size(), digest.data());
  return (std::uint32_t{digest[0]} << 24) | (std::uint32_t{digest[1]} << 16) | (std::uint32_t{digest[2]} << 8) | digest[3];
}

}  // namespace linenc::catalog
