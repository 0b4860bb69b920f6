// lax.conv_general_dilated and its kin with any order of axes. Tested by tests/compiler/functions/goldens_test.cpp.
//
//   the op takes   x [N, spatial..., C], kernel [spatial..., C / groups, O]   and gives   [N, spatial..., O]
#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/registry.h"
#include "compiler/graph/same_padding.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using Numbers = std::vector<std::int64_t>;

// How axes are written ("NHWC"): the places of the two letters that are no spatial axes, then the spatial ones in their order.
struct Layout {
  std::string input, kernel, output;
};

Layout layout_of(const Bound& args, std::size_t i, std::int64_t rank) {
  if (args.none(i)) {
    std::string spatial;
    for (std::int64_t axis = 2; axis < rank; ++axis) spatial += static_cast<char>('0' + axis);
    return {"NC" + spatial, "OI" + spatial, "NC" + spatial};
  }
  const List* texts = args.value(i).list();
  if (!texts || texts->size() != 3 || !(*texts)[0].text() || !(*texts)[1].text() || !(*texts)[2].text())
    args.wrong_type(i, "three texts such as ('NHWC', 'HWIO', 'NHWC')");
  Layout out{*(*texts)[0].text(), *(*texts)[1].text(), *(*texts)[2].text()};
  const auto is_layout = [&](std::string text, char first, char second) {
    std::sort(text.begin(), text.end());
    return static_cast<std::int64_t>(text.size()) == rank && std::adjacent_find(text.begin(), text.end()) == text.end() &&
           text.find(first) != std::string::npos && text.find(second) != std::string::npos;
  };
  if (!is_layout(out.input, 'N', 'C') || !is_layout(out.kernel, 'O', 'I') || !is_layout(out.output, 'N', 'C')) {
    args.context.fail(Code::WrongArguments, args.place,
                      concat("`dimension_numbers` names each of the ", rank, " axes once: N, C and the spatial ones; O, I and the spatial ones"));
  }
  return out;
}

// The spatial letters in the order of the input.
std::string spatial_letters(const Layout& layout) {
  std::string letters;
  for (const char c : layout.input) {
    if (c != 'N' && c != 'C') letters += c;
  }
  return letters;
}

std::vector<std::int64_t> places(const std::string& from, const std::string& letters) {
  std::vector<std::int64_t> out;
  for (const char c : letters) out.push_back(static_cast<std::int64_t>(from.find(c)));
  return out;
}

Tensor reordered(Context& context, Tensor x, const std::string& from, const std::string& to) {
  return from == to ? x : graph::transpose(context.builder, x, places(from, to));
}

Numbers numbers_or_ones(const Bound& args, std::size_t i, std::size_t count) { return args.none(i) ? Numbers(count, 1) : args.integers(i); }

// 'SAME', 'SAME_LOWER', 'VALID' or pairs.
void set_padding(const Bound& args, std::size_t i, Tensor x, Tensor kernel, ConvolutionAttributes<Dim>& attributes) {
  const std::size_t spatial = attributes.strides.size();
  if (const List* pairs = args.value(i).list()) {
    if (pairs->size() != spatial) args.wrong_type(i, "'SAME', 'VALID' or a pair for each spatial axis");
    for (const Value& pair : *pairs) {
      const List* both = pair.list();
      if (!both || both->size() != 2 || !(*both)[0].integer() || !(*both)[1].integer())
        args.wrong_type(i, "'SAME', 'VALID' or a pair for each spatial axis");
      attributes.low.push_back(*(*both)[0].integer());
      attributes.high.push_back(*(*both)[1].integer());
    }
    return;
  }
  std::string name = args.text(i);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name != "SAME" && name != "SAME_LOWER" && name != "VALID") args.wrong_type(i, "'SAME', 'VALID' or a pair for each spatial axis");
  for (std::size_t axis = 0; axis < spatial; ++axis) {
    if (name == "VALID") {
      attributes.low.push_back(0), attributes.high.push_back(0);
      continue;
    }
    if (attributes.input_dilation[axis] != 1) args.context.fail(Code::WrongArguments, args.place, "a named padding goes with `lhs_dilation` 1 only");
    const Dim &size = x.shape()[axis + 1], reach = (kernel.shape()[axis] - 1) * attributes.kernel_dilation[axis] + 1;
    const graph::SamePadding same = graph::same_padding(args.context.builder.dims(), size, reach, attributes.strides[axis], name == "SAME_LOWER");
    attributes.low.push_back(same.low);
    attributes.high.push_back(same.high);
  }
}

struct Places {
  std::size_t strides = 2, padding = 3, input_dilation, kernel_dilation, numbers, groups, batch_groups;
};

