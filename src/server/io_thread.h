// A thread that runs connections, and the list of those that it runs.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <string_view>
#include <thread>
#include <unordered_set>

#include "server/asio.h"
#include "server/date.h"
#include "server/listening_pace.h"
#include "server/stream_budget.h"
#include "server/wire.h"

namespace tideway::server {

class Connection;

/// start(), context(), close_longest_waiting(), stop_connections() and halt() may be called by any
/// thread, the other members by the thread itself.
class IoThread {
 public:
  /// `tick` is how often deadlines are looked at, thus how exact time-outs are.
  /// A stream has stalled when its client takes longer than `stall_time` for a part.
  IoThread(std::chrono::milliseconds tick, const StreamBudget& streams,
           std::chrono::milliseconds stall_time);
  ~IoThread();

  asio::io_context& context() { return context_; }
  void start();

  void add(Connection& connection) { connections_.insert(&connection); }
  void remove(Connection& connection) { connections_.erase(&connection); }

  /// Those whose peer has to do something next, the longest waiting first.
  Wire::WaitList& waiting() { return waiting_; }
  /// Streams whose peer has to take what was sent.
  OpenStream::List& waiting_streams() { return waiting_streams_; }
  /// Closes stalled streams as long as there is no room for so much more in the budget.
  void close_stalled_streams(Clock::time_point now, uint64_t wanted_bytes);
  /// Makes room for a connection when there are too many.
  void close_longest_waiting();

  /// For connections that are answered while the server is busy.
  ListeningPace& listening_pace() { return listening_pace_; }

  std::string_view date();  ///< the Date header's value now

  /// Tells every connection that the server is stopping.
  void stop_connections();
  /// Ends the thread, however many connections are left, and closes these.
  void halt();

 private:
  Awaitable<void> watch_deadlines();

  const std::chrono::milliseconds tick_;
  const StreamBudget& streams_;
  const std::chrono::milliseconds stall_time_;
  DateCache date_;
  ListeningPace listening_pace_;
  // Before the context: destroying that destroys connections, which leave these.
  std::unordered_set<Connection*> connections_;
  Wire::WaitList waiting_;
  OpenStream::List waiting_streams_;
  asio::io_context context_{1};
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  std::thread thread_;
};

}  // namespace tideway::server
