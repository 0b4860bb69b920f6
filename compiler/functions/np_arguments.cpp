// Arguments of NumPy's functions. Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include "compiler/functions/np_arguments.h"

#include "compiler/diagnostics/concat.h"

namespace linenc::functions {

using namespace catalog;

namespace {

Span place_of(const Bound& args, std::size_t i) { return args.item(i).place.exists() ? args.item(i).place : args.place; }

}  // namespace

ArrayPtr np_array(const Bound& args, std::size_t i) { return to_static_array(args.context, args.value(i), place_of(args, i)); }

NumpyOperand np_operand(const Bound& args, std::size_t i) { return numpy_operand(args.context, args.value(i), place_of(args, i)); }

std::vector<NumpyOperand> np_operands(const Bound& args, std::size_t i) {
  std::vector<NumpyOperand> out;
  if (const List* list = args.value(i).list()) {
    for (const Value& item : *list) out.push_back({to_static_array(args.context, item, place_of(args, i)), false});
    return out;
  }
  const ArrayPtr whole = np_array(args, i);
  if (whole->rank() == 0) args.wrong_type(i, "a list of arrays");
  for (const Value& item : rows(*whole)) out.push_back({item.array(), false});
  return out;
}

std::optional<DType> np_dtype(const Bound& args, std::size_t i) {
  const Value& value = args.value(i);
  if (value.is_none()) return std::nullopt;
  if (const FunctionPtr function = value.function()) {
    if (function->name() == "int") return DType::Int64;
    if (function->name() == "float") return DType::Float64;
  }
  const DType* held = value.dtype();
  const std::optional<DType> named = held ? std::optional(*held) : value.text() ? catalog::dtype_from_text(*value.text()) : std::nullopt;
  if (!named) return args.dtype(i);  // says what is wrong
  if (*named == DType::Key || *named == DType::Complex64)
    args.context.fail(Code::NotSupportedYet, place_of(args, i), concat("static arrays of ", *named, " are not supported yet"));
  return named;
}

Sizes np_shape(const Bound& args, std::size_t i) {
  const std::vector<std::int64_t> shape = args.integers(i);
  for (const std::int64_t size : shape) {
    if (size < 0) args.context.fail(Code::ShapeMismatch, place_of(args, i), concat("a size cannot be negative, and this is ", size));
  }
  return shape;
}

std::vector<std::int64_t> np_integers_or_rest(const Bound& args, std::size_t i) {
  if (args.rest().empty()) return args.integers(i);
  std::vector<std::int64_t> out{args.integer(i)};
  for (const Arguments::Item& item : args.rest()) {
    const Value value = plain(item.value);
    if (!value.integer() || !value.integer()->constant())
      args.context.fail(Code::WrongType, item.place.exists() ? item.place : args.place,
                        concat("an int is wanted here, and this is ", kind(item.value)));
    out.push_back(*value.integer()->constant());
  }
  return out;
}

void np_require_same_kind(const Bound& args, DType from, DType to) {
  const auto level = [](DType dtype) { return dtype == DType::Bool ? 0 : is_unsigned(dtype) ? 1 : is_integer(dtype) ? 2 : 3; };
  if (level(from) <= level(to)) return;
  args.context.fail(Code::DtypeMismatch, args.place, concat("`dtype` ", to, " does not hold numbers of ", from, ": see `astype`"));
}

Value np_in_dtype(const Bound& args, const Value& operand, std::optional<DType> dtype) {
  if (!dtype) return operand;
  const NumpyOperand given = numpy_operand(args.context, operand, args.place);
  np_require_same_kind(args, given.array->dtype == DType::Int64 && given.is_weak ? DType::UInt64 : given.array->dtype, *dtype);
  return np_value(cast(*given.array, *dtype));
}

bool np_column_major(const Bound& args, const Value& order) {
  const std::string* text = order.text();
  if (!text || (*text != "C" && *text != "F"))
    args.context.fail(Code::WrongArguments, args.place, concat("`order` is 'C' or 'F', and this is ", kind(order)));
  return *text == "F";
}

FunctionSpec np_function(std::string name, std::string doc) { return FunctionSpec(std::move(name), std::move(doc)).in({"np"}); }

}  // namespace linenc::functions
