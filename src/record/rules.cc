#include "record/rules.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/ids.h"
#include "base/number.h"
#include "base/short_text.h"
#include "base/text.h"
#include "record/text_forms.h"
#include "record/time_zone.h"

namespace tideway::record {
namespace {

/// Everything a rule may look at.
struct Subject {
  const Rule& rule;
  const Field& field;
  const Value& value;
  const CheckContext& context;
  const Path& path;

  Report& report() const { return context.report; }
};

template <class Items, class Item>
bool is_among(const Items& items, const Item& item) {
  return std::ranges::find(items, item) != std::ranges::end(items);
}

bool any_present(const Subject& s) {
  return std::ranges::any_of(s.rule.names,
                             [&](auto name) { return s.context.find(name) != nullptr; });
}

/// Whether the text at the rule's path is one of its names.
bool is_named(const Subject& s) { return is_one_of(s.rule.names, s.context.text(s.rule.path)); }

bool is_gate_open(const Subject& s) {
  switch (s.rule.kind) {
    case RuleKind::kOnlyWith:
      return s.context.find(s.rule.path) != nullptr;
    case RuleKind::kOnlyWhen:
    case RuleKind::kCheckedWhen:
      return is_named(s);
    case RuleKind::kForbiddenWhen:
      return !is_named(s);
    case RuleKind::kNotWithAny:
      return !any_present(s);
    default:
      return true;
  }
}

void check_presence(const Subject& s) {
  const auto other = [&] { return s.context.find(s.rule.path); };
  bool required = false;
  switch (s.rule.kind) {
    case RuleKind::kRequired:
      required = true;
      break;
    case RuleKind::kRequiredUnlessAny:
      required = !any_present(s);
      break;
    case RuleKind::kRequiredWithAny:
      required = any_present(s);
      break;
    case RuleKind::kTogetherWith:
      required = other() != nullptr;
      if (!required && s.value.present) s.report().exists(s.path);
      break;
    case RuleKind::kRequiredWhenZero:
      required = other() != nullptr && other()->number == 0;
      break;
    default:
      break;
  }
  if (required && !s.value.present) s.report().not_exists(s.path);
}

bool is_array(const Field& field) {
  return field.kind() == Kind::kObjects || field.kind() == Kind::kStrings ||
         field.kind() == Kind::kMetadatas;
}

size_t length(const Subject& s) {
  return is_array(s.field) ? s.value.items.size() : code_point_count(s.value.text);
}

void check_not_empty(const Subject& s) {
  const bool is_time = s.field.kind() == Kind::kInstant || s.field.kind() == Kind::kLocalTime;
  const bool is_empty = is_time             ? s.value.time.is_zero()
                        : is_array(s.field) ? s.value.items.empty()
                                            : s.value.text.empty();
  if (is_empty) s.report().empty_value(s.path);
}

void check_length(const Subject& s) {
  const auto count =
      static_cast<double>(s.rule.kind == RuleKind::kBytesMax ? s.value.text.size() : length(s));
  const auto bad = [&](std::string_view relation) {
    s.report().bad_length(s.path, static_cast<size_t>(count), relation);
  };
  switch (s.rule.kind) {
    case RuleKind::kLengthMin:
      if (count < s.rule.low) bad("greater than or equal to " + plain_number(s.rule.low));
      return;
    case RuleKind::kLengthAbove:
      if (count <= s.rule.low) bad("greater than " + plain_number(s.rule.low));
      return;
    default:
      if (count > s.rule.high) bad("less than or equal to " + plain_number(s.rule.high));
  }
}

/// Beyond 2^53 an integer has other digits than the shortest ones of its double.
std::string shown_number(const Subject& s) {
  if (s.field.kind() != Kind::kInteger) return plain_number(s.value.number);
  return std::to_string(to_int64(s.value.number));
}

void check_between(const Subject& s, double low, double high) {
  if (s.value.number >= low && s.value.number <= high) return;
  s.report().out_of_range(s.path, shown_number(s),
                          fmt::format("between {} and {}", plain_number(low), plain_number(high)));
}

void check_at_least(const Subject& s, double low) {
  if (s.value.number >= low) return;
  s.report().out_of_range(s.path, shown_number(s), "greater than or equal to " + plain_number(low));
}

void check_number_among(const Subject& s, const std::vector<double>& allowed) {
  if (!is_among(allowed, s.value.number)) {
    s.report().number_not_allowed(s.path, shown_number(s), allowed);
  }
}

/// Ranges whose bound is another field: that bound holds only while the other field is in range.
void check_relative(const Subject& s) {
  const Value* const other = s.context.find(s.rule.path);
  const bool unbounded = s.rule.kind == RuleKind::kMinFrom;
  const bool usable = other != nullptr && other->number >= s.rule.low &&
                      (unbounded || other->number <= s.rule.high);
  switch (s.rule.kind) {
    case RuleKind::kRangeFrom:
      return check_between(s, usable ? other->number : s.rule.low, s.rule.high);
    case RuleKind::kRangeUpTo:
      return check_between(s, s.rule.low, usable ? other->number : s.rule.high);
    default:
      return check_at_least(s, usable ? other->number : s.rule.low);
  }
}

/// What a rule has for the given units.
template <class PerUnits>
auto find_units(const PerUnits& rules, std::string_view units) {
  return std::ranges::find_if(rules,
                              [&](const auto& rule) { return same_text(rule.units, units); });
}

void check_number(const Subject& s) {
  switch (s.rule.kind) {
    case RuleKind::kOneOfNumbers:
      return check_number_among(s, s.rule.numbers);
    case RuleKind::kRange:
      return check_between(s, s.rule.low, s.rule.high);
    case RuleKind::kMin:
      return check_at_least(s, s.rule.low);
    case RuleKind::kRangeByUnits: {
      const auto range = find_units(s.rule.ranges, s.context.text(s.rule.path));
      if (range != s.rule.ranges.end()) check_between(s, range->low, range->high);
      return;
    }
    case RuleKind::kOneOfByUnits: {
      const auto set = find_units(s.rule.unit_numbers, s.context.text(s.rule.path));
      if (set != s.rule.unit_numbers.end()) check_number_among(s, set->numbers);
      return;
    }
    default:
      return check_relative(s);
  }
}

void check_layout(const Subject& s, std::string_view layout, bool readable) {
  if (!readable) {
    s.report().not_valid(s.path, s.value.text, fmt::format("as time with layout \"{}\"", layout));
  }
}

/// Forms for which the empty string is an error of its own.
void check_form(const Subject& s, bool valid, std::string_view as_what) {
  if (s.value.text.empty()) {
    s.report().empty_value(s.path);
  } else if (!valid) {
    s.report().not_valid(s.path, s.value.text, as_what);
  }
}

void check_bytes(const Subject& s, size_t bytes_max, bool valid) {
  if (valid && s.value.text.size() > bytes_max) {
    s.report().bad_length(s.path, s.value.text.size(),
                          fmt::format("less than or equal to {}", bytes_max));
  }
}

void check_text(const Subject& s) {
  const std::string_view text = s.value.text;
  switch (s.rule.kind) {
    case RuleKind::kEqualTo:
      if (text != s.rule.names.front()) s.report().not_equal(s.path, text, s.rule.names.front());
      return;
    case RuleKind::kOneOf:
      if (!is_one_of(s.rule.names, text)) {
        s.report().not_allowed(s.path, text, s.rule.names);
      }
      return;
    case RuleKind::kLocalTimeText:
      return check_layout(s, kLocalTimeLayout, parse_local_time(text).has_value());
    case RuleKind::kInstantText: {
      const auto time = parse_instant(text);
      check_layout(s, kInstantLayout, time.has_value());
      if (time && time->is_zero()) s.report().empty_value(s.path);
      return;
    }
    case RuleKind::kDataId:
      return check_form(s, is_data_id(text), "as data id");
    case RuleKind::kTransmitterId:
      if (!text.empty()) check_form(s, is_transmitter_id(text), "as transmitter id");
      return;
    case RuleKind::kReverseDomain:
      check_form(s, is_reverse_domain(text), "as reverse domain");
      return check_bytes(s, kReverseDomainBytesMax, is_reverse_domain(text));
    case RuleKind::kTimeZone:
      return check_form(s, is_time_zone_name(text), "time zone name");
    default:
      check_form(s, is_url(text), "as url");
      return check_bytes(s, kUrlBytesMax, is_url(text));
  }
}

void check_item(const Subject& s, const Value& item, const Path& at) {
  const size_t points = code_point_count(item.text);
  const auto count = static_cast<double>(points);
  switch (s.rule.kind) {
    case RuleKind::kEachNotEmpty:
      if (item.text.empty()) s.report().empty_value(at);
      return;
    case RuleKind::kEachText:
      if (item.text.empty()) {
        s.report().empty_value(at);
      } else if (count > s.rule.high) {
        s.report().bad_length(at, points, fmt::format("less than or equal to {}", s.rule.high));
      }
      return;
    default:
      if (!is_one_of(s.rule.names, item.text)) {
        s.report().not_allowed(at, item.text, s.rule.names);
      }
  }
}

void check_unique(const Subject& s) {
  const auto& items = s.value.items;
  std::vector<std::string_view> seen;
  for (size_t i = 0; i < items.size(); ++i) {
    const auto place = std::ranges::lower_bound(seen, items[i].text);
    if (place != seen.end() && *place == items[i].text) {
      s.report().duplicate(Path(s.path, i));
    } else {
      seen.insert(place, items[i].text);
    }
  }
}

void check_items(const Subject& s) {
  if (s.rule.kind == RuleKind::kUnique) return check_unique(s);
  for (size_t i = 0; i < s.value.items.size(); ++i) {
    check_item(s, s.value.items[i], Path(s.path, i));
  }
}

void check_not_before(const Subject& s) {
  const Value* const limit = s.context.find(s.rule.path);
  if (limit != nullptr && is_before(s.value.time, limit->time)) {
    s.report().not_after(s.path, s.value.time, limit->time);
  }
}

void check_value(const Subject& s) {
  switch (s.rule.kind) {
    case RuleKind::kNotEmpty:
      return check_not_empty(s);
    case RuleKind::kLengthMin:
    case RuleKind::kLengthMax:
    case RuleKind::kLengthAbove:
    case RuleKind::kBytesMax:
      return check_length(s);
    case RuleKind::kOneOfNumbers:
    case RuleKind::kRange:
    case RuleKind::kMin:
    case RuleKind::kRangeByUnits:
    case RuleKind::kOneOfByUnits:
    case RuleKind::kRangeFrom:
    case RuleKind::kRangeUpTo:
    case RuleKind::kMinFrom:
      return check_number(s);
    case RuleKind::kNotBefore:
      return check_not_before(s);
    case RuleKind::kEachNotEmpty:
    case RuleKind::kEachText:
    case RuleKind::kEachOneOf:
    case RuleKind::kUnique:
      return check_items(s);
    default:
      return check_text(s);
  }
}

}  // namespace

bool apply_rules(const Field& field, const Value& value, const CheckContext& context,
                 const Path& path) {
  for (const Rule& rule : field.rules()) {
    // The commonest rule has nothing to say about the commonest value.
    if (rule.kind == RuleKind::kRequired && value.present) continue;
    const Subject subject{rule, field, value, context, path};
    if (rule.kind <= RuleKind::kCheckedWhen) {
      if (is_gate_open(subject)) continue;
      if (rule.kind == RuleKind::kCheckedWhen) return false;
      if (value.present) context.report.exists(path);
      return false;
    }
    if (rule.kind <= RuleKind::kRequiredWhenZero) {
      check_presence(subject);
    } else if (value.present) {
      check_value(subject);
    }
  }
  return true;
}

}  // namespace tideway::record
