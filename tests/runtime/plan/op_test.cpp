#include "runtime/plan/op.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace linenc;

TEST_SUITE("runtime/plan/op") {
  TEST_CASE("every op has a name of its own") {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < kOpKinds; ++i) names.insert(name(static_cast<OpKind>(i)));
    CHECK(names.size() == kOpKinds);
    CHECK(name(OpKind::DotGeneral) == "dot_general");
    CHECK(accuracy(OpKind::DotGeneral) == Accuracy::Dot);
    CHECK(accuracy(OpKind::Constant) == Accuracy::Exact);
  }

  TEST_CASE("every elementwise function has a name of its own and one to three operands") {
    std::set<std::string_view> names;
    const int kinds = static_cast<int>(ElementwiseKind::MulAdd) + 1;
    for (int i = 0; i < kinds; ++i) names.insert(name(static_cast<ElementwiseKind>(i)));
    CHECK(names.size() == static_cast<std::size_t>(kinds));
    CHECK(names.count("?") == 0);
    CHECK(operand_count(ElementwiseKind::Copy) == 1);
    CHECK(operand_count(ElementwiseKind::Softplus) == 1);
    CHECK(operand_count(ElementwiseKind::Add) == 2);
    CHECK(operand_count(ElementwiseKind::GreaterEqual) == 2);
    CHECK(operand_count(ElementwiseKind::Select) == 3);
    CHECK(operand_count(ElementwiseKind::MulAdd) == 3);
  }

  TEST_CASE("operators are spelled as in expressions, functions by name") {
    CHECK(spelling(ElementwiseKind::Power) == "**");
    CHECK(spelling(ElementwiseKind::LessEqual) == "<=");
    CHECK(spelling(ElementwiseKind::Maximum) == "maximum");
  }

  TEST_CASE("attributes print what matters and leave out what is usual") {
    CHECK(to_string(Attributes{}) == "");
    CHECK(to_string(Attributes{ElementwiseAttributes{ElementwiseKind::Add}}) == "kind=add");
    CHECK(to_string(Attributes{ReduceAttributes{ReduceKind::Sum, {0, 2}, true}}) == "kind=sum axes=[0, 2] keepdims");
    WindowAttributes<std::int64_t> window;
    window.window = {1, 2, 2, 1};
    window.strides = {1, 2, 2, 1};
    window.window_dilation = {1, 1, 1, 1};
    window.low = window.high = {0, 0, 0, 0};
    CHECK(to_string(Attributes{window}) == "kind=max window=[1, 2, 2, 1] strides=[1, 2, 2, 1]");
    window.high[1] = 1;
    CHECK(to_string(Attributes{window}) == "kind=max window=[1, 2, 2, 1] strides=[1, 2, 2, 1] high=[0, 1, 0, 0]");
    CHECK(to_string(Attributes{DrawAttributes{DrawKind::TruncatedNormal, -2, 2, 0.1, true, false}}) ==
          "kind=truncated_normal low=-2 high=2 scale=0.1");
    ConstantAttributes<std::int64_t> constant;
    constant.bytes.assign(4, std::byte{0x3f});
    CHECK(to_string(Attributes{constant}) == "bytes=3f3f3f3f");
    constant.bytes.assign(40, std::byte{0});
    CHECK(to_string(Attributes{constant}) == "bytes=00000000000000000000000000000000... length=40");
  }

}  // TEST_SUITE
