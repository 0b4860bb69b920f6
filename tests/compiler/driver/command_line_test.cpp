// What every command line has in common: `--`, machine formats that own stdout, files that are read and written by one command.
#include <nlohmann/json.hpp>

#include "tests/compiler/driver/run_program.h"
#include "tests/support/json_validator.h"

namespace linenc::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kModel = "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dense: {features: 3}}\n";

// What is wrong with the document of a run that failed.
std::string document_problem(const std::string& text) {
  static const JsonValidator validator(Json::parse(read_text(std::filesystem::path(LINENC_SOURCE_DIR) / "schemas/problems.schema.json")));
  return validator.problem(Json::parse(text));
}

}  // namespace

TEST_SUITE("compiler/driver/command") {
  TEST_CASE("`--` ends the options: what follows are files, whatever they begin with") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    folder.write("--odd.yaml", kModel);
    CHECK(folder.run("linenc check -- m.yaml").exit == 0);
    CHECK(folder.run("linenc check -- --odd.yaml").exit == 0);
    CHECK(contains(folder.run("linenc check --odd.yaml").err, "has no option `--odd.yaml`"));
  }

  TEST_CASE("a slip in the options is told in words of the program, with what was meant") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    struct Case {
      const char *command, *message;
    };
    for (const Case& one : {Case{"--hlep", "`linenc` has no option `--hlep`; did you mean `--help`?"},
                            Case{"init m.yaml --out v.bin", "`linenc init` has no option `--out`; did you mean `--output`?"},
                            Case{"init m.yaml --seed", "`--seed` needs a value: `--seed N`"},
                            Case{"check --max-errors few m.yaml", "`--max-errors` wants a whole number of 64 bits, and this is `few`"},
                            Case{"init m.yaml --force=maybe", "`--force` takes no value, and is given `maybe`"},
                            Case{"apply m.yaml v.bin --mutable a --mutable b", "`--mutable` is given twice"}}) {
      const Ran ran = folder.run(std::string("linenc ") + one.command);
      INFO(std::string(one.command), folder.run(std::string("linenc ") + one.command).err);
      CHECK(ran.exit == 2);
      CHECK(contains(ran.err, std::string("error: ") + one.message));
    }
    CHECK(folder.run("linenc help vars list").out == folder.run("linenc vars list --help").out);
    CHECK(folder.run("linenc help vars").out == folder.run("linenc vars --help").out);
  }

  TEST_CASE("a file longer than its limit is a problem of the file, and what cannot be read leaves the others to be checked") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    const Ran large = folder.run("linenc check m.yaml --limit yaml-bytes=3");
    CHECK(large.exit == 1);
    CHECK(contains(large.out, "E0108"));
    CHECK(folder.run("linenc init m.yaml --limit yaml-bytes=3").exit == 1);
    CHECK(folder.run("linenc check - --limit yaml-bytes=3 < m.yaml").exit == 1);
    CHECK(folder.run("linenc init m.yaml -o - --digest > v.bin").err.starts_with("sha256:"));
  }

  TEST_CASE("a run that fails writes one document where JSON is wanted, with what is told to people") {
    const Folder folder;
    folder.write("bad.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dens: {features: 3}}\n");
    struct Case {
      const char *command, *code;
      int exit;
    };
    for (const Case& one :
         {Case{"tabulate bad.yaml --json", "E0201", 1}, Case{"plan bad.yaml --output-format json", "E0201", 1},
          Case{"tabulate none.yaml --json", "E0001", 2}, Case{"explain softmx --json", "E0002", 2}, Case{"check --json --bogus", "E0002", 2},
          Case{"vars list none.bin --output-format=json", "E0001", 2}, Case{"vars diff bad.yaml bad.yaml --json", "E0402", 1}}) {
      const Ran ran = folder.run(std::string("linenc ") + one.command);
      INFO(one.command, "\n", ran.out, "\n", ran.err);
      CHECK(ran.exit == one.exit);
      CHECK(document_problem(ran.out) == "");
      const Json document = Json::parse(ran.out);
      CHECK(document["summary"]["errors"] == document["diagnostics"].size());
      CHECK(document["diagnostics"][0]["code"] == one.code);
      CHECK(ran.err.starts_with("error"));
    }
    const Json place = Json::parse(folder.run("linenc tabulate bad.yaml --json").out)["diagnostics"][0]["range"]["start"];
    CHECK(place["line"] == 3);
    CHECK(place["column"] == 9);
  }

  TEST_CASE("what `check --json` writes is a document of schemas/problems.schema.json") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    folder.write("bad.yaml",
                 "linenc: 1\ninputs: {x: \"float32[batch, 4]\", y: \"float32[batch, 5]\"}\nmodel: {args: [x, y], compact: [{return: x + y}]}\n");
    folder.write("worse.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dense: {feature: 3}}\n");
    CHECK(document_problem(folder.run("linenc check . --json").out) == "");
    CHECK(document_problem(folder.run("linenc check m.yaml --json").out) == "");
    CHECK(document_problem("{\"format_version\": \"1.0\"}") != "");
  }

  TEST_CASE("no command replaces a file that it reads") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    REQUIRE(folder.run("linenc init m.yaml -o v.bin").exit == 0);
    REQUIRE(folder.run("linenc apply m.yaml v.bin -i x=ones --dim batch=2 -o y.npz").exit == 0);
    std::filesystem::create_symlink("v.bin", folder.path() / "link.safetensors");
    const std::string model = folder.read("m.yaml"), variables = folder.read("v.bin");
    for (const std::string command :
         {"compile m.yaml v.bin --dim batch=2 -o m.yaml", "compile m.yaml v.bin --dim batch=2 -o ./v.bin",
          "apply m.yaml v.bin -i x=ones --dim batch=2 -o v.bin", "apply m.yaml v.bin -i x=ones --dim batch=2 -o output=link.safetensors",
          "apply m.yaml v.bin -i x=ones --dim batch=2 --save-intermediates v.bin",
          "apply m.yaml v.bin -i x=y.npz:output -o y.npz --vars-out m.yaml"}) {
      const Ran ran = folder.run("linenc " + command);
      INFO(command, "\n", ran.err);
      CHECK(ran.exit == 2);
      CHECK(contains(ran.err, "would replace a file that this command reads"));
    }
    CHECK(folder.read("m.yaml") == model);
    CHECK(folder.read("v.bin") == variables);
    CHECK(contains(folder.run("linenc compile m.yaml v.bin --dim batch=2 -o -").err, "give `-o FILE.plan`"));
    CHECK(folder.run("linenc apply m.yaml v.bin -i x=ones --dim batch=2 --vars-out v.bin").exit == 0);
  }

  TEST_CASE("options that say nothing useful are refused, also where nothing would read them") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    REQUIRE(folder.run("linenc init m.yaml -o v.bin").exit == 0);
    CHECK(contains(folder.run("linenc tabulate m.yaml --depth -1").err, "`--depth` starts at 0"));
    CHECK(contains(folder.run("linenc apply m.yaml v.bin -i x=ones --dim batch=1 --rtol abc").err, "`--rtol` wants a number"));
    CHECK(contains(folder.run("linenc plan m.yaml --dim batch=1 --dump graph --json").err, "JSON is written of the plan alone"));
  }

  TEST_CASE("--verbose tells what was compiled and what was checked, on stderr") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    const Ran init = folder.run("linenc init m.yaml -o v.bin -v");
    CHECK(init.err.starts_with("plan: "));
    CHECK(folder.run("linenc check m.yaml -v").err == "m.yaml: 0 errors, 0 warnings\n");
    CHECK(folder.run("linenc check m.yaml").err == "");
  }

  TEST_CASE("a plan that is taken for a model is named as what it is") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    REQUIRE(folder.run("linenc compile m.yaml --dim batch=1 -o m.plan").exit == 0);
    const Ran ran = folder.run("linenc check m.plan");
    CHECK(ran.exit == 2);
    CHECK(contains(ran.out, "`m.plan` is a plan that `linenc compile` made, and a model is wanted"));
  }
}

}  // namespace linenc::test
