#include "compiler/driver/options.h"

#include <doctest/doctest.h>

#include "compiler/driver/command.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/made_up_data.h"
#include "compiler/driver/outputs.h"

namespace linenc::driver {

TEST_SUITE("compiler/driver/options") {
  TEST_CASE("whole numbers are read to the last bit of 64, and nothing else is one") {
    CHECK(integer_of("0") == 0);
    CHECK(integer_of("-1") == -1);
    CHECK(integer_of("+7") == 7);
    CHECK(integer_of("1_000_000") == 1'000'000);
    CHECK(integer_of("9223372036854775807") == INT64_MAX);
    CHECK(integer_of("-9223372036854775808") == INT64_MIN);
    for (const char* text :
         {"", "-", "+", "9223372036854775808", "-9223372036854775809", "1.0", "1e3", "0x10", " 1", "1 ", "_1", "1_", "1__0", "one"}) {
      CAPTURE(text);
      CHECK_FALSE(integer_of(text).has_value());
    }
  }

  TEST_CASE("a size or seed that is no NAME=NUMBER ends the command with exit 2") {
    for (const char* text : {"batch", "=3", "batch=", "batch=x", "batch=-1", "batch=1.5"}) {
      CAPTURE(text);
      try {
        (void)parse_sizes({text});
        FAIL("accepted");
      } catch (const Stop& end) {
        CHECK(end.exit == Exit::CannotDo);
        CHECK(end.text.find("--dim") != std::string::npos);
      }
    }
    CHECK_THROWS_AS((void)parse_sizes({"n=1", "n=2"}), Stop);
    CHECK(parse_sizes({"n=1", "m=0"}) == std::map<std::string, std::int64_t>{{"m", 0}, {"n", 1}});
    CHECK(parse_seeds({"dropout=-3"}) == Seeds{{"dropout", -3}});
  }

  TEST_CASE("the value of --set may hold further equal signs") {
    const auto sets = parse_sets({"a.b=x=y", "c="});
    CHECK(sets.at(0) == std::pair<std::string, std::string>{"a.b", "x=y"});
    CHECK(sets.at(1) == std::pair<std::string, std::string>{"c", ""});
  }

  TEST_CASE("numbers are grouped, bytes have units, nouns their plural") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1_000");
    CHECK(grouped(3237802) == "3_237_802");
    CHECK(byte_text(256) == "256 B");
    CHECK(byte_text(1023) == "1023 B");
    CHECK(byte_text(1024) == "1.0 KiB");
    CHECK(byte_text(1048575) == "1.0 MiB");
    CHECK(byte_text(12951464) == "12.4 MiB");
    CHECK(counted(1, "file") == "1 file");
    CHECK(counted(0, "file") == "0 files");
  }

  TEST_CASE("a conversion is free exactly where no value can change") {
    CHECK(holds_every_value(DType::Int32, DType::Int64));
    CHECK(holds_every_value(DType::Float16, DType::Float32));
    CHECK(holds_every_value(DType::BFloat16, DType::Float32));
    CHECK(holds_every_value(DType::Bool, DType::Int32));
    CHECK(holds_every_value(DType::Bool, DType::Float16));
    CHECK(holds_every_value(DType::Int16, DType::Float32));
    CHECK(holds_every_value(DType::UInt8, DType::BFloat16));
    CHECK(holds_every_value(DType::UInt8, DType::Int16));
    CHECK_FALSE(holds_every_value(DType::Float64, DType::Float32));
    CHECK_FALSE(holds_every_value(DType::Int64, DType::Int32));
    CHECK_FALSE(holds_every_value(DType::Int32, DType::Float32));
    CHECK_FALSE(holds_every_value(DType::Int32, DType::UInt32));
    CHECK_FALSE(holds_every_value(DType::UInt32, DType::Int32));
    CHECK_FALSE(holds_every_value(DType::Float16, DType::BFloat16));
    CHECK_FALSE(holds_every_value(DType::BFloat16, DType::Float16));
    CHECK_FALSE(holds_every_value(DType::Float32, DType::Int64));
    CHECK_FALSE(holds_every_value(DType::Int8, DType::Bool));
    CHECK_FALSE(holds_every_value(DType::UInt32, DType::Key));
  }

  TEST_CASE("an output target is a file, a pick, or a path that has an equal sign in a folder's name") {
    CHECK(output_target("y.npy").name.empty());
    CHECK(output_target("logits=y.npy").name == "logits");
    CHECK(output_target("logits=y.npy").path == "y.npy");
    CHECK(output_target("./a=b.npy").path == "./a=b.npy");
    CHECK(output_target("-").path == "-");
    CHECK_THROWS_AS((void)output_target("logits="), Stop);
  }

}  // TEST_SUITE

TEST_SUITE("compiler/driver/made_up_data") {
  std::vector<std::uint32_t> words(const Array& array) { return {array.as<std::uint32_t>(), array.as<std::uint32_t>() + array.bytes() / 4}; }

  // The expected bits are those of jax.random with key(7).
  TEST_CASE("normal and uniform numbers are those of jax.random for the key") {
    runtime::Threads threads(1);
    const auto normal = make_up(*made_up("normal:7"), DType::Float32, {2, 3}, threads);
    CHECK(words(*normal) == std::vector<std::uint32_t>{0x3ee7084b, 0x3ffa0aae, 0xbf042845, 0xbe1052a7, 0x3f1d9131, 0x3eab2b88});
    const auto uniform = make_up(*made_up("uniform:7"), DType::Float32, {2, 3}, threads);
    CHECK(words(*uniform) == std::vector<std::uint32_t>{0x3f2c9128, 0x3f79807e, 0x3e9b0e50, 0x3ee34e88, 0x3f3b1b62, 0x3f21849a});
    const auto half = make_up(*made_up("normal:7"), DType::BFloat16, {3}, threads);
    CHECK(std::vector<std::uint16_t>(half->as<std::uint16_t>(), half->as<std::uint16_t>() + 3) == std::vector<std::uint16_t>{0xbfde, 0xc039, 0x3edb});
  }

  TEST_CASE("one key is the seed's, several are split off it") {
    runtime::Threads threads(1);
    CHECK(words(*make_up(*made_up("key:-1"), DType::Key, {}, threads)) == std::vector<std::uint32_t>{0, 4294967295u});
    CHECK(words(*make_up(*made_up("key:7"), DType::Key, {3}, threads)) ==
          std::vector<std::uint32_t>{3625411723u, 1954958720u, 195045567u, 4062205631u, 966301609u, 1948237315u});
  }

  TEST_CASE("data that a dtype cannot hold is not made") {
    runtime::Threads threads(1);
    CHECK_FALSE(make_up(*made_up("normal:7"), DType::Int32, {2}, threads).has_value());
    CHECK_FALSE(make_up(*made_up("key:7"), DType::Float32, {2}, threads).has_value());
    CHECK_FALSE(make_up(*made_up("zeros"), DType::Key, {}, threads).has_value());
    CHECK(make_up(*made_up("ones"), DType::Bool, {2}, threads)->as<std::uint8_t>()[1] == 1);
  }

  TEST_CASE("only the five words make data up") {
    CHECK(made_up("zeros").has_value());
    CHECK(made_up("normal").has_value());
    for (const char* text : {"", "zero", "zeros:1", "normal:", "normal:x", "key", "x.npy", "./zeros"}) {
      CAPTURE(text);
      CHECK_FALSE(made_up(text).has_value());
    }
  }

}  // TEST_SUITE

}  // namespace linenc::driver
