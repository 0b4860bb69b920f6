// Options as the parser knows them. Apart from command.cpp, this is the only file that knows the parser.
// Tested by tests/compiler/driver/command_test.cpp.
#include "compiler/driver/option_table.h"

#include <CLI/CLI.hpp>

namespace linenc::driver {

void OptionTable::flag(const std::string& names, bool& value, const std::string& doc) { app_.add_flag(names, value, doc); }

void OptionTable::option(const std::string& names, std::string& value, const std::string& type, const std::string& doc) {
  app_.add_option(names, value, doc)->type_name(type);
}

void OptionTable::option(const std::string& names, std::optional<std::string>& value, const std::string& type, const std::string& doc) {
  app_.add_option_function<std::string>(names, [&value](const std::string& text) { value = text; }, doc)->type_name(type);
}

void OptionTable::option(const std::string& names, std::int64_t& value, const std::string& type, const std::string& doc) {
  app_.add_option(names, value, doc)->type_name(type);
}

void OptionTable::repeated(const std::string& names, std::vector<std::string>& values, const std::string& type, const std::string& doc) {
  app_.add_option(names, values, doc)->type_name(type)->allow_extra_args(false);
}

void OptionTable::positional(const std::string& name, std::string& value, const std::string& type, const std::string& doc) {
  app_.add_option(name, value, doc)->type_name(type);
}

void OptionTable::positional(const std::string& name, std::vector<std::string>& values, const std::string& type, const std::string& doc) {
  app_.add_option(name, values, doc)->type_name(type);
}

}  // namespace linenc::driver
