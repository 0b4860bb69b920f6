// fold_rngs: the random streams start anew from keys that the module draws, as inside of jit, and nothing else (linen-semantics E.6).
// Tested by tests/compiler/transforms/names_test.cpp.
#include "compiler/catalog/lift.h"
#include "compiler/catalog/registry.h"

namespace linenc::transforms {
namespace {

using namespace catalog;

Value run(Context& context, const TransformOptions&, Instance& instance, const TransformSpec::Body& body, const Arguments& arguments) {
  std::vector<VariableView::Stream> outer = context.view->streams;
  struct Restore {
    VariableView& view;
    std::vector<VariableView::Stream>& streams;
    ~Restore() { view.streams = std::move(streams); }
  } restore{*context.view, outer};
  context.view->streams = forked_streams(context, instance);
  return body(arguments);
}

TransformSpec spec() {
  TransformSpec fold;
  fold.name = "fold_rngs";
  fold.prefix = "Fold_rngs";
  fold.doc = "Starts the random streams of the module anew, from keys that the module draws.";
  fold.options = {{"variables", "collections that are lifted (default: all)"},
                  {"rngs", "random streams that are lifted (default: all)"},
                  {"methods", "methods that are transformed (default: call)"}};
  fold.run = &run;
  return fold;
}

const RegisterTransform fold_rngs{spec()};

}  // namespace
}  // namespace linenc::transforms
