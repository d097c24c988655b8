#include "base/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace tideway {
namespace {

/// The shortest decimal digits d1 d2 … that read back to a double, meaning d1.d2… × 10^exponent.
struct Digits {
  std::array<char, 32> buffer;
  size_t count = 0;
  int exponent = 0;

  std::string_view view() const { return {buffer.data(), count}; }
};

Digits shortest_digits(double positive) {
  std::array<char, 40> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), positive,
                                 std::chars_format::scientific);
  Digits digits;
  const char* at = text.data();
  for (; *at != 'e'; ++at) {
    if (*at != '.') digits.buffer[digits.count++] = *at;
  }
  ++at;
  if (*at == '+') ++at;  // from_chars takes no plus sign
  std::from_chars(at, end.ptr, digits.exponent);
  return digits;
}

/// Places the digits without an exponent, padding with zeros on either side.
void append_positional(std::string& out, const Digits& digits) {
  const int count = static_cast<int>(digits.count);
  if (digits.exponent < 0) {
    out += "0.";
    out.append(static_cast<size_t>(-digits.exponent - 1), '0');
    out += digits.view();
  } else if (digits.exponent + 1 >= count) {
    out += digits.view();
    out.append(static_cast<size_t>(digits.exponent + 1 - count), '0');
  } else {
    const auto whole = static_cast<size_t>(digits.exponent + 1);
    out += digits.view().substr(0, whole);
    out += '.';
    out += digits.view().substr(whole);
  }
}

void append_scientific(std::string& out, const Digits& digits) {
  out += digits.buffer[0];
  if (digits.count > 1) {
    out += '.';
    out += digits.view().substr(1);
  }
  out += 'e';
  out += digits.exponent < 0 ? '-' : '+';
  append_integer(out, std::abs(digits.exponent));
}

/// Whole numbers of a size that clients send print without the detour over digits.
bool append_if_small_integer(std::string& out, double value) {
  if (!(std::fabs(value) < 1e15) || value != std::trunc(value)) return false;
  if (value == 0 && std::signbit(value)) return false;
  append_integer(out, static_cast<int64_t>(value));
  return true;
}

/// So do numbers with up to five places behind the point, such as every glucose value. Of at most
/// 15 digits in all no two read to the same double, so those found by division are the shortest.
bool append_if_short_decimal(std::string& out, double value) {
  constexpr double kScale = 1e5;
  constexpr int64_t kWhole = 100'000;
  const double magnitude = std::fabs(value);
  if (!(magnitude < 1e9)) return false;
  const auto scaled = static_cast<int64_t>(magnitude * kScale + 0.5);
  if (scaled == 0 || static_cast<double>(scaled) / kScale != magnitude) return false;

  std::array<char, 24> text;
  char* at = text.data();
  if (value < 0) *at++ = '-';
  at = std::to_chars(at, text.data() + text.size(), scaled / kWhole).ptr;
  int64_t fraction = scaled % kWhole;
  if (fraction != 0) *at++ = '.';
  for (int64_t place = kWhole / 10; fraction != 0; place /= 10) {
    *at++ = static_cast<char>('0' + fraction / place);
    fraction %= place;
  }
  out.append(text.data(), at);
  return true;
}

}  // namespace

void append_json_number(std::string& out, double value) {
  if (append_if_small_integer(out, value) || append_if_short_decimal(out, value)) return;
  if (std::signbit(value)) out += '-';
  const double magnitude = std::fabs(value);
  const Digits digits = shortest_digits(magnitude);
  if (magnitude != 0 && (magnitude < 1e-6 || magnitude >= 1e21)) {
    append_scientific(out, digits);
  } else {
    append_positional(out, digits);
  }
}

void append_plain_number(std::string& out, double value) {
  if (append_if_small_integer(out, value) || append_if_short_decimal(out, value)) return;
  if (std::signbit(value)) out += '-';
  append_positional(out, shortest_digits(std::fabs(value)));
}

std::string plain_number(double value) {
  std::string out;
  append_plain_number(out, value);
  return out;
}

void append_integer(std::string& out, int64_t value) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  out.append(text.data(), end.ptr);
}

bool is_integral(double value) { return std::trunc(value) == value; }

int64_t to_int64(double value) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (!(value >= -kLimit && value < kLimit)) return INT64_MIN;
  return static_cast<int64_t>(value);
}

}  // namespace tideway
