// jax.random: keys and draws. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/draws.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/registry.h"
#include "compiler/functions/sort.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

Tensor key_of(const Bound& args) { return to_key(args.context, args.tensor(0)); }

DType float_type(const Bound& args, std::size_t i) {
  const DType dtype = args.optional_dtype(i).value_or(DType::Float32);
  if (!is_float(dtype)) args.wrong_type(i, "a float dtype");
  return dtype;
}

// --- keys --------------------------------------------------------------------------------------------

// The low 32 bits of the seed (linen-semantics A.1).
Tensor seeded(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor seed;
  if (args.value(0).integer() && args.value(0).integer()->constant()) {
    const auto bits = static_cast<std::uint32_t>(*args.value(0).integer()->constant());
    seed = graph::integer_scalar(b, bits, DType::UInt32);
  } else {
    seed = args.tensor(0);
    if (seed.rank() != 0 || !(is_integer(seed.dtype()) || seed.dtype() == DType::Bool)) {
      fail_shape(context, concat("needs an integer seed, and has ", seed.fact()), {seed});
    }
    seed = graph::convert(b, seed, seed.dtype() == DType::Int32 ? DType::Int32 : DType::UInt32);
  }
  return b.add(OpKind::KeySeed, NoAttributes{}, {seed});
}

Value key(const Bound& args) { return seeded(args); }

Value split(const Bound& args) { return graph::key_split(args.context.builder, key_of(args), args.dims(1)); }

Value fold_in(const Bound& args) {
  Context& context = args.context;
  const Tensor key_tensor = key_of(args);
  if (const Dim* word = args.value(1).integer(); word && word->constant()) {
    const std::int64_t number = *word->constant();
    if (number < 0 || number > std::numeric_limits<std::uint32_t>::max()) {
      context.fail(Code::EvaluationFailed, args.item(1).place, concat("`fold_in` takes a number below 2**32, and this is ", number));
    }
    return graph::key_derive(context.builder, key_tensor, static_cast<std::uint32_t>(number));
  }
  return graph::key_fold(context.builder, key_tensor, graph::convert(context.builder, args.tensor(1), DType::UInt32));
}

Value key_data(const Bound& args) { return args.context.builder.add(OpKind::KeyData, NoAttributes{}, {key_of(args)}); }

// --- draws -------------------------------------------------------------------------------------------

FunctionSpec sampler(std::string name, std::string doc, DrawKind kind) {
  return FunctionSpec(std::move(name), std::move(doc))
      .in({"random"})
      .arg("key")
      .arg("shape", List{})
      .arg("dtype", None{})
      .does([kind](const Bound& args) -> Value {
        return draw(args.context, key_of(args), {kind, 0, 1, 1, false, false}, float_type(args, 2), args.dims(1));
      });
}

// Parameters of a draw broadcast to its shape, never beyond.
void expect_to_fit(Context& context, const Dims& shape, const std::vector<Tensor>& parameters) {
  for (const Tensor& x : parameters) {
    const auto joined = graph::broadcast_shapes(shape, x.shape(), context.builder.dims());
    const Dims* both = std::get_if<Dims>(&joined);
    if (both != nullptr && !is_equal(context, *both, shape)) {
      fail_shape(context, concat("draws the shape ", graph::to_string(shape), ", and a parameter has ", graph::to_string(x.shape())), {x});
    }
  }
}

// Bounds that are tensors scale a draw from [0, 1): max(low, unit * (high - low) + low), where XLA fuses product and sum of
// float32 and rounds each of 16-bit floats.
Value uniform(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const DType dtype = float_type(args, 2);
  const auto is_static = [&](std::size_t i) { return args.value(i).number() || args.value(i).integer(); };
  if (is_static(3) && is_static(4))
    return draw(context, key_of(args), {DrawKind::Uniform, args.number(3), args.number(4), 1, false, false}, dtype, args.dims(1));
  const Tensor low = astype(context, args.tensor(3), dtype), high = astype(context, args.tensor(4), dtype);
  expect_to_fit(context, args.dims(1), {low, high});
  const Tensor unit = draw(context, key_of(args), {DrawKind::Uniform, 0, 1, 1, false, false}, dtype, args.dims(1));
  const Tensor width = graph::binary(b, Subtract, high, low);
  const Tensor drawn =
      dtype == DType::Float32 ? graph::mul_add(b, unit, width, low) : graph::binary(b, Add, graph::binary(b, Multiply, unit, width), low);
  return graph::binary(b, Maximum, low, drawn);
}

