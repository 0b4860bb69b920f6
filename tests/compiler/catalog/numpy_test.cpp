#include "compiler/catalog/numpy.h"

#include <sstream>

#include "tests/support/catalog_context.h"

namespace linenc::catalog {

TEST_SUITE("compiler/catalog/numpy") {
  using test::CatalogContext;

  std::string short_name(const WeakDType& type) {
    static const std::vector<std::pair<DType, std::string>> names = {
        {DType::Bool, "b"},   {DType::UInt8, "u1"}, {DType::UInt16, "u2"},   {DType::UInt32, "u4"},  {DType::Int8, "i1"},
        {DType::Int16, "i2"}, {DType::Int32, "i4"}, {DType::BFloat16, "bf"}, {DType::Float16, "f2"}, {DType::Float32, "f4"}};
    for (const auto& [dtype, name] : names) {
      if (dtype == type.dtype) return (type.weak ? "~" : "") + name;
    }
    return "?";
  }

  WeakDType type_of_name(std::string name) {
    const bool weak = name[0] == '~';
    if (weak) name.erase(0, 1);
    for (int i = 0; i < 15; ++i) {
      if (short_name({static_cast<DType>(i), false}) == name) return {static_cast<DType>(i), weak};
    }
    return {};
  }

  // The dtype of jnp.multiply in JAX 0.10.2; `~` marks weak types.
  constexpr const char* kPromotion = R"(
     b   u1  u2  u4  i1  i2  i4  bf  f2  f4  ~i4 ~f4
b    b   u1  u2  u4  i1  i2  i4  bf  f2  f4  ~i4 ~f4
u1   u1  u1  u2  u4  i2  i2  i4  bf  f2  f4  u1  ~f4
u2   u2  u2  u2  u4  i4  i4  i4  bf  f2  f4  u2  ~f4
u4   u4  u4  u4  u4  i4  i4  i4  bf  f2  f4  u4  ~f4
i1   i1  i2  i4  i4  i1  i2  i4  bf  f2  f4  i1  ~f4
i2   i2  i2  i4  i4  i2  i2  i4  bf  f2  f4  i2  ~f4
i4   i4  i4  i4  i4  i4  i4  i4  bf  f2  f4  i4  ~f4
bf   bf  bf  bf  bf  bf  bf  bf  bf  f4  f4  bf  bf
f2   f2  f2  f2  f2  f2  f2  f2  f4  f2  f4  f2  f2
f4   f4  f4  f4  f4  f4  f4  f4  f4  f4  f4  f4  f4
~i4  ~i4 u1  u2  u4  i1  i2  i4  bf  f2  f4  ~i4 ~f4
~f4  ~f4 ~f4 ~f4 ~f4 ~f4 ~f4 ~f4 bf  f2  f4  ~f4 ~f4
)";

  TEST_CASE("two types have the common type that JAX gives them") {
    std::istringstream lines(kPromotion + 1);
    std::string line, name;
    std::getline(lines, line);
    std::vector<std::string> columns;
    for (std::istringstream header(line); header >> name;) columns.push_back(name);
    while (std::getline(lines, line)) {
      std::istringstream row(line);
      std::string left, wanted;
      row >> left;
      for (const std::string& right : columns) {
        row >> wanted;
        CAPTURE(left);
        CAPTURE(right);
        CHECK(short_name(promote(type_of_name(left), type_of_name(right))) == wanted);
      }
    }
  }

  // The fact that a function of two inputs gives.
  using Pair = Tensor (*)(Context&, Tensor, Tensor);
  std::string fact(Pair f, const std::string& a, const std::string& b) {
    CatalogContext test;
    return test.result([&] { return f(test.context, test.input(a), test.input(b)); });
  }

  TEST_CASE("arithmetic has the dtypes, weak types and shapes of jax.numpy") {
    const Pair add = [](Context& c, Tensor x, Tensor y) { return binary(c, ElementwiseKind::Add, x, y); };
    const Pair less = [](Context& c, Tensor x, Tensor y) { return binary(c, ElementwiseKind::Less, x, y); };
    struct Row {
      Pair f;
      std::string a, b, wanted;
    };
    for (const Row& row : {Row{add, "bool[3]", "~int32[]", "~int32[3]"}, Row{add, "int32[3]", "~float32[]", "~float32[3]"},
                           Row{add, "bfloat16[3]", "~float32[]", "bfloat16[3]"}, Row{add, "float16[3]", "bfloat16[1]", "float32[3]"},
                           Row{add, "float32[n, 1]", "float32[3]", "float32[n, 3]"}, Row{divide, "int32[3]", "~int32[]", "float32[3]"},
                           Row{divide, "~int32[]", "~int32[]", "~float32[]"}, Row{floor_divide, "int32[3]", "~int32[]", "int32[3]"},
                           Row{floor_divide, "int32[3]", "~float32[]", "~float32[3]"}, Row{remainder, "int32[3]", "~float32[]", "~float32[3]"},
                           Row{remainder, "bool[3]", "bool[3]", "int32[3]"}, Row{power, "bfloat16[3]", "~float32[]", "bfloat16[3]"},
                           Row{power, "float16[3]", "int32[3]", "float16[3]"}, Row{power, "int32[3]", "int32[3]", "int32[3]"}}) {
      CAPTURE(row.a);
      CAPTURE(row.b);
      CHECK(fact(row.f, row.a, row.b) == row.wanted);
    }
    CHECK(fact(less, "int32[3]", "~float32[]").find("bool[3]") != std::string::npos);
  }

