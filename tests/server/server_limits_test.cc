// Time-outs, overload, the number of connections, the access log.
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <future>
#include <sstream>
#include <stdexcept>

#include "tests/server/server_fixture.h"
#include "tests/server/test_stream.h"

namespace tideway::server {
namespace {

using std::chrono::milliseconds;

using ServerLimits = ServerTest;

TEST_F(ServerLimits, ClosesASilentConnection) {
  options_.header_timeout = milliseconds(50);
  start();
  EXPECT_TRUE(client().is_closed_within());
}

TEST_F(ServerLimits, ClosesAConnectionThatDripsItsHead) {
  options_.header_timeout = milliseconds(200);
  start();
  Client client = this->client();
  client.send("GET / HTTP/1.1\r\nA: ");
  // A byte now and then must not win time: it would be over only after some seconds.
  bool closed = false;
  for (int i = 0; i < 200 && !closed; ++i) {
    client.send("a");
    closed = client.is_closed_within(milliseconds(20));
  }
  EXPECT_TRUE(closed);
}

TEST_F(ServerLimits, ClosesAStalledBody) {
  options_.body_timeout = milliseconds(50);
  start();
  Client client = this->client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerLimits, ClosesAnIdleConnection) {
  options_.idle_timeout = milliseconds(50);
  start();
  Client client = this->client();
  EXPECT_EQ(client.ask(get("/"))->status, 200U);
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerLimits, ASlowHandlerIsNotTimedOut) {
  options_.header_timeout = options_.body_timeout = options_.idle_timeout = milliseconds(20);
  start([this](const Request& request) {
    gate_.pass();
    return TestHandler::echo(request);
  });
  Client client = this->client();
  client.send(post("/", "x"));
  ASSERT_TRUE(gate_.wait_for_arrivals(1));
  EXPECT_FALSE(client.is_closed_within(milliseconds(150)));
  gate_.open();
  EXPECT_EQ(client.read()->status, 200U);
}

TEST_F(ServerLimits, GivesUpOnAClientThatDoesNotRead) {
  options_.write_timeout = milliseconds(100);
  std::promise<void> destroyed;
  start([&](const Request&) {
    Response response;
    response.stream =
        std::make_unique<TestStream>(std::vector<std::string>{std::string(1'000'000, 'x')},
                                     TestStream::Ending::kNever, [&] { destroyed.set_value(); });
    return response;
  });
  Client client = this->client();
  client.send(get("/"));
  EXPECT_EQ(destroyed.get_future().wait_for(Client::kPatience), std::future_status::ready);
}

TEST_F(ServerLimits, AnswersTooBusyWhenAllWorkersAre) {
  options_.worker_threads = 1;
  options_.queued_requests_max = 0;
  start([this](const Request& request) {
    gate_.pass();
    return TestHandler::echo(request);
  });
  Client first = client();
  first.send(get("/1"));
  ASSERT_TRUE(gate_.wait_for_arrivals(1));
  Client second = client();
  const auto refused = second.ask(get("/2"));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503U);
  EXPECT_EQ(refused->headers.find("Retry-After"), "1");
  EXPECT_EQ(refused->body,
            "{\"code\":\"too-busy\",\"title\":\"server is busy\","
            "\"detail\":\"server is busy, try again shortly\"}\n");
  EXPECT_EQ(refused->headers.count("Connection"), 0U);  // all was read: it may try again here
  gate_.open();
  EXPECT_EQ(first.read()->body, "GET /1  ");
  // The first one's place is free as soon as its answer is here.
  EXPECT_EQ(second.ask(get("/3"))->status, 200U);
}

TEST_F(ServerLimits, QueuesAsManyAsAllowed) {
  options_.worker_threads = 1;
  options_.queued_requests_max = 2;
  start([this](const Request& request) {
    gate_.pass();
    return TestHandler::echo(request);
  });
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<Client>(server_->port()));
    clients.back()->send(get("/"));
    if (i == 0) {
      ASSERT_TRUE(gate_.wait_for_arrivals(1));
    }
  }
  // One runs, two wait, three are refused; which ones is open. Refusals come while the gate is
  // shut.
  int refused = 0;
  int waiting = 0;
  while (refused < 3) {
    for (auto& client : clients) {
      if (client && client->has_input_within(milliseconds(10))) {
        EXPECT_EQ(client->read()->status, 503U);
        client.reset();
        ++refused;
      }
    }
  }
  gate_.open();
  for (auto& client : clients) {
    if (client) waiting += client->read()->status == 200U ? 1 : 0;
  }
  EXPECT_EQ(refused, 3);
  EXPECT_EQ(waiting, 3);
}

