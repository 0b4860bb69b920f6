// A file is an array exactly if its header announces the bytes that follow it, and the array survives being written.
#include "tests/fuzz/arrays.h"

using namespace linenc;
using namespace linenc::fuzz;

namespace {

// Where the data of a file begins that was accepted.
std::size_t data_begin(std::span<const std::byte> bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(bytes[i]); };
  require(bytes.size() >= 10, "an accepted file has a header");
  if (byte(6) == 1) return 10 + byte(8) + 256 * byte(9);
  return 12 + byte(8) + 256 * byte(9) + 65536 * byte(10) + 16777216 * byte(11);
}

void require_round_trip(const Array& array) {
  const auto text = runtime::serialize_npy(array);
  if (!text) {
    require(array.dtype() == DType::BFloat16, "only bfloat16 is not written");
    return;
  }
  const auto again = runtime::parse_npy(bytes_of_text(*text));
  require(static_cast<bool>(again), "what was written is read");
  require(again->same_bits(array), "the same array");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = bytes_of_input(data, size);
  const auto array = runtime::parse_npy(bytes);
  const Mapped file = mapped(data, size);
  const auto viewed = runtime::parse_npy(file.bytes, file.owner);
  require(static_cast<bool>(array) == static_cast<bool>(viewed), "mapped files are read alike");
  if (!array) return 0;
  require(announced_bytes(*array) == static_cast<Wide>(size - data_begin(bytes)), "the shape takes the bytes after the header");
  require(viewed->same_bits(*array), "mapped files hold the same array");
  require_round_trip(*array);
  return 0;
}
