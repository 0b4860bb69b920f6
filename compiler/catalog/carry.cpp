// Tested by tests/compiler/transforms/scan_test.cpp and tests/compiler/functions/messages_test.cpp.
#include "compiler/catalog/carry.h"

#include <algorithm>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/lift.h"
#include "compiler/catalog/numpy.h"

namespace linenc::catalog {
void check_carry_form(Context& context, Span place, std::string_view loop, const Value& before, const Value& after) {
  const std::string old = tree_form(before), fresh = tree_form(after);
  if (old == fresh) return;
  context.fail(Code::WrongArguments, place, concat("the carry of `", loop, "` is ", old, " before a step and ", fresh, " after it"));
}

void check_carry_types(Context& context, Span place, std::string_view loop, const Value& before, const Value& after) {
  const std::vector<Tensor> old = tensors_of(before), fresh = tensors_of(after);
  for (std::size_t i = 0; i < old.size(); ++i) check_carried(context, place, concat("the carry of `", loop, "`"), old[i].fact(), fresh[i].fact());
}

void check_carried(Context& context, Span place, std::string_view what, const graph::Fact& before, const graph::Fact& after) {
  if (before.dtype == after.dtype && is_equal(context, before.shape, after.shape)) return;
  context.fail(Code::ShapeMismatch, place,
               concat(what, " is ", graph::to_string(before), " before a step and ", graph::to_string(after), " after it"));
}

Promotions carry_promotions(const Value& before, const Value& after) {
  const std::vector<Tensor> old = tensors_of(before), fresh = tensors_of(after);
  Promotions promotions(old.size());
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old[i].fact().weak && old[i].dtype() != fresh[i].dtype()) promotions[i] = fresh[i].dtype();
  }
  const bool changes = std::any_of(promotions.begin(), promotions.end(), [](const auto& dtype) { return dtype.has_value(); });
  return changes ? promotions : Promotions{};
}

Value promoted(Context& context, const Value& before, const Promotions& promotions) {
  std::size_t next = 0;
  return map_tensors(before, [&](const Tensor& tensor) -> Value {
    const std::optional<DType> dtype = promotions[next++];
    return dtype ? astype(context, tensor, *dtype) : tensor;
  });
}

}  // namespace linenc::catalog
