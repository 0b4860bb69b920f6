// `linenc check`, `tabulate`, `plan` and `explain`, as users run them.
#include <nlohmann/json.hpp>

#include "compiler/driver/find_models.h"
#include "tests/compiler/driver/run_program.h"

namespace linenc::test {
namespace {

using Json = nlohmann::json;

constexpr const char* kGood = "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dense: {features: 3}}\n";
constexpr const char* kTwoMistakes =
    "linenc: 1\n"
    "inputs: {x: \"float32[batch, 4]\"}\n"
    "model:\n"
    "  compact:\n"
    "    - Dense: {feature: 3}\n"
    "    - let: {y: nosuch + 1}\n"
    "    - return: y\n";

void write_models(const Folder& folder) {
  folder.write("models/a.yaml", kGood);
  folder.write("models/deep/b.yml", kTwoMistakes);
  folder.write("models/.hidden/c.yaml", kTwoMistakes);
  folder.write("models/other.yaml", "name: not a model\n");
  folder.write("models/notes.txt", "linenc: 1\n");
}

}  // namespace

TEST_SUITE("compiler/driver/find_models") {
  TEST_CASE("a model has the key linenc at its top level") {
    CHECK(driver::looks_like_model("linenc: 1\n"));
    CHECK(driver::looks_like_model("# a comment\ndoc: x\nlinenc : 1\n"));
    CHECK(driver::looks_like_model("{linenc: 1, model: X}"));
    CHECK(driver::looks_like_model("\"linenc\": 1"));
    CHECK(driver::looks_like_model("\xEF\xBB\xBFlinenc: 1"));
    CHECK(driver::looks_like_model("inputs: {}\r\nlinenc: 1\r\n"));
    CHECK_FALSE(driver::looks_like_model(""));
    CHECK_FALSE(driver::looks_like_model("tool:\n  linenc: 1\n"));
    CHECK_FALSE(driver::looks_like_model("linencx: 1\n"));
    CHECK_FALSE(driver::looks_like_model("linenc\n"));
    CHECK_FALSE(driver::looks_like_model("# linenc: 1\n"));
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/check") {
  TEST_CASE("a model whose tables need sizes is proved for those of `expect: at`") {
    const Folder folder;
    const std::string model = "linenc: 1\ninputs: {x: \"float32[b, s, 3]\"}\nmodel:\n  compact:\n    - return: x + np.arange(x.shape[1])[:, None]\n";
    folder.write("m.yaml", model);
    const Ran open = folder.run("linenc check m.yaml");
    CHECK(contains(open.out, "E0211 unknown-size"));
    CHECK(contains(open.out, "`--dim NAME=N`"));
    folder.write("at.yaml", model + "expect: {at: {s: 5}, output: \"float32[b, s, 3]\"}\n");
    CHECK(folder.run("linenc check at.yaml").exit == 0);
    folder.write("other.yaml", model + "expect: {at: {s: 5}, output: \"float32[b, s, 4]\"}\n");
    CHECK(contains(folder.run("linenc check other.yaml").out, "E0301"));
  }

  TEST_CASE("`expect` promises what the method of the file gives, and no other") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel:\n  setup: {a: {Dense: {features: 2}}, b: {Dense: {features: 4}}}\n"
                 "  call: [a, b]\n  methods:\n    encode: {args: [x], call: [a]}\n"
                 "expect: {output: \"float32[b, 4]\", params: 22}\n");
    CHECK(folder.run("linenc check m.yaml").exit == 0);
    CHECK(folder.run("linenc check m.yaml --method call").exit == 0);
    CHECK(folder.run("linenc check m.yaml --method encode").exit == 0);
  }

