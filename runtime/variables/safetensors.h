#pragma once

#include <memory>
#include <optional>
#include <span>

#include "runtime/core/checked_size.h"
#include "runtime/core/run_error.h"
#include "runtime/variables/limits.h"
#include "runtime/variables/sink.h"
#include "runtime/variables/variables.h"

namespace linenc::runtime {

// The safetensors layout: 8 bytes of header length, the header (JSON), the data. Read strictly: no duplicate names or
// fields, tensors tile the data from its first byte to the end of the file.
[[nodiscard]] Result<Variables> parse_safetensors(std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                                                  const ReadLimits& limits);
// The bytes that a file has by its header; of the header alone where that is not whole. None where the parser refuses it, or
// `limits.wanted` wants no tensor of it.
[[nodiscard]] std::optional<Size> safetensors_bytes(std::span<const std::byte> begin, const ReadLimits& limits);
// Expects leaves that check_leaves accepted.
[[nodiscard]] Result<Done> emit_safetensors(const Variables& variables, Sink& sink);

}  // namespace linenc::runtime
