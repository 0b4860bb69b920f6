#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/span.h"

namespace linenc::syntax {

using source::Span;

enum class ExprKind : std::uint8_t {
  Integer,        // integer
  Float,          // number
  String,         // text
  FString,        // children: String or Formatted, in order
  Formatted,      // children[0] value; text: the format spec after `:`, or children[1]: the spec as an FString where it has
                  // parts in braces; conversion `!r` is not part of the language
  Constant,       // text: "true", "false", "none" (Python's spellings are brought to these), "..."
  Name,           // text
  Tuple,          // children; lists and tuples are one kind of value. `(a)` is not a tuple, `(a,)` is
  List,           // children
  Star,           // children[0]: `*x` in a list, a tuple or the arguments of a call
  Dict,           // children: key, value, key, value, ...; for `**m` the key is a Star with the map, and the value is absent (Constant "none")
  Comprehension,  // children: element, target, iterable, and the condition where there is one; targets as in `target`
  Unary,          // op, children[0]
  Binary,         // op, children[0], children[1]
  And,
  Or,         // children: two or more
  Not,        // children[0]
  Compare,    // ops[i] compares children[i] with children[i + 1]
  IfElse,     // children: condition, value, otherwise
  Attribute,  // children[0], text; `name_span` is the place of the name
  Subscript,  // children[0] value, children[1] index (a Tuple where several are given)
  Slice,      // children: begin, end, step; absent ones are null pointers
  Call,       // children[0] function, then the arguments; arguments[i] describes children[i + 1]
  Lambda,     // parameters; children: the body, then the defaults of the last parameters
};

enum class ExprOp : std::uint8_t {
  Add,
  Subtract,
  Multiply,
  Divide,
  FloorDivide,
  Modulo,
  Power,
  MatMul,
  BitAnd,
  BitOr,
  BitXor,
  ShiftLeft,
  ShiftRight,
  Negate,
  Plus,
  Invert,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  In,
  NotIn,
  Is,
  IsNot,
};
[[nodiscard]] std::string_view spelling(ExprOp op);

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// `a + b + ...` and `x.a.b...` make trees as high as they are long, and every walk over a tree is recursive.
inline constexpr std::uint32_t kExpressionHeight = 512;

struct CallArgument {
  enum class Form : std::uint8_t { Positional, Keyword, Splice /* *x */, MapSplice /* **x */ };
  Form form = Form::Positional;
  std::string name;  // of a keyword
  Span name_span;
};

struct Expr {
  ExprKind kind = ExprKind::Constant;
  ExprOp op = ExprOp::Add;
  Span span;  // in the file, whatever the style of the scalar
  Span name_span;
  std::string text;
  std::int64_t integer = 0;
  double number = 0;
  std::vector<ExprPtr> children;
  std::vector<ExprOp> ops;
  std::vector<CallArgument> arguments;
  std::vector<std::string> parameters;
  std::uint32_t height = 1;  // of the tree below, this node included; at most kExpressionHeight
};

// What `let`, `for`, `out` and comprehensions bind: a name, `_`, a starred name, parts with commas (nested), or an
// entry of a record (`out.stem`, `out[f's{i}']`).
struct Target {
  enum class Kind : std::uint8_t { Name, Ignore, Parts, Entry };
  Kind kind = Kind::Name;
  bool starred = false;
  std::string name;  // of Name and of the record of Entry
  std::vector<Target> parts;
  ExprPtr key;  // of Entry
  Span span;
};

// The expression as text with every operation in parentheses, for dumps and tests.
[[nodiscard]] std::string print(const Expr& expr);

}  // namespace linenc::syntax
