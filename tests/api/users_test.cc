// Changing and deleting accounts, custody, lists: docs/spec/http.md 2.2.
#include "api/users.h"

#include <gtest/gtest.h>

#include "account/user_codec.h"
#include "api/application.h"
#include "tests/store/memory_store.h"

namespace tideway::api {
namespace {

using account::User;
using server::Response;

constexpr std::string_view kPassword = "correct-horse";

class UsersTest : public testing::Test {
 protected:
  User add(const std::string& email, std::vector<std::string> roles = {}) {
    return accounts_
        .create({.email = email,
                 .password = std::string(kPassword),
                 .full_name = "",
                 .roles = std::move(roles),
                 .verified = true})
        .value();
  }

  std::string token_of(const User& user) { return tokens_->issue(user.id, false, 3600); }

  Response ask(std::string method, std::string path, const std::string& token,
               std::string body = "", std::string query = "") {
    server::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.query = std::move(query);
    request.body = std::move(body);
    if (!token.empty()) request.headers.add("X-Tidepool-Session-Token", token);
    return application_->handle(std::move(request));
  }

  Response put(const User& user, const std::string& token, const std::string& updates) {
    return ask("PUT", "/auth/user/" + user.id, token, "{\"updates\":" + updates + "}");
  }

  int login(const std::string& email, std::string_view password) {
    return accounts_.authenticate(email, password).value().has_value() ? 200 : 401;
  }

  void grant(const User& owner, const User& grantee, const std::string& set) {
    ASSERT_TRUE(account::Sharing(store_).grant(owner.id, grantee.id,
                                               account::parse_permissions(set).value()));
  }

