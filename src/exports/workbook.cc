#include "exports/workbook.h"

#include <fmt/format.h>
#include <xlsxwriter.h>

#include <cstdio>
#include <optional>

#include "base/text.h"
#include "base/time.h"

namespace tideway::exports {
namespace {

using store::Error;
using store::Result;

constexpr uint32_t kRowsMax = 1'048'576;       // of a worksheet, by its format
constexpr size_t kCellCodePointsMax = 32'767;  // likewise
constexpr double kEpochSerial = 25'569;        // 1970-01-01 as a date number
constexpr double kMillisecondsPerDay = 86'400'000;

std::unexpected<Error> failed(std::string_view what) {
  return std::unexpected(
      Error{Error::Kind::kUnavailable, fmt::format("writing a spreadsheet failed: {}", what)});
}

/// A date number; nothing for what spreadsheets do not count as a date.
std::optional<double> serial(int64_t milliseconds) {
  const double value = kEpochSerial + static_cast<double>(milliseconds) / kMillisecondsPerDay;
  constexpr double kEndOf9999 = 2'958'466;
  if (value < 61 || value >= kEndOf9999) return std::nullopt;  // before 1900-03-01 they disagree
  return value;
}

std::optional<double> serial_of_text(const std::string& text) {
  auto time = parse_instant(text);
  if (!time) time = parse_local_time(text);
  return time ? serial(time->milliseconds()) : std::nullopt;
}

/// What XML and the format allow of a text: no control characters, no more than fits in a cell.
std::string cell_text(std::string_view text) {
  constexpr char32_t kReplacement = 0xFFFD;
  std::string out;
  size_t count = 0;
  for (size_t at = 0; at < text.size();) {
    char32_t c = next_code_point(text, at);
    const bool is_allowed = c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    if (!is_allowed || c == 0xFFFE || c == 0xFFFF) c = kReplacement;
    // Characters beyond the first plane count twice there.
    count += c > 0xFFFF ? 2 : 1;
    if (count >= kCellCodePointsMax) {
      append_utf8(out, U'…');
      break;
    }
    append_utf8(out, c);
  }
  return out;
}

/// The instant and the offset of the zone, as the clock on the wall showed it.
void add_local_time(Row& row) {
  const auto time = row.cells.find("time");
  if (time == row.cells.end() || !std::holds_alternative<std::string>(time->second)) return;
  const auto instant = parse_instant(std::get<std::string>(time->second));
  if (!instant) return;
  int64_t milliseconds = instant->milliseconds();
  const auto offset = row.cells.find("timezoneOffset");
  if (offset != row.cells.end()) {
    const auto* const minutes = std::get_if<double>(&offset->second);
    if (minutes != nullptr) milliseconds += static_cast<int64_t>(*minutes) * 60'000;
  }
  if (!is_printable(milliseconds)) return;
  row.cells.insert_or_assign("localTime", format_utc_milliseconds(milliseconds));
}

const char* number_format(Format format, Unit unit) {
  switch (format) {
    case Format::kTime:
      return "yyyy-mm-dd hh:mm:ss";
    case Format::kTimeOfDay:
      return "[$-x-systime]h:mm am/pm";
    case Format::kMinutes:
      return "0.00;-0.00;0";
    case Format::kHundredths:
      return "0.00";
    case Format::kGlucose:
      return unit == Unit::kMmolL ? "0.0" : "0";
    case Format::kDuration:
      return "[h]:mm:ss";
    case Format::kPlain:
      break;
  }
  return nullptr;
}

uint64_t text_size(const Row& row) {
  uint64_t size = 0;
  for (const auto& [member, cell] : row.cells) {
    const auto* const text = std::get_if<std::string>(&cell);
    size += text == nullptr ? sizeof(double) : text->size();
  }
  return size;
}

}  // namespace

Workbook::Workbook(const std::string& path, const std::string& temporary, Unit unit) : unit_(unit) {
  std::string directory = temporary;  // the library takes it by a pointer to what it may change
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = directory.data();
  workbook_ = workbook_new_opt(path.c_str(), &options);
  if (workbook_ == nullptr) return;
  head_format_ = workbook_add_format(workbook_);
  if (head_format_ != nullptr) format_set_bold(head_format_);
  for (const Format format : {Format::kTime, Format::kTimeOfDay, Format::kMinutes,
                              Format::kHundredths, Format::kGlucose, Format::kDuration}) {
    lxw_format* const made = workbook_add_format(workbook_);
    if (made != nullptr) format_set_num_format(made, number_format(format, unit));
    formats_[format] = made;
  }
}

Workbook::~Workbook() {
  if (workbook_ != nullptr) lxw_workbook_free(workbook_);
}

lxw_format* Workbook::format_of(Format format) const {
  const auto found = formats_.find(format);
  return found == formats_.end() ? nullptr : found->second;
}

Result<lxw_worksheet*> Workbook::add_worksheet(const std::string& name) {
  if (workbook_ == nullptr) return failed("there is no workbook");
  if (workbook_->first_sheet == 0 && workbook_->num_sheets == 0) {
    // Programs that read the files of the reference expect a sheet of this name in front.
    lxw_worksheet* const error_sheet = workbook_add_worksheet(workbook_, "EXPORT ERROR");
    if (error_sheet == nullptr) return failed("no sheet");
    worksheet_write_string(error_sheet, 0, 0, "This export is complete.", nullptr);
    worksheet_hide(error_sheet);
  }
  lxw_worksheet* const worksheet = workbook_add_worksheet(workbook_, name.c_str());
  if (worksheet == nullptr) return failed("no sheet");
  return worksheet;
}

Result<void> Workbook::begin(Target& target) {
  const std::string_view name = target.sheet->name;
  const auto worksheet =
      add_worksheet(target.part == 1 ? std::string(name) : fmt::format("{} {}", name, target.part));
  if (!worksheet) return std::unexpected(worksheet.error());
  target.worksheet = *worksheet;
  target.next_row = 1;
  if (targets_.size() == 1 && target.part == 1) {
    worksheet_set_first_sheet(*worksheet);
    worksheet_activate(*worksheet);
  }
  worksheet_freeze_panes(*worksheet, 1, 0);
  for (uint16_t at = 0; at < target.sheet->columns.size(); ++at) {
    const Column& column = target.sheet->columns[at];
    lxw_row_col_options options = {};
    options.hidden = column.hidden ? LXW_TRUE : LXW_FALSE;
    worksheet_set_column_opt(*worksheet, at, at, column.width, nullptr, &options);
    worksheet_write_string(*worksheet, 0, at, header_of(column).c_str(), head_format_);
  }
  return {};
}

Result<Workbook::Target*> Workbook::target_of(const Sheet& sheet) {
  const auto [found, is_new] = targets_.try_emplace(
      sheet.name, Target{.sheet = &sheet, .worksheet = nullptr, .next_row = 0, .part = 1});
  Target& target = found->second;
  if (is_new || target.next_row == kRowsMax) {
    if (!is_new) ++target.part;
    if (const auto begun = begin(target); !begun) return std::unexpected(begun.error());
  }
  return &target;
}

void Workbook::write(Target& target, uint16_t column, const Cell& cell) {
  lxw_worksheet* const worksheet = target.worksheet;
  const Format shown = target.sheet->columns[column].format;
  lxw_format* const format = format_of(shown);
  const uint32_t row = target.next_row;
  if (const auto* const number = std::get_if<double>(&cell)) {
    worksheet_write_number(worksheet, row, column, *number, format);
  } else if (const auto* const truth = std::get_if<bool>(&cell)) {
    worksheet_write_boolean(worksheet, row, column, *truth ? 1 : 0, format);
  } else if (const auto* const time = std::get_if<TimeOfDay>(&cell)) {
    worksheet_write_number(worksheet, row, column, serial(time->milliseconds).value_or(0), format);
  } else {
    const auto& text = std::get<std::string>(cell);
    const auto date = shown == Format::kTime ? serial_of_text(text) : std::nullopt;
    if (date) {
      worksheet_write_number(worksheet, row, column, *date, format);
    } else {
      worksheet_write_string(worksheet, row, column, cell_text(text).c_str(), nullptr);
    }
  }
}

Result<bool> Workbook::add(Row row) {
  const Sheet* const sheet = find_sheet(row.type);
  if (sheet == nullptr) return true;
  add_local_time(row);
  text_bytes_ += text_size(row);
  if (text_bytes_ > kWorkbookTextBytesMax) return false;
  const auto target = target_of(*sheet);
  if (!target) return std::unexpected(target.error());
  const auto& columns = (*target)->sheet->columns;
  for (uint16_t at = 0; at < columns.size(); ++at) {
    const auto cell = row.cells.find(columns[at].member);
    if (cell != row.cells.end()) write(**target, at, cell->second);
  }
  ++(*target)->next_row;
  return true;
}

Result<void> Workbook::finish() {
  if (targets_.empty()) {
    const auto worksheet = add_worksheet("NO DATA");
    if (!worksheet) return std::unexpected(worksheet.error());
    worksheet_set_first_sheet(*worksheet);
    worksheet_activate(*worksheet);
    worksheet_write_string(*worksheet, 0, 0, "There is no data in this time range.", nullptr);
  }
  // The library does not look whether its temporary files could be written.
  lxw_worksheet* worksheet = nullptr;
  STAILQ_FOREACH(worksheet, workbook_->worksheets, list_pointers) {
    std::FILE* const rows = worksheet->optimize_tmpfile;
    if (rows != nullptr && (std::fflush(rows) != 0 || std::ferror(rows) != 0)) {
      return failed("the disk took not all of it");
    }
  }
  const lxw_error error = workbook_close(workbook_);  // frees it in any case
  workbook_ = nullptr;
  if (error != LXW_NO_ERROR) return failed(lxw_strerror(error));
  return {};
}

}  // namespace tideway::exports
