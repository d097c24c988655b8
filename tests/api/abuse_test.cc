// Restricted tokens over HTTP, limits to requests, and what the audit log gets to know.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <new>
#include <sstream>

#include "account/sharing.h"
#include "api/application.h"
#include "api/request_limits.h"
#include "audit/files.h"
#include "tests/store/memory_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kPassword = "correct-horse";

class AbuseTest : public testing::Test {
 protected:
  struct Ask {
    std::string method;
    std::string path;
    std::string token = {};
    std::string body = {};
    std::string query = {};
    std::string basic = {};
  };
  Response ask(const Ask& what) {
    server::Request request;
    request.method = what.method;
    request.path = what.path;
    request.query = what.query;
    request.body = what.body;
    request.client_address = "192.0.2.7";
    request.trace_request = "trace-1";
    if (!what.token.empty()) request.headers.add("X-Tidepool-Session-Token", what.token);
    if (!what.basic.empty()) request.headers.add("Authorization", "Basic " + what.basic);
    return application_->handle(std::move(request));
  }

  std::string make(const std::string& body) {
    const Response response =
        ask({.method = "POST", .path = tokens_path_, .token = token_, .body = body});
    return response.status == 201 ? response.body.substr(7, 32) : response.body;
  }

  store::TemporaryDirectory home_;
  store::MemoryStore store_;
  account::Accounts accounts_{store_, {.operations = 1, .memory_bytes = 8192}};
  std::unique_ptr<account::Tokens> tokens_ = account::Tokens::open(store_).value();
  std::unique_ptr<audit::Log> audit_ = audit::Log::open({.directory = home_.store_path()}).value();
  std::unique_ptr<Application> application_ =
      Application::open(store_, accounts_, *tokens_,
                        {.requests_per_minute_max = 300, .audit = audit_.get()})
          .value();
  const std::string user_ = accounts_
                                .create({.email = "rey@example.org",
                                         .password = std::string(kPassword),
                                         .full_name = "",
                                         .roles = {}})
                                .value()
                                .id;
  const std::string token_ = tokens_->issue(user_, false, 3600);
  const std::string other_token_ = tokens_->issue("aaaaaaaaaa", false, 3600);
  const std::string server_token_ = tokens_->issue("worker", true, 3600);
  const std::string tokens_path_ = "/v1/users/" + user_ + "/restricted_tokens";
};

// --- restricted tokens -------------------------------------------------------------------------

TEST_F(AbuseTest, ARestrictedTokenOpensItsPathsOnly) {
  const std::string id = make(R"({"paths":["/data/)" + user_ + R"("]})");
  ASSERT_EQ(id.size(), 32u);
  const std::string query = "restricted_token=" + id;
  EXPECT_EQ(ask({.method = "GET", .path = "/data/" + user_, .query = query}).status, 200);
  EXPECT_EQ(ask({.method = "GET", .path = "/dataservices/data/" + user_, .query = query}).status,
            200);
  EXPECT_EQ(ask({.method = "GET", .path = "/data/aaaaaaaaaa", .query = query}).status, 401);
  EXPECT_EQ(ask({.method = "POST", .path = tokens_path_, .body = "{}", .query = query}).status,
            401);
  EXPECT_EQ(ask({.method = "GET", .path = "/data/" + user_, .query = query + '&' + query}).status,
            401);
}

TEST_F(AbuseTest, AStandInMakesNoMoreOfItsKind) {
  const std::string id = make("{}");
  const std::string query = "restricted_token=" + id;
  EXPECT_EQ(ask({.method = "POST", .path = tokens_path_, .body = "{}", .query = query}).status,
            403);
  EXPECT_EQ(ask({.method = "DELETE", .path = "/v1/restricted_tokens/" + id, .query = query}).status,
            200);
  EXPECT_EQ(ask({.method = "GET", .path = "/data/" + user_, .query = query}).status, 401);
}

