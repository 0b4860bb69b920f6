// Functions of the bits of floats: frexp, reduce_precision. Tested by tests/compiler/functions/goldens_test.cpp.
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

struct Format {
  std::int64_t exponent_bits, mantissa_bits;
  [[nodiscard]] std::int64_t bias() const { return (std::int64_t{1} << (exponent_bits - 1)) - 1; }
  [[nodiscard]] std::int64_t exponent_mask() const { return ((std::int64_t{1} << exponent_bits) - 1) << mantissa_bits; }
};

Format format_of(DType dtype) { return dtype == DType::Float16 ? Format{5, 10} : dtype == DType::BFloat16 ? Format{8, 7} : Format{8, 23}; }

Tensor bitcast(Context& context, Tensor x, DType dtype) {
  graph::Request request;
  request.dtype = dtype;
  return context.builder.add(OpKind::Bitcast, NoAttributes{}, {x}, request);
}

// x = fraction * 2^exponent, where the fraction is 0 or between 0.5 and 1.
Value frexp(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor given = args.tensor(0), x = astype(context, given, to_inexact(given.dtype()));
  const Format format = format_of(x.dtype());
  const DType word = byte_size(x.dtype()) == 2 ? DType::Int16 : DType::Int32;
  const auto whole = [&](std::int64_t value) { return graph::integer_scalar(b, value, word); };
  const auto real = [&](double value) { return graph::scalar(b, value, x.dtype()); };

  // Numbers below the normal ones are brought among them first.
  const Tensor is_small = graph::binary(b, Less, graph::unary(b, Abs, x), real(std::ldexp(1.0, static_cast<int>(1 - format.bias()))));
  const Tensor scaled = graph::binary(b, Multiply, x, real(std::ldexp(1.0, static_cast<int>(format.mantissa_bits))));
  const Tensor bits = bitcast(context, where(context, is_small, scaled, x), word);
  const Tensor shift = where(context, is_small, whole(-format.mantissa_bits), whole(0));
  const Tensor field = graph::binary(b, And, graph::binary(b, ShiftRightArithmetic, bits, whole(format.mantissa_bits)),
                                     whole(format.exponent_mask() >> format.mantissa_bits));
  const Tensor exponent = graph::binary(b, Add, shift, graph::binary(b, Subtract, field, whole(format.bias() - 1)));
  const Tensor without = graph::binary(b, And, bits, whole(~format.exponent_mask()));
  const Tensor fraction = bitcast(context, graph::binary(b, Or, without, whole((format.bias() - 1) << format.mantissa_bits)), x.dtype());

  const Tensor is_finite = graph::unary(b, IsFinite, x), is_zero = graph::binary(b, Equal, x, real(0));
  const Tensor is_plain = graph::binary(b, And, is_finite, graph::unary(b, Not, is_zero));
  return List{where(context, is_plain, fraction, x), graph::convert(b, where(context, is_plain, exponent, whole(0)), DType::Int32)};
}

// The mantissa rounded to fewer bits, halves to even.
Tensor rounded_mantissa(Context& context, Tensor bits, const Format& from, std::int64_t mantissa_bits) {
  graph::Builder& b = context.builder;
  const std::int64_t dropped = from.mantissa_bits - mantissa_bits;
  if (dropped <= 0) return bits;
  const auto word = [&](std::int64_t value) { return graph::integer_scalar(b, value, bits.dtype()); };
  const std::int64_t last = std::int64_t{1} << dropped, mask = (std::int64_t{1} << (8 * byte_size(bits.dtype()))) - 1;
  const Tensor is_odd = graph::binary(b, ShiftRightLogical, graph::binary(b, And, bits, word(last)), word(dropped));
  const Tensor bias = graph::binary(b, Add, is_odd, word((last >> 1) - 1));
  return graph::binary(b, And, graph::binary(b, Add, bits, bias), word(~(last - 1) & mask));
}

// What does not fit into fewer exponent bits: infinite above, zero below.
Tensor bounded_exponent(Context& context, Tensor bits, const Format& from, std::int64_t exponent_bits) {
  graph::Builder& b = context.builder;
  if (exponent_bits >= from.exponent_bits) return bits;
  const auto word = [&](std::int64_t value) { return graph::integer_scalar(b, value, bits.dtype()); };
  const std::int64_t reach = (std::int64_t{1} << (exponent_bits - 1)) - 1;
  const Tensor exponent = graph::binary(b, And, bits, word(from.exponent_mask()));
  const Tensor is_above = graph::binary(b, Greater, exponent, word((from.bias() + reach) << from.mantissa_bits));
  const Tensor is_below = graph::binary(b, LessEqual, exponent, word((from.bias() - reach) << from.mantissa_bits));
  const Tensor zero = graph::binary(b, And, bits, word(std::int64_t{1} << (8 * byte_size(bits.dtype()) - 1)));
  const Tensor infinite = graph::binary(b, Or, zero, word(from.exponent_mask()));
  return where(context, is_below, zero, where(context, is_above, infinite, bits));
}

// Parameters: operand exponent_bits mantissa_bits.
Value reduce_precision(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor x = args.tensor(0);
  if (!is_float(x.dtype())) fail_dtype(context, concat("needs floats, not ", x.dtype()), {x});
  const std::int64_t exponent_bits = args.integer(1), mantissa_bits = args.integer(2);
  if (exponent_bits < 1 || mantissa_bits < 0) {
    context.fail(Code::WrongArguments, args.place,
                 concat("`reduce_precision` needs 1 exponent bit or more and no negative number of mantissa bits, and has ", exponent_bits, " and ",
                        mantissa_bits));
  }
  const Format from = format_of(x.dtype());
  Tensor bits = bitcast(context, x, byte_size(x.dtype()) == 2 ? DType::UInt16 : DType::UInt32);
  bits = bounded_exponent(context, rounded_mantissa(context, bits, from, mantissa_bits), from, exponent_bits);
  Tensor out = bitcast(context, bits, x.dtype());
  // Without a mantissa there is no NaN.
  if (mantissa_bits > 0) out = graph::select(b, graph::unary(b, IsNan, x), x, out);
  return out.fact().weak == x.fact().weak ? out : graph::with_weak(b, out, x.fact().weak);
}

const RegisterFunctions family{{
    FunctionSpec("frexp", "A fraction between 0.5 and 1 and an exponent of 2 that make x.").in({"jnp"}).arg("x").positional_only().does(&frexp),
    FunctionSpec("reduce_precision", "Floats rounded to fewer bits, their type kept.")
        .in({"lax"})
        .arg("operand")
        .arg("exponent_bits")
        .arg("mantissa_bits")
        .does(&reduce_precision),
}};

}  // namespace
}  // namespace linenc::functions
