// Gather  out[b..., p..., i..., s...] = x[b..., p..., indices[b..., i...], s...]
// Scatter out = x; out[b..., p..., indices[b..., i...], s...] is combined with updates[b..., p..., i..., s...], one after another
//
//   b  the first batch_dims axes, common to x and indices      p  further axes of x before `axis`
//   i  the remaining axes of indices                           s  axes of x after `axis`: one row
//
// An index outside of the axis gives the fill value or drops the update (Fill), or is clipped (Clip).
//
// Tested by tests/runtime/kernels/gather_test.cpp.
#include <algorithm>
#include <cstring>
#include <limits>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"

namespace linenc::runtime {
namespace {

struct Sizes {
  std::int64_t batch = 1, before = 1, axis = 1, indices = 1, row = 1;
};

Sizes sizes_of(const Shape& x, const Shape& indices, std::int64_t axis, std::int64_t batch_dims) {
  Sizes s;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(x.size()); ++i) {
    std::int64_t& part = i < batch_dims ? s.batch : i < axis ? s.before : i == axis ? s.axis : s.row;
    part *= x[i];
  }
  for (std::int64_t i = batch_dims; i < static_cast<std::int64_t>(indices.size()); ++i) s.indices *= indices[i];
  return s;
}

// The index to use, or -1 for none. A promise is not believed: an index outside reads nothing.
std::int64_t usable(std::int64_t index, std::int64_t size, GatherMode mode) {
  if (index >= 0 && index < size) return index;
  return mode == GatherMode::Clip && size > 0 ? std::clamp<std::int64_t>(index, 0, size - 1) : -1;
}

// What an index outside gives: NaN, the smallest integer (the largest unsigned one), true.
void fill_value(DType dtype, std::byte* to) {
  with_element(dtype, [&]<class Element>() {
    using Wide = typename Element::Wide;
    using Limits = std::numeric_limits<Wide>;
    Wide value = Limits::has_quiet_NaN ? Limits::quiet_NaN() : std::is_signed_v<Wide> ? Limits::lowest() : Limits::max();
    if (dtype == DType::Bool) value = 1;
    if (dtype == DType::Key) value = 0;
    const typename Element::Stored stored = Element::stored(value);
    std::memcpy(to, &stored, sizeof stored);
  });
}

template <class Word>
void gather_words(const KernelCall& call, const Sizes& s, GatherMode mode, Word fill) {
  const Word* x = call.inputs[0].as<Word>();
  const std::int32_t* indices = call.inputs[1].as<std::int32_t>();
  Word* out = call.outputs[0].as<Word>();
  parallel(call.threads, s.batch * s.before * s.indices, rows_grain(s.row), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t outer = item / s.indices, i = item % s.indices;
      const std::int64_t index = usable(indices[outer / s.before * s.indices + i], s.axis, mode);
      Word* to = out + item * s.row;
      if (index < 0) {
        std::fill(to, to + s.row, fill);
      } else {
        std::memcpy(to, x + (outer * s.axis + index) * s.row, static_cast<std::size_t>(s.row) * sizeof(Word));
      }
    }
  });
}

template <class Element>
typename Element::Stored combine(ScatterKind kind, typename Element::Stored a_stored, typename Element::Stored b_stored) {
  if (kind == ScatterKind::Set) return b_stored;
  using Wide = typename Element::Wide;
  const Wide a = Element::wide(a_stored), b = Element::wide(b_stored);
  switch (kind) {
    case ScatterKind::Set: return b_stored;
    case ScatterKind::Add: return Element::stored(wrapping_add(a, b));
    case ScatterKind::Multiply: return Element::stored(wrapping_multiply(a, b));
    case ScatterKind::Min: return Element::stored(smaller_of(a, b));
    case ScatterKind::Max: return Element::stored(larger_of(a, b));
  }
  return a_stored;
}
// Bool adds as "or".
struct BoolScatter : BoolElement {
  static Stored stored(Wide v) { return v != 0; }
};

template <class Element>
void scatter_elements(const KernelCall& call, const Sizes& s, const ScatterAttributes& attributes) {
  using T = typename Element::Stored;
  const std::int32_t* indices = call.inputs[1].as<std::int32_t>();
  const T* updates = call.inputs[2].as<T>();
  T* out = call.outputs[0].as<T>();
  // Threads share out the places before the axis; where there is one, the elements of a row.
  const std::int64_t outer_count = s.batch * s.before;
  const bool by_row = outer_count == 1;
  const std::int64_t work = s.indices * s.row;
  parallel(call.threads, by_row ? s.row : outer_count, by_row ? std::max<std::int64_t>(16, rows_grain(s.indices)) : rows_grain(work),
           [&](std::int64_t begin, std::int64_t end) {
             for (std::int64_t outer = by_row ? 0 : begin; outer < (by_row ? 1 : end); ++outer) {
               const std::int64_t first = by_row ? begin : 0, last = by_row ? end : s.row;
               for (std::int64_t i = 0; i < s.indices; ++i) {
                 const std::int64_t index = usable(indices[outer / s.before * s.indices + i], s.axis, attributes.mode);
                 if (index < 0) continue;
                 T* to = out + (outer * s.axis + index) * s.row;
                 const T* from = updates + (outer * s.indices + i) * s.row;
                 for (std::int64_t r = first; r < last; ++r) to[r] = combine<Element>(attributes.kind, to[r], from[r]);
               }
             }
           });
}

}  // namespace

void run_gather(const KernelCall& call) {
  const auto& attributes = std::get<GatherAttributes>(call.attributes);
  const Sizes s = sizes_of(call.inputs[0].shape, call.inputs[1].shape, attributes.axis, attributes.batch_dims);
  std::byte fill_bytes[8] = {};
  fill_value(call.outputs[0].dtype, fill_bytes);
  with_word(byte_size(call.outputs[0].dtype), [&]<class Word>() {
    Word fill;
    std::memcpy(&fill, fill_bytes, sizeof fill);
    gather_words<Word>(call, s, attributes.mode, fill);
  });
}

void run_scatter(const KernelCall& call) {
  const auto& attributes = std::get<ScatterAttributes>(call.attributes);
  const View& out = call.outputs[0];
  const Sizes s = sizes_of(out.shape, call.inputs[1].shape, attributes.axis, attributes.batch_dims);
  copy_bytes(call.threads, out.data, call.inputs[0].data, static_cast<std::size_t>(element_count(out.shape)) * byte_size(out.dtype));
  if (out.dtype == DType::Key) return scatter_elements<PlainElement<std::uint64_t>>(call, s, attributes);
  if (out.dtype == DType::Bool) return scatter_elements<BoolScatter>(call, s, attributes);
  with_element(out.dtype, [&]<class Element>() { scatter_elements<Element>(call, s, attributes); });
}

}  // namespace linenc::runtime
