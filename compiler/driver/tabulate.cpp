// The table of a model: one row for each module, in the order of execution.
// Tested by tests/compiler/driver/check_test.cpp.
#include "compiler/driver/tabulate.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/driver/options.h"
#include "compiler/graph/flops.h"
#include "compiler/graph/rewrite.h"

namespace linenc::driver {
namespace {

using catalog::Value;
using graph::Dim;
using graph::Graph;
using graph::Node;

// A node, and how deep its graph lies.
struct PlacedNode {
  const Node* node;
  const Graph* graph;
  int depth;
};

// All nodes in the order in which they were built.
void list_nodes(const Graph& graph, int depth, std::vector<PlacedNode>& nodes) {
  std::size_t region = 0;
  for (std::size_t i = 0; i <= graph.nodes.size(); ++i) {
    for (; region < graph.regions.size() && graph.regions[region]->begun_at <= i; ++region) list_nodes(*graph.regions[region], depth + 1, nodes);
    if (i < graph.nodes.size()) nodes.push_back({&graph.nodes[i], &graph, depth});
  }
}

// What was built while a call ran. Nodes of deeper regions count through the steps that call them.
graph::Work work_between(const std::vector<PlacedNode>& nodes, std::size_t first, std::size_t last) {
  graph::Work work;
  last = std::min(last, nodes.size());
  if (first >= last) return work;
  const auto begin = nodes.begin() + static_cast<std::ptrdiff_t>(first);
  const auto end = nodes.begin() + static_cast<std::ptrdiff_t>(last);
  const int depth = std::min_element(begin, end, [](const PlacedNode& a, const PlacedNode& b) { return a.depth < b.depth; })->depth;
  for (auto at = begin; at != end; ++at) {
    if (at->depth == depth) work += work_of(*at->node, *at->graph);
  }
  return work;
}

std::string shape_text(const Value& value);

std::string list_text(const catalog::List& list) {
  std::string text;
  for (const Value& item : list) text += (text.empty() ? "" : ", ") + shape_text(item);
  return "[" + text + "]";
}

// "float32[batch, 4]"; static values as they are written.
std::string shape_text(const Value& value) {
  if (value.tensor() != nullptr) return graph::to_string(value.tensor()->fact());
  if (value.list() != nullptr) return list_text(*value.list());
  if (const catalog::Map* map = value.map()) {
    std::string text;
    for (const auto& [key, item] : *map) text += concat(text.empty() ? "" : ", ", catalog::display(key), ": ", shape_text(item));
    return "{" + text + "}";
  }
  return catalog::repr(value);
}

// The single argument bare, several as a list.
std::string inputs_text(const Value& inputs) {
  const catalog::List* list = inputs.list();
  if (list == nullptr || list->empty()) return "";
  return list->size() == 1 ? shape_text(list->front()) : shape_text(inputs);
}

class Tabulator {
 public:
  Tabulator(elaborate::Run& run, const std::map<std::string, Dim>& sizes) : run_(run), sizes_(sizes) {}

  Table table() {
    for (const auto& call : run_.calls) paths_.insert(call.path);
    add_rows();
    // From here on every size is a number.
    substitute(*run_.graph, sizes_);
    count_work();
    return std::move(table_);
  }

 private:
  elaborate::Run& run_;
  const std::map<std::string, Dim>& sizes_;
  std::set<std::string> paths_;                               // of the modules that were called
  std::vector<const catalog::Context::CallRecord*> records_;  // parallel to the rows
  Table table_;

  void add_rows() {
    std::set<std::string> seen;
    for (const auto& call : run_.calls) {
      if (!seen.insert(call.path).second) continue;
      TableRow row;
      row.path = call.path;
      row.module = call.method == "call" ? call.class_name : concat(call.class_name, " (", call.method, ")");
      row.inputs = inputs_text(call.inputs);
      row.outputs = shape_text(call.outputs);
      table_.rows.push_back(std::move(row));
      records_.push_back(&call);
    }
    for (const catalog::VariableLeaf& leaf : run_.variables) add_variable(leaf);
  }

