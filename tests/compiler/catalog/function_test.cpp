#include "compiler/catalog/function.h"

#include "tests/support/catalog_context.h"

namespace linenc::catalog {

TEST_SUITE("compiler/catalog/function") {
  using test::CatalogContext;

  // f(x, axis=-1, *rest, where=none, **more)
  FunctionSpec sample() {
    return FunctionSpec("f", "A sample.").arg("x").arg("axis", -1).rest("rest").keyword_only().arg("where", None{}).keyword_rest("more");
  }

  std::string bound(const FunctionSpec& spec, const Arguments& arguments) {
    CatalogContext test;
    try {
      const Bound args = catalog::bind(test.context, spec.name, spec.parameters, arguments);
      std::string text;
      for (std::size_t i = 0; i < spec.parameters.size(); ++i)
        text += concat(spec.parameters[i].name, "=", repr(args.value(i)), args.given(i) ? "! " : " ");
      for (const auto& item : args.rest()) text += concat("*", repr(item.value), " ");
      for (const auto& [name, item] : args.keywords()) text += concat("**", name, "=", repr(item.value), " ");
      return text;
    } catch (const graph::Failed&) {
      return test.problems();
    }
  }

  Arguments call(std::vector<Value> positional, std::vector<std::pair<std::string, Value>> keywords = {}) {
    Arguments arguments(std::move(positional));
    for (auto& [name, value] : keywords) arguments.add(name, value);
    return arguments;
  }

  TEST_CASE("a signature shows defaults, stars and what is by keyword only") {
    CHECK(signature(sample()) == "f(x, axis=-1, *rest, where=none, **more)");
    CHECK(signature(FunctionSpec("g", "").arg("a").keyword_only().arg("b", "C")) == "g(a, *, b='C')");
  }

  TEST_CASE("arguments are bound as Python binds them") {
    CHECK(bound(sample(), call({1})) == "x=1! axis=-1 rest=none where=none more=none ");
    CHECK(bound(sample(), call({1, 2, 3, 4}, {{"where", true}, {"k", 5}})) == "x=1! axis=2! rest=none where=true! more=none *3 *4 **k=5 ");
    CHECK(bound(sample(), call({}, {{"axis", 0}, {"x", 7}})) == "x=7! axis=0! rest=none where=none more=none ");
  }

  TEST_CASE("arguments that do not fit are E0207 and say why") {
    const FunctionSpec two = FunctionSpec("g", "").arg("first").arg("second", 0);
    CHECK(bound(two, call({})) == "E0207: `g` needs `first`");
    CHECK(bound(two, call({1, 2, 3})) == "E0207: `g` takes 2 positional arguments, and 3 are given");
    CHECK(bound(two, call({1}, {{"first", 2}})) == "E0207: `g` is given `first` twice");
    CHECK(bound(two, call({1}, {{"secnd", 2}})) == "E0207: `g` has no argument `secnd`; did you mean `second`?");
  }

  // Reads the only argument by `read`.
  template <class Read>
  std::string reading(const Value& value, const Read& read) {
    CatalogContext test;
    try {
      const FunctionSpec spec = FunctionSpec("f", "").arg("n");
      return concat(read(catalog::bind(test.context, "f", spec.parameters, call({value}))));
    } catch (const graph::Failed&) {
      return test.problems();
    }
  }

  TEST_CASE("readers take what they name and report E0206, E0208 or E0211 for the rest") {
    const auto integer = [](const Bound& args) { return args.integer(0); };
    CHECK(reading(3, integer) == "3");
    CHECK(reading(true, integer) == "1");
    CHECK(reading("3", integer) == "E0206: `n` of `f` wants an int, and this is str '3'");
    CHECK(reading(3.0, integer) == "E0206: `n` of `f` wants an int, and this is float 3.0");
    CHECK(reading(Dim::named("batch"), integer) == "E0211: `n` of `f` needs a number, and `batch` is not known yet");
    CHECK(reading(Dim::named("batch"), [](const Bound& args) { return args.size(0); }) == "batch");
    CHECK(reading(Dim::overflow(), [](const Bound& args) { return args.size(0); }) == "E0217: `n` of `f` does not fit into 64 bits");
    CHECK(reading("bfloat16", [](const Bound& args) { return args.dtype(0); }) == "bfloat16");
    CHECK(reading(List{1, Dim::named("n")}, [](const Bound& args) { return graph::to_string(args.dims(0)); }) == "[1, n]");
    CatalogContext test;
    const Value tensor = test.input("float32[2]");
    const std::string problem = reading(tensor, integer);
    CHECK(problem == "E0208: `n` of `f` needs an int that is known while compiling, and this is a tensor float32[2]");
  }

  TEST_CASE("a 64-bit dtype is narrowed with a warning") {
    CatalogContext test;
    const FunctionSpec spec = FunctionSpec("f", "").arg("dtype");
    CHECK(catalog::bind(test.context, "f", spec.parameters, call({DType::Float64})).dtype(0) == DType::Float32);
    CHECK(test.problems() == "W0205: `float64` becomes float32, as in JAX without its 64-bit mode");
  }

  TEST_CASE("axes count from the end, are sorted, and stand inside of the rank") {
    const auto axes = [](const Bound& args) {
      std::string text;
      for (const std::int64_t axis : args.axes(0, 3)) text += concat(axis, " ");
      return text;
    };
    CHECK(reading(None{}, axes) == "0 1 2 ");
    CHECK(reading(-1, axes) == "2 ");
    CHECK(reading(List{2, 0}, axes) == "0 2 ");
    CHECK(reading(3, axes) == "E0203: `n` of `f` holds 3, and the array has rank 3");
    CHECK(reading(List{0, -3}, axes) == "E0207: `n` of `f` names an axis twice");
  }

}  // TEST_SUITE

}  // namespace linenc::catalog
