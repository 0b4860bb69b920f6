// einsum as a chain of products of two operands:
//
//   labels of one operand alone that the result lacks   summed first
//   labels of both that are still needed                batch axes of dot_general
//   labels of both that nobody needs any more           contracted
//
// Tested by tests/compiler/catalog/einsum_test.cpp.
#include "compiler/catalog/einsum.h"

#include <algorithm>
#include <string>

#include "compiler/catalog/arrange.h"
#include "compiler/catalog/context.h"
#include "compiler/catalog/unequal.h"
#include "compiler/diagnostics/concat.h"

namespace linenc::catalog {
namespace {

// A letter, or an axis of `...`: -1 is its last one.
using Label = int;
using Labels = std::vector<Label>;

bool has(const Labels& labels, Label label) { return std::find(labels.begin(), labels.end(), label) != labels.end(); }
std::int64_t place(const Labels& labels, Label label) { return std::find(labels.begin(), labels.end(), label) - labels.begin(); }
std::string text(Label label) { return label > 0 ? concat("`", static_cast<char>(label), "`") : std::string("`...`"); }

struct Operand {
  Tensor tensor;
  Labels labels;
};

struct Equation {
  std::vector<std::string> inputs;
  std::optional<std::string> output;
};

class Einsum {
 public:
  Einsum(Context& context, std::string_view equation, std::vector<Tensor> operands) : context_(context), equation_(equation) {
    promote_all(context, operands);
    const Equation parsed = parse();
    if (parsed.inputs.size() != operands.size()) {
      fail(concat("names ", parsed.inputs.size(), " operands, and ", operands.size(), operands.size() == 1 ? " is given" : " are given"));
    }
    for (std::size_t i = 0; i < operands.size(); ++i) operands_.push_back({operands[i], labels_of(parsed.inputs[i], operands, i)});
    output_ = parsed.output ? output_labels(*parsed.output) : implied_output();
    check_sizes();
  }

  Tensor run() {
    for (Operand& operand : operands_) take_diagonals(operand);
    Operand result = std::move(operands_[0]);
    for (std::size_t next = 1; next < operands_.size(); ++next) {
      Labels needed = output_;
      for (std::size_t later = next + 1; later < operands_.size(); ++later) {
        needed.insert(needed.end(), operands_[later].labels.begin(), operands_[later].labels.end());
      }
      result = product(std::move(result), operands_[next], needed);
    }
    sum_out(result, output_);
    return arranged(std::move(result));
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { context_.fail(Code::WrongArguments, concat("the equation '", equation_, "' ", reason)); }

  Equation parse() const {
    std::string compact;
    for (const char c : equation_) {
      if (c != ' ') compact += c;
    }
    Equation out;
    const std::size_t arrow = compact.find("->");
    if (arrow != std::string::npos) out.output = compact.substr(arrow + 2);
    std::string left = compact.substr(0, arrow);
    for (std::size_t comma; (comma = left.find(',')) != std::string::npos; left = left.substr(comma + 1)) out.inputs.push_back(left.substr(0, comma));
    out.inputs.push_back(left);
    return out;
  }

  // The labels of a term whose `...` stands for `dots` axes.
  Labels expand(const std::string& term, std::int64_t dots) const {
    Labels labels;
    for (std::size_t i = 0; i < term.size(); ++i) {
      const char c = term[i];
      if (c == '.') {
        if (term.compare(i, 3, "...") != 0 || term.find('.', i + 3) != std::string::npos) fail("has a `.` that is not part of one `...`");
        for (std::int64_t axis = dots; axis > 0; --axis) labels.push_back(static_cast<Label>(-axis));
        i += 2;
      } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        labels.push_back(c);
      } else {
        fail(concat("holds `", diagnostics::shown(std::string_view(&term[i], 1)), "`; labels are letters"));
      }
    }
    return labels;
  }