Value truncated_normal(const Bound& args) {
  const DType dtype = float_type(args, 4);
  const Dims shape = args.none(3) ? Dims{} : args.dims(3);
  return draw(args.context, key_of(args), {DrawKind::TruncatedNormal, args.number(1), args.number(2), 1, false, false}, dtype, shape);
}

// As many bits again behind the first ones: u2 2**-mantissa < p - u1, with u1 and u2 uniform.
Tensor bernoulli_of_many_bits(Context& context, Tensor key, Tensor p, const Dims& shape) {
  graph::Builder& b = context.builder;
  Dims twice = shape;
  twice.insert(twice.begin(), 2);
  const Tensor drawn = draw(context, key, {DrawKind::Uniform, 0, 1, 1, false, false}, p.dtype(), twice);
  const Tensor first = graph::reshape(b, graph::slice_axis(b, drawn, 0, 0, 1), shape),
               second = graph::reshape(b, graph::slice_axis(b, drawn, 0, 1, 1), shape);
  const int mantissa = p.dtype() == DType::Float32 ? 23 : p.dtype() == DType::Float16 ? 10 : 7;
  const Tensor fine = graph::binary(b, Multiply, second, graph::scalar(b, std::ldexp(1.0, -mantissa), p.dtype()));
  return graph::binary(b, Less, fine, graph::binary(b, Subtract, p, first));
}

Value bernoulli_of(const Bound& args) {
  Context& context = args.context;
  const bool is_high = !args.none(3) && args.text(3) == "high";
  if (!is_high && !args.none(3) && args.text(3) != "low") args.wrong_type(3, "'low' or 'high'");
  const Tensor p = args.tensor(1);
  if (!is_float(p.dtype())) fail_dtype(context, concat("needs a float probability, not ", p.dtype()), {p});
  if (!args.none(2)) expect_to_fit(context, args.dims(2), {p});
  const Dims shape = args.none(2) ? p.shape() : args.dims(2);
  const Tensor strong = astype(context, p, p.dtype());
  return is_high ? bernoulli_of_many_bits(context, key_of(args), strong, shape) : bernoulli(context, key_of(args), strong, shape);
}

// Narrow integers are drawn as int32 between the limits of their type, and cut off (linen-semantics A.7).
// Parameters: key shape minval maxval dtype.
Value randint(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const DType dtype = args.optional_dtype(4).value_or(DType::Int32);
  if (!is_integer(dtype)) args.wrong_type(4, "an integer dtype");
  const bool is_narrow = byte_size(dtype) < 4;
  const auto bits = static_cast<int>(8 * byte_size(dtype));
  const std::int64_t least = is_unsigned(dtype) ? 0 : -(std::int64_t{1} << (bits - 1));
  const std::int64_t most = (std::int64_t{1} << (is_unsigned(dtype) ? bits : bits - 1)) - 1;
  const DType drawn = is_narrow ? DType::Int32 : dtype;
  const auto bound = [&](std::size_t i, std::int64_t high) {
    const Tensor x = args.tensor(i);
    if (x.rank() != 0) context.fail(Code::NotSupportedYet, args.place, "`randint` with arrays of bounds is not supported yet");
    if (dtype == DType::Int32) return graph::convert(b, x, drawn);
    const Tensor whole = graph::convert(b, x, DType::Int32);
    // As a uint32 the largest number would be out of reach of int32.
    if (dtype == DType::UInt32) return graph::convert(b, graph::binary(b, Maximum, whole, graph::integer_scalar(b, 0, DType::Int32)), drawn);
    return graph::clamp(b, graph::integer_scalar(b, least, DType::Int32), whole, graph::integer_scalar(b, high, DType::Int32));
  };
  graph::Request request;
  request.dtype = drawn, request.shape = args.dims(1);
  return graph::convert(b, b.add(OpKind::RandomInt, NoAttributes{}, {key_of(args), bound(2, most), bound(3, most + 1)}, request), dtype);
}

Value bits(const Bound& args) {
  const DType dtype = args.optional_dtype(2).value_or(DType::UInt32);
  if (!is_unsigned(dtype)) args.wrong_type(2, "an unsigned integer dtype");
  return draw(args.context, key_of(args), {DrawKind::Bits, 0, 1, 1, false, false}, dtype, args.dims(1));
}

