// The pure control flow of jax.lax: scan, fori_loop, cond, switch, associative_scan. Of branches that a tensor chooses all are computed and
// one is selected, which is the same for pure functions.
// Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>
#include <functional>
#include <variant>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/carry.h"
#include "compiler/catalog/indexing.h"
#include "compiler/catalog/lift.h"
#include "compiler/catalog/numpy.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;

Value rebuilt(const Value& tree, const std::vector<Tensor>& tensors) {
  std::size_t next = 0;
  return with_tensors(tree, tensors, next);
}

// As JAX takes a tree apart: numbers are arrays, and maps are sorted by key.
Value tree_of(const Bound& args, const Value& value) { return with_sorted_maps(map_arrays(args.context, value, args.place)); }

// What a function gives, as a tree of arrays.
Value called(const Bound& args, const FunctionPtr& function, List values) {
  Arguments arguments{std::move(values)};
  arguments.place = args.place;
  return tree_of(args, args.context.call(Value(function), arguments));
}

Tensor as_weak_as(Context& context, Tensor x, const Tensor& model) { return graph::with_weak(context.builder, x, model.fact().weak); }

// One step of a loop: the next carry and a result.
struct Step {
  Value carry, result;
};

// A loop of a pure function, which JAX traces once, with a carry of the types of the first one; where that is weakly typed it takes
// the dtype that the step gives, and the function is traced again.
class Loop {
 public:
  using Body = std::function<Step(const Value& carry, const std::vector<Tensor>& slices)>;

  Loop(const Bound& args, std::string_view name, Value start, std::vector<Tensor> xs, const Dim& length, bool reverse)
      : args_(args),
        name_(name),
        start_(std::move(start)),
        xs_(std::move(xs)),
        attributes_{0, length, 0, static_cast<std::int64_t>(xs_.size()), reverse} {}

  // The last carry, and the results along a new first axis.
  Step run(const Body& body) {
    while (true) {
      if (std::optional<Step> done = built(body)) return *std::move(done);
    }
  }

 private:
  // None where the carry had to change its dtype.
  std::optional<Step> built(const Body& body) {
    Context& context = args_.context;
    // Variables may be read in a pure function, and nothing is made or drawn there.
    RegionGuard guard(context, std::string(name_), {{Filter{true, {}}, std::nullopt}}, Filter{});
    const auto input = [&](graph::Fact fact, const char* what) -> Tensor {
      return {&guard.graph(), guard.graph().add_input(std::move(fact), graph::PortRole::Argument, what)};
    };
    const Value carry = map_tensors(start_, [&](const Tensor& outer) -> Value { return input(outer.fact(), "carry"); });
    std::vector<Tensor> slices;
    for (const Tensor& x : xs_) slices.push_back(input(without_axis(x.fact(), 0), "slice"));
    const Step step = body(carry, slices);
    if (step.carry.has_poison() || step.result.has_poison()) throw Failed{};
    check_carry_form(context, args_.place, name_, start_, step.carry);
    if (const Promotions promotions = carry_promotions(start_, step.carry); !promotions.empty()) {
      guard.leave();
      (void)context.builder.take_region();
      start_ = promoted(context, start_, promotions);
      return std::nullopt;
    }
    check_carry_types(context, args_.place, name_, start_, step.carry);
    std::vector<Tensor> outputs = tensors_of(step.carry);
    attributes_.carried = static_cast<std::int64_t>(outputs.size());
    collect_tensors(step.result, outputs);
    for (const Tensor& output : outputs) guard.graph().outputs.push_back({context.builder.use(output).id, graph::PortRole::Argument, "output"});
    guard.leave();
    attributes_.program = guard.region();
    std::vector<Tensor> operands = tensors_of(start_);
    operands.insert(operands.end(), xs_.begin(), xs_.end());
    const std::vector<Tensor> results = context.builder.loop(attributes_, operands);
    std::size_t next = 0;
    Value last = with_tensors(step.carry, results, next);
    return Step{std::move(last), with_tensors(step.result, results, next)};
  }

  const Bound& args_;
  std::string_view name_;
  Value start_;
  std::vector<Tensor> xs_;
  LoopAttributes<Dim> attributes_;
};

std::int64_t known_length(const Bound& args, std::string_view loop, const Dim& length) {
  if (const auto known = length.constant()) return *known;
  args.context.fail(Code::UnknownSize, args.place, concat("`", loop, "` needs the number of its steps, and `", length.text(), "` has no number yet"));
}

