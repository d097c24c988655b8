// What every answer has, whatever was asked: trace ids, error bodies, CORS, gzip, methods
// (docs/spec/http.md 3 and 4).
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "server/gzip.h"
#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

std::string inflated(const Reply& reply) {
  const auto plain = server::gunzip(reply.body, uint64_t{1} << 30, [](uint64_t) { return true; });
  return plain ? *plain : "not gzip";
}

class TransportTest : public E2eTest {};

TEST_F(TransportTest, TraceIdsComeBack) {
  const Reply reply = client().ask("GET", "/v1/time", "",
                                   field("X-Tidepool-Trace-Request", "request-1") +
                                       field("X-Tidepool-Trace-Session", std::string(70, 's')));
  const std::string session(64, 's');  // cut to this length
  EXPECT_EQ(value_of(reply, "X-Tidepool-Trace-Request"), "request-1");
  EXPECT_EQ(value_of(reply, "X-Tidepool-Trace-Session"), session);
  EXPECT_EQ(text_at(reply.body, "/meta/trace/request"), "request-1");
  EXPECT_EQ(text_at(reply.body, "/meta/trace/session"), session);
}

TEST_F(TransportTest, TraceIdsAreMadeWhereThereIsNone) {
  std::string previous;
  for (const std::string target : {"/v1/time", "/nowhere", "/auth/user", "/data/status"}) {
    const Reply reply = client().ask("GET", target);
    const std::string trace = value_of(reply, "X-Tidepool-Trace-Request");
    EXPECT_THAT(trace, MatchesRegex("[0-9a-f]{32}")) << target;
    EXPECT_NE(trace, previous) << target;
    EXPECT_FALSE(reply.headers.find("X-Tidepool-Trace-Session")) << target;
    previous = trace;
  }
}

TEST_F(TransportTest, UnknownPathsAndMethods) {
  for (const std::string target :
       {"/", "/v1", "/v1/time/", "/v2/time", "/dataservices", "/V1/time"}) {
    const Reply reply = client().ask("GET", target);
    EXPECT_EQ(reply.status, 404u) << target;
    EXPECT_EQ(reply.body, R"({"Error":"Resource not found"})") << target;
    EXPECT_EQ(value_of(reply, "Content-Type"), "application/json; charset=utf-8") << target;
  }
  for (const std::string method : {"DELETE", "PATCH", "OPTIONS"}) {
    const Reply reply = client().ask(method, "/v1/time");
    EXPECT_EQ(reply.status, 405u) << method;
    EXPECT_EQ(reply.body, R"({"Error":"Method not allowed"})") << method;
  }
}

TEST_F(TransportTest, HeadIsNotAllowed) {
  const Reply reply = client().ask("HEAD", "/v1/time");
  EXPECT_EQ(reply.status, 405u);
  EXPECT_EQ(reply.body, "");
  // The connection still works, so no body was sent.
  EXPECT_EQ(client().ask("GET", "/v1/time").status, 200u);
}

TEST_F(TransportTest, ErrorsComeInTheStyleOfTheirFamily) {
  const Reply wrapped = client().add("0123456789abcdef0123456789abcdef", "[]");
  EXPECT_TRUE(Json(wrapped.body).has("/errors/0/status"));
  EXPECT_TRUE(Json(wrapped.body).has("/meta/trace/request"));
  EXPECT_FALSE(wrapped.body.ends_with('\n'));

  const std::string set = client().open_set(kContinuousSet);
  const Reply bare = client().add(set, R"([{"type":"nonsense"}])");
  EXPECT_EQ(bare.status, 400u);
  EXPECT_TRUE(Json(bare.body).has("/code"));
  EXPECT_FALSE(Json(bare.body).has("/status"));
  EXPECT_TRUE(bare.body.ends_with("}\n"));

  const Reply reason = stranger().ask("GET", "/auth/user");
  EXPECT_EQ(reason.body, R"({"code":401,"reason":"Not authorized for requested operation"})");
  EXPECT_EQ(value_of(reason, "Content-Type"), "application/json");
}

TEST_F(TransportTest, DoubledCredentialsAreRefused) {
  const Reply reply = stranger().ask(
      "GET", "/v1/time", "",
      field("X-Tidepool-Session-Token", "a") + field("X-Tidepool-Session-Token", "b"));
  EXPECT_EQ(reply.status, 403u);
  EXPECT_EQ(text_at(reply.body, "/code"), "unauthorized");
}

