// einops: rearrange, reduce, repeat. A pattern names the axes of the tensor and of the result:
//
//   'b (h p) c -> b h (p c)'      names, groups, `...`, literal 1, `()`
//
// The tensor is opened to one axis for each name, reduced or stretched, transposed, and closed to the groups of the result. Sizes may
// be symbolic. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/functions/einops.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/einsum.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;
using Names = std::vector<std::string>;
using Group = Names;  // one axis: the product of its names; empty is 1
using Side = std::vector<Group>;

class Pattern {
 public:
  Pattern(const Bound& args, std::size_t pattern, std::string function)
      : context_(args.context), text_(args.text(pattern)), function_(std::move(function)), place_(args.item(pattern).place) {
    const std::size_t arrow = text_.find("->");
    if (arrow == std::string::npos || text_.find("->", arrow + 2) != std::string::npos) fail("needs one `->`");
    left = parse(text_.substr(0, arrow));
    right = parse(text_.substr(arrow + 2));
    for (const auto& [name, item] : args.keywords()) {
      const Dim* size = item.value.integer();
      if (!size) context_.fail(Code::WrongType, item.place, concat("`", name, "` of `", function_, "` is a size, and this is ", kind(item.value)));
      sizes[name] = *size;
    }
  }

  Side left, right;
  std::map<std::string, Dim> sizes;

  [[noreturn]] void fail(const std::string& reason) const { fail(place_, reason); }

  // A size that is given to a name which `names` lacks.
  void refuse_unused(const Bound& args, const Names& names) const {
    for (const auto& [name, item] : args.keywords()) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      fail(item.place, concat("has no axis `", diagnostics::shown(name), "`, whose size is given", diagnostics::did_you_mean(name, names)));
    }
  }

  // `...` as names of its own, one for each axis that the other groups leave.
  void spell_dots(Tensor x) {
    const auto is_dots = [](const Group& group) { return group == Group{"..."}; };
    const auto dots = std::count_if(left.begin(), left.end(), is_dots);
    const std::int64_t count = dots == 0 ? 0 : x.rank() - static_cast<std::int64_t>(left.size()) + 1;
    if (dots > 1 || count < 0 || (dots == 0 && x.rank() != static_cast<std::int64_t>(left.size()))) {
      const std::size_t wanted = left.size() - static_cast<std::size_t>(dots);
      fail_shape(context_,
                 dots > 1 ? concat("has `...` twice on the left of '", text_, "'")
                          : concat("has the pattern '", text_, "' of ", wanted, dots == 0 ? "" : " or more", wanted == 1 ? " axis" : " axes", " for ",
                                   x.fact(), ", which has ", x.rank()),
                 {x});
    }
    Names names;
    for (std::int64_t i = 0; i < count; ++i) names.push_back(concat("...", i));
    for (Side* side : {&left, &right}) {
      Side spelled;
      for (const Group& group : *side) {
        if (is_dots(group)) {
          for (const std::string& name : names) spelled.push_back({name});
          continue;
        }
        Group out;
        for (const std::string& name : group) {
          if (name == "...")
            out.insert(out.end(), names.begin(), names.end());
          else
            out.push_back(name);
        }
        spelled.push_back(std::move(out));
      }
      *side = std::move(spelled);
    }
  }

 private:
  Side parse(const std::string& text) const {
    Side side;
    std::optional<Group> group;
    for (std::size_t i = 0; i < text.size();) {
      const char c = text[i];
      if (c == ' ') {
        ++i;
      } else if (c == '(') {
        if (group) fail("has a group inside of a group");
        group.emplace();
        ++i;
      } else if (c == ')') {
        if (!group) fail("has a `)` without a `(`");
        side.push_back(*std::exchange(group, std::nullopt));
        ++i;
      } else {
        const std::string name = next_name(text, i);
        // A literal 1 is an axis without a name.
        if (name == "1") {
          if (!group) side.push_back({});
        } else if (group) {
          group->push_back(name);
        } else {
          side.push_back({name});
        }
      }
    }
    if (group) fail("has a `(` without a `)`");
    return side;
  }

  std::string next_name(const std::string& text, std::size_t& i) const {
    if (text.compare(i, 3, "...") == 0) {
      i += 3;
      return "...";
    }
    std::size_t end = i;
    while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_')) ++end;
    if (end == i) fail(concat("holds `", diagnostics::shown(text.substr(i, 1)), "`"));
    const std::string name = text.substr(i, end - i);
    if (std::isdigit(static_cast<unsigned char>(name[0])) && name != "1" && function_ != "repeat")
      fail(concat("holds the number ", name, "; only 1 can be written"));
    i = end;
    return name;
  }

  [[noreturn]] void fail(Span place, const std::string& reason) const {
    context_.fail(Code::WrongArguments, place.exists() ? place : place_,
                  concat("the pattern '", diagnostics::shown(text_), "' of `", function_, "` ", reason));
  }

  Context& context_;
  std::string text_, function_;
  Span place_;
};

