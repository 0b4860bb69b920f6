// Arguments of built-ins: binding them to parameters as Python does, and reading them as what a function wants.
// Tested by tests/compiler/catalog/function_test.cpp.
#include "compiler/catalog/function.h"

#include <algorithm>

#include "compiler/catalog/context.h"
#include "compiler/catalog/narrow.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/static_array.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

// Where a diagnostic about an argument points: the argument, else the call, else the statement.
Span place_of(const Context& context, const Arguments::Item& item, Span call) {
  if (item.place.exists()) return item.place;
  return call.exists() ? call : context.place();
}

bool is_rest(const Parameter& parameter) { return parameter.kind == Parameter::Kind::Rest || parameter.kind == Parameter::Kind::KeywordRest; }

// Whether Python's `/` stands before parameter `i`.
bool after_positional_only(const std::vector<Parameter>& parameters, std::size_t i) {
  const auto is_positional = [&](std::size_t j) { return parameters[j].kind == Parameter::Kind::PositionalOnly; };
  return i > 0 && is_positional(i - 1) && (i == parameters.size() || !is_positional(i));
}

std::string signature(std::string_view function, const std::vector<Parameter>& parameters) {
  std::string text;
  bool keyword_only = false;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    if (!text.empty()) text += ", ";
    if (after_positional_only(parameters, i)) text += "/, ";
    if (parameter.kind == Parameter::Kind::KeywordOnly && !keyword_only) {
      text += "*, ";
      keyword_only = true;
    }
    if (is_rest(parameter)) {
      text += concat(parameter.kind == Parameter::Kind::Rest ? "*" : "**", parameter.name);
      keyword_only = true;
      continue;
    }
    text += parameter.name;
    if (!parameter.default_text.empty()) text += concat("=", parameter.default_text);
  }
  if (after_positional_only(parameters, parameters.size())) text += ", /";
  return concat(function, "(", text, ")");
}

// The arguments of one call while they are being bound.
class Binder {
 public:
  Binder(Context& context, std::string_view function, const std::vector<Parameter>& parameters, const Arguments& arguments)
      : context_(context),
        function_(function),
        parameters_(parameters),
        arguments_(arguments),
        items_(parameters.size()),
        given_(parameters.size(), false) {}

  Bound run() {
    bind_positional();
    for (const auto& [keyword, item] : arguments_.keywords) bind_keyword(keyword, item);
    fill_defaults();
    std::vector<std::string> names;
    for (const Parameter& parameter : parameters_) names.push_back(parameter.name);
    const Span place = arguments_.place.exists() ? arguments_.place : context_.place();
    return {context_, function_, std::move(names), std::move(items_), std::move(given_), std::move(rest_), place, std::move(keywords_)};
  }

 private:
  void bind_positional() {
    std::size_t next = 0;
    for (const Arguments::Item& item : arguments_.positional) {
      const auto is_by_name = [](const Parameter& p) { return p.kind == Parameter::Kind::KeywordOnly || p.kind == Parameter::Kind::KeywordRest; };
      while (next < parameters_.size() && is_by_name(parameters_[next])) ++next;
      if (next == parameters_.size()) too_many(item);
      if (parameters_[next].kind == Parameter::Kind::Rest) {
        rest_.push_back(item);
        continue;
      }
      items_[next] = item;
      given_[next++] = true;
    }
  }

  void bind_keyword(const std::string& keyword, const Arguments::Item& item) {
    const auto at = std::find_if(parameters_.begin(), parameters_.end(),
                                 [&](const Parameter& parameter) { return parameter.name == keyword && !is_rest(parameter); });
    const bool takes_any =
        std::any_of(parameters_.begin(), parameters_.end(), [](const Parameter& p) { return p.kind == Parameter::Kind::KeywordRest; });
    if (at == parameters_.end() && takes_any) return void(keywords_.emplace_back(keyword, item));
    if (at == parameters_.end()) unknown(keyword, item);
    const auto i = static_cast<std::size_t>(at - parameters_.begin());
    if (given_[i]) twice(keyword, item);
    items_[i] = item;
    given_[i] = true;
  }

