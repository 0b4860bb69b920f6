// flax.linen's helpers that change no value: merge_param, sharding constraints and names. Tested by tests/compiler/functions/goldens_test.cpp.
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// Exactly one of the two is there.
Value merge_param(const Bound& args) {
  const std::string name = args.text(0);
  if (args.none(1) && args.none(2)) {
    args.context.fail(Code::LayerRule, args.place, concat("`", name, "` must be given to the module or to its call"));
  }
  if (!args.none(1) && !args.none(2)) {
    args.context.fail(Code::LayerRule, args.place, concat("`", name, "` is given to the module and to its call; one of them must be none"));
  }
  return args.none(1) ? args.value(2) : args.value(1);
}

// An initializer whose parameters are boxed with the names of their axes: the boxes change no value. Its names are not compared with
// the rank, as Flax compares them only under a mesh.
Value with_names(const Bound& args) {
  if (!args.none(1) && args.value(1).list() == nullptr) args.wrong_type(1, "a list of axis names");
  return to_value(to_initializer(Value(args.function(0))));
}

FunctionSpec boxing(const std::string& name) {
  FunctionSpec spec(name, "An initializer with names for the axes of its parameters, which change no value.");
  return spec.in({"nn"}).arg("fn").arg("names").arg("mesh", None{});
}

const RegisterFunctions family{{
    FunctionSpec("merge_param", "The one of two values that is not none.").in({"nn"}).arg("name").arg("a").arg("b").does(&merge_param),
    FunctionSpec("with_logical_constraint", "x itself: on one device a sharding changes no value.")
        .in({"nn"})
        .arg("x")
        .arg("logical_axis_resources")
        .arg("rules", None{})
        .does([](const Bound& args) { return args.value(0); }),
    FunctionSpec("with_sharding_constraint", "x itself: on one device a sharding changes no value.")
        .in({"lax"})
        .arg("x")
        .arg("shardings")
        .does([](const Bound& args) { return args.value(0); }),
    boxing("with_partitioning").does(&with_names),
    boxing("with_logical_partitioning").arg("rules", None{}).does(&with_names),
}};

}  // namespace
}  // namespace linenc::functions
