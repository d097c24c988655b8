// The identities of records, read back from the texts that were stored of them. A text says nearly
// always the same of its record's identity as the record did: not of a time with an offset or below
// a millisecond, or of a number with an exponent. append_identity() tells which it is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_buffer.h"

namespace tideway::record {

/// Reads one record after another. Records of a type differ by little but their values, so each
/// member is first looked for where the one before had it.
class StoredIdentityReader {
 public:
  /// Appends what append_identity() did when the record was read. The text and its cuts are those
  /// of Record.
  void append(TextBuffer& out, std::string_view type, std::string_view text,
              const std::array<uint32_t, 4>& segment_sizes);

 private:
  /// A member that is part of the identity.
  struct Member {
    std::string_view name;
    size_t segment = 0;
    std::string_view constant = {};  ///< the value, if all records of the type have the same
    /// What stood before its value last: all of its segment or, where the member before lies in it
    /// too and earlier, all behind that one's value.
    std::optional<std::string> before = {};
    bool is_behind_last = false;
  };
  struct Type {
    std::string_view name;
    std::vector<Member> members;  ///< the time is the first
  };

  Type& type_of(std::string_view name);
  static std::string_view find(Member& member, std::string_view segment, std::string_view last);

  std::vector<Type> types_;  ///< those that have been met
};

}  // namespace tideway::record
