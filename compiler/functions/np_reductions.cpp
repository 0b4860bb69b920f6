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
  ArrayPtr mask;  // of bool, laid out as the array; none where every element takes part
  Sizes shape;
  std::int64_t count = 1, length = 1;
  std::int64_t inner = 1;  // how much of a row lay together, and is added pairwise
};

// The argument `where`, stretched to the array; none where it is true.
ArrayPtr mask_at(const Bound& args, std::size_t i, const ArrayPtr& x) {
  if (const bool* all = args.value(i).boolean(); all && *all) return nullptr;
  const ArrayPtr given = np_array(args, i);
  if (given->dtype != DType::Bool)
    args.context.fail(Code::DtypeMismatch, args.place, concat("`where` is a bool array, and this is ", text_of(*given)));
  return broadcast_to(args.context, given, x->shape);
}

Rows rows_of(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& axes, bool keepdims, const ArrayPtr& mask = nullptr) {
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
  if (mask) out.mask = numpy_transpose(args.context, *mask, permutation);
  return out;
}

// Calls f(begin, end) for each run of elements that lie together and take part, of the elements from `begin` to `end`.
template <class F>
void for_runs(const Rows& rows, std::size_t begin, std::size_t end, const F& f) {
  if (!rows.mask) return f(begin, end);
  const auto counts = [&](std::size_t i) { return rows.mask->integers[i] != 0; };
  while (begin < end) {
    std::size_t stop = begin;
    while (stop < end && counts(stop)) ++stop;
    if (stop > begin) f(begin, stop);
    begin = stop + 1;
  }
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
double sum_of_row(const StaticArray& x, const Rows& rows, std::int64_t row, double total) {
  for (std::int64_t at = row * rows.length; at < (row + 1) * rows.length; at += rows.inner) {
    for_runs(rows, static_cast<std::size_t>(at), static_cast<std::size_t>(at + rows.inner), [&](std::size_t begin, std::size_t end) {
      total = rounded_to(x.dtype, rounded_to(along_run(x.dtype), total + pairwise(x, begin, end - begin)));
    });
  }
  return total;
}

double product_of_row(const StaticArray& x, const Rows& rows, std::int64_t row, double total) {
  for (std::int64_t at = row * rows.length; at < (row + 1) * rows.length; at += rows.inner) {
    for_runs(rows, static_cast<std::size_t>(at), static_cast<std::size_t>(at + rows.inner), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) total = rounded_to(along_run(x.dtype), total * x.reals[i]);
      total = rounded_to(x.dtype, total);
    });
  }
  return total;
}

// Small whole numbers are added in 64 bits.
DType accumulated(DType dtype) { return is_float(dtype) ? dtype : is_unsigned(dtype) ? DType::UInt64 : DType::Int64; }

// A sum or a product of each row, that begins with `start` (one element of the dtype).
StaticArray accumulated_rows(const ArrayPtr& x, const Rows& rows, const StaticArray& start, bool is_sum) {
  StaticArray out(x->dtype, rows.shape);
  for (std::int64_t r = 0; r < rows.count; ++r) {
    const auto i = static_cast<std::size_t>(r);
    if (out.is_real()) {
      out.reals[i] = is_sum ? sum_of_row(*rows.array, rows, r, start.reals[0]) : product_of_row(*rows.array, rows, r, start.reals[0]);
      continue;
    }
    auto total = static_cast<std::uint64_t>(start.integers[0]);
    for_runs(rows, static_cast<std::size_t>(r * rows.length), static_cast<std::size_t>((r + 1) * rows.length),
             [&](std::size_t begin, std::size_t end) {
               for (std::size_t k = begin; k < end; ++k) {
                 const auto element = static_cast<std::uint64_t>(rows.array->integers[k]);
                 total = is_sum ? total + element : total * element;
               }
             });
    out.integers[i] = static_cast<std::int64_t>(total);
  }
  round_elements(out);
  return out;
}

StaticArray number_of(DType dtype, int value) {
  StaticArray one(DType::Int64, {});
  one.integers[0] = value;
  return cast(one, dtype);
}

// The argument `initial` as one element of the dtype.
std::optional<StaticArray> initial_at(const Bound& args, std::size_t i, DType dtype) {
  if (args.none(i)) return std::nullopt;
  const NumpyOperand given = np_operand(args, i);
  if (given.array->rank() != 0) args.wrong_type(i, "a number");
  const bool is_python_int = given.is_weak && given.array->dtype == DType::Int64;
  return is_python_int ? *numpy_in(args.context, given, dtype) : cast(*given.array, dtype);
}

