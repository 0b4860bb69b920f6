#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "runtime/core/dtype.h"
#include "runtime/core/shape.h"

namespace linenc {

inline constexpr std::size_t kAlignment = 64;  // bytes; one cache line

// An array that owns its storage, row-major and aligned to kAlignment. Moves cheaply, copies deeply. May instead hold
// on to foreign memory (a mapped file) through `owner`.
class Array {
 public:
  Array() = default;
  // Storage is not initialised.
  Array(DType dtype, Shape shape);
  // A view of foreign bytes that `owner` keeps alive; never written through.
  Array(DType dtype, Shape shape, const std::byte* bytes, std::shared_ptr<const void> owner);
  Array(const Array& other);
  Array& operator=(const Array& other);
  Array(Array&&) noexcept = default;
  Array& operator=(Array&&) noexcept = default;

  [[nodiscard]] DType dtype() const { return dtype_; }
  [[nodiscard]] const Shape& shape() const { return shape_; }
  [[nodiscard]] std::int64_t size() const { return element_count(shape_); }
  [[nodiscard]] std::size_t bytes() const { return static_cast<std::size_t>(size()) * byte_size(dtype_); }
  [[nodiscard]] const std::byte* data() const { return data_; }
  // Only for arrays that own their storage.
  [[nodiscard]] std::byte* data();
  template <class T>
  [[nodiscard]] const T* as() const {
    return reinterpret_cast<const T*>(data_);
  }
  template <class T>
  [[nodiscard]] T* as() {
    return reinterpret_cast<T*>(data());
  }

  // Equal dtype, shape and bytes.
  [[nodiscard]] bool same_bits(const Array& other) const;

 private:
  DType dtype_ = DType::Float32;
  Shape shape_ = {0};
  std::shared_ptr<void> storage_;
  std::shared_ptr<const void> owner_;
  const std::byte* data_ = nullptr;
};

// "float32[2, 3]"
[[nodiscard]] std::string to_string(const Array& array);

// Element conversion as `astype` does it (round to nearest even; float to integer truncates; out of range saturates;
// anything to bool is `!= 0`). Storage of `to` has as many elements as `from`. Defined for every pair without Key.
void convert_elements(DType from_dtype, const std::byte* from, DType to_dtype, std::byte* to, std::int64_t count);
[[nodiscard]] Array converted(const Array& array, DType dtype);

}  // namespace linenc
