#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/catalog/function.h"
#include "compiler/catalog/numpy.h"

// jax.lax refuses what jax.numpy brings into shape: its axes count from 0, its sequences are sequences, its operands have one rank.
namespace linenc::functions {

// An axis that counts from 0: 0 <= axis < rank; E0203.
[[nodiscard]] std::int64_t lax_axis(const catalog::Bound& args, std::size_t i, std::int64_t rank);
// A list of ints, never a lone one; E0206.
[[nodiscard]] catalog::Dims lax_sizes(const catalog::Bound& args, std::size_t i);
// A list of axes, sorted, each once; those below 0 count from the end where `may_be_negative`.
[[nodiscard]] std::vector<std::int64_t> lax_axes(const catalog::Bound& args, std::size_t i, std::int64_t rank, bool may_be_negative);
// Scalars, and arrays of one rank; E0203.
void expect_one_rank(const catalog::Bound& args, std::span<const catalog::Tensor> operands);

}  // namespace linenc::functions