StaticArray summed(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& axes, bool keepdims, const ArrayPtr& mask = nullptr) {
  return accumulated_rows(x, rows_of(args, x, axes, keepdims, mask), number_of(x->dtype, 0), true);
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

// Parameters: a axis dtype out keepdims initial where.
Value accumulate(const Bound& args, bool is_sum) {
  const ArrayPtr given = np_array(args, 0), x = in_dtype(given, np_dtype(args, 2).value_or(accumulated(given->dtype)));
  const Rows rows = rows_of(args, x, args.axes(1, rank_of(x)), args.boolean(4), mask_at(args, 6, x));
  return np_value(accumulated_rows(x, rows, initial_at(args, 5, x->dtype).value_or(number_of(x->dtype, is_sum ? 0 : 1)), is_sum));
}

Value sum_of(const Bound& args) {
  if (std::optional<Value> size = of_sizes(args, &add, 0)) return *size;
  return accumulate(args, true);
}

Value product_of(const Bound& args) {
  if (std::optional<Value> size = of_sizes(args, &multiply, 1)) return *size;
  return accumulate(args, false);
}

// How many elements of each row take part.
StaticArray counts_of(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& axes, bool keepdims, const ArrayPtr& mask) {
  const Rows rows = rows_of(args, x, axes, keepdims, mask);
  StaticArray out(DType::Float64, rows.shape);
  for (std::int64_t r = 0; r < rows.count; ++r) {
    for_runs(rows, static_cast<std::size_t>(r * rows.length), static_cast<std::size_t>((r + 1) * rows.length),
             [&](std::size_t begin, std::size_t end) { out.reals[static_cast<std::size_t>(r)] += static_cast<double>(end - begin); });
  }
  return out;
}

// Each sum divided by its count; in whole numbers the quotient is cut off.
void divide_by(StaticArray& sums, const StaticArray& counts) {
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (sums.is_real())
      sums.reals[i] = rounded_to(sums.dtype, sums.reals[i] / counts.reals[i]);
    else
      sums.integers[i] = counts.reals[i] == 0 ? 0 : static_cast<std::int64_t>(std::trunc(static_cast<double>(sums.integers[i]) / counts.reals[i]));
  }
}

// The mean in the dtype of the array.
StaticArray own_mean(const Bound& args, const ArrayPtr& x, const std::vector<std::int64_t>& axes, bool keepdims, const ArrayPtr& mask) {
  StaticArray out = summed(args, x, axes, keepdims, mask);
  divide_by(out, counts_of(args, x, axes, keepdims, mask));
  return out;
}

// Parameters: a axis dtype out keepdims where.
Value mean_of(const Bound& args) {
  const ArrayPtr x = np_array(args, 0);
  const DType dtype = np_dtype(args, 2).value_or(x->is_real() ? x->dtype : DType::Float64);
  const ArrayPtr mask = mask_at(args, 5, x);
  // Halves are added in float32.
  const DType wide = is_float(dtype) ? along_run(dtype) : dtype;
  return np_value(cast(own_mean(args, in_dtype(x, wide), args.axes(1, rank_of(x)), args.boolean(4), mask), dtype));
}

// Parameters: a axis dtype out ddof keepdims where mean correction.
StaticArray variance_of(const Bound& args) {
  const ArrayPtr given = np_array(args, 0);
  const DType dtype = np_dtype(args, 2).value_or(given->is_real() ? given->dtype : DType::Float64);
  const std::vector<std::int64_t> axes = args.axes(1, rank_of(given));
  const ArrayPtr mask = mask_at(args, 6, given);
  if (!args.none(8) && args.given(4))
    args.context.fail(Code::WrongArguments, args.place, "`ddof` and `correction` are one argument: give one of them");
  const double freedom = args.number(args.none(8) ? 4 : 8);
  const Value center = args.none(7) ? np_value(own_mean(args, in_dtype(given, dtype), axes, true, mask)) : Value(np_array(args, 7));
  const Value apart = numpy_binary(args.context, NumpyOp::Subtract, given, center);
  const Value squares = numpy_binary(args.context, NumpyOp::Multiply, apart, apart);
  StaticArray out = summed(args, in_dtype(squares.array(), dtype), axes, args.boolean(5), mask);
  StaticArray counts = counts_of(args, given, axes, args.boolean(5), mask);
  for (double& count : counts.reals) count = std::max(count - freedom, 0.0);
  divide_by(out, counts);
  return out;
}

