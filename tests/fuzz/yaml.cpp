// YAML text -> nodes: places lie in the text, and the tree written down in one canonical way is read as the same tree. The
// structure of the file is parsed as well.
#include "compiler/syntax/yaml.h"

#include <unordered_set>

#include "compiler/syntax/parser.h"
#include "compiler/syntax/print_tree.h"
#include "tests/fuzz/diagnostics_claims.h"

using namespace linenc;
using namespace linenc::fuzz;
using syntax::Node;

namespace {

// Each node once, however many aliases it has.
void require_places(const Node& node, const source::SourceSet& sources, std::unordered_set<const Node*>& seen) {
  if (!seen.insert(&node).second) return;
  require_inside(node.span, sources);
  if (node.is_scalar()) {
    require(node.offsets.empty() || node.offsets.size() == node.text.size() + 1, "a place for each byte of a scalar, and its end");
    for (std::size_t i = 0; i <= node.text.size(); ++i) {
      const source::Span place = node.span_of(i, i);
      require_inside(place, sources);
      require(i == 0 || node.span_of(i - 1, i).begin <= place.begin, "the bytes of a scalar stand in order");
    }
  }
  for (const Node* element : node.elements) require_places(*element, sources, seen);
  for (const syntax::Entry& entry : node.entries) {
    require(entry.key->is_scalar(), "keys are scalars");
    require_places(*entry.key, sources, seen);
    require_places(*entry.value, sources, seen);
  }
}

// Flow style, every text in double quotes; nulls stay nulls.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += "0123456789abcdef"[byte >> 4];
      out += "0123456789abcdef"[byte & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string written(const Node& node) {
  std::string out;
  if (node.is_scalar()) return node.is_null() ? "~" : quoted(node.text);
  if (node.is_list()) {
    for (const Node* element : node.elements) out += (out.empty() ? "" : ", ") + written(*element);
    return "[" + out + "]";
  }
  for (const syntax::Entry& entry : node.entries) out += (out.empty() ? "" : ", ") + written(*entry.key) + ": " + written(*entry.value);
  return "{" + out + "}";
}

// yaml-cpp looks no further than 1024 bytes for the `:` of a key.
bool has_long_key(const Node& node) {
  for (const Node* element : node.elements) {
    if (has_long_key(*element)) return true;
  }
  for (const syntax::Entry& entry : node.entries) {
    if (quoted(entry.key->text).size() > 1000 || has_long_key(*entry.value)) return true;
  }
  return false;
}

// Aliases are written out, which makes much of little. `left` is how many bytes may still come.
bool is_small(const Node& node, std::int64_t& left) {
  left -= static_cast<std::int64_t>(node.text.size()) + 4;
  for (const Node* element : node.elements) {
    if (left < 0 || !is_small(*element, left)) return false;
  }
  for (const syntax::Entry& entry : node.entries) {
    if (left < 0 || !is_small(*entry.key, left) || !is_small(*entry.value, left)) return false;
  }
  return left >= 0;
}

void require_read_again(const Node& root) {
  std::int64_t most = 1 << 17;
  if (!is_small(root, most) || has_long_key(root)) return;
  const std::string text = written(root);
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  const auto again = syntax::read_yaml(sources.add("again.yaml", text), sources, diagnostics);
  require(again->root() != nullptr && !diagnostics.has_errors(), "the tree written down is read");
  require(written(*again->root()) == text, "as the same tree");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  const source::FileId file = sources.add("model.yaml", std::string(text_of_input(data, size)));
  const auto document = syntax::read_yaml(file, sources, diagnostics);
  require(document->root() != nullptr || diagnostics.has_errors(), "what cannot be read is reported");
  if (document->root() != nullptr) {
    std::unordered_set<const Node*> seen;
    require_places(*document->root(), sources, seen);
    if (!diagnostics.has_errors()) require_read_again(*document->root());
  }
  const auto tree = syntax::parse(file, sources, diagnostics);
  if (tree->root != nullptr) (void)syntax::print(*tree);
  require_well_told(diagnostics, sources);
  return 0;
}
