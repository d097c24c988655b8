#include "record/schema/alert.h"

#include "record/schema/base.h"

namespace tideway::record {

const Object& alert() {
  constexpr double kDaySeconds = 86'400;
  static const Object type = record_type("alert", {
      string("name").required().text(100),
      string("priority").one_of({"critical", "normal", "timeSensitive"}),
      string("trigger").one_of({"delayed", "immediate", "repeating"}),
      integer("triggerDelay")
          .only_when("trigger", {"delayed", "repeating"})
          .required()
          .range(0, kDaySeconds),
      string("sound").one_of({"name", "silence", "vibrate"}),
      string("soundName").only_when("sound", {"name"}).required().text(100),
      instant("issuedTime").required().not_empty(),
      instant("acknowledgedTime").not_before("issuedTime"),
      instant("retractedTime").not_before("issuedTime"),
  });
  return type;
}

}  // namespace tideway::record