  void fill_defaults() {
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      if (given_[i] || is_rest(parameters_[i])) continue;
      if (parameters_[i].default_text.empty()) {
        fail(arguments_.place, concat("`", function_, "` needs `", parameters_[i].name, "`"));
      }
      items_[i].value = parameters_[i].default_value;
    }
  }

  [[noreturn]] void twice(const std::string& keyword, const Arguments::Item& item) {
    // What a statement without `in` hands on stands where the statement does.
    const bool is_implied = arguments_.positional.size() == 1 && arguments_.place.exists() && arguments_.positional[0].place == arguments_.place;
    fail(place_of(context_, item, arguments_.place), concat("`", function_, "` is given `", keyword, "` twice",
                                                            is_implied ? ": a statement without `in` hands `x` to it; write this as `in`" : ""));
  }

  [[noreturn]] void too_many(const Arguments::Item& item) {
    const auto positional = std::count_if(parameters_.begin(), parameters_.end(), [](const Parameter& p) {
      return p.kind == Parameter::Kind::Normal || p.kind == Parameter::Kind::PositionalOnly;
    });
    fail(place_of(context_, item, arguments_.place),
         concat("`", function_, "` takes ", positional, positional == 1 ? " positional argument" : " positional arguments", ", and ",
                arguments_.positional.size(), arguments_.positional.size() == 1 ? " is given" : " are given"));
  }

  [[noreturn]] void unknown(const std::string& keyword, const Arguments::Item& item) {
    std::vector<std::string> names;
    for (const Parameter& parameter : parameters_) {
      if (!is_rest(parameter)) names.push_back(parameter.name);
    }
    fail(item.key.exists() ? item.key : place_of(context_, item, arguments_.place),
         concat("`", function_, "` has no argument `", diagnostics::shown(keyword), "`", diagnostics::did_you_mean(keyword, names)));
  }

  [[noreturn]] void fail(Span place, std::string message) {
    auto report = context_.error(Code::WrongArguments, place.exists() ? place : context_.place(), std::move(message));
    report.note(concat("it is called `", signature(function_, parameters_), "`"));
    Context::throw_reported(report.emit());
  }

  Context& context_;
  std::string_view function_;
  const std::vector<Parameter>& parameters_;
  const Arguments& arguments_;
  std::vector<Arguments::Item> items_, rest_;
  std::vector<bool> given_;
  std::vector<std::pair<std::string, Arguments::Item>> keywords_;
};

// As in JAX, which takes lists in `asarray` and its kin only.
bool is_array_like(const Value& value) { return value.tensor() || value.array() || value.boolean() || value.integer() || value.number(); }

std::optional<DType> named_dtype(const Value& value) {
  if (const DType* dtype = value.dtype()) return *dtype;
  if (const std::string* text = value.text()) return dtype_from_text(*text);
  // Python's own types stand for JAX's defaults.
  if (const FunctionPtr function = value.function()) {
    if (function->name() == "int") return DType::Int32;
    if (function->name() == "float") return DType::Float32;
    if (function->name() == "bool") return DType::Bool;
  }
  return std::nullopt;
}

}  // namespace

bool Arguments::has_poison() const {
  return std::any_of(positional.begin(), positional.end(), [](const Item& item) { return item.value.has_poison(); }) ||
         std::any_of(keywords.begin(), keywords.end(), [](const auto& entry) { return entry.second.value.has_poison(); });
}

bool Arguments::has_tensor() const {
  return std::any_of(positional.begin(), positional.end(), [](const Item& item) { return item.value.has_tensor(); }) ||
         std::any_of(keywords.begin(), keywords.end(), [](const auto& entry) { return entry.second.value.has_tensor(); });
}

std::string signature(const FunctionSpec& spec) { return signature(spec.name, spec.parameters); }

Bound bind(Context& context, std::string_view function, const std::vector<Parameter>& parameters, const Arguments& arguments) {
  return Binder(context, function, parameters, arguments).run();
}

