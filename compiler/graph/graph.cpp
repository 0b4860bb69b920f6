#include "compiler/graph/graph.h"

namespace linenc::graph {

ValueId Graph::add_input(Fact fact, PortRole role, std::string input_name) {
  const ValueId id{static_cast<std::uint32_t>(values.size())};
  values.push_back({std::move(fact), kNoNode});
  inputs.push_back({id, role, std::move(input_name)});
  return id;
}

}  // namespace linenc::graph
