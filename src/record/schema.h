// The vocabulary in which record types are declared (src/record/schema/*.cc).
//
// A type is an Object: fields in the order in which they are parsed and, unless said otherwise,
// checked. A field has a kind and rules; rules run in the order written. Declarations are data:
// one engine (parse.cc, validate.cc, write.cc) walks them, and the documentation of a type is
// printed from them.
//
// Paths to other fields: "units" is the field of that name in the same object; "/units/bg" starts
// at the record.
#pragma once

#include <bit>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/short_text.h"

namespace tideway::record {

class Object;
struct Dispatch;
struct CheckContext;

/// Objects are functions, so that they may refer to each other, also in circles.
using ObjectRef = const Object& (*)();
using DispatchRef = const Dispatch& (*)();
/// A check that needs more than the vocabulary; it reports into the context.
using CheckFunction = void (*)(const CheckContext&);

/// Some fields of an object: bit i stands for fields()[i].
using FieldSet = uint64_t;
inline constexpr size_t kFieldsMax = 64;

inline bool contains(FieldSet set, size_t field) { return (set >> field & 1) != 0; }
inline FieldSet only(size_t field) { return FieldSet{1} << field; }

/// Calls `visit` with each field of the set, ascending.
template <class Visit>
void for_each_field(FieldSet set, Visit visit) {
  for (; set != 0; set &= set - 1) visit(static_cast<size_t>(std::countr_zero(set)));
}

enum class Kind : uint8_t {
  kConstant,  ///< written, never read: the type, the delivery type …
  kString,
  kInteger,
  kNumber,
  kBoolean,
  kInstant,    ///< RFC 3339 text, kept as an instant
  kLocalTime,  ///< zone-less text, kept as an instant
  kObject,
  kObjects,     ///< array of objects
  kStrings,     ///< array of strings
  kObjectMap,   ///< object with free keys, values objects
  kObjectsMap,  ///< object with free keys, values arrays of objects
  kMetadata,    ///< free-form object
  kMetadatas,   ///< array of free-form objects
  kVariant,     ///< object whose shape its own members choose; stays inside the record
  kRecord,      ///< a whole record, that becomes one of its own
  kAgain,       ///< further rules for an earlier field, checked here
};

enum class RuleKind : uint8_t {
  // Gates: when one fails, a present value is value-exists and no further rule runs.
  kOnlyWith,       ///< forbidden unless the field `path` is present
  kOnlyWhen,       ///< forbidden unless the string `path` is one of `names`
  kNotWithAny,     ///< forbidden if any field of `names` is present
  kForbiddenWhen,  ///< forbidden if the string `path` is one of `names`
  kCheckedWhen,    ///< no further rule runs unless `path` is one of `names`; never an error itself
  // Presence.
  kRequired,
  kRequiredUnlessAny,  ///< … any field of `names` is present
  kRequiredWithAny,    ///< … when any field of `names` is present
  kTogetherWith,       ///< present exactly when `path` is
  kRequiredWhenZero,   ///< … when the number `path` is 0
  // Values.
  kNotEmpty,       ///< string, array, metadata, time
  kLengthMin,      ///< code points, at least `low`
  kLengthMax,      ///< code points of a string, items of an array, at most `high`
  kLengthAbove,    ///< code points, more than `low`
  kBytesMax,       ///< bytes of a string, at most `high`
  kEqualTo,        ///< the string `names[0]`
  kOneOf,          ///< a string of `names`
  kOneOfNumbers,   ///< a number of `numbers`
  kRange,          ///< `low` to `high`
  kMin,            ///< at least `low`
  kRangeByUnits,   ///< the range of the units at `path`; none without known units
  kOneOfByUnits,   ///< the numbers of the units at `path`; none without known units
  kRangeFrom,      ///< `path` to `high` while `path` itself is in range, else `low` to `high`
  kRangeUpTo,      ///< `low` to `path` while `path` itself is in range, else `low` to `high`
  kMinFrom,        ///< at least `path` while that is at least `low`, else at least `low`
  kNotBefore,      ///< not before the instant `path`
  kLocalTimeText,  ///< text in the zone-less layout
  kInstantText,    ///< text in the instant layout, not the zero time
  kDataId,
  kTransmitterId,
  kReverseDomain,
  kTimeZone,
  kUrl,
  // Items of a string array; each runs over all items.
  kEachNotEmpty,
  kEachText,  ///< not empty, at most `high` code points
  kEachOneOf,
  kUnique,
};

/// What is written instead of the value that was read.
enum class Transform : uint8_t {
  kNone,
  kGlucoseUnits,  ///< any spelling of the four → mmol/L
  kRateUnits,     ///< → mmol/L/minute
  kGlucose,       ///< mg/dL → mmol/L by the units at transform_units
  kGlucoseRate,
  kSorted,       ///< strings in byte order
  kDropIfEmpty,  ///< an empty array is not written
};

/// The way to another field; `field` is its place in the same object, found out once, or -1.
struct FieldPath {
  FieldPath() = default;
  FieldPath(std::string_view path) : text(path) {}

