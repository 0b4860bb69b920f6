// Tested by tests/compiler/functions/messages_test.cpp.
#include "compiler/functions/pad_modes.h"

#include <algorithm>

#include "compiler/catalog/context.h"

namespace linenc::functions {
namespace {

using catalog::Code;

bool belongs_to(std::string_view argument, std::string_view mode) {
  if (argument == "constant_values") return mode == "constant";
  if (argument == "reflect_type") return mode == "reflect" || mode == "symmetric";
  if (argument == "stat_length") return is_statistic(mode);
  return mode == "linear_ramp";  // end_values
}

}  // namespace

bool is_statistic(std::string_view mode) { return mode == "mean" || mode == "median" || mode == "maximum" || mode == "minimum"; }

std::string pad_mode(const catalog::Bound& args, const std::array<std::string_view, 4>& arguments) {
  constexpr std::array<std::string_view, 7> kOthers = {"constant", "edge", "linear_ramp", "reflect", "symmetric", "wrap", "empty"};
  const std::string mode = args.text(2);
  if (!is_statistic(mode) && std::find(kOthers.begin(), kOthers.end(), mode) == kOthers.end()) {
    args.wrong_type(2, "'constant', 'edge', 'linear_ramp', 'maximum', 'mean', 'median', 'minimum', 'reflect', 'symmetric', 'wrap' or 'empty'");
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (args.given(3 + i) && !belongs_to(arguments[i], mode))
      args.context.fail(Code::WrongArguments, args.place, concat("`", arguments[i], "` of `pad` is not for the mode '", mode, "'"));
  }
  return mode;
}

}  // namespace linenc::functions
