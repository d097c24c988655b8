// Permissions as clients write them (docs/spec/http.md 2.3).
#pragma once

#include <expected>
#include <string>

#include "account/permissions.h"

namespace tideway::account {

/// An object whose keys are names. Neither names nor values are checked, so what the rules know
/// nothing of is kept as well.
struct PermissionSet {
  std::string json = "{}";  ///< keys sorted, without root
  Permissions known = {};

  bool empty() const { return json == "{}"; }
  bool operator==(const PermissionSet&) const = default;
};

/// A longer set is refused.
inline constexpr size_t kPermissionSetSizeBytesMax = 4096;

enum class PermissionSetError { kMalformed, kTooLarge };

/// Reads the body of POST /access/…: an empty text, {} and an object with nothing but root give an
/// empty set.
std::expected<PermissionSet, PermissionSetError> parse_permissions(const std::string& text);

}  // namespace tideway::account