  User reload(const User& user) { return accounts_.find(user.id).value().value(); }

  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_, {}).value();
  const User rey_ = add("rey@example.org");
  const User kit_ = add("kit@example.org");
  const std::string rey_token_ = token_of(rey_);
  const std::string kit_token_ = token_of(kit_);
  const std::string server_token_ = tokens_->issue("worker", true, 3600);
};

TEST_F(UsersTest, ANewPasswordEndsTheSessionsButForTheOneThatSetIt) {
  const std::string other = token_of(rey_);
  const Response restricted =
      ask("POST", "/v1/users/" + rey_.id + "/restricted_tokens", rey_token_, "{}");
  ASSERT_EQ(restricted.status, 201);
  const std::string id = restricted.body.substr(7, 32);
  EXPECT_EQ(ask("GET", "/data/" + rey_.id, "", "", "restricted_token=" + id).status, 200);

  const Response changed = put(rey_, rey_token_, R"({"password":"tall-pine-41"})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(login("rey@example.org", "tall-pine-41"), 200);
  EXPECT_EQ(login("rey@example.org", kPassword), 401);
  EXPECT_FALSE(tokens_->verify(rey_token_));
  EXPECT_FALSE(tokens_->verify(other));
  EXPECT_EQ(ask("GET", "/auth/user", other).status, 401);
  EXPECT_EQ(ask("GET", "/data/" + rey_.id, "", "", "restricted_token=" + id).status, 401);
  const std::string fresh(changed.headers.find("X-Tidepool-Session-Token").value_or(""));
  EXPECT_EQ(ask("GET", "/auth/user", fresh).status, 200);
  EXPECT_TRUE(tokens_->verify(kit_token_));
}

TEST_F(UsersTest, APasswordChangeThatBreaksOffLeavesNoOldSession) {
  // The sessions are ended first; then the store is gone.
  store_.before_update = [&](std::string_view partition) {
    if (partition == store::kDirectoryPartition) store_.fail_updates = true;
  };
  EXPECT_EQ(put(rey_, rey_token_, R"({"password":"tall-pine-41"})").status, 500);
  EXPECT_FALSE(tokens_->verify(rey_token_));
  EXPECT_EQ(login("rey@example.org", kPassword), 200) << "and the old password still holds";
}

TEST_F(UsersTest, AnEMailChangesAndTheOldOneIsFree) {
  EXPECT_EQ(put(rey_, rey_token_, R"({"username":"Rey@New.example.org"})").status, 200);
  EXPECT_EQ(reload(rey_).email, "Rey@New.example.org");
  EXPECT_EQ(login("REY@new.example.org", kPassword), 200) << "matched without regard to case";
  EXPECT_EQ(login("rey@example.org", kPassword), 401);
  EXPECT_NE(add("rey@example.org").id, rey_.id);
  EXPECT_EQ(ask("GET", "/auth/user", rey_token_).status, 200) << "sessions go on";
}

TEST_F(UsersTest, ATakenEMailIsAConflictInWhateverCase) {
  for (const auto* updates :
       {R"({"username":"KIT@example.org"})", R"({"emails":["kit@example.org"]})",
        R"({"username":"kit@example.org","emails":["kit@example.org"]})"}) {
    const Response response = put(rey_, rey_token_, updates);
    EXPECT_EQ(response.status, 409) << updates;
    EXPECT_EQ(response.body, R"({"code":409,"reason":"User already exists"})");
  }
  EXPECT_EQ(reload(rey_).email, "rey@example.org");
  EXPECT_EQ(login("kit@example.org", kPassword), 200);
  EXPECT_EQ(put(rey_, rey_token_, R"({"username":"REY@example.org"})").status, 200) << "own";
}

TEST_F(UsersTest, AnUnconfirmedAddressIsUnverifiedWhereThatCounts) {
  application_ =
      Application::open(store_, accounts_, *tokens_, {.verify_new_accounts = false}).value();
  EXPECT_EQ(put(rey_, rey_token_, R"({"username":"new@example.org"})").status, 200);
  EXPECT_FALSE(reload(rey_).email_verified);
  EXPECT_EQ(put(rey_, server_token_, R"({"emailVerified":true})").status, 200);
  EXPECT_TRUE(reload(rey_).email_verified);
}

TEST_F(UsersTest, WithoutAnEMailTheAccountGetsAnAddressThatIsNeverShown) {
  for (const auto* updates :
       {R"({"emails":[]})", R"({"username":""})", R"({"username":"","emails":[]})"}) {
    const Response response = put(rey_, rey_token_, updates);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.body.find("emails"), std::string::npos);
    EXPECT_EQ(response.body.find("username"), std::string::npos);
    EXPECT_TRUE(account::is_temporary_email(reload(rey_).email));
  }
}

TEST_F(UsersTest, WhoMayChangeWhat) {
  const User carer = add("carer@example.org");
  const std::string carer_token = token_of(carer);
  grant(rey_, carer, R"({"custodian":{}})");
  const std::string refusal = R"({"code":401,"reason":"Not authorized for requested operation"})";
  struct Row {
    const char* updates;
    int owner, custodian, server;
  };
  for (const Row& row : {Row{R"({"username":"a@example.org"})", 200, 200, 200},
                         Row{R"({"password":"tall-pine-41"})", 200, 401, 200},
                         Row{R"({"termsAccepted":"2025-01-02T03:04:05+01:00"})", 200, 401, 200},
                         Row{R"({"roles":["clinic"]})", 401, 401, 200},
                         Row{R"({"emailVerified":false})", 401, 401, 200}}) {
    EXPECT_EQ(put(rey_, kit_token_, row.updates).body, refusal) << row.updates;
    EXPECT_EQ(put(rey_, "", row.updates).status, 401) << row.updates;
    EXPECT_EQ(put(rey_, carer_token, row.updates).status, row.custodian) << row.updates;
    EXPECT_EQ(put(rey_, token_of(rey_), row.updates).status, row.owner) << row.updates;
    EXPECT_EQ(put(rey_, server_token_, row.updates).status, row.server) << row.updates;
  }
  EXPECT_EQ(reload(rey_).roles, std::vector<std::string>{"clinic"});
  EXPECT_FALSE(reload(rey_).email_verified);
  EXPECT_EQ(reload(rey_).terms_accepted_ms, 1'735'783'445'000);
}

TEST_F(UsersTest, UpdatesOfAnotherFormAre400) {
  for (const std::string body :
       {"", "{}", "[]", R"({"updates":[]})", R"({"updates":{"username":"x"}})",
        R"({"updates":{"username":7}})", R"({"updates":{"emails":"a@example.org"}})",
        R"({"updates":{"emails":["x"]}})", R"({"updates":{"password":"short"}})",
        R"({"updates":{"termsAccepted":"2025-01-02T03:04:05Z"}})",
        R"({"updates":{"roles":["king"]}})", R"({"updates":{"emailVerified":"yes"}})",
        R"({"updates":{"username":"a@example.org","emails":["b@example.org"]}})",
        R"({"updates":{"username":"a@example.org","emails":[]}})"}) {
    const Response response = ask("PUT", "/auth/user", rey_token_, body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_EQ(response.body, R"({"code":400,"reason":"Invalid user details were given"})");
  }
  EXPECT_EQ(ask("PUT", "/auth/user", rey_token_, R"({"updates":{"new":1}})").status, 200);
}

TEST_F(UsersTest, ABrokeredOrUnknownAccountCannotBeChanged) {
  const User brokered = add("b@example.org", {"brokered"});
  EXPECT_EQ(put(brokered, server_token_, R"({"roles":["patient"]})").status, 401);
  EXPECT_EQ(ask("PUT", "/auth/user/0123456789", server_token_, R"({"updates":{}})").status, 401);
}

TEST_F(UsersTest, ACustodialAccountIsInItsCustodiansHands) {
  const Response made = ask("POST", "/auth/user/" + rey_.id + "/user", rey_token_, "{}");
  EXPECT_EQ(made.status, 201);
  const std::string id = made.body.substr(made.body.find("userid") + 9, 10);
  EXPECT_EQ(
      made.body,
      R"({"emailVerified":false,"roles":["custodial_account","patient"],"userid":")" + id + "\"}");
  const auto held = account::Sharing(store_).granted(id, rey_.id).value();
  EXPECT_EQ(held, (account::Permissions{.custodian = true, .upload = true, .view = true}));
  EXPECT_EQ(ask("GET", "/data/" + id, rey_token_).status, 200);
  EXPECT_EQ(ask("GET", "/auth/user/" + id, rey_token_).status, 200);
  EXPECT_EQ(ask("GET", "/auth/user/" + id, kit_token_).status, 401);
  EXPECT_NE(ask("GET", "/auth/user/" + id, server_token_).body.find(R"("passwordExists":false)"),
            std::string::npos);
  // Claimed by whoever gets its password.
  EXPECT_EQ(ask("PUT", "/auth/user/" + id, server_token_,
                R"({"updates":{"username":"kid@example.org","password":"tall-pine-41"}})")
                .status,
            200);
  EXPECT_EQ(accounts_.find(id).value()->roles, std::vector<std::string>{"patient"});
  EXPECT_EQ(login("kid@example.org", "tall-pine-41"), 200);
  EXPECT_EQ(ask("DELETE", "/v1/users/" + id, rey_token_).status, 204) << "custodian, no password";
}

TEST_F(UsersTest, CustodialAccountsOfOthersAndTakenNames) {
  const std::string path = "/auth/user/" + rey_.id + "/user";
  EXPECT_EQ(ask("POST", path, kit_token_).status, 401);
  EXPECT_EQ(ask("POST", path, "").status, 401);
  EXPECT_EQ(ask("POST", "/auth/user/0123456789/user", server_token_).status, 401);
  EXPECT_EQ(ask("POST", path, rey_token_, R"({"emails":["kit@example.org"]})").status, 409);
  EXPECT_EQ(ask("POST", path, rey_token_, R"({"emails":["x"]})").status, 400);
  EXPECT_EQ(ask("POST", path, rey_token_, R"([])").status, 400);
  const Response made = ask("POST", path, server_token_,
                            R"({"username":"b@example.org","emails":["a@example.org"]})");
  EXPECT_EQ(made.status, 201);
  EXPECT_NE(made.body.find(R"("username":"a@example.org")"), std::string::npos) << made.body;
}

TEST_F(UsersTest, DeletingAnAccountTakesEverythingWithIt) {
  grant(rey_, kit_, R"({"view":{}})");
  grant(kit_, rey_, R"({"view":{}})");
  const std::string set = R"({"deduplicator":{"name":"org.tidepool.deduplicator.none"},)"
                          R"("uploadId":"0123456789abcdef0123456789abcdef"})";
  ASSERT_EQ(ask("POST", "/v1/users/" + rey_.id + "/data_sets", rey_token_, set).status, 201);
  ASSERT_EQ(ask("PUT", "/metadata/" + rey_.id + "/profile", rey_token_, R"({"a":1})").status, 200);
  ASSERT_EQ(ask("POST", "/v1/users/" + rey_.id + "/restricted_tokens", rey_token_, "{}").status,
            201);

  EXPECT_EQ(
      ask("DELETE", "/auth/user/" + rey_.id, rey_token_, R"({"password":"correct-horse"})").status,
      204);
  ASSERT_EQ(store_.entries(rey_.id).size(), 1u) << "the mark that there was an account";
  EXPECT_EQ(store_.entries(rey_.id).count("X"), 1u);
  EXPECT_FALSE(tokens_->verify(rey_token_));
  EXPECT_EQ(login("rey@example.org", kPassword), 401);
  EXPECT_TRUE(account::Sharing(store_).granted_by(kit_.id).value().empty());
  EXPECT_TRUE(account::Sharing(store_).granted_to(kit_.id).value().empty());
  for (const auto& [key, value] : store_.entries(store::kDirectoryPartition)) {
    EXPECT_NE(value, rey_.id) << key;
  }
  EXPECT_EQ(ask("DELETE", "/auth/user/" + rey_.id, server_token_).status, 204) << "gone already";
  EXPECT_NE(add("rey@example.org").id, rey_.id) << "the e-mail is free";
}

TEST_F(UsersTest, DeletingNeedsThePasswordOfTheOwner) {
  const std::string path = "/auth/user/" + rey_.id;
  const std::string missing = R"({"code":403,"reason":"Missing id and/or password"})";
  for (const auto* body : {"", "{}", R"({"password":7})", R"({"password":"wrong-horse"})"}) {
    const Response response = ask("DELETE", path, rey_token_, body);
    EXPECT_EQ(response.status, 403) << body;
    EXPECT_EQ(response.body, missing);
  }
  for (int i = 0; i < 20; ++i) ask("DELETE", path, rey_token_, R"({"password":"wrong-horse"})");
  const Response limited = ask("DELETE", path, rey_token_, R"({"password":"correct-horse"})");
  EXPECT_EQ(limited.status, 429) << "a stolen token is no way to guess the password";
  EXPECT_TRUE(limited.headers.find("Retry-After"));
  const Response stranger = ask("DELETE", path, kit_token_, R"({"password":"correct-horse"})");
  EXPECT_EQ(stranger.status, 401);
  EXPECT_EQ(stranger.body, "");
  EXPECT_EQ(ask("DELETE", path, "").status, 401);
  const User clinic = add("clinic@example.org", {"clinic"});
  EXPECT_EQ(ask("DELETE", "/v1/users/" + clinic.id, server_token_).status, 401);
  EXPECT_TRUE(accounts_.find(rey_.id).value());
  EXPECT_EQ(ask("DELETE", path, server_token_).status, 204);
}

TEST_F(UsersTest, ADeletionThatBrokeOffCanBeTriedAgain) {
  store_.before_update = [&](std::string_view partition) {
    store_.fail_updates = partition == rey_.id;
  };
  EXPECT_EQ(ask("DELETE", "/v1/users/" + rey_.id, server_token_).status, 500);
  store_.before_update = nullptr;
  store_.fail_updates = false;
  EXPECT_FALSE(tokens_->verify(rey_token_)) << "nobody works on what is half deleted";
  EXPECT_EQ(ask("DELETE", "/v1/users/" + rey_.id, server_token_).status, 204);
  EXPECT_FALSE(accounts_.find(rey_.id).value());
}

TEST_F(UsersTest, ServersListAccounts) {
  add("clinic@example.org", {"clinic"});
  const auto reason = [&](std::string query) {
    const Response response = ask("GET", "/auth/users", server_token_, "", std::move(query));
    return response.status == 400 ? response.body : std::to_string(response.status);
  };
  const auto bad = [](std::string_view text) {
    return R"({"code":400,"reason":")" + std::string(text) + "\"}";
  };
  EXPECT_EQ(reason(""), bad("A query must be specified"));
  EXPECT_EQ(reason("role=king"), bad("The role specified is invalid"));
  EXPECT_EQ(reason("role=clinic&id=x"), bad("Only one query parameter is allowed"));
  EXPECT_EQ(reason("role=clinic&createdFrom=x"), bad("Invalid query parameter: createdFrom"));
  EXPECT_EQ(reason("role=clinic&createdTo=2024-1-1"), bad("Invalid query parameter: createdTo"));
  EXPECT_EQ(reason("x=y"), bad("Unknown query parameter"));
  const auto list = [&](std::string query) {
    return ask("GET", "/auth/users", server_token_, "", std::move(query)).body;
  };
  EXPECT_NE(list("role=clinic").find("clinic@example.org"), std::string::npos);
  EXPECT_EQ(list("role=clinic").find("rey@example.org"), std::string::npos);
  EXPECT_EQ(list("role=clinic&createdTo=2001-01-01"), "[]");
  EXPECT_NE(list("role=clinic&createdFrom=2001-01-01"), "[]");
  const std::string two = list("id=" + rey_.id + ",0123456789," + kit_.id);
  EXPECT_LT(two.find("rey@example.org"), two.find("kit@example.org"));
  EXPECT_NE(two.find(R"("passwordExists":true)"), std::string::npos);
  EXPECT_EQ(ask("GET", "/auth/users", rey_token_, "", "role=clinic").status, 401);
}

}  // namespace
}  // namespace tideway::api
