#pragma once

// The layout of a plan file, for read.cpp and write.cpp alone. All numbers are little-endian.
//
//   byte 0   magic, 8 bytes
//        8   version, u32                 kVersion
//       12   flags, u32                   0
//       16   vocabulary, u64              vocabulary(): what the numbers of ops and attributes mean
//       24   length of the file, u64
//       32   length of the head, u64
//       40   checksum of the data, u64    checksum_of_pieces() of the pieces
//       48   zero, u64
//       56   checksum of the head, u64    bytes 0 to 55, then the head with its padding
//       64   head: the fields of PlanFile, one after the other (fields.h)
//            zeros up to a multiple of 4096, where there is data
//            data: constants of the plan, constants of `prepare`, packed arrays in the order of their use; each piece begins at
//            a multiple of 64, with zeros before it, and the last one ends with the file
//
// The head is read into memory, some microseconds for a hundred steps; data stays where the file was mapped. Both checksums are
// verified whenever a file is read: the data is read anyway as soon as the plan runs, and 100 MB take about as long as 5 ms of
// one core. No byte may change without being seen.

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace linenc::plan_file {

static_assert(std::endian::native == std::endian::little, "plan files are used as they lie on the disk");

inline constexpr std::string_view kMagic{"\x89LNPLAN\n", 8};
inline constexpr std::uint32_t kVersion = 1;
inline constexpr std::size_t kHeaderBytes = 64, kCheckedHeaderBytes = 56;
inline constexpr std::uint64_t kPage = 4096;

struct Header {
  std::uint32_t version = kVersion, flags = 0;
  std::uint64_t vocabulary = 0, file_bytes = 0, head_bytes = 0, data_checksum = 0, zero = 0, head_checksum = 0;
};
static_assert(sizeof(Header) + kMagic.size() == kHeaderBytes);

// A number that differs between builds whose ops, enumerations or attributes differ.
[[nodiscard]] std::uint64_t vocabulary();

}  // namespace linenc::plan_file
