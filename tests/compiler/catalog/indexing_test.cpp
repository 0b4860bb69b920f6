#include "compiler/catalog/indexing.h"

#include <algorithm>
#include <numeric>

#include "tests/support/catalog_context.h"

namespace linenc::catalog {

TEST_SUITE("compiler/catalog/indexing") {
  using test::CatalogContext;

  Value slice(Value begin, Value end, Value step = {}) {
    return std::make_shared<const Slice>(Slice{std::move(begin), std::move(end), std::move(step)});
  }

  // The fact of x[index], where a text in the index is an input.
  std::string indexed(const std::string& x, const List& index) {
    CatalogContext test;
    List made;
    for (const Value& value : index) made.push_back(value.text() ? Value(test.input(*value.text())) : value);
    const std::string text = test.result([&] { return *catalog::index(test.context, test.input(x), made).tensor(); });
    return test.diagnostics.warnings() > 0 ? concat(text, " ", test.problems()) : text;
  }

  TEST_CASE("slices, ints, new axes and dots give NumPy's shapes") {
    CHECK(indexed("float32[b, 5, 3]", {0}) == "float32[5, 3]");
    CHECK(indexed("float32[b, 5, 3]", {Ellipsis{}, -1}) == "float32[b, 5]");
    CHECK(indexed("float32[b, 5, 3]", {slice({}, {}), None{}, slice(1, {})}) == "float32[b, 1, 4, 3]");
    CHECK(indexed("float32[b, 5, 3]", {Ellipsis{}, None{}}) == "float32[b, 5, 3, 1]");
    CHECK(indexed("float32[b, 5, 3]", {slice({}, {}), slice({}, {}, -2)}) == "float32[b, 3, 3]");
    CHECK(indexed("float32[5]", {slice(7, {})}) == "float32[0]");
    CHECK(indexed("float32[5]", {slice(-9, 2)}) == "float32[2]");
    CHECK(indexed("float32[5]", {slice(3, 1)}) == "float32[0]");
  }

  TEST_CASE("slices of sizes that are not known yet stay symbolic") {
    CHECK(indexed("float32[n, 3]", {slice(1, {})}) == "float32[n - 1, 3]");
    CHECK(indexed("float32[n, 3]", {slice({}, -1)}) == "float32[n - 1, 3]");
    CHECK(indexed("float32[n]", {slice({}, {}, 2)}) == "float32[(n + 1)//2]");
    CHECK(indexed("float32[n]", {slice({}, {}, -1)}) == "float32[n]");
    CHECK(indexed("float32[8, 3]", {slice({}, Dim::named("n"))}) == "float32[min(n, 8), 3]");
    CHECK(indexed("float32[n]", {slice(3, {})}) == "float32[max(n - 3, 0)]");
    CHECK(indexed("float32[n]", {slice(-3, {})}) == "float32[min(n, 3)]");
    CHECK(indexed("float32[n]", {slice(1, -1)}) == "float32[max(n - 2, 0)]");
  }

  TEST_CASE("slices of slices have a size of one term, however many they are") {
    CatalogContext test;
    Value x = test.input("float32[n]");
    for (int i = 0; i < 20; ++i) x = catalog::index(test.context, *x.tensor(), {slice(2, -1)});
    CHECK(test.text(*x.tensor()) == "float32[max(n - 60, 0)]");
  }

  // The elements of list(range(size))[begin:end:step]: Python's words for it, element by element.
  std::vector<std::int64_t> python_slice(std::int64_t size, const Value& begin, const Value& end, std::int64_t step) {
    const auto ordinal = [&](const Value& bound) {  // counted from the start, not yet inside
      const std::int64_t number = *bound.integer()->constant();
      return number < 0 ? number + size : number;
    };
    std::int64_t at = begin.is_none() ? (step > 0 ? 0 : size - 1) : ordinal(begin);
    if (step < 0) at = std::min(at, size - 1);
    if (step > 0) at = std::max<std::int64_t>(at, 0);
    std::vector<std::int64_t> taken;
    for (; at >= 0 && at < size && (end.is_none() || (step > 0 ? at < ordinal(end) : at > ordinal(end))); at += step) taken.push_back(at);
    return taken;
  }

  // The elements of an axis of `size` that the nodes of a slice leave.
  std::vector<std::int64_t> elements_taken(const graph::Graph& graph, std::int64_t size, const graph::Tensor& result) {
    const auto number = [&](const Dim& dim) { return *dim.substitute({{"n", size}}).constant(); };
    std::vector<std::int64_t> elements(static_cast<std::size_t>(size));
    std::iota(elements.begin(), elements.end(), 0);
    for (const graph::Node& node : graph.nodes) {
      if (std::holds_alternative<ReverseAttributes>(node.attributes)) std::reverse(elements.begin(), elements.end());
      const auto* slice = std::get_if<SliceAttributes<Dim>>(&node.attributes);
      if (slice == nullptr) continue;
      std::vector<std::int64_t> kept;
      for (std::int64_t i = 0; i < number(graph.fact(node.outputs[0]).shape[0]); ++i) {
        kept.push_back(elements.at(static_cast<std::size_t>(number(slice->start[0]) + i * slice->stride[0])));
      }
      elements = kept;
    }
    REQUIRE(number(result.dim(0)) == static_cast<std::int64_t>(elements.size()));
    return elements;
  }

  TEST_CASE("a slice of a size that is not known yet takes what Python takes, at every size") {
    const std::vector<Value> bounds = {{}, -7, -3, -1, 0, 1, 4, 9};
    for (const Value& begin : bounds) {
      for (const Value& end : bounds) {
        for (const std::int64_t step : {1, 2, 5, -1, -3}) {
          CatalogContext test;
          graph::Tensor result;
          const std::string text =
              test.result([&] { return result = *catalog::index(test.context, test.input("float32[n]"), {slice(begin, end, step)}).tensor(); });
          CAPTURE(text);
          REQUIRE(test.diagnostics.errors() == 0);
          for (std::int64_t n = 1; n <= 9; ++n) {
            CAPTURE(repr(List{begin, end, step, n}));
            REQUIRE(elements_taken(test.graph, n, result) == python_slice(n, begin, end, step));
          }
        }
      }
    }
  }

  TEST_CASE("integer arrays stand where they are written, or in front where something stands between them") {
    CHECK(indexed("float32[2, 3, 4]", {slice({}, {}), "int32[7]"}) == "float32[2, 7, 4]");
    CHECK(indexed("float32[2, 3, 4]", {"int32[5, 6]"}) == "float32[5, 6, 3, 4]");
    CHECK(indexed("float32[2, 3, 4]", {"int32[7]", "int32[7]"}) == "float32[7, 4]");
    CHECK(indexed("float32[2, 3, 4]", {"int32[5, 1]", "int32[7]"}) == "float32[5, 7, 4]");
    CHECK(indexed("float32[2, 3, 4]", {0, slice({}, {}), "int32[7]"}) == "float32[7, 3]");
    CHECK(indexed("float32[2, 3, 4]", {slice({}, {}), "int32[7]", None{}}) == "float32[2, 7, 1, 4]");
    CHECK(indexed("float32[2, 3, 4]", {"int32[7]", None{}, "int32[7]"}) == "float32[7, 1, 4]");
    CHECK(indexed("float32[2, 3]", {"int32[]"}) == "float32[3]");
    CHECK(indexed("float32[2, 3]", {"uint8[n]"}) == "float32[n, 3]");
  }

  TEST_CASE("an index outside of its axis is W0206 and takes the nearest element") {
    CHECK(indexed("float32[3]", {5}) == "float32[] W0206: the index 5 is outside of an axis of 3; JAX takes the last element");
    CHECK(indexed("float32[3]", {-4}) == "float32[] W0206: the index -4 is outside of an axis of 3; JAX takes the first element");
  }

  TEST_CASE("what cannot be an index is refused") {
    CHECK(indexed("float32[3]", {0, 0}) == "E0203: has 2 indices, and the array float32[3] has 1 axis");
    CHECK(indexed("float32[3]", {List{0, 1}, None{}}) == "float32[2, 1]");
    CHECK(indexed("float32[3]", {1.5}).substr(0, 5) == "E0206");
    CHECK(indexed("float32[3]", {"bool[3]"}).substr(0, 5) == "E0208");
    CHECK(indexed("float32[3]", {"float32[2]"}).substr(0, 5) == "E0209");
    CHECK(indexed("float32[3]", {Ellipsis{}, Ellipsis{}}).substr(0, 5) == "E0207");
    CHECK(indexed("float32[3]", {slice({}, {}, 0)}).substr(0, 5) == "E0217");
  }

  TEST_CASE("an update keeps the type and shape of the array") {
    CatalogContext test;
    const auto updated = [&](const std::string& x, const Value& at, const Value& update) {
      return test.result([&] { return *at_update(test.context, test.input(x), at, ScatterKind::Add, update).tensor(); });
    };
    CHECK(updated("int32[4]", test.input("int32[2]"), 1.5) == "int32[4]");
    CHECK(updated("bfloat16[4, 3]", 0, test.input("float32[3]")) == "bfloat16[4, 3]");
    CHECK(updated("float32[n, 3]", List{slice({}, {}), slice(1, {})}, 1) == "float32[n, 3]");
    CHECK(updated("float32[4, 3]", 0, test.input("float32[5]")).substr(0, 5) == "E0203");
  }

}  // TEST_SUITE

}  // namespace linenc::catalog
