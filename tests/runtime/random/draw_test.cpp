#include "runtime/random/draw.h"

#include <doctest/doctest.h>
#include <nettle/sha2.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "runtime/random/draw_with.h"
#include "runtime/random/half_samples.h"
#include "tests/runtime/random/vectors.h"

using namespace linenc;
using namespace linenc::runtime;
using namespace linenc::runtime::test;

namespace {

constexpr DrawKind kFloatKinds[] = {DrawKind::Uniform,     DrawKind::Normal,  DrawKind::TruncatedNormal, DrawKind::Gumbel,
                                    DrawKind::Exponential, DrawKind::Laplace, DrawKind::Logistic,        DrawKind::Cauchy};

std::string sha256(const void* bytes, std::size_t length) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, length, static_cast<const std::uint8_t*>(bytes));
  std::uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_digest(&context, sizeof digest, digest);
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

DrawAttributes attributes_in(const nlohmann::json& entry) {
  DrawAttributes attributes;
  for (const DrawKind kind : kFloatKinds) {
    if (name(kind) == entry["kind"].get<std::string>()) attributes.kind = kind;
  }
  attributes.low = entry.value("low", 0.0);
  attributes.high = entry.value("high", 1.0);
  attributes.scaled = entry.contains("scale");
  attributes.scale = entry.value("scale", 1.0);
  attributes.merged = entry.value("merged", false);
  return attributes;
}

std::vector<std::uint32_t> drawn(const DrawAttributes& attributes, KeyWords key, DType dtype, std::uint64_t first, std::int64_t count,
                                 int threads = 1) {
  Threads pool(threads);
  std::vector<std::byte> bytes(static_cast<std::size_t>(count) * byte_size(dtype));
  draw(attributes, key, dtype, first, count, bytes.data(), pool);
  return words_of(bytes, byte_size(dtype));
}

std::vector<std::uint32_t> every_word() {
  std::vector<std::uint32_t> words(std::size_t{1} << 23);
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::uint32_t>(i << 9);
  return words;
}

DrawAttributes plain(DrawKind kind, double low, double high) {
  DrawAttributes attributes;
  attributes.kind = kind;
  attributes.low = low;
  attributes.high = high;
  return attributes;
}

}  // namespace