Names flat(const Side& side) {
  Names names;
  for (const Group& group : side) names.insert(names.end(), group.begin(), group.end());
  return names;
}

bool has(const Names& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

void refuse_repeated(const Pattern& pattern, const Names& names) {
  for (const std::string& name : names) {
    if (std::count(names.begin(), names.end(), name) > 1) pattern.fail(concat("names `", name, "` twice on one side"));
  }
}

// "(h d)", "c", "1"
std::string written(const Group& group) {
  std::string text;
  for (const std::string& name : group) text += concat(text.empty() ? "" : " ", name.compare(0, 3, "...") == 0 ? "..." : name);
  return group.empty() ? "1" : group.size() == 1 ? text : concat("(", text, ")");
}

// " where `h` is 3 and `w` is 5": the sizes that are given.
std::string given_sizes(const Group& group, const std::map<std::string, Dim>& sizes) {
  std::string text;
  for (const std::string& name : group) {
    const auto found = sizes.find(name);
    if (found != sizes.end()) text += concat(text.empty() ? " where `" : " and `", name, "` is ", found->second);
  }
  return text;
}

// One axis of x for each name of the left side; the sizes of the names become known.
Tensor opened(Context& context, Tensor x, Pattern& pattern) {
  Dims shape;
  for (std::size_t axis = 0; axis < pattern.left.size(); ++axis) {
    const Group& group = pattern.left[axis];
    const Dim& size = x.shape()[axis];
    Dim known = 1;
    const std::string* open = nullptr;
    for (const std::string& name : group) {
      const auto found = pattern.sizes.find(name);
      if (found != pattern.sizes.end())
        known = known * found->second;
      else if (open)
        pattern.fail(concat("leaves the sizes of `", *open, "` and `", name, "` open"));
      else
        open = &name;
    }
    const std::string text = concat("cannot open an axis of ", size, " as `", written(group), "`", given_sizes(group, pattern.sizes));
    if (open) {
      const Dim part = context.builder.dims().simplify(floor_div(size, known));
      require_equal(context, part * known, size, text, {x});
      pattern.sizes[*open] = part;
    } else {
      require_equal(context, known, size, text, {x});
    }
    for (const std::string& name : group) shape.push_back(pattern.sizes.at(name));
  }
  return graph::reshape(context.builder, x, shape);
}

Tensor closed(Context& context, Tensor x, const Pattern& pattern) {
  Dims shape;
  for (const Group& group : pattern.right) {
    Dim size = 1;
    for (const std::string& name : group) size = size * pattern.sizes.at(name);
    shape.push_back(size);
  }
  return graph::reshape(context.builder, x, shape);
}

// The axes `names` in the order of the right side.
Tensor ordered(Context& context, Tensor x, const Names& names, const Names& target) {
  std::vector<std::int64_t> permutation;
  for (const std::string& name : target) permutation.push_back(std::find(names.begin(), names.end(), name) - names.begin());
  return std::is_sorted(permutation.begin(), permutation.end()) ? x : graph::transpose(context.builder, x, std::move(permutation));
}

Tensor tensor_of(const Bound& args) {
  const Value& value = args.value(0);
  // A list of arrays is stacked first.
  return value.list() ? stack(args.context, args.tensors(0), 0) : args.tensor(0);
}

Value rearrange(const Bound& args) {
  Context& context = args.context;
  const Tensor x = tensor_of(args);
  Pattern pattern(args, 1, "rearrange");
  pattern.spell_dots(x);
  const Names left = flat(pattern.left), right = flat(pattern.right);
  refuse_repeated(pattern, left);
  refuse_repeated(pattern, right);
  for (const std::string& name : left) {
    if (!has(right, name)) pattern.fail(concat("has `", name, "` on the left side alone"));
  }
  for (const std::string& name : right) {
    if (!has(left, name)) pattern.fail(concat("has `", name, "` on the right side alone"));
  }
  pattern.refuse_unused(args, left);
  const Tensor open = opened(context, x, pattern);
  return closed(context, ordered(context, open, left, right), pattern);
}

Tensor reduced(const Bound& args, Tensor x, const std::vector<std::int64_t>& axes) {
  Context& context = args.context;
  if (const FunctionPtr function = args.value(2).function()) {
    Arguments arguments;
    arguments.add(x);
    List list;
    for (const std::int64_t axis : axes) list.push_back(axis);
    arguments.add("axis", Value(list));
    return to_tensor(context, function->call(context, arguments));
  }
  const std::string how = args.text(2);
  if (how == "mean") return mean(context, x, axes);
  if (how == "sum") return sum(context, x, axes);
  if (how == "max" || how == "min" || how == "prod" || how == "any" || how == "all") {
    const FunctionSpec* spec = find_function("jnp", how);
    Arguments arguments;
    arguments.add(x);
    List list;
    for (const std::int64_t axis : axes) list.push_back(axis);
    arguments.add("axis", Value(list));
    return *function_value(*spec).function()->call(context, arguments).tensor();
  }
  args.wrong_type(2, "'mean', 'sum', 'max', 'min', 'prod', 'any', 'all' or a function");
}

// einops.einsum(a, b, 'i j, j k -> i k'): names of any length become letters.
Value named_einsum(const Bound& args) {
  Context& context = args.context;
  std::vector<Tensor> operands;
  const std::string* pattern = args.rest().empty() ? nullptr : args.rest().back().value.text();
  if (!pattern) context.fail(Code::WrongArguments, args.place, "`einops.einsum` takes arrays and then a pattern");
  for (std::size_t i = 0; i + 1 < args.rest().size(); ++i) operands.push_back(to_tensor(context, args.rest()[i].value, args.rest()[i].place));
  std::string equation;
  std::map<std::string, char> letters;
  for (std::size_t i = 0; i < pattern->size();) {
    const char c = (*pattern)[i];
    std::size_t end = i;
    while (end < pattern->size() && (std::isalnum(static_cast<unsigned char>((*pattern)[end])) || (*pattern)[end] == '_')) ++end;
    if (end == i) {
      if (c != ' ') equation += c;
      ++i;
      continue;
    }
    const auto number = letters.size();
    if (number >= 52) context.fail(Code::WrongArguments, args.place, "`einops.einsum` names more than 52 axes");
    const char letter = static_cast<char>(number < 26 ? 'a' + number : 'A' + (number - 26));
    equation += letters.emplace(pattern->substr(i, end - i), letter).first->second;
    i = end;
  }
  return einsum(context, equation, std::move(operands));
}

// Bare `reduce` and `repeat` take a pattern; with other arguments they are JAX's.
const RegisterFunctions family{{
    FunctionSpec("rearrange", "Axes split, joined and reordered as a pattern says.")
        .in({"python", "einops"})
        .arg("tensor")
        .arg("pattern")
        .keyword_rest("axes_lengths")
        .does(&rearrange),
    FunctionSpec("reduce", "Axes that the right side lacks reduced, the others as in rearrange.")
        .in({"python", "einops"})
        .arg("tensor")
        .arg("pattern")
        .arg("reduction")
        .keyword_rest("axes_lengths")
        .does(&einops_reduce),
    FunctionSpec("repeat", "Axes that only the right side has stretched, the others as in rearrange.")
        .in({"einops"})
        .arg("tensor")
        .arg("pattern")
        .keyword_rest("axes_lengths")
        .does(&einops_repeat),
    FunctionSpec("einsum", "einsum with names of any length.").in({"einops"}).rest("tensors_and_pattern").does(&named_einsum),
}};

}  // namespace

