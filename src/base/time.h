// Instants and zone-less local times as text (docs/spec/datatypes-common.md 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text_buffer.h"

namespace tideway {

inline constexpr std::string_view kInstantLayout = "2006-01-02T15:04:05.999999999Z07:00";
inline constexpr std::string_view kLocalTimeLayout = "2006-01-02T15:04:05";

/// A point in time as a client wrote it. Two Time values are equal when instant and offset are.
struct Time {
  int64_t seconds = 0;         ///< since 1970-01-01T00:00:00 UTC, may be negative
  int32_t nanoseconds = 0;     ///< 0 … 999999999, counts forward from `seconds`
  int32_t offset_seconds = 0;  ///< zone offset east of UTC that the client sent

  bool operator==(const Time&) const = default;

  /// Milliseconds since 1970 UTC, rounded down.
  int64_t milliseconds() const { return seconds * 1000 + nanoseconds / 1'000'000; }

  /// True for 0001-01-01T00:00:00Z, Go's zero time.
  bool is_zero() const { return seconds == -62135596800 && nanoseconds == 0; }
};

/// Compares instants, whatever the offsets.
bool is_before(const Time& left, const Time& right);

/// Reads `YYYY-MM-DDThh:mm:ss[.f…](Z|±hh:mm)` with the leniencies of section 4.1.
std::optional<Time> parse_instant(std::string_view text);

/// Reads the zone-less form of section 4.2, taken as UTC.
std::optional<Time> parse_local_time(std::string_view text);

/// Prints with the offset of `time` and up to nanoseconds (section 4.3).
void append_time(std::string& out, const Time& time);
void append_time(TextBuffer& out, const Time& time);
std::string format_time(const Time& time);

/// Appends the instant in UTC with at most three fraction digits, without quotes.
void append_utc_milliseconds(std::string& out, int64_t milliseconds);
void append_utc_milliseconds(TextBuffer& out, int64_t milliseconds);
std::string format_utc_milliseconds(int64_t milliseconds);

/// Appends an instant as append_time() and append_utc_milliseconds() would both print it, by
/// copying the text from which it was read. False, and nothing appended, when that text is not of
/// the form `YYYY-MM-DDThh:mm:ss[.fff]Z`.
bool append_as_read(TextBuffer& out, std::string_view text);

/// True when the UTC year of the instant is 0 … 9999, the only ones that can be printed.
bool is_printable(int64_t milliseconds);

/// The clock, in milliseconds since 1970 UTC.
int64_t now_milliseconds();

}  // namespace tideway
