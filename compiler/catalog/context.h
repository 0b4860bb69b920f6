#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/catalog/function.h"
#include "compiler/catalog/initializer.h"
#include "compiler/catalog/module_type.h"
#include "compiler/catalog/scope.h"
#include "compiler/catalog/variables.h"
#include "compiler/diagnostics/closest_name.h"
#include "compiler/graph/builder.h"

namespace linenc::catalog {

using diagnostics::Code;
using diagnostics::Diagnostics;
using graph::Builder;
using graph::Failed;

// L6 to L8: what one elaboration may use up.
struct Budget {
  std::uint64_t steps = 10'000'000;
  std::uint64_t instances = 1'000'000;
  std::uint64_t nodes = 5'000'000;
  int depth = 64;  // of modules, and of functions that call each other
};

// Everything one run of a model's bodies works on: the graph being built, the variable trees, the module tree, the running
// modules. `init` and `apply` are two runs with the same code.
class Context {
 public:
  Context(Builder& graph_builder, bool is_initializing, Filter mutable_collections);

  Builder& builder;
  bool initializing;
  VariableView root_view;
  VariableView* view;  // the innermost
  ScopeNode root_scope;
  Budget budget;
  // What this run found out about each call of a module, for tabulate: filled where `calls` is set.
  struct CallRecord {
    std::string path, class_name, method;
    Value inputs, outputs;
    Span place;
    std::size_t first_node = 0, last_node = 0;  // of the builder's node count while it ran
    std::size_t ended = 0;                      // how many calls ended before it did
  };
  std::vector<CallRecord>* calls = nullptr;
  // The maps that run and have a name for their axis, the innermost last; how many maps there were. See MapScope.
  struct NamedAxis {
    std::string name;
    std::uint32_t map;
    graph::Dim size;
  };
  std::vector<NamedAxis> named_axes;
  std::uint32_t maps = 0;
  // Linen's capture_intermediates: what each `call` gives is sown as `__call__`.
  bool capture_intermediates = false;
  // What a name means in the root file: for functions and modules that are given by name in `config` and `--set`.
  std::function<std::optional<Value>(const std::string&)> lookup;

  [[nodiscard]] Diagnostics& diagnostics() { return builder.diagnostics(); }

  // Reports an error at the current site (or at `place`) and throws Failed.
  [[noreturn]] void fail(Code code, std::string message);
  [[noreturn]] void fail(Code code, Span place, std::string message);
  // For messages with marks and notes: finish with `throw_reported(report.emit())`.
  [[nodiscard]] diagnostics::Report error(Code code, Span place, std::string message);
  [[noreturn]] static void throw_reported(diagnostics::Reported reported) { throw Failed{reported}; }
  void warn(Code code, Span place, std::string message);
  [[nodiscard]] std::string module_path() const;
  // The place of the current site.
  [[nodiscard]] Span place() const { return builder.site().span; }

  // --- the budget --------------------------------------------------------------------------------
  // Counts steps of evaluation. Where the budget is spent the run is over: E0218 once, and every later step throws Failed.
  void step(std::uint64_t count = 1);
  // Counts a statement that failed. A run is over after a thousand: loops repeat what has been said.
  void count_failure();
  // While it lives, one more function of the model runs. E0218 where they are nested too deep.
  class FunctionDepth {
   public:
    FunctionDepth(Context& context, const std::string& function);
    ~FunctionDepth() { --context_.functions_running_; }
    FunctionDepth(const FunctionDepth&) = delete;
    FunctionDepth& operator=(const FunctionDepth&) = delete;

   private:
    Context& context_;
  };

  // --- the running modules -----------------------------------------------------------------------
  enum class Mode : std::uint8_t { Setup, Compact, Plain };
  struct Running {
    InstancePtr instance;
    Mode mode;
    std::string method;
  };
  std::vector<Running> stack;
  [[nodiscard]] Instance* running() { return stack.empty() ? nullptr : stack.back().instance.get(); }

