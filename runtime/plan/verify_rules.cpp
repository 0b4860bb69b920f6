// The shape and dtype rule of every op, on the sizes of a plan.
//
// A plan may come from anywhere: every number is suspect, so sums and products of attributes are taken in 128 bits.
//
// Tested by tests/runtime/plan/verify_test.cpp.
#include "runtime/plan/verify_rules.h"

#include <algorithm>
#include <limits>

namespace linenc {
namespace {

__extension__ using Wide = __int128;
using List = std::vector<std::int64_t>;

// Thrown by a rule and caught in step_problem().
struct Problem {
  std::string text;
};
[[noreturn]] void fail(std::string text) { throw Problem{std::move(text)}; }
void expect(bool holds, std::string_view text) {
  if (!holds) fail(std::string(text));
}

std::string fact(const PlanValue& value) { return std::string(name(value.dtype)) + to_string(value.shape); }

bool is_number(DType dtype) { return is_float(dtype) || is_integer(dtype); }

class Rule {
 public:
  explicit Rule(const StepFacts& facts) : facts_(facts) {}
  void check();

 private:
  const PlanValue& in(std::size_t i) const { return *facts_.inputs[i]; }
  const PlanValue& out(std::size_t i = 0) const { return *facts_.outputs[i]; }
  const Shape& x() const { return in(0).shape; }
  std::int64_t rank() const { return static_cast<std::int64_t>(x().size()); }
  template <class T>
  const T& attributes() const {
    const T* own = std::get_if<T>(&facts_.step.attributes);
    if (own == nullptr) fail("has the attributes of another op");
    return *own;
  }

  void arity(std::size_t least, std::size_t most, std::size_t results = 1) const;
  void results(DType dtype, const Shape& shape, std::size_t i = 0) const;
  void dtype(std::size_t operand, DType wanted) const;
  void one_dtype(std::size_t first) const;
  void scalar(std::size_t operand) const;
  void numbers(std::size_t operand) const;
  void axis(std::int64_t a, const Shape& shape) const;
  void axes(const List& list, const Shape& shape) const;
  void broadcasts(const Shape& from, const Shape& to) const;
  void length(std::size_t size, std::size_t wanted, std::string_view what) const;
  void at_least(const List& list, std::int64_t least, std::string_view what) const;
  void factors(const List& list, std::string_view what) const;
  void paddings(const List& list) const;

  void constant() const;
  void elementwise() const;
  void slice() const;
  void concatenate() const;
  void pad() const;
  Shape gathered(std::int64_t at, std::int64_t batch_dims) const;
  void scatter() const;
  void starts(std::size_t first, const Shape& box) const;
  void reduce() const;
  void arg_reduce() const;
  void sort() const;
  void top_k() const;
  void dot() const;
  void convolution() const;
  void window() const;
  void after_key() const;
  void draw() const;
  void random_int() const;
  void normalize() const;

