#pragma once

#include <span>
#include <string_view>

#include "runtime/core/run_error.h"
#include "runtime/variables/limits.h"
#include "runtime/variables/sink.h"
#include "runtime/variables/variables.h"

namespace linenc::runtime {

// Which of the two JSON documents: "linenc-variables" with the tree under "variables", "linenc-arrays" with flat names under
// "arrays". The rest is the same:
//
//   {"format": "linenc-variables", "version": 1, "meta": {"seed": "42"}, "variables": {"params": {"Dense_0": {
//     "bias": {"dtype": "float32", "shape": [3], "data": [0.5, "NaN", -0.0]}}}}}
//
// Members may stand in any order, and are written in this one; `meta` may be left out. An object is an array if it has a `dtype` with a
// text. An array without elements has the data `[]`.
// Floats are the shortest decimals that read back to the same bits; "NaN", "Infinity", "-Infinity" are texts, and other NaNs
// "NaN:" with their bits in hexadecimal. A complex number is a list of two.
enum class JsonKind { Variables, Arrays };

[[nodiscard]] Result<Variables> parse_json(std::string_view text, JsonKind kind, const ReadLimits& limits);
// Whether a document may begin so: false where the parser refuses it whatever follows.
[[nodiscard]] bool begins_json(std::string_view begin, JsonKind kind, const ReadLimits& limits);
// Expects leaves that check_leaves accepted.
[[nodiscard]] Result<Done> emit_json(const Variables& variables, JsonKind kind, Sink& sink);

}  // namespace linenc::runtime
