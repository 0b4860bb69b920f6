// The inputs of a run, as the command line gives them.
// Tested by tests/compiler/driver/init_apply_test.cpp.
#include "compiler/driver/input_arrays.h"

#include <algorithm>
#include <set>

#include "compiler/diagnostics/closest_name.h"
#include "compiler/driver/command.h"
#include "compiler/driver/input_words.h"
#include "compiler/driver/limits.h"
#include "compiler/driver/made_up_data.h"
#include "compiler/driver/read_arrays.h"

namespace linenc::driver {

using diagnostics::Code;
using diagnostics::Diagnostics;
using diagnostics::shown;
using elaborate::ModelInput;
using graph::Fact;

void add_input_options(OptionTable& table, InputOptions& options) {
  table.repeated("-i,--input", options.named, "NAME=VALUE",
                 "an input by name: a file, FILE.npz:KEY, a literal, zeros, ones, normal:SEED, uniform:SEED, key:SEED; or @FILE.npz");
  table.repeated("--cast", options.casts, "DTYPE", "convert arrays to this dtype even where values may change");
}

void GivenInputs::put_into(elaborate::RunRequest& request) const {
  for (const auto& [path, array] : arrays) request.arrays.emplace(path, fact_of(array));
  for (const auto& [name, node] : literals) request.literals.emplace(name, node);
  for (const auto& [name, size] : solved) request.sizes.emplace(name, size);
}

Fact fact_of(DType dtype, const Shape& shape) {
  Fact fact;
  fact.dtype = dtype;
  for (const std::int64_t size : shape) fact.shape.emplace_back(size);
  return fact;
}

Fact fact_of(const Array& array) { return fact_of(array.dtype(), array.shape()); }

namespace {

// Bits of an integer that a dtype keeps exactly.
int exact_bits(DType dtype) {
  switch (dtype) {
    case DType::Bool: return 1;
    case DType::Int8: return 7;
    case DType::UInt8:
    case DType::BFloat16: return 8;
    case DType::Float16: return 11;
    case DType::Int16: return 15;
    case DType::UInt16: return 16;
    case DType::Float32: return 24;
    case DType::Int32: return 31;
    case DType::UInt32: return 32;
    case DType::Float64: return 53;
    case DType::Int64: return 63;
    case DType::UInt64: return 64;
    case DType::Key:
    case DType::Complex64: return 0;
  }
  return 0;
}

}  // namespace

bool holds_every_value(DType from, DType to) {
  if (from == to) return true;
  if (from == DType::Key || to == DType::Key || from == DType::Complex64 || to == DType::Bool) return false;
  if (to == DType::Complex64) return exact_bits(from) <= 24;
  if (is_float(from)) {
    // Float16 has a smaller range than bfloat16, bfloat16 fewer bits than float16.
    return is_float(to) && byte_size(to) > byte_size(from);
  }
  if (is_signed(from) && is_unsigned(to)) return false;
  return exact_bits(from) <= exact_bits(to);
}

namespace {

// The n >= 0 for which a dimension that is linear in `name` has this size; none where there is none, or another name is in it.
std::optional<std::int64_t> solve(const graph::Dim& dim, const std::string& name, std::int64_t size) {
  const auto at = [&](std::int64_t n) { return dim.substitute({{name, n}}).constant(); };
  const auto zero = at(0);
  const auto one = at(1);
  if (!zero || !one || *one == *zero || (size - *zero) % (*one - *zero) != 0) return std::nullopt;
  const std::int64_t n = (size - *zero) / (*one - *zero);
  return n >= 0 && at(n) == size && at(2) == 2 * *one - *zero ? std::optional(n) : std::nullopt;
}

class Reader {
 public:
  Reader(ModelFile& file, const InputOptions& options, const std::string& method, const std::map<std::string, std::int64_t>& sizes,
         runtime::Threads& threads)
      : file_(file), options_(options), method_(method), sizes_(sizes), threads_(threads), inputs_(file.model->inputs(method)) {}

  GivenInputs read() {
    std::vector<InputName> names;
    for (const ModelInput& input : inputs_) names.push_back({input.path, input.taken, input.type.optional});
    const auto take = [this](const std::string& name, const std::string& value) {
      if (const syntax::Node* node = file_.option_value("-i " + name, value)) result_.literals.insert_or_assign(name, node);
    };
    const std::vector<InputWord> words = input_words(options_, names, {file_.model->static_inputs(), take}, files_);
    if (!words.empty()) declare();
    std::vector<std::pair<const ModelInput*, MadeUp>> later;
    for (const InputWord& word : words) {
      const ModelInput& input = inputs_[word.input];
      if (const auto what = word.array == nullptr ? made_up(word.text) : std::nullopt) {
        later.emplace_back(&input, *what);
      } else {
        put(input, word.array != nullptr ? of_all(input, word) : value(input, word.text));
      }
    }
    solve_sizes();
    for (const auto& [input, what] : later) put_made_up(*input, what);
    return std::move(result_);
  }

