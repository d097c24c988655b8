// Cross-origin requests of browsers (docs/spec/http.md 3.4).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/http.h"

namespace tideway::server {

class Cors {
 public:
  /// `origins` are compared as sent; none, or a "*" among them, admits every origin.
  explicit Cors(std::vector<std::string> origins);

  static bool is_preflight(const Request& request);

  /// The answer to a preflight, but for what add_headers adds. It does not say whether the path
  /// exists. An origin that is not admitted gets it too, but without any permission.
  Response preflight(std::string_view origin) const;

  /// Adds what a response to a request from `origin` needs; nothing for an empty one.
  void add_headers(std::string_view origin, Headers& headers) const;

 private:
  bool admits(std::string_view origin) const;

  std::vector<std::string> origins_;
};

}  // namespace tideway::server
