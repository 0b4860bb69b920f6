// NumPy's new arrays, known while compiling. Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <array>
#include <cmath>
#include <span>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/functions/np_arguments.h"

namespace linenc::functions {
namespace {

using namespace catalog;

StaticArray filled(Context& context, DType dtype, Sizes shape, double real, std::int64_t whole) {
  charge(context, count_of(shape));
  StaticArray out(dtype, std::move(shape));
  for (double& x : out.reals) x = real;
  for (std::int64_t& x : out.integers) x = whole;
  round_elements(out);
  return out;
}

FunctionSpec constant(std::string name, std::string doc, int value) {
  return np_function(std::move(name), std::move(doc)).arg("shape").arg("dtype", None{}).does([value](const Bound& args) -> Value {
    return np_value(filled(args.context, np_dtype(args, 1).value_or(DType::Float64), np_shape(args, 0), value, value));
  });
}

FunctionSpec constant_like(std::string name, std::string doc, int value, std::string first = "a") {
  return np_function(std::move(name), std::move(doc))
      .arg(std::move(first))
      .arg("dtype", None{})
      .keyword_only()
      .arg("shape", None{})
      .does([value](const Bound& args) -> Value {
        const ArrayPtr like = np_array(args, 0);
        return np_value(filled(args.context, np_dtype(args, 1).value_or(like->dtype), args.none(2) ? like->shape : np_shape(args, 2), value, value));
      });
}

Value full_of(const Bound& args, const Sizes& shape, const Value& value, DType dtype) {
  const ArrayPtr given = to_static_array(args.context, value, args.place);
  charge(args.context, count_of(shape));
  return np_value(cast(*broadcast_to(args.context, given, shape), dtype));
}

Value full(const Bound& args) { return full_of(args, np_shape(args, 0), args.value(1), np_dtype(args, 2).value_or(np_array(args, 1)->dtype)); }

Value full_like(const Bound& args) {
  const ArrayPtr like = np_array(args, 0);
  return full_of(args, args.none(3) ? like->shape : np_shape(args, 3), args.value(1), np_dtype(args, 2).value_or(like->dtype));
}

Value array(const Bound& args) {
  const ArrayPtr given = np_array(args, 0);
  const std::optional<DType> dtype = np_dtype(args, 1);
  return dtype ? np_value(cast(*given, *dtype)) : Value(given);
}

// With axes of size 1 in front until the rank is `ndmin`.
Value array_with_rank(const Bound& args) {
  const Value made = array(args);
  Sizes shape = made.array()->shape;
  const std::int64_t missing = args.integer(2) - static_cast<std::int64_t>(shape.size());
  if (missing <= 0) return made;
  charge(args.context, missing);
  shape.insert(shape.begin(), static_cast<std::size_t>(missing), 1);
  return with_shape(made.array(), shape);
}

// The same with one axis at least.
Value contiguous(const Bound& args) {
  const Value out = array(args);
  const ArrayPtr held = np_array(args, 0);
  if (held->rank() > 0) return out;
  return with_shape(out.array() ? out.array() : held, {1});
}

// --- numbers in a row ----------------------------------------------------------------------------

Value arange(const Bound& args) {
  const bool only_stop = args.none(1);
  const NumpyOperand zero{std::make_shared<const StaticArray>(StaticArray(DType::Int64, {})), true};
  const NumpyOperand start = only_stop ? zero : np_operand(args, 0), stop = np_operand(args, only_stop ? 0 : 1);
  const bool has_step = !args.none(2);
  const NumpyOperand given_step = has_step ? np_operand(args, 2) : zero;
  for (const NumpyOperand* operand : {&start, &stop, &given_step}) {
    if (operand->array->rank() != 0) args.context.fail(Code::WrongType, args.place, "`arange` wants numbers");
  }
  const double step = has_step ? given_step.array->real(0) : 1, first = start.array->real(0);
  if (step == 0) args.context.fail(Code::EvaluationFailed, args.place, "the step of `arange` is 0");
  // Whatever their width, numbers make int64 or float64.
  const bool is_real = start.array->is_real() || stop.array->is_real() || (has_step && given_step.array->is_real());
  const DType dtype = np_dtype(args, 3).value_or(is_real ? DType::Float64 : DType::Int64);
  const double length = std::max(0.0, std::ceil((stop.array->real(0) - first) / step));
  if (!(length < 0x1p62)) args.context.fail(Code::EvaluationFailed, args.place, "`arange` has no end");
  const auto count = static_cast<std::int64_t>(length);
  charge(args.context, count);
  StaticArray out(dtype, {count});
  // From the first two numbers, as NumPy fills it: the step is their difference in the dtype.
  const double begin = rounded_to(dtype, first), second = rounded_to(dtype, first + step);
  const DType wide = byte_size(dtype) == 2 ? DType::Float32 : dtype;
  const double difference = rounded_to(wide, second - begin);
  for (std::size_t i = 0; i < out.reals.size(); ++i) {
    const double along = rounded_to(wide, rounded_to(wide, static_cast<double>(i)) * difference);
    out.reals[i] = i == 0 ? begin : i == 1 ? second : rounded_to(dtype, rounded_to(wide, begin + along));
  }
  const StaticArray whole_start = cast(*start.array, DType::Int64);
  const std::int64_t from = whole_start.integers[0];
  const auto by = static_cast<std::int64_t>(std::trunc(first + step)) - static_cast<std::int64_t>(std::trunc(first));
  for (std::size_t i = 0; i < out.integers.size(); ++i) out.integers[i] = wrapped_to(dtype, from + static_cast<std::int64_t>(i) * by);
  return np_value(std::move(out));
}

struct Spaced {
  StaticArray values;  // floats along a new first axis, in the dtype of the ends
  double step = NAN;
};

// Whole numbers are spaced in float64.
DType spaced_dtype(std::span<const NumpyOperand> ends) {
  const DType common = numpy_result_type(ends);
  return is_float(common) ? common : DType::Float64;
}

Spaced spaced(const Bound& args, const Value& start, const Value& stop, std::int64_t count, bool endpoint) {
  Context& context = args.context;
  if (count < 0) context.fail(Code::EvaluationFailed, args.place, concat("the number of samples cannot be negative, and this is ", count));
  const std::array<NumpyOperand, 2> ends{numpy_operand(context, start, args.place), numpy_operand(context, stop, args.place)};
  const DType dtype = spaced_dtype(ends);
  const std::vector<ArrayPtr> aligned = numpy_align(context, ends, dtype);
  const StaticArray &from = *aligned[0], &to = *aligned[1];
  const auto round = [dtype](double x) { return rounded_to(dtype, x); };
  Sizes shape = from.shape;
  shape.insert(shape.begin(), count);
  charge(context, count_of(shape));
  Spaced out{StaticArray(dtype, shape)};
  const auto divisions = static_cast<double>(endpoint ? count - 1 : count);
  bool has_zero_step = false;
  for (std::size_t k = 0; k < from.size(); ++k) has_zero_step = has_zero_step || round(round(to.reals[k] - from.reals[k]) / divisions) == 0;
  for (std::size_t k = 0; k < from.size(); ++k) {
    const double span = round(to.reals[k] - from.reals[k]), step = round(span / divisions);
    if (divisions > 0) out.step = step;
    for (std::int64_t i = 0; i < count; ++i) {
      const auto n = static_cast<double>(i);
      const double along = divisions > 0 ? (has_zero_step ? round(round(n / divisions) * span) : round(n * step)) : round(n * span);
      double& value = out.values.reals[static_cast<std::size_t>(i) * from.size() + k];
      value = round(along + from.reals[k]);
      if (endpoint && count > 1 && i == count - 1) value = to.reals[k];
    }
  }
  return out;
}

ArrayPtr with_new_axis_at(const Bound& args, std::size_t i, StaticArray values) {
  const auto rank = static_cast<std::int64_t>(values.rank());
  const std::int64_t axis = args.axis(i, rank);
  std::vector<std::size_t> permutation;
  for (std::int64_t k = 1; k < rank; ++k) permutation.push_back(static_cast<std::size_t>(k));
  permutation.insert(permutation.begin() + axis, 0);
  return numpy_transpose(args.context, values, permutation);
}

// linspace(start, stop, num, endpoint, retstep, dtype, axis)
Value linspace(const Bound& args) {
  Spaced made = spaced(args, args.value(0), args.value(1), args.integer(2), args.boolean(3));
  const std::optional<DType> dtype = np_dtype(args, 5);
  if (dtype && is_integer(*dtype)) {
    for (double& x : made.values.reals) x = std::floor(x);
  }
  const ArrayPtr turned = with_new_axis_at(args, 6, std::move(made.values));
  const Value values = np_value(cast(*turned, dtype.value_or(turned->dtype)));
  return args.boolean(4) ? Value(List{values, made.step}) : values;
}

// logspace(start, stop, num, endpoint, base, dtype, axis)
Value logspace(const Bound& args) {
  const ArrayPtr exponents = with_new_axis_at(args, 6, spaced(args, args.value(0), args.value(1), args.integer(2), args.boolean(3)).values);
  const Value powers = numpy_binary(args.context, NumpyOp::Power, np_value(cast(*np_array(args, 4), exponents->dtype)), exponents);
  return np_value(cast(*powers.array(), np_dtype(args, 5).value_or(exponents->dtype)));
}

// Of positive numbers, or of two negative ones: through the logarithms to base 10.
Value geomspace(const Bound& args) {
  Context& context = args.context;
  const std::array<NumpyOperand, 2> ends{np_operand(args, 0), np_operand(args, 1)};
  const std::vector<ArrayPtr> aligned = numpy_align(context, ends, DType::Float64);
  StaticArray from = *aligned[0], to = *aligned[1], first = from, last = to;
  for (std::size_t k = 0; k < from.size(); ++k) {
    double &start = first.reals[k], &stop = last.reals[k];
    if (start * stop <= 0) context.fail(Code::EvaluationFailed, args.place, "`geomspace` goes between numbers of one sign that are not 0");
    start = std::abs(start), stop = std::abs(stop);
    from.reals[k] = std::log10(start), to.reals[k] = std::log10(stop);
  }
  const bool endpoint = args.boolean(3);
  const ArrayPtr signs = aligned[0];
  StaticArray out = spaced(args, np_value(std::move(from)), np_value(std::move(to)), args.integer(2), endpoint).values;
  const std::size_t width = first.size(), count = width == 0 ? 0 : out.size() / width;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t row = i / width, k = i % width;
    const bool is_first = row == 0, is_last = count > 1 && endpoint && row == count - 1;
    const double size = is_first ? first.reals[k] : is_last ? last.reals[k] : std::pow(10.0, out.reals[i]);
    out.reals[i] = signs->reals[k] < 0 ? -size : size;
  }
  return np_value(cast(*with_new_axis_at(args, 5, std::move(out)), np_dtype(args, 4).value_or(DType::Float64)));
}

// --- matrices ----------------------------------------------------------------------------------------

// Ones where f(row, column) says so.
template <class F>
Value marked(const Bound& args, std::int64_t rows, std::int64_t columns, DType dtype, const F& f) {
  charge(args.context, count_of({rows, columns}));
  StaticArray out(dtype, {rows, columns});
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) {
      const auto i = static_cast<std::size_t>(r * columns + c);
      if (out.is_real())
        out.reals[i] = f(r, c) ? 1 : 0;
      else
        out.integers[i] = f(r, c) ? 1 : 0;
    }
  }
  return np_value(std::move(out));
}

