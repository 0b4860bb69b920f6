// out[batch, m, n] = activation(sum_k a[batch, m, k] * b[batch, k, n] + bias)
//
//   a    batch axes, free axes (m), contracted axes (k), in any order
//   b    batch axes, free axes (n), contracted axes (k), in any order
//   bias broadcast to out, or absent
//   out  [batch..., free of a..., free of b...]
//
// Where the axes of a group do not follow one another with one stride, the operand is first copied into the order
// [batch, m, k] or [batch, k, n]. The product reads both where they are then; see vector/gemm.cpp.
//
// Tested by tests/runtime/kernels/dot_test.cpp.
#include <algorithm>
#include <cstring>

#include "runtime/kernels/dtypes.h"
#include "runtime/kernels/gemm.h"
#include "runtime/kernels/kernels.h"
#include "runtime/kernels/loops.h"
#include "runtime/kernels/parallel.h"
#include "runtime/kernels/scratch.h"

namespace linenc::runtime {
namespace {

// Some axes of an operand, taken together in the order given.
struct Group {
  std::array<std::int64_t, kMaxRank> sizes{}, strides{};
  int rank = 0;
  void add(std::int64_t size, std::int64_t stride) {
    sizes[rank] = size;
    strides[rank] = stride;
    ++rank;
  }
  [[nodiscard]] std::int64_t count() const {
    std::int64_t product = 1;
    for (int i = 0; i < rank; ++i) product *= sizes[i];
    return product;
  }
  // The stride of the axes as one, or -1 where they have none.
  [[nodiscard]] std::int64_t joint_stride() const {
    std::int64_t stride = -1, expected = 0;
    for (int i = rank - 1; i >= 0; --i) {
      if (sizes[i] == 1) continue;
      if (stride == -1) {
        stride = strides[i];
      } else if (strides[i] != expected) {
        return -1;
      }
      expected = strides[i] * sizes[i];
    }
    return stride == -1 ? 0 : stride;
  }
  // The offset of one combination of indices, counted row-major.
  [[nodiscard]] std::int64_t offset(std::int64_t position) const {
    std::int64_t sum = 0;
    for (int i = rank - 1; i >= 0; --i) {
      sum += position % sizes[i] * strides[i];
      position /= sizes[i];
    }
    return sum;
  }
};

struct Side {
  Group batch, outer, contract;  // outer: the free axes
  // Strides of the axes as a matrix; of the copy where there is one.
  std::int64_t outer_stride = 0, contract_stride = 0;
  bool copied = false;
};

Side side_of(const Shape& shape, const std::vector<std::int64_t>& batch, const std::vector<std::int64_t>& contract) {
  Side side;
  const Strides strides = dense_strides(shape);
  const auto add = [&](Group& group, std::int64_t axis) { group.add(shape[axis], strides[axis]); };
  for (const std::int64_t axis : batch) add(side.batch, axis);
  for (const std::int64_t axis : contract) add(side.contract, axis);
  for (std::int64_t axis = 0; axis < static_cast<std::int64_t>(shape.size()); ++axis) {
    if (std::find(batch.begin(), batch.end(), axis) == batch.end() && std::find(contract.begin(), contract.end(), axis) == contract.end()) {
      add(side.outer, axis);
    }
  }
  side.outer_stride = side.outer.joint_stride();
  side.contract_stride = side.contract.joint_stride();
  side.copied = side.outer_stride < 0 || side.contract_stride < 0;
  return side;
}

// Copies an operand into the order [batch, first, second].
void copy_side(Threads& threads, Side& side, const Group& first, const Group& second, std::size_t element, const std::byte* from, std::byte* to) {
  Loops loops(2);
  std::int64_t stride = side.batch.count() * first.count() * second.count();
  for (const Group* group : {static_cast<const Group*>(&side.batch), &first, &second}) {
    for (int i = 0; i < group->rank; ++i) {
      stride /= std::max<std::int64_t>(1, group->sizes[i]);
      loops.add(group->sizes[i], {stride, group->strides[i]});
    }
  }
  copy_strided(threads, loops, element, to, from);
}

struct Sizes {
  std::int64_t batch, rows, depth, columns;
};

struct Product {
  Side a, b;
  Sizes sizes;
};

Product product_of(const DotAttributes& attributes, const ConstView& a, const ConstView& b) {
  Product p{side_of(a.shape, attributes.a_batch, attributes.a_contract), side_of(b.shape, attributes.b_batch, attributes.b_contract), {}};
  p.sizes = {p.a.batch.count(), p.a.outer.count(), p.a.contract.count(), p.b.outer.count()};
  return p;
}

// Offsets of the batch entries, which lie one after another in a copy.
std::int64_t batch_offset(const Side& side, std::int64_t entry, std::int64_t size) { return side.copied ? entry * size : side.batch.offset(entry); }

// Copies what has to be, and gives the place where each operand lies then.
template <class T>
std::pair<const T*, const T*> bring_into_order(const KernelCall& call, Product& p, Scratch& scratch) {
  const T* a = call.inputs[0].as<T>();
  const T* b = call.inputs[1].as<T>();
  if (p.a.copied) {
    T* copy = scratch.take<T>(element_count(call.inputs[0].shape));
    copy_side(call.threads, p.a, p.a.outer, p.a.contract, sizeof(T), call.inputs[0].data, reinterpret_cast<std::byte*>(copy));
    p.a.outer_stride = p.sizes.depth;
    p.a.contract_stride = 1;
    a = copy;
  }
  if (p.b.copied) {
    T* copy = scratch.take<T>(element_count(call.inputs[1].shape));
    copy_side(call.threads, p.b, p.b.contract, p.b.outer, sizeof(T), call.inputs[1].data, reinterpret_cast<std::byte*>(copy));
    p.b.contract_stride = p.sizes.columns;
    p.b.outer_stride = 1;
    b = copy;
  }
  return {a, b};
}

void float_dot(const KernelCall& call, Product& p, const float* bias, Activation activation) {
  Scratch scratch(call.scratch);
  const auto ordered = bring_into_order<float>(call, p, scratch);
  const float* a = ordered.first;
  const float* b = ordered.second;
  const Sizes& s = p.sizes;
  float* out = call.outputs[0].as<float>();
  const auto operands_of = [&](std::int64_t entry) {
    GemmOperands o;
    o.depth = s.depth;
    o.columns = s.columns;
    o.a = a + batch_offset(p.a, entry, s.rows * s.depth);
    o.a_row = p.a.outer_stride;
    o.a_depth = p.a.contract_stride;
    o.b = b + batch_offset(p.b, entry, s.depth * s.columns);
    o.b_row = p.b.contract_stride;
    o.b_column = s.columns == 1 ? 1 : p.b.outer_stride;  // a single column has no stride of its own
    o.c = out + entry * s.rows * s.columns;
    o.c_row = s.columns;
    o.bias = bias;
    o.activation = activation;
    return o;
  };
  if (s.batch < call.threads.count()) {
    for (std::int64_t entry = 0; entry < s.batch; ++entry) gemm_parallel(call.threads, operands_of(entry), s.rows);
    return;
  }
  const std::int64_t grain = rows_grain(s.rows * s.columns * (s.depth / 8 + 1));
  parallel(call.threads, s.batch, grain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t entry = begin; entry < end; ++entry) vectors().gemm(operands_of(entry), s.rows, 0, panels_of(s.columns));
  });
}

