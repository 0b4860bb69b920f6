// Whether the parts of a plan file fit together: ports and their roles, the program `prepare`, packed variables. What a program
// does is checked by verify.cpp.
//
// Tested by tests/runtime/plan/plan_file_test.cpp.
#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string_view>

#include "runtime/plan/plan_file.h"

namespace linenc {

std::string to_string(const ArrayFact& fact) { return std::string(name(fact.dtype)) + to_string(fact.shape); }

namespace {

// Names -> facts of one list.
using Facts = std::map<std::string_view, const ArrayFact*>;

ArrayFact fact_of(const Program& program, const Port& port) {
  const PlanValue& value = program.values[port.value];
  return {value.dtype, value.shape};
}

bool is_shape(const Shape& shape) {
  const auto elements = checked_element_count(shape);
  return shape.size() <= kMaxRank && elements && *elements <= kMaxElements &&
         std::ranges::all_of(shape, [](std::int64_t size) { return size <= kMaxElements; });
}

class FileCheck {
 public:
  explicit FileCheck(const PlanFile& file) : file_(file) {}

  std::vector<std::string> run() {
    const Executable& executable = file_.executable;
    problems_ = verify(executable.plan);
    if (problems_.empty() && executable.prepare) problems_ = verify(*executable.prepare);
    if (!problems_.empty()) return std::move(problems_);
    bools(executable.plan);
    if (executable.prepare) bools(*executable.prepare);
    collect();
    if (!problems_.empty()) return std::move(problems_);
    if (executable.prepare) prepare(*executable.prepare);
    inputs();
    outputs();
    return std::move(problems_);
  }

 private:
  void problem(std::string text) {
    if (problems_.size() < 20) problems_.push_back(std::move(text));
  }
  void add(Facts& facts, std::string_view key, const ArrayFact& fact, std::string_view noun) {
    if (!is_shape(fact.shape)) problem(std::string(noun) + " `" + std::string(key) + "` has a shape out of range");
    if (!facts.emplace(key, &fact).second) problem(std::string(noun) + " `" + std::string(key) + "` occurs twice");
  }
  void expect(const Facts& facts, std::string_view key, const ArrayFact& fact, std::string_view noun) {
    const auto found = facts.find(key);
    if (found == facts.end()) return problem("nothing gives " + std::string(noun) + " `" + std::string(key) + "`");
    if (*found->second != fact) {
      problem(std::string(noun) + " `" + std::string(key) + "` is " + to_string(*found->second) + " here and " + to_string(fact) + " there");
    }
  }

  void bools(const Plan& plan);
  void truths(std::span<const std::byte> bytes, std::string_view what);
  void packed();
  void collect();
  void prepare(const Plan& plan);
  void inputs();
  void outputs();

