#include "record/rule_text.h"

#include <fmt/format.h>

#include "base/number.h"
#include "base/text.h"
#include "json/document.h"
#include "record/batch.h"
#include "record/parse.h"
#include "record/text_forms.h"
#include "record/validate.h"

namespace tideway::record {
namespace {

template <class Items, class Print>
std::string list(const Items& items, Print print, std::string_view last) {
  std::string out;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += i + 1 == items.size() ? last : std::string_view(", ");
    out += print(items[i]);
  }
  return out;
}

std::string range(double low, double high) {
  return plain_number(low) + " to " + plain_number(high);
}

std::string path_of(const Rule& rule) { return quoted(rule.path.text); }

/// Gates and presence: rules about whether the field may or must be there.
std::string presence_text(const Rule& rule) {
  const std::string names = alternatives(rule.names);
  switch (rule.kind) {
    case RuleKind::kOnlyWith:
      return fmt::format("only with {}", path_of(rule));
    case RuleKind::kOnlyWhen:
      return fmt::format("only when {} is {}", path_of(rule), names);
    case RuleKind::kNotWithAny:
      return fmt::format("not together with {}", names);
    case RuleKind::kForbiddenWhen:
      return fmt::format("not when {} is {}", path_of(rule), names);
    case RuleKind::kCheckedWhen:
      return fmt::format("when {} is {}:", path_of(rule), names);
    case RuleKind::kRequiredUnlessAny:
      return fmt::format("required unless there is {}", names);
    case RuleKind::kRequiredWithAny:
      return fmt::format("required with {}", names);
    case RuleKind::kTogetherWith:
      return fmt::format("required with {}, not without", path_of(rule));
    case RuleKind::kRequiredWhenZero:
      return fmt::format("required when {} is 0", path_of(rule));
    default:
      return "required";
  }
}

std::string unit_ranges(const Rule& rule) {
  const auto print = [](const UnitRange& r) {
    return range(r.low, r.high) + " for " + quoted(r.units);
  };
  return fmt::format("by {}: {}", path_of(rule), list(rule.ranges, print, ", "));
}

std::string unit_numbers(const Rule& rule) {
  const auto print = [](const UnitNumbers& set) {
    return fmt::format("{} for {}", list(set.numbers, plain_number, " or "), quoted(set.units));
  };
  return fmt::format("by {}: {}", path_of(rule), list(rule.unit_numbers, print, ", "));
}

/// A bound that is another field.
std::string bound(const Rule& rule, double otherwise) {
  return fmt::format("{} ({} while that is missing or out of range)", path_of(rule),
                     plain_number(otherwise));
}

std::string number_text(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kOneOfNumbers:
      return "one of " + list(rule.numbers, plain_number, ", ");
    case RuleKind::kRange:
      return range(rule.low, rule.high);
    case RuleKind::kMin:
      return "at least " + plain_number(rule.low);
    case RuleKind::kRangeByUnits:
      return unit_ranges(rule);
    case RuleKind::kOneOfByUnits:
      return unit_numbers(rule);
    case RuleKind::kRangeFrom:
      return fmt::format("from {} to {}", bound(rule, rule.low), plain_number(rule.high));
    case RuleKind::kRangeUpTo:
      return fmt::format("from {} to {}", plain_number(rule.low), bound(rule, rule.high));
    default:
      return "at least " + bound(rule, rule.low);
  }
}

std::string form_text(const Rule& rule) {
  switch (rule.kind) {
    case RuleKind::kNotBefore:
      return "not before " + path_of(rule);
    case RuleKind::kLocalTimeText:
      return "a time without zone, YYYY-MM-DDThh:mm:ss";
    case RuleKind::kInstantText:
      return "an RFC 3339 time, not 0001-01-01T00:00:00Z";
    case RuleKind::kDataId:
      return "32 digits and lower-case letters";
    case RuleKind::kTransmitterId:
      return "empty, or 5 to 64 digits and letters";
    case RuleKind::kReverseDomain:
      return fmt::format("a reverse domain name of at most {} bytes", kReverseDomainBytesMax);
    case RuleKind::kTimeZone:
      return "a name of the time zone database";
    default:
      return fmt::format("a URL with scheme and host of at most {} bytes", kUrlBytesMax);
  }
}

std::string text_text(const Rule& rule, const Field& field) {
  const std::string names = list(rule.names, quoted, ", ");
  const bool counts_items = field.kind() != Kind::kString;
  const bool is_time = field.kind() == Kind::kInstant || field.kind() == Kind::kLocalTime;
  switch (rule.kind) {
    case RuleKind::kNotEmpty:
      return is_time ? "not 0001-01-01T00:00:00Z" : "not empty";
    case RuleKind::kLengthMin:
      return fmt::format("at least {} characters", rule.low);
    case RuleKind::kLengthMax:
      return fmt::format("at most {} {}", rule.high, counts_items ? "items" : "characters");
    case RuleKind::kLengthAbove:
      return fmt::format("at least {} characters", rule.low + 1);
    case RuleKind::kBytesMax:
      return fmt::format("at most {} bytes", rule.high);
    case RuleKind::kEqualTo:
      return "always " + names;
    case RuleKind::kOneOf:
      return "one of " + names;
    case RuleKind::kEachNotEmpty:
      return "each not empty";
    case RuleKind::kEachText:
      return fmt::format("each not empty, at most {} characters", rule.high);
    case RuleKind::kEachOneOf:
      return "each one of " + names;
    case RuleKind::kUnique:
      return "none twice";
    default:
      return form_text(rule);
  }
}

}  // namespace

