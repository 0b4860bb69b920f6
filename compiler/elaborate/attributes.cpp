// `value.name` and `value[index]`. Tested by tests/compiler/elaborate/operators_test.cpp.
#include <algorithm>
#include <array>

#include "compiler/catalog/indexing.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/evaluate.h"

namespace linenc::elaborate {

using catalog::FunctionPtr;
using catalog::NativeFunction;

namespace {

Value native(std::string name, NativeFunction::Body body) { return FunctionPtr(std::make_shared<NativeFunction>(std::move(name), std::move(body))); }

// A method of an array: the function of that name with the array as its first argument.
Value array_method(const Value& array, const catalog::FunctionSpec& spec) {
  return native(spec.name, [array, &spec](Context& context, const Arguments& given) {
    Arguments arguments = given;
    arguments.positional.insert(arguments.positional.begin(), Arguments::Item{array, given.place, ""});
    return catalog::function_value(spec).function()->call(context, arguments);
  });
}

// `x.at[index]`: a namespace of its update methods.
Value at_index(const Tensor& tensor, const Value& index) {
  return std::make_shared<const catalog::Namespace>("at", [tensor, index](Context&, const std::string& name, Span) -> Value {
    return native(name,
                  [tensor, index, name](Context& ctx, const Arguments& arguments) { return catalog::call_at(ctx, tensor, index, name, arguments); });
  });
}

Value tensor_attribute(Context& context, const Tensor& tensor, const std::string& name, Span place) {
  if (name == "shape") return tensor.shape();
  if (name == "ndim") return tensor.rank();
  if (name == "dtype") return tensor.dtype();
  if (name == "size") return graph::element_count(tensor.shape());
  if (name == "T" || name == "mT") {
    std::vector<std::int64_t> permutation(static_cast<std::size_t>(tensor.rank()));
    for (std::size_t i = 0; i < permutation.size(); ++i) permutation[i] = static_cast<std::int64_t>(i);
    if (name == "T") {
      std::reverse(permutation.begin(), permutation.end());
    } else if (permutation.size() >= 2) {
      std::swap(permutation[permutation.size() - 1], permutation[permutation.size() - 2]);
    } else {
      context.fail(Code::ShapeMismatch, place, "`.mT` needs at least two axes");
    }
    return graph::transpose(context.builder, tensor, permutation);
  }
  if (name == "real") return tensor;
  if (name == "at") {
    const auto no_member = [](Context& ctx, const std::string& member, Span at) -> Value {
      ctx.fail(Code::UnknownName, at, concat("`x.at` is followed by an index: x.at[…].", member, "(…)"));
    };
    return std::make_shared<const catalog::Namespace>("at", no_member,
                                                      [tensor](Context&, const Value& index, Span) { return at_index(tensor, index); });
  }
  if (const catalog::FunctionSpec* method = catalog::find_method(name)) return array_method(tensor, *method);
  std::vector<std::string> known = {"shape", "ndim", "dtype", "size", "T", "mT", "at"};
  for (const catalog::FunctionSpec* f : catalog::functions()) {
    if (f->method) known.push_back(f->name);
  }
  context.fail(Code::UnknownName, place, concat("a tensor has no `", name, "`", diagnostics::did_you_mean(name, known)));
}

// The methods that a static array has: functions of NumPy, the array first.
constexpr std::array kArrayMethods = {"all",     "any",     "argmax", "argmin",   "argsort", "astype", "clip",      "cumprod", "cumsum",  "diagonal",
                                      "dot",     "flatten", "max",    "mean",     "min",     "prod",   "ravel",     "repeat",  "reshape", "round",
                                      "squeeze", "std",     "sum",    "swapaxes", "take",    "trace",  "transpose", "var"};

Value array_attribute(Context& context, const catalog::ArrayPtr& array, const std::string& name, Span place) {
  if (name == "shape") return List(array->shape.begin(), array->shape.end());
  if (name == "ndim") return static_cast<std::int64_t>(array->rank());
  if (name == "size") return catalog::count_of(array->shape);
  if (name == "dtype") return array->dtype;
  if (name == "real") return array;
  if (name == "T" || name == "mT") {
    std::vector<std::size_t> permutation(array->rank());
    for (std::size_t i = 0; i < permutation.size(); ++i) permutation[i] = i;
    if (name == "T")
      std::reverse(permutation.begin(), permutation.end());
    else if (permutation.size() >= 2)
      std::swap(permutation[permutation.size() - 1], permutation[permutation.size() - 2]);
    else
      context.fail(Code::ShapeMismatch, place, "`.mT` needs at least two axes");
    return catalog::numpy_transpose(context, *array, permutation);
  }
  if (std::find(kArrayMethods.begin(), kArrayMethods.end(), name) != kArrayMethods.end()) {
    if (const catalog::FunctionSpec* method = catalog::find_function("np", name)) return array_method(Value(array), *method);
  }
  if (name == "at") context.fail(Code::UnknownName, place, "a static array has no `at`: make it a tensor first, asarray(…).at[…].set(…)");
  std::vector<std::string> known = {"shape", "ndim", "dtype", "size", "T", "mT"};
  known.insert(known.end(), kArrayMethods.begin(), kArrayMethods.end());
  context.fail(Code::UnknownName, place, concat("a static array has no `", name, "`", diagnostics::did_you_mean(name, known)));
}

std::string text_of(Context& context, const Arguments& arguments, std::size_t i, std::string_view method) {
  if (i >= arguments.positional.size() || arguments.positional[i].value.text() == nullptr) {
    context.fail(Code::WrongArguments, concat("`", method, "` wants a text as its argument ", i + 1));
  }
  return *arguments.positional[i].value.text();
}

List split(const std::string& text, const Arguments& arguments) {
  List parts;
  const std::string* separator = arguments.positional.empty() ? nullptr : arguments.positional[0].value.text();
  if (separator != nullptr && !separator->empty()) {
    std::size_t begin = 0;
    for (std::size_t end = text.find(*separator); end != std::string::npos; end = text.find(*separator, begin)) {
      parts.emplace_back(text.substr(begin, end - begin));
      begin = end + separator->size();
    }
    parts.emplace_back(text.substr(begin));
    return parts;
  }
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ' && c != '\t' && c != '\n') {
      word += c;
    } else if (!word.empty()) {
      parts.emplace_back(std::exchange(word, {}));
    }
  }
  return parts;
}

