#include "record/schema/basal.h"

#include "record/schema/base.h"
#include "record/schema/formulation.h"
#include "record/schema/suppressed_basal.h"

namespace tideway::record {
namespace {

constexpr double kWeekMilliseconds = 604'800'000;
constexpr double kUnitsPerHourMax = 100;

Field duration() { return integer("duration").required().range(0, kWeekMilliseconds); }
Field expected_duration() {
  return integer("expectedDuration").range_from("duration", 0, kWeekMilliseconds);
}
Field rate() { return number("rate").required().range(0, kUnitsPerHourMax); }

Object basal_type(std::string_view delivery_type, Fields own) {
  return record_type("basal", "deliveryType", delivery_type, std::move(own));
}

const Object& automated() {
  static const Object type = basal_type("automated", {
      duration(),
      expected_duration(),
      object("insulinFormulation", formulation),
      rate(),
      string("scheduleName").text(1000),
      variant("suppressed", suppressed_by_automated),
  });
  return type;
}

const Object& scheduled() {
  static const Object type = basal_type("scheduled", {
      duration(),
      expected_duration(),
      object("insulinFormulation", formulation),
      rate(),
      string("scheduleName").not_empty(),
  });
  return type;
}

const Object& suspend() {
  static const Object type = basal_type("suspend", {
      duration(),
      expected_duration(),
      variant("suppressed", suppressed_by_suspend),
  });
  return type;
}

const Object& temp() {
  static const Object type = basal_type("temp", {
      duration(),
      expected_duration(),
      object("insulinFormulation", formulation),
      number("percent").range(0, 10),
      rate(),
      variant("suppressed", suppressed_by_temp),
  });
  return type;
}

}  // namespace

const Dispatch& basal() {
  static const Dispatch dispatch = {
      "deliveryType",
      {{"automated", automated}, {"scheduled", scheduled}, {"suspend", suspend}, {"temp", temp}},
  };
  return dispatch;
}

}  // namespace tideway::record
