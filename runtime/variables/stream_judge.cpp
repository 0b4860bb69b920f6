// Tested by tests/runtime/variables/stream_test.cpp.
#include "runtime/variables/stream_judge.h"

#include <algorithm>

#include "runtime/core/checked_size.h"
#include "runtime/variables/content.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/msgpack.h"
#include "runtime/variables/npy_header.h"
#include "runtime/variables/npz.h"
#include "runtime/variables/safetensors.h"
#include "runtime/variables/sink.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

using Bytes = std::span<const std::byte>;

// The parser sees what is there, and says what is wrong with it.
constexpr std::uint64_t kEnough = 0;

// All of a stream that has so many bytes, and one more, which there should not be.
Result<std::uint64_t> exactly(Size bytes, const ReadLimits& limits) {
  if (auto room = check_memory(bytes, limits); !room) return room.error();
  return *bytes.value() + 1;
}

// A stream of unknown length: twice of what there is, up to `most` and the byte that shows that there is more.
Result<std::uint64_t> more(Bytes begin, std::uint64_t most, const ReadLimits& limits) {
  const std::uint64_t held = std::min(most, limits.memory_bytes);
  if (begin.size() <= held) return std::min(2 * begin.size(), held + 1);
  if (most <= limits.memory_bytes) return kEnough;
  return RunError{RunError::Kind::OutOfMemory,
                  joined("out of memory: the stream has more than ", limits.memory_bytes, " bytes, which may be taken (see `--max-memory`)"),
                  {}};
}

Result<std::uint64_t> judge_npy(Bytes begin, const ReadLimits& limits) {
  const auto header = parse_npy_header(begin, limits);
  if (!header) return kEnough;
  const auto bytes = checked_bytes(header->dtype, header->shape, limits);
  if (!bytes || !is_wanted(kSingleArray, header->dtype, header->shape, limits)) return kEnough;
  return exactly(Size(header->size) + Size(*bytes), limits);
}

Result<std::uint64_t> judge_safetensors(Bytes begin, const ReadLimits& limits) {
  const auto bytes = safetensors_bytes(begin, limits);
  if (!bytes) return kEnough;
  return exactly(*bytes, limits);
}

Result<std::uint64_t> judge_msgpack(Bytes begin, const ReadLimits& limits) {
  const auto needed = msgpack_bytes(begin, limits);
  if (!needed) return kEnough;
  if (auto room = check_memory(*needed, limits); !room) return room.error();
  const auto next = more(begin, UINT64_MAX, limits);
  return next ? Result(std::max(*next, *needed)) : next;
}

}  // namespace

StreamJudge stream_judge(JsonKind kind, const ReadLimits& limits) {
  return [kind, &limits](Bytes begin) -> Result<std::uint64_t> {
    switch (content_of(text_of(begin))) {
      case Content::Npy: return kind == JsonKind::Variables ? kEnough : judge_npy(begin, limits);
      case Content::Npz: return begins_npz(text_of(begin)) ? more(begin, UINT64_MAX, limits) : kEnough;
      case Content::Json: return begins_json(text_of(begin), kind, limits) ? more(begin, limits.json_bytes, limits) : kEnough;
      case Content::Msgpack: return judge_msgpack(begin, limits);
      case Content::Safetensors: return judge_safetensors(begin, limits);
      case Content::Plan:
      case Content::Pickle:
      case Content::Gguf:
      case Content::Hdf5:
      case Content::Gzip:
      case Content::Unknown: break;
    }
    return kEnough;
  };
}

}  // namespace linenc::runtime
