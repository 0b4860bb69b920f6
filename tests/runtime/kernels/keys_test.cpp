#include "runtime/random/draw.h"
#include "runtime/random/threefry.h"
#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

using reference::tensor;

TEST_SUITE("runtime/kernels/keys") {
  // jax.random.key_data(jax.random.key(0)), fold_in(key(0), 4), split(key(0), 3).
  TEST_CASE("keys are those of JAX") {
    for_every_machine({OpKind::KeySeed, {}}, {ints({}, {7})}, {{DType::Key, {}}}, [](const auto& out) {
      CHECK(out[0].template as<std::uint32_t>()[0] == 0);
      CHECK(out[0].template as<std::uint32_t>()[1] == 7);
    });
    Array key(DType::Key, {});
    key.as<std::uint32_t>()[0] = key.as<std::uint32_t>()[1] = 0;
    const auto is = [](const Array& array, std::int64_t i, std::uint32_t k0, std::uint32_t k1) {
      CHECK(array.as<std::uint32_t>()[2 * i] == k0);
      CHECK(array.as<std::uint32_t>()[2 * i + 1] == k1);
    };
    for_every_machine({OpKind::KeyDerive, KeyDeriveAttributes{4}}, {key}, {{DType::Key, {}}},
                      [&](const auto& out) { is(out[0], 0, 2285895361u, 433833334u); });
    const Array data = array_of<std::uint32_t>(DType::UInt32, {2}, {4, 4});
    for_every_machine({OpKind::KeyFold, {}}, {key, data}, {{DType::Key, {2}}},
                      [&](const auto& out) { is(out[0], 0, 2285895361u, 433833334u), is(out[0], 1, 2285895361u, 433833334u); });
    for_every_machine({OpKind::KeySplit, {}}, {key}, {{DType::Key, {3}}}, [&](const auto& out) {
      is(out[0], 0, 1797259609u, 2579123966u), is(out[0], 1, 928981903u, 3453687069u), is(out[0], 2, 4146024105u, 2718843009u);
    });
    for_every_machine({OpKind::KeyData, {}}, {key}, {{DType::UInt32, {2}}}, [&](const auto& out) { is(out[0], 0, 0, 0); });
    const Array words = array_of<std::uint32_t>(DType::UInt32, {2, 2}, {1, 2, 3, 4});
    for_every_machine({OpKind::KeyWrap, {}}, {words}, {{DType::Key, {2}}}, [&](const auto& out) { is(out[0], 0, 1, 2), is(out[0], 1, 3, 4); });
  }

  TEST_CASE("each key of an array draws for itself") {
    const Array keys = random_array(DType::Key, {3}, 5);
    DrawAttributes uniform;
    for_every_machine({OpKind::Draw, uniform}, {keys}, {{DType::Float32, {3, 4, 5}}}, [&](const auto& out) {
      for (std::int64_t k = 0; k < 3; ++k) {
        Array one(DType::Float32, {20});
        runtime::draw(uniform, keys.as<runtime::KeyWords>()[k], DType::Float32, 0, 20, one.data(), threads_of(1));
        CHECK(std::equal(one.data(), one.data() + 80, out[0].data() + k * 80));
      }
    });
    // jax.random.randint(jax.random.key(0), (5,), 0, 10)
    Array key(DType::Key, {});
    key.as<std::uint32_t>()[0] = key.as<std::uint32_t>()[1] = 0;
    check_step({OpKind::RandomInt, {}}, {key, ints({}, {0}), ints({}, {10})}, {DType::Int32, {5}}, tensor(ints({5}, {9, 0, 2, 3, 1})));
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
