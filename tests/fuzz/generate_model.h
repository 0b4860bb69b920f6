#pragma once

// Model files out of bytes: each byte decides between alternatives, so that every file is well formed and most of its names
// exist. Bytes that are not there are zeros, which choose the shortest way.

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/catalog/registry.h"

namespace linenc::fuzz {

class ModelGenerator {
 public:
  ModelGenerator(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::string file() {
    std::string text =
        "linenc: 1\nconfig: {size: 3, rate: 0.5, flag: true, sizes: [2, 3]}\nimport: {parts: parts.yaml}\ninputs: {x: \"" + tensor_type() + "\"";
    if (chance(64)) text += ", y: \"" + tensor_type() + "\"";
    has_y_ = text.find(", y: ") != std::string::npos;
    text += "}\nmodel: {Root: {}}\nmodules:\n  Root:\n";
    if (has_y_) text += "    args: [x, y]\n";
    if (chance(32)) text += "    transform: " + transform_word() + "\n";
    text += "    fields: {width: int = 4, act: function = relu}\n";
    names_ = {"x"};
    if (has_y_) names_.emplace_back("y");
    text += "    compact:\n" + body(6, 0);
    text += "  Cell:\n    args: [c, x]\n    compact:\n      - {Dense: {features: 3}, in: x, out: h}\n      - return: [\"c + h.sum()\", h]\n";
    text += "  Block:\n    fields: {features: int = 2, layer: module = Dense}\n    compact:\n      - layer: {features: =features}\n      - gelu\n";
    return text;
  }

 private:
  std::uint8_t byte() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }
  std::size_t choose(std::size_t count) {
    if (count <= 1) return 0;
    return (count > 256 ? byte() * 256u + byte() : byte()) % count;
  }
  // Out of 256.
  bool chance(unsigned part) { return byte() >= 256 - part; }
  std::string one_of(const std::vector<std::string>& texts) { return texts[choose(texts.size())]; }

  static std::string indent(std::size_t by) { return std::string(by, ' '); }
  static std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    return out + "\"";
  }
  static std::string marked(const std::string& expression) { return quoted("=" + expression); }

  std::string tensor_type() {
    std::string text = one_of({"float32", "bfloat16", "int32", "float16", "uint8", "bool", "uint32", "any", "complex64"}) + "[";
    const std::size_t rank = choose(5);
    for (std::size_t i = 0; i < rank; ++i) text += (i == 0 ? "" : ", ") + one_of({"4", "n", "3", "m", "1", "8", "0", "2*n", "n + 1"});
    return text + "]";
  }
  std::string integer() {
    return one_of({"1", "2", "3", "0", "-1", "4", "config.size", "x.shape[-1]", "len(x)", "width", "7", "16", "-2", "x.ndim", "9223372036854775807",
                   "x.size", "100000"});
  }
  std::string number() { return one_of({"0.5", "0.0", "1.0", "-1.0", "1e-6", "config.rate", "inf", "nan", "1e300", "2", "0.999"}); }
  std::string truth() { return one_of({"true", "false", "config.flag", "x.ndim > 2", "is_initializing()"}); }
  std::string text() {
    return one_of({"'SAME'",   "'VALID'",     "'CIRCULAR'",  "'CAUSAL'", "'params'", "'batch_stats'", "'dropout'", "'highest'",  "'default'",
                   "'linear'", "'ij,jk->ik'", "'...i->...'", "'xy'",     "'ij'",     "'edge'",        "'reflect'", "'constant'", "'clip'",
                   "'fill'",   "'C'",         "'fan_in'",    "'int32'",  "''",       "'float32'",     "'sum'"});
  }
  std::string dtype() {
    return one_of({"float32", "bfloat16", "int32", "bool", "float16", "uint8", "int8", "uint32", "complex64", "float64", "int64"});
  }
  std::string name() { return one_of(names_); }

  std::string integers(std::size_t depth) {
    std::string out = "(";
    const std::size_t count = choose(4);
    for (std::size_t i = 0; i < count; ++i) out += (depth > 0 && chance(32) ? integers(depth - 1) : integer()) + ", ";
    return out + ")";
  }