  // To the row of the innermost module that was called.
  void add_variable(const catalog::VariableLeaf& leaf) {
    const std::size_t slash = leaf.key.find('/');
    const std::string collection = leaf.key.substr(0, slash);
    if (collection == "intermediates") return;
    std::string path = leaf.key.substr(slash + 1);
    std::string name;
    do {
      const std::size_t last = path.rfind('/');
      name = (last == std::string::npos ? path : path.substr(last + 1)) + (name.empty() ? "" : "/" + name);
      path = last == std::string::npos ? "" : path.substr(0, last);
    } while (!path.empty() && !paths_.contains(path));
    const graph::Fact& fact = leaf.tensor.fact();
    const Dim count = element_count(fact.shape).substitute(sizes_);
    const Dim bytes = count * Dim(static_cast<std::int64_t>(byte_size(fact.dtype)));
    const Dim parameters = collection == "params" ? count : Dim(0);
    table_.parameters = table_.parameters + parameters;
    table_.bytes = table_.bytes + bytes;
    const auto row = std::find_if(table_.rows.begin(), table_.rows.end(), [&](const TableRow& one) { return one.path == path; });
    if (row == table_.rows.end()) return;
    row->variables.emplace_back(concat(collection, "/", name), graph::to_string(fact));
    row->parameters = row->parameters + parameters;
    row->bytes = row->bytes + bytes;
  }

  void count_work() {
    std::vector<PlacedNode> nodes;
    list_nodes(*run_.graph, 0, nodes);
    for (std::size_t i = 0; i < table_.rows.size(); ++i) {
      const graph::Work work = work_between(nodes, records_[i]->first_node, records_[i]->last_node);
      table_.rows[i].flops = work.flops;
      table_.rows[i].macs = work.macs;
    }
    if (table_.rows.empty()) return;
    table_.flops = table_.rows.front().flops;
    table_.macs = table_.rows.front().macs;
  }
};

std::string number_text(const Dim& dim) {
  const auto number = dim.constant();
  return number && *number >= 0 ? grouped(static_cast<std::uint64_t>(*number)) : "more than 2^63";
}

std::string bytes_text(const Dim& dim) {
  const auto number = dim.constant();
  return number && *number >= 0 ? byte_text(static_cast<std::uint64_t>(*number)) : "more than 2^63 B";
}

int depth_of(const TableRow& row) { return row.path.empty() ? 0 : 1 + static_cast<int>(std::count(row.path.begin(), row.path.end(), '/')); }

std::string variables_text(const TableRow& row) {
  std::string text;
  for (const auto& [name, shape] : row.variables) {
    // `params` goes without saying.
    text += concat(text.empty() ? "" : ", ", name.starts_with("params/") ? name.substr(7) : name, " ", shape);
  }
  return text;
}

// Left-aligned columns, numbers right-aligned.
std::string aligned(const std::vector<std::vector<std::string>>& lines, const std::set<std::size_t>& numbers) {
  std::vector<std::size_t> widths(lines.front().size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string space(widths[i] - line[i].size(), ' ');
      row += concat(i == 0 ? "" : "  ", numbers.contains(i) ? space + line[i] : line[i] + space);
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

}  // namespace

Table tabulate(elaborate::Run& run, const std::map<std::string, Dim>& sizes) { return Tabulator(run, sizes).table(); }

std::string print(const Table& table, std::int64_t depth) {
  std::vector<std::vector<std::string>> lines = {{"path", "module", "inputs", "outputs", "parameters", "bytes", "FLOPs", "MACs", "variables"}};
  for (const TableRow& row : table.rows) {
    if (depth_of(row) > depth) continue;
    lines.push_back({row.path.empty() ? "." : row.path, row.module, row.inputs, row.outputs, number_text(row.parameters), bytes_text(row.bytes),
                     number_text(row.flops), number_text(row.macs), variables_text(row)});
  }
  return concat(aligned(lines, {4, 5, 6, 7}), "total: ", number_text(table.parameters), " parameters, ", bytes_text(table.bytes), ", ",
                number_text(table.flops), " FLOPs (", number_text(table.macs), " MACs)\n");
}

namespace {

nlohmann::ordered_json number_json(const Dim& dim) {
  const auto number = dim.constant();
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json row_json(const TableRow& row) {
  nlohmann::ordered_json variables = nlohmann::ordered_json::object();
  for (const auto& [name, shape] : row.variables) variables[name] = shape;
  return {{"path", row.path},
          {"module", row.module},
          {"inputs", row.inputs},
          {"outputs", row.outputs},
          {"variables", variables},
          {"parameters", number_json(row.parameters)},
          {"bytes", number_json(row.bytes)},
          {"flops", number_json(row.flops)},
          {"macs", number_json(row.macs)}};
}

}  // namespace

nlohmann::ordered_json to_json(const Table& table, std::int64_t depth) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const TableRow& row : table.rows) {
    if (depth_of(row) <= depth) rows.push_back(row_json(row));
  }
  return {{"format_version", "1.0"},
          {"rows", rows},
          {"total",
           {{"parameters", number_json(table.parameters)},
            {"bytes", number_json(table.bytes)},
            {"flops", number_json(table.flops)},
            {"macs", number_json(table.macs)}}}};
}

}  // namespace linenc::driver
