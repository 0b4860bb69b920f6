// What functions say where their arguments do not fit, and the sizes they give while names stand for numbers.
#include <doctest/doctest.h>

#include "tests/support/compile_text.h"

namespace linenc::test {

TEST_SUITE("compiler/functions") {
  std::string file(const std::string& expression) {
    return "linenc: 1\ninputs: {x: \"float32[batch, 6]\"}\nmodel:\n  compact:\n    - return: " + expression + "\n";
  }

  // "E0203: message" of the first diagnostic, or the facts of the outputs.
  std::string outcome(const std::string& expression) {
    CompiledText text(file(expression));
    std::string facts;
    if (!text.failed()) {
      const elaborate::Run run = text.symbolic_init();
      if (!run.failed) {
        for (const auto& [name, tensor] : run.outputs) facts += (facts.empty() ? "" : " ") + graph::to_string(tensor.fact());
      }
    }
    const std::string problems = text.problems();
    const std::size_t code = problems.find("error[");
    if (code == std::string::npos) return facts;
    return problems.substr(code + 6, 5) + problems.substr(problems.find("]: ") + 1, problems.find('\n', code) - problems.find("]: ") - 1);
  }

  TEST_CASE("arguments that do not fit are reported with the name of the function and of the argument") {
    struct Row {
      std::string expression, outcome;
    };
    for (const Row& row :
         {Row{"x.sum(axis=2)", "E0203: `axis` of `sum` holds 2, and the array has rank 2"},
          Row{"x.sum(axi=1)", "E0207: `sum` has no argument `axi`; did you mean `axis`?"}, Row{"softmax()", "E0207: `softmax` needs `x`"},
          Row{"zeros(3.5)", "E0206: `shape` of `zeros` wants an int, and this is float 3.5"},
          Row{"range(x.shape[0])", "E0211: `stop` of `range` needs a number, and `batch` is not known yet"},
          Row{"range(x)", "E0208: `stop` of `range` needs an int that is known while compiling, and this is a tensor float32[batch, 6]"},
          Row{"sqrt(-1.0)", "E0217: `sqrt(-1.0)` has no value"},
          Row{"exp([1, 2])", "E0206: `x` of `exp` wants an array or a number, and this is a list"},
          Row{"\"take(x, 1.5, axis=0)\"", "E0209: `take` needs integer indices, not float32"},
          Row{"\"rearrange(x, 'b (h d) -> b h d')\"", "E0207: the pattern 'b (h d) -> b h d' of `rearrange` leaves the sizes of `h` and `d` open"},
          Row{"\"split(x, 4, axis=1)\"", "E0203: `split` cannot split axis 1 of [batch, 6] into 4 equal parts"}}) {
      CAPTURE(row.expression);
      CHECK(outcome(row.expression) == row.outcome);
    }
  }

  TEST_CASE("what JAX refuses at the edges is refused") {
    CHECK(outcome("\"convolve(x[0, :0], x[0])\"") == "E0203: `convolve` needs vectors that are not empty");
    CHECK(outcome("\"correlate(x[0], x[0, :0])\"") == "E0203: `correlate` needs vectors that are not empty");
    CHECK(outcome("\"unique(x[0, :0], size=2)\"") == "E0203: `unique` needs an element to fill up with");
    CHECK(outcome("\"nonzero(x, size=2, fill_value=(1,))\"") ==
          "E0206: `fill_value` of `nonzero` wants a number, or one for each axis, and this is a list");
    CHECK(outcome("\"std(x, dtype=int32)\"") == "E0209: `std` gives floats, and `dtype` is int32");
    CHECK(outcome("\"jnp.array([np.int8(1), 300])\"") == "E0217: the number 300 does not fit into int8");
    CHECK(outcome("\"segment_sum(x[:2], jnp.array([[0, 1, 1], [0, 0, 1]]), 2)\"").substr(0, 5) == "E0203");
  }

  TEST_CASE("where lax and jnp refuse, the message says what to write") {
    CHECK(outcome("\"lax.cumsum(x, -1)\"") == "E0203: `lax` counts axes from 0: -1 of 2 axes is 1");
    CHECK(outcome("\"lax.add(x, x[0])\"") == "E0203: `add` takes arrays of one rank, and has 2 and 1: the functions of `jnp` broadcast them");
    CHECK(outcome("\"lax.concatenate([x, x.astype(int32)], 0)\"") ==
          "E0209: `concatenate` joins arrays of one type, and has float32 and int32: `jnp.concatenate` converts them");
    CHECK(outcome("\"lax.slice_in_dim(x, 0, 9, axis=1)\"") ==
          "E0203: `slice_in_dim` takes the elements from 0 to 9 of an axis of 6: x[a:b] cuts off what lies outside");
    CHECK(outcome("\"lax.slice_in_dim(x, 0, x.shape[0])\"") == "float32[batch, 6]");
    CHECK(outcome("\"jnp.add(x, x2=x)\"") == "E0207: `add` takes `x2` by its place, not by name: add(x1, x2, /, *, out=none, where=none)");
    CHECK(outcome("\"jnp.sum([1, 2])\"") == "E0206: `a` of `sum` wants an array or a number, and this is a list");
    CHECK(outcome("\"concatenate([x[0], [1, 2]])\"") == "E0206: `arrays` of `concatenate` wants a list of arrays, and it holds a list");
    CHECK(outcome("\"split(x[0], [9])\"") == "E0203: `split` cuts an axis of 6 at ascending places between 0 and its end, not at [9]");
    CHECK(outcome("\"jnp.nanmax(x[:0], axis=0)\"") == "E0203: `nanmax` has no largest element: the array float32[0, 6] is empty");
  }

  TEST_CASE("arguments that do not fit one another are refused") {
    CHECK(outcome("\"pad(x, 1, mode='mode')\"").substr(0, 5) == "E0206");
    CHECK(outcome("\"pad(x, 1, mode='edge', constant_values=3)\"") == "E0207: `constant_values` of `pad` is not for the mode 'edge'");
    CHECK(outcome("\"pad(x, -1)\"") == "E0203: `pad` adds or counts elements, and this is -1");
    CHECK(outcome("\"pad(x, ((0, 0), (1, 1), (0, 0)))\"") == "E0207: `pad` has 3 pairs for an array of rank 2");
    CHECK(outcome("\"pad(x, 1, 'mean', stat_length=0)\"") == "E0207: `stat_length` of 0 has no element to pad with");
    CHECK(outcome("\"pad(x, ((0, x.shape[0]), (0, 0)), 'linear_ramp')\"") ==
          "E0211: a ramp needs the number of its steps, and `batch` is not known yet");
    CHECK(outcome("\"pad(x, ((0, 0), (1, 2)), 'mean')\"") == "float32[batch, 9]");
    CHECK(outcome("\"pad(x, ((2, 1), (0, 0)), 'linear_ramp', end_values=1)\"") == "float32[batch + 3, 6]");
    CHECK(outcome("\"reshape(x, -1, order='A')\"") == "E0207: `order` is 'C' or 'F', and this is str 'A'");
    CHECK(outcome("\"x.reshape(6, -1, order='F')\"") == "float32[6, batch]");
    CHECK(outcome("\"lax.reshape(x, (-1,))\"") == "E0203: `lax.reshape` takes every size, and this is -1");
    CHECK(outcome("\"lax.reshape(x, (6, 2), (0, 0))\"").substr(0, 5) == "E0203");
    CHECK(outcome("\"where(x > 0)\"").substr(0, 5) == "E0208");
    CHECK(outcome("\"where(x > 0, 1, 2, size=3)\"") == "E0207: `size` and `fill_value` are for `where` with a condition alone");
    CHECK(outcome("\"where(x > 0, size=3)\"") == "int32[3] int32[3]");
    CHECK(outcome("\"einsum(x, [0, 1], x, [2, 1], [0, 3])\"") == "E0207: no operand of `einsum` has the axis 3");

    CHECK(outcome("\"einsum(x, [0, 1], x)\"") == "E0207: `einsum` without an equation takes operands and lists of their axes in turn");
    CHECK(outcome("\"lax.sort([x, x], num_keys=3)\"") == "E0207: `num_keys` is 3, and there are 2 arrays");
    CHECK(outcome("\"unique(x, axis=1, size=2)\"") ==
          "E0211: `unique` along an axis needs to know how long its rows are, and `batch` is not known yet");
    CHECK(outcome("\"unique(x, axis=0, size=2)\"") == "float32[2, 6]");
    CHECK(outcome("\"roll(x, x.sum())\"") == "E0209: `roll` needs an integer shift, not float32");
    CHECK(outcome("\"roll(x, x.argmax(), axis=0)\"") == "float32[batch, 6]");
    CHECK(outcome("\"random.choice(random.key(0), 2, (3,), replace=false)\"") == "E0207: `choice` draws 3 of 2 elements without replacement");
    CHECK(outcome("\"np.take([1, 2], 3, mode='up')\"").substr(0, 5) == "E0206");
    CHECK(outcome("\"np.add(1.5, 2, dtype='int32')\"") == "E0209: `dtype` int32 does not hold numbers of float64: see `astype`");
    CHECK(outcome("\"np.sqrt(4, dtype='int32')\"") == "E0209: this function gives floats, and `dtype` is int32");
    CHECK(outcome("\"np.max(np.arange(3), where=np.array([true, false, true]))\"") == "E0207: a mask `where` needs an `initial` value here");
    CHECK(outcome("\"np.var(np.arange(3), ddof=1, correction=1)\"") == "E0207: `ddof` and `correction` are one argument: give one of them");
  }

  TEST_CASE("a pattern of einops names the axis that does not fit and refuses sizes of axes that it lacks") {
    CHECK(outcome("\"rearrange(x, 'b (h d) -> b h d', h=2, foo=3)\"") ==
          "E0207: the pattern 'b (h d) -> b h d' of `rearrange` has no axis `foo`, whose size is given");
    CHECK(outcome("\"rearrange(x, 'b (heads d) -> b heads d', head=2)\"") ==
          "E0207: the pattern 'b (heads d) -> b heads d' of `rearrange` has no axis `head`, whose size is given; did you mean `heads`?");
    CHECK(outcome("\"reduce(x, 'b c -> b', 'sum', d=3)\"") == "E0207: the pattern 'b c -> b' of `reduce` has no axis `d`, whose size is given");
    CHECK(outcome("\"repeat(x, 'b c -> b c r', r=2, s=3)\"") == "E0207: the pattern 'b c -> b c r' of `repeat` has no axis `s`, whose size is given");
    CHECK(outcome("\"rearrange(x, 'b (h d) -> b h d', h=4)\"") == "E0203: `rearrange` cannot open an axis of 6 as `(h d)` where `h` is 4");
    CHECK(outcome("\"rearrange(x, 'b (h d) -> b h d', h=2, d=2)\"") ==
          "E0203: `rearrange` cannot open an axis of 6 as `(h d)` where `h` is 2 and `d` is 2");
    CHECK(outcome("\"rearrange(x, 'b c -> c b', c=5)\"") == "E0203: `rearrange` cannot open an axis of 6 as `c` where `c` is 5");
  }

  TEST_CASE("elements are put in and left out at places that are known") {
    CHECK(outcome("\"[delete(x, 1, axis=1), insert(x, 0, 1.0, axis=0), insert(x, 2, x[:, :2].T, axis=1)]\"") ==
          "float32[batch, 5] float32[batch + 1, 6] float32[batch, 8]");
    CHECK(outcome("\"delete(x, 6, axis=1)\"") == "E0203: `delete` has no element 6 on an axis of 6");
    CHECK(outcome("\"delete(x, 3, axis=0)\"") == "E0216: where this position is depends on 3 < batch");
    CHECK(outcome("\"delete(x, np.array([0, 1]), axis=0)\"") ==
          "E0211: `delete` of several elements needs to know how many there are, and `batch` is not");
    CHECK(outcome("\"insert(x, x.argmax(1), 0.0, axis=0)\"") ==
          "E0219: `insert` at positions that are not known while compiling is not supported yet");
    CHECK(outcome("\"put_along_axis(x, zeros((1, 6), int32), 1.0, axis=0)\"") ==
          "E0207: `put_along_axis` changes no array in its place: give `inplace=false`, as in JAX");
    CHECK(outcome("\"choose(x.argmax(1), [x[:, 0], x[:, 1]])\"") ==
          "E0208: `choose` cannot raise an error about numbers that are known only later: give `mode='wrap'` or `mode='clip'`");
  }

  TEST_CASE("of later functions, arguments that do not fit") {
    CHECK(outcome("\"[jnp.shape(x)[0] * ones(2), jnp.ndim(x), jnp.size(x, 1)]\"") == "float32[2] int32[] int32[]");
    CHECK(outcome("\"gcd(x, 2)\"") == "E0209: `gcd` needs integers, not float32");
    CHECK(outcome("\"math.gcd(x.shape[0], 2)\"") == "E0211: `integers` of `gcd` needs a number, and `batch` is not known yet");
    CHECK(outcome("\"interp(x, [0, 1], [1, 2])\"") == "E0206: `xp` of `interp` wants an array or a number, and this is a list");
    CHECK(outcome("\"interp(x, arange(3.0), arange(2.0))\"") == "E0203: `interp` has 3 places for 2 values");
    CHECK(outcome("\"lax.reduce_precision(x, 0, 2)\"") ==
          "E0207: `reduce_precision` needs 1 exponent bit or more and no negative number of mantissa bits, and has 0 and 2");
    CHECK(outcome("\"random.orthogonal(random.key(1), x.shape[0])\"") == "E0211: `n` of `orthogonal` needs a number, and `batch` is not known yet");
    CHECK(outcome("\"geomspace(1, 256, 9, dtype=int32)\"") == "E0219: `geomspace` of integers is not supported yet: round the floats");
    CHECK(outcome("initializers.zerso") == "E0201: `initializers` has no `zerso`; did you mean `zeros`?");
  }

  TEST_CASE("rollaxis takes a start inside of the array") {
    CHECK(outcome("\"rollaxis(x, 0, 3)\"") == "E0203: `rollaxis` rolls before an axis from -2 to 2, and `start` is 3");
    CHECK(outcome("\"rollaxis(x, 0, -3)\"") == "E0203: `rollaxis` rolls before an axis from -2 to 2, and `start` is -3");
    CHECK(outcome("\"rollaxis(x, 0, 2)\"").find("E0") == std::string::npos);
  }

  TEST_CASE("loops and branches of lax say what does not fit") {
    CHECK(outcome("\"lax.scan(lambda c, v: (c, v), 0.0, x)\"") == "float32[] float32[batch, 6]");
    CHECK(outcome("\"lax.scan(lambda c, v: (c, v), 0.0, none, -2)\"")
              .find("E0206: `length` of `scan` wants a number of steps that is not below 0, and this is int -2") == 0);
    CHECK(outcome("\"lax.scan(lambda c, v: c, 0.0, x.T)\"") == "E0206: the function of `scan` gives (carry, y), and this is a tensor float32[]");
    CHECK(outcome("\"lax.scan(lambda c, v: (v, v), 0.0, x.T)\"") ==
          "E0203: the carry of `scan` is float32[] before a step and float32[batch] after it");
    CHECK(outcome("\"lax.scan(lambda c, v: (c, v), 0.0)\"") == "E0207: `scan` cannot tell how many steps it makes: `length` says it");
    CHECK(outcome("\"lax.fori_loop(0, x.shape[0], lambda i, v: v, x)\"") == "float32[batch, 6]");
    CHECK(outcome("\"lax.cond(x.sum() > 0, lambda: x, lambda: x[0])\"") == "E0203: the branches of `cond` give float32[batch, 6] and float32[6]");
    CHECK(outcome("\"lax.cond(x.sum() > 0, lambda: x, lambda: (x, x))\"") == "E0207: the branches of `cond` give 1 and 2 arrays");
    CHECK(outcome("\"lax.cond(x.sum() > 0, lambda: {'a': x}, lambda: {'b': x})\"") == "E0207: the branches of `cond` give {a: array} and {b: array}");
    CHECK(outcome("\"lax.scan(lambda c, v: ([c], c[0]), [x, x], x.T, reverse=true)\"") ==
          "E0207: the carry of `scan` is [array, array] before a step and [[array, array]] after it");
    CHECK(outcome("\"lax.scan(lambda c, v: (1, c), x[0, 0].astype(int8), x.T)\"") ==
          "E0203: the carry of `scan` is int8[] before a step and int32[] after it");
    CHECK(outcome("\"lax.fori_loop(2, 0, lambda i, v: v[0], x)\"") ==
          "E0203: the carry of `fori_loop` is float32[batch, 6] before a step and float32[6] after it");
    CHECK(outcome("\"lax.cond(x.sum() > 0, lambda: 1, lambda: 1.0)\"") == "E0203: the branches of `cond` give int32[] and float32[]");
    CHECK(outcome("\"lax.associative_scan(lambda a, b: [a[1]], [x.T, x.T])\"") ==
          "E0207: the function of `associative_scan` takes 2 arrays at a place and gives 1");
    CHECK(outcome("\"lax.associative_scan(lambda a, b: a, [x.T, zeros(5)])\"") ==
          "E0203: `associative_scan` goes along axes of different sizes, 6 and 5");
    CHECK(outcome("\"sum([[1], [2]], [], k=3)\"").starts_with("E0207"));
    CHECK(outcome("\"lax.cond(true, lambda: x, lambda: x[0])\"") == "E0203: the branches of `cond` give float32[batch, 6] and float32[6]");
    CHECK(outcome("\"lax.switch(2, [lambda: x, lambda: (x, x), lambda: x])\"") == "E0207: the branches of `switch` give 2 and 1 arrays");
    CHECK(outcome("\"lax.switch(0.5, [lambda: x])\"").starts_with("E0206: `index` of `switch`"));
    CHECK(outcome("\"lax.switch(x.argmax(), 3)\"").starts_with("E0206: `branches` of `switch`"));
  }

  TEST_CASE("names of the vocabulary that are still to come are E0219") {
    for (const std::string name : {"lax.while_loop", "lax.reduce", "random.beta", "random.gamma", "random.dirichlet", "random.poisson", "BatchApply",
                                   "ConvLocal", "Partitioned", "rfft", "fft.fft", "linalg.inv"}) {
      CHECK(outcome(name) == "E0219: `" + name + "` is not built yet");
    }
  }

  TEST_CASE("what holds for some sizes only is E0216 and names the fact") {
    CHECK(outcome("\"split(x, 2)\"") == "E0216: `split` cannot split axis 0 of [batch, 6] into 2 equal parts unless batch % 2 == 0");
    CHECK(outcome("\"x.reshape(-1, 4)\"") == "E0216: `reshape` cannot reshape [batch, 6] to [-1, 4] unless (6*batch) % 4 == 0");
    CHECK(outcome("\"einsum('ij,jk->ik', x, x)\"") == "E0216: `einsum` has 6 and batch for the label `j` of 'ij,jk->ik' unless batch == 6");
  }

  TEST_CASE("an initializer takes names for its axes, and no mesh") {
    CHECK(outcome("\"with_partitioning(zeros_init(), (none, 'data'))(none, (2, 3), float32)\"") == "float32[2, 3]");
    CHECK(outcome("\"with_partitioning(zeros_init(), 'data')\"") ==
          "E0206: `names` of `with_partitioning` wants a list of axis names, and this is str 'data'");
    CHECK(outcome("\"with_partitioning(3, ('data',))\"") == "E0206: `fn` of `with_partitioning` wants a function, and this is int 3");
    CHECK(outcome("\"with_logical_partitioning(ones_init(), ('data',), mesh=1)\"") ==
          "E0207: `mesh` of `with_logical_partitioning` is refused: the program runs on one device");
  }

  TEST_CASE("sizes that are names go through functions as names") {
    CHECK(outcome("\"x.reshape(-1, 3)\"") == "float32[2*batch, 3]");
    CHECK(outcome("\"arange(2 * x.shape[0])\"") == "int32[2*batch]");
    CHECK(outcome("\"concatenate([x, ones((3, 6))])\"") == "float32[batch + 3, 6]");
    CHECK(outcome("\"tile(x, (2, 1))\"") == "float32[2*batch, 6]");
    CHECK(outcome("\"rearrange(x, 'b (h d) -> (b h) d', h=2)\"") == "float32[2*batch, 3]");
    CHECK(outcome("\"x[1:].mean(axis=0)\"") == "float32[6]");
    CHECK(outcome("\"max_pool(x[..., None], (2,), (2,))\"") == "float32[batch, 3, 1]");
    CHECK(outcome("\"maximum(x.shape[0], 4) * ones(())\"") == "float32[]");
  }

  TEST_CASE("a bare name is Python's on static numbers, a prefix asks for an array") {
    CHECK(outcome("\"[sqrt(2.0), jnp.sqrt(2.0), max(1, 2.5), floor(2.5), sum([1, 2])]\"") == "float32[] float32[] float32[] int32[] int32[]");
    CHECK(outcome("\"x.astype(bfloat16) * jnp.sqrt(2.0)\"") == "bfloat16[batch, 6]");
    CHECK(outcome("\"x.astype(bfloat16) * asarray(2.0, float32)\"") == "float32[batch, 6]");
  }

}  // TEST_SUITE

}  // namespace linenc::test
