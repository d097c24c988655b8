// The identity of a record: what makes two records the same for the hash deduplicators
// (docs/spec/datatypes-common.md 2.5).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "record/value.h"

namespace tideway::record {

using IdentityHash = std::array<uint8_t, 32>;

/// Appends `time|type|extra fields…` of a record: the part of the identity that does not depend on
/// where the record goes.
void append_identity(std::string& out, const ObjectValue& record);

/// SHA-256 of `user id|key|identity`; the key is the record's device id or the data set's id.
IdentityHash identity_hash(std::string_view user_id, std::string_view key,
                           std::string_view identity);

/// Standard base64 with padding, 44 characters, as the wire shows a hash.
std::string to_base64(const IdentityHash& hash);

}  // namespace tideway::record
