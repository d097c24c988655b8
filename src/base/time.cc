#include "base/time.h"

#include <array>
#include <bit>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "base/put.h"
#include "base/two_digits.h"

namespace tideway {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr int64_t kSecondsPerDay = 86'400;

/// A cursor over a time text. Every step returns false when the text does not fit.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool literal(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool number(size_t digits, int low, int high, int& value) {
    if (rest_.size() < digits) return false;
    value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value >= low && value <= high;
  }

  /// Go's layout reads the hour with one digit or two.
  bool hour(int& value) {
    const bool two = rest_.size() > 1 && rest_[1] >= '0' && rest_[1] <= '9';
    return number(two ? 2 : 1, 0, 23, value);
  }

  /// An optional fraction; digits behind the ninth are read and dropped.
  bool fraction(int32_t& nanoseconds) {
    if (rest_.empty() || (rest_.front() != '.' && rest_.front() != ',')) return true;
    size_t at = 1;
    int32_t scale = 100'000'000;
    for (; at < rest_.size() && rest_[at] >= '0' && rest_[at] <= '9'; ++at) {
      nanoseconds += (rest_[at] - '0') * scale;
      scale /= 10;
    }
    rest_.remove_prefix(at);
    return at > 1;
  }

  bool zone(int32_t& offset_seconds) {
    if (literal('Z')) return true;
    const bool negative = !rest_.empty() && rest_.front() == '-';
    if (!negative && !(!rest_.empty() && rest_.front() == '+')) return false;
    rest_.remove_prefix(1);
    int hours = 0;
    int minutes = 0;
    if (!number(2, 0, 24, hours) || !literal(':') || !number(2, 0, 60, minutes)) return false;
    offset_seconds = (hours * 60 + minutes) * 60 * (negative ? -1 : 1);
    return true;
  }

  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  void skip(size_t size_bytes) { rest_.remove_prefix(size_bytes); }

 private:
  std::string_view rest_;
};

/// A date and a clock, each number as it was read.
struct Fields {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

bool put_seconds_of(const Fields& fields, Time& time) {
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(fields.year)),
                                         std::chrono::month(fields.month),
                                         std::chrono::day(fields.day)};
  if (!date.ok() || fields.hour > 23 || fields.minute > 59 || fields.second > 59) return false;
  time.seconds = sys_days(date).time_since_epoch().count() * kSecondsPerDay +
                 static_cast<int64_t>((fields.hour * 60 + fields.minute) * 60 + fields.second);
  return true;
}

constexpr std::string_view kPlainForm = "dddd-dd-ddTdd:dd:dd";

/// The first and the last 16 characters of that form, each of them looked at all at once.
typedef uint8_t Bytes __attribute__((vector_size(16)));
constexpr size_t kTailAt = kPlainForm.size() - sizeof(Bytes);

/// Less `base`, a character that fits is at most `most`, and a digit is its value.
struct Shape {
  alignas(Bytes) std::array<uint8_t, sizeof(Bytes)> base{};
  alignas(Bytes) std::array<uint8_t, sizeof(Bytes)> most{};
};

constexpr Shape shape_at(size_t begin) {
  Shape shape;
  for (size_t i = 0; i < sizeof(Bytes); ++i) {
    const bool is_digit = kPlainForm[begin + i] == 'd';
    shape.base[i] = static_cast<uint8_t>(is_digit ? '0' : kPlainForm[begin + i]);
    shape.most[i] = is_digit ? 9 : 0;
  }
  return shape;
}