TEST_F(AbuseTest, RoutesThatReadTheirWholeQueryKnowNoRestrictedToken) {
  const Response response = ask({.method = "GET",
                                 .path = "/v1/users/" + user_ + "/data_sets",
                                 .query = "restricted_token=" + make("{}")});
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr(R"("source":{"parameter":"restricted_token"})"));
}

TEST_F(AbuseTest, BodiesOfRestrictedTokens) {
  EXPECT_THAT(make(""), HasSubstr("json-not-found"));
  EXPECT_THAT(make("{"), HasSubstr("json-malformed"));
  EXPECT_THAT(make("[]"), HasSubstr("json-malformed"));
  EXPECT_EQ(make("null"), "{\"detail\":\"object is missing\"}\n");
  EXPECT_THAT(make(R"({"paths":[]})"),
              HasSubstr(R"("length 0 is not between 1 and 10","source":{"pointer":"/paths"})"));
  EXPECT_THAT(make(R"({"paths":["/1","/","/","/","/","/","/","/","/","/","/"]})"),
              HasSubstr("length 11 is not between 1 and 10"));
  EXPECT_THAT(make(R"({"paths":["/a","v1"]})"),
              HasSubstr(R"(value \"v1\" does not match expression \"^/.*$\"",)"
                        R"("source":{"pointer":"/paths/1"})"));
  EXPECT_THAT(make(R"({"paths":"/a"})"), HasSubstr("type is not array, but string"));
  EXPECT_THAT(make(R"({"paths":[7]})"), HasSubstr("type is not string, but float64"));
  EXPECT_THAT(make(R"({"expirationTime":7})"), HasSubstr("type is not time, but float64"));
  EXPECT_THAT(make(R"({"expirationTime":"soon"})"), HasSubstr("value-not-parsable"));
  EXPECT_THAT(make(R"({"expirationTime":"9999-01-01T00:00:00Z"})"), HasSubstr("value-not-before"));
  EXPECT_THAT(make(R"({"b":1,"a":null})"),
              HasSubstr(R"("source":{"pointer":"/a"}},{"code":"not-parsed")"));
  EXPECT_EQ(make(R"({"paths":null,"expirationTime":null})").size(), 32u);
  EXPECT_EQ(make(R"({"expirationTime":"2001-01-01T00:00:00Z"})").size(), 32u) << "but useless";
}

TEST_F(AbuseTest, ServicesLookAfterRestrictedTokens) {
  const std::string id = make(R"({"paths":["/a"]})");
  const std::string one = "/v1/restricted_tokens/" + id;
  EXPECT_EQ(ask({.method = "GET", .path = one, .token = token_}).status, 403);
  EXPECT_EQ(ask({.method = "GET", .path = one}).status, 401);
  EXPECT_THAT(ask({.method = "GET", .path = one, .token = server_token_}).body,
              HasSubstr(R"("paths":["/a"])"));
  EXPECT_THAT(ask({.method = "GET", .path = tokens_path_, .token = server_token_}).body,
              HasSubstr(id));
  EXPECT_EQ(
      ask({.method = "GET", .path = tokens_path_, .token = server_token_, .query = "page=1"}).body,
      "[]\n");
  EXPECT_THAT(
      ask({.method = "PUT", .path = one, .token = server_token_, .body = R"({"paths":["/b"]})"})
          .body,
      HasSubstr(R"("paths":["/b"])"));
  EXPECT_EQ(ask({.method = "DELETE", .path = one, .token = other_token_}).status, 403);
  EXPECT_EQ(ask({.method = "DELETE", .path = tokens_path_, .token = server_token_}).status, 204);
  EXPECT_EQ(ask({.method = "GET", .path = one, .token = server_token_}).status, 404);
  EXPECT_EQ(ask({.method = "DELETE", .path = one, .token = other_token_}).status, 200);
  EXPECT_EQ(
      ask({.method = "POST", .path = tokens_path_, .token = other_token_, .body = "{}"}).status,
      403);
  EXPECT_THAT(
      ask({.method = "GET", .path = "/v1/users/x/restricted_tokens", .token = server_token_}).body,
      HasSubstr("parameter-invalid"));
}