  std::string call(const std::string& callee, const std::vector<catalog::Parameter>& parameters, std::size_t depth) {
    std::string out = callee + "(";
    bool first = true;
    for (const catalog::Parameter& p : parameters) {
      using Parameter = catalog::Parameter;
      const bool required = p.default_text.empty() && p.kind != Parameter::Kind::Rest && p.kind != Parameter::Kind::KeywordRest;
      if (!required && !chance(96)) continue;
      const bool by_name =
          p.kind != Parameter::Kind::Rest && p.kind != Parameter::Kind::KeywordRest && (!required || p.kind == Parameter::Kind::KeywordOnly);
      out += (first ? "" : ", ") + (by_name ? p.name + "=" : std::string()) + argument(p, depth);
      first = false;
    }
    return out + ")";
  }
  // What the name of a parameter or its default promises, most of the time.
  std::string argument(const catalog::Parameter& p, std::size_t depth) {
    if (chance(48)) return expression(depth);
    const std::string& d = p.default_text;
    if (p.name.find("dtype") != std::string::npos) return dtype();
    if (p.name == "key" || p.name == "rng") return one_of({"random.key(0)", "random.key(7)", "make_rng('params')"});
    if (p.name.find("axis") != std::string::npos || p.name == "axes") return one_of({"-1", "0", "(0, 1)", "1", "2", "none", "(-1,)"});
    if (p.name == "shape" || p.name == "shapes" || p.name.find("dims") != std::string::npos || p.name == "newshape")
      return one_of({"x.shape", "(2, 3)", "()", "(-1,)", "(n, 2)", integers(1)});
    if (p.name.find("init") != std::string::npos) return initializer(depth);
    if (d == "true" || d == "false") return truth();
    if (!d.empty() && d.front() == '\'') return text();
    if (!d.empty() && (d.find('.') != std::string::npos)) return number();
    if (!d.empty() && d.find_first_not_of("-0123456789") == std::string::npos) return integer();
    if (d == "none") return expression(depth);
    return chance(64) ? integer() : name();
  }
  std::string initializer(std::size_t depth) {
    const auto& all = catalog::initializers();
    const catalog::InitializerSpec& spec = *all[choose(all.size())];
    return chance(64) ? spec.name : call(spec.name, spec.parameters, depth == 0 ? 0 : depth - 1);
  }
  std::string function(std::size_t depth) {
    const std::string bare = one_of(
        {"relu", "gelu", "tanh", "lambda a: a * 2", "softmax", "act", "lambda a, b: a + b", "lambda: 1", "lambda a: a.mean()", "lambda a: a[None]"});
    (void)depth;
    return "(" + bare + ")";
  }

  std::string expression(std::size_t depth) {
    if (depth == 0) return choose(3) == 0 ? name() : atom();
    switch (choose(16)) {
      case 0: return name();
      case 1: return atom();
      case 2:
      case 3:
      case 4:
      case 5: {
        const auto& all = catalog::functions();
        const catalog::FunctionSpec& spec = *all[choose(all.size())];
        const std::string prefix = spec.prefix_only && !spec.libraries.empty() ? spec.libraries.front() + "." : "";
        if (spec.method && chance(96) && !spec.parameters.empty())
          return "(" + expression(depth - 1) + ")." + call(spec.name, {spec.parameters.begin() + 1, spec.parameters.end()}, depth - 1);
        return call(prefix + spec.name, spec.parameters, depth - 1);
      }
      case 6:
      case 7:
        return "(" + expression(depth - 1) + one_of({" + ", " * ", " - ", " / ", " // ", " % ", " ** ", " @ ", " & ", " | ", " ^ ", " << ", " >> "}) +
               expression(depth - 1) + ")";
      case 8: return "(" + expression(depth - 1) + one_of({" < ", " == ", " != ", " >= ", " in ", " is ", " is not "}) + expression(depth - 1) + ")";
      case 9: return "(" + one_of({"-", "not ", "~", "+"}) + expression(depth - 1) + ")";
      case 10:
        return "(" + expression(depth - 1) + ")[" +
               one_of({"0", "...", "None", "-1", ":", "::2", "1:", "..., 0", ":, None", "::-1", "x", integer()}) + "]";
      case 11:
        return "(" + expression(depth - 1) + ")." +
               one_of({"shape", "T", "ndim", "dtype", "size", "mT", "real", "imag", "at[0].set(1)", "at[...].add(2)"});
      case 12: return "[" + expression(depth - 1) + ", " + expression(depth - 1) + "]";
      case 13: return "(" + expression(depth - 1) + " if " + truth() + " else " + expression(depth - 1) + ")";
      case 14: return "[" + expression(depth - 1) + " for i in range(" + integer() + ")]";
      case 15: return "{'a': " + expression(depth - 1) + ", 'b': " + expression(depth - 1) + "}";
      default: return name();
    }
  }
  std::string atom() {
    switch (choose(9)) {
      case 0: return integer();
      case 1: return number();
      case 2: return truth();
      case 3: return text();
      case 4: return dtype();
      case 5: return integers(1);
      case 6: return function(0);
      case 7: return "none";
      default: return "x.shape";
    }
  }

