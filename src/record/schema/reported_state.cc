#include "record/schema/reported_state.h"

#include "record/schema/base.h"

namespace tideway::record {
namespace {

const Object& state() {
  static const Object object = {
      integer("severity").range(0, 10),
      string("state").required().one_of({"alcohol", "cycle", "hyperglycemiaSymptoms",
                                         "hypoglycemiaSymptoms", "illness", "other", "stress"}),
      string("stateOther").only_when("state", {"other"}).required().text(100),
  };
  return object;
}

}  // namespace

const Object& reported_state() {
  static const Object type = record_type("reportedState", {
      objects("states", state),
  });
  return type;
}

}  // namespace tideway::record
