#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/syntax/expression.h"
#include "compiler/syntax/yaml.h"

namespace linenc::syntax {

// What a statement does; the first key of its map decides (language.md section 5).
enum class Verb : std::uint8_t {
  Apply,  // a layer, module, function, or anything else that is called by its name
  Call,
  Let,
  Template,
  Instance,
  Param,
  Variable,
  Set,
  Sow,
  Perturb,
  MakeRng,
  If,
  Match,
  For,
  Assert,
  Return,
  Transform,  // jit, remat, vmap, scan, ... of a module literal
  Cond,
  Switch,
  WhileLoop,
};

struct Statement;
using Body = std::vector<Statement>;

// A body inside a statement: `then`, `else`, `do`, a case (its label is the key), a branch.
struct Block {
  const Node* label = nullptr;  // the key; null for a branch of Switch
  const Node* node = nullptr;   // the list of statements
  Body body;
};

struct Statement {
  Verb verb = Verb::Apply;
  std::optional<Verb> near;                       // of Apply: the verb that its word is the nearest to, should the word turn out to be no name
  const Node* node = nullptr;                     // the whole statement
  const Node* word = nullptr;                     // the verb: the key, or the scalar that is the whole statement
  const Node* subject = nullptr;                  // what stands at the verb; null for a bare name
  std::vector<Entry> options;                     // the further keys, `update` already replaced by `in` and `out`
  std::vector<Block> blocks;                      // If: then, else (label "then"/"else"); For, WhileLoop: do; Match: cases; Switch: branches
  bool broken = false;                            // a mistake in it was reported: it is not run, and what it binds is poisoned
  std::vector<std::shared_ptr<const Node>> made;  // keys that were not written: `in` and `out` for `update`, what a misspelt one was to be

  [[nodiscard]] const Node* option(std::string_view name) const;
  [[nodiscard]] const Block* block(std::string_view label) const;
};

// The bare structure of one method or one definition; types, defaults and names are read by modules/.
struct MethodTree {
  std::string name;  // "call" or the key under `methods`
  const Node* node = nullptr;
  const Node* args = nullptr;  // null: not written
  const Node* returns = nullptr;
  const Node* transform = nullptr;
  bool has_body = false;
  bool compact = false;
  Body body;
};

struct DefinitionTree {
  std::string name;
  const Node* name_node = nullptr;  // null for a definition written under `model:`
  const Node* node = nullptr;
  const Node* extends = nullptr;
  const Node* fields = nullptr;
  const Node* setup = nullptr;
  const Node* literal = nullptr;    // of a definition that only names a template or a transform: the whole map
  std::vector<MethodTree> methods;  // `call` first where it is written
};

struct FunctionTree {
  std::string name;
  const Node* name_node = nullptr;
  const Node* node = nullptr;
  const Node* args = nullptr;
  bool compact = false;
  Body body;
};

// One file: what was written, nothing resolved. Owns its nodes and, at their first use, the parsed expressions.
class Tree {
 public:
  source::FileId file = source::kNoFile;
  std::string title;  // what `name` says, else the stem of the file
  std::unique_ptr<YamlDocument> yaml;
  const Node* root = nullptr;
  // Top-level keys; null where absent.
  const Node *name = nullptr, *config = nullptr, *imports = nullptr, *inputs = nullptr, *model = nullptr, *method = nullptr, *expect = nullptr,
             *assume = nullptr;
  bool broken = false;       // a section that a run needs was written, and could not be read: the file is not run
  bool lacks_names = false;  // names of it are not known: what seems unknown in a body may be one of them
  std::vector<FunctionTree> functions;
  std::vector<DefinitionTree> definitions;  // `modules:`; a definition under `model:` is the last, with an empty name

  // The expression in a scalar from byte `skip` on, parsed once; null after a report.
  const Expr* expression(const Node& scalar, std::size_t skip, diagnostics::Diagnostics& diagnostics) const;
  // The same for an element of a list of expressions, which may be a splice.
  const Expr* element(const Node& scalar, diagnostics::Diagnostics& diagnostics) const;
  const Expr* interpolation(const Node& scalar, diagnostics::Diagnostics& diagnostics) const;
  const Target* target(const Node& scalar, diagnostics::Diagnostics& diagnostics) const;
  // The dimensions of a tensor type in bytes [begin, end) of the scalar, as a Tuple.
  const Expr* dimensions(const Node& scalar, std::size_t begin, std::size_t end, diagnostics::Diagnostics& diagnostics) const;

 private:
  mutable std::map<std::pair<const Node*, std::size_t>, ExprPtr> expressions_;
  mutable std::map<std::pair<const Node*, std::size_t>, ExprPtr> dimensions_;
  mutable std::map<const Node*, ExprPtr> interpolations_;
  mutable std::map<const Node*, std::unique_ptr<Target>> targets_;
};

// True of the words of section 5 and 7 that are verbs always ("let", "if", "vmap", ...).
[[nodiscard]] bool is_statement_word(std::string_view word);
// The names of the lifted transforms: jit remat checkpoint vmap scan map_variables remat_scan fold_rngs.
[[nodiscard]] bool is_transform_word(std::string_view word);
// The options that a transform has, in Linen's order (`variable_axes`, `in_axes`, ...).
[[nodiscard]] const std::vector<std::string>& transform_options(std::string_view word);

}  // namespace linenc::syntax
