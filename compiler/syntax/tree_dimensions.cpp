#include "compiler/syntax/expression_parser.h"
#include "compiler/syntax/tree.h"

namespace linenc::syntax {

const Expr* Tree::dimensions(const Node& scalar, std::size_t begin, std::size_t end, diagnostics::Diagnostics& diagnostics) const {
  const auto key = std::pair(&scalar, begin);
  if (const auto found = dimensions_.find(key); found != dimensions_.end()) return found->second.get();
  return dimensions_.emplace(key, parse_dimensions(scalar, begin, end, diagnostics)).first->second.get();
}

}  // namespace linenc::syntax
