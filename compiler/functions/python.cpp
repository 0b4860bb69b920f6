// Python's built-ins on static values: len range enumerate zip sorted int float str list dict isinstance map filter partial, …
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "compiler/catalog/context.h"
#include "compiler/catalog/python_text.h"
#include "compiler/catalog/registry.h"
#include "compiler/catalog/static_numpy.h"
#include "compiler/functions/static_numbers.h"

namespace linenc::functions {
namespace {

using namespace catalog;

constexpr std::int64_t kLongestRange = std::int64_t{1} << 20;

Span place_of(const Bound& args, std::size_t i) { return args.item(i).place.exists() ? args.item(i).place : args.place; }

List iterated(Context& context, const Value& value, Span place, std::string_view function) {
  if (auto items = catalog::iterated(value)) return *std::move(items);
  context.fail(
      value.tensor() ? Code::NotStatic : Code::WrongType, place,
      concat("`", function, "` goes through a static list, and this is ", kind(value), value.tensor() ? ": `unstack` takes a tensor apart" : ""));
}

List iterated(const Bound& args, std::size_t i, std::string_view function) {
  return iterated(args.context, args.value(i), place_of(args, i), function);
}

Value len(const Bound& args) {
  const Value& value = args.value(0);
  if (const Tensor* tensor = value.tensor()) {
    if (tensor->rank() == 0) args.context.fail(Code::WrongType, place_of(args, 0), "a scalar has no length");
    return tensor->dim(0);
  }
  if (const ArrayPtr array = value.array(); array && array->rank() > 0) return array->shape[0];
  if (!value.list() && !value.map() && !value.text()) args.wrong_type(0, "an array, a list, a map or a str");
  return static_cast<std::int64_t>(value.map() ? value.map()->size() : iterated(args, 0, "len").size());
}

Value range(const Bound& args) {
  const bool only_stop = args.none(1);
  const Bound alone(args.context, "range", {"stop"}, {args.item(0)}, {true}, {}, args.place);  // for its name in messages
  const std::int64_t start = only_stop ? 0 : args.integer(0);
  const std::int64_t stop = only_stop ? alone.integer(0) : args.integer(1);
  const std::int64_t step = args.integer(2);
  if (step == 0) args.context.fail(Code::EvaluationFailed, args.place, "the step of `range` is 0");
  // The way from start to stop and the step, without signs: they fit into 64 bits where differences would not.
  const auto bits = [](std::int64_t n) { return static_cast<std::uint64_t>(n); };
  const bool is_empty = step > 0 ? start >= stop : start <= stop;
  const std::uint64_t way = step > 0 ? bits(stop) - bits(start) : bits(start) - bits(stop), stride = step > 0 ? bits(step) : 0 - bits(step);
  const std::uint64_t count = is_empty ? 0 : (way - 1) / stride + 1;
  if (count > static_cast<std::uint64_t>(kLongestRange)) {
    args.context.fail(Code::LimitExceeded, args.place, concat("`range` gives more than ", kLongestRange, " numbers"));
  }
  args.context.step(count);
  List out;
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(count); ++i) out.push_back(start + i * step);
  return out;
}

Value enumerate(const Bound& args) {
  List out;
  Dim number = args.size(1);
  for (const Value& item : iterated(args, 0, "enumerate")) {
    out.push_back(List{number, item});
    number = number + 1;
  }
  return out;
}

// strict=True refuses lists of other lengths than the first.
void check_zipped(const Bound& args, const std::vector<List>& lists, Span place) {
  if (!args.boolean(1) || lists.back().size() == lists[0].size()) return;
  args.context.fail(Code::WrongArguments, place,
                    concat("`zip` with `strict` wants lists of one length: this one has ", lists.back().size(), ", the first ", lists[0].size()));
}

Value zip(const Bound& args) {
  std::vector<List> lists;
  std::size_t shortest = 0;
  for (const Arguments::Item& item : args.rest()) {
    const Span place = item.place.exists() ? item.place : args.place;
    lists.push_back(iterated(args.context, item.value, place, "zip"));
    check_zipped(args, lists, place);
    shortest = lists.size() == 1 ? lists[0].size() : std::min(shortest, lists.back().size());
  }
  List out;
  for (std::size_t i = 0; i < shortest; ++i) {
    List row;
    for (const List& list : lists) row.push_back(list[i]);
    out.push_back(row);
  }
  return out;
}

Value reversed(const Bound& args) {
  List out = iterated(args, 0, "reversed");
  std::reverse(out.begin(), out.end());
  return out;
}

// a < b as Python orders numbers, texts and lists.
bool is_less(Context& context, const Value& a, const Value& b, Span place) {
  const auto x = as_double(a), y = as_double(b);
  if (x && y) return *x < *y;
  if (a.text() && b.text()) return *a.text() < *b.text();
  if (a.list() && b.list()) {
    for (std::size_t i = 0; i < std::min(a.list()->size(), b.list()->size()); ++i) {
      if (!same((*a.list())[i], (*b.list())[i])) return is_less(context, (*a.list())[i], (*b.list())[i], place);
    }
    return a.list()->size() < b.list()->size();
  }
  context.fail(a.has_tensor() || b.has_tensor() ? Code::NotStatic : Code::WrongType, place, concat("cannot order ", kind(a), " and ", kind(b)));
}

Value sorted(const Bound& args) {
  Context& context = args.context;
  const List items = iterated(args, 0, "sorted");
  std::vector<std::pair<Value, Value>> keyed;
  for (const Value& item : items) {
    Arguments arguments;
    arguments.add(item);
    keyed.emplace_back(args.none(1) ? item : context.call(args.value(1), arguments), item);
  }
  // Insertion: a comparison may throw, which the library's sorts do not allow to happen halfway through a move.
  List out;
  std::vector<Value> keys;
  const bool is_falling = args.boolean(2);
  for (const auto& [key, item] : keyed) {
    std::size_t at = keys.size();
    while (at > 0 && (is_falling ? is_less(context, keys[at - 1], key, args.place) : is_less(context, key, keys[at - 1], args.place))) --at;
    keys.insert(keys.begin() + static_cast<std::ptrdiff_t>(at), key);
    out.insert(out.begin() + static_cast<std::ptrdiff_t>(at), item);
  }
  return out;
}

// --- conversions -----------------------------------------------------------------------------------

void refuse_tensor(const Bound& args, std::string_view function) {
  if (!args.value(0).has_tensor()) return;
  args.context.fail(Code::NotStatic, place_of(args, 0),
                    concat("`", function, "` gives a static value, and this is ", kind(args.value(0)), ": see `.astype`"));
}

std::string stripped(std::string text) {
  std::erase(text, '_');
  const auto first = text.find_first_not_of(" \t\n"), last = text.find_last_not_of(" \t\n");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

// Python's int(text, base): a sign, and the prefix 0x, 0o or 0b that belongs to the base; base 0 takes it from the prefix.
std::optional<std::int64_t> read_integer(std::string digits, std::int64_t base) {
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.erase(0, 1);
  const std::string prefix = digits.size() > 2 && digits[0] == '0' ? std::string(1, static_cast<char>(std::tolower(digits[1]))) : "";
  const std::int64_t of_prefix = prefix == "x" ? 16 : prefix == "o" ? 8 : prefix == "b" ? 2 : 0;
  if (of_prefix != 0 && (base == 0 || base == of_prefix)) {
    digits.erase(0, 2);
    base = of_prefix;
  }
  if (base == 0) base = 10;
  if (base < 2 || base > 36 || digits.empty() || digits[0] == '-') return std::nullopt;
  if (negative) digits.insert(0, "-");
  std::int64_t number = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), number, static_cast<int>(base));
  const bool whole = end.ec == std::errc() && end.ptr == digits.data() + digits.size();
  return whole ? std::optional(number) : std::nullopt;
}