  std::string field_value(const catalog::FieldInfo& field, std::size_t depth) {
    using Base = catalog::FieldType::Base;
    if (field.type.optional && chance(32)) return "none";
    if (chance(16)) return marked(expression(1));
    switch (field.type.base) {
      case Base::Int: return marked(integer());
      case Base::Float: return marked(number());
      case Base::Bool: return marked(truth());
      case Base::Str: return marked(text());
      case Base::DType: return dtype();
      case Base::Function: return marked(function(0));
      case Base::Initializer: return marked(initializer(1));
      case Base::Module:
      case Base::Instance: return depth == 0 ? "Dense" : literal(depth - 1);
      case Base::List: return marked(integers(0));
      case Base::Map: return "{a: 1}";
      case Base::Any: break;
    }
    if (field.name.find("padding") != std::string::npos)
      return one_of({"SAME", "VALID", "[[1, 1]]", "1", "[[0, 1], [2, 0]]", "CAUSAL", "CIRCULAR", "[1, 2]"});
    if (field.name.find("init") != std::string::npos) return marked(initializer(1));
    return choose(4) == 0 ? marked(expression(1)) : marked(integers(0));
  }
  // `{Dense: {features: 3}}`
  std::string literal(std::size_t depth) {
    if (depth > 0 && chance(48)) return "{" + transform_word() + ": " + literal(depth - 1) + transform_options() + "}";
    if (chance(40)) return one_of({"{Block: {}}", "{Block: {features: 3}}", "{Cell: {}}", "{parts.Part: {}}", "Block"});
    const auto& all = catalog::layers();
    const catalog::LayerType& type = *all[choose(all.size())];
    std::string fields;
    for (const catalog::FieldInfo& field : type.fields()) {
      if (!field.required && !chance(48)) continue;
      fields += (fields.empty() ? "" : ", ") + field.name + ": " + field_value(field, depth == 0 ? 0 : depth - 1);
    }
    return "{" + type.class_name() + ": {" + fields + "}}";
  }
  std::string transform_word() { return one_of({"jit", "remat", "vmap", "scan", "remat_scan", "fold_rngs", "map_variables", "checkpoint"}); }
  std::string transform_options() {
    std::string out;
    if (chance(160)) out += ", variable_axes: {" + one_of({"params: 0", "params: none", "batch_stats: 0, params: 0", "true: 0", "params: 1"}) + "}";
    if (chance(160)) out += ", split_rngs: {" + one_of({"params: true", "params: false", "params: true, dropout: true"}) + "}";
    if (chance(96)) out += ", in_axes: " + one_of({"0", "1", "none", "broadcast", "[0, none]", "-1"});
    if (chance(96)) out += ", out_axes: " + one_of({"0", "1", "-1", "none"});
    if (chance(96))
      out += ", " + one_of({"length", "axis_size", "lengths", "variable_broadcast", "variable_carry", "methods", "mapped_collections"}) + ": " +
             one_of({"3", "params", "[2, 3]", "[call]"});
    return out;
  }

