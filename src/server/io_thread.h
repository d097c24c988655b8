// A thread that runs connections, and the list of those that it runs.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <string_view>
#include <thread>
#include <unordered_set>

#include "server/asio.h"
#include "server/date.h"
#include "server/wire.h"

namespace tideway::server {

class Connection;

/// start(), context(), close_longest_waiting(), stop_connections() and halt() may be called by any
/// thread, the other members by the thread itself.
class IoThread {
 public:
  /// `tick` is how often deadlines are looked at, thus how exact time-outs are.
  explicit IoThread(std::chrono::milliseconds tick);
  ~IoThread();

  asio::io_context& context() { return context_; }
  void start();

  void add(Connection& connection) { connections_.insert(&connection); }
  void remove(Connection& connection) { connections_.erase(&connection); }

  /// Those whose peer has to do something next, the longest waiting first.
  Wire::WaitList& waiting() { return waiting_; }
  /// Makes room for a connection when there are too many.
  void close_longest_waiting();

  std::string_view date();  ///< the Date header's value now

  /// Tells every connection that the server is stopping.
  void stop_connections();
  /// Ends the thread, however many connections are left, and closes these.
  void halt();

 private:
  Awaitable<void> watch_deadlines();

  const std::chrono::milliseconds tick_;
  DateCache date_;
  // Before the context: destroying that destroys connections, which leave these two.
  std::unordered_set<Connection*> connections_;
  Wire::WaitList waiting_;
  asio::io_context context_{1};
  asio::executor_work_guard<Executor> work_{context_.get_executor()};
  std::thread thread_;
};

}  // namespace tideway::server
