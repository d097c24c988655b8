// A server with a handler made for tests.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

#include "server/server.h"
#include "tests/server/client.h"

namespace tideway::server {

/// Handlers stop here until it is opened; counts those that have come.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  /// False when that does not happen.
  bool wait_for_arrivals(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, Client::kPatience, [&] { return arrived_ >= count; });
  }
  int arrivals() {
    const std::lock_guard lock(mutex_);
    return arrived_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

/// Answers "<method> <path> <query> <body>" as text, unless told otherwise.
class TestHandler final : public Handler {
 public:
  uint64_t body_size_bytes_max(std::string_view, std::string_view path) const override {
    return path == "/big" || path == "/receive" ? 64 << 20 : 1000;
  }
  Response handle(Request request) override {
    return on_request ? on_request(std::move(request)) : echo(request);
  }

  bool receives_body(std::string_view, std::string_view path) const override {
    return on_receive && path.starts_with("/receive");
  }
  std::expected<std::unique_ptr<BodyReceiver>, Response> receive(Request& request) override {
    return on_receive(request);
  }

  static Response text(std::string body) {
    Response response;
    response.headers.add("Content-Type", "text/plain");
    response.body = std::move(body);
    return response;
  }
  static Response echo(const Request& request) {
    return text(request.method + " " + request.path + " " + request.query + " " + request.body);
  }

  std::function<Response(Request)> on_request;  ///< to be set before the server starts
  std::function<std::expected<std::unique_ptr<BodyReceiver>, Response>(const Request&)> on_receive;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() { options_.listen = "127.0.0.1:0"; }
  ~ServerTest() override {
    gate_.open();  // a failed test must not leave a handler waiting
    server_.reset();
  }

  void start() {
    server_ = std::make_unique<Server>(options_, handler_, &unix_handler_);
    server_->start();
  }
  void start(std::function<Response(Request)> on_request) {
    handler_.on_request = std::move(on_request);
    start();
  }
  Client client() const { return Client(server_->port()); }

  Gate gate_;
  Options options_;
  TestHandler handler_;
  TestHandler unix_handler_;
  std::unique_ptr<Server> server_;
};

}  // namespace tideway::server
