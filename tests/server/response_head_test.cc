#include "server/response_head.h"

#include <gtest/gtest.h>

#include "tests/server/test_stream.h"

namespace tideway::server {
namespace {

constexpr std::string_view kDate = "Mon, 06 Jan 2025 10:00:05 GMT";

Response with_body(uint16_t status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

TEST(ResponseHead, ToTheByte) {
  Response response = with_body(200, "[]");
  response.headers.add("Content-Type", "application/json");
  EXPECT_EQ(response_head(response, {}, kDate),
            "HTTP/1.1 200 OK\r\nDate: Mon, 06 Jan 2025 10:00:05 GMT\r\n"
            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n");
}

TEST(ResponseHead, SaysWhatBecomesOfTheConnection) {
  const Response response = with_body(404, "");
  EXPECT_EQ(response_head(response, {.http11 = true, .keep_alive = false}, kDate),
            "HTTP/1.1 404 Not Found\r\nDate: Mon, 06 Jan 2025 10:00:05 GMT\r\n"
            "Content-Length: 0\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(response_head(response, {.http11 = false, .keep_alive = true}, kDate),
            "HTTP/1.0 404 Not Found\r\nDate: Mon, 06 Jan 2025 10:00:05 GMT\r\n"
            "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n");
}

TEST(ResponseHead, NoLengthWhereNoBodyCanBe) {
  for (const uint16_t status : {204, 304}) {
    EXPECT_EQ(response_head(with_body(status, ""), {}, kDate).find("Content-Length"),
              std::string::npos);
  }
}

TEST(ResponseHead, StreamsAreChunkedFromHttp11On) {
  Response response;
  response.stream = std::make_unique<TestStream>(std::vector<std::string>{});
  const std::string head = response_head(response, {}, kDate);
  EXPECT_NE(head.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Content-Length"), std::string::npos);
  const std::string old = response_head(response, {.http11 = false, .keep_alive = false}, kDate);
  EXPECT_EQ(old.find("Transfer-Encoding"), std::string::npos);
  EXPECT_EQ(old.find("Content-Length"), std::string::npos);
}

TEST(ResponseHead, HandlersCannotSayWhatTheServerKnows) {
  Response response = with_body(200, "abc");
  for (const char* name : {"content-length", "Transfer-Encoding", "Connection", "Date", "Server",
                           "Keep-Alive", "Trailer"}) {
    response.headers.add(name, "wrong");
  }
  EXPECT_EQ(response_head(response, {}, kDate).find("wrong"), std::string::npos);
}

TEST(ResponseHead, AFieldWithALineBreakIsLeftOut) {
  Response response = with_body(200, "");
  response.headers.add("X-A", "a\r\nSet-Cookie: b");
  response.headers.add("X-B", "b");
  const std::string head = response_head(response, {}, kDate);
  EXPECT_EQ(head.find("Set-Cookie"), std::string::npos);
  EXPECT_NE(head.find("X-B: b\r\n"), std::string::npos);
}

TEST(ResponseHead, UnusualStatus) {
  EXPECT_TRUE(response_head(with_body(431, ""), {}, kDate)
                  .starts_with("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
  EXPECT_TRUE(response_head(with_body(599, ""), {}, kDate).starts_with("HTTP/1.1 599 "));
}

}  // namespace
}  // namespace tideway::server
