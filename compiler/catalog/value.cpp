// Values of the model language as text, and Python's equality and truth of static ones.
// Tested by tests/compiler/catalog/value_test.cpp.
#include "compiler/catalog/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "compiler/catalog/function.h"
#include "compiler/catalog/module_type.h"
#include "compiler/catalog/static_array.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

// Python's repr of a float: the shortest digits that read back, an exponent below 1e-4 and from 1e16 on.
template <class Real>
std::string float_text(Real value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  const auto scientific = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  const std::string text(buffer, scientific.ptr);
  const int exponent = std::stoi(text.substr(text.find('e') + 1));
  if (value != 0 && (exponent < -4 || exponent >= 16)) return text;
  const auto fixed = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  std::string digits(buffer, fixed.ptr);
  if (digits.find('.') == std::string::npos) digits += ".0";
  return digits;
}

std::string quoted(const std::string& text) {
  const char quote = text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (c == '\\' || c == quote)
      (out += '\\') += c;
    else
      out += c;
  }
  return out + quote;
}

std::string slice_text(const Slice& slice) {
  const auto part = [](const Value& value) { return value.is_none() ? std::string() : display(value); };
  std::string text = concat(part(slice.begin), ":", part(slice.end));
  return slice.step.is_none() ? text : concat(text, ":", part(slice.step));
}

// A scalar of NumPy as `str` shows it, a larger array as its type.
std::string array_text(const StaticArray& array) {
  if (array.rank() != 0) return text_of(array);
  if (array.dtype == DType::Bool) return array.integers[0] != 0 ? "true" : "false";
  if (!array.is_real()) return concat(array.integers[0]);
  return array.dtype == DType::Float64 ? float_text(array.reals[0]) : float_text(static_cast<float>(array.reals[0]));
}

// Everything but texts, which `display` and `repr` write differently.
std::string text_of(const Value& value) {
  if (value.is_none()) return "none";
  if (value.is_poison()) return "a value that failed";
  if (value.is_ellipsis()) return "...";
  if (const bool* b = value.boolean()) return *b ? "true" : "false";
  if (const Dim* i = value.integer()) return i->text();
  if (const double* d = value.number()) return float_text(*d);
  if (const Tensor* t = value.tensor()) return graph::to_string(t->fact());
  if (const ArrayPtr a = value.array()) return array_text(*a);
  if (const DType* d = value.dtype()) return std::string(name(*d));
  if (const FunctionPtr f = value.function()) return f->name();
  if (const TemplatePtr t = value.module_template()) return t->type->class_name();
  if (const InstancePtr i = value.instance()) return i->type->class_name();
  if (const Slice* s = value.slice()) return slice_text(*s);
  if (const auto n = value.name_space()) return n->name();
  if (const auto v = value.variable()) return v->name;
  std::string out;
  if (const List* list = value.list()) {
    for (const Value& item : *list) (out += out.empty() ? "" : ", ") += repr(item);
    return concat("[", out, "]");
  }
  for (const auto& [key, item] : *value.map()) (out += out.empty() ? "" : ", ") += concat(repr(key), ": ", repr(item));
  return concat("{", out, "}");
}

// A number as Python compares it: true is 1.
std::optional<double> as_number(const Value& given) {
  const Value value = plain(given);
  if (const bool* b = value.boolean()) return *b ? 1.0 : 0.0;
  if (const double* d = value.number()) return *d;
  if (const Dim* i = value.integer()) {
    if (const auto constant = i->constant()) return static_cast<double>(*constant);
  }
  return std::nullopt;
}

bool same_lists(const List& a, const List& b) { return std::equal(a.begin(), a.end(), b.begin(), b.end(), same); }

bool same_maps(const Map& a, const Map& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const auto& entry) {
           return std::any_of(b.begin(), b.end(),
                              [&](const auto& other) { return same(entry.first, other.first) && same(entry.second, other.second); });
         });
}

template <class Test>
bool any_inside(const Value& value, const Test& test) {
  if (test(value)) return true;
  if (const List* list = value.list()) {
    return std::any_of(list->begin(), list->end(), [&](const Value& item) { return any_inside(item, test); });
  }
  if (const Map* map = value.map()) {
    return std::any_of(map->begin(), map->end(), [&](const auto& entry) { return any_inside(entry.second, test); });
  }
  if (const Slice* slice = value.slice()) {
    return any_inside(slice->begin, test) || any_inside(slice->end, test) || any_inside(slice->step, test);
  }
  return false;
}

}  // namespace