Bytes load(const void* at) {
  Bytes bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

/// The numbers of two digits each, at even places; elsewhere nothing of use.
typedef uint16_t Pairs __attribute__((vector_size(16)));
static_assert(std::endian::native == std::endian::little && kTailAt % 2 == 1);

Pairs two_digits(Bytes digits) {
  const auto pairs = std::bit_cast<Pairs>(digits);
  return (pairs & 0xff) * 10 + (pairs >> 8);
}

/// Texts that begin in the usual form, looked at as a whole. False for others, good or not.
bool scan_plain(std::string_view text, Fields& fields) {
  if (text.size() < kPlainForm.size()) return false;
  static constexpr Shape kHead = shape_at(0);
  static constexpr Shape kTail = shape_at(kTailAt);
  const Bytes head = load(text.data()) - load(kHead.base.data());
  const Bytes tail = load(text.data() + kTailAt) - load(kTail.base.data());
  const auto bad = (head > load(kHead.most.data())) | (tail > load(kTail.most.data()));
  std::array<uint64_t, 2> any;
  std::memcpy(any.data(), &bad, sizeof bad);
  const Pairs even = two_digits(head);
  const Pairs odd = two_digits(tail);
  fields = {.year = even[0] * 100U + even[1],
            .month = odd[(5 - kTailAt) / 2],
            .day = even[8 / 2],
            .hour = odd[(11 - kTailAt) / 2],
            .minute = even[14 / 2],
            .second = odd[(17 - kTailAt) / 2]};
  return (any[0] | any[1]) == 0;
}

bool scan_date_and_clock(Scanner& scanner, Time& time) {
  if (Fields fields; scan_plain(scanner.rest(), fields)) {
    scanner.skip(kPlainForm.size());
    return put_seconds_of(fields, time) && scanner.fraction(time.nanoseconds);
  }
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  const bool shaped = scanner.number(4, 0, 9999, year) && scanner.literal('-') &&
                      scanner.number(2, 1, 12, month) && scanner.literal('-') &&
                      scanner.number(2, 1, 31, day) && scanner.literal('T') && scanner.hour(hour) &&
                      scanner.literal(':') && scanner.number(2, 0, 59, minute) &&
                      scanner.literal(':') && scanner.number(2, 0, 59, second) &&
                      scanner.fraction(time.nanoseconds);
  if (!shaped) return false;
  return put_seconds_of({.year = static_cast<unsigned>(year),
                         .month = static_cast<unsigned>(month),
                         .day = static_cast<unsigned>(day),
                         .hour = static_cast<unsigned>(hour),
                         .minute = static_cast<unsigned>(minute),
                         .second = static_cast<unsigned>(second)},
                        time);
}

char* put(char* at, char c) {
  *at = c;
  return at + 1;
}

int64_t floor_divide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/// `YYYY-MM-DDThh:mm:ss` of a count of seconds that already includes the offset.
char* put_seconds(char* at, int64_t local_seconds) {
  const int64_t day_count = floor_divide(local_seconds, kSecondsPerDay);
  const auto clock = static_cast<uint32_t>(local_seconds - day_count * kSecondsPerDay);
  const std::chrono::year_month_day date{sys_days(days(day_count))};
  const auto year = static_cast<uint32_t>(static_cast<int>(date.year())) % 10'000;
  at = put_two(at, year / 100);
  at = put_two(at, year % 100);
  at = put_two(put(at, '-'), static_cast<unsigned>(date.month()));
  at = put_two(put(at, '-'), static_cast<unsigned>(date.day()));
  at = put_two(put(at, 'T'), clock / 3600);
  at = put_two(put(at, ':'), clock / 60 % 60);
  return put_two(put(at, ':'), clock % 60);
}

/// `.f…` with `digits` places, without trailing zeros; nothing for zero.
char* put_fraction(char* at, uint32_t value, int digits) {
  if (value == 0) return at;
  for (; value % 10 == 0; value /= 10) --digits;
  *at = '.';
  for (int place = digits; place > 0; --place, value /= 10) {
    at[place] = static_cast<char>('0' + value % 10);
  }
  return at + digits + 1;
}

constexpr size_t kTimeBytesMax = 19 + 10 + 6;
static_assert(kTimeBytesMax <= kPutTimeBytesMax);

char* put_time(char* at, const Time& time) {
  at = put_seconds(at, time.seconds + time.offset_seconds);
  at = put_fraction(at, static_cast<uint32_t>(time.nanoseconds), 9);
  if (time.offset_seconds == 0) return put(at, 'Z');
  const auto minutes = static_cast<uint64_t>(std::abs(time.offset_seconds) / 60);
  at = put_two(put(at, time.offset_seconds < 0 ? '-' : '+'), minutes / 60);
  return put_two(put(at, ':'), minutes % 60);
}

char* put_utc_milliseconds(char* at, int64_t milliseconds) {
  const int64_t seconds = floor_divide(milliseconds, 1000);
  at = put_seconds(at, seconds);
  return put(put_fraction(at, static_cast<uint32_t>(milliseconds - seconds * 1000), 3), 'Z');
}

}  // namespace

