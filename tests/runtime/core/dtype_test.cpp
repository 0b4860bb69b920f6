#include "runtime/core/dtype.h"

#include <doctest/doctest.h>

#include "runtime/core/shape.h"

using linenc::DType;

TEST_SUITE("runtime/core/dtype") {
  TEST_CASE("every dtype is found by its own name") {
    for (int i = 0; i <= static_cast<int>(DType::Complex64); ++i) {
      const auto dtype = static_cast<DType>(i);
      CAPTURE(i);
      CHECK(linenc::name(dtype) != "?");
      CHECK(linenc::dtype_of(linenc::name(dtype)) == dtype);
      CHECK(linenc::byte_size(dtype) > 0);
    }
  }

  TEST_CASE("names that are no dtype are none") {
    for (const char* text : {"", "float", "Float32", "float32 ", "complex128", "?"}) {
      CAPTURE(text);
      CHECK_FALSE(linenc::dtype_of(text).has_value());
    }
  }

  TEST_CASE("64-bit types narrow to 32 bits, others stay") {
    CHECK(narrowed(DType::Int64) == DType::Int32);
    CHECK(narrowed(DType::UInt64) == DType::UInt32);
    CHECK(narrowed(DType::Float64) == DType::Float32);
    CHECK(narrowed(DType::BFloat16) == DType::BFloat16);
  }

}  // TEST_SUITE

TEST_SUITE("runtime/core/shape") {
  TEST_CASE("a product beyond 63 bits is none, and an empty axis makes it 0") {
    CHECK(linenc::checked_element_count({}) == 1);
    CHECK(linenc::checked_element_count({2, 3, 4}) == 24);
    CHECK(linenc::checked_element_count({INT64_MAX}) == INT64_MAX);
    CHECK_FALSE(linenc::checked_element_count({INT64_MAX, 2}).has_value());
    CHECK_FALSE(linenc::checked_element_count({std::int64_t{1} << 32, std::int64_t{1} << 31}).has_value());
    CHECK(linenc::checked_element_count({std::int64_t{1} << 31, std::int64_t{1} << 31}) == std::int64_t{1} << 62);
    CHECK(linenc::checked_element_count({INT64_MAX, 2, 0}) == 0);
    CHECK(linenc::element_count({INT64_MAX, 2, 0}) == 0);
    CHECK_FALSE(linenc::checked_element_count({-1}).has_value());
    CHECK_FALSE(linenc::checked_element_count({0, -1}).has_value());
  }

  TEST_CASE("shapes print with brackets") {
    CHECK(linenc::to_string(linenc::Shape{}) == "[]");
    CHECK(linenc::to_string(linenc::Shape{2, 3}) == "[2, 3]");
  }

}  // TEST_SUITE