// --- requests ----------------------------------------------------------------------------------

TEST_F(AbuseTest, ATokenThatSendsTooMuchHasToWaitInTheStyleOfTheRoute) {
  for (int i = 0; i < 300; ++i) {
    ASSERT_NE(ask({.method = "GET", .path = "/v1/time", .token = token_}).status, 429) << i;
  }
  int limited = 0;
  Response last;
  for (int i = 0; i < 100; ++i) {
    last = ask({.method = "GET", .path = "/v1/time", .token = token_});
    limited += last.status == 429;
  }
  EXPECT_GT(limited, 0);
  while (last.status != 429) last = ask({.method = "GET", .path = "/v1/time", .token = token_});
  EXPECT_EQ(last.headers.find("Retry-After"), "1");
  EXPECT_THAT(last.body, HasSubstr("too-many-requests"));
  EXPECT_EQ(ask({.method = "GET", .path = "/v1/time", .token = other_token_}).status, 200);
  EXPECT_EQ(ask({.method = "GET", .path = "/v1/time"}).status, 200);
}

TEST(RequestLimits, CountEachTokenInAMinute) {
  int64_t now_us = 0;
  RequestLimits limits(60, [&] { return now_us; });
  server::Request request;
  request.headers.add("Authorization", "Bearer one");
  for (int i = 0; i < 60; ++i) {
    EXPECT_FALSE(limits.refusal(request, server::Family::kPlatform));
  }
  const std::vector<std::pair<server::Family, std::string>> kStyles = {
      {server::Family::kPlatform, "too-many-requests"},
      {server::Family::kShoreline, R"({"code":429,"reason":"Too many requests"})"},
      {server::Family::kGatekeeper, R"("Too many requests")"},
      {server::Family::kWhisperer, R"("code":"too_many_requests")"}};
  for (const auto& [family, body] : kStyles) {
    const auto refusal = limits.refusal(request, family);
    ASSERT_TRUE(refusal);
    EXPECT_EQ(refusal->status, 429);
    EXPECT_THAT(refusal->body, HasSubstr(body));
    EXPECT_EQ(refusal->headers.find("Retry-After"), "1");
  }
  now_us += 1'000'000;
  EXPECT_FALSE(limits.refusal(request, server::Family::kPlatform));
  EXPECT_TRUE(limits.refusal(request, server::Family::kPlatform));

  server::Request restricted;
  restricted.query = "a=b&restricted_token=two";
  for (int i = 0; i < 60; ++i) {
    EXPECT_FALSE(limits.refusal(restricted, server::Family::kWhisperer));
  }
  EXPECT_TRUE(limits.refusal(restricted, server::Family::kWhisperer));
  EXPECT_FALSE(limits.refusal(server::Request(), server::Family::kPlatform));
  EXPECT_FALSE(RequestLimits(0).refusal(request, server::Family::kPlatform));
}

// --- audit -------------------------------------------------------------------------------------

