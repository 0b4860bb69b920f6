#include "compiler/contracts/verify_contracts.h"

#include <doctest/doctest.h>

namespace linenc::contracts {

TEST_CASE("limits are counts with an operator and a unit") {
  struct Row {
    const char* text;
    double seen;
    bool holds;
  };
  for (const Row& row : {Row{"804_618", 804618, true}, Row{"804_618", 804619, false}, Row{"<= 1M", 1e6, true}, Row{"<= 1M", 1e6 + 1, false},
                         Row{"< 1k", 1000, false}, Row{">= 2k", 2000, true}, Row{"> 2k", 2000, false}, Row{"<= 8 MiB", 8388608, true},
                         Row{"<= 8 MiB", 8388609, false}, Row{"== 3", 3, true}, Row{"<= 1.5k", 1500, true}}) {
    CAPTURE(row.text);
    const auto limit = parse_limit(row.text, true);
    REQUIRE(limit.has_value());
    CHECK(limit->holds(row.seen) == row.holds);
  }
}

TEST_CASE("what is no count is refused") {
  for (const char* text : {"", "many", "<= ", "1.2.3", "3 apples", "-5"}) CHECK_MESSAGE(!parse_limit(text, true).has_value(), text);
}

TEST_CASE("a count has no unit of bytes") {
  for (const char* text : {"< 1MB", "<= 1 MiB", "5 B"}) CHECK_MESSAGE(!parse_limit(text, false).has_value(), text);
  CHECK(parse_limit("<= 1M", false).has_value());
}

}  // namespace linenc::contracts
