// /access, /metadata and the answers that clients cannot do without: docs/spec/http.md 2.4, 2.5,
// docs/spec/clients.md 12.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "account/profiles.h"
#include "api/application.h"
#include "tests/store/memory_store.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::HasSubstr;
using testing::Not;

class SharingAndProfilesTest : public testing::Test {
 protected:
  std::string add(const std::string& name) {
    return accounts_
        .create({.email = name + "@example.org",
                 .password = "correct-horse",
                 .full_name = name,
                 .roles = {}})
        .value()
        .id;
  }

  Response send(std::string method, std::string path, const std::string& token, std::string body,
                std::string query) {
    server::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.query = std::move(query);
    request.body = std::move(body);
    if (!token.empty()) request.headers.add("X-Tidepool-Session-Token", token);
    return application_->handle(std::move(request));
  }

  Response ask(const std::string& user, std::string method, std::string path, std::string body = "",
               std::string query = "") {
    return send(std::move(method), std::move(path), tokens_->issue(user, false, 60),
                std::move(body), std::move(query));
  }
  Response serve(std::string method, std::string path, std::string body = "") {
    return send(std::move(method), std::move(path), tokens_->issue("worker", true, 60),
                std::move(body), "");
  }

  /// `owner` grants `grantee` a set.
  std::string share(const std::string& owner, const std::string& grantee, const std::string& set) {
    const Response response = ask(owner, "POST", "/access/" + owner + "/" + grantee, set);
    EXPECT_EQ(response.status, 200) << response.body;
    return response.body;
  }

  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_, {}).value();
  const std::string ann_ = add("ann");
  const std::string bob_ = add("bob");
  const std::string cat_ = add("cat");
};

// --- /access -----------------------------------------------------------------------------------

TEST_F(SharingAndProfilesTest, GrantsAreReplacedReadAndTakenAway) {
  const std::string pair = "/access/" + ann_ + "/" + bob_;
  EXPECT_EQ(ask(ann_, "GET", pair).status, 404);
  EXPECT_EQ(share(ann_, bob_, R"({"view":{},"root":{},"new":[1]})"), R"({"new":[1],"view":{}})");
  EXPECT_EQ(ask(ann_, "GET", pair).body, R"({"new":[1],"view":{}})");
  EXPECT_EQ(ask(bob_, "GET", pair).body, R"({"new":[1],"view":{}})");
  EXPECT_EQ(serve("GET", pair).status, 200);
  EXPECT_EQ(ask(cat_, "GET", pair).status, 401);
  EXPECT_EQ(share(ann_, bob_, R"({"note":{}})"), R"({"note":{}})");
  EXPECT_EQ(share(ann_, bob_, ""), "null");
  EXPECT_EQ(ask(bob_, "GET", pair).status, 404);
}

TEST_F(SharingAndProfilesTest, TheListsBeginWithTheAccountItself) {
  EXPECT_EQ(ask(ann_, "GET", "/access/" + ann_).body, R"({")" + ann_ + R"(":{"root":{}}})");
  share(ann_, bob_, R"({"view":{}})");
  share(cat_, bob_, R"({"upload":{}})");
  EXPECT_EQ(ask(ann_, "GET", "/access/" + ann_).body,
            R"({")" + ann_ + R"(":{"root":{}},")" + bob_ + R"(":{"view":{}}})");
  const std::string groups = ask(bob_, "GET", "/access/groups/" + bob_).body;
  EXPECT_TRUE(groups.starts_with(R"({")" + bob_ + R"(":{"root":{}},")")) << groups;
  EXPECT_THAT(groups, HasSubstr(R"(")" + ann_ + R"(":{"view":{}})"));
  EXPECT_THAT(groups, HasSubstr(R"(")" + cat_ + R"(":{"upload":{}})"));
  EXPECT_EQ(ask(ann_, "GET", "/access/groups/" + bob_).status, 401);
  EXPECT_EQ(ask(bob_, "GET", "/access/" + ann_).status, 401);
}

TEST_F(SharingAndProfilesTest, OnlyTheSharerItsCustodiansAndServicesGrant) {
  const std::string pair = "/access/" + ann_ + "/" + bob_;
  EXPECT_EQ(ask(bob_, "POST", pair, R"({"view":{}})").body, "\"Unauthorized\"");
  EXPECT_EQ(ask(cat_, "POST", pair, R"({"view":{}})").status, 401);
  share(ann_, cat_, R"({"custodian":{}})");
  EXPECT_EQ(ask(cat_, "POST", pair, R"({"view":{}})").status, 200);
  EXPECT_EQ(serve("POST", pair, R"({"upload":{}})").status, 200);
  // A viewer cannot make itself more, but can leave.
  EXPECT_EQ(ask(bob_, "POST", pair, R"({"custodian":{}})").status, 401);
  share(ann_, cat_, R"({"view":{}})");
  EXPECT_EQ(ask(cat_, "POST", pair, "{}").status, 401) << "not for another";
  EXPECT_EQ(ask(bob_, "POST", pair, "{}").body, "null");
}

TEST_F(SharingAndProfilesTest, NobodyGrantsToItselfOrToNobody) {
  EXPECT_EQ(ask(ann_, "POST", "/access/" + ann_ + "/" + ann_, R"({"custodian":{}})").body,
            R"({"root":{}})");
  EXPECT_EQ(ask(ann_, "GET", "/access/" + ann_ + "/" + ann_).body, R"({"root":{}})");
  EXPECT_EQ(ask(ann_, "POST", "/access/" + ann_ + "/0123456789", R"({"view":{}})").status, 404);
  EXPECT_EQ(ask(ann_, "POST", "/access/" + ann_ + "/%23directory", R"({"view":{}})").status, 404);
  EXPECT_EQ(ask(ann_, "POST", "/access/" + ann_ + "/" + bob_, "[]").status, 400);
  const std::string large = R"({"view":")" + std::string(5000, 'x') + "\"}";
  EXPECT_EQ(ask(ann_, "POST", "/access/" + ann_ + "/" + bob_, large).status, 413);
}