  std::string_view text;
  int field = -1;
};

struct UnitRange {
  std::string_view units;
  double low;
  double high;
};

struct UnitNumbers {
  std::string_view units;
  std::vector<double> numbers;
};

struct Rule {
  RuleKind kind;
  double low = 0;
  double high = 0;
  FieldPath path{};
  std::vector<std::string_view> names{};
  std::vector<double> numbers{};
  std::vector<UnitRange> ranges{};
  std::vector<UnitNumbers> unit_numbers{};
};

using Names = std::initializer_list<std::string_view>;

/// A field under construction and, once part of an Object, for good.
class Field {
 public:
  Field(Kind kind, std::string_view name) : kind_(kind), name_(name), output_name_(name) {}

  Field required() &&;
  Field required_unless_any(Names fields) &&;
  Field required_with_any(Names fields) &&;
  Field required_when_zero(std::string_view path) &&;
  Field together_with(std::string_view path) &&;
  Field only_with(std::string_view path) &&;
  Field only_when(std::string_view path, Names values) &&;
  Field forbidden_when(std::string_view path, Names values) &&;
  Field checked_when(std::string_view path, Names values) &&;
  Field not_with(std::string_view path) &&;
  Field not_with_any(Names fields) &&;

  Field not_empty() &&;
  Field length_min(int code_points) &&;
  Field length_max(int count) &&;
  Field length_above(int code_points) &&;
  Field bytes_max(int bytes) &&;
  Field text(int code_points_max) &&;  ///< not empty, then length_max
  Field equal_to(std::string_view value) &&;
  Field one_of(std::vector<std::string_view> values) &&;
  Field one_of_numbers(std::vector<double> values) &&;
  Field range(double low, double high) &&;
  Field min(double low) &&;
  Field range_by(std::string_view units_path, std::vector<UnitRange> ranges) &&;
  Field one_of_by(std::string_view units_path, std::vector<UnitNumbers> numbers) &&;
  Field range_from(std::string_view path, double low, double high) &&;
  Field range_up_to(std::string_view path, double low, double high) &&;
  Field min_from(std::string_view path, double low) &&;
  Field not_before(std::string_view path) &&;
  Field local_time_text() &&;
  Field instant_text() &&;
  Field data_id() &&;
  Field transmitter_id() &&;
  Field reverse_domain() &&;
  Field time_zone() &&;
  Field url() &&;

  Field each_not_empty() &&;
  Field each_text(int code_points_max) &&;
  Field each_one_of(std::vector<std::string_view> values) &&;
  Field unique() &&;

  /// The items carry `start`, checked behind their other fields: the first 0, then rising.
  Field starts() &&;

  Field glucose_units() &&;
  Field glucose_rate_units() &&;
  Field to_mmol(std::string_view units_path) &&;
  Field rate_to_mmol(std::string_view units_path) &&;
  Field sorted() &&;
  Field drop_if_empty() &&;
  Field keeps_nulls() &&;  ///< members of metadata that are null stay, instead of being dropped
  Field written_as(std::string_view name) &&;

