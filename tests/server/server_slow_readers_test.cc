// Clients that ask for much and do not take it.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "tests/server/server_fixture.h"

namespace tideway::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr size_t kPartBytes = 100'000;
constexpr size_t kHeldBytesAtFirst = 100'000;
constexpr size_t kHeldBytes = 1'000'000;

/// Never ends; tells when it is destroyed.
class EndlessStream final : public BodyStream {
 public:
  EndlessStream(std::atomic<size_t>& pulled_bytes, std::promise<void>& destroyed)
      : pulled_bytes_(pulled_bytes), destroyed_(destroyed) {}
  ~EndlessStream() override { destroyed_.set_value(); }

  Next next(std::string& chunk) override {
    chunk.assign(kPartBytes, 'x');
    pulled_bytes_ += kPartBytes;
    has_begun_ = true;
    return Next::kMore;
  }
  size_t held_bytes() const override { return has_begun_ ? kHeldBytes : kHeldBytesAtFirst; }

 private:
  std::atomic<size_t>& pulled_bytes_;
  std::promise<void>& destroyed_;
  bool has_begun_ = false;
};

/// GET /stream/N, N from 0 on, is answered by a stream without an end, all else at once.
class ServerSlowReaders : public ServerTest {
 protected:
  static constexpr size_t kStreamsMax = 16;

  ServerSlowReaders() { options_.io_threads = 1; }
  ~ServerSlowReaders() override { server_.reset(); }

  void start_streams() {
    start([this](const Request& request) {
      if (!request.path.starts_with("/stream/")) return TestHandler::echo(request);
      const size_t number = std::stoul(request.path.substr(8));
      Response response;
      response.stream = std::make_unique<EndlessStream>(pulled_bytes_, destroyed_.at(number));
      return response;
    });
  }

  /// Asks and waits until as much of the answer is sent as there is room for; nothing is read.
  std::unique_ptr<Client> stalled(size_t number) {
    auto client = std::make_unique<Client>(server_->port());
    client->send(get("/stream/" + std::to_string(number)));
    EXPECT_TRUE(client->has_input_within(Client::kPatience));
    // Nothing tells when it has to wait; but then no more is pulled.
    for (size_t before = 0; before != pulled_bytes_;) {
      before = pulled_bytes_;
      std::this_thread::sleep_for(milliseconds(50));
    }
    return client;
  }
  bool is_destroyed_within(size_t number, milliseconds patience) {
    return futures_.at(number).wait_for(patience) == std::future_status::ready;
  }

  std::atomic<size_t> pulled_bytes_{0};
  std::array<std::promise<void>, kStreamsMax> destroyed_;
  std::array<std::future<void>, kStreamsMax> futures_ = [this] {
    std::array<std::future<void>, kStreamsMax> futures;
    for (size_t i = 0; i < kStreamsMax; ++i) futures[i] = destroyed_[i].get_future();
    return futures;
  }();
};

TEST_F(ServerSlowReaders, OccupyNoWorker) {
  options_.worker_threads = 1;
  start_streams();
  std::vector<std::unique_ptr<Client>> clients;
  for (size_t i = 0; i < kStreamsMax; ++i) clients.push_back(stalled(i));
  EXPECT_EQ(client().ask(get("/"))->status, 200U);
}

TEST_F(ServerSlowReaders, NeitherServerNorKernelReadFarAhead) {
  options_.write_timeout = milliseconds(300);
  start_streams();
  const auto client = stalled(0);
  EXPECT_TRUE(is_destroyed_within(0, Client::kPatience));
  EXPECT_LT(pulled_bytes_, 1'500'000U);
}

TEST_F(ServerSlowReaders, TheOneThatStallsLongestMakesRoom) {
  // Two may begin; with what is being sent they hold too much.
  options_.streams_in_flight_bytes_max = 2 * kHeldBytes;
  options_.stream_stall_time = milliseconds(50);
  start_streams();
  const auto first = stalled(0);
  const auto second = stalled(1);
  EXPECT_TRUE(is_destroyed_within(0, Client::kPatience));
  EXPECT_FALSE(is_destroyed_within(1, milliseconds(0)));
  // Who comes next takes the place of the second one.
  const auto third = stalled(2);
  EXPECT_TRUE(is_destroyed_within(1, Client::kPatience));
}

TEST_F(ServerSlowReaders, WhileNoneHasStalledFurtherStreamsAreRefused) {
  options_.streams_in_flight_bytes_max = kHeldBytes + kPartBytes;
  options_.stream_stall_time = seconds(60);
  start_streams();
  const auto first = stalled(0);
  Client refused = client();
  const auto reply = refused.ask(get("/stream/1"));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503U);
  EXPECT_EQ(reply->headers.find("Retry-After"), "1");
  EXPECT_FALSE(is_destroyed_within(0, milliseconds(0)));
  EXPECT_EQ(refused.ask(get("/"))->status, 200U);  // all else is served
}

TEST_F(ServerSlowReaders, GiveTheirShareBackWhenTheyGo) {
  options_.streams_in_flight_bytes_max = kHeldBytes + kPartBytes;
  options_.stream_stall_time = seconds(60);
  start_streams();
  for (size_t i = 0; i < kStreamsMax; ++i) {
    stalled(i);
    EXPECT_TRUE(is_destroyed_within(i, Client::kPatience)) << i;
  }
}

}  // namespace
}  // namespace tideway::server
