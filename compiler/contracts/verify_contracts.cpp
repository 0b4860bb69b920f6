#include "compiler/contracts/verify_contracts.h"

#include <charconv>

namespace linenc::contracts {

using diagnostics::Code;
using diagnostics::Diagnostics;
using syntax::Node;

bool Limit::holds(double seen) const {
  switch (relation) {
    case Relation::Equal: return seen == value;
    case Relation::Less: return seen < value;
    case Relation::LessEqual: return seen <= value;
    case Relation::Greater: return seen > value;
    case Relation::GreaterEqual: return seen >= value;
  }
  return false;
}

namespace {

struct Unit {
  std::string_view name;
  double factor;
  bool of_bytes = false;
};
constexpr Unit kUnits[] = {{"", 1},
                           {"k", 1e3},
                           {"K", 1e3},
                           {"M", 1e6},
                           {"G", 1e9},
                           {"T", 1e12},
                           {"B", 1, true},
                           {"KB", 1e3, true},
                           {"MB", 1e6, true},
                           {"GB", 1e9, true},
                           {"KiB", 1024, true},
                           {"MiB", 1024.0 * 1024, true},
                           {"GiB", 1024.0 * 1024 * 1024, true}};

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
}

}  // namespace

std::optional<Limit> parse_limit(const std::string& written, bool of_bytes) {
  std::string_view text = written;
  Limit limit;
  skip_blanks(text);
  const auto take = [&](std::string_view mark, Limit::Relation relation) {
    if (!text.starts_with(mark)) return false;
    text.remove_prefix(mark.size());
    limit.relation = relation;
    return true;
  };
  if (!take("<=", Limit::Relation::LessEqual) && !take(">=", Limit::Relation::GreaterEqual) && !take("==", Limit::Relation::Equal) &&
      !take("<", Limit::Relation::Less)) {
    take(">", Limit::Relation::Greater);
  }
  skip_blanks(text);
  std::string digits;
  while (!text.empty() && ((text.front() >= '0' && text.front() <= '9') || text.front() == '_' || text.front() == '.')) {
    if (text.front() != '_') digits += text.front();
    text.remove_prefix(1);
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), limit.value);
  if (error != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  skip_blanks(text);
  for (const Unit& unit : kUnits) {
    if (text != unit.name || (unit.of_bytes && !of_bytes)) continue;
    limit.value *= unit.factor;
    return limit;
  }
  return std::nullopt;
}

namespace {

std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3 && digits[at - 4] != '-';) {
    at -= 3;
    digits.insert(at, "_");
  }
  return digits;
}

void compare(const Node& node, Code code, const char* what, std::int64_t seen, const char* unit, Diagnostics& diagnostics) {
  const bool of_bytes = code == Code::MemoryContract;
  const char* wanted = of_bytes ? "a size such as <= 8 MiB" : "a count such as 804_970 or <= 1M";
  if (!node.is_scalar()) {
    diagnostics.error(code, node.span, concat("`", what, "` is ", wanted)).emit();
    return;
  }
  const std::optional<Limit> limit = parse_limit(node.text, of_bytes);
  if (!limit) {
    diagnostics.error(code, node.span, concat("`", diagnostics::shown(node.text), "` is not ", wanted)).emit();
    return;
  }
  if (limit->holds(static_cast<double>(seen))) return;
  diagnostics::Report report = diagnostics.error(
      code, node.span, concat("`", what, ": ", diagnostics::shown(node.text), "` is promised, and the model has ", grouped(seen), unit));
  if (limit->relation == Limit::Relation::Equal) report.fix(node.span, grouped(seen), concat("write `", grouped(seen), "`"), false);
  report.emit();
}

}  // namespace

bool needs_measures(const syntax::Tree& tree) {
  return tree.expect != nullptr && tree.expect->is_map() && (tree.expect->find("flops") != nullptr || tree.expect->find("peak_memory") != nullptr);
}

void verify_contracts(const syntax::Tree& tree, const elaborate::Run& init, const std::map<std::string, graph::Dim>& sizes, const Measured& measured,
                      Diagnostics& diagnostics) {
  if (tree.expect == nullptr || !tree.expect->is_map()) return;
  if (const Node* params = tree.expect->find("params")) {
    graph::Dim count = 0;
    for (const elaborate::VariableLeaf& leaf : init.variables) {
      if (leaf.key.starts_with("params/")) count = count + graph::element_count(leaf.tensor.shape());
    }
    count = count.substitute(sizes);
    if (const auto known = count.constant()) {
      compare(*params, Code::ParamsContract, "params", *known, " parameters", diagnostics);
    } else {
      diagnostics.error(Code::ParamsContract, params->span, concat("the number of parameters depends on sizes that are not known: ", count.text()))
          .help("give them under `at:`")
          .emit();
    }
  }
  if (const Node* flops = tree.expect->find("flops"); flops != nullptr && measured.flops) {
    compare(*flops, Code::FlopsContract, "flops", *measured.flops, " FLOPs in a call", diagnostics);
  }
  if (const Node* memory = tree.expect->find("peak_memory"); memory != nullptr && measured.peak_memory) {
    compare(*memory, Code::MemoryContract, "peak_memory", *measured.peak_memory, " bytes in its arena", diagnostics);
  }
}

}  // namespace linenc::contracts