Bound::Bound(Context& ctx, std::string_view function, std::vector<std::string> names, std::vector<Arguments::Item> items,
             std::vector<bool> given_items, std::vector<Arguments::Item> rest_items, Span call_place,
             std::vector<std::pair<std::string, Arguments::Item>> keyword_items)
    : context(ctx),
      place(call_place),
      function_(function),
      names_(std::move(names)),
      items_(std::move(items)),
      given_(std::move(given_items)),
      rest_(std::move(rest_items)),
      keywords_(std::move(keyword_items)) {}

void Bound::wrong_type(std::size_t i, std::string_view wanted) const {
  const Value& held = items_[i].value;
  const Span at = place_of(context, items_[i], place);
  if (held.has_tensor() && wanted.find("array") == std::string_view::npos) {
    context.fail(Code::NotStatic, at,
                 concat("`", names_[i], "` of `", function_, "` needs ", wanted, " that is known while compiling, and this is ", kind(held)));
  }
  diagnostics::Report report =
      context.error(Code::WrongType, at, concat("`", names_[i], "` of `", function_, "` wants ", wanted, ", and this is ", kind(held)));
  const std::string* text = held.text();
  if (text != nullptr && (dtype_of(*text) || *text == "key")) {
    report.help(concat("an input without axes is written `", *text, "[]`"));
  } else if (text != nullptr) {
    report.help("among keywords written as a list or map a text is a text: an expression begins with `=`");
  }
  Context::throw_reported(report.emit());
}

Tensor Bound::tensor(std::size_t i) const {
  const Value& held = items_[i].value;
  if (!is_array_like(held)) wrong_type(i, "an array or a number");
  return to_tensor(context, held, place_of(context, items_[i], place));
}

Dim Bound::size(std::size_t i) const {
  const Value held = plain(items_[i].value);
  if (const bool* b = held.boolean()) return *b ? 1 : 0;
  const Dim* dim = held.integer();
  if (!dim) wrong_type(i, "an int");
  if (dim->is_overflow()) {
    context.fail(Code::EvaluationFailed, place_of(context, items_[i], place),
                 concat("`", names_[i], "` of `", function_, "` does not fit into 64 bits"));
  }
  return *dim;
}

std::int64_t Bound::integer(std::size_t i) const {
  const Dim dim = size(i);
  if (const auto constant = dim.constant()) return *constant;
  context.fail(Code::UnknownSize, place_of(context, items_[i], place),
               concat("`", names_[i], "` of `", function_, "` needs a number, and `", dim, "` is not known yet"));
}

double Bound::number(std::size_t i) const {
  const Value held = plain(items_[i].value);
  if (const double* d = held.number()) return *d;
  if (!held.integer() && !held.boolean()) wrong_type(i, "a number");
  return static_cast<double>(integer(i));
}

bool Bound::boolean(std::size_t i) const {
  const Value held = plain(items_[i].value);
  if (const bool* b = held.boolean()) return *b;
  if (held.integer() || held.is_none()) return truth(held);
  wrong_type(i, "true or false");
}

std::string Bound::text(std::size_t i) const {
  const std::string* text = items_[i].value.text();
  if (!text) wrong_type(i, "a str");
  return *text;
}

DType Bound::dtype(std::size_t i) const {
  const std::optional<DType> found = named_dtype(items_[i].value);
  if (!found) wrong_type(i, "a dtype");
  return narrow(context, *found, place_of(context, items_[i], place));
}

std::optional<DType> Bound::optional_dtype(std::size_t i) const { return none(i) ? std::nullopt : std::optional(dtype(i)); }

Dims Bound::dims(std::size_t i) const {
  const ArrayPtr array = items_[i].value.array();
  const List elements = array && array->rank() == 1 ? rows(*array) : List{};
  const List* list = array && array->rank() == 1 ? &elements : items_[i].value.list();
  if (!list) return {size(i)};
  Dims out;
  for (const Value& element : *list) {
    const Value item = plain(element);
    if (const Dim* dim = item.integer(); dim && !dim->is_overflow())
      out.push_back(*dim);
    else if (item.number())
      context.fail(Code::WrongType, place_of(context, items_[i], place),
                   concat("`", names_[i], "` of `", function_, "` wants whole numbers, and element ", out.size(), " of this list is ", kind(item)));
    else
      wrong_type(i, "an int or a list of ints");
  }
  return out;
}

