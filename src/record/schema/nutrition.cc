#include "record/schema/nutrition.h"

namespace tideway::record {
namespace {

constexpr double kGramsMax = 1000;
constexpr double kDaySeconds = 86'400;

const Object& carbohydrate() {
  static const Object object = {
      number("dietaryFiber").range(0, kGramsMax),
      number("net").required().range(0, kGramsMax),
      number("sugars").range(0, kGramsMax),
      number("total").range(0, kGramsMax),
      string("units").required().one_of({"grams"}),
  };
  return object;
}

const Object& fat_or_protein() {
  static const Object object = {
      number("total").required().range(0, kGramsMax),
      string("units").required().one_of({"grams"}),
  };
  return object;
}

}  // namespace

const Object& energy() {
  static const Object object = {
      string("units").required().one_of({"calories", "joules", "kilocalories", "kilojoules"}),
      number("value").required().range_by("units", {{"calories", 0, 10'000'000},
                                                    {"joules", 0, 41'858'000},
                                                    {"kilocalories", 0, 10'000},
                                                    {"kilojoules", 0, 41'858}}),
  };
  return object;
}

const Object& nutrition() {
  static const Object nutrition_object = {
      integer("estimatedAbsorptionDuration").range(0, kDaySeconds),
      object("carbohydrate", carbohydrate),
      object("energy", energy),
      object("fat", fat_or_protein),
      object("protein", fat_or_protein),
  };
  return nutrition_object;
}

}  // namespace tideway::record