// Integers wrap around; for bool the sum is "or", the product "and".
template <class Element>
void integer_dot(const KernelCall& call, Product& p) {
  using T = typename Element::Stored;
  Scratch scratch(call.scratch);
  const auto ordered = bring_into_order<T>(call, p, scratch);
  const T* a = ordered.first;
  const T* b = ordered.second;
  const Sizes& s = p.sizes;
  const bool logical = call.outputs[0].dtype == DType::Bool;
  T* out = call.outputs[0].as<T>();
  parallel(call.threads, s.batch * s.rows, rows_grain(s.depth * s.columns), [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t item = begin; item < end; ++item) {
      const std::int64_t entry = item / s.rows, row = item % s.rows;
      const T* a_row = a + batch_offset(p.a, entry, s.rows * s.depth) + row * p.a.outer_stride;
      const T* b_entry = b + batch_offset(p.b, entry, s.depth * s.columns);
      T* out_row = out + item * s.columns;
      std::fill(out_row, out_row + s.columns, T{0});
      for (std::int64_t k = 0; k < s.depth; ++k) {
        const T factor = a_row[k * p.a.contract_stride];
        const T* b_row = b_entry + k * p.b.contract_stride;
        for (std::int64_t j = 0; j < s.columns; ++j) {
          const T value = b_row[j * p.b.outer_stride];
          if (logical) {
            out_row[j] = static_cast<T>(out_row[j] | (factor & value));
          } else {
            out_row[j] = wrapping_add(out_row[j], wrapping_multiply(factor, value));
          }
        }
      }
    }
  });
}

