#include "server/forwarded.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <ranges>
#include <stdexcept>

#include "server/field_text.h"

namespace tideway::server {
namespace {

namespace ip = boost::asio::ip;

/// In the plain form of its family, or nothing when `text` is no address. Some proxies add a port.
std::optional<std::string> address_in(std::string_view text) {
  boost::system::error_code error;
  ip::address address = ip::make_address(text, error);
  if (error && text.starts_with('[')) {
    address = ip::make_address(text.substr(1, text.find(']') - 1), error);
  } else if (error && std::ranges::count(text, ':') == 1) {
    address = ip::make_address(text.substr(0, text.find(':')), error);
  }
  if (error) return std::nullopt;
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

/// The elements of all fields of that name, in order.
std::vector<std::string_view> elements(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> all;
  for (const auto& [field, value] : headers) {
    if (!equals_ignoring_case(field, name)) continue;
    for (const std::string_view element : list_elements(value)) all.push_back(element);
  }
  return all;
}

}  // namespace

std::optional<Network::Bytes> Network::bytes_of(std::string_view address) {
  boost::system::error_code error;
  const ip::address parsed = ip::make_address(address, error);
  if (error) return std::nullopt;
  if (parsed.is_v6()) return parsed.to_v6().to_bytes();
  return ip::make_address_v6(ip::v4_mapped, parsed.to_v4()).to_bytes();
}

std::optional<Network> Network::parse(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto bytes = bytes_of(address);
  if (!bytes) return std::nullopt;
  Network network;
  network.bytes_ = *bytes;
  if (slash == std::string_view::npos) return network;
  const std::string_view prefix = text.substr(slash + 1);
  const unsigned before = address.find(':') == std::string_view::npos ? 96 : 0;
  const auto [end, error] =
      std::from_chars(prefix.data(), prefix.data() + prefix.size(), network.prefix_bits_);
  if (error != std::errc{} || end != prefix.data() + prefix.size()) return std::nullopt;
  if (network.prefix_bits_ > 128 - before) return std::nullopt;
  network.prefix_bits_ += before;
  return network;
}

bool Network::contains(std::string_view address) const {
  const auto bytes = bytes_of(address);
  if (!bytes) return false;
  const size_t whole = prefix_bits_ / 8;
  if (!std::equal(bytes_.begin(), bytes_.begin() + whole, bytes->begin())) return false;
  if (prefix_bits_ % 8 == 0) return true;
  const unsigned shift = 8 - prefix_bits_ % 8;
  return (bytes_[whole] >> shift) == ((*bytes)[whole] >> shift);
}

TrustedProxies::TrustedProxies(const std::vector<std::string>& networks) {
  for (const std::string& text : networks) {
    const auto network = Network::parse(text);
    if (!network) throw std::runtime_error(fmt::format("\"{}\" is no network", text));
    networks_.push_back(*network);
  }
}

bool TrustedProxies::trusts(std::string_view address) const {
  return std::ranges::any_of(networks_,
                             [&](const Network& network) { return network.contains(address); });
}

void TrustedProxies::identify(Request& request) const {
  request.client_address = address_in(request.peer_address).value_or(request.peer_address);
  if (networks_.empty() || !trusts(request.peer_address)) return;
  const auto addresses = elements(request.headers, "X-Forwarded-For");
  for (const std::string_view element : std::views::reverse(addresses)) {
    auto address = address_in(element);
    if (!address) break;  // whatever wrote this, the rest is no better
    request.client_address = *std::move(address);
    if (!trusts(request.client_address)) break;
  }
  const auto schemes = elements(request.headers, "X-Forwarded-Proto");
  if (!schemes.empty()) request.https = equals_ignoring_case(schemes.back(), "https");
}

}  // namespace tideway::server
