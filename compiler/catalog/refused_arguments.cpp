// Arguments that cannot matter, with the reasons that refuse them. Tested by tests/compiler/functions/refused_arguments_test.cpp.
#include "compiler/catalog/refused_arguments.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "compiler/catalog/context.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

enum class Written : std::uint8_t { ByKeyword, ByPosition };

struct Row {
  std::string_view library, argument;
  Value default_value;
  Refusal refusal;
  std::string_view functions;  // separated by blanks
  Written written = Written::ByKeyword;
};

constexpr std::string_view kDevice = "the program runs on one device";
constexpr std::string_view kOut = "arrays are values, and nothing is written into another one";
constexpr std::string_view kCopy = "arrays are values: a copy and the array are one";
constexpr std::string_view kMemory = "arrays have one order in memory, row by row, and no other one changes a value";
constexpr std::string_view kAccuracy = "a function has one implementation here";
constexpr std::string_view kUnset = "elements that are left out would hold what was in memory: see `where(condition, x, y)`";
constexpr std::string_view kCasting = "`dtype` decides how operands are converted";
constexpr std::string_view kClass = "arrays have no subclasses";
constexpr std::string_view kSignature = "`dtype` decides the loop";
constexpr std::string_view kStable = "every sort is stable here";
constexpr std::string_view kFields = "arrays have no named fields";
constexpr std::string_view kMethod = "every method finds the same places";
constexpr std::string_view kKeys = "keys are those of threefry2x32";

constexpr std::string_view kJnpUfuncs =
    "add bitwise_and bitwise_or bitwise_xor logaddexp logaddexp2 logical_and logical_or logical_xor maximum minimum multiply negative subtract";
constexpr std::string_view kLaxWithAccuracy = "cbrt cos exp exp2 expm1 log log1p logistic rsqrt sin sqrt tan tanh";
constexpr std::string_view kRandom =
    "bernoulli bits categorical cauchy exponential gumbel laplace logistic normal orthogonal permutation rademacher randint truncated_normal "
    "uniform";
// Beside them `matmul` is a ufunc, which leaves nothing out.
constexpr std::string_view kNumpyUfuncs =
    "abs absolute add arccos arccosh arcsin arcsinh arctan arctan2 arctanh bitwise_and bitwise_not bitwise_or bitwise_xor cbrt ceil copysign cos "
    "cosh deg2rad degrees divide equal exp exp2 expm1 fabs float_power floor floor_divide fmax fmin fmod gcd greater greater_equal heaviside hypot "
    "invert isfinite isinf isnan lcm left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or "
    "logical_xor maximum minimum mod multiply negative nextafter not_equal positive power rad2deg radians reciprocal remainder right_shift "
    "rint sign sin sinh sqrt square subtract tan tanh true_divide trunc";

Row row(std::string_view library, std::string_view argument, Value default_value, std::string_view reason, std::string_view functions,
        Written written = Written::ByKeyword, List accepted = {}) {
  return {library, argument, std::move(default_value), {reason, std::move(accepted)}, functions, written};
}

