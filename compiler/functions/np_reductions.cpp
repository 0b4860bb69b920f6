// NumPy's reductions, on arrays that are known while compiling. Sums are added pairwise as NumPy adds them.
// Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/functions/np_arguments.h"
#include "compiler/functions/static_numbers.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// The array with the reduced axes moved behind the others, as rows to be reduced; `shape` is that of the result.
struct Rows {
  ArrayPtr array;
  Sizes shape;
  std::int64_t count = 1, length = 1;
  std::int64_t inner = 1;  // how much of a row lay together, and is added pairwise
};

Rows rows_of(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  Rows out;
  std::vector<std::size_t> permutation;
  const auto is_reduced = [&](std::int64_t axis) { return std::find(axes.begin(), axes.end(), axis) != axes.end(); };
  for (std::int64_t axis = 0; axis < rank_of(x); ++axis) {
    const std::int64_t size = x->shape[static_cast<std::size_t>(axis)];
    if (is_reduced(axis)) {
      out.length *= size;
      if (keepdims) out.shape.push_back(1);
      continue;
    }
    permutation.push_back(static_cast<std::size_t>(axis));
    out.shape.push_back(size);
    out.count *= size;
  }
  bool together = true;
  for (std::int64_t axis = rank_of(x); axis-- > 0;) {
    const std::int64_t size = x->shape[static_cast<std::size_t>(axis)];
    if (size == 1) continue;
    together = together && is_reduced(axis);
    if (together) out.inner *= size;
  }
  for (const std::int64_t axis : axes) permutation.push_back(static_cast<std::size_t>(axis));
  out.array = numpy_transpose(args.context, *x, permutation);
  return out;
}

// In what a run of neighbours is added or multiplied: halves in float32.
DType along_run(DType dtype) { return byte_size(dtype) == 2 ? DType::Float32 : dtype; }

// NumPy's pairwise sum of a run of numbers.
double pairwise(const StaticArray& x, std::size_t begin, std::size_t n) {
  const DType wide = along_run(x.dtype);
  const auto add = [&](double a, double b) { return rounded_to(wide, a + b); };
  if (n < 8) {
    double total = n == 0 ? 0 : -0.0;
    for (std::size_t i = 0; i < n; ++i) total = add(total, x.reals[begin + i]);
    return total;
  }
  if (n <= 128) {
    std::array<double, 8> parts{};
    for (std::size_t k = 0; k < 8; ++k) parts[k] = x.reals[begin + k];
    std::size_t i = 8;
    for (; i < n - n % 8; i += 8) {
      for (std::size_t k = 0; k < 8; ++k) parts[k] = add(parts[k], x.reals[begin + i + k]);
    }
    double total = add(add(add(parts[0], parts[1]), add(parts[2], parts[3])), add(add(parts[4], parts[5]), add(parts[6], parts[7])));
    for (; i < n; ++i) total = add(total, x.reals[begin + i]);
    return total;
  }
  const std::size_t half = n / 2 - n / 2 % 8;
  return add(pairwise(x, begin, half), pairwise(x, begin + half, n - half));
}

// A row run after run, each result in the dtype.
double sum_of_row(const StaticArray& x, const Rows& rows, std::int64_t row) {
  double total = 0;
  const auto begin = static_cast<std::size_t>(row * rows.length);
  for (std::int64_t at = 0; at < rows.length; at += rows.inner) {
    total = rounded_to(
        x.dtype, rounded_to(along_run(x.dtype), total + pairwise(x, begin + static_cast<std::size_t>(at), static_cast<std::size_t>(rows.inner))));
  }
  return total;
}

double product_of_row(const StaticArray& x, const Rows& rows, std::int64_t row) {
  double total = 1;
  for (std::int64_t at = 0; at < rows.length; at += rows.inner) {
    for (std::int64_t i = at; i < at + rows.inner; ++i)
      total = rounded_to(along_run(x.dtype), total * x.reals[static_cast<std::size_t>(row * rows.length + i)]);
    total = rounded_to(x.dtype, total);
  }
  return total;
}

// Small whole numbers are added in 64 bits.
DType accumulated(DType dtype) { return is_float(dtype) ? dtype : is_unsigned(dtype) ? DType::UInt64 : DType::Int64; }

