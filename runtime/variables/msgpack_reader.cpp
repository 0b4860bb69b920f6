// Variables from Flax's msgpack. The tree is walked with a stack of its own; counts are compared with the bytes that are
// left before anything is made of them.
#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "runtime/core/checked_size.h"
#include "runtime/variables/foreign_array.h"
#include "runtime/variables/keys.h"
#include "runtime/variables/msgpack.h"
#include "runtime/variables/text.h"

namespace linenc::runtime {
namespace {

constexpr std::string_view kChunkedMark = "__msgpack_chunked_array__";

// One item of msgpack: its kind with the number, the count or the bytes that come with it.
struct Item {
  enum class Kind { Nil, Bool, Natural, Negative, Float, Text, Bytes, List, Map, Extension };
  Kind kind = Kind::Nil;
  std::uint64_t number = 0;  // Bool, Natural; items of a List, pairs of a Map; bits of a Float; two's complement
  std::string_view bytes;    // Text, Bytes, Extension
  int code = 0;              // Extension
};

std::string_view kind_name(Item::Kind kind) {
  switch (kind) {
    case Item::Kind::Nil: return "nil";
    case Item::Kind::Bool: return "a bool";
    case Item::Kind::Natural:
    case Item::Kind::Negative: return "an integer";
    case Item::Kind::Float: return "a float";
    case Item::Kind::Text: return "a text";
    case Item::Kind::Bytes: return "bytes";
    case Item::Kind::List: return "a list";
    case Item::Kind::Map: return "a map";
    case Item::Kind::Extension: return "an extension";
  }
  return "";
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool is_done() const { return rest_.empty(); }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  // How many bytes were missing where the text ended within an item; at least.
  [[nodiscard]] std::uint64_t missing() const { return missing_; }

  Result<Item> next() {
    if (rest_.empty()) return truncated();
    const auto mark = static_cast<unsigned char>(rest_[0]);
    rest_.remove_prefix(1);
    if (mark <= 0x7F) return Item{.kind = Item::Kind::Natural, .number = mark, .bytes = {}};
    if (mark <= 0x8F) return counted(Item::Kind::Map, mark & 0x0Fu);
    if (mark <= 0x9F) return counted(Item::Kind::List, mark & 0x0Fu);
    if (mark <= 0xBF) return text_of_length(Item::Kind::Text, mark & 0x1Fu);
    if (mark >= 0xE0) return Item{.kind = Item::Kind::Negative, .number = static_cast<std::uint64_t>(static_cast<std::int8_t>(mark)), .bytes = {}};
    switch (mark) {
      case 0xC0: return Item{};
      case 0xC2: return Item{.kind = Item::Kind::Bool, .number = 0, .bytes = {}};
      case 0xC3: return Item{.kind = Item::Kind::Bool, .number = 1, .bytes = {}};
      case 0xC4:
      case 0xC5:
      case 0xC6: return sized(Item::Kind::Bytes, 1 << (mark - 0xC4));
      case 0xC7:
      case 0xC8:
      case 0xC9: return sized(Item::Kind::Extension, 1 << (mark - 0xC7));
      case 0xCB: return number(Item::Kind::Float, 8);
      case 0xCC:
      case 0xCD:
      case 0xCE:
      case 0xCF: return number(Item::Kind::Natural, 1 << (mark - 0xCC));
      case 0xD0:
      case 0xD1:
      case 0xD2:
      case 0xD3: return signed_number(1 << (mark - 0xD0));
      case 0xD4:
      case 0xD5:
      case 0xD6:
      case 0xD7:
      case 0xD8: return text_of_length(Item::Kind::Extension, std::uint64_t{1} << (mark - 0xD4));
      case 0xD9:
      case 0xDA:
      case 0xDB: return sized(Item::Kind::Text, 1 << (mark - 0xD9));
      case 0xDC:
      case 0xDD: return sized(Item::Kind::List, 2 << (mark - 0xDC));
      case 0xDE:
      case 0xDF: return sized(Item::Kind::Map, 2 << (mark - 0xDE));
      default:
        return bad_file("the msgpack byte 0x", std::string_view("0123456789abcdef").substr(mark >> 4, 1),
                        std::string_view("0123456789abcdef").substr(mark & 15u, 1), " is not what Flax writes");
    }
  }

 private:
  RunError truncated() {
    missing_ = 1;
    return bad_file("truncated: the msgpack ends within an item");
  }

  std::optional<std::uint64_t> big_endian(int width) {
    if (rest_.size() < static_cast<std::size_t>(width)) return std::nullopt;
    std::uint64_t value = 0;
    for (int i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(rest_[static_cast<std::size_t>(i)]);
    rest_.remove_prefix(static_cast<std::size_t>(width));
    return value;
  }

  Result<Item> number(Item::Kind kind, int width) {
    const auto value = big_endian(width);
    if (!value) return truncated();
    return Item{.kind = kind, .number = *value, .bytes = {}};
  }
  Result<Item> signed_number(int width) {
    const auto bits = big_endian(width);
    if (!bits) return truncated();
    const int unused = 64 - 8 * width;
    const std::int64_t value = static_cast<std::int64_t>(*bits << unused) >> unused;
    return Item{.kind = value < 0 ? Item::Kind::Negative : Item::Kind::Natural, .number = static_cast<std::uint64_t>(value), .bytes = {}};
  }
  Result<Item> sized(Item::Kind kind, int width) {
    const auto size = big_endian(width);
    if (!size) return truncated();
    return kind == Item::Kind::List || kind == Item::Kind::Map ? counted(kind, *size) : text_of_length(kind, *size);
  }
  // L18: an item takes at least one byte.
  Result<Item> counted(Item::Kind kind, std::uint64_t count) {
    const Size least = Size(count) * (kind == Item::Kind::Map ? 2 : 1);
    if (!least.fits(rest_.size())) {
      missing_ = *(least - rest_.size()).value();
      return bad_file("truncated: the msgpack announces ", count, " items where ", rest_.size(), " bytes are left");
    }
    return Item{.kind = kind, .number = count, .bytes = {}};
  }
  Result<Item> text_of_length(Item::Kind kind, std::uint64_t length) {
    Item item{.kind = kind, .number = 0, .bytes = {}};
    if (kind == Item::Kind::Extension) {
      const auto code = big_endian(1);
      if (!code) return truncated();
      item.code = static_cast<std::int8_t>(*code);
    }
    if (length > rest_.size()) {
      missing_ = length - rest_.size();
      return bad_file("truncated: the msgpack announces ", length, " bytes where ", rest_.size(), " are left");
    }
    item.bytes = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return item;
  }

  std::string_view rest_;
  std::uint64_t missing_ = 0;
};

// The triple (shape, dtype, bytes), with bytes as many as the shape needs.
struct Ndarray {
  DType dtype = DType::Float32;
  Shape shape;
  std::string_view bytes;
};

Result<std::int64_t> dimension(const Item& item, const ReadLimits& limits) {
  if (item.kind != Item::Kind::Natural || item.number > static_cast<std::uint64_t>(limits.elements)) {
    return bad_file("dimension out of range in the shape of an array");
  }
  return static_cast<std::int64_t>(item.number);
}

Result<Ndarray> parse_ndarray(std::string_view payload, const ReadLimits& limits) {
  Scanner scanner(payload);
  const RunError malformed = bad_file("an array of Flax's msgpack is the triple of shape, dtype and bytes");
  const auto list = scanner.next();
  if (!list || list->kind != Item::Kind::List || list->number != 3) return malformed;
  const auto shape = scanner.next();
  if (!shape || shape->kind != Item::Kind::List) return malformed;
  if (shape->number > kMaxRank) return bad_file("an array of ", shape->number, " axes, limit ", kMaxRank);
  Ndarray array;
  for (std::uint64_t axis = 0; axis < shape->number; ++axis) {
    const auto item = scanner.next();
    if (!item) return malformed;
    const auto size = dimension(*item, limits);
    if (!size) return size.error();
    array.shape.push_back(*size);
  }
  const auto dtype = scanner.next();
  if (!dtype || dtype->kind != Item::Kind::Text) return malformed;
  const auto known = dtype_of(dtype->bytes);
  if (!known || *known == DType::Key) return bad_file("dtype ", in_backticks(dtype->bytes), " is not supported");
  array.dtype = *known;
  const auto bytes = scanner.next();
  if (!bytes || bytes->kind != Item::Kind::Bytes || !scanner.is_done()) return malformed;
  const auto needed = checked_bytes(array.dtype, array.shape, limits);
  if (!needed) return needed.error();
  if (*needed != bytes->bytes.size()) {
    return bad_file(name(array.dtype), to_string(array.shape), " takes ", *needed, " bytes, the file has ", bytes->bytes.size());
  }
  array.bytes = bytes->bytes;
  return array;
}

// Named pieces of a chunked array: {"0": ..., "1": ..., ...} in this order.
Result<std::uint64_t> open_numbered(Scanner& scanner) {
  const auto map = scanner.next();
  if (!map) return map.error();
  if (map->kind != Item::Kind::Map) return bad_file("a chunked array needs maps of `shape` and `chunks`");
  return map->number;
}
Result<Item> numbered(Scanner& scanner, std::uint64_t index) {
  const auto key = scanner.next();
  if (!key) return key.error();
  if (key->kind != Item::Kind::Text || key->bytes != std::to_string(index)) {
    return bad_file("a chunked array needs the key `", index, "` next");
  }
  return scanner.next();
}

class Reader {
 public:
  Reader(std::string_view text, const ReadLimits& limits) : limits_(limits), scanner_(text), tree_(limits) {}

  Result<Variables> read() {
    if (auto error = walk()) {
      if (!tree_.key().empty()) error->text = joined(in_backticks(tree_.key()), ": ", error->text);
      return *error;
    }
    if (!scanner_.is_done()) return bad_file(scanner_.left(), " trailing bytes after the msgpack");
    return Variables{.leaves = tree_.take(), .meta = {}, .empty = tree_.take_empty()};
  }
  [[nodiscard]] std::uint64_t missing() const { return scanner_.missing(); }

 private:
  std::optional<RunError> walk() {
    const auto top = scanner_.next();
    if (!top) return top.error();
    if (top->kind != Item::Kind::Map) return bad_file("the msgpack holds ", kind_name(top->kind), ", needs a map");
    left_.push_back(top->number);
    while (!left_.empty()) {
      if (left_.back() == 0) {
        left_.pop_back();
        const bool is_empty = std::exchange(is_opened_, false);
        if (left_.empty()) break;
        if (is_empty) tree_.add_empty();
        tree_.close();
        tree_.leave();
        continue;
      }
      --left_.back();
      const auto key = scanner_.next();
      if (!key) return key.error();
      if (key->kind != Item::Kind::Text) return bad_file("a key of the msgpack is ", kind_name(key->kind), ", needs a text");
      if (auto error = member(key->bytes)) return error;
    }
    return std::nullopt;
  }

  std::optional<RunError> member(std::string_view key) {
    if (key == kChunkedMark) return chunked();
    if (auto entered = tree_.enter(key); !entered) return entered.error();
    const auto value = scanner_.next();
    if (!value) return value.error();
    is_opened_ = value->kind == Item::Kind::Map;
    if (is_opened_) {
      if (auto opened = tree_.open(); !opened) return opened.error();
      left_.push_back(value->number);
      return std::nullopt;
    }
    auto array = leaf(*value);
    if (!array) return array.error();
    const bool scalar = value->kind == Item::Kind::Extension && value->code == kMsgpackScalar;
    const bool is_array = value->kind == Item::Kind::Extension && !scalar;
    return add(std::move(*array), is_array ? LeafForm::Array : scalar ? LeafForm::NumpyScalar : LeafForm::Number);
  }

  std::optional<RunError> add(Array array, LeafForm form) {
    if (auto checked = check_bools(array); !checked) return checked.error();
    if (auto added = tree_.add(std::move(array), form); !added) return added.error();
    tree_.leave();
    return std::nullopt;
  }

  Result<Array> leaf(const Item& item) const {
    switch (item.kind) {
      case Item::Kind::Extension: {
        if (item.code != kMsgpackArray && item.code != kMsgpackScalar) return bad_file("the msgpack extension ", item.code, " is no array of Flax");
        auto found = parse_ndarray(item.bytes, limits_);
        if (!found) return found.error();
        const auto* data = reinterpret_cast<const std::byte*>(found->bytes.data());
        if (limits_.each) return Array(found->dtype, std::move(found->shape), data, nullptr);
        return foreign_array(found->dtype, std::move(found->shape), data, nullptr);
      }
      case Item::Kind::Bool: return scalar(DType::Bool, item.number);
      case Item::Kind::Float: return scalar(DType::Float64, item.number);
      case Item::Kind::Natural:
        if (item.number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return scalar(DType::UInt64, item.number);
        return scalar(std::in_range<std::int32_t>(item.number) ? DType::Int32 : DType::Int64, item.number);
      case Item::Kind::Negative:
        return scalar(std::in_range<std::int32_t>(static_cast<std::int64_t>(item.number)) ? DType::Int32 : DType::Int64, item.number);
      case Item::Kind::Nil:
      case Item::Kind::Text:
      case Item::Kind::Bytes:
      case Item::Kind::List:
      case Item::Kind::Map: break;
    }
    return bad_file("holds ", kind_name(item.kind), ", needs an array or a map");
  }

  // The low bytes of the number, which stand first in memory.
  static Array scalar(DType dtype, std::uint64_t number) {
    Array array(dtype, Shape{});
    std::memcpy(array.data(), &number, array.bytes());
    return array;
  }

  // The map that was opened last turns out to be one array in pieces.
  std::optional<RunError> chunked() {
    if (left_.size() < 2 || !is_opened_ || left_.back() != 2) {
      return bad_file("`", kChunkedMark, "` needs to be the first of three members");
    }
    const auto mark = scanner_.next();
    if (!mark) return mark.error();
    if (mark->kind != Item::Kind::Bool || mark->number != 1) return bad_file("`", kChunkedMark, "` needs to be true");
    Shape shape;
    std::vector<Ndarray> chunks;
    bool seen[2] = {};
    for (int member = 0; member < 2; ++member) {
      const auto key = scanner_.next();
      if (!key) return key.error();
      const bool is_shape = key->kind == Item::Kind::Text && key->bytes == "shape";
      const bool is_chunks = key->kind == Item::Kind::Text && key->bytes == "chunks";
      if ((!is_shape && !is_chunks) || seen[is_chunks]) return bad_file("a chunked array needs `shape` and `chunks`, once each");
      seen[is_chunks] = true;
      if (auto error = is_shape ? chunk_shape(shape) : chunk_list(chunks)) return error;
    }
    auto array = assembled(std::move(shape), chunks);
    if (!array) return array.error();
    left_.pop_back();
    tree_.close();
    return add(std::move(*array), LeafForm::Array);
  }

  std::optional<RunError> chunk_shape(Shape& shape) {
    const auto count = open_numbered(scanner_);
    if (!count) return count.error();
    if (*count > kMaxRank) return bad_file("an array of ", *count, " axes, limit ", kMaxRank);
    for (std::uint64_t i = 0; i < *count; ++i) {
      const auto item = numbered(scanner_, i);
      if (!item) return item.error();
      const auto size = dimension(*item, limits_);
      if (!size) return size.error();
      shape.push_back(*size);
    }
    return std::nullopt;
  }

  std::optional<RunError> chunk_list(std::vector<Ndarray>& chunks) {
    const auto count = open_numbered(scanner_);
    if (!count) return count.error();
    for (std::uint64_t i = 0; i < *count; ++i) {
      const auto item = numbered(scanner_, i);
      if (!item) return item.error();
      if (item->kind != Item::Kind::Extension || item->code != 1) return bad_file("a chunk needs to be an array");
      auto chunk = parse_ndarray(item->bytes, limits_);
      if (!chunk) return chunk.error();
      if (chunk->shape.size() != 1) return bad_file("a chunk needs to have one axis");
      chunks.push_back(std::move(*chunk));
    }
    return std::nullopt;
  }

  Result<Array> assembled(Shape shape, const std::vector<Ndarray>& chunks) const {
    if (chunks.empty()) return bad_file("a chunked array without chunks");
    const DType dtype = chunks[0].dtype;
    const auto bytes = checked_bytes(dtype, shape, limits_);
    if (!bytes) return bytes.error();
    Size found = 0;
    for (const Ndarray& chunk : chunks) {
      if (chunk.dtype != dtype) return bad_file("chunks of one array have the dtypes ", name(dtype), " and ", name(chunk.dtype));
      found = found + Size(chunk.bytes.size());
    }
    if (!found.is(*bytes)) {
      return bad_file(name(dtype), to_string(shape), " takes ", *bytes, " bytes, its chunks have ", found.value().value_or(0));
    }
    Array array(dtype, std::move(shape));
    std::byte* out = array.data();
    for (const Ndarray& chunk : chunks) {
      std::memcpy(out, chunk.bytes.data(), chunk.bytes.size());
      out += chunk.bytes.size();
    }
    return array;
  }

  const ReadLimits& limits_;
  Scanner scanner_;
  TreeCursor tree_;
  std::vector<std::uint64_t> left_;  // pairs still to come in each open map
  bool is_opened_ = false;           // nothing was read since the last map was opened
};

}  // namespace

std::optional<std::uint64_t> msgpack_bytes(std::span<const std::byte> begin, const ReadLimits& limits) {
  ReadLimits nothing_kept = limits;
  nothing_kept.each = [](const Leaf&) {};
  Reader reader(text_of(begin), nothing_kept);
  if (reader.read()) return begin.size();
  if (reader.missing() == 0) return std::nullopt;
  return begin.size() + reader.missing();
}

Result<Variables> parse_msgpack(std::span<const std::byte> bytes, const ReadLimits& limits) { return Reader(text_of(bytes), limits).read(); }

}  // namespace linenc::runtime
