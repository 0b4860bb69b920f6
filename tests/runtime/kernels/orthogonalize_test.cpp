#include "tests/support/run_kernel.h"

namespace linenc::test {
namespace {

const OneStep step{OpKind::Orthogonalize, NoAttributes{}};

TEST_SUITE("runtime/kernels/orthogonalize") {
  // Q * sign(diag(R)) of jnp.linalg.qr, which works in float32: within 2e-6.
  TEST_CASE("the columns are those of a QR decomposition with a positive diagonal") {
    const Array x = floats({2, 4, 3}, {-1.4462569952011108f, 1.5393810272216797f,   0.38250625133514404f, 1.970701813697815f,   -0.5876674056053162f,
                                       0.20941562950611115f, -1.2453285455703735f,  -0.3013702929019928f, -0.8032536506652832f, -1.13607656955719f,
                                       0.6338517665863037f,  -1.0104950666427612f,  -0.5217809081077576f, -0.6528324484825134f, 1.8649368286132812f,
                                       -1.2380009889602661f, 0.036223575472831726f, 0.21927818655967712f, 0.7116690874099731f,  -0.8260475993156433f,
                                       0.40395689010620117f, -1.0425523519515991f,  -0.7480849027633667f, 1.305262804031372f});
    const std::vector<float> wanted = {-0.4870675f,  0.7265363f,  0.2024156f, 0.6636888f,  0.1925718f,  -0.4016235f, -0.4193991f, -0.6485684f,
                                       -0.05752632f, -0.3826055f, 0.1200836f, -0.8913007f, -0.2830466f, -0.4569705f, 0.7929616f,  -0.6715692f,
                                       0.1691652f,   -0.3668972f, 0.3860539f, -0.7339389f, -0.4189389f, -0.5655457f, -0.4731752f, -0.2471615f};
    for_every_machine(step, {x}, {{DType::Float32, {2, 4, 3}}}, [&](const auto& out) {
      for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(out[0].template as<float>()[i] == doctest::Approx(wanted[i]).epsilon(2e-6));
    });
  }

  TEST_CASE("large matrices have orthonormal columns") {
    const Array x = random_array(DType::Float32, {70, 70}, 5);
    runtime::Threads threads(1);
    const std::vector<Array> out = run_step(step, {x}, {{DType::Float32, {70, 70}}}, threads);
    const float* q = out[0].as<float>();
    double worst = 0;
    for (int i = 0; i < 70; ++i) {
      for (int j = 0; j < 70; ++j) {
        double sum = i == j ? -1 : 0;
        for (int k = 0; k < 70; ++k) sum += static_cast<double>(q[k * 70 + i]) * static_cast<double>(q[k * 70 + j]);
        worst = std::max(worst, std::abs(sum));
      }
    }
    CHECK(worst < 1e-6);
  }

  TEST_CASE("a column that depends on those before it is zero") {
    runtime::Threads threads(1);
    const std::vector<Array> out = run_step(step, {floats({2, 2}, {3, 6, 4, 8})}, {{DType::Float32, {2, 2}}}, threads);
    const float* q = out[0].as<float>();
    CHECK(q[0] == doctest::Approx(0.6));
    CHECK(q[2] == doctest::Approx(0.8));
    CHECK(q[1] == 0);
    CHECK(q[3] == 0);
  }

  TEST_CASE("more columns than rows, and other dtypes, are refused") {
    CHECK(problem_of(step, {floats({1, 2}, {1, 2})}, {{DType::Float32, {1, 2}}}) != "");
    CHECK(problem_of(step, {ints({2, 1}, {1, 2})}, {{DType::Int32, {2, 1}}}) != "");
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
