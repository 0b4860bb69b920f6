// linenc's own checkpoints: the length of the header and the checksum are repaired most of the time, so that what stands behind
// them is reached. Of a file that is accepted with its checksum, none with another bit is.
#include <nettle/sha2.h>

#include <array>

#include "tests/fuzz/safetensors_claims.h"

using namespace linenc;
using namespace linenc::fuzz;

namespace {

constexpr std::string_view kMark = "\"checksum\":\"sha256:";
constexpr std::size_t kDigits = 64;

std::string sha256(std::string_view text) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&context, digest.size(), digest.data());
  std::string hex;
  for (const std::uint8_t byte : digest) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

// The end of the JSON that begins at byte 8, by its braces.
std::size_t header_end(std::string_view file) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 8; at < file.size(); ++at) {
    if (file[at] == '\\' && quoted) {
      ++at;
    } else if (file[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && file[at] == '{') {
      ++depth;
    } else if (!quoted && file[at] == '}' && --depth == 0) {
      ++at;
      while (at < file.size() && at % 64 != 0 && file[at] == ' ') ++at;
      return at;
    }
  }
  return file.size();
}

void repair(std::uint8_t* data, std::size_t size, bool length_too) {
  if (size < 9) return;
  std::string file(reinterpret_cast<char*>(data), size);
  if (length_too) {
    const std::uint64_t length = header_end(file) - 8;
    std::memcpy(file.data(), &length, 8);
  }
  const std::size_t mark = file.find(kMark);
  if (mark != std::string::npos && size - mark >= kMark.size() + kDigits) {
    const std::size_t digits = mark + kMark.size();
    file.replace(digits, kDigits, std::string(kDigits, '0'));
    file.replace(digits, kDigits, sha256(file));
  }
  std::memcpy(data, file.data(), size);
}

// Whether the file carries the three entries of linenc, as it writes them itself.
bool is_ours(std::string_view text) {
  return text.substr(8).starts_with("{\"__metadata__\":{\"checksum\":\"sha256:") && text.find("\"format_version\":\"1\"") != text.npos &&
         text.find("\"linenc\":\"") != text.npos;
}

void require_no_other_bit(const std::uint8_t* data, std::size_t size) {
  // Which bit, the bytes say; the first 8 are the length.
  std::string file(reinterpret_cast<const char*>(data), size);
  const std::string digest = sha256(file);
  for (std::size_t i = 0; i + 8 <= digest.size(); i += 8) {
    const std::size_t bit = std::stoull(digest.substr(i, 8), nullptr, 16) % (8 * size);
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
    require(!runtime::parse_variables(bytes_of_text(file), nullptr), "a file with another bit is refused");
    file[bit / 8] = static_cast<char>(file[bit / 8] ^ (1 << bit % 8));
  }
  require(!runtime::parse_variables(bytes_of_text(std::string_view(file).substr(0, size - 1)), nullptr), "a file without its last byte is refused");
  require(!runtime::parse_variables(bytes_of_text(file + '\0'), nullptr), "a file with a byte more is refused");
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size, unsigned seed) {
  size = LLVMFuzzerMutate(data, size, max_size);
  if (seed % 4 != 0) repair(data, size, seed % 4 != 1);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of_input(data, size);
  if (size < 9 || data[7] != 0 || data[8] != '{') return 0;
  const auto variables = runtime::parse_variables(bytes_of_input(data, size), nullptr);
  if (!variables) return 0;
  if (text.starts_with("PK") || text.starts_with("GGUF")) return 0;
  require_tiles(bytes_of_input(data, size), *variables);
  require_written_alike(*variables);
  if (is_ours(text)) require_no_other_bit(data, size);
  return 0;
}
