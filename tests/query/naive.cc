#include "tests/query/naive.h"

#include <algorithm>
#include <functional>
#include <tuple>

namespace tideway::query::naive {
namespace {

using Names = std::vector<std::string>;

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const Names kLatest = {
    "physicalActivity", "basal",       "cbg",  "smbg",    "bloodKetone", "bolus",
    "wizard",           "deviceEvent", "food", "insulin", "cgmSettings", "pumpSettings",
    "reportedState",    "upload"};

struct Rules {
  bool carelink = true;
  bool medtronic = true;
  Names loopable;
  Names cloud_ids;
  std::vector<TimeRange> spans;
};

bool is_visible(const Data& data, const Record& record) {
  const Set& set = data.sets[record.set];
  return set.active && !set.deleted;
}

Rules rules_of(const Data& data, const Filter& filter) {
  Rules rules;
  bool direct = false;
  bool loop = false;
  for (const Set& set : data.sets) {
    if (set.active && set.closed && !set.deleted && set.manufacturer == "Medtronic") direct = true;
    const Names models = {"523", "523K", "554", "723", "723K", "754"};
    if (set.active && set.time_ms >= kLoopSinceMs && has(models, set.device_model)) {
      rules.loopable.push_back(set.upload_id);
    }
  }
  for (const Record& record : data.records) {
    if (is_visible(data, record) && record.time_ms >= kLoopSinceMs && record.medtronic_origin) {
      loop = true;
    }
  }
  rules.carelink = filter.carelink.value_or(!direct);
  rules.medtronic = filter.medtronic.value_or(!loop);
  for (const CloudSource& cloud : data.clouds) {
    for (const auto& id : cloud.upload_ids) rules.cloud_ids.push_back(id);
    if (!cloud.upload_ids.empty() && cloud.span) rules.spans.push_back(*cloud.span);
  }
  return rules;
}

bool passes(const Data& data, const Record& record, const Filter& filter, const Rules& rules) {
  const std::string& upload_id = data.sets[record.set].upload_id;
  if (!is_visible(data, record)) return false;
  if (!filter.sub_types.empty() && !has(filter.sub_types, record.sub_type)) return false;
  if (record.time_ms < filter.start_ms || record.time_ms > filter.end_ms) return false;
  if (!filter.device_id.empty() && record.device_id != filter.device_id) return false;
  if (!filter.upload_id.empty() && upload_id != filter.upload_id) return false;
  const int64_t minimum_ms = filter.sample_interval_min_ms;
  if (minimum_ms > 0 && record.type == "cbg" && record.sample_interval_ms &&
      *record.sample_interval_ms < minimum_ms) {
    return false;
  }
  if (!filter.dosing_decision_reasons.empty() && record.type == "dosingDecision" &&
      !has(filter.dosing_decision_reasons, record.reason)) {
    return false;
  }
  if (!rules.carelink && record.carelink) return false;
  if (!filter.upload_id.empty()) return true;
  if (!rules.medtronic && record.time_ms >= kLoopSinceMs &&
      has({"basal", "bolus", "cbg"}, record.type) && has(rules.loopable, upload_id)) {
    return false;
  }
  if (filter.cbg_filter && record.type == "cbg" && !has(rules.cloud_ids, upload_id)) {
    for (const TimeRange& span : rules.spans) {
      if (record.time_ms >= span.first_ms && record.time_ms <= span.last_ms) return false;
    }
  }
  return true;
}

Names records_of(const Data& data, const Filter& filter, const Rules& rules,
                 const std::string& type) {
  std::vector<const Record*> found;
  for (const Record& record : data.records) {
    if (record.type == type && passes(data, record, filter, rules)) found.push_back(&record);
  }
  std::sort(found.begin(), found.end(), [&](const Record* left, const Record* right) {
    return std::tuple(left->time_ms, data.sets[left->set].order, left->order) >
           std::tuple(right->time_ms, data.sets[right->set].order, right->order);
  });
  Names names;
  for (const Record* const record : found) names.push_back(record->name);
  return names;
}

Names sets_of(const Data& data, const Filter& filter) {
  std::vector<const Set*> found;
  for (const Set& set : data.sets) {
    const bool wanted = set.active && set.time_ms >= filter.start_ms &&
                        set.time_ms <= filter.end_ms && filter.sub_types.empty() &&
                        (filter.device_id.empty() || set.device_id == filter.device_id) &&
                        (filter.upload_id.empty() || set.upload_id == filter.upload_id);
    if (wanted) found.push_back(&set);
  }
  std::sort(found.begin(), found.end(), [](const Set* left, const Set* right) {
    return std::tuple(left->time_ms, left->order) > std::tuple(right->time_ms, right->order);
  });
  Names names;
  for (const Set* const set : found) names.push_back("upload " + set->upload_id);
  return names;
}

}  // namespace

Names fetch(const Data& data, const Filter& filter) {
  const Rules rules = rules_of(data, filter);
  const auto of_type = [&](const std::string& type) {
    return type == "upload" ? sets_of(data, filter) : records_of(data, filter, rules, type);
  };
  Names answer;
  if (filter.latest) {
    for (const std::string& type : filter.types.empty() ? kLatest : filter.types) {
      const Names all = of_type(type);
      if (!all.empty()) answer.push_back(all.front());
    }
    return answer;
  }
  Names types;
  for (const Record& record : data.records) {
    if (!has(types, record.type)) types.push_back(record.type);
  }
  std::sort(types.begin(), types.end());
  types.push_back("upload");
  for (const std::string& type : types) {
    if (!filter.types.empty() && !has(filter.types, type)) continue;
    for (auto& name : of_type(type)) answer.push_back(std::move(name));
  }
  return answer;
}

}  // namespace tideway::query::naive
