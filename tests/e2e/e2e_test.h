// A server of its own for every test, with one user who is logged in.
#pragma once

#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/api_client.h"
#include "tests/e2e/daemon.h"

namespace tideway::e2e {

inline constexpr const char* kEmail = "rey@example.org";
inline constexpr const char* kPassword = "correct-horse";

class E2eTest : public testing::Test {
 protected:
  explicit E2eTest(std::vector<std::string> flags = {}, std::vector<std::string> environment = {})
      : flags_(std::move(flags)), environment_(std::move(environment)) {
    // No server runs yet, so this opens the store itself.
    user_id_ = add_user(data_dir(), kEmail, kPassword);
    start();
    client().log_in(kEmail, kPassword);
    EXPECT_EQ(client().user_id, user_id_);
  }

  ~E2eTest() override {
    if (daemon_) expect_clean_stop();
    if (HasFailure()) std::cerr << "The server's log:\n" << logs_;
  }

  std::filesystem::path data_dir() const { return directory_.path() / "data"; }
  Daemon& daemon() { return *daemon_; }
  /// The user's own connection.
  ApiClient& client() { return *client_; }

  /// A further connection to the running server, not logged in.
  ApiClient stranger() const { return ApiClient(daemon_->port()); }

  /// Stops the server and starts another on the same data; the user keeps the token.
  void restart() {
    expect_clean_stop();
    const std::string token = client_->token;
    start();
    client_->token = token;
    client_->user_id = user_id_;
  }

  void expect_clean_stop() {
    const auto exit_code = daemon_->stop();
    EXPECT_EQ(exit_code, 0) << "128 + the signal, or nothing after ten seconds";
    logs_ += daemon_->log();
    daemon_.reset();
  }

  /// For what is done to the data while no server runs; `client` comes back with its token.
  void start() {
    daemon_ = std::make_unique<Daemon>(data_dir(), flags_, environment_);
    client_ = std::make_unique<ApiClient>(daemon_->port());
  }

  std::string user_id_;

 private:
  TemporaryDirectory directory_;
  std::vector<std::string> flags_;
  std::vector<std::string> environment_;
  std::string logs_;
  std::unique_ptr<Daemon> daemon_;
  std::unique_ptr<ApiClient> client_;
};

}  // namespace tideway::e2e
