// Names for the objects that a record type is made of. Declarations need none; pages about them do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "record/schema.h"

namespace tideway::record {

struct NamedObject {
  std::string name;
  const Object* object;
  bool is_record;  ///< rules inside that begin at the record begin here
};

/// Every object that a type reaches, once, in the order in which a reader meets them. One is called
/// after the field that holds it or, where that name is taken, after the fields around as well.
class ObjectNames {
 public:
  explicit ObjectNames(const Dispatch::Case& type);

  const std::vector<NamedObject>& objects() const { return objects_; }
  const std::string& name(const Object& object) const;

 private:
  void visit(const Object& object, const std::vector<std::string_view>& way, bool is_record);
  void visit_field(const Field& field, std::vector<std::string_view> way);
  void visit_cases(const Dispatch& dispatch, const std::vector<std::string_view>& way,
                   bool is_record);
  const NamedObject* find(const Object& object) const;
  bool is_taken(std::string_view name) const;

  std::vector<NamedObject> objects_;
};

}  // namespace tideway::record