Value einops_reduce(const Bound& args) {
  Context& context = args.context;
  const Tensor x = tensor_of(args);
  Pattern pattern(args, 1, "reduce");
  pattern.spell_dots(x);
  const Names left = flat(pattern.left), right = flat(pattern.right);
  refuse_repeated(pattern, left);
  refuse_repeated(pattern, right);
  Names kept;
  std::vector<std::int64_t> axes;
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (has(right, left[i]))
      kept.push_back(left[i]);
    else
      axes.push_back(static_cast<std::int64_t>(i));
  }
  for (const std::string& name : right) {
    if (!has(left, name)) pattern.fail(concat("has `", name, "` on the right side alone"));
  }
  pattern.refuse_unused(args, left);
  Tensor open = opened(context, x, pattern);
  if (!axes.empty()) open = reduced(args, open, axes);
  return closed(context, ordered(context, open, kept, right), pattern);
}

Value einops_repeat(const Bound& args) {
  Context& context = args.context;
  const Tensor x = tensor_of(args);
  Pattern pattern(args, 1, "repeat");
  pattern.spell_dots(x);
  const Names left = flat(pattern.left), right = flat(pattern.right);
  refuse_repeated(pattern, left);
  Names known = left;
  for (const std::string& name : left) {
    if (!has(right, name)) pattern.fail(concat("has `", name, "` on the left side alone"));
  }
  Names both = left;
  both.insert(both.end(), right.begin(), right.end());
  pattern.refuse_unused(args, both);
  Tensor open = opened(context, x, pattern);
  Dims shape = open.shape();
  for (const std::string& name : right) {
    if (has(left, name)) continue;
    if (std::isdigit(static_cast<unsigned char>(name[0]))) pattern.sizes[name] = std::stoll(name);
    if (!pattern.sizes.count(name)) pattern.fail(concat("does not tell the size of `", name, "`"));
    open = graph::expand_dims(context.builder, open, open.rank());
    shape.push_back(pattern.sizes.at(name));
    known.push_back(name);
  }
  open = graph::broadcast_to(context.builder, open, shape);
  return closed(context, ordered(context, open, known, right), pattern);
}

}  // namespace linenc::functions
