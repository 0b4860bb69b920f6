// `value.name` and `value[index]`. Tested by tests/compiler/elaborate/operators_test.cpp.
#include <algorithm>
#include <array>

#include "compiler/catalog/indexing.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/text_methods.h"

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

// Python's numbers, in lists as deep as the array has axes.
Value nested_lists(const Value& value) {
  const catalog::ArrayPtr array = value.array();
  if (!array || array->rank() == 0) return catalog::plain(value);
  List out;
  for (const Value& row : catalog::rows(*array)) out.push_back(nested_lists(row));
  return out;
}

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
  if (name == "item" || name == "tolist") {
    return native(name, [array, name](Context& ctx, const Arguments& arguments) -> Value {
      const catalog::Bound args = catalog::bind(ctx, name, {}, arguments);
      if (name == "tolist") return nested_lists(array);
      if (catalog::count_of(array->shape) != 1) ctx.fail(Code::EvaluationFailed, args.place, "`item` is of an array with one element");
      Value element = nested_lists(array);
      while (element.list() != nullptr) element = Value((*element.list())[0]);
      return element;
    });
  }
  if (name == "at") context.fail(Code::UnknownName, place, "a static array has no `at`: make it a tensor first, asarray(…).at[…].set(…)");
  std::vector<std::string> known = {"shape", "ndim", "dtype", "size", "T", "mT"};
  known.insert(known.end(), kArrayMethods.begin(), kArrayMethods.end());
  context.fail(Code::UnknownName, place, concat("a static array has no `", name, "`", diagnostics::did_you_mean(name, known)));
}

// keys, values, items; get(key, default=none). None where there is no such method.
std::optional<Value> map_method(const Value& value, const std::string& name) {
  const Map map = *value.map();
  if (name == "keys" || name == "values" || name == "items") {
    return native(name, [map, name](Context& context, const Arguments& arguments) -> Value {
      (void)catalog::bind(context, name, {}, arguments);
      List out;
      for (const auto& [key, item] : map) out.push_back(name == "keys" ? key : name == "values" ? item : Value(List{key, item}));
      return out;
    });
  }
  if (name == "get") {
    return native(name, [map](Context& context, const Arguments& arguments) -> Value {
      const catalog::Bound args = catalog::bind(context, "get", {{"key", "", Value()}, {"default", "none", Value()}}, arguments);
      for (const auto& [key, item] : map) {
        if (catalog::same(key, args.value(0))) return item;
      }
      return args.value(1);
    });
  }
  return std::nullopt;
}

// index(value, start=0, stop=none), count(value).
std::optional<Value> list_method(const Value& value, const std::string& name) {
  const List list = *value.list();
  if (name == "count") {
    return native(name, [list](Context& context, const Arguments& arguments) -> Value {
      const catalog::Bound args = catalog::bind(context, "count", {{"value", "", Value()}}, arguments);
      return static_cast<std::int64_t>(std::count_if(list.begin(), list.end(), [&](const Value& v) { return catalog::same(v, args.value(0)); }));
    });
  }
  if (name == "index") {
    return native(name, [list](Context& context, const Arguments& arguments) -> Value {
      const catalog::Bound args = catalog::bind(context, "index", {{"value", "", Value()}, {"start", "0", 0}, {"stop", "none", Value()}}, arguments);
      const auto size = static_cast<std::int64_t>(list.size());
      const auto bound = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
      const std::int64_t stop = args.none(2) ? size : bound(args.integer(2));
      for (std::int64_t i = bound(args.integer(1)); i < stop; ++i) {
        if (catalog::same(list[static_cast<std::size_t>(i)], args.value(0))) return i;
      }
      context.fail(Code::EvaluationFailed, args.place, concat(catalog::repr(args.value(0)), " is not in this list"));
    });
  }
  return std::nullopt;
}

// What Python's lists change in place has another name for values.
[[noreturn]] void fail_list_attribute(Context& context, const std::string& name, Span place) {
  const std::vector<std::string> known = {"index", "count"};
  std::string hint = concat(diagnostics::did_you_mean(name, known), " (it has `index`, `count`)");
  if (name == "append" || name == "extend" || name == "insert") hint = ": lists are values, and `a + [v]` is a longer one";
  if (name == "pop" || name == "remove" || name == "clear") hint = ": lists are values, `a[-1]` is the last element and `a[:-1]` the others";
  if (name == "sort" || name == "reverse") hint = concat(": lists are values, and `", name == "sort" ? "sorted" : "reversed", "(a)` is another one");
  if (name == "copy") hint = ": lists are values, nothing changes them";
  context.fail(Code::UnknownName, place, concat("a list has no `", diagnostics::shown(name), "`", hint));
}

// An entry of a submodule's `setup`, which runs where it has not yet. None where there is no such entry. What the methods of a transformed
// module see is made inside of the transform; seen from outside of it, its entries belong to the outside.
std::optional<Value> setup_entry(Context& context, const InstancePtr& instance, const std::string& name) {
  if (instance->scope == nullptr) return std::nullopt;
  context.ensure_setup(instance);
  if (instance->type->has_setup_inside() && !instance->setup_inside) context.run_setup_anew(*instance->type, instance);
  const Value* entry = instance->attribute(name);
  if (entry == nullptr) return std::nullopt;
  const std::shared_ptr<catalog::VariableRef> variable = entry->variable();
  return variable ? context.get_variable(*variable->scope, variable->collection, variable->name) : *entry;
}

// Of a submodule: its fields, the entries of its `setup`, and `variables` as records.
Value instance_attribute(Context& context, const InstancePtr& instance, const std::string& name, Span place) {
  if (const Value* field = instance->field(name)) return *field;
  if (std::optional<Value> entry = setup_entry(context, instance, name)) return *entry;
  if (instance->scope != nullptr) {
    if (std::optional<Value> made = instance->type->attribute(context, *instance, name, place)) return *made;
  }
  if (name == "variables" && instance->scope != nullptr) {
    Map records = catalog::records_below(*context.view, instance->scope->path);
    // What should have made them may have failed, which was told.
    if (records.empty() && context.diagnostics().has_errors()) return Poison{};
    return records;
  }
  std::vector<std::string> known = {"variables"};
  for (const catalog::FieldInfo& field : instance->type->fields()) known.push_back(field.name);
  for (const auto& [entry, value] : instance->attributes) known.push_back(entry);
  for (const std::string& made : instance->type->attributes()) known.push_back(made);
  const bool has_entries = !instance->attributes.empty();
  diagnostics::Report report =
      context.error(Code::UnknownName, place,
                    concat(catalog::kind(Value(instance)), has_entries ? " has no field or `setup` entry `" : " has no field `",
                           diagnostics::shown(name), "`", diagnostics::did_you_mean(name, known)));
  report.help("its methods are called by `call:` with `method:`");
  Context::throw_reported(report.emit());
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
    fail_list_attribute(context, name, place);
  }
  if (const std::string* text = value.text()) {
    if (std::optional<Value> method = text_method(*text, name)) return *method;
    context.fail(Code::UnknownName, place,
                 concat("a text has no `", diagnostics::shown(name), "`", diagnostics::did_you_mean(name, text_method_names()), " (it has ",
                        diagnostics::listed(text_method_names()), ")"));
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
