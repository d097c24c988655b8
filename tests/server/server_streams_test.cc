// Bodies out: streams, their failures, large bodies.
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <future>
#include <thread>

#include "server/gzip.h"
#include "tests/server/server_fixture.h"
#include "tests/server/test_stream.h"

namespace tideway::server {
namespace {

using Ending = TestStream::Ending;

class ServerStreams : public ServerTest {
 protected:
  void start_stream(std::vector<std::string> chunks, Ending ending = Ending::kEnd) {
    start([=](const Request&) {
      Response response;
      response.headers.add("Content-Type", "application/json");
      response.stream = std::make_unique<TestStream>(chunks, ending);
      return response;
    });
  }
};

TEST_F(ServerStreams, AreChunked) {
  start_stream({"[\n", "", "{}", "\n]"});
  Client client = this->client();
  for (int i = 0; i < 2; ++i) {
    const auto reply = client.ask(get("/"));
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->chunked);
    EXPECT_EQ(reply->body, "[\n{}\n]");
    EXPECT_EQ(reply->headers.find("Content-Type"), "application/json");
  }
}

TEST_F(ServerStreams, MayBeEmpty) {
  start_stream({});
  Client client = this->client();
  const auto reply = client.ask(get("/"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "");
  EXPECT_EQ(client.ask(get("/"))->status, 200U);
}

TEST_F(ServerStreams, EndWithTheConnectionForOldClients) {
  start_stream({"[", "]"});
  Client client = this->client();
  const auto reply = client.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(reply);
  EXPECT_FALSE(reply->chunked);
  EXPECT_EQ(reply->body, "[]");  // known only at the end of the connection
  EXPECT_EQ(reply->headers.find("Connection"), "close");
}

TEST_F(ServerStreams, ArriveWholeWhenTheClientIsSlowToRead) {
  std::vector<std::string> chunks;
  std::string all;
  for (int i = 0; i < 40; ++i) {
    chunks.emplace_back(static_cast<size_t>(300'000 + i), static_cast<char>('a' + i % 26));
    all += chunks.back();
  }
  start_stream(chunks);
  Client client = this->client();
  client.send(get("/"));
  // Meanwhile its buffers fill, amid some part.
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto reply = client.read();
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->body == all);
}

TEST_F(ServerStreams, AreCompressedOnTheWay) {
  const std::vector<std::string> chunks(300, std::string(1000, 'a') + "\n");
  std::string all;
  for (const auto& chunk : chunks) all += chunk;
  start_stream(chunks);
  const auto reply = client().ask(get("/", "Accept-Encoding: gzip\r\n"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->headers.find("Content-Encoding"), "gzip");
  EXPECT_TRUE(reply->chunked);
  EXPECT_LT(reply->body.size(), all.size() / 10);
  EXPECT_EQ(gunzip(reply->body, 1 << 20, [](uint64_t) { return true; }), all);
}

TEST_F(ServerStreams, HeadPullsNothing) {
  start_stream({}, Ending::kException);
  Client client = this->client();
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read(true)->status, 200U);
  client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");  // the connection is kept
  EXPECT_EQ(client.read(true)->status, 200U);
}

TEST_F(ServerStreams, AFailureMidwayBreaksTheConnection) {
  start_stream({"[", "{}"}, Ending::kFailure);
  for (const char* fields : {"", "Accept-Encoding: gzip\r\n"}) {
    Client client = this->client();
    EXPECT_FALSE(client.ask(get("/", fields)));
    EXPECT_TRUE(client.error());
  }
  EXPECT_TRUE(client().connected());
}

TEST_F(ServerStreams, AnExceptionMidwayBreaksTheConnection) {
  start_stream({"[", "{}"}, Ending::kException);
  EXPECT_FALSE(client().ask(get("/")));
}

TEST_F(ServerStreams, AnOldClientTellsAFailureFromTheEnd) {
  start_stream({"[", "{}"}, Ending::kFailure);
  Client client = this->client();
  EXPECT_FALSE(client.ask("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_EQ(client.error(), boost::asio::error::connection_reset);
}

TEST_F(ServerStreams, StopWhenTheClientGoes) {
  std::promise<void> destroyed;
  start([&](const Request&) {
    Response response;
    response.stream =
        std::make_unique<TestStream>(std::vector<std::string>{std::string(100'000, 'x')},
                                     Ending::kNever, [&] { destroyed.set_value(); });
    return response;
  });
  {
    Client client = this->client();
    client.send(get("/"));
  }
  EXPECT_EQ(destroyed.get_future().wait_for(Client::kPatience), std::future_status::ready);
}

TEST_F(ServerStreams, LargePlainBodiesArriveWhole) {
  std::string body(5'000'000, '\0');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>(i % 251);
  start([&](const Request&) { return TestHandler::text(body); });
  Client client = this->client();
  for (int i = 0; i < 2; ++i) {
    const auto reply = client.ask(get("/"));
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->body == body);
  }
}

}  // namespace
}  // namespace tideway::server