  Kind kind() const { return kind_; }
  std::string_view name() const { return name_; }
  std::string_view output_name() const { return output_name_; }
  const std::vector<Rule>& rules() const { return rules_; }
  Transform transform() const { return transform_; }
  const FieldPath& transform_units() const { return transform_units_; }
  std::string_view constant() const { return constant_; }
  bool has_starts() const { return has_starts_; }
  bool has_nulls() const { return has_nulls_; }
  /// Whether its rules say anything about an absent value.
  bool may_be_missed() const { return may_be_missed_; }
  const Object& object() const { return object_(); }
  const Dispatch& dispatch() const { return dispatch_(); }

 private:
  friend Field constant(std::string_view, std::string_view);
  friend Field with_object(Kind, std::string_view, ObjectRef);
  friend Field with_dispatch(Kind, std::string_view, DispatchRef);
  friend class Object;
  Field&& add(Rule rule);
  /// Finds the fields that it refers to in the object that it is part of.
  void resolve(const Object& owner);

  Kind kind_;
  Transform transform_ = Transform::kNone;
  bool has_starts_ = false;
  bool has_nulls_ = false;
  bool may_be_missed_ = false;
  std::string_view name_;
  std::vector<Rule> rules_;  // beside the name: every record needs both
  std::string_view output_name_;
  FieldPath transform_units_;
  std::string_view constant_;
  ObjectRef object_ = nullptr;
  DispatchRef dispatch_ = nullptr;
};

Field constant(std::string_view name, std::string_view value);
Field string(std::string_view name);
Field integer(std::string_view name);
Field number(std::string_view name);
Field boolean(std::string_view name);
Field instant(std::string_view name);
Field local_time(std::string_view name);
Field strings(std::string_view name);
Field metadata(std::string_view name);   ///< with the rules of every metadata object
Field metadatas(std::string_view name);  ///< with the rules of `annotations`
Field object(std::string_view name, ObjectRef object);
Field objects(std::string_view name, ObjectRef item);
Field object_map(std::string_view name, ObjectRef value);
Field objects_map(std::string_view name, ObjectRef item);
Field variant(std::string_view name, DispatchRef dispatch);
Field record_field(std::string_view name, DispatchRef dispatch);
Field again(std::string_view name);

/// A list of fields that ends up as one object.
using Fields = std::vector<Field>;

/// All that writing a field takes, side by side in the order of writing.
struct WriteStep {
  uint16_t field;
  uint8_t segment;  ///< see Object::segment
  Kind kind;
  bool drops_if_empty;
  bool is_in_identity = false;
  std::string_view key;  ///< see Object::written_key
};

/// A declared object: what a record, or an object nested in one, may hold.
class Object {
 public:
  Object(std::initializer_list<Field> fields);
  explicit Object(Fields fields);

  /// At least one of these must exist; reported at the object, behind the fields' own checks.
  Object any_of(std::vector<std::string_view> names) &&;
  /// The same under the code values-not-exist-for-one, and only if none of `absent` exists.
  Object one_of(std::vector<std::string_view> names, std::vector<std::string_view> absent) &&;
  /// A check of the whole object, run before its fields'.
  Object check(std::string_view description, CheckFunction function) &&;
  /// Fields are parsed in this order instead, behind the ones not named.
  Object parsed_as(std::vector<std::string_view> names) &&;
  /// Fields whose normalised values belong to the identity of a record.
  Object identity(std::vector<std::string_view> names) &&;
  /// A record of this shape that was taken out of another leaves no link there.
  Object unlinked() &&;
  /// Unknown members are not-parsed errors instead of being dropped.
  Object strict() &&;

