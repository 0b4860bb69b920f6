// Arrays from files, from stdin, and from literals of the command line.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/read_arrays.h"

#include <cstring>
#include <filesystem>
#include <limits>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/limits.h"
#include "compiler/driver/model_file.h"
#include "runtime/files/write_file.h"
#include "runtime/variables/formats.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::shown;
using runtime::Leaf;
using runtime::RunError;

void stop_on_file(const RunError& error, bool checkpoint) {
  switch (error.kind) {
    case RunError::Kind::System: throw Stop{Exit::CannotDo, bare_error(Code::CannotRead, error.text)};
    case RunError::Kind::OutOfMemory: throw Stop{Exit::CannotDo, bare_error(Code::OutOfMemory, error.text)};
    case RunError::Kind::BadFile:
    case RunError::Kind::Unsupported:
    case RunError::Kind::DoesNotFit:
    case RunError::Kind::MissingInput:
    case RunError::Kind::MissingVariable: break;
  }
  throw Stop{Exit::Problems, bare_error(checkpoint ? Code::BrokenCheckpoint : Code::BrokenArray, error.text)};
}

void stop_on_write(const RunError& error) { stop(Exit::CannotDo, error.text); }

namespace {

runtime::Result<std::vector<Leaf>> read_leaves(const std::string& path) {
  const runtime::ReadLimits& taken = limits().files;
  if (path != "-") return runtime::read_arrays(path, taken);
  auto text = runtime::read_file("-", static_cast<std::size_t>(taken.array_bytes));
  if (!text) return text.error();
  const auto owner = std::make_shared<const std::string>(std::move(*text));
  return runtime::parse_arrays(std::as_bytes(std::span(owner->data(), owner->size())), owner, taken);
}

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::vector<std::string> keys_of(const std::vector<Leaf>& leaves) {
  std::vector<std::string> keys;
  for (const Leaf& leaf : leaves) keys.push_back(leaf.key);
  return keys;
}

}  // namespace

const std::vector<Leaf>& ArrayFiles::all(const std::string& path) {
  const auto found = files_.find(path);
  if (found != files_.end()) return found->second;
  auto leaves = read_leaves(path);
  if (!leaves) stop_on_file(leaves.error());
  return files_.emplace(path, std::move(*leaves)).first->second;
}

Array ArrayFiles::array(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const bool has_key = text != "-" && !exists(text) && colon != std::string::npos && exists(text.substr(0, colon));
  const std::string path = has_key ? text.substr(0, colon) : text;
  const std::vector<Leaf>& leaves = all(path);
  if (!has_key && leaves.size() == 1) return leaves.front().array;
  const std::vector<std::string> keys = keys_of(leaves);
  if (!has_key) {
    stop(Exit::CannotDo, concat("`", shown(path), "` holds ", counted(leaves.size(), "array"), ": choose one as `", shown(path),
                                ":KEY` (the keys are ", diagnostics::listed(keys), ")"));
  }
  const std::string key = text.substr(colon + 1);
  for (const Leaf& leaf : leaves) {
    if (leaf.key == key) return leaf.array;
  }
  stop(Exit::CannotDo, concat("`", shown(path), "` has no key `", shown(key), "`", diagnostics::did_you_mean(key, keys), " (it has ",
                              diagnostics::listed(keys), ")"));
}

namespace {

// Numbers of a literal, in row-major order, and what they are.
struct Numbers {
  std::vector<double> values;
  std::vector<std::int64_t> integers;
  bool whole = true, truths = true;
};

// As NumPy, Python and JSON write them, besides YAML's `.nan` and `.inf`.
std::optional<double> special_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text == "nan" || text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text != "inf" && text != "Infinity") return std::nullopt;
  return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

bool read_numbers(const syntax::Node& node, Numbers& numbers, Shape& shape) {
  if (node.is_list()) {
    std::optional<Shape> inner;
    for (const syntax::Node* element : node.elements) {
      Shape one;
      if (!read_numbers(*element, numbers, one) || (inner && *inner != one)) return false;
      inner = std::move(one);
    }
    shape = {static_cast<std::int64_t>(node.elements.size())};
    if (inner) shape.insert(shape.end(), inner->begin(), inner->end());
    return true;
  }
  if (!node.is_scalar() || !node.plain) return false;
  syntax::CoreValue core = syntax::core_value(node);
  if (const auto special = special_number(node.text)) {
    core.kind = syntax::CoreKind::Float;
    core.number = *special;
  }
  const bool truth = core.kind == syntax::CoreKind::Bool;
  const bool whole = core.kind == syntax::CoreKind::Int && !core.overflow;
  if (!truth && !whole && core.kind != syntax::CoreKind::Float) return false;
  numbers.truths = numbers.truths && truth;
  numbers.whole = numbers.whole && (whole || truth);
  numbers.integers.push_back(truth ? core.boolean : core.integer);
  numbers.values.push_back(core.kind == syntax::CoreKind::Float ? core.number : static_cast<double>(numbers.integers.back()));
  return true;
}

}  // namespace

std::optional<Array> literal_array(const std::string& text) {
  source::SourceSet sources;
  diagnostics::Diagnostics unheard;
  const auto document = syntax::read_yaml(sources.add("literal", text), sources, unheard);
  Numbers numbers;
  Shape shape;
  if (document->root() == nullptr || !read_numbers(*document->root(), numbers, shape)) return std::nullopt;
  Array array(numbers.whole ? DType::Int64 : DType::Float64, shape);
  const void* from = numbers.whole ? static_cast<const void*>(numbers.integers.data()) : numbers.values.data();
  if (array.bytes() > 0) std::memcpy(array.data(), from, array.bytes());
  return numbers.truths && !numbers.values.empty() ? converted(array, DType::Bool) : array;
}

}  // namespace linenc::driver
