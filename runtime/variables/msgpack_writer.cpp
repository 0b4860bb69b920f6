// Variables as Flax's msgpack, in the shortest forms, which are those of msgpack-python.
#include <algorithm>
#include <cstring>

#include "runtime/variables/keys.h"
#include "runtime/variables/msgpack.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

class Writer {
 public:
  Writer(Sink& sink, std::uint64_t chunk_bytes) : sink_(sink), chunk_bytes_(chunk_bytes) {}

  void tree(const Variables& variables) {
    nodes_ = tree_of(variables);
    node(0);
    flush();
  }

 private:
  // Recursion ends: keys have at most as many parts as check_leaves allows.
  void node(std::size_t index) {
    const TreeNode& tree = nodes_[index];
    if (tree.leaf != nullptr) return leaf(*tree.leaf);
    map(tree.children.size());
    for (const std::size_t child : tree.children) {
      text(nodes_[child].name);
      node(child);
    }
  }

  void leaf(const Leaf& leaf) {
    const Array& array = leaf.array;
    if (leaf.form == LeafForm::Number && number(array)) return;
    const auto bytes = bytes_of(array);
    const int code = leaf.form == LeafForm::NumpyScalar ? kMsgpackScalar : kMsgpackArray;
    if (bytes.size() <= chunk_bytes_) return ndarray(array.dtype(), array.shape(), bytes, code);
    map(3);
    text("__msgpack_chunked_array__");
    byte(0xC3);  // true
    text("shape");
    map(array.shape().size());
    for (std::size_t axis = 0; axis < array.shape().size(); ++axis) {
      text(std::to_string(axis));
      natural(static_cast<std::uint64_t>(array.shape()[axis]));
    }
    const std::size_t item = byte_size(array.dtype());
    const std::size_t step = std::max<std::size_t>(1, chunk_bytes_ / item) * item;
    const std::size_t chunks = (bytes.size() + step - 1) / step;
    text("chunks");
    map(chunks);
    for (std::size_t i = 0; i < chunks; ++i) {
      const auto chunk = bytes.subspan(i * step, std::min(step, bytes.size() - i * step));
      text(std::to_string(i));
      ndarray(array.dtype(), {static_cast<std::int64_t>(chunk.size() / item)}, chunk);
    }
  }

  // A number of Python; false where the array is none any more.
  bool number(const Array& array) {
    const DType dtype = array.dtype();
    if (!array.shape().empty()) return false;
    if (dtype == DType::Bool) {
      byte(*array.as<std::uint8_t>() != 0 ? 0xC3 : 0xC2);
    } else if (dtype == DType::Int32) {
      integer(*array.as<std::int32_t>());
    } else if (dtype == DType::Int64) {
      integer(*array.as<std::int64_t>());
    } else if (dtype == DType::UInt64) {
      natural(*array.as<std::uint64_t>());
    } else if (dtype == DType::Float64) {
      byte(0xCB);
      big_endian(*array.as<std::uint64_t>(), 8);
    } else {
      return false;
    }
    return true;
  }

  void integer(std::int64_t value) {
    if (value >= 0) return natural(static_cast<std::uint64_t>(value));
    if (value >= -32) return byte(static_cast<int>(value & 0xFF));
    const int width = value >= INT8_MIN ? 0 : value >= INT16_MIN ? 1 : value >= INT32_MIN ? 2 : 3;
    byte(0xD0 + width);
    big_endian(static_cast<std::uint64_t>(value), 1 << width);
  }

  void ndarray(DType dtype, const Shape& shape, std::span<const std::byte> bytes, int code = kMsgpackArray) {
    // The payload comes first to know its length.
    std::string outer;
    std::swap(outer, buffer_);
    byte(0x93);  // a list of three
    sized(shape.size(), 0x90, 16, {0, 0xDC, 0xDD});
    for (const std::int64_t size : shape) natural(static_cast<std::uint64_t>(size));
    text(name(dtype));
    sized(bytes.size(), 0, 0, {0xC4, 0xC5, 0xC6});
    std::swap(outer, buffer_);
    extension(outer.size() + bytes.size(), code);
    buffer_ += outer;
    if (bytes.size() <= kDirect) {
      buffer_ += text_of(bytes);
    } else {
      flush();
      sink_.write(bytes);
    }
    if (buffer_.size() > kDirect) flush();
  }

  void extension(std::size_t length, int code) {
    switch (length) {
      case 1: byte(0xD4); break;
      case 2: byte(0xD5); break;
      case 4: byte(0xD6); break;
      case 8: byte(0xD7); break;
      case 16: byte(0xD8); break;
      default: sized(length, 0, 0, {0xC7, 0xC8, 0xC9});
    }
    byte(code);
  }

  void map(std::size_t count) { sized(count, 0x80, 16, {0, 0xDE, 0xDF}); }
  void text(std::string_view value) {
    sized(value.size(), 0xA0, 32, {0xD9, 0xDA, 0xDB});
    buffer_ += value;
  }
  void natural(std::uint64_t value) {
    if (value > 0xFFFFFFFFu) {
      byte(0xCF);
      big_endian(value, 8);
    } else {
      sized(value, 0, 128, {0xCC, 0xCD, 0xCE});
    }
  }

  // A number below `inside` stands in the first byte itself; else it follows in 1, 2 or 4 bytes after the mark for that
  // width, of which 0 says that the form does not exist.
  struct Marks {
    int one, two, four;
  };
  void sized(std::uint64_t value, int first, std::uint64_t inside, Marks marks) {
    if (value < inside) {
      byte(first | static_cast<int>(value));
    } else if (value <= 0xFF && marks.one != 0) {
      byte(marks.one);
      big_endian(value, 1);
    } else if (value <= 0xFFFF) {
      byte(marks.two);
      big_endian(value, 2);
    } else {
      byte(marks.four);
      big_endian(value, 4);
    }
  }
  void big_endian(std::uint64_t value, int width) {
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) byte(static_cast<int>((value >> shift) & 0xFF));
  }
  void byte(int value) { buffer_ += static_cast<char>(value); }
  void flush() {
    sink_.write(buffer_);
    buffer_.clear();
  }

  static constexpr std::size_t kDirect = 1u << 16;
  Sink& sink_;
  std::uint64_t chunk_bytes_;
  std::string buffer_;
  std::vector<TreeNode> nodes_;
};

}  // namespace

Result<Done> emit_msgpack(const Variables& variables, Sink& sink, std::uint64_t chunk_bytes) {
  Writer(sink, chunk_bytes).tree(variables);
  return Done{};
}

}  // namespace linenc::runtime
