#include "server/access_log.h"

#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

namespace tideway::server {
namespace {

std::string line_of(const AccessRecord& record) {
  std::ostringstream out;
  spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
  log.set_pattern("%v");
  log_access(log, record);
  return out.str();
}

TEST(AccessLog, OneLine) {
  EXPECT_EQ(line_of({.method = "GET",
                     .path = "/v1/data_sets/0123456789abcdef0123456789abcdef",
                     .route = "/v1/data_sets/{id}",
                     .trace = "t-1",
                     .status = 200,
                     .sent_bytes = 321,
                     .duration = std::chrono::microseconds(1250)}),
            "GET /v1/data_sets/{id} 200 321B 1.2ms trace=t-1\n");
}

TEST(AccessLog, MarksBrokenResponses) {
  const std::string line = line_of({.method = "GET",
                                    .path = "/data/x",
                                    .route = "",
                                    .trace = "t",
                                    .status = 200,
                                    .complete = false});
  EXPECT_TRUE(line.ends_with(" trace=t incomplete\n")) << line;
}

TEST(AccessLog, ClientsCannotForgeLinesOrFields) {
  EXPECT_EQ(line_of({.method = "GET\n",
                     .path = "/a b",
                     .route = "",
                     .trace = "t 200\x1b[0m\xc3",
                     .status = 400}),
            "GET? /* 400 0B 0.0ms trace=t?200?[0m?\n");
}

TEST(AccessLog, LongMethodsAreCut) {
  const std::string line = line_of(
      {.method = std::string(1000, 'M'), .path = "/", .route = "", .trace = "t", .status = 405});
  EXPECT_LT(line.size(), 100U);
}

TEST(RedactedPath, ShowsOnlyFixedWords) {
  EXPECT_EQ(redacted_path("/"), "/");
  EXPECT_EQ(redacted_path("/v1/users/3f9c1a7b42/data_sets"), "/v1/users/*/data_sets");
  EXPECT_EQ(redacted_path("/auth/token/kc:eyJhbGciOi.x.y:z"), "/auth/token/*");
  EXPECT_EQ(redacted_path("/v1/restricted_tokens/0123456789abcdef0123456789abcdef"),
            "/v1/restricted_tokens/*");
  EXPECT_EQ(redacted_path("/v1/restricted_tokens/abcdefabcdefabcdefabcdefabcdefab"),
            "/v1/restricted_tokens/*");
  EXPECT_EQ(redacted_path("/confirm/send/forgot/rey@example.org"), "/confirm/send/forgot/*");
  EXPECT_EQ(redacted_path("/v1//data/"), "/v1//data/");
  EXPECT_EQ(redacted_path("*"), "*");
}

TEST(RedactedPath, IsBounded) {
  std::string path;
  for (int i = 0; i < 1000; ++i) path += "/a";
  EXPECT_LE(redacted_path(path).size(), 160U);
}

}  // namespace
}  // namespace tideway::server
