// Models and arrays that are too large are refused by arithmetic.
#include "tests/compiler/driver/run_program.h"

namespace linenc::test {

TEST_SUITE("compiler/driver/limits") {
  // L13: 2^42 elements in all.
  TEST_CASE("variables of 2^42 elements pass check, and one more does not") {
    const Folder folder;
    const auto model = [](const std::string& last) {
      return "linenc: 1\ninputs: {x: \"float32[1, 1048576]\"}\nmodel:\n  compact:\n"
             "    - for: i\n      over: range(4)\n      do:\n        - Dense: {features: 1048576, use_bias: false}\n          in: x\n          out: "
             "y\n" +
             last;
    };
    folder.write("full.yaml", model(""));
    folder.write("over.yaml", model("    - param: one\n      init: zeros_init()\n      shape: []\n"));
    CHECK(folder.run("linenc check full.yaml").exit == 0);
    const Ran over = folder.run("linenc check over.yaml");
    CHECK(over.exit == 1);
    CHECK(contains(over.out, "E0218"));
    CHECK(contains(over.out, "4_398_046_511_105 elements in all, and the limit is 4_398_046_511_104"));
    CHECK(folder.run("linenc init over.yaml").exit == 1);
  }

  TEST_CASE("what memory cannot hold is exit 2 with both numbers, before anything is taken") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[1, 1048576]\"}\nmodel: {Dense: {features: 1048575}}\n");
    const Ran init = folder.run("linenc init m.yaml");
    CHECK(init.exit == 2);
    CHECK(contains(init.err, "error[E0405 out-of-memory]: out of memory: running `init` needs 4.0 TiB, and "));
    CHECK(folder.names() == std::vector<std::string>{"m.yaml"});
    folder.write("id.yaml", "linenc: 1\ninputs: {x: \"float32[n]\"}\nmodel: {compact: [{return: x}]}\n");
    REQUIRE(folder.run("linenc init id.yaml -o id.bin").exit == 0);
    CHECK(folder.run("linenc apply id.yaml id.bin zeros --dim n=1000000000000").exit == 2);
    CHECK(folder.run("linenc apply id.yaml id.bin zeros --dim n=2000000000000").exit == 1);  // L12
    CHECK(folder.run("linenc apply id.yaml id.bin zeros --dim n=9223372036854775807").exit == 1);
  }

  TEST_CASE("--timeout ends the program with 124, and leaves nothing behind") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[1, 4]\"}\nmodel: {Dense: {features: 3}}\n");
    // Waiting for stdin takes longer than any model.
    const Ran ran = folder.run("sleep 5 | linenc init - --timeout 1");
    CHECK(ran.exit == 124);
    CHECK(contains(ran.err, "--timeout"));
    CHECK(folder.names() == std::vector<std::string>{"m.yaml"});
    CHECK(folder.run("linenc init m.yaml --timeout 60").exit == 0);
    CHECK(folder.run("linenc init m.yaml --timeout 0").exit == 2);
  }

  TEST_CASE("the stream params is given once") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[1, 4]\"}\nmodel: {Dense: {features: 3}}\n");
    CHECK(folder.run("linenc init m.yaml --seed 1 --rng params=1").exit == 2);
    CHECK(folder.run("linenc init m.yaml --seed 1 -o a.bin --format json").exit == 0);
    CHECK(folder.run("linenc init m.yaml --rng params=1 -o b.bin --format json").exit == 0);
    CHECK(folder.read("a.bin") == folder.read("b.bin"));
  }

}  // TEST_SUITE

}  // namespace linenc::test