Value rademacher(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const DType dtype = args.optional_dtype(2).value_or(DType::Int32);
  const Tensor coin = graph::convert(b, bernoulli(context, key_of(args), 0.5, args.dims(1)), dtype);
  const auto number_of = [&](std::int64_t value) {
    return is_float(dtype) ? graph::scalar(b, static_cast<double>(value), dtype) : graph::integer_scalar(b, value, dtype);
  };
  return graph::binary(b, Subtract, graph::binary(b, Multiply, number_of(2), coin), number_of(1));
}

// Where the largest `count` elements of the last axis stand.
Tensor largest(Context& context, Tensor x, const Dim& count) {
  return context.builder.add_many(OpKind::TopK, TopKAttributes<Dim>{count}, std::array{x})[1];
}

// The places of the largest of logits + gumbel noise, as many as the axes `drawn` in front hold.
Value without_replacement(const Bound& args, Tensor logits, std::int64_t axis, Dims drawn) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Dim count = graph::element_count(drawn), most = logits.dim(axis);
  if (b.dims().holds(count, graph::DimContext::Relation::Greater, most) == graph::Truth::Yes) {
    fail_shape(context, concat("draws ", count, " of ", most, " categories without replacement"), {logits});
  }
  const DType dtype = to_inexact(logits.dtype());
  const Tensor noise = draw(context, key_of(args), {DrawKind::Gumbel, 0, 1, 1, false, false}, dtype, logits.shape());
  const Tensor noisy = catalog::binary(context, Add, logits, noise);
  const Tensor places = largest(context, move_axis(context, noisy, axis, logits.rank() - 1), count);
  Dims shape = std::move(drawn);
  shape.insert(shape.end(), places.shape().begin(), places.shape().end() - 1);
  return graph::reshape(b, move_axis(context, places, places.rank() - 1, 0), shape);
}

// argmax of logits + gumbel noise.
Value categorical(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const Tensor logits = args.tensor(1);
  if (!is_float(logits.dtype())) fail_dtype(context, concat("needs floating-point logits, not ", logits.dtype()), {logits});
  const std::int64_t axis = args.axis(2, logits.rank());
  Dims batch = logits.shape();
  batch.erase(batch.begin() + axis);
  const Dims shape = args.none(3) ? batch : args.dims(3);
  if (shape.size() < batch.size()) fail_shape(context, concat("draws the shape ", graph::to_string(shape), " from logits ", logits.fact()), {logits});
  const auto extra = static_cast<std::int64_t>(shape.size() - batch.size());
  if (!args.boolean(4)) return without_replacement(args, logits, axis, Dims(shape.begin(), shape.begin() + extra));
  Dims noise_shape(shape.begin(), shape.begin() + extra);
  noise_shape.insert(noise_shape.end(), shape.begin() + extra, shape.end());
  noise_shape.insert(noise_shape.begin() + extra + axis, logits.dim(axis));
  const Tensor noise = draw(context, key_of(args), {DrawKind::Gumbel, 0, 1, 1, false, false}, to_inexact(logits.dtype()), noise_shape);
  return graph::arg_reduce(b, true, catalog::binary(context, Add, noise, logits), extra + axis);
}

// Matrices with orthonormal columns (rows where they are fewer), as the initializer draws them.
// Parameters: key n shape dtype m.
Value orthogonal(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const DType dtype = float_type(args, 3);
  if (dtype != DType::Float32) context.fail(Code::NotSupportedYet, args.place, concat("`orthogonal` in ", dtype, " is not supported yet"));
  const std::int64_t rows = args.integer(1), columns = args.none(4) ? rows : args.integer(4);
  if (rows < 0 || columns < 0)
    context.fail(Code::WrongArguments, args.place, concat("a matrix has no ", std::min(rows, columns), " rows or columns"));
  Dims shape = args.dims(2);
  shape.emplace_back(std::max(rows, columns));
  shape.emplace_back(std::min(rows, columns));
  if (std::min(rows, columns) == 0) {
    if (rows < columns) std::swap(shape[shape.size() - 1], shape[shape.size() - 2]);
    return graph::full(b, 0, dtype, shape);
  }
  const Tensor q = graph::orthogonalize(b, draw(context, key_of(args), {DrawKind::Normal, 0, 1, 1, false, false}, dtype, shape));
  return rows < columns ? swap_axes(context, q, q.rank() - 1, q.rank() - 2) : q;
}

// --- permutations --------------------------------------------------------------------------------------

