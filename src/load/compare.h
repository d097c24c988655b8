// Whether what was fetched is what was sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::load {

struct Verification {
  uint64_t sets = 0;
  uint64_t records = 0;     ///< that had to be there and are, as they were sent
  uint64_t missing = 0;     ///< accepted and not there
  uint64_t different = 0;   ///< there, with other values
  uint64_t duplicated = 0;  ///< there more than once
  uint64_t unexpected = 0;  ///< there and never sent
  uint64_t unreadable = 0;  ///< sets that could not be fetched
  std::string first_problem = {};

  bool passed() const { return missing + different + duplicated + unexpected + unreadable == 0; }
  void add(const Verification& other);
};

/// Compares the sent chunks of one data set with GET /data of it. A server adds members, and takes
/// a bolus out of its wizard; every member that was sent has to be there as it was sent.
class SetComparison {
 public:
  /// A chunk that was accepted, or one of which that is not known. In any order.
  void expect(std::string_view chunk, bool accepted);
  Verification compare(std::string_view fetched);

 private:
  struct Expected {
    std::string text;
    bool accepted = false;
  };
  std::vector<Expected> chunks_;
};

}  // namespace tideway::load
