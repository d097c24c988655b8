// The errors of records: their codes, titles and details (docs/spec/datatypes-common.md 1.4, 1.5).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/time.h"
#include "json/document.h"
#include "record/value.h"

namespace tideway::record {

/// More errors than this are not reported: a small hostile body could ask for gigabytes of them.
inline constexpr size_t kErrorsMax = 10'000;

/// Collects the errors of one stage. `meta` is put into each of them and must
/// outlive the reporting.
class Report {
 public:
  void set_meta(std::string_view meta) { meta_ = meta; }
  bool empty() const { return errors_.empty(); }
  Errors& errors() { return errors_; }
  void clear() { errors_.clear(); }

  /// `type is not <wanted>, but <kind of actual>`; wanted is string, int, float64, bool, time …
  void type_is_not(const Path& path, std::string_view wanted, json::Element actual);
  void not_parsable_time(const Path& path, std::string_view text, std::string_view layout);
  void not_parsed(const Path& path);

  void not_exists(const Path& path);
  void exists(const Path& path);
  void empty_value(const Path& path);
  void duplicate(const Path& path);
  void not_allowed(const Path& path, std::string_view text,
                   std::span<const std::string_view> allowed);
  void number_not_allowed(const Path& path, std::string_view number,
                          std::span<const double> allowed);
  /// `value <value> is not <relation>`, for example relation "between 0 and 55".
  void out_of_range(const Path& path, std::string_view value, std::string_view relation);
  void not_equal(const Path& path, std::string_view text, std::string_view expected);
  void bad_length(const Path& path, size_t length, std::string_view relation);
  void bad_size(const Path& path, size_t size, size_t size_max);
  /// `value "…" is not valid <as what>`.
  void not_valid(const Path& path, std::string_view text, std::string_view as_what);
  void not_after(const Path& path, const Time& time, const Time& limit);
  void none_of_any(const Path& path, std::span<const std::string_view> names);
  void none_of_one(const Path& path, std::span<const std::string_view> names);

 private:
  void add(const Path& path, std::string_view code, std::string_view title, std::string detail);
  void add(const Path& path, std::string_view code, std::string_view title);

  Errors errors_;
  std::string_view meta_;
};

}  // namespace tideway::record
