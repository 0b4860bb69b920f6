// JSON checkpoints and JSON arrays: what is accepted has the same arrays and metadata after it was written.
#include "runtime/variables/json_format.h"

#include <algorithm>

#include "tests/fuzz/arrays.h"

using namespace linenc;
using namespace linenc::fuzz;

namespace {

std::string written(const runtime::Variables& variables, runtime::JsonKind kind) {
  runtime::StringSink sink;
  require(static_cast<bool>(runtime::emit_json(variables, kind, sink)), "a tree that was read is written");
  return sink.take();
}

void read_as(std::string_view text, runtime::JsonKind kind) {
  auto variables = runtime::parse_json(text, kind, {});
  if (!variables) return;
  for (const runtime::Leaf& leaf : variables->leaves) {
    const Wide bytes = announced_bytes(leaf.array);
    require(bytes >= 0 && bytes <= static_cast<Wide>(8 * text.size()), "no array has more elements than the file has bytes");
  }
  if (!runtime::serialize_variables(*variables, runtime::Format::Json)) return;  // names that no tree has
  const std::string first = written(*variables, kind);
  const auto again = runtime::parse_json(first, kind, {});
  require(static_cast<bool>(again), "what was written is read");
  require_same(again->leaves, variables->leaves);
  std::sort(variables->meta.begin(), variables->meta.end());
  require(again->meta == variables->meta, "the metadata of before, sorted");
  require(written(*again, kind) == first, "the same bytes when written again");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_as(text_of_input(data, size), runtime::JsonKind::Variables);
  read_as(text_of_input(data, size), runtime::JsonKind::Arrays);
  return 0;
}
