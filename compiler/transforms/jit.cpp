// jit: the module is a region of its own, compiled once for each signature; results do not change. Its random streams start anew from keys
// that the module draws (linen-semantics E.6), so initial values are other ones than without it.
// Tested by tests/compiler/transforms/names_test.cpp.
#include "compiler/catalog/lift.h"
#include "compiler/catalog/registry.h"

namespace linenc::transforms {
namespace {

using namespace catalog;

Value run(Context& context, const TransformOptions&, Instance& instance, const TransformSpec::Body& body, const Arguments& arguments) {
  return call_in_region(context, instance, "jit " + instance.type->class_name(), true, false, body, arguments);
}

TransformSpec spec() {
  TransformSpec jit;
  jit.name = "jit";
  jit.prefix = "Jit";
  jit.doc = "Compiles the module once for each distinct definition, fields and argument shapes, and calls it.";
  jit.options = {{"variables", "collections that are lifted (default: all)"},
                 {"rngs", "random streams that are lifted (default: all)"},
                 {"static_argnums", "accepted; static values pass unchanged"},
                 {"static_argnames", "accepted; static values pass unchanged"},
                 {"donate_argnums", "accepted; changes no value"},
                 {"methods", "methods that are transformed (default: call)"}};
  jit.run = &run;
  return jit;
}

const RegisterTransform jit{spec()};

}  // namespace
}  // namespace linenc::transforms
