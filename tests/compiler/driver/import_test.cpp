// `import`: names behind an alias, configs replaced, circles, paths that leave the folder.
#include <doctest/doctest.h>

#include "tests/compiler/driver/run_program.h"

namespace linenc::test {
namespace {

constexpr const char* kParts =
    "linenc: 1\nconfig: {width: 4, act: relu}\nfunctions:\n  twice: {body: [{return: x * 2}]}\nmodules:\n  Block:\n    fields: {act: function = "
    "relu}\n    compact:\n      - Dense: {features: =config.width}\n      - act\n";

}  // namespace

TEST_SUITE("compiler/driver/import") {
  TEST_CASE("modules and functions of another file stand behind its alias, with entries of its config replaced") {
    Folder folder;
    folder.write("parts/blocks.yaml", kParts);
    folder.write("m.yaml",
                 "linenc: 1\nconfig: {w: 6}\nimport:\n  a: parts/blocks.yaml\n  b: {file: parts/blocks.yaml, config: {width: =config.w}}\ninputs: "
                 "{x: \"float32[batch, 8]\"}\nmodel:\n  compact:\n    - a.Block\n    - b.Block: {act: tanh}\n    - a.twice\nexpect:\n  variables: "
                 "{params: {Block_0: {Dense_0: {kernel: \"float32[8, 4]\"}}, Block_1: {Dense_0: {kernel: \"float32[4, 6]\"}}}}\n");
    const Ran ran = folder.run("linenc check m.yaml");
    CHECK(ran.exit == 0);
    CHECK(ran.out.find("0 errors, 0 warnings") != std::string::npos);
  }

  TEST_CASE("E0221: a circle, a missing file and a path out of the folder of the root file are refused") {
    Folder folder;
    folder.write("in/a.yaml", "linenc: 1\nimport: {b: b.yaml}\ninputs: {x: \"float32[n, 2]\"}\nmodel: b.M\n");
    folder.write("in/b.yaml", "linenc: 1\nimport: {a: a.yaml}\nmodules:\n  M: {compact: [relu]}\n");
    folder.write("in/gone.yaml", "linenc: 1\nimport: {b: none.yaml}\nmodel: b.M\n");
    folder.write("in/out.yaml", "linenc: 1\nimport: {b: ../b.yaml}\nmodel: b.M\n");
    folder.write("b.yaml", kParts);
    for (const char* file : {"in/a.yaml", "in/gone.yaml", "in/out.yaml"}) {
      CAPTURE(file);
      const Ran ran = folder.run(std::string("linenc check ") + file);
      CHECK(ran.exit == 1);
      CHECK(ran.out.find("E0221") != std::string::npos);
    }
  }

  TEST_CASE("a file of definitions alone is checked at rest; only to run it takes a model") {
    Folder folder;
    folder.write("blocks.yaml", kParts);
    CHECK(folder.run("linenc check .").exit == 0);
    const Ran ran = folder.run("linenc init blocks.yaml -o v.bin");
    CHECK(ran.exit == 1);
    CHECK(ran.err.find("E0115") != std::string::npos);
    folder.write("inputs.yaml", std::string(kParts) + "inputs: {x: \"float32[n, 2]\"}\n");
    CHECK(folder.run("linenc check inputs.yaml").out.find("E0115") != std::string::npos);
  }

  TEST_CASE("--import-root widens the folder that imports may not leave, and must be one") {
    Folder folder;
    folder.write("parts/blocks.yaml", kParts);
    folder.write("in/m.yaml", "linenc: 1\nimport: {b: ../parts/blocks.yaml}\ninputs: {x: \"float32[n, 2]\"}\nmodel: b.Block\n");
    CHECK(folder.run("linenc check in/m.yaml").out.find("`--import-root FOLDER` widens it") != std::string::npos);
    for (const char* command : {"check in/m.yaml", "init in/m.yaml -o v.bin", "apply in/m.yaml v.bin -i x=ones --dim n=1", "plan in/m.yaml --dim n=1",
                                "tabulate in/m.yaml", "compile in/m.yaml v.bin -o m.plan --dim n=1"}) {
      CAPTURE(command);
      const Ran ran = folder.run(std::string("linenc ") + command + " --import-root .");
      CAPTURE(ran.err);
      CHECK(ran.exit == 0);
    }
    CHECK(folder.run("linenc check in/m.yaml --import-root in").out.find("lies outside of `--import-root in`") != std::string::npos);
    const Ran ran = folder.run("linenc check in/m.yaml --import-root nowhere");
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("`--import-root nowhere` is no folder") != std::string::npos);
  }

}  // TEST_SUITE

}  // namespace linenc::test