  const PlanFile& file_;
  std::vector<std::string> problems_;
  std::vector<ArrayFact> packed_facts_;
  Facts arguments_, variables_, prepared_, leaves_;
  std::set<std::string_view> streams_;
};

// Truth values are 0 or 1 wherever they come from.
void FileCheck::truths(std::span<const std::byte> bytes, std::string_view what) {
  if (std::ranges::any_of(bytes, [](std::byte byte) { return byte > std::byte{1}; }))
    problem(std::string(what) + " holds a bool that is neither 0 nor 1");
}

void FileCheck::bools(const Plan& plan) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;  // of the constants
  for (const Program& program : plan.programs) {
    for (const PlanValue& value : program.values) {
      if (value.dtype != DType::Bool || value.space != Space::Constant) continue;
      ranges.emplace_back(value.offset, value.offset + static_cast<std::uint64_t>(element_count(value.shape)));
    }
    for (const Step& step : program.steps) {
      const auto* constant = std::get_if<ConstantAttributes<std::int64_t>>(&step.attributes);
      if (constant == nullptr || step.outputs.empty() || program.values[step.outputs.front()].dtype != DType::Bool) continue;
      truths(constant->bytes, "a constant");
    }
  }
  // Each byte once, however many values show it.
  std::ranges::sort(ranges);
  std::uint64_t seen = 0;
  for (const auto& [begin, end] : ranges) {
    const std::uint64_t first = std::max(begin, seen);
    if (first < end) truths(plan.constants.span().subspan(first, end - first), "a constant");
    seen = std::max(seen, end);
  }
}

void FileCheck::packed() {
  packed_facts_.reserve(file_.arrays.size());  // their addresses stay
  for (const PackedArray& packed : file_.arrays) {
    const bool variable = packed.role == PortRole::Variable;
    if (!variable && packed.role != PortRole::Prepared) problem("`" + packed.key + "` is packed for nobody");
    packed_facts_.push_back({packed.array.dtype(), packed.array.shape()});
    add(variable ? variables_ : prepared_, packed.key, packed_facts_.back(), variable ? "the variable" : "the prepared array");
    if (packed.array.dtype() == DType::Bool) truths({packed.array.data(), packed.array.bytes()}, "`" + packed.key + "`");
  }
}

void FileCheck::collect() {
  for (const FileInput& input : file_.inputs) add(arguments_, input.path, input.fact, "the input");
  for (const auto& [name, seed] : file_.streams) {
    if (!streams_.insert(name).second) problem("the stream `" + name + "` occurs twice");
  }
  for (const auto& [key, fact] : file_.executable.leaves) add(leaves_, key, fact, "the variable");
  if (file_.packed) {
    packed();
    if (!file_.expected.empty()) problem("it holds variables and wants some");
    return;
  }
  if (!file_.arrays.empty()) problem("it holds variables that it does not use");
  for (const ExpectedLeaf& leaf : file_.expected) add(variables_, leaf.key, leaf.fact, "the variable");
}

void FileCheck::prepare(const Plan& plan) {
  const Program& program = plan.programs[plan.entry];
  // Where its results are packed, it has run.
  if (!file_.packed) {
    for (const Port& port : program.inputs) expect(variables_, port.name, fact_of(program, port), "the variable");
  }
  Facts given;
  std::vector<ArrayFact> facts;
  facts.reserve(program.outputs.size());
  for (const Port& port : program.outputs) add(given, port.name, facts.emplace_back(fact_of(program, port)), "the prepared array");
  if (file_.packed) {
    for (const auto& [key, fact] : prepared_) expect(given, key, *fact, "the prepared array");
  } else {
    const Program& entry = file_.executable.entry();
    for (std::size_t i = 0; i < entry.inputs.size() && i < file_.executable.input_roles.size(); ++i) {
      if (file_.executable.input_roles[i] == PortRole::Prepared)
        expect(given, entry.inputs[i].name, fact_of(entry, entry.inputs[i]), "the prepared array");
    }
  }
}

void FileCheck::inputs() {
  const Executable& executable = file_.executable;
  const Program& entry = executable.entry();
  if (executable.input_roles.size() != entry.inputs.size()) return problem("it has roles for another number of inputs");
  for (std::size_t i = 0; i < entry.inputs.size(); ++i) {
    const Port& port = entry.inputs[i];
    const ArrayFact fact = fact_of(entry, port);
    switch (executable.input_roles[i]) {
      case PortRole::Argument: expect(arguments_, port.name, fact, "the input"); break;
      case PortRole::Variable: expect(variables_, port.name, fact, "the variable"); break;
      case PortRole::Stream:
        if (!streams_.contains(port.name) || fact != ArrayFact{DType::Key, {}}) problem("nothing gives the stream `" + port.name + "`");
        break;
      case PortRole::Prepared:
        if (file_.packed)
          expect(prepared_, port.name, fact, "the prepared array");
        else if (!executable.prepare)
          problem("nothing prepares `" + port.name + "`");
        break;
    }
  }
  std::set<std::string_view> used;
  for (const Port& port : entry.inputs) used.insert(port.name);
  for (const FileInput& input : file_.inputs) {
    if (!input.present && used.contains(input.path)) problem("the input `" + input.path + "` is used and left out");
  }
}

void FileCheck::outputs() {
  const Executable& executable = file_.executable;
  const Program& entry = executable.entry();
  if (executable.output_roles.size() != entry.outputs.size()) return problem("it has roles for another number of outputs");
  std::set<std::pair<PortRole, std::string_view>> names;
  for (std::size_t i = 0; i < entry.outputs.size(); ++i) {
    const PortRole role = executable.output_roles[i];
    if (!names.emplace(role, entry.outputs[i].name).second) problem("the output `" + entry.outputs[i].name + "` occurs twice");
    if (role != PortRole::Argument && role != PortRole::Variable) problem("the output `" + entry.outputs[i].name + "` is for nobody");
    if (role == PortRole::Variable) expect(leaves_, entry.outputs[i].name, fact_of(entry, entry.outputs[i]), "the variable");
  }
}

}  // namespace

std::vector<std::string> verify(const PlanFile& file) { return FileCheck(file).run(); }

}  // namespace linenc