TEST_F(TransportTest, BearerTokensWorkToo) {
  ApiClient bearer = stranger();
  const std::string fields = field("Authorization", "Bearer " + client().token);
  for (const std::string target : {"/auth/user", "/data/"}) {
    const std::string own = target == "/data/" ? target + user_id_ : target;
    EXPECT_EQ(bearer.ask("GET", own, "", fields).status, 200u) << own;
  }
}

TEST_F(TransportTest, PreflightNeedsNoCredentials) {
  const Reply reply = stranger().ask(
      "OPTIONS", "/data/" + user_id_, "",
      field("Origin", "https://app.example.org") + field("Access-Control-Request-Method", "GET") +
          field("Access-Control-Request-Headers", "x-tidepool-session-token"));
  EXPECT_EQ(reply.status, 200u);
  EXPECT_EQ(reply.body, "");
  EXPECT_EQ(value_of(reply, "Access-Control-Allow-Origin"), "https://app.example.org");
  EXPECT_EQ(value_of(reply, "Access-Control-Allow-Credentials"), "true");
  EXPECT_EQ(value_of(reply, "Access-Control-Allow-Methods"),
            "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  EXPECT_THAT(value_of(reply, "Access-Control-Allow-Headers"),
              HasSubstr("x-tidepool-session-token"));
  EXPECT_EQ(value_of(reply, "Access-Control-Max-Age"), "600");
}

TEST_F(TransportTest, AnswersNameTheOriginAlsoWhenTheyAreErrors) {
  const std::string origin = field("Origin", "https://app.example.org");
  for (const std::string& target : {std::string("/v1/time"), std::string("/auth/user"),
                                    "/data/" + user_id_, std::string("/x")}) {
    const Reply reply = stranger().ask("GET", target, "", origin);
    EXPECT_EQ(value_of(reply, "Access-Control-Allow-Origin"), "https://app.example.org") << target;
    EXPECT_EQ(value_of(reply, "Access-Control-Allow-Credentials"), "true") << target;
    EXPECT_THAT(value_of(reply, "Access-Control-Expose-Headers"),
                HasSubstr("x-tidepool-session-token"))
        << target;
  }
  EXPECT_FALSE(client().ask("GET", "/v1/time").headers.find("Access-Control-Allow-Origin"));
}

TEST_F(TransportTest, AnswersAreCompressedWhenTheClientLikesThat) {
  const std::string set = client().open_set(kContinuousSet);
  ASSERT_EQ(client().add(set, array_of(numbered(500))).status, 200u);
  const std::string plain = client().fetch();
  const Reply reply =
      client().ask("GET", "/data/" + user_id_, "", field("Accept-Encoding", "gzip, deflate"));
  ASSERT_EQ(reply.status, 200u);
  EXPECT_EQ(value_of(reply, "Content-Encoding"), "gzip");
  EXPECT_LT(reply.body.size(), plain.size() / 4);
  EXPECT_EQ(inflated(reply), plain);

  const Reply error = client().ask("GET", "/nowhere", "", field("Accept-Encoding", "gzip"));
  EXPECT_EQ(inflated(error), R"({"Error":"Resource not found"})");
  const Reply login = client().ask("GET", "/auth/user", "", field("Accept-Encoding", "gzip"));
  EXPECT_EQ(text_at(login.body, "/userid"), user_id_) << "never compressed";
}

TEST_F(TransportTest, CompressedBodiesAreTaken) {
  const std::string set = client().open_set(kContinuousSet);
  const Reply reply =
      client().ask("POST", fmt::format("/v1/data_sets/{}/data", set),
                   server::gzip(array_of(numbered(10))), field("Content-Encoding", "gzip"));
  EXPECT_EQ(reply.status, 200u) << reply.body;
  EXPECT_EQ(names_in(client().fetch()).size(), 10u);
}

TEST_F(TransportTest, UtilityRoutesNeedNoCredentials) {
  for (const std::string target : {"/v1/time", "/dataservices/v1/time", "/status", "/version",
                                   "/info", "/data/status", "/auth/status", "/openapi.yaml"}) {
    EXPECT_EQ(stranger().ask("GET", target).status, 200u) << target;
  }
  EXPECT_THAT(text_at(client().ask("GET", "/v1/time").body, "/data/time"),
              MatchesRegex("20[0-9-]{8}T[0-9:]{8}(\\.[0-9]{1,3})?Z"));
  EXPECT_EQ(client().ask("GET", "/data/status").body, "OK\n");
}

}  // namespace
}  // namespace tideway::e2e