  const StepFacts& facts_;
};

void Rule::arity(std::size_t least, std::size_t most, std::size_t results) const {
  const std::size_t count = facts_.inputs.size();
  if (count < least || count > most) fail("has " + std::to_string(count) + " operands");
  if (facts_.outputs.size() != results) fail("has " + std::to_string(facts_.outputs.size()) + " results, needs " + std::to_string(results));
}
void Rule::results(DType dtype, const Shape& shape, std::size_t i) const {
  if (out(i).dtype == dtype && out(i).shape == shape) return;
  fail("gives " + std::string(name(dtype)) + to_string(shape) + ", its result is " + fact(out(i)));
}
void Rule::dtype(std::size_t operand, DType wanted) const {
  if (in(operand).dtype != wanted)
    fail("needs " + std::string(name(wanted)) + " as operand " + std::to_string(operand) + ", not " + fact(in(operand)));
}
void Rule::one_dtype(std::size_t first) const {
  for (std::size_t i = first; i < facts_.inputs.size(); ++i) dtype(i, in(first).dtype);
}
void Rule::scalar(std::size_t operand) const {
  if (!in(operand).shape.empty()) fail("needs a scalar as operand " + std::to_string(operand) + ", not " + fact(in(operand)));
}
void Rule::numbers(std::size_t operand) const {
  if (!is_number(in(operand).dtype)) fail("needs numbers, not " + fact(in(operand)));
}
void Rule::axis(std::int64_t a, const Shape& shape) const {
  if (a < 0 || a >= static_cast<std::int64_t>(shape.size())) fail("names axis " + std::to_string(a) + " of " + to_string(shape));
}
void Rule::axes(const List& list, const Shape& shape) const {
  std::vector<bool> seen(shape.size());
  for (const std::int64_t a : list) {
    axis(a, shape);
    if (seen[a]) fail("names axis " + std::to_string(a) + " twice");
    seen[a] = true;
  }
}
void Rule::broadcasts(const Shape& from, const Shape& to) const {
  bool fits = from.size() <= to.size();
  for (std::size_t i = 1; fits && i <= from.size(); ++i) {
    fits = from[from.size() - i] == 1 || from[from.size() - i] == to[to.size() - i];
  }
  if (!fits) fail("cannot broadcast " + to_string(from) + " to " + to_string(to));
}
void Rule::length(std::size_t size, std::size_t wanted, std::string_view what) const {
  if (size != wanted) fail("needs " + std::to_string(wanted) + " " + std::string(what) + ", has " + std::to_string(size));
}
void Rule::at_least(const List& list, std::int64_t least, std::string_view what) const {
  for (const std::int64_t value : list) {
    if (value < least) fail("needs " + std::string(what) + " of at least " + std::to_string(least) + ", not " + std::to_string(value));
  }
}
// Larger ones are good for nothing, and kernels multiply with them.
void Rule::factors(const List& list, std::string_view what) const {
  at_least(list, 1, what);
  for (const std::int64_t value : list) {
    if (value > kMaxElements) fail("has " + std::string(what) + " out of range: " + std::to_string(value));
  }
}
void Rule::paddings(const List& list) const {
  for (const std::int64_t value : list) expect(value <= kMaxElements && value >= -kMaxElements, "has a padding out of range");
}

void Rule::constant() const {
  arity(0, 0);
  const auto& a = attributes<ConstantAttributes<std::int64_t>>();
  if (a.is_size) return expect(is_number(out().dtype), "gives a size as something that is no number");
  const std::size_t element = byte_size(out().dtype);
  const std::uint64_t whole = static_cast<std::uint64_t>(element_count(out().shape)) * element;
  if (a.bytes.size() != element && a.bytes.size() != whole) {
    fail("has " + std::to_string(a.bytes.size()) + " bytes for " + fact(out()));
  }
}

// Which dtypes an elementwise function takes.
bool takes(ElementwiseKind kind, DType d) {
  using enum ElementwiseKind;
  switch (kind) {
    case Copy:
    case Select: return true;
    case Equal:
    case NotEqual:
    case Less:
    case LessEqual:
    case Greater:
    case GreaterEqual:
    case Maximum:
    case Minimum:
    case Clamp: return d != DType::Key;
    case Negate:
    case Abs:
    case Sign:
    case Relu:
    case Add:
    case Subtract:
    case Multiply:
    case Divide:
    case Remainder:
    case Power:
    case MulAdd:
    case Floor:
    case Ceil:
    case RoundEven:
    case IsFinite:
    case IsNan:
    case IsInf: return is_number(d);
    case Exp:
    case Exp2:
    case Expm1:
    case Log:
    case Log1p:
    case Log2:
    case Log10:
    case Sqrt:
    case Rsqrt:
    case Cbrt:
    case Sin:
    case Cos:
    case Tan:
    case Asin:
    case Acos:
    case Atan:
    case Sinh:
    case Cosh:
    case Tanh:
    case Asinh:
    case Acosh:
    case Atanh:
    case Logistic:
    case Erf:
    case Erfc:
    case ErfInv:
    case Lgamma:
    case Digamma:
    case GeluTanh:
    case GeluErf:
    case Silu:
    case Softplus:
    case Atan2:
    case NextAfter:
    case LogAddExp: return is_float(d);
    case Popcount:
    case ShiftLeft:
    case ShiftRightLogical:
    case ShiftRightArithmetic: return is_integer(d);
    case Not:
    case And:
    case Or:
    case Xor: return is_integer(d) || d == DType::Bool;
  }
  return false;
}
bool gives_bool(ElementwiseKind kind) {
  using enum ElementwiseKind;
  return kind == IsFinite || kind == IsNan || kind == IsInf || (kind >= Equal && kind <= GreaterEqual);
}

void Rule::elementwise() const {
  const ElementwiseKind kind = attributes<ElementwiseAttributes>().kind;
  if (kind > ElementwiseKind::MulAdd) fail("has no such function");
  const std::size_t operands = static_cast<std::size_t>(operand_count(kind)), first = kind == ElementwiseKind::Select ? 1 : 0;
  arity(operands, operands);
  if (first == 1) dtype(0, DType::Bool);
  one_dtype(first);
  if (!takes(kind, in(first).dtype)) fail("has no `" + std::string(name(kind)) + "` of " + std::string(name(in(first).dtype)));
  for (std::size_t i = 0; i < operands; ++i) broadcasts(in(i).shape, out().shape);
  results(gives_bool(kind) ? DType::Bool : in(first).dtype, out().shape);
}

void Rule::slice() const {
  arity(1, 1);
  const auto& a = attributes<SliceAttributes<std::int64_t>>();
  length(a.start.size(), x().size(), "starts");
  length(a.stride.size(), x().size(), "strides");
  length(out().shape.size(), x().size(), "sizes");
  at_least(a.start, 0, "starts");
  at_least(a.stride, 1, "strides");
  results(in(0).dtype, out().shape);
  for (std::size_t i = 0; i < x().size(); ++i) {
    const std::int64_t size = out().shape[i];
    const Wide end = size == 0 ? Wide{a.start[i]} : Wide{a.start[i]} + Wide{size - 1} * a.stride[i] + 1;
    if (end > x()[i]) fail("slices axis " + std::to_string(i) + " of " + to_string(x()) + " past its end");
    // Strides that no element uses stay small enough to multiply with.
    if (a.stride[i] > kMaxElements) fail("needs strides up to " + std::to_string(kMaxElements));
  }
}

void Rule::concatenate() const {
  arity(1, std::numeric_limits<std::size_t>::max());
  const std::int64_t along = attributes<AxisAttributes>().axis;
  axis(along, x());
  one_dtype(0);
  Shape shape = x();
  Wide total = 0;
  for (const PlanValue* input : facts_.inputs) {
    if (input->shape.size() != shape.size()) fail("cannot join " + to_string(x()) + " and " + to_string(input->shape));
    shape[along] = input->shape[along];
    if (shape != input->shape) fail("cannot join " + to_string(x()) + " and " + to_string(input->shape));
    total += input->shape[along];
  }
  shape[along] = static_cast<std::int64_t>(std::min<Wide>(total, std::numeric_limits<std::int64_t>::max()));
  results(in(0).dtype, shape);
}

void Rule::pad() const {
  arity(2, 2);
  const auto& a = attributes<PadAttributes<std::int64_t>>();
  one_dtype(0);
  scalar(1);
  for (const List* list : {&a.low, &a.high, &a.interior}) {
    length(list->size(), x().size(), "paddings");
    paddings(*list);
  }
  at_least(a.interior, 0, "interior padding");
  Shape shape = x();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const Wide spread = x()[i] == 0 ? Wide{0} : Wide{x()[i] - 1} * (a.interior[i] + 1) + 1;
    const Wide size = spread + a.low[i] + a.high[i];
    if (size < 0 || size > kMaxElements) fail("pads axis " + std::to_string(i) + " of " + to_string(x()) + " to a size out of range");
    shape[i] = static_cast<std::int64_t>(size);
  }
  results(in(0).dtype, shape);
}

Shape Rule::gathered(std::int64_t at, std::int64_t batch_dims) const {
  const Shape& indices = in(1).shape;
  axis(at, x());
  dtype(1, DType::Int32);
  if (batch_dims < 0 || batch_dims > at || batch_dims > static_cast<std::int64_t>(indices.size())) {
    fail("has " + std::to_string(batch_dims) + " common axes of " + to_string(x()) + " and " + to_string(indices));
  }
  if (!std::equal(x().begin(), x().begin() + batch_dims, indices.begin())) {
    fail("has different common axes in " + to_string(x()) + " and " + to_string(indices));
  }
  Shape shape(x().begin(), x().begin() + at);
  shape.insert(shape.end(), indices.begin() + batch_dims, indices.end());
  shape.insert(shape.end(), x().begin() + at + 1, x().end());
  return shape;
}

void Rule::scatter() const {
  arity(3, 3);
  const auto& a = attributes<ScatterAttributes>();
  const Shape shape = gathered(a.axis, a.batch_dims);
  if (in(2).dtype != in(0).dtype || in(2).shape != shape) fail("needs updates " + to_string(shape) + ", not " + fact(in(2)));
  if (a.kind != ScatterKind::Set) numbers(0);
  results(in(0).dtype, x());
}

void Rule::starts(std::size_t first, const Shape& box) const {
  length(facts_.inputs.size() - first, x().size(), "starts");
  length(box.size(), x().size(), "sizes");
  for (std::size_t i = 0; i < x().size(); ++i) {
    scalar(first + i);
    dtype(first + i, DType::Int32);
    if (box[i] > x()[i]) fail("needs " + to_string(box) + " of " + to_string(x()));
  }
}

Shape without(const Shape& shape, const List& axes, bool keepdims) {
  Shape left;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool reduced = std::find(axes.begin(), axes.end(), static_cast<std::int64_t>(i)) != axes.end();
    if (!reduced)
      left.push_back(shape[i]);
    else if (keepdims)
      left.push_back(1);
  }
  return left;
}

