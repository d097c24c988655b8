// The routes of data sources (docs/spec/datasets.md 20).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kSession = "0123456789abcdefghijklmnopqrstuv";

class DataSourcesApiTest : public ApiFixture {
 protected:
  Response as_service(std::string method, std::string path, std::string body = {},
                      std::string query = {}) {
    return ask_as(as_service_,
                  {std::move(method), std::move(path), std::move(body), std::move(query)});
  }
  Response as_user(std::string method, std::string path, std::string body = {},
                   const std::string& user = "0a1b2c3d4e") {
    return ask_as(user_token(user), {std::move(method), std::move(path), std::move(body)});
  }
  std::string create(std::string_view name = "dexcom") {
    const Response response = as_service("POST", kOfUser,
                                         R"({"providerType":"oauth",)"
                                         R"("providerName":")" +
                                             std::string(name) + "\"}");
    EXPECT_EQ(response.status, 201) << response.body;
    return response.body.substr(7, 32);
  }
  static std::string path(const std::string& id) { return "/v1/data_sources/" + id; }
  static std::string connecting(std::string_view session = kSession) {
    return R"({"state":"connected","providerSessionId":")" + std::string(session) + "\"}";
  }

  const std::string kOfUser = "/v1/users/0a1b2c3d4e/data_sources";
};

TEST_F(DataSourcesApiTest, LifeOfASource) {
  EXPECT_EQ(as_user("GET", kOfUser).body, "[]\n");
  const std::string id = create();
  const Response got = as_service("GET", path(id));
  EXPECT_THAT(got.body, StartsWith(R"({"id":")" + id +
                                   R"(","userId":"0a1b2c3d4e","providerType":"oauth",)"
                                   R"("providerName":"dexcom","state":"disconnected",)"
                                   R"("createdTime":")"));
  EXPECT_THAT(got.body, testing::EndsWith("\"revision\":0}\n"));
  const Response connected = as_service("PUT", path(id), connecting(), "revision=0");
  EXPECT_EQ(connected.status, 200) << connected.body;
  EXPECT_THAT(connected.body, AllOf(HasSubstr(R"("state":"connected")"), HasSubstr(kSession),
                                    HasSubstr(R"("revision":1})")));
  EXPECT_EQ(
      as_service("GET", "/v1/provider_sessions/" + std::string(kSession) + "/data_source").body,
      connected.body);
  EXPECT_EQ(as_service("DELETE", path(id)).body, "");
  EXPECT_EQ(as_service("GET", path(id)).status, 404);
}

TEST_F(DataSourcesApiTest, ItsUserSeesItWithoutTheSession) {
  const std::string id = create();
  as_service("PUT", path(id), connecting());
  for (const auto& where : {path(id), kOfUser}) {
    const Response seen = as_user("GET", where);
    EXPECT_EQ(seen.status, 200);
    EXPECT_THAT(seen.body, AllOf(HasSubstr(id), Not(HasSubstr("providerSessionId"))));
  }
}

TEST_F(DataSourcesApiTest, OnlyServicesChangeAnything) {
  const std::string id = create();
  constexpr auto kDenied =
      R"({"code":"unauthorized","title":"authentication token is not authorized for requested action",)";
  for (const auto& [method, where] : std::vector<std::pair<std::string, std::string>>{
           {"POST", kOfUser},
           {"DELETE", kOfUser},
           {"PUT", path(id)},
           {"DELETE", path(id)},
           {"GET", "/v1/provider_sessions/" + std::string(kSession) + "/data_source"}}) {
    const Response response = as_user(method, where, "{}");
    EXPECT_EQ(response.status, 403) << method << where;
    EXPECT_THAT(response.body, StartsWith(kDenied));
    EXPECT_EQ(ask_as({}, {method, where}).status, 401);
  }
  EXPECT_EQ(as_user("GET", kOfUser, {}, "5e4d3c2b1a").status, 403);
  EXPECT_EQ(as_user("GET", path(id), {}, "5e4d3c2b1a").status, 403);
  EXPECT_EQ(as_user("GET", path(std::string(32, '0')), {}, "5e4d3c2b1a").status, 404);
}

