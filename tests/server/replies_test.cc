#include "server/replies.h"

#include <gtest/gtest.h>

#include "base/ids.h"

namespace tideway::server {
namespace {

Request traced(std::string session = "") {
  Request request;
  request.trace_request = "9a0c6a1e5d2f4b38a7c1d0e9f8b7a6c5";
  request.trace_session = std::move(session);
  return request;
}

TEST(Replies, JsonIsSentAsItIs) {
  const Response response = json_reply(201, "[]\n");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "[]\n");
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_TRUE(response.compressible);
}

TEST(Replies, EnvelopeToTheByte) {
  const Response response = envelope(traced(), 200, R"({"time":"2025-01-06T10:00:05.127Z"})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.body, R"({"data":{"time":"2025-01-06T10:00:05.127Z"},)"
                           R"("meta":{"trace":{"request":"9a0c6a1e5d2f4b38a7c1d0e9f8b7a6c5"}}})");
}

TEST(Replies, EnvelopeNamesTheSession) {
  EXPECT_EQ(envelope(traced("s<1>"), 200, "[]").body,
            R"({"data":[],"meta":{"trace":{"request":"9a0c6a1e5d2f4b38a7c1d0e9f8b7a6c5",)"
            R"("session":"s\u003c1\u003e"}}})");
}

TEST(Replies, EnvelopeStaysUtf8WhateverTheClientsTraceIs) {
  // The second byte of an é cut off, and a byte that never occurs in UTF-8.
  Request request = traced("caf\xc3\xa9");
  request.trace_request = "\xff-\xc3";
  EXPECT_EQ(envelope(request, 200, "{}").body,
            "{\"data\":{},\"meta\":{\"trace\":{\"request\":\"\xef\xbf\xbd-\xef\xbf\xbd\","
            "\"session\":\"caf\xc3\xa9\"}}}");
}

TEST(Replies, EnvelopeErrorToTheByte) {
  const Response response = envelope_error(
      traced(), 409, "data-set-closed", "data set with specified id is closed for new data",
      "Data set with id 6b1f0d9e2c3a4857b6d5e4f3a2b1c0d9 is closed for new data");
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(
      response.body,
      R"({"errors":[{"code":"data-set-closed",)"
      R"("title":"data set with specified id is closed for new data",)"
      R"("detail":"Data set with id 6b1f0d9e2c3a4857b6d5e4f3a2b1c0d9 is closed for new data",)"
      R"("status":"409"}],"meta":{"trace":{"request":"9a0c6a1e5d2f4b38a7c1d0e9f8b7a6c5"}}})");
}

TEST(Replies, EnvelopeErrorWithoutStatus) {
  const Response response = envelope_error(traced("s"), 404, "c", "t", "d\"", false);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, R"({"errors":[{"code":"c","title":"t","detail":"d\""}],"meta":{"trace":)"
                           R"({"request":"9a0c6a1e5d2f4b38a7c1d0e9f8b7a6c5","session":"s"}}})");
}

TEST(Replies, EnvelopeErrorFromATraceAlone) {
  EXPECT_EQ(envelope_error(Trace{.request = "r", .session = ""}, 500, "c", "t", "d").body,
            R"({"errors":[{"code":"c","title":"t","detail":"d","status":"500"}],)"
            R"("meta":{"trace":{"request":"r"}}})");
}

TEST(Replies, OneBareErrorEndsWithALineFeed) {
  const Response response =
      bare_error(401, make_error("unauthenticated", "authentication token is invalid"));
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.body, R"({"code":"unauthenticated","title":"authentication token is invalid",)"
                           R"("detail":"authentication token is invalid"})"
                           "\n");
}

TEST(Replies, SeveralBareErrorsAreWrapped) {
  const Errors errors = {make_error("a", "x"), make_error("b", "y", "z")};
  EXPECT_EQ(bare_errors(400, errors).body, R"({"errors":[{"code":"a","title":"x","detail":"x"},)"
                                           R"({"code":"b","title":"y","detail":"z"}]})"
                                           "\n");
}

TEST(Replies, CodeAndReason) {
  const Response response = code_and_reason(401, "No user matched the given details");
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(response.body, R"({"code":401,"reason":"No user matched the given details"})");
}

TEST(Replies, FetchErrorHasAFreshId) {
  const Response response =
      fetch_error(403, "data_cant_view", "user is not authorized to view data");
  EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
  const std::string_view body = response.body;
  constexpr std::string_view kBefore = R"({"status":403,"id":")";
  constexpr std::string_view kAfter =
      R"(","code":"data_cant_view","message":"user is not authorized to view data"})";
  ASSERT_TRUE(body.starts_with(kBefore)) << body;
  ASSERT_TRUE(body.ends_with(kAfter)) << body;
  const std::string_view id =
      body.substr(kBefore.size(), body.size() - kBefore.size() - kAfter.size());
  EXPECT_EQ(id.size(), 36U);
  EXPECT_TRUE(is_user_id(id)) << id;  // which may be a UUID
  EXPECT_EQ(id.substr(14, 1), "4") << id;
  EXPECT_NE(fetch_error(403, "a", "b").body, fetch_error(403, "a", "b").body);
}

}  // namespace
}  // namespace tideway::server
