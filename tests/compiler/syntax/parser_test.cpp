#include "compiler/syntax/parser.h"

#include <doctest/doctest.h>

#include "compiler/syntax/print_tree.h"
#include "tests/compiler/syntax/read_text.h"

namespace linenc::syntax {
namespace {

// A file parsed, with what was reported.
struct Parsed {
  explicit Parsed(std::string text) {
    file = sources.add("m.yaml", std::move(text));
    tree = parse(file, sources, diagnostics);
  }
  [[nodiscard]] std::string problems() const { return testing::Read::problems_of(diagnostics, sources); }
  [[nodiscard]] std::string pictures() const { return "\n" + render_full(diagnostics, sources, {}); }

  source::SourceSet sources;
  diagnostics::Diagnostics diagnostics;
  source::FileId file = 0;
  std::unique_ptr<Tree> tree;
};

// What is wrong with one statement, and where in its first line.
std::string statement_problems(const std::string& statement) { return Parsed("linenc: 1\nmodel:\n  compact:\n    - " + statement + "\n").problems(); }

TEST_CASE("a file comes apart into its sections, definitions and statements") {
  const Parsed parsed(R"(linenc: 1
name: net
config: {width: 64}
import: {blocks: blocks.yaml}
inputs: {x: "float32[batch, 8]"}
model: {Net: {width: =config.width}}
method: encode
assume: [h % 2 == 0]
expect: {params: 7}
functions:
  double: {args: [x, times = 2], body: [{return: x * times}]}
  tower: {compact: [Dense: {features: 3}, relu]}
modules:
  Net:
    fields: {width: int, act: function = relu}
    setup: {embed: {Embed: {features: =width}}, head: =none}
    args: {x: "float32[b, w]"}
    returns: float32[b, 3]
    call:
      - embed
      - if: x.ndim > 2
        then: [relu]
        else:
          - return: x
      - for: [i, [a, b]]
        over: pairs
        do:
          - Dense: {features: =a}
            name: layer_{i}
            update: y
      - match: width
        cases: {64: [relu], else: []}
      - cond: x.sum() > 0
        else: [tanh]
        then: [relu]
        out: y
      - switch: i
        branches: [[relu], [tanh]]
      - while_loop: n < 3
        carry: {n: asarray(0)}
        do: [{let: {n: n + 1}}]
      - scan: {Block: {}}
        length: 4
        in: x
    methods:
      encode: {transform: [remat, {scan: {in_axes: 1}}], compact: [relu]}
  Wide:
    template: {Net: {width: 128}}
  Mapped:
    vmap: Net
    in_axes: 0
)");
  CHECK(parsed.problems() == "");
  CHECK("\n" + print(*parsed.tree) == R"(
name: net
config
  width: 64
import
  blocks: blocks.yaml
inputs
  x: "float32[batch, 8]"
model: {Net: {width: =config.width}}
method: encode
assume: [h % 2 == 0]
expect
  params: 7
function double, args [x, times = 2]
  return: x * times
function tower, compact
  Dense: {features: 3}
  relu
module Net
  fields
    width: int
    act: function = relu
  setup
    embed: {Embed: {features: =width}}
    head: =none
  call, args {x: "float32[b, w]"}, returns float32[b, 3]
    embed
    if: x.ndim > 2
      > then
        relu
      > else
        return: x
    for: [i, [a, b]]
      | over: pairs
      > do
        Dense: {features: =a}
          | name: layer_{i}
          | in: y
          | out: y
    match: width
      > 64
        relu
      > else
    cond: x.sum() > 0
      | out: y
      > then
        relu
      > else
        tanh
    switch: i
      > branch
        relu
      > branch
        tanh
    while_loop: n < 3
      | carry: {n: asarray(0)}
      > do
        let: {n: n + 1}
    scan: {Block: {}}
      | length: 4
      | in: x
  encode, compact, transform [remat, {scan: {in_axes: 1}}]
    relu
module Wide
  {template: {Net: {width: 128}}}
module Mapped
  {vmap: Net, in_axes: 0}
)");
}

TEST_CASE("a definition under `model:` is the last one, and has no name") {
  const Parsed parsed("linenc: 1\nmodel: {compact: [relu]}\nmodules: {A: {compact: [tanh]}}\n");
  REQUIRE(parsed.tree->definitions.size() == 2);
  CHECK(parsed.tree->model == nullptr);
  CHECK(parsed.tree->definitions[1].name.empty());
  CHECK(parsed.tree->definitions[1].name_node == nullptr);
  CHECK(parsed.tree->definitions[1].methods[0].compact);
}

TEST_CASE("`update` gives `in` and `out` at its own place") {
  const Parsed parsed("linenc: 1\nmodel:\n  compact:\n    - relu:\n      update: y\n");
  const Statement& statement = parsed.tree->definitions[0].methods[0].body[0];
  REQUIRE(statement.option("in") != nullptr);
  CHECK(statement.option("in") == statement.option("out"));
  CHECK(parsed.sources.text(statement.options[0].key->span) == "update");
}

TEST_CASE("the verb of a statement is its first key; other names are applied") {
  struct Row {
    std::string text;
    Verb verb;
  };
  for (const Row& row : {Row{"relu", Verb::Apply}, Row{"alias.Block", Verb::Apply}, Row{"Dense: {features: 1}", Verb::Apply},
                         Row{"call: f", Verb::Call}, Row{"let: {a: b}", Verb::Let}, Row{"jit: Dense", Verb::Transform},
                         Row{"checkpoint: Dense", Verb::Transform}, Row{"param: {}", Verb::Param}, Row{"return: x", Verb::Return}}) {
    CAPTURE(row.text);
    testing::Read read("- " + row.text + "\n");
    const Body body = parse_body(*read.root(), read.diagnostics);
    REQUIRE(body.size() == 1);
    CHECK(body[0].verb == row.verb);
    CHECK(body[0].broken == (row.verb == Verb::Param));
    CHECK((body[0].subject == nullptr) == (row.text.find(':') == std::string::npos));
  }
}

TEST_CASE("E0113: kinds that do not fit") {
  struct Row {
    std::string text, problems;
  };
  for (const Row& row : {
           Row{"x\n", "1:1 E0113: a model file is a map that begins with `linenc: 1`, found `x`"},
           Row{"[linenc]\n", "1:1 E0113: a model file is a map that begins with `linenc: 1`, found a list"},
           Row{"linenc: 1\nmodel: [Dense]\n", "2:8 E0113: `model` is a module literal `{Type: {fields}}` or a definition, found a list"},
           Row{"linenc: 1\nmodel: {compact: {Dense: {features: 1}}}\n", "2:18 E0113: `compact` must be a list, found a map"},
           Row{"linenc: 1\ninputs: [x]\n", "2:9 E0113: `inputs` must be a map, found a list"},
           Row{"linenc: 1\nassume: h\n", "2:9 E0113: `assume` must be a list, found `h`"},
           Row{"linenc: 1\nmodules: {A: [relu]}\n", "2:14 E0113: the module `A` must be a map, found a list"},
           Row{"linenc: 1\nmodules: {A: }\n", "2:13 E0113: the module `A` must be a map, found nothing"},
           Row{"linenc: 1\nmodules: {A: {compact: [], call: []}}\n", "2:28 E0113: the body of `A` is either `compact` or `call`"},
           Row{"linenc: 1\nmodules: {A: {args: x, call: []}}\n", "2:21 E0113: `args` of `A` is a list of names or a map of contracts, found `x`"},
           Row{"linenc: 1\nmodules: {A: {methods: {f: [relu]}}}\n",
               "2:28 E0113: the method `f` must be a map with a `call` or `compact`, found a list"},
           Row{"linenc: 1\nmodules: {A: {transform: [[jit]], call: []}}\n",
               "2:27 E0113: an element of `transform` is the name of a transform, or `{name: {options}}`, found a list"},
           Row{"linenc: 1\nfunctions: {f: [x]}\n", "2:16 E0113: the function `f` must be a map with a `body`, found a list"},
           Row{"linenc: 1\nfunctions: {f: {body: [], compact: []}}\n", "2:27 E0113: the function `f` has a `body` and a `compact`: one of them"},
           Row{"linenc: 1\nmodules: {A: {setup: {a: {}}}}\n",
               "2:26 E0113: an entry of `setup` is a module literal `{Type: {fields}}`, a `param`, a `variable` or an `=expression`; found an empty "
               "map"},
           Row{"linenc: 1\nmodules: {A: {template: }}\n", "2:24 E0113: `template` needs a module literal"},
       }) {
    CAPTURE(row.text);
    CHECK(Parsed(row.text).problems() == row.problems);
  }
}

TEST_CASE("E0113: statements of the wrong form") {
  struct Row {
    std::string text, problems;
  };
  for (const Row& row : {
           Row{"[relu]", "4:7 E0113: a statement is a name, or a map whose first key is its verb; found a list"},
           Row{"{}", "4:7 E0113: a statement is a name, or a map whose first key is its verb; found a map"},
           Row{"", "4:6 E0113: a statement is a name, or a map whose first key is its verb; found nothing"},
           Row{"if", "4:7 E0113: `if` is a word of the language and cannot stand alone"},
           Row{"x = relu(x)", "4:7 E0113: `=` does not bind `x`: the statement that does is `let`"},
           Row{"x, y = f(x)", "4:7 E0113: `=` does not bind `x, y`: the statement that does is `let`"},
           Row{"y = nn.Dense(3)(x)", "4:7 E0113: `=` does not bind `y`: a layer is a statement of its own"},
           Row{"y = self.dense(x)", "4:7 E0113: `=` does not bind `y`: a layer is a statement of its own"},
           Row{"let y: x", "4:7 E0113: `let` binds the keys of a map"},
           Row{"let: y = x", "4:12 E0113: `let` binds the keys of a map"},
           Row{"let y = x", "4:7 E0113: `let` binds the keys of a map"},
           Row{"return x", "4:7 E0113: a `:` is missing after `return`"},
           Row{"let: x", "4:12 E0113: `let` must be a map, found `x`"},
           Row{"let: [x]", "4:13 E0113: each element of `let` must be a map, found `x`"},
           Row{"set: [x]", "4:12 E0113: `set` must be a map, found a list"},
           Row{"return:", "4:14 E0113: `return` needs a value"},
           Row{"{param: {a: b}, init: zeros}", "4:15 E0113: the name of `param` must be a text, found a map"},
           Row{"{param: a, init: zeros, shape: 3, args: 4}", "4:41 E0113: `shape` and `args` exclude each other"},
           Row{"{param: a, init: zeros, value: 3}", "4:31 E0113: `init` and `value` exclude each other"},
           Row{"{param: a, value: 3, init: zeros}", "4:28 E0113: `value` and `init` exclude each other"},
           Row{"{param: a, value: 3, shape: 2}", "4:28 E0113: `value` and `shape` exclude each other"},
           Row{"{out: y, relu: }", "4:8 E0113: the first key of a statement is its verb, and `out` is an option: write `relu` in front of it"},
           Row{"{then: [relu], if: a}", "4:8 E0113: the first key of a statement is its verb, and `then` is an option: write `if` in front of it"},
           Row{"{update: y, Dense: {}}",
               "4:8 E0113: the first key of a statement is its verb, and `update` is an option: write `Dense` in front of it"},
           Row{"{for: {a: b}, over: c, do: []}", "4:13 E0113: the name of `for` must be a text, found a map"},
           Row{"{if: a, then: relu}", "4:21 E0113: `then` must be a list, found `relu`"},
           Row{"{match: a, cases: [relu]}", "4:25 E0113: `cases` must be a map, found a list"},
           Row{"{relu: , update: y, out: z}", "4:27 E0113: `update` stands for `in` and `out`: leave out `out`"},
           Row{"{relu: , out: }", "4:20 E0113: `out` names nothing: write a name, or leave it out to bind `x`"},
           Row{"{Dense: {}, name: [a]}", "4:25 E0113: `name` must be a text, found a list"},
       }) {
    CAPTURE(row.text);
    CHECK(statement_problems(row.text) == row.problems);
  }
}

TEST_CASE("a slip of a statement is offered as it is meant") {
  const std::string head = "linenc: 1\nmodel:\n  compact:\n    - ";
  const auto offered = [&](const std::string& statement) {
    const Parsed read(head + statement + "\n");
    REQUIRE(read.diagnostics.all().size() == 1);
    const auto& problem = read.diagnostics.all()[0];
    if (problem.fixes.empty()) return problem.notes.back().message;
    const auto& edit = problem.fixes[0].edits[0];
    std::string out = head + statement;
    out.replace(edit.span.begin, edit.span.size(), edit.text);
    return (problem.fixes[0].safe ? "" : "?") + out.substr(head.size());
  };
  CHECK(offered("x = relu(x)") == "let: {x: relu(x)}");
  CHECK(offered("a, b = f(x, 1)") == "let: {\"a, b\": \"f(x, 1)\"}");
  CHECK(offered("y = nn.Dense(3)(x)") == "it is written `- Dense: {…}` with `in: x` and `out: y`");
  CHECK(offered("y = Bilinear(3)(a, b)") == "it is written `- Bilinear: {…}` with `in: [a, b]` and `out: y`");
  CHECK(offered("y = self.dense(x)") == "it is written `- dense:` with `in: x` and `out: y`");
  CHECK(offered("let y: x") == "let: {y: x}");
  CHECK(offered("let: y = f(x, 1)") == "let: {y: \"f(x, 1)\"}");
  CHECK(offered("let y = x") == "let: {y: x}");
  CHECK(offered("return x + 1") == "return: x + 1");
  CHECK(offered("if x") == "it is written `{if: x, then: […]}`");
}

TEST_CASE("E0114: an unknown key of the file or of a definition") {
  CHECK(Parsed("linenc: 1\nmodle: Dense\n").pictures() == R"(
error[E0114 unknown-key]: the file has no key `modle`; did you mean `model`?
 --> m.yaml:2:1
  |
2 | modle: Dense
  | ^^^^^
note: it has `linenc`, `name`, `doc`, `config`, `import`, `functions`, `modules`, `inputs`, `model`, `method`, `expect`, `assume`
possible fix: write `model`
see: linenc explain E0114
)");
  CHECK(Parsed("linenc: 1\nmodules: {A: {field: {}, call: []}}\n").problems() ==
        "2:15 E0114: the module `A` has no key `field`; did you mean `fields`?");
  CHECK(Parsed("linenc: 1\nmodules: {A: {methods: {f: {returs: x, call: []}}}}\n").problems() ==
        "2:29 E0114: the method `f` has no key `returs`; did you mean `returns`?");
  CHECK(Parsed("linenc: 1\nfunctions: {f: {call: []}}\n").problems().find("E0114: the function `f` has no key `call`") != std::string::npos);
  CHECK(Parsed("linenc: 1\nimport: {a: {path: x.yaml, file: y.yaml}}\n").problems() ==
        "2:14 E0114: an import has no key `path`; did you mean `file`?");
  CHECK(Parsed("linenc: 1\nmodules: {A: {template: B, fields: {}}}\n").problems() == "2:28 E0114: the template `A` has no key `fields`");
  CHECK(Parsed("linenc: 1\nmodules: {A: {vmap: B, in_axis: 0}}\n").problems() ==
        "2:24 E0114: `vmap` has no option `in_axis`; did you mean `in_axes`?");
  CHECK(Parsed("linenc: 1\nmodules: {A: {transform: [scna], call: []}}\n").problems() ==
        "2:27 E0114: the language has no transform `scna`; did you mean `scan`?");
  CHECK(Parsed("linenc: 1\nmodules: {A: {transform: [{scan: {lenght: 3}}], call: []}}\n").problems() ==
        "2:35 E0114: `scan` has no option `lenght`; did you mean `length`?");
  CHECK(Parsed("linenc: 1\nmodules: {A: {setup: {a: {for: i, ovr: b, do: {Dense: {}}, over: c}}}}\n").problems() ==
        "2:35 E0114: `for` in `setup` has no option `ovr`; did you mean `over`?");
}

TEST_CASE("E0114: an unknown promise") {
  CHECK(Parsed("linenc: 1\nexpect: {outputs: x}\n").problems() == "2:10 E0114: `expect` has no promise `outputs`; did you mean `output`?");
  CHECK(Parsed("linenc: 1\nexpect: {output: x, params: 1, flops: 1, peak_memory: 1kB, variables: {}, at: {}}\n").problems().empty());
}

TEST_CASE("a misspelt section is read as the one that was meant: nothing is told of its absence") {
  const Parsed parsed("linenc: 1\ninput: {x: int}\nmodule: {A: {compct: [relu], arg: [y]}}\nfunction: {f: {bdy: []}}\nmodl: A\n");
  CHECK(parsed.diagnostics.errors() == 7);
  CHECK(parsed.problems().find("E0115") == std::string::npos);
  const Tree& tree = *parsed.tree;
  CHECK(tree.inputs != nullptr);
  CHECK(tree.model != nullptr);
  CHECK(tree.functions.size() == 1);
  REQUIRE(tree.definitions.size() == 1);
  CHECK(tree.definitions[0].methods[0].compact);
  CHECK(tree.definitions[0].methods[0].args != nullptr);
  CHECK_FALSE(tree.broken);
  CHECK(Parsed("linen: 1\n").problems() == "1:1 E0114: the file has no key `linen`; did you mean `linenc`?");
}

TEST_CASE("a section of the wrong kind leaves a tree that is not run, and names that are not known") {
  struct Row {
    std::string text;
    bool broken, lacks_names;
  };
  for (const Row& row : {Row{"inputs: [x]", true, false}, Row{"config: [x]", true, false}, Row{"name: [x]", false, false},
                         Row{"expect: [x]", false, false}, Row{"modules: [x]", true, true}, Row{"functions: {f: x}", true, true},
                         Row{"modules: {A: {fields: [x], call: []}}", true, true}, Row{"modules: {A: {args: [x]}}", true, true}}) {
    CAPTURE(row.text);
    const Parsed parsed("linenc: 1\n" + row.text + "\n");
    CHECK(parsed.diagnostics.errors() == 1);
    CHECK(parsed.tree->broken == row.broken);
    CHECK(parsed.tree->lacks_names == row.lacks_names);
  }
}

TEST_CASE("a statement whose verb stands behind its options is read as it was meant, and is broken") {
  testing::Read read("- {out: y, in: z, relu: }\n");
  const Body body = parse_body(*read.root(), read.diagnostics);
  REQUIRE(body.size() == 1);
  CHECK(body[0].word->text == "relu");
  CHECK(body[0].option("out")->text == "y");
  CHECK(body[0].broken);
}

TEST_CASE("E0114: an unknown option of a statement") {
  CHECK(statement_problems("{Dense: {features: 3}, nmae: a}") == "4:30 E0114: `Dense` has no option `nmae`; did you mean `name`?");
  CHECK(statement_problems("{return: x, out: y}") == "4:19 E0114: `return` has no option `out`");
  CHECK(statement_problems("{relu: , method: y}") == "4:16 E0114: `relu` has no option `method`");
  CHECK(statement_problems("{call: f, methd: y}") == "4:17 E0114: `call` has no option `methd`; did you mean `method`?");
  CHECK(statement_problems("{scan: B, lengh: 3}") == "4:17 E0114: `scan` has no option `lengh`; did you mean `length`?");
  CHECK(statement_problems("{let: {a: b}, update: y}") == "4:21 E0114: `let` has no option `update`");
  CHECK(statement_problems("{if: a, then: [], esle: []}") == "4:25 E0114: `if` has no option `esle`; did you mean `else`?");
}

TEST_CASE("E0114: fields that are not indented are told where they belong") {
  const Parsed parsed("linenc: 1\nmodel:\n  compact:\n    - Dense:\n      features: 3\n");
  CHECK(parsed.problems() == "5:7 E0114: `Dense` has no option `features`");
  CHECK(parsed.diagnostics.all()[0].notes[1].message == "fields and arguments stand one level deeper: `Dense: {features: …}`");
}

TEST_CASE("E0114: a map with a thousand unknown keys tells twenty, and how many more there are") {
  std::string text = "linenc: 1\n";
  for (int i = 0; i < 1000; ++i) text += concat("key_", i, ": 1\n");
  const Parsed parsed(text);
  CHECK(parsed.diagnostics.errors() == 21);
  CHECK(parsed.problems().find("the file has 980 more unknown keys") != std::string::npos);
}

TEST_CASE("E0115: what is missing") {
  struct Row {
    std::string text, problems;
  };
  for (const Row& row : {
           Row{"model: Dense\n", "1:1 E0115: the file must say which version of the language it is written in: `linenc: 1`"},
           Row{"linenc: 1\nfunctions: {f: {args: [x]}}\n", "2:13 E0115: the function `f` needs a `body`, or a `compact` one, which makes submodules"},
           Row{"linenc: 1\nmodules: {A: {args: [x]}}\n", "2:15 E0115: `A` has no body: it needs `compact` or `call`"},
           Row{"linenc: 1\nmodules: {A: {methods: {f: {args: []}}}}\n", "2:25 E0115: the method `f` has no body: it needs `compact` or `call`"},
           Row{"linenc: 1\nimport: {a: {config: {}}}\n", "2:10 E0115: the import `a` needs `file`"},
           Row{"linenc: 1\nmodules: {A: {setup: {v: {variable: zeros()}}}}\n", "2:27 E0115: `variable` needs `collection`"},
       }) {
    CAPTURE(row.text);
    CHECK(Parsed(row.text).problems() == row.problems);
  }
  CHECK(Parsed("linenc: 1\nmodules: {A: {extends: B, args: [x]}}\n").problems().empty());
  CHECK(statement_problems("{for: i, do: []}") == "4:8 E0115: `for` needs `over`");
  CHECK(statement_problems("{if: a}") == "4:8 E0115: `if` needs `then`");
  CHECK(statement_problems("{match: a}") == "4:8 E0115: `match` needs `cases`");
  CHECK(statement_problems("{variable: a}") == "4:8 E0115: `variable` needs `collection`");
  CHECK(statement_problems("{make_rng: a}") == "4:8 E0115: `make_rng` needs `out`");
  CHECK(statement_problems("{cond: a, then: []}") == "4:8 E0115: `cond` needs `else`");
  CHECK(statement_problems("{switch: a}") == "4:8 E0115: `switch` needs `branches`");
  CHECK(statement_problems("{while_loop: a}") == "4:8 E0115: `while_loop` needs `do`");
  CHECK(statement_problems("{param: a, shape: 3}") == "4:8 E0115: `param` needs `init` or `value`");
}

TEST_CASE("E0115: the fix for a missing version is the line itself") {
  const Parsed parsed("# a comment\nmodel: Dense\n");
  const auto& fix = parsed.diagnostics.all().front().fixes.at(0);
  CHECK(fix.edits[0].text == "linenc: 1\n");
  CHECK(fix.edits[0].span == Span{0, 12, 12});
  CHECK(Parsed("{model: Dense}\n").diagnostics.all().front().fixes.empty());
}

TEST_CASE("E0116: another version") {
  CHECK(Parsed("linenc: 2\n").problems() == "1:9 E0116: the language has the version `1`, found `2`");
  CHECK(Parsed("linenc: 1.0\n").problems() == "1:9 E0116: the language has the version `1`, found `1.0`");
  CHECK(Parsed("linenc:\n").problems() == "1:8 E0116: the language has the version `1`, found nothing");
  CHECK(Parsed("linenc: '1'\n").problems().empty());
}

TEST_CASE("one run tells every mistake") {
  CHECK(Parsed(R"(linenc: 1
modle: Dense
modules:
  A:
    feilds: {}
    compact:
      - let: x
      - if: a
        thn: []
      - relu
      - Dense: {features: 3}
        nmae: b
)")
            .problems() == R"(2:1 E0114: the file has no key `modle`; did you mean `model`?
5:5 E0114: the module `A` has no key `feilds`; did you mean `fields`?
7:14 E0113: `let` must be a map, found `x`
9:9 E0114: `if` has no option `thn`; did you mean `then`?
12:9 E0114: `Dense` has no option `nmae`; did you mean `name`?)");
}

TEST_CASE("what cannot be read gives a tree without a root, never none") {
  const Parsed parsed("a: [");
  REQUIRE(parsed.tree != nullptr);
  CHECK(parsed.tree->root == nullptr);
  CHECK(parsed.tree->definitions.empty());
  CHECK(parsed.diagnostics.has_errors());
}

TEST_CASE("an expression of the tree is parsed once, and reported once") {
  Parsed parsed("linenc: 1\nconfig: {a: =b +}\n");
  const Node& scalar = *parsed.tree->config->find("a");
  CHECK(parsed.tree->expression(scalar, 1, parsed.diagnostics) == nullptr);
  CHECK(parsed.tree->expression(scalar, 1, parsed.diagnostics) == nullptr);
  CHECK(parsed.problems() == "2:17 E0110: expected an expression after `=b +`, found the end");
  const Node& version = *parsed.tree->root->find("linenc");
  CHECK(parsed.tree->expression(version, 0, parsed.diagnostics) == parsed.tree->expression(version, 0, parsed.diagnostics));
  CHECK(parsed.tree->target(*parsed.tree->root->find_key("config"), parsed.diagnostics)->name == "config");
  CHECK(print(*parsed.tree->interpolation(version, parsed.diagnostics)) == "'1'");
}

TEST_CASE("transforms have Linen's options") {
  CHECK(is_transform_word("checkpoint"));
  CHECK_FALSE(is_transform_word("cond"));
  CHECK(is_statement_word("cond"));
  CHECK(is_statement_word("vmap"));
  CHECK_FALSE(is_statement_word("super"));
  CHECK(transform_options("vmap") == std::vector<std::string>{"variable_axes", "split_rngs", "in_axes", "out_axes", "axis_size", "axis_name",
                                                              "spmd_axis_name", "metadata_params", "methods"});
  CHECK(transform_options("relu").empty());
}

}  // namespace
}  // namespace linenc::syntax