void Rule::reduce() const {
  arity(1, 1);
  const auto& a = attributes<ReduceAttributes>();
  axes(a.axes, x());
  const bool logical = a.kind == ReduceKind::All || a.kind == ReduceKind::Any;
  if (logical)
    dtype(0, DType::Bool);
  else
    numbers(0);
  results(in(0).dtype, without(x(), a.axes, a.keepdims));
}

void Rule::arg_reduce() const {
  arity(1, 1);
  const auto& a = attributes<ArgReduceAttributes>();
  axis(a.axis, x());
  expect(in(0).dtype != DType::Key, "cannot order keys");
  expect(x()[a.axis] > 0, "has nothing to choose from");
  expect(x()[a.axis] <= std::numeric_limits<std::int32_t>::max(), "counts past the end of int32");
  results(DType::Int32, without(x(), {a.axis}, a.keepdims));
}

void Rule::sort() const {
  arity(1, std::numeric_limits<std::size_t>::max(), facts_.inputs.size());
  const auto& a = attributes<SortAttributes>();
  axis(a.axis, x());
  expect(in(0).dtype != DType::Key, "cannot order keys");
  expect(x()[a.axis] <= std::numeric_limits<std::int32_t>::max(), "counts past the end of int32");
  for (std::size_t i = 0; i < facts_.inputs.size(); ++i) {
    if (in(i).shape != x()) fail("cannot carry " + to_string(in(i).shape) + " along with " + to_string(x()));
    results(in(i).dtype, x(), i);
  }
}

