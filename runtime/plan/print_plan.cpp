// Plans as text for people and as JSON for programs. Tested by tests/runtime/plan/print_plan_test.cpp.
#include "runtime/plan/print_plan.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace linenc {
namespace {

std::string fact(const PlanValue& value) { return std::string(name(value.dtype)) + to_string(value.shape); }

std::string_view name(Space space) {
  switch (space) {
    case Space::Arena: return "arena";
    case Space::Input: return "input";
    case Space::Output: return "output";
    case Space::Constant: return "constant";
  }
  return "?";
}

// "%3 float32[2, 3] arena+128"
std::string operand(const Program& program, std::uint32_t id) {
  const PlanValue& value = program.values[id];
  const bool is_port = value.space == Space::Input || value.space == Space::Output;
  return "%" + std::to_string(id) + " " + fact(value) + " " + std::string(name(value.space)) + (is_port ? " " : "+") + std::to_string(value.offset);
}
std::string operands(const Program& program, const std::vector<std::uint32_t>& ids) {
  std::string text;
  for (const std::uint32_t id : ids) text += (text.empty() ? "" : ", ") + operand(program, id);
  return text.empty() ? "()" : text;
}

std::string place(const Plan& plan, std::uint32_t origin) {
  if (origin == 0 || origin >= plan.origins.size()) return {};
  const Origin& o = plan.origins[origin];
  std::string text = o.module.empty() ? "/" : o.module;
  if (!o.path.empty()) text += " " + o.path + ":" + std::to_string(o.line);
  return text;
}

using Row = std::vector<std::string>;

// Columns as wide as their widest cell; nothing follows the last cell of a line.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> width;
  for (const Row& row : rows) {
    width.resize(std::max(width.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += "  " + row[i];
      if (i + 1 < row.size()) line.append(width[i] - row[i].size(), ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

Row port_row(const Program& program, const Port& port, std::string_view noun, std::size_t number) {
  const PlanValue& value = program.values[port.value];
  return {std::string(noun) + " " + std::to_string(number), port.name, "%" + std::to_string(port.value), fact(value),
          std::to_string(bytes_of(value)) + " B"};
}

Row step_row(const Plan& plan, const Program& program, std::size_t index) {
  const Step& step = program.steps[index];
  std::string op(name(step.op));
  if (const std::string attributes = to_string(step.attributes); !attributes.empty()) op += " " + attributes;
  if (called_program(step.attributes) != nullptr) op += " frame=" + std::to_string(program.callee_frames[index]);
  std::uint64_t bytes = 0;
  std::string life;
  for (const std::uint32_t id : step.outputs) {
    const PlanValue& value = program.values[id];
    bytes += bytes_of(value);
    life += (life.empty() ? "" : ", ") + std::to_string(value.first_step) + "-" + std::to_string(value.last_step);
  }
  return {std::to_string(index),        op,   operands(program, step.inputs) + " -> " + operands(program, step.outputs),
          std::to_string(bytes) + " B", life, place(plan, step.origin)};
}

using Json = nlohmann::ordered_json;

Json ports_json(const std::vector<Port>& ports) {
  Json list = Json::array();
  for (const Port& port : ports) list.push_back({{"name", port.name}, {"value", port.value}});
  return list;
}

Json value_json(const PlanValue& value) {
  Json json = {{"dtype", std::string(name(value.dtype))},
               {"shape", value.shape},
               {"space", std::string(name(value.space))},
               {"offset", value.offset},
               {"bytes", bytes_of(value)},
               {"first_step", value.first_step},
               {"last_step", value.last_step}};
  if (value.view_of != kNoView) json["view_of"] = value.view_of;
  return json;
}

Json step_json(const Plan& plan, const Program& program, std::size_t index) {
  const Step& step = program.steps[index];
  Json json = {{"op", std::string(name(step.op))}, {"attributes", to_string(step.attributes)}, {"inputs", step.inputs}, {"outputs", step.outputs}};
  if (const std::uint32_t* called = called_program(step.attributes)) {
    json["program"] = *called;
    json["frame"] = program.callee_frames[index];
  }
  if (step.origin != 0 && step.origin < plan.origins.size()) {
    const Origin& o = plan.origins[step.origin];
    json["origin"] = {{"module", o.module}, {"path", o.path}, {"line", o.line}, {"column", o.column}};
  }
  return json;
}

}  // namespace

std::string print(const Plan& plan) {
  std::string text = "plan: " + std::to_string(plan.programs.size()) + (plan.programs.size() == 1 ? " program, " : " programs, ") +
                     std::to_string(plan.constants.size()) + " B of constants, entry " + std::to_string(plan.entry) + "\n";
  for (std::size_t p = 0; p < plan.programs.size(); ++p) {
    const Program& program = plan.programs[p];
    text += "\nprogram " + std::to_string(p) + " `" + program.name + "`: arena " + std::to_string(program.arena_bytes) + " B\n";
    std::vector<Row> ports, steps;
    for (std::size_t i = 0; i < program.inputs.size(); ++i) ports.push_back(port_row(program, program.inputs[i], "input", i));
    for (std::size_t i = 0; i < program.outputs.size(); ++i) ports.push_back(port_row(program, program.outputs[i], "output", i));
    for (std::size_t i = 0; i < program.steps.size(); ++i) steps.push_back(step_row(plan, program, i));
    text += table(ports) + table(steps);
  }
  return text;
}

nlohmann::ordered_json to_json(const Plan& plan) {
  Json programs = Json::array();
  for (const Program& program : plan.programs) {
    Json values = Json::array(), steps = Json::array();
    for (const PlanValue& value : program.values) values.push_back(value_json(value));
    for (std::size_t i = 0; i < program.steps.size(); ++i) steps.push_back(step_json(plan, program, i));
    programs.push_back({{"name", program.name},
                        {"arena_bytes", program.arena_bytes},
                        {"inputs", ports_json(program.inputs)},
                        {"outputs", ports_json(program.outputs)},
                        {"values", values},
                        {"steps", steps}});
  }
  return {{"format_version", "1.0"}, {"entry", plan.entry}, {"constant_bytes", plan.constants.size()}, {"programs", programs}};
}

}  // namespace linenc