Value::Value(const Dims& dims) : held_(std::make_shared<const List>(dims.begin(), dims.end())) {}

const Value* Value::entry(std::string_view key) const {
  if (const Map* entries = map()) {
    for (const auto& [name, value] : *entries) {
      if (const std::string* text = name.text(); text && *text == key) return &value;
    }
  }
  return nullptr;
}

bool Value::has_tensor() const {
  return any_inside(*this, [](const Value& value) { return value.tensor() != nullptr; });
}

bool Value::has_poison() const {
  return any_inside(*this, [](const Value& value) { return value.is_poison(); });
}

std::string kind(const Value& value) {
  if (value.is_none()) return "none";
  if (value.is_ellipsis()) return "`...`";
  if (value.boolean()) return concat("bool ", text_of(value));
  if (value.integer()) return concat("int ", text_of(value));
  if (value.number()) return concat("float ", text_of(value));
  if (value.text()) return concat("str ", repr(value));
  if (value.list()) return "a list";
  if (value.map()) return "a map";
  if (value.tensor()) return concat("a tensor ", text_of(value));
  if (const ArrayPtr a = value.array())
    return a->rank() == 0 ? concat("the NumPy ", a->dtype, " ", text_of(value)) : concat("a static array ", text_of(*a));
  if (value.dtype()) return concat("the dtype ", text_of(value));
  if (value.function()) return concat("the function ", text_of(value));
  if (value.module_template()) return concat("the template ", text_of(value));
  if (value.instance()) return concat("an instance of ", text_of(value));
  if (value.slice()) return concat("the slice ", text_of(value));
  if (value.name_space()) return concat("the prefix ", text_of(value));
  if (value.variable()) return concat("the variable ", text_of(value));
  return text_of(value);
}

std::string display(const Value& value) { return value.text() ? *value.text() : text_of(value); }

std::string repr(const Value& value) { return value.text() ? quoted(*value.text()) : text_of(value); }

bool same(const Value& a, const Value& b) {
  if (const auto x = as_number(a), y = as_number(b); x && y) {
    // Large integers differ although their doubles do not.
    if (a.integer() && b.integer()) return *a.integer() == *b.integer();
    return *x == *y;
  }
  if (a.integer() && b.integer()) return *a.integer() == *b.integer();
  if (a.text() && b.text()) return *a.text() == *b.text();
  if (a.list() && b.list()) return same_lists(*a.list(), *b.list());
  if (a.map() && b.map()) return same_maps(*a.map(), *b.map());
  if (a.dtype() && b.dtype()) return *a.dtype() == *b.dtype();
  // NumPy's dtypes are equal to their names.
  if (a.dtype() && b.text()) return name(*a.dtype()) == *b.text();
  if (a.text() && b.dtype()) return *a.text() == name(*b.dtype());
  if (a.dtype() && b.function()) return *a.dtype() == DType::Bool && b.function()->name() == "bool";
  if (a.function() && b.dtype()) return same(b, a);
  if (a.function() && b.function()) return a.function() == b.function();
  if (a.module_template() && b.module_template()) return a.module_template() == b.module_template();
  if (a.instance() && b.instance()) return a.instance() == b.instance();
  return (a.is_none() && b.is_none()) || (a.is_ellipsis() && b.is_ellipsis());
}

// Sizes that are not numbers yet are at least 1, so they are true; what may be 0 (`h % 2`) is decided by the evaluator, which
// knows the assumptions.
bool truth(const Value& value) {
  if (value.is_none()) return false;
  if (const bool* b = value.boolean()) return *b;
  if (const double* d = value.number()) return *d != 0;
  if (const Dim* i = value.integer()) return !i->is_constant() || *i->constant() != 0;
  if (const std::string* text = value.text()) return !text->empty();
  if (const List* list = value.list()) return !list->empty();
  if (const Map* map = value.map()) return !map->empty();
  return true;
}

}  // namespace linenc::catalog