TEST_F(AbuseTest, TheAuditLogTellsWhoDidWhatWithWhoseData) {
  ask({.method = "POST",
       .path = "/auth/login",
       .basic = "cmV5QGV4YW1wbGUub3JnOmNvcnJlY3QtaG9yc2U="});
  ask({.method = "POST", .path = "/auth/login", .basic = "cmV5QGV4YW1wbGUub3JnOndyb25nLWhvcnNl"});
  ask({.method = "POST",
       .path = "/access/" + user_ + "/aaaaaaaaaa",
       .token = token_,
       .body = "{}"});
  ask({.method = "GET", .path = "/data/" + user_, .token = token_, .query = "type=cbg"});
  ask({.method = "GET", .path = "/data/" + user_, .token = other_token_});
  ask({.method = "POST",
       .path = "/v1/users/" + user_ + "/data_sets",
       .token = server_token_,
       .body = R"({"uploadId":"0123456789abcdef0123456789abcdef",)"
               R"("deduplicator":{"name":"org.tidepool.deduplicator.none"}})"});
  ask({.method = "POST",
       .path = "/v1/data_sets/0123456789abcdef0123456789abcdef/data",
       .token = token_,
       .body = R"([{"type":"cbg","units":"mg/dL","value":112,"time":"2025-01-06T10:00:00Z"}])"});
  ask({.method = "POST",
       .path = "/data",
       .token = token_,
       .body = R"([{"type":"upload","uploadId":"upid_4be1c0ffee09","version":"2.64.0",)"
               R"("deviceId":"d","time":"2025-01-06T10:00:00Z"}])"});
  ask({.method = "POST", .path = "/data/" + user_, .token = other_token_, .body = "[]"});
  ask({.method = "GET", .path = "/v1/time", .token = token_});
  ask({.method = "GET", .path = "/info"});
  ASSERT_TRUE(audit_->flush());
  const auto files = audit::list_files(home_.store_path()).value();
  std::ifstream stream(files.at(0).path);
  std::vector<std::string> lines;
  std::string all;
  for (std::string line; std::getline(stream, line);) {
    all += line;
    const size_t begin = line.find("\"who\"");
    lines.push_back(line.substr(begin, line.find(",\"prev\"") - begin));
  }
  const std::string own = R"("who":"user:)" + user_ + R"(",)";
  const std::string whose = R"("whose":")" + user_ + R"(","from":"192.0.2.7","trace":"trace-1",)";
  const std::string ok = R"("status":200,"outcome":"ok")";
  EXPECT_THAT(lines,
              ElementsAre(own + R"("what":"POST /auth/login",)" + whose + ok,
                          R"("who":"anonymous","what":"POST /auth/login",)" + whose +
                              R"("status":401,"outcome":"denied")",
                          own + R"("what":"POST /access/{sharerId}/{granteeId}",)" + whose + ok,
                          own + R"("what":"GET /data/{userId}",)" + whose + ok,
                          R"("who":"user:aaaaaaaaaa","what":"GET /data/{userId}",)" + whose +
                              R"("status":403,"outcome":"denied")",
                          R"("who":"service:worker","what":"POST /v1/users/{userId}/data_sets",)" +
                              whose + R"("status":201,"outcome":"ok")",
                          own + R"("what":"POST /v1/data_sets/{dataSetId}/data",)" + whose + ok,
                          own + R"("what":"POST /data",)" + whose + ok,
                          R"("who":"user:aaaaaaaaaa","what":"POST /data/{userId}",)" + whose +
                              R"("status":403,"outcome":"denied")"));
  EXPECT_TRUE(audit::verify(home_.store_path()));
  // Neither health values nor secrets.
  for (const std::string secret : {"112", "cbg", "correct-horse", "wrong-horse", "eyJ"}) {
    EXPECT_THAT(all, Not(HasSubstr("\"" + secret))) << secret;
  }
  EXPECT_THAT(all, Not(HasSubstr(token_)));
}

TEST_F(AbuseTest, TheAuditLogTellsOfWhatThrows) {
  store_.before_update = [](auto) { throw std::bad_alloc(); };
  EXPECT_THROW(ask({.method = "POST",
                    .path = "/v1/users/" + user_ + "/data_sets",
                    .token = token_,
                    .body = R"({"deduplicator":{"name":"org.tidepool.deduplicator.none"}})"}),
               std::bad_alloc);
  ASSERT_TRUE(audit_->flush());
  std::ifstream stream(audit::list_files(home_.store_path()).value().at(0).path);
  std::stringstream all;
  all << stream.rdbuf();
  EXPECT_THAT(all.str(), HasSubstr(R"("status":500,"outcome":"failed")"));
}

}  // namespace
}  // namespace tideway::api