bool is_before(const Time& left, const Time& right) {
  return left.seconds != right.seconds ? left.seconds < right.seconds
                                       : left.nanoseconds < right.nanoseconds;
}

std::optional<Time> parse_instant(std::string_view text) {
  Time time;
  Scanner scanner(text);
  if (!scan_date_and_clock(scanner, time) || !scanner.zone(time.offset_seconds) ||
      !scanner.at_end()) {
    return std::nullopt;
  }
  time.seconds -= time.offset_seconds;
  return time;
}

std::optional<Time> parse_local_time(std::string_view text) {
  Time time;
  Scanner scanner(text);
  if (!scan_date_and_clock(scanner, time) || !scanner.at_end()) return std::nullopt;
  return time;
}

void append_time(std::string& out, const Time& time) {
  std::array<char, kTimeBytesMax> text;
  out.append(text.data(), put_time(text.data(), time));
}

void append_time(TextBuffer& out, const Time& time) {
  out.commit(put_time(out.room(kTimeBytesMax), time));
}

std::string format_time(const Time& time) {
  std::string out;
  append_time(out, time);
  return out;
}

void append_utc_milliseconds(std::string& out, int64_t milliseconds) {
  std::array<char, kTimeBytesMax> text;
  out.append(text.data(), put_utc_milliseconds(text.data(), milliseconds));
}

void append_utc_milliseconds(TextBuffer& out, int64_t milliseconds) {
  out.commit(put_utc_milliseconds(out.room(kTimeBytesMax), milliseconds));
}

std::string format_utc_milliseconds(int64_t milliseconds) {
  std::string out;
  append_utc_milliseconds(out, milliseconds);
  return out;
}

char* put_as_read(char* at, std::string_view text) {
  constexpr size_t kBare = kPlainForm.size();
  // What was read may have an hour of one digit, or an offset; both move the colons or the Z.
  if (text.size() < kBare + 1 || text[13] != ':' || text[16] != ':' || text.back() != 'Z') {
    return nullptr;
  }
  size_t end = kBare;
  if (text.size() == kBare + 5) {
    if (text[kBare] != '.') return nullptr;
    for (end = kBare + 4; text[end - 1] == '0';) --end;
    if (text[end - 1] == '.') --end;
  } else if (text.size() != kBare + 1) {
    return nullptr;
  }
  copy_short(at, text.substr(0, end));
  return put(at + end, 'Z');
}

bool append_as_read(TextBuffer& out, std::string_view text) {
  const char* const end = put_as_read(out.room(kPutTimeBytesMax), text);
  if (end == nullptr) return false;
  out.commit(end);
  return true;
}

bool is_printable(int64_t milliseconds) {
  constexpr int64_t kYearZero = -62'167'219'200'000;  // 0000-01-01T00:00:00Z
  constexpr int64_t kYearTenThousand = 253'402'300'800'000;
  return milliseconds >= kYearZero && milliseconds < kYearTenThousand;
}

int64_t now_milliseconds() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             system_clock::now().time_since_epoch())
      .count();
}

}  // namespace tideway
