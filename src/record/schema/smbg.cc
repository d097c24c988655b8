#include "record/glucose.h"
#include "record/schema/base.h"
#include "record/schema/blood.h"

namespace tideway::record {

const Object& smbg() {
  static const Object object =
      record_type("smbg", {
          string("units").required().one_of(glucose_units()).glucose_units(),
          number("value").required().range_by("units", glucose_ranges()).to_mmol("units"),
          string("subType").one_of({"linked", "manual", "scanned"}),
      }).identity({"units", "value"});
  return object;
}

}  // namespace tideway::record
