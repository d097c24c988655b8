// A made-up user with a device: an endless history of records, and the data sets that carry it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "load/records.h"

namespace tideway::load {

enum class Kind {
  kCgm,   ///< an app that passes on a reading every five minutes, in one continuous set
  kPump,  ///< a pump with CGM, read out now and then: sets that are closed
  kLoop,  ///< a closed loop: what it thought and did every five minutes, in one continuous set
};

std::string_view name_of(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

/// How many records such a device sends at a time.
size_t usual_chunk_records(Kind kind);

/// Not for several threads, see Life.
class Person {
 public:
  /// Equal arguments make equal persons.
  Person(uint64_t seed, size_t number, Kind kind);

  Kind kind() const { return kind_; }
  /// The body that opens a data set.
  std::string data_set() const;
  bool closes_sets() const { return kind_ == Kind::kPump; }

  /// The records from `first` on, as a JSON array: the same ones whenever they are asked for.
  std::string chunk(size_t first, size_t count) const;

 private:
  std::string record(size_t number) const;
  std::string pump_chunk(size_t first, size_t count) const;

  Kind kind_;
  Life life_;
  Device device_;
};

}  // namespace tideway::load
