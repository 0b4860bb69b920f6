#pragma once

// Compares linenc with what Flax gave: the files under tests/flax/goldens (their layout is in tests/flax/README.md).

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "runtime/variables/formats.h"
#include "tests/support/compile_text.h"

namespace linenc::test {

using Json = nlohmann::ordered_json;

inline std::string goldens_folder() { return std::string(LINENC_SOURCE_DIR) + "/tests/flax/goldens/"; }

// The arrays that references name.
class GoldenArrays {
 public:
  Array array(const std::string& reference) {
    const auto [file, key] = split(reference);
    for (const runtime::Leaf& leaf : leaves(file)) {
      if (leaf.key == key) return leaf.array;
    }
    give_up("no array " + reference);
  }
  NamedArrays tree(const std::string& reference) {
    const auto [file, prefix] = split(reference);
    NamedArrays found;
    for (const runtime::Leaf& leaf : leaves(file)) {
      if (leaf.key.compare(0, prefix.size(), prefix) == 0) found.push_back({leaf.key.substr(prefix.size()), leaf.array});
    }
    return found;
  }

 private:
  static std::pair<std::string, std::string> split(const std::string& reference) {
    const std::size_t mark = reference.find('#');
    return {reference.substr(0, mark), reference.substr(mark + 1)};
  }
  const NamedArrays& leaves(const std::string& file) {
    auto found = files_.find(file);
    if (found == files_.end()) {
      auto read = runtime::read_arrays(goldens_folder() + file);
      if (!read) give_up(read.error().text);
      found = files_.emplace(file, std::move(*read)).first;
    }
    return found->second;
  }
  std::map<std::string, NamedArrays> files_;
};

// Empty where the arrays agree within the tolerance; integers and truth values always exactly.
inline std::string array_difference(const Array& ours, const Array& theirs, double rtol, double atol) {
  if (ours.dtype() != theirs.dtype() || ours.shape() != theirs.shape()) return "is " + to_string(ours) + ", wanted " + to_string(theirs);
  if (!is_float(ours.dtype()) || (rtol == 0 && atol == 0 && ours.same_bits(theirs))) {
    return ours.same_bits(theirs) ? "" : "has other elements";
  }
  const Array a = converted(ours, DType::Float32), b = converted(theirs, DType::Float32);
  std::int64_t worst = -1, count = 0;
  double excess = 0;
  for (std::int64_t i = 0; i < a.size(); ++i) {
    const double x = static_cast<double>(a.as<float>()[i]), y = static_cast<double>(b.as<float>()[i]);
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double over = std::abs(x - y) - (atol + rtol * std::abs(y));
    if (over <= 0) continue;
    ++count;
    if (worst >= 0 && over <= excess) continue;
    worst = i;
    excess = over;
  }
  if (worst < 0) return "";
  std::ostringstream text;
  text.precision(9);
  text << count << " of " << a.size() << " elements differ: " << a.as<float>()[worst] << " at " << worst << ", wanted " << b.as<float>()[worst];
  return text.str();
}

inline std::string tree_difference(const NamedArrays& ours, const NamedArrays& theirs, double rtol, double atol, bool bits) {
  std::string text;
  const auto find = [](const NamedArrays& tree, const std::string& key) -> const Array* {
    const auto found = std::find_if(tree.begin(), tree.end(), [&](const auto& leaf) { return leaf.key == key; });
    return found == tree.end() ? nullptr : &found->array;
  };
  for (const auto& leaf : ours) {
    if (find(theirs, leaf.key) == nullptr) text += "\n  only linenc has " + leaf.key;
  }
  for (const auto& leaf : theirs) {
    const Array* array = find(ours, leaf.key);
    if (array == nullptr) {
      text += "\n  only Flax has " + leaf.key;
      continue;
    }
    std::string difference = array_difference(*array, leaf.array, rtol, atol);
    if (bits && difference.empty() && !array->same_bits(leaf.array)) difference = "has other bits";
    if (!difference.empty()) text += "\n  " + leaf.key + " " + difference;
  }
  return text;
}

class GoldenCase {
 public:
  GoldenCase(const Json& data, GoldenArrays& arrays) : data_(data), arrays_(arrays) {}

