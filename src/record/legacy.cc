#include "record/legacy.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <new>
#include <span>

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "record/glucose.h"
#include "record/schema/upload.h"

namespace tideway::record {
namespace {

using Members = simdjson::dom::object;

using Names = std::span<const std::string_view>;

constexpr std::string_view kBasal[] = {"type", "deliveryType", "deviceId", "time"};
constexpr std::string_view kBolus[] = {"type", "subType", "deviceId", "time"};
constexpr std::string_view kEvent[] = {"type", "subType", "time", "deviceId"};
constexpr std::string_view kCgmSettings[] = {"type", "time", "deviceId"};
constexpr std::string_view kSmbg[] = {"type", "deviceId", "time", "value"};
constexpr std::string_view kOthers[] = {"type", "deviceId", "time"};

Names id_fields(std::string_view type) {
  if (type == "basal") return kBasal;
  if (type == "bolus") return kBolus;
  if (type == "deviceEvent") return kEvent;
  if (type == "cgmSettings") return kCgmSettings;
  if (type == "smbg") return kSmbg;
  return kOthers;
}

std::string_view text_of(Members record, std::string_view name) {
  std::string_view text;
  return record[name].get(text) == simdjson::SUCCESS ? text : std::string_view();
}

bool has(Members record, std::string_view name) {
  return record[name].error() == simdjson::SUCCESS;
}

/// As that service stored it: what does not end in Z was written anew, with milliseconds.
std::string time_text(std::string_view sent) {
  const auto time = sent.ends_with('Z') ? std::nullopt : parse_instant(sent);
  if (!time) return std::string(sent);
  std::string text = format_utc_milliseconds(time->milliseconds());
  constexpr size_t kSecondsSize = std::string_view("2024-01-31T10:00:00").size();
  text.pop_back();
  if (text.size() == kSecondsSize) text += '.';
  text.resize(kSecondsSize + std::string_view(".000").size(), '0');
  return text + 'Z';
}

/// The quotient was not rounded there, as to_mmol_per_l() does it.
std::string value_text(Members record) {
  json::Element element;
  if (record["value"].get(element) != simdjson::SUCCESS) return {};
  const auto number = json::as_number(element);
  if (!number) return {};
  constexpr double kMgPerDlPerMmolPerL = 18.01559;
  std::string text;
  const bool in_mg = is_mg_per_dl(text_of(record, "units"));
  append_json_number(text, in_mg ? *number / kMgPerDlPerMmolPerL : *number);
  return text;
}

std::array<uint8_t, 20> sha1(std::string_view text) {
  std::array<uint8_t, 20> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
    throw std::bad_alloc();
  }
  return digest;
}

/// Base 32 with the digits 0 to 9 and a to v: 160 bits are 32 of them.
std::string to_base32hex(std::span<const uint8_t> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuv";
  std::string text;
  uint32_t bits = 0;
  int count = 0;
  for (const uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 5; count -= 5) text += kDigits[bits >> (count - 5) & 31];
  }
  return text;
}

void append_member(std::string& out, std::string_view name, std::string_view json) {
  out += out.ends_with('{') ? "" : ",";
  append_json_string(out, name);
  out += ':';
  out += json;
}

void append_id(std::string& out, std::string_view id) {
  std::string json;
  append_json_string(json, id);
  append_member(out, "id", json);
}

std::string id_of(Members record) {
  const std::string_view id = text_of(record, "id");
  return id.empty() ? legacy_id(record) : std::string(id);
}

/// Members whose value may be a record that is stored for itself.
bool holds_record(std::string_view name) { return name == "bolus" || name == "status"; }

enum class Depth { kOuter, kInner };

std::string json_with_id(Members record, Depth depth) {
  std::string out = "{";
  if (!has(record, "id")) append_id(out, legacy_id(record));
  for (const auto field : record) {
    Members inner;
    if (depth == Depth::kOuter && holds_record(field.key) &&
        field.value.get(inner) == simdjson::SUCCESS) {
      append_member(out, field.key, json_with_id(inner, Depth::kInner));
    } else {
      append_member(out, field.key, simdjson::minify(field.value));
    }
  }
  return out + '}';
}

/// The members that a data set has; that service took any.
std::string upload_json(Members record, std::string_view id) {
  std::string out = "{";
  append_id(out, id);
  for (const auto field : record) {
    if (field.key == "id" || upload().find(field.key) < 0) continue;
    append_member(out, field.key, simdjson::minify(field.value));
  }
  return out + '}';
}

/// What is wrong with the record, in words; empty when it can be read on.
std::string problem_with(json::Element element) {
  Members record;
  if (element.get(record) != simdjson::SUCCESS) return "a record must be an object";
  for (const auto* const name : {"type", "deviceId", "uploadId"}) {
    if (text_of(record, name).empty()) return std::string(name) + " must be a text";
  }
  for (const auto* const name : {"_active", "_version"}) {
    if (has(record, name)) return std::string(name) + " is not for clients to set";
  }
  return {};
}

LegacyRecord read_record(Members record) {
  LegacyRecord out{.json = {},
                   .id = id_of(record),
                   .upload_id = std::string(text_of(record, "uploadId")),
                   .version = {},
                   .is_upload = text_of(record, "type") == "upload"};
  if (out.is_upload) {
    out.version = text_of(record, "version");
    out.json = upload_json(record, out.id);
  } else {
    out.json = json_with_id(record, Depth::kOuter);
  }
  return out;
}

}  // namespace

std::string legacy_id(Members record) {
  std::string text;
  for (const std::string_view name : id_fields(text_of(record, "type"))) {
    if (name == "value") {
      text += value_text(record);
    } else {
      const std::string_view value = text_of(record, name);
      text += name == "time" ? time_text(value) : std::string(value);
    }
    text += '_';
  }
  return to_base32hex(sha1(text + "bootstrap_"));
}

std::optional<LegacyBody> read_legacy_body(const std::string& body) {
  json::Parser parser;
  const auto root = parser.parse(body);
  if (!root || !(root->is_array() || root->is_object())) return std::nullopt;
  LegacyBody out;
  const auto take = [&](json::Element element) {
    out.problem = problem_with(element);
    if (!out.problem.empty()) return false;
    out.records.push_back(read_record(element.get_object().value_unsafe()));
    return true;
  };
  if (root->is_object()) {
    take(*root);
    return out;
  }
  const simdjson::dom::array elements = root->get_array().value_unsafe();
  for (const json::Element element : elements) {
    if (!take(element)) break;
  }
  return out;
}

}  // namespace tideway::record