std::string stripped(std::string text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
  while (!text.empty() && blank(text.back())) text.pop_back();
  std::size_t begin = 0;
  while (begin < text.size() && blank(text[begin])) ++begin;
  return text.substr(begin);
}

// A text may grow to the limit of an expression's result, and is looked at before it is longer.
void append(Context& context, std::string& out, std::string_view part) {
  constexpr std::size_t kTextLimit = std::size_t{1} << 20;  // L9
  if (out.size() + part.size() > kTextLimit) context.fail(Code::LimitExceeded, "this text would have more than 1,048,576 bytes");
  out += part;
}

std::string replaced(Context& context, std::string_view text, const std::string& old, const std::string& fresh) {
  if (old.empty()) return std::string(text);
  std::string out;
  for (std::size_t at = text.find(old); at != std::string_view::npos; at = text.find(old)) {
    append(context, out, text.substr(0, at));
    append(context, out, fresh);
    text.remove_prefix(at + old.size());
  }
  append(context, out, text);
  return out;
}

// `'{}-{}'.format(a, b)` with numbers or nothing between the braces.
std::string formatted(Context& context, const std::string& text, const Arguments& arguments) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "{{") == 0 || text.compare(i, 2, "}}") == 0) {
      out += text[i++];
    } else if (text[i] == '{') {
      const std::size_t end = text.find('}', i);
      const std::string inside = end == std::string::npos ? "!" : text.substr(i + 1, end - i - 1);
      const Value* value = nullptr;
      std::size_t index = next;
      if (!inside.empty() && std::all_of(inside.begin(), inside.end(), [](char c) { return c >= '0' && c <= '9'; }) && inside.size() < 6) {
        index = static_cast<std::size_t>(std::stoul(inside));
      } else if (inside.empty()) {
        ++next;
      } else {
        for (const auto& [keyword, item] : arguments.keywords) {
          if (keyword == inside) value = &item.value;
        }
        index = arguments.positional.size();
      }
      if (value == nullptr && index < arguments.positional.size()) value = &arguments.positional[index].value;
      if (value == nullptr || value->has_tensor()) context.fail(Code::WrongArguments, "`format` finds no static argument for a `{}` of its text");
      append(context, out, catalog::display(*value));
      i = end;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::optional<Value> text_method(const std::string& text, const std::string& name) {
  const auto method = [&](auto body) {
    return Value(
        native(name, [text, body, name](Context& context, const Arguments& arguments) -> Value { return body(context, text, arguments, name); }));
  };
  using Args = const Arguments&;
  if (name == "lower" || name == "upper") {
    return method([](Context&, std::string t, Args, const std::string& n) -> Value {
      for (char& c : t) c = static_cast<char>(n == "lower" ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : (c >= 'a' && c <= 'z' ? c - 32 : c));
      return t;
    });
  }
  if (name == "startswith")
    return method([](Context& c, const std::string& t, Args a, const std::string& n) -> Value { return t.starts_with(text_of(c, a, 0, n)); });
  if (name == "endswith")
    return method([](Context& c, const std::string& t, Args a, const std::string& n) -> Value { return t.ends_with(text_of(c, a, 0, n)); });
  if (name == "replace")
    return method([](Context& c, const std::string& t, Args a, const std::string& n) -> Value {
      return replaced(c, t, text_of(c, a, 0, n), text_of(c, a, 1, n));
    });
  if (name == "strip") return method([](Context&, const std::string& t, Args, const std::string&) -> Value { return stripped(t); });
  if (name == "split") return method([](Context&, const std::string& t, Args a, const std::string&) -> Value { return split(t, a); });
  if (name == "format") return method([](Context& c, const std::string& t, Args a, const std::string&) -> Value { return formatted(c, t, a); });
  if (name == "join") {
    return method([](Context& c, const std::string& t, Args a, const std::string& n) -> Value {
      if (a.positional.size() != 1 || a.positional[0].value.list() == nullptr)
        c.fail(Code::WrongArguments, concat("`", n, "` wants a list of texts"));
      std::string out;
      for (const Value& item : *a.positional[0].value.list()) {
        if (item.text() == nullptr) c.fail(Code::WrongType, concat("`join` wants texts, and this is ", catalog::kind(item)));
        if (&item != a.positional[0].value.list()->data()) append(c, out, t);
        append(c, out, *item.text());
      }
      return out;
    });
  }
  return std::nullopt;
}

std::optional<Value> map_method(const Value& value, const std::string& name) {
  const Map map = *value.map();
  if (name == "keys" || name == "values" || name == "items") {
    return native(name, [map, name](Context&, const Arguments&) -> Value {
      List out;
      for (const auto& [key, item] : map) out.push_back(name == "keys" ? key : name == "values" ? item : Value(List{key, item}));
      return out;
    });
  }
  if (name == "get") {
    return native(name, [map](Context& context, const Arguments& arguments) -> Value {
      if (arguments.positional.empty()) context.fail(Code::WrongArguments, "`get` wants a key");
      for (const auto& [key, item] : map) {
        if (catalog::same(key, arguments.positional[0].value)) return item;
      }
      return arguments.positional.size() > 1 ? arguments.positional[1].value : Value();
    });
  }
  return std::nullopt;
}

std::optional<Value> list_method(const Value& value, const std::string& name) {
  const List list = *value.list();
  if (name != "index" && name != "count") return std::nullopt;
  return native(name, [list, name](Context& context, const Arguments& arguments) -> Value {
    if (arguments.positional.size() != 1) context.fail(Code::WrongArguments, concat("`", name, "` wants one value"));
    std::int64_t count = 0;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (!catalog::same(list[i], arguments.positional[0].value)) continue;
      if (name == "index") return static_cast<std::int64_t>(i);
      ++count;
    }
    if (name == "index") context.fail(Code::EvaluationFailed, concat(catalog::repr(arguments.positional[0].value), " is not in this list"));
    return count;
  });
}

