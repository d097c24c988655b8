#include "record/schema/bolus.h"

#include <iterator>

#include "record/schema/base.h"
#include "record/schema/formulation.h"

namespace tideway::record {
namespace {

constexpr double kUnitsMax = 100;
constexpr double kDayMilliseconds = 86'400'000;

/// What was delivered at once, and what had been programmed if that was more.
Fields normal_fields() {
  return {
      number("normal").required().range_up_to("expectedNormal", 0, kUnitsMax),
      number("expectedNormal").range(0, kUnitsMax),
  };
}

Fields extended_fields() {
  return {
      integer("duration").required().range_up_to("expectedDuration", 0, kDayMilliseconds),
      integer("expectedDuration").range(0, kDayMilliseconds).together_with("expectedExtended"),
      number("extended").required().range_up_to("expectedExtended", 0, kUnitsMax),
      number("expectedExtended").range(0, kUnitsMax),
  };
}

/// Here the expected amount is checked against the delivered one, not the other way round.
Fields automated_fields() {
  return {
      number("normal").required().range(0, kUnitsMax),
      number("expectedNormal").required_when_zero("normal").range_from("normal", 0, kUnitsMax),
  };
}

Fields operator+(Fields left, Fields right) {
  left.insert(left.end(), std::make_move_iterator(right.begin()),
              std::make_move_iterator(right.end()));
  return left;
}

Object bolus_type(std::string_view sub_type, Fields own) {
  Fields common = {
      string("deliveryContext")
          .one_of({"algorithm", "device", "oneButton", "remote", "undetermined", "watch"}),
      object("insulinFormulation", formulation),
  };
  return record_type("bolus", "subType", sub_type, std::move(common) + std::move(own));
}

const Object& normal() {
  static const Object type = bolus_type("normal", normal_fields());
  return type;
}

const Object& square() {
  static const Object type = bolus_type("square", extended_fields());
  return type;
}

const Object& dual_square() {
  static const Object type = bolus_type("dual/square", extended_fields() + normal_fields());
  return type;
}

const Object& automated() {
  static const Object type = bolus_type("automated", automated_fields()).unlinked();
  return type;
}

}  // namespace

const Dispatch& bolus() {
  static const Dispatch dispatch = {
      "subType",
      {{"dual/square", dual_square}, {"square", square}, {"normal", normal}, {"automated", automated}},
  };
  return dispatch;
}

const Dispatch& embedded_bolus() {
  static const Dispatch dispatch = {"type", {{"bolus", nullptr, bolus}}};
  return dispatch;
}

}  // namespace tideway::record
