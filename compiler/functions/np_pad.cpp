// np.pad in all of its modes, on arrays that are known while compiling. Tested by tests/compiler/functions/numpy_goldens_test.cpp.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "compiler/catalog/registry.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/functions/np_arguments.h"
#include "compiler/functions/pad_modes.h"

namespace linenc::functions {
namespace {

using namespace catalog;

struct Ends {
  std::int64_t low, high;
};

// The axis that is padded, and by how much.
struct Padding {
  std::int64_t axis;
  Ends width;
};

// Another function of NumPy.
ArrayPtr call(const Bound& args, std::string_view name, List positional, std::vector<std::pair<std::string, Value>> keywords = {}) {
  Arguments arguments(std::move(positional));
  for (auto& [keyword, value] : keywords) arguments.add(std::move(keyword), std::move(value));
  const FunctionSpec& spec = *find_function("np", name);
  return spec.body(catalog::bind(args.context, spec.name, spec.parameters, arguments)).array();
}

std::vector<std::int64_t> range(std::int64_t begin, std::int64_t end) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(std::max<std::int64_t>(end - begin, 0)));
  std::iota(out.begin(), out.end(), begin);
  return out;
}

ArrayPtr repeated(const Bound& args, const ArrayPtr& one, std::int64_t times, std::int64_t axis) {
  charge(args.context, count_of(one->shape) * times);
  return np_taken(args, one, std::vector<std::int64_t>(static_cast<std::size_t>(times), 0), axis);
}

ArrayPtr between(const Bound& args, const ArrayPtr& low, const ArrayPtr& x, const ArrayPtr& high, std::int64_t axis) {
  return np_concatenate(args, {{low, false}, {x, false}, {high, false}}, axis);
}

ArrayPtr as_dtype(const ArrayPtr& x, DType dtype) { return std::make_shared<const StaticArray>(cast(*x, dtype)); }

ArrayPtr pad_constant(const Bound& args, const ArrayPtr& x, Padding pad, const ArrayPtr& values) {
  const auto block = [&](std::size_t end, std::int64_t count) {
    Sizes shape = x->shape;
    shape[static_cast<std::size_t>(pad.axis)] = count;
    const auto at = static_cast<std::size_t>(2 * pad.axis) + end;
    charge(args.context, count_of(shape));
    return broadcast_to(args.context, std::make_shared<const StaticArray>(picked(*values, {at}, {})), shape);
  };
  return between(args, block(0, pad.width.low), x, block(1, pad.width.high), pad.axis);
}

// By the places of elements: 'edge', 'wrap', 'reflect', 'symmetric'.
ArrayPtr pad_places(const Bound& args, const ArrayPtr& x, Padding pad, const std::string& mode) {
  const std::int64_t size = x->shape[static_cast<std::size_t>(pad.axis)];
  charge(args.context, pad.width.low + size + pad.width.high);
  std::vector<std::int64_t> positions;
  for (std::int64_t i = -pad.width.low; i < size + pad.width.high; ++i) {
    const std::int64_t period = mode == "reflect" ? std::max<std::int64_t>(2 * (size - 1), 1) : mode == "symmetric" ? 2 * size : size;
    const std::int64_t inside = (i % period + period) % period;
    if (mode == "edge")
      positions.push_back(std::clamp<std::int64_t>(i, 0, size - 1));
    else if (mode == "reflect")
      positions.push_back(inside < size ? inside : period - inside);
    else
      positions.push_back(inside < size ? inside : period - 1 - inside);
  }
  return np_taken(args, x, positions, pad.axis);
}

// Mirrored through the edge, in place and in value.
ArrayPtr pad_odd(const Bound& args, ArrayPtr x, std::int64_t axis, std::int64_t amount, bool before, bool is_reflect) {
  const auto along = static_cast<std::size_t>(axis);
  const std::int64_t size = x->shape[along], offset = is_reflect && size > 1 ? 1 : 0;
  while (amount > 0) {
    const std::int64_t now = std::min(amount, size - offset), length = x->shape[along];
    std::vector<std::int64_t> positions = before ? range(offset, offset + now) : range(length - now - offset, length - offset);
    std::reverse(positions.begin(), positions.end());
    const ArrayPtr edge = np_taken(args, x, {before ? 0 : length - 1}, axis), mirror = np_taken(args, x, positions, axis);
    const Value twice = numpy_binary(args.context, NumpyOp::Multiply, 2, edge);
    const ArrayPtr block = numpy_binary(args.context, NumpyOp::Subtract, twice, mirror).array();
    x = before ? np_concatenate(args, {{block, false}, {x, false}}, axis) : np_concatenate(args, {{x, false}, {block, false}}, axis);
    amount -= now;
  }
  return x;
}

// The middle element, or the mean of the two in the middle; NaN where there is one.
ArrayPtr median_of(const Bound& args, const ArrayPtr& x, std::int64_t axis) {
  const ArrayPtr sorted = call(args, "sort", {x, axis});
  const std::int64_t size = x->shape[static_cast<std::size_t>(axis)];
  const ArrayPtr middle = np_taken(args, sorted, range((size - 1) / 2, size / 2 + 1), axis), last = np_taken(args, sorted, {size - 1}, axis);
  StaticArray out = *call(args, "mean", {middle, axis}, {{"keepdims", true}});
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (std::isnan(last->real(i))) out.reals[i] = last->real(i);
  }
  return std::make_shared<const StaticArray>(std::move(out));
}

