// The way of the data as a device and an app go it, each path with and without /dataservices.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

constexpr const char* kUtc = "[0-9-]{10}T[0-9:]{8}(\\.[0-9]{1,3})?Z";

class FlowTest : public E2eTest, public testing::WithParamInterface<std::string> {
 protected:
  FlowTest() { client().prefix = GetParam(); }

  std::string path(std::string_view rest) const { return GetParam() + std::string(rest); }

  static std::string closed_body(std::string_view upload_id, std::string_view trace) {
    return fmt::format(R"({{"errors":[{{"code":"data-set-closed",)"
                       R"("title":"data set with specified id is closed for new data",)"
                       R"("detail":"Data set with id {} is closed for new data","status":"409"}}],)"
                       R"("meta":{{"trace":{{"request":"{}"}}}}}})",
                       upload_id, trace);
  }
};

TEST_P(FlowTest, LoginGivesATokenAndTheUser) {
  const Reply reply = client().log_in(kEmail, kPassword);
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(value_of(reply, "Content-Type"), "application/json");
  EXPECT_FALSE(value_of(reply, "X-Tidepool-Session-Token").empty());
  const Json user(reply.body);
  EXPECT_EQ(std::string_view(user.at("/userid")), user_id_);
  EXPECT_EQ(std::string_view(user.at("/username")), kEmail);
  EXPECT_EQ(std::string_view(user.at("/emails/0")), kEmail);
  EXPECT_EQ(std::string_view(user.at("/roles/0")), "patient");
  EXPECT_TRUE(bool(user.at("/emailVerified")));
}

TEST_P(FlowTest, TheTokenIsRenewedAndNamesTheUser) {
  const Reply renewed = client().ask("GET", path("/auth/login"));
  ASSERT_EQ(renewed.status, 200u);
  const std::string token = value_of(renewed, "X-Tidepool-Session-Token");
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(text_at(renewed.body, "/userid"), user_id_);
  EXPECT_FALSE(bool(Json(renewed.body).at("/isserver")));

  ApiClient other = stranger();
  other.token = token;
  const Reply user = other.ask("GET", path("/auth/user"));
  EXPECT_EQ(user.status, 200u);
  EXPECT_EQ(text_at(user.body, "/userid"), user_id_);
  // The old one goes on until its own end.
  EXPECT_EQ(client().ask("GET", path("/auth/user")).status, 200u);
}

TEST_P(FlowTest, LogoutEndsTheToken) {
  const std::string set = client().open_set(plain_set());
  ASSERT_EQ(client().ask("POST", path("/auth/logout"), "{}").status, 200u);
  EXPECT_EQ(client().ask("GET", path("/auth/user")).status, 401u);
  EXPECT_EQ(client().ask("GET", path("/auth/login")).status, 401u);
  EXPECT_EQ(client().ask("GET", path("/data/" + user_id_)).status, 401u);
  EXPECT_EQ(client().add(set, array_of(numbered(1))).status, 401u);
  EXPECT_EQ(client().log_in(kEmail, kPassword).status, 200u);
  EXPECT_EQ(client().add(set, array_of(numbered(1))).status, 200u);
}

TEST_P(FlowTest, OpeningASetAnswersTheSet) {
  for (const std::string name : {"data_sets", "datasets"}) {
    const Reply reply =
        client().ask("POST", path(fmt::format("/v1/users/{}/{}", user_id_, name)), hash_set("D1"));
    ASSERT_EQ(reply.status, 201u) << reply.body;
    EXPECT_EQ(value_of(reply, "Content-Type"), "application/json; charset=utf-8");
    const Json made(reply.body);
    const auto text = [&](std::string_view pointer) {
      return std::string(std::string_view(made.at(pointer)));
    };
    EXPECT_THAT(text("/data/uploadId"), MatchesRegex("[0-9a-f]{32}"));
    EXPECT_EQ(text("/data/id"), text("/data/uploadId"));
    EXPECT_THAT(text("/data/createdTime"), MatchesRegex(kUtc));
    EXPECT_THAT(text("/data/modifiedTime"), MatchesRegex(kUtc));
    EXPECT_EQ(text("/data/createdUserId"), user_id_);
    EXPECT_EQ(text("/data/byUser"), user_id_);
    EXPECT_EQ(text("/data/type"), "upload");
    EXPECT_EQ(text("/data/dataSetType"), "normal");
    EXPECT_EQ(text("/data/deviceId"), "D1");
    EXPECT_EQ(text("/data/deduplicator/name"), "org.tidepool.deduplicator.device.deactivate.hash");
    EXPECT_EQ(text("/data/deduplicator/version"), "1.1.0");
    EXPECT_EQ(text("/meta/trace/request"), value_of(reply, "X-Tidepool-Trace-Request"));
    EXPECT_FALSE(made.has("/data/_state"));
  }
}

