// The identity of a record: what makes two records the same for the hash deduplicators
// (docs/spec/datatypes-common.md 2.5).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/sha256.h"
#include "base/text_buffer.h"
#include "record/value.h"
#include "record/write.h"

namespace tideway::record {

using IdentityHash = Sha256;

/// Appends `time|type|extra fields…` of a record: the part of the identity that does not depend on
/// where the record goes. What write_record() said of it saves printing its number anew. Returns
/// whether the record's text tells as much, see stored_identity.h.
bool append_identity(TextBuffer& out, const ObjectValue& record, const Written& written = {});

/// Appends what an identity is hashed behind: `user id|key|`. The key is the record's device id or
/// the data set's id.
void append_identity_owner(TextBuffer& out, std::string_view user_id, std::string_view key);

/// SHA-256 of `user id|key|identity`.
IdentityHash identity_hash(std::string_view user_id, std::string_view key,
                           std::string_view identity);

/// What identity_hash() is given beside the user.
struct IdentitySource {
  std::string_view key;
  std::string_view identity;
};

/// The hashes of many records, which costs each half as much.
void identity_hashes(std::string_view user_id, std::span<const IdentitySource> sources,
                     std::span<IdentityHash> hashes);

/// Standard base64 with padding, 44 characters, as the wire shows a hash.
std::string to_base64(const IdentityHash& hash);
/// Undoes to_base64(); nothing for any other text.
std::optional<IdentityHash> from_base64(std::string_view text);

}  // namespace tideway::record
