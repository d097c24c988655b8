// Accounts over HTTP: registration, logins that fail, tokens that do not hold, other users.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <stdexcept>

#include "account/tokens.h"
#include "base/time.h"
#include "store/rocksdb/rocksdb_store.h"
#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;

constexpr std::string_view kNewUser =
    R"({"username":"new@example.org","emails":["new@example.org"],"password":"battery-staple"})";
constexpr std::string_view kUnauthenticated =
    R"({"code":"unauthenticated","title":"authentication token is invalid",)"
    R"("detail":"authentication token is invalid"})";

class AccountTest : public E2eTest {
 protected:
  /// A token made with the server's own key. No server may run meanwhile.
  std::string issue(int64_t made_s, int64_t duration_s) {
    const auto store = store::RocksDbStore::open(data_dir());
    if (!store) throw std::runtime_error(store.error().message);
    const auto tokens = account::Tokens::open(**store, {.now_s = [made_s] { return made_s; }});
    if (!tokens) throw std::runtime_error(tokens.error().message);
    return (*tokens)->issue(user_id_, false, duration_s);
  }

  void expect_refused(const std::string& token) {
    ApiClient caller = stranger();
    caller.token = token;
    const Reply opened =
        caller.ask("POST", fmt::format("/v1/users/{}/data_sets", user_id_), plain_set());
    EXPECT_EQ(opened.status, 401u) << token;
    EXPECT_EQ(opened.body, std::string(kUnauthenticated) + "\n") << token;
    EXPECT_EQ(caller.ask("GET", "/data/" + user_id_).status, 401u) << token;
    const Reply user = caller.ask("GET", "/auth/user");
    EXPECT_EQ(user.status, 401u) << token;
    EXPECT_EQ(user.body, R"({"code":401,"reason":"Not authorized for requested operation"})");
  }
};

TEST_F(AccountTest, UsersAreAddedWhileTheServerRuns) {
  const std::string id = add_user(data_dir(), "second@example.org", "battery-staple");
  EXPECT_NE(id, user_id_);
  ApiClient second = stranger();
  EXPECT_EQ(second.log_in("second@example.org", "battery-staple").status, 200u);
  EXPECT_EQ(second.user_id, id);
  EXPECT_THROW(add_user(data_dir(), "second@example.org", "battery-staple"), std::runtime_error);
}

TEST_F(AccountTest, AWrongPasswordLooksLikeAnUnknownUser) {
  ApiClient caller = stranger();
  const Reply wrong = caller.log_in(kEmail, "wrong-horse");
  const Reply unknown = caller.log_in("nobody@example.org", kPassword);
  EXPECT_EQ(wrong.status, 401u);
  EXPECT_EQ(wrong.body, R"({"code":401,"reason":"No user matched the given details"})");
  EXPECT_EQ(unknown.status, 401u);
  EXPECT_EQ(unknown.body, wrong.body);
  EXPECT_EQ(value_of(unknown, "Content-Type"), value_of(wrong, "Content-Type"));
}

TEST_F(AccountTest, LoginNeedsBothParts) {
  ApiClient caller = stranger();
  constexpr const char* kMissing = R"({"code":400,"reason":"Missing id and/or password"})";
  for (const std::string fields : {"", "Authorization: Basic\r\n", "Authorization: Basic ???\r\n",
                                   "Authorization: Basic bm9jb2xvbg==\r\n"}) {
    const Reply reply = caller.ask("POST", "/auth/login", "", fields);
    EXPECT_EQ(reply.status, 400u) << fields;
    EXPECT_EQ(reply.body, kMissing) << fields;
  }
}

TEST_F(AccountTest, RegistrationIsClosedUnlessOpened) {
  ApiClient caller = stranger();
  const Reply refused = caller.ask("POST", "/auth/user", kNewUser);
  EXPECT_EQ(refused.status, 403u);
  EXPECT_EQ(refused.body, R"({"code":403,"reason":"Registration is closed"})");
  EXPECT_EQ(caller.log_in("new@example.org", "battery-staple").status, 401u);
}

