// A stored record as the wire shows it: with the members that the server adds put into their
// places.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "record/identity.h"
#include "store/block.h"

namespace tideway::query {

/// What a record does not hold itself.
struct RecordFrame {
  std::string_view id;  ///< 32 characters
  uint32_t revision;    ///< 0 for a record that was never changed
  std::string_view upload_id;
  const record::IdentityHash* identity;  ///< null for a record that shows none
};

/// Appends the record as one JSON object. This is the inner loop of a fetch.
void append_record(std::string& out, const store::RecordText& record, const RecordFrame& frame);

/// 32 lower-case hex digits to `out`.
void write_hex(char* out, const Bytes16& bytes);

}  // namespace tideway::query