TEST_F(SharingAndProfilesTest, CredentialsOfTheFamily) {
  const Response none = send("GET", "/access/" + ann_, "", "", "");
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(none.body, R"("Session token must be set on header[x-tidepool-session-token]")");
  EXPECT_EQ(none.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(send("GET", "/access/" + ann_, "x", "", "").body, R"("Invalid Token")");
}

TEST_F(SharingAndProfilesTest, AFailedStoreIsA500WithoutABody) {
  store_.fail_reads = true;
  for (const std::string& path : {"/access/" + ann_ + "/" + bob_, "/metadata/" + ann_ + "/profile",
                                  "/access/groups/" + ann_, "/metadata/users/" + ann_ + "/users"}) {
    const Response response = ask(ann_, "GET", path);
    EXPECT_EQ(response.status, 500) << path;
    EXPECT_EQ(response.body, "");
  }
  store_.fail_reads = false;
  store_.fail_updates = true;
  EXPECT_EQ(ask(ann_, "POST", "/access/" + ann_ + "/" + bob_, R"({"view":{}})").status, 500);
  EXPECT_EQ(ask(ann_, "PUT", "/metadata/" + ann_ + "/profile", "{}").status, 500);
}

// --- /metadata ---------------------------------------------------------------------------------

TEST_F(SharingAndProfilesTest, EveryAccountHasAProfileFromTheStart) {
  EXPECT_EQ(ask(ann_, "GET", "/metadata/" + ann_ + "/profile").body, R"({"fullName":"ann"})");
  EXPECT_EQ(ask(ann_, "GET", "/metadata/" + ann_ + "/settings").status, 404);
  EXPECT_EQ(serve("GET", "/metadata/0123456789/profile").status, 404);
  EXPECT_EQ(send("GET", "/metadata/collections", "", "", "").body,
            R"(["profile","groups","private"])");
}

TEST_F(SharingAndProfilesTest, WritingReplacesKeysAndKeepsTheOthers) {
  const std::string path = "/metadata/" + ann_ + "/profile";
  EXPECT_EQ(ask(ann_, "PUT", path, R"({"patient":{"birthday":"1991-04-23","mrn":"7"}})").body,
            R"({"fullName":"ann","patient":{"birthday":"1991-04-23","mrn":"7"}})");
  EXPECT_EQ(ask(ann_, "POST", path, R"({"fullName":null,"patient.mrn":"8","a.b.c":[1,2.50]})").body,
            R"({"a":{"b":{"c":[1,2.5]}},"fullName":"ann",)"
            R"("patient":{"birthday":"1991-04-23","mrn":"8"}})");
  EXPECT_EQ(ask(ann_, "PUT", path, R"({"a":{}})").body,
            R"({"a":{},"fullName":"ann","patient":{"birthday":"1991-04-23","mrn":"8"}})");
  EXPECT_EQ(ask(ann_, "PUT", "/metadata/" + ann_ + "/settings", "{}").body, "{}");
  EXPECT_EQ(ask(ann_, "GET", "/metadata/" + ann_ + "/settings").body, "{}");
}

TEST_F(SharingAndProfilesTest, WritesThatAreRefused) {
  const std::string path = "/metadata/" + ann_ + "/profile";
  for (const std::string body : {"", "[]", "null", "{"}) {
    EXPECT_EQ(ask(ann_, "PUT", path, body).status, 400) << body;
  }
  EXPECT_EQ(ask(ann_, "PUT", path, R"({"x":")" + std::string(70'000, 'x') + "\"}").status, 413);
  // Many small writes add up no further than one large one may.
  int status = 200;
  for (int i = 0; i < 40 && status == 200; ++i) {
    const std::string body = "{\"k" + std::to_string(i) + "\":\"" + std::string(4000, 'x') + "\"}";
    status = ask(ann_, "PUT", path, body).status;
  }
  EXPECT_EQ(status, 413);
  EXPECT_EQ(ask(ann_, "PUT", "/metadata/" + ann_ + "/a%2fb", "{}").status, 404);
  EXPECT_EQ(serve("PUT", "/metadata/0123456789/profile", "{}").status, 404);
  EXPECT_EQ(ask(ann_, "DELETE", path).status, 501);
  EXPECT_EQ(ask(bob_, "PUT", path, "{}").status, 401);
  EXPECT_EQ(ask(bob_, "DELETE", path).status, 401);
}

