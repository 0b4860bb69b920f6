// Names of operations and their attributes, for dumps and messages.
//
// Tested by tests/runtime/plan/op_test.cpp.
#include "runtime/plan/op.h"

#include <charconv>

namespace linenc {
namespace {

constexpr std::string_view kOpNames[] = {
#define LINENC_OP(enumerator, name, accuracy) name,
#include "runtime/plan/ops.def"
#undef LINENC_OP
};
constexpr Accuracy kOpAccuracies[] = {
#define LINENC_OP(enumerator, name, accuracy) Accuracy::accuracy,
#include "runtime/plan/ops.def"
#undef LINENC_OP
};

std::string_view name(GatherMode mode) {
  switch (mode) {
    case GatherMode::Clip: return "clip";
    case GatherMode::Fill: return "fill";
    case GatherMode::Promise: return "promise";
  }
  return "?";
}

// Collects "key=value" words.
class Words {
 public:
  void add(std::string_view key, std::string_view value) {
    if (!text_.empty()) text_ += ' ';
    text_.append(key).append("=").append(value);
  }
  void add(std::string_view key, std::int64_t value) { add(key, std::to_string(value)); }
  void add(std::string_view key, double value) {
    char digits[32];
    // The shortest text that reads back as the same number.
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    add(key, std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
  void add(std::string_view key, const std::vector<std::int64_t>& values) {
    std::string list = "[";
    for (const std::int64_t value : values) {
      if (list.size() > 1) list += ", ";
      list += std::to_string(value);
    }
    add(key, list + "]");
  }
  // Lists that say nothing where every element is `usual` are left out.
  void add_unless_all(std::string_view key, const std::vector<std::int64_t>& values, std::int64_t usual) {
    for (const std::int64_t value : values) {
      if (value != usual) return add(key, values);
    }
  }
  // A word alone, where it holds.
  void flag(std::string_view key, bool holds) {
    if (!holds) return;
    if (!text_.empty()) text_ += ' ';
    text_.append(key);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void describe(const NoAttributes&, Words&) {}

void describe(const ConstantAttributes<std::int64_t>& a, Words& words) {
  if (a.is_size) return words.add("size", a.size);
  constexpr std::size_t kShown = 16;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < a.bytes.size() && i < kShown; ++i) {
    const auto byte = std::to_integer<unsigned>(a.bytes[i]);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  if (a.bytes.size() > kShown) hex += "...";
  words.add("bytes", hex);
  if (a.bytes.size() > kShown) words.add("length", static_cast<std::int64_t>(a.bytes.size()));
}

void describe(const AxisAttributes& a, Words& words) { words.add("axis", a.axis); }
void describe(const ElementwiseAttributes& a, Words& words) { words.add("kind", name(a.kind)); }
void describe(const TransposeAttributes& a, Words& words) { words.add("permutation", a.permutation); }

void describe(const SliceAttributes<std::int64_t>& a, Words& words) {
  words.add("start", a.start);
  words.add_unless_all("stride", a.stride, 1);
}

void describe(const ReverseAttributes& a, Words& words) { words.add("axes", a.axes); }

void describe(const PadAttributes<std::int64_t>& a, Words& words) {
  words.add("low", a.low);
  words.add("high", a.high);
  words.add_unless_all("interior", a.interior, 0);
}

void describe(const GatherAttributes& a, Words& words) {
  words.add("axis", a.axis);
  if (a.batch_dims != 0) words.add("batch_dims", a.batch_dims);
  words.add("mode", name(a.mode));
}

void describe(const ScatterAttributes& a, Words& words) {
  words.add("kind", name(a.kind));
  words.add("axis", a.axis);
  if (a.batch_dims != 0) words.add("batch_dims", a.batch_dims);
  words.add("mode", name(a.mode));
}

void describe(const ReduceAttributes& a, Words& words) {
  words.add("kind", name(a.kind));
  words.add("axes", a.axes);
  words.flag("keepdims", a.keepdims);
}

void describe(const ArgReduceAttributes& a, Words& words) {
  words.add("kind", a.maximum ? "max" : "min");
  words.add("axis", a.axis);
  words.flag("keepdims", a.keepdims);
}

void describe(const CumulativeAttributes& a, Words& words) {
  words.add("kind", name(a.kind));
  words.add("axis", a.axis);
  words.flag("reverse", a.reverse);
}

void describe(const SortAttributes& a, Words& words) {
  words.add("axis", a.axis);
  words.flag("descending", a.descending);
}

void describe(const TopKAttributes<std::int64_t>& a, Words& words) { words.add("k", a.k); }

void describe_activation(Activation activation, Words& words) {
  if (activation != Activation::None) words.add("activation", name(activation));
}

void describe(const DotAttributes& a, Words& words) {
  if (!a.a_batch.empty() || !a.b_batch.empty()) {
    words.add("a_batch", a.a_batch);
    words.add("b_batch", a.b_batch);
  }
  words.add("a_contract", a.a_contract);
  words.add("b_contract", a.b_contract);
  describe_activation(a.activation, words);
}

void describe(const ConvolutionAttributes<std::int64_t>& a, Words& words) {
  words.add_unless_all("strides", a.strides, 1);
  words.add("low", a.low);
  words.add("high", a.high);
  words.add_unless_all("input_dilation", a.input_dilation, 1);
  words.add_unless_all("kernel_dilation", a.kernel_dilation, 1);
  if (a.groups != 1) words.add("groups", a.groups);
  if (a.batch_groups != 1) words.add("batch_groups", a.batch_groups);
  describe_activation(a.activation, words);
}

void describe(const WindowAttributes<std::int64_t>& a, Words& words) {
  words.add("kind", name(a.kind));
  words.add("window", a.window);
  words.add("strides", a.strides);
  words.add_unless_all("window_dilation", a.window_dilation, 1);
  words.add_unless_all("low", a.low, 0);
  words.add_unless_all("high", a.high, 0);
}

void describe(const KeyDeriveAttributes& a, Words& words) { words.add("word", std::int64_t{a.word}); }

void describe(const DrawAttributes& a, Words& words) {
  words.add("kind", name(a.kind));
  if (a.kind == DrawKind::Uniform || a.kind == DrawKind::TruncatedNormal) {
    words.add("low", a.low);
    words.add("high", a.high);
  }
  if (a.scaled) words.add("scale", a.scale);
  words.flag("merged", a.merged);
}

void describe(const NormalizeAttributes& a, Words& words) {
  words.add("epsilon", a.epsilon);
  words.flag("fast_variance", a.fast_variance);
  words.flag("use_mean", a.use_mean);
}

void describe(const CallAttributes& a, Words& words) {
  words.add("program", std::int64_t{a.program});
  words.flag("remat", a.remat);
}

void describe(const LoopAttributes<std::int64_t>& a, Words& words) {
  words.add("program", std::int64_t{a.program});
  words.add("length", a.length);
  words.add("carried", a.carried);
  words.add("sliced", a.sliced);
  words.flag("reverse", a.reverse);
}

}  // namespace

std::string_view name(OpKind kind) { return kOpNames[static_cast<std::size_t>(kind)]; }
Accuracy accuracy(OpKind kind) { return kOpAccuracies[static_cast<std::size_t>(kind)]; }

std::string_view name(ElementwiseKind kind) {
  switch (kind) {
    case ElementwiseKind::Copy: return "copy";
    case ElementwiseKind::Negate: return "negate";
    case ElementwiseKind::Abs: return "abs";
    case ElementwiseKind::Sign: return "sign";
    case ElementwiseKind::Floor: return "floor";
    case ElementwiseKind::Ceil: return "ceil";
    case ElementwiseKind::RoundEven: return "round_even";
    case ElementwiseKind::Exp: return "exp";
    case ElementwiseKind::Exp2: return "exp2";
    case ElementwiseKind::Expm1: return "expm1";
    case ElementwiseKind::Log: return "log";
    case ElementwiseKind::Log1p: return "log1p";
    case ElementwiseKind::Log2: return "log2";
    case ElementwiseKind::Log10: return "log10";
    case ElementwiseKind::Sqrt: return "sqrt";
    case ElementwiseKind::Rsqrt: return "rsqrt";
    case ElementwiseKind::Cbrt: return "cbrt";
    case ElementwiseKind::Sin: return "sin";
    case ElementwiseKind::Cos: return "cos";
    case ElementwiseKind::Tan: return "tan";
    case ElementwiseKind::Asin: return "asin";
    case ElementwiseKind::Acos: return "acos";
    case ElementwiseKind::Atan: return "atan";
    case ElementwiseKind::Sinh: return "sinh";
    case ElementwiseKind::Cosh: return "cosh";
    case ElementwiseKind::Tanh: return "tanh";
    case ElementwiseKind::Asinh: return "asinh";
    case ElementwiseKind::Acosh: return "acosh";
    case ElementwiseKind::Atanh: return "atanh";
    case ElementwiseKind::Logistic: return "logistic";
    case ElementwiseKind::Erf: return "erf";
    case ElementwiseKind::Erfc: return "erfc";
    case ElementwiseKind::ErfInv: return "erf_inv";
    case ElementwiseKind::Lgamma: return "lgamma";
    case ElementwiseKind::Digamma: return "digamma";
    case ElementwiseKind::Not: return "not";
    case ElementwiseKind::IsFinite: return "is_finite";
    case ElementwiseKind::IsNan: return "is_nan";
    case ElementwiseKind::IsInf: return "is_inf";
    case ElementwiseKind::Popcount: return "popcount";
    case ElementwiseKind::Relu: return "relu";
    case ElementwiseKind::GeluTanh: return "gelu_tanh";
    case ElementwiseKind::GeluErf: return "gelu_erf";
    case ElementwiseKind::Silu: return "silu";
    case ElementwiseKind::Softplus: return "softplus";
    case ElementwiseKind::Add: return "add";
    case ElementwiseKind::Subtract: return "subtract";
    case ElementwiseKind::Multiply: return "multiply";
    case ElementwiseKind::Divide: return "divide";
    case ElementwiseKind::Remainder: return "remainder";
    case ElementwiseKind::Power: return "power";
    case ElementwiseKind::Maximum: return "maximum";
    case ElementwiseKind::Minimum: return "minimum";
    case ElementwiseKind::Atan2: return "atan2";
    case ElementwiseKind::NextAfter: return "next_after";
    case ElementwiseKind::And: return "and";
    case ElementwiseKind::Or: return "or";
    case ElementwiseKind::Xor: return "xor";
    case ElementwiseKind::ShiftLeft: return "shift_left";
    case ElementwiseKind::ShiftRightLogical: return "shift_right_logical";
    case ElementwiseKind::ShiftRightArithmetic: return "shift_right_arithmetic";
    case ElementwiseKind::LogAddExp: return "log_add_exp";
    case ElementwiseKind::Equal: return "equal";
    case ElementwiseKind::NotEqual: return "not_equal";
    case ElementwiseKind::Less: return "less";
    case ElementwiseKind::LessEqual: return "less_equal";
    case ElementwiseKind::Greater: return "greater";
    case ElementwiseKind::GreaterEqual: return "greater_equal";
    case ElementwiseKind::Select: return "select";
    case ElementwiseKind::Clamp: return "clamp";
    case ElementwiseKind::MulAdd: return "mul_add";
  }
  return "?";
}

int operand_count(ElementwiseKind kind) {
  // The enumeration lists the kinds by their number of operands.
  if (kind < ElementwiseKind::Add) return 1;
  return kind < ElementwiseKind::Select ? 2 : 3;
}

std::string_view name(ReduceKind kind) {
  switch (kind) {
    case ReduceKind::Sum: return "sum";
    case ReduceKind::Product: return "product";
    case ReduceKind::Max: return "max";
    case ReduceKind::Min: return "min";
    case ReduceKind::All: return "all";
    case ReduceKind::Any: return "any";
  }
  return "?";
}

std::string_view name(CumulativeKind kind) {
  switch (kind) {
    case CumulativeKind::Sum: return "sum";
    case CumulativeKind::Product: return "product";
    case CumulativeKind::Max: return "max";
    case CumulativeKind::Min: return "min";
    case CumulativeKind::LogSumExp: return "log_sum_exp";
  }
  return "?";
}

std::string_view name(WindowKind kind) {
  switch (kind) {
    case WindowKind::Sum: return "sum";
    case WindowKind::Max: return "max";
    case WindowKind::Min: return "min";
    case WindowKind::Product: return "product";
  }
  return "?";
}

std::string_view name(ScatterKind kind) {
  switch (kind) {
    case ScatterKind::Set: return "set";
    case ScatterKind::Add: return "add";
    case ScatterKind::Multiply: return "multiply";
    case ScatterKind::Min: return "min";
    case ScatterKind::Max: return "max";
  }
  return "?";
}

std::string_view name(DrawKind kind) {
  switch (kind) {
    case DrawKind::Bits: return "bits";
    case DrawKind::Uniform: return "uniform";
    case DrawKind::Normal: return "normal";
    case DrawKind::TruncatedNormal: return "truncated_normal";
    case DrawKind::Gumbel: return "gumbel";
    case DrawKind::Exponential: return "exponential";
    case DrawKind::Laplace: return "laplace";
    case DrawKind::Logistic: return "logistic";
    case DrawKind::Cauchy: return "cauchy";
  }
  return "?";
}

std::string_view name(Activation activation) {
  switch (activation) {
    case Activation::None: return "none";
    case Activation::Relu: return "relu";
    case Activation::GeluTanh: return "gelu_tanh";
    case Activation::GeluErf: return "gelu_erf";
    case Activation::Silu: return "silu";
    case Activation::Tanh: return "tanh";
    case Activation::Logistic: return "logistic";
  }
  return "?";
}

std::string to_string(const Attributes& attributes) {
  Words words;
  std::visit([&](const auto& held) { describe(held, words); }, attributes);
  return words.take();
}

std::string_view spelling(ElementwiseKind kind) {
  struct Row {
    ElementwiseKind kind;
    std::string_view text;
  };
  static constexpr Row kOperators[] = {
      {ElementwiseKind::Add, "+"},
      {ElementwiseKind::Subtract, "-"},
      {ElementwiseKind::Multiply, "*"},
      {ElementwiseKind::Divide, "/"},
      {ElementwiseKind::Remainder, "%"},
      {ElementwiseKind::Power, "**"},
      {ElementwiseKind::And, "&"},
      {ElementwiseKind::Or, "|"},
      {ElementwiseKind::Xor, "^"},
      {ElementwiseKind::ShiftLeft, "<<"},
      {ElementwiseKind::ShiftRightLogical, ">>"},
      {ElementwiseKind::ShiftRightArithmetic, ">>"},
      {ElementwiseKind::Equal, "=="},
      {ElementwiseKind::NotEqual, "!="},
      {ElementwiseKind::Less, "<"},
      {ElementwiseKind::LessEqual, "<="},
      {ElementwiseKind::Greater, ">"},
      {ElementwiseKind::GreaterEqual, ">="},
  };
  for (const Row& row : kOperators) {
    if (row.kind == kind) return row.text;
  }
  // The others are functions, called by their name.
  return name(kind);
}

}  // namespace linenc
