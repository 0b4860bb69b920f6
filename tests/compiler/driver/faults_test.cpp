// Faults that need no tracing: what `make faults` does call by call, with the limits of the shell.
#include "tests/compiler/driver/run_program.h"

namespace linenc::test {

TEST_SUITE("compiler/driver/faults") {
  TEST_CASE("where a file may grow no further, the old one stays whole and nothing else is left, for every size") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[1, 64]\"}\nmodel: {Dense: {features: 64}}\n");
    REQUIRE(folder.run("linenc init m.yaml -o v.bin && linenc apply m.yaml v.bin -i x=ones -o y.npy").exit == 0);
    const std::vector<std::string> names = folder.names();
    const std::string bytes = folder.read("v.bin");
    const std::string old = "the old file\n";
    // Blocks of 1024 bytes; the file needs 17.
    for (const std::string blocks : {"1", "8", "16"}) {
      CAPTURE(blocks);
      folder.write("v.bin", bytes);
      folder.write("old.bin", old);
      const Ran ran =
          folder.run("sleep 0; ( ulimit -f " + blocks + "; linenc init m.yaml --seed 1 -o old.bin --force 2>&1 | cat ; exit ${PIPESTATUS[0]} )");
      CHECK(ran.exit == 2);
      CHECK(contains(ran.out, "cannot write `old.bin`: File too large (write)"));
      CHECK(folder.read("old.bin") == old);
      std::filesystem::remove(folder / "old.bin");
      CHECK(folder.names() == names);
    }
    CHECK(folder.run("( ulimit -f 18; linenc init m.yaml --seed 1 -o new.bin )").exit == 0);
  }

  TEST_CASE("where no file can be opened any more, the file is named and the old one stays") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[1, 4]\"}\nmodel: {Dense: {features: 3}}\n");
    REQUIRE(folder.run("linenc init m.yaml -o v.bin").exit == 0);
    const std::string old = folder.read("v.bin");
    for (const std::string most : {"3", "4"}) {
      CAPTURE(most);
      const Ran ran = folder.run("( ulimit -n " + most + "; exec '" LINENC_PROGRAM "' init m.yaml --seed 1 -o v.bin --force )");
      CHECK(ran.exit != 0);
      CHECK(folder.read("v.bin") == old);
      CHECK(folder.names() == std::vector<std::string>{"m.yaml", "v.bin"});
    }
  }

}  // TEST_SUITE

}  // namespace linenc::test