 private:
  ModelFile& file_;
  const InputOptions& options_;
  const std::string& method_;
  const std::map<std::string, std::int64_t>& sizes_;
  runtime::Threads& threads_;
  std::vector<ModelInput> inputs_;
  std::map<std::string, Fact> declared_;  // of the inputs that the method takes, with symbolic sizes
  ArrayFiles files_;
  GivenInputs result_;

  [[nodiscard]] elaborate::RunRequest scratch_request() const {
    elaborate::RunRequest request;
    request.method = method_;
    for (const auto& [name, size] : sizes_) request.sizes.emplace(name, size);
    for (const ModelInput& input : inputs_) request.present.push_back(input.path);
    request.streams = {"params"};
    request.literals = result_.literals;
    return request;
  }

  // What the file wants of each input, found by a run that is thrown away.
  void declare() {
    Diagnostics scratch;
    const elaborate::Run run = file_.scratch_model(scratch).run(scratch_request());
    for (const graph::Port& port : run.graph->inputs) {
      if (port.role == graph::PortRole::Argument) declared_.emplace(port.name, run.graph->fact(port.value));
    }
  }

  Array value(const ModelInput& input, const std::string& text) {
    auto literal = literal_input(
        input.path, text, [&](const Array& array) { return wanted(input, array.dtype()); }, options_);
    if (!literal) return files_.array(text, data_wanted(input));
    if (!literal->fits) mismatch(input, fact_of(literal->array), wanted(input, literal->array.dtype()));
    return std::move(literal->array);
  }

  // Of an @FILE.
  Array of_all(const ModelInput& input, const InputWord& word) {
    return has_data(*word.array) ? *word.array : files_.array(word.text.substr(1), input.path, data_wanted(input));
  }

  [[nodiscard]] static bool takes_any(const ModelInput& input) { return !input.type.dtype && input.type.dtype_entry.empty(); }

  [[nodiscard]] DType wanted(const ModelInput& input, DType given) const {
    const auto declared = declared_.find(input.path);
    return takes_any(input) || declared == declared_.end() ? narrowed(given) : declared->second.dtype;
  }

  // Of an array that fits no way no data are read: the report needs its type alone.
  [[nodiscard]] DataWanted data_wanted(const ModelInput& input) {
    return [this, &input](DType dtype, const Shape& shape) {
      const DType want = wanted(input, dtype);
      const bool becomes = takes_any(input) || input.type.dtype == dtype || can_become(dtype, shape, want, options_);
      return becomes && !is_refused(input, fact_of(want, shape_as(dtype, shape, want)));
    };
  }

  // Whether the model refuses an input of this type. It is asked, by a run that is thrown away, where the sizes are not those declared.
  [[nodiscard]] bool is_refused(const ModelInput& input, const Fact& fact) {
    const auto declared = declared_.find(input.path);
    if (declared == declared_.end() || may_match(declared->second.shape, fact.shape)) return false;
    Diagnostics scratch;
    elaborate::RunRequest request = scratch_request();
    for (const auto& [path, array] : result_.arrays) request.arrays.emplace(path, fact_of(array));
    request.arrays.insert_or_assign(input.path, fact);
    (void)file_.scratch_model(scratch).run(request);
    const auto refuses = [](const diagnostics::Diagnostic& diagnostic) { return diagnostic.code == Code::InputMismatch; };
    return std::any_of(scratch.all().begin(), scratch.all().end(), refuses);
  }

  [[nodiscard]] bool may_match(const graph::Dims& declared, const graph::Dims& given) const {
    if (declared.size() != given.size()) return false;
    std::map<std::string, graph::Dim> known;
    for (const auto& [name, size] : result_.sizes) known.emplace(name, size);
    for (std::size_t i = 0; i < declared.size(); ++i) {
      if (const auto name = declared[i].as_name()) known.emplace(*name, given[i]);
    }
    for (std::size_t i = 0; i < declared.size(); ++i) {
      const auto size = declared[i].substitute(known).constant();
      if (size && size != given[i].constant()) return false;
    }
    return true;
  }

  void mismatch(const ModelInput& input, const Fact& given, DType want) {
    auto report = file_.diagnostics.error(Code::InputMismatch, input.place,
                                          concat("the input `", input.path, "` is ", to_string(given), ", and the model wants ", name(want)));
    if (want != DType::Key && given.dtype != DType::Key) report.help(concat("fix: convert it, or give `--cast ", name(want), "`: values may change"));
    report.emit();
  }

