// Who really sent a request that came through a proxy. Only proxies at configured addresses are
// believed: anybody may write X-Forwarded-For.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http.h"

namespace tideway::server {

/// An address or a network in CIDR form, of either family.
class Network {
 public:
  /// "10.0.0.0/8", "192.0.2.7", "fd00::/8"; nothing for any other text.
  static std::optional<Network> parse(std::string_view text);

  bool contains(std::string_view address) const;

 private:
  using Bytes = std::array<uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d
  static std::optional<Bytes> bytes_of(std::string_view address);

  Bytes bytes_{};
  unsigned prefix_bits_ = 128;
};

class TrustedProxies {
 public:
  /// Throws std::runtime_error for a text that is no network.
  explicit TrustedProxies(const std::vector<std::string>& networks);

  /// Sets client_address and https of a request whose peer_address is known. Of the addresses in
  /// X-Forwarded-For the last one counts that is not a trusted proxy itself: what stands before it
  /// may be made up. Of X-Forwarded-Proto likewise the last.
  void identify(Request& request) const;

 private:
  bool trusts(std::string_view address) const;

  std::vector<Network> networks_;
};

}  // namespace tideway::server
