// Tensor contracts: `args: {x: "float32[b, h, w, c]"}`, `returns`, `expect: output`.
// Tested by tests/golden/diagnostics_test.cpp.
#include "compiler/catalog/narrow.h"
#include "compiler/elaborate/definition_type.h"
#include "compiler/elaborate/evaluate.h"
#include "compiler/elaborate/unit.h"

namespace linenc::elaborate {

std::optional<DType> contract_dtype(Context& context, const Frame& frame, const modules::TensorType& type) {
  if (type.dtype) return catalog::narrow(context, *type.dtype, type.node->span);
  if (type.dtype_entry.empty()) return std::nullopt;
  Value value = frame.unit().config();
  std::string rest = type.dtype_entry;
  while (!rest.empty()) {
    const std::size_t dot = rest.find('.');
    value = attribute(context, value, rest.substr(0, dot), type.node->span);
    rest = dot == std::string::npos ? "" : rest.substr(dot + 1);
  }
  value = catalog::conform(context, value, catalog::FieldType::of(catalog::FieldType::Base::DType, true), type.node->span,
                           concat("`config.", type.dtype_entry, "`"));
  return value.dtype() != nullptr ? std::optional(catalog::narrow(context, *value.dtype(), type.node->span)) : std::nullopt;
}

namespace {

// The names of dimensions stand in a frame of their own: sizes of this call.
Dim dimension(Context& context, const Frame& frame, const Expr& expr, const std::map<std::string, Dim>& sizes) {
  Frame inner(&frame);
  for (const auto& [name, size] : sizes) inner.bind(name, size);
  const Value value = evaluate_static(context, inner, expr, "a dimension");
  if (value.integer() == nullptr) context.fail(Code::WrongType, expr.span, concat("a dimension is an int, and this is ", catalog::kind(value)));
  return *value.integer();
}

bool is_dimension_name(const Expr& expr) { return expr.kind == syntax::ExprKind::Name && expr.text != "config"; }

}  // namespace

void check_tensor(Context& context, const Frame& frame, const Value& value, const modules::TensorType& type, std::map<std::string, Dim>& sizes,
                  const std::string& what, Code code) {
  if (value.has_poison()) throw Failed{};
  if (value.is_none() && type.optional) return;
  const Tensor* tensor = value.tensor();
  const auto wrong = [&](const std::string& more, std::optional<std::size_t> axis = std::nullopt) {
    diagnostics::Report report = context.error(
        code, type.node->span,
        concat(what, " is ", tensor != nullptr ? graph::to_string(tensor->fact()) : catalog::kind(value), ", its contract is ", type.text, more));
    const Span call = context.place();
    if (code == Code::ContractMismatch && call.exists() && !call.contains(type.node->span)) report.note(call, "it is called here");
    if (axis) {
      const graph::Origins::Axis& origin = context.builder.origins().axes[tensor->fact().axis_origin(*axis)];
      const bool is_elsewhere = origin.span.exists() && !type.node->span.contains(origin.span);
      if (is_elsewhere) report.note(origin.span, concat("axis ", *axis, " gets its size here"));
    }
    Context::throw_reported(report.emit());
  };
  if (tensor == nullptr) wrong("");
  const std::optional<DType> dtype = contract_dtype(context, frame, type);
  std::vector<const Expr*> dims;
  bool leading = false;
  for (const auto& child : type.dims->children) {
    if (child->kind == syntax::ExprKind::Constant) {
      leading = true;
    } else {
      dims.push_back(child.get());
    }
  }
  const auto rank = static_cast<std::size_t>(tensor->rank());
  if (leading ? rank < dims.size() : rank != dims.size()) wrong("");
  if (dtype && *dtype != tensor->dtype()) wrong("");
  const std::size_t first = rank - dims.size();
  for (std::size_t i = 0; i < dims.size(); ++i) {  // plain names bind before expressions are evaluated
    if (is_dimension_name(*dims[i])) sizes.emplace(dims[i]->text, tensor->shape()[first + i]);
  }
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const Dim& seen = tensor->shape()[first + i];
    const Dim expected = dimension(context, frame, *dims[i], sizes);
    if (context.builder.dims().equal(expected, seen) == graph::Truth::Yes) continue;
    wrong(dims[i]->kind == syntax::ExprKind::Integer
              ? std::string()
              : concat(", where axis ", first + i, " is ", expected.text(), " by the contract and ", seen.text(), " here"),
          first + i);
  }
}

namespace {

// "the output, `a`, part 0,": what stands between commas ends with one.
std::string part_of(const std::string& whole, const std::string& part) {
  return concat(whole.ends_with(',') ? whole.substr(0, whole.size() - 1) : whole, ", ", part, ",");
}

}  // namespace

void check_contract(Context& context, const Frame& frame, const Value& value, const Node& contract, const syntax::Tree& tree,
                    std::map<std::string, Dim>& sizes, const std::string& what, Code code) {
  if (value.has_poison()) throw Failed{};
  if (contract.is_scalar()) {
    const std::optional<modules::TensorType> type = modules::parse_tensor_type(tree, contract, context.diagnostics());
    if (!type) throw Failed{};
    check_tensor(context, frame, value, *type, sizes, what, code);
  } else if (contract.is_map()) {
    if (value.list() != nullptr) {
      context.fail(code, contract.span,
                   concat(what, " is a list of ", value.list()->size(), ", its contract is a map: a list of contracts fits one"));
    }
    for (const syntax::Entry& entry : contract.entries) {
      const Value* part = value.map() != nullptr ? value.entry(entry.key->text) : nullptr;
      if (part == nullptr) context.fail(code, entry.key->span, concat(what, " has no `", diagnostics::shown(entry.key->text), "`"));
      check_contract(context, frame, *part, *entry.value, tree, sizes, part_of(what, concat("`", entry.key->text, "`")), code);
    }
  } else {
    if (value.list() == nullptr || value.list()->size() != contract.elements.size()) {
      const std::string seen = value.list() != nullptr ? concat("a list of ", value.list()->size()) : catalog::kind(value);
      const std::size_t parts = contract.elements.size();
      context.fail(code, contract.span, concat(what, " is ", seen, ", its contract has ", parts, parts == 1 ? " part" : " parts"));
    }
    for (std::size_t i = 0; i < contract.elements.size(); ++i) {
      check_contract(context, frame, (*value.list())[i], *contract.elements[i], tree, sizes, part_of(what, concat("part ", i)), code);
    }
  }
}

}  // namespace linenc::elaborate