void Rule::top_k() const {
  arity(1, 1, 2);
  const std::int64_t k = attributes<TopKAttributes<std::int64_t>>().k;
  numbers(0);
  expect(rank() > 0, "needs an axis");
  expect(x().back() <= std::numeric_limits<std::int32_t>::max(), "counts past the end of int32");
  if (k < 0 || k > x().back()) fail("takes " + std::to_string(k) + " along the last axis of " + to_string(x()));
  Shape shape = x();
  shape.back() = k;
  results(in(0).dtype, shape, 0);
  results(DType::Int32, shape, 1);
}

void Rule::dot() const {
  arity(2, 3);
  const auto& d = attributes<DotAttributes>();
  const Shape &a = in(0).shape, &b = in(1).shape;
  one_dtype(0);
  numbers(0);
  List of_a = d.a_batch, of_b = d.b_batch;
  of_a.insert(of_a.end(), d.a_contract.begin(), d.a_contract.end());
  of_b.insert(of_b.end(), d.b_contract.begin(), d.b_contract.end());
  axes(of_a, a);
  axes(of_b, b);
  expect(d.a_batch.size() == d.b_batch.size() && d.a_contract.size() == d.b_contract.size(), "pairs different numbers of axes");
  for (std::size_t i = 0; i < of_a.size(); ++i) {
    if (a[of_a[i]] != b[of_b[i]]) {
      fail("pairs axis " + std::to_string(of_a[i]) + " of " + to_string(a) + " with axis " + std::to_string(of_b[i]) + " of " + to_string(b));
    }
  }
  Shape shape;
  for (const std::int64_t axis_a : d.a_batch) shape.push_back(a[axis_a]);
  for (const std::int64_t size : without(a, of_a, false)) shape.push_back(size);
  for (const std::int64_t size : without(b, of_b, false)) shape.push_back(size);
  if (facts_.inputs.size() > 2) broadcasts(in(2).shape, shape);
  if (!is_float(in(0).dtype)) expect(d.activation == Activation::None, "has an activation of integers");
  results(in(0).dtype, shape);
}

