#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/core/shape.h"
#include "runtime/plan/bytes.h"
#include "runtime/plan/op.h"

namespace linenc {

// Where a value of a program lies.
enum class Space : std::uint8_t {
  Arena,     // `offset` bytes into the frame of the program
  Input,     // the input number `offset` of the program
  Output,    // the output number `offset` of the program
  Constant,  // `offset` bytes into the constants of the plan
};

inline constexpr std::uint32_t kNoView = 0xFFFFFFFFu;

struct PlanValue {
  DType dtype = DType::Float32;
  Shape shape;
  Space space = Space::Arena;
  std::uint64_t offset = 0;  // in Arena and Constant a multiple of kAlignment
  // Steps [first, last] between which the value must keep its bytes (for printing and verification).
  std::uint32_t first_step = 0, last_step = 0;
  // The value whose bytes this one shows with its own shape and dtype, in the same place: no step writes it. That one has
  // bytes of its own, and lives at least as long.
  std::uint32_t view_of = kNoView;
};

// Where a step comes from: index into Plan::origins.
struct Origin {
  std::string module;  // "encoder/Dense_0"; empty at the root
  std::string path;    // of the source file
  std::uint32_t line = 0, column = 0;
};

[[nodiscard]] inline std::uint64_t bytes_of(const PlanValue& value) {
  return static_cast<std::uint64_t>(element_count(value.shape)) * byte_size(value.dtype);
}

struct Step {
  OpKind op = OpKind::Constant;
  Attributes attributes;
  std::vector<std::uint32_t> inputs, outputs;  // indices into Program::values
  std::uint32_t origin = 0;
};

// An input or output of a program: its name for people ("x", "params/Dense_0/kernel") and its value.
struct Port {
  std::string name;
  std::uint32_t value = 0;
};

struct Program {
  std::string name;  // "init", "apply", "jit Dense 0"
  std::vector<Port> inputs, outputs;
  std::vector<PlanValue> values;
  std::vector<Step> steps;        // run in order
  std::uint64_t arena_bytes = 0;  // of its frame; a called program has a frame of its own inside its caller's
  // For Call and Loop steps: byte offset, in this frame, of the frame of the callee; parallel to `steps`, 0 elsewhere.
  std::vector<std::uint64_t> callee_frames;
};

// Data for a machine without a compiler: programs, constants and where everything came from.
struct Plan {
  std::vector<Program> programs;
  std::uint32_t entry = 0;  // the program to run; the others are called
  Bytes constants;
  std::vector<Origin> origins;  // [0] is "nowhere"
};

// So many steps a plan may run, those of called programs counted at each call and at each run of a loop.
inline constexpr std::uint64_t kMostSteps = std::uint64_t{1} << 22;

// Problems of a plan that comes from outside (or from a bug of ours); empty when it may be run. Checks every index, offset,
// alignment, overlap of live ranges, shape rule and dtype, so that kernels need not.
[[nodiscard]] std::vector<std::string> verify(const Plan& plan);

}  // namespace linenc
