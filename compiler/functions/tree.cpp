// jax.tree on records and lists. Tested by tests/compiler/functions/goldens_test.cpp.
#include <algorithm>

#include "compiler/catalog/context.h"
#include "compiler/catalog/registry.h"

namespace linenc::functions {
namespace {

using namespace catalog;

// The entries of a map in the order of their keys, as JAX goes through dicts.
Map in_key_order(const Map& map) {
  Map sorted = map;
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return display(a.first) < display(b.first); });
  return sorted;
}

void collect(const Value& value, List& leaves) {
  if (value.is_none()) return;
  if (const List* list = value.list()) {
    for (const Value& item : *list) collect(item, leaves);
  } else if (const Map* map = value.map()) {
    for (const auto& [key, item] : in_key_order(*map)) collect(item, leaves);
  } else {
    leaves.push_back(value);
  }
}

[[noreturn]] void differ(const Bound& args, const Value& a, const Value& b) {
  args.context.fail(Code::WrongArguments, args.place,
                    concat("`tree.map` goes through trees of one structure, and meets ", kind(a), " beside ", kind(b)));
}

// f of the leaves that stand at one place in every tree.
Value mapped(const Bound& args, const std::vector<Value>& trees) {
  const Value& first = trees[0];
  if (first.is_none()) return first;
  if (const List* list = first.list()) {
    List out;
    for (std::size_t i = 0; i < list->size(); ++i) {
      std::vector<Value> inner;
      for (const Value& tree : trees) {
        if (!tree.list() || tree.list()->size() != list->size()) differ(args, first, tree);
        inner.push_back((*tree.list())[i]);
      }
      out.push_back(mapped(args, inner));
    }
    return out;
  }
  if (const Map* map = first.map()) {
    Map out;
    for (const auto& [key, item] : in_key_order(*map)) {
      std::vector<Value> inner;
      for (const Value& tree : trees) {
        const Map* other = tree.map();
        const auto found = other ? std::find_if(other->begin(), other->end(), [&, k = key](const auto& entry) { return same(entry.first, k); })
                                 : Map::const_iterator{};
        if (!other || other->size() != map->size() || found == other->end()) differ(args, first, tree);
        inner.push_back(found->second);
      }
      out.emplace_back(key, mapped(args, inner));
    }
    return out;
  }
  Arguments arguments;
  for (const Value& tree : trees) arguments.add(tree);
  arguments.place = args.place;
  return args.context.call(args.value(0), arguments);
}

Value map_of(const Bound& args) {
  std::vector<Value> trees{args.value(1)};
  for (const Arguments::Item& item : args.rest()) trees.push_back(item.value);
  return mapped(args, trees);
}

Value leaves_of(const Bound& args) {
  List leaves;
  collect(args.value(0), leaves);
  return leaves;
}

Value reduce_of(const Bound& args) {
  List leaves;
  collect(args.value(1), leaves);
  std::size_t next = 0;
  if (!args.given(2) && leaves.empty())
    args.context.fail(Code::EvaluationFailed, args.place, "`tree.reduce` of an empty tree needs an initial value");
  Value total = args.given(2) ? args.value(2) : leaves[next++];
  for (; next < leaves.size(); ++next) {
    Arguments arguments;
    arguments.add(total);
    arguments.add(leaves[next]);
    arguments.place = args.place;
    total = args.context.call(args.value(0), arguments);
  }
  return total;
}

const RegisterFunctions family{{
    FunctionSpec("map", "A function of every leaf of a tree, or of several trees in step.")
        .in({"tree"})
        .arg("f")
        .arg("tree")
        .rest("rest")
        .does(&map_of),
    FunctionSpec("leaves", "The leaves of a tree as a list.").in({"tree"}).arg("tree").does(&leaves_of),
    FunctionSpec("reduce", "The leaves of a tree combined one after another.")
        .in({"tree"})
        .arg("function")
        .arg("tree")
        .arg("initializer", None{})
        .does(&reduce_of),
}};

}  // namespace
}  // namespace linenc::functions