ArrayPtr statistic(const Bound& args, const ArrayPtr& x, std::int64_t axis, const std::string& mode) {
  if (mode == "maximum") return call(args, "max", {x, axis}, {{"keepdims", true}});
  if (mode == "minimum") return call(args, "min", {x, axis}, {{"keepdims", true}});
  StaticArray out = *(mode == "mean" ? call(args, "mean", {x, axis}, {{"keepdims", true}}) : median_of(args, x, axis));
  if (!x->is_real() && x->dtype != DType::Bool) {
    for (double& value : out.reals) value = std::nearbyint(value);
  }
  return std::make_shared<const StaticArray>(cast(out, x->dtype));
}

ArrayPtr pad_statistic(const Bound& args, const ArrayPtr& x, Padding pad, const std::string& mode, const ArrayPtr& lengths) {
  const std::int64_t size = x->shape[static_cast<std::size_t>(pad.axis)];
  const auto length_at = [&](std::int64_t end) {
    if (!lengths) return size;
    const std::int64_t length = lengths->integers[static_cast<std::size_t>(2 * pad.axis + end)];
    if (length < 1) args.context.fail(Code::WrongArguments, args.place, "`stat_length` counts elements, one at least");
    return std::min(length, size);
  };
  const ArrayPtr low = statistic(args, np_taken(args, x, range(0, length_at(0)), pad.axis), pad.axis, mode);
  const ArrayPtr high = statistic(args, np_taken(args, x, range(size - length_at(1), size), pad.axis), pad.axis, mode);
  return between(args, repeated(args, low, pad.width.low, pad.axis), x, repeated(args, high, pad.width.high, pad.axis), pad.axis);
}

// One number or one pair for all axes are scalars of NumPy, which have their own dtype; pairs for each axis are numbers of Python, which
// take the dtype of the edges.
bool are_scalars(const StaticArray& ends) { return ends.size() == 1 || (ends.size() == 2 && ends.shape != Sizes{2, 1}); }

ArrayPtr pad_ramp(const Bound& args, const ArrayPtr& x, Padding pad, const ArrayPtr& ends, bool has_scalars) {
  const std::int64_t size = x->shape[static_cast<std::size_t>(pad.axis)];
  const auto ramp = [&](std::size_t end, std::int64_t edge, std::int64_t count) {
    const Value stop = call(args, "squeeze", {np_taken(args, x, {edge}, pad.axis), pad.axis});
    const Value scalar = std::make_shared<const StaticArray>(picked(*ends, {static_cast<std::size_t>(2 * pad.axis) + end}, {}));
    const Value start = has_scalars ? scalar : plain(scalar);
    return call(args, "linspace", {start, stop, count}, {{"endpoint", false}, {"dtype", x->dtype}, {"axis", pad.axis}});
  };
  const ArrayPtr high = call(args, "flip", {ramp(1, size - 1, pad.width.high), pad.axis});
  return between(args, ramp(0, 0, pad.width.low), x, high, pad.axis);
}

// Parameters: array pad_width mode constant_values stat_length end_values reflect_type.
Value pad(const Bound& args) {
  Context& context = args.context;
  ArrayPtr x = np_array(args, 0);
  const Sizes pairs{rank_of(x), 2};
  const ArrayPtr widths = broadcast_to(context, np_array(args, 1), pairs);
  const std::string mode = pad_mode(args, {"constant_values", "stat_length", "end_values", "reflect_type"});
  if (widths->is_real() || std::any_of(widths->integers.begin(), widths->integers.end(), [](std::int64_t width) { return width < 0; })) {
    context.fail(Code::EvaluationFailed, args.place, "`np.` pads by whole numbers that are not negative");
  }
  const ArrayPtr constants = broadcast_to(context, numpy_in(context, np_operand(args, 3), x->dtype), pairs);
  const ArrayPtr lengths = args.none(4) ? nullptr : broadcast_to(context, as_dtype(np_array(args, 4), DType::Int64), pairs);
  const ArrayPtr ends = broadcast_to(context, np_array(args, 5), pairs);
  const bool is_odd = args.text(6) == "odd";
  if (!is_odd && args.text(6) != "even") args.wrong_type(6, "'even' or 'odd'");
  for (std::int64_t axis = 0; axis < rank_of(x); ++axis) {
    const auto low = static_cast<std::size_t>(2 * axis);
    const Padding padding{axis, {widths->integers[low], widths->integers[low + 1]}};
    if (mode == "constant" || mode == "empty") {
      x = pad_constant(args, x, padding, constants);
      continue;
    }
    if (padding.width.low == 0 && padding.width.high == 0) continue;
    if (x->shape[static_cast<std::size_t>(axis)] == 0)
      context.fail(Code::ShapeMismatch, args.place, concat("nothing is there to be padded with along the axis ", axis));
    if (is_statistic(mode))
      x = pad_statistic(args, x, padding, mode, lengths);
    else if (mode == "linear_ramp")
      x = pad_ramp(args, x, padding, ends, are_scalars(*np_array(args, 5)));
    else if (is_odd)
      x = pad_odd(args, pad_odd(args, x, axis, padding.width.low, true, mode == "reflect"), axis, padding.width.high, false, mode == "reflect");
    else
      x = pad_places(args, x, padding, mode);
  }
  return x;
}

const RegisterFunction function{np_function("pad", "Elements added at both ends of each axis.")
                                    .arg("array")
                                    .arg("pad_width")
                                    .arg("mode", "constant")
                                    .keyword_only()
                                    .arg("constant_values", 0)
                                    .arg("stat_length", None{})
                                    .arg("end_values", 0)
                                    .arg("reflect_type", "even")
                                    .does(&pad)};

}  // namespace
}  // namespace linenc::functions