  std::string fresh() {
    std::string fresh_name = "h" + std::to_string(fresh_++ % 8);
    names_.push_back(fresh_name);
    return fresh_name;
  }
  std::string body(std::size_t most, std::size_t nesting) {
    const std::size_t count = 1 + choose(most);
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += indent(6 + 4 * nesting) + "- " + statement(nesting) + "\n";
    return out;
  }
  std::string inner(std::size_t nesting) {
    const std::size_t names = names_.size();
    std::string out = "\n" + body(3, nesting + 1);
    names_.resize(names);  // what a branch binds is not seen outside of every kind of branch
    out.pop_back();
    return out;
  }
  std::string in_and_out() {
    std::string out;
    if (chance(96)) out += ", in: " + (chance(96) ? "[" + name() + ", " + name() + "]" : quoted(expression(1)));
    if (chance(96)) out += ", out: " + (chance(48) ? "[" + fresh() + ", " + fresh() + "]" : fresh());
    return out;
  }
  std::string statement(std::size_t nesting) {
    const std::string deeper = indent(8 + 4 * nesting);
    switch (choose(nesting < 2 ? 16 : 10)) {
      case 0:
      case 1:
      case 2: {
        const std::string made = literal(2);
        return made.front() == '{' ? made.substr(0, made.size() - 1) + in_and_out() + "}" : made;
      }
      case 3:
      case 4: return "let: {" + fresh() + ": " + quoted(expression(3)) + "}";
      case 5: return one_of({"relu", "gelu", "softmax", "tanh", "flatten", "transpose", "parts.Part", "Block"});
      case 6: {
        const auto& all = catalog::functions();
        const catalog::FunctionSpec& spec = *all[choose(all.size())];
        std::string arguments;
        for (std::size_t i = 1; i < spec.parameters.size(); ++i) {
          if (!spec.parameters[i].default_text.empty() && !chance(96)) continue;
          arguments += (arguments.empty() ? "" : ", ") + spec.parameters[i].name + ": " + marked(argument(spec.parameters[i], 1));
        }
        return "{" + spec.name + ": {" + arguments + "}" + in_and_out() + "}";
      }
      case 7:
        return "{param: p" + std::to_string(choose(3)) + ", init: " + quoted(initializer(1)) +
               ", shape: " + quoted(one_of({"(3, 4)", "(x.shape[-1],)", "x.shape", "()", integers(0)})) + "}";
      case 8:
        return "{variable: v" + std::to_string(choose(2)) + ", collection: " + one_of({"state", "batch_stats", "params"}) +
               ", init: " + quoted(expression(1)) + "}";
      case 9:
        return one_of({"{set: {v0: \"v0 + 1\"}}", "{sow: s, value: x}", "{perturb: d}", "{make_rng: dropout, out: key}", "{return: x}",
                       "{return: [x, {a: x}]}", "{assert: \"x.ndim > 1\"}", "{template: {t: {Dense: {features: 2}}}}",
                       "{instance: {e: {Embed: {num_embeddings: 5, features: 3}}}}", "{call: e, method: attend}"});
      case 10: return "if: " + quoted(truth()) + "\n" + deeper + "then:" + inner(nesting) + "\n" + deeper + "else:" + inner(nesting);
      case 11:
        return "for: i\n" + deeper + "over: " + quoted(one_of({"range(2)", "config.sizes", "x.shape", "range(x.shape[0])", "enumerate([1, 2])"})) +
               "\n" + deeper + "do:" + inner(nesting);
      case 12:
        return "cond: " + quoted(one_of({"x.sum() > 0", "true", "x.any()", name()})) + "\n" + deeper + "then:" + inner(nesting) + "\n" + deeper +
               "else:" + inner(nesting) + "\n" + deeper + "out: " + fresh();
      case 13:
        return "while_loop: " + quoted(one_of({"k < 3", "x.sum() < 1", "true"})) + "\n" + deeper + "carry: {k: \"asarray(0)\", x: x}\n" + deeper +
               "do:" + inner(nesting);
      case 14:
        return "switch: " + quoted(one_of({"asarray(1)", "0", name()})) + "\n" + deeper + "branches: [[relu], [tanh], [" +
               one_of({"gelu", "{Dense: {features: 2}}", "flatten"}) + "]]";
      default: {
        const std::string word = transform_word();
        return "{" + word + ": " + literal(1) + transform_options() + in_and_out() + "}";
      }
    }
  }

  const std::uint8_t* data_;
  std::size_t size_, at_ = 0;
  bool has_y_ = false;
  std::size_t fresh_ = 0;
  std::vector<std::string> names_;
};

}  // namespace linenc::fuzz
