#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/driver/model_file.h"
#include "runtime/core/array.h"
#include "runtime/core/threads.h"

namespace linenc::driver {

// How a command names the inputs of a run.
struct InputOptions {
  std::vector<std::string> positional;  // of apply: files in the order of the file's inputs
  std::vector<std::string> named;       // -i NAME=VALUE, -i @FILE
  std::vector<std::string> casts;       // --cast DTYPE: conversions to it may change values
};
void add_input_options(OptionTable& table, InputOptions& options);

// What was given: arrays by path ("x", "batch.image"), literals of static inputs by name, and the sizes that the arrays give to
// named dimensions.
struct GivenInputs {
  std::map<std::string, Array> arrays;
  std::map<std::string, const syntax::Node*> literals;
  std::map<std::string, std::int64_t> sizes;
  std::map<std::string, std::int64_t> solved;  // of these, the ones that stand in arithmetic alone: `2*h + 1` is 5

  // Adds them to the request; a run finds the other sizes by itself.
  void put_into(elaborate::RunRequest& request) const;
};

// Reads the inputs: files (.npy; a key of an .npz, safetensors or JSON file as FILE:KEY; `-` is stdin), made-up data (`zeros`, `ones`,
// `normal:7`, `uniform:7`, the numbers of jax.random for that key), random keys (`key:7`) and literals. Values come in the dtypes of
// the file, converted where no value can change. `sizes` are those of `--dim`. Ends the command where something is wrong with them.
[[nodiscard]] GivenInputs read_inputs(ModelFile& file, const InputOptions& options, const std::string& method,
                                      const std::map<std::string, std::int64_t>& sizes, runtime::Threads& threads);

// The fact of an array: its dtype and sizes.
[[nodiscard]] graph::Fact fact_of(const Array& array);
[[nodiscard]] graph::Fact fact_of(DType dtype, const Shape& shape);

// Whether every value of `from` is one of `to`.
[[nodiscard]] bool holds_every_value(DType from, DType to);

}  // namespace linenc::driver
