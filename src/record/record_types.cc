#include "record/record_types.h"

#include <algorithm>

#include "record/schema/alert.h"
#include "record/schema/basal.h"
#include "record/schema/blood.h"
#include "record/schema/bolus.h"
#include "record/schema/cgm_settings.h"
#include "record/schema/controller_settings.h"
#include "record/schema/controller_status.h"
#include "record/schema/device_event.h"
#include "record/schema/dosing_decision.h"
#include "record/schema/food.h"
#include "record/schema/insulin.h"
#include "record/schema/physical_activity.h"
#include "record/schema/pump_settings.h"
#include "record/schema/pump_status.h"
#include "record/schema/reported_state.h"
#include "record/schema/water.h"
#include "record/schema/wizard.h"

namespace tideway::record {

const Dispatch& record_types() {
  // In the order in which error details list them.
  static const Dispatch dispatch = {
      "type",
      {
          {"physicalActivity", physical_activity},
          {"alert", alert},
          {"basal", nullptr, basal},
          {"cbg", cbg},
          {"smbg", smbg},
          {"bloodKetone", blood_ketone},
          {"bolus", nullptr, bolus},
          {"wizard", wizard},
          {"deviceEvent", nullptr, device_event},
          {"dosingDecision", dosing_decision},
          {"food", food},
          {"insulin", insulin},
          {"cgmSettings", cgm_settings},
          {"controllerSettings", controller_settings},
          {"pumpSettings", pump_settings},
          {"reportedState", reported_state},
          {"controllerStatus", controller_status},
          {"pumpStatus", pump_status},
          {"water", water},
      },
  };
  return dispatch;
}

const Dispatch::Case* find_record_type(std::string_view name) {
  const auto& cases = record_types().cases;
  const auto found = std::ranges::find(cases, name, &Dispatch::Case::value);
  return found == cases.end() ? nullptr : &*found;
}

std::vector<std::string_view> record_type_names() {
  std::vector<std::string_view> names;
  for (const Dispatch::Case& option : record_types().cases) names.push_back(option.value);
  std::ranges::sort(names);
  return names;
}

}  // namespace tideway::record