std::int64_t size_at(const Bound& args, std::size_t i) {
  const std::int64_t size = args.integer(i);
  if (size < 0) args.context.fail(Code::ShapeMismatch, args.place, concat("a size cannot be negative, and this is ", size));
  return size;
}

Value eye(const Bound& args) {
  const std::int64_t rows = size_at(args, 0), diagonal = args.integer(2);
  return marked(args, rows, args.none(1) ? rows : size_at(args, 1), np_dtype(args, 3).value_or(DType::Float64),
                [&](std::int64_t r, std::int64_t c) { return c - r == diagonal; });
}

Value tri(const Bound& args) {
  const std::int64_t rows = size_at(args, 0), diagonal = args.integer(2);
  return marked(args, rows, args.none(1) ? rows : size_at(args, 1), np_dtype(args, 3).value_or(DType::Float64),
                [&](std::int64_t r, std::int64_t c) { return c - r <= diagonal; });
}

// The part of the last two axes on one side of a diagonal; zeros beside it.
Value triangle(const Bound& args, bool is_lower) {
  const ArrayPtr x = np_array(args, 0);
  if (x->rank() < 2) args.context.fail(Code::ShapeMismatch, args.place, concat("a triangle is cut from a matrix, and this is ", text_of(*x)));
  charge(args.context, count_of(x->shape));
  const std::int64_t rows = x->shape[x->rank() - 2], columns = x->shape.back(), diagonal = args.integer(1);
  StaticArray out = *x;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto at = static_cast<std::int64_t>(i);
    const std::int64_t offset = at % columns - at / columns % rows;
    if (is_lower ? offset <= diagonal : offset >= diagonal) continue;
    if (out.is_real())
      out.reals[i] = 0;
    else
      out.integers[i] = 0;
  }
  return np_value(std::move(out));
}