TEST_F(SharingAndProfilesTest, AnAccountHasABoundedNumberOfCollections) {
  int made = 0;
  while (made < 100 &&
         ask(ann_, "PUT", "/metadata/" + ann_ + "/c" + std::to_string(made), "{}").status == 200) {
    ++made;
  }
  EXPECT_EQ(made, static_cast<int>(account::kCollectionsMax));
  EXPECT_EQ(ask(ann_, "PUT", "/metadata/" + ann_ + "/c1", R"({"a":1})").status, 200);
}

TEST_F(SharingAndProfilesTest, WhoReadsWhatOfAProfile) {
  const std::string path = "/metadata/" + ann_ + "/profile";
  ASSERT_EQ(ask(ann_, "PUT", path, R"({"patient":{"birthday":"1991-04-23"}})").status, 200);
  EXPECT_EQ(ask(bob_, "GET", path).body, "\"Unauthorized\"");
  // Bob shares with Ann: he sees her name.
  share(bob_, ann_, R"({"view":{}})");
  EXPECT_EQ(ask(bob_, "GET", path).body, R"({"fullName":"ann"})");
  EXPECT_EQ(ask(bob_, "GET", "/metadata/" + ann_ + "/settings").status, 401);
  // Ann shares with Bob: he sees it whole.
  share(ann_, bob_, R"({"note":{}})");
  EXPECT_THAT(ask(bob_, "GET", path).body, HasSubstr("birthday"));
  EXPECT_EQ(ask(bob_, "PUT", path, "{}").status, 401);
  share(ann_, bob_, R"({"custodian":{}})");
  EXPECT_EQ(ask(bob_, "PUT", path, R"({"a":1})").status, 200);
}

TEST_F(SharingAndProfilesTest, PrivatePairsAreForServicesAndStay) {
  const std::string path = "/metadata/" + ann_ + "/private/uploads";
  EXPECT_EQ(ask(ann_, "GET", path).status, 401);
  const Response made = serve("GET", path);
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, HasSubstr(R"({"name":"","id":")"));
  EXPECT_EQ(serve("GET", path).body, made.body);
  EXPECT_NE(serve("GET", path + "2").body, made.body);
  EXPECT_EQ(serve("GET", "/metadata/0123456789/private/uploads").status, 404);
  EXPECT_EQ(serve("DELETE", path).status, 501);
}

TEST_F(SharingAndProfilesTest, TheUsersAroundAnAccount) {
  const std::string path = "/metadata/users/" + ann_ + "/users";
  EXPECT_EQ(ask(ann_, "GET", path).body, "[]");
  for (const auto& user : {bob_, cat_}) {
    for (const std::string name : {"profile", "settings", "preferences"}) {
      ask(user, "PUT", "/metadata/" + user + "/" + name,
          R"({"patient":{"birthday":"2010-02-03"}})");
    }
  }
  share(bob_, ann_, R"({"upload":{},"view":{}})");
  share(ann_, cat_, R"({"view":{}})");
  const auto body = [&](std::string query) { return ask(ann_, "GET", path, "", query).body; };
  const std::string bob = body("trustorPermissions=any");
  EXPECT_THAT(bob, HasSubstr(R"("userid":")" + bob_ +
                             R"(","username":"bob@example.org",)"
                             R"("trustorPermissions":{"upload":{},"view":{}},)"
                             R"("profile":{"fullName":"bob","patient":{"birthday":"2010-02-03"}},)"
                             R"("settings":{"patient":{"birthday":"2010-02-03"}}})"));
  EXPECT_THAT(bob, Not(HasSubstr("passwordExists")));
  const std::string cat = body("trustorPermissions=none");
  EXPECT_THAT(cat, HasSubstr(R"("trusteePermissions":{"view":{}},"profile":{"fullName":"cat"}})"));
  EXPECT_THAT(serve("GET", path).body, HasSubstr("passwordExists"));
  EXPECT_EQ(ask(bob_, "GET", path).status, 401);
  share(bob_, ann_, R"({"custodian":{}})");
  EXPECT_THAT(body(""), HasSubstr("\"preferences\""));
}

