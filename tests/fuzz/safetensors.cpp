// A file is accepted exactly if its tensors tile the data; found by a checker of its own.
#include "tests/fuzz/safetensors_claims.h"

using namespace linenc;
using namespace linenc::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Other formats have their own targets.
  if (size < 9 || data[8] != '{') return 0;
  const auto bytes = bytes_of_input(data, size);
  const auto variables = runtime::parse_variables(bytes, nullptr);
  const Mapped file = mapped(data, size);
  const auto viewed = runtime::parse_variables(file.bytes, file.owner);
  require(static_cast<bool>(variables) == static_cast<bool>(viewed), "mapped files are read alike");
  if (!variables || data[0] == '{') return 0;
  std::uint64_t length = 0;
  std::memcpy(&length, data, 8);
  if (length > size - 8) return 0;  // another format
  require_same(viewed->leaves, variables->leaves);
  require_tiles(bytes, *variables);
  require_written_alike(*variables);
  return 0;
}
