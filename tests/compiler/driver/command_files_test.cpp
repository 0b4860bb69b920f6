// What a command reads and what it writes: nothing that is read is replaced, no output is lost, and all appear together or not at all.
#include "tests/compiler/driver/run_program.h"

namespace linenc::test {
namespace {

constexpr const char* kTwoResults =
    "linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel: {compact: [{Dense: {features: 3}}, {return: {logits: x, sum: x + 1}}]}\n";

// A model, its variables, and its input in several files.
void prepare(const Folder& folder) {
  folder.write("m.yaml", kTwoResults);
  folder.write("id.yaml", "linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel: {compact: [{return: {x: x}}]}\n");
  REQUIRE(folder
              .run("linenc init m.yaml -q -o v.bin && linenc init id.yaml -q -o id.bin && linenc apply id.yaml id.bin -i x=ones -o output.x=x.npy "
                   "&& linenc apply id.yaml id.bin -i x=ones -o in.npz && linenc vars convert v.bin -q -o v.npz")
              .exit == 0);
}

std::vector<std::string> contents(const Folder& folder) {
  std::vector<std::string> all;
  for (const std::string& name : folder.names()) all.push_back(name + "\n" + folder.read(name));
  return all;
}

}  // namespace

TEST_SUITE("compiler/driver/command_files") {
  TEST_CASE("no output replaces a file that is read, under whatever name and by whatever word") {
    const Folder folder;
    prepare(folder);
    folder.write("root.yaml", "linenc: 1\nimport: {other: {file: m.bin}}\ninputs: {x: \"float32[2, 4]\"}\nmodel: {other.M: {}}\n");
    folder.write("m.bin", "linenc: 1\nmodules: {M: {compact: [{Dense: {features: 3}}]}}\n");
    REQUIRE(folder.run("linenc init root.yaml -q -o root.safetensors; linenc compile m.yaml v.bin --mutable all -q -o packed.plan; ln x.npy hard.npy")
                .exit == 0);
    const std::vector<std::string> before = contents(folder);
    for (const std::string command :
         {"vars get v.bin params/Dense_0 -o v.bin", "vars get v.npz params/Dense_0/bias -o ./v.npz",
          "apply m.yaml v.bin -i x=in.npz:output.x -o in.npz", "apply m.yaml v.bin -i x=in.npz:output.x --vars-out in.npz",
          "apply m.yaml v.bin -i x=in.npz:output.x --save-intermediates in.npz", "apply m.yaml v.bin in.npz:output.x -o in.npz",
          "apply m.yaml v.bin -i @in.npz -o in.npz", "apply m.yaml v.bin x.npy -o logits=hard.npy", "apply m.yaml v.bin - -o logits=x.npy < x.npy",
          "apply packed.plan in.npz:output.x --vars-out in.npz", "check m.yaml --output-format json=m.yaml", "check . --output-format json=./m.yaml",
          "check root.yaml --output-format sarif=m.bin", "check m.yaml --vars v.bin --output-format json=v.bin", "init m.bin -o m.bin --force",
          "init root.yaml -o m.bin --force", "apply root.yaml root.safetensors x.npy --save-intermediates m.bin",
          "compile root.yaml root.safetensors -o m.bin", "compile m.yaml v.bin -i x=in.npz:output.x -o in.npz"}) {
      const Ran ran = folder.run("linenc " + command);
      INFO(command, "\n", ran.err, ran.out);
      CHECK(ran.exit == 2);
      CHECK(contains(ran.err, "would replace a file that this command reads: give another name"));
      CHECK(contents(folder) == before);
    }
  }

  TEST_CASE("variables may be replaced by their updates, and by what --force makes of them") {
    const Folder folder;
    prepare(folder);
    CHECK(folder.run("linenc apply m.yaml v.bin x.npy --vars-out v.bin").exit == 0);
    CHECK(folder.run("linenc vars convert v.bin -o v.bin --cast bfloat16").exit == 2);
    CHECK(folder.run("linenc vars convert v.bin -o v.bin --cast bfloat16 --force").exit == 0);
    CHECK(contains(folder.run("linenc vars list v.bin").out, "bfloat16"));
  }

  TEST_CASE("two outputs that are one file are refused before any work") {
    const Folder folder;
    prepare(folder);
    std::filesystem::create_symlink("x.npy", folder.path() / "link.npy");
    const std::vector<std::string> before = contents(folder);
    struct Row {
      std::string command, message;
    };
    for (const Row& row :
         {Row{"apply m.yaml v.bin x.npy -o logits=a.npy -o sum=a.npy", "`-o logits=a.npy` and `-o sum=a.npy` are one file"},
          Row{"apply m.yaml v.bin x.npy -o ./a.npz -o a.npz", "`-o ./a.npz` and `-o a.npz` are one file"},
          Row{"apply m.yaml v.bin x.npy -o a.npz --vars-out a.npz", "`-o a.npz` and `--vars-out a.npz` are one file"},
          Row{"apply m.yaml v.bin x.npy -o a.npz --save-intermediates a.npz", "`-o a.npz` and `--save-intermediates a.npz` are one file"},
          Row{"apply m.yaml v.bin -i x=ones -o logits=x.npy -o sum=link.npy", "`-o logits=x.npy` and `-o sum=link.npy` are one file"},
          Row{"apply m.yaml v.bin x.npy -o logits=- -o sum=-", "`-o logits=-` and `-o sum=-` both go to the standard output"},
          Row{"check m.yaml --output-format json=a --output-format sarif=a", "are one file: give one of them another name"}}) {
      const Ran ran = folder.run("linenc " + row.command);
      INFO(row.command, "\n", ran.err, ran.out);
      CHECK(ran.exit == 2);
      CHECK(contains(ran.err, row.message));
      CHECK(contents(folder) == before);
    }
    CHECK(folder.run("linenc apply m.yaml v.bin x.npy -o logits=a.npy -o sum=b.npy --vars-out w.bin --save-intermediates i.npz").exit == 0);
  }

  TEST_CASE("where stdout cannot be written no file appears, and the old ones stay") {
    const Folder folder;
    prepare(folder);
    folder.write("old.npz", "old\n");
    REQUIRE(folder.run("linenc apply m.yaml v.bin x.npy -o expected.npz").exit == 0);
    const std::vector<std::string> before = contents(folder);
    for (const std::string command :
         {"apply m.yaml v.bin x.npy --vars-out old.npz", "apply m.yaml v.bin x.npy --save-intermediates new.npz",
          "apply m.yaml v.bin x.npy --expect expected.npz -o old.npz", "compile m.yaml v.bin -o m.plan",
          "check m.yaml --output-format sarif=r.sarif --json", "init m.yaml --seed 3 --force -o old.npz", "vars convert v.bin -o new.json"}) {
      CAPTURE(command);
      CHECK(folder.run("linenc " + command + " > /dev/full").exit == 2);
      CHECK(contents(folder) == before);
    }
  }

  TEST_CASE("a reader that goes away leaves no file") {
    const Folder folder;
    prepare(folder);
    const std::vector<std::string> before = contents(folder);
    // The pipe has lost its reader before the program writes.
    CHECK(folder
              .run("mkfifo pipe; exec 3<> pipe; exec 4> pipe; exec 3>&-; '" LINENC_PROGRAM
                   "' apply m.yaml v.bin x.npy --vars-out new.bin >&4; code=$?; rm pipe; exit $code")
              .exit == 141);
    CHECK(contents(folder) == before);
  }

  TEST_CASE("where one of several files cannot be written none appears") {
    const Folder folder;
    prepare(folder);
    folder.write("big.yaml", "linenc: 1\ninputs: {x: \"float32[1, 64]\"}\nmodel: {Dense: {features: 64}}\n");
    REQUIRE(folder.run("linenc init big.yaml -q -o big.bin").exit == 0);
    const std::vector<std::string> before = contents(folder);
    const Ran ran = folder.run("( ulimit -f 8; linenc apply big.yaml big.bin -i x=ones -o first.npy --vars-out second.bin )");
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "cannot write `second.bin`"));
    CHECK(folder.run("linenc apply m.yaml v.bin x.npy -o logits=first.npy -o sum=nosuch/second.npy").exit == 2);
    CHECK(contents(folder) == before);
  }
}

}  // namespace linenc::test
