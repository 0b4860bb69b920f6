// Products of arrays: einsum matmul dot tensordot and their kin. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <array>
#include <cmath>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/einsum.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_array.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using enum ElementwiseKind;

// A product in the type that is asked for: computed in it where the operands fit into it, else in theirs.
template <class Product>
Value preferred(const Bound& args, std::vector<Tensor> operands, std::size_t dtype, const Product& product) {
  const auto wanted = args.optional_dtype(dtype);
  if (!wanted) return product(operands);
  const DType common = result_type(operands).dtype;
  if (is_integer(common) && byte_size(*wanted) < byte_size(common)) {
    fail_dtype(args.context, concat("sums ", common, ", and `preferred_element_type` ", *wanted, " is narrower"), operands);
  }
  if (promote({result_type(operands).dtype}, {*wanted}).dtype == *wanted) {
    for (Tensor& operand : operands) operand = astype(args.context, operand, *wanted);
  }
  return astype(args.context, product(operands), *wanted);
}

FunctionSpec with_precision(FunctionSpec spec) {
  return std::move(spec.keyword_only().arg("precision", None{}).arg("preferred_element_type", None{}));
}

struct Einsum {
  std::string equation;
  std::vector<Arguments::Item> operands;
};

// einsum(a, [0, 1], b, [1, 2], [0, 2]): numbers in place of letters; the letters follow the order of the numbers.
Einsum from_numbers(const Bound& args) {
  std::vector<Arguments::Item> items = args.rest();
  items.insert(items.begin(), args.item(0));
  std::vector<std::int64_t> numbers;
  const auto number_of = [&](const Value& value) {
    const Value held = plain(value);
    const auto number = held.integer() ? held.integer()->constant() : std::nullopt;
    if (!number) args.context.fail(Code::WrongArguments, args.place, "the axes of an operand of `einsum` are a list of ints");
    return *number;
  };
  const auto axes_at = [&](std::size_t i) -> List {
    const List* list = i < items.size() ? items[i].value.list() : nullptr;
    if (!list) args.context.fail(Code::WrongArguments, args.place, "`einsum` without an equation takes operands and lists of their axes in turn");
    return *list;
  };
  for (std::size_t i = 1; i < items.size(); i += 2) {
    for (const Value& item : axes_at(i)) {
      if (!item.is_ellipsis()) numbers.push_back(number_of(item));
    }
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  if (numbers.size() > 26) args.context.fail(Code::WrongArguments, args.place, "`einsum` has more than 26 axes");
  const auto letters_of = [&](std::size_t i) {
    std::string out;
    for (const Value& item : axes_at(i)) {
      const auto place = item.is_ellipsis() ? numbers.end() : std::lower_bound(numbers.begin(), numbers.end(), number_of(item));
      out += item.is_ellipsis() ? std::string("...") : std::string(1, static_cast<char>('a' + (place - numbers.begin())));
      if (!item.is_ellipsis() && (place == numbers.end() || *place != number_of(item)))
        args.context.fail(Code::WrongArguments, args.place, concat("no operand of `einsum` has the axis ", number_of(item)));
    }
    return out;
  };
  Einsum out;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    out.operands.push_back(items[i]);
    out.equation += concat(i == 0 ? "" : ",", letters_of(i + 1));
  }
  if (items.size() % 2 == 1) out.equation += concat("->", letters_of(items.size() - 1));
  return out;
}

// Parameters: subscripts operands optimize precision preferred_element_type.
Value einsum_of(const Bound& args) {
  graph::Site site = args.context.builder.site();
  site.operands.clear();
  std::vector<Tensor> operands;
  const bool has_axes = args.value(0).tensor() != nullptr || args.value(0).array() != nullptr;
  const Einsum call = has_axes ? from_numbers(args) : Einsum{args.text(0), args.rest()};
  for (const Arguments::Item& item : call.operands) {
    if (!item.value.tensor() && !item.value.array() && !item.value.integer() && !item.value.number() && !item.value.boolean()) {
      args.context.fail(Code::WrongType, item.place, concat("`einsum` takes arrays after the equation, and this is ", kind(item.value)));
    }
    operands.push_back(to_tensor(args.context, item.value, item.place));
    site.operands.push_back({item.place, item.text});
  }
  const graph::SiteGuard guard(args.context.builder, site);
  return preferred(args, std::move(operands), 4, [&](const std::vector<Tensor>& all) { return einsum(args.context, call.equation, all); });
}

