#include "compiler/syntax/identifier.h"

#include <doctest/doctest.h>

#include <string>

using namespace linenc::syntax;

TEST_SUITE("compiler/syntax") {
  TEST_CASE("names are those of Python, in any script") {
    CHECK(identifier_size("größe + 1") == 7);
    CHECK(identifier_size("λ1.b") == 3);
    CHECK(identifier_size("слой") == 8);
    CHECK(identifier_size("层_1") == 5);
    CHECK(identifier_size("x²") == 1);
    CHECK(identifier_size("1λ") == 0);
    CHECK(identifier_size("\u0301a") == 0);  // a mark begins no name
    CHECK(identifier_size("a\u0301") == 3);
    CHECK(identifier_size("€") == 0);
    CHECK(identifier_size("") == 0);
  }

  // unicodedata.normalize('NFKC', name)
  TEST_CASE("names are compared in their normal form") {
    struct Row {
      std::string written, form;
    };
    for (const Row& row :
         {Row{"plain_1", "plain_1"}, Row{"größe", "größe"}, Row{"o\u0308", "ö"}, Row{"ﬁ", "fi"}, Row{"µm", "μm"}, Row{"ℎ", "h"}, Row{"𝛼", "α"},
          Row{"Ａ１", "A1"}, Row{"ª", "a"}, Row{"ä\u0323", "ạ\u0308"}, Row{"a\u0308\u0304", "ǟ"}, Row{"\u1112\u1161\u11AB", "한"}, Row{"한", "한"},
          Row{"\uF900", "\u8C48"}, Row{"e\u0327\u0301", "ȩ\u0301"}, Row{"\u212B", "Å"}, Row{"ĳ", "ij"}}) {
      CAPTURE(row.written);
      CHECK(normal_form(row.written) == row.form);
    }
  }
}