// Of a submodule: its fields, and `variables` as records.
Value instance_attribute(Context& context, const InstancePtr& instance, const std::string& name, Span place) {
  if (const Value* field = instance->field(name)) return *field;
  if (name == "variables" && instance->scope != nullptr) {
    return catalog::records_below(*context.view, instance->scope->path);
  }
  std::vector<std::string> known = {"variables"};
  for (const catalog::FieldInfo& field : instance->type->fields()) known.push_back(field.name);
  context.fail(Code::UnknownName, place,
               concat(catalog::kind(Value(instance)), " has no field `", name, "`", diagnostics::did_you_mean(name, known),
                      ": its methods are called by `call:` with `method:`"));
}

Value dtype_attribute(Context& context, DType dtype, const std::string& name, Span place) {
  if (name == "name") return std::string(linenc::name(dtype));
  if (name == "itemsize") return static_cast<std::int64_t>(byte_size(dtype));
  context.fail(Code::UnknownName, place, concat("a dtype has no `", name, "` (it has `name`, `itemsize`)"));
}

}  // namespace

Value attribute(Context& context, const Value& value, const std::string& name, Span place) {
  if (value.is_poison()) return value;
  if (const auto name_space = value.name_space()) return name_space->get(context, name, place);
  if (const Tensor* tensor = value.tensor()) return tensor_attribute(context, *tensor, name, place);
  if (const catalog::ArrayPtr array = value.array()) return array_attribute(context, array, name, place);
  if (const InstancePtr instance = value.instance()) return instance_attribute(context, instance, name, place);
  if (value.map() != nullptr) {
    if (const Value* entry = value.entry(name)) return *entry;
    if (std::optional<Value> method = map_method(value, name)) return *method;
    std::vector<std::string> known;
    for (const auto& [key, item] : *value.map()) known.push_back(catalog::display(key));
    context.fail(Code::UnknownName, place,
                 concat("this map has no `", diagnostics::shown(name), "`", diagnostics::did_you_mean(name, known), " (it has ",
                        diagnostics::listed(known), ")"));
  }
  if (value.list() != nullptr) {
    if (std::optional<Value> method = list_method(value, name)) return *method;
  }
  if (const std::string* text = value.text()) {
    if (std::optional<Value> method = text_method(*text, name)) return *method;
  }
  if (const DType* dtype = value.dtype()) return dtype_attribute(context, *dtype, name, place);
  context.fail(Code::UnknownName, place, concat(catalog::kind(value), " has no `", diagnostics::shown(name), "`"));
}