Value matmul_of(const Bound& args) {
  return preferred(args, {args.tensor(0), args.tensor(1)}, 3, [&](const auto& both) { return matmul(args.context, both[0], both[1]); });
}

// The last axis of a with the last but one of b; scalars multiply.
Tensor dot(Context& context, Tensor a, Tensor b) {
  if (a.rank() == 0 || b.rank() == 0) return catalog::binary(context, Multiply, a, b);
  std::array<Tensor, 2> both{a, b};
  promote_all(context, both);
  DotAttributes attributes;
  attributes.a_contract = {a.rank() - 1};
  attributes.b_contract = {std::max<std::int64_t>(b.rank() - 2, 0)};
  return graph::dot_general(context.builder, both[0], both[1], attributes);
}

Value dot_of(const Bound& args) {
  return preferred(args, {args.tensor(0), args.tensor(1)}, 3, [&](const auto& both) { return dot(args.context, both[0], both[1]); });
}

Value vdot(const Bound& args) {
  return preferred(args, {args.tensor(0), args.tensor(1)}, 3,
                   [&](const auto& both) { return dot(args.context, flatten(args.context, both[0]), flatten(args.context, both[1])); });
}

// The last axes of both.
Tensor inner(Context& context, std::vector<Tensor> both) {
  if (both[0].rank() == 0 || both[1].rank() == 0) return catalog::binary(context, Multiply, both[0], both[1]);
  promote_all(context, both);
  DotAttributes attributes;
  attributes.a_contract = {both[0].rank() - 1};
  attributes.b_contract = {both[1].rank() - 1};
  return graph::dot_general(context.builder, both[0], both[1], attributes);
}

Value outer(const Bound& args) {
  Context& context = args.context;
  const Tensor column = graph::expand_dims(context.builder, flatten(context, args.tensor(0)), 1);
  return catalog::binary(context, Multiply, column, graph::expand_dims(context.builder, flatten(context, args.tensor(1)), 0));
}

// How many axes, or which of a and which of b.
Tensor tensordot(const Bound& args, std::vector<Tensor> both) {
  Context& context = args.context;
  promote_all(context, both);
  DotAttributes attributes;
  const auto axes_of = [&](const Value& value, std::int64_t rank) {
    std::vector<std::int64_t> axes;
    const List single{value};
    for (const Value& item : value.list() ? *value.list() : single) {
      const auto axis = item.integer() ? item.integer()->constant() : std::nullopt;
      if (!axis) args.wrong_type(2, "an int or two lists of ints");
      axes.push_back(normalize_axis(context, *axis, rank));
    }
    return axes;
  };
  if (const List* lists = args.value(2).list()) {
    if (lists->size() != 2) args.wrong_type(2, "an int or two lists of ints");
    attributes.a_contract = axes_of((*lists)[0], both[0].rank());
    attributes.b_contract = axes_of((*lists)[1], both[1].rank());
  } else {
    const std::int64_t count = args.integer(2);
    if (count < 0 || count > both[0].rank() || count > both[1].rank()) {
      fail_shape(context, concat("contracts ", count, " axes of ", both[0].fact(), " and ", both[1].fact()), {both[0], both[1]});
    }
    for (std::int64_t i = 0; i < count; ++i) {
      attributes.a_contract.push_back(both[0].rank() - count + i);
      attributes.b_contract.push_back(i);
    }
  }
  if (attributes.a_contract.size() != attributes.b_contract.size()) {
    context.fail(Code::WrongArguments, args.place, "`tensordot` contracts as many axes of one array as of the other");
  }
  return graph::dot_general(context.builder, both[0], both[1], attributes);
}

// Every element of a times the whole of b.
Value kron(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0), y = args.tensor(1);
  const std::int64_t rank = std::max(x.rank(), y.rank());
  x = with_rank(context, x, rank), y = with_rank(context, y, rank);
  Dims x_open, y_open, closed;
  for (std::int64_t axis = 0; axis < rank; ++axis) {
    x_open.insert(x_open.end(), {x.dim(axis), Dim(1)});
    y_open.insert(y_open.end(), {Dim(1), y.dim(axis)});
    closed.push_back(x.dim(axis) * y.dim(axis));
  }
  return graph::reshape(b, catalog::binary(context, Multiply, graph::reshape(b, x, x_open), graph::reshape(b, y, y_open)), closed);
}

