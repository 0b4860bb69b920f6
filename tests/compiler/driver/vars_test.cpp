// `linenc vars`: checkpoints looked at, compared, converted.
#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "tests/compiler/driver/run_program.h"
#include "tests/support/json_validator.h"

namespace linenc::test {
namespace {

using Json = nlohmann::ordered_json;

// A checkpoint in JSON of a few leaves under `params`.
std::string checkpoint(const std::string& leaves, const std::string& meta = "") {
  return R"({"format": "linenc-variables", "version": 1, "meta": {)" + meta + R"(}, "variables": {"params": {)" + leaves + "}}}\n";
}
std::string leaf(const std::string& name, const std::string& dtype, const std::string& shape, const std::string& data) {
  return "\"" + name + R"(": {"dtype": ")" + dtype + R"(", "shape": )" + shape + R"(, "data": )" + data + "}";
}

const std::string kTwo =
    checkpoint(leaf("w", "float32", "[2, 2]", "[[1.0, 2.0], [3.0, \"NaN\"]]") + ", " + leaf("b", "bfloat16", "[3]", "[-0.5, \"Infinity\", 1.5]"),
               R"("seed": "7")");

std::string schema_problem(const std::string& text) {
  static const JsonValidator validator(Json::parse(read_text(std::filesystem::path(LINENC_SOURCE_DIR) / "schemas/vars.schema.json")));
  return validator.problem(Json::parse(text));
}

// The most memory that a command holds at once; what it prints is thrown away.
long peak_kilobytes(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), 1);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  REQUIRE(wait4(child, &status, 0, &usage) == child);
  REQUIRE(WIFEXITED(status));
  REQUIRE(WEXITSTATUS(status) == 0);
  return usage.ru_maxrss;
}

}  // namespace

