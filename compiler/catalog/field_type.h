#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/value.h"

namespace linenc::catalog {

class Context;

// The declared type of a field or keyword (language.md section 4).
struct FieldType {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"  // the enumerators are named like the types, and stay behind `Base::`
  enum class Base : std::uint8_t { Any, Int, Float, Bool, Str, DType, Function, Initializer, Module, Instance, Map, List };
#pragma GCC diagnostic pop
  Base base = Base::Any;
  std::shared_ptr<const FieldType> element;  // of a list
  bool optional = false;

  [[nodiscard]] static FieldType of(Base base, bool optional = false) { return {base, nullptr, optional}; }
  [[nodiscard]] static FieldType list_of(FieldType element, bool optional = false) {
    return {Base::List, std::make_shared<const FieldType>(std::move(element)), optional};
  }
};

// A dtype by its name or by NumPy's code of it: "int32", "i4", "f2", "double".
[[nodiscard]] std::optional<DType> dtype_from_text(std::string_view text);
// "list[int]", "dtype?"
[[nodiscard]] std::string to_string(const FieldType& type);

// The value as the type wants it: an int where a float is wanted becomes one, a name of a dtype a dtype, an initializer factory its
// call. Reports E0206 at `span` ("`features` wants an int, and this is str 'a'") and throws Failed where it does not fit.
[[nodiscard]] Value conform(Context& context, Value value, const FieldType& type, Span span, std::string_view what);

}  // namespace linenc::catalog