StaticArray summed(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  const Rows rows = rows_of(args, x, axes, keepdims);
  StaticArray out(x->dtype, rows.shape);
  for (std::int64_t r = 0; r < rows.count; ++r) {
    const auto i = static_cast<std::size_t>(r);
    if (out.is_real()) {
      out.reals[i] = sum_of_row(*rows.array, rows, r);
      continue;
    }
    std::uint64_t total = 0;
    for (std::int64_t k = 0; k < rows.length; ++k)
      total += static_cast<std::uint64_t>(rows.array->integers[static_cast<std::size_t>(r * rows.length + k)]);
    out.integers[i] = static_cast<std::int64_t>(total);
  }
  round_elements(out);
  return out;
}

ArrayPtr in_dtype(const ArrayPtr& x, DType dtype) { return x->dtype == dtype ? x : std::make_shared<const StaticArray>(cast(*x, dtype)); }

// Sizes without a number are multiplied and added as they are: np.prod(x.shape).
std::optional<Value> of_sizes(const Bound& args, Value (*f)(Context&, const Value&, const Value&), int start) {
  const List* list = args.value(0).list();
  const auto is_open = [](const Value& item) { return item.integer() && !item.integer()->is_constant(); };
  if (!list || std::none_of(list->begin(), list->end(), is_open)) return std::nullopt;
  Value total = start;
  for (const Value& item : *list) {
    if (!item.integer()) return std::nullopt;
    total = f(args.context, total, item);
  }
  return total;
}

// sum(a, axis, dtype, out, keepdims, initial)
Value sum_of(const Bound& args) {
  if (std::optional<Value> size = of_sizes(args, &add, 0)) return *size;
  const ArrayPtr x = np_array(args, 0);
  return np_value(summed(args, in_dtype(x, np_dtype(args, 2).value_or(accumulated(x->dtype))), args.axes(1, rank_of(x)), args.boolean(4)));
}

Value product_of(const Bound& args) {
  if (std::optional<Value> size = of_sizes(args, &multiply, 1)) return *size;
  const ArrayPtr given = np_array(args, 0), x = in_dtype(given, np_dtype(args, 2).value_or(accumulated(given->dtype)));
  const Rows rows = rows_of(args, x, args.axes(1, rank_of(x)), args.boolean(4));
  StaticArray out(x->dtype, rows.shape);
  for (std::int64_t r = 0; r < rows.count; ++r) {
    if (out.is_real()) {
      out.reals[static_cast<std::size_t>(r)] = product_of_row(*rows.array, rows, r);
      continue;
    }
    std::uint64_t whole = 1;
    for (std::int64_t k = r * rows.length; k < (r + 1) * rows.length; ++k)
      whole *= static_cast<std::uint64_t>(rows.array->integers[static_cast<std::size_t>(k)]);
    out.integers[static_cast<std::size_t>(r)] = static_cast<std::int64_t>(whole);
  }
  round_elements(out);
  return np_value(std::move(out));
}

double reduced_count(const ArrayPtr& x, const std::vector<std::int64_t>& axes) {
  double count = 1;
  for (const std::int64_t axis : axes) count *= static_cast<double>(x->shape[static_cast<std::size_t>(axis)]);
  return count;
}

// The mean in the dtype of the array.
StaticArray own_mean(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& axes, bool keepdims) {
  StaticArray out = summed(args, x, axes, keepdims);
  const double count = reduced_count(x, axes);
  for (double& value : out.reals) value = rounded_to(x->dtype, value / count);
  return out;
}

// mean(a, axis, dtype, out, keepdims)
Value mean_of(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  const DType dtype = np_dtype(args, 2).value_or(x->is_real() ? x->dtype : DType::Float64);
  if (!is_float(dtype)) args.context.fail(Code::NotSupportedYet, args.place, "a mean of NumPy in whole numbers is not supported");
  // Halves are added in float32.
  return np_value(cast(own_mean(args, in_dtype(x, along_run(dtype)), args.axes(1, rank_of(x)), args.boolean(4)), dtype));
}

// var(a, axis, dtype, out, ddof, keepdims)
StaticArray variance_of(const Bound& args) {
  const ArrayPtr given = np_array(args, 0);
  const DType dtype = np_dtype(args, 2).value_or(given->is_real() ? given->dtype : DType::Float64);
  if (!is_float(dtype)) args.context.fail(Code::NotSupportedYet, args.place, "a variance of NumPy in whole numbers is not supported");
  const ArrayPtr x = in_dtype(given, dtype);
  const std::vector<std::int64_t> axes = args.axes(1, rank_of(x));
  const Value centered = numpy_binary(args.context, NumpyOp::Subtract, x, np_value(own_mean(args, x, axes, true)));
  const Value squares = numpy_binary(args.context, NumpyOp::Multiply, centered, centered);
  StaticArray out = summed(args, squares.array(), axes, args.boolean(5));
  const double count = std::max(reduced_count(x, axes) - args.number(4), 0.0);
  for (double& value : out.reals) value = rounded_to(dtype, value / count);
  return out;
}

