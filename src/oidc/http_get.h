// A small HTTP client: fetches one document, with limits on everything.
#pragma once

#include <chrono>
#include <expected>
#include <string>

namespace tideway::oidc {

struct HttpGetLimits {
  std::chrono::milliseconds time{10'000};  ///< for all of it
  size_t size_bytes_max = 256 << 10;
};

/// The body of a 200 answer; else a line that says why not. "https://…" checks the certificate
/// against those that the system trusts (SSL_CERT_FILE and SSL_CERT_DIR are honoured); "http://…"
/// is for a server on this machine only. Follows no redirects. Blocks.
std::expected<std::string, std::string> http_get(const std::string& url,
                                                 const HttpGetLimits& limits = {});

}  // namespace tideway::oidc