TEST_F(AccountTest, BadTokensAreNoTokens) {
  const std::string good = client().token;
  std::string other_signature = good;
  char& last = other_signature[good.size() - 10];
  last = last == 'A' ? 'B' : 'A';
  for (const std::string& token :
       {std::string("garbage"), std::string("a.b.c"), good.substr(0, good.size() / 2),
        other_signature, good + "x", std::string(10'000, 'a')}) {
    expect_refused(token);
  }
  expect_refused("");
  EXPECT_EQ(client().ask("GET", "/auth/user").status, 200u) << "the good one";
}

TEST_F(AccountTest, TokensExpire) {
  expect_clean_stop();
  const int64_t now_s = now_milliseconds() / 1000;
  const std::string expired = issue(now_s - 3601, 3600);
  const std::string fresh = issue(now_s - 3600, 7200);
  start();
  expect_refused(expired);
  client().token = fresh;
  EXPECT_EQ(client().ask("GET", "/auth/user").status, 200u) << "made alike, but not expired";
}

TEST_F(AccountTest, OtherUsersAreOutOfReach) {
  const std::string set = client().open_set(kContinuousSet);
  ASSERT_EQ(client().add(set, array_of(numbered(2))).status, 200u);
  add_user(data_dir(), "other@example.org", "battery-staple");
  ApiClient other = stranger();
  ASSERT_EQ(other.log_in("other@example.org", "battery-staple").status, 200u);

  const Reply fetched = other.ask("GET", "/data/" + user_id_);
  EXPECT_EQ(fetched.status, 403u);
  EXPECT_THAT(fetched.body, HasSubstr(R"("code":"data_cant_view")"));
  const Reply opened =
      other.ask("POST", fmt::format("/v1/users/{}/data_sets", user_id_), plain_set());
  EXPECT_EQ(opened.status, 403u);
  EXPECT_THAT(opened.body, HasSubstr(R"("code":"unauthorized")"));
  EXPECT_EQ(other.add(set, array_of(numbered(3))).status, 403u);
  EXPECT_EQ(other.close(set).status, 403u);
  EXPECT_EQ(other.ask("GET", "/auth/user/" + user_id_).status, 401u);
  EXPECT_EQ(other.fetch(), "[]");
  EXPECT_EQ(names_in(client().fetch()).size(), 2u);
}

class OpenRegistrationTest : public E2eTest {
 protected:
  OpenRegistrationTest() : E2eTest({"--registration", "open"}) {}
};

TEST_F(OpenRegistrationTest, ANewUserCanLogIn) {
  ApiClient caller = stranger();
  const Reply made = caller.ask("POST", "/auth/user", kNewUser);
  ASSERT_EQ(made.status, 201u) << made.body;
  EXPECT_FALSE(value_of(made, "X-Tidepool-Session-Token").empty());
  EXPECT_EQ(text_at(made.body, "/username"), "new@example.org");

  EXPECT_EQ(caller.log_in("new@example.org", "battery-staple").status, 200u);
  EXPECT_EQ(caller.user_id, text_at(made.body, "/userid"));
  const std::string set = caller.open_set(kContinuousSet);
  EXPECT_EQ(caller.add(set, array_of(numbered(1))).status, 200u);
  EXPECT_EQ(names_in(caller.fetch()).size(), 1u);

  const Reply again = stranger().ask("POST", "/auth/user", kNewUser);
  EXPECT_EQ(again.status, 409u);
  EXPECT_EQ(again.body, R"({"code":409,"reason":"User already exists"})");
  const Reply invalid = stranger().ask("POST", "/auth/user", R"({"username":"x"})");
  EXPECT_EQ(invalid.status, 400u);
  EXPECT_EQ(invalid.body, R"({"code":400,"reason":"Invalid user details were given"})");
}

}  // namespace
}  // namespace tideway::e2e