TEST_SUITE("compiler/driver/vars") {
  TEST_CASE("list shows every leaf with dtype, shape and bytes, in the order of the file") {
    const Folder folder;
    folder.write("a.json", kTwo);
    const Ran ran = folder.run("linenc vars list a.json");
    CHECK(ran.exit == 0);
    CHECK(ran.out ==
          "params/w  float32[2, 2]  16 B\n"
          "params/b  bfloat16[3]     6 B\n"
          "2 variables, 7 elements, 22 B (params 22 B)\n");
    const Ran json = folder.run("linenc vars list a.json --json");
    CHECK(schema_problem(json.out) == "");
    const Json report = Json::parse(json.out);
    CHECK(report["leaves"][1] == Json::parse(R"({"key": "params/b", "dtype": "bfloat16", "shape": [3], "elements": 3, "bytes": 6})"));
    CHECK(report["totals"]["parameters"] == 7);
  }

  TEST_CASE("info counts what is not finite, and takes least, largest and mean of the rest") {
    const Folder folder;
    folder.write("a.json", kTwo);
    const Ran ran = folder.run("linenc vars info a.json");
    CHECK(ran.exit == 0);
    CHECK(contains(ran.out, "a.json: json, "));
    CHECK(contains(ran.out, "checksum none"));
    CHECK(contains(ran.out, "  seed  7\n"));
    CHECK(contains(ran.out, "params/w  float32[2, 2]      1        3     2    1         0\n"));
    const Ran json = folder.run("linenc vars info a.json --json");
    CHECK(schema_problem(json.out) == "");
    const Json report = Json::parse(json.out);
    CHECK(report["leaves"][1]["least"] == -0.5);
    CHECK(report["leaves"][1]["mean"] == 0.5);
    CHECK(report["leaves"][1]["infinite"] == 1);
    CHECK(report["metadata"]["seed"] == "7");
  }

  TEST_CASE("info of linenc's own file says that its checksum is right, and refuses a file that was changed") {
    const Folder folder;
    folder.write("a.json", kTwo);
    REQUIRE(folder.run("linenc vars convert a.json -o a.bin").exit == 0);
    const Ran good = folder.run("linenc vars info a.bin");
    CHECK(contains(good.out, "checksum right"));
    CHECK(contains(good.out, "format_version"));
    std::string bytes = folder.read("a.bin");
    bytes.back() = static_cast<char>(bytes.back() ^ 1);
    folder.write("b.bin", bytes);
    for (const std::string verb : {"list", "info", "digest"}) {
      CAPTURE(verb);
      const Ran bad = folder.run("linenc vars " + verb + " b.bin");
      CHECK(bad.exit == 1);
      CHECK(contains(bad.err, "checksum mismatch"));
      CHECK(folder.run("linenc vars " + verb + " none.bin").exit == 2);
      CHECK(folder.run("linenc vars " + verb).exit == 2);
    }
  }

  TEST_CASE("every format converts to every other one and back without loss, and keeps the digest") {
    const Folder folder;
    folder.write("a.json", kTwo);
    const std::string digest = folder.run("linenc vars digest a.json").out;
    CHECK(digest.starts_with("sha256:"));
    const std::string json = folder.run("linenc vars digest a.json --json").out;
    CHECK(schema_problem(json) == "");
    CHECK(digest.starts_with(Json::parse(json)["digest"].get<std::string>() + ", 7 parameters, "));
    CHECK(Json::parse(json)["totals"]["bytes"] == 22);
    const std::vector<std::string> names = {"v.json", "v.bin", "v.msgpack", "v.npz"};
    for (const std::string& first : names) {
      REQUIRE(folder.run("linenc vars convert a.json --force -o 1" + first).exit == 0);
      for (const std::string& second : names) {
        CAPTURE(first);
        CAPTURE(second);
        CHECK(folder.run("linenc vars convert 1" + first + " --force -o 2" + second).exit == 0);
        CHECK(folder.run("linenc vars digest 2" + second).out == digest);
        CHECK(folder.run("linenc vars diff a.json 2" + second).exit == 0);
      }
    }
  }

  TEST_CASE("convert says what the new format has no place for, and replaces another file with --force alone") {
    const Folder folder;
    folder.write("a.json", kTwo);
    CHECK(contains(folder.run("linenc vars convert a.json -o a.msgpack").err, "no place for the metadata"));
    CHECK(contains(folder.run("linenc vars convert a.json -o a.npz").err, "NumPy has no bfloat16"));
    CHECK(folder.run("linenc vars convert a.json -o c.npz --cast float32 -q").err == "");
    CHECK(folder.run("linenc vars convert a.json -o a.npz --cast float32").exit == 2);
    CHECK(folder.run("linenc vars convert a.json -o a.npz --cast float32 --force").exit == 0);
    CHECK(contains(folder.run("linenc vars list a.npz").out, "params/b  float32[3]"));
    CHECK(folder.run("linenc vars convert a.json").exit == 2);
    CHECK(folder.run("linenc vars convert a.json -o x.txt").exit == 2);
    CHECK(folder.run("linenc vars convert a.json -o - --format json | linenc vars digest -").out == folder.run("linenc vars digest a.json").out);
  }

  TEST_CASE("a msgpack of Flax keeps its empty collections and its numbers; a format without a place for them says so") {
    const Folder folder;
    folder.write("f.msgpack", "\x83\xA6params\x81\xA1n\x07\xA5state\x80\xA1z\x80");
    CHECK(folder.run("linenc vars convert f.msgpack -o g.msgpack").exit == 0);
    CHECK(folder.read("g.msgpack") == folder.read("f.msgpack"));
    CHECK(folder.run("linenc vars convert f.msgpack -o f.json -q && linenc vars convert f.json -o h.msgpack -q").exit == 0);
    CHECK(contains(folder.read("h.msgpack"), "\xA5state\x80"));
    CHECK(folder.run("linenc vars convert f.msgpack -o f.npz").err == "note: npz has no place for what is empty: `state`\n");
  }

  TEST_CASE("a checkpoint in JSON may be sorted by another program") {
    const Folder folder;
    folder.write("a.json", kTwo);
    folder.write("b.json", nlohmann::json::parse(kTwo).dump());
    REQUIRE(contains(folder.read("b.json"), "{\"data\":"));
    CHECK(folder.run("linenc vars digest a.json").out == folder.run("linenc vars digest b.json").out);
  }

  TEST_CASE("diff of whole numbers is exact") {
    const Folder folder;
    const auto write = [&](const std::string& name, const std::string& dtype, const std::string& value) {
      folder.write(name, checkpoint(leaf("n", dtype, "[1]", "[" + value + "]")));
    };
    write("a.json", "int64", "9007199254740992");
    write("b.json", "int64", "9007199254740993");
    const Ran ran = folder.run("linenc vars diff a.json b.json");
    CHECK(contains(ran.out, "at most by 1 (relative 1.11e-16), most at [0]: 9007199254740992 and 9007199254740993\n"));
    const Json report = Json::parse(folder.run("linenc vars diff a.json b.json --json").out);
    CHECK(report["differences"][0]["largest"] == 1);
    CHECK(report["differences"][0]["values"] == Json({9007199254740992, 9007199254740993}));
    CHECK(folder.run("linenc vars diff a.json b.json --atol 1").exit == 0);
    CHECK(folder.run("linenc vars diff a.json b.json --atol 0.5").exit == 1);
    write("c.json", "int64", "-9223372036854775808");
    write("d.json", "int64", "9223372036854775807");
    CHECK(contains(folder.run("linenc vars diff c.json d.json").out, "at most by 1.84e+19"));
    write("e.json", "int8", "-128");
    write("f.json", "int8", "127");
    CHECK(contains(folder.run("linenc vars diff e.json f.json").out, "at most by 255 (relative 2.01), most at [0]: -128 and 127"));
    write("g.json", "uint64", "18446744073709551615");
    write("h.json", "uint64", "18446744073709551614");
    CHECK(contains(folder.run("linenc vars diff g.json h.json").out, "at most by 1 "));
  }

  TEST_CASE("stdin is one file, and a plan is no checkpoint") {
    const Folder folder;
    folder.write("a.json", kTwo);
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[2]\"}\nmodel: {compact: [relu]}\n");
    const Ran twice = folder.run("linenc vars diff - - < a.json");
    CHECK(twice.exit == 2);
    CHECK(contains(twice.err, "stdin was read before: `-` can be given once"));
    CHECK(contains(folder.run("linenc apply - - < m.yaml").err, "`-` can be given once"));
    REQUIRE(folder.run("linenc compile m.yaml -o m.plan").exit == 0);
    const Ran plan = folder.run("linenc vars list m.plan");
    CHECK(plan.exit == 1);
    CHECK(contains(plan.err, "a plan, which `linenc compile` made"));
    const Ran piped = folder.run("linenc apply - a.json -i x=ones < m.plan");
    CHECK(piped.exit == 2);
    CHECK(contains(piped.err, "stdin is a plan"));
  }

  TEST_CASE("--cast changes float leaves alone") {
    const Folder folder;
    folder.write("a.json", checkpoint(leaf("w", "float32", "[1]", "[1.00390625]") + ", " + leaf("step", "int32", "[]", "300")));
    REQUIRE(folder.run("linenc vars convert a.json -o b.json --cast bfloat16").exit == 0);
    CHECK(folder.run("linenc vars list b.json").out ==
          "params/w     bfloat16[1]  2 B\n"
          "params/step  int32[]      4 B\n"
          "2 variables, 2 elements, 6 B (params 6 B)\n");
  }

  TEST_CASE("diff tells leaves, types and values that differ, and is exit 1") {
    const Folder folder;
    folder.write("a.json",
                 checkpoint(leaf("same", "int32", "[1]", "[1]") + ", " + leaf("w", "float32", "[2, 2]", "[[1.0, 1.5], [0.0, 4.0]]") + ", " +
                            leaf("old", "float32", "[1]", "[0.0]") + ", " + leaf("k", "float32", "[3, 2]", "[[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]")));
    folder.write("b.json",
                 checkpoint(leaf("w", "float32", "[2, 2]", "[[1.0, 1.0], [-0.0, 4.0]]") + ", " + leaf("same", "int32", "[1]", "[1]") + ", " +
                            leaf("new", "float32", "[1]", "[0.0]") + ", " + leaf("k", "float32", "[2, 3]", "[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]")));
    const Ran ran = folder.run("linenc vars diff a.json b.json");
    CHECK(ran.exit == 1);
    CHECK(ran.err == "");
    CHECK(ran.out ==
          "`params/w` (float32[2, 2]): 2 of 4 elements differ, at most by 0.5 (relative 0.5, 4_194_304 ulp), most at [0, 1]: 1.5 and 1\n"
          "`params/old` (float32[1]) is in a.json only\n"
          "`params/k` is float32[3, 2] in a.json and float32[2, 3] in b.json\n"
          "`params/new` (float32[1]) is in b.json only\n"
          "4 of 5 variables differ\n");
    const Ran json = folder.run("linenc vars diff a.json b.json --json");
    CHECK(json.exit == 1);
    CHECK(schema_problem(json.out) == "");
    CHECK(Json::parse(json.out)["differences"][0]["ulps"] == 4194304);
    CHECK(folder.run("linenc vars diff a.json a.json").out == "the same: 4 variables\n");
    CHECK(schema_problem(folder.run("linenc vars diff a.json a.json --json").out) == "");
  }

  TEST_CASE("with a tolerance, diff takes values for equal up to atol + rtol * |second|, and without one bits alone") {
    const Folder folder;
    folder.write("a.json", checkpoint(leaf("w", "float32", "[3]", "[0.0, 2.5, \"NaN\"]")));
    folder.write("b.json", checkpoint(leaf("w", "float32", "[3]", "[-0.0, 2.0, \"NaN\"]")));
    CHECK(folder.run("linenc vars diff a.json b.json").exit == 1);
    CHECK(folder.run("linenc vars diff a.json b.json --atol 0.5").exit == 0);
    CHECK(folder.run("linenc vars diff a.json b.json --rtol 0.25").exit == 0);
    CHECK(folder.run("linenc vars diff a.json b.json --rtol 0.2499").exit == 1);
    CHECK(folder.run("linenc vars diff a.json b.json --rtol -1").exit == 2);
    CHECK(folder.run("linenc vars diff a.json").exit == 2);
  }

  TEST_CASE("get prints a leaf as NumPy does, writes it, or all that is under a name") {
    const Folder folder;
    folder.write("a.json", kTwo);
    CHECK(folder.run("linenc vars get a.json params/w").out == "params/w float32[2, 2]\n[[ 1.  2.]\n [ 3. nan]]\n");
    CHECK(folder.run("linenc vars get a.json params -o all.safetensors").exit == 0);
    CHECK(folder.run("linenc vars list all.safetensors").out == folder.run("linenc vars list a.json").out);
    CHECK(folder.run("linenc vars get a.json params/w -o w.npy").exit == 0);
    CHECK(folder.read("w.npy").starts_with("\x93NUMPY"));
    CHECK(folder.run("linenc vars get a.json params/w -o -").out == folder.read("w.npy"));
    const Ran unknown = folder.run("linenc vars get a.json params/v");
    CHECK(unknown.exit == 2);
    CHECK(contains(unknown.err, "`a.json` has no variable `params/v`"));
    const Ran half = folder.run("linenc vars get a.json params/b -o b.npy");
    CHECK(half.exit == 2);
    CHECK(contains(half.err, "--cast float32"));
    CHECK(folder.run("linenc vars get a.json params/b -o b.npy --cast float32").exit == 0);
    CHECK(!folder.has("params"));
  }

  TEST_CASE("an unknown verb gets the nearest one") {
    const Folder folder;
    const Ran ran = folder.run("linenc vars lst a.json");
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "did you mean `list`"));
    CHECK(folder.run("linenc vars").exit == 2);
  }

  // reliability.md, memory promise: 32 MiB and four times the header; the program itself is a part of that.
  TEST_CASE("info, list and digest of a large checkpoint take little memory") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[1, 4096]\"}\nmodel: {compact: [{Dense: {features: 8192}}, {Dense: {features: 2048}}]}\n");
    REQUIRE(folder.run("linenc init m.yaml -o big.bin && linenc vars convert big.bin -o big.msgpack -q").exit == 0);
    for (const std::string file : {"big.bin", "big.msgpack"}) {
      for (const std::string verb : {"list", "info", "digest"}) {
        CAPTURE(file);
        CAPTURE(verb);
        const long peak = peak_kilobytes({LINENC_PROGRAM, "vars", verb, (folder / file).string()});
#ifndef __SANITIZE_ADDRESS__  // it has shadow memory, and keeps what was freed
        CHECK(peak <= 32 * 1024);
#endif
        CHECK(peak > 0);
      }
    }
  }

}  // TEST_SUITE

}  // namespace linenc::test
