// E-mail and password from an Authorization header, as the login reads it: docs/spec/http.md 1.3.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tideway::api {

struct BasicCredentials {
  std::string email;
  std::string password;

  BasicCredentials() = default;
  BasicCredentials(BasicCredentials&&) = default;
  BasicCredentials& operator=(BasicCredentials&&) = default;
  ~BasicCredentials();  ///< wipes the password
};

/// Standard padded base64 of email:password behind the first space, whatever stands before it. The
/// password is everything behind the first colon. Nothing when this is not so or both are empty.
std::optional<BasicCredentials> parse_basic(std::string_view authorization);

}  // namespace tideway::api