Value deviation_of(const Bound& args) {
  StaticArray out = variance_of(args);
  for (double& x : out.reals) x = rounded_to(out.dtype, std::sqrt(x));
  return np_value(std::move(out));
}

// --- extremes ------------------------------------------------------------------------------------------

// Where the extreme of each row is: the first one, or the first NaN.
std::vector<std::size_t> extremes(const Bound& args, const Rows& rows, bool is_max) {
  if (rows.length == 0) args.context.fail(Code::EvaluationFailed, args.place, "an empty array has no extreme element");
  std::vector<std::size_t> out;
  const StaticArray& x = *rows.array;
  for (std::int64_t r = 0; r < rows.count; ++r) {
    auto best = static_cast<std::size_t>(r * rows.length);
    for (auto i = best + 1; i < static_cast<std::size_t>((r + 1) * rows.length); ++i) {
      const bool is_better =
          x.is_real() ? !std::isnan(x.reals[best]) && (std::isnan(x.reals[i]) || (is_max ? x.reals[i] > x.reals[best] : x.reals[i] < x.reals[best]))
                      : (is_max ? x.integers[i] > x.integers[best] : x.integers[i] < x.integers[best]);
      if (is_better) best = i;
    }
    out.push_back(best);
  }
  return out;
}

// max(a, axis, out, keepdims)
FunctionSpec extremum(std::string name, std::string doc, bool is_max) {
  return np_function(std::move(name), std::move(doc))
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .does([is_max](const Bound& args) -> Value {
        const ArrayPtr x = np_array(args, 0);
        const Rows rows = rows_of(args, x, args.axes(1, rank_of(x)), args.boolean(3));
        return np_value(picked(*rows.array, extremes(args, rows, is_max), rows.shape));
      });
}

FunctionSpec arg_extremum(std::string name, std::string doc, bool is_max) {
  return np_function(std::move(name), std::move(doc))
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .keyword_only()
      .arg("keepdims", false)
      .does([is_max](const Bound& args) -> Value {
        const ArrayPtr x = np_array(args, 0);
        const std::vector<std::int64_t> axes = args.none(1) ? args.axes(1, rank_of(x)) : std::vector<std::int64_t>{args.axis(1, rank_of(x))};
        const Rows rows = rows_of(args, x, axes, args.boolean(3));
        StaticArray out(DType::Int64, rows.shape);
        const std::vector<std::size_t> places = extremes(args, rows, is_max);
        for (std::size_t i = 0; i < places.size(); ++i)
          out.integers[i] = static_cast<std::int64_t>(places[i]) - static_cast<std::int64_t>(i) * rows.length;
        return np_value(std::move(out));
      });
}

Value range_of(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  const Rows rows = rows_of(args, x, args.axes(1, rank_of(x)), args.boolean(3));
  const auto pick = [&](bool is_max) -> Value { return np_value(picked(*rows.array, extremes(args, rows, is_max), rows.shape)); };
  return numpy_binary(args.context, NumpyOp::Subtract, pick(true), pick(false));
}

// --- truth and counts ------------------------------------------------------------------------------

// How many elements of each row are true.
StaticArray count_of_true(const Bound& args, const Rows& rows) {
  charge(args.context, count_of(rows.shape));
  StaticArray out(DType::Int64, rows.shape);
  for (std::int64_t i = 0; i < rows.count * rows.length; ++i)
    out.integers[static_cast<std::size_t>(i / rows.length)] += rows.array->real(static_cast<std::size_t>(i)) != 0 ? 1 : 0;
  return out;
}

FunctionSpec quantifier(std::string name, std::string doc, bool is_all) {
  return np_function(std::move(name), std::move(doc))
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .does([is_all](const Bound& args) -> Value {
        const ArrayPtr x = np_array(args, 0);
        const Rows rows = rows_of(args, x, args.axes(1, rank_of(x)), args.boolean(3));
        StaticArray out = count_of_true(args, rows);
        for (std::int64_t& n : out.integers) n = is_all ? n == rows.length : n > 0;
        return np_value(cast(out, DType::Bool));
      });
}

Value count_nonzero(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  return np_value(count_of_true(args, rows_of(args, x, args.axes(1, rank_of(x)), args.boolean(2))));
}

Value nonzero(const Bound& args) {
  List out;
  for (const ArrayPtr& part : numpy_nonzero(*np_array(args, 0))) out.push_back(part);
  return out;
}

