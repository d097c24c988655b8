// Two programs on one store: what one ends has to end on the other within five seconds.
#include "cli/token_refresh.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <thread>

#include "base/base64url.h"
#include "base/ids.h"
#include "cli/logins.h"
#include "json/document.h"
#include "oidc/secret_text.h"
#include "tests/store/memory_store.h"

namespace tideway::cli {
namespace {

/// Waits for the condition; a loaded machine may be late, so the bound is only there to end a test
/// that fails. That the interval is short enough is checked where it is declared.
void wait_until(const std::function<bool()>& done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!done() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

static_assert(account::kRefreshIntervalMs < 5000, "five seconds are promised");

TEST(TokenRefresh, TakesOverWhatAnotherProgramEnded) {
  store::MemoryStore store;
  const auto here = account::Tokens::open(store).value();
  const auto there = account::Tokens::open(store).value();
  const TokenRefresh refresh(*there);
  const std::string text = here->issue("0a1b2c3d4e", false, 3600);
  const std::string ended = here->issue("5e4d3c2b1a", false, 3600);
  ASSERT_TRUE(there->verify(text));
  ASSERT_TRUE(here->revoke(text));
  ASSERT_TRUE(here->end_sessions("5e4d3c2b1a"));
  wait_until([&] { return !there->verify(text) && !there->verify(ended); });
  EXPECT_FALSE(there->verify(text));
  EXPECT_FALSE(there->verify(ended));
}

// --- OpenID Connect ------------------------------------------------------------------------------

constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
constexpr std::string_view kClient = "xdrip";
constexpr std::string_view kRedirect = "xdrip://callback/tidepool";

/// What a program that serves the store is made of, as far as logins go.
class Node {
 public:
  explicit Node(store::Store& store)
      : accounts(store, {.operations = 1, .memory_bytes = 8192}),
        sessions(account::Tokens::open(store).value()) {
    Config config;
    config.public_url = "https://dia.example.net";
    logins = Logins::open(config, store, accounts, *sessions).value();
  }

  account::Tokens& tokens() const { return logins->tokens(); }
  oidc::Provider& provider() const { return *logins->provider(); }

  account::Accounts accounts;
  std::unique_ptr<account::Tokens> sessions;
  std::unique_ptr<Logins> logins;
};

std::string add_account(const Node& node, const std::string& email) {
  return node.provider()
      .accounts()
      .create({.email = email, .password = "correct-horse", .full_name = "", .roles = {}})
      .value()
      .id;
}

/// The answer of the token endpoint to a login.
struct Login {
  std::string code;
  std::map<std::string, std::string> members;

  const std::string& access() const { return members.at("access_token"); }
};

Login log_in(const Node& node, const std::string& user_id) {
  oidc::Provider& provider = node.provider();
  Login login;
  login.code = provider.grants()
                   .issue_code(user_id,
                               {.client_id = std::string(kClient),
                                .redirect_uri = std::string(kRedirect),
                                .challenge = to_base64url(oidc::sha256(kVerifier)),
                                .scope = "openid",
                                .grant_id = random_id(),
                                .auth_time_s = provider.now_s()},
                               provider.now_s())
                   .value();
  json::Parser parser;
  const auto answer = provider.exchange_code(login.code, kClient, kRedirect, kVerifier).value();
  const auto document = parser.parse(answer);
  for (const auto* const name : {"access_token", "refresh_token", "id_token"}) {
    login.members[name] = std::string((*document)[name].get_string().value());
  }
  return login;
}

// The embedded engine lets no second process in, so the two programs are two sets of all that
// serves logins, over one store.
TEST(TokenRefresh, TakesOverWhichOidcLoginsAnotherProgramEnded) {
  store::MemoryStore store;
  const Node here(store);
  const Node there(store);
  const TokenRefresh refresh(there.tokens());
  const std::string rey = add_account(here, "rey@example.org");
  const std::string bo = add_account(here, "bo@example.org");

  const Login kept = log_in(here, rey);
  std::map<std::string, Login> logins;
  for (const auto* const how : {"access token", "refresh token", "log-out", "replayed code"}) {
    logins[how] = log_in(here, rey);
  }
  logins["new password"] = log_in(here, bo);
  for (const auto& [how, login] : logins) ASSERT_TRUE(there.tokens().verify(login.access())) << how;

  ASSERT_TRUE(here.tokens().revoke(logins["access token"].access()));
  ASSERT_TRUE(here.provider().revoke(logins["refresh token"].members["refresh_token"], kClient));
  ASSERT_TRUE(here.provider().log_out(logins["log-out"].members["id_token"]));
  EXPECT_FALSE(
      here.provider().exchange_code(logins["replayed code"].code, kClient, kRedirect, kVerifier));
  ASSERT_TRUE(here.tokens().end_sessions(bo));

  for (const auto& [how, login] : logins) {
    EXPECT_FALSE(here.tokens().verify(login.access())) << how << ", here at once";
    wait_until([&] { return !there.tokens().verify(login.access()); });
    EXPECT_FALSE(there.tokens().verify(login.access())) << how << ", there soon after";
  }
  EXPECT_TRUE(there.tokens().verify(kept.access())) << "the others hold";
}

// What a refresh token stands for is read from the store each time.
TEST(TokenRefresh, AnEndedLoginIsNotRenewedByAnotherProgram) {
  store::MemoryStore store;
  const Node here(store);
  const Node there(store);
  const Login login = log_in(here, add_account(here, "rey@example.org"));
  const std::string& refresh_token = login.members.at("refresh_token");
  ASSERT_TRUE(there.provider().refresh(refresh_token, kClient));
  ASSERT_TRUE(here.provider().log_out(login.members.at("id_token")));
  EXPECT_FALSE(there.provider().refresh(refresh_token, kClient));
}

}  // namespace
}  // namespace tideway::cli
