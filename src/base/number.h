// Numbers as text, the way Go's encoding/json and strconv print them
// (docs/spec/datatypes-common.md 7.3 and 1.5).
#pragma once

#include <cstdint>
#include <string>

namespace tideway {

/// JSON form: shortest digits that read back; exponent below 1e-6 and from 1e21 on.
void append_json_number(std::string& out, double value);

/// Form used in error details and identity hashes: the same digits, never an exponent.
void append_plain_number(std::string& out, double value);
std::string plain_number(double value);

void append_integer(std::string& out, int64_t value);

/// True when `value` has no fraction, so that it can be read as an integer.
bool is_integral(double value);

/// To 64 bits as x86-64 converts: outside the range it is -9223372036854775808.
int64_t to_int64(double value);

}  // namespace tideway