// --- along one axis ----------------------------------------------------------------------------------

// f writes each run of elements along an axis into the result, which begins as the array (zeros of another dtype where one is
// given); of the flattened array where no axis is given.
template <class F>
Value along_axis(const Bound& args, ArrayPtr x, std::size_t axis_argument, bool flat_by_default, const F& f,
                 std::optional<DType> dtype = std::nullopt) {
  const bool is_flat = flat_by_default && args.none(axis_argument);
  if (is_flat || x->rank() == 0) x = with_shape(x, {count_of(x->shape)});
  const std::int64_t rank = rank_of(x), axis = is_flat || args.none(axis_argument) ? rank - 1 : args.axis(axis_argument, rank);
  std::vector<std::size_t> there(x->rank());
  std::iota(there.begin(), there.end(), std::size_t{0});
  std::swap(there[static_cast<std::size_t>(axis)], there.back());
  const ArrayPtr turned = numpy_transpose(args.context, *x, there);
  const auto length = static_cast<std::size_t>(turned->shape.back());
  StaticArray out = dtype ? StaticArray(*dtype, turned->shape) : *turned;
  for (std::size_t begin = 0; length != 0 && begin < turned->size(); begin += length) f(*turned, out, begin, length);
  return numpy_transpose(args.context, out, there);
}

// cumsum(a, axis, dtype)
FunctionSpec cumulative(std::string name, std::string doc, bool is_sum) {
  return np_function(std::move(name), std::move(doc)).arg("a").arg("axis", None{}).arg("dtype", None{}).does([is_sum](const Bound& args) {
    const ArrayPtr given = np_array(args, 0), x = in_dtype(given, np_dtype(args, 2).value_or(accumulated(given->dtype)));
    return along_axis(args, x, 1, true, [is_sum](const StaticArray&, StaticArray& out, std::size_t begin, std::size_t length) {
      for (std::size_t i = begin + 1; i < begin + length; ++i) {
        if (out.is_real())
          out.reals[i] = rounded_to(out.dtype, is_sum ? out.reals[i - 1] + out.reals[i] : out.reals[i - 1] * out.reals[i]);
        else {
          const auto a = static_cast<std::uint64_t>(out.integers[i - 1]), b = static_cast<std::uint64_t>(out.integers[i]);
          out.integers[i] = wrapped_to(out.dtype, static_cast<std::int64_t>(is_sum ? a + b : a * b));
        }
      }
    });
  });
}

// Ascending, NaN last.
bool is_before(const StaticArray& x, std::size_t a, std::size_t b) {
  if (!x.is_real()) return x.integers[a] < x.integers[b];
  return x.reals[a] < x.reals[b] || (std::isnan(x.reals[b]) && !std::isnan(x.reals[a]));
}

std::vector<std::size_t> order_of(const StaticArray& x, std::size_t begin, std::size_t length) {
  std::vector<std::size_t> order(length);
  std::iota(order.begin(), order.end(), begin);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return is_before(x, a, b); });
  return order;
}

Value sorted(const Bound& args) {
  return along_axis(args, np_array(args, 0), 1, args.given(1), [](const StaticArray& x, StaticArray& out, std::size_t begin, std::size_t length) {
    const std::vector<std::size_t> order = order_of(x, begin, length);
    for (std::size_t i = 0; i < length; ++i) {
      if (out.is_real())
        out.reals[begin + i] = x.reals[order[i]];
      else
        out.integers[begin + i] = x.integers[order[i]];
    }
  });
}

Value sorting_order(const Bound& args) {
  return along_axis(
      args, np_array(args, 0), 1, args.given(1),
      [](const StaticArray& x, StaticArray& out, std::size_t begin, std::size_t length) {
        const std::vector<std::size_t> order = order_of(x, begin, length);
        for (std::size_t i = 0; i < length; ++i) out.integers[begin + i] = static_cast<std::int64_t>(order[i] - begin);
      },
      DType::Int64);
}

// diff(a, n, axis)
Value differences(const Bound& args) {
  Value x = np_array(args, 0);
  for (std::int64_t n = args.integer(1); n > 0; --n) {
    const std::int64_t rank = rank_of(x.array()), axis = args.axis(2, rank);
    const auto part = [&](const Value& begin, const Value& end) {
      List index(static_cast<std::size_t>(axis), Value(std::make_shared<const Slice>()));
      index.emplace_back(std::make_shared<const Slice>(Slice{begin, end, Value()}));
      return numpy_index(args.context, x.array(), index, args.place);
    };
    x = numpy_binary(args.context, x.array()->dtype == DType::Bool ? NumpyOp::NotEqual : NumpyOp::Subtract, part(1, Value()), part(Value(), -1));
  }
  return x;
}

