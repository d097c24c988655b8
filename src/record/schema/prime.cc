#include "record/schema/device_event.h"

namespace tideway::record {

const Object& prime() {
  static const Object type = device_event_type("prime", {
      string("primeTarget").required().one_of({"cannula", "tubing"}),
      number("volume").range_by("primeTarget", {{"cannula", 0, 1000}, {"tubing", 0, 1000}}),
  });
  return type;
}

}  // namespace tideway::record