// The sum of products along one axis.
Value vecdot(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0), y = args.tensor(1);
  const Tensor a = move_axis(context, x, args.axis(2, x.rank()), x.rank() - 1), b = move_axis(context, y, args.axis(2, y.rank()), y.rank() - 1);
  require_equal(context, a.dim(-1), b.dim(-1), concat("multiplies vectors of ", a.dim(-1), " and ", b.dim(-1), " elements"), {a, b});
  return preferred(args, {a, b}, 4, [&](const std::vector<Tensor>& both) { return einsum(context, "...i,...i->...", both); });
}

// Of vectors of 2 or 3 elements; one of 2 has a 0 behind. Of two of 2 the one element that is not 0 alone.
Value cross(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const auto last = [&](std::size_t i, std::size_t axis) {
    const Tensor x = args.tensor(i);
    const Tensor moved = move_axis(context, x, args.axis(args.none(5) ? axis : 5, x.rank()), x.rank() - 1);
    if (moved.dim(-1) != Dim(3) && moved.dim(-1) != Dim(2)) fail_shape(context, concat("needs vectors of 2 or 3 elements, and has ", x.fact()), {x});
    return moved;
  };
  const auto element = [&](Tensor x, std::int64_t i) {
    const Tensor first = graph::slice_axis(b, x, x.rank() - 1, Dim(x.dim(-1) == Dim(2) && i == 2 ? 0 : i), 1);
    const Tensor out = graph::squeeze(b, first, x.rank() - 1);
    return x.dim(-1) == Dim(2) && i == 2
               ? graph::broadcast_to(b, graph::convert(b, graph::integer_scalar(b, 0, DType::Int32), x.dtype()), out.shape())
               : out;
  };
  const Tensor x = last(0, 2), y = last(1, 3);
  const auto times = [&](std::int64_t i, std::int64_t j) { return catalog::binary(context, Multiply, element(x, i), element(y, j)); };
  const auto turned = [&](std::int64_t i, std::int64_t j) { return graph::binary(b, Subtract, times(i, j), times(j, i)); };
  if (x.dim(-1) == Dim(2) && y.dim(-1) == Dim(2)) return turned(0, 1);
  const Tensor out = stack(context, {turned(1, 2), turned(2, 0), turned(0, 1)}, 0);
  return move_axis(context, out, 0, args.axis(args.none(5) ? 4 : 5, out.rank()));
}

// ((contracted of a, of b), (batch of a, of b))
DotAttributes contraction_of(const Bound& args) {
  const auto wrong = [&]() { args.wrong_type(2, "((contracted axes), (batch axes)), each a pair of lists"); };
  const auto axes_of = [&](const Value& value) {
    std::vector<std::int64_t> axes;
    if (!value.list()) wrong();
    for (const Value& item : *value.list()) {
      const auto axis = item.integer() ? item.integer()->constant() : std::nullopt;
      if (!axis) wrong();
      axes.push_back(*axis);
    }
    return axes;
  };
  const List* numbers = args.value(2).list();
  if (!numbers || numbers->size() != 2) wrong();
  const List *contracted = (*numbers)[0].list(), *batch = (*numbers)[1].list();
  if (!contracted || contracted->size() != 2 || !batch || batch->size() != 2) wrong();
  DotAttributes attributes;
  attributes.a_contract = axes_of((*contracted)[0]);
  attributes.b_contract = axes_of((*contracted)[1]);
  attributes.a_batch = axes_of((*batch)[0]);
  attributes.b_batch = axes_of((*batch)[1]);
  return attributes;
}

// Parameters: lhs rhs dimension_numbers precision preferred_element_type.
Value dot_general(const Bound& args) {
  Context& context = args.context;
  const DotAttributes attributes = contraction_of(args);
  std::vector<Tensor> operands = {args.tensor(0), args.tensor(1)};
  promote_all(context, operands);
  return preferred(args, std::move(operands), 4, [&](const auto& both) { return graph::dot_general(context.builder, both[0], both[1], attributes); });
}

// Unlike jnp.matmul, of one rank and type, with equal leading axes.
Value batch_matmul(const Bound& args) {
  const Tensor x = args.tensor(0), y = args.tensor(1);
  if (x.rank() < 2 || x.rank() != y.rank()) {
    fail_shape(args.context, concat("needs matrices of one rank, and has ", x.fact(), " and ", y.fact(), ": `jnp.matmul` broadcasts"), {x, y});
  }
  DotAttributes attributes;
  for (std::int64_t axis = 0; axis + 2 < x.rank(); ++axis) attributes.a_batch.push_back(axis), attributes.b_batch.push_back(axis);
  attributes.a_contract = {x.rank() - 1}, attributes.b_contract = {x.rank() - 2};
  std::array<Tensor, 2> both{x, y};
  promote_all(args.context, both);
  return graph::dot_general(args.context.builder, both[0], both[1], attributes);
}

