#include "server/io_thread.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <ctime>
#include <vector>

#include "server/connection.h"

namespace tideway::server {

IoThread::IoThread(std::chrono::milliseconds tick, const StreamBudget& streams,
                   std::chrono::milliseconds stall_time)
    : tick_(tick), streams_(streams), stall_time_(stall_time) {
  asio::co_spawn(context_, watch_deadlines(), asio::detached);
}

IoThread::~IoThread() { halt(); }

void IoThread::start() {
  thread_ = std::thread([this] { context_.run(); });
}

std::string_view IoThread::date() { return date_.at(std::time(nullptr)); }

Awaitable<void> IoThread::watch_deadlines() {
  Timer timer(context_.get_executor());
  for (;;) {
    timer.expires_after(tick_);
    ErrorCode error;
    co_await timer.async_wait(into(error));
    if (error) co_return;
    const auto now = Clock::now();
    // What is closed leaves the list; its connection ends later, when the operation fails.
    for (auto wire = waiting_.begin(); wire != waiting_.end();) (wire++)->close_if_late(now);
    close_stalled_streams(now, 0);
  }
}

void IoThread::close_stalled_streams(Clock::time_point now, uint64_t wanted_bytes) {
  while (!streams_.has_room(wanted_bytes) && !waiting_streams_.empty() &&
         now - waiting_streams_.front().waits_since() >= stall_time_) {
    waiting_streams_.front().close();
  }
}

void IoThread::close_longest_waiting() {
  asio::post(context_, [this] {
    if (!waiting_.empty()) waiting_.front().close();
  });
}

void IoThread::stop_connections() {
  asio::post(context_, [this] {
    for (Connection* connection : connections_) connection->server_stops();
  });
}

void IoThread::halt() {
  context_.stop();
  if (thread_.joinable()) thread_.join();
  for (Connection* connection : connections_) connection->close();
}

}  // namespace tideway::server
