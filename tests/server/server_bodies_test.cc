// Bodies in: lengths, chunks, limits, gzip, 100-continue, the memory budget.
#include <gtest/gtest.h>

#include "server/gzip.h"
#include "tests/server/server_fixture.h"

namespace tideway::server {
namespace {

using ServerBodies = ServerTest;

constexpr std::string_view kChunkedHead =
    "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr std::string_view kTooLargeBody =
    "{\"code\":\"resource-too-large\",\"title\":\"resource too large\","
    "\"detail\":\"resource too large\"}\n";

TEST_F(ServerBodies, TakesChunks) {
  start();
  Client client = this->client();
  client.send(kChunkedHead);
  client.send("5\r\nhello\r\n");
  client.send("6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n");
  EXPECT_EQ(client.read()->body, "POST /c  hello world");
  EXPECT_EQ(client.ask(get("/next"))->body, "GET /next  ");
}

TEST_F(ServerBodies, TakesABodyUpToTheLimit) {
  start();
  Client client = this->client();
  EXPECT_EQ(client.ask(post("/", std::string(1000, 'b')))->body,
            "POST /  " + std::string(1000, 'b'));
}

TEST_F(ServerBodies, TakesALargeBody) {
  start([](const Request& request) {
    return TestHandler::text(std::to_string(std::hash<std::string>()(request.body)));
  });
  std::string body(8 << 20, '\0');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i * 31 + i / 977);
  EXPECT_EQ(client().ask(post("/big", body))->body, std::to_string(std::hash<std::string>()(body)));
}

TEST_F(ServerBodies, RefusesALengthOverTheLimitBeforeReading) {
  start();
  Client client = this->client();
  const auto reply = client.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413U);
  EXPECT_EQ(reply->body, kTooLargeBody);
  EXPECT_EQ(reply->headers.find("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(reply->headers.find("Connection"), "close");
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerBodies, AClientStillWritingSeesThe413) {
  start();
  Client client = this->client();
  client.send_what_it_takes(post("/", std::string(3 << 20, 'b')));
  const auto reply = client.read();
  ASSERT_TRUE(reply) << client.error().message();
  EXPECT_EQ(reply->status, 413U);
}

TEST_F(ServerBodies, RefusesChunksOverTheLimit) {
  start();
  Client client = this->client();
  client.send(kChunkedHead);
  client.send("3e8\r\n" + std::string(1000, 'b') + "\r\n");
  client.send("1\r\nb\r\n");
  const auto reply = client.read();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413U);
  EXPECT_EQ(reply->body, kTooLargeBody);
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerBodies, BrokenChunksAre400) {
  start();
  Client client = this->client();
  const auto reply = client.ask(std::string(kChunkedHead) + "zz\r\n");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 400U);
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerBodies, AnswersExpectContinue) {
  start();
  Client client = this->client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_interim(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.ask("body")->body, "POST /  body");
}

TEST_F(ServerBodies, DoesNotInviteABodyThatItRefuses) {
  start();
  Client client = this->client();
  const auto reply = client.ask(
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413U);
}

TEST_F(ServerBodies, NoContinueForAClientThatDidNotWait) {
  start();
  EXPECT_EQ(client().ask(post("/", "body", "Expect: 100-continue\r\n"))->status, 200U);
  EXPECT_EQ(client().ask(post("/", "", "Expect: 100-continue\r\n"))->status, 200U);
}

TEST_F(ServerBodies, InflatesGzip) {
  start();
  Client client = this->client();
  EXPECT_EQ(client.ask(post("/", gzip("[{}]"), "Content-Encoding: gzip\r\n"))->body,
            "POST /  [{}]");
  EXPECT_EQ(client.ask(post("/", "[{}]", "Content-Encoding: gzip\r\n"))->status, 400U);
  const std::string bomb = gzip(std::string(100'000, ' '));
  EXPECT_EQ(client.ask(post("/", bomb, "Content-Encoding: gzip\r\n"))->body, kTooLargeBody);
  EXPECT_EQ(client.ask(post("/", "[]", "Content-Encoding: br\r\n"))->body, "POST /  []");
}

TEST_F(ServerBodies, ClosesWhenTheClientGoesMidway) {
  start([this](const Request& request) {
    gate_.pass();
    return TestHandler::echo(request);
  });
  gate_.open();
  {
    Client client = this->client();
    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  }
  // Half a request must not reach the handler: only this one does.
  EXPECT_EQ(client().ask(get("/"))->status, 200U);
  server_->stop();
  EXPECT_TRUE(gate_.wait_for_arrivals(1));
  EXPECT_EQ(gate_.arrivals(), 1);
}

TEST_F(ServerBodies, AnAnnouncementBeyondTheBudgetIs503) {
  options_.bodies_in_flight_bytes_max = 500;
  start();
  Client client = this->client();
  const auto reply = client.ask(post("/", std::string(501, 'b')));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503U);
  EXPECT_EQ(reply->headers.find("Retry-After"), "1");
  EXPECT_EQ(this->client().ask(post("/", std::string(500, 'b')))->status, 200U);
}

TEST_F(ServerBodies, ChunksBeyondTheBudgetAre503) {
  options_.bodies_in_flight_bytes_max = 500;
  start();
  Client client = this->client();
  client.send(kChunkedHead);
  client.send("1f5\r\n" + std::string(501, 'b') + "\r\n0\r\n\r\n");
  const auto reply = client.read();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503U);
}

TEST_F(ServerBodies, TheBudgetIsForAllAndGivenBack) {
  options_.bodies_in_flight_bytes_max = 1000;
  start([this](const Request& request) {
    if (request.path == "/wait") gate_.pass();
    return TestHandler::text("done");
  });
  Client first = client();
  first.send(post("/wait", std::string(600, 'b')));
  ASSERT_TRUE(gate_.wait_for_arrivals(1));
  EXPECT_EQ(client().ask(post("/", std::string(600, 'b')))->status, 503U);
  EXPECT_EQ(client().ask(post("/", std::string(400, 'b')))->status, 200U);
  gate_.open();
  EXPECT_EQ(first.read()->status, 200U);
  EXPECT_EQ(client().ask(post("/", std::string(1000, 'b')))->status, 200U);
}

}  // namespace
}  // namespace tideway::server
