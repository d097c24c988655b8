#include "oidc/http_get.h"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>
#include <string_view>

// See server/asio.h.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace tideway::oidc {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::use_awaitable;
using asio::ip::tcp;

struct Url {
  bool tls = false;
  std::string host;
  std::string port;
  std::string target;
};

std::optional<Url> parse(std::string_view text) {
  Url url;
  url.tls = text.starts_with("https://");
  if (!url.tls && !text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(url.tls ? 8 : 7);
  const size_t slash = std::min(text.find('/'), text.size());
  url.target = slash == text.size() ? "/" : text.substr(slash);
  std::string_view authority = text.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  url.port = url.tls ? "443" : "80";
  const size_t colon = authority.rfind(':');
  if (colon != std::string_view::npos && !authority.ends_with(']')) {
    url.port = authority.substr(colon + 1);
    authority = authority.substr(0, colon);
  }
  if (authority.starts_with('[') && authority.ends_with(']')) {
    authority = authority.substr(1, authority.size() - 2);
  }
  url.host = authority;
  if (url.host.empty() || url.port.empty()) return std::nullopt;
  return url;
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

template <class Stream>
asio::awaitable<std::string> ask(Stream& stream, const Url& url, size_t size_bytes_max) {
  http::request<http::empty_body> request(http::verb::get, url.target, 11);
  request.set(http::field::host, url.host + ":" + url.port);
  request.set(http::field::accept, "application/json");
  request.set(http::field::user_agent, "tideway");
  request.set(http::field::connection, "close");
  co_await http::async_write(stream, request, use_awaitable);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(size_bytes_max);
  parser.header_limit(64 << 10);
  co_await http::async_read(stream, buffer, parser, use_awaitable);
  const unsigned status = parser.get().result_int();
  if (status != 200) throw std::runtime_error(fmt::format("status {}", status));
  co_return std::move(parser.get().body());
}

asio::awaitable<std::string> fetch(const Url& url, size_t size_bytes_max) {
  const auto executor = co_await asio::this_coro::executor;
  tcp::resolver resolver(executor);
  const auto found = co_await resolver.async_resolve(url.host, url.port, use_awaitable);
  tcp::socket socket(executor);
  co_await asio::async_connect(socket, found, use_awaitable);
  if (!url.tls) co_return co_await ask(socket, url, size_bytes_max);
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_default_verify_paths();
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(url.host));
  SSL_set_tlsext_host_name(stream.native_handle(), url.host.c_str());
  co_await stream.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  co_return co_await ask(stream, url, size_bytes_max);
}

}  // namespace

std::expected<std::string, std::string> http_get(const std::string& text,
                                                 const HttpGetLimits& limits) {
  const auto url = parse(text);
  if (!url) return std::unexpected("not an address that can be fetched");
  if (!url->tls && !is_this_machine(url->host)) {
    return std::unexpected("plain http is for this machine only");
  }
  std::expected<std::string, std::string> result = std::unexpected("no answer in time");
  // Destroyed first, and with it what is still under way.
  asio::io_context context(1);
  asio::co_spawn(context, fetch(*url, limits.size_bytes_max),
                 [&result](const std::exception_ptr& failure, std::string body) {
                   if (!failure) {
                     result = std::move(body);
                     return;
                   }
                   try {
                     std::rethrow_exception(failure);
                   } catch (const std::exception& error) {
                     result = std::unexpected(error.what());
                   }
                 });
  context.run_for(limits.time);
  return result;
}

}  // namespace tideway::oidc
