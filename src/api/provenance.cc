#include "api/provenance.h"

#include <boost/asio/ip/address.hpp>
#include <optional>

#include "server/field_text.h"

namespace tideway::api {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v4;
using boost::asio::ip::address_v6;

bool in_network(const address_v4& ip, uint32_t network, unsigned prefix_bits) {
  return (ip.to_uint() >> (32 - prefix_bits)) == (network >> (32 - prefix_bits));
}

bool is_public(const address_v4& ip) {
  const bool is_private = in_network(ip, 0x0a000000, 8) || in_network(ip, 0xac100000, 12) ||
                          in_network(ip, 0xc0a80000, 16);
  const bool is_link_local = in_network(ip, 0xa9fe0000, 16);
  const bool is_broadcast = ip == address_v4::broadcast();
  return !is_private && !is_link_local && !is_broadcast && !ip.is_loopback() &&
         !ip.is_multicast() && !ip.is_unspecified();
}

bool is_public(const address_v6& ip) {
  if (ip.is_v4_mapped())
    return is_public(boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, ip));
  const bool is_unique_local = (ip.to_bytes()[0] & 0xfe) == 0xfc;
  return !is_unique_local && !ip.is_link_local() && !ip.is_loopback() && !ip.is_multicast() &&
         !ip.is_unspecified();
}

/// The address in canonical form if it is one and public.
std::optional<std::string> public_address(std::string_view text) {
  boost::system::error_code error;
  const address ip = boost::asio::ip::make_address(text, error);
  if (error) return std::nullopt;
  const bool accepted = ip.is_v4() ? is_public(ip.to_v4()) : is_public(ip.to_v6());
  if (!accepted) return std::nullopt;
  return ip.to_string();
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::string> first_public(std::string_view list) {
  while (true) {
    const size_t comma = list.find(',');
    if (auto found = public_address(trimmed(list.substr(0, comma)))) return found;
    if (comma == list.npos) return std::nullopt;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string source_ip(const server::Request& request) {
  constexpr std::string_view kHeader = "X-Forwarded-For";
  for (const auto& [name, value] : request.headers) {
    if (!server::equals_ignoring_case(name, kHeader)) continue;
    if (auto found = first_public(value)) return *found;
  }
  return request.peer_address;
}

dataset::Provenance provenance(const server::Request& request, const Identity& caller) {
  return {
      .client_id = caller.client_id, .by_user_id = caller.user_id, .source_ip = source_ip(request)};
}

}  // namespace tideway::api