// The length of the first axis of every array of xs, or `length`.
Dim scan_length(const Bound& args, const std::vector<Tensor>& xs) {
  std::optional<Dim> length = args.none(3) ? std::nullopt : std::optional(args.size(3));
  for (const Tensor& x : xs) {
    if (x.rank() == 0) args.wrong_type(2, "arrays with a first axis to go along");
    if (length) require_equal(args.context, *length, x.dim(0), concat("goes along axes of different sizes, ", *length, " and ", x.dim(0)), {x});
    length = x.dim(0);
  }
  if (!length) args.context.fail(Code::WrongArguments, args.place, "`scan` cannot tell how many steps it makes: `length` says it");
  if (const auto known = length->constant(); known && *known < 0) args.wrong_type(3, "a number of steps that is not below 0");
  return *length;
}

// scan(f, init, xs=none, length=none, reverse=false, unroll=1): (carry, ys)
Value scan(const Bound& args) {
  const FunctionPtr function = args.function(0);
  const Value xs = tree_of(args, args.value(2));
  const std::vector<Tensor> whole = tensors_of(xs);
  Loop loop(args, "scan", tree_of(args, args.value(1)), whole, scan_length(args, whole), args.boolean(4));
  Step done = loop.run([&](const Value& carry, const std::vector<Tensor>& slices) {
    const Value pair = called(args, function, {carry, rebuilt(xs, slices)});
    if (pair.list() == nullptr || pair.list()->size() != 2) {
      args.context.fail(Code::WrongType, args.item(0).place, concat("the function of `scan` gives (carry, y), and this is ", kind(pair)));
    }
    return Step{(*pair.list())[0], (*pair.list())[1]};
  });
  return List{std::move(done.carry), std::move(done.result)};
}

// fori_loop(lower, upper, body_fun, init_val, unroll=none); the index is an array, a weakly typed one as in JAX.
Value fori_loop(const Bound& args) {
  graph::Builder& b = args.context.builder;
  const Dim lower = args.size(0);
  const Dim length = maximum(args.size(1) - lower, Dim(0));
  const FunctionPtr function = args.function(2);
  const Tensor places = graph::iota(b, DType::Int32, {length}, 0);
  const Tensor indices = graph::with_weak(b, graph::binary(b, ElementwiseKind::Add, places, graph::size_scalar(b, lower, DType::Int32)), true);
  Loop loop(args, "fori_loop", tree_of(args, args.value(3)), {indices}, length, false);
  return loop.run([&](const Value& carry, const std::vector<Tensor>& slices) { return Step{called(args, function, {slices[0], carry}), {}}; }).carry;
}

// What decides between two branches: a scalar, or what is known of it while compiling. Either way JAX traces both.
using Condition = std::variant<bool, Tensor>;

Tensor chosen(Context& context, const Condition& holds, Tensor yes, Tensor no) {
  if (const Tensor* scalar = std::get_if<Tensor>(&holds)) return where(context, *scalar, yes, no);
  return std::get<bool>(holds) ? yes : no;
}

// Leaf by leaf, the one of `yes` where the condition holds; both have the same tree, shapes and dtypes, and the result is as
// weakly typed as `model`.
Value selected(const Bound& args, std::string_view name, const Condition& holds, const Value& yes, const Value& no, const Value& model) {
  const std::vector<Tensor> a = tensors_of(yes);
  const std::vector<Tensor> b = tensors_of(no);
  bool same = a.size() == b.size();
  for (std::size_t i = 0; same && i < a.size(); ++i) {
    same = a[i].dtype() == b[i].dtype() && is_equal(args.context, a[i].shape(), b[i].shape());
    if (!same) {
      args.context.fail(Code::ShapeMismatch, args.place,
                        concat("the branches of `", name, "` give ", graph::to_string(a[i].fact()), " and ", graph::to_string(b[i].fact())));
    }
  }
  if (!same)
    args.context.fail(Code::WrongArguments, args.place, concat("the branches of `", name, "` give ", a.size(), " and ", b.size(), " arrays"));
  if (const std::string form = tree_form(yes); form != tree_form(no)) {
    args.context.fail(Code::WrongArguments, args.place, concat("the branches of `", name, "` give ", form, " and ", tree_form(no)));
  }
  std::vector<Tensor> results;
  const std::vector<Tensor> models = tensors_of(model);
  for (std::size_t i = 0; i < a.size(); ++i) results.push_back(as_weak_as(args.context, chosen(args.context, holds, a[i], b[i]), models[i]));
  return rebuilt(yes, results);
}

List rest_values(const Bound& args) {
  List values;
  for (const Arguments::Item& item : args.rest()) values.push_back(tree_of(args, item.value));
  return values;
}

Condition condition(const Bound& args) {
  if (const bool* known = args.value(0).boolean()) return *known;
  const Tensor predicate = args.tensor(0);
  if (predicate.rank() != 0) args.wrong_type(0, "a scalar");
  if (predicate.dtype() == DType::Bool) return predicate;
  return binary(args.context, ElementwiseKind::NotEqual, predicate, number(args.context, 0, predicate.dtype()));
}

