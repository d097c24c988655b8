// Stage 2: the rules of the declared fields (docs/spec/datatypes-common.md 1.5).
#pragma once

#include "record/report.h"
#include "record/schema.h"
#include "record/value.h"

namespace tideway::record {

/// A free-form object may take this many bytes as it is stored.
inline constexpr size_t kMetadataBytesMax = 4096;

/// The last `start` of a schedule: the milliseconds of a day.
inline constexpr int64_t kScheduleStartMax = 86'400'000;

/// A record, as seen from inside. Remembers where the last path led: all items of an array ask for
/// the same one. Paths, which are those of declarations, are told apart by where their text lies.
class Root {
 public:
  explicit Root(const ObjectValue& record) : record_(record) {}

  /// The value at `path`, which begins with '/'; null when absent.
  const Value* find(std::string_view path) const {
    if (path.data() != path_.data() || path.size() != path_.size()) {
      path_ = path;
      found_ = walk(path);
    }
    return found_;
  }

 private:
  const Value* walk(std::string_view path) const;

  const ObjectValue record_;
  mutable std::string_view path_;
  mutable const Value* found_ = nullptr;
};

/// What a check sees: an object, the record around it, and where to report.
struct CheckContext {
  const ObjectValue& object;
  const Root& root;
  const Path& path;
  Report& report;

  /// The value at `path`: a field of the object, or, with a leading '/', one that is reached from
  /// the record. Null when absent.
  const Value* find(std::string_view path) const {
    return path.starts_with('/') ? root.find(path) : object.find(path);
  }
  const Value* find(const FieldPath& path) const {
    if (path.field < 0) return find(path.text);
    const Value& value = object.fields[static_cast<size_t>(path.field)];
    return value.present ? &value : nullptr;
  }

  /// The text at `path`, empty when absent.
  std::string_view text(const FieldPath& path) const {
    const Value* const value = find(path);
    return value == nullptr ? std::string_view() : value->text;
  }
};

/// Checks a record, or an object that is none and stands for itself, which stands at `path`.
void validate_record(const ObjectValue& record, const Path& path, Report& report);

}  // namespace tideway::record
