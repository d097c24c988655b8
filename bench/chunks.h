// Bodies of an upload: one sample, moved to other days, so that no record comes twice.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::bench {

class Chunks {
 public:
  /// `sample` is a JSON array of records that span less than `days` days.
  Chunks(std::string sample, int days);

  /// The sample, `number` × days later; the numbers may come in any order. Lives until the next
  /// call.
  const std::string& chunk(int number);

  /// `YYYY-MM-DD` of the sample, moved in the same way.
  std::string moved_date(std::string_view date, int number) const;

 private:
  /// Where a date stands in the text, and how many days since 1970 it is in the sample.
  struct Place {
    size_t at;
    int64_t day;
  };

  std::string text_;
  int days_;
  int64_t first_day_ = INT64_MAX;
  std::vector<Place> places_;
};

}  // namespace tideway::bench
