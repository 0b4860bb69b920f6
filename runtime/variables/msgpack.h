#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "runtime/core/run_error.h"
#include "runtime/variables/limits.h"
#include "runtime/variables/sink.h"
#include "runtime/variables/variables.h"

namespace linenc::runtime {

// What flax.serialization writes (linen-semantics.md F.2): maps with text keys; arrays as extension 1 with the triple (shape,
// dtype, bytes); NumPy scalars as extension 3; arrays of more than 2^30 bytes as a map of chunks.
inline constexpr int kMsgpackArray = 1, kMsgpackScalar = 3;
inline constexpr std::uint64_t kMsgpackChunkBytes = std::uint64_t{1} << 30;

// Python's bools, integers and floats become arrays without axes: bool, int32 (int64 where it does not fit), float64. They and the
// scalars of NumPy are written as what they were.
[[nodiscard]] Result<Variables> parse_msgpack(std::span<const std::byte> bytes, const ReadLimits& limits);
// How many bytes a file has at least that begins so; none where the parser refuses it whatever follows.
[[nodiscard]] std::optional<std::uint64_t> msgpack_bytes(std::span<const std::byte> begin, const ReadLimits& limits);
// The bytes of `to_bytes`. Expects leaves that check_leaves accepted; metadata has no place there.
[[nodiscard]] Result<Done> emit_msgpack(const Variables& variables, Sink& sink, std::uint64_t chunk_bytes = kMsgpackChunkBytes);

}  // namespace linenc::runtime