  TEST_CASE("`where` keeps weak types and takes any condition") {
    CatalogContext test;
    const auto choose = [&](const std::string& c, const std::string& x, const std::string& y) {
      return test.result([&] { return where(test.context, test.input(c), test.input(x), test.input(y)); });
    };
    CHECK(choose("bool[3]", "~float32[]", "~float32[]") == "~float32[3]");
    CHECK(choose("bool[3]", "~int32[]", "~float32[]") == "~float32[3]");
    CHECK(choose("bool[3]", "bfloat16[3]", "~float32[]") == "bfloat16[3]");
    CHECK(choose("int32[3]", "~int32[]", "float32[3]") == "float32[3]");
  }

  TEST_CASE("a whole power multiplies, and integers have no negative one") {
    CatalogContext test;
    const auto raised = [&](const std::string& x, std::int64_t n) {
      return test.result([&] { return power(test.context, test.input(x), to_tensor(test.context, n)); });
    };
    CHECK(raised("~float32[]", 2) == "~float32[]");
    CHECK(raised("bool[3]", 2) == "int32[3]");
    CHECK(raised("float32[3]", -2) == "float32[3]");
    for (const graph::Node& node : test.graph.nodes) {
      const auto* elementwise = std::get_if<ElementwiseAttributes>(&node.attributes);
      CHECK_FALSE((elementwise && elementwise->kind == ElementwiseKind::Power));
    }
    CHECK(raised("int32[3]", -1).substr(0, 5) == "E0217");
  }

  TEST_CASE("numbers are weak, truth values and lists are not") {
    CatalogContext test;
    const auto made = [&](const Value& value) { return test.result([&] { return to_tensor(test.context, value); }); };
    CHECK(made(1.5) == "~float32[]");
    CHECK(made(2) == "~int32[]");
    CHECK(made(true) == "bool[]");
    CHECK(made(Dim::named("n")) == "~int32[]");
    CHECK(made(List{1, 2.0}) == "float32[2]");
    CHECK(made(List{true, 2}) == "int32[2]");
    CHECK(made(List{List{1, 2}, List{3, 4}}) == "int32[2, 2]");
    CHECK(made(List{}) == "float32[0]");
    CHECK(made(List{test.input("bfloat16[]"), 1.0}) == "bfloat16[2]");
    CHECK(made(List{Dim::named("n"), 2}) == "int32[2]");
    CHECK(made("a") == "E0206: an array or a number is wanted here, and this is str 'a'");
  }

  TEST_CASE("what is no array, or does not fit, is reported") {
    const auto made = [](const Value& value) {
      CatalogContext test;
      return test.result([&] { return to_tensor(test.context, value); });
    };
    CHECK(made(std::int64_t{1} << 31) == "E0217: the number 2147483648 does not fit into int32");
    CHECK(made(List{List{1, 2}, List{3}}) == "E0203: the rows of this list differ in length: 2 and 1");
    CHECK(made(List{List{1, 2}, 3}) == "E0203: the rows of this list differ in depth");
  }

  TEST_CASE("reductions widen small integers and give strong types") {
    CatalogContext test;
    const auto summed = [&](const std::string& x) { return test.result([&] { return sum(test.context, test.input(x), {0}); }); };
    CHECK(summed("bool[3]") == "int32[]");
    CHECK(summed("int8[3, n]") == "int32[n]");
    CHECK(summed("uint16[3]") == "uint32[]");
    CHECK(summed("bfloat16[3]") == "bfloat16[]");
    CHECK(summed("~float32[3]") == "float32[]");
    CHECK(test.result([&] { return mean(test.context, test.input("int32[n, 3]"), {0, 1}); }) == "float32[]");
    CHECK(test.result([&] { return mean(test.context, test.input("float16[n, 3]"), {1}, true); }) == "float16[n, 1]");
    CHECK(test.result([&] { return variance(test.context, test.input("bfloat16[n, 3]"), {0}); }) == "bfloat16[3]");
  }

  TEST_CASE("matmul has the shapes of NumPy: vectors, batches that stretch, batches on one side") {
    struct Row {
      std::string a, b, wanted;
    };
    for (const Row& row : {Row{"float32[n, 4]", "float32[4, 5]", "float32[n, 5]"}, Row{"float32[4]", "float32[4]", "float32[]"},
                           Row{"float32[4]", "float32[b, 4, 5]", "float32[b, 5]"}, Row{"float32[b, 3, 4]", "float32[4]", "float32[b, 3]"},
                           Row{"float32[b, 3, 4]", "float32[4, 5]", "float32[b, 3, 5]"}, Row{"float32[3, 4]", "float32[b, 4, 5]", "float32[b, 3, 5]"},
                           Row{"float32[b, 1, 3, 4]", "float32[h, 4, 5]", "float32[b, h, 3, 5]"},
                           Row{"bfloat16[b, h, 3, 4]", "float32[b, h, 4, 5]", "float32[b, h, 3, 5]"}}) {
      CAPTURE(row.a);
      CAPTURE(row.b);
      CHECK(fact(matmul, row.a, row.b) == row.wanted);
    }
    CHECK(fact(matmul, "float32[3, 4]", "float32[5, 6]").substr(0, 5) == "E0203");
    CHECK(fact(matmul, "float32[]", "float32[5]").substr(0, 5) == "E0203");
  }

  TEST_CASE("a random key mixes with no number") {
    const Pair add = [](Context& c, Tensor x, Tensor y) { return binary(c, ElementwiseKind::Add, x, y); };
    CHECK(fact(add, "key[]", "float32[]").substr(0, 5) == "E0209");
  }

}  // TEST_SUITE

}  // namespace linenc::catalog
