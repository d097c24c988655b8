// Query strings taken apart. What the names mean is the handlers' business.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tideway::server {

/// Decoded name and value pairs in the order sent. Names compare byte by byte.
class Query {
 public:
  using value_type = std::pair<std::string, std::string>;
  using const_iterator = std::vector<value_type>::const_iterator;

  void add(std::string name, std::string value);

  size_t count(std::string_view name) const;
  std::optional<std::string_view> first(std::string_view name) const;
  std::optional<std::string_view> last(std::string_view name) const;

  bool empty() const { return pairs_.empty(); }
  size_t size() const { return pairs_.size(); }
  const_iterator begin() const { return pairs_.begin(); }
  const_iterator end() const { return pairs_.end(); }

 private:
  std::vector<value_type> pairs_;
};

/// As family P reads it (docs/spec/http.md 7): nothing when an escape is bad or a ';' occurs.
std::optional<Query> parse_query_strict(std::string_view text);

/// As family W reads it (docs/spec/fetch.md 1.3): such pairs are left out.
Query parse_query_lenient(std::string_view text);

}  // namespace tideway::server
