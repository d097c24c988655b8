// The server choice "Local" of the released desktop Uploader (docs/spec/clients.md 13): it talks to
// three ports of its own computer, and asks for e-mail and password when /info names no provider.
#pragma once

#include "server/server.h"

namespace tideway::cli {

/// Answers as `inner` does, but for GET /info, which announces the login with a password.
class UploaderLocalHandler final : public server::Handler {
 public:
  /// `inner` must outlive it.
  explicit UploaderLocalHandler(server::Handler& inner) : inner_(inner) {}

  uint64_t body_size_bytes_max(std::string_view method, std::string_view path) const override;
  bool receives_body(std::string_view method, std::string_view path) const override {
    return inner_.receives_body(method, path);
  }
  std::expected<std::unique_ptr<server::BodyReceiver>, server::Response> receive(
      server::Request& request) override {
    return inner_.receive(request);
  }
  server::Response handle(server::Request request) override;

 private:
  server::Handler& inner_;
};

}  // namespace tideway::cli
