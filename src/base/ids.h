// Identifiers: forms and generation (docs/spec/http.md 8).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tideway {

using Bytes16 = std::array<uint8_t, 16>;

/// Cryptographically random bytes.
Bytes16 random_bytes16();

/// 32 lower-case hex digits.
std::string to_hex(const Bytes16& bytes);

/// The reverse; false when `text` is not 32 lower-case hex digits.
bool from_hex(std::string_view text, Bytes16& bytes);

/// A new id of 32 lower-case hex digits from 16 random bytes.
std::string random_id();

/// Makes ids like random_id(). Random bytes are asked of the system for many of them at once, which
/// costs each a fraction of a call. Not to be shared between threads.
class RandomIds {
 public:
  std::string next();

 private:
  std::array<Bytes16, 32> bytes_;
  size_t left_ = 0;  ///< of bytes_, unused
};

/// A new user id: 10 lower-case hex digits.
std::string random_user_id();

/// A random UUID v4, lower-case.
std::string random_uuid();

bool is_data_id(std::string_view id);      ///< ^[0-9a-z]{32}$
bool is_data_set_id(std::string_view id);  ///< upid_ and 12 or 32 hex digits, or 32 hex digits
bool is_user_id(std::string_view id);      ///< 10 lower-case hex digits, or a UUID

}  // namespace tideway