Value deviation_of(const Bound& args) {
  StaticArray out = variance_of(args);
  for (double& x : out.reals) x = rounded_to(out.dtype, std::sqrt(x));
  for (std::int64_t& x : out.integers) x = static_cast<std::int64_t>(std::sqrt(static_cast<double>(x)));
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

// The better of each element and a number; NaN wins.
Value at_least_as_good(const Bound& args, const StaticArray& out, const StaticArray& number, bool is_max) {
  return numpy_binary(args.context, is_max ? NumpyOp::Maximum : NumpyOp::Minimum, np_value(out), np_value(number));
}

// Where elements are left out, `initial` stands in their places.
ArrayPtr with_initial(const ArrayPtr& x, const ArrayPtr& mask, const StaticArray& initial) {
  if (!mask) return x;
  StaticArray out = *x;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (mask->integers[i] != 0) continue;
    if (out.is_real())
      out.reals[i] = initial.reals[0];
    else
      out.integers[i] = initial.integers[0];
  }
  return std::make_shared<const StaticArray>(std::move(out));
}

// Parameters: a axis out keepdims initial where.
Value extremum_of(const Bound& args, bool is_max) {
  const ArrayPtr x = np_array(args, 0), mask = mask_at(args, 5, x);
  const std::vector<std::int64_t> axes = args.axes(1, rank_of(x));
  const std::optional<StaticArray> initial = initial_at(args, 4, x->dtype);
  if (!initial) {
    if (mask) args.context.fail(Code::WrongArguments, args.place, "a mask `where` needs an `initial` value here");
    const Rows rows = rows_of(args, x, axes, args.boolean(3));
    return np_value(picked(*rows.array, extremes(args, rows, is_max), rows.shape));
  }
  const Rows rows = rows_of(args, with_initial(x, mask, *initial), axes, args.boolean(3));
  if (rows.length == 0) return broadcast_to(args.context, std::make_shared<const StaticArray>(*initial), rows.shape);
  return at_least_as_good(args, picked(*rows.array, extremes(args, rows, is_max), rows.shape), *initial, is_max);
}