  // Makes a submodule of the running module (or the root): completes the fields, names and attaches it as linen-semantics B.2 and
  // B.3 say. Throws Failed after a report.
  InstancePtr construct(const TemplatePtr& module_template, Span place);
  // Binds an instance made outside of any module to the root scope.
  void bind_root(const InstancePtr& instance);
  // `self.NAME = value` inside setup: names and attaches what is not attached yet (B.4). `owner` is the running module.
  void adopt(const InstancePtr& owner, const std::string& name, const Value& value);
  // Runs a method: setup first where it is due, then the body, with the stack, scope and module path set.
  Value call_method(const InstancePtr& instance, const std::string& method, const Arguments& arguments);
  void ensure_setup(const InstancePtr& instance);
  // Runs the `setup` of `type`, the instance's own or the one that its transform transforms, as if it had never run.
  void run_setup_anew(const ModuleType& type, InstancePtr instance);
  // Runs a method's body, the one of the type that a transform transforms too, and captures what it gives.
  Value run_body(const ModuleType& type, Instance& instance, const std::string& method, const Arguments& arguments);
  // Calls a function value, or a module by its method `call`.
  Value call(const Value& callee, const Arguments& arguments);

  // --- variables and random streams, for the running module's scope ---------------------------------
  // self.param: the existing value (its shape compared with `shape`), or a new one drawn by `init`.
  Tensor param(ScopeNode& scope, const std::string& name, const Initializer& init, const Dims& shape, DType dtype, Span place);
  // The same for any value: `make` gets the key; `expected` are the facts a stored value must have, where they are known.
  Value param_value(ScopeNode& scope, const std::string& name, const std::function<Value(Tensor key)>& make, Span place);
  // self.variable: the existing value, or a new one from `make` (none: must exist). Gives the value.
  Value variable(ScopeNode& scope, const std::string& collection, const std::string& name, const std::function<Value()>* make, Span place);
  [[nodiscard]] bool has_variable(ScopeNode& scope, const std::string& collection, const std::string& name);
  Value get_variable(ScopeNode& scope, const std::string& collection, const std::string& name);
  // Variable.value = …; E0212 where the collection is immutable.
  void set_variable(ScopeNode& scope, const std::string& collection, const std::string& name, Value value, Span place);
  // self.sow with the default reduce (append to a tuple) or the functions given. False where the collection is immutable.
  bool sow(ScopeNode& scope, const std::string& collection, const std::string& name, const Value& value, const FunctionPtr& reduce_fn,
           const FunctionPtr& init_fn, Span place);
  Value perturb(ScopeNode& scope, const std::string& name, const Value& value, const std::string& collection, Span place);
  // self.make_rng: the stream, or params where it is not given; E0213 where neither is.
  Tensor make_rng(ScopeNode& scope, const std::string& stream, Span place);
  [[nodiscard]] bool has_rng(const std::string& stream) const;
  // Draws made now belong to a compiled region (scan with variable_axes, jit, cond): A.8.
  bool merged_draws = false;
  // Reserves a name in a scope; E0210 where it is taken. `collection` is empty for a submodule.
  void reserve(ScopeNode& scope, const std::string& name, const std::string& collection, Span place);

 private:
  std::vector<Value> complete_fields(const Template& module_template, Span place, std::vector<Span>& places);
  void attach(const InstancePtr& instance, Instance& parent, const std::string& name, Span place);
  void adopt_fields(const InstancePtr& instance);
  std::string automatic_name(Instance& parent, const std::string& class_name);
  // Instances whose setup ran, in order: a region that is left takes back those of its inside (see RegionGuard).
  std::vector<InstancePtr> set_up_;
  friend class RegionGuard;
  void run_in_setup(const ModuleType& type, InstancePtr instance);  // the caller may hold it in the stack, which moves
  Value run_method(const InstancePtr& instance, const std::string& method, const Arguments& arguments);
  [[noreturn]] void end_run(Span place, std::string message);
  std::uint64_t steps_ = 0;
  std::uint64_t instances_ = 0;
  std::size_t calls_ended_ = 0;
  std::uint64_t failures_ = 0;
  int functions_running_ = 0;
  std::optional<Failed> over_;  // why nothing is evaluated any more
};

}  // namespace linenc::catalog
