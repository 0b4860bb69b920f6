#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "runtime/core/dtype.h"
#include "runtime/core/shape.h"

namespace linenc::runtime {

struct Leaf;

// What a reader takes before it gives up: the rows of reliability.md 2.1. Tests lower them; `--limit` raises some.
struct ReadLimits {
  std::int64_t elements = kMaxElements;                // L12, of one array
  std::uint64_t array_bytes = std::uint64_t{1} << 42;  // L12
  std::size_t arrays = 1'000'000;                      // L15
  std::size_t key_bytes = 1024;                        // L15
  std::size_t depth = 64;                              // L17, of the tree
  std::uint64_t safetensors_header_bytes = 64u << 20;  // L16
  std::uint64_t json_bytes = 256u << 20;               // L17
  std::uint64_t npy_header_bytes = 64u << 10;          // L19
  std::size_t members = 1'000'000;                     // L20, of an npz of variables
  std::size_t input_members = 1024;                    // L20, of an npz of inputs
  // L20: what the members of an npz may hold in all; 0 takes 1 GiB or 64 times the size of the file, whichever is more.
  std::uint64_t inflated_bytes = 0;
  std::uint64_t memory_bytes = std::uint64_t{1} << 42;  // L14: what may be held of a stream, and unpacked
  // No limit, but how a caller sees the type of an array of an npy, npz or safetensors file before its data are read or unpacked, and
  // whether they are wanted. Where they are not, the array may come without data.
  std::function<bool(std::string_view key, DType dtype, const Shape& shape)> wanted;
  bool unpacks = true;  // no limit either: without it, the arrays of an npz come without data
  // No limit, but the way to read what is larger than memory: takes each leaf as soon as it is read, and the reader keeps no data of
  // it. The bytes may be those of the file, without alignment; they are gone when the function returns.
  std::function<void(const Leaf&)> each;
};

}  // namespace linenc::runtime
