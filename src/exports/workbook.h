// An export as a spreadsheet file (docs/spec/fetch.md 8.3), by libxlsxwriter in its mode of
// constant memory: a row is on disk once the next one of its sheet begins.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "exports/row.h"
#include "exports/sheets.h"
#include "store/store.h"

struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;

namespace tideway::exports {

/// Text of cells in a workbook. Beyond it, it is too large for any program to open.
inline constexpr uint64_t kWorkbookTextBytesMax = uint64_t{2} << 30;

class Workbook {
 public:
  /// `path` is written by finish(), what is needed until then lies in the directory `temporary`.
  Workbook(const std::string& path, const std::string& temporary, Unit unit);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  /// Rows of types that have no sheet are left out. False when the workbook is full.
  store::Result<bool> add(Row row);
  /// Completes the file. Nothing may be called after it.
  store::Result<void> finish();

 private:
  struct Target {
    const Sheet* sheet;  ///< of the first type that came; the columns are its
    lxw_worksheet* worksheet;
    uint32_t next_row;
    uint32_t part;  ///< of a sheet that has more rows than a worksheet holds
  };

  store::Result<Target*> target_of(const Sheet& sheet);
  store::Result<void> begin(Target& target);
  void write(Target& target, uint16_t column, const Cell& cell);
  lxw_format* format_of(Format format) const;
  store::Result<lxw_worksheet*> add_worksheet(const std::string& name);

  const Unit unit_;
  lxw_workbook* workbook_;
  lxw_format* head_format_ = nullptr;
  std::map<Format, lxw_format*> formats_;
  std::map<std::string_view, Target> targets_;  ///< by the name of the sheet
  uint64_t text_bytes_ = 0;
};

}  // namespace tideway::exports
