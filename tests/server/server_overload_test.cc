// Requests that come when there is no time for them: refused before their bodies are read.
#include <gtest/gtest.h>

#include <thread>

#include "server/listening_pace.h"
#include "tests/server/server_fixture.h"

namespace tideway::server {
namespace {

using std::chrono::milliseconds;

std::chrono::duration<double> time_of_turns(int count) {
  return std::chrono::duration<double>(count) / kTurnsPerSecondMax;
}

/// One worker, which the first request keeps until the gate opens; a second one waits for it, so
/// long that nobody else may.
class ServerOverload : public ServerTest {
 protected:
  ServerOverload() {
    options_.worker_threads = 1;
    options_.patient_requests_max = 0;
    options_.queue_wait_max = milliseconds(20);
  }

  void start_congested() {
    start([this](const Request& request) {
      if (request.path != "/later") gate_.pass();
      return TestHandler::echo(request);
    });
    running_ = std::make_unique<Client>(server_->port());
    running_->send(get("/running"));
    ASSERT_TRUE(gate_.wait_for_arrivals(1));
    waiting_ = std::make_unique<Client>(server_->port());
    waiting_->send(get("/waiting"));
    // Nothing tells when it waits; but from some moment on nobody else gets in.
    const auto until = std::chrono::steady_clock::now() + Client::kPatience;
    while (std::chrono::steady_clock::now() < until) {
      probes_.push_back(std::make_unique<Client>(server_->port()));
      probes_.back()->send(get("/later"));
      if (probes_.back()->has_input_within(milliseconds(30))) return;
    }
    FAIL() << "never congested";
  }

  std::unique_ptr<Client> running_;
  std::unique_ptr<Client> waiting_;
  std::vector<std::unique_ptr<Client>> probes_;
};

TEST_F(ServerOverload, RefusesBeforeTheBodyIsThere) {
  start_congested();
  Client client = this->client();
  client.send("POST /big HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000\r\n\r\n");
  const auto refused = client.read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503U);
  EXPECT_EQ(refused->headers.find("Retry-After"), "1");
  EXPECT_EQ(refused->headers.find("Connection"), "close");
}

TEST_F(ServerOverload, DoesNotInviteABodyThatItRefuses) {
  start_congested();
  Client client = this->client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nExpect: 100-continue\r\n\r\n");
  const auto refused = client.read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->status, 503U);
  // Whether the ten bytes follow is not known.
  EXPECT_EQ(refused->headers.find("Connection"), "close");
}

TEST_F(ServerOverload, SkipsAShortBodyAndGoesOnWithTheConnection) {
  start_congested();
  Client client = this->client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
  EXPECT_EQ(client.read()->status, 503U);
  client.send(std::string(900, 'x'));
  gate_.open();
  EXPECT_EQ(running_->read()->status, 200U);
  EXPECT_TRUE(waiting_->read());
  for (const auto& probe : probes_) EXPECT_TRUE(probe->read());
  const auto later = client.ask(get("/later"));
  ASSERT_TRUE(later);
  EXPECT_EQ(later->body, "GET /later  ");
}

TEST_F(ServerOverload, SkipsABodyThatComesInParts) {
  start_congested();
  Client client = this->client();
  const std::string part(300'000, 'x');
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900003\r\n\r\n" + part);
  EXPECT_EQ(client.read()->status, 503U);
  for (const std::string& more : {part, part, std::string("end")}) client.send(more);
  // What follows is a request again.
  EXPECT_EQ(client.ask(get("/later"))->status, 503U);
}

TEST_F(ServerOverload, DoesNotWaitLongForABodyThatItSkips) {
  options_.body_timeout = milliseconds(50);
  start_congested();
  Client client = this->client();
  client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n");
  EXPECT_EQ(client.read()->status, 503U);
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerOverload, WhoAsksAgainAtOnceIsListenedToNoMoreOftenThanTheMaximum) {
  options_.io_threads = 1;
  start_congested();
  constexpr int kRequests = 400;
  std::string requests;
  for (int i = 0; i < kRequests; ++i) requests += get("/later");
  Client client = this->client();
  const auto begin = std::chrono::steady_clock::now();
  client.send(requests);
  for (int i = 0; i < kRequests; ++i) {
    const auto refused = client.read();
    ASSERT_TRUE(refused) << i;
    EXPECT_EQ(refused->status, 503U);
  }
  const auto taken = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(taken, time_of_turns(kRequests - 1));
}

TEST_F(ServerOverload, WhoWasServedIsListenedToNoMoreOftenThanWhoWasRefused) {
  options_.io_threads = 1;
  options_.queue_wait_max = milliseconds(80);
  start([](const Request& request) {
    std::this_thread::sleep_for(milliseconds(1));
    return TestHandler::echo(request);
  });
  // More than can wait, and each asks for the next one at once.
  constexpr int kClients = 100;
  constexpr int kOfEach = 20;
  std::string requests;
  for (int i = 0; i < kOfEach; ++i) requests += get("/");
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < kClients; ++i) clients.push_back(std::make_unique<Client>(server_->port()));
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& client : clients) client->send(requests);
  int refused = 0;
  for (const auto& client : clients) {
    for (int i = 0; i < kOfEach; ++i) {
      const auto response = client->read();
      ASSERT_TRUE(response);
      if (response->status != 200) ++refused;
    }
  }
  const auto taken = std::chrono::steady_clock::now() - begin;
  EXPECT_GT(refused, 0);
  // Those that are served while the queue fills, or is short for a moment, need not rest.
  EXPECT_GE(taken, time_of_turns(kClients * kOfEach * 4 / 5));
}

TEST_F(ServerOverload, ARestIsNotTheEndOfTheConnection) {
  start_congested();
  Client client = this->client();
  EXPECT_EQ(client.ask(get("/later"))->status, 503U);
  client.send(get("/later"));
  client.end_of_output();
  EXPECT_EQ(client.read()->status, 503U);
  EXPECT_TRUE(client.is_closed_within());
}

TEST_F(ServerOverload, TurnsAwayWhoHasWaitedTooLongWithoutServingThem) {
  start_congested();
  std::this_thread::sleep_for(options_.queue_wait_max);  // it is refused from half of that on
  gate_.open();
  EXPECT_EQ(running_->read()->body, "GET /running  ");
  EXPECT_EQ(waiting_->read()->status, 503U);
  EXPECT_EQ(gate_.arrivals(), 1);
}

}  // namespace
}  // namespace tideway::server
