// `linenc vars diff`: two checkpoints beside each other.
// Tested by tests/compiler/driver/vars_test.cpp.
#include <memory>
#include <nlohmann/json.hpp>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/leaf_differences.h"
#include "compiler/driver/variable_files.h"
#include "compiler/driver/vars_command.h"
#include "compiler/driver/vars_report.h"
#include "runtime/variables/json_numbers.h"

namespace linenc::driver {
namespace {

using diagnostics::shown;
using Kind = LeafDifference::Kind;

struct DiffOptions {
  CommonOptions common;
  std::string first, second;
  std::optional<std::string> rtol, atol;
  bool json = false;
  std::string format;
};

constexpr const char* kExamples = R"(linenc vars diff vars.bin flax.msgpack
linenc vars diff old.bin new.bin --rtol 1e-5 --atol 1e-6
)";

// None where neither option is given: then bits are compared.
std::optional<Tolerance> tolerance_of(const DiffOptions& options) {
  if (!options.rtol && !options.atol) return std::nullopt;
  Tolerance tolerance{.rtol = 0, .atol = 0};
  if (options.rtol) tolerance.rtol = tolerance_value("--rtol", *options.rtol);
  if (options.atol) tolerance.atol = tolerance_value("--atol", *options.atol);
  return tolerance;
}

// The element where two arrays differ most; whole numbers as they are, others from `value`.
std::string element_text(const Array& array, const ValueDifferences& values, double value) {
  if (!is_integer(array.dtype())) return number_text(value, 9);
  std::string text;
  runtime::append_scalar(text, array, values.farthest);
  return text;
}

ReportJson element_json(const Array& array, const ValueDifferences& values, double value) {
  return is_integer(array.dtype()) ? ReportJson::parse(element_text(array, values, value)) : number_json(value);
}

std::string values_text(const LeafDifference& difference) {
  const ValueDifferences& values = difference.values;
  const auto size = static_cast<std::uint64_t>(difference.a->size());
  return concat(grouped(values.count), " of ", counted(size, "element"), values.count == 1 ? " differs" : " differ", ", at most by ",
                number_text(values.largest, 3), " (relative ", number_text(values.relative, 3),
                values.ulps ? concat(", ", grouped(*values.ulps), " ulp") : "", "), most at ", place_of(values.farthest, difference.a->shape()), ": ",
                element_text(*difference.a, values, values.a), " and ", element_text(*difference.b, values, values.b));
}

std::string line_of(const LeafDifference& difference, const DiffOptions& options) {
  const std::string key = concat("`", shown(difference.key), "`");
  switch (difference.kind) {
    case Kind::OnlyFirst: return concat(key, " (", to_string(*difference.a), ") is in ", shown(options.first), " only");
    case Kind::OnlySecond: return concat(key, " (", to_string(*difference.b), ") is in ", shown(options.second), " only");
    case Kind::Type:
      return concat(key, " is ", to_string(*difference.a), " in ", shown(options.first), " and ", to_string(*difference.b), " in ",
                    shown(options.second));
    case Kind::Values: return concat(key, " (", to_string(*difference.a), "): ", values_text(difference));
  }
  return "";
}

ReportJson json_of(const LeafDifference& difference) {
  constexpr std::array<const char*, 4> kKinds = {"only_first", "only_second", "type", "values"};
  const auto type = [](const Array* array) {
    return array == nullptr ? ReportJson() : ReportJson{{"dtype", std::string(name(array->dtype()))}, {"shape", array->shape()}};
  };
  ReportJson json = {{"key", difference.key},
                     {"kind", kKinds[static_cast<std::size_t>(difference.kind)]},
                     {"first", type(difference.a)},
                     {"second", type(difference.b)}};
  if (difference.kind != Kind::Values) return json;
  const ValueDifferences& values = difference.values;
  json["differing"] = values.count;
  json["largest"] = number_json(values.largest);
  json["relative"] = number_json(values.relative);
  json["ulps"] = values.ulps ? ReportJson(*values.ulps) : ReportJson();
  json["place"] = Shape(index_of(values.farthest, difference.a->shape()));
  json["values"] = {element_json(*difference.a, values, values.a), element_json(*difference.b, values, values.b)};
  return json;
}

std::string diff_text(const std::vector<LeafDifference>& differences, std::size_t all, const DiffOptions& options, bool exact) {
  std::string text;
  for (const LeafDifference& difference : differences) text += line_of(difference, options) + "\n";
  if (options.common.quiet) return text;
  if (differences.empty()) return concat("the same: ", counted(all, "variable"), exact ? "" : ", within the tolerance", "\n");
  return text + concat(grouped(differences.size()), " of ", counted(all, "variable"), differences.size() == 1 ? " differs\n" : " differ\n");
}

CommandResult diff(const DiffOptions& options) {
  require_path(options.first, "the first checkpoint");
  require_path(options.second, "the second checkpoint");
  const std::optional<Tolerance> tolerance = tolerance_of(options);
  const runtime::Variables first = read_checkpoint(options.first);
  const runtime::Variables second = read_checkpoint(options.second);
  const std::vector<LeafDifference> differences = leaf_differences(first, second, tolerance);
  std::size_t all = first.leaves.size();
  for (const LeafDifference& difference : differences) all += difference.kind == Kind::OnlySecond ? 1 : 0;
  CommandResult result;
  result.exit = differences.empty() ? Exit::Done : Exit::Problems;
  if (!wants_json(options.json, options.format)) {
    result.out = diff_text(differences, all, options, !tolerance);
    return result;
  }
  ReportJson report = {{"format_version", "1.0"},     {"first", options.first}, {"second", options.second},
                       {"same", differences.empty()}, {"variables", all},       {"differences", ReportJson::array()}};
  for (const LeafDifference& difference : differences) report["differences"].push_back(json_of(difference));
  result.out = report.dump(2) + "\n";
  return result;
}

}  // namespace

Command vars_diff_command() {
  return {"vars diff", "how two checkpoints differ: leaves, shapes, dtypes, values", "CKPT CKPT [options]", kExamples,
          [](OptionTable& table) -> std::function<CommandResult()> {
            const auto options = std::make_shared<DiffOptions>();
            table.positional("first", options->first, "CKPT", "a checkpoint of any format");
            table.positional("second", options->second, "CKPT", "another one");
            table.option("--rtol", options->rtol, "R", "values may differ by R times the second one (0; without both, bits are compared)");
            table.option("--atol", options->atol, "A", "values may differ by A (0)");
            add_json_options(table, options->json, options->format);
            add_common_options(table, options->common);
            return [options] { return diff(*options); };
          }};
}

}  // namespace linenc::driver
