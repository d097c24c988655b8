#include "api/cookies.h"

#include <fmt/format.h>

#include <algorithm>

#include "server/field_text.h"

namespace tideway::api {

std::optional<std::string_view> find_cookie(const server::Request& request, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [field, value] : request.headers) {
    if (!server::equals_ignoring_case(field, "Cookie")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const size_t end = std::min(rest.find(';'), rest.size());
      const std::string_view pair = server::trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const size_t equals = pair.find('=');
      if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
      if (found) return std::nullopt;
      found = pair.substr(equals + 1);
    }
  }
  return found;
}

void set_cookie(server::Response& response, const Cookie& cookie) {
  std::string text = fmt::format("{}={}; Path={}; SameSite={}", cookie.name, cookie.value,
                                 cookie.path, cookie.strict ? "Strict" : "Lax");
  if (cookie.seconds >= 0) text += fmt::format("; Max-Age={}", cookie.seconds);
  if (cookie.secure) text += "; Secure";
  if (!cookie.readable) text += "; HttpOnly";
  response.headers.add("Set-Cookie", text);
}

}  // namespace tideway::api
