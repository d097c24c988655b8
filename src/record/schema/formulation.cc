#include "record/schema/formulation.h"

namespace tideway::record {
namespace {

const Object& compound() {
  static const Object compound_object = {
      number("amount").required().min(0),
      object("formulation", formulation).required(),
  };
  return compound_object;
}

const Object& concentration() {
  static const Object object = {
      string("units").required().one_of({"Units/mL"}),
      number("value").required().range_by("units", {{"Units/mL", 0, 10000}}),
  };
  return object;
}

const Object& simple() {
  static const Object simple_object = {
      string("actingType").required().one_of({"intermediate", "long", "rapid", "short"}),
      string("brand").text(100),
      object("concentration", concentration),
  };
  return simple_object;
}

}  // namespace

const Object& formulation() {
  static const Object formulation_object = {
      objects("compounds", compound).not_with("simple").not_empty().length_max(100),
      string("name").text(100),
      object("simple", simple).required_unless_any({"compounds", "name"}),
  };
  return formulation_object;
}

}  // namespace tideway::record