// Whether the bias is one number for each column of the product, which the product adds by itself: it has the trailing axes
// of out that belong to b, and no more.
bool is_row_bias(const Shape& bias, const Side& b, const Shape& out) {
  std::size_t axes = bias.size();
  while (axes > 0 && bias[bias.size() - axes] == 1) --axes;  // leading ones
  if (element_count(bias) != b.outer.count()) return false;
  for (std::size_t i = 1; i <= axes; ++i) {
    if (bias[bias.size() - i] != out[out.size() - i]) return false;
  }
  return true;
}

// Bias of any other shape, and bias and activation of integers.
template <class Element>
void add_bias(const KernelCall& call, Activation activation) {
  using T = typename Element::Stored;
  const ConstView& bias = call.inputs[2];
  const View& out = call.outputs[0];
  Loops loops(2);
  const Strides to = dense_strides(out.shape), from = broadcast_strides(bias.shape, out.shape);
  for (std::size_t axis = 0; axis < out.shape.size(); ++axis) loops.add(out.shape[axis], {to[axis], from[axis]});
  parallel(call.threads, loops.elements(), kGrain, [&](std::int64_t begin, std::int64_t end) {
    loops.for_runs(begin, end, [&](std::int64_t position, const auto& offset, std::int64_t count) {
      T* values = out.as<T>() + position;
      const T* b = bias.as<T>() + offset[1];
      const std::int64_t step = loops.run_stride(1);
      for (std::int64_t i = 0; i < count; ++i) values[i] = wrapping_add(values[i], b[i * step]);
      if constexpr (std::is_same_v<T, float>) vectors().activate(activation, values, count);
    });
  });
}

}  // namespace

void run_dot(const KernelCall& call) {
  const auto& attributes = std::get<DotAttributes>(call.attributes);
  Product p = product_of(attributes, call.inputs[0], call.inputs[1]);
  const bool biased = call.inputs.size() > 2;
  const View& out = call.outputs[0];
  if (element_count(out.shape) == 0) return;
  if (out.dtype != DType::Float32) {
    with_element(out.dtype, [&]<class Element>() {
      if constexpr (!std::is_same_v<typename Element::Wide, float>) {
        integer_dot<Element>(call, p);
        if (biased) add_bias<Element>(call, Activation::None);
      }
    });
    return;
  }
  if (biased && !is_row_bias(call.inputs[2].shape, p.b, out.shape)) {
    float_dot(call, p, nullptr, Activation::None);
    return add_bias<PlainElement<float>>(call, attributes.activation);
  }
  float_dot(call, p, biased ? call.inputs[2].as<float>() : nullptr, attributes.activation);
}

std::size_t dot_scratch(const ScratchRequest& request) {
  const Product p = product_of(std::get<DotAttributes>(request.attributes), request.inputs[0], request.inputs[1]);
  const std::size_t element = byte_size(request.outputs[0].dtype);
  std::size_t bytes = 0;
  if (p.a.copied) bytes += aligned(static_cast<std::size_t>(element_count(request.inputs[0].shape)) * element);
  if (p.b.copied) bytes += aligned(static_cast<std::size_t>(element_count(request.inputs[1].shape)) * element);
  return bytes;
}

}  // namespace linenc::runtime
