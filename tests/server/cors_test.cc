#include "server/cors.h"

#include <gtest/gtest.h>

namespace tideway::server {
namespace {

constexpr std::string_view kOrigin = "https://app.example.org";

Request options_request(bool origin, bool wanted_method) {
  Request request;
  request.method = "OPTIONS";
  if (origin) request.headers.add("Origin", kOrigin);
  if (wanted_method) request.headers.add("access-control-request-method", "PUT");
  return request;
}

TEST(Cors, PreflightIsOptionsWithBothHeaders) {
  EXPECT_TRUE(Cors::is_preflight(options_request(true, true)));
  EXPECT_FALSE(Cors::is_preflight(options_request(false, true)));
  EXPECT_FALSE(Cors::is_preflight(options_request(true, false)));
  Request get = options_request(true, true);
  get.method = "GET";
  EXPECT_FALSE(Cors::is_preflight(get));
}

TEST(Cors, PreflightNamesMethodsAndHeaders) {
  const Response response = Cors({}).preflight(kOrigin);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.headers.find("Access-Control-Allow-Methods"),
            "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  EXPECT_EQ(response.headers.find("Access-Control-Allow-Headers"),
            "authorization, content-type, x-tidepool-session-token, x-tidepool-trace-request, "
            "x-tidepool-trace-session, digest, x-logs-start-at-time, x-logs-end-at-time");
  EXPECT_EQ(response.headers.find("Access-Control-Max-Age"), "600");
}

TEST(Cors, AnyOriginIsAnsweredWithItself) {
  for (const Cors& cors : {Cors({}), Cors({"*"}), Cors({"https://x.example", "*"})}) {
    Headers headers;
    cors.add_headers(kOrigin, headers);
    EXPECT_EQ(headers.find("Access-Control-Allow-Origin"), kOrigin);
    EXPECT_EQ(headers.find("Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(headers.find("Access-Control-Expose-Headers"),
              "x-tidepool-session-token, x-tidepool-trace-request, x-tidepool-trace-session, "
              "link, x-tideway-next-cursor");
    EXPECT_EQ(headers.find("Vary"), "Origin");
  }
}

TEST(Cors, AddsToVary) {
  Headers headers;
  headers.add("Vary", "Accept-Encoding");
  Cors({}).add_headers(kOrigin, headers);
  EXPECT_EQ(headers.count("Vary"), 2U);
}

TEST(Cors, WithoutOriginNothingIsAdded) {
  Headers headers;
  Cors({}).add_headers("", headers);
  EXPECT_EQ(headers.begin(), headers.end());
}

TEST(Cors, AnOriginNotListedGetsNoPermission) {
  const Cors cors({"https://other.example", "https://app.example.org.evil"});
  Headers headers;
  cors.add_headers(kOrigin, headers);
  EXPECT_EQ(headers.count("Access-Control-Allow-Origin"), 0U);
  EXPECT_EQ(headers.count("Access-Control-Allow-Credentials"), 0U);
  EXPECT_EQ(headers.find("Vary"), "Origin");
  const Response response = cors.preflight(kOrigin);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.begin(), response.headers.end());
}

TEST(Cors, AnOriginListedIsAdmitted) {
  const Cors cors({"https://other.example", std::string(kOrigin)});
  Headers headers;
  cors.add_headers(kOrigin, headers);
  EXPECT_EQ(headers.find("Access-Control-Allow-Origin"), kOrigin);
}

}  // namespace
}  // namespace tideway::server