Value diagonal_matrix(const Bound& args) {
  const ArrayPtr v = np_array(args, 0);
  const std::int64_t k = args.integer(1);
  if (v->rank() != 1 && v->rank() != 2) args.context.fail(Code::ShapeMismatch, args.place, "`diag` takes a vector or a matrix");
  std::vector<std::size_t> offsets;
  if (v->rank() == 2) {
    for (std::int64_t r = std::max<std::int64_t>(0, -k), c = r + k; r < v->shape[0] && c < v->shape[1]; ++r, ++c)
      offsets.push_back(static_cast<std::size_t>(r * v->shape[1] + c));
    const auto count = static_cast<std::int64_t>(offsets.size());
    return np_value(picked(*v, offsets, {count}));
  }
  const std::int64_t size = v->shape[0] + std::abs(k);
  charge(args.context, count_of({size, size}));
  StaticArray out(v->dtype, {size, size});
  for (std::int64_t i = 0; i < v->shape[0]; ++i) {
    const auto to = static_cast<std::size_t>((i + std::max<std::int64_t>(0, -k)) * size + i + std::max<std::int64_t>(0, k)),
               from = static_cast<std::size_t>(i);
    if (out.is_real())
      out.reals[to] = v->reals[from];
    else
      out.integers[to] = v->integers[from];
  }
  return np_value(std::move(out));
}