namespace {

std::int64_t known_index(Context& context, const Value& given, Span place) {
  const Value value = catalog::plain(given);
  const Dim* dim = value.integer();
  if (dim == nullptr) context.fail(Code::WrongType, place, concat("the index of a list is an int, and this is ", catalog::kind(value)));
  if (const auto known = dim->constant()) return *known;
  context.fail(Code::UnknownSize, place, concat("the index `", dim->text(), "` has no size yet"));
}

// Python's slice.indices.
std::vector<std::size_t> slice_indices(Context& context, const catalog::Slice& slice, std::size_t size, Span place) {
  const auto length = static_cast<std::int64_t>(size);
  const std::int64_t step = slice.step.is_none() ? 1 : known_index(context, slice.step, place);
  if (step == 0) context.fail(Code::EvaluationFailed, place, "a slice step cannot be 0");
  const auto bound = [&](const Value& v, std::int64_t absent) {
    if (v.is_none()) return absent;
    std::int64_t i = known_index(context, v, place);
    if (i < 0) i += length;
    return step > 0 ? std::clamp<std::int64_t>(i, 0, length) : std::clamp<std::int64_t>(i, -1, length - 1);
  };
  const std::int64_t begin = bound(slice.begin, step > 0 ? 0 : length - 1);
  const std::int64_t end = bound(slice.end, step > 0 ? length : -1);
  std::vector<std::size_t> indices;
  for (std::int64_t i = begin; step > 0 ? i < end : i > end; i += step) indices.push_back(static_cast<std::size_t>(i));
  return indices;
}

bool has_open_size(const Value& index) {
  if (const catalog::Slice* slice = index.slice()) return has_open_size(slice->begin) || has_open_size(slice->end) || has_open_size(slice->step);
  if (const List* list = index.list()) return std::any_of(list->begin(), list->end(), has_open_size);
  return index.integer() != nullptr && !index.integer()->is_constant();
}

Value list_subscript(Context& context, const List& list, const Value& index, Span place) {
  if (index.has_tensor()) context.fail(Code::NotStatic, place, "the index of a list needs a static value, and this is a tensor");
  if (const catalog::Slice* slice = index.slice()) {
    List part;
    for (const std::size_t i : slice_indices(context, *slice, list.size(), place)) part.push_back(list[i]);
    return part;
  }
  std::int64_t i = known_index(context, index, place);
  const auto length = static_cast<std::int64_t>(list.size());
  if (i < -length || i >= length) {
    context.fail(Code::EvaluationFailed, place, concat("the index ", i, " is out of range: the list has ", length, " items"));
  }
  return list[static_cast<std::size_t>(i < 0 ? i + length : i)];
}

}  // namespace

