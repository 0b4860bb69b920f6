#include "compiler/driver/rename_guesses.h"

#include <doctest/doctest.h>

#include <deque>

namespace linenc::driver {
namespace {

struct Tree {
  std::deque<graph::Fact> facts;
  std::vector<KeyedFact> leaves;
  Tree(std::initializer_list<std::pair<std::string, std::vector<std::int64_t>>> all) {
    for (const auto& [key, sizes] : all) {
      graph::Fact& fact = facts.emplace_back();
      for (const std::int64_t size : sizes) fact.shape.emplace_back(size);
      leaves.emplace_back(key, &fact);
    }
  }
};

// "params/Dense_0 = params/layers_0", one a line; nothing matches by key.
std::string guessed(const Tree& expected, const Tree& stored) {
  std::string text;
  for (const Renaming& renaming : guess_renamings(expected.leaves, expected.leaves, stored.leaves, stored.leaves)) {
    text += (text.empty() ? "" : ", ") + renaming.expected + " = " + renaming.stored;
    for (const RenamedLeaf& leaf : renaming.leaves) text += leaf.is_transposed ? " T" : "";
  }
  return text;
}

}  // namespace

TEST_SUITE("compiler/driver/rename_guesses") {
  TEST_CASE("a module of another name is one renaming") {
    const Tree expected{{"params/Dense_0/kernel", {4, 3}}, {"params/Dense_0/bias", {3}}};
    const Tree stored{{"params/layers_0/kernel", {4, 3}}, {"params/layers_0/bias", {3}}};
    CHECK(guessed(expected, stored) == "params/Dense_0 = params/layers_0");
  }

  TEST_CASE("equal layers are taken in order, and a name that stayed is kept") {
    const Tree expected{{"params/a/k", {2}}, {"params/b/k", {2}}, {"params/c/k", {2}}};
    CHECK(guessed(expected, {{"params/x/k", {2}}, {"params/y/k", {2}}, {"params/z/k", {2}}}) ==
          "params/a = params/x, params/b = params/y, params/c = params/z");
    CHECK(guessed(expected, {{"net/c/k", {2}}, {"net/b/k", {2}}, {"net/a/k", {2}}}) == "params = net");
  }

  TEST_CASE("a level more or less is told of the whole tree") {
    const Tree expected{{"params/a/k", {2}}, {"params/b/k", {3}}};
    CHECK(guessed(expected, {{"model/params/a/k", {2}}, {"model/params/b/k", {3}}}) == " = model");
    CHECK(guessed(expected, {{"a/k", {2}}, {"b/k", {3}}}) == "params = ");
    CHECK(guessed(expected, {{"params/model/a/k", {2}}, {"params/model/b/k", {3}}}) == "params = params/model");
  }

  TEST_CASE("names of other libraries stand for Flax's, and kernels may be transposed") {
    const Tree expected{{"params/bn/scale", {2}}, {"params/bn/bias", {2}}, {"params/fc/kernel", {4, 3}}, {"params/fc/bias", {3}}};
    CHECK(guessed(expected, {{"params/bn/gamma", {2}}, {"params/bn/beta", {2}}, {"params/fc/kernel", {3, 4}}, {"params/fc/bias", {3}}}) ==
          "params/bn = params/bn");
    CHECK(guessed(expected, {{"norm.weight", {2}}, {"norm.bias", {2}}, {"fc.weight", {3, 4}}, {"fc.bias", {3}}}) ==
          "params/bn = norm, params/fc = fc T");
  }

  TEST_CASE("automatic names that moved on are told, and a transposed kernel keeps its name") {
    const Tree expected{{"params/hidden/k", {4, 3}}, {"params/hidden/b", {3}}, {"params/Dense_0/k", {3, 2}}, {"params/Dense_0/b", {2}}};
    CHECK(guessed(expected, {{"params/Dense_0/k", {4, 3}}, {"params/Dense_0/b", {3}}, {"params/Dense_1/k", {3, 2}}, {"params/Dense_1/b", {2}}}) ==
          "params/hidden = params/Dense_0, params/Dense_0 = params/Dense_1");
    CHECK(guessed(Tree{{"params/a/k", {2, 3}}}, Tree{{"params/a/k", {3, 2}}}) == "");
  }

  TEST_CASE("a shape that fits nothing is no renaming") { CHECK(guessed(Tree{{"params/a/k", {2}}}, Tree{{"params/b/k", {5}}}) == ""); }

}  // TEST_SUITE

}  // namespace linenc::driver
