#include "server/response_head.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <iterator>

#include "server/field_text.h"

namespace tideway::server {
namespace {

constexpr std::array<std::string_view, 7> kOwnFields = {
    "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Date", "Server", "Trailer"};

bool is_own_field(std::string_view name) {
  return std::ranges::any_of(kOwnFields,
                             [&](std::string_view own) { return equals_ignoring_case(own, name); });
}

std::string_view reason_phrase(uint16_t status) {
  const auto phrase =
      boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {phrase.data(), phrase.size()};
}

bool has_length(uint16_t status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

std::string response_head(const Response& response, const Framing& framing, std::string_view date) {
  std::string head;
  head.reserve(512);
  fmt::format_to(std::back_inserter(head), "HTTP/1.{} {} {}\r\nDate: {}\r\n",
                 framing.http11 ? 1 : 0, response.status, reason_phrase(response.status), date);
  for (const auto& [name, value] : response.headers) {
    // A line break in a value would let it write fields, or a response, of its own.
    if (is_own_field(name) || !is_field_value(value)) continue;
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (response.stream) {
    if (framing.http11) head += "Transfer-Encoding: chunked\r\n";
  } else if (has_length(response.status)) {
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", response.body.size());
  }
  if (!framing.keep_alive) {
    head += "Connection: close\r\n";
  } else if (!framing.http11) {
    head += "Connection: keep-alive\r\n";
  }
  head += "\r\n";
  return head;
}

}  // namespace tideway::server
