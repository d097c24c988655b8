#include "exports/text_export.h"

#include "base/number.h"
#include "base/text.h"
#include "base/time.h"
#include "exports/sheets.h"

namespace tideway::exports {
namespace {

constexpr size_t kPartBytes = 64 * 1024;
constexpr std::string_view kLineEnd = "\r\n";

/// A date on 1970-01-01, with three digits always.
std::string time_of_day_text(TimeOfDay time) {
  const auto fraction = static_cast<unsigned>((time.milliseconds % 1000 + 1000) % 1000);
  std::string text = format_utc_milliseconds(time.milliseconds - fraction);
  text.pop_back();
  const std::string digits = std::to_string(1000 + fraction);
  return text.append(1, '.').append(digits, 1).append(1, 'Z');
}

/// What needs no quotes in either form; empty for texts.
bool append_bare(std::string& out, const Cell& cell) {
  if (const auto* const number = std::get_if<double>(&cell)) {
    append_json_number(out, *number);
    return true;
  }
  if (const auto* const truth = std::get_if<bool>(&cell)) {
    out += *truth ? "true" : "false";
    return true;
  }
  return false;
}

std::string text_of(const Cell& cell) {
  if (const auto* const time = std::get_if<TimeOfDay>(&cell)) return time_of_day_text(*time);
  return std::get<std::string>(cell);
}

void append_json_row(std::string& out, const Row& row) {
  out += '{';
  bool first = true;
  for (const auto& [member, cell] : row.cells) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, member);
    out += ':';
    if (!append_bare(out, cell)) append_json_string(out, text_of(cell));
  }
  out += '}';
}

void append_csv_text(std::string& out, std::string_view text) {
  const bool looks_like_formula =
      !text.empty() && std::string_view("=+-@\t\r").contains(text.front());
  if (!looks_like_formula && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  if (looks_like_formula) out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

/// Only spreadsheets have a local time.
bool is_csv_column(std::string_view member) { return member != "localTime"; }

void append_csv_head(std::string& out) {
  bool first = true;
  for (const std::string_view member : known_members()) {
    if (!is_csv_column(member)) continue;
    if (!first) out += ',';
    first = false;
    out += member;
  }
  out += kLineEnd;
}

void append_csv_row(std::string& out, const Row& row) {
  bool first = true;
  auto cell = row.cells.begin();  // in the order of the members, too
  for (const std::string_view member : known_members()) {
    if (cell != row.cells.end() && cell->first < member) ++cell;
    if (!is_csv_column(member)) continue;
    if (!first) out += ',';
    first = false;
    if (cell == row.cells.end() || cell->first != member) continue;
    if (!append_bare(out, cell->second)) append_csv_text(out, text_of(cell->second));
  }
  out += kLineEnd;
}

}  // namespace

void TextExport::append_row(std::string& out, const Row& row) {
  if (form_ == TextForm::kCsv) {
    append_csv_row(out, row);
    return;
  }
  if (!first_) out += ',';
  first_ = false;
  append_json_row(out, row);
}

store::Result<bool> TextExport::next(std::string& out) {
  if (!begun_ && form_ == TextForm::kJson) out += '[';
  if (!begun_ && form_ == TextForm::kCsv) append_csv_head(out);
  begun_ = true;
  const size_t full = out.size() + kPartBytes;
  while (out.size() < full) {
    if (rows_) {
      if (const auto row = rows_->next()) {
        append_row(out, *row);
        continue;
      }
    }
    const auto record = source_.next();
    if (!record) return std::unexpected(record.error());
    if (!*record) {
      if (form_ == TextForm::kJson) out += ']';
      return false;
    }
    rows_.emplace(**record, unit_);
  }
  return true;
}

}  // namespace tideway::exports
