// Requests and responses without bodies of note: connections, headers, errors.
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

#include "base/ids.h"
#include "server/gzip.h"
#include "tests/server/server_fixture.h"

namespace tideway::server {
namespace {

using ServerRequests = ServerTest;

TEST_F(ServerRequests, KeepsTheConnection) {
  start();
  Client client = this->client();
  for (int i = 0; i < 3; ++i) {
    const auto reply = client.ask(get("/a%20b?x=" + std::to_string(i)));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 200U);
    EXPECT_EQ(reply->body, "GET /a%20b x=" + std::to_string(i) + " ");
    EXPECT_EQ(reply->headers.count("Connection"), 0U);
    EXPECT_EQ(reply->headers.count("Server"), 0U);
    EXPECT_EQ(reply->headers.find("Date")->size(), 29U);
  }
}

TEST_F(ServerRequests, AnswersPipelinedRequestsInOrder) {
  start();
  Client client = this->client();
  client.send(get("/1") + post("/2", "body") + get("/3", "Connection: close\r\n") + get("/4"));
  EXPECT_EQ(client.read()->body, "GET /1  ");
  EXPECT_EQ(client.read()->body, "POST /2  body");
  const auto last = client.read();
  EXPECT_EQ(last->body, "GET /3  ");
  EXPECT_EQ(last->headers.find("Connection"), "close");
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerRequests, ClosesForOldClientsUnlessAsked) {
  start();
  Client client = this->client();
  const auto kept = client.ask("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->headers.find("Connection"), "keep-alive");
  const auto last = client.ask("GET /2 HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(last);
  EXPECT_EQ(last->body, "GET /2  ");
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerRequests, HeadGoesToTheHandlerAndGetsNoBody) {
  start();
  Client client = this->client();
  client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = client.read(true);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->headers.find("Content-Length"), "9");  // "HEAD /x  "
  EXPECT_EQ(client.ask(get("/y"))->body, "GET /y  ");
}

TEST_F(ServerRequests, MethodsAreUpperCase) {
  start();
  EXPECT_EQ(client().ask("pAtCh /x HTTP/1.1\r\nHost: a\r\n\r\n")->body, "PATCH /x  ");
}

TEST_F(ServerRequests, LeavesDataservicesToTheRouter) {
  start();
  EXPECT_EQ(client().ask(get("/dataservices/v1/time"))->body, "GET /dataservices/v1/time  ");
}

TEST_F(ServerRequests, MalformedIs400AndTheEnd) {
  start();
  for (const char* bytes : {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"}) {
    Client client = this->client();
    const auto reply = client.ask(bytes);
    ASSERT_TRUE(reply) << bytes;
    EXPECT_EQ(reply->status, 400U);
    EXPECT_EQ(reply->headers.find("Connection"), "close");
    EXPECT_TRUE(is_data_id(*reply->headers.find("X-Tidepool-Trace-Request")));
    EXPECT_TRUE(client.is_closed_within());
  }
}

TEST_F(ServerRequests, LongHeadsAre431) {
  options_.header_size_bytes_max = 10'000;
  start();
  EXPECT_EQ(client().ask(get("/", "A: " + std::string(9'000, 'a') + "\r\n"))->status, 200U);
  Client client = this->client();
  const auto reply = client.ask(get("/", "A: " + std::string(2'000'000, 'a') + "\r\n"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 431U);
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerRequests, TracesComeBack) {
  start([](const Request& request) {
    return TestHandler::text(request.trace_request + " " + request.trace_session);
  });
  const auto given =
      client().ask(get("/", "x-tidepool-trace-request: mine\r\nX-Tidepool-Trace-Session: " +
                                std::string(70, 's') + "\r\n"));
  EXPECT_EQ(given->headers.find("X-Tidepool-Trace-Request"), "mine");
  EXPECT_EQ(given->headers.find("X-Tidepool-Trace-Session"), std::string(64, 's'));
  EXPECT_EQ(given->body, "mine " + std::string(64, 's'));
  const auto made = client().ask(get("/"));
  EXPECT_TRUE(is_data_id(*made->headers.find("X-Tidepool-Trace-Request")));
  EXPECT_EQ(made->headers.count("X-Tidepool-Trace-Session"), 0U);
}

TEST_F(ServerRequests, PreflightsNeedNoHandler) {
  start([](const Request&) -> Response { throw std::logic_error("not to be asked"); });
  Client client = this->client();
  const auto reply = client.ask(
      "OPTIONS /any/path HTTP/1.1\r\nHost: a\r\nOrigin: https://o.example\r\n"
      "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x\r\n\r\n");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200U);
  EXPECT_EQ(reply->body, "");
  EXPECT_EQ(reply->headers.find("Access-Control-Allow-Origin"), "https://o.example");
  EXPECT_EQ(reply->headers.find("Access-Control-Max-Age"), "600");
  EXPECT_EQ(reply->headers.count("Content-Type"), 0U);
  // The next one is not a preflight.
  EXPECT_EQ(client.ask("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n")->status, 500U);
}

TEST_F(ServerRequests, ErrorsHaveCorsToo) {
  options_.cors_origins = {"https://o.example"};
  start();
  const std::string big = "Origin: https://o.example\r\n";
  const auto reply = client().ask(post("/", std::string(1001, 'b'), big));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 413U);
  EXPECT_EQ(reply->headers.find("Access-Control-Allow-Origin"), "https://o.example");
  const auto other = client().ask(get("/", "Origin: https://p.example\r\n"));
  EXPECT_EQ(other->status, 200U);
  EXPECT_EQ(other->headers.count("Access-Control-Allow-Origin"), 0U);
}

TEST_F(ServerRequests, CompressesWhenAsked) {
  start([](const Request&) { return TestHandler::text("text"); });
  const auto zipped = client().ask(get("/", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(zipped->headers.find("Content-Encoding"), "gzip");
  EXPECT_EQ(gunzip(zipped->body, 100, [](uint64_t) { return true; }), "text");
  const auto plain = client().ask(get("/", "Accept-Encoding: gzip;q=0\r\n"));
  EXPECT_EQ(plain->headers.count("Content-Encoding"), 0U);
  EXPECT_EQ(plain->headers.find("Vary"), "Accept-Encoding");
  EXPECT_EQ(plain->body, "text");
}

TEST_F(ServerRequests, AnswersWithoutBody) {
  start([](const Request& request) {
    Response response = TestHandler::text("");
    response.status = request.path == "/204" ? 204 : 200;
    return response;
  });
  Client client = this->client();
  const auto none = client.ask(get("/204", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(none->status, 204U);
  EXPECT_EQ(none->headers.count("Content-Length"), 0U);
  EXPECT_EQ(none->headers.count("Content-Type"), 0U);
  const auto empty = client.ask(get("/200", "Accept-Encoding: gzip\r\n"));
  EXPECT_EQ(empty->headers.find("Content-Length"), "0");
  EXPECT_EQ(empty->headers.count("Content-Type"), 0U);
  EXPECT_EQ(empty->headers.count("Content-Encoding"), 0U);
}

TEST_F(ServerRequests, AnExceptionIsA500AndTheConnectionLives) {
  start([](const Request& request) -> Response {
    if (request.path == "/throw") throw std::runtime_error("x");
    return TestHandler::echo(request);
  });
  Client client = this->client();
  const auto reply = client.ask(get("/throw", "X-Tidepool-Trace-Request: t\r\n"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 500U);
  EXPECT_EQ(reply->body,
            R"({"errors":[{"code":"internal-server-failure","title":"internal server failure",)"
            R"("detail":"Internal server failure","status":"500"}],)"
            R"("meta":{"trace":{"request":"t"}}})");
  EXPECT_EQ(client.ask(get("/ok"))->status, 200U);
}

TEST_F(ServerRequests, AnAnswerWaitsForWhatItTellsOf) {
  Response::Kept kept;
  start([&](const Request& request) {
    Response response = TestHandler::echo(request);
    if (request.path != "/later") return response;
    response.when_kept = [&](Response::Kept then) {
      kept = std::move(then);
      gate_.pass();
    };
    return response;
  });
  Client waiting = client();
  waiting.send(get("/later"));
  ASSERT_TRUE(gate_.wait_for_arrivals(1));
  EXPECT_EQ(client().ask(get("/other"))->status, 200U);
  EXPECT_FALSE(waiting.has_input_within(std::chrono::milliseconds(20)));
  kept(true);
  gate_.open();
  const auto reply = waiting.read();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "GET /later  ");
  EXPECT_EQ(waiting.ask(get("/next"))->status, 200U);
}

TEST_F(ServerRequests, AnAnswerThatTellsOfWhatWasLostIsA500) {
  start([](const Request& request) {
    Response response = TestHandler::echo(request);
    response.when_kept = [](Response::Kept kept) { kept(false); };
    return response;
  });
  Client one = client();
  const auto reply = one.ask(get("/lost"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 500U);
  EXPECT_EQ(reply->body.find("/lost"), std::string::npos) << reply->body;
}

TEST_F(ServerRequests, TellsTheHandlerWhoAsks) {
  start([](const Request& request) { return TestHandler::text(request.peer_address); });
  EXPECT_EQ(client().ask(get("/"))->body, "127.0.0.1");
}

TEST_F(ServerRequests, AHundredConnectionsAtOnce) {
  options_.worker_threads = 4;
  start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(std::make_unique<Client>(server_->port()));
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < clients.size(); ++i) clients[i]->send(get("/" + std::to_string(i)));
    for (size_t i = 0; i < clients.size(); ++i) {
      const auto reply = clients[i]->read();
      ASSERT_TRUE(reply) << i;
      EXPECT_EQ(reply->body, "GET /" + std::to_string(i) + "  ");
    }
  }
}

TEST_F(ServerRequests, ManyThreadsOfClients) {
  start();
  std::vector<std::jthread> threads;
  std::atomic<int> good{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 20; ++i) {
        Client client(server_->port());
        const std::string body = std::to_string(t * 1000 + i);
        for (int j = 0; j < 3; ++j) {
          const auto reply = client.ask(post("/", body, "Accept-Encoding: gzip;q=0\r\n"));
          good += reply && reply->body == "POST /  " + body ? 1 : 0;
        }
      }
    });
  }
  threads.clear();
  EXPECT_EQ(good, 8 * 20 * 3);
}

}  // namespace
}  // namespace tideway::server