Value to_integer(const Bound& args) {
  refuse_tensor(args, "int");
  const Value value = plain(args.value(0));
  if (const double* d = value.number()) return to_int(args.context, std::trunc(*d));
  if (const std::string* text = value.text()) {
    if (const auto number = read_integer(stripped(*text), args.integer(1))) return *number;
    args.context.fail(Code::EvaluationFailed, place_of(args, 0), concat("`int` cannot read ", repr(value)));
  }
  return args.size(0);
}

Value to_float(const Bound& args) {
  refuse_tensor(args, "float");
  if (const std::string* text = args.value(0).text()) {
    const std::string digits = stripped(*text);
    char* end = nullptr;
    const double number = std::strtod(digits.c_str(), &end);
    if (!digits.empty() && *end == 0) return number;
    args.context.fail(Code::EvaluationFailed, place_of(args, 0), concat("`float` cannot read ", repr(args.value(0))));
  }
  return args.number(0);
}

Value to_bool(const Bound& args) {
  refuse_tensor(args, "bool");
  if (const ArrayPtr array = args.value(0).array()) return numpy_truth(args.context, *array, place_of(args, 0));
  return truth(args.value(0));
}

Value to_text(const Bound& args) {
  refuse_tensor(args, "str");
  need_known_sizes(args.context, args.value(0), place_of(args, 0));
  return python_str(args.value(0));
}