std::string alternatives(std::span<const std::string_view> names) {
  return list(names, quoted, " or ");
}

std::string kind_text(const Field& field) {
  switch (field.kind()) {
    case Kind::kConstant:
      return "constant";
    case Kind::kString:
      return "string";
    case Kind::kInteger:
      return "integer";
    case Kind::kNumber:
      return "number";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kInstant:
      return "time";
    case Kind::kLocalTime:
      return "local time";
    case Kind::kStrings:
      return "array of strings";
    case Kind::kMetadata:
      return "free-form object";
    case Kind::kMetadatas:
      return "array of free-form objects";
    case Kind::kObjects:
      return "array of objects";
    case Kind::kObjectMap:
      return "map of objects";
    case Kind::kObjectsMap:
      return "map of arrays of objects";
    case Kind::kRecord:
      return "record";
    default:
      return "object";
  }
}

std::string rule_text(const Rule& rule, const Field& field) {
  if (rule.kind <= RuleKind::kRequiredWhenZero) return presence_text(rule);
  const bool is_of_numbers =
      rule.kind >= RuleKind::kOneOfNumbers && rule.kind <= RuleKind::kMinFrom;
  return is_of_numbers ? number_text(rule) : text_text(rule, field);
}

std::vector<std::string> storing_texts(const Field& field) {
  std::vector<std::string> out;
  switch (field.transform()) {
    case Transform::kNone:
      break;
    case Transform::kGlucoseUnits:
      out.emplace_back("stored as \"mmol/L\"");
      break;
    case Transform::kRateUnits:
      out.emplace_back("stored as \"mmol/L/minute\"");
      break;
    case Transform::kGlucose:
      out.push_back(
          fmt::format("stored in mmol/L, converted by {}", quoted(field.transform_units().text)));
      break;
    case Transform::kGlucoseRate:
      out.push_back(fmt::format("stored in mmol/L/minute, converted by {}",
                                quoted(field.transform_units().text)));
      break;
    case Transform::kSorted:
      out.emplace_back("stored sorted");
      break;
    case Transform::kDropIfEmpty:
      out.emplace_back("not stored when empty");
      break;
  }
  if (field.output_name() != field.name()) {
    out.push_back("stored under the name " + quoted(field.output_name()));
  }
  if (field.kind() == Kind::kRecord) {
    out.emplace_back("becomes a record of its own, whose id is stored here");
  }
  return out;
}

std::vector<std::string> inherent_texts(const Field& field) {
  switch (field.kind()) {
    case Kind::kMetadata:
    case Kind::kMetadatas:
      return {fmt::format("{}not empty, at most {} bytes{}",
                          field.kind() == Kind::kMetadatas ? "each " : "", kMetadataBytesMax,
                          field.has_nulls() ? "" : ", null members are dropped")};
    case Kind::kInstant:
      return {"RFC 3339"};
    case Kind::kLocalTime:
      return {"YYYY-MM-DDThh:mm:ss, without zone"};
    default:
      if (!field.has_starts()) return {};
      return {
          fmt::format("\"start\" is required in each item: 0 in the first, then rising up to {}",
                      kScheduleStartMax)};
  }
}

std::vector<std::string> object_texts(const Object& object, bool is_record) {
  std::vector<std::string> out;
  if (!object.check_description().empty()) out.emplace_back(object.check_description());
  if (!object.any_of_names().empty()) {
    out.push_back("at least one of " + alternatives(object.any_of_names()));
  }
  if (!object.one_of_names().empty()) {
    out.push_back("at least one of " + alternatives(object.one_of_absent()));
  }
  if (object.is_strict()) out.emplace_back("no other members");
  if (is_record) {
    std::vector<std::string_view> names = {"deviceId", "time", "type"};
    for (const uint16_t at : object.identity_fields()) names.push_back(object.fields()[at].name());
    out.push_back("two records of a user are the same when these are: " +
                  list(names, quoted, ", "));
  }
  return out;
}

std::vector<std::string> limit_texts() {
  return {fmt::format("records of a body: {}", kBatchRecordsMax),
          fmt::format("bytes of a record as stored: {}", kRecordTextBytesMax),
          fmt::format("bytes of a string: {}", kStringBytesMax),
          fmt::format("items of an array, members of a map: {}", kArrayItemsMax),
          fmt::format("bytes of a free-form object as stored: {}", kMetadataBytesMax),
          fmt::format("nesting of JSON: {}", json::kNestingDepthMax),
          fmt::format("errors reported: {}", kErrorsMax)};
}

}  // namespace tideway::record
