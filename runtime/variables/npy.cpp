// NumPy's .npy files. Tested by tests/runtime/variables/npy_test.cpp.
#include "runtime/variables/npy.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "runtime/variables/foreign_array.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/npy_header.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

// out[i, j, ...] = in[i, j, ...], where the first axis of `in` is the fastest.
void copy_from_fortran(const std::byte* in, const Shape& shape, std::size_t item, std::byte* out) {
  const std::size_t rank = shape.size();
  std::vector<std::size_t> stride(rank, item);  // bytes of `in`
  for (std::size_t axis = 1; axis < rank; ++axis) stride[axis] = stride[axis - 1] * static_cast<std::size_t>(shape[axis - 1]);
  std::vector<std::int64_t> index(rank, 0);
  std::size_t from = 0;
  for (std::int64_t left = element_count(shape); left > 0; --left) {
    std::memcpy(out, in + from, item);
    out += item;
    for (std::size_t axis = rank; axis-- > 0;) {
      from += stride[axis];
      if (++index[axis] < shape[axis]) break;
      from -= stride[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
}

void swap_bytes(Array& array) {
  const std::size_t word = array.dtype() == DType::Complex64 ? 4 : byte_size(array.dtype());
  std::byte* data = array.data();
  for (std::size_t at = 0; at < array.bytes(); at += word) std::reverse(data + at, data + at + word);
}

std::string_view descr_of(DType dtype) {
  switch (dtype) {
    case DType::Bool: return "|b1";
    case DType::Int8: return "|i1";
    case DType::Int16: return "<i2";
    case DType::Int32: return "<i4";
    case DType::Int64: return "<i8";
    case DType::UInt8: return "|u1";
    case DType::UInt16: return "<u2";
    case DType::UInt32: return "<u4";
    case DType::UInt64: return "<u8";
    case DType::Float16: return "<f2";
    case DType::Float32: return "<f4";
    case DType::Float64: return "<f8";
    case DType::Complex64: return "<c8";
    case DType::BFloat16: return "<V2";
    case DType::Key: return "";
  }
  return "";
}

}  // namespace

Result<Array> parse_npy(std::span<const std::byte> bytes, std::shared_ptr<const void> owner, const ReadLimits& limits) {
  const auto header = parse_npy_header(bytes, limits);
  if (!header) return header.error();
  if (auto size = checked_bytes(header->dtype, header->shape, limits); !size) return size.error();
  if (!is_wanted(kSingleArray, header->dtype, header->shape, limits)) return Array(header->dtype, header->shape, nullptr, nullptr);
  return npy_array(*header, bytes, owner, limits);
}

Result<Array> npy_array(const NpyHeader& header, std::span<const std::byte> bytes, const std::shared_ptr<const void>& owner,
                        const ReadLimits& limits) {
  const auto size = checked_bytes(header.dtype, header.shape, limits);
  if (!size) return size.error();
  const std::uint64_t present = bytes.size() - header.size;
  if (present < *size) return bad_file("truncated: ", present, " of ", *size, " bytes of data");
  if (present > *size) return bad_file(present - *size, " trailing bytes after the array");

  const std::byte* data = bytes.data() + header.size;
  Array array;
  if (header.fortran_order && header.shape.size() > 1) {
    if (auto room = check_memory(*size, limits); !room) return room.error();
    array = Array(header.dtype, header.shape);
    copy_from_fortran(data, header.shape, byte_size(header.dtype), array.data());
  } else {
    array = foreign_array(header.dtype, header.shape, data, header.big_endian ? nullptr : owner);
  }
  if (header.big_endian) swap_bytes(array);
  if (auto checked = check_bools(array); !checked) return checked.error();
  return array;
}

Result<std::string> npy_head(const Array& array, bool bfloat16_as_void) {
  if (array.dtype() == DType::BFloat16 && !bfloat16_as_void) {
    return RunError{RunError::Kind::Unsupported, "NumPy files cannot hold bfloat16: write `.safetensors`, or convert it with `--cast float32`", {}};
  }
  if (array.dtype() == DType::Key) {
    return RunError{RunError::Kind::Unsupported, "NumPy files cannot hold random keys: take `random.key_data` of it", {}};
  }
  std::string shape;
  for (const std::int64_t size : array.shape()) shape += joined(shape.empty() ? "" : ", ", size);
  if (array.shape().size() == 1) shape += ',';
  std::string header = joined("{'descr': '", descr_of(array.dtype()), "', 'fortran_order': False, 'shape': (", shape, "), }");
  // NumPy leaves room for the first axis to grow in place.
  if (!array.shape().empty()) header.append(21 - std::to_string(array.shape()[0]).size(), ' ');
  constexpr std::size_t kBefore = 10;
  // NumPy pads a header that needs no padding by a whole step.
  header.append(kAlignment - (kBefore + header.size() + 1) % kAlignment, ' ');
  header += '\n';
  std::string out(kNpyMagic);
  out += '\x01';
  out += '\0';
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  return out + header;
}

Result<std::string> serialize_npy(const Array& array) {
  auto head = npy_head(array, false);
  if (head) *head += text_of(bytes_of(array));
  return head;
}

}  // namespace linenc::runtime
