// Sequential: layers and functions one after another, as flax.linen.Sequential (linen-semantics D.6). A layer's list or map of results is
// handed on as positional arguments or keywords. The layers stand in the field, so that they are named as B.5 says.
// Tested by tests/compiler/layers/sequential_test.cpp.
#include "compiler/catalog/registry.h"

namespace linenc::layers {
namespace {

using namespace catalog;

struct Sequential {
  Value layers;
};

Arguments handed_on(const Value& value) {
  Arguments arguments;
  if (const List* list = value.list()) {
    for (const Value& item : *list) arguments.add(item);
  } else if (const Map* map = value.map()) {
    for (const auto& [key, item] : *map) arguments.add(display(key), item);
  } else {
    arguments.add(value);
  }
  return arguments;
}

Value call(const Sequential& fields, LayerCall& layer) {
  // Sequential.c1: the layers are a list that is not empty.
  const List* layers = fields.layers.list();
  if (layers == nullptr || layers->empty()) layer.fail("`layers` is a list of modules and functions that is not empty", "layers");
  Arguments arguments;
  arguments.add(layer.arguments.value(0));
  Value result;
  for (const Value& one : *layers) {
    result = layer.context.call(one, arguments);
    if (result.has_poison()) throw Failed{};
    arguments = handed_on(result);
  }
  return result;
}

const RegisterLayer sequential{
    LayerSpec<Sequential>("Sequential", "Layers and functions applied one after another.")
        .field_as("layers", &Sequential::layers, FieldType::of(FieldType::Base::Instance, true), "none", "modules and functions, in order")
        .arg("inputs")
        .call(&call)};

}  // namespace
}  // namespace linenc::layers