// Without dimension numbers, the last axis of vectors and matrices with the first one.
Value lax_dot(const Bound& args) {
  if (!args.none(2)) return dot_general(args);
  const Tensor x = args.tensor(0), y = args.tensor(1);
  if (x.rank() < 1 || x.rank() > 2 || y.rank() < 1 || y.rank() > 2)
    fail_shape(args.context, concat("takes vectors and matrices, and has ", x.fact(), " and ", y.fact()), {x, y});
  return preferred(args, {x, y}, 4, [&](const auto& both) { return dot(args.context, both[0], both[1]); });
}

// A square matrix to a whole power.
Value matrix_power(const Bound& args) {
  Context& context = args.context;
  const Tensor x = args.tensor(0);
  std::int64_t n = args.integer(1);
  if (x.rank() < 2) fail_shape(context, concat("needs square matrices, and has ", x.fact()), {x});
  require_equal(context, x.dim(-1), x.dim(-2), concat("needs square matrices, and has ", x.fact()), {x});
  if (n < 0) context.fail(Code::NotSupportedYet, args.place, "negative powers of matrices are not supported yet");
  if (n == 0) {
    const Dim& size = x.dim(-1);
    const Tensor mask = graph::binary(context.builder, Equal, graph::iota(context.builder, DType::Int32, {size, 1}, 0),
                                      graph::iota(context.builder, DType::Int32, {1, size}, 1));
    return graph::broadcast_to(context.builder, astype(context, mask, x.dtype()), x.shape());
  }
  std::optional<Tensor> product;
  for (Tensor square = x; n > 0; n >>= 1) {
    if (n & 1) product = product ? matmul(context, *product, square) : square;
    if (n > 1) square = matmul(context, square, square);
  }
  return *product;
}

// The largest or smallest sum of absolute values of the columns (1, -1) or rows (inf, -inf); none for other orders.
std::optional<Value> matrix_norm(const Bound& args, Tensor x, std::vector<std::int64_t> axes, bool keepdims) {
  const Value order = plain(args.value(1));
  if (order.text()) return std::nullopt;
  const double number = args.number(1);
  if (std::abs(number) != 1 && !std::isinf(number)) return std::nullopt;
  // The axes as they are written: rows before columns.
  if (!args.none(2)) axes = args.integers(2);
  for (std::int64_t& axis : axes) axis = axis < 0 ? axis + x.rank() : axis;
  const std::int64_t summed = std::isinf(number) ? axes[1] : axes[0];
  std::int64_t compared = std::isinf(number) ? axes[0] : axes[1];
  graph::Builder& b = args.context.builder;
  if (number < 0 && x.dim(compared) == Dim(0)) fail_shape(args.context, concat("has no smallest sum: ", x.fact(), " is empty"), {x});
  const Tensor sums = sum(args.context, graph::unary(b, Abs, x), {summed}, keepdims);
  if (!keepdims && compared > summed) --compared;
  const Tensor out = graph::reduce(b, number > 0 ? ReduceKind::Max : ReduceKind::Min, sums, {compared}, keepdims);
  return number > 0 ? graph::binary(b, Maximum, graph::scalar(b, 0, out.dtype()), out) : out;
}

// The norm of vectors along an axis, or of the whole array; of matrices the Frobenius norm.
Value norm(const Bound& args) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  Tensor x = args.tensor(0);
  x = astype(context, x, to_inexact(x.dtype()));
  const bool keepdims = args.boolean(3);
  const std::vector<std::int64_t> axes = args.axes(2, x.rank());
  if (axes.size() == 2 && !args.none(1)) {
    if (const auto of_matrices = matrix_norm(args, x, axes, keepdims)) return *of_matrices;
  }
  const Tensor size = graph::unary(b, Abs, x);
  const auto root_of_squares = [&]() -> Value { return graph::unary(b, Sqrt, sum(context, graph::binary(b, Multiply, x, x), axes, keepdims)); };
  if (args.none(1) || (args.value(1).text() && *args.value(1).text() == "fro")) return root_of_squares();
  if (axes.size() != 1) context.fail(Code::NotSupportedYet, args.place, "norms of matrices other than 'fro' are not supported yet");
  const double order = args.number(1);
  if (order == 2) return root_of_squares();
  if (std::isinf(order)) return graph::reduce(b, order > 0 ? ReduceKind::Max : ReduceKind::Min, size, axes, keepdims);
  if (order == 1) return sum(context, size, axes, keepdims);
  if (order == 0) return sum(context, astype(context, graph::binary(b, NotEqual, x, graph::scalar(b, 0, x.dtype())), x.dtype()), axes, keepdims);
  const Tensor powers = graph::binary(b, Power, size, graph::scalar(b, order, x.dtype()));
  return graph::binary(b, Power, sum(context, powers, axes, keepdims), graph::scalar(b, 1 / order, x.dtype()));
}

