#include "record/schema/device_event.h"

namespace tideway::record {
namespace {

const Object& info() {
  static const Object object = Object{
      local_time("time").not_empty(),
      string("timeZoneName").time_zone(),
  }.any_of({"time", "timeZoneName"});
  return object;
}

const Object& change() {
  static const Object object = {
      string("agent").required().one_of({"automatic", "manual"}),
      string("from").required().local_time_text(),
      string("to").required().local_time_text(),
  };
  return object;
}

}  // namespace

/// Two forms: `from`, `method`, `to`, or the older `change`.
const Object& time_change() {
  static const Object type =
      device_event_type("timeChange", {
          object("from", info),
          string("method").one_of({"automatic", "manual"}),
          object("to", info).required_with_any({"from", "method"}),
          object("change", change).not_with_any({"from", "method", "to"}),
      }).one_of({"to", "change"}, {"from", "method", "to", "change"});
  return type;
}

}  // namespace tideway::record
