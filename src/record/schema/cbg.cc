#include "record/glucose.h"
#include "record/schema/base.h"
#include "record/schema/blood.h"

namespace tideway::record {

const Object& cbg() {
  constexpr double kDayMilliseconds = 86'400'000;
  static const Object object =
      record_type("cbg", {
          string("units").required().one_of(glucose_units()).glucose_units(),
          number("value").required().range_by("units", glucose_ranges()).to_mmol("units"),
          string("trend").one_of({"constant", "slowFall", "slowRise", "moderateFall",
                                  "moderateRise", "rapidFall", "rapidRise"}),
          string("trendRateUnits")
              .only_with("trendRate")
              .one_of(glucose_rate_units())
              .glucose_rate_units(),
          number("trendRate")
              .range_by("trendRateUnits", glucose_rate_ranges())
              .rate_to_mmol("trendRateUnits"),
          integer("sampleInterval").range(0, kDayMilliseconds),
          boolean("backfilled"),
      }).identity({"units", "value"});
  return object;
}

}  // namespace tideway::record
