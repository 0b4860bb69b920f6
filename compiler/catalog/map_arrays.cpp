#include "compiler/catalog/context.h"
#include "compiler/catalog/numpy.h"

namespace linenc::catalog {

Value map_arrays(Context& context, const Value& value, Span place) {
  if (value.array() != nullptr || value.integer() != nullptr || value.number() != nullptr || value.boolean() != nullptr)
    return to_tensor(context, value, place);
  if (const List* list = value.list()) {
    List out;
    for (const Value& item : *list) out.push_back(map_arrays(context, item, place));
    return out;
  }
  if (const Map* map = value.map()) {
    Map out;
    for (const auto& [key, item] : *map) out.emplace_back(key, map_arrays(context, item, place));
    return out;
  }
  return value;
}

}  // namespace linenc::catalog