const std::vector<Row>& table() {
  using enum Written;
  static const std::vector<Row> rows = {
      row("jnp", "device", None{}, kDevice,
          "arange array asarray astype empty empty_like eye full full_like linspace ones ones_like zeros zeros_like"),
      row("jnp", "out_sharding", None{}, kDevice,
          "arange array asarray bincount broadcast_to dot einsum empty full full_like matmul ones ones_like percentile ravel repeat reshape "
          "tensordot zeros zeros_like"),
      row("jnp", "out", None{}, kOut, kJnpUfuncs),
      row("jnp", "out", None{}, kOut,
          "all any argmax argmin choose cumprod cumsum einsum max mean median min nanmax nanmean nanmin nanstd nansum nanvar outer percentile prod "
          "ptp quantile round std sum take trace var amax amin",
          ByPosition),
      row("jnp", "where", None{}, kUnset, kJnpUfuncs),
      row("jnp", "overwrite_input", false, kOut, "median percentile quantile"),
      row("jnp", "copy", None{}, kCopy, "array asarray astype meshgrid nan_to_num reshape", ByKeyword, {true, false, None{}}),
      row("jnp", "order", "K", kMemory, "array asarray copy", ByKeyword, {None{}, "K"}),
      row("jnp", "kind", None{}, kStable, "argsort sort"),
      row("jnp", "order", None{}, kFields, "argsort sort"),
      row("jnp", "method", "scan", kMethod, "digitize searchsorted", ByKeyword, {"scan_unrolled", "sort", "compare_all"}),
      row("jnp", "sorted", true, "the elements are sorted in any case", "unique", ByKeyword, {false}),
      row("lax", "sharding", None{}, kDevice, "full full_like", ByPosition),
      row("lax", "out_sharding", None{}, kDevice, "broadcast broadcast_in_dim broadcasted_iota conv_general_dilated dot dot_general reshape"),
      row("lax", "accuracy", None{}, kAccuracy, kLaxWithAccuracy),
      row("random", "out_sharding", None{}, kDevice, kRandom),
      row("random", "dtype", None{}, kKeys, "key wrap_key_data"),
      row("random", "mode", None{}, "Gumbel noise is drawn in the mode 'low'", "categorical choice gumbel", ByPosition, {"low"}),
      row("random", "impl", None{}, kKeys, "wrap_key_data", ByKeyword, {"threefry2x32"}),
      row("nn", "mesh", None{}, kDevice, "with_logical_constraint with_logical_partitioning with_partitioning", ByPosition),
      row("np", "device", None{}, kDevice, "arange asarray astype empty empty_like eye full full_like linspace ones ones_like zeros zeros_like",
          ByKeyword, {"cpu"}),
      row("np", "like", None{}, "every static array is one of NumPy",
          "arange array asarray ascontiguousarray empty eye full identity ones tri zeros"),
      row("np", "order", "C", kMemory, "empty eye full ones zeros", ByPosition),
      row("np", "order", "K", kMemory, "array asarray copy empty_like full_like ones_like zeros_like", ByPosition, {None{}, "C", "A"}),
      row("np", "order", "K", kMemory, kNumpyUfuncs, ByKeyword, {"C", "A"}),
      row("np", "kind", None{}, kStable, "argsort sort", ByPosition, {"stable"}),
      row("np", "order", None{}, kFields, "argsort sort", ByPosition),
      row("np", "stable", None{}, kStable, "argsort sort", ByKeyword, {true}),
      row("np", "subok", false, kClass, "array broadcast_to copy", ByKeyword),
      row("np", "subok", true, kClass, "empty_like full_like ones_like zeros_like", ByPosition),
      row("np", "subok", true, kClass, kNumpyUfuncs),
      row("np", "out", None{}, kOut, kNumpyUfuncs),
      row("np", "out", None{}, kOut,
          "all amax amin any argmax argmin around clip concat concatenate cumprod cumsum dot fix max mean min outer prod ptp round stack std sum "
          "take trace var",
          ByPosition),
      row("np", "where", true, kUnset, kNumpyUfuncs),
      row("np", "dtype", None{}, "the result is bool",
          "equal greater greater_equal isfinite isinf isnan less less_equal logical_and logical_not logical_or logical_xor not_equal", ByKeyword,
          {DType::Bool}),
      row("np", "dtype", None{}, "this is no ufunc: see `astype`", "fix sinc"),
      row("np", "out", None{}, kOut, "matmul"),
      row("np", "casting", "same_kind", kCasting, "matmul"),
      row("np", "order", "K", kMemory, "matmul", ByKeyword, {"C", "A"}),
      row("np", "subok", true, kClass, "matmul"),
      row("np", "signature", None{}, kSignature, "matmul"),
      row("np", "axes", None{}, "the matrices stand in the last two axes: see `transpose`", "matmul"),
      row("np", "axis", None{}, "the matrices stand in the last two axes: see `transpose`", "matmul"),
      row("np", "keepdims", false, "the matrices stand in the last two axes: see `expand_dims`", "matmul"),
      row("np", "ndmax", 0, "elements are numbers, however deep the lists are", "array"),
      row("np", "casting", "same_kind", kCasting, kNumpyUfuncs),
      row("np", "casting", "same_kind", kCasting, "concat concatenate hstack stack vstack"),
      row("np", "signature", None{}, kSignature, kNumpyUfuncs),
      row("np", "copy", true, kCopy, "array meshgrid nan_to_num", ByKeyword, {None{}, false}),
      row("np", "copy", None{}, kCopy, "asarray reshape", ByKeyword, {true, false}),
      row("np", "copy", true, kCopy, "astype", ByKeyword, {false}),
  };
  return rows;
}

