#pragma once

#include <optional>
#include <vector>

#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

// jax.nn.softmax and log_softmax over some axes; where `where` is false the result is 0 (-inf). Integers become float32.
[[nodiscard]] Tensor softmax(Context& context, Tensor x, const std::vector<std::int64_t>& axes, std::optional<Tensor> where = std::nullopt);
[[nodiscard]] Tensor log_softmax(Context& context, Tensor x, const std::vector<std::int64_t>& axes, std::optional<Tensor> where = std::nullopt);
// jax.nn.logsumexp: log(sum(b * exp(a))), without overflow.
[[nodiscard]] Tensor logsumexp(Context& context, Tensor a, std::optional<Tensor> b, const std::vector<std::int64_t>& axes, bool keepdims,
                               std::optional<Tensor> where = std::nullopt);
// With `return_sign`: the logarithm of the absolute value of the sum, and its sign.
struct SignedLogSum {
  Tensor logarithm, sign;
};
[[nodiscard]] SignedLogSum signed_logsumexp(Context& context, Tensor a, std::optional<Tensor> b, const std::vector<std::int64_t>& axes, bool keepdims,
                                            std::optional<Tensor> where = std::nullopt);

}  // namespace linenc::catalog