TEST_SUITE("runtime/random/draw") {
  TEST_CASE("every one of the 2^23 outcomes of every float32 sampler is JAX's") {
    const std::vector<std::uint32_t> words = every_word();
    std::vector<float> samples(words.size());
    int checked = 0;
    for (const auto& entry : vectors()["tables"]) {
      if (entry["dtype"] != "float32") continue;
      // Their tangent is the C library's; a newer one may round some of them otherwise.
      if (entry["kind"] == "cauchy") continue;
      CAPTURE(entry.dump());
      sample_floats(*usable_loops().front(), attributes_in(entry), words.data(), static_cast<std::int64_t>(words.size()), samples.data());
      CHECK(sha256(samples.data(), samples.size() * sizeof(float)) == entry["sha256"].get<std::string>());
      ++checked;
    }
    CHECK(checked > 20);
  }

  TEST_CASE("every outcome of every float16 and bfloat16 sampler is JAX's") {
    int checked = 0;
    for (const auto& entry : vectors()["tables"]) {
      const DType dtype = dtype_in(entry);
      if (dtype == DType::Float32) continue;
      CAPTURE(entry.dump());
      std::vector<std::uint16_t> samples;
      for (std::uint32_t i = 0; i < half_outcomes(dtype); ++i) {
        samples.push_back(half_sample(attributes_in(entry), dtype, i));
      }
      CHECK(sha256(samples.data(), samples.size() * sizeof samples[0]) == entry["sha256"].get<std::string>());
      ++checked;
    }
    CHECK(checked > 40);
  }

  TEST_CASE("the first elements of a draw are JAX's, however many are drawn") {
    const KeyWords key = key_in(vectors()["tables_key"]);
    for (const auto& entry : vectors()["tables"]) {
      CAPTURE(entry.dump());
      const std::vector<std::uint32_t> expected = words_in(entry["first"]);
      const DType dtype = dtype_in(entry);
      // From 1024 elements on halves come from a table.
      for (const std::int64_t count : {24, 1100}) {
        std::vector<std::uint32_t> values = drawn(attributes_in(entry), key, dtype, 0, count);
        values.resize(expected.size());
        if (entry["kind"] != "cauchy") {
          CHECK(values == expected);
          continue;
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
          const auto difference = static_cast<std::int64_t>(values[i]) - static_cast<std::int64_t>(expected[i]);
          CHECK(std::abs(difference) <= 1);
        }
      }
    }
  }

  TEST_CASE("random bits of 8, 16 and 32 bits are JAX's") {
    REQUIRE(vectors()["bits"].size() == 6);
    for (const auto& entry : vectors()["bits"]) {
      CAPTURE(entry["dtype"].get<std::string>());
      const std::vector<std::uint32_t> expected = words_in(entry["out"]);
      CHECK(drawn(plain(DrawKind::Bits, 0, 1), key_in(entry["key"]), dtype_in(entry), 0, 40) == expected);
    }
  }

  TEST_CASE("a draw may begin anywhere, beyond 2^32 too") {
    const KeyWords key{3, 4};
    const DrawAttributes bits = plain(DrawKind::Bits, 0, 1);
    const std::vector<std::uint32_t> whole = drawn(bits, key, DType::UInt32, 0, 100);
    const std::vector<std::uint32_t> part = drawn(bits, key, DType::UInt32, 37, 63);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + 37));
    // The counter carries into its upper word inside of one vector.
    const std::uint64_t first = (std::uint64_t{1} << 32) - 5;
    const std::vector<std::uint32_t> around = drawn(bits, key, DType::UInt32, first, 40);
    for (std::uint64_t i = 0; i < around.size(); ++i) {
      const KeyWords block = split_at(key, first + i);
      CHECK(around[i] == (block[0] ^ block[1]));
    }
  }

  TEST_CASE("the number of threads does not change a bit") {
    const KeyWords key{5, 6};
    for (const DType dtype : {DType::Float32, DType::Float16, DType::BFloat16}) {
      for (const DrawKind kind : {DrawKind::Uniform, DrawKind::TruncatedNormal, DrawKind::Cauchy}) {
        const DrawAttributes attributes = plain(kind, -2, 2);
        CAPTURE(std::string(name(dtype)));
        CAPTURE(std::string(name(kind)));
        const std::vector<std::uint32_t> one = drawn(attributes, key, dtype, 0, 100003);
        CHECK(drawn(attributes, key, dtype, 0, 100003, 2) == one);
        CHECK(drawn(attributes, key, dtype, 0, 100003, 5) == one);
      }
    }
  }

  TEST_CASE("every instruction set gives the same bits, at every length") {
    const Loops& reference = *usable_loops().back();
    CHECK(std::string(reference.instruction_set) == "baseline");
    // Every 37th word, so that the slow set is done soon.
    std::vector<std::uint32_t> words;
    for (std::uint32_t i = 0; i < 1u << 23; i += 37) words.push_back(i << 9);
    const auto count = static_cast<std::int64_t>(words.size());
    for (const Loops* loops : usable_loops()) {
      CAPTURE(loops->instruction_set);
      for (const DrawKind kind : kFloatKinds) {
        CAPTURE(std::string(name(kind)));
        const DrawAttributes attributes = plain(kind, -5, 5);
        std::vector<float> expected(words.size()), actual(words.size());
        sample_floats(reference, attributes, words.data(), count, expected.data());
        sample_floats(*loops, attributes, words.data(), count, actual.data());
        CHECK(std::memcmp(expected.data(), actual.data(), words.size() * sizeof(float)) == 0);
      }
      for (std::int64_t length = 0; length < 40; ++length) {
        std::vector<std::uint32_t> expected(41, 7), actual(41, 7);
        reference.bits({8, 9}, 100, length, expected.data());
        loops->bits({8, 9}, 100, length, actual.data());
        CHECK(actual == expected);
        CHECK(actual[static_cast<std::size_t>(length)] == 7);
        std::vector<float> samples(41, 7.0f);
        loops->normal(SampleConstants{}, expected.data(), length, samples.data());
        CHECK(samples[static_cast<std::size_t>(length)] == 7.0f);
      }
    }
  }

  TEST_CASE("the exact functions have the values of their poles and bounds") {
    const float infinity = std::numeric_limits<float>::infinity();
    CHECK(exact_log(0.0f) == -infinity);
    CHECK(exact_log(1e-40f) == -infinity);
    CHECK(exact_log(infinity) == infinity);
    CHECK(std::isnan(exact_log(-1.0f)));
    CHECK(exact_log(1.0f) == 0.0f);
    CHECK(exact_log1p(-1.0f) == -infinity);
    CHECK(exact_erf(9.0f) == 1.0f);
    CHECK(exact_erf(-9.0f) == -1.0f);
    CHECK(exact_erf_inv(1.0f) == infinity);
    CHECK(exact_erf_inv(-1.0f) == -infinity);
    CHECK(exact_erf_inv(0.0f) == 0.0f);
  }

  TEST_CASE("random integers are JAX's, for bounds outside of the type and empty ranges too") {
    REQUIRE(vectors()["randint"].size() > 15);
    const KeyWords key = key_in(vectors()["randint_key"]);
    Threads threads(1);
    for (const auto& entry : vectors()["randint"]) {
      CAPTURE(entry.dump());
      const DType dtype = dtype_in(entry);
      std::vector<std::byte> bytes(16 * byte_size(dtype));
      random_int(key, dtype, entry["low"], entry["high"], 16, bytes.data(), threads);
      CHECK(words_of(bytes, byte_size(dtype)) == words_in(entry["out"]));
    }
  }

  TEST_CASE("random integers do not depend on the number of threads") {
    std::vector<std::byte> one(4 * 50001), many(4 * 50001);
    Threads single(1), several(4);
    random_int({1, 2}, DType::Int32, -5, 1000, 50001, one.data(), single);
    random_int({1, 2}, DType::Int32, -5, 1000, 50001, many.data(), several);
    CHECK(one == many);
  }

}  // TEST_SUITE