// The rows of each function, by its name; of all libraries.
const std::unordered_map<std::string_view, std::vector<const Row*>>& rows_by_function() {
  static const auto index = [] {
    std::unordered_map<std::string_view, std::vector<const Row*>> out;
    for (const Row& row : table()) {
      for (std::size_t begin = 0; begin < row.functions.size();) {
        const std::size_t end = std::min(row.functions.find(' ', begin), row.functions.size());
        out[row.functions.substr(begin, end - begin)].push_back(&row);
        begin = end + 1;
      }
    }
    return out;
  }();
  return index;
}

std::vector<const Row*> rows_of(const FunctionSpec& spec) {
  std::vector<const Row*> out;
  const auto found = rows_by_function().find(spec.name);
  if (found == rows_by_function().end()) return out;
  std::copy_if(found->second.begin(), found->second.end(), std::back_inserter(out),
               [&](const Row* row) { return std::find(spec.libraries.begin(), spec.libraries.end(), row->library) != spec.libraries.end(); });
  return out;
}

// Behind arguments that are named by keyword only there is no other place.
Parameter::Kind kind_behind(const std::vector<Parameter>& parameters, Written written) {
  const bool is_open = std::all_of(parameters.begin(), parameters.end(), [](const Parameter& p) { return p.kind == Parameter::Kind::Normal; });
  return written == Written::ByPosition && is_open ? Parameter::Kind::Normal : Parameter::Kind::KeywordOnly;
}

}  // namespace

void add_refused_arguments(FunctionSpec& spec) {
  const std::vector<const Row*> rows = rows_of(spec);
  for (const Written written : {Written::ByPosition, Written::ByKeyword}) {
    for (const Row* row : rows) {
      if (row->written != written) continue;
      const bool has_it = std::any_of(spec.parameters.begin(), spec.parameters.end(), [&](const Parameter& p) { return p.name == row->argument; });
      if (has_it) continue;
      const Parameter::Kind kind = kind_behind(spec.parameters, row->written);
      spec.parameters.push_back({std::string(row->argument), repr(row->default_value), row->default_value, kind});
    }
  }
}

const Refusal* refusal_of(const FunctionSpec& spec, std::string_view parameter) {
  for (const Row* row : rows_of(spec)) {
    if (row->argument == parameter) return &row->refusal;
  }
  return nullptr;
}

void refuse_what_cannot_matter(const FunctionSpec& spec, const Bound& args) {
  for (std::size_t i = 0; i < spec.parameters.size(); ++i) {
    const Parameter& parameter = spec.parameters[i];
    if (!args.given(i) || same(parameter.default_value, args.value(i))) continue;
    const Refusal* refusal = refusal_of(spec, parameter.name);
    if (!refusal) continue;
    const auto is_it = [&](const Value& value) { return same(value, args.value(i)); };
    if (std::any_of(refusal->accepted.begin(), refusal->accepted.end(), is_it)) continue;
    const Span place = args.item(i).place.exists() ? args.item(i).place : args.place;
    args.context.fail(Code::WrongArguments, place, concat("`", parameter.name, "` of `", spec.name, "` is refused: ", refusal->reason));
  }
}

}  // namespace linenc::catalog
