#include "record/schema/base.h"

#include <utility>

namespace tideway::record {
namespace {

constexpr double kDayMilliseconds = 86'400'000;
constexpr double kWeekMinutes = 10'080;

Fields base_fields(std::string_view type) {
  return {
      constant("type", type),
      metadatas("annotations"),
      objects("associations", association).not_empty().length_max(100),
      integer("clockDriftOffset").range(-kDayMilliseconds, kDayMilliseconds),
      integer("conversionOffset"),
      string("deviceId").not_empty(),
      string("deviceTime").local_time_text(),
      string("id").data_id(),
      object("location", location),
      strings("notes").length_max(100).each_text(1000).drop_if_empty(),
      object("origin", origin),
      metadata("payload"),
      string("source").equal_to("carelink"),
      strings("tags").not_empty().length_max(100).each_text(100).unique().sorted(),
      instant("time").required().not_empty(),
      string("timezone").time_zone(),
      integer("timezoneOffset").range(-kWeekMinutes, kWeekMinutes),
  };
}

const Object& elevation() {
  static const Object object = {
      string("units").required().one_of({"feet", "meters"}),
      number("value").required().range_by("units", {{"feet", -65616.79790026246, 3280839.8950131233},
                                                    {"meters", -20000, 1000000}}),
  };
  return object;
}

const Object& accuracy() {
  static const Object object = {
      string("units").required().one_of({"feet", "meters"}),
      number("value").required().range_by("units",
                                          {{"feet", 0, 3280.839895013123}, {"meters", 0, 1000}}),
  };
  return object;
}

const Object& latitude() {
  static const Object object = {
      string("units").required().one_of({"degrees"}),
      number("value").required().range_by("units", {{"degrees", -90, 90}}),
  };
  return object;
}

const Object& longitude() {
  static const Object object = {
      string("units").required().one_of({"degrees"}),
      number("value").required().range_by("units", {{"degrees", -180, 180}}),
  };
  return object;
}

const Object& gps() {
  static const Object gps_object = {
      object("elevation", elevation),
      integer("floor").range(-1000, 1000),
      object("horizontalAccuracy", accuracy),
      object("latitude", latitude).required(),
      object("longitude", longitude).required(),
      object("origin", origin),
      object("verticalAccuracy", accuracy),
  };
  return gps_object;
}

}  // namespace

const Object& association() {
  static const Object object = {
      string("id")
          .forbidden_when("type", {"url"})
          .checked_when("type", {"blob", "datum", "image"})
          .required()
          .data_id(),
      string("reason").text(1000),
      string("type").required().one_of({"blob", "datum", "image", "url"}),
      string("url")
          .forbidden_when("type", {"blob", "datum", "image"})
          .checked_when("type", {"url"})
          .required()
          .url(),
  };
  return object;
}

const Object& location() {
  static const Object location_object = Object{
      object("gps", gps),
      string("name").text(100),
  }.any_of({"gps", "name"});
  return location_object;
}

const Object& origin() {
  static const Object object = {
      string("id").text(100),
      string("name").text(100),
      metadata("payload"),
      string("time").instant_text(),
      string("type").one_of({"application", "device", "manual", "service"}),
      string("version").text(100),
  };
  return object;
}

Object record_type(std::string_view type, std::initializer_list<Field> own) {
  Fields fields = base_fields(type);
  fields.insert(fields.end(), own);
  return Object(std::move(fields));
}

Object record_type(std::string_view type, std::string_view key, std::string_view value,
                   Fields own) {
  Fields fields = base_fields(type);
  fields.push_back(constant(key, value));
  fields.insert(fields.end(), own.begin(), own.end());
  return Object(std::move(fields)).identity({key});
}

}  // namespace tideway::record