  Labels labels_of(const std::string& term, const std::vector<Tensor>& operands, std::size_t number) {
    const Tensor tensor = operands[number];
    const std::size_t at = term.find("...");
    const auto letters = static_cast<std::int64_t>(at == std::string::npos ? term.size() : term.size() - 3);
    const std::int64_t dots = at == std::string::npos ? 0 : tensor.rank() - letters;
    if (dots < 0 || (at == std::string::npos && letters != tensor.rank())) {
      graph::Reason reason;
      reason.text = concat("has the term `", term, "` of ", letters, " axes for an array ", tensor.fact());
      reason.operand_a = static_cast<int>(number);
      context_.builder.fail(reason, operands);
    }
    dots_ = std::max(dots_, dots);
    return expand(term, dots);
  }

  Labels output_labels(const std::string& term) const {
    const Labels labels = expand(term, dots_);
    for (const Label label : labels) {
      if (std::count(labels.begin(), labels.end(), label) > 1) fail(concat("has ", text(label), " twice in its result"));
      if (std::none_of(operands_.begin(), operands_.end(), [&](const Operand& o) { return has(o.labels, label); })) {
        fail(concat("has ", text(label), " in its result, which no operand has"));
      }
    }
    return labels;
  }

  // The axes of `...`, then every letter that occurs once, sorted.
  Labels implied_output() const {
    Labels labels, all;
    for (std::int64_t axis = dots_; axis > 0; --axis) labels.push_back(static_cast<Label>(-axis));
    for (const Operand& operand : operands_) all.insert(all.end(), operand.labels.begin(), operand.labels.end());
    std::sort(all.begin(), all.end());
    for (const Label label : all) {
      if (label > 0 && std::count(all.begin(), all.end(), label) == 1) labels.push_back(label);
    }
    return labels;
  }

  // A label has one size; 1 stretches.
  void check_sizes() const {
    struct Seen {
      Label label;
      std::size_t operand, axis;
    };
    std::vector<Seen> seen;
    std::vector<Tensor> tensors;
    for (const Operand& operand : operands_) tensors.push_back(operand.tensor);
    for (std::size_t number = 0; number < operands_.size(); ++number) {
      for (std::size_t axis = 0; axis < operands_[number].labels.size(); ++axis) {
        const Label label = operands_[number].labels[axis];
        const Dim& size = tensors[number].shape()[axis];
        if (size == Dim(1)) continue;
        const auto known = std::find_if(seen.begin(), seen.end(), [&](const Seen& entry) { return entry.label == label; });
        if (known == seen.end()) {
          seen.push_back({label, number, axis});
          continue;
        }
        const Dim& other = tensors[known->operand].shape()[known->axis];
        if (is_equal(context_, other, size)) continue;
        graph::Reason reason;
        reason.text = concat("has ", other, " and ", size, " for the label ", text(label), " of '", equation_, "'");
        reason.operand_a = static_cast<int>(known->operand), reason.axis_a = static_cast<int>(known->axis);
        reason.operand_b = static_cast<int>(number), reason.axis_b = static_cast<int>(axis);
        fail_unequal(context_, other, size, std::move(reason), tensors);
      }
    }
  }

  // `ii`: the elements whose two indices are equal.
  void take_diagonals(Operand& operand) {
    graph::Builder& b = context_.builder;
    for (std::size_t axis = 0; axis < operand.labels.size(); ++axis) {
      const auto first = static_cast<std::size_t>(place(operand.labels, operand.labels[axis]));
      if (first == axis) continue;
      const Tensor x = operand.tensor;
      const Tensor row = graph::iota(b, DType::Int32, x.shape(), static_cast<std::int64_t>(first));
      const Tensor column = graph::iota(b, DType::Int32, x.shape(), static_cast<std::int64_t>(axis));
      const Tensor zero = is_float(x.dtype()) ? graph::scalar(b, 0, x.dtype()) : graph::integer_scalar(b, 0, x.dtype());
      const Tensor diagonal = graph::select(b, graph::binary(b, ElementwiseKind::Equal, row, column), x, zero);
      operand.tensor = reduce_sum(diagonal, {static_cast<std::int64_t>(axis)});
      operand.labels.erase(operand.labels.begin() + static_cast<std::ptrdiff_t>(axis));
      --axis;
    }
  }

