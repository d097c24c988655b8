#include "record/schema/battery.h"

namespace tideway::record {

const Object& battery() {
  static const Object object = Object{
      instant("time"),
      string("state").one_of({"charging", "full", "unplugged"}),
      number("remaining").range_by("units", {{"percent", 0, 1}}),  // a fraction all the same
      string("units").only_with("remaining").required().one_of({"percent"}),
  }.any_of({"state", "remaining"});
  return object;
}

}  // namespace tideway::record