Value triangle_indices(const Bound& args, bool is_lower) {
  const std::int64_t rows = size_at(args, 0), diagonal = args.integer(1), columns = args.none(2) ? rows : size_at(args, 2);
  const Value mask =
      marked(args, rows, columns, DType::Bool, [&](std::int64_t r, std::int64_t c) { return is_lower ? c - r <= diagonal : c - r >= diagonal; });
  List out;
  for (const ArrayPtr& part : numpy_nonzero(*mask.array())) out.push_back(part);
  return out;
}

// The positions along each axis, of size 1 along the others.
Value open_indices(const Bound& args, const Sizes& shape) {
  List out;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    Sizes line(shape.size(), 1);
    line[axis] = shape[axis];
    charge(args.context, shape[axis]);
    StaticArray positions(DType::Int64, line);
    for (std::size_t i = 0; i < positions.size(); ++i) positions.integers[i] = static_cast<std::int64_t>(i);
    out.push_back(np_value(cast(positions, np_dtype(args, 1).value_or(DType::Int64))));
  }
  return out;
}

// One array for each axis of a grid, that holds the position along it.
Value indices(const Bound& args) {
  const Sizes shape = np_shape(args, 0);
  if (args.boolean(2)) return open_indices(args, shape);
  Sizes whole = shape;
  whole.insert(whole.begin(), static_cast<std::int64_t>(shape.size()));
  charge(args.context, count_of(whole));
  StaticArray out(DType::Int64, whole);
  const std::int64_t count = count_of(shape);
  std::int64_t inner = count;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] != 0) inner /= shape[axis];
    for (std::int64_t i = 0; i < count; ++i)
      out.integers[static_cast<std::size_t>(static_cast<std::int64_t>(axis) * count + i)] = i / inner % shape[axis];
  }
  return np_value(cast(out, np_dtype(args, 1).value_or(DType::Int64)));
}

// Parameters: xi indexing sparse.
Value meshgrid(const Bound& args) {
  const std::string indexing = args.text(1);
  if (indexing != "xy" && indexing != "ij") args.context.fail(Code::WrongArguments, args.place, "`indexing` is 'xy' or 'ij'");
  std::vector<ArrayPtr> axes;
  for (const Arguments::Item& item : args.rest()) axes.push_back(to_static_array(args.context, item.value, item.place));
  const bool swaps = indexing == "xy" && axes.size() >= 2;
  Sizes shape;
  for (const ArrayPtr& axis : axes) shape.push_back(count_of(axis->shape));
  if (swaps) std::swap(shape[0], shape[1]);
  List out;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    Sizes line(axes.size(), 1);
    line[swaps && i < 2 ? 1 - i : i] = count_of(axes[i]->shape);
    const ArrayPtr open = with_shape(axes[i], line);
    out.push_back(args.boolean(2) ? open : broadcast_to(args.context, open, shape));
  }
  return out;
}

Value window(const Bound& args, double level) {
  const std::int64_t size = args.integer(0);
  charge(args.context, std::max<std::int64_t>(size, 0));
  StaticArray out(DType::Float64, {std::max<std::int64_t>(size, 0)});
  for (std::int64_t i = 0; i < size; ++i) {
    const auto n = static_cast<double>(1 - size + 2 * i);
    out.reals[static_cast<std::size_t>(i)] = size == 1 ? 1 : level + (1 - level) * std::cos(M_PI * n / static_cast<double>(size - 1));
  }
  return np_value(std::move(out));
}

