#include "compiler/source/source_file.h"

#include <doctest/doctest.h>

namespace linenc::source {
namespace {

TEST_CASE("lines and columns count from 1, columns in code points") {
  const SourceFile file("m.yaml", "a: é!\n\nlast");
  struct Row {
    std::uint32_t byte, line, column;
  };
  for (const Row& row : {Row{0, 1, 1}, Row{3, 1, 4}, Row{5, 1, 5}, Row{6, 1, 6}, Row{7, 2, 1}, Row{8, 3, 1}, Row{12, 3, 5}}) {
    CAPTURE(row.byte);
    CHECK(file.place(row.byte).line == row.line);
    CHECK(file.place(row.byte).column == row.column);
  }
}

TEST_CASE("a place beyond the end is the end") {
  const SourceFile file("m.yaml", "ab");
  CHECK(file.place(100) == Place{1, 3});
  CHECK(file.text(Span{0, 1, 100}) == "b");
  CHECK(file.text(Span{0, 100, 200}).empty());
}

TEST_CASE("a line comes without its break, LF or CR LF") {
  const SourceFile file("m.yaml", "one\r\ntwo\n");
  REQUIRE(file.line_count() == 3);
  CHECK(file.line(1) == "one");
  CHECK(file.line(2) == "two");
  CHECK(file.line(3).empty());
  CHECK(file.line(0).empty());
  CHECK(file.line(4).empty());
  CHECK(file.line_start(2) == 5);
}

TEST_CASE("an empty text has one empty line") {
  const SourceFile file("m.yaml", "");
  CHECK(file.line_count() == 1);
  CHECK(file.place(0) == Place{1, 1});
}

TEST_CASE("a byte order mark takes no column") {
  const SourceFile file("m.yaml", "\xEF\xBB\xBFname: x");
  CHECK(file.place(3) == Place{1, 1});
  CHECK(file.place(5) == Place{1, 3});
}

TEST_CASE("a join holds both spans; of two files the first remains") {
  CHECK(join(Span{0, 4, 6}, Span{0, 1, 2}) == Span{0, 1, 6});
  CHECK(join(Span{0, 4, 6}, Span{1, 1, 2}) == Span{0, 4, 6});
  CHECK(join(Span{}, Span{1, 1, 2}) == Span{1, 1, 2});
  CHECK(Span{0, 1, 5}.contains(Span{0, 1, 5}));
  CHECK_FALSE(Span{0, 1, 5}.contains(Span{0, 0, 5}));
}

}  // namespace
}  // namespace linenc::source