TEST_P(FlowTest, RecordsShowWhenTheSetIsClosed) {
  const std::string set = client().open_set(hash_set("D1"));
  size_t sent = 0;
  for (const int count : {1, 3, 1500}) {
    std::vector<std::string> records;
    for (int i = 0; i < count; ++i, ++sent) {
      records.push_back(smbg(fmt::format("{:04}", sent), "D1", static_cast<int>(sent)));
    }
    const Reply added = client().add(set, array_of(records));
    ASSERT_EQ(added.status, 200u) << added.body;
    EXPECT_TRUE(same_json(fmt::format(R"({{"data":[],"meta":{{"trace":{{"request":"{}"}}}}}})",
                                      value_of(added, "X-Tidepool-Trace-Request")),
                          added.body));
  }
  EXPECT_EQ(client().fetch(), "[]") << "neither records nor the set itself, while it is open";

  const Reply closed = client().close(set);
  ASSERT_EQ(closed.status, 200u) << closed.body;
  EXPECT_EQ(text_at(closed.body, "/data/uploadId"), set);
  const std::string fetched = client().fetch();
  const auto names = names_in(fetched);
  ASSERT_THAT(names, SizeIs(sent));
  for (size_t i = 0; i < sent; ++i) EXPECT_EQ(names[i], fmt::format("{:04}", i));
  EXPECT_EQ(count_of(fetched), sent + 1) << "the records and the set";
  auto ids = texts_of(fetched, "/id");
  std::ranges::sort(ids);
  EXPECT_EQ(std::ranges::adjacent_find(ids), ids.end()) << "an id twice";
}

TEST_P(FlowTest, AClosedSetStaysAsItIs) {
  const std::string set = client().open_set(hash_set("D1"));
  ASSERT_EQ(client().add(set, array_of(numbered(2))).status, 200u);
  ASSERT_EQ(client().close(set).status, 200u);
  const std::string before = client().fetch();

  const Reply added = client().add(set, array_of(numbered(3)));
  EXPECT_EQ(added.status, 409u);
  EXPECT_EQ(added.body, closed_body(set, value_of(added, "X-Tidepool-Trace-Request")));
  const Reply malformed = client().add(set, "[{");
  EXPECT_EQ(malformed.status, 409u) << "the state comes before the body";
  const Reply removed = client().ask("DELETE", "/v1/data_sets/" + set + "/data", "[]");
  EXPECT_EQ(removed.body, closed_body(set, value_of(removed, "X-Tidepool-Trace-Request")));
  // Whoever closed it may have lost the answer, and gets it again.
  EXPECT_EQ(client().close(set).status, 200u);
  EXPECT_EQ(client().fetch(), before);
}

TEST_P(FlowTest, UnknownSetsAreNotFound) {
  for (const std::string id : {"0123456789abcdef0123456789abcdef", "upid_0123456789ab", "x",
                               "0123456789ABCDEF0123456789ABCDEF", "%00", "a%2Fb"}) {
    const Reply added = client().add(id, array_of(numbered(1)));
    EXPECT_EQ(added.status, 404u) << id;
    EXPECT_EQ(added.body,
              fmt::format(R"({{"errors":[{{"code":"data-set-id-not-found",)"
                          R"("title":"data set with specified id not found",)"
                          R"("detail":"Data set with id {} not found","status":"404"}}],)"
                          R"("meta":{{"trace":{{"request":"{}"}}}}}})",
                          id, value_of(added, "X-Tidepool-Trace-Request")));
    EXPECT_EQ(client().close(id).status, 404u) << id;
  }
  // A variable ends at a dot, so this is no route at all.
  EXPECT_EQ(client().close("a.b").body, R"({"Error":"Resource not found"})");
}

INSTANTIATE_TEST_SUITE_P(Prefixes, FlowTest, testing::Values("", "/dataservices"),
                         [](const auto& info) {
                           return info.param.empty() ? "Plain" : "Dataservices";
                         });

}  // namespace
}  // namespace tideway::e2e
