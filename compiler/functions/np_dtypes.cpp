// What NumPy knows of dtypes, with all 64 bits. Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <cfloat>
#include <limits>

#include "compiler/catalog/registry.h"
#include "compiler/functions/np_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

DType type_of(const Bound& args, std::size_t i) {
  if (const ArrayPtr array = args.value(i).array()) return array->dtype;
  if (const Tensor* tensor = args.value(i).tensor()) return tensor->dtype();
  return np_dtype(args, i).value_or(DType::Float64);
}

Value finfo(const Bound& args) {
  const DType dtype = type_of(args, 0);
  if (!is_float(dtype)) args.wrong_type(0, "a float dtype");
  return float_facts(dtype);
}

Value iinfo(const Bound& args) {
  const DType dtype = type_of(args, 0);
  if (!is_integer(dtype) || dtype == DType::UInt64) args.wrong_type(0, "an integer dtype");
  const auto bits = static_cast<int>(8 * byte_size(dtype));
  const std::int64_t max = bits == 64 ? std::numeric_limits<std::int64_t>::max() : (std::int64_t{1} << (is_unsigned(dtype) ? bits : bits - 1)) - 1;
  return Map{{"min", is_unsigned(dtype) ? std::int64_t{0} : -max - 1}, {"max", max}, {"bits", bits}, {"dtype", dtype}};
}

Value promoted(const Bound& args) { return numpy_promote(type_of(args, 0), type_of(args, 1)); }

Value result_type(const Bound& args) {
  std::vector<NumpyOperand> operands;
  for (const Arguments::Item& item : args.rest()) {
    if (const DType* dtype = item.value.dtype())
      operands.push_back({std::make_shared<const StaticArray>(StaticArray(*dtype, {})), false});
    else
      operands.push_back(numpy_operand(args.context, item.value, item.place));
  }
  if (operands.empty()) args.context.fail(Code::WrongArguments, args.place, "`result_type` needs an array or a dtype");
  return numpy_result_type(operands);
}

const RegisterFunctions family{{
    np_function("finfo", "The limits of a float dtype: min max eps tiny bits.").arg("dtype").does(&finfo),
    np_function("iinfo", "The limits of an integer dtype: min max bits.").arg("int_type").does(&iinfo),
    np_function("promote_types", "The dtype that holds two.").arg("type1").arg("type2").does(&promoted),
    np_function("result_type", "The dtype of a result of these operands.").rest("arrays_and_dtypes").does(&result_type),
}};

}  // namespace

Value float_facts(DType dtype) {
  struct Row {
    double max, eps, tiny;
  };
  const Row row = dtype == DType::Float64    ? Row{DBL_MAX, DBL_EPSILON, DBL_MIN}
                  : dtype == DType::Float32  ? Row{0x1.FFFFFEp127, 0x1p-23, 0x1p-126}
                  : dtype == DType::BFloat16 ? Row{0x1.FEp127, 0x1p-7, 0x1p-126}
                                             : Row{65504.0, 0x1p-10, 0x1p-14};
  const auto scalar = [&](double value) {
    StaticArray out(dtype, {});
    out.reals[0] = value;
    return np_value(std::move(out));
  };
  return Map{{"min", scalar(-row.max)},
             {"max", scalar(row.max)},
             {"eps", scalar(row.eps)},
             {"tiny", scalar(row.tiny)},
             {"smallest_normal", scalar(row.tiny)},
             {"bits", static_cast<std::int64_t>(8 * byte_size(dtype))},
             {"dtype", dtype}};
}

}  // namespace linenc::functions
