#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/catalog/variables.h"
#include "compiler/driver/input_arrays.h"
#include "compiler/driver/options.h"

namespace linenc::driver {

// Options of `linenc apply`, whether it runs a model or a plan file.
struct ApplyOptions {
  CommonOptions common;
  ModelOptions model;
  InputOptions inputs;
  std::string variables;
  std::vector<std::string> outputs;
  std::optional<std::string> seed;
  std::vector<std::string> rngs;
  std::string mutable_collections;
  std::string variables_out;
  std::string intermediates;
  std::string expect;
  std::optional<std::string> rtol, atol;
  std::int64_t threads = 0;
  bool full = false;
  bool check_finite = false;
};

// `--mutable A,B`, `--mutable all`.
[[nodiscard]] catalog::Filter parse_mutable(const std::string& text);

// A run of apply, but for its variables: what `linenc apply` and `linenc compile` ask by the same options.
[[nodiscard]] elaborate::RunRequest apply_request(const std::string& method, const std::string& mutable_collections,
                                                  const std::map<std::string, std::int64_t>& sizes, const Seeds& seeds, const GivenInputs& given);

// Ends the command: an input that has to be given is not.
[[noreturn]] void stop_on_missing_input(std::string_view path, std::string_view type);

}  // namespace linenc::driver
