#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostics/diagnostics.h"
#include "compiler/source/source_set.h"

namespace linenc::syntax {

using source::Span;

enum class NodeKind : std::uint8_t { Scalar, List, Map };

struct Node;

struct Entry {
  const Node* key;    // always a scalar
  const Node* value;  // a null scalar with an empty span after the key where nothing is written
};

// One YAML node as it was written. Scalars stay text: what a literal means is decided by the type of the position it
// stands in (language.md section 3). An alias is the node it stands for.
struct Node {
  NodeKind kind = NodeKind::Scalar;
  bool plain = true;    // of a scalar: without quotes, and not a block scalar
  bool flow = false;    // of a scalar: an element, key or value of a flow collection
  bool broken = false;  // a mistake in it was reported, and what it was to say is not known; of a map: a key stands twice or lacks its colon
  Span span;            // quotes and brackets included; of a block collection from first key to last value
  std::string text;     // of a scalar: its value
  std::vector<const Node*> elements;  // of a list
  std::vector<Entry> entries;         // of a map, in the order written, keys distinct

  // Of a scalar whose value is not the bytes of `span` one after another (escapes, folding, block indentation):
  // byte i of `text` stands at byte `offsets[i]` of the file; one more for the end. Empty where text[i] stands at
  // `first + i`.
  std::vector<std::uint32_t> offsets;
  std::uint32_t first = 0;  // where the value begins in the file (after an opening quote)

  [[nodiscard]] bool is_scalar() const { return kind == NodeKind::Scalar; }
  [[nodiscard]] bool is_list() const { return kind == NodeKind::List; }
  [[nodiscard]] bool is_map() const { return kind == NodeKind::Map; }
  // An absent value, `~`, `null`, `Null`, `NULL`, unquoted.
  [[nodiscard]] bool is_null() const;
  // Of a scalar: between YAML's own quotes.
  [[nodiscard]] bool is_quoted() const { return is_scalar() && !plain && first == span.begin + 1; }
  // The value of a key of a map, or nothing.
  [[nodiscard]] const Node* find(std::string_view key) const;
  // The key node of that name, or nothing.
  [[nodiscard]] const Node* find_key(std::string_view key) const;
  // The place in the file of the bytes [begin, end) of `text`.
  [[nodiscard]] Span span_of(std::size_t begin, std::size_t end) const;
};

// Limits L2 to L4 of the YAML reader.
struct YamlLimits {
  std::size_t depth = 64;
  std::size_t nodes = 200'000;  // aliases counted as all the nodes they stand for
  std::size_t scalar_bytes = 64u << 10;
  std::size_t key_bytes = 256;
};

// The nodes of one document; they keep their address and live as long as this.
class YamlDocument {
 public:
  [[nodiscard]] const Node* root() const { return root_; }
  Node& add() { return nodes_.emplace_back(); }
  void set_root(const Node* root) { root_ = root; }

 private:
  std::deque<Node> nodes_;
  const Node* root_ = nullptr;
};

// Reads one document (YAML 1.2 core schema, UTF-8) through yaml-cpp's event handler. Reports E0101 to E0109, E0111,
// E0112; `root()` is null where nothing could be read. Duplicate keys are reported and the first one kept, so that
// reading goes on. A document that is `null` alone is an empty file, unless it `may_be_null`.
[[nodiscard]] std::unique_ptr<YamlDocument> read_yaml(source::FileId file, const source::SourceSet& sources, diagnostics::Diagnostics& diagnostics,
                                                      const YamlLimits& limits = {}, bool may_be_null = false);

// What YAML's core schema says of a plain scalar: null, bool, int (decimal, 0x, 0o; and 1_000), float (.inf, .nan), str.
enum class CoreKind : std::uint8_t { Null, Bool, Int, Float, Str };
struct CoreValue {
  CoreKind kind = CoreKind::Str;
  bool boolean = false;
  std::int64_t integer = 0;
  double number = 0;
  bool overflow = false;  // an integer outside of 64 bits
};
[[nodiscard]] CoreValue core_value(const Node& scalar);

// The tree as indented text, for --dump=yaml and tests.
[[nodiscard]] std::string print(const Node& node);

}  // namespace linenc::syntax
