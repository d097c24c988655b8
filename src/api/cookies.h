// Cookies of requests and answers (RFC 6265).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/http.h"

namespace tideway::api {

/// The value of the cookie; nothing when there is none or more than one of that name.
std::optional<std::string_view> find_cookie(const server::Request& request, std::string_view name);

struct Cookie {
  std::string_view name;
  std::string_view value;
  std::string_view path = "/";
  bool secure = false;    ///< for HTTPS only
  bool readable = false;  ///< by scripts
  bool strict = false;    ///< not even with a link from elsewhere
  int64_t seconds = 0;    ///< it lives; 0 removes it, less than 0: until the browser is closed
};

void set_cookie(server::Response& response, const Cookie& cookie);

}  // namespace tideway::api
