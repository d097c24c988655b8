// Starting, stopping, and what is in flight meanwhile.
#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <thread>

#include "tests/server/server_fixture.h"
#include "tests/server/test_stream.h"

namespace tideway::server {
namespace {

using std::chrono::milliseconds;

class ServerStop : public ServerTest {
 protected:
  void start_gated() {
    start([this](const Request& request) {
      if (request.path != "/free") gate_.pass();
      return TestHandler::echo(request);
    });
  }
};

TEST_F(ServerStop, ClosesIdleConnectionsAtOnce) {
  options_.shutdown_timeout = std::chrono::seconds(60);
  start();
  Client used = client();
  EXPECT_EQ(used.ask(get("/"))->status, 200U);
  Client fresh = client();
  const auto begin = std::chrono::steady_clock::now();
  server_->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
  EXPECT_TRUE(used.is_closed_within());
  EXPECT_TRUE(fresh.is_closed_within());
  EXPECT_FALSE(client().connected());
}

TEST_F(ServerStop, FinishesWhatIsInFlight) {
  options_.shutdown_timeout = std::chrono::seconds(60);
  start_gated();
  Client idle = client();
  EXPECT_EQ(idle.ask(get("/free"))->status, 200U);
  Client busy = client();
  busy.send(get("/busy") + get("/free"));
  ASSERT_TRUE(gate_.wait_for_arrivals(1));
  auto stopped = std::async(std::launch::async, [this] { server_->stop(); });
  EXPECT_TRUE(idle.is_closed_within());  // it is stopping
  EXPECT_EQ(stopped.wait_for(milliseconds(0)), std::future_status::timeout);
  gate_.open();
  const auto reply = busy.read();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "GET /busy  ");
  EXPECT_EQ(reply->headers.find("Connection"), "close");
  EXPECT_TRUE(busy.is_closed_within());  // the pipelined one was not begun
  EXPECT_EQ(stopped.wait_for(Client::kPatience), std::future_status::ready);
}

TEST_F(ServerStop, CutsAfterTheShutdownTime) {
  options_.shutdown_timeout = milliseconds(50);
  start_gated();
  Client busy = client();
  busy.send(get("/busy"));
  ASSERT_TRUE(gate_.wait_for_arrivals(1));
  server_->stop();  // returns although the handler does not
  EXPECT_TRUE(busy.is_closed_within());
  gate_.open();
}

TEST_F(ServerStop, CutsQueuedRequestsAndStreams) {
  options_.shutdown_timeout = milliseconds(50);
  options_.worker_threads = 2;
  start([this](const Request& request) {
    if (request.path == "/stream") {
      Response response;
      response.stream = std::make_unique<TestStream>(
          std::vector<std::string>{std::string(1'000'000, 'x')}, TestStream::Ending::kNever);
      return response;
    }
    gate_.pass();
    return TestHandler::echo(request);
  });
  Client stream = client();
  stream.send(get("/stream"));
  ASSERT_TRUE(stream.has_input_within(Client::kPatience));
  Client first = client();
  Client second = client();
  Client third = client();
  first.send(get("/1"));
  second.send(get("/2"));
  ASSERT_TRUE(gate_.wait_for_arrivals(2));
  third.send(get("/3"));  // waits for a worker, if the server sees it in time
  server_->stop();
  EXPECT_TRUE(first.is_closed_within());
  EXPECT_TRUE(third.is_closed_within());
  gate_.open();
  server_.reset();
  EXPECT_EQ(gate_.arrivals(), 2);
}

TEST_F(ServerStop, MayBeCalledAgainAndWithoutStart) {
  start();
  server_->stop();
  server_->stop();
  server_->start();  // has no effect any more
  EXPECT_FALSE(client().connected());
  Server never_started(options_, handler_, nullptr);
  EXPECT_NE(never_started.port(), 0);
  never_started.stop();
}

TEST_F(ServerStop, TheDestructorStops) {
  start();
  Client idle = client();
  EXPECT_EQ(idle.ask(get("/"))->status, 200U);
  server_.reset();
  EXPECT_TRUE(idle.is_closed_within());
}

TEST_F(ServerStop, ThePortIsFreeAgain) {
  start();
  const uint16_t port = server_->port();
  client().ask(get("/"));
  server_.reset();
  options_.listen = "127.0.0.1:" + std::to_string(port);
  start();
  EXPECT_EQ(client().ask(get("/"))->status, 200U);
}

TEST_F(ServerStop, BadAddressesAreReported) {
  for (const char* listen :
       {"", "nohost", "127.0.0.1:", "127.0.0.1:x", "256.0.0.1:80", "[::zz]:80"}) {
    options_.listen = listen;
    EXPECT_THROW(start(), std::runtime_error) << listen;
  }
}

TEST_F(ServerStop, AnAddressInUseIsReportedByName) {
  start();
  Options second = options_;
  second.listen = "127.0.0.1:" + std::to_string(server_->port());
  try {
    const Server other(second, handler_, nullptr);
    FAIL() << "bound twice";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find(second.listen), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace tideway::server
