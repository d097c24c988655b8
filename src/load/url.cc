#include "load/url.h"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace tideway::load {

std::string Url::authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  const bool is_usual = port == (tls ? "443" : "80");
  return (is_v6 ? "[" + host + "]" : host) + (is_usual ? "" : ":" + port);
}

std::expected<Url, std::string> parse_url(std::string_view text) {
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (parsed.has_error()) return std::unexpected(fmt::format("'{}' is not a URL", text));
  Url url;
  url.tls = parsed->scheme() == "https";
  if (!url.tls && parsed->scheme() != "http") {
    return std::unexpected(fmt::format("'{}' begins with neither http:// nor https://", text));
  }
  if (parsed->has_query() || parsed->has_fragment() || parsed->has_userinfo()) {
    return std::unexpected(fmt::format("'{}' has more than host, port and path", text));
  }
  url.host = parsed->host_address();
  if (url.host.empty()) return std::unexpected(fmt::format("'{}' names no host", text));
  url.port = std::string(parsed->port());
  if (url.port.empty()) url.port = url.tls ? "443" : "80";
  url.prefix = std::string(parsed->encoded_path());
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  return url;
}

}  // namespace tideway::load