Value convolved(const Bound& args, const Places& at) {
  Context& context = args.context;
  std::array<Tensor, 2> both{args.tensor(0), args.tensor(1)};
  if (both[0].rank() != both[1].rank() || both[0].rank() < 2) {
    fail_shape(context, concat("needs input and kernel of one rank, and has ", both[0].fact(), " and ", both[1].fact()), {both[0], both[1]});
  }
  promote_all(context, both);
  const Layout layout = layout_of(args, at.numbers, both[0].rank());
  const std::string letters = spatial_letters(layout);
  const Tensor x = reordered(context, both[0], layout.input, "N" + letters + "C"),
               kernel = reordered(context, both[1], layout.kernel, letters + "IO");
  ConvolutionAttributes<Dim> attributes;
  attributes.strides = numbers_or_ones(args, at.strides, letters.size());
  attributes.input_dilation = numbers_or_ones(args, at.input_dilation, letters.size());
  attributes.kernel_dilation = numbers_or_ones(args, at.kernel_dilation, letters.size());
  if (attributes.strides.size() != letters.size() || attributes.input_dilation.size() != letters.size() ||
      attributes.kernel_dilation.size() != letters.size()) {
    context.fail(Code::WrongArguments, args.place, concat("strides and dilations have a number for each of the ", letters.size(), " spatial axes"));
  }
  attributes.groups = at.groups == 0 ? 1 : args.integer(at.groups);
  attributes.batch_groups = at.batch_groups == 0 ? 1 : args.integer(at.batch_groups);
  set_padding(args, at.padding, x, kernel, attributes);
  return reordered(context, graph::convolution(context.builder, x, kernel, attributes), "N" + letters + "C", layout.output);
}

Value conv_general_dilated(const Bound& args) { return convolved(args, {2, 3, 4, 5, 6, 7, 8}); }

// Parameters: lhs rhs window_strides padding precision; no dilations, the default order of axes.
Value conv(const Bound& args) {
  const Bound wide(args.context, "conv", {"lhs", "rhs", "window_strides", "padding", "none"},
                   {args.item(0), args.item(1), args.item(2), args.item(3), {}}, {true, true, true, true, false}, {}, args.place);
  return convolved(wide, {2, 3, 4, 4, 4, 0, 0});
}

// Of two vectors; the longer one is slid over.
Value of_vectors(const Bound& args, bool is_convolution) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  std::array<Tensor, 2> both{args.tensor(0), args.tensor(1)};
  promote_all(context, both);
  for (Tensor& x : both) {
    if (x.rank() != 1) fail_shape(context, concat("needs vectors, and has ", x.fact()), {x});
    if (x.dim(0) == Dim(0)) fail_shape(context, "needs vectors that are not empty", {x});
    x = astype(context, x, to_inexact(x.dtype()));
  }
  const bool is_swapped = b.dims().holds(both[0].dim(0), graph::DimContext::Relation::Less, both[1].dim(0)) == graph::Truth::Yes;
  if (is_swapped) std::swap(both[0], both[1]);
  const Tensor kernel = is_convolution ? graph::reverse(b, both[1], {0}) : both[1];
  const Dim length = kernel.dim(0);
  const std::string mode = args.text(2);
  ConvolutionAttributes<Dim> attributes;
  attributes.strides = attributes.input_dilation = attributes.kernel_dilation = {1};
  if (mode == "valid")
    attributes.low = {0}, attributes.high = {0};
  else if (mode == "same")
    attributes.low = {floor_div(length, 2)}, attributes.high = {length - floor_div(length, 2) - 1};
  else if (mode == "full")
    attributes.low = {length - 1}, attributes.high = {length - 1};
  else
    args.wrong_type(2, "'full', 'same' or 'valid'");
  const Tensor x = graph::reshape(b, both[0], {1, both[0].dim(0), 1});
  const Tensor out = flatten(context, graph::convolution(b, x, graph::reshape(b, kernel, {length, 1, 1}), attributes));
  return is_swapped && !is_convolution ? graph::reverse(b, out, {0}) : out;
}

const RegisterFunctions family{{
    FunctionSpec("convolve", "The convolution of two vectors.")
        .in({"jnp"})
        .arg("a")
        .arg("v")
        .arg("mode", "full")
        .keyword_only()
        .arg("precision", None{})
        .does([](const Bound& args) { return of_vectors(args, true); }),
    FunctionSpec("correlate", "The correlation of two vectors.")
        .in({"jnp"})
        .arg("a")
        .arg("v")
        .arg("mode", "valid")
        .keyword_only()
        .arg("precision", None{})
        .does([](const Bound& args) { return of_vectors(args, false); }),
    FunctionSpec("conv_general_dilated", "A convolution with any order of axes.")
        .in({"lax"})
        .arg("lhs")
        .arg("rhs")
        .arg("window_strides")
        .arg("padding")
        .arg("lhs_dilation", None{})
        .arg("rhs_dilation", None{})
        .arg("dimension_numbers", None{})
        .arg("feature_group_count", 1)
        .arg("batch_group_count", 1)
        .arg("precision", None{})
        .arg("preferred_element_type", None{})
        .does(&conv_general_dilated),
    FunctionSpec("conv", "A convolution of [N, C, spatial...] with [O, I, spatial...].")
        .in({"lax"})
        .arg("lhs")
        .arg("rhs")
        .arg("window_strides")
        .arg("padding")
        .arg("precision", None{})
        .does(&conv),
}};

}  // namespace
}  // namespace linenc::functions