// (n - 1) * d + 1, and 0 of 0.
Wide dilated(std::int64_t size, std::int64_t dilation) { return size == 0 ? Wide{0} : Wide{size - 1} * dilation + 1; }

// Places of a window in an axis.
std::int64_t places(Wide padded, Wide window, std::int64_t stride) {
  expect(padded >= 0, "cuts off more than there is");
  expect(padded <= kMaxElements && window <= kMaxElements, "has a padded size out of range");
  return padded < window ? 0 : static_cast<std::int64_t>((padded - window) / stride + 1);
}

void Rule::convolution() const {
  arity(2, 3);
  const auto& c = attributes<ConvolutionAttributes<std::int64_t>>();
  const Shape& kernel = in(1).shape;
  one_dtype(0);
  numbers(0);
  if (x().size() < 3 || kernel.size() != x().size()) fail("cannot convolve " + to_string(x()) + " with a kernel " + to_string(kernel));
  const std::size_t spatial = x().size() - 2;
  for (const List* list : {&c.strides, &c.low, &c.high, &c.input_dilation, &c.kernel_dilation}) {
    length(list->size(), spatial, "strides, paddings and dilations");
  }
  factors(c.strides, "strides");
  factors(c.input_dilation, "dilations");
  factors(c.kernel_dilation, "dilations");
  at_least({c.groups}, 1, "groups");
  expect(c.batch_groups == 1, "has groups of the batch, which no kernel runs");
  if (Wide{kernel[spatial]} * c.groups != x().back() || kernel.back() % c.groups != 0) {
    fail("cannot convolve " + to_string(x()) + " in " + std::to_string(c.groups) + " groups with a kernel " + to_string(kernel));
  }
  paddings(c.low);
  paddings(c.high);
  Shape shape = {x()[0]};
  Wide image = x().back();  // elements of a padded one
  for (std::size_t i = 0; i < spatial; ++i) {
    expect(kernel[i] > 0, "has an empty window");
    const Wide padded = dilated(x()[i + 1], c.input_dilation[i]) + c.low[i] + c.high[i];
    shape.push_back(places(padded, dilated(kernel[i], c.kernel_dilation[i]), c.strides[i]));
    image *= std::max<Wide>(padded, dilated(kernel[i], c.kernel_dilation[i]));
    expect(image <= kMaxElements, "has a padded size out of range");
  }
  shape.push_back(kernel.back());
  if (facts_.inputs.size() > 2) {
    broadcasts(in(2).shape, shape);
    expect(element_count(in(2).shape) == kernel.back(), "needs a bias for each output channel");
  }
  if (!is_float(in(0).dtype)) expect(c.activation == Activation::None, "has an activation of integers");
  results(in(0).dtype, shape);
}