  // Everything that differs from Flax; empty where nothing does.
  std::string differences() {
    try {
      std::vector<std::pair<std::string, std::string>> sets;
      const Json written = map("set"), inputs = map("inputs");
      for (const auto& [key, value] : written.items()) sets.emplace_back(key, value.is_string() ? value.get<std::string>() : value.dump());
      const std::string path = std::string(LINENC_SOURCE_DIR) + "/" + text("model");
      CompiledText model(data_.contains("yaml") ? text("yaml") : read_text(path), sets, path.substr(0, path.rfind('/')));
      if (model.failed()) return model.problems();
      for (const auto& [name, reference] : inputs.items()) inputs_.push_back({name, input(reference.get<std::string>())});
      const std::string of_init = check_init(model);
      return of_init + (data_.contains("output") ? check_apply(model) : "");
    } catch (const std::exception& problem) {
      return problem.what();
    }
  }

 private:
  [[nodiscard]] std::string text(const std::string& key) const { return data_.value(key, std::string()); }
  [[nodiscard]] Json map(const std::string& key) const { return data_.value(key, Json::object()); }
  [[nodiscard]] double number(const std::string& key) const { return data_.value(key, 0.0); }

  Array input(const std::string& reference) {
    if (reference.compare(0, 4, "key:") == 0) return key_array(static_cast<std::uint32_t>(std::stoul(reference.substr(4))));
    return arrays_.array(reference);
  }
  [[nodiscard]] Seeds seeds(const std::string& key) const {
    Seeds result;
    const Json written = map(key);
    for (const auto& [stream, seed] : written.items()) result[stream] = seed.get<std::uint32_t>();
    return result;
  }

  std::string check_init(CompiledText& model) {
    Seeds streams = seeds("rngs");
    streams["params"] = data_.value("seed", 0u);
    if (!data_.contains("order")) return "";
    variables_ = model.init(inputs_, streams, text("method")).variables;
    // Flax's order of creation, which msgpack files keep.
    std::vector<std::string> keys;
    for (const auto& leaf : variables_) keys.push_back(leaf.key);
    std::string difference;
    if (keys != data_.at("order").get<std::vector<std::string>>()) difference = "\n  other variables, or in another order";
    const bool exact = !data_.contains("init_rtol");
    if (data_.contains("variables")) {
      difference += tree_difference(variables_, arrays_.tree(text("variables")), number("init_rtol"), number("init_atol"), exact);
    }
    const Json digests = map("digests");
    for (const auto& [key, entry] : digests.items()) difference += digest_difference(key, entry);
    return difference.empty() ? "" : "init:" + difference + "\n";
  }

  std::string digest_difference(const std::string& key, const Json& entry) {
    for (const auto& leaf : variables_) {
      if (leaf.key != key) continue;
      const std::string ours = runtime::sha256_hex({leaf.array.data(), leaf.array.bytes()});
      return ours == entry.at("sha256").get<std::string>() ? "" : "\n  " + key + " has other bits";
    }
    return "\n  only Flax has " + key;
  }

  std::string check_apply(CompiledText& model) {
    const NamedArrays variables = data_.contains("apply_variables") ? arrays_.tree(text("apply_variables")) : variables_;
    catalog::Filter filter;
    if (data_.contains("mutable") && data_["mutable"].is_string())
      filter.all = true;
    else if (data_.contains("mutable"))
      filter.names = data_["mutable"].get<std::vector<std::string>>();
    const Results done = model.apply(variables, inputs_, seeds("apply_rngs"), filter, text("method"));
    std::string difference = tree_difference(done.outputs, arrays_.tree(text("output")), number("rtol"), number("atol"), false);
    if (data_.contains("updated")) {
      NamedArrays updated;
      for (const auto& leaf : done.variables) {
        if (filter.matches(leaf.key.substr(0, leaf.key.find('/')))) updated.push_back(leaf);
      }
      difference += tree_difference(updated, arrays_.tree(text("updated")), number("rtol"), number("atol"), false);
    }
    return difference.empty() ? "" : "apply:" + difference;
  }

  const Json& data_;
  GoldenArrays& arrays_;
  NamedArrays inputs_, variables_;
};

// Checks every case of a file: "layers/conv.json".
inline void check_goldens(const std::string& file) {
  const Json cases = Json::parse(read_text(goldens_folder() + file)).at("cases");
  GoldenArrays arrays;
  for (const Json& one : cases) {
    const std::string name = one.at("name").get<std::string>(), yaml = one.value("yaml", std::string());
    CAPTURE(name);
    CAPTURE(yaml);
    CHECK(GoldenCase(one, arrays).differences() == "");
  }
}

}  // namespace linenc::test
