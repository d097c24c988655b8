#include "record/schema/pump_status.h"

#include "record/schema/base.h"
#include "record/schema/battery.h"

namespace tideway::record {
namespace {

const Object& basal_dose() {
  static const Object object = {
      instant("startTime"),
      instant("endTime").only_with("startTime").not_before("startTime"),
      number("rate").required().range(0, 100),
      number("amountDelivered").range(0, 1000),
  };
  return object;
}

const Object& basal_delivery() {
  static const Object delivery = {
      string("state").required().one_of({"cancelingTemporary", "initiatingTemporary", "resuming",
                                         "scheduled", "suspended", "suspending", "temporary"}),
      instant("time").only_when("state", {"scheduled", "suspended"}).required(),
      object("dose", basal_dose).only_when("state", {"temporary"}).required(),
  };
  return delivery;
}

const Object& bolus_dose() {
  static const Object object = {
      instant("startTime"),
      number("amount").required().range(0, 1000),
      number("amountDelivered").range(0, 1000),
  };
  return object;
}

const Object& bolus_delivery() {
  static const Object delivery = {
      string("state").required().one_of({"canceling", "delivering", "initiating", "none"}),
      object("dose", bolus_dose).only_when("state", {"delivering"}).required(),
  };
  return delivery;
}

const Object& reservoir() {
  static const Object object = {
      instant("time"),
      number("remaining").required().range(0, 10'000),
      string("units").required().one_of({"Units"}),
  };
  return object;
}

}  // namespace

const Object& pump_status() {
  static const Object type = record_type("pumpStatus", {
      object("basalDelivery", basal_delivery),
      object("battery", battery),
      object("bolusDelivery", bolus_delivery),
      boolean("deliveryIndeterminant"),
      object("reservoir", reservoir),
  }).any_of({"basalDelivery", "battery", "bolusDelivery", "deliveryIndeterminant", "reservoir"});
  return type;
}

}  // namespace tideway::record
