// Arrays that are known while compiling: how their elements are held.
#include "compiler/catalog/static_array.h"

#include <doctest/doctest.h>

#include <cmath>

#include "compiler/catalog/static_numpy.h"

namespace linenc::catalog {
namespace {

StaticArray reals(std::vector<double> values) {
  StaticArray array(DType::Float64, {static_cast<std::int64_t>(values.size())});
  array.reals = std::move(values);
  return array;
}

}  // namespace

TEST_CASE("a float64 is rounded to float16 once, not through float32") {
  // Just above the middle of 1 and the next half, so close that float32 takes it for the middle: numpy.float16 says 1.001.
  CHECK(rounded_to(DType::Float16, 1.0 + 0x1p-11 + 0x1p-40) == 1.0 + 0x1p-10);
  CHECK(rounded_to(DType::Float16, 1.0 + 0x1p-11) == 1.0);
  CHECK(rounded_to(DType::Float16, 65519.99) == 65504.0);
  CHECK(std::isinf(rounded_to(DType::Float16, 65520.0)));
}

TEST_CASE("casts go towards zero, wrap, and make truth of everything that is not zero") {
  CHECK(cast(reals({1.9, -1.9, 300.0, -0.5}), DType::Int8).integers == std::vector<std::int64_t>{1, -1, 44, 0});
  CHECK(cast(reals({1.9, -1.9, 300.0}), DType::UInt8).integers == std::vector<std::int64_t>{1, 255, 44});
  CHECK(cast(reals({0.0, -0.0, NAN, 1e-300}), DType::Bool).integers == std::vector<std::int64_t>{0, 0, 1, 1});
}

TEST_CASE("two dtypes are promoted as numpy.promote_types promotes them") {
  CHECK(numpy_promote(DType::Int8, DType::UInt8) == DType::Int16);
  CHECK(numpy_promote(DType::UInt32, DType::Int64) == DType::Int64);
  CHECK(numpy_promote(DType::UInt64, DType::Int64) == DType::Float64);
  CHECK(numpy_promote(DType::Int64, DType::Float32) == DType::Float64);
  CHECK(numpy_promote(DType::Int16, DType::Float16) == DType::Float32);
  CHECK(numpy_promote(DType::Bool, DType::Float16) == DType::Float16);
}

TEST_CASE("a scalar is Python's number where one is wanted") {
  StaticArray scalar(DType::Int64, {});
  scalar.integers[0] = 7;
  CHECK(*plain(std::make_shared<const StaticArray>(scalar)).integer() == 7);
  CHECK(*plain(std::make_shared<const StaticArray>(cast(scalar, DType::Float32))).number() == 7.0);
  CHECK(*plain(std::make_shared<const StaticArray>(cast(scalar, DType::Bool))).boolean());
  CHECK(plain(std::make_shared<const StaticArray>(reals({1, 2}))).array() != nullptr);
}

TEST_CASE("elements leave in the bytes of their dtype") {
  CHECK(bytes_of(cast(reals({1, -1}), DType::Int16)) == std::vector<std::byte>{std::byte{1}, std::byte{0}, std::byte{255}, std::byte{255}});
  CHECK(bytes_of(cast(reals({1}), DType::Float16)) == std::vector<std::byte>{std::byte{0}, std::byte{0x3C}});
  CHECK(bytes_of(reals({1})).size() == 8);
}

}  // namespace linenc::catalog
