// Methods of texts and format specs: the right sides are what Python 3.11 prints.
#include "tests/compiler/elaborate/language.h"

namespace linenc::test {
namespace {

// Each expression must be true.
void check_true(const std::vector<std::string>& expressions) {
  for (const std::string& expression : expressions) {
    CAPTURE(expression);
    std::string quoted;
    for (const char c : expression) quoted += c == '\\' || c == '"' ? std::string{'\\', c} : std::string{c};
    CHECK(problems_of(body("- assert: \"" + quoted + "\"")) == "");
  }
}

}  // namespace

TEST_CASE("texts are divided, replaced and stripped as Python's are") {
  check_true({"'a,b,,c'.split(',') == ['a', 'b', '', 'c']", "'a,b,c'.split(',', 1) == ['a', 'b,c']", "'a,b'.split(sep=',', maxsplit=0) == ['a,b']",
              "''.split(',') == ['']", "''.split() == []", "'  a  b c '.split() == ['a', 'b', 'c']",
              "' a  b  c '.split(maxsplit=1) == ['a', 'b  c ']", "' a '.split(none, 0) == ['a ']", "'aXXbXXXc'.split('XX') == ['a', 'b', 'Xc']"});
  check_true({"'aaa'.replace('a', 'b', 2) == 'bba'", "'aaa'.replace('aa', 'b') == 'ba'", "'ab'.replace('', '-') == '-a-b-'",
              "'aüb'.replace('', '-', 2) == '-a-üb'", "'abc'.replace('x', 'y') == 'abc'", "'abc'.replace('b', '', 0) == 'abc'"});
  check_true({"' a '.strip() == 'a'", "'--a-'.strip('-') == 'a'", "'xyaxy'.strip('yx') == 'a'", "'üaü'.strip('ü') == 'a'",
              "'xax'.lstrip('x') == 'ax'", "'xax'.rstrip('x') == 'xa'", "'aaa'.strip('a') == ''", "'a'.strip('') == 'a'"});
}

TEST_CASE("texts are searched as Python's are, in characters") {
  check_true({"'conv_1'.startswith('conv')", "'conv'.startswith(('x', 'co'))", "not 'conv'.startswith(())", "'conv'.startswith('on', 1)",
              "'conv'.endswith('on', 0, 3)", "'conv'.endswith(['nv', 'x'])", "'üab'.startswith('a', 1)"});
  check_true({"'banana'.count('an') == 2", "'banana'.count('a', 2) == 2", "'ab'.count('') == 3", "'üab'.find('b') == 2", "'ab'.find('c') == -1",
              "'abab'.find('b', 2) == 3", "'abc'.index('c') == 2", "'a.b'.removesuffix('.b') == 'a'", "'a.b'.removeprefix('x') == 'a.b'"});
  check_true({"'-'.join(['a', 'b']) == 'a-b'", "''.join([]) == ''", "'.'.join('abc') == 'a.b.c'", "','.join({'k': 1, 'l': 2}) == 'k,l'"});
  CHECK(says(problems_of(body("- let: {a: \"'abc'.index('x')\"}")), "'x' is not in this text"));
  CHECK(says(problems_of(body("- let: {a: \"'a'.split('')\"}")), "a separator that is not empty"));
  CHECK(says(problems_of(body("- let: {a: \"'-'.join(['a', 1])\"}")), "`join` wants texts"));
  CHECK(says(problems_of(body("- let: {a: \"'a'.replace('a')\"}")), "`replace` needs `new`"));
  CHECK(says(problems_of(body("- let: {a: \"'a'.uper()\"}")), "a text has no `uper`; did you mean `upper`?"));
}

TEST_CASE("the methods of lists and maps take Python's arguments, and what changes a list has another name") {
  check_true({"[1, 2, 1].index(1, 1) == 2", "[1, 2, 1].index(2, -2) == 1", "[1, 2, 1].count(1) == 2", "{'a': 1}.get('b', 3) == 3",
              "{'a': 1}.get('b') is none", "{'a': 1}.get('a', default=2) == 1"});
  CHECK(says(problems_of(body("- let: {a: \"[1, 2].index(1, 1)\"}")), "1 is not in this list"));
  CHECK(says(problems_of(body("- let: {a: \"[1].append(2)\"}")), "a list has no `append`: lists are values, and `a + [v]` is a longer one"));
  CHECK(says(problems_of(body("- let: {a: \"[1].pop()\"}")), "`a[-1]` is the last element"));
  CHECK(says(problems_of(body("- let: {a: \"[1].cout(2)\"}")), "did you mean `count`?"));
  CHECK(says(problems_of(body("- let: {a: \"{'a': 1}.items(2)\"}")), "`items` takes 0 positional arguments, and 1 is given"));
}

TEST_CASE("format specs are Python's, in f-strings and in `format`") {
  check_true({"f'{3:02d}|{-3:04d}|{3:+d}|{3: d}|{3:<4}|{3:^5}|{3:*>4}' == '03|-003|+3| 3|3   |  3  |***3'",
              "f'{1234567:,}|{1234567:_}|{-1234:,}|{1234:08,}|{255:x}|{255:X}|{255:#x}|{5:b}|{8:o}|{65535:_b}' == "
              "'1,234,567|1_234_567|-1,234|0,001,234|ff|FF|0xff|101|10|1111_1111_1111_1111'",
              "f'{0.5:.2f}|{1.5:6.1f}|{-1.5:<7.1f}|{1e20:e}|{0.00012345:g}|{1234567.0:g}|{0.256:.1%}|{3:.1f}|{1234.5:,.2f}' == "
              "'0.50|   1.5|-1.5   |1.000000e+20|0.00012345|1.23457e+06|25.6%|3.0|1,234.50'",
              "f'{12.5:.3}|{123.0:.3}|{100.0:.3}|{1234.0:.3}|{1.0:.1}|{0.1}|{1e16}|{2.0:5}|{2.0:05}' == "
              "'12.5|1.23e+02|1e+02|1.23e+03|1e+00|0.1|1e+16|  2.0|002.0'",
              "f\"{'ab':>4}|{'ab':4}|{'ab':^5}|{'abc':.2}|{'ab':05}|{'ü':>2}|{'ab':-<4s}\" == '  ab|ab  | ab  |ab|ab000| ü|ab--'",
              "f'{true}|{true:d}|{true:3}|{none}' == 'true|1|  1|none'",
              "f\"{[1, true, 'a']}|{[1]}|{dict(k=none)}\" == \"(1, True, 'a')|(1,)|{'k': None}\"", "str(true) + str(none) == 'TrueNone'",
              "'{}'.format(true) == 'True'", "f'{inf:05}|{nan}|{-inf:.1f}' == '00inf|nan|-inf'", "f'{1:{3}}' == '  1'"});
  check_true({"'{:02d}-{name}'.format(1, name='n') == '01-n'", "'{1}{0}'.format('a', 'b') == 'ba'", "'{0:.1f}|{0}'.format(0.25) == '0.2|0.25'",
              "'{{}}'.format() == '{}'", "'{!r}'.format('a') == \"'a'\"", "'{:{w}}'.format(1, w=3) == '  1'"});
  CHECK(says(problems_of(body("- let: {a: \"f'{1:q}'\"}")), "the format `q` does not fit"));
  CHECK(says(problems_of(body("- let: {a: \"f'{1:.2d}'\"}")), "the format `.2d` does not fit"));
  CHECK(says(problems_of(body("- let: {a: \"f'{none:3}'\"}")), "the format `3` does not fit"));
  CHECK(says(problems_of(body("- let: {a: \"f'{1:99999}'\"}")), "does not fit"));
  CHECK(says(problems_of(body("- let: {a: \"'{}{}'.format(1)\"}")), "`{}` of its text has no argument"));
  CHECK(says(problems_of(body("- let: {a: \"'{'.format(1)\"}")), "never closed"));
}

TEST_CASE("`%` fills in a text as Python does") {
  check_true({"'%s_%d' % ('a', 3) == 'a_3'", "'block_%d' % 3 == 'block_3'", "'%02d|%5d|%-5d|%+d' % (3, 4, 5, 6) == '03|    4|5    |+6'",
              "'%.3f|%8.2f|%e' % (0.5, 1.5, 12.0) == '0.500|    1.50|1.200000e+01'", "'%x %X %#x %o' % (255, 255, 255, 8) == 'ff FF 0xff 10'",
              "'%5s|%-5s|%r|%.2s' % ('ab', 'ab', 'a', 'abc') == \"   ab|ab   |'a'|ab\"", "'%(n)s %(k)03d' % {'n': 1, 'k': 2} == '1 002'",
              "'100%%' % () == '100%'", "'%d' % 2.9 == '2'", "'%s' % none == 'None'", "'%s' % ([1, 2],) == '(1, 2)'"});
  CHECK(says(problems_of(body("- let: {a: \"'%d %d' % 1\"}")), "has more places than there are values"));
  CHECK(says(problems_of(body("- let: {a: \"'a' % 1\"}")), "has fewer places than there are values"));
  CHECK(says(problems_of(body("- let: {a: \"'%(b)s' % {'a': 1}\"}")), "has no value for `b`"));
  CHECK(says(problems_of(body("- let: {a: \"'%d' % 'x'\"}")), "does not fit str 'x'"));
  CHECK(says(problems_of(body("- let: {a: \"'5%' % 1\"}")), "no place for a value"));
}

TEST_CASE("int reads a text in a base, and sum joins lists") {
  check_true({"int('0x10', 16) == 16", "int('ff', 16) == 255", "int('-101', 2) == -5", "int('0b11', 0) == 3", "int(' 1_000 ') == 1000",
              "int('+7') == 7", "sum([[1], [2, 3]], []) == [1, 2, 3]", "sum([], [1]) == [1]"});
  CHECK(says(problems_of(body("- let: {a: \"int('12', 2)\"}")), "`int` cannot read"));
  CHECK(says(problems_of(body("- let: {a: \"int('--1')\"}")), "`int` cannot read"));
}

}  // namespace linenc::test
