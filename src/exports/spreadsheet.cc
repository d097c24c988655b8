#include "exports/spreadsheet.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/ids.h"
#include "exports/workbook.h"

namespace tideway::exports {
namespace {

using Kind = SpreadsheetError::Kind;

std::unexpected<SpreadsheetError> failed(std::string message) {
  return std::unexpected(SpreadsheetError{Kind::kFailed, std::move(message)});
}

/// Removes a file's name at the end of a scope.
class Unlinked {
 public:
  explicit Unlinked(const std::string& path) : path_(path) {}
  ~Unlinked() { unlink(path_.c_str()); }
  Unlinked(const Unlinked&) = delete;
  Unlinked& operator=(const Unlinked&) = delete;

 private:
  const std::string& path_;
};

}  // namespace

void Spreadsheets::clear() const {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::expected<File, SpreadsheetError> Spreadsheets::make(RecordSource source, Unit unit) {
  std::expected<File, SpreadsheetError> file = std::unexpected(SpreadsheetError{Kind::kBusy});
  if (running_.fetch_add(1, std::memory_order_relaxed) < kSpreadsheetsMax) {
    file = write(std::move(source), unit);
  }
  running_.fetch_sub(1, std::memory_order_relaxed);
  return file;
}

std::expected<File, SpreadsheetError> Spreadsheets::write(RecordSource source, Unit unit) const {
  if (mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST) {
    return failed("the directory for spreadsheets cannot be made");
  }
  const std::string path = directory_ + "/" + random_id();
  const Unlinked unlinked(path);
  Workbook workbook(path, directory_, unit);
  for (;;) {
    const auto record = source.next();
    if (!record) return failed(record.error().message);
    if (!*record) break;
    Rows rows(**record, unit);
    while (auto row = rows.next()) {
      const auto added = workbook.add(*std::move(row));
      if (!added) return failed(added.error().message);
      if (!*added) return std::unexpected(SpreadsheetError{Kind::kTooLarge});
    }
  }
  if (const auto finished = workbook.finish(); !finished) return failed(finished.error().message);
  File file(std::fopen(path.c_str(), "rbe"));
  if (file == nullptr) return failed("the spreadsheet cannot be opened");
  return file;
}

}  // namespace tideway::exports
