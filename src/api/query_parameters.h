// The query parameters of platform routes, which are read strictly (docs/spec/http.md 7): unknown
// and repeated ones are errors.
#pragma once

#include <cstdint>
#include <expected>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "server/http.h"
#include "server/query.h"

namespace tideway::api {

/// Ask for every parameter that the route knows, then for errors().
class QueryParameters {
 public:
  /// The 400 of a query string that cannot be decoded is returned.
  static std::expected<QueryParameters, server::Response> read(const server::Request& request);

  bool has(std::string_view name) const { return query_.first(name).has_value(); }
  /// Not empty and not longer, or nothing.
  std::string text(std::string_view name, size_t bytes_max = std::numeric_limits<size_t>::max());
  /// One of the values, or nothing.
  std::string one_of(std::string_view name, std::initializer_list<std::string_view> values);
  bool flag(std::string_view name);
  /// All occurrences, each split at its commas; empty parts are kept.
  std::vector<std::string> list(std::string_view name);
  uint64_t integer(std::string_view name, int64_t fallback, int64_t low,
                   std::optional<int64_t> high = std::nullopt);
  std::optional<int64_t> time_ms(std::string_view name);

  /// For checks that only the caller knows.
  void reject(std::string_view name, Error error) { add(checking_, name, std::move(error)); }

  /// Everything wrong with the query. Errors of reading hide those of checking.
  Errors errors() const;

 private:
  explicit QueryParameters(server::Query query) : query_(std::move(query)) {}

  std::optional<std::string_view> take(std::string_view name);
  static void add(Errors& errors, std::string_view name, Error error);

  server::Query query_;
  std::vector<std::string> known_;
  std::vector<std::string> lists_;  ///< those of the known that may be repeated
  Errors reading_;
  Errors checking_;
};

}  // namespace tideway::api