  TEST_CASE("a `--set` that no file knows gets the names of all of them") {
    const Folder folder;
    folder.write("a.yaml", kGood);
    folder.write("b.yaml", "linenc: 1\nconfig: {width: 3}\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dense: {features: =config.width}}\n");
    const Ran ran = folder.run("linenc check . --set widt=5");
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "did you mean `width`?"));
  }

  TEST_CASE("folders are walked, every problem of every file is told, and the tally comes last") {
    const Folder folder;
    write_models(folder);
    const Ran ran = folder.run("linenc check models");
    CHECK(ran.exit == 1);
    CHECK(ran.err == "");
    CHECK(contains(ran.out, "error[E0202 unknown-field]"));
    CHECK(contains(ran.out, "models/deep/b.yml:5:15"));
    CHECK(contains(ran.out, "error[E0201 unknown-name]"));
    CHECK(contains(ran.out, "models/deep/b.yml:6:16"));
    CHECK(ran.out.ends_with("\n2 errors, 0 warnings in 1 of 2 files\n"));
  }

  TEST_CASE("a mistake in a file that others import is one mistake") {
    const Folder folder;
    folder.write("lib.yaml", "linenc: 1\nmodules: {B: {compact: [rellu]}}\n");
    const std::string importer = "linenc: 1\nimport: {l: lib.yaml}\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {compact: [l.B: {}]}\n";
    folder.write("a.yaml", importer);
    folder.write("b.yaml", importer);
    const Ran ran = folder.run("linenc check --output-format concise .");
    CHECK(ran.exit == 1);
    CHECK(contains(ran.out, "lib.yaml:2:25"));
    CHECK(contains(ran.out, "1 error, 0 warnings in 1 of 3 files"));
    CHECK(contains(folder.run("linenc check --output-format junit .").out, "failures=\"3\""));
  }

  TEST_CASE("a clean file is exit 0") {
    const Folder folder;
    folder.write("a.yaml", kGood);
    const Ran ran = folder.run("linenc check a.yaml");
    CHECK(ran.exit == 0);
    CHECK(ran.out == "0 errors, 0 warnings in 1 file\n");
    CHECK(folder.run("linenc check").exit == 0);  // the current folder
  }

  TEST_CASE("the output is the same for every number of threads") {
    const Folder folder;
    for (int i = 0; i < 12; ++i) folder.write("m" + std::to_string(i) + ".yaml", i % 2 == 0 ? kTwoMistakes : kGood);
    const std::string one = folder.run("linenc check . --threads 1 --max-errors 0").out;
    CHECK(contains(one, "12 errors, 0 warnings in 6 of 12 files"));
    for (int i = 0; i < 5; ++i) CHECK(folder.run("linenc check . --threads 4 --max-errors 0").out == one);
  }

  TEST_CASE("concise is one line a problem; --max-errors limits what is printed") {
    const Folder folder;
    write_models(folder);
    const Ran ran = folder.run("linenc check models --output-format concise");
    CHECK(contains(ran.out, "models/deep/b.yml:5:15: error[E0202]: "));
    CHECK(std::count(ran.out.begin(), ran.out.end(), '\n') == 3);
    const Ran limited = folder.run("linenc check models --output-format concise --max-errors 1");
    CHECK(contains(limited.out, "... and 1 more problem, not shown (`--max-errors 0` shows all)\n2 errors"));
    CHECK(limited.exit == 1);
  }

  TEST_CASE("json is one document with places, also when the command line is wrong") {
    const Folder folder;
    write_models(folder);
    const Ran ran = folder.run("linenc check models --json");
    CHECK(ran.exit == 1);
    const Json document = Json::parse(ran.out);
    CHECK(document["format_version"] == "1.0");
    CHECK(document["summary"] == Json({{"files", 2}, {"errors", 2}, {"warnings", 0}}));
    const Json& first = document["diagnostics"][0];
    CHECK(first["code"] == "E0202");
    CHECK(first["path"] == "models/deep/b.yml");
    CHECK(first["range"]["start"] == Json({{"line", 5}, {"column", 15}, {"byte", 75}}));
    for (const std::string command : {"linenc check missing.yaml --json", "linenc check models --json --set nosuch=1",
                                      "linenc check models --json --dim nosuch=1", "linenc check models/other.yaml --json"}) {
      CAPTURE(command);
      const Ran failed = folder.run(command);
      CHECK(failed.exit != 0);
      const Json failure = Json::parse(failed.out);
      CHECK(failure["summary"]["errors"].get<int>() >= 1);
      CHECK(failure["diagnostics"].size() >= 1);
    }
  }

  TEST_CASE("every machine format is what its reader expects, and several can be written in one run") {
    const Folder folder;
    write_models(folder);
    const Ran ran = folder.run(
        "linenc check models --output-format github --output-format sarif=r.sarif --output-format gitlab=r.json --output-format junit=r.xml "
        "--output-format jsonl=r.jsonl");
    CHECK(ran.exit == 1);
    CHECK(contains(ran.out, "::error file=models/deep/b.yml,line=5,col=15,endLine=5,endColumn=22,title=E0202 unknown-field::"));
    const Json sarif = Json::parse(folder.read("r.sarif"));
    CHECK(sarif["version"] == "2.1.0");
    CHECK(sarif["runs"][0]["results"].size() == 2);
    CHECK(sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 5);
    const Json gitlab = Json::parse(folder.read("r.json"));
    CHECK(gitlab.size() == 2);
    CHECK(gitlab[0]["fingerprint"] != gitlab[1]["fingerprint"]);
    CHECK(contains(folder.read("r.xml"), "<testsuites tests=\"2\" failures=\"1\">"));
    CHECK(contains(folder.read("r.xml"), "<testcase name=\"models/a.yaml\" classname=\"linenc check\"/>"));
    const std::string lines = folder.read("r.jsonl");
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 2);
    CHECK(Json::parse(lines.substr(0, lines.find('\n')))["code"] == "E0202");
    CHECK(folder.run("linenc check models --output-format sarf").exit == 2);
    CHECK(contains(folder.run("linenc check models --output-format sarf").err, "did you mean `sarif`?"));
    CHECK(folder.run("linenc check models --output-format json --output-format sarif").exit == 2);
  }

  TEST_CASE("--set, --dim and --method check one variant; a name that no file has is exit 2") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\nconfig: {limit: 3}\ninputs: {x: \"float32[n, 4]\"}\nmodel:\n  compact:\n    - assert: config.limit < 5\n    - assert: "
                 "x.shape[0] != 7\n");
    CHECK(folder.run("linenc check m.yaml --dim n=2").exit == 0);
    CHECK(folder.run("linenc check m.yaml --dim n=2 --set limit=9").exit == 1);
    CHECK(folder.run("linenc check m.yaml --dim n=7").exit == 1);
    CHECK(folder.run("linenc check m.yaml --dim n=2 --set limit=many").exit == 2);
    CHECK(folder.run("linenc check m.yaml --dim m=2").exit == 2);
    CHECK(contains(folder.run("linenc check m.yaml --set limt=2").err, "did you mean `limit`?"));
    CHECK(folder.run("linenc check m.yaml --method nosuch").exit == 2);
  }

  TEST_CASE("--exit-zero and --error-on-warning change the exit code alone") {
    const Folder folder;
    write_models(folder);
    CHECK(folder.run("linenc check models --exit-zero").exit == 0);
    CHECK(folder.run("linenc check missing.yaml --exit-zero").exit == 2);
    folder.write("warn.yaml",
                 "linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel: M\nmodules:\n  M:\n    setup: {unused: {Dense: {features: 2}}}\n    call: "
                 "[{return: x}]\n");
    const Ran warned = folder.run("linenc check warn.yaml");
    CHECK(contains(warned.out, "warning[W0204"));
    CHECK(warned.exit == 0);
    CHECK(folder.run("linenc check warn.yaml --error-on-warning").exit == 1);
  }

  TEST_CASE("stdin is checked under the name that is given") {
    const Folder folder;
    folder.write("m.txt", kTwoMistakes);
    CHECK(contains(folder.run("linenc check - --stdin-filename models/x.yaml < m.txt").out, "models/x.yaml:5:15"));
  }

  TEST_CASE("a file that cannot be read is exit 2, and the others are checked all the same") {
    const Folder folder;
    folder.write("a.yaml", kTwoMistakes);
    const Ran ran = folder.run("linenc check missing.yaml a.yaml");
    CHECK(ran.exit == 2);
    CHECK(contains(ran.out, "error[E0001 cannot-read]"));
    CHECK(contains(ran.out, "a.yaml:5:15"));
    CHECK(folder.run("mkdir empty; linenc check empty").exit == 2);
  }

  TEST_CASE("--vars tells of a collection that is missing as a whole, if `apply` needs it") {
    const Folder folder;
    const std::string head = "linenc: 1\ninputs: {x: \"float32[b, 3]\"}\nmodel: {compact: [";
    folder.write("params.yaml", head + "{Dense: {features: 2}}]}\n");
    folder.write("sown.yaml", head + "{Dense: {features: 2}, out: y}, {sow: l, collection: losses, value: y.sum()}, {return: y}]}\n");
    folder.write("state.yaml", head + "{Dense: {features: 2}, out: y}, {variable: s, collection: state, init: \"zeros(2)\"}, {return: y + s}]}\n");
    REQUIRE(folder.run("linenc init params.yaml").exit == 0);
    CHECK(folder.run("linenc check sown.yaml --vars vars.bin").exit == 0);
    CHECK(folder.run("linenc apply sown.yaml vars.bin -i x=ones --dim b=1").exit == 0);
    const Ran missing = folder.run("linenc check state.yaml --vars vars.bin");
    CHECK(missing.exit == 1);
    CHECK(contains(missing.err + missing.out, "E0401 checkpoint-mismatch]: `state/s` (float32[2]) is missing in vars.bin"));
    CHECK(folder.run("linenc apply state.yaml vars.bin -i x=ones --dim b=1").exit == 1);
    CHECK(folder.run("linenc check state.yaml --vars vars.bin --mutable state").exit == 0);
    CHECK(folder.run("linenc apply state.yaml vars.bin -i x=ones --dim b=1 --mutable state").exit == 0);
    CHECK(folder.run("linenc check state.yaml --mutable state").exit == 2);
  }

  TEST_CASE("--vars tells whether a checkpoint fits, for sizes that stay symbolic") {
    const Folder folder;
    folder.write("a.yaml", kGood);
    folder.write("b.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dense: {features: 5}}\n");
    REQUIRE(folder.run("linenc init a.yaml").exit == 0);
    CHECK(folder.run("linenc check a.yaml --vars vars.bin").exit == 0);
    const Ran other = folder.run("linenc check b.yaml --vars vars.bin");
    CHECK(other.exit == 1);
    CHECK(contains(other.out, "E0401"));
  }

  TEST_CASE("what --vars finds names the module of the variable") {
    const Folder folder;
    folder.write("a.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {compact: [{Dense: {features: 5}}, {Dense: {features: 3}}]}\n");
    folder.write("b.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {compact: [{Dense: {features: 5}}, {Dense: {features: 2}}]}\n");
    REQUIRE(folder.run("linenc init a.yaml").exit == 0);
    const Json document = Json::parse(folder.run("linenc check b.yaml --vars vars.bin --json").out);
    REQUIRE(document["diagnostics"].size() == 2);
    for (const Json& one : document["diagnostics"]) CHECK(one["module"] == "Dense_1");
  }

  TEST_CASE("the models of this repository are right") {
    const Folder folder;
    const Ran ran = folder.run("linenc check $models");
    CHECK(ran.exit == 0);
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/tabulate") {
  // Dense 9 -> 4 on a batch of 16: 2 * 16 * 9 * 4 + 64, as XLA's cost analysis counts (linen-semantics G).
  TEST_CASE("rows come in the order of execution, with XLA's numbers") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[batch, 9]\"}\nmodel:\n  compact:\n    - Dense: {features: 4}\n    - Dense: {features: 2, "
                 "use_bias: false}\n");
    const Ran ran = folder.run("linenc tabulate m.yaml --dim batch=16 --json");
    CHECK(ran.exit == 0);
    const Json document = Json::parse(ran.out);
    REQUIRE(document["rows"].size() == 3);
    CHECK(document["rows"][0]["path"] == "");
    CHECK(document["rows"][1]["path"] == "Dense_0");
    CHECK(document["rows"][1]["flops"] == 1216);
    CHECK(document["rows"][1]["macs"] == 576);
    CHECK(document["rows"][1]["parameters"] == 40);
    CHECK(document["rows"][1]["outputs"] == "float32[16, 4]");
    CHECK(document["rows"][1]["variables"]["params/kernel"] == "float32[9, 4]");
    CHECK(document["rows"][2]["flops"] == 2 * 16 * 4 * 2);
    CHECK(document["total"]["flops"] == 1216 + 256);
    CHECK(document["total"]["bytes"] == 4 * 48);
  }

  TEST_CASE("sizes that nobody gives stay names in the shapes, and are told with the numbers") {
    const Folder folder;
    folder.write("m.yaml", kGood);
    const Ran ran = folder.run("linenc tabulate m.yaml");
    CHECK(contains(ran.out, "float32[batch, 4]"));
    CHECK(contains(ran.out, "total: 15 parameters, 60 B, 27 FLOPs (12 MACs)\nsizes: batch=1\n"));
  }

  TEST_CASE("--depth leaves deeper rows out and keeps the totals") {
    const Folder folder;
    const std::string all = folder.run("linenc tabulate $models/residual.yaml").out;
    const std::string top = folder.run("linenc tabulate $models/residual.yaml --depth 0").out;
    CHECK(std::count(top.begin(), top.end(), '\n') < std::count(all.begin(), all.end(), '\n'));
    CHECK(contains(all, top.substr(top.find("total:"))));
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/plan") {
  TEST_CASE("the plan shows steps with places, for apply and for init, as text and as JSON") {
    const Folder folder;
    folder.write("m.yaml", kGood);
    const Ran apply = folder.run("linenc plan m.yaml --dim batch=2");
    CHECK(apply.exit == 0);
    CHECK(contains(apply.out, "dot_general"));
    CHECK(contains(apply.out, "float32[2, 3]"));
    CHECK(contains(apply.out, "m.yaml:3"));
    CHECK(contains(folder.run("linenc plan m.yaml --program init").out, "draw"));
    CHECK(Json::parse(folder.run("linenc plan m.yaml --json").out).contains("format_version"));
    CHECK(folder.run("linenc plan m.yaml --program train").exit == 2);
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/explain") {
  TEST_CASE("codes, slugs, layers, functions, prefixed functions and statements have a page") {
    const Folder folder;
    struct Row {
      std::string topic, text;
    };
    for (const Row& row :
         {Row{"E0203", "E0203"}, Row{"e0203", "E0203"}, Row{"shape-mismatch", "E0203"}, Row{"Dense", "features: int"}, Row{"softmax", "axis=-1"},
          Row{"jnp.concatenate", "concatenate("}, Row{"let", "statement"}, Row{"lecun_normal", "initializer"}, Row{"jit", "transform"}}) {
      CAPTURE(row.topic);
      const Ran ran = folder.run("linenc explain " + row.topic);
      CHECK(ran.exit == 0);
      CHECK(contains(ran.out, row.text));
    }
  }

  TEST_CASE("an unknown topic gets the nearest name and exit 2") {
    const Folder folder;
    const Ran ran = folder.run("linenc explain Densse");
    CHECK(ran.exit == 2);
    CHECK(ran.out == "");
    CHECK(contains(ran.err, "did you mean `Dense`?"));
    CHECK(folder.run("linenc explain").exit == 2);
  }

  TEST_CASE("the catalog is one document") {
    const Folder folder;
    const Json document = Json::parse(folder.run("linenc catalog --json").out);
    for (const char* kind : {"layers", "functions", "initializers", "transforms", "statements"}) {
      CAPTURE(kind);
      CHECK(document[kind].size() > 3);
    }
    CHECK(contains(folder.run("linenc catalog").out, "  Dense(features: int"));
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/command") {
  TEST_CASE("the version comes first") {
    const Folder folder;
    CHECK(folder.run("linenc --version").out.starts_with("linenc 0.1.0\n"));
    CHECK(folder.run("linenc version").out.starts_with("linenc 0.1.0\n"));
    CHECK(Json::parse(folder.run("linenc version --json").out)["tool"]["version"] == "0.1.0");
  }

  TEST_CASE("nothing at all prints the commands and is exit 2") {
    const Folder folder;
    const Ran ran = folder.run("linenc");
    CHECK(ran.exit == 2);
    CHECK(ran.out == "");
    CHECK(contains(ran.err, "commands:"));
  }

  // `make golden` rewrites them.
  TEST_CASE("every help text is as recorded, and begins with examples") {
    const Folder folder;
    const std::filesystem::path goldens = std::filesystem::path(LINENC_SOURCE_DIR) / "tests/golden/help";
    const bool rewrite = std::getenv("LINENC_UPDATE_GOLDENS") != nullptr;
    for (const std::string command : {"", "init", "apply", "check", "tabulate", "explain", "plan", "compile", "vars", "vars list", "vars info",
                                      "vars diff", "vars convert", "vars get", "vars digest", "catalog", "schema", "version"}) {
      CAPTURE(command);
      const Ran ran = folder.run("linenc " + command + " --help");
      CHECK(ran.exit == 0);
      CHECK(ran.out.starts_with("examples:\n  linenc "));
      std::string file = (command.empty() ? "linenc" : command) + ".txt";
      std::replace(file.begin(), file.end(), ' ', '-');
      const std::filesystem::path golden = goldens / file;
      if (rewrite) std::ofstream(golden, std::ios::binary) << ran.out;
      CHECK(ran.out == read_text(golden));
      CHECK(folder.run("linenc " + command + " -h").out == ran.out);
    }
  }

}  // TEST_SUITE

}  // namespace linenc::test
