#include "base/number.h"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

#include "base/put.h"
#include "base/two_digits.h"

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

/// Digits of a whole number. Most are small.
char* put_whole(char* at, uint64_t value) {
  if (value >= 100) return std::to_chars(at, at + kPutNumberBytesMax, value).ptr;
  if (value >= 10) return put_two(at, value);
  *at = static_cast<char>('0' + value);
  return at + 1;
}

/// Whole numbers of a size that clients send print without the detour over digits. Returns the
/// place behind, or null for other numbers.
char* put_if_small_integer(char* at, double value) {
  if (!(std::fabs(value) < 1e15)) return nullptr;
  const auto whole = static_cast<int64_t>(value);
  if (static_cast<double>(whole) != value || (whole == 0 && std::signbit(value))) return nullptr;
  return put_integer(at, whole);
}

/// So do numbers with up to five places behind the point, such as every glucose value. Of at most
/// 15 digits in all no two read to the same double, so those found by division are the shortest.
char* put_if_short_decimal(char* at, double value) {
  constexpr double kScale = 1e5;
  constexpr uint64_t kWhole = 100'000;
  const double magnitude = std::fabs(value);
  if (!(magnitude < 1e9)) return nullptr;
  const auto scaled = static_cast<uint64_t>(static_cast<int64_t>(magnitude * kScale + 0.5));
  if (scaled == 0 || static_cast<double>(scaled) / kScale != magnitude) return nullptr;

  if (value < 0) *at++ = '-';
  at = put_whole(at, scaled / kWhole);
  const auto fraction = static_cast<uint32_t>(scaled % kWhole);
  if (fraction == 0) return at;
  *at = '.';
  put_two(at + 1, fraction / 1'000);
  put_two(at + 3, fraction % 1'000 / 10);
  at[5] = static_cast<char>('0' + fraction % 10);
  for (at += 6; at[-1] == '0';) --at;
  return at;
}

bool append_if_short(std::string& out, double value) {
  std::array<char, kPutNumberBytesMax> text;
  char* const end = put_json_number(text.data(), value);
  if (end == nullptr) return false;
  out.append(text.data(), end);
  return true;
}

/// `append` is one of those below. What is short looks the same in all forms.
void append_to_buffer(TextBuffer& out, double value, void (*append)(std::string&, double)) {
  const char* const end = put_json_number(out.room(kPutNumberBytesMax), value);
  if (end != nullptr) return out.commit(end);
  std::string text;
  append(text, value);
  out.append(text);
}

}  // namespace

char* put_integer(char* at, int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  if (value >= 0) return put_whole(at, bits);
  *at = '-';
  return put_whole(at + 1, 0 - bits);
}

char* put_json_number(char* at, double value) {
  char* const end = put_if_small_integer(at, value);
  return end != nullptr ? end : put_if_short_decimal(at, value);
}

void append_json_number(std::string& out, double value) {
  if (append_if_short(out, value)) return;
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
  if (append_if_short(out, value)) return;
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

void append_json_number(TextBuffer& out, double value) {
  append_to_buffer(out, value, append_json_number);
}

void append_plain_number(TextBuffer& out, double value) {
  append_to_buffer(out, value, append_plain_number);
}

void append_integer(TextBuffer& out, int64_t value) {
  out.commit(put_integer(out.room(kPutNumberBytesMax), value));
}

}  // namespace tideway
