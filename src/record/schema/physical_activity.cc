#include "record/schema/physical_activity.h"

#include "record/schema/base.h"
#include "record/schema/nutrition.h"

namespace tideway::record {
namespace {

std::vector<std::string_view> activity_types() {
  return {
      "americanFootball", "archery", "australianFootball", "badminton", "barre", "baseball",
      "basketball", "bowling", "boxing", "climbing", "coreTraining", "cricket",
      "crossCountrySkiing", "crossTraining", "curling", "cycling", "dance",
      "danceInspiredTraining", "downhillSkiing", "elliptical", "equestrianSports", "fencing",
      "fishing", "flexibility", "functionalStrengthTraining", "golf", "gymnastics", "handball",
      "handCycling", "highIntensityIntervalTraining", "hiking", "hockey", "hunting", "jumpRope",
      "kickboxing", "lacrosse", "martialArts", "mindAndBody", "mixedCardio",
      "mixedMetabolicCardioTraining", "other", "paddleSports", "pilates", "play",
      "preparationAndRecovery", "racquetball", "rowing", "rugby", "running", "sailing",
      "skatingSports", "snowboarding", "snowSports", "soccer", "softball", "squash",
      "stairClimbing", "stairs", "stepTraining", "surfingSports", "swimming", "tableTennis",
      "taiChi", "tennis", "trackAndField", "traditionalStrengthTraining", "volleyball", "walking",
      "waterFitness", "waterPolo", "waterSports", "wheelchairRunPace", "wheelchairWalkPace",
      "wrestling", "yoga",
  };
}

const Object& distance() {
  static const Object object = {
      string("units").required().one_of({"feet", "kilometers", "meters", "miles", "yards"}),
      number("value").required().range_by("units", {{"feet", 0, 528'000},
                                                    {"kilometers", 0, 160.9344},
                                                    {"meters", 0, 160'934.4},
                                                    {"miles", 0, 100},
                                                    {"yards", 0, 176'000}}),
  };
  return object;
}

const Object& duration() {
  static const Object object = {
      string("units").required().one_of({"hours", "minutes", "seconds"}),
      number("value").required().range_by(
          "units", {{"hours", 0, 168}, {"minutes", 0, 10'080}, {"seconds", 0, 604'800}}),
  };
  return object;
}

const Object& elevation_change() {
  static const Object object = {
      string("units").required().one_of({"feet", "meters"}),
      number("value").required().range_by("units", {{"feet", 0, 52'800}, {"meters", 0, 16'093.44}}),
  };
  return object;
}

const Object& flight() {
  static const Object object = {integer("count").required().range(0, 10'000)};
  return object;
}

const Object& lap() {
  static const Object lap_object = {
      integer("count").required().range(0, 10'000),
      object("distance", distance).required(),
  };
  return lap_object;
}

const Object& step() {
  static const Object object = {integer("count").required().range(0, 100'000)};
  return object;
}

}  // namespace

const Object& physical_activity() {
  static const Object type = record_type("physicalActivity", {
      string("activityType").one_of(activity_types()),
      string("activityTypeOther").only_when("activityType", {"other"}).text(100),
      boolean("aggregate"),
      object("distance", distance),
      object("duration", duration),
      object("elevationChange", elevation_change),
      object("energy", energy),
      object("flight", flight),
      object("lap", lap),
      string("name").text(100),
      string("reportedIntensity").one_of({"high", "low", "medium"}),
      object("step", step),
  });
  return type;
}

}  // namespace tideway::record
