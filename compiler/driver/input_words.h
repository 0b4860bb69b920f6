#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/driver/input_arrays.h"
#include "compiler/driver/read_arrays.h"

namespace linenc::driver {

// An input as the command line may name it.
struct InputName {
  std::string path;       // "x", "batch.image"
  bool taken = true;      // by the method that runs
  bool optional = false;  // `none` leaves it out
};

// An input that was given, and by which words.
struct InputWord {
  std::size_t input = 0;         // among the names
  std::string text;              // a file, made-up data, a literal
  const Array* array = nullptr;  // of an @FILE
};

// Static inputs by name, and what becomes of the text of one.
struct StaticInputs {
  std::vector<std::string> names;
  std::function<void(const std::string& name, const std::string& text)> take;
};

// The inputs that the options give: files in order, `-i NAME=VALUE`, every key of `-i @FILE`. Ends the command (exit 2) where one
// does not exist, is not taken, or is given twice.
[[nodiscard]] std::vector<InputWord> input_words(const InputOptions& options, const std::vector<InputName>& inputs, const StaticInputs& statics,
                                                 ArrayFiles& files);

// Ends the command where `--cast` names no dtype.
void check_casts(const InputOptions& options);

// Whether `fitted` gives an array of this type, and its shape.
[[nodiscard]] bool can_become(DType dtype, const Shape& shape, DType want, const InputOptions& options);
[[nodiscard]] Shape shape_as(DType dtype, const Shape& shape, DType want);
// The array in the dtype that is wanted; none where that could change a value and no `--cast` allows it. Two words are a random key.
[[nodiscard]] std::optional<Array> fitted(Array array, DType want, const InputOptions& options);

// The array that `-i` gives as a literal, in the dtype that is wanted. Without `fits` it is as it was written: a fraction never
// becomes a whole number. None where the text is no literal. Ends the command (exit 1) where a number is out of the dtype's range
// and no `--cast` allows it.
struct Literal {
  Array array;
  bool fits = false;
};
[[nodiscard]] std::optional<Literal> literal_input(const std::string& input, const std::string& text,
                                                   const std::function<DType(const Array&)>& wanted, const InputOptions& options);

}  // namespace linenc::driver
