#include "runtime/plan/print_plan.h"

#include <nlohmann/json.hpp>

#include "tests/runtime/plan/plan_fixture.h"

namespace linenc::test {
namespace {

TEST_SUITE("runtime/plan/print_plan") {
  TEST_CASE("a plan prints as aligned columns") {
    CHECK("\n" + print(small_plan()) == R"(
plan: 2 programs, 128 B of constants, entry 1

program 0 `dense`: arena 128 B
  input 0   x              %0  float32[2, 3]  24 B
  input 1   params/kernel  %1  float32[3, 4]  48 B
  output 0  y              %4  float32[2, 4]  32 B
  0  dot_general a_contract=[1] b_contract=[0]  %0 float32[2, 3] input 0, %1 float32[3, 4] input 1, %2 float32[4] constant+64 -> %3 float32[2, 4] arena+64  32 B  0-1  Dense_0 model.yaml:7
  1  elementwise kind=relu                      %3 float32[2, 4] arena+64 -> %4 float32[2, 4] output 0                                                      32 B  1-1  Dense_0 model.yaml:7

program 1 `apply`: arena 256 B
  input 0   x              %0  float32[2, 3]  24 B
  input 1   params/kernel  %1  float32[3, 4]  48 B
  output 0  y              %3  float32[2, 4]  32 B
  0  call program=0 frame=64  %0 float32[2, 3] input 0, %1 float32[3, 4] input 1 -> %2 float32[2, 4] arena+0  32 B  0-1
  1  elementwise kind=exp     %2 float32[2, 4] arena+0 -> %3 float32[2, 4] output 0                           32 B  1-1
)");
  }

  TEST_CASE("a plan as JSON says what it holds, with a version") {
    const auto json = to_json(small_plan());
    CHECK(json["format_version"] == "1.0");
    CHECK(json["entry"] == 1);
    CHECK(json["programs"][0]["steps"][0]["op"] == "dot_general");
    CHECK(json["programs"][0]["steps"][0]["origin"]["module"] == "Dense_0");
    CHECK(json["programs"][0]["values"][3]["shape"] == std::vector<int>{2, 4});
    CHECK(json["programs"][0]["values"][3]["space"] == "arena");
    CHECK(json["programs"][1]["steps"][0]["frame"] == 64);
    CHECK(json["programs"][1]["inputs"][1]["name"] == "params/kernel");
  }

}  // TEST_SUITE

}  // namespace
}  // namespace linenc::test