TEST_F(DataSourcesApiTest, Failures) {
  const std::string id = create();
  const std::string unknown(32, '0');
  EXPECT_THAT(as_service("GET", path(unknown)).body,
              HasSubstr(R"(resource with id \")" + unknown + R"(\" not found)"));
  EXPECT_THAT(as_service("PUT", path(id), "{}", "revision=3").body,
              HasSubstr(R"(revision 3 of resource with id \")" + id + R"(\" not found)"));
  EXPECT_EQ(as_service("PUT", path(id), "{}", "revision=x").status, 400);
  EXPECT_THAT(as_service("PUT", path(id), "{}", "other=1").body, HasSubstr("not-parsed"));
  EXPECT_THAT(as_service("PUT", path(id), " ").body, HasSubstr("json-not-found"));
  EXPECT_THAT(as_service("PUT", path(id), "[").body, HasSubstr("json-malformed"));
  EXPECT_THAT(as_service("POST", kOfUser, R"({"providerType":"x","providerName":""})").body,
              AllOf(HasSubstr("value-not-allowed"), HasSubstr("value-empty")));
  EXPECT_THAT(as_service("POST", kOfUser, R"({"state":"connected"})").body,
              HasSubstr("not-parsed"));
  EXPECT_EQ(as_service("DELETE", path(id), "", "revision=4").status, 404);
  store_.fail_reads = true;
  EXPECT_THAT(as_service("GET", path(id)).body, HasSubstr("internal-server-error"));
}

TEST_F(DataSourcesApiTest, IdsOfAnotherFormAreTheClientsMistake) {
  EXPECT_EQ(as_service("GET", path("short")).status, 400);
  EXPECT_EQ(as_service("GET", "/v1/users/nobody/data_sources").status, 400);
  EXPECT_EQ(as_service("GET", "/v1/provider_sessions/x/data_source").status, 400);
}

TEST_F(DataSourcesApiTest, AnotherSourceInTheWayIsAConflict) {
  const std::string first = create();
  const std::string second = create();
  EXPECT_EQ(as_service("PUT", path(first), connecting()).status, 200);
  const Response used = as_service("PUT", path(second), connecting());
  EXPECT_EQ(used.status, 409);
  EXPECT_THAT(used.body, HasSubstr("/providerSessionId"));
  const Response rival =
      as_service("PUT", path(second), connecting("vutsrqponmlkjihgfedcba9876543210"));
  EXPECT_EQ(rival.status, 409);
  EXPECT_THAT(rival.body, HasSubstr("/state"));
}

TEST_F(DataSourcesApiTest, ListsArePagedAndFiltered) {
  const std::string first = create("a");
  const std::string second = create("b");
  const auto list = [this](std::string query) {
    return as_service("GET", kOfUser, "", std::move(query)).body;
  };
  EXPECT_THAT(list("size=1&page=2"), "[]\n");
  EXPECT_THAT(list("providerName=a"), AllOf(HasSubstr(first), Not(HasSubstr(second))));
  EXPECT_EQ(list("state=connected"), "[]\n");
  EXPECT_THAT(
      list("state=lost"),
      HasSubstr(R"(value \"lost\" is not one of [\"connected\", \"disconnected\", \"error\"])"));
  EXPECT_THAT(list("providerType=x"), HasSubstr("value-not-allowed"));
  EXPECT_THAT(list("providerName=" + std::string(101, 'x')), HasSubstr("length-out-of-range"));
  EXPECT_THAT(list("page=18446744073709551615"), HasSubstr("type-not-int"));
  EXPECT_EQ(list("page=9223372036854775807&size=1000"), "[]\n");
  EXPECT_EQ(as_service("DELETE", kOfUser).status, 204);
  EXPECT_EQ(list(""), "[]\n");
}

// The data of a user and what it came from are two things.
TEST_F(DataSourcesApiTest, ErasingDataLeavesSources) {
  const std::string id = create();
  EXPECT_EQ(as_service("DELETE", "/v1/users/0a1b2c3d4e/data").status, 200);
  EXPECT_EQ(as_service("GET", path(id)).status, 200);
}

}  // namespace
}  // namespace tideway::api
