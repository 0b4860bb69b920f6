// remat: the module is a region whose inside is computed again for gradients; forward results, names of variables and keys do not change.
// Linen calls it `checkpoint`, which is what automatic names begin with.
// Tested by tests/compiler/transforms/names_test.cpp.
#include <algorithm>

#include "compiler/catalog/lift.h"
#include "compiler/catalog/registry.h"

namespace linenc::transforms {
namespace {

using namespace catalog;

// Which values a policy keeps matters to gradients only: its name is all that is looked at.
void check_policy(Context& context, const TransformOptions& options) {
  static const std::vector<std::string> known = {"everything_saveable",
                                                 "nothing_saveable",
                                                 "dots_saveable",
                                                 "checkpoint_dots",
                                                 "dots_with_no_batch_dims_saveable",
                                                 "checkpoint_dots_with_no_batch_dims",
                                                 "offload_dot_with_no_batch_dims",
                                                 "save_anything_except_these_names",
                                                 "save_any_names_but_these",
                                                 "save_only_these_names",
                                                 "save_from_both_policies",
                                                 "save_and_offload_only_these_names"};
  const Value* policy = options.find("policy");
  if (policy == nullptr || policy->is_none()) return;
  const Span place = options.place_of("policy");
  if (policy->text() == nullptr)
    context.fail(Code::WrongType, place, concat("`policy` is the name of a checkpoint policy, and this is ", kind(*policy)));
  if (std::find(known.begin(), known.end(), *policy->text()) != known.end()) return;
  context.fail(Code::WrongType, place,
               concat("`", diagnostics::shown(*policy->text()), "` is not a checkpoint policy", diagnostics::did_you_mean(*policy->text(), known),
                      " (they are ", diagnostics::listed(known), ")"));
}

Value run(Context& context, const TransformOptions& options, Instance& instance, const TransformSpec::Body& body, const Arguments& arguments) {
  if (const Value* concrete = options.find("concrete"); concrete != nullptr && concrete->boolean() != nullptr && *concrete->boolean()) {
    context.fail(Code::LayerRule, options.place_of("concrete"), "`remat` has no `concrete: true` any more: use static arguments");
  }
  check_policy(context, options);
  return call_in_region(context, instance, "remat " + instance.type->class_name(), false, true, body, arguments);
}

TransformSpec spec() {
  TransformSpec remat;
  remat.name = "remat";
  remat.prefix = "Checkpoint";
  remat.doc = "Keeps no intermediate values of the module for the backward pass: they are computed again.";
  remat.options = {{"variables", "collections that are lifted (default: all)"},
                   {"rngs", "random streams that are lifted (default: all)"},
                   {"concrete", "must be false"},
                   {"prevent_cse", "accepted; changes no value"},
                   {"static_argnums", "accepted; static values pass unchanged"},
                   {"policy", "name of a checkpoint policy: what is kept all the same"},
                   {"methods", "methods that are transformed (default: call)"}};
  remat.run = &run;
  return remat;
}

const RegisterTransform remat{spec()};

}  // namespace
}  // namespace linenc::transforms
