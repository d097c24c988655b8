// What is acknowledged is there after the server was stopped and started again.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

class RestartTest : public E2eTest {};

TEST_F(RestartTest, TheFirstLineNamesTheAddress) {
  EXPECT_THAT(daemon().first_line(), StartsWith("tideway "));
  EXPECT_THAT(daemon().first_line(),
              testing::HasSubstr(fmt::format("http://127.0.0.1:{}", daemon().port())));
  EXPECT_THAT(daemon().first_line(), testing::HasSubstr(data_dir().string()));
}

TEST_F(RestartTest, EverythingIsStillThere) {
  const std::string closed = client().open_set(hash_set("D1"));
  ASSERT_EQ(client().add(closed, array_of(numbered(1200))).status, 200u);
  ASSERT_EQ(client().close(closed).status, 200u);
  const std::string open = client().open_set(hash_set("D2"));
  ASSERT_EQ(client().add(open, array_of({smbg("open", "D2", 1)})).status, 200u);
  const std::string continuous = client().open_set(kContinuousSet);
  ASSERT_EQ(client().add(continuous, array_of({smbg("live", "D3", 1)})).status, 200u);
  const std::string before = client().fetch();
  ASSERT_EQ(names_in(before).size(), 1201u);

  restart();
  EXPECT_EQ(client().ask("GET", "/auth/user").status, 200u) << "the token holds";
  EXPECT_EQ(client().fetch(), before);
  EXPECT_EQ(client().close(closed).status, 200u) << "the first answer may have been lost";
  EXPECT_EQ(client().add(closed, array_of({smbg("late", "D1", 1)})).status, 409u);
  EXPECT_EQ(client().add(open, array_of({smbg("more", "D2", 2)})).status, 200u);
  EXPECT_EQ(client().close(open).status, 200u);
  EXPECT_THAT(names_in(client().fetch("deviceId=D2")), ElementsAre("more", "open"));
  EXPECT_EQ(client().add(continuous, array_of({smbg("live-2", "D3", 2)})).status, 200u);
  EXPECT_THAT(names_in(client().fetch("deviceId=D3")), ElementsAre("live", "live-2"));
}

TEST_F(RestartTest, ALoggedOutTokenStaysOut) {
  ASSERT_EQ(client().ask("POST", "/auth/logout").status, 200u);
  restart();
  EXPECT_EQ(client().ask("GET", "/auth/user").status, 401u);
  EXPECT_EQ(client().log_in(kEmail, kPassword).status, 200u);
}

TEST_F(RestartTest, UsersAddedMeanwhileCanLogIn) {
  expect_clean_stop();
  const std::string id = add_user(data_dir(), "second@example.org", "battery-staple");
  start();
  EXPECT_EQ(client().log_in("second@example.org", "battery-staple").status, 200u);
  EXPECT_EQ(client().user_id, id);
}

// Connections that wait for their next request must not hold up the end.
TEST_F(RestartTest, IdleConnectionsDoNotDelayTheEnd) {
  std::vector<ApiClient> idle;
  for (int i = 0; i < 20; ++i) {
    idle.push_back(stranger());
    ASSERT_EQ(idle.back().ask("GET", "/v1/time").status, 200u);
  }
  expect_clean_stop();
  EXPECT_FALSE(idle.front().try_ask("GET", "/v1/time"));
  start();
  EXPECT_EQ(stranger().ask("GET", "/v1/time").status, 200u);
}

TEST_F(RestartTest, OneDirectoryHasOneServer) {
  const Outcome second =
      run(tideway({"serve", "--data-dir", data_dir(), "--listen", "127.0.0.1:0"}));
  EXPECT_EQ(second.exit_code, 1) << second.out << second.err;
  EXPECT_THAT(second.err, StartsWith("tideway: "));
  EXPECT_EQ(client().ask("GET", "/auth/user").status, 200u) << "the first goes on";
}

}  // namespace
}  // namespace tideway::e2e
