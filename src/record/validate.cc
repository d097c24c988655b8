#include "record/validate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"
#include "record/rules.h"

namespace tideway::record {
namespace {

void validate_object(const ObjectValue& object, const Root& root, const Path& path, Report& report);

/// The `start` of the elements of a schedule: the first is 0, each later one greater than the one
/// before (docs/spec/datatypes-device.md 1.6).
class Starts {
 public:
  void check(const Value& item, bool first, const Path& path, Report& report) {
    constexpr auto kStartMax = static_cast<double>(kScheduleStartMax);
    const Value* const start = item.object().find("start");
    const Path at(path, "start");
    if (start == nullptr) {
      report.not_exists(at);
    } else if (minimum_ == 0) {
      if (start->number != 0) report.out_of_range(at, shown(*start), "equal to 0");
    } else if (start->number < minimum_ || start->number > kStartMax) {
      report.out_of_range(
          at, shown(*start),
          fmt::format("between {} and {}", plain_number(minimum_), plain_number(kStartMax)));
    }
    if (first) {
      minimum_ = 1;
    } else if (start != nullptr) {
      minimum_ = start->number + 1;
    }
  }

 private:
  static std::string shown(const Value& start) { return std::to_string(to_int64(start.number)); }

  double minimum_ = 0;
};

void validate_objects(const Field& field, const Value& value, const CheckContext& outer,
                      const Path& path) {
  Starts starts;
  for (size_t i = 0; i < value.items.size(); ++i) {
    const Value& item = value.items[i];
    const Path at(path, i);
    if (!item.present) {
      outer.report.not_exists(at);
      continue;
    }
    validate_object(item.object(), outer.root, at, outer.report);
    if (field.has_starts()) starts.check(item, i == 0, at, outer.report);
  }
}

void validate_map(const Field& field, const Value& value, const CheckContext& outer,
                  const Path& path) {
  for (size_t i = 0; i < value.items.size(); ++i) {
    const Value& item = value.items[i];
    const Path at(path, value.keys[i]);
    if (!item.present) {
      outer.report.not_exists(at);
    } else if (field.kind() == Kind::kObjectMap) {
      validate_object(item.object(), outer.root, at, outer.report);
    } else {
      validate_objects(field, item, outer, at);
    }
  }
}

void validate_metadata(const Value& value, const Path& path, Report& report) {
  if (value.text == "{}") {
    report.empty_value(path);
  } else if (value.text.size() > kMetadataBytesMax) {
    report.bad_size(path, value.text.size(), kMetadataBytesMax);
  }
}

/// What is inside a value, behind the rules of its own field.
void validate_value(const Field& field, const Value& value, const CheckContext& outer,
                    const Path& path) {
  switch (field.kind()) {
    case Kind::kObject:
    case Kind::kVariant:
      return validate_object(value.object(), outer.root, path, outer.report);
    case Kind::kRecord:
      return validate_record(value.object(), path, outer.report);
    case Kind::kObjects:
      return validate_objects(field, value, outer, path);
    case Kind::kObjectMap:
    case Kind::kObjectsMap:
      return validate_map(field, value, outer, path);
    case Kind::kMetadata:
      return validate_metadata(value, path, outer.report);
    case Kind::kMetadatas:
      for (size_t i = 0; i < value.items.size(); ++i) {
        const Path at(path, i);
        if (value.items[i].present) {
          validate_metadata(value.items[i], at, outer.report);
        } else {
          outer.report.not_exists(at);
        }
      }
      return;
    default:
      return;
  }
}

bool exists(const CheckContext& context, std::string_view name) {
  return context.find(name) != nullptr;
}

void check_existence(const CheckContext& context) {
  const Object& object = *context.object.object;
  const auto absent = [&](std::string_view name) { return !exists(context, name); };
  if (!object.any_of_names().empty() && std::ranges::all_of(object.any_of_names(), absent)) {
    context.report.none_of_any(context.path, object.any_of_names());
  }
  if (!object.one_of_names().empty() && std::ranges::all_of(object.one_of_absent(), absent)) {
    context.report.none_of_one(context.path, object.one_of_names());
  }
}

void validate_object(const ObjectValue& object, const Root& root, const Path& path,
                     Report& report) {
  const CheckContext context{object, root, path, report};
  const Object& declared = *object.object;
  const std::vector<Field>& fields = declared.fields();
  if (declared.check_function() != nullptr) declared.check_function()(context);
  Path at(path, std::string_view());
  for_each_field(object.present | declared.checked_when_absent(), [&](size_t i) {
    const Field& field = fields[i];
    const size_t slot =
        field.kind() == Kind::kAgain ? static_cast<size_t>(declared.find(field.name())) : i;
    const Value& value = object.fields[slot];
    if (!value.present && !field.may_be_missed()) return;
    const bool is_simple = field.kind() <= Kind::kLocalTime;
    if (is_simple && value.present && all_surely_hold(field, value, context)) return;
    at.key = field.name();
    if (apply_rules(field, value, context, at) && value.present && !is_simple) {
      validate_value(field, value, context, at);
    }
  });
  check_existence(context);
}

}  // namespace

const Value* Root::walk(std::string_view path) const {
  path.remove_prefix(1);
  ObjectValue inside = record_;
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
    const Value* const step = inside.find(path.substr(0, slash));
    if (step == nullptr) return nullptr;
    inside = step->object();
    path.remove_prefix(slash + 1);
  }
  return inside.find(path);
}

void validate_record(const ObjectValue& record, const Path& path, Report& report) {
  validate_object(record, Root(record), path, report);
}

}  // namespace tideway::record