void Rule::window() const {
  arity(1, 1);
  const auto& w = attributes<WindowAttributes<std::int64_t>>();
  numbers(0);
  for (const List* list : {&w.window, &w.strides, &w.window_dilation, &w.low, &w.high}) {
    length(list->size(), x().size(), "window sizes, strides, dilations and paddings");
  }
  factors(w.window, "windows");
  factors(w.strides, "strides");
  factors(w.window_dilation, "dilations");
  paddings(w.low);
  paddings(w.high);
  Shape shape;
  for (std::size_t i = 0; i < x().size(); ++i) {
    shape.push_back(places(Wide{x()[i]} + w.low[i] + w.high[i], dilated(w.window[i], w.window_dilation[i]), w.strides[i]));
  }
  results(in(0).dtype, shape);
}

void Rule::after_key() const {
  dtype(0, DType::Key);
  const Shape& shape = out().shape;
  if (shape.size() < x().size() || !std::equal(x().begin(), x().end(), shape.begin())) {
    fail("has keys " + to_string(x()) + " for a result " + to_string(shape));
  }
}

void Rule::draw() const {
  arity(1, 1);
  const auto& a = attributes<DrawAttributes>();
  after_key();
  const bool fits = a.kind == DrawKind::Bits ? is_unsigned(out().dtype) : is_float(out().dtype);
  if (!fits) fail("cannot draw `" + std::string(name(a.kind)) + "` as " + std::string(name(out().dtype)));
}

void Rule::random_int() const {
  arity(3, 3);
  after_key();
  expect(is_integer(out().dtype), "draws integers only");
  for (const std::size_t bound : {1, 2}) {
    scalar(bound);
    dtype(bound, out().dtype);
  }
}

void Rule::normalize() const {
  arity(1, 3);
  (void)attributes<NormalizeAttributes>();
  expect(is_float(in(0).dtype) && rank() > 0, "needs floating-point numbers with an axis");
  one_dtype(0);
  for (std::size_t i = 1; i < facts_.inputs.size(); ++i) {
    if (in(i).shape != Shape{x().back()}) fail("needs one number for each element of the last axis of " + to_string(x()) + ", not " + fact(in(i)));
  }
  results(in(0).dtype, x());
}

