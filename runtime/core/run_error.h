#pragma once

#include <string>
#include <utility>
#include <variant>

namespace linenc::runtime {

// What the caller of the runtime can get wrong: `kind` says what, `text` is the message for people, `origin` the module
// path and source place of the step where it happened (empty outside of a step).
struct RunError {
  enum class Kind { BadFile, DoesNotFit, MissingInput, MissingVariable, OutOfMemory, System, Unsupported };
  Kind kind = Kind::BadFile;
  std::string text;
  std::string origin;
};

// A value or a RunError.
template <class T>
class Result {
 public:
  Result(T value) : held_(std::move(value)) {}         // NOLINT(google-explicit-constructor)
  Result(RunError error) : held_(std::move(error)) {}  // NOLINT(google-explicit-constructor)
  explicit operator bool() const { return std::holds_alternative<T>(held_); }
  T& operator*() { return std::get<T>(held_); }
  const T& operator*() const { return std::get<T>(held_); }
  T* operator->() { return &std::get<T>(held_); }
  const T* operator->() const { return &std::get<T>(held_); }
  [[nodiscard]] const RunError& error() const { return std::get<RunError>(held_); }

 private:
  std::variant<T, RunError> held_;
};

struct Done {};

}  // namespace linenc::runtime
