#include "record/schema/device_event.h"

#include "record/schema/base.h"

namespace tideway::record {
namespace {

const Dispatch& status_only() {
  static const Dispatch dispatch = {"subType", {{"status", device_status}}};
  return dispatch;
}

}  // namespace

Object device_event_type(std::string_view sub_type, Fields own) {
  return record_type("deviceEvent", "subType", sub_type, std::move(own));
}

const Dispatch& device_event() {
  static const Dispatch dispatch = {
      "subType",
      {
          {"alarm", alarm},
          {"calibration", calibration},
          {"prime", prime},
          {"pumpSettingsOverride", pump_settings_override},
          {"reservoirChange", reservoir_change},
          {"status", device_status},
          {"timeChange", time_change},
      },
  };
  return dispatch;
}

const Dispatch& embedded_status() {
  static const Dispatch dispatch = {"type", {{"deviceEvent", nullptr, status_only}}};
  return dispatch;
}

}  // namespace tideway::record