TEST_F(ServerLimits, ClosesConnectionsBeyondTheMaximum) {
  options_.connections_max = 1;
  start();
  Client first = client();
  EXPECT_EQ(first.ask(get("/"))->status, 200U);
  EXPECT_TRUE(client().is_closed_within());
  first.close();
  // The place is free once the server has seen that.
  const auto until = std::chrono::steady_clock::now() + Client::kPatience;
  bool served = false;
  while (!served && std::chrono::steady_clock::now() < until) {
    served = client().ask(get("/")).has_value();
  }
  EXPECT_TRUE(served);
}

TEST_F(ServerLimits, AClientThatHasEndedItsSideStillGetsItsAnswer) {
  start();
  Client client = this->client();
  client.send(get("/half", "Connection: keep-alive\r\n"));
  client.end_of_output();
  EXPECT_EQ(client.read()->body, "GET /half  ");
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerLimits, AHalfClosedClientGetsTheAnswerToABodyThatItSent) {
  start();
  Client client = this->client();
  client.send(post("/half", "body"));
  client.end_of_output();
  EXPECT_EQ(client.read()->body, "POST /half  body");
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerLimits, AHalfClosedClientGetsAllOfAStream) {
  const std::vector<std::string> chunks(50, std::string(100'000, 'x'));
  start([&](const Request&) {
    Response response;
    response.stream = std::make_unique<TestStream>(chunks);
    return response;
  });
  Client client = this->client();
  client.send(get("/half"));
  client.end_of_output();
  EXPECT_EQ(client.read()->body.size(), 5'000'000U);
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerLimits, ClosesAConnectionThatEndsWithoutARequest) {
  start();
  Client silent = client();
  silent.end_of_output();
  EXPECT_TRUE(silent.is_closed_within());
  Client halfway = client();
  halfway.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  halfway.end_of_output();
  EXPECT_TRUE(halfway.is_closed_within());
}

TEST_F(ServerLimits, MakesRoomByClosingWhoKeepsItWaitingLongest) {
  options_.connections_max = 32;
  options_.io_threads = 1;
  start();
  std::vector<std::unique_ptr<Client>> silent;
  for (int i = 0; i < 64; ++i) {
    silent.push_back(std::make_unique<Client>(server_->port()));
    silent.back()->send("GET / HTTP/1.1\r\nA: ");  // and never goes on
    // Who asks properly is served, however many others hold their connections.
    EXPECT_TRUE(client().ask(get("/"))) << i;
  }
  EXPECT_TRUE(silent.front()->is_closed_within());
  EXPECT_FALSE(silent.back()->is_closed_within(milliseconds(20)));
}

/// Catches what the server logs, as long as it lives.
class CapturedLog {
 public:
  CapturedLog() {
    auto log = std::make_shared<spdlog::logger>(
        "captured", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_));
    log->set_pattern("%l %v");
    spdlog::set_default_logger(std::move(log));
  }
  ~CapturedLog() { spdlog::set_default_logger(before_); }
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
};

TEST_F(ServerLimits, LogsOneLineWithoutSecrets) {
  const CapturedLog log;
  start([](const Request& request) {
    Response response = TestHandler::echo(request);
    response.route = request.path == "/v1/users/3f9c1a7b42" ? "/v1/users/{id}" : "";
    response.headers.add("X-Tidepool-Session-Token", "secret-5");
    return response;
  });
  Client client = this->client();
  client.ask(post("/v1/users/3f9c1a7b42?restricted_token=secret-1", "secret-2",
                  "X-Tidepool-Session-Token: secret-3\r\nX-Tidepool-Trace-Request: t1\r\n"));
  client.ask(get("/auth/token/secret-4", "X-Tidepool-Trace-Request: t2\r\n"));
  client.close();
  server_->stop();
  const std::string text = log.text();
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
  EXPECT_NE(text.find("info POST /v1/users/{id} 200 "), std::string::npos) << text;
  EXPECT_NE(text.find(" trace=t1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("info GET /auth/token/* 200 "), std::string::npos) << text;
  EXPECT_EQ(std::ranges::count(text, '\n'), 2) << text;
}

TEST_F(ServerLimits, LogsExceptionsWithoutTheirText) {
  const CapturedLog log;
  start([](const Request&) -> Response { throw std::runtime_error("secret"); });
  client().ask(get("/", "X-Tidepool-Trace-Request: t9\r\n"));
  server_->stop();
  const std::string text = log.text();
  EXPECT_NE(text.find("error exception in handler: type=std::runtime_error trace=t9\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("secret"), std::string::npos) << text;
}

}  // namespace
}  // namespace tideway::server