const RegisterFunctions family{{
    constant("zeros", "Zeros.", 0),
    constant("ones", "Ones.", 1),
    constant("empty", "An array; here, of zeros.", 0),
    constant_like("zeros_like", "Zeros in the shape of another array.", 0),
    constant_like("ones_like", "Ones in the shape of another array.", 1),
    constant_like("empty_like", "An array in the shape of another one; here, of zeros.", 0, "prototype"),
    np_function("full", "One value everywhere.").arg("shape").arg("fill_value").arg("dtype", None{}).does(&full),
    np_function("full_like", "One value in the shape of another array.")
        .arg("a")
        .arg("fill_value")
        .arg("dtype", None{})
        .keyword_only()
        .arg("shape", None{})
        .does(&full_like),
    np_function("array", "Numbers and lists of numbers as an array.")
        .arg("object")
        .arg("dtype", None{})
        .keyword_only()
        .arg("ndmin", 0)
        .does(&array_with_rank),
    np_function("asarray", "Numbers and lists of numbers as an array.").arg("a").arg("dtype", None{}).does(&array),
    np_function("ascontiguousarray", "Numbers and lists of numbers as an array.").arg("a").arg("dtype", None{}).does(&contiguous),
    np_function("copy", "The array itself: values have no identity.").arg("a").does([](const Bound& args) -> Value { return np_array(args, 0); }),
    np_function("arange", "Numbers from start up to stop.").arg("start").arg("stop", None{}).arg("step", None{}).arg("dtype", None{}).does(&arange),
    np_function("linspace", "Numbers in equal steps.")
        .arg("start")
        .arg("stop")
        .arg("num", 50)
        .arg("endpoint", true)
        .arg("retstep", false)
        .arg("dtype", None{})
        .arg("axis", 0)
        .does(&linspace),
    np_function("logspace", "Powers of a base in equal steps of the exponent.")
        .arg("start")
        .arg("stop")
        .arg("num", 50)
        .arg("endpoint", true)
        .arg("base", 10.0)
        .arg("dtype", None{})
        .arg("axis", 0)
        .does(&logspace),
    np_function("geomspace", "Numbers in equal ratios.")
        .arg("start")
        .arg("stop")
        .arg("num", 50)
        .arg("endpoint", true)
        .arg("dtype", None{})
        .arg("axis", 0)
        .does(&geomspace),
    np_function("eye", "Ones on a diagonal.").arg("N").arg("M", None{}).arg("k", 0).arg("dtype", None{}).does(&eye),
    np_function("identity", "Ones on the diagonal.").arg("n").arg("dtype", None{}).does([](const Bound& args) {
      const std::int64_t n = size_at(args, 0);
      return marked(args, n, n, np_dtype(args, 1).value_or(DType::Float64), [](std::int64_t r, std::int64_t c) { return r == c; });
    }),
    np_function("tri", "Ones on and below a diagonal.").arg("N").arg("M", None{}).arg("k", 0).arg("dtype", None{}).does(&tri),
    np_function("tril", "The lower triangle.").arg("m").arg("k", 0).does([](const Bound& args) { return triangle(args, true); }),
    np_function("triu", "The upper triangle.").arg("m").arg("k", 0).does([](const Bound& args) { return triangle(args, false); }),
    np_function("diag", "A diagonal, or the matrix that has it.").arg("v").arg("k", 0).does(&diagonal_matrix),
    np_function("tril_indices", "Where the lower triangle is.").arg("n").arg("k", 0).arg("m", None{}).does([](const Bound& args) {
      return triangle_indices(args, true);
    }),
    np_function("triu_indices", "Where the upper triangle is.").arg("n").arg("k", 0).arg("m", None{}).does([](const Bound& args) {
      return triangle_indices(args, false);
    }),
    np_function("indices", "The positions along each axis of a grid.").arg("dimensions").arg("dtype", None{}).arg("sparse", false).does(&indices),
    np_function("meshgrid", "The coordinates of a grid, one array for each axis.")
        .rest("xi")
        .keyword_only()
        .arg("indexing", "xy")
        .arg("sparse", false)
        .does(&meshgrid),
    np_function("hanning", "The Hann window.").arg("M").does([](const Bound& args) { return window(args, 0.5); }),
    np_function("hamming", "The Hamming window.").arg("M").does([](const Bound& args) { return window(args, 0.54); }),
}};

}  // namespace
}  // namespace linenc::functions
