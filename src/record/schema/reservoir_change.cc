#include "record/schema/device_event.h"

namespace tideway::record {

const Object& reservoir_change() {
  static const Object type = device_event_type("reservoirChange", {
      record_field("status", embedded_status),
  });
  return type;
}

}  // namespace tideway::record
