// Stage 4: the canonical text of an object, members in byte order of their names
// (docs/spec/datatypes-common.md 7).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/text_buffer.h"
#include "record/value.h"

namespace tideway::record {

/// What takes records out of those that hold them.
class Extractor {
 public:
  virtual ~Extractor() = default;
  /// Returns the id to write in the record's place.
  virtual std::string_view extract(const ObjectValue& record) = 0;
};

/// What else is known of a record that was written.
struct Written {
  /// See store::BlockRecord::segment_sizes.
  std::array<uint32_t, 4> segment_sizes{};
  /// The text of a number that is part of the record's identity, where its plain form is the same.
  /// Lives until more is written.
  std::string_view identity_number{};
  size_t identity_field = 0;  ///< the field whose number it is
};

/// Appends the members of a record without braces and without its id.
Written write_record(TextBuffer& out, const ObjectValue& record, Extractor& extractor);

/// Appends one member's value, for objects whose members are arranged by the caller.
void write_field(std::string& out, const ObjectValue& object, size_t field);

}  // namespace tideway::record