// Sorted by random words, as often as makes equal words unlikely (linen-semantics A.7).
Tensor shuffled(const Bound& args, Tensor key_tensor, Tensor x, std::int64_t axis) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const auto size = graph::element_count(x.shape()).constant();
  if (!size)
    context.fail(Code::UnknownSize, args.place,
                 concat("a permutation needs to know how many there are, and `", graph::element_count(x.shape()), "` is not known yet"));
  const double rounds = std::ceil(3 * std::log(static_cast<double>(std::max<std::int64_t>(1, *size))) / std::log(4294967295.0));
  for (int round = 0; round < static_cast<int>(rounds); ++round) {
    const Tensor keys = graph::key_split(b, key_tensor, {2});
    const auto one = [&](std::int64_t i) { return graph::squeeze(b, graph::slice_axis(b, keys, 0, i, 1), 0); };
    const Tensor words = draw(context, one(1), {DrawKind::Bits, 0, 1, 1, false, false}, DType::UInt32, x.shape());
    x = graph::sort(b, std::array{words, x}, axis)[1];
    key_tensor = one(0);
  }
  return x;
}

Tensor shuffled_range(const Bound& args, Tensor key_tensor, const Dim& size) {
  return shuffled(args, key_tensor, graph::iota(args.context.builder, DType::Int32, {size}, 0), 0);
}

// Parameters: key x axis independent.
Value permutation(const Bound& args) {
  const Tensor key_tensor = key_of(args);
  if (args.value(1).integer()) return shuffled_range(args, key_tensor, args.size(1));
  const Tensor x = args.tensor(1);
  if (x.rank() == 0) fail_shape(args.context, "permutes an int or an array of rank 1 or more, and has a scalar", {x});
  const std::int64_t axis = args.axis(2, x.rank());
  if (args.boolean(3) || x.rank() == 1) return shuffled(args, key_tensor, x, axis);
  return take(args.context, x, shuffled_range(args, key_tensor, x.dim(axis)), axis);
}

// By probabilities: where a part of their sum falls, or the largest of their logarithms + gumbel noise.
Tensor places_by_probability(const Bound& args, const Dim& size, const Dims& shape) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor p = args.tensor(4);
  p = astype(context, p, to_inexact(p.dtype()));
  if (p.rank() != 1) fail_shape(context, concat("needs a vector of probabilities, and has ", p.fact()), {p});
  require_equal(context, p.dim(0), size, concat("needs a probability for each of ", size, " elements, and has ", p.fact()), {p});
  if (args.boolean(3)) {
    const Tensor sums = graph::cumulative(b, CumulativeKind::Sum, p, 0);
    const Tensor total = graph::squeeze(b, graph::slice_axis(b, sums, 0, size - 1, 1), 0);
    const Tensor unit = draw(context, key_of(args), {DrawKind::Uniform, 0, 1, 1, false, false}, sums.dtype(), shape);
    const Tensor rest = graph::binary(b, Subtract, graph::scalar(b, 1, sums.dtype()), unit);
    return place_among(context, sums, graph::binary(b, Multiply, total, rest), false);
  }
  const Tensor noise = draw(context, key_of(args), {DrawKind::Gumbel, 0, 1, 1, false, false}, p.dtype(), {size});
  const Tensor noisy = graph::binary(b, Add, noise, graph::unary(b, Log, p));
  return graph::reshape(b, largest(context, noisy, graph::element_count(shape)), shape);
}

// Parameters: key a shape replace p axis.
Value choice(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const bool is_range = args.value(1).integer() != nullptr;
  const Tensor a = is_range ? Tensor{} : args.tensor(1);
  const std::int64_t axis = is_range ? 0 : args.axis(5, a.rank());
  const Dim size = is_range ? args.size(1) : a.dim(axis);
  const Dims shape = args.dims(2);
  if (size == Dim(0) && std::find(shape.begin(), shape.end(), Dim(0)) == shape.end()) fail_shape(context, "chooses among nothing", {});
  if (!args.boolean(3) && b.dims().holds(graph::element_count(shape), graph::DimContext::Relation::Greater, size) == graph::Truth::Yes) {
    context.fail(Code::WrongArguments, args.place,
                 concat("`choice` draws ", graph::element_count(shape), " of ", size, " elements without replacement"));
  }
  Tensor places;
  if (!args.none(4)) {
    places = places_by_probability(args, size, shape);
  } else if (args.boolean(3)) {
    graph::Request request;
    request.dtype = DType::Int32, request.shape = shape;
    places = b.add(OpKind::RandomInt, NoAttributes{},
                   {key_of(args), graph::integer_scalar(b, 0, DType::Int32), graph::size_scalar(b, size, DType::Int32)}, request);
  } else {
    const Tensor all = shuffled_range(args, key_of(args), size);
    places = graph::reshape(b, graph::slice_axis(b, all, 0, 0, graph::element_count(shape)), shape);
  }
  return is_range ? places : take(context, a, places, axis);
}