Value to_list(const Bound& args) { return args.given(0) ? Value(iterated(args, 0, "list")) : Value(List{}); }

// Each value once, in the order of first occurrence.
Value to_set(const Bound& args) {
  List out;
  for (const Value& item : args.given(0) ? iterated(args, 0, "set") : List{}) {
    if (std::none_of(out.begin(), out.end(), [&](const Value& known) { return same(known, item); })) out.push_back(item);
  }
  return out;
}

// dict(a=1), dict(map, a=1), dict([[key, value], …])
Value to_map(const Bound& args) {
  Map out;
  const auto put = [&](const Value& key, const Value& value) {
    const auto known = std::find_if(out.begin(), out.end(), [&](const auto& entry) { return same(entry.first, key); });
    if (known == out.end())
      out.emplace_back(key, value);
    else
      known->second = value;
  };
  if (const Map* map = args.value(0).map()) {
    for (const auto& [key, value] : *map) put(key, value);
  } else if (const List* pairs = args.value(0).list()) {
    for (const Value& pair : *pairs) {
      if (!pair.list() || pair.list()->size() != 2) args.wrong_type(0, "a map or a list of pairs");
      put((*pair.list())[0], (*pair.list())[1]);
    }
  } else if (!args.none(0)) {
    args.wrong_type(0, "a map or a list of pairs");
  }
  for (const auto& [key, item] : args.keywords()) put(key, item.value);
  return out;
}

// --- kinds -------------------------------------------------------------------------------------------

bool is_of_kind(const Value& value, const std::string& name) {
  if (name == "int") return value.integer() != nullptr;
  if (name == "float") return value.number() != nullptr;
  if (name == "bool") return value.boolean() != nullptr;
  if (name == "str") return value.text() != nullptr;
  if (name == "list" || name == "tuple") return value.list() != nullptr;
  if (name == "map" || name == "dict") return value.map() != nullptr;
  if (name == "tensor") return value.tensor() != nullptr;
  return value.module_template() || value.instance();
}

// As of a class: a module of this definition or layer, of one that extends it, or of a transform of one.
bool is_made_of(const Value& value, const ModuleType& wanted) {
  const InstancePtr instance = value.instance();
  if (!instance) return false;
  for (const ModuleType* type = &instance->type->untransformed(); type != nullptr; type = type->extended()) {
    if (type == &wanted.untransformed()) return true;
  }
  return false;
}

Value is_instance(const Bound& args) {
  static const std::vector<std::string> known = {"int", "float", "bool", "str", "list", "tuple", "map", "dict", "tensor", "module"};
  const List single{args.value(1)};
  for (const Value& wanted : args.value(1).list() ? *args.value(1).list() : single) {
    if (const TemplatePtr type = wanted.module_template()) {
      if (is_made_of(args.value(0), *type->type)) return true;
      continue;
    }
    const std::string name = wanted.text() ? *wanted.text() : wanted.function() ? wanted.function()->name() : wanted.dtype() ? "bool" : "";
    if (std::find(known.begin(), known.end(), name) == known.end())
      args.wrong_type(1, "int, float, bool, str, list, tuple, map, dict, 'tensor', 'module' or a module's name");
    if (is_of_kind(args.value(0), name)) return true;
  }
  return false;
}

// --- functions of functions ----------------------------------------------------------------------------

Value mapped(const Bound& args) {
  Context& context = args.context;
  std::vector<List> lists;
  std::size_t shortest = 0;
  for (const Arguments::Item& item : args.rest()) {
    lists.push_back(iterated(context, item.value, item.place.exists() ? item.place : args.place, "map"));
    shortest = lists.size() == 1 ? lists[0].size() : std::min(shortest, lists.back().size());
  }
  List out;
  for (std::size_t i = 0; i < shortest; ++i) {
    Arguments arguments;
    for (const List& list : lists) arguments.add(list[i]);
    arguments.place = args.place;
    out.push_back(context.call(args.value(0), arguments));
  }
  return out;
}

Value filtered(const Bound& args) {
  List out;
  for (const Value& item : iterated(args, 1, "filter")) {
    Value keep = item;
    if (!args.none(0)) {
      Arguments arguments;
      arguments.add(item);
      keep = args.context.call(args.value(0), arguments);
    }
    if (keep.has_tensor()) args.context.fail(Code::NotStatic, args.place, "`filter` needs a static answer for each element");
    if (truth(keep)) out.push_back(item);
  }
  return out;
}

