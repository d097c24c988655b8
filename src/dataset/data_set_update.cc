#include "dataset/data_set_update.h"

#include <algorithm>
#include <array>

#include "record/write.h"

namespace tideway::dataset {
namespace {

/// Members that the set keeps in another form.
constexpr std::array<std::string_view, 2> kNotKept = {"state", "time"};

}  // namespace

DataSetUpdate make_data_set_update(const record::ObjectValue& body) {
  DataSetUpdate update;
  if (const auto* const value = body.find("deviceId")) update.device_id = value->text;
  if (const auto* const value = body.find("deviceModel")) update.device_model = value->text;
  if (const auto* const value = body.find("time")) update.time_ms = value->time.milliseconds();
  const auto* const state = body.find("state");
  update.closes = state != nullptr && state->text == "closed";
  for (const uint16_t at : body.object->write_order()) {
    const std::string_view name = body.object->fields()[at].name();
    if (!body.fields[at].present || std::ranges::count(kNotKept, name) > 0) continue;
    Member& member = update.members.emplace_back(std::string(name), std::string());
    record::write_field(member.json, body, at);
  }
  return update;
}

void apply(const DataSetUpdate& update, DataSet& set) {
  if (update.device_id) set.device_id = *update.device_id;
  if (update.device_model) set.device_model = *update.device_model;
  if (update.time_ms) set.time_ms = update.time_ms;
  for (const Member& member : update.members) {
    const auto at = std::ranges::lower_bound(set.members, member.name, {}, &Member::name);
    if (at != set.members.end() && at->name == member.name) {
      at->json = member.json;
    } else {
      set.members.insert(at, member);
    }
  }
}

}  // namespace tideway::dataset
