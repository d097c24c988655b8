#include "tests/e2e/api_client.h"

#include <fmt/format.h>

#include <boost/beast/core/detail/base64.hpp>
#include <stdexcept>

#include "tests/e2e/json_text.h"
#include "tests/server/client.h"

namespace tideway::e2e {

namespace {

Reply expect_status(Reply reply, unsigned status, std::string_view what) {
  if (reply.status == status) return reply;
  throw std::runtime_error(fmt::format("{}: status {}: {}", what, reply.status, reply.body));
}

std::string to_base64(std::string_view text) {
  namespace base64 = boost::beast::detail::base64;
  std::string out(base64::encoded_size(text.size()), '\0');
  out.resize(base64::encode(out.data(), text.data(), text.size()));
  return out;
}

}  // namespace

std::string field(std::string_view name, std::string_view value) {
  return fmt::format("{}: {}\r\n", name, value);
}

std::string basic_authorization(std::string_view email, std::string_view password) {
  return field("Authorization", "Basic " + to_base64(fmt::format("{}:{}", email, password)));
}

std::string value_of(const Reply& reply, std::string_view name) {
  return std::string(reply.headers.find(name).value_or(""));
}

ApiClient::ApiClient(uint16_t port) : port_(port) {}

ApiClient::~ApiClient() = default;

ApiClient::ApiClient(ApiClient&&) noexcept = default;

std::optional<Reply> ApiClient::try_ask(std::string_view method, std::string_view target,
                                        std::string_view body, std::string_view fields) {
  if (!connection_) connection_ = std::make_unique<server::Client>(port_);
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n", method,
                                 target, body.size());
  if (!token.empty()) head += field("X-Tidepool-Session-Token", token);
  head += fields;
  head += "\r\n";
  head += body;
  connection_->send_what_it_takes(head);
  auto reply = connection_->read(method == "HEAD");
  if (!reply) {
    connection_.reset();
    return std::nullopt;
  }
  Reply out{reply->status, std::move(reply->headers), std::move(reply->body), reply->chunked};
  if (value_of(out, "Connection") == "close") connection_.reset();
  return out;
}

Reply ApiClient::ask(std::string_view method, std::string_view target, std::string_view body,
                     std::string_view fields) {
  auto reply = try_ask(method, target, body, fields);
  if (!reply) throw std::runtime_error(fmt::format("{} {}: no answer", method, target));
  return *std::move(reply);
}

Reply ApiClient::log_in(std::string_view email, std::string_view password) {
  Reply reply = ask("POST", prefix + "/auth/login", {}, basic_authorization(email, password));
  if (reply.status == 200) {
    token = value_of(reply, "X-Tidepool-Session-Token");
    user_id = text_at(reply.body, "/userid");
  }
  return reply;
}

std::string ApiClient::open_set(std::string_view json) {
  const std::string target = fmt::format("{}/v1/users/{}/data_sets", prefix, user_id);
  return text_at(expect_status(ask("POST", target, json), 201, target).body, "/data/uploadId");
}

Reply ApiClient::add(std::string_view upload_id, std::string_view records) {
  return ask("POST", fmt::format("{}/v1/data_sets/{}/data", prefix, upload_id), records);
}

Reply ApiClient::close(std::string_view upload_id) {
  return ask("PUT", fmt::format("{}/v1/data_sets/{}", prefix, upload_id),
             R"({"dataState":"closed"})");
}

std::string ApiClient::fetch(std::string_view query) {
  const std::string target = fmt::format("{}/data/{}?{}", prefix, user_id, query);
  return expect_status(ask("GET", target), 200, target).body;
}

}  // namespace tideway::e2e
