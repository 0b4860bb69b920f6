// What Python's str can do, on the texts of a model. Tested by tests/compiler/elaborate/text_methods_test.cpp.
#include "compiler/elaborate/text_methods.h"

#include <locale.h>

#include <algorithm>
#include <climits>
#include <cwchar>
#include <cwctype>
#include <functional>
#include <limits>
#include <utility>

#include "compiler/catalog/function.h"
#include "compiler/catalog/python_text.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/format_spec.h"

namespace linenc::elaborate {

using catalog::Bound;
using catalog::Context;
using catalog::FunctionPtr;
using catalog::NativeFunction;
using catalog::Parameter;

namespace {

constexpr std::size_t kEver = std::numeric_limits<std::size_t>::max();
constexpr std::string_view kBlanks = " \t\n\r\v\f";

// The byte where a character begins; Python's slice rules for negative and large positions.
std::size_t byte_of(std::string_view text, std::int64_t position) {
  const auto count = static_cast<std::int64_t>(catalog::character_count(text));
  if (position < 0) position = std::max<std::int64_t>(position + count, 0);
  std::size_t at = 0;
  for (std::int64_t seen = 0; at < text.size(); ++at) {
    if (!catalog::continues_character(text[at]) && seen++ == position) break;
  }
  return at;
}

// The part that the arguments `start` and `end` leave.
std::string_view part_of(const std::string& text, const Bound& args, std::size_t start) {
  const std::size_t begin = args.none(start) ? 0 : byte_of(text, args.integer(start));
  const std::size_t end = args.none(start + 1) ? text.size() : byte_of(text, args.integer(start + 1));
  return begin > end ? std::string_view() : std::string_view(text).substr(begin, end - begin);
}

// A text may grow to the limit of an expression's result, and is looked at before it is longer.
void append(Context& context, std::string& out, std::string_view part) {
  constexpr std::size_t kTextLimit = std::size_t{1} << 20;  // L9
  if (out.size() + part.size() > kTextLimit) context.fail(Code::LimitExceeded, "this text would have more than 1,048,576 bytes");
  out += part;
}

// How often at most: an int below 0 is no limit.
std::size_t times(const Bound& args, std::size_t i) {
  const std::int64_t count = args.integer(i);
  return count < 0 ? kEver : static_cast<std::size_t>(count);
}

// Letters beyond ASCII by the tables of the C library, whose locale C.UTF-8 is everywhere; left as they are where it is not.
std::string in_case(const std::string& text, bool is_upper) {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  std::string out;
  for (const std::string_view character : catalog::characters(text)) {
    wchar_t wide = 0;
    std::mbstate_t state{};
    const locale_t before = locale != nullptr ? uselocale(locale) : nullptr;
    const std::size_t read = std::mbrtowc(&wide, character.data(), character.size(), &state);
    char buffer[MB_LEN_MAX];
    std::size_t written = static_cast<std::size_t>(-1);
    if (read == character.size()) {
      const std::wint_t changed = is_upper ? std::towupper(static_cast<std::wint_t>(wide)) : std::towlower(static_cast<std::wint_t>(wide));
      state = {};
      written = std::wcrtomb(buffer, static_cast<wchar_t>(changed), &state);
    }
    if (before != nullptr) uselocale(before);
    if (is_upper && character == "ß") {
      out += "SS";
    } else {
      out += written == static_cast<std::size_t>(-1) ? character : std::string_view(buffer, written);
    }
  }
  return out;
}

Value lower(const std::string& text, const Bound&) { return in_case(text, false); }
Value upper(const std::string& text, const Bound&) { return in_case(text, true); }

// One text or a list of them, of which one is enough.
bool any_of(const Bound& args, const std::function<bool(const std::string&)>& test) {
  if (const List* list = args.value(0).list()) {
    return std::any_of(list->begin(), list->end(), [&](const Value& item) {
      if (item.text() == nullptr) args.wrong_type(0, "a text or a list of texts");
      return test(*item.text());
    });
  }
  return test(args.text(0));
}

Value startswith(const std::string& text, const Bound& args) {
  return any_of(args, [&](const std::string& start) { return part_of(text, args, 1).starts_with(start); });
}

Value endswith(const std::string& text, const Bound& args) {
  return any_of(args, [&](const std::string& end) { return part_of(text, args, 1).ends_with(end); });
}

Value removeprefix(const std::string& text, const Bound& args) { return text.starts_with(args.text(0)) ? text.substr(args.text(0).size()) : text; }

Value removesuffix(const std::string& text, const Bound& args) {
  return text.ends_with(args.text(0)) ? text.substr(0, text.size() - args.text(0).size()) : text;
}

Value count(const std::string& text, const Bound& args) {
  const std::string wanted = args.text(0);
  const std::string_view part = part_of(text, args, 1);
  if (wanted.empty()) return static_cast<std::int64_t>(catalog::character_count(part) + 1);
  std::int64_t found = 0;
  for (std::size_t at = part.find(wanted); at != std::string_view::npos; at = part.find(wanted, at + wanted.size())) ++found;
  return found;
}

// In characters; -1 where there is none.
std::int64_t position(const std::string& text, const Bound& args) {
  const std::string_view part = part_of(text, args, 1);
  const std::size_t at = part.find(args.text(0));
  if (at == std::string_view::npos) return -1;
  const std::size_t before = static_cast<std::size_t>(part.data() - text.data()) + at;
  return static_cast<std::int64_t>(catalog::character_count(std::string_view(text).substr(0, before)));
}

Value find(const std::string& text, const Bound& args) { return position(text, args); }

Value index(const std::string& text, const Bound& args) {
  const std::int64_t at = position(text, args);
  if (at < 0) args.context.fail(Code::EvaluationFailed, args.place, concat(catalog::repr(args.value(0)), " is not in this text"));
  return at;
}

Value replace(const std::string& text, const Bound& args) {
  const std::string old = args.text(0);
  const std::string fresh = args.text(1);
  std::size_t left = times(args, 2);
  std::string out;
  std::string_view rest = text;
  if (old.empty()) {  // before every character, and at the end
    for (const std::string_view character : catalog::characters(text)) {
      if (left == 0) break;
      append(args.context, out, fresh);
      append(args.context, out, character);
      rest.remove_prefix(character.size());
      --left;
    }
    if (left > 0) append(args.context, out, fresh);
  } else {
    for (std::size_t at = rest.find(old); left > 0 && at != std::string_view::npos; at = rest.find(old), --left) {
      append(args.context, out, rest.substr(0, at));
      append(args.context, out, fresh);
      rest.remove_prefix(at + old.size());
    }
  }
  append(args.context, out, rest);
  return out;
}

std::string stripped(const std::string& text, const Bound& args, bool left, bool right) {
  const std::string given = args.none(0) ? std::string(kBlanks) : args.text(0);
  const std::vector<std::string_view> set = catalog::characters(given);
  std::string_view rest = text;
  const auto shrink = [&](auto is_there, auto take) {
    for (auto c = set.begin(); c != set.end();) {
      if (!is_there(*c)) {
        ++c;
        continue;
      }
      take(c->size());
      c = set.begin();
    }
  };
  if (left) shrink([&](std::string_view c) { return rest.starts_with(c); }, [&](std::size_t n) { rest.remove_prefix(n); });
  if (right) shrink([&](std::string_view c) { return rest.ends_with(c); }, [&](std::size_t n) { rest.remove_suffix(n); });
  return std::string(rest);
}

Value strip(const std::string& text, const Bound& args) { return stripped(text, args, true, true); }
Value lstrip(const std::string& text, const Bound& args) { return stripped(text, args, true, false); }
Value rstrip(const std::string& text, const Bound& args) { return stripped(text, args, false, true); }

// At blanks, which count as one and are left out at both ends.
List split_at_blanks(std::string_view text, std::size_t most) {
  List parts;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.empty()) return parts;
    if (parts.size() == most) {
      parts.emplace_back(std::string(text));
      return parts;
    }
    const std::size_t end = std::min(text.find_first_of(kBlanks), text.size());
    parts.emplace_back(std::string(text.substr(0, end)));
    text.remove_prefix(end);
  }
}

