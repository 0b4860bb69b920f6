#include "compiler/catalog/value.h"

#include <doctest/doctest.h>

#include <limits>

#include "compiler/catalog/function.h"

namespace linenc::catalog {

TEST_SUITE("compiler/catalog/value") {
  TEST_CASE("numbers are shown as Python shows them") {
    struct Row {
      Value value;
      std::string shown;
    };
    for (const Row& row :
         {Row{3, "3"}, Row{0.1, "0.1"}, Row{1.0, "1.0"}, Row{1e16, "1e+16"}, Row{123456789012345.0, "123456789012345.0"}, Row{1e-4, "0.0001"},
          Row{1e-5, "1e-05"}, Row{-0.0, "-0.0"}, Row{1.5e300, "1.5e+300"}, Row{std::numeric_limits<double>::infinity(), "inf"}, Row{true, "true"},
          Row{None{}, "none"}, Row{List{1, "a", List{2.5}}, "[1, 'a', [2.5]]"}, Row{Map{{"k", 1}}, "{'k': 1}"}, Row{DType::BFloat16, "bfloat16"}}) {
      CAPTURE(row.shown);
      CHECK(display(row.value) == row.shown);
    }
  }

  TEST_CASE("texts are shown bare, and quoted inside of lists and by repr") {
    CHECK(display(Value("it's")) == "it's");
    CHECK(repr(Value("it's")) == "\"it's\"");
    CHECK(repr(Value("a\nb")) == "'a\\nb'");
  }

  TEST_CASE("a diagnostic names the kind of a value and the value") {
    CHECK(kind(3) == "int 3");
    CHECK(kind(2.5) == "float 2.5");
    CHECK(kind(true) == "bool true");
    CHECK(kind("SAME") == "str 'SAME'");
    CHECK(kind(List{}) == "a list");
    CHECK(kind(Value(Dim::named("batch"))) == "int batch");
  }

  TEST_CASE("equality is Python's: 1 is 1.0 and true, lists compare by element, dtypes by name") {
    CHECK(same(1, 1.0));
    CHECK(same(true, 1));
    CHECK(same(List{1, 2}, List{1.0, 2}));
    CHECK(same(Map{{"a", 1}, {"b", 2}}, Map{{"b", 2}, {"a", 1}}));
    CHECK(same(DType::Float32, "float32"));
    CHECK(same(Dim::named("n") + 1, Dim(1) + Dim::named("n")));
    CHECK_FALSE(same(1, "1"));
    CHECK_FALSE(same(List{1}, List{1, 2}));
    CHECK_FALSE(same(None{}, false));
    // Doubles cannot tell these two apart.
    CHECK_FALSE(same(std::int64_t{9007199254740993}, std::int64_t{9007199254740992}));
  }

  TEST_CASE("truth is Python's") {
    CHECK_FALSE(truth(0));
    CHECK_FALSE(truth(0.0));
    CHECK_FALSE(truth(""));
    CHECK_FALSE(truth(List{}));
    CHECK_FALSE(truth(Map{}));
    CHECK_FALSE(truth(None{}));
    CHECK(truth(List{0}));
    CHECK(truth("false"));
  }

  TEST_CASE("an entry is found by its text key alone") {
    const Value map = Map{{1, "one"}, {"a", 2}};
    REQUIRE(map.entry("a"));
    CHECK(same(*map.entry("a"), 2));
    CHECK(map.entry("1") == nullptr);
    CHECK(Value(3).entry("a") == nullptr);
  }

}  // TEST_SUITE

}  // namespace linenc::catalog