// A function with some arguments bound.
class PartialFunction final : public Function {
 public:
  PartialFunction(FunctionPtr inner, std::vector<Arguments::Item> positional, std::vector<std::pair<std::string, Arguments::Item>> keywords)
      : inner_(std::move(inner)), positional_(std::move(positional)), keywords_(std::move(keywords)) {}
  [[nodiscard]] std::string name() const override { return inner_->name(); }
  [[nodiscard]] bool is_statement() const override { return inner_->is_statement(); }
  [[nodiscard]] bool takes_any_keyword() const override { return inner_->takes_any_keyword(); }
  [[nodiscard]] bool is_initializer_factory() const override { return inner_->is_initializer_factory(); }
  [[nodiscard]] std::vector<std::string> parameters() const override {
    std::vector<std::string> names = inner_->parameters();
    names.erase(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), positional_.size())));
    return names;
  }
  // What the call gives wins over what was bound.
  Value call(Context& context, const Arguments& arguments) const override {
    Arguments all;
    all.place = arguments.place;
    all.positional = positional_;
    all.positional.insert(all.positional.end(), arguments.positional.begin(), arguments.positional.end());
    all.keywords = arguments.keywords;
    for (const auto& bound : keywords_) {
      const bool is_given =
          std::any_of(arguments.keywords.begin(), arguments.keywords.end(), [&](const auto& given) { return given.first == bound.first; });
      if (!is_given) all.keywords.push_back(bound);
    }
    return inner_->call(context, all);
  }

 private:
  FunctionPtr inner_;
  std::vector<Arguments::Item> positional_;
  std::vector<std::pair<std::string, Arguments::Item>> keywords_;
};

Value partial(const Bound& args) {
  Context& context = args.context;
  if (const TemplatePtr module_template = args.value(0).module_template()) {
    if (!args.rest().empty()) context.fail(Code::WrongArguments, args.rest()[0].place, "`partial` binds fields of a module by name");
    std::vector<Template::Field> fields;
    for (const auto& [name, item] : args.keywords()) fields.push_back({name, item.value, item.place});
    return module_template->with(std::move(fields), module_template->name, args.place);
  }
  return FunctionPtr(std::make_shared<PartialFunction>(args.function(0), args.rest(), args.keywords()));
}

const RegisterFunctions lists{{
    FunctionSpec("len", "How many elements a list has, or the first axis of an array.").in({"python"}).arg("x").does(&len),
    FunctionSpec("range", "Whole numbers from start up to stop.").in({"python"}).arg("start").arg("stop", None{}).arg("step", 1).does(&range),
    FunctionSpec("enumerate", "Pairs of number and element.").in({"python"}).arg("iterable").arg("start", 0).does(&enumerate),
    FunctionSpec("zip", "Lists side by side, as long as the shortest.")
        .in({"python"})
        .rest("iterables")
        .keyword_only()
        .arg("strict", false)
        .does(&zip),
    FunctionSpec("reversed", "A list from its end.").in({"python"}).arg("sequence").does(&reversed),
    FunctionSpec("sorted", "A list in ascending order.")
        .in({"python"})
        .arg("iterable")
        .keyword_only()
        .arg("key", None{})
        .arg("reverse", false)
        .does(&sorted),
    FunctionSpec("map", "A function of each element.").in({"python"}).arg("function").rest("iterables").does(&mapped),
    FunctionSpec("filter", "The elements for which a function is true.").in({"python"}).arg("function").arg("iterable").does(&filtered),
}};

const RegisterFunctions conversions{{
    FunctionSpec("int", "A static whole number.").in({"python"}).arg("x", 0).arg("base", 10).does(&to_integer),
    FunctionSpec("float", "A static number.").in({"python"}).arg("x", 0.0).does(&to_float),
    FunctionSpec("bool", "A static truth value.").in({"python"}).arg("x", false).does(&to_bool),
    FunctionSpec("str", "A text.").in({"python"}).arg("object", "").does(&to_text),
    FunctionSpec("list", "A list.").in({"python"}).arg("iterable", None{}).does(&to_list),
    FunctionSpec("tuple", "A list.").in({"python"}).arg("iterable", None{}).does(&to_list),
    FunctionSpec("set", "Each element once.").in({"python"}).arg("iterable", None{}).does(&to_set),
    FunctionSpec("dict", "A map.").in({"python"}).arg("mapping", None{}).keyword_rest("entries").does(&to_map),
    FunctionSpec("isinstance", "Whether a value is of a kind: int float bool str list dict 'tensor' (or jnp.ndarray) 'module', or a module's name.")
        .in({"python"})
        .arg("object")
        .arg("kinds")
        .does(&is_instance),
    FunctionSpec("partial", "A function with arguments bound, a module with fields bound.")
        .in({"python"})
        .arg("function")
        .rest("args")
        .keyword_rest("keywords")
        .does(&partial),
}};

}  // namespace
}  // namespace linenc::functions
