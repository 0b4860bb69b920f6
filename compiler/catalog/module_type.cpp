#include "compiler/catalog/module_type.h"

namespace linenc::catalog {

const Template::Field* Template::find(std::string_view field) const {
  for (auto it = fields.rbegin(); it != fields.rend(); ++it) {
    if (it->name == field) return &*it;
  }
  return nullptr;
}

TemplatePtr Template::with(std::vector<Field> more, std::string new_name, Span new_place) const {
  auto result = std::make_shared<Template>(*this);
  for (Field& field : more) {
    bool replaced = false;
    for (Field& old : result->fields) {
      if (old.name != field.name) continue;
      old = field;
      replaced = true;
    }
    if (!replaced) result->fields.push_back(std::move(field));
  }
  if (!new_name.empty()) result->name = std::move(new_name);
  if (new_place.exists()) result->place = new_place;
  return result;
}

const Value* Instance::attribute(std::string_view attribute_name) const {
  for (const auto& [attribute, value] : attributes) {
    if (attribute == attribute_name) return &value;
  }
  return nullptr;
}

const Value* Instance::field(std::string_view field_name) const {
  const std::vector<FieldInfo>& infos = type->fields();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == field_name) return &fields[i];
  }
  return nullptr;
}

Span Instance::field_place(std::string_view field_name) const {
  const std::vector<FieldInfo>& infos = type->fields();
  for (std::size_t i = 0; i < infos.size(); ++i) {
    if (infos[i].name == field_name && field_places[i].exists()) return field_places[i];
  }
  return place;
}

}  // namespace linenc::catalog
