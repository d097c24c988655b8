#include "record/schema/target.h"

#include "record/glucose.h"

namespace tideway::record {
namespace {

constexpr std::string_view kUnits = "/units";
constexpr std::string_view kBgUnits = "/units/bg";

Fields target_fields(std::string_view units_path) {
  return {
      number("high").to_mmol(units_path),
      number("low").to_mmol(units_path),
      number("range").to_mmol(units_path),
      number("target").to_mmol(units_path),
  };
}

constexpr std::string_view kRules =
    "target with range or high, target alone, or low with high; within the range of the units";

void check_in_units(const CheckContext& context) { check_target(context, kUnits); }
void check_in_bg_units(const CheckContext& context) { check_target(context, kBgUnits); }

}  // namespace

const Object& target_in_units() {
  static const Object object = Object(target_fields(kUnits)).check(kRules, check_in_units);
  return object;
}

const Object& target_in_bg_units() {
  static const Object object = Object(target_fields(kBgUnits)).check(kRules, check_in_bg_units);
  return object;
}

const Object& target_start() {
  static const Object object = [] {
    Fields fields = target_fields(kBgUnits);
    fields.push_back(integer("start"));
    return Object(std::move(fields)).check(kRules, check_in_bg_units);
  }();
  return object;
}

}  // namespace tideway::record
