// What comes of a body of records, in a form that outcomes can be compared and put together in.
#pragma once

#include <string>
#include <vector>

#include "json/tree.h"

namespace tideway::properties {

/// Bodies and batches are lists of records.
using Records = json::Tree::Items;

struct Outcome {
  /// Faults of an earlier stage hide those of a later one.
  enum class Stage { kParse, kValidate, kGood };

  struct Error {
    size_t index;      ///< of the record
    std::string text;  ///< everything else

    bool operator==(const Error&) const = default;
  };

  Stage stage = Stage::kGood;
  std::vector<Error> errors;
  std::vector<std::string> posted;     ///< as stored, ids that were made masked
  std::vector<std::string> extracted;  ///< those taken out of others

  bool operator==(const Outcome&) const = default;
  std::string shown() const;
};

/// Reads the records as one body.
Outcome outcome_of(const Records& records);

/// What one body of `left_count` records and then others has to give, from what both give alone.
Outcome together(const Outcome& left, size_t left_count, const Outcome& right);

/// The posted records of a good body, as bodies that ask for the same: records taken out of others
/// are back in, members have the names under which they are read.
Records as_input(const Records& records);

}  // namespace tideway::properties
