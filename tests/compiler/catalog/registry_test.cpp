// What bare names and prefixes mean. Which library wins is checked against the reference table of the language's names.
#include "compiler/catalog/registry.h"

#include <algorithm>

#include "tests/support/catalog_context.h"

namespace linenc::test {
namespace {

using catalog::Value;

std::string kind_of(const std::string& name) {
  const std::optional<Value> value = catalog::builtin(name);
  if (!value) return "nothing";
  if (value->function()) return value->function()->is_initializer_factory() ? "factory" : "function";
  if (value->module_template()) return "layer";
  if (value->name_space()) return "prefix";
  return catalog::kind(*value);
}

// `prefix.name` as an expression would read it.
Value member(CatalogContext& context, const std::string& prefix, const std::string& name) {
  return catalog::builtin(prefix)->name_space()->get(context.context, name, {});
}

TEST_SUITE("compiler/catalog/registry") {
  TEST_CASE("bare names mean layers, functions, factories, dtypes, numbers or prefixes") {
    struct Row {
      std::string name, kind;
    };
    for (const Row& row :
         {Row{"Dense", "layer"}, Row{"lecun_normal", "factory"}, Row{"normal", "factory"}, Row{"uniform", "factory"}, Row{"constant", "factory"},
          Row{"zeros", "function"}, Row{"ones", "function"}, Row{"relu", "function"}, Row{"float32", "the dtype float32"},
          Row{"bool_", "the dtype bool"}, Row{"pi", "float 3.141592653589793"}, Row{"newaxis", "none"}, Row{"inf", "float inf"}, Row{"jnp", "prefix"},
          Row{"random", "prefix"}, Row{"nothing_of_that_name", "nothing"}, Row{"e", "nothing"}}) {
      CAPTURE(row.name);
      CHECK(kind_of(row.name) == row.kind);
    }
  }

  TEST_CASE("a prefix chooses: `random.normal` draws, `nn.initializers.normal` makes initializers") {
    CatalogContext context;
    CHECK(!member(context, "random", "normal").function()->is_initializer_factory());
    const Value initializers = member(context, "nn", "initializers");
    CHECK(initializers.name_space()->get(context.context, "normal", {}).function()->is_initializer_factory());
    CHECK(member(context, "nn", "Dense").module_template()->type->class_name() == "Dense");
    CHECK(*member(context, "jnp", "float64").dtype() == DType::Float64);
    CHECK(*member(context, "jnp", "bool").dtype() == DType::Bool);
    CHECK(member(context, "jax", "nn").name_space()->name() == "jax.nn");
  }

  TEST_CASE("an unknown member is E0201 with the nearest") {
    CatalogContext context;
    CHECK_THROWS_AS(member(context, "nn", "Dens"), graph::Failed);
    CHECK(context.problems().find("`nn` has no `Dens`; did you mean `Dense`?") != std::string::npos);
  }

  TEST_CASE("tables are sorted and hold every name once") {
    CHECK(std::is_sorted(catalog::builtin_names().begin(), catalog::builtin_names().end()));
    const auto by_name = [](const auto& a, const auto& b) { return a->name < b->name; };
    CHECK(std::is_sorted(catalog::layers().begin(), catalog::layers().end(), by_name));
    CHECK(std::is_sorted(catalog::initializers().begin(), catalog::initializers().end(), by_name));
    CHECK(std::is_sorted(catalog::functions().begin(), catalog::functions().end(), by_name));
    for (std::size_t i = 1; i < catalog::layers().size(); ++i) CHECK(catalog::layers()[i]->name != catalog::layers()[i - 1]->name);
  }

  TEST_CASE("the bare `zeros` is an initializer where one is wanted") {
    CHECK(catalog::to_initializer(*catalog::builtin("zeros")).text == "zeros_init()");
    CHECK(catalog::to_initializer(*catalog::builtin("ones")).text == "ones_init()");
    CHECK(catalog::to_initializer(*catalog::builtin("he_normal")).text == "he_normal()");
  }

  TEST_CASE("numbers are rounded to a dtype once") {
    struct Row {
      double value;
      DType dtype;
      double rounded;
    };
    // NumPy's and ml_dtypes' casts from double.
    for (const Row& row : {Row{0.1, DType::Float32, 0.10000000149011612}, Row{0.1, DType::Float16, 0.0999755859375},
                           Row{0.1, DType::BFloat16, 0.10009765625}, Row{1e-8, DType::Float16, 0.0}, Row{3e-8, DType::Float16, 5.960464477539063e-08},
                           Row{65519.0, DType::Float16, 65504.0}, Row{1 + 0x1p-11 + 0x1p-30, DType::Float16, 1.0009765625}}) {
      CAPTURE(row.value);
      CHECK(catalog::rounded(row.value, row.dtype) == row.rounded);
    }
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
