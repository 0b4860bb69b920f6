#pragma once

#include <cstdint>
#include <string_view>

namespace linenc::runtime {

// What a file is, told from its first bytes.
enum class Content : std::uint8_t { Npy, Npz, Json, Msgpack, Safetensors, Plan, Pickle, Gguf, Hdf5, Gzip, Unknown };

// A safetensors file begins with a length below 2^56 and then `{`, which no text and no msgpack of Flax does: the one has no NUL, the
// other goes on with a text.
[[nodiscard]] Content content_of(std::string_view text);

}  // namespace linenc::runtime
