// The graph as text: one line for each input, node and output, regions indented after the first node that calls them.
#include "compiler/graph/print_graph.h"

#include <charconv>
#include <set>

#include "compiler/diagnostics/concat.h"
#include "runtime/core/array.h"

namespace linenc::graph {
namespace {

constexpr std::size_t kMostElements = 8;  // of a constant that are printed

std::string number_text(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof(text), static_cast<float>(value)).ptr;
  return {text, end};
}

std::string shortest(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

// Writes name=value pairs; values that are the usual ones are left out by the callers.
class Writer {
 public:
  void put(const char* name, const std::string& value) {
    if (!text_.empty()) text_ += ' ';
    text_ += concat(name, "=", value);
  }
  void put(const char* name, std::string_view value) { put(name, std::string(value)); }
  void put(const char* name, const char* value) { put(name, std::string(value)); }
  void put(const char* name, std::int64_t value) { put(name, std::to_string(value)); }
  void flag(const char* name, bool value) {
    if (value) put(name, "true");
  }
  void list(const char* name, const std::vector<std::int64_t>& values) { list(name, Dims(values.begin(), values.end())); }
  void list(const char* name, const Dims& values) { put(name, to_string(values)); }
  void list_unless(const char* name, const Dims& values, std::int64_t usual) {
    for (const Dim& value : values) {
      if (value != Dim(usual)) return list(name, values);
    }
  }
  void list_unless(const char* name, const std::vector<std::int64_t>& values, std::int64_t usual) {
    list_unless(name, Dims(values.begin(), values.end()), usual);
  }
  void activation(Activation activation) {
    if (activation != Activation::None) put("activation", name(activation));
  }
  void mode(GatherMode mode) { put("mode", mode == GatherMode::Clip ? "clip" : mode == GatherMode::Fill ? "fill" : "promise"); }
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
};

void write(Writer&, const NoAttributes&) {}
void write(Writer& out, const ConstantAttributes<Dim>& a) {
  if (a.is_size)
    out.put("size", a.size.text());
  else
    out.put("bytes", static_cast<std::int64_t>(a.bytes.size()));
}
void write(Writer& out, const AxisAttributes& a) { out.put("axis", a.axis); }
void write(Writer& out, const ElementwiseAttributes& a) { out.put("kind", name(a.kind)); }
void write(Writer& out, const TransposeAttributes& a) { out.list("permutation", a.permutation); }
void write(Writer& out, const SliceAttributes<Dim>& a) {
  out.list("start", a.start);
  out.list_unless("stride", a.stride, 1);
}
void write(Writer& out, const ReverseAttributes& a) { out.list("axes", a.axes); }
void write(Writer& out, const PadAttributes<Dim>& a) {
  out.list("low", a.low);
  out.list("high", a.high);
  out.list_unless("interior", a.interior, 0);
}
void write(Writer& out, const GatherAttributes& a) {
  out.put("axis", a.axis);
  if (a.batch_dims != 0) out.put("batch_dims", a.batch_dims);
  out.mode(a.mode);
}
void write(Writer& out, const ScatterAttributes& a) {
  out.put("kind", name(a.kind));
  out.put("axis", a.axis);
  if (a.batch_dims != 0) out.put("batch_dims", a.batch_dims);
  out.mode(a.mode);
}
void write(Writer& out, const ReduceAttributes& a) {
  out.put("kind", name(a.kind));
  out.list("axes", a.axes);
  out.flag("keepdims", a.keepdims);
}
void write(Writer& out, const ArgReduceAttributes& a) {
  out.put("kind", a.maximum ? "max" : "min");
  out.put("axis", a.axis);
  out.flag("keepdims", a.keepdims);
}
void write(Writer& out, const CumulativeAttributes& a) {
  out.put("kind", name(a.kind));
  out.put("axis", a.axis);
  out.flag("reverse", a.reverse);
}
void write(Writer& out, const SortAttributes& a) {
  out.put("axis", a.axis);
  out.flag("descending", a.descending);
}
void write(Writer& out, const TopKAttributes<Dim>& a) { out.put("k", a.k.text()); }
void write(Writer& out, const DotAttributes& a) {
  if (!a.a_batch.empty()) out.list("a_batch", a.a_batch), out.list("b_batch", a.b_batch);
  out.list("a_contract", a.a_contract);
  out.list("b_contract", a.b_contract);
  out.activation(a.activation);
}
void write(Writer& out, const ConvolutionAttributes<Dim>& a) {
  out.list_unless("strides", a.strides, 1);
  out.list_unless("low", a.low, 0);
  out.list_unless("high", a.high, 0);
  out.list_unless("input_dilation", a.input_dilation, 1);
  out.list_unless("kernel_dilation", a.kernel_dilation, 1);
  if (a.groups != 1) out.put("groups", a.groups);
  if (a.batch_groups != 1) out.put("batch_groups", a.batch_groups);
  out.activation(a.activation);
}
void write(Writer& out, const WindowAttributes<Dim>& a) {
  out.put("kind", name(a.kind));
  out.list("window", a.window);
  out.list_unless("strides", a.strides, 1);
  out.list_unless("window_dilation", a.window_dilation, 1);
  out.list_unless("low", a.low, 0);
  out.list_unless("high", a.high, 0);
}
void write(Writer& out, const KeyDeriveAttributes& a) { out.put("word", static_cast<std::int64_t>(a.word)); }
void write(Writer& out, const DrawAttributes& a) {
  out.put("kind", name(a.kind));
  if (a.kind == DrawKind::Uniform || a.kind == DrawKind::TruncatedNormal) {
    out.put("low", shortest(a.low));
    out.put("high", shortest(a.high));
  }
  if (a.scaled) out.put("scale", shortest(a.scale));
  out.flag("merged", a.merged);
}
void write(Writer& out, const NormalizeAttributes& a) {
  out.put("epsilon", shortest(a.epsilon));
  if (!a.fast_variance) out.put("fast_variance", "false");
  if (!a.use_mean) out.put("use_mean", "false");
}
void write(Writer& out, const CallAttributes& a) {
  out.put("region", static_cast<std::int64_t>(a.program));
  out.flag("remat", a.remat);
}
void write(Writer& out, const LoopAttributes<Dim>& a) {
  out.put("region", static_cast<std::int64_t>(a.program));
  out.put("length", a.length.text());
  out.put("carried", a.carried);
  out.put("sliced", a.sliced);
  out.flag("reverse", a.reverse);
}

std::string element_text(DType dtype, const std::byte* bytes) {
  if (dtype == DType::Bool) return *bytes != std::byte{0} ? "true" : "false";
  if (is_float(dtype)) {
    double value = 0;
    convert_elements(dtype, bytes, DType::Float64, reinterpret_cast<std::byte*>(&value), 1);
    return number_text(value);
  }
  std::int64_t value = 0;
  convert_elements(dtype, bytes, DType::Int64, reinterpret_cast<std::byte*>(&value), 1);
  return std::to_string(value);
}

std::string constant_text(const ConstantAttributes<Dim>& constant, DType dtype) {
  const std::size_t width = byte_size(dtype), count = constant.bytes.size() / width;
  if (constant.is_size || count == 0 || count > kMostElements || dtype == DType::Key) return to_string(GraphAttributes(constant));
  if (count == 1) return "value=" + element_text(dtype, constant.bytes.data());
  std::string text = "values=[";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ", ") + element_text(dtype, constant.bytes.data() + i * width);
  return text + "]";
}

std::string value_text(const Graph& graph, ValueId id) {
  const Fact& fact = graph.fact(id);
  return concat(to_string(fact), fact.weak ? " weak" : "");
}

std::string_view role_text(PortRole role) {
  switch (role) {
    case PortRole::Argument: return "argument";
    case PortRole::Variable: return "variable";
    case PortRole::Stream: return "stream";
    case PortRole::Capture: return "capture";
  }
  return "";
}

std::string node_text(const Graph& graph, const Node& node) {
  std::string text, facts;
  for (const ValueId output : node.outputs) {
    if (!text.empty()) text += ", ", facts += ", ";
    text += concat("%", index(output));
    facts += value_text(graph, output);
  }
  text += concat(" = ", name(node.op), "(");
  for (std::size_t i = 0; i < node.inputs.size(); ++i) text += concat(i == 0 ? "%" : ", %", index(node.inputs[i]));
  const auto* constant = std::get_if<ConstantAttributes<Dim>>(&node.attributes);
  const std::string attributes = constant ? constant_text(*constant, graph.fact(node.outputs[0]).dtype) : to_string(node.attributes);
  return concat(text, attributes.empty() ? ")" : ") ", attributes, " : ", facts);
}

void print_to(std::string& out, const Graph& graph, const std::string& indent) {
  for (const Port& input : graph.inputs) {
    out += concat(indent, "input %", index(input.value), " ", role_text(input.role), " `", input.name, "` : ", value_text(graph, input.value), "\n");
  }
  std::set<std::uint32_t> printed;
  for (const Node& node : graph.nodes) {
    out += concat(indent, node_text(graph, node), "\n");
    const std::uint32_t* called = called_program(node.attributes);
    if (called == nullptr || !printed.insert(*called).second) continue;
    const Graph& region = *graph.regions[*called];
    out += concat(indent, "  region ", *called, " `", region.name, "`:\n");
    print_to(out, region, indent + "    ");
  }
  for (const Port& output : graph.outputs) {
    out += concat(indent, "output %", index(output.value), " ", role_text(output.role), " `", output.name, "`\n");
  }
}

}  // namespace

std::string to_string(const GraphAttributes& attributes) {
  Writer writer;
  std::visit([&](const auto& a) { write(writer, a); }, attributes);
  return std::move(writer).text();
}

std::string print(const Graph& graph) {
  std::string out;
  print_to(out, graph, "");
  return out;
}

}  // namespace linenc::graph
