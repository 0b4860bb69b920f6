// Variables as JSON: the tree indented, each array on a line.
#include "runtime/variables/json_format.h"

#include <algorithm>

#include "runtime/variables/json_numbers.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

class Writer {
 public:
  explicit Writer(Sink& sink) : sink_(sink) {}
  ~Writer() { sink_.write(buffer_); }

  void document(const Variables& variables, JsonKind kind) {
    buffer_ += joined("{\"format\": \"", kind == JsonKind::Variables ? "linenc-variables" : "linenc-arrays", "\", \"version\": 1, \"meta\": {");
    auto meta = variables.meta;
    std::sort(meta.begin(), meta.end());
    for (std::size_t i = 0; i < meta.size(); ++i) {
      if (i > 0) buffer_ += ", ";
      append_json_string(buffer_, meta[i].first);
      buffer_ += ": ";
      append_json_string(buffer_, meta[i].second);
    }
    buffer_ += kind == JsonKind::Variables ? "}, \"variables\": " : "}, \"arrays\": ";
    nodes_ = tree_of(variables);
    node(0, 1);
    buffer_ += "}\n";
  }

 private:
  // Recursion ends: keys have at most as many parts as check_leaves allows.
  void node(std::size_t index, std::size_t indent) {
    const TreeNode& tree = nodes_[index];
    if (tree.leaf != nullptr) return leaf(tree.leaf->array);
    buffer_ += '{';
    for (const std::size_t child : tree.children) {
      buffer_ += child == tree.children.front() ? "\n" : ",\n";
      buffer_.append(indent, ' ');
      append_json_string(buffer_, nodes_[child].name);
      buffer_ += ": ";
      node(child, indent + 1);
    }
    buffer_ += '}';
  }

  void leaf(const Array& array) {
    buffer_ += joined("{\"dtype\": \"", name(array.dtype()), "\", \"shape\": ", to_string(array.shape()), ", \"data\": ");
    Shape shape = array.shape();
    if (array.dtype() == DType::Complex64) shape.push_back(2);
    std::int64_t next = 0;
    if (array.size() == 0) {
      buffer_ += "[]";  // also for [1000000, 0]
    } else {
      data(array, shape, 0, next);
    }
    buffer_ += '}';
  }

  void data(const Array& array, const Shape& shape, std::size_t axis, std::int64_t& next) {
    if (axis == shape.size()) {
      append_scalar(buffer_, array, next++);
      constexpr std::size_t kFlush = 1u << 20;
      if (buffer_.size() > kFlush) {
        sink_.write(buffer_);
        buffer_.clear();
      }
      return;
    }
    buffer_ += '[';
    for (std::int64_t i = 0; i < shape[axis]; ++i) {
      if (i > 0) buffer_ += ", ";
      data(array, shape, axis + 1, next);
    }
    buffer_ += ']';
  }

  Sink& sink_;
  std::string buffer_;
  std::vector<TreeNode> nodes_;
};

}  // namespace

Result<Done> emit_json(const Variables& variables, JsonKind kind, Sink& sink) {
  Writer(sink).document(variables, kind);
  return Done{};
}

}  // namespace linenc::runtime
