#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "compiler/elaborate/elaborate.h"

namespace linenc::contracts {

// What the promises under `expect:` are held against. FLOPs and memory are those of one call at the `at:` sizes.
struct Measured {
  std::optional<std::int64_t> flops;
  std::optional<std::int64_t> peak_memory;  // bytes of the plan's arena
};

// Whether `expect:` promises numbers that need a plan at known sizes.
[[nodiscard]] bool needs_measures(const syntax::Tree& tree);

// Verifies `params` (E0302), `flops` (E0304) and `peak_memory` (E0305) of the file against what `init` made and what was measured; the
// shapes of `output` and `variables` are checked where the model runs (RunRequest::check_expectations).
void verify_contracts(const syntax::Tree& tree, const elaborate::Run& init, const std::map<std::string, graph::Dim>& sizes, const Measured& measured,
                      diagnostics::Diagnostics& diagnostics);

// A limit as written: `804_618`, `<= 1M`, `> 2k`, and of bytes `<= 8 MiB`. None where the text is not one.
struct Limit {
  enum class Relation { Equal, Less, LessEqual, Greater, GreaterEqual } relation = Relation::Equal;
  double value = 0;
  [[nodiscard]] bool holds(double seen) const;
};
[[nodiscard]] std::optional<Limit> parse_limit(const std::string& text, bool of_bytes);

}  // namespace linenc::contracts
