#include "record/schema/upload.h"

namespace tideway::record {
namespace {

constexpr double kDayMilliseconds = 86'400'000;
constexpr double kWeekMinutes = 10'080;

const Object& client() {
  static const Object object = {
      string("name").not_empty(),
      string("version").not_empty(),
      metadata("private").keeps_nulls(),
  };
  return object;
}

const Object& deduplicator() {
  static const Object object = {string("name").reverse_domain()};
  return object;
}

}  // namespace

const Object& upload() {
  static const Object upload_object = Object{
      metadatas("annotations"),
      string("byUser"),
      object("client", client),
      integer("clockDriftOffset").range(-kDayMilliseconds, kDayMilliseconds),
      string("computerTime").local_time_text(),
      integer("conversionOffset"),
      instant("createdTime"),
      string("createdUserId"),
      string("dataSetType").one_of({"continuous", "normal"}),
      object("deduplicator", deduplicator),
      instant("deletedTime"),
      string("deletedUserId"),
      string("deviceId").not_empty(),
      strings("deviceManufacturers").not_empty().each_not_empty().unique().sorted(),
      string("deviceModel").not_empty(),
      string("deviceSerialNumber").not_empty(),
      strings("deviceTags")
          .not_empty()
          .each_one_of({"activity-monitor", "bgm", "cgm", "insulin-pump"})
          .unique()
          .sorted(),
      string("deviceTime").local_time_text(),
      string("id").data_id(),
      instant("modifiedTime"),
      string("modifiedUserId"),
      metadata("payload"),
      instant("time"),
      string("timeProcessing").one_of({"across-the-board-timezone", "none", "utc-bootstrapping"}),
      string("timezone").time_zone(),
      integer("timezoneOffset").range(-kWeekMinutes, kWeekMinutes),
      string("uploadId"),
      string("version").length_min(5),
      string("type"),
  }.strict();
  return upload_object;
}

const Object& upload_update() {
  static const Object update_object = Object{
      string("deviceId").not_empty(),
      string("deviceModel").length_above(1),
      string("deviceSerialNumber").length_above(1),
      string("state").one_of({"closed", "open"}),
      instant("time").not_empty(),
      string("timezone").time_zone(),
      integer("timezoneOffset").range(-720, 840),
  }.strict();
  return update_object;
}

}  // namespace tideway::record
