// Arrays from files, from stdin, and from literals of the command line.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/read_arrays.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <limits>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/limits.h"
#include "compiler/driver/model_file.h"

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

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

// The key of FILE:KEY, where there is no file of the whole name; both may hold colons.
std::optional<std::string> key_of(const std::string& text) {
  if (text == "-" || exists(text)) return std::nullopt;
  for (std::size_t colon = text.rfind(':'); colon != std::string::npos && colon > 0; colon = text.rfind(':', colon - 1)) {
    if (exists(text.substr(0, colon))) return text.substr(colon + 1);
  }
  return std::nullopt;
}

std::vector<std::string> keys_of(const std::vector<Leaf>& leaves) {
  std::vector<std::string> keys;
  for (const Leaf& leaf : leaves) keys.push_back(leaf.key);
  return keys;
}

}  // namespace

const std::vector<Leaf>& ArrayFiles::leaves(const std::string& path, const runtime::ReadLimits& limits) {
  if (const auto found = leaves_.find(path); found != leaves_.end()) return found->second;
  auto file = runtime::OpenArrays::open(path, limits);
  if (!file) stop_on_file(file.error());
  auto leaves = file->read(limits);
  if (!leaves) stop_on_file(leaves.error());
  files_.emplace(path, std::move(*file));
  return leaves_.emplace(path, std::move(*leaves)).first->second;
}

const std::vector<Leaf>& ArrayFiles::all(const std::string& path) { return leaves(path, file_limits()); }

const std::vector<Leaf>& ArrayFiles::types(const std::string& path) {
  runtime::ReadLimits limits = file_limits();
  limits.unpacks = false;
  return leaves(path, limits);
}

Array ArrayFiles::taken(const std::string& path, const Leaf& leaf, const DataWanted& wanted) {
  if (has_data(leaf.array)) return leaf.array;
  if (!wanted(leaf.array.dtype(), leaf.array.shape())) return {leaf.array.dtype(), leaf.array.shape(), nullptr, nullptr};
  runtime::ReadLimits limits = file_limits();
  limits.wanted = [&](std::string_view key, DType, const Shape&) { return key == leaf.key; };
  auto again = files_.at(path).read(limits);
  if (!again) stop_on_file(again.error());
  return std::move(again->at(static_cast<std::size_t>(&leaf - leaves_.at(path).data())).array);
}

Array ArrayFiles::array(const std::string& path, const std::string& key, const DataWanted& wanted) {
  runtime::ReadLimits limits = file_limits();
  limits.wanted = [&](std::string_view other, DType dtype, const Shape& shape) { return other == key && wanted(dtype, shape); };
  const std::vector<Leaf>& all = leaves(path, limits);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Leaf& leaf) { return leaf.key == key; });
  if (found != all.end()) return taken(path, *found, wanted);
  const std::vector<std::string> keys = keys_of(all);
  stop(Exit::CannotDo, concat("`", shown(path), "` has no key `", shown(key), "`", diagnostics::did_you_mean(key, keys), " (it has ",
                              diagnostics::listed(keys), ")"));
}

Array ArrayFiles::array(const std::string& text, const DataWanted& wanted) {
  if (const auto key = key_of(text)) return array(text.substr(0, text.size() - key->size() - 1), *key, wanted);
  runtime::ReadLimits limits = file_limits();
  std::optional<std::string> first;
  limits.wanted = [&](std::string_view key, DType dtype, const Shape& shape) {
    if (!first) first = key;
    return key == *first && wanted(dtype, shape);
  };
  const std::vector<Leaf>& all = leaves(text, limits);
  if (all.size() == 1) return taken(text, all.front(), wanted);
  stop(Exit::CannotDo, concat("`", shown(text), "` holds ", counted(all.size(), "array"), ": choose one as `", shown(text), ":KEY` (the keys are ",
                              diagnostics::listed(keys_of(all)), ")"));
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
