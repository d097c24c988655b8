#include "record/schema/suppressed_basal.h"

#include "record/schema/formulation.h"

namespace tideway::record {
namespace {

constexpr double kUnitsPerHourMax = 100;

Field rate() { return number("rate").required().range(0, kUnitsPerHourMax); }

const Object& automated() {
  static const Object type = {
      constant("type", "basal"),
      constant("deliveryType", "automated"),
      metadatas("annotations"),
      object("insulinFormulation", formulation),
      rate(),
      string("scheduleName").text(1000),
      variant("suppressed", suppressed_by_automated),
  };
  return type;
}

const Object& scheduled() {
  static const Object type = {
      constant("type", "basal"),
      constant("deliveryType", "scheduled"),
      metadatas("annotations"),
      object("insulinFormulation", formulation),
      rate(),
      string("scheduleName").not_empty(),
  };
  return type;
}

const Object& temp() {
  static const Object type = {
      constant("type", "basal"),
      constant("deliveryType", "temp"),
      metadatas("annotations"),
      object("insulinFormulation", formulation),
      number("percent").range(0, 10),
      rate(),
      variant("suppressed", suppressed_by_temp),
  };
  return type;
}

const Dispatch& under_automated() {
  static const Dispatch dispatch = {"deliveryType", {{"scheduled", scheduled}}};
  return dispatch;
}

const Dispatch& under_suspend() {
  static const Dispatch dispatch = {
      "deliveryType", {{"automated", automated}, {"scheduled", scheduled}, {"temp", temp}}};
  return dispatch;
}

const Dispatch& under_temp() {
  static const Dispatch dispatch = {"deliveryType",
                                    {{"automated", automated}, {"scheduled", scheduled}}};
  return dispatch;
}

}  // namespace

const Dispatch& suppressed_by_automated() {
  static const Dispatch dispatch = {"type", {{"basal", nullptr, under_automated}}};
  return dispatch;
}

const Dispatch& suppressed_by_suspend() {
  static const Dispatch dispatch = {"type", {{"basal", nullptr, under_suspend}}};
  return dispatch;
}

const Dispatch& suppressed_by_temp() {
  static const Dispatch dispatch = {"type", {{"basal", nullptr, under_temp}}};
  return dispatch;
}

}  // namespace tideway::record