Value split(const std::string& text, const Bound& args) {
  const std::size_t most = times(args, 1);
  if (args.none(0)) return split_at_blanks(text, most);
  const std::string separator = args.text(0);
  if (separator.empty()) args.context.fail(Code::EvaluationFailed, args.place, "`split` wants a separator that is not empty");
  List parts;
  std::size_t begin = 0;
  for (std::size_t end = text.find(separator); end != std::string::npos && parts.size() < most; end = text.find(separator, begin)) {
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.emplace_back(text.substr(begin));
  return parts;
}

Value join(const std::string& text, const Bound& args) {
  std::string out;
  bool first = true;
  for (const Value& item : iterate(args.context, args.value(0), args.item(0).place, "`join`")) {
    if (item.text() == nullptr)
      args.context.fail(Code::WrongType, args.item(0).place, concat("`join` wants texts, and this is ", catalog::kind(item)));
    if (!std::exchange(first, false)) append(args.context, out, text);
    append(args.context, out, *item.text());
  }
  return out;
}

// `'{} {0} {name:>5}'.format(…)`.
class Formatter {
 public:
  Formatter(const std::string& text, const Bound& args) : text_(text), args_(args) {}

  std::string run() { return run(0, text_.size(), true); }

 private:
  // The text in [begin, end) with its fields filled in; a spec may hold fields, these none.
  std::string run(std::size_t begin, std::size_t end, bool nested) {
    std::string out;
    for (std::size_t i = begin; i < end; ++i) {
      const bool doubled = i + 1 < end && (text_[i] == '{' || text_[i] == '}') && text_[i + 1] == text_[i];
      if (doubled) {
        append(args_.context, out, text_.substr(i++, 1));
      } else if (text_[i] == '{') {
        append(args_.context, out, field(i, nested));
      } else if (text_[i] == '}') {
        fail("`}` stands alone: write `}}`");
      } else {
        append(args_.context, out, text_.substr(i, 1));
      }
    }
    return out;
  }

  // The field whose `{` stands at `at`, which is moved to its `}`.
  std::string field(std::size_t& at, bool nested) {
    const std::size_t begin = at + 1;
    std::size_t close = begin;
    for (int depth = 1; close < text_.size(); ++close) {
      depth += text_[close] == '{' ? 1 : text_[close] == '}' ? -1 : 0;
      if (depth == 0) break;
    }
    if (close >= text_.size()) fail("`{` is never closed");
    if (!nested && text_.find('{', begin) < close) fail("a spec of a spec is too deep");
    const std::size_t colon = std::min(text_.find(':', begin), close);
    std::string name = text_.substr(begin, colon - begin);
    char conversion = 0;
    if (name.size() >= 2 && name[name.size() - 2] == '!') {
      conversion = name.back();
      name.resize(name.size() - 2);
    }
    Value value = value_of(name);
    if (conversion == 'r') value = catalog::python_repr(value);
    if (conversion == 's') value = catalog::python_str(value);
    at = close;
    const std::string spec = colon < close ? run(colon + 1, close, false) : "";
    return format_value(args_.context, value, spec, args_.place);
  }

  Value value_of(const std::string& name) {
    const bool numbered = !name.empty() && name.size() < 6 && std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
    const Value* value = nullptr;
    if (numbered || name.empty()) {
      const std::size_t place = name.empty() ? next_++ : static_cast<std::size_t>(std::stoul(name));
      if (place < args_.rest().size()) value = &args_.rest()[place].value;
    } else {
      for (const auto& [keyword, item] : args_.keywords()) {
        if (keyword == name) value = &item.value;
      }
    }
    if (value == nullptr) fail(concat("`{", name, "}` of its text has no argument"));
    if (value->has_tensor()) fail(concat("`{", name, "}` is a tensor, and a text is made while compiling"));
    return *value;
  }

  [[noreturn]] void fail(const std::string& what) const {
    args_.context.fail(Code::WrongArguments, args_.place, concat("`format`: ", diagnostics::shown(what)));
  }

  const std::string& text_;
  const Bound& args_;
  std::size_t next_ = 0;
};

Value format(const std::string& text, const Bound& args) { return Formatter(text, args).run(); }

struct Method {
  std::string name;
  std::vector<Parameter> parameters;
  Value (*body)(const std::string&, const Bound&);
};

Parameter required(std::string name) { return {std::move(name), "", Value()}; }
Parameter with_default(std::string name, Value value) {
  std::string text = catalog::repr(value);
  return {std::move(name), std::move(text), std::move(value)};
}

const std::vector<Method>& methods() {
  static const Parameter start = with_default("start", Value());
  static const Parameter end = with_default("end", Value());
  static const Parameter blanks = with_default("chars", Value());
  static const std::vector<Method> all = {
      {"count", {required("sub"), start, end}, count},
      {"endswith", {required("suffix"), start, end}, endswith},
      {"find", {required("sub"), start, end}, find},
      {"format", {{"args", "()", Value(), Parameter::Kind::Rest}, {"kwargs", "{}", Value(), Parameter::Kind::KeywordRest}}, format},
      {"index", {required("sub"), start, end}, index},
      {"join", {required("iterable")}, join},
      {"lower", {}, lower},
      {"lstrip", {blanks}, lstrip},
      {"removeprefix", {required("prefix")}, removeprefix},
      {"removesuffix", {required("suffix")}, removesuffix},
      {"replace", {required("old"), required("new"), with_default("count", -1)}, replace},
      {"rstrip", {blanks}, rstrip},
      {"split", {with_default("sep", Value()), with_default("maxsplit", -1)}, split},
      {"startswith", {required("prefix"), start, end}, startswith},
      {"strip", {blanks}, strip},
      {"upper", {}, upper},
  };
  return all;
}

}  // namespace

std::optional<Value> text_method(const std::string& text, const std::string& name) {
  const auto method = std::find_if(methods().begin(), methods().end(), [&](const Method& m) { return m.name == name; });
  if (method == methods().end()) return std::nullopt;
  return Value(FunctionPtr(std::make_shared<NativeFunction>(name, [text, &found = *method](Context& context, const Arguments& arguments) {
    return found.body(text, catalog::bind(context, found.name, found.parameters, arguments));
  })));
}

std::vector<std::string> text_method_names() {
  std::vector<std::string> names;
  for (const Method& method : methods()) names.push_back(method.name);
  return names;
}

}  // namespace linenc::elaborate
