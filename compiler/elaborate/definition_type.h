#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "compiler/catalog/transform.h"
#include "compiler/elaborate/frame.h"
#include "compiler/modules/module.h"

namespace linenc::elaborate {

// A definition of a file as a module type: its bodies are run statement by statement.
class DefinitionType final : public catalog::ModuleType {
 public:
  // `base` is Linen's layer that is extended, where it is one; `extended` the definition, whose file knows the names of what is inherited.
  DefinitionType(const Unit& file, std::shared_ptr<const modules::Definition> definition, catalog::ModuleTypePtr base = nullptr,
                 std::shared_ptr<const DefinitionType> extended = nullptr);

  [[nodiscard]] std::string class_name() const override { return definition_->name; }
  [[nodiscard]] const std::vector<catalog::FieldInfo>& fields() const override { return fields_; }
  [[nodiscard]] Value default_value(Context& context, std::size_t field, const std::vector<Value>& before) const override;
  [[nodiscard]] Span default_place(std::size_t field) const override;
  [[nodiscard]] std::vector<std::string> methods() const override;
  [[nodiscard]] bool is_compact(const std::string& method) const override;
  [[nodiscard]] std::vector<std::string> arguments(const std::string& method) const override;
  [[nodiscard]] bool has_transforms(const std::string& method) const override;
  [[nodiscard]] bool has_setup() const override { return definition_->setup != nullptr; }
  void run_setup(Context& context, catalog::Instance& instance) const override;
  [[nodiscard]] const catalog::ModuleType* extended() const override;
  [[nodiscard]] std::vector<std::string> attributes() const override { return base_ ? base_->attributes() : std::vector<std::string>{}; }
  [[nodiscard]] std::optional<Value> attribute(Context& context, catalog::Instance& instance, const std::string& name, Span place) const override {
    return base_ ? base_->attribute(context, instance, name, place) : std::nullopt;
  }
  Value run(Context& context, catalog::Instance& instance, const std::string& method, const Arguments& arguments) const override;

  [[nodiscard]] const modules::Definition& definition() const { return *definition_; }
  [[nodiscard]] const Unit& unit() const { return *unit_; }
  [[nodiscard]] const catalog::ModuleTypePtr& base() const { return base_; }
  // Runs one method's body, past its transforms (`super` calls the replaced one).
  Value run_body(Context& context, catalog::Instance& instance, const modules::Method& method, const Arguments& arguments) const;

 private:
  // The file that a part of the definition stands in: this one, or that of a definition it extends.
  [[nodiscard]] const Unit& unit_of(const syntax::Tree& tree) const;

  const Unit* unit_;
  std::shared_ptr<const modules::Definition> definition_;
  catalog::ModuleTypePtr base_;
  std::shared_ptr<const DefinitionType> extended_;
  std::vector<catalog::FieldInfo> fields_;
  std::size_t base_fields_ = 0;  // how many of the fields are the base layer's
};

// Binds call arguments to a method's or function's arguments as Python does, with defaults and contracts, into `frame`. `sizes` are the
// dimension names of this call.
void bind_arguments(Context& context, Frame& frame, const std::string& what, const std::vector<modules::Argument>& arguments, const Arguments& given,
                    std::map<std::string, Dim>& sizes);

// Compares a tensor with its contract; a dimension name that is new gets the size it sees. E0222 where it does not fit.
void check_tensor(Context& context, const Frame& frame, const Value& value, const modules::TensorType& type, std::map<std::string, Dim>& sizes,
                  const std::string& what, Code code = Code::ContractMismatch);
// The same for `returns` and `expect: output`: a map or list of contracts checks a tree.
void check_contract(Context& context, const Frame& frame, const Value& value, const Node& contract, const syntax::Tree& tree,
                    std::map<std::string, Dim>& sizes, const std::string& what, Code code = Code::ContractMismatch);
// The dtype of a tensor type; none: any.
[[nodiscard]] std::optional<DType> contract_dtype(Context& context, const Frame& frame, const modules::TensorType& type);

}  // namespace linenc::elaborate