const RegisterFunctions family{{
    FunctionSpec("einsum", "Sums of products, as an equation of letters says.")
        .in({"jnp"})
        .arg("subscripts")
        .positional_only()
        .rest("operands")
        .keyword_only()
        .arg("optimize", "auto")
        .arg("precision", None{})
        .arg("preferred_element_type", None{})
        .does(&einsum_of),
    with_precision(FunctionSpec("matmul", "The product of matrices, over leading axes that stretch.").in({"jnp"}).arg("a").arg("b")).does(&matmul_of),
    with_precision(FunctionSpec("dot", "The last axis of a with the last but one of b.").in({"jnp"}).arg("a").arg("b")).as_method().does(&dot_of),
    FunctionSpec("dot", "The product of vectors and matrices; with dimension numbers, of the axes that they name.")
        .in({"lax"})
        .arg("lhs")
        .arg("rhs")
        .keyword_only()
        .arg("dimension_numbers", None{})
        .arg("precision", None{})
        .arg("preferred_element_type", None{})
        .does(&lax_dot),
    with_precision(FunctionSpec("vdot", "The sum of all products of two flattened arrays.").in({"jnp"}).arg("a").arg("b")).does(&vdot),
    with_precision(FunctionSpec("inner", "The last axis of a with the last axis of b.").in({"jnp"}).arg("a").arg("b")).does([](const Bound& args) {
      return preferred(args, {args.tensor(0), args.tensor(1)}, 3, [&](const auto& both) { return inner(args.context, both); });
    }),
    FunctionSpec("outer", "Every element of a with every element of b.").in({"jnp"}).arg("a").arg("b").does(&outer),
    with_precision(FunctionSpec("tensordot", "Some axes of a with some axes of b.").in({"jnp"}).arg("a").arg("b").arg("axes", 2))
        .does([](const Bound& args) {
          return preferred(args, {args.tensor(0), args.tensor(1)}, 4, [&](const auto& both) { return tensordot(args, both); });
        }),
    FunctionSpec("kron", "Every element of a times the whole of b.").in({"jnp"}).arg("a").arg("b").does(&kron),
    FunctionSpec("vecdot", "The sum of products along an axis.")
        .in({"jnp"})
        .arg("x1")
        .arg("x2")
        .positional_only()
        .keyword_only()
        .arg("axis", -1)
        .arg("precision", None{})
        .arg("preferred_element_type", None{})
        .does(&vecdot),
    FunctionSpec("cross", "The cross product of vectors of 2 or 3 elements.")
        .in({"jnp"})
        .arg("a")
        .arg("b")
        .arg("axisa", -1)
        .arg("axisb", -1)
        .arg("axisc", -1)
        .arg("axis", None{})
        .does(&cross),
    FunctionSpec("dot_general", "A product that contracts some axes and keeps others in step.")
        .in({"lax"})
        .arg("lhs")
        .arg("rhs")
        .arg("dimension_numbers")
        .arg("precision", None{})
        .arg("preferred_element_type", None{})
        .does(&dot_general),
    FunctionSpec("batch_matmul", "The product of matrices, batch by batch.")
        .in({"lax"})
        .arg("lhs")
        .arg("rhs")
        .arg("precision", None{})
        .does(&batch_matmul),
    FunctionSpec("matrix_power", "A square matrix to a whole power.").in({"linalg"}).arg("a").arg("n").does(&matrix_power),
    FunctionSpec("norm", "The length of vectors along an axis, or of the whole array.")
        .in({"linalg"})
        .arg("x")
        .arg("ord", None{})
        .arg("axis", None{})
        .arg("keepdims", false)
        .does(&norm),
}};

}  // namespace
}  // namespace linenc::functions
