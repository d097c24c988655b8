#include "record/schema/cgm_settings.h"

#include "record/glucose.h"
#include "record/schema/base.h"

namespace tideway::record {
namespace {

constexpr double kDayMilliseconds = 86'400'000;

const Object& scheduled_alerts() {
  static const Object scheduled = {
      string("name").text(100),
      strings("days")
          .required()
          .each_one_of({"sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
                        "saturday"})
          .unique(),
      integer("start").required().range(0, kDayMilliseconds),
      integer("end").required().range(0, 2 * kDayMilliseconds),
      object("alerts", cgm_alerts).required(),
  };
  return scheduled;
}

}  // namespace

const Object& cgm_settings() {
  static const Object type = record_type("cgmSettings", {
      string("firmwareVersion").text(100),
      string("hardwareVersion").text(100),
      strings("manufacturers").not_empty().length_max(10).each_text(100).unique().sorted(),
      string("model").text(100),
      string("name").text(100),
      string("serialNumber").text(100),
      string("softwareVersion").text(100),
      string("transmitterId").transmitter_id(),
      string("units").one_of(glucose_units()).glucose_units(),
      object("defaultAlerts", cgm_alerts),
      objects("scheduledAlerts", scheduled_alerts).not_empty().length_max(10),
      object("highAlerts", cgm_high_alerts),
      object("lowAlerts", cgm_low_alerts),
      object("outOfRangeAlerts", cgm_out_of_range_alerts),
      // The reference stores this one under another name than it reads.
      object("rateOfChangeAlerts", cgm_rate_of_change_alerts).written_as("rateOfChangeAlert"),
  });
  return type;
}

}  // namespace tideway::record
