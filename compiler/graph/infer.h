#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "compiler/graph/graph.h"

namespace linenc::graph {

// Why a rule cannot give a fact. The caller turns it into a diagnostic with the user's words: operands are numbers of the
// op's operands, axes are counted from 0; -1 where none is to blame.
struct Reason {
  enum class Kind : std::uint8_t {
    Shape,     // sizes or ranks disagree
    Dtype,     // element types disagree or have no such op
    Unproven,  // would hold for some sizes only; `fact` names what must be stated ("h % 2 == 0")
    Range,     // an attribute is out of range for these operands
    TooLarge,  // L11, L12: rank, elements
  };
  Kind kind = Kind::Shape;
  std::string text;  // "cannot broadcast [batch, 64] with [batch, 32]"
  int operand_a = -1, axis_a = -1;
  int operand_b = -1, axis_b = -1;
  std::string fact;
};

// What the caller asks for where operands and attributes do not decide it: dtype and shape of Constant, Iota, Convert (dtype),
// Bitcast (dtype), Reshape (shape), Broadcast (shape), Slice (shape), Draw, RandomInt, KeySplit (shape: the whole result).
struct Request {
  std::optional<DType> dtype;
  std::optional<Dims> shape;
};

using Inferred = std::variant<std::vector<Fact>, Reason>;

// The shape and dtype rule of every op (except Call, whose facts are those of its region's outputs). `context` proves
// equalities of sizes. Axis origins are passed on where an axis of the result is an axis of an operand, 0 elsewhere. Weak types:
// the result is weak where all operands are.
[[nodiscard]] Inferred infer(OpKind op, const GraphAttributes& attributes, std::span<const Fact* const> operands, const Request& request,
                             const DimContext& context);

// NumPy's broadcasting of two shapes (right-aligned; a size 1 stretches); the reason names the axis.
[[nodiscard]] std::variant<Dims, Reason> broadcast_shapes(const Dims& a, const Dims& b, const DimContext& context);

}  // namespace linenc::graph
