// Two accounts on a running server: sharing, profiles, a password change, a deletion, and what the
// audit log tells of it.
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <iterator>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

class SharingTest : public E2eTest {
 protected:
  SharingTest() {
    const std::string id = add_user(data_dir(), "kit@example.org", "tall-pine-41");
    carer_ = std::make_unique<ApiClient>(stranger());
    carer_->log_in("kit@example.org", "tall-pine-41");
    EXPECT_EQ(carer_->user_id, id);
  }

  unsigned grant(const std::string& set) {
    return client().ask("POST", "/access/" + user_id_ + "/" + carer_->user_id, set).status;
  }

  Outcome verify() { return run(tideway({"audit", "verify", "--data-dir", data_dir()})); }

  std::unique_ptr<ApiClient> carer_;
};

TEST_F(SharingTest, ACarerSeesWhatIsSharedForAsLongAsItIs) {
  const std::string data = "/data/" + user_id_;
  EXPECT_EQ(carer_->ask("GET", data).status, 403u);
  EXPECT_EQ(grant(R"({"view":{}})"), 200u);
  EXPECT_EQ(carer_->ask("GET", data).status, 200u);
  EXPECT_EQ(carer_->ask("POST", "/v1/users/" + user_id_ + "/data_sets", plain_set()).status, 403u);
  EXPECT_THAT(carer_->ask("GET", "/metadata/users/" + carer_->user_id + "/users").body,
              HasSubstr(R"("userid":")" + user_id_));
  EXPECT_EQ(grant(R"({"upload":{}})"), 200u);
  EXPECT_EQ(carer_->ask("GET", data).status, 403u);
  EXPECT_EQ(carer_->ask("POST", "/v1/users/" + user_id_ + "/data_sets", plain_set()).status, 201u);
  EXPECT_EQ(grant("{}"), 200u);
  EXPECT_EQ(carer_->ask("POST", "/v1/users/" + user_id_ + "/data_sets", plain_set()).status, 403u);
}

TEST_F(SharingTest, WhatIsSharedAndEndedSurvivesARestart) {
  EXPECT_EQ(grant(R"({"view":{}})"), 200u);
  const std::string carer_token = carer_->token;
  const Reply changed =
      client().ask("PUT", "/auth/user", R"({"updates":{"password":"battery-staple"}})");
  EXPECT_EQ(changed.status, 200u);
  EXPECT_EQ(client().ask("GET", "/auth/user").status, 401u);
  restart();
  EXPECT_EQ(client().ask("GET", "/auth/user").status, 401u);
  EXPECT_EQ(stranger().log_in(kEmail, kPassword).status, 401u);
  EXPECT_EQ(stranger().log_in(kEmail, "battery-staple").status, 200u);
  ApiClient carer = stranger();
  carer.token = carer_token;
  EXPECT_EQ(carer.ask("GET", "/data/" + user_id_).status, 200u);
}

TEST_F(SharingTest, ADeletedAccountIsGone) {
  client().open_set(plain_set());
  EXPECT_EQ(grant(R"({"view":{}})"), 200u);
  EXPECT_EQ(client().ask("DELETE", "/v1/users/" + user_id_, R"({"password":"wrong-horse"})").status,
            403u);
  EXPECT_EQ(
      client().ask("DELETE", "/v1/users/" + user_id_, R"({"password":"correct-horse"})").status,
      204u);
  EXPECT_EQ(client().ask("GET", "/data/" + user_id_).status, 401u);
  EXPECT_EQ(carer_->ask("GET", "/data/" + user_id_).status, 403u);
  EXPECT_EQ(stranger().log_in(kEmail, kPassword).status, 401u);
  EXPECT_EQ(carer_->ask("GET", "/metadata/users/" + carer_->user_id + "/users").body, "[]");
}

TEST_F(SharingTest, TheAuditLogIsSoundWhileTheServerRunsAndAfterItWasKilled) {
  EXPECT_EQ(carer_->ask("GET", "/data/" + user_id_).status, 403u);
  restart();
  EXPECT_EQ(verify().exit_code, 0) << verify().err;
  const std::string log = audit_log_of(data_dir());
  EXPECT_THAT(log, HasSubstr(R"("who":"user:)" + carer_->user_id +
                             R"(","what":"GET /data/{userId}","whose":")" + user_id_ +
                             R"(","from":"127.0.0.1")"));
  EXPECT_THAT(log, HasSubstr(R"("status":403,"outcome":"denied")"));
  EXPECT_THAT(log, Not(HasSubstr(carer_->token)));
  EXPECT_THAT(log, Not(HasSubstr(kPassword)));
  for (int i = 0; i < 200; ++i) client().ask("GET", "/auth/user");
  daemon().kill();
  start();
  client().ask("GET", "/v1/users/" + user_id_);
  restart();
  const Outcome sound = verify();
  EXPECT_EQ(sound.exit_code, 0) << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("lines, 1 to "));
}

}  // namespace
}  // namespace tideway::e2e
