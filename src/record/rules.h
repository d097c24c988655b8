// The rules that a declaration can name, each a few lines of rules.cc.
#pragma once

#include "base/short_text.h"
#include "record/validate.h"

namespace tideway::record {

/// Runs the rules of `field` on `value`, which may be absent. False when a gate closed: then what
/// is inside the value is not looked at.
bool apply_rules(const Field& field, const Value& value, const CheckContext& context,
                 const Path& path);

/// Whether a rule, one of the commonest, holds for a value that is there. False says nothing: then
/// apply_rules() finds out.
inline bool surely_holds(const Rule& rule, Kind kind, const Value& value,
                         const CheckContext& context) {
  switch (rule.kind) {
    case RuleKind::kRequired:
      return true;
    case RuleKind::kNotEmpty:
      return kind == Kind::kString ? !value.text.empty()
                                   : kind == Kind::kInstant && !value.time.is_zero();
    case RuleKind::kLengthMax:  // no text has more characters than bytes
      return kind == Kind::kString && static_cast<double>(value.text.size()) <= rule.high;
    case RuleKind::kMin:
      return value.number >= rule.low;
    case RuleKind::kOneOf:
      return is_one_of(rule.names, value.text);
    case RuleKind::kRange:
      return value.number >= rule.low && value.number <= rule.high;
    case RuleKind::kOnlyWith:
      return context.find(rule.path) != nullptr;
    case RuleKind::kRangeByUnits: {
      const std::string_view units = context.text(rule.path);
      for (const UnitRange& range : rule.ranges) {
        if (!same_text(range.units, units)) continue;
        return value.number >= range.low && value.number <= range.high;
      }
      return false;
    }
    default:
      return false;
  }
}

/// The same of all rules of a field: for most values this saves apply_rules().
inline bool all_surely_hold(const Field& field, const Value& value, const CheckContext& context) {
  for (const Rule& rule : field.rules()) {
    if (!surely_holds(rule, field.kind(), value, context)) return false;
  }
  return true;
}

}  // namespace tideway::record