// cond(pred, true_fun, false_fun, *operands)
Value cond(const Bound& args) {
  const List operands = rest_values(args);
  const Condition holds = condition(args);
  const Value yes = called(args, args.function(1), operands);
  const Value no = called(args, args.function(2), operands);
  return selected(args, "cond", holds, yes, no, no);
}

// switch(index, branches, *operands): the index is brought into the range of the branches.
Value switch_of(const Bound& args) {
  if (args.value(1).list() == nullptr || args.value(1).list()->empty()) args.wrong_type(1, "a list of functions");
  const List& branches = *args.value(1).list();
  const List operands = rest_values(args);
  const auto last = static_cast<std::int64_t>(branches.size()) - 1;
  const auto branch = [&](std::int64_t i) {
    const FunctionPtr function = branches[static_cast<std::size_t>(i)].function();
    if (function == nullptr) args.wrong_type(1, "a list of functions");
    return called(args, function, operands);
  };
  const Dim* number = args.value(0).integer();
  const std::optional<std::int64_t> known = number == nullptr ? std::nullopt : number->constant();
  const Tensor index = args.tensor(0);
  if (index.rank() != 0 || !is_integer(index.dtype())) args.wrong_type(0, "an integer scalar");
  const Value first = branch(0);
  Value result = last == 0 ? first : branch(last);
  for (std::int64_t i = last - 1; i >= 0; --i) {
    const Condition holds =
        known ? Condition(*known <= i) : binary(args.context, ElementwiseKind::LessEqual, index, to_tensor(args.context, Value(i), index.dtype()));
    result = selected(args, "switch", holds, i == 0 ? first : branch(i), result, first);
  }
  return result;
}

// Parts of every array along an axis: x[begin:end:2] is {begin, end, 2}.
class Elements {
 public:
  Elements(const Bound& args, const Value& tree, std::int64_t axis) : args_(args), tree_(tree), tensors_(tensors_of(tree)), axis_(axis) {}

  [[nodiscard]] std::int64_t size() const {
    return known_length(args_, "associative_scan", tensors_.front().dim(normalize_axis(args_.context, axis_, tensors_.front().rank())));
  }
  [[nodiscard]] Value part(Value begin, Value end, Value step) const {
    std::vector<Tensor> parts;
    for (const Tensor& x : tensors_) {
      List at(static_cast<std::size_t>(normalize_axis(args_.context, axis_, x.rank())), Value(std::make_shared<const Slice>()));
      at.emplace_back(std::make_shared<const Slice>(Slice{begin, end, step}));
      parts.push_back(*index(args_.context, x, at).tensor());
    }
    return rebuilt(tree_, parts);
  }

 private:
  const Bound& args_;
  const Value& tree_;
  std::vector<Tensor> tensors_;
  std::int64_t axis_;
};

// Arrays of both trees, one after the other along the axis, or in turns.
Value joined(const Bound& args, const Value& first, const Value& second, std::int64_t axis, bool in_turns) {
  const std::vector<Tensor> a = tensors_of(first);
  const std::vector<Tensor> b = tensors_of(second);
  std::vector<Tensor> all;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::int64_t at = normalize_axis(args.context, axis, a[i].rank());
    if (!in_turns) {
      all.push_back(concatenate(args.context, {a[i], b[i]}, at));
      continue;
    }
    std::vector<Tensor> turns;
    const std::int64_t count = known_length(args, "associative_scan", a[i].dim(at)) + known_length(args, "associative_scan", b[i].dim(at));
    for (std::int64_t n = 0; n < count; ++n) {
      List place(static_cast<std::size_t>(at), Value(std::make_shared<const Slice>()));
      place.emplace_back(n / 2);
      turns.push_back(*index(args.context, n % 2 == 0 ? a[i] : b[i], place).tensor());
    }
    all.push_back(stack(args.context, std::move(turns), at));
  }
  return rebuilt(first, all);
}

// What the function of `associative_scan` makes of two elements. JAX takes its arrays in their order, whatever tree they stand in.
Value combined(const Bound& args, const Value& a, const Value& b) {
  const std::vector<Tensor> arrays = tensors_of(called(args, args.function(0), {a, b}));
  if (const std::size_t wanted = tensors_of(a).size(); arrays.size() != wanted) {
    args.context.fail(
        Code::WrongArguments, args.item(0).place,
        concat("the function of `associative_scan` takes ", wanted, wanted == 1 ? " array" : " arrays", " at a place and gives ", arrays.size()));
  }
  return rebuilt(a, arrays);
}

