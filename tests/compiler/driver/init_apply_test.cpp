// `linenc init` and `linenc apply`, as users run them.
#include <algorithm>
#include <thread>

#include "runtime/variables/formats.h"
#include "tests/compiler/driver/run_program.h"

namespace linenc::test {
namespace {

constexpr const char* kBatchModel = R"(linenc: 1
config: {features: 3, act: relu}
inputs: {x: "float32[batch, 4]"}
model:
  compact:
    - Dense: {features: =config.features}
    - config.act
)";

constexpr const char* kDense = R"(linenc: 1
config: {features: 3}
inputs: {x: "float32[batch, 4]"}
model: {Dense: {features: =config.features}}
)";

}  // namespace

TEST_SUITE("compiler/driver/init and apply") {
  // The numbers are those of flax.linen.Dense(3) with key(0), applied to jax.random.normal(key(7), (4, 4)).
  TEST_CASE("init makes Flax's first values and apply Flax's outputs") {
    const Folder folder;
    const Ran init = folder.run("linenc init $models/dense.yaml --seed 0 -o v.safetensors");
    CHECK(init.err == "");
    CHECK(init.exit == 0);
    CHECK(init.out == "v.safetensors: 2 variables, 15 parameters, 60 B (params 60 B)\n");
    const auto variables = runtime::read_variables(folder / "v.safetensors");
    REQUIRE(variables);
    const Array* kernel = variables->find("params/kernel");
    REQUIRE(kernel != nullptr);
    CHECK(kernel->as<float>()[0] == 0.04130830243229866f);
    CHECK(kernel->as<float>()[11] == 0.346373975276947f);
    const Ran apply = folder.run("linenc apply $models/dense.yaml v.safetensors -i x=normal:7");
    CHECK(apply.err == "");
    CHECK(apply.exit == 0);
    CHECK(contains(apply.out, "output float32[4, 3]\n[[ 0.738287"));
    CHECK(std::count(apply.out.begin(), apply.out.end(), '\n') == 5);
  }

  TEST_CASE("init writes vars.bin where nothing else is said") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    CHECK(folder.run("linenc init m.yaml").out == "vars.bin: 2 variables, 15 parameters, 60 B (params 60 B)\n");
    CHECK(folder.names() == std::vector<std::string>{"m.yaml", "vars.bin"});
  }

  TEST_CASE("the suffix chooses the format, --format overrides it, and all hold the same tree") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    std::vector<std::string> digests;
    for (const std::string name : {"v.bin", "v.safetensors", "v.json", "v.msgpack", "v.npz"}) {
      CAPTURE(name);
      const Ran ran = folder.run("linenc init m.yaml --digest -o " + name);
      CHECK(ran.exit == 0);
      digests.push_back(ran.out);
      CHECK(folder.run("linenc apply m.yaml " + name + " -i x=ones --dim batch=1").exit == 0);
    }
    CHECK(std::count(digests.begin(), digests.end(), digests.front()) == 5);
    CHECK(contains(digests.front(), "sha256:"));
    CHECK(folder.run("linenc init m.yaml -o v.dat --format json").exit == 0);
    CHECK(folder.read("v.dat") == folder.read("v.json"));
    CHECK(folder.run("linenc init m.yaml -o w.dat").exit == 2);
    CHECK(folder.run("linenc init m.yaml -o w.bin --format gguf").exit == 2);
  }

  TEST_CASE("a file that exists is left alone unless it is the same or --force is given") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    const std::string first = folder.read("vars.bin");
    CHECK(folder.run("linenc init m.yaml").exit == 0);
    const Ran other = folder.run("linenc init m.yaml --seed 1");
    CHECK(other.exit == 2);
    CHECK(other.out == "");
    CHECK(contains(other.err, "--force"));
    CHECK(folder.read("vars.bin") == first);
    CHECK(folder.run("linenc init m.yaml --seed 1 --force").exit == 0);
    CHECK(folder.read("vars.bin") != first);
  }

  TEST_CASE("the same seed gives the same bytes, for every number of threads and every way to write the seed") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    for (const std::string options : {"--seed 4294967295 --threads 1", "--seed -1 --threads 3", "--seed=-1"}) {
      CAPTURE(options);
      CHECK(folder.run("linenc init m.yaml --digest -q -o v.npz --force " + options).exit == 0);
      const std::string bytes = folder.read("v.npz");
      CHECK(folder.run("linenc init m.yaml --seed 4294967295 -o same.npz").exit == 0);
      CHECK(bytes == folder.read("same.npz"));
    }
    CHECK(folder.run("linenc init m.yaml --seed 9223372036854775808 -o x.bin").exit == 2);
    CHECK(folder.run("linenc init m.yaml --seed 1.5 -o x.bin").exit == 2);
    CHECK_FALSE(folder.has("x.bin"));
  }

  TEST_CASE("--set changes an entry of config, keeps its type, and must name one") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    CHECK(contains(folder.run("linenc init m.yaml --set features=5 -o a.bin").out, "25 parameters"));
    const Ran unknown = folder.run("linenc init m.yaml --set feature=5 -o b.bin");
    CHECK(unknown.exit == 2);
    CHECK(contains(unknown.err, "did you mean `features`?"));
    const Ran wrong = folder.run("linenc init m.yaml --set features=wide -o b.bin");
    CHECK(wrong.exit == 2);
    CHECK(contains(wrong.err, "--set features:1:1"));
    CHECK(folder.run("linenc init m.yaml --set features= -o b.bin").exit == 2);
    CHECK(folder.run("linenc init m.yaml --set features -o b.bin").exit == 2);
    CHECK_FALSE(folder.has("b.bin"));
  }

  TEST_CASE("init needs no size for a dimension that no variable depends on, and says which one does") {
    const Folder folder;
    folder.write("free.yaml", kDense);
    CHECK(folder.run("linenc init free.yaml -o free.bin").exit == 0);
    folder.write("bound.yaml", "linenc: 1\ninputs: {x: \"float32[batch, width]\"}\nmodel: {Dense: {features: 3}}\n");
    const Ran open = folder.run("linenc init bound.yaml");
    CHECK(open.exit == 1);
    CHECK(open.out == "");
    CHECK(contains(open.err, "error[E0211 unknown-size]"));
    CHECK(contains(open.err, "params/kernel"));
    CHECK(contains(open.err, "--dim width=N"));
    CHECK_FALSE(folder.has("vars.bin"));
    CHECK(contains(folder.run("linenc init bound.yaml --dim width=7 -o by_dim.bin").out, "24 parameters"));
    CHECK(contains(folder.run("linenc init bound.yaml -i x=zeros --dim width=7 --dim batch=2 -o by_array.bin").out, "24 parameters"));
    folder.write("at.yaml", "linenc: 1\ninputs: {x: \"float32[batch, width]\"}\nmodel: {Dense: {features: 3}}\nexpect: {at: {width: 9}}\n");
    CHECK(contains(folder.run("linenc init at.yaml -o at.bin").out, "30 parameters"));
    CHECK(contains(folder.run("linenc init at.yaml --dim width=2 -o at2.bin").out, "9 parameters"));
  }

  TEST_CASE("an unknown dimension, method, command or option gets the nearest name and exit 2") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    struct Row {
      std::string command, hint;
    };
    for (const Row& row :
         {Row{"linenc init m.yaml --dim bath=3", "did you mean `batch`?"}, Row{"linenc init m.yaml --method cal", "did you mean `call`?"},
          Row{"linenc inti m.yaml", "did you mean `init`?"}, Row{"linenc init m.yaml --forse", "did you mean `--force`?"},
          Row{"linenc init m.yaml --seed", "--seed"}, Row{"linenc init", "model file"}, Row{"linenc init m.yaml extra", "extra"},
          Row{"linenc init missing.yaml", "missing.yaml"}, Row{"linenc init .", "folder"}, Row{"linenc init m.yaml --color blue", "--color"}}) {
      CAPTURE(row.command);
      const Ran ran = folder.run(row.command);
      CHECK(ran.exit == 2);
      CHECK(ran.out == "");
      CHECK(contains(ran.err, row.hint));
    }
    CHECK(folder.names() == std::vector<std::string>{"m.yaml"});
  }

  TEST_CASE("a mistake in the model is exit 1, with a picture on stderr and no file") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[2, 4]\"}\nmodel: {Dense: {feature: 3}}\n");
    const Ran ran = folder.run("linenc init m.yaml");
    CHECK(ran.exit == 1);
    CHECK(ran.out == "");
    CHECK(contains(ran.err, "error[E0202 unknown-field]"));
    CHECK(contains(ran.err, "--> m.yaml:3:17"));
    CHECK_FALSE(contains(ran.err, "\x1B["));
    CHECK(contains(folder.run("linenc init m.yaml --color always").err, "\x1B["));
    CHECK_FALSE(folder.has("vars.bin"));
  }

  TEST_CASE("the model comes from stdin where the path is a hyphen") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    CHECK(folder.run("linenc init - < m.yaml").exit == 0);
    CHECK(folder.has("vars.bin"));
  }

  TEST_CASE("inputs come in order, by name, from archives and from stdin, with the same result") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    folder.write("id.yaml", "linenc: 1\ninputs: {x: \"float32[batch, 4]\"}\nmodel: {compact: [{return: x}]}\n");
    REQUIRE(folder.run("linenc init m.yaml && linenc init id.yaml -o id.bin").exit == 0);
    REQUIRE(folder.run("linenc apply id.yaml id.bin -i x=normal:3 --dim batch=2 -o x.npy -o x.npz -o x=y.npz -o output=x.json").exit == 2);
    REQUIRE(folder.run("linenc apply id.yaml id.bin -i x=normal:3 --dim batch=2 -o x.npy -o x.npz -o output=x.json").exit == 0);
    const std::string expected = folder.run("linenc apply m.yaml vars.bin x.npy").out;
    CHECK(contains(expected, "output float32[2, 3]"));
    for (const std::string input : {"-i x=x.npy", "x.npz:output", "-i x=x.json", "- < x.npy", "-i x=- < x.npz", "-i x=normal:3 --dim batch=2"}) {
      CAPTURE(input);
      const Ran ran = folder.run("linenc apply m.yaml vars.bin " + input);
      CHECK(ran.err == "");
      CHECK(ran.out == expected);
    }
    CHECK(folder.run("linenc apply m.yaml vars.bin x.npz:outptu").exit == 2);
    CHECK(contains(folder.run("linenc apply m.yaml vars.bin").err, "the input `x: float32[batch, 4]` is missing"));
    CHECK(folder.run("linenc apply m.yaml vars.bin").exit == 2);
    CHECK(folder.run("linenc apply m.yaml vars.bin x.npy x.npy").exit == 2);
    CHECK(folder.run("linenc apply m.yaml vars.bin x.npy -i x=x.npy").exit == 2);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i y=x.npy").exit == 2);
    CHECK(folder.run("linenc apply m.yaml vars.bin missing.npy").exit == 2);
    folder.write("broken.npy", "\x93NUMPY rubbish");
    const Ran broken = folder.run("linenc apply m.yaml vars.bin broken.npy");
    CHECK(broken.exit == 1);
    CHECK(contains(broken.err, "error[E0403 broken-array]"));
  }

  TEST_CASE("an array that does not fit its contract is E0404, and values that would change need --cast") {
    const Folder folder;
    folder.write("id.yaml", "linenc: 1\ninputs: {x: \"any[n]\"}\nmodel: {compact: [{return: x}]}\n");
    folder.write("f32.yaml", "linenc: 1\ninputs: {x: \"float32[2]\"}\nmodel: {compact: [{return: x}]}\n");
    folder.write("i32.yaml", "linenc: 1\ninputs: {x: \"int32[2]\"}\nmodel: {compact: [{return: x}]}\n");
    REQUIRE(folder.run("linenc init id.yaml -o v.bin").exit == 0);
    REQUIRE(folder
                .run("linenc apply id.yaml v.bin '[1, 2]' -o i.npy; linenc apply id.yaml v.bin '[1.5, 2]' -o f.npy; linenc apply id.yaml v.bin "
                     "'[true, false]' -o b.npy")
                .exit == 0);
    CHECK(folder.run("linenc apply f32.yaml v.bin f.npy").out == "output float32[2]\n[1.5 2. ]\n");
    CHECK(folder.run("linenc apply f32.yaml v.bin b.npy").out == "output float32[2]\n[1. 0.]\n");
    CHECK(folder.run("linenc apply i32.yaml v.bin b.npy").out == "output int32[2]\n[1 0]\n");
    const Ran lossy = folder.run("linenc apply i32.yaml v.bin f.npy");
    CHECK(lossy.exit == 1);
    CHECK(contains(lossy.err, "error[E0404 input-mismatch]"));
    CHECK(contains(lossy.err, "--cast int32"));
    CHECK(folder.run("linenc apply i32.yaml v.bin f.npy --cast int32").out == "output int32[2]\n[1 2]\n");
    CHECK(folder.run("linenc apply f32.yaml v.bin i.npy --cast nosuch").exit == 2);
    const Ran shape = folder.run("linenc apply f32.yaml v.bin '[1, 2, 3]'");
    CHECK(shape.exit == 1);
    CHECK(contains(shape.err, "E0404"));
  }

  TEST_CASE("a collection that `--mutable` names and the model does not have is told") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[n, 2]\"}\nmodel: {compact: [{variable: memory, collection: memory, init: \"zeros((2,))\"}, "
                 "{set: {memory: memory + 1}}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    const Ran ran = folder.run("linenc apply m.yaml vars.bin -i x=ones --dim n=1 --mutable memory,memry");
    CHECK(ran.exit == 0);
    CHECK(ran.err == "warning: `--mutable memry`: the model has no such collection; did you mean `memory`?\n");
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones --dim n=1 --mutable memory,intermediates").err == "");
  }

  TEST_CASE("literals have NumPy's words for what is no number, too") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[n]\"}\nmodel: {compact: [{return: x + 1}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i 'x=[1, NaN, -inf, Infinity, .nan]'").out == "output float32[5]\n[  2.  nan -inf  inf  nan]\n");
  }

  TEST_CASE("a number of a literal that the dtype cannot hold is refused, not wrapped") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\nconfig: {dtype: int8}\ninputs: {x: \"config.dtype[n]\"}\nmodel: {compact: [{return: x}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i 'x=[-128, 127]'").out == "output int8[2]\n[-128  127]\n");
    const Ran wide = folder.run("linenc apply m.yaml vars.bin -i 'x=[1, 300]'");
    CHECK(wide.exit == 1);
    CHECK(contains(wide.err, "E0404 input-mismatch]: the input `x` holds 300, which is out of the range of int8: another number, or `--cast int8`"));
    CHECK(folder.run("linenc apply m.yaml vars.bin -i 'x=[1, 300]' --cast int8").out == "output int8[2]\n[ 1 44]\n");
    CHECK(contains(folder.run("linenc apply m.yaml vars.bin -i 'x=[-1]' --set dtype=uint32").err, "holds -1, which is out of the range of uint32"));
    CHECK(contains(folder.run("linenc apply m.yaml vars.bin -i 'x=[7e4]' --set dtype=float16").err,
                   "holds 70000.0, which is out of the range of float16"));
    CHECK(folder.run("linenc apply m.yaml vars.bin -i 'x=[inf, 65504]' --set dtype=float16").exit == 0);
    REQUIRE(folder.run("linenc compile m.yaml vars.bin -o m.plan --dim n=1").exit == 0);
    CHECK(folder.run("linenc apply m.plan -i 'x=[128]'").exit == 1);
  }

  TEST_CASE("init takes the least size that `assume` allows where nobody gives one") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[b, s, 3]\"}\nassume: [s % 4 == 0]\nmodel: {compact: [{reshape: [\"=x.shape[0]\", 4, -1, 3]}, "
                 "{Dense: {features: 2}}]}\n");
    CHECK(folder.run("linenc init m.yaml").exit == 0);
    const Ran wrong = folder.run("linenc init m.yaml --dim s=6 --force");
    CHECK(wrong.exit == 1);
    CHECK(contains(wrong.err, "the assumption does not hold at b=1, s=6"));
  }

  TEST_CASE("a static input takes a literal, and a wrong one is the command line's mistake") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[2]\", twice: false}\nmodel:\n  M\nmodules:\n  M:\n    args: [x, twice]\n    compact:\n      - if: "
                 "twice\n        then: [{let: {x: x * 2}}]\n      - return: x\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones").out == "output float32[2]\n[1. 1.]\n");
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones -i twice=true").out == "output float32[2]\n[2. 2.]\n");
    for (const char* none : {"none", "null", "'~'"})
      CHECK(folder.run(std::string("linenc apply m.yaml vars.bin -i x=ones -i twice=") + none).exit == 0);
    for (const char* other : {"no", "1", "twice.npy"}) {
      const Ran ran = folder.run(std::string("linenc apply m.yaml vars.bin -i x=ones -i twice=") + other);
      CHECK(ran.exit == 2);
      CHECK(contains(ran.err, std::string("the input `twice` wants bool, and this is `") + other + "`"));
    }
  }

  TEST_CASE("outputs go to files of every kind, by name, and to stdout") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[2]\"}\nmodel: {compact: [{return: {a: x, b: [\"x * 2\", \"x * 3\"]}}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones").out ==
          "output.a float32[2]\n[1. 1.]\noutput.b.0 float32[2]\n[2. 2.]\noutput.b.1 float32[2]\n[3. 3.]\n");
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones -o all.npz -o all.safetensors -o all.json -o b=b.npz -o b.1=three.npy").out == "");
    const auto all = runtime::read_arrays(folder / "all.npz");
    REQUIRE(all);
    CHECK(all->size() == 3);
    CHECK(all->at(1).key == "output.b.0");
    CHECK(runtime::read_arrays(folder / "b.npz")->size() == 2);
    const auto three = runtime::read_npy(folder / "three.npy");
    CHECK((*three).as<float>()[0] == 3);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones -o a=-").out ==
          *runtime::serialize_npy(runtime::read_arrays(folder / "all.npz")->at(0).array));
    const Ran many = folder.run("linenc apply m.yaml vars.bin -i x=ones -o first.npz -o one.npy");
    CHECK(many.exit == 2);
    CHECK(contains(many.err, "output.b.0"));
    CHECK_FALSE(folder.has("first.npz"));  // all files or none
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones -o c=c.npy").exit == 2);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones -o out.txt").exit == 2);
  }

  TEST_CASE("a key may hold colons, and so may the name of a file") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[1]\"}\nmodel: {compact: [relu]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    const auto arrays = [](const std::string& key, const std::string& value) {
      return R"({"format": "linenc-arrays", "version": 1, "arrays": {")" + key + R"(": {"dtype": "float32", "shape": [1], "data": [)" + value +
             "]}}}";
    };
    folder.write("k.json", arrays("a:b", "1"));
    folder.write("k.json:a", arrays("b", "2"));
    folder.write("c:d.json", arrays("e", "3"));
    CHECK(folder.run("linenc apply m.yaml vars.bin k.json:a:b").out == "output float32[1]\n[2.]\n");  // the longest name of a file
    std::filesystem::remove(folder / "k.json:a");
    CHECK(folder.run("linenc apply m.yaml vars.bin k.json:a:b").out == "output float32[1]\n[1.]\n");
    CHECK(folder.run("linenc apply m.yaml vars.bin c:d.json").out == "output float32[1]\n[3.]\n");
    CHECK(folder.run("linenc apply m.yaml vars.bin c:d.json:e").out == "output float32[1]\n[3.]\n");
  }

  TEST_CASE("bfloat16 goes to safetensors as it is, and to NumPy's files with --cast alone") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"bfloat16[2]\"}\nmodel: {compact: [{return: x}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones -o y.safetensors").exit == 0);
    const Ran refused = folder.run("linenc apply m.yaml vars.bin -i x=ones -o y.npy");
    CHECK(refused.exit == 2);
    CHECK(contains(refused.err, "--cast float32"));
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones -o y.npy --cast float32").exit == 0);
    CHECK(runtime::read_npy(folder / "y.npy")->dtype() == DType::Float32);
  }

  TEST_CASE("--mutable and --vars-out write the whole tree with the updates; without them a set is an error") {
    const Folder folder;
    REQUIRE(folder.run("linenc init $models/counter.yaml -o v0.bin").exit == 0);
    const Ran immutable = folder.run("linenc apply $models/counter.yaml v0.bin");
    CHECK(immutable.exit == 1);
    CHECK(contains(immutable.err, "E0212"));
    CHECK(folder.run("linenc apply $models/counter.yaml v0.bin --mutable counter --vars-out v1.bin").out == "output int32[]\n2\n");
    CHECK(folder.run("linenc apply $models/counter.yaml v1.bin --mutable all --vars-out v1.bin").out == "output int32[]\n3\n");
    const auto variables = runtime::read_variables(folder / "v1.bin");
    CHECK(variables->find("counter/count")->as<std::int32_t>()[0] == 3);
    CHECK(folder.run("linenc apply $models/batch_norm.yaml v0.bin --vars-out new.xyz").exit == 2);
  }

  TEST_CASE("drawing from a stream that is not given names the option to give") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[2, 3]\"}\nmodel: {Dropout: {rate: 0.5, deterministic: false}}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    const Ran missing = folder.run("linenc apply m.yaml vars.bin -i x=ones");
    CHECK(missing.exit == 1);
    CHECK(contains(missing.err, "E0213"));
    CHECK(contains(missing.err, "--rng dropout="));
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones --rng dropout=1").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones --rng dropout").exit == 2);
  }

  TEST_CASE("long outputs are shortened unless --full is given") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[n]\"}\nmodel: {compact: [{return: x}]}\n");
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    CHECK(folder.run("linenc apply m.yaml vars.bin -i x=ones --dim n=2000").out == "output float32[2000]\n[1. 1. 1. ... 1. 1. 1.]\n");
    CHECK_FALSE(contains(folder.run("linenc apply m.yaml vars.bin -i x=ones --dim n=2000 --full").out, "..."));
    CHECK(contains(folder.run("linenc apply m.yaml vars.bin -i x=ones").err, "--dim n=N"));
  }

  TEST_CASE("names with a slash: init's files, and flat files of others that joined the names, are applied and updated") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\ninputs: {x: \"float32[1, 2]\"}\nmodel:\n  compact:\n    - Dense: {features: 2}\n      name: a/b\n"
                 "    - variable: n/o\n      collection: count\n      init: zeros(())\n      out: n\n    - if: not is_initializing()\n"
                 "      then: [{set: {n: n + 1}}]\n    - return: x + n\n");
    for (const char* file : {"v.bin", "v.json", "v.msgpack", "v.npz"}) {
      CAPTURE(file);
      REQUIRE(folder.run(std::string("linenc init m.yaml -q -o ") + file).exit == 0);
      const Ran ran = folder.run(std::string("linenc apply m.yaml ") + file + " -i x=ones --mutable count --vars-out u.json");
      CAPTURE(ran.err);
      CHECK(ran.exit == 0);
      CHECK(folder.read("u.json").find("\"n/o\"") != std::string::npos);
      CHECK(folder.run(std::string("linenc check m.yaml --vars ") + file).exit == 0);
    }
    folder.write("flat.json",
                 R"({"format": "linenc-variables", "version": 1, "variables": {"params": {"a": {"b": {"kernel": {"dtype": "float32", "shape": [2, 2],
                     "data": [[1.0, 0.0], [0.0, 1.0]]}, "bias": {"dtype": "float32", "shape": [2], "data": [0.0, 0.0]}}}},
                     "count": {"n": {"o": {"dtype": "float32", "shape": [], "data": 4.0}}}}})");
    const Ran ran = folder.run("linenc apply m.yaml flat.json -i x=ones --mutable count --vars-out u.json");
    CAPTURE(ran.err);
    CHECK(ran.exit == 0);
    CHECK(ran.out.find("[[6. 6.]]") != std::string::npos);
    CHECK(folder.read("u.json").find("\"data\": 5}") != std::string::npos);
    CHECK(folder.read("u.json").find("n/o") == std::string::npos);
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/checkpoint_fit") {
  TEST_CASE("every leaf that is missing, extra, misshaped or mistyped is listed with the line that asks for it") {
    const Folder folder;
    folder.write(
        "two.yaml",
        "linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel:\n  compact:\n    - Dense: {features: 3}\n    - Dense: {features: 2, use_bias: false}\n");
    folder.write("other.yaml",
                 "linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel:\n  compact:\n    - Dense: {features: 5, param_dtype: float16, use_bias: false}\n "
                 "   - Dense: {features: 2}\n      name: last\n");
    REQUIRE(folder.run("linenc init two.yaml -o two.bin && linenc init other.yaml -o other.bin").exit == 0);
    const Ran ran = folder.run("linenc apply two.yaml other.bin -i x=ones --dim b=1");
    CHECK(ran.exit == 1);
    CHECK(ran.out == "");
    CHECK(contains(ran.err, "`params/Dense_0/kernel` is float16[4, 5] in other.bin, and the model wants float32[4, 3]"));
    CHECK(contains(ran.err, "`params/Dense_0/bias` (float32[3]) is missing in other.bin"));
    CHECK(contains(ran.err, "`params/Dense_1/kernel` (float32[3, 2]) is missing in other.bin"));
    CHECK(contains(ran.err, "`params/last/kernel` (float32[5, 2]) is in other.bin, and the model has no such variable"));
    CHECK(contains(ran.err, "`params/last/bias` (float32[2]) is in other.bin"));
    CHECK(contains(ran.err, "two.yaml:5:7"));
    CHECK(contains(ran.err, "two.yaml:6:7"));
  }

  TEST_CASE("a cache is as long as the call that made it, and what does not work with another length is told") {
    const Folder folder;
    folder.write("m.yaml", R"(linenc: 1
inputs: {x: "float32[b, n, 4]"}
model:
  compact:
    - MultiHeadDotProductAttention: {num_heads: 2, decode: true}
)");
    REQUIRE(folder.run("linenc init m.yaml --dim b=1 --dim n=3").exit == 0);
    const Ran step = folder.run("linenc apply m.yaml vars.bin -i x=ones --dim b=1 --dim n=1 --mutable cache --vars-out next.bin");
    CHECK(step.err == "");
    CHECK(step.exit == 0);
    CHECK(contains(folder.run("linenc vars list next.bin").out, "cache/MultiHeadDotProductAttention_0/cached_key"));
    const Ran other = folder.run("linenc apply m.yaml vars.bin -i x=ones --dim b=2 --dim n=1 --mutable cache");
    CHECK(other.exit == 1);
    CHECK(contains(other.err, "`cache/MultiHeadDotProductAttention_0/cached_key` is float32[1, 3, 2, 2] in vars.bin, and the model wants"));
  }

  TEST_CASE("a leaf that changed its name is guessed by its shape") {
    const Folder folder;
    folder.write("old.yaml",
                 "linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel: {compact: [{Dense: {features: 3, use_bias: false}, name: Dense_9}]}\n");
    folder.write("new.yaml", "linenc: 1\ninputs: {x: \"float32[b, 4]\"}\nmodel: {compact: [{Dense: {features: 3, use_bias: false}}]}\n");
    REQUIRE(folder.run("linenc init old.yaml -o old.bin").exit == 0);
    CHECK(contains(folder.run("linenc apply new.yaml old.bin -i x=ones --dim b=1").err,
                   "`params/Dense_0` (1 variable) is missing in old.bin; it has `params/Dense_9` like it"));
  }

  TEST_CASE("a checkpoint that is broken is exit 1, one that is missing exit 2") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    REQUIRE(folder.run("linenc init m.yaml").exit == 0);
    const std::string bytes = folder.read("vars.bin");
    folder.write("cut.bin", bytes.substr(0, bytes.size() - 1));
    const Ran cut = folder.run("linenc apply m.yaml cut.bin -i x=ones --dim batch=1");
    CHECK(cut.exit == 1);
    CHECK(contains(cut.err, "error[E0402 broken-checkpoint]"));
    std::string flipped = bytes;
    flipped.back() = static_cast<char>(flipped.back() ^ 1);
    folder.write("flipped.bin", flipped);
    CHECK(folder.run("linenc apply m.yaml flipped.bin -i x=ones --dim batch=1").exit == 1);
    CHECK(folder.run("linenc apply m.yaml none.bin -i x=ones --dim batch=1").exit == 2);
    CHECK(folder.run("linenc apply m.yaml").exit == 2);
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/environment") {
  TEST_CASE("stdout that is full or closed is exit 2, and init takes its file back") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    const Ran full = folder.run("linenc init m.yaml > /dev/full");
    CHECK(full.exit == 2);
    CHECK(contains(full.err, "standard output"));
    CHECK_FALSE(folder.has("vars.bin"));
    CHECK(folder.run("linenc --help >&-").exit == 2);
    CHECK(folder.run("linenc init m.yaml >&-").exit == 2);
    CHECK_FALSE(folder.has("vars.bin"));
    CHECK(folder.run("linenc init m.yaml -q <&- >&- 2>&-").exit == 0);
    CHECK(folder.has("vars.bin"));
  }

  TEST_CASE("a reader that goes away ends the program by SIGPIPE") {
    const Folder folder;
    CHECK(folder.run("linenc catalog --json | true; exit ${PIPESTATUS[0]}").exit == 141);
  }

  TEST_CASE("a folder that cannot take the file is exit 2") {
    const Folder folder;
    folder.write("m.yaml", kDense);
    const Ran missing = folder.run("linenc init m.yaml -o nosuch/v.bin");
    CHECK(missing.exit == 2);
    CHECK(missing.err.starts_with("error: cannot"));
    CHECK(folder.run("mkdir v.bin; linenc init m.yaml -o v.bin").exit == 2);
    CHECK(folder.names() == std::vector<std::string>{"m.yaml", "v.bin"});
  }

  TEST_CASE("a kill at any moment leaves the old file or the new one") {
    const Folder folder;
    folder.write("m.yaml", "linenc: 1\ninputs: {x: \"float32[1, 600]\"}\nmodel: {Dense: {features: 600}}\n");
    REQUIRE(folder.run("linenc init m.yaml --seed 1 -o new.bin && linenc init m.yaml").exit == 0);
    const std::string old_bytes = folder.read("vars.bin");
    const std::string new_bytes = folder.read("new.bin");
    for (int i = 0; i < 20; ++i) {
      folder.write("vars.bin", old_bytes);
      const std::string delay = "0.00" + std::to_string(i % 10) + std::to_string(i / 2);
      (void)folder.run("'" LINENC_PROGRAM "' init m.yaml --seed 1 --force & sleep " + delay + "; kill -9 $!; wait $! 2>/dev/null");
      const std::string bytes = folder.read("vars.bin");
      CHECK((bytes == old_bytes || bytes == new_bytes));
    }
  }

  // jax.numpy narrows what it is handed: flax.serialization.from_bytes gives NumPy's arrays as they were stored.
  TEST_CASE("variables of 64 bits are narrowed as JAX does, where their values have room") {
    const Folder folder;
    folder.write("m.yaml",
                 "linenc: 1\n"
                 "inputs: {x: 'float32[2]'}\n"
                 "model:\n"
                 "  compact:\n"
                 "    - {param: w, init: ones, shape: '()'}\n"
                 "    - {variable: n, collection: state, init: 'asarray(0)'}\n"
                 "    - return: x * w + n\n");
    const auto checkpoint = [&](const std::string& w, const std::string& n) {
      folder.write("v.json",
                   R"({"format": "linenc-variables", "version": 1, "variables": {"params": {"w": {"dtype": "float64", "shape": [], "data": )" + w +
                       R"(}}, "state": {"n": {"dtype": "int64", "shape": [], "data": )" + n + "}}}}\n");
    };
    checkpoint("0.1", "-3");
    const Ran narrow = folder.run("linenc apply m.yaml v.json -i x=ones");
    CHECK(narrow.exit == 0);
    CHECK(narrow.out == "output float32[2]\n[-2.9 -2.9]\n");
    CHECK(contains(narrow.err, "W0205"));
    CHECK(contains(narrow.err, "`params/w` (float64) and 1 more variable of v.json become float32"));
    CHECK(contains(narrow.err, "m.yaml:5:7"));
    CHECK(contains(folder.run("linenc check m.yaml --vars v.json").out, "0 errors, 1 warning"));
    CHECK(folder.run("linenc compile m.yaml -o m.plan; linenc apply m.plan v.json -i x=ones").out.ends_with(narrow.out));
    CHECK(folder.run("linenc compile m.yaml v.json -q -o p.plan; linenc apply p.plan -i x=ones").out == narrow.out);

    checkpoint("1e300", "5000000000");
    const Ran wide = folder.run("linenc apply m.yaml v.json -i x=ones");
    CHECK(wide.exit == 1);
    CHECK(contains(wide.err, "`params/w` is float64[] in v.json, and 1e+300 is no value of float32, which the model wants"));
    CHECK(contains(wide.err, "`state/n` is int64[] in v.json, and 5000000000 is no value of int32, which the model wants"));
    CHECK(
        contains(folder.run("linenc apply m.plan v.json -i x=ones").err, "`state/n` is int64[] in `v.json`, and the plan was compiled for int32[]"));

    checkpoint("\"Infinity\"", "1");
    CHECK(contains(folder.run("linenc apply m.yaml v.json -i x=ones").out, "[inf inf]"));
  }

}  // TEST_SUITE

}  // namespace linenc::test
