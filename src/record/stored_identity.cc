#include "record/stored_identity.h"

#include <algorithm>
#include <span>
#include <stdexcept>

#include "base/short_text.h"
#include "json/member.h"
#include "record/glucose.h"
#include "record/record_types.h"
#include "record/schema/base.h"

namespace tideway::record {
namespace {

/// Any kind of the type: all have the same identity.
const Object& any_object(const Dispatch::Case& type) {
  return type.object != nullptr ? type.object() : any_object(type.dispatch().cases.front());
}

/// Of units that are normalised there is only one.
std::string_view constant_of(const Field& field) {
  return field.transform() == Transform::kGlucoseUnits ? kMmolPerL : std::string_view();
}

/// The string without escapes, or the number, that a text begins with.
std::string_view scalar(std::string_view text) {
  return text.starts_with('"') ? text.substr(0, text.find('"', 1) + 1)
                               : text.substr(0, text.find(','));
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

std::string_view unquoted(std::string_view value) {
  return value.starts_with('"') ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

StoredIdentityReader::Type& StoredIdentityReader::type_of(std::string_view name) {
  const auto known =
      std::ranges::find_if(types_, [name](const Type& type) { return same_text(type.name, name); });
  if (known != types_.end()) return *known;
  const Dispatch::Case* const declared = find_record_type(name);
  if (declared == nullptr) throw std::invalid_argument("stored identity: no such type of records");
  const Object& object = any_object(*declared);
  Type& type = types_.emplace_back(Type{declared->value, {}});
  const auto add = [&](size_t at) {
    const Field& field = object.fields()[at];
    type.members.push_back(
        {.name = field.name(), .segment = object.segment(at), .constant = constant_of(field)});
  };
  add(base_field::kTime);
  for (const uint16_t field : object.identity_fields()) add(field);
  return type;
}

/// The value of a member; `last` is that of the member before. Where the text before it is the same
/// as last time, so is what it means; else the segment is searched.
std::string_view StoredIdentityReader::find(Member& member, std::string_view segment,
                                            std::string_view last) {
  const char* const last_end = last.data() + last.size();
  const bool is_near = lies_in(last, segment);
  if (member.before && (is_near || !member.is_behind_last)) {
    const char* const from = member.is_behind_last ? last_end : segment.data();
    const std::string_view rest(from, segment.data() + segment.size());
    if (rest.starts_with(*member.before)) return scalar(rest.substr(member.before->size()));
  }
  const auto value = json::find_member(segment, member.name);
  if (!value) return {};
  member.is_behind_last = is_near && last_end <= value->data();
  member.before.emplace(member.is_behind_last ? last_end : segment.data(), value->data());
  return *value;
}

void StoredIdentityReader::append(TextBuffer& out, std::string_view type, std::string_view text,
                                  const std::array<uint32_t, 4>& segment_sizes) {
  std::array<std::string_view, 4> segments;
  for (size_t i = 0; i < segments.size(); ++i) {
    segments[i] = text.substr(0, segment_sizes[i]);
    text.remove_prefix(segment_sizes[i]);
  }
  Type& known = type_of(type);
  std::string_view last;
  const auto append_value = [&](Member& member) {
    if (!member.constant.empty()) return out.append(member.constant);
    last = find(member, segments[member.segment], last);
    out.append(unquoted(last));
  };
  append_value(known.members.front());
  out.append('|');
  out.append(known.name);
  for (Member& member : std::span(known.members).subspan(1)) {
    out.append('|');
    append_value(member);
  }
}

}  // namespace tideway::record
