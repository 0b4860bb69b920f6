// Flax's msgpack: what is accepted has the same arrays after it was written, and the same bytes after that.
#include "runtime/variables/msgpack.h"

#include "tests/fuzz/arrays.h"

using namespace linenc;
using namespace linenc::fuzz;

namespace {

std::string written(const runtime::Variables& variables, std::uint64_t chunk_bytes) {
  runtime::StringSink sink;
  require(static_cast<bool>(runtime::emit_msgpack(variables, sink, chunk_bytes)), "a tree that was read is written");
  return sink.take();
}

void require_written_alike(const runtime::Variables& variables, std::uint64_t chunk_bytes) {
  const std::string text = written(variables, chunk_bytes);
  const auto again = runtime::parse_msgpack(bytes_of_text(text), {});
  require(static_cast<bool>(again), "what was written is read");
  require_same(again->leaves, variables.leaves);
  require(written(*again, chunk_bytes) == text, "the same bytes when written again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto variables = runtime::parse_msgpack(bytes_of_input(data, size), {});
  if (!variables) return 0;
  for (const runtime::Leaf& leaf : variables->leaves) {
    const Wide bytes = announced_bytes(leaf.array);
    require(bytes >= 0 && bytes <= static_cast<Wide>(8 * size), "no array is larger than the file");
  }
  if (!runtime::serialize_variables(*variables, runtime::Format::Msgpack)) return 0;  // names that no tree has
  const auto begin = bytes_of_input(data, size / 2);
  const auto announced = runtime::msgpack_bytes(begin, {});
  require(announced && *announced > begin.size() && *announced <= size, "the beginning announces no more than the file has");
  require_written_alike(*variables, runtime::kMsgpackChunkBytes);
  require_written_alike(*variables, 16);
  return 0;
}
