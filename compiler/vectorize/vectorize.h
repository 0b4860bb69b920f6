#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compiler/graph/builder.h"

namespace linenc::vectorize {

// A value of the mapped graph: with the batch axis in front, or the same for every element of the batch.
struct Batched {
  graph::Tensor tensor;
  bool batched = false;
};

// Builds, in the current graph of the builder, what `region` computes for each element of a batch of `size`: JAX's vmap.
// `inputs` are in the order of the region's inputs (captures too), results in the order of its outputs. What depends on no
// batched value is built once and stays unbatched. Nodes keep the origins they have in the region.
//
// Called regions become regions of the current graph, one for each pattern of batched inputs. Collectives of `map`, the number of this
// map, become reductions of the batch axis; those of maps around it stay.
[[nodiscard]] std::vector<Batched> vectorize(graph::Builder& builder, const graph::Graph& region, std::span<const Batched> inputs,
                                             const graph::Dim& size, std::optional<std::uint32_t> map = std::nullopt);

}  // namespace linenc::vectorize
