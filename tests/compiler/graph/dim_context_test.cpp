#include <doctest/doctest.h>

#include "compiler/graph/dim.h"

namespace linenc::graph {
namespace {

const Dim h = Dim::named("h"), n = Dim::named("n"), m = Dim::named("m"), len = Dim::named("len");
using Relation = DimContext::Relation;

}  // namespace

TEST_SUITE("compiler/graph/dim_context") {
  TEST_CASE("numbers are decided") {
    const DimContext context;
    CHECK(context.holds(3, Relation::Less, 4) == Truth::Yes);
    CHECK(context.holds(4, Relation::Less, 4) == Truth::No);
    CHECK(context.holds(4, Relation::GreaterEqual, 4) == Truth::Yes);
    CHECK(context.equal(4, 5) == Truth::No);
    CHECK(context.holds(4, Relation::NotEqual, 5) == Truth::Yes);
  }

  TEST_CASE("a name that a number divides is at least that number") {
    DimContext context;
    context.assume(modulo(h, 4), Relation::Equal, 0);
    CHECK(context.holds(h, Relation::GreaterEqual, 4) == Truth::Yes);
    CHECK(context.holds(h, Relation::GreaterEqual, 5) == Truth::Unknown);
    CHECK(context.equal(maximum(h - 3, 0) + 3, h) == Truth::Yes);
    context.assume(h, Relation::GreaterEqual, 6);
    CHECK(context.holds(h, Relation::GreaterEqual, 6) == Truth::Yes);
  }

  TEST_CASE("every name is at least 1 and nothing more is known of it") {
    const DimContext context;
    CHECK(context.holds(h, Relation::GreaterEqual, 1) == Truth::Yes);
    CHECK(context.holds(h, Relation::Greater, 1) == Truth::Unknown);
    CHECK(context.equal(h, 0) == Truth::No);
    CHECK(context.equal(h, 64) == Truth::Unknown);
    CHECK(context.equal(n, m) == Truth::Unknown);
    CHECK(context.equal(h + 1, h) == Truth::No);
    CHECK(context.holds(h * n, Relation::GreaterEqual, 1) == Truth::Yes);
  }

  TEST_CASE("what all the terms share is a factor") {
    const DimContext context;
    CHECK(context.holds(3 * n * n - n, Relation::GreaterEqual, 0) == Truth::Yes);
    CHECK(context.holds(3 * n * n - n, Relation::Greater, 1) == Truth::Yes);
    CHECK(context.holds(h * n * n - h * n, Relation::GreaterEqual, 0) == Truth::Yes);
    CHECK(context.holds(h * n * n - h * n, Relation::Greater, 0) == Truth::Unknown);
    CHECK(context.holds(n * n - h * n, Relation::GreaterEqual, 0) == Truth::Unknown);
  }

  TEST_CASE("remainders are tried one by one") {
    const DimContext context;
    CHECK(context.equal(floor_div(h, 2) + floor_div(h + 1, 2), h) == Truth::Yes);
    CHECK(context.holds(h, Relation::GreaterEqual, floor_div(h, 2) * 2) == Truth::Yes);
    CHECK(context.holds(h - floor_div(h, 2), Relation::GreaterEqual, 1) == Truth::Yes);
    CHECK(context.equal(floor_div(h, 2) * 2, h) == Truth::Unknown);
    CHECK(context.equal(modulo(h, 2), 2) == Truth::No);
    CHECK(context.holds(floor_div(h + 1, 2) - floor_div(h, 2), Relation::LessEqual, 1) == Truth::Yes);
  }

  TEST_CASE("maxima and minima are tried by cases") {
    const DimContext context;
    CHECK(context.holds(minimum(len, 10), Relation::LessEqual, len) == Truth::Yes);
    CHECK(context.equal(minimum(len, 3) + maximum(len - 3, 0), len) == Truth::Yes);
    CHECK(context.holds(maximum(len - 3, 0), Relation::GreaterEqual, 0) == Truth::Yes);
    CHECK(context.holds(maximum(n, m), Relation::GreaterEqual, n) == Truth::Yes);
  }

  TEST_CASE("a stated divisor is used by comparisons and by simplify") {
    DimContext context;
    CHECK(context.simplify(floor_div(h, 2) * 2) == floor_div(h, 2) * 2);
    context.assume(modulo(h, 2), Relation::Equal, 0);
    CHECK(context.equal(floor_div(h, 2) * 2, h) == Truth::Yes);
    CHECK(context.simplify(floor_div(h, 2) * 2) == h);
    CHECK(context.simplify(floor_div(h, 2) * n * 4 + 1) == h * n * 2 + 1);
    CHECK(context.simplify(floor_div(h + 1, 2)) == floor_div(h, 2));
    CHECK(context.equal(floor_div(h + 1, 2), floor_div(h, 2)) == Truth::Yes);
    CHECK(context.equal(modulo(h, 2), 1) == Truth::No);
    CHECK(context.equal(floor_div(h, 4) * 4, h) == Truth::Unknown);
    CHECK(context.equal(modulo(h, 2), 0) == Truth::Yes);
  }

  TEST_CASE("a multiple of 4 is even too") {
    DimContext context;
    context.assume(modulo(h, 4), Relation::Equal, 0);
    CHECK(context.simplify(floor_div(h, 2) * 2) == h);
    CHECK(context.simplify(floor_div(floor_div(h, 2), 2) * 4) == h);
    CHECK(context.equal(modulo(h, 2), 0) == Truth::Yes);
  }

  TEST_CASE("stated equalities rewrite names, through chains") {
    DimContext context;
    context.assume(n, Relation::Equal, m);
    context.assume(len, Relation::Equal, n * 2);
    CHECK(context.equal(n, m) == Truth::Yes);
    CHECK(context.equal(len, m + n) == Truth::Yes);
    CHECK(context.simplify(n) == context.simplify(m));
    CHECK(context.equal(len, m) == Truth::No);
  }

  TEST_CASE("stated bounds are used") {
    DimContext context;
    context.assume(h, Relation::GreaterEqual, 3);
    CHECK(context.simplify(maximum(h - 3, 0)) == h - 3);
    CHECK(context.holds(h - 2, Relation::GreaterEqual, 1) == Truth::Yes);
    context.assume(n, Relation::LessEqual, m);
    CHECK(context.holds(n, Relation::LessEqual, m + 1) == Truth::Yes);
    CHECK(context.holds(n, Relation::Greater, m) == Truth::No);
    CHECK(context.holds(n, Relation::Less, m) == Truth::Unknown);
    context.assume(m, Relation::LessEqual, len);
    CHECK(context.holds(n, Relation::LessEqual, len) == Truth::Yes);
    context.assume(n, Relation::NotEqual, m);
    CHECK(context.equal(n, m) == Truth::No);
    CHECK(context.holds(n, Relation::Less, m) == Truth::Yes);
  }

  TEST_CASE("a bound of a quotient is one of what is divided") {
    DimContext context;
    context.assume(floor_div(h + 2, 3), Relation::GreaterEqual, 3);
    CHECK(context.holds(h, Relation::GreaterEqual, 7) == Truth::Yes);
    CHECK(context.holds(h, Relation::GreaterEqual, 8) == Truth::Unknown);
    context.assume(floor_div(floor_div(n, 2), 5), Relation::LessEqual, 1);
    CHECK(context.holds(n, Relation::LessEqual, 19) == Truth::Yes);
    CHECK(context.holds(n, Relation::LessEqual, 18) == Truth::Unknown);
  }

  TEST_CASE("nothing is decided about a size that overflowed") {
    const DimContext context;
    CHECK(context.equal(Dim::overflow(), Dim::overflow()) == Truth::Unknown);
    CHECK(context.holds(Dim::overflow(), Relation::Greater, 0) == Truth::Unknown);
  }

}  // TEST_SUITE
}  // namespace linenc::graph