  // The dtype stays; halves are summed in float32.
  Tensor reduce_sum(Tensor x, std::vector<std::int64_t> axes) {
    if (x.dtype() == DType::Bool) return graph::reduce(context_.builder, ReduceKind::Any, x, std::move(axes));
    if (is_float(x.dtype()) && x.dtype() != DType::Float32) return sum(context_, x, std::move(axes));
    return graph::reduce(context_.builder, ReduceKind::Sum, x, std::move(axes));
  }

  // Sums the labels that nobody needs.
  void sum_out(Operand& operand, const Labels& needed) {
    std::vector<std::int64_t> axes;
    Labels left;
    for (std::size_t axis = 0; axis < operand.labels.size(); ++axis) {
      if (has(needed, operand.labels[axis]))
        left.push_back(operand.labels[axis]);
      else
        axes.push_back(static_cast<std::int64_t>(axis));
    }
    if (axes.empty()) return;
    operand = {reduce_sum(operand.tensor, std::move(axes)), std::move(left)};
  }

  // An axis of size 1 beside a longer one of the same label only stretches: it goes.
  void drop_ones(Operand& operand, const Operand& other) {
    for (std::size_t axis = operand.labels.size(); axis-- > 0;) {
      const Label label = operand.labels[axis];
      if (!has(other.labels, label) || operand.tensor.shape()[axis] != Dim(1) || other.tensor.dim(place(other.labels, label)) == Dim(1)) continue;
      operand.tensor = graph::squeeze(context_.builder, operand.tensor, static_cast<std::int64_t>(axis));
      operand.labels.erase(operand.labels.begin() + static_cast<std::ptrdiff_t>(axis));
    }
  }

  Operand product(Operand a, Operand b, const Labels& needed) {
    drop_ones(a, b);
    drop_ones(b, a);
    const auto with = [&](const Labels& more) {
      Labels all = needed;
      all.insert(all.end(), more.begin(), more.end());
      return all;
    };
    sum_out(a, with(b.labels));
    sum_out(b, with(a.labels));
    DotAttributes attributes;
    Labels batch, free;
    for (const Label label : a.labels) {
      const bool is_common = has(b.labels, label);
      if (is_common && has(needed, label)) {
        batch.push_back(label);
        attributes.a_batch.push_back(place(a.labels, label));
        attributes.b_batch.push_back(place(b.labels, label));
      } else if (is_common) {
        attributes.a_contract.push_back(place(a.labels, label));
        attributes.b_contract.push_back(place(b.labels, label));
      } else {
        free.push_back(label);
      }
    }
    for (const Label label : b.labels) {
      if (!has(a.labels, label)) free.push_back(label);
    }
    batch.insert(batch.end(), free.begin(), free.end());
    return {graph::dot_general(context_.builder, a.tensor, b.tensor, attributes), std::move(batch)};
  }

  Tensor arranged(Operand result) {
    std::vector<std::int64_t> permutation;
    for (const Label label : output_) permutation.push_back(place(result.labels, label));
    if (std::is_sorted(permutation.begin(), permutation.end())) return result.tensor;
    return graph::transpose(context_.builder, result.tensor, std::move(permutation));
  }

  Context& context_;
  std::string equation_;
  std::vector<Operand> operands_;
  Labels output_;
  std::int64_t dots_ = 0;
};

}  // namespace

Tensor einsum(Context& context, std::string_view equation, std::vector<Tensor> operands) {
  if (operands.empty()) context.fail(Code::WrongArguments, "einsum needs an operand");
  return Einsum(context, equation, std::move(operands)).run();
}

}  // namespace linenc::catalog
