// Names inside of keys.
#include "runtime/core/key_names.h"

#include <doctest/doctest.h>

#include <string>

namespace linenc::runtime {

TEST_CASE("a slash in a name is written %2F, and what looks like such a code keeps its sign") {
  for (const std::string name : {"kernel", "a/b", "/", "a/", "50%", "%2F", "%25", "%2", "100%25/x", "%%2F"}) {
    CAPTURE(name);
    CHECK(escaped_name(name).find('/') == std::string::npos);
    CHECK(unescaped_name(escaped_name(name)) == name);
  }
  CHECK(escaped_name("a/b") == "a%2Fb");
  CHECK(escaped_name("%2F") == "%252F");
  CHECK(escaped_name("50%") == "50%");
}

}  // namespace linenc::runtime
