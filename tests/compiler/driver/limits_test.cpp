// Models and arrays that are too large are refused by arithmetic.
#include "tests/compiler/driver/run_program.h"

namespace linenc::test {
namespace {

// The least N between two numbers with which `linenc COMMAND --limit NAME=N` is exit 0, by halving.
std::int64_t least_limit(const Folder& folder, const std::string& command, const std::string& name, std::int64_t fails, std::int64_t passes) {
  const auto run = [&](std::int64_t n) { return folder.run("linenc " + command + " --limit " + name + "=" + std::to_string(n)); };
  REQUIRE(run(passes).exit == 0);
  REQUIRE(run(fails).exit != 0);
  while (passes - fails > 1) {
    const std::int64_t middle = fails + (passes - fails) / 2;
    (run(middle).exit == 0 ? passes : fails) = middle;
  }
  const Ran over = run(fails);
  CHECK(over.exit != 0);
  CHECK(contains(over.out + over.err, "--limit " + name + "=N"));
  return passes;
}

constexpr const char* kHead = "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\n";

// What stands before the data of an npy file.
std::string npy_head(const std::string& shape) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  header.resize(128 - 10 - 1, ' ');
  return std::string("\x93NUMPY\x01\0\x76\0", 10) + header + "\n";
}

std::string loop_model(int count) {
  return std::string(kHead) + "model:\n  compact:\n    - for: i\n      over: range(" + std::to_string(count) +
         ")\n      do: [{Dense: {features: 4}}]\n";
}

}  // namespace

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

  TEST_CASE("a loop of more steps than a plan may run is refused at its place") {
    const Folder folder;
    const auto model = [](const std::string& length) {
      return std::string(kHead) + "model:\n  compact:\n    - return: \"lax.fori_loop(0, " + length + ", lambda i, v: v + x, x)\"\n";
    };
    folder.write("long.yaml", model("5_000_000"));
    folder.write("short.yaml", model("1_000"));
    REQUIRE(folder.run("linenc init short.yaml -o v.bin").exit == 0);
    CHECK(contains(folder.run("linenc apply short.yaml v.bin -i x=ones --dim batch=1").out, "1001."));
    const Ran over = folder.run("linenc apply long.yaml v.bin -i x=ones --dim batch=1");
    CHECK(over.exit == 1);
    CHECK(contains(over.err, "error[E0218 limit-exceeded]: the loops of the model run "));
    CHECK(contains(over.err, "--> long.yaml:5:"));
    // Two nodes of each run, and four for the loop itself and its indices.
    folder.write("n.yaml", model("2_097_150"));
    folder.write("more.yaml", model("2_097_151"));
    CHECK(contains(folder.run("linenc apply more.yaml v.bin -i x=ones --dim batch=1").err, "run 4_194_306 steps in all, and at most 4_194_304"));
    CHECK(folder.run("linenc apply n.yaml v.bin -i x=ones --dim batch=1").exit == 0);
  }

  // L1
  TEST_CASE("a model file has 4 MiB, and one byte more is refused unless --limit yaml-bytes allows it") {
    const Folder folder;
    const std::string text = std::string(kHead) + "model: {Dense: {features: 3}}\n";
    const auto padded = [&](std::size_t size) {
      std::string lines = text;
      while (lines.size() + 1000 < size) lines += "#" + std::string(998, '-') + "\n";
      return lines + "#" + std::string(size - lines.size() - 2, '-') + "\n";
    };
    folder.write("full.yaml", padded(4u << 20));
    folder.write("over.yaml", padded((4u << 20) + 1));
    CHECK(folder.run("linenc check full.yaml").exit == 0);
    const Ran over = folder.run("linenc check over.yaml");
    CHECK(over.exit == 1);
    CHECK(contains(over.out, "--limit yaml-bytes=N"));
    CHECK(folder.run("linenc check over.yaml --limit yaml-bytes=4194305").exit == 0);
    CHECK(folder.run("cat over.yaml | linenc check -").exit == 1);
    CHECK(folder.run("cat over.yaml | linenc check - --limit yaml-bytes=4194305").exit == 0);
  }

  // L3, L6, L7
  TEST_CASE("nodes, steps and modules are counted, and one more than the limit is refused with its name") {
    const Folder folder;
    folder.write("ten.yaml", loop_model(10));
    folder.write("eleven.yaml", loop_model(11));
    for (const std::string name : {"yaml-nodes", "steps", "instances"}) {
      CAPTURE(name);
      const std::int64_t ten = least_limit(folder, "check ten.yaml", name, 1, 4096);
      const std::int64_t eleven = least_limit(folder, "check eleven.yaml", name, 1, 4096);
      CHECK((name == "yaml-nodes" ? ten == eleven : ten < eleven));
      if (name == "instances") CHECK(eleven == ten + 1);
    }
  }

  // L7 at its default, beside L6.
  TEST_CASE("modules inside of modules go 64 deep, and not 65") {
    const Folder folder;
    const auto chain = [](int count) {
      std::string text = std::string(kHead) + "model: {M1: {}}\nmodules:\n";
      for (int i = 1; i < count; ++i) text += "  M" + std::to_string(i) + ": {compact: [{M" + std::to_string(i + 1) + ": {}}]}\n";
      return text + "  M" + std::to_string(count) + ": {compact: [{param: w, init: zeros_init(), shape: [2]}, {return: x}]}\n";
    };
    folder.write("probe.yaml", chain(2));
    const Ran probe = folder.run("linenc check probe.yaml");
    CAPTURE(probe.out);
    REQUIRE(probe.exit == 0);
    int last = 0;
    for (int count = 60; count <= 70; ++count) {
      folder.write("m.yaml", chain(count));
      const Ran ran = folder.run("linenc check m.yaml");
      if (ran.exit == 0) {
        CHECK(last == (count == 60 ? 0 : count - 1));
        last = count;
      } else {
        CHECK(contains(ran.out, "nested more than 64 deep"));
      }
    }
    CHECK(last == 64);
  }

  // L9
  TEST_CASE("lists and ranges of an expression have 2^20 items, and not one more") {
    const Folder folder;
    for (const std::string list : {"[0] * ", "range"}) {
      for (const auto& [count, exit] : {std::pair(1 << 20, 0), std::pair((1 << 20) + 1, 1)}) {
        CAPTURE(list);
        CAPTURE(count);
        folder.write("m.yaml",
                     std::string(kHead) + "model: {compact: [{let: {a: \"" + list + "(" + std::to_string(count) + ")\"}}, {return: x * len(a)}]}\n");
        CHECK(folder.run("linenc check m.yaml").exit == exit);
      }
    }
  }

  // L13
  TEST_CASE("parameters are limited at N and N + 1 by --limit parameters") {
    const Folder folder;
    folder.write("m.yaml", std::string(kHead) + "model: {Dense: {features: 3}}\n");
    CHECK(least_limit(folder, "check m.yaml", "parameters", 1, 100) == 15);
    CHECK(folder.run("linenc init m.yaml --limit parameters=14").exit == 1);
    CHECK(folder.run("linenc init m.yaml --limit parameters=15").exit == 0);
  }

  // L15 to L17, L20
  TEST_CASE("arrays, names, headers, JSON and archives are limited at N and N + 1, each by its name") {
    const Folder folder;
    folder.write("m.yaml", std::string(kHead) + "model: {compact: [{Dense: {features: 3}}, {Dense: {features: 2}}]}\n");
    REQUIRE(
        folder.run("linenc init m.yaml -o v.bin && linenc init m.yaml -o v.json && linenc init m.yaml -o v.msgpack && linenc init m.yaml -o v.npz")
            .exit == 0);
    for (const std::string file : {"v.bin", "v.json", "v.msgpack", "v.npz"}) {
      CAPTURE(file);
      CHECK(least_limit(folder, "vars list " + file, "arrays", 1, 100) == 4);
      CHECK(least_limit(folder, "vars list " + file, "name-bytes", 1, 100) == 21);  // params/Dense_0/kernel
    }
    CHECK(least_limit(folder, "vars list v.json", "json-bytes", 1, 100'000) == static_cast<std::int64_t>(folder.read("v.json").size()));
    CHECK(least_limit(folder, "vars list v.npz", "npz-members", 1, 100) == 4);
    const std::string bytes = folder.read("v.bin");
    const std::int64_t header = static_cast<unsigned char>(bytes[0]) + 256 * static_cast<unsigned char>(bytes[1]);
    CHECK(least_limit(folder, "vars list v.bin", "header-bytes", 1, 100'000) == header);
    // Four members of 128 bytes of header and the data.
    CHECK(least_limit(folder, "vars list v.npz", "npz-bytes", 1, 100'000) == 4 * 128 + (12 + 3 + 6 + 2) * 4);
    CHECK(folder.run("linenc apply m.yaml v.bin -i x=ones --dim batch=1 --limit arrays=3").exit == 1);
    CHECK(folder.run("linenc check m.yaml --vars v.bin --limit arrays=3").exit == 1);
  }

  // L14
  TEST_CASE("--max-memory refuses a run that needs more, with both numbers, and units are binary") {
    const Folder folder;
    folder.write("m.yaml", std::string(kHead) + "model: {Dense: {features: 100000}}\n");
    const Ran ran = folder.run("linenc init m.yaml --max-memory 1MiB");
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "and 1.0 MiB may be taken (see `--max-memory`)"));
    CHECK(!folder.has("vars.bin"));
    CHECK(folder.run("linenc init m.yaml --max-memory 1GiB").exit == 0);
    CHECK(folder.run("linenc init m.yaml --max-memory 4 parsecs").exit == 2);
    CHECK(folder.run("linenc init m.yaml --max-memory 99999999999TiB").exit == 2);
    CHECK(folder.run("linenc init m.yaml --max-memory 0").exit == 2);
  }

  // reliability.md 2.2: L14 and L20 hold before data are read or unpacked.
  TEST_CASE("endless streams are refused by their headers, with little memory") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[4, 4]\"}\nmodel: {compact: [relu]}\n");
    folder.write("n.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 784]\"}\nmodel: {compact: [relu]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    folder.write("large", npy_head("(100000000,)"));
    folder.write("huge", npy_head("(1000000000, 784)"));
    struct Row {
      std::string command;
      int exit;
      std::string message;
    };
    // Less than the arrays would take; the sanitizers take more than that themselves.
#ifdef __SANITIZE_ADDRESS__
    const std::string little;
#else
    const std::string little = "ulimit -v 350000; ";
#endif
    for (const Row& row :
         {Row{"yes | linenc apply m.yaml vars.bin -", 1, "the content is none of"},
          Row{"linenc apply m.yaml vars.bin /dev/zero", 1, "the content is none of"},
          Row{"linenc apply m.yaml /dev/zero -i x=ones", 1, "the content is none of"}, Row{"linenc vars list /dev/zero", 1, "the content is none of"},
          Row{"cat large /dev/zero | linenc apply m.yaml vars.bin -", 1, "its contract is float32[4, 4]"},
          Row{"cat huge /dev/zero | linenc apply n.yaml vars.bin -", 2, "announces 3136000000128 bytes"},
          Row{"cat huge /dev/zero | linenc apply n.yaml vars.bin - --max-memory 50MiB", 2, "and 52428800 may be taken"}}) {
      CAPTURE(row.command);
      const Ran ran = folder.run(little + row.command);
      CHECK(ran.exit == row.exit);
      CHECK(contains(ran.err, row.message));
    }
  }

  TEST_CASE("a member of an archive is unpacked only where the model or the plan can take it") {
    const Folder folder;
    for (const std::string type : {"float32[4, 4]", "float32[8]", "float32[n, n + 1]", "int32[4, 4]"}) {
      folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[4, 4]\"}\nmodel: {compact: [relu]}\n");
      folder.write("n.yaml", "linenc: 1\ninputs: {output: \"" + type + "\"}\nmodel: {compact: [relu]}\n");
      REQUIRE(folder.run("linenc init m.yaml && linenc apply m.yaml vars.bin -i x=ones -o x.npz").exit == 0);
      REQUIRE(folder.run("linenc compile n.yaml vars.bin -o n.plan --dim n=3 || linenc compile n.yaml vars.bin -o n.plan").exit == 0);
      std::string archive = folder.read("x.npz");
      archive[archive.find("PK\x01\x02") - 1] ^= 1;  // the last byte of the data: unpacking it is an error
      folder.write("x.npz", archive);
      for (const std::string given : {"x.npz:output", "x.npz", "-i output=x.npz:output", "-i @x.npz"}) {
        for (const std::string model : {"n.yaml vars.bin", "n.plan"}) {
          CAPTURE(type);
          CAPTURE(given);
          CAPTURE(model);
          const Ran ran = folder.run("linenc apply " + model + " " + given);
          CHECK(ran.exit == 1);
          CHECK(contains(ran.err, type == "float32[4, 4]" ? "error[E0403" : "error[E0404"));
        }
      }
    }
  }

  TEST_CASE("a limit that does not exist gets the nearest name") {
    const Folder folder;
    folder.write("m.yaml", std::string(kHead) + "model: {Dense: {features: 3}}\n");
    const Ran ran = folder.run("linenc check m.yaml --limit step=5");
    CHECK(ran.exit == 2);
    CHECK(contains(ran.err, "did you mean `steps`"));
    CHECK(folder.run("linenc check m.yaml --limit steps").exit == 2);
    CHECK(folder.run("linenc check m.yaml --limit steps=0").exit == 2);
    CHECK(folder.run("linenc check m.yaml --limit steps=1000 --limit instances=10").exit == 0);
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