// The recursion of jax.lax.associative_scan, which fixes the order of the additions.
Value associative(const Bound& args, const Value& elements, std::int64_t axis) {
  const Elements all(args, elements, axis);
  const std::int64_t count = all.size();
  if (count < 2) return elements;
  const Value none;
  const Value odd = associative(args, combined(args, all.part(none, -1, 2), all.part(1, none, 2)), axis);
  Value even = all.part(none, 1, none);
  if (count > 2) {
    const Value before = count % 2 == 0 ? Elements(args, odd, axis).part(none, -1, none) : odd;
    even = joined(args, even, combined(args, before, all.part(2, none, 2)), axis, false);
  }
  return joined(args, even, odd, axis, true);
}

// As many steps as a size says: one element after another, which an associative function allows.
Value one_by_one(const Bound& args, const Value& elements, std::int64_t axis, const Dim& count) {
  Context& context = args.context;
  graph::Builder& b = context.builder;
  const std::vector<Tensor> arrays = tensors_of(elements);
  const auto place_in = [&](std::size_t i) { return normalize_axis(context, axis, arrays[i].rank()); };
  const Elements all(args, elements, axis);
  const Value none;
  const Value first = all.part(none, 1, none);
  std::vector<Tensor> others = tensors_of(all.part(1, none, none));
  for (std::size_t i = 0; i < others.size(); ++i) others[i] = move_axis(context, others[i], place_in(i), 0);
  Loop loop(args, "associative_scan", first, others, b.dims().simplify(count - 1), false);
  const Step done = loop.run([&](const Value& carry, std::vector<Tensor> slices) {
    for (std::size_t i = 0; i < slices.size(); ++i) slices[i] = graph::expand_dims(b, slices[i], place_in(i));
    const Value next = combined(args, carry, rebuilt(elements, slices));
    return Step{next, next};
  });
  std::vector<Tensor> results = tensors_of(done.result);
  const std::vector<Tensor> start = tensors_of(first);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::int64_t at = place_in(i);
    const Tensor along = move_axis(context, graph::squeeze(b, results[i], at + 1), 0, at);
    results[i] = concatenate(context, {start[i], along}, at);
  }
  return rebuilt(elements, results);
}

Value associative_scan(const Bound& args) {
  const Value elements = tree_of(args, args.value(1));
  const std::vector<Tensor> arrays = tensors_of(elements);
  if (arrays.empty()) args.wrong_type(1, "an array or a tree of arrays");
  const std::int64_t axis = args.integer(3);
  std::optional<Dim> size;
  for (const Tensor& x : arrays) {
    const Dim found = x.dim(normalize_axis(args.context, axis, x.rank()));
    if (size) require_equal(args.context, *size, found, concat("goes along axes of different sizes, ", *size, " and ", found), {x});
    size = found;
  }
  const auto turned = [&](const Value& tree) { return Elements(args, tree, axis).part(Value(), Value(), -1); };
  const auto scanned = [&](const Value& tree) { return size->is_constant() ? associative(args, tree, axis) : one_by_one(args, tree, axis, *size); };
  return args.boolean(2) ? turned(scanned(turned(elements))) : scanned(elements);
}

const RegisterFunctions family{{
    FunctionSpec("scan", "A loop with a carry along the first axis of arrays: (carry, stacked results).")
        .in({"lax"})
        .arg("f")
        .arg("init")
        .arg("xs", None{})
        .arg("length", None{})
        .arg("reverse", false)
        .arg("unroll", 1)
        .behind_prefix()
        .does(&scan),
    FunctionSpec("fori_loop", "A loop over the integers from lower to upper, which are sizes.")
        .in({"lax"})
        .arg("lower")
        .arg("upper")
        .arg("body_fun")
        .arg("init_val")
        .keyword_only()
        .arg("unroll", None{})
        .behind_prefix()
        .does(&fori_loop),
    FunctionSpec("cond", "One of two functions of the operands, as a scalar says.")
        .in({"lax"})
        .arg("pred")
        .arg("true_fun")
        .arg("false_fun")
        .rest("operands")
        .behind_prefix()
        .does(&cond),
    FunctionSpec("switch", "One of several functions of the operands, by its number.")
        .in({"lax"})
        .arg("index")
        .arg("branches")
        .rest("operands")
        .behind_prefix()
        .does(&switch_of),
    FunctionSpec("associative_scan", "Running results of an associative function along an axis.")
        .in({"lax"})
        .arg("fn")
        .arg("elems")
        .arg("reverse", false)
        .arg("axis", 0)
        .behind_prefix()
        .does(&associative_scan),
}};

}  // namespace
}  // namespace linenc::functions