void Rule::check() {
  switch (facts_.step.op) {
    case OpKind::Constant: return constant();
    case OpKind::Iota:
      arity(0, 0);
      expect(is_number(out().dtype), "cannot count in such a dtype");
      return axis(attributes<AxisAttributes>().axis, out().shape);
    case OpKind::Elementwise: return elementwise();
    case OpKind::Convert:
      arity(1, 1);
      expect(in(0).dtype != DType::Key && out().dtype != DType::Key, "cannot convert keys");
      return results(out().dtype, x());
    case OpKind::Bitcast:
      arity(1, 1);
      expect(is_number(in(0).dtype) && is_number(out().dtype) && byte_size(in(0).dtype) == byte_size(out().dtype), "needs numbers of one width");
      return results(out().dtype, x());
    case OpKind::Reshape:
      arity(1, 1);
      if (element_count(x()) != element_count(out().shape)) fail("cannot reshape " + to_string(x()) + " to " + to_string(out().shape));
      return results(in(0).dtype, out().shape);
    case OpKind::Broadcast:
      arity(1, 1);
      broadcasts(x(), out().shape);
      return results(in(0).dtype, out().shape);
    case OpKind::Transpose: {
      arity(1, 1);
      const List& permutation = attributes<TransposeAttributes>().permutation;
      length(permutation.size(), x().size(), "axes");
      axes(permutation, x());
      Shape shape;
      for (const std::int64_t a : permutation) shape.push_back(x()[a]);
      return results(in(0).dtype, shape);
    }
    case OpKind::Slice: return slice();
    case OpKind::Reverse:
      arity(1, 1);
      axes(attributes<ReverseAttributes>().axes, x());
      return results(in(0).dtype, x());
    case OpKind::Concatenate: return concatenate();
    case OpKind::Pad: return pad();
    case OpKind::Gather: {
      arity(2, 2);
      const auto& a = attributes<GatherAttributes>();
      return results(in(0).dtype, gathered(a.axis, a.batch_dims));
    }
    case OpKind::Scatter: return scatter();
    case OpKind::DynamicSlice:
      arity(1, std::numeric_limits<std::size_t>::max());
      starts(1, out().shape);
      return results(in(0).dtype, out().shape);
    case OpKind::DynamicUpdateSlice:
      arity(2, std::numeric_limits<std::size_t>::max());
      dtype(1, in(0).dtype);
      starts(2, in(1).shape);
      return results(in(0).dtype, x());
    case OpKind::Reduce: return reduce();
    case OpKind::ArgReduce: return arg_reduce();
    case OpKind::Cumulative: {
      arity(1, 1);
      const auto& a = attributes<CumulativeAttributes>();
      numbers(0);
      axis(a.axis, x());
      expect(a.kind != CumulativeKind::LogSumExp || is_float(in(0).dtype), "needs floating-point numbers");
      return results(in(0).dtype, x());
    }
    case OpKind::Sort: return sort();
    case OpKind::TopK: return top_k();
    case OpKind::Orthogonalize:
      arity(1, 1);
      dtype(0, DType::Float32);
      expect(rank() >= 2 && x()[rank() - 2] >= x()[rank() - 1], "needs matrices with as many rows as columns or more");
      return results(DType::Float32, x());
    case OpKind::DotGeneral: return dot();
    case OpKind::Convolution: return convolution();
    case OpKind::ReduceWindow: return window();
    case OpKind::KeySeed:
      arity(1, 1);
      scalar(0);
      expect(in(0).dtype == DType::Int32 || in(0).dtype == DType::UInt32, "needs an int32 or uint32 seed");
      return results(DType::Key, {});
    case OpKind::KeyDerive:
      arity(1, 1);
      (void)attributes<KeyDeriveAttributes>();
      dtype(0, DType::Key);
      return results(DType::Key, x());
    case OpKind::KeyFold:
      arity(2, 2);
      dtype(0, DType::Key);
      dtype(1, DType::UInt32);
      broadcasts(x(), out().shape);
      broadcasts(in(1).shape, out().shape);
      return results(DType::Key, out().shape);
    case OpKind::KeySplit:
      arity(1, 1);
      after_key();
      return results(DType::Key, out().shape);
    case OpKind::KeyData:
    case OpKind::KeyWrap: {
      arity(1, 1);
      const bool wraps = facts_.step.op == OpKind::KeyWrap;
      dtype(0, wraps ? DType::UInt32 : DType::Key);
      Shape words = wraps ? out().shape : x();
      words.push_back(2);
      expect((wraps ? x() : out().shape) == words, "needs two words for each key");
      return results(wraps ? DType::Key : DType::UInt32, out().shape);
    }
    case OpKind::Draw: return draw();
    case OpKind::RandomInt: return random_int();
    case OpKind::Softmax:
      arity(1, 1);
      expect(is_float(in(0).dtype) && rank() > 0, "needs floating-point numbers with an axis");
      return results(in(0).dtype, x());
    case OpKind::Normalize: return normalize();
    case OpKind::Call:
    case OpKind::Loop: return;
  }
  fail("is no op");
}

}  // namespace

std::optional<std::string> step_problem(const StepFacts& facts) {
  try {
    Rule(facts).check();
    return std::nullopt;
  } catch (const Problem& problem) {
    return problem.text;
  }
}

}  // namespace linenc
