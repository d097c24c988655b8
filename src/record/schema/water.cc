#include "record/schema/water.h"

#include "record/schema/base.h"

namespace tideway::record {
namespace {

const Object& amount() {
  static const Object object = {
      string("units").required().one_of({"gallons", "liters", "milliliters", "ounces"}),
      number("value").required().range_by("units", {{"gallons", 0, 10},
                                                    {"liters", 0, 37.854118},
                                                    {"milliliters", 0, 37854.118},
                                                    {"ounces", 0, 1280}}),
  };
  return object;
}

}  // namespace

const Object& water() {
  static const Object type = record_type("water", {
      object("amount", amount).required(),
  });
  return type;
}

}  // namespace tideway::record
