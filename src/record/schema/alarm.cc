#include "record/schema/device_event.h"

namespace tideway::record {

const Object& alarm() {
  static const Object type = device_event_type("alarm", {
      string("alarmType")
          .required()
          .one_of({"auto_off", "low_insulin", "low_power", "no_delivery", "no_insulin", "no_power",
                   "occlusion", "other", "over_limit"}),
      record_field("status", embedded_status),
  });
  return type;
}

}  // namespace tideway::record
