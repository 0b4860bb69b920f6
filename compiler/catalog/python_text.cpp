// Texts of values as Python prints them. Tested by tests/compiler/elaborate/text_methods_test.cpp.
#include "compiler/catalog/python_text.h"

#include <algorithm>

#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {

std::string python_repr(const Value& value) {
  if (value.is_none()) return "None";
  if (value.is_ellipsis()) return "Ellipsis";
  if (const bool* b = value.boolean()) return *b ? "True" : "False";
  std::string out;
  if (const List* list = value.list()) {
    for (const Value& item : *list) (out += out.empty() ? "" : ", ") += python_repr(item);
    return concat("(", out, list->size() == 1 ? ",)" : ")");
  }
  if (const Map* map = value.map()) {
    for (const auto& [key, item] : *map) (out += out.empty() ? "" : ", ") += concat(python_repr(key), ": ", python_repr(item));
    return concat("{", out, "}");
  }
  return repr(value);
}

void need_known_sizes(Context& context, const Value& value, Span place) {
  if (const Dim* size = value.integer(); size != nullptr && !size->is_constant()) {
    context.fail(Code::UnknownSize, place, concat("`", size->text(), "` has no number yet, and the text would be another for each"));
  }
  if (const List* list = value.list()) {
    for (const Value& item : *list) need_known_sizes(context, item, place);
  } else if (const Map* map = value.map()) {
    for (const auto& [key, item] : *map) need_known_sizes(context, item, place);
  }
}

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin + 1;
    while (end < text.size() && continues_character(text[end])) ++end;
    all.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return all;
}

std::string python_str(const Value& value) { return value.text() ? *value.text() : python_repr(value); }

}  // namespace linenc::catalog
