#pragma once

#include <string>
#include <vector>

#include "compiler/diagnostics/concat.h"
#include "compiler/graph/infer.h"

// The shape rules behind infer(), for the infer*.cpp files alone. A rule throws a Reason where it cannot give facts; infer()
// catches it, so nothing leaves the module.
namespace linenc::graph::rules {

struct Input {
  OpKind op;
  const GraphAttributes& attributes;
  std::span<const Fact* const> operands;
  const Request& request;
  const DimContext& context;

  [[nodiscard]] const Fact& operand(std::size_t i) const { return *operands[i]; }
};
using Facts = std::vector<Fact>;

[[noreturn]] void fail(Reason::Kind kind, std::string text, int operand_a = -1, int axis_a = -1, int operand_b = -1, int axis_b = -1,
                       std::string fact = {});

// The attributes of the op; an op built with others is our mistake, which verify() reports.
template <class T>
const T& attributes(const Input& in) {
  const T* own = std::get_if<T>(&in.attributes);
  if (!own) fail(Reason::Kind::Range, "has the attributes of another op");
  return *own;
}

void expect_operands(const Input& in, std::size_t least, std::size_t most);
void expect_one_dtype(const Input& in, std::size_t first, std::size_t end);
void expect_dtype(const Input& in, std::size_t operand, DType dtype);
void expect_scalar(const Input& in, std::size_t operand);
// Two sizes that must be equal; `text` is the message.
void expect_equal(const Input& in, const Dim& a, const Dim& b, const std::string& text, int operand_a = -1, int axis_a = -1, int operand_b = -1,
                  int axis_b = -1);
// The fact under which two sizes are equal: `h % 2 == 0` where such a one suffices, else `a == b`.
[[nodiscard]] std::string fact_text(const DimContext& context, const Dim& a, const Dim& b);
// A relation between sizes that must hold; Range where it cannot, Unproven where it may not.
void expect_holds(const Input& in, const Dim& a, DimContext::Relation relation, const Dim& b, const std::string& text, int operand = -1,
                  int axis = -1);
void expect_axis(const Input& in, std::int64_t axis, std::size_t rank);
// Ascending axes inside the rank, each once.
void expect_axes(const Input& in, const std::vector<std::int64_t>& axes, std::size_t rank);
// One entry for each of `count` axes.
void expect_length(std::size_t length, std::size_t count, const char* what);

[[nodiscard]] DType requested_dtype(const Input& in);
[[nodiscard]] const Dims& requested_shape(const Input& in);
// Whether all operands are weak (and there are some).
[[nodiscard]] bool all_weak(const Input& in);
[[nodiscard]] Fact fact_of(DType dtype, Dims shape, bool weak = false);
// Axis `axis` of the fact comes from the operand's axis.
void set_origin(Fact& fact, std::size_t axis, const Fact& operand, std::size_t operand_axis);
// The fact of an axis moved, dropped or replaced: dims and origins together.
void push_axis(Fact& fact, const Fact& operand, std::size_t axis);
void push_axis(Fact& fact, const Dim& size);
// "axis 1", "the last axis"
[[nodiscard]] std::string axis_name(std::size_t axis, std::size_t rank);

[[nodiscard]] Facts elementwise(const Input& in);
[[nodiscard]] Facts constant(const Input& in);
[[nodiscard]] Facts iota(const Input& in);
[[nodiscard]] Facts convert(const Input& in);
[[nodiscard]] Facts bitcast(const Input& in);
[[nodiscard]] Facts reshape(const Input& in);
[[nodiscard]] Facts broadcast(const Input& in);
[[nodiscard]] Facts transpose(const Input& in);
[[nodiscard]] Facts slice(const Input& in);
[[nodiscard]] Facts reverse(const Input& in);
[[nodiscard]] Facts concatenate(const Input& in);
[[nodiscard]] Facts pad(const Input& in);
[[nodiscard]] Facts gather(const Input& in);
[[nodiscard]] Facts scatter(const Input& in);
[[nodiscard]] Facts dynamic_slice(const Input& in);
[[nodiscard]] Facts dynamic_update_slice(const Input& in);
[[nodiscard]] Facts reduce(const Input& in);
[[nodiscard]] Facts arg_reduce(const Input& in);
[[nodiscard]] Facts cumulative(const Input& in);
[[nodiscard]] Facts sort(const Input& in);
[[nodiscard]] Facts top_k(const Input& in);
[[nodiscard]] Facts orthogonalize(const Input& in);
[[nodiscard]] Facts dot_general(const Input& in);
[[nodiscard]] Facts convolution(const Input& in);
[[nodiscard]] Facts reduce_window(const Input& in);
[[nodiscard]] Facts key_seed(const Input& in);
[[nodiscard]] Facts key_derive(const Input& in);
[[nodiscard]] Facts key_fold(const Input& in);
[[nodiscard]] Facts key_split(const Input& in);
[[nodiscard]] Facts key_data(const Input& in);
[[nodiscard]] Facts key_wrap(const Input& in);
[[nodiscard]] Facts draw(const Input& in);
[[nodiscard]] Facts random_int(const Input& in);
[[nodiscard]] Facts softmax(const Input& in);
[[nodiscard]] Facts normalize(const Input& in);

}  // namespace linenc::graph::rules
