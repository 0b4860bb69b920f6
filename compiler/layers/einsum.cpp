// Einsum: an einsum of the input with a learned kernel, and a bias over what the kernel adds (linen-semantics D.2).
// Tested by tests/compiler/layers.
#include "compiler/catalog/einsum.h"

#include <algorithm>
#include <set>

#include "compiler/catalog/registry.h"
#include "compiler/graph/ops.h"
#include "compiler/layers/hooks.h"

namespace linenc::layers {
namespace {

struct Einsum {
  Dims shape;
  std::optional<std::string> einsum_str;
  bool use_bias = true;
  std::optional<DType> dtype;
  DType param_dtype = DType::Float32;
  Value precision;
  catalog::Initializer kernel_init = catalog::lecun_normal(), bias_init = catalog::zeros_initializer();
  Value promote_dtype;
  std::optional<DType> preferred_element_type;
};

std::string equation_of(const Einsum& fields, const LayerCall& call) {
  const Value merged = call.merge_param("einsum_str", fields.einsum_str ? Value(*fields.einsum_str) : Value(), 1);
  if (merged.text() == nullptr) call.arguments.wrong_type(1, "a str");
  std::string equation = *merged.text();
  equation.erase(std::remove(equation.begin(), equation.end(), ' '), equation.end());
  // Einsum.c1: the equation says what its result is; Einsum.c2: it has two operands.
  if (equation.find("->") == std::string::npos)
    call.fail(concat("`einsum_str` is '", diagnostics::shown(equation), "' and needs `->` with the result"), "einsum_str");
  if (std::count(equation.begin(), equation.end(), ',') != 1) {
    call.fail(concat("`einsum_str` is '", diagnostics::shown(equation), "' and needs two operands: the input and the kernel"), "einsum_str");
  }
  return equation;
}

// The letters of an operand with `...` replaced by marks for that many axes, counted from the last.
std::string spelled(const std::string& term, std::size_t ellipsis_rank) {
  const std::size_t dots = term.find("...");
  if (dots == std::string::npos) return term;
  std::string marks;
  for (std::size_t i = ellipsis_rank; i > 0; --i) marks += static_cast<char>(i);
  return term.substr(0, dots) + marks + term.substr(dots + 3);
}

std::size_t ellipsis_rank(const std::string& term, std::size_t rank) {
  return term.find("...") == std::string::npos || rank + 3 < term.size() ? 0 : rank - (term.size() - 3);
}

struct BiasShape {
  Dims shape, broadcast;
};

// The axes of the kernel that stay in the result, in the order of the result.
BiasShape bias_shape(const Einsum& fields, const LayerCall& call, const std::string& equation, Tensor x) {
  const std::size_t comma = equation.find(','), arrow = equation.find("->");
  const std::string input = equation.substr(0, comma), kernel = equation.substr(comma + 1, arrow - comma - 1);
  const std::size_t input_dots = ellipsis_rank(input, x.shape().size()), kernel_dots = ellipsis_rank(kernel, fields.shape.size());
  const std::string letters = spelled(kernel, kernel_dots);
  const std::string result = spelled(equation.substr(arrow + 2), std::max(input_dots, kernel_dots));
  // Einsum.c3: the kernel has an axis for each of its letters, and each letter once.
  if (letters.size() != fields.shape.size() || std::set<char>(letters.begin(), letters.end()).size() != letters.size()) {
    call.fail(concat("`shape` is ", graph::to_string(fields.shape), ", and the kernel is '", diagnostics::shown(kernel), "' in `einsum_str`"),
              "shape");
  }
  BiasShape bias;
  for (const char letter : result) {
    const std::size_t at = letters.find(letter);
    bias.broadcast.push_back(at == std::string::npos ? Dim(1) : fields.shape[at]);
    if (at != std::string::npos) bias.shape.push_back(fields.shape[at]);
  }
  return bias;
}

Value call_einsum(const Einsum& fields, LayerCall& call) {
  check_precision(call, fields.precision);
  const std::string equation = equation_of(fields, call);
  Tensor x = call.tensor(0);
  Tensor kernel = call.param("kernel", fields.kernel_init, fields.shape, fields.param_dtype);
  Tensor bias;
  BiasShape shapes;
  if (fields.use_bias) {
    shapes = bias_shape(fields, call, equation, x);
    bias = call.param("bias", fields.bias_init, shapes.shape, fields.param_dtype);
  }
  promote(call, {fields.promote_dtype, fields.dtype}, {&x, &kernel, &bias});
  if (fields.preferred_element_type) {
    x = catalog::astype(call.context, x, *fields.preferred_element_type);
    kernel = catalog::astype(call.context, kernel, *fields.preferred_element_type);
  }
  const Tensor y = catalog::einsum(call.context, equation, {x, kernel});
  if (!bias.exists()) return y;
  return add_bias(call, y, graph::reshape(call.builder, bias, shapes.broadcast));
}

const catalog::RegisterLayer einsum{
    catalog::LayerSpec<Einsum>("Einsum", "An einsum of the input with a learned kernel.")
        .required_field("shape", &Einsum::shape, "shape of the kernel")
        .field("einsum_str", &Einsum::einsum_str, "the equation, 'input,kernel->result'; give it here or in the call")
        .field("use_bias", &Einsum::use_bias, "add a learned offset over the axes that the kernel adds")
        .field("dtype", &Einsum::dtype, "dtype of the computation; none: that of input and parameters together")
        .field("param_dtype", &Einsum::param_dtype, "dtype of the parameters")
        .field("precision", &Einsum::precision, "precision of the products: none, `default`, `high` or `highest`")
        .field("kernel_init", &Einsum::kernel_init, "first value of the kernel")
        .field("bias_init", &Einsum::bias_init, "first value of the bias")
        .field_as("promote_dtype", &Einsum::promote_dtype, given_function_type(), "promote_dtype", "a function that brings the arrays to one dtype")
        .field("preferred_element_type", &Einsum::preferred_element_type, "dtype of the products and their sum")
        .arg("inputs")
        .arg("einsum_str", Value())
        .call(&call_einsum)};

}  // namespace
}  // namespace linenc::layers
