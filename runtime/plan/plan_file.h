#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/core/array.h"
#include "runtime/plan/plan.h"

namespace linenc {

// Who gives an input of the entry program; what an output of it is.
enum class PortRole : std::uint8_t {
  Argument,  // an input of the model; of an output: a result
  Variable,  // a leaf of the variable tree
  Stream,    // the key of a random stream
  Prepared,  // an output of the program `prepare`
};

struct ArrayFact {
  DType dtype = DType::Float32;
  Shape shape;
  friend bool operator==(const ArrayFact&, const ArrayFact&) = default;
};
// "float32[2, 3]"
[[nodiscard]] std::string to_string(const ArrayFact& fact);

// Programs that can be run, and what their inputs and outputs stand for.
struct Executable {
  Plan plan;
  // Arithmetic on variables alone, run once when they are bound; its outputs are inputs of `plan`, by name.
  std::optional<Plan> prepare;
  std::vector<PortRole> input_roles, output_roles;        // parallel to the ports of the entry program
  std::vector<std::pair<std::string, ArrayFact>> leaves;  // the variable tree afterwards, in Flax's order

  [[nodiscard]] const Program& entry() const { return plan.programs[plan.entry]; }
};

// An input of the model, as the command line names it.
struct FileInput {
  std::string path;  // "x", "batch.image"
  std::string type;  // as the model declares it: "float32[batch, 784]"
  ArrayFact fact;
  bool present = true;     // the model was compiled with it; else it is an optional one that was left out
  bool any_dtype = false;  // the model takes any dtype; the plan was made for this one
};

// A leaf that a checkpoint is to have.
struct ExpectedLeaf {
  std::string key;
  ArrayFact fact;
  bool required = true;  // else it may be there
};

// An array that the file holds: a variable, or what `prepare` made of some.
struct PackedArray {
  PortRole role = PortRole::Variable;  // or Prepared
  std::string key;
  Array array;
};

// All that a file holds: what runs, and what the command line needs to know of the model. Choices that were made when it was
// compiled stand here so that messages can tell them.
struct PlanFile {
  std::string model;                                        // its name
  std::string model_digest;                                 // SHA-256 of the text
  std::string method;                                       // empty: the usual one
  std::vector<std::pair<std::string, std::int64_t>> sizes;  // of named dimensions
  std::vector<std::pair<std::string, std::string>> fixed;   // static inputs, as they were given
  std::vector<FileInput> inputs;
  std::vector<std::pair<std::string, std::int64_t>> streams;  // random streams, with their usual seeds
  bool writes_variables = false;                              // some collections are mutable
  bool writes_intermediates = false;                          // `intermediates` among them
  bool packed = false;                                        // with variables
  std::vector<ExpectedLeaf> expected;                         // of the checkpoint that a plan without variables needs
  std::vector<std::pair<std::string, std::string>> meta;      // of the variables that are packed
  Executable executable;
  std::vector<PackedArray> arrays;  // in the order of their use
};

// Problems of a file whose parts do not fit together, those of its plans included; empty when it may be run.
[[nodiscard]] std::vector<std::string> verify(const PlanFile& file);

}  // namespace linenc
