#pragma once

// A small validator for JSON Schema, as much of draft 2020-12 as the schema of model files uses; a keyword it does not know throws.

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>

namespace linenc::test {

class JsonValidator {
 public:
  using Json = nlohmann::ordered_json;
  explicit JsonValidator(Json schema) : root_(std::move(schema)) {}

  // Some problem of the value, as "/model/compact/0: ..."; empty where it is valid.
  [[nodiscard]] std::string problem(const Json& value) const { return check(root_, value, ""); }

 private:
  static bool is(const Json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "boolean") return value.is_boolean();
    return type == "null" && value.is_null();
  }

  [[nodiscard]] const std::regex& regex(const std::string& pattern) const {
    const auto found = patterns_.find(pattern);
    return found != patterns_.end() ? found->second : patterns_.emplace(pattern, std::regex(pattern)).first->second;
  }

  [[nodiscard]] std::string check(const Json& schema, const Json& value, const std::string& at) const {
    if (schema.is_boolean()) return schema.get<bool>() ? "" : at + ": nothing may stand here";
    for (const auto& [keyword, wanted] : schema.items()) {
      const std::string found = keyword_problem(schema, keyword, wanted, value, at);
      if (!found.empty()) return found;
    }
    return "";
  }

  [[nodiscard]] std::string keyword_problem(const Json& schema, const std::string& keyword, const Json& wanted, const Json& value,
                                            const std::string& at) const {
    static const std::set<std::string> silent{"$schema", "$defs", "title", "description", "then", "else"};
    if (silent.contains(keyword)) return "";
    if (keyword == "$ref") return check(root_.at("$defs").at(wanted.get<std::string>().substr(8)), value, at);
    if (keyword == "type") return type_problem(wanted, value, at);
    if (keyword == "enum") return std::find(wanted.begin(), wanted.end(), value) != wanted.end() ? "" : at + ": is none of " + wanted.dump();
    if (keyword == "pattern")
      return !value.is_string() || std::regex_search(value.get<std::string>(), regex(wanted)) ? "" : at + ": does not match " + wanted.dump();
    if (keyword == "not") return check(wanted, value, at).empty() ? at + ": matches what it must not" : "";
    if (keyword == "if") {
      const char* branch = check(wanted, value, at).empty() ? "then" : "else";
      return schema.contains(branch) ? check(schema.at(branch), value, at) : "";
    }
    if (keyword == "anyOf") return any_problem(wanted, value, at);
    if (keyword == "allOf") {
      for (const Json& one : wanted) {
        if (std::string found = check(one, value, at); !found.empty()) return found;
      }
      return "";
    }
    if (keyword == "items") {
      for (std::size_t i = 0; value.is_array() && i < value.size(); ++i) {
        if (std::string found = check(wanted, value[i], at + "/" + std::to_string(i)); !found.empty()) return found;
      }
      return "";
    }
    return value.is_object() ? object_problem(schema, keyword, wanted, value, at) : known_of_objects(keyword);
  }

  static std::string known_of_objects(const std::string& keyword) {
    static const std::set<std::string> known{"properties", "additionalProperties", "propertyNames", "required", "minProperties", "maxProperties"};
    if (!known.contains(keyword)) throw std::runtime_error("the validator does not know " + keyword);
    return "";
  }

  static std::string type_problem(const Json& wanted, const Json& value, const std::string& at) {
    bool holds = wanted.is_string() && is(value, wanted);
    for (std::size_t i = 0; wanted.is_array() && i < wanted.size(); ++i) holds = holds || is(value, wanted[i]);
    return holds ? "" : at + ": is not " + wanted.dump();
  }

  [[nodiscard]] std::string any_problem(const Json& wanted, const Json& value, const std::string& at) const {
    std::string problems;
    for (const Json& one : wanted) {
      std::string found = check(one, value, at);
      if (found.empty()) return "";
      problems += (problems.empty() ? "" : ", or ") + found;
    }
    return problems;
  }

  [[nodiscard]] std::string object_problem(const Json& schema, const std::string& keyword, const Json& wanted, const Json& value,
                                           const std::string& at) const {
    if (keyword == "minProperties") return value.size() >= wanted.get<std::size_t>() ? "" : at + ": has too few keys";
    if (keyword == "maxProperties") return value.size() <= wanted.get<std::size_t>() ? "" : at + ": has too many keys";
    if (keyword == "required") {
      for (const Json& key : wanted) {
        if (!value.contains(key.get<std::string>())) return at + ": needs " + key.dump();
      }
      return "";
    }
    for (const auto& [key, entry] : value.items()) {
      std::string found;
      const std::string below = at + "/" + key;
      const bool named = schema.contains("properties") && schema.at("properties").contains(key);
      if (keyword == "properties" && named) found = check(wanted.at(key), entry, below);
      if (keyword == "additionalProperties" && !named) found = check(wanted, entry, below);
      if (keyword == "propertyNames") found = check(wanted, key, below);
      if (!found.empty()) return found;
    }
    return known_of_objects(keyword);
  }

  Json root_;
  mutable std::map<std::string, std::regex> patterns_;
};

}  // namespace linenc::test
