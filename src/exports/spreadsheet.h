// Spreadsheet files made for one answer each, in a directory of their own.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <expected>
#include <memory>
#include <string>

#include "exports/record_source.h"
#include "exports/row.h"
#include "store/store.h"

namespace tideway::exports {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

struct SpreadsheetError {
  enum class Kind {
    kBusy,      ///< so many are being made already
    kTooLarge,  ///< more than a workbook can hold
    kFailed,    ///< `message` is for the log
  };
  Kind kind;
  std::string message = {};
};

/// So many are made at once: each keeps a processor busy.
inline constexpr uint32_t kSpreadsheetsMax = 4;

/// Safe to call from any thread.
class Spreadsheets {
 public:
  /// The directory is made with the first file; its parent must be there.
  explicit Spreadsheets(std::string directory) : directory_(std::move(directory)) {}

  /// Removes what a process that was killed has left. To be called before anything else is.
  void clear() const;

  /// A complete file, read from its start. It has no name any more and goes with the File.
  std::expected<File, SpreadsheetError> make(RecordSource source, Unit unit);

 private:
  std::expected<File, SpreadsheetError> write(RecordSource source, Unit unit) const;

  const std::string directory_;
  std::atomic<uint32_t> running_{0};
};

}  // namespace tideway::exports
