// Who may do what with the data of others (docs/spec/datasets.md 3).
#include <gtest/gtest.h>

#include "account/sharing.h"
#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

constexpr std::string_view kOwner = "0a1b2c3d4e";
constexpr std::string_view kCaller = "5e4d3c2b1a";

class DataSetPermissionsTest : public ApiFixture {
 protected:
  int ask(std::string_view user_id, std::string method, std::string path, std::string body = "") {
    const server::Response response = ask_as(user_token(std::string(user_id)),
                                             {std::move(method), std::move(path), std::move(body)});
    const size_t at = response.body.find(R"("uploadId":")");
    if (at != std::string::npos) last_set_ = response.body.substr(at + 12, 32);
    return response.status;
  }

  void hold(const std::string& permissions) {
    const auto set = account::parse_permissions(permissions).value();
    ASSERT_TRUE(account::Sharing(store_).grant(kOwner, kCaller, set));
  }

  /// A new open set of the owner, made by `user_id`.
  std::string make_set(std::string_view user_id) {
    EXPECT_EQ(ask(user_id, "POST", users_ + "/datasets",
                  R"({"deduplicator":{"name":"org.tidepool.deduplicator.none"}})"),
              201);
    return "/v1/data_sets/" + last_set_;
  }

  const std::string users_ = "/v1/users/" + std::string(kOwner);
  std::string last_set_;
};

TEST_F(DataSetPermissionsTest, AViewerReadsAndDoesNotWrite) {
  const std::string set = make_set(kOwner);
  hold(R"({"view":{}})");
  EXPECT_EQ(ask(kCaller, "GET", "/data/" + std::string(kOwner)), 200);
  EXPECT_EQ(ask(kCaller, "GET", users_ + "/data_sets"), 200);
  EXPECT_EQ(ask(kCaller, "GET", users_ + "/datasets"), 200);
  EXPECT_EQ(ask(kCaller, "GET", set), 403);
  EXPECT_EQ(ask(kCaller, "POST", users_ + "/datasets", "{}"), 403);
  EXPECT_EQ(ask(kCaller, "POST", set + "/data", "[]"), 403);
  EXPECT_EQ(ask(kCaller, "DELETE", set + "/data", "[]"), 403);
  EXPECT_EQ(ask(kCaller, "PUT", set), 403);
  EXPECT_EQ(ask(kCaller, "DELETE", set), 403);
}

TEST_F(DataSetPermissionsTest, AnUploaderWritesAndDoesNotRead) {
  hold(R"({"upload":{}})");
  const std::string own = make_set(kCaller);
  const std::string other = make_set(kOwner);
  EXPECT_EQ(ask(kCaller, "GET", "/data/" + std::string(kOwner)), 403);
  EXPECT_EQ(ask(kCaller, "GET", users_ + "/datasets"), 403);
  EXPECT_EQ(ask(kCaller, "GET", users_ + "/data_sets"), 200);
  EXPECT_EQ(ask(kCaller, "GET", own), 403) << "the owner's alone";
  EXPECT_EQ(ask(kCaller, "POST", other + "/data", "[]"), 200);
  EXPECT_EQ(ask(kCaller, "PUT", other), 200);
  EXPECT_EQ(ask(kCaller, "DELETE", other), 403) << "made by somebody else";
  EXPECT_EQ(ask(kCaller, "DELETE", own), 200);
  EXPECT_EQ(ask(kCaller, "DELETE", users_ + "/data_sets", ""), 403);
}

TEST_F(DataSetPermissionsTest, ACustodianDeletesSetsAndCustodyAloneBringsNothingElse) {
  const std::string set = make_set(kOwner);
  hold(R"({"custodian":{}})");
  EXPECT_EQ(ask(kCaller, "GET", users_ + "/data_sets"), 200);
  EXPECT_EQ(ask(kCaller, "GET", users_ + "/datasets"), 403);
  EXPECT_EQ(ask(kCaller, "GET", "/data/" + std::string(kOwner)), 403);
  EXPECT_EQ(ask(kCaller, "POST", set + "/data", "[]"), 403);
  EXPECT_EQ(ask(kCaller, "DELETE", set), 200);
  EXPECT_EQ(ask(kCaller, "POST", set + "/restore"), 200);
  hold(R"({"upload":{},"view":{}})");
  EXPECT_EQ(ask(kCaller, "POST", users_ + "/erase", R"({"userId":"0a1b2c3d4e"})"), 403);
}

TEST_F(DataSetPermissionsTest, AGrantTakenAwayEndsAtOnce) {
  hold(R"({"view":{}})");
  EXPECT_EQ(ask(kCaller, "GET", "/data/" + std::string(kOwner)), 200);
  hold("{}");
  EXPECT_EQ(ask(kCaller, "GET", "/data/" + std::string(kOwner)), 403);
}

TEST_F(DataSetPermissionsTest, ALookupThatFailsIs500) {
  store_.fail_reads = true;
  EXPECT_EQ(ask(kCaller, "GET", "/data/" + std::string(kOwner)), 500);
  EXPECT_EQ(ask(kCaller, "GET", users_ + "/data_sets"), 500);
  EXPECT_EQ(ask(kCaller, "POST", users_ + "/datasets", "{}"), 500);
}

}  // namespace
}  // namespace tideway::api