std::vector<std::int64_t> Bound::integers(std::size_t i) const {
  std::vector<std::int64_t> out;
  for (const Dim& dim : dims(i)) {
    if (!dim.is_constant()) {
      context.fail(Code::UnknownSize, place_of(context, items_[i], place),
                   concat("`", names_[i], "` of `", function_, "` needs numbers, and `", dim, "` is not known yet"));
    }
    out.push_back(*dim.constant());
  }
  return out;
}

FunctionPtr Bound::function(std::size_t i) const {
  FunctionPtr function = items_[i].value.function();
  if (!function) wrong_type(i, "a function");
  return function;
}

std::vector<Tensor> Bound::tensors(std::size_t i) const {
  const Value& held = items_[i].value;
  std::vector<Tensor> out;
  if (const List* list = held.list()) {
    for (const Value& item : *list) {
      if (!is_array_like(item)) not_an_array(i, item);
      out.push_back(to_tensor(context, item, place_of(context, items_[i], place)));
    }
    return out;
  }
  // An array is the list of its rows.
  if (const ArrayPtr array = held.array(); array && array->rank() > 0) {
    for (const Value& item : rows(*array)) out.push_back(to_tensor(context, item, place_of(context, items_[i], place)));
    return out;
  }
  const Tensor* whole = held.tensor();
  if (!whole || whole->rank() == 0) wrong_type(i, "a list of arrays");
  const auto rows = whole->dim(0).constant();
  if (!rows) {
    diagnostics::Report report = context.error(Code::WrongType, place_of(context, items_[i], place),
                                               concat("`", names_[i], "` of `", function_, "` wants a list of arrays, and this is ", kind(held)));
    report.help(concat("an array stands for the list of its rows where their number is known, and `", whole->dim(0), "` is not"));
    Context::throw_reported(report.emit());
  }
  for (std::int64_t row = 0; row < *rows; ++row) {
    out.push_back(graph::squeeze(context.builder, graph::slice_axis(context.builder, *whole, 0, row, 1), 0));
  }
  return out;
}

std::vector<Tensor> Bound::rest_tensors() const {
  std::vector<Tensor> out;
  for (const Arguments::Item& item : rest_) {
    if (!is_array_like(item.value)) {
      context.fail(Code::WrongType, place_of(context, item, place),
                   concat("`", function_, "` takes arrays and numbers, and this is ", kind(item.value)));
    }
    out.push_back(to_tensor(context, item.value, place_of(context, item, place)));
  }
  return out;
}

void Bound::not_an_array(std::size_t i, const Value& entry) const {
  diagnostics::Report report = context.error(Code::WrongType, place_of(context, items_[i], place),
                                             concat("`", names_[i], "` of `", function_, "` wants a list of arrays, and it holds ", kind(entry)));
  if (entry.list()) report.help("`asarray` makes an array of a list");
  Context::throw_reported(report.emit());
}

std::int64_t Bound::axis(std::size_t i, std::int64_t rank) const {
  const std::int64_t written = integer(i);
  if (written >= -rank && written < rank) return written < 0 ? written + rank : written;
  context.fail(Code::ShapeMismatch, place_of(context, items_[i], place),
               concat("`", names_[i], "` of `", function_, "` is ", written, ", and the array has rank ", rank));
}

std::vector<std::int64_t> Bound::axes(std::size_t i, std::int64_t rank) const {
  std::vector<std::int64_t> out;
  if (none(i)) {
    for (std::int64_t axis = 0; axis < rank; ++axis) out.push_back(axis);
    return out;
  }
  for (const std::int64_t written : integers(i)) {
    if (written < -rank || written >= rank) {
      context.fail(Code::ShapeMismatch, place_of(context, items_[i], place),
                   concat("`", names_[i], "` of `", function_, "` holds ", written, ", and the array has rank ", rank));
    }
    out.push_back(written < 0 ? written + rank : written);
  }
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end()) {
    context.fail(Code::WrongArguments, place_of(context, items_[i], place), concat("`", names_[i], "` of `", function_, "` names an axis twice"));
  }
  return out;
}

}  // namespace linenc::catalog
