#include <doctest/doctest.h>

#include <cstdint>
#include <random>

#include "compiler/graph/dim.h"

namespace linenc::graph {
namespace {

const Dim h = Dim::named("h"), w = Dim::named("w"), batch = Dim::named("batch"), len = Dim::named("len");

std::int64_t at(const Dim& dim, std::int64_t h_size, std::int64_t w_size) {
  const Dim value = dim.substitute({{"h", h_size}, {"w", w_size}});
  REQUIRE(value.constant().has_value());
  return *value.constant();
}

}  // namespace

TEST_SUITE("compiler/graph/dim") {
  TEST_CASE("numbers follow Python's // and %") {
    CHECK(floor_div(Dim(-7), 2) == Dim(-4));
    CHECK(modulo(Dim(-7), 2) == Dim(1));
    CHECK(modulo(Dim(7), -2) == Dim(-1));
    CHECK(modulo(Dim(INT64_MIN), -8) == Dim(0));
    CHECK(modulo(Dim(INT64_MIN), 7) == Dim(6));
    CHECK(modulo(Dim(INT64_MIN), -1) == Dim(0));
    CHECK(floor_div(Dim(7), -2) == Dim(-4));
    CHECK(ceil_div(Dim(7), 2) == Dim(4));
    CHECK(maximum(Dim(3), 5) == Dim(5));
    CHECK(minimum(Dim(3), 5) == Dim(3));
  }

  TEST_CASE("sizes print as the model language writes them") {
    struct Row {
      Dim dim;
      const char* text;
    };
    for (const Row& row : {Row{Dim(12), "12"},
                           Row{batch, "batch"},
                           Row{len * 2 + 1, "2*len + 1"},
                           Row{floor_div(h, 2), "h//2"},
                           Row{floor_div(h - 3, 2) + 1, "(h - 1)//2"},
                           Row{floor_div(h, 2) + 1, "h//2 + 1"},
                           Row{h * w, "h*w"},
                           Row{h * h, "h**2"},
                           Row{Dim(5) - h, "5 - h"},
                           Row{-h, "-h"},
                           Row{h - w, "h - w"},
                           Row{modulo(h, 2), "h % 2"},
                           Row{modulo(h + 1, 2) * 3, "3*((h + 1) % 2)"},
                           Row{floor_div(h, 2) * 2, "2*(h//2)"},
                           Row{-floor_div(h, 2), "-(h//2)"},
                           Row{floor_div(h, w), "h//w"},
                           Row{floor_div(h + w, w * 2), "(h + w)//(2*w)"},
                           Row{maximum(h - 2, 0), "max(h - 2, 0)"},
                           Row{minimum(h, 10), "min(h, 10)"},
                           Row{ceil_div(h, 2), "(h + 1)//2"},
                           Row{batch * (h + 1), "batch*h + batch"}}) {
      CHECK(row.dim.text() == row.text);
    }
  }

  TEST_CASE("equal polynomials have one form") {
    CHECK(h + w == w + h);
    CHECK((h + 1) * (h - 1) == h * h - 1);
    CHECK(h - h == Dim(0));
    CHECK((h - h).is_constant());
    CHECK(floor_div(h * 4 + 2, 2) == h * 2 + 1);
    CHECK(floor_div(h * 2, 2) == h);
    CHECK(floor_div(h, 1) == h);
    CHECK(floor_div(h * 3 + w * 6 + 2, 3) == h + w * 2);
    CHECK(floor_div(floor_div(h, 2), 3) == floor_div(h, 6));
    CHECK(floor_div(floor_div(h, 2) + 1, 2) == floor_div(h + 2, 4));
    CHECK(floor_div(h * 4 + 3, 6) == floor_div(h * 2 + 1, 3));
    CHECK(floor_div(h, w) * w + modulo(h, w) == h);
    CHECK(floor_div(h * w, w) == h);
    CHECK(floor_div(batch * h, batch * 2) == floor_div(h, 2));
    CHECK(floor_div(modulo(h, 4), 4) == Dim(0));
    CHECK(modulo(modulo(h, 4), 4) == modulo(h, 4));
    CHECK(modulo(h * 4, 2) == Dim(0));
    CHECK(maximum(h, 0) == h);
    CHECK(maximum(h, 1) == h);
    CHECK(minimum(h, 0) == Dim(0));
    CHECK(maximum(h, w) == maximum(w, h));
    CHECK(maximum(maximum(h, w), w) == maximum(h, w));
  }

  TEST_CASE("a convolution of stride 2 with SAME padding halves and rounds up") {
    const Dim out = ceil_div(h, 2);
    const Dim total = maximum((out - 1) * 2 + 3 - h, 0);
    const Dim low = floor_div(total, 2), high = total - low;
    CHECK(floor_div(h + low + high - 3, 2) + 1 == out);
  }

  TEST_CASE("maxima of a stack of convolutions become one") {
    Dim size = h;
    for (int layer = 0; layer < 3; ++layer) size = maximum(size - 3 + 1, 0);
    CHECK(size == maximum(h - 6, 0));
    CHECK(maximum(floor_div(size - 2, 2) + 1, 0) == maximum(floor_div(h, 2) - 3, 0));
    CHECK(floor_div(maximum(h, w), 2) == maximum(floor_div(h, 2), floor_div(w, 2)));
  }

  TEST_CASE("overflow is seen and stays") {
    const Dim large = Dim(INT64_MAX);
    CHECK((large + 1).is_overflow());
    CHECK((large * 2 - 5).is_overflow());
    CHECK((h * INT64_MAX * 2).is_overflow());
    CHECK(floor_div(Dim(INT64_MIN), -1).is_overflow());
    CHECK(maximum(large + 1, h).is_overflow());
    CHECK_FALSE(large.is_overflow());
    const Dim least = h * Dim(-(std::int64_t{1} << 62)) * 2;
    CHECK(least.is_overflow());
    CHECK(floor_div(h + Dim(INT64_MIN), -1).is_overflow());
    CHECK(modulo(Dim(INT64_MIN), -1) == Dim(0));
  }

  TEST_CASE("a form that grows without end becomes an overflow") {
    Dim dim = h;
    for (int i = 0; i < 64 && !dim.is_overflow(); ++i) dim = floor_div(dim * dim + w, 3) + dim;
    CHECK(dim.is_overflow());
  }

  TEST_CASE("names are collected and replaced, nested ones too") {
    const Dim dim = floor_div(maximum(h - 3, w), 2) * batch;
    CHECK(dim.names() == std::set<std::string>{"batch", "h", "w"});
    CHECK(dim.substitute({{"h", 10}, {"w", 4}}) == batch * 3);
    CHECK(dim.substitute({{"h", 10}, {"w", 4}, {"batch", 2}}) == Dim(6));
    CHECK(h.as_name() == "h");
    CHECK_FALSE((h + 1).as_name().has_value());
  }

  TEST_CASE("the normal form keeps the value for every size") {
    std::mt19937 random(7);
    const auto number = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
    for (int round = 0; round < 400; ++round) {
      // The same random expression over sizes and over numbers.
      const std::int64_t h_size = number(1, 9), w_size = number(1, 9);
      Dim dims[3] = {h, w, Dim(number(-4, 9))};
      std::int64_t values[3] = {h_size, w_size, *dims[2].constant()};
      const auto floor_of = [](std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); };
      for (int step = 0; step < 6; ++step) {
        const int i = number(0, 2), j = number(0, 2);
        switch (number(0, 6)) {
          case 0:
            dims[i] = dims[i] + dims[j];
            values[i] += values[j];
            break;
          case 1:
            dims[i] = dims[i] - dims[j];
            values[i] -= values[j];
            break;
          case 2: {
            const int d = number(1, 3);
            dims[i] = dims[i] * d + 1;
            values[i] = values[i] * d + 1;
            break;
          }
          case 3: {
            const int d = number(1, 5);
            dims[i] = floor_div(dims[i], d);
            values[i] = floor_of(values[i], d);
            break;
          }
          case 4:
            dims[i] = maximum(dims[i], dims[j]);
            values[i] = std::max(values[i], values[j]);
            break;
          case 5:
            dims[i] = minimum(dims[i], dims[j] + 2);
            values[i] = std::min(values[i], values[j] + 2);
            break;
          case 6: {
            const int d = number(2, 5);
            dims[i] = modulo(dims[i], d);
            values[i] -= floor_of(values[i], d) * d;
            break;
          }
        }
      }
      for (int i = 0; i < 3; ++i) {
        CAPTURE(dims[i].text());
        CHECK(at(dims[i], h_size, w_size) == values[i]);
      }
    }
  }

}  // TEST_SUITE
}  // namespace linenc::graph
