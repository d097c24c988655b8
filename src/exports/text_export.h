// An export as text, part by part: JSON (docs/spec/fetch.md 8.2) or CSV.
#pragma once

#include <optional>
#include <string>

#include "exports/record_source.h"
#include "exports/row.h"
#include "store/store.h"

namespace tideway::exports {

enum class TextForm {
  kJson,
  /// RFC 4180: all known members in the order of their names, whatever rows there are. Text that a
  /// spreadsheet would take for a formula has an apostrophe in front.
  kCsv,
};

/// Not to be shared between threads.
class TextExport {
 public:
  TextExport(RecordSource source, Unit unit, TextForm form)
      : source_(std::move(source)), unit_(unit), form_(form) {}
  TextExport(const TextExport&) = delete;  // rows_ refers to source_
  TextExport& operator=(const TextExport&) = delete;

  /// Appends the next part, some tens of kilobytes. False when that was the last one.
  store::Result<bool> next(std::string& out);

 private:
  void append_row(std::string& out, const Row& row);

  RecordSource source_;
  const Unit unit_;
  const TextForm form_;
  std::optional<Rows> rows_;  ///< of the present record
  bool begun_ = false;
  bool first_ = true;
};

}  // namespace tideway::exports
