// Names of element types, as NumPy and ml_dtypes spell them.
#include "runtime/core/dtype.h"

namespace linenc {
namespace {

struct Named {
  DType dtype;
  std::string_view name;
};

constexpr Named kNames[] = {
    {DType::Bool, "bool"},     {DType::Int8, "int8"},     {DType::Int16, "int16"},       {DType::Int32, "int32"},     {DType::UInt8, "uint8"},
    {DType::UInt16, "uint16"}, {DType::UInt32, "uint32"}, {DType::BFloat16, "bfloat16"}, {DType::Float16, "float16"}, {DType::Float32, "float32"},
    {DType::Key, "key"},       {DType::Int64, "int64"},   {DType::UInt64, "uint64"},     {DType::Float64, "float64"}, {DType::Complex64, "complex64"},
};

}  // namespace

std::string_view name(DType dtype) {
  for (const Named& row : kNames) {
    if (row.dtype == dtype) return row.name;
  }
  return "?";
}

std::optional<DType> dtype_of(std::string_view name) {
  for (const Named& row : kNames) {
    if (row.name == name) return row.dtype;
  }
  return std::nullopt;
}

}  // namespace linenc