  const std::vector<Field>& fields() const { return fields_; }
  /// Index of the field that reads the member `name`, or -1. Constants and kAgain do not read.
  int find(std::string_view name) const {
    const int at = find_member(name);
    return at >= 0 && contains(constants_set_, static_cast<size_t>(at)) ? -1 : at;
  }
  /// The same, but finds constants too.
  int find_member(std::string_view name) const;
  /// The same, faster when the guess, an earlier result, is right.
  int find_member(std::string_view name, int guess) const {
    const bool is_right = guess >= 0 && same_text(names_[static_cast<size_t>(guess)].view(), name);
    return is_right ? guess : find_member(name);
  }
  FieldSet constants() const { return constants_set_; }
  /// Fields whose rules have something to say about an absent value, or that are checked again.
  FieldSet checked_when_absent() const { return checked_when_absent_; }
  /// Whether fields are parsed in the order of fields().
  bool is_parsed_in_order() const { return parsed_in_order_; }
  /// The field or constant subType, or -1.
  int sub_type() const { return sub_type_; }
  /// Indexes into fields(), in the order of parsing, checking and writing.
  const std::vector<uint16_t>& parse_order() const { return parse_order_; }
  const std::vector<uint16_t>& write_order() const { return write_order_; }
  const std::vector<WriteStep>& write_steps() const { return write_steps_; }
  /// How many of the members id, revision and uploadId, which the server adds, are written before
  /// or in the place of a field.
  size_t segment(size_t field) const { return segments_[field]; }
  const std::vector<uint16_t>& identity_fields() const { return identity_; }
  /// The constants as a JSON object: what errors inside a record carry as `meta`.
  const std::string& constants_json() const { return constants_json_; }
  /// The constant of that name, or an empty text.
  std::string_view constant(std::string_view name) const;
  /// `"name":` of a field, ready to be written; of a constant with its value. Padded for
  /// TextBuffer::append_padded.
  std::string_view written_key(size_t field) const {
    const WrittenKey& key = written_keys_[field];
    return std::string_view(*written_text_).substr(key.at, key.size);
  }
  const std::vector<std::string_view>& any_of_names() const { return any_of_; }
  const std::vector<std::string_view>& one_of_names() const { return one_of_; }
  const std::vector<std::string_view>& one_of_absent() const { return one_of_absent_; }
  CheckFunction check_function() const { return check_; }
  std::string_view check_description() const { return check_description_; }
  bool is_linked() const { return linked_; }
  bool is_strict() const { return strict_; }

 private:
  struct WrittenKey {
    size_t at;
    size_t size;
  };

  void index();
  void index_field(uint16_t at, std::string& written_text);
  size_t bucket(std::string_view name) const;

  std::vector<Field> fields_;
  std::vector<uint16_t> parse_order_;
  std::vector<uint16_t> write_order_;
  std::vector<WriteStep> write_steps_;
  std::vector<uint8_t> segments_;
  std::vector<uint16_t> identity_;
  std::vector<std::string_view> any_of_;
  std::vector<std::string_view> one_of_;
  std::vector<std::string_view> one_of_absent_;
  std::string_view check_description_;
  CheckFunction check_ = nullptr;
  bool linked_ = true;
  bool strict_ = false;
  std::vector<uint16_t> constants_;
  std::string constants_json_;
  std::shared_ptr<const std::string> written_text_;  ///< stays where it is when this is moved
  std::vector<WrittenKey> written_keys_;             ///< parts of written_text_
  FieldSet constants_set_ = 0;
  FieldSet checked_when_absent_ = 0;
  bool parsed_in_order_ = true;
  int sub_type_ = -1;
  struct Member {
    const char* name = nullptr;  ///< null in a free place
    uint16_t size = 0;
    int16_t field = -1;

    std::string_view view() const { return {name, size}; }
  };
  std::vector<Member> table_;  ///< open addressing; a power of two long
  std::vector<Member> names_;  ///< by field; those of all fields, side by side
};

/// Chooses an Object by string members: `key` must be one of the cases' values, in this order in
/// error details.
struct Dispatch {
  struct Case {
    std::string_view value;
    ObjectRef object = nullptr;      ///< either this …
    DispatchRef dispatch = nullptr;  ///< … or a further choice
  };
  std::string_view key;
  std::vector<Case> cases;
};

}  // namespace tideway::record
