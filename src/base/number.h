// Numbers as text, the way Go's encoding/json and strconv print them
// (docs/spec/datatypes-common.md 7.3 and 1.5).
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "base/text_buffer.h"

namespace tideway {

/// JSON form: shortest digits that read back; exponent below 1e-6 and from 1e21 on.
void append_json_number(std::string& out, double value);
void append_json_number(TextBuffer& out, double value);

/// Form used in error details and identity hashes: the same digits, never an exponent.
void append_plain_number(std::string& out, double value);
void append_plain_number(TextBuffer& out, double value);
std::string plain_number(double value);

void append_integer(std::string& out, int64_t value);
void append_integer(TextBuffer& out, int64_t value);

/// To 64 bits as x86-64 converts: outside the range it is -9223372036854775808.
inline int64_t to_int64(double value) {
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (!(value >= -kLimit && value < kLimit)) return INT64_MIN;
  return static_cast<int64_t>(value);
}

/// True when `value` has no fraction, so that it can be read as an integer.
inline bool is_integral(double value) {
  constexpr double kAllWholeFrom = 4503599627370496.0;  // 2^52
  if (!(std::fabs(value) < kAllWholeFrom)) return !std::isnan(value);
  return static_cast<double>(static_cast<int64_t>(value)) == value;
}

}  // namespace tideway