const RegisterFunctions keys{{
    FunctionSpec("key", "A random key made of a seed.").in({"random"}).arg("seed").keyword_only().arg("impl", None{}).does(&key),
    // Its two words are the same; a typed key serves everywhere.
    FunctionSpec("PRNGKey", "A random key made of a seed.").in({"random"}).arg("seed").keyword_only().arg("impl", None{}).does(&key),
    FunctionSpec("split", "Independent keys made of one.").in({"random"}).arg("key").arg("num", 2).does(&split),
    FunctionSpec("fold_in", "A key made of a key and a number.").in({"random"}).arg("key").arg("data").does(&fold_in),
    FunctionSpec("key_data", "The two words of a key.").in({"random"}).arg("keys").does(&key_data),
    FunctionSpec("wrap_key_data", "A key made of two words.").in({"random"}).arg("key_bits_array").does([](const Bound& args) -> Value {
      return key_of(args);
    }),
}};

const RegisterFunctions draws{{
    sampler("normal", "Normally distributed numbers.", DrawKind::Normal),
    sampler("gumbel", "Gumbel-distributed numbers.", DrawKind::Gumbel),
    sampler("exponential", "Exponentially distributed numbers.", DrawKind::Exponential),
    sampler("laplace", "Laplace-distributed numbers.", DrawKind::Laplace),
    sampler("logistic", "Logistically distributed numbers.", DrawKind::Logistic),
    sampler("cauchy", "Cauchy-distributed numbers.", DrawKind::Cauchy),
    FunctionSpec("uniform", "Evenly distributed numbers from minval up to maxval.")
        .in({"random"})
        .arg("key")
        .arg("shape", List{})
        .arg("dtype", None{})
        .arg("minval", 0.0)
        .arg("maxval", 1.0)
        .does(&uniform),
    FunctionSpec("truncated_normal", "Normally distributed numbers between two bounds.")
        .in({"random"})
        .arg("key")
        .arg("lower")
        .arg("upper")
        .arg("shape", None{})
        .arg("dtype", None{})
        .does(&truncated_normal),
    FunctionSpec("bernoulli", "True with a probability.")
        .in({"random"})
        .arg("key")
        .arg("p", 0.5)
        .arg("shape", None{})
        .arg("mode", "low")
        .does(&bernoulli_of),
    FunctionSpec("randint", "Integers from minval up to maxval, without maxval.")
        .in({"random"})
        .arg("key")
        .arg("shape")
        .arg("minval")
        .arg("maxval")
        .arg("dtype", None{})
        .does(&randint),
    FunctionSpec("bits", "Random bits as unsigned integers.").in({"random"}).arg("key").arg("shape", List{}).arg("dtype", None{}).does(&bits),
    FunctionSpec("rademacher", "-1 or 1.").in({"random"}).arg("key").arg("shape", List{}).arg("dtype", None{}).does(&rademacher),
    FunctionSpec("categorical", "Places drawn with the probabilities softmax(logits).")
        .in({"random"})
        .arg("key")
        .arg("logits")
        .arg("axis", -1)
        .arg("shape", None{})
        .arg("replace", true)
        .does(&categorical),
    FunctionSpec("orthogonal", "Matrices with orthonormal columns.")
        .in({"random"})
        .arg("key")
        .arg("n")
        .arg("shape", List{})
        .arg("dtype", None{})
        .arg("m", None{})
        .does(&orthogonal),
    FunctionSpec("permutation", "A range or an array in random order.")
        .in({"random"})
        .arg("key")
        .arg("x")
        .arg("axis", 0)
        .arg("independent", false)
        .does(&permutation),
    FunctionSpec("choice", "Elements drawn from a range or an array.")
        .in({"random"})
        .arg("key")
        .arg("a")
        .arg("shape", List{})
        .arg("replace", true)
        .arg("p", None{})
        .arg("axis", 0)
        .does(&choice),
}};

}  // namespace
}  // namespace linenc::functions