Value subscript(Context& context, const Value& value, const Value& index, Span place) {
  if (const Tensor* tensor = value.tensor()) return catalog::index(context, *tensor, index);
  if (const catalog::ArrayPtr array = value.array()) {
    // Where it depends on sizes what is picked, the array goes on as a tensor.
    if (!index.has_tensor() && !has_open_size(index)) return catalog::numpy_index(context, array, index, place);
    return catalog::index(context, catalog::to_tensor(context, value, place), index);
  }
  if (const List* list = value.list()) return list_subscript(context, *list, index, place);
  if (const Map* map = value.map()) {
    for (const auto& [key, item] : *map) {
      if (catalog::same(key, index)) return item;
    }
    std::vector<std::string> known;
    for (const auto& [key, item] : *map) known.push_back(catalog::display(key));
    const std::string near = index.text() != nullptr ? diagnostics::did_you_mean(*index.text(), known) : std::string();
    context.fail(Code::EvaluationFailed, place,
                 concat("this map has no key ", diagnostics::shown(catalog::repr(index)), near, " (it has ", diagnostics::listed(known), ")"));
  }
  if (value.text() != nullptr) {
    const Value characters = list_subscript(context, iterate(context, value, place, "an index"), index, place);
    if (characters.text() != nullptr) return characters;
    std::string joined;
    for (const Value& c : *characters.list()) joined += *c.text();
    return joined;
  }
  if (const auto name_space = value.name_space()) {
    if (name_space->index()) return name_space->index()(context, index, place);
    if (index.text() != nullptr) return name_space->get(context, *index.text(), place);
  }
  context.fail(Code::WrongType, place, concat(catalog::kind(value), " cannot be indexed"));
}

}  // namespace linenc::elaborate
