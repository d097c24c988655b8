#include "load/compare.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <cmath>
#include <optional>
#include <unordered_map>

namespace tideway::load {
namespace {

namespace dom = simdjson::dom;

/// Whether `stored` has all that `sent` has.
bool holds(dom::element stored, dom::element sent);

bool holds_members(dom::element stored, dom::object sent) {
  for (const auto member : sent) {
    dom::element found;
    if (stored[member.key].get(found) != simdjson::SUCCESS) return false;
    // The bolus of a wizard becomes a record of its own, whose id takes its place.
    if (member.key == "bolus" && member.value.is_object() && found.is_string()) continue;
    if (!holds(found, member.value)) return false;
  }
  return true;
}

bool holds_elements(dom::element stored, dom::array sent) {
  dom::array found;
  if (stored.get(found) != simdjson::SUCCESS || found.size() != sent.size()) return false;
  auto at = found.begin();
  for (const dom::element element : sent) {
    if (!holds(*at, element)) return false;
    ++at;
  }
  return true;
}

bool holds(dom::element stored, dom::element sent) {
  if (sent.is_object()) return stored.is_object() && holds_members(stored, sent.get_object());
  if (sent.is_array()) return holds_elements(stored, sent.get_array());
  if (sent.is_number()) {
    double a = 0;
    double b = 0;
    if (stored.get(a) != simdjson::SUCCESS || sent.get(b) != simdjson::SUCCESS) return false;
    return std::fabs(a - b) <= 1e-9 * std::fabs(b);
  }
  if (sent.is_string()) {
    return stored.is_string() && stored.get_string().value() == sent.get_string().value();
  }
  return simdjson::minify(stored) == simdjson::minify(sent);
}

/// Type and time: a made-up person has no two records of which both are equal.
std::optional<std::string> key_of(dom::element record) {
  std::string_view type;
  std::string_view time;
  if (record["type"].get(type) != simdjson::SUCCESS ||
      record["time"].get(time) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  return fmt::format("{} {}", type, time);
}

struct Stored {
  dom::element record;
  size_t count = 0;
  bool expected = false;
};
using StoredRecords = std::unordered_map<std::string, Stored>;

void note(Verification& result, uint64_t& count, std::string_view what, std::string_view key) {
  ++count;
  if (result.first_problem.empty()) result.first_problem = fmt::format("{}: {}", what, key);
}

void check_record(StoredRecords& stored, dom::element sent, bool accepted, Verification& result) {
  const std::string key = key_of(sent).value_or("");
  const auto found = stored.find(key);
  if (found == stored.end()) {
    if (accepted) note(result, result.missing, "missing", key);
    return;
  }
  found->second.expected = true;
  if (holds(found->second.record, sent)) {
    if (accepted) ++result.records;
  } else {
    note(result, result.different, "not as it was sent", key);
  }
}

std::optional<StoredRecords> index(dom::parser& parser, const simdjson::padded_string& fetched) {
  dom::array elements;
  if (parser.parse(fetched).get(elements) != simdjson::SUCCESS) return std::nullopt;
  StoredRecords stored;
  for (const dom::element record : elements) {
    const auto key = key_of(record);
    if (!key) return std::nullopt;
    if (key->starts_with("upload ")) continue;
    Stored& entry = stored[*key];
    entry.record = record;
    ++entry.count;
  }
  return stored;
}

}  // namespace

void Verification::add(const Verification& other) {
  sets += other.sets;
  records += other.records;
  missing += other.missing;
  different += other.different;
  duplicated += other.duplicated;
  unexpected += other.unexpected;
  unreadable += other.unreadable;
  if (first_problem.empty()) first_problem = other.first_problem;
}

void SetComparison::expect(std::string_view chunk, bool accepted) {
  chunks_.push_back({.text = std::string(chunk), .accepted = accepted});
}

Verification SetComparison::compare(std::string_view fetched) {
  Verification result{.sets = 1};
  dom::parser parser;
  const simdjson::padded_string body(fetched);
  auto stored = index(parser, body);
  if (!stored) {
    note(result, result.unreadable, "not an array of records", fetched.substr(0, 100));
    return result;
  }
  dom::parser sent_parser;
  for (const Expected& chunk : chunks_) {
    const simdjson::padded_string text(chunk.text);
    for (const dom::element sent : sent_parser.parse(text).get_array()) {
      check_record(*stored, sent, chunk.accepted, result);
      dom::element bolus;
      if (sent["bolus"].get(bolus) == simdjson::SUCCESS && bolus.is_object()) {
        check_record(*stored, bolus, chunk.accepted, result);
      }
    }
  }
  for (const auto& [key, entry] : *stored) {
    if (entry.count > 1) note(result, result.duplicated, "more than once", key);
    if (!entry.expected) note(result, result.unexpected, "never sent", key);
  }
  return result;
}

}  // namespace tideway::load
