#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostic.h"

namespace linenc::diagnostics {

// The proof that a problem was told to the user. Only Report::emit makes one, so a function that fails on user
// input cannot forget to say why.
class Reported {
 private:
  Reported() = default;
  friend class Report;
};

// A value, or the proof that a problem was reported.
template <class T>
class Checked {
 public:
  Checked(T value) : held_(std::move(value)) {}    // NOLINT(google-explicit-constructor)
  Checked(Reported reported) : held_(reported) {}  // NOLINT(google-explicit-constructor)
  explicit operator bool() const { return std::holds_alternative<T>(held_); }
  T& operator*() { return std::get<T>(held_); }
  const T& operator*() const { return std::get<T>(held_); }
  T* operator->() { return &std::get<T>(held_); }
  const T* operator->() const { return &std::get<T>(held_); }
  [[nodiscard]] Reported reported() const { return std::get<Reported>(held_); }

 private:
  std::variant<T, Reported> held_;
};

class Diagnostics;

// One diagnostic being put together; `emit` hands it over.
class [[nodiscard]] Report {
 public:
  Report(Diagnostics& owner, Code code, Span span, std::string message);
  Report& mark(Span span, std::string message);
  Report& note(Span span, std::string message);
  Report& note(std::string message) { return note(Span{}, std::move(message)); }
  Report& help(std::string message) { return note(Span{}, std::move(message)); }
  // Replaces `span` by `text`.
  Report& fix(Span span, std::string text, std::string title, bool safe = true);
  Report& module(std::string path);
  Reported emit();

 private:
  Diagnostics& owner_;
  Diagnostic diagnostic_;
};

// Collects the problems of one compilation. A second diagnostic with the code and span of an earlier one is dropped (without a
// span: with its code and message): a body that is run twice tells its mistakes once.
class Diagnostics {
 public:
  // `code` decides whether it is an error or a warning.
  [[nodiscard]] Report report(Code code, Span span, std::string message) { return {*this, code, span, std::move(message)}; }
  [[nodiscard]] Report error(Code code, Span span, std::string message) { return report(code, span, std::move(message)); }
  [[nodiscard]] Report warning(Code code, Span span, std::string message) { return report(code, span, std::move(message)); }

  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t warnings() const { return all_.size() - errors_; }
  // Sorted by file, place, code.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }

 private:
  friend class Report;
  void add(Diagnostic diagnostic);

  std::vector<Diagnostic> all_;
  std::unordered_set<std::string> seen_;  // code, span and message of each
  std::size_t errors_ = 0;
};

// Text of the user shown in a message: control bytes escaped, at most 300 bytes.
[[nodiscard]] std::string shown(std::string_view text);
// "3_237_802"
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace linenc::diagnostics