  void put(const ModelInput& input, Array array) {
    const DType want = wanted(input, array.dtype());
    const bool is_as_declared = input.type.dtype && *input.type.dtype != want && *input.type.dtype == array.dtype();
    if (is_as_declared) {
      file_.diagnostics
          .warning(Code::NarrowedDtype, input.place,
                   concat("`", name(array.dtype()), "` becomes ", name(want), ", as in JAX without its 64-bit mode"))
          .emit();
    }
    const bool becomes = (takes_any(input) || is_as_declared) && want != DType::Key;
    const Fact given = fact_of(array);
    if (!becomes && !can_become(array.dtype(), array.shape(), want, options_)) return mismatch(input, given, want);
    if (!has_data(array)) {  // of the wrong sizes, which the run tells
      array = Array(want, shape_as(array.dtype(), array.shape(), want), nullptr, nullptr);
    } else if (becomes && want != array.dtype()) {
      array = converted(array, want);
    }
    array = *fitted(std::move(array), want, options_);
    bind_sizes(input, array);
    result_.arrays.insert_or_assign(input.path, std::move(array));
  }

  void bind_sizes(const ModelInput& input, const Array& array) {
    const auto declared = declared_.find(input.path);
    if (declared == declared_.end()) return;
    const graph::Dims& dims = declared->second.shape;
    if (array.shape().size() < dims.size()) return;
    const std::size_t first = array.shape().size() - dims.size();
    for (std::size_t i = 0; i < dims.size(); ++i) {
      if (const auto dim = dims[i].as_name()) result_.sizes.emplace(*dim, array.shape()[first + i]);
    }
  }

  // Names that no dimension is alone: from the arithmetic that they stand in.
  void solve_sizes() {
    for (const auto& [path, array] : result_.arrays) {
      const auto declared = declared_.find(path);
      if (declared == declared_.end() || array.shape().size() < declared->second.shape.size()) continue;
      const std::size_t first = array.shape().size() - declared->second.shape.size();
      for (std::size_t i = 0; i < declared->second.shape.size(); ++i) {
        std::map<std::string, graph::Dim> known;
        for (const auto& [name, size] : result_.sizes) known.emplace(name, size);
        const graph::Dim dim = declared->second.shape[i].substitute(known);
        const std::set<std::string> open = dim.names();
        if (open.size() != 1) continue;
        const auto size = solve(dim, *open.begin(), array.shape()[first + i]);
        if (!size) continue;
        result_.sizes.emplace(*open.begin(), *size);
        result_.solved.emplace(*open.begin(), *size);
      }
    }
  }

  void put_made_up(const ModelInput& input, const MadeUp& what) {
    const auto declared = declared_.find(input.path);
    if (declared == declared_.end()) return;  // the run will tell why
    std::map<std::string, graph::Dim> known;
    for (const auto& [name, size] : result_.sizes) known.emplace(name, size);
    Shape shape;
    for (const graph::Dim& dim : declared->second.shape) {
      const graph::Dim size = dim.substitute(known);
      if (!size.is_constant()) {
        const std::string missing = *size.names().begin();
        stop(Exit::CannotDo, concat("`-i ", input.path, "=…` needs the size of `", missing, "`: give `--dim ", missing, "=N`"));
      }
      shape.push_back(*size.constant());
    }
    if (const auto below = std::find_if(shape.begin(), shape.end(), [](std::int64_t n) { return n < 0; }); below != shape.end()) {
      throw Stop{Exit::Problems, bare_error(Code::ShapeMismatch, concat("the input `", input.path, "`: a dimension cannot be ", *below))};
    }
    if (!checked_element_count(shape) || element_count(shape) > kMaxElements) {
      throw Stop{Exit::Problems,
                 bare_error(Code::LimitExceeded, concat("the input `", input.path, "` has more than 2^40 elements: ", to_string(shape)))};
    }
    require_memory(static_cast<std::uint64_t>(element_count(shape)) * byte_size(declared->second.dtype), concat("the input `", input.path, "`"));
    auto array = make_up(what, declared->second.dtype, shape, threads_);
    if (!array) {
      stop(Exit::CannotDo, concat("the input `", input.path, "` is ", to_string(declared->second),
                                  ", and such data cannot be made up for it (zeros, ones; normal:SEED, uniform:SEED for floats; key:SEED for keys)"));
    }
    put(input, *std::move(array));
  }
};

}  // namespace

GivenInputs read_inputs(ModelFile& file, const InputOptions& options, const std::string& method, const std::map<std::string, std::int64_t>& sizes,
                        runtime::Threads& threads) {
  check_casts(options);
  return Reader(file, options, method, sizes, threads).read();
}

}  // namespace linenc::driver
