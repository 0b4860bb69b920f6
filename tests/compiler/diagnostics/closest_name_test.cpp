#include "compiler/diagnostics/closest_name.h"

#include <doctest/doctest.h>

namespace linenc::diagnostics {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("the nearest name is the one with the fewest slips, at most a third of its length") {
  struct Row {
    std::string name;
    Names known;
    std::string closest;  // empty: none
  };
  for (const Row& row :
       {Row{"feature", {"features", "filters"}, "features"}, Row{"fetaures", {"features"}, "features"},  // two letters changed places
        Row{"kernal_size", {"kernel_size", "kernel_init"}, "kernel_size"}, Row{"conv", {"cond", "Conv", "convolve"}, "Conv"},  // the case alone
        Row{"RELU", {"relu", "elu"}, "relu"}, Row{"strids", {"strides", "stride"}, "strides"}, Row{"x", {"y", "z"}, ""}, Row{"ab", {"abc"}, "abc"},
        Row{"axis", {"in_axes", "dtype"}, ""}, Row{"zzz", {"features"}, ""}, Row{"", {"a"}, ""}, Row{"same", {"same"}, ""}}) {
    CAPTURE(row.name);
    CHECK(closest_name(row.name, row.known).value_or("") == row.closest);
  }
}

TEST_CASE("a word of another tool has the name that stands for it, where that is known") {
  CHECK(closest_name("Linear", Names{"Dense", "linear"}) == "Dense");
  CHECK(closest_name("units", Names{"units_of", "features"}) == "features");
  CHECK(closest_name("body", Names{"over", "do"}) == "do");
  CHECK(closest_name("body", Names{"call", "setup"}) == "call");
  CHECK_FALSE(closest_name("print", Names{"rint"}).has_value());            // nothing prints
  CHECK_FALSE(closest_name("in_features", Names{"features"}).has_value());  // found from the input
}

TEST_CASE("a name of a megabyte has no nearest, at once") {
  CHECK_FALSE(closest_name(std::string(1 << 20, 'a'), Names{"a", std::string(1 << 20, 'b')}).has_value());
}

TEST_CASE("the question is put only where there is an answer") {
  CHECK(did_you_mean("feature", Names{"features"}) == "; did you mean `features`?");
  CHECK(did_you_mean("zzz", Names{"features"}).empty());
}

TEST_CASE("a list of names is cut after the limit") {
  CHECK(listed(Names{}) == "none");
  CHECK(listed(Names{"a", "b"}) == "`a`, `b`");
  CHECK(listed(Names{"a", "b", "c", "d"}, 2) == "`a`, `b` and 2 more");
}

}  // namespace
}  // namespace linenc::diagnostics
