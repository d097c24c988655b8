#include "dataset/new_data_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/ids.h"
#include "base/text.h"
#include "record/report.h"
#include "record/write.h"

namespace tideway::dataset {
namespace {

using record::ObjectValue;
using record::Path;
using record::Value;

/// Members that the server sets itself, or that are shown from a field of DataSet.
constexpr std::array<std::string_view, 11> kNotKept = {
    "byUser", "createdTime",  "createdUserId", "dataSetType", "deduplicator", "deletedTime",
    "id",     "modifiedTime", "time",          "type",        "uploadId"};

std::string_view text(const ObjectValue& body, std::string_view name) {
  const Value* const value = body.find(name);
  return value == nullptr ? std::string_view() : value->text;
}

std::string_view nested_text(const ObjectValue& body, std::string_view outer,
                             std::string_view name) {
  const Value* const value = body.find(outer);
  return value == nullptr ? std::string_view() : text(value->object(), name);
}

/// An instant that is present and not Go's zero time, which counts as none.
std::optional<int64_t> instant(const ObjectValue& body, std::string_view name) {
  const Value* const value = body.find(name);
  if (value == nullptr || value->time.is_zero()) return std::nullopt;
  return value->time.milliseconds();
}

std::vector<Member> kept_members(const ObjectValue& body) {
  std::vector<Member> members;
  for (const uint16_t at : body.object->write_order()) {
    const std::string_view name = body.object->fields()[at].name();
    if (!body.fields[at].present || std::ranges::count(kNotKept, name) > 0) continue;
    Member& member = members.emplace_back(std::string(name), std::string());
    record::write_field(member.json, body, at);
  }
  return members;
}

std::optional<Deduplicator> choose(const ObjectValue& body, const DataSet& set,
                                   record::Report& report) {
  const std::string_view name = nested_text(body, "deduplicator", "name");
  const Path root;
  const Path at(root, "deduplicator");
  if (!name.empty()) {
    const auto named = find_deduplicator(name);
    if (!named) report.not_allowed(Path(at, "name"), name, deduplicator_names());
    return named;
  }
  const auto chosen = choose_deduplicator(
      {.is_normal = set.type == DataSet::Type::kNormal,
       .device_id = set.device_id,
       .model = set.device_model,
       .manufacturers = {set.device_manufacturers.begin(), set.device_manufacturers.end()}});
  if (!chosen) report.not_exists(Path(at, "name"));
  return chosen;
}

/// The set id is `uploadId`, or else `id`; either must have the form of one.
void check_ids(const ObjectValue& body, DataSet& set, record::Report& report) {
  const Value* const upload_id = body.find("uploadId");
  const Path root;
  const std::string_view chosen = upload_id != nullptr ? upload_id->text : text(body, "id");
  set.id = text(body, "id");
  set.upload_id = chosen;
  if (upload_id != nullptr ? is_data_set_id(chosen) : chosen.empty() || is_data_set_id(chosen)) {
    return;
  }
  report.not_valid(Path(root, upload_id != nullptr ? "uploadId" : "id"), chosen, "as data set id");
}

}  // namespace

std::expected<DataSet, Errors> make_data_set(const ObjectValue& body, std::string_view user_id,
                                             const Creator& creator, int64_t now_ms) {
  DataSet set;
  set.user_id = user_id;
  set.type = text(body, "dataSetType") == "continuous" ? DataSet::Type::kContinuous
                                                       : DataSet::Type::kNormal;
  if (creator.is_legacy) set.type = DataSet::Type::kNormal;
  set.active = creator.is_legacy || set.type == DataSet::Type::kContinuous;
  set.revision = 1;
  set.created_ms = set.modified_ms = now_ms;
  set.time_ms = body.find("time") == nullptr ? now_ms : instant(body, "time");
  set.deleted_ms = instant(body, "deletedTime");
  set.created_user_id = creator.user_id.empty() ? text(body, "createdUserId") : creator.user_id;
  set.device_id = text(body, "deviceId");
  set.device_model = text(body, "deviceModel");
  set.client_name = nested_text(body, "client", "name");
  if (const Value* const names = body.find("deviceManufacturers")) {
    for (const Value& name : names->items) set.device_manufacturers.emplace_back(name.text);
  }
  set.members = kept_members(body);
  set.provenance = creator.provenance;

  record::Report report;
  // What such a set takes is told apart by ids, not by a deduplicator.
  const auto deduplicator = creator.is_legacy ? Deduplicator::kNone : choose(body, set, report);
  check_ids(body, set, report);
  if (!report.empty()) return std::unexpected(std::move(report.errors()));
  set.deduplicator = *deduplicator;
  return set;
}

}  // namespace tideway::dataset