// --- products ------------------------------------------------------------------------------------------

Value outer(const Bound& args) {
  const ArrayPtr a = np_array(args, 0), b = np_array(args, 1);
  return numpy_binary(args.context, NumpyOp::Multiply, with_shape(a, {count_of(a->shape), 1}), with_shape(b, {1, count_of(b->shape)}));
}

// Numbers multiply; vectors and matrices as `@` does.
Value dot(const Bound& args) {
  const ArrayPtr a = np_array(args, 0), b = np_array(args, 1);
  if (a->rank() == 0 || b->rank() == 0) return numpy_binary(args.context, NumpyOp::Multiply, args.value(0), args.value(1));
  if (b->rank() > 2)
    args.context.fail(Code::NotSupportedYet, args.place, "`np.dot` with a second array of more than two axes is not supported yet: see `@`");
  return numpy_matmul(args.context, a, b, args.place);
}

Value trace(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  if (x->rank() != 2) args.context.fail(Code::NotSupportedYet, args.place, "`np.trace` of other than matrices is not supported yet");
  std::vector<std::size_t> offsets;
  for (std::int64_t i = 0; i < std::min(x->shape[0], x->shape[1]); ++i) offsets.push_back(static_cast<std::size_t>(i * x->shape[1] + i));
  const auto count = static_cast<std::int64_t>(offsets.size());
  const ArrayPtr diagonal = std::make_shared<const StaticArray>(picked(*x, offsets, {count}));
  return np_value(summed(args, in_dtype(diagonal, accumulated(x->dtype)), {0}, false));
}

FunctionSpec accumulation(std::string name, std::string doc) {
  return np_function(std::move(name), std::move(doc)).arg("a").arg("axis", None{}).arg("dtype", None{}).arg("out", None{}).arg("keepdims", false);
}

FunctionSpec spread(std::string name, std::string doc) {
  return np_function(std::move(name), std::move(doc))
      .arg("a")
      .arg("axis", None{})
      .arg("dtype", None{})
      .arg("out", None{})
      .arg("ddof", 0)
      .arg("keepdims", false);
}

const RegisterFunctions family{{
    accumulation("sum", "The sum over some axes.").does(&sum_of),
    accumulation("prod", "The product over some axes.").does(&product_of),
    accumulation("mean", "The mean over some axes.").does(&mean_of),
    spread("var", "The variance over some axes.").does([](const Bound& args) { return np_value(variance_of(args)); }),
    spread("std", "The standard deviation over some axes.").does(&deviation_of),
    extremum("max", "The largest element over some axes.", true),
    extremum("min", "The smallest element over some axes.", false),
    extremum("amax", "The largest element over some axes.", true),
    extremum("amin", "The smallest element over some axes.", false),
    arg_extremum("argmax", "Where the first largest element is.", true),
    arg_extremum("argmin", "Where the first smallest element is.", false),
    np_function("ptp", "The largest element minus the smallest.")
        .arg("a")
        .arg("axis", None{})
        .arg("out", None{})
        .arg("keepdims", false)
        .does(&range_of),
    quantifier("all", "Whether all elements are true.", true),
    quantifier("any", "Whether an element is true.", false),
    np_function("count_nonzero", "How many elements are not zero.").arg("a").arg("axis", None{}).arg("keepdims", false).does(&count_nonzero),
    np_function("nonzero", "Where elements are not zero: one array for each axis.").arg("a").does(&nonzero),
    cumulative("cumsum", "The running sum.", true),
    cumulative("cumprod", "The running product.", false),
    np_function("sort", "In ascending order along an axis.").arg("a").arg("axis", -1).does(&sorted),
    np_function("argsort", "The positions that sort an array along an axis.").arg("a").arg("axis", -1).does(&sorting_order),
    np_function("diff", "The differences of neighbours along an axis.").arg("a").arg("n", 1).arg("axis", -1).does(&differences),
    np_function("outer", "Every element of one array times every element of another.").arg("a").arg("b").does(&outer),
    np_function("dot", "The product of vectors and matrices.").arg("a").arg("b").does(&dot),
    np_function("matmul", "The product of matrices.").arg("x1").arg("x2").does([](const Bound& args) {
      return numpy_matmul(args.context, np_array(args, 0), np_array(args, 1), args.place);
    }),
    np_function("trace", "The sum of a diagonal.").arg("a").does(&trace),
}};

}  // namespace
}  // namespace linenc::functions
