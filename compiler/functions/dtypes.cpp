// Types: astype finfo iinfo promote_types issubdtype; casts of jax.lax; gradients stopped. Tested by tests/compiler/functions/goldens_test.cpp.
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/np_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

Value cast(const Bound& args) { return astype(args.context, args.tensor(0), args.dtype(1)); }
Value cast_or_float(const Bound& args) { return astype(args.context, args.tensor(0), args.optional_dtype(1).value_or(DType::Float32)); }

Value bitcast(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  const DType dtype = args.dtype(1);
  if (byte_size(x.dtype()) != byte_size(dtype))
    context.fail(Code::NotSupportedYet, args.place, concat("a bitcast of ", x.dtype(), " to ", dtype, " is not supported yet: their widths differ"));
  graph::Request request;
  request.dtype = dtype;
  return context.builder.add(OpKind::Bitcast, NoAttributes{}, {x}, request);
}

Value stop_gradient(const Bound& args) {
  return map_tensors(args.value(0), [](const Tensor& x) { return Value(x); });
}

// The type of an array, or a type.
DType type_of(const Bound& args, std::size_t i) { return args.value(i).tensor() ? args.value(i).tensor()->dtype() : args.dtype(i); }

Value finfo(const Bound& args) {
  const DType dtype = type_of(args, 0);
  if (!is_float(dtype)) args.wrong_type(0, "a float dtype");
  return float_facts(dtype);
}

Value iinfo(const Bound& args) {
  const DType dtype = type_of(args, 0);
  if (!is_integer(dtype)) args.wrong_type(0, "an integer dtype");
  const auto bits = static_cast<int>(8 * byte_size(dtype));
  const std::int64_t max = (std::int64_t{1} << (is_unsigned(dtype) ? bits : bits - 1)) - 1;
  return Map{{"min", is_unsigned(dtype) ? std::int64_t{0} : -max - 1}, {"max", max}, {"bits", bits}, {"dtype", dtype}};
}

Value promote_types(const Bound& args) { return promote({type_of(args, 0), false}, {type_of(args, 1), false}).dtype; }

Value result_type_of(const Bound& args) {
  std::optional<WeakDType> out;
  for (const Arguments::Item& item : args.rest()) {
    WeakDType next;
    if (const DType* dtype = item.value.dtype())
      next = {narrowed(*dtype), false};
    else {
      const Tensor x = to_tensor(args.context, item.value, item.place);
      next = {x.dtype(), x.fact().weak};
    }
    out = out ? promote(*out, next) : next;
  }
  if (!out) args.context.fail(Code::WrongArguments, args.place, "`result_type` needs an array or a dtype");
  return out->dtype;
}

// Whether a type belongs to a kind (`floating`, `integer`, …), or is a type.
Value issubdtype(const Bound& args) {
  const DType dtype = type_of(args, 0);
  const std::string* kind_name = args.value(1).text();
  if (!kind_name || dtype_of(*kind_name)) return dtype == args.dtype(1);
  if (*kind_name == "floating" || *kind_name == "inexact") return is_float(dtype) || (*kind_name == "inexact" && dtype == DType::Complex64);
  if (*kind_name == "integer") return is_integer(dtype);
  if (*kind_name == "signedinteger") return is_signed(dtype);
  if (*kind_name == "unsignedinteger") return is_unsigned(dtype);
  if (*kind_name == "complexfloating") return dtype == DType::Complex64;
  if (*kind_name == "number") return dtype != DType::Bool && dtype != DType::Key;
  args.wrong_type(1, "a dtype or a kind of dtypes");
}

const RegisterFunctions family{{
    FunctionSpec("astype", "An array in another type.").in({"jnp"}).arg("x").arg("dtype").as_method().does(&cast_or_float),
    FunctionSpec("convert_element_type", "An array in another type.").in({"lax"}).arg("operand").arg("new_dtype").does(&cast),
    FunctionSpec("bitcast_convert_type", "The same bits as another type.").in({"lax"}).arg("operand").arg("new_dtype").does(&bitcast),
    FunctionSpec("stop_gradient", "x itself, through which no gradient flows.").in({"lax"}).arg("x").does(&stop_gradient),
    FunctionSpec("finfo", "The limits of a float type.").in({"jnp"}).arg("dtype").does(&finfo),
    FunctionSpec("iinfo", "The limits of an integer type.").in({"jnp"}).arg("int_type").does(&iinfo),
    FunctionSpec("promote_types", "The type that two types have in common.").in({"jnp"}).arg("a").arg("b").does(&promote_types),
    FunctionSpec("result_type", "The type that arrays and types have in common.").in({"jnp"}).rest("args").does(&result_type_of),
    FunctionSpec("issubdtype", "Whether a type belongs to a kind.").in({"jnp"}).arg("arg1").arg("arg2").does(&issubdtype),
}};

}  // namespace
}  // namespace linenc::functions
