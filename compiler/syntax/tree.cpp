// Look-ups in the tree, and the expressions that are parsed at their first use.
#include "compiler/syntax/tree.h"

#include "compiler/syntax/expression_parser.h"

namespace linenc::syntax {

const Node* Statement::option(std::string_view name) const {
  for (const Entry& entry : options) {
    if (entry.key->text == name) return entry.value;
  }
  return nullptr;
}

const Block* Statement::block(std::string_view label) const {
  for (const Block& block : blocks) {
    if (block.label != nullptr && block.label->text == label) return &block;
  }
  return nullptr;
}

const Expr* Tree::expression(const Node& scalar, std::size_t skip, diagnostics::Diagnostics& diagnostics) const {
  const auto key = std::pair(&scalar, skip);
  auto found = expressions_.find(key);
  if (found == expressions_.end()) found = expressions_.emplace(key, parse_expression(scalar, skip, diagnostics)).first;
  return found->second.get();
}

const Expr* Tree::element(const Node& scalar, diagnostics::Diagnostics& diagnostics) const {
  const auto key = std::pair(&scalar, std::size_t{0});
  auto found = expressions_.find(key);
  if (found == expressions_.end()) found = expressions_.emplace(key, parse_expression(scalar, 0, diagnostics, true)).first;
  return found->second.get();
}

const Expr* Tree::interpolation(const Node& scalar, diagnostics::Diagnostics& diagnostics) const {
  auto found = interpolations_.find(&scalar);
  if (found == interpolations_.end()) found = interpolations_.emplace(&scalar, parse_interpolation(scalar, diagnostics)).first;
  return found->second.get();
}

const Target* Tree::target(const Node& scalar, diagnostics::Diagnostics& diagnostics) const {
  auto found = targets_.find(&scalar);
  if (found == targets_.end()) found = targets_.emplace(&scalar, parse_target(scalar, diagnostics)).first;
  return found->second.get();
}

}  // namespace linenc::syntax
