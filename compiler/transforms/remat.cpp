// remat: the module is a region whose inside is computed again for gradients; forward results, names of variables and keys do not change.
// Linen calls it `checkpoint`, which is what automatic names begin with.
// Tested by tests/compiler/transforms/names_test.cpp.
#include "compiler/catalog/lift.h"
#include "compiler/catalog/registry.h"

namespace linenc::transforms {
namespace {

using namespace catalog;

Value run(Context& context, const TransformOptions& options, Instance& instance, const TransformSpec::Body& body, const Arguments& arguments) {
  if (const Value* concrete = options.find("concrete"); concrete != nullptr && concrete->boolean() != nullptr && *concrete->boolean()) {
    context.fail(Code::LayerRule, options.place_of("concrete"), "`remat` has no `concrete: true` any more: use static arguments");
  }
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