TEST_F(SharingAndProfilesTest, FiltersOfTheUsersAroundAnAccount) {
  share(bob_, ann_, R"({"upload":{},"view":{}})");
  share(ann_, cat_, R"({"view":{}})");
  ask(bob_, "PUT", "/metadata/" + bob_ + "/profile", R"({"patient":{"birthday":"2010-02-03"}})");
  ask(cat_, "PUT", "/metadata/" + cat_ + "/profile", R"({"patient":{"birthday":"2010-02-03"}})");
  const auto found = [&](std::string query) {
    const std::string body =
        ask(ann_, "GET", "/metadata/users/" + ann_ + "/users", "", std::move(query)).body;
    return std::string(body.find(bob_) != std::string::npos ? "bob" : "") +
           (body.find(cat_) != std::string::npos ? "cat" : "");
  };
  EXPECT_EQ(found(""), "bobcat");
  EXPECT_EQ(found("unknown=1"), "bobcat");
  EXPECT_EQ(found("trustorPermissions=view,upload"), "bob");
  EXPECT_EQ(found("trustorPermissions=view,note"), "");
  EXPECT_EQ(found("trusteePermissions=any"), "cat");
  EXPECT_EQ(found("email=BOB@"), "bob");
  EXPECT_EQ(found("name=CA"), "cat");
  EXPECT_EQ(found("emailVerified=y"), "bobcat");
  EXPECT_EQ(found("emailVerified=no"), "");
  EXPECT_EQ(found("birthday=2010"), "bob") << "what is not shared cannot be found out";
  EXPECT_EQ(found("diagnosisDate=2010"), "");
  EXPECT_EQ(found("termsAccepted=20"), "bobcat");
  const Response mixed =
      ask(ann_, "GET", "/metadata/users/" + ann_ + "/users", "", "trustorPermissions=any,view");
  EXPECT_EQ(mixed.status, 400);
  EXPECT_EQ(mixed.body, R"("Query is invalid")");
}

TEST_F(SharingAndProfilesTest, AUserThatIsGoneIsLeftOut) {
  share(bob_, ann_, R"({"view":{}})");
  EXPECT_EQ(serve("DELETE", "/v1/users/" + bob_).status, 204);
  EXPECT_EQ(ask(ann_, "GET", "/metadata/users/" + ann_ + "/users").body, "[]");
}

// --- what clients ask for at their start -------------------------------------------------------

TEST_F(SharingAndProfilesTest, AnswersThatClientsCannotDoWithout) {
  for (const std::string& path :
       {"/v1/clinicians/" + ann_ + "/clinics", "/v1/clinicians/" + ann_ + "/invites",
        "/v1/patients/" + ann_ + "/clinics"}) {
    EXPECT_EQ(ask(ann_, "GET", path, "", "limit=1000&offset=0").body, "[]\n") << path;
    EXPECT_EQ(ask(bob_, "GET", path).status, 403) << path;
    EXPECT_EQ(send("GET", path, "", "", "").status, 401) << path;
  }
  for (const std::string& path : {"/confirm/invitations/" + ann_, "/confirm/invite/" + ann_}) {
    EXPECT_EQ(ask(ann_, "GET", path).body, "[]") << path;
    EXPECT_EQ(ask(bob_, "GET", path).status, 401) << path;
  }
  EXPECT_EQ(ask(ann_, "GET", "/v1/users/" + ann_ + "/consents").status, 200);
  EXPECT_EQ(ask(ann_, "GET", "/metrics/thisuser/uploader%20-%20Login", "", "a=b").status, 200);
  EXPECT_EQ(serve("GET", "/metrics/thisuser/x").status, 401);
  EXPECT_EQ(ask(ann_, "GET", "/metrics/user/" + bob_ + "/x").status, 200);
  EXPECT_EQ(serve("GET", "/metrics/server/worker/x").status, 200);
  EXPECT_EQ(ask(ann_, "GET", "/metrics/server/worker/x").body, "\"Insufficient Permissions\"");
}

}  // namespace
}  // namespace tideway::api
