#include "record/schema/controller_status.h"

#include "record/schema/base.h"
#include "record/schema/battery.h"

namespace tideway::record {

const Object& controller_status() {
  static const Object type = record_type("controllerStatus", {
      object("battery", battery).required(),
  });
  return type;
}

}  // namespace tideway::record
