// `linenc compile`, and plan files in the hands of apply and plan, as users run them.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/compiler/driver/run_program.h"

namespace linenc::test {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kModel = R"yaml(linenc: 1
config: {features: 3, train: false}
inputs: {x: "float32[batch, 4]", mask: "bool[batch, 3] | none", scale: 2}
model:
  args: [x, mask = none, scale = 2]
  compact:
    - Dense: {features: =config.features}
    - Dropout: {rate: 0.5, deterministic: =not config.train}
    - BatchNorm: {use_running_average: =not config.train}
    - let: {y: "x * scale"}
    - return: "y if mask is None else jnp.where(mask, y, 0.0)"
)yaml";

constexpr const char* kDense = R"(linenc: 1
inputs: {x: "float32[batch, 4]"}
model: {Dense: {features: 3}}
)";

void prepare(const Folder& folder) {
  folder.write("m.yaml", kDense);
  const Ran ran = folder.run("linenc init m.yaml && linenc compile m.yaml vars.bin --dim batch=2 -o m.plan");
  CHECK(ran.err == "");
  REQUIRE(ran.exit == 0);
}

// The options of a case of tests/flax/goldens: those that init, compile and apply share, and those of the runs.
struct Case {
  std::string model, variant, inputs, init, apply;
};

std::string quoted(const std::string& text) { return "'" + text + "'"; }

Case read_case(const Json& data) {
  Case c;
  // The maps outlive the loops over them.
  const Json none = Json::object();
  const Json sets = data.value("set", none), rngs = data.value("rngs", none), apply_rngs = data.value("apply_rngs", none);
  c.model = "$models/" + data.at("model").get<std::string>().substr(7);
  for (const auto& [key, value] : sets.items()) {
    c.variant += " --set " + quoted(key + "=" + (value.is_string() ? value.get<std::string>() : value.dump()));
  }
  if (data.contains("method")) c.variant += " --method " + data.at("method").get<std::string>();
  for (const auto& [name, reference] : data.at("inputs").items()) {
    std::string text = reference.get<std::string>();
    const std::size_t hash = text.find('#');
    if (hash != std::string::npos) text = LINENC_SOURCE_DIR "/tests/flax/goldens/" + text.replace(hash, 1, ":");  // else key:7
    c.inputs += " -i " + quoted(name + "=" + text);
  }
  for (const auto& [stream, seed] : rngs.items()) c.init += " --rng " + stream + "=" + seed.dump();
  for (const auto& [stream, seed] : apply_rngs.items()) c.apply += " --rng " + stream + "=" + seed.dump();
  if (data.contains("mutable")) {
    std::string names;
    if (data.at("mutable").is_string())
      names = "all";
    else
      for (const auto& name : data.at("mutable")) names += (names.empty() ? "" : ",") + name.get<std::string>();
    c.apply += " --mutable " + names;
  }
  return c;
}

bool is_first_of_its_kind(const std::string& name) {
  return !name.ends_with("/seed_1") && !name.ends_with("/seed_42") && !name.ends_with("/seed_-1");
}

}  // namespace

