// Reports of problems for machines: one document whatever fails, places and names as their readers expect them.
#include <nlohmann/json.hpp>

#include "tests/compiler/driver/run_program.h"

namespace linenc::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kMistake = "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dense: {feature: 3}}\n";

const Json& first_location(const Json& sarif) { return sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]; }

}  // namespace

TEST_SUITE("compiler/driver/report_formats") {
  TEST_CASE("a machine format has its document where the command line is wrong, before and after the options are read") {
    const Folder folder;
    folder.write("m.yaml", kMistake);
    for (const std::string mistake : {"--foo", "--set nosuch=1", "--max-errors -1"}) {
      CAPTURE(mistake);
      const auto report = [&](const std::string& format) {
        const Ran ran = folder.run("linenc check m.yaml --output-format " + format + " --output-format concise=unread " + mistake);
        CHECK(ran.exit == 2);
        CHECK(ran.err.starts_with("error"));
        return ran.out;
      };
      CHECK(Json::parse(report("json"))["diagnostics"][0]["path"] == nullptr);
      CHECK(Json::parse(report("jsonl"))["code"] == "E0002");
      const Json sarif = Json::parse(report("sarif"));
      CHECK(sarif["runs"][0]["results"][0]["ruleId"] == "E0002");
      CHECK(sarif["runs"][0]["results"][0]["locations"] == Json::array());
      CHECK(Json::parse(report("gitlab"))[0]["location"]["path"] == "command line");
      CHECK(contains(report("junit"), "<testsuites tests=\"1\" failures=\"1\">"));
      CHECK(report("github").starts_with("::error title=E0002 unknown-option-value::"));
      CHECK(report("concise") == "");
      CHECK(folder.names() == std::vector<std::string>{"m.yaml"});
    }
    CHECK(Json::parse(folder.run("linenc check m.yaml --output-format sarif --output-format gitlab").out)["version"] == "2.1.0");
    CHECK(Json::parse(folder.run("linenc tabulate m.yaml --output-format=json --foo").out)["summary"]["errors"] == 1);
  }

  TEST_CASE("a file that cannot be read is named by every format") {
    const Folder folder;
    const auto report = [&](const std::string& format) { return folder.run("linenc check no.yaml --output-format " + format).out; };
    CHECK(Json::parse(report("json"))["diagnostics"][0]["path"] == "no.yaml");
    CHECK(Json::parse(report("jsonl"))["path"] == "no.yaml");
    CHECK(first_location(Json::parse(report("sarif"))) == Json::parse(R"({"artifactLocation": {"uri": "no.yaml"}})"));
    CHECK(Json::parse(report("gitlab"))[0]["location"]["path"] == "no.yaml");
    CHECK(report("github").starts_with("::error file=no.yaml,title=E0001 cannot-read::"));
    CHECK(report("concise").starts_with("no.yaml: error[E0001]: cannot read `no.yaml`"));
    CHECK(contains(report("junit"), "no.yaml: error[E0001]: "));
    CHECK(Json::parse(folder.run("linenc tabulate no.yaml --json").out)["diagnostics"][0]["path"] == "no.yaml");
  }

  TEST_CASE("names of files are URIs in SARIF, and have no control bytes for GitHub") {
    const Folder folder;
    struct Row {
      std::string name, uri, github;
    };
    for (const Row& row : {Row{"odd dir/#h.yaml", "odd%20dir/%23h.yaml", "odd dir/#h.yaml"}, Row{"%s.yaml", "%25s.yaml", "%25s.yaml"},
                           Row{"a\nb\x1B[2J.yaml", "a%0Ab%1B%5B2J.yaml", "a\\nb\\x1B[2J.yaml"}, Row{"\xC3\xA9\xFF.yaml", "%C3%A9%FF.yaml", ""},
                           Row{"a:b,c.yaml", "a%3Ab%2Cc.yaml", "a%3Ab%2Cc.yaml"}}) {
      CAPTURE(row.uri);
      folder.write(row.name, kMistake);
      const Ran sarif = folder.run("linenc check . --output-format sarif");
      CHECK(first_location(Json::parse(sarif.out))["artifactLocation"]["uri"] == row.uri);
      const Ran github = folder.run("linenc check . --output-format github");
      CHECK(github.out.starts_with("::error file=" + row.github));
      CHECK(std::count_if(github.out.begin(), github.out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }) == 1);
      std::filesystem::remove(folder / row.name);
    }
  }
}

}  // namespace linenc::test
