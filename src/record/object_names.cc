#include "record/object_names.h"

#include <algorithm>

namespace tideway::record {

ObjectNames::ObjectNames(const Dispatch::Case& type) {
  if (type.object != nullptr) {
    visit(type.object(), {type.value}, true);
  } else {
    visit_cases(type.dispatch(), {}, true);
  }
}

const std::string& ObjectNames::name(const Object& object) const { return find(object)->name; }

const NamedObject* ObjectNames::find(const Object& object) const {
  const auto found = std::ranges::find(objects_, &object, &NamedObject::object);
  return found == objects_.end() ? nullptr : &*found;
}

bool ObjectNames::is_taken(std::string_view name) const {
  return std::ranges::find(objects_, name, &NamedObject::name) != objects_.end();
}

void ObjectNames::visit(const Object& object, const std::vector<std::string_view>& way,
                        bool is_record) {
  if (find(object) != nullptr) return;
  std::string name;
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    name = name.empty() ? std::string(*step) : std::string(*step) + '.' + name;
    if (!is_taken(name)) break;
  }
  while (is_taken(name)) name += '\'';
  objects_.push_back({name, &object, is_record});
  for (const Field& field : object.fields()) visit_field(field, way);
}

void ObjectNames::visit_field(const Field& field, std::vector<std::string_view> way) {
  way.push_back(field.name());
  switch (field.kind()) {
    case Kind::kObject:
    case Kind::kObjects:
    case Kind::kObjectMap:
    case Kind::kObjectsMap:
      return visit(field.object(), way, false);
    case Kind::kVariant:
    case Kind::kRecord:
      return visit_cases(field.dispatch(), way, field.kind() == Kind::kRecord);
    default:
      return;
  }
}

void ObjectNames::visit_cases(const Dispatch& dispatch, const std::vector<std::string_view>& way,
                              bool is_record) {
  for (const Dispatch::Case& option : dispatch.cases) {
    if (option.object == nullptr) {
      visit_cases(option.dispatch(), way, is_record);
      continue;
    }
    std::vector<std::string_view> inner = way;
    inner.push_back(option.value);
    visit(option.object(), inner, is_record);
  }
}

}  // namespace tideway::record
