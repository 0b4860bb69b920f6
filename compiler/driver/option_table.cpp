// Options as the parser knows them. Apart from command.cpp, this is the only file that knows the parser.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/option_table.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/diagnostics/concat.h"
#include "compiler/diagnostics/diagnostics.h"
#include "compiler/driver/command.h"
#include "compiler/driver/options.h"

namespace linenc::driver {
namespace {

constexpr char kGuard = '\x1F';

}  // namespace

std::string unguarded(const std::string& argument) { return argument.starts_with(kGuard) ? argument.substr(1) : argument; }

std::string guarded(std::string argument) {
  if (argument.starts_with('[')) argument.insert(argument.begin(), kGuard);
  return argument;
}

void OptionTable::flag(const std::string& names, bool& value, const std::string& doc) { app_.add_flag(names, value, doc); }

void OptionTable::option(const std::string& names, std::string& value, const std::string& type, const std::string& doc) {
  app_.add_option_function<std::string>(
          names, [&value](const std::string& text) { value = unguarded(text); }, doc)
      ->type_name(type);
}

void OptionTable::option(const std::string& names, std::optional<std::string>& value, const std::string& type, const std::string& doc) {
  app_.add_option_function<std::string>(
          names, [&value](const std::string& text) { value = unguarded(text); }, doc)
      ->type_name(type);
}

void OptionTable::option(const std::string& names, std::int64_t& value, const std::string& type, const std::string& doc) {
  const std::string name = names.substr(names.rfind(',') + 1);
  app_.add_option_function<std::string>(
          names, [&value, name](const std::string& text) { value = integer_value(name, unguarded(text)); }, doc)
      ->type_name(type);
}

void OptionTable::repeated(const std::string& names, std::vector<std::string>& values, const std::string& type, const std::string& doc) {
  positional(names, values, type, doc);
  app_.get_option(names.substr(names.rfind(',') + 1))->allow_extra_args(false);
}

void OptionTable::choice(const std::string& names, std::string& value, const std::vector<std::string>& words, const std::string& type,
                         const std::string& doc) {
  const auto choose = [&value, words, names](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) == words.end()) {
      stop(Exit::CannotDo, concat("`", names, " ", diagnostics::shown(text), "`", diagnostics::did_you_mean(text, words), " (the values are ",
                                  diagnostics::listed(words), ")"));
    }
    value = text;
  };
  app_.add_option_function<std::string>(names, choose, doc)->type_name(type);
}

void OptionTable::call(const std::string& names, const std::string& type, const std::string& doc, std::function<void(const std::string&)> take,
                       bool several) {
  if (!several) {
    app_.add_option_function<std::string>(names, std::move(take), doc)->type_name(type);
    return;
  }
  const auto take_all = [take = std::move(take)](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) take(unguarded(text));
  };
  app_.add_option_function<std::vector<std::string>>(names, take_all, doc)->type_name(type)->allow_extra_args(false);
}

void OptionTable::positional(const std::string& name, std::string& value, const std::string& type, const std::string& doc) {
  option(name, value, type, doc);
}

void OptionTable::positional(const std::string& name, std::vector<std::string>& values, const std::string& type, const std::string& doc) {
  const auto take = [&values](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) values.push_back(unguarded(text));
  };
  app_.add_option_function<std::vector<std::string>>(name, take, doc)->type_name(type);
}

}  // namespace linenc::driver
