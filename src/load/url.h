// The address of a server.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace tideway::load {

struct Url {
  bool tls = false;
  std::string host;    ///< without the brackets of an IPv6 address
  std::string port;    ///< a number
  std::string prefix;  ///< what goes before every path, without a slash at its end

  /// The value of the Host field.
  std::string authority() const;
};

/// "http://host", "https://host:8443/prefix". The error says what is wrong.
std::expected<Url, std::string> parse_url(std::string_view text);

}  // namespace tideway::load
