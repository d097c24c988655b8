#include "record/schema/device_event.h"

namespace tideway::record {

const Object& device_status() {
  static const Object type = device_event_type("status", {
      integer("duration").min(0),
      integer("expectedDuration").min_from("duration", 0),
      string("status").required().one_of({"resumed", "suspended"}),
      metadata("reason").required(),
  });
  return type;
}

}  // namespace tideway::record
