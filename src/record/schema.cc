#include "record/schema.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "base/short_text.h"
#include "base/text.h"

namespace tideway::record {
namespace {

/// The members that the server adds to a record, in byte order; each ends a segment.
constexpr std::array<std::string_view, 3> kServerMembers = {"id", "revision", "uploadId"};

}  // namespace

Field&& Field::add(Rule rule) {
  const bool is_of_presence =
      rule.kind >= RuleKind::kRequired && rule.kind <= RuleKind::kRequiredWhenZero;
  may_be_missed_ = may_be_missed_ || is_of_presence;
  rules_.push_back(std::move(rule));
  return std::move(*this);
}

void Field::resolve(const Object& owner) {
  for (Rule& rule : rules_) rule.path.field = owner.find(rule.path.text);
  transform_units_.field = owner.find(transform_units_.text);
}

// Each of these returns the field by value, so that a declaration is one expression.
#define TIDEWAY_FIELD_RULE(signature, ...) \
  Field Field::signature&& { return std::move(add(Rule{__VA_ARGS__})); }

TIDEWAY_FIELD_RULE(required(), .kind = RuleKind::kRequired)
TIDEWAY_FIELD_RULE(required_unless_any(Names fields), .kind = RuleKind::kRequiredUnlessAny,
                   .names = fields)
TIDEWAY_FIELD_RULE(required_with_any(Names fields), .kind = RuleKind::kRequiredWithAny,
                   .names = fields)
TIDEWAY_FIELD_RULE(required_when_zero(std::string_view path), .kind = RuleKind::kRequiredWhenZero,
                   .path = path)
TIDEWAY_FIELD_RULE(together_with(std::string_view path), .kind = RuleKind::kTogetherWith,
                   .path = path)
TIDEWAY_FIELD_RULE(only_with(std::string_view path), .kind = RuleKind::kOnlyWith, .path = path)
TIDEWAY_FIELD_RULE(only_when(std::string_view path, Names values), .kind = RuleKind::kOnlyWhen,
                   .path = path, .names = values)
TIDEWAY_FIELD_RULE(forbidden_when(std::string_view path, Names values),
                   .kind = RuleKind::kForbiddenWhen, .path = path, .names = values)
TIDEWAY_FIELD_RULE(checked_when(std::string_view path, Names values),
                   .kind = RuleKind::kCheckedWhen, .path = path, .names = values)
TIDEWAY_FIELD_RULE(not_with(std::string_view path), .kind = RuleKind::kNotWithAny, .names = {path})
TIDEWAY_FIELD_RULE(not_with_any(Names fields), .kind = RuleKind::kNotWithAny, .names = fields)
TIDEWAY_FIELD_RULE(not_empty(), .kind = RuleKind::kNotEmpty)
TIDEWAY_FIELD_RULE(length_min(int points), .kind = RuleKind::kLengthMin, .low = double(points))
TIDEWAY_FIELD_RULE(length_max(int count), .kind = RuleKind::kLengthMax, .high = double(count))
TIDEWAY_FIELD_RULE(length_above(int points), .kind = RuleKind::kLengthAbove, .low = double(points))
TIDEWAY_FIELD_RULE(bytes_max(int bytes), .kind = RuleKind::kBytesMax, .high = double(bytes))
TIDEWAY_FIELD_RULE(equal_to(std::string_view value), .kind = RuleKind::kEqualTo, .names = {value})
TIDEWAY_FIELD_RULE(one_of(std::vector<std::string_view> values), .kind = RuleKind::kOneOf,
                   .names = std::move(values))
TIDEWAY_FIELD_RULE(one_of_numbers(std::vector<double> values), .kind = RuleKind::kOneOfNumbers,
                   .numbers = std::move(values))
TIDEWAY_FIELD_RULE(range(double low, double high), .kind = RuleKind::kRange, .low = low,
                   .high = high)
TIDEWAY_FIELD_RULE(min(double low), .kind = RuleKind::kMin, .low = low)
TIDEWAY_FIELD_RULE(range_by(std::string_view units_path, std::vector<UnitRange> ranges),
                   .kind = RuleKind::kRangeByUnits, .path = units_path, .ranges = std::move(ranges))
TIDEWAY_FIELD_RULE(one_of_by(std::string_view units_path, std::vector<UnitNumbers> numbers),
                   .kind = RuleKind::kOneOfByUnits, .path = units_path,
                   .unit_numbers = std::move(numbers))
TIDEWAY_FIELD_RULE(range_from(std::string_view path, double low, double high),
                   .kind = RuleKind::kRangeFrom, .low = low, .high = high, .path = path)
TIDEWAY_FIELD_RULE(range_up_to(std::string_view path, double low, double high),
                   .kind = RuleKind::kRangeUpTo, .low = low, .high = high, .path = path)
TIDEWAY_FIELD_RULE(min_from(std::string_view path, double low), .kind = RuleKind::kMinFrom,
                   .low = low, .path = path)
TIDEWAY_FIELD_RULE(not_before(std::string_view path), .kind = RuleKind::kNotBefore, .path = path)
TIDEWAY_FIELD_RULE(local_time_text(), .kind = RuleKind::kLocalTimeText)
TIDEWAY_FIELD_RULE(instant_text(), .kind = RuleKind::kInstantText)
TIDEWAY_FIELD_RULE(data_id(), .kind = RuleKind::kDataId)
TIDEWAY_FIELD_RULE(transmitter_id(), .kind = RuleKind::kTransmitterId)
TIDEWAY_FIELD_RULE(reverse_domain(), .kind = RuleKind::kReverseDomain)
TIDEWAY_FIELD_RULE(time_zone(), .kind = RuleKind::kTimeZone)
TIDEWAY_FIELD_RULE(url(), .kind = RuleKind::kUrl)
TIDEWAY_FIELD_RULE(each_not_empty(), .kind = RuleKind::kEachNotEmpty)
TIDEWAY_FIELD_RULE(each_text(int points), .kind = RuleKind::kEachText, .high = double(points))
TIDEWAY_FIELD_RULE(each_one_of(std::vector<std::string_view> values), .kind = RuleKind::kEachOneOf,
                   .names = std::move(values))
TIDEWAY_FIELD_RULE(unique(), .kind = RuleKind::kUnique)

#undef TIDEWAY_FIELD_RULE

Field Field::text(int code_points_max) && {
  return std::move(*this).not_empty().length_max(code_points_max);
}

Field Field::starts() && {
  has_starts_ = true;
  return std::move(*this);
}

Field Field::glucose_units() && {
  transform_ = Transform::kGlucoseUnits;
  return std::move(*this);
}

Field Field::glucose_rate_units() && {
  transform_ = Transform::kRateUnits;
  return std::move(*this);
}

Field Field::to_mmol(std::string_view units_path) && {
  transform_ = Transform::kGlucose;
  transform_units_ = units_path;
  return std::move(*this);
}

Field Field::rate_to_mmol(std::string_view units_path) && {
  transform_ = Transform::kGlucoseRate;
  transform_units_ = units_path;
  return std::move(*this);
}

Field Field::sorted() && {
  transform_ = Transform::kSorted;
  return std::move(*this);
}

Field Field::drop_if_empty() && {
  transform_ = Transform::kDropIfEmpty;
  return std::move(*this);
}

Field Field::keeps_nulls() && {
  has_nulls_ = true;
  return std::move(*this);
}

Field Field::written_as(std::string_view name) && {
  output_name_ = name;
  return std::move(*this);
}

Field constant(std::string_view name, std::string_view value) {
  Field field(Kind::kConstant, name);
  field.constant_ = value;
  return field;
}

Field with_object(Kind kind, std::string_view name, ObjectRef object) {
  Field field(kind, name);
  field.object_ = object;
  return field;
}

Field with_dispatch(Kind kind, std::string_view name, DispatchRef dispatch) {
  Field field(kind, name);
  field.dispatch_ = dispatch;
  return field;
}

Field string(std::string_view name) { return {Kind::kString, name}; }
Field integer(std::string_view name) { return {Kind::kInteger, name}; }
Field number(std::string_view name) { return {Kind::kNumber, name}; }
Field boolean(std::string_view name) { return {Kind::kBoolean, name}; }
Field instant(std::string_view name) { return {Kind::kInstant, name}; }
Field local_time(std::string_view name) { return {Kind::kLocalTime, name}; }
Field strings(std::string_view name) { return {Kind::kStrings, name}; }
Field metadata(std::string_view name) { return {Kind::kMetadata, name}; }
Field metadatas(std::string_view name) {
  return Field(Kind::kMetadatas, name).not_empty().length_max(100);
}
Field object(std::string_view name, ObjectRef ref) { return with_object(Kind::kObject, name, ref); }
Field objects(std::string_view name, ObjectRef ref) {
  return with_object(Kind::kObjects, name, ref);
}
Field object_map(std::string_view name, ObjectRef ref) {
  return with_object(Kind::kObjectMap, name, ref);
}
Field objects_map(std::string_view name, ObjectRef ref) {
  return with_object(Kind::kObjectsMap, name, ref);
}
Field variant(std::string_view name, DispatchRef ref) {
  return with_dispatch(Kind::kVariant, name, ref);
}
Field record_field(std::string_view name, DispatchRef ref) {
  return with_dispatch(Kind::kRecord, name, ref);
}
Field again(std::string_view name) { return {Kind::kAgain, name}; }

Object::Object(std::initializer_list<Field> fields) : fields_(fields) { index(); }
Object::Object(Fields fields) : fields_(std::move(fields)) { index(); }

Object Object::any_of(std::vector<std::string_view> names) && {
  any_of_ = std::move(names);
  return std::move(*this);
}

Object Object::one_of(std::vector<std::string_view> names,
                      std::vector<std::string_view> absent) && {
  one_of_ = std::move(names);
  one_of_absent_ = std::move(absent);
  return std::move(*this);
}

Object Object::check(std::string_view description, CheckFunction function) && {
  check_description_ = description;
  check_ = function;
  return std::move(*this);
}

Object Object::parsed_as(std::vector<std::string_view> names) && {
  // Fields that are not named are the base fields of a record: they stay in front.
  std::ranges::stable_sort(parse_order_, {}, [&](uint16_t field) {
    const auto at = std::ranges::find(names, fields_[field].name());
    return at == names.end() ? -1 : static_cast<int>(at - names.begin());
  });
  parsed_in_order_ = false;
  return std::move(*this);
}

Object Object::identity(std::vector<std::string_view> names) && {
  for (const std::string_view name : names) {
    const auto at = std::ranges::find(fields_, name, &Field::name);
    const auto field = static_cast<uint16_t>(at - fields_.begin());
    identity_.push_back(field);
    for (WriteStep& step : write_steps_) step.is_in_identity |= step.field == field;
  }
  return std::move(*this);
}

Object Object::unlinked() && {
  linked_ = false;
  return std::move(*this);
}

Object Object::strict() && {
  strict_ = true;
  return std::move(*this);
}

size_t Object::bucket(std::string_view name) const {
  // The high bits are the mixed ones.
  return short_hash(name) >> 32 & (table_.size() - 1);
}

int Object::find_member(std::string_view name) const {
  for (size_t at = bucket(name); table_[at].field >= 0; at = (at + 1) & (table_.size() - 1)) {
    if (same_text(table_[at].view(), name)) return table_[at].field;
  }
  return -1;
}

std::string_view Object::constant(std::string_view name) const {
  for (const uint16_t at : constants_) {
    if (same_text(names_[at].view(), name)) return fields_[at].constant();
  }
  return {};
}

void Object::index_field(uint16_t at, std::string& written_text) {
  const Field& field = fields_[at];
  segments_.push_back(static_cast<uint8_t>(std::ranges::count_if(
      kServerMembers, [&](auto member) { return member <= field.output_name(); })));
  std::string key = '"' + std::string(field.output_name()) + "\":";
  const bool is_constant = field.kind() == Kind::kConstant;
  if (is_constant) {
    append_json_string(key, field.constant());
    constants_.push_back(at);
    constants_set_ |= only(at);
    constants_json_ += (constants_json_.empty() ? '{' : ',') + key;
  }
  written_keys_.push_back({written_text.size(), key.size()});
  written_text += key;
  const Member member = {field.name().data(), static_cast<uint16_t>(field.name().size()),
                         static_cast<int16_t>(at)};
  names_.push_back(member);
  if (field.may_be_missed() || field.kind() == Kind::kAgain) checked_when_absent_ |= only(at);
  if (field.kind() == Kind::kAgain) return;
  write_order_.push_back(at);
  if (!is_constant) parse_order_.push_back(at);
  if (field.name() == "subType") sub_type_ = at;
  size_t place = bucket(field.name());
  while (table_[place].field >= 0) place = (place + 1) & (table_.size() - 1);
  table_[place] = member;
}

void Object::index() {
  if (fields_.size() > kFieldsMax) throw std::length_error("an object with too many fields");
  size_t size = 16;
  while (size < fields_.size() * 4) size *= 2;
  table_.resize(size);
  std::string written_text;
  for (uint16_t i = 0; i < fields_.size(); ++i) index_field(i, written_text);
  written_text.append(TextBuffer::kPaddingBytes, ' ');
  written_text_ = std::make_shared<const std::string>(std::move(written_text));
  if (!constants_json_.empty()) constants_json_ += '}';
  std::ranges::sort(write_order_, {}, [&](uint16_t i) { return fields_[i].output_name(); });
  for (const uint16_t i : write_order_) {
    const Field& field = fields_[i];
    write_steps_.push_back({.field = i,
                            .segment = segments_[i],
                            .kind = field.kind(),
                            .drops_if_empty = field.transform() == Transform::kDropIfEmpty,
                            .key = written_key(i)});
  }
  for (Field& field : fields_) field.resolve(*this);
}

}  // namespace tideway::record