TEST_SUITE("compiler/driver/compile") {
  TEST_CASE("a plan gives the bits that the model gives, for every case of models/, and prints as the model's plan") {
    const std::string goldens = LINENC_SOURCE_DIR "/tests/flax/goldens/";
    int cases = 0;
    const Json index = Json::parse(read_text(goldens + "index.json"));
    for (const auto& file : index.at("files")) {
      const std::string name = file.get<std::string>();
      if (!name.starts_with("models/")) continue;
      const Json group = Json::parse(read_text(goldens + name));
      for (const Json& data : group.at("cases")) {
        if (!is_first_of_its_kind(data.at("name").get<std::string>())) continue;
        const Case c = read_case(data);
        ++cases;
        CAPTURE(data.at("name").get<std::string>());
        const bool writes = contains(c.apply, "--mutable");
        const std::string results = writes ? " --vars-out new_" : "";
        const auto wrote = [&](const std::string& which) { return writes ? results + which + ".bin" : ""; };
        const Folder folder;
        const Ran ran = folder.run(
            "set -e; linenc init " + c.model + c.variant + c.inputs + c.init + " -q -o v.bin\n" + "linenc apply " + c.model + " v.bin" + c.variant +
            c.inputs + c.apply + " -o a.safetensors" + wrote("a") + "\n" + "linenc compile " + c.model + " v.bin" + c.variant + c.inputs + c.apply +
            " -q -o packed.plan\n" + "linenc compile " + c.model + c.variant + c.inputs + c.apply + " -q --threads 1 -o bare.plan\n" +
            "linenc apply packed.plan" + c.inputs + " -o b.safetensors" + wrote("b") + "\n" + "linenc apply bare.plan v.bin" + c.inputs +
            " -o c.safetensors --threads 1" + wrote("c") + "\n" + "cmp a.safetensors b.safetensors; cmp a.safetensors c.safetensors\n" +
            (writes ? "cmp new_a.bin new_b.bin; cmp new_a.bin new_c.bin\n" : "") + "linenc plan " + c.model + c.variant + c.inputs + c.apply +
            " > model.txt; linenc plan bare.plan > plan.txt; cmp model.txt plan.txt");
        CHECK(ran.err == "");
        CHECK(ran.out == "");
        CHECK(ran.exit == 0);
      }
    }
    CHECK(cases >= 60);
  }

  TEST_CASE("compile says what it made, and apply takes the plan by its content") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    const Ran ran = folder.run("linenc init m.yaml -q && linenc compile m.yaml vars.bin --dim batch=2 -o odd.name");
    CHECK(ran.err == "");
    CHECK(contains(ran.out, "odd.name: 1 step for batch=2, "));
    CHECK(contains(ran.out, " with 2 arrays\n"));
    CHECK(folder.run("linenc apply odd.name -i x=normal:7").out == folder.run("linenc apply m.yaml vars.bin -i x=normal:7 --dim batch=2").out);
    folder.write("m.plan", kDense);
    CHECK(folder.run("linenc apply m.plan vars.bin -i x=ones --dim batch=1").exit == 0);
  }

  TEST_CASE("the model file is not needed any more") {
    const Folder folder;
    prepare(folder);
    CHECK(folder.run("rm m.yaml vars.bin; linenc apply m.plan -i x=ones").exit == 0);
    CHECK(contains(folder.run("linenc plan m.plan").out, "m.yaml:3"));
  }

  TEST_CASE("the same bytes for every number of threads, folder and locale") {
    const Folder folder;
    prepare(folder);
    const Ran ran = folder.run(
        "mkdir d && cp m.yaml vars.bin d; linenc compile m.yaml vars.bin --dim batch=2 --threads 1 -q -o a.plan; "
        "(cd d; env LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo '" LINENC_PROGRAM
        "' compile m.yaml vars.bin --dim batch=2 --threads 2 -q -o ../b.plan); cmp m.plan a.plan; cmp a.plan b.plan");
    CHECK(ran.out + ran.err == "");
    CHECK(ran.exit == 0);
  }

  TEST_CASE("sizes come from --dim or an example; a missing one is asked for") {
    const Folder folder;
    prepare(folder);
    const Ran missing = folder.run("linenc compile m.yaml vars.bin -o n.plan");
    CHECK(missing.exit == 1);
    CHECK(contains(missing.err, "the dimension `batch` has no size: give `--dim batch=N`, or an array that has it"));
    CHECK_FALSE(folder.has("n.plan"));
    CHECK(
        contains(folder.run("linenc apply m.plan -i x=ones -o y.npy; linenc compile m.yaml vars.bin -i x=[[1,2,3,4]] -o n.plan").out, "for batch=1"));
    CHECK(contains(folder.run("linenc compile m.yaml vars.bin --dim batch=2").err, "give `-o FILE.plan`"));
  }

  TEST_CASE("a size that nobody gave is asked for before anything that a body does with it") {
    const Folder folder;
    folder.write("s.yaml",
                 "linenc: 1\n"
                 "inputs: {x: 'float32[batch, n]', mask: 'bool[batch, k] | none'}\n"
                 "model:\n"
                 "  args: [x, mask = none]\n"
                 "  compact:\n"
                 "    - for: i\n"
                 "      over: range(len(x))\n"
                 "      do: [{Dense: {features: 2}}]\n");
    const Ran missing = folder.run("linenc compile s.yaml -o s.plan");
    CHECK(missing.exit == 1);
    CHECK(contains(missing.err, "the dimension `batch` has no size: give `--dim batch=N`"));
    CHECK(contains(missing.err, "the dimension `n` has no size: give `--dim n=N`"));
    CHECK(contains(missing.err, "s.yaml:2:22"));
    CHECK_FALSE(contains(missing.err, "range"));
    CHECK_FALSE(contains(missing.err, "`k`"));  // of an optional input that is not given
    CHECK_FALSE(contains(folder.run("linenc compile s.yaml -i x=[[1,2]] -o t.plan").err, "has no size"));
    CHECK(folder.run("linenc compile s.yaml --dim batch=2 --dim n=3 -o s.plan").exit == 0);
  }

  TEST_CASE("arrays that do not fit the plan are told with both sizes") {
    const Folder folder;
    prepare(folder);
    const Ran shape = folder.run("linenc apply m.plan -i 'x=[[1, 2, 3, 4]]'");
    CHECK(shape.exit == 1);
    CHECK(contains(shape.err, "E0404"));
    CHECK(contains(shape.err, "the input `x` is float32[1, 4], and the plan was compiled for float32[2, 4] (float32[batch, 4] in the model)"));
    CHECK(contains(folder.run("linenc apply m.plan").err, "the input `x: float32[batch, 4]` is missing: give a file, or `-i x=zeros`"));
    CHECK(contains(folder.run("linenc apply m.plan -i y=ones").err, "the model has no input `y`"));
    CHECK(contains(folder.run("linenc apply m.plan a.npy b.npy").err, "2 arrays given, and the model takes 1 (`x`)"));
  }

  TEST_CASE("what was decided when the plan was compiled is not changed silently") {
    const Folder folder;
    prepare(folder);
    struct Row {
      std::string options, problem;
    };
    for (const Row& row : {
             Row{"--set a=1", "`--set` cannot be changed any more: the plan was compiled with its configuration; compile the model again with it"},
             Row{"--dim batch=3", "`--dim batch` cannot be changed any more: the plan was compiled for batch=2"},
             Row{"--dim bath=2", "`--dim bath`: no input has this dimension"},
             Row{"--method encode", "`--method` cannot be changed any more: the plan was compiled for the usual method"},
             Row{"--mutable all", "`--mutable` cannot be changed any more"},
             Row{"--save-intermediates i.bin", "`--save-intermediates` cannot be changed any more"},
             Row{"--vars-out n.bin", "`--vars-out` has nothing to write: the plan was compiled without `--mutable`"},
             Row{"--rng dropout=1", "the plan was compiled without the random stream `dropout`: it draws nothing"},
             Row{"--seed 1", "the plan was compiled without the random stream `params`"},
         }) {
      CAPTURE(row.options);
      const Ran ran = folder.run("linenc apply m.plan -i x=ones " + row.options);
      CHECK(ran.exit == 2);
      CHECK_MESSAGE(contains(ran.err, row.problem), ran.err);
    }
    CHECK(folder.run("linenc apply m.plan -i x=ones --dim batch=2 -q").exit == 0);
    CHECK(contains(folder.run("linenc plan m.plan --dim batch=3").err, "cannot be changed any more"));
    CHECK(contains(folder.run("linenc plan m.plan --program init").err, "the model has the rest"));
  }

  TEST_CASE("draws, optional and static inputs, and updates of variables") {
    const Folder folder;
    folder.write("m.yaml", kModel);
    REQUIRE(folder.run("linenc init m.yaml --dim batch=2 -q").exit == 0);
    const std::string options = " --set train=true --rng dropout=1 --mutable batch_stats -i x=normal:3 -i scale=3 ";
    const Ran made = folder.run("linenc compile m.yaml vars.bin --dim batch=2" + options + "-q -o m.plan");
    CHECK(made.err == "");
    CHECK(made.exit == 0);
    const auto same = [&](const std::string& plan_options, const std::string& model_options) {
      const Ran plan = folder.run("linenc apply m.plan -i x=normal:3 " + plan_options + " --vars-out p.bin");
      const Ran model = folder.run("linenc apply m.yaml vars.bin --dim batch=2" + options + model_options + " --vars-out q.bin");
      CHECK(plan.err == "");
      CHECK(plan.out == model.out);
      CHECK(folder.read("p.bin") == folder.read("q.bin"));
    };
    same("", "");
    same("-i scale=3", "");
    CHECK(folder.run("linenc apply m.plan -i x=normal:3 --rng dropout=9").out != folder.run("linenc apply m.plan -i x=normal:3").out);
    CHECK(contains(folder.run("linenc apply m.plan -i x=ones -i scale=5").err, "the plan was compiled with `3`"));
    CHECK(contains(folder.run("linenc apply m.plan -i x=ones -i mask=ones").err, "the plan was compiled without the optional input `mask`"));
  }

  TEST_CASE("a checkpoint for a plan without variables has to fit") {
    const Folder folder;
    prepare(folder);
    folder.write("other.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {Dense: {features: 5, use_bias: false}}\n");
    REQUIRE(folder.run("linenc compile m.yaml --dim batch=2 -o bare.plan && linenc init other.yaml -o other.bin").exit == 0);
    CHECK(folder.run("linenc apply bare.plan vars.bin -i x=ones").out == folder.run("linenc apply m.plan -i x=ones").out);
    const Ran other = folder.run("linenc apply bare.plan other.bin -i x=ones");
    CHECK(other.exit == 1);
    CHECK(contains(other.err, "`params/kernel` is float32[4, 5] in `other.bin`, and the plan was compiled for float32[4, 3]"));
    CHECK(contains(other.err, "`params/bias` (float32[3]) is missing in `other.bin`"));
    CHECK(contains(folder.run("linenc apply bare.plan -i x=ones").err, "the file of variables is missing: the plan was compiled without variables"));
  }

  TEST_CASE("broken plans are refused with exit 1") {
    const Folder folder;
    prepare(folder);
    const std::string bytes = folder.read("m.plan");
    folder.write("cut.plan", bytes.substr(0, bytes.size() - 1));
    folder.write("long.plan", bytes + "x");
    std::string flipped = bytes;
    flipped[flipped.size() - 3] = static_cast<char>(flipped[flipped.size() - 3] ^ 4);
    folder.write("flipped.plan", flipped);
    std::string newer = bytes;
    newer[8] = 9;
    folder.write("newer.plan", newer);
    for (const auto& [name, problem] : {std::pair{"cut", "truncated: "},
                                        {"long", "1 trailing bytes"},
                                        {"flipped", "checksum mismatch: the data was changed or damaged"},
                                        {"newer", "written by a newer linenc, or damaged: version 9"}}) {
      for (const std::string command : {"apply", "plan"}) {
        const Ran ran = folder.run("linenc " + command + " " + name + ".plan" + (command == "apply" ? " -i x=ones" : ""));
        CHECK(ran.exit == 1);
        CHECK_MESSAGE(contains(ran.err, std::string("error[E0406 broken-plan]: the plan `") + name + ".plan` cannot be used: " + problem), ran.err);
        CHECK(ran.out == "");
      }
    }
  }

  TEST_CASE("compile writes over a plan that is in use, and never half a file") {
    const Folder folder;
    prepare(folder);
    const std::string before = folder.read("m.plan");
    CHECK(folder.run("ulimit -f 1; linenc compile m.yaml vars.bin --dim batch=2000 -o m.plan").exit == 2);
    CHECK(folder.read("m.plan") == before);
    CHECK(folder.run("linenc compile m.yaml vars.bin --dim batch=3 -q -o m.plan").exit == 0);
    CHECK(folder.read("m.plan") != before);
    CHECK(folder.run("linenc compile m.yaml vars.bin --dim batch=3 -o /dev/full").exit == 2);
    CHECK(folder.names() == std::vector<std::string>{"m.plan", "m.yaml", "vars.bin"});
  }

  TEST_CASE("a plan that becomes shorter while it is used ends the run with a message") {
    const Folder folder;
    prepare(folder);
    // The run has mapped the plan and waits for its input.
    const Ran ran = folder.run(
        "printf 'linenc: 1\\ninputs: {x: \"float32[2, 4]\"}\\nmodel: {compact: [{return: x}]}\\n' > id.yaml; linenc init id.yaml -q -o none.bin; "
        "linenc apply id.yaml none.bin -i x=ones -o x.npy; mkfifo pipe; '" LINENC_PROGRAM
        "' apply m.plan - < pipe & exec 3> pipe; "
        "until grep -q m.plan /proc/$!/maps; do :; done; truncate -s 4096 m.plan; cat x.npy >&3; exec 3>&-; wait $!");
    CHECK(ran.exit == 2);
    CHECK(ran.err == "linenc: a file became shorter while it was read\n");
    CHECK(ran.out == "");
  }

  TEST_CASE("plans print as JSON too, and expectations and casts work on them") {
    const Folder folder;
    prepare(folder);
    CHECK(folder.run("linenc plan m.plan --json").out == folder.run("linenc plan m.yaml --dim batch=2 --json").out);
    CHECK(folder.run("linenc apply m.plan -i x=ones -o y.npy && linenc apply m.plan -i x=ones --expect y.npy --check-finite").exit == 0);
    CHECK(folder.run("linenc apply m.plan -i x=zeros --expect y.npy").exit == 1);
    CHECK(folder.run("linenc apply m.plan y.npy").exit == 1);
  }

  TEST_CASE("--check-finite names the module and the line") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel:\n  compact:\n    - Dense: {features: 3}\n    - Dense: {features: 2}\n");
    REQUIRE(folder.run("linenc init m.yaml -q && linenc compile m.yaml vars.bin -q -o m.plan").exit == 0);
    const Ran plan = folder.run("linenc apply m.plan -i 'x=[[.inf, 0, 0, 0], [0, 0, 0, 0]]' --check-finite");
    CHECK(plan.exit == 1);
    CHECK_MESSAGE(contains(plan.err, ", made by `Dense_1` (m.yaml:6)\n"), plan.err);
  }
}

}  // namespace linenc::test