FunctionSpec extremum(std::string name, std::string doc, bool is_max) {
  return np_function(std::move(name), std::move(doc))
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .arg("initial", None{})
      .arg("where", true)
      .does([is_max](const Bound& args) { return extremum_of(args, is_max); });
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

// The truth of each element, and what changes no answer where elements are left out.
ArrayPtr truths(const ArrayPtr& x, const ArrayPtr& mask, bool is_all) {
  StaticArray out = cast(*x, DType::Bool);
  for (std::size_t i = 0; mask && i < out.size(); ++i) {
    if (mask->integers[i] == 0) out.integers[i] = is_all ? 1 : 0;
  }
  return std::make_shared<const StaticArray>(std::move(out));
}

FunctionSpec quantifier(std::string name, std::string doc, bool is_all) {
  return np_function(std::move(name), std::move(doc))
      .arg("a")
      .arg("axis", None{})
      .arg("out", None{})
      .arg("keepdims", false)
      .keyword_only()
      .arg("where", true)
      .does([is_all](const Bound& args) -> Value {
        const ArrayPtr given = np_array(args, 0), x = truths(given, mask_at(args, 4, given), is_all);
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

// A number stretches to one element along the axis.
ArrayPtr joined_along(const Bound& args, const ArrayPtr& x, std::size_t i, std::int64_t axis, bool in_front) {
  ArrayPtr edge = np_array(args, i);
  if (edge->rank() == 0) {
    Sizes shape = x->shape;
    shape[static_cast<std::size_t>(axis)] = 1;
    edge = broadcast_to(args.context, edge, shape);
  }
  if (in_front) return np_concatenate(args, {{edge, false}, {x, false}}, axis);
  return np_concatenate(args, {{x, false}, {edge, false}}, axis);
}

// Parameters: a n axis prepend append.
Value differences(const Bound& args) {
  ArrayPtr given = np_array(args, 0);
  if (!args.none(3) || !args.none(4)) {
    const std::int64_t along = args.axis(2, rank_of(given));
    if (!args.none(3)) given = joined_along(args, given, 3, along, true);
    if (!args.none(4)) given = joined_along(args, given, 4, along, false);
  }
  Value x = given;
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

// Parameters: a offset axis1 axis2 dtype.
Value trace(const Bound& args) {
  const ArrayPtr given = np_array(args, 0);
  if (given->rank() < 2) args.context.fail(Code::ShapeMismatch, args.place, concat("a diagonal needs two axes, and this is ", text_of(*given)));
  const std::int64_t first = args.axis(2, rank_of(given)), second = args.axis(3, rank_of(given)), offset = args.integer(1);
  if (first == second) args.context.fail(Code::WrongArguments, args.place, "the two axes of a diagonal are one and the same");
  std::vector<std::size_t> permutation;
  for (std::int64_t axis = 0; axis < rank_of(given); ++axis) {
    if (axis != first && axis != second) permutation.push_back(static_cast<std::size_t>(axis));
  }
  permutation.insert(permutation.end(), {static_cast<std::size_t>(first), static_cast<std::size_t>(second)});
  const ArrayPtr x = numpy_transpose(args.context, *given, permutation);
  const std::int64_t rows = x->shape[x->rank() - 2], columns = x->shape.back();
  Sizes shape(x->shape.begin(), x->shape.end() - 2);
  const std::int64_t count = count_of(shape), from_row = std::max<std::int64_t>(0, -offset), from_column = std::max<std::int64_t>(0, offset);
  const std::int64_t length = std::max<std::int64_t>(0, std::min(rows - from_row, columns - from_column));
  std::vector<std::size_t> offsets;
  for (std::int64_t matrix = 0; matrix < count; ++matrix) {
    for (std::int64_t i = 0; i < length; ++i) offsets.push_back(static_cast<std::size_t>((matrix * rows + from_row + i) * columns + from_column + i));
  }
  shape.push_back(length);
  const ArrayPtr diagonal = std::make_shared<const StaticArray>(picked(*x, offsets, shape));
  return np_value(summed(args, in_dtype(diagonal, np_dtype(args, 4).value_or(accumulated(x->dtype))), {rank_of(diagonal) - 1}, false));
}

FunctionSpec accumulation(std::string name, std::string doc) {
  return np_function(std::move(name), std::move(doc)).arg("a").arg("axis", None{}).arg("dtype", None{}).arg("out", None{}).arg("keepdims", false);
}

FunctionSpec with_initial(FunctionSpec spec) { return std::move(spec.arg("initial", None{}).arg("where", true)); }

FunctionSpec spread(std::string name, std::string doc) {
  return np_function(std::move(name), std::move(doc))
      .arg("a")
      .arg("axis", None{})
      .arg("dtype", None{})
      .arg("out", None{})
      .arg("ddof", 0)
      .arg("keepdims", false)
      .keyword_only()
      .arg("where", true)
      .arg("mean", None{})
      .arg("correction", None{});
}

const RegisterFunctions family{{
    with_initial(accumulation("sum", "The sum over some axes.")).does(&sum_of),
    with_initial(accumulation("prod", "The product over some axes.")).does(&product_of),
    accumulation("mean", "The mean over some axes.").keyword_only().arg("where", true).does(&mean_of),
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
    np_function("diff", "The differences of neighbours along an axis.")
        .arg("a")
        .arg("n", 1)
        .arg("axis", -1)
        .arg("prepend", None{})
        .arg("append", None{})
        .does(&differences),
    np_function("outer", "Every element of one array times every element of another.").arg("a").arg("b").does(&outer),
    np_function("dot", "The product of vectors and matrices.").arg("a").arg("b").does(&dot),
    np_function("matmul", "The product of matrices.").arg("x1").arg("x2").keyword_only().arg("dtype", None{}).does([](const Bound& args) {
      const std::optional<DType> dtype = np_dtype(args, 2);
      const auto operand = [&](std::size_t i) -> Value { return dtype ? np_in_dtype(args, args.value(i), dtype) : Value(np_array(args, i)); };
      return numpy_matmul(args.context, operand(0), operand(1), args.place);
    }),
    np_function("trace", "The sum of a diagonal.")
        .arg("a")
        .arg("offset", 0)
        .arg("axis1", 0)
        .arg("axis2", 1)
        .arg("dtype", None{})
        .arg("out", None{})
        .does(&trace),
}};

}  // namespace
}  // namespace linenc::functions
