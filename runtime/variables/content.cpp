// Files are told apart by how they begin.
#include "runtime/variables/content.h"

#include "runtime/variables/npy_header.h"

namespace linenc::runtime {
namespace {

bool is_map_of_msgpack(unsigned char first) { return (first >= 0x80 && first <= 0x8F) || first == 0xDE || first == 0xDF; }

}  // namespace

Content content_of(std::string_view text) {
  using namespace std::string_view_literals;
  if (text.starts_with(kNpyMagic)) return Content::Npy;
  if (text.starts_with("PK\x03\x04"sv) || text.starts_with("PK\x05\x06"sv)) return Content::Npz;
  if (text.starts_with("GGUF"sv)) return Content::Gguf;
  if (text.starts_with("\x89HDF\r\n\x1a\n"sv)) return Content::Hdf5;
  if (text.starts_with("\x89LNPLAN\n"sv)) return Content::Plan;
  if (text.starts_with("\x1f\x8b"sv)) return Content::Gzip;
  if (text.size() > 8 && text[8] == '{' && text[7] == '\0') return Content::Safetensors;
  if (text.size() > 1 && text[0] == '\x80' && text[1] >= '\x02' && text[1] <= '\x05') return Content::Pickle;
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && text[first] == '{') return Content::Json;
  if (!text.empty() && is_map_of_msgpack(static_cast<unsigned char>(text[0]))) return Content::Msgpack;
  if (text.size() > 8 && text[8] == '{') return Content::Safetensors;
  return Content::Unknown;
}

}  // namespace linenc::runtime
