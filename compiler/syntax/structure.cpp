// Kinds of nodes and known keys: E0113 and E0114.
#include "compiler/syntax/structure.h"

#include <algorithm>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/syntax/identifier.h"

namespace linenc::syntax {

using diagnostics::Code;
using diagnostics::shown;

bool is_identifier(std::string_view text) { return !text.empty() && identifier_size(text) == text.size(); }

std::string found(const Node& node) {
  if (node.is_list()) return "a list";
  if (node.is_map()) return "a map";
  return node.text.empty() && node.plain ? "nothing" : concat("`", shown(node.text), "`");
}

void Structure::wrong(const Node& node, std::string message) { diagnostics_.error(Code::WrongStructure, node.span, std::move(message)).emit(); }

bool Structure::is_kind(const Node& node, NodeKind kind, std::string_view what) {
  if (node.kind == kind || node.is_null() || (node.is_scalar() && node.broken)) return true;
  wrong(node, concat(what, " must be a ", kind == NodeKind::Map ? "map" : "list", ", found ", found(node)));
  return false;
}

bool Structure::is_map(const Node& node, std::string_view what) { return is_kind(node, NodeKind::Map, what); }
bool Structure::is_list(const Node& node, std::string_view what) { return is_kind(node, NodeKind::List, what); }

bool Structure::is_text(const Node& node, std::string_view what) {
  if (node.is_scalar() && (node.broken || !(node.plain && node.text.empty()))) return true;
  wrong(node, concat(what, " must be a text, found ", found(node)));
  return false;
}

void Structure::unknown_key(const Node& key, std::span<const std::string> known, std::string_view owner, std::string_view word) {
  auto report = diagnostics_.error(Code::UnknownKey, key.span,
                                   concat(owner, " has no ", word, " `", shown(key.text), "`", diagnostics::did_you_mean(key.text, known)));
  report.help(concat("it has ", diagnostics::listed(known)));
  if (const auto closest = diagnostics::closest_name(key.text, known)) report.fix(key.span, *closest, concat("write `", *closest, "`"), false);
  report.emit();
}

bool Structure::check_keys(const Node& map, std::span<const std::string> known, std::string_view owner, std::string_view word) {
  constexpr std::size_t told = 20;  // of a map that is no such map at all, a few tell enough
  std::size_t unknown = 0;
  for (const Entry& entry : map.entries) {
    if (std::find(known.begin(), known.end(), entry.key->text) != known.end()) continue;
    if (++unknown <= told) unknown_key(*entry.key, known, owner, word);
  }
  if (unknown > told) {
    diagnostics_.error(Code::UnknownKey, map.entries.front().key->span, concat(owner, " has ", unknown - told, " more unknown keys")).emit();
  }
  return unknown == 0;
}

}  // namespace linenc::syntax
