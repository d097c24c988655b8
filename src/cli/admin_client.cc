#include "cli/admin_client.h"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <exception>

#include "cli/admin.h"
#include "cli/socket_path.h"
#include "json/document.h"

namespace tideway::cli {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Stream = boost::beast::basic_stream<asio::local::stream_protocol>;
using HttpResponse = http::response<http::string_body>;

asio::awaitable<HttpResponse> post(std::string path, std::string body,
                                   std::chrono::milliseconds timeout) {
  Stream stream(co_await asio::this_coro::executor);
  stream.expires_after(timeout);
  co_await stream.async_connect(asio::local::stream_protocol::endpoint(path), asio::use_awaitable);

  http::request<http::string_body> request(http::verb::post, std::string(kAdminUsersPath), 11);
  request.set(http::field::host, "localhost");
  request.set(http::field::content_type, "application/json");
  request.set(http::field::connection, "close");
  request.body() = std::move(body);
  request.prepare_payload();
  co_await http::async_write(stream, request, asio::use_awaitable);

  boost::beast::flat_buffer buffer;
  HttpResponse response;
  co_await http::async_read(stream, buffer, response, asio::use_awaitable);
  co_return response;
}

std::expected<std::string, std::string> read_answer(const HttpResponse& response) {
  const bool created = response.result() == http::status::created;
  json::Parser parser;
  const auto document = parser.parse(response.body());
  std::string_view text;
  if (!document || (*document)[created ? "userid" : "reason"].get(text) != simdjson::SUCCESS) {
    return std::unexpected(
        fmt::format("the running server gave an answer that is not understood, status {}",
                    response.result_int()));
  }
  if (created) return std::string(text);
  return std::unexpected(std::string(text));
}

}  // namespace

std::expected<std::string, std::string> add_user_over_socket(const std::string& data_dir,
                                                             const account::NewUser& user,
                                                             std::chrono::milliseconds timeout) {
  const auto path = SocketPath::in(data_dir);
  if (!path) return std::unexpected(path.error());

  // Asio's coroutines report by exceptions; they end here.
  std::exception_ptr failure;
  HttpResponse response;
  asio::io_context context;
  asio::co_spawn(context, post(path->path(), add_user_body(user), timeout),
                 [&](std::exception_ptr error, HttpResponse result) {
                   failure = std::move(error);
                   response = std::move(result);
                 });
  context.run();
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return std::unexpected(
        fmt::format("the server that runs on {} does not answer on its socket tideway.sock: {}",
                    data_dir, error.what()));
  }
  return read_answer(response);
}

}  // namespace tideway::cli
