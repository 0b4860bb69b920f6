#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/graph/same_padding.h"
#include "compiler/layers/hooks.h"

// What Conv and ConvTranspose share: batch axes, settings for each spatial axis, padding, masks (linen-semantics D.2).
namespace linenc::layers {

using PerAxis = std::vector<std::int64_t>;

// The input with its batch axes made one; `batch` are the sizes of the axes that were.
struct FlatBatch {
  Tensor x;
  Dims batch;
  bool reshaped = false;
};
[[nodiscard]] FlatBatch flatten_batch(const LayerCall& call, Tensor x, std::size_t spatial);
[[nodiscard]] Tensor restore_batch(const LayerCall& call, Tensor y, const FlatBatch& flat);

// A number for each spatial axis: none is 1, a single number stands for all. E0226 where the count differs, E0204 below 1.
[[nodiscard]] PerAxis spatial_numbers(const LayerCall& call, const Value& field_value, std::size_t spatial, const std::string& field);

// E0204 where the field `kernel_size` holds a number below 1.
void check_kernel_size(const LayerCall& call, const Dims& kernel);

// The field `padding`: a name, or (low, high) for each spatial axis.
struct Pads {
  Dims low, high;
};
using Padding = std::variant<std::string, Pads>;
[[nodiscard]] Padding padding_of(const LayerCall& call, const Value& padding, std::size_t spatial);

// The padding as lax takes it: the name, or a list of pairs.
[[nodiscard]] Value to_value(const Padding& padding);
// "W", "HW", "DHW": how lax's dimension numbers call the axes of a window; digits where there are more.
[[nodiscard]] std::string spatial_letters(std::size_t spatial);

// (size - 1) * dilation + 1
[[nodiscard]] Dim dilated(const Dim& size, std::int64_t dilation);
// The padding that `SAME`, `VALID` or `SAME_LOWER` stands for, in any case; `kernel` are the dilated sizes. E0226 for other names.
[[nodiscard]] Pads named_pads(const LayerCall& call, const std::string& name, Tensor x, const Dims& kernel, const PerAxis& strides,
                              const PerAxis& input_dilation);

// kernel * mask, where the field `mask` is given; its shape is the kernel's.
[[nodiscard]] Tensor masked(const LayerCall& call, Tensor kernel, const Value& mask);

// The axis continued past its ends: from the other end (wrap), or mirrored without its last element (reflect).
enum class Border : std::uint8_t { Wrap, Reflect };
[[nodiscard]] Tensor extend(const LayerCall& call, Tensor x, std::int64_t axis, std::int64_t low, std::int64_t high, Border border);

}  // namespace linenc::layers
