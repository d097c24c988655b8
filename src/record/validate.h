// Stage 2: the rules of the declared fields (docs/spec/datatypes-common.md 1.5).
#pragma once

#include "record/report.h"
#include "record/schema.h"
#include "record/value.h"

namespace tideway::record {

/// What a check sees: an object, the record around it, and where to report.
struct CheckContext {
  const ObjectValue& object;
  const ObjectValue& record;
  const Path& path;
  Report& report;

  /// The value at `path`: a field of the object, or, with a leading '/', one that is reached from
  /// the record. Null when absent.
  const Value* find(std::string_view path) const;
  /// The text at `path`, empty when absent.
  std::string_view text(std::string_view path) const;
};

/// Checks `object`, which stands at `path`; `record` is the record that holds it.
void validate_object(const ObjectValue& object, const ObjectValue& record, const Path& path,
                     Report& report);

}  // namespace tideway::record
