// A connected socket with a deadline. Not for several threads.
#pragma once

#include <array>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/intrusive/list.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>

#include "server/asio.h"
#include "server/tls.h"

namespace tideway::server {

using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;

using WaitHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Instead of a timer for each operation there is one moment by which the present step must be
/// done; the I/O thread looks at it now and then and closes what is late. The pending operation
/// then fails like on any other broken connection.
///
/// As long as there is a deadline it is the peer that is waited for: to ask something, to send the
/// rest of it, to take the answer. Such wires stand in a list, in the order in which they began to
/// wait, so that when connections run short those can be closed that have waited longest.
class Wire : public WaitHook {
 public:
  using WaitList = boost::intrusive::list<Wire, boost::intrusive::constant_time_size<false>>;

  /// `waiting` belongs to the thread of the socket and outlives the wire. Speaks TLS when there is
  /// a context for it.
  Wire(Socket socket, WaitList& waiting, std::shared_ptr<asio::ssl::context> tls = nullptr);

  /// The handshake of TLS; does nothing on a plain socket. False when it failed.
  Awaitable<bool> open();

  /// Waits until there is something to read, be it the end, without a buffer to read it into. Not
  /// for TLS, which may hold input already that the socket no longer shows.
  Awaitable<bool> wait_for_input();

  /// Appends what comes in next, at most `size_bytes_max`; false when nothing more will.
  Awaitable<bool> read_some(boost::beast::flat_buffer& buffer, size_t size_bytes_max);

  /// The same without waiting: appends what has come in already, if anything. Nothing on TLS.
  void read_now(boost::beast::flat_buffer& buffer, size_t size_bytes_max);

  /// Whether skip() may be used: on TCP, without TLS.
  bool can_skip() const;
  /// Throws away what comes in next, all of `size_bytes`, without so much as copying it; false when
  /// less comes.
  Awaitable<bool> skip(uint64_t size_bytes);

  /// Writes `head` and `body`, allowing `pace` for every 64 KiB; false when the peer is gone.
  Awaitable<bool> write(std::string_view head, std::string_view body,
                        std::chrono::milliseconds pace);

  void expire_after(std::chrono::milliseconds time) {
    deadline_ = Clock::now() + time;
    unlink();
    waiting_.push_back(*this);
  }
  void expire_never() {
    deadline_ = Clock::time_point::max();
    unlink();
  }
  void close_if_late(Clock::time_point now) {
    if (now >= deadline_) close();
  }

  /// Says good-bye where the protocol has a word for it, allowing `time`; then closes.
  Awaitable<void> end(std::chrono::milliseconds time);

  bool is_tls() const { return tls_ != nullptr; }

  /// Writes what goes without waiting and gives how much that was; the rest is for write(), which
  /// also finds out what is wrong when nothing goes. Nothing on TLS. For a worker, while the
  /// connection waits for it: the one call besides close() that another thread may make.
  size_t write_now(std::string_view head, std::string_view body);

  /// For an answer of any length: the kernel keeps little of what the peer has no room for.
  void limit_unsent();

  void close();
  void reset();          ///< closes so that the peer sees an error and not an end
  void end_of_output();  ///< tells the peer that nothing more follows

  uint64_t sent_bytes() const { return sent_bytes_; }

 private:
  Socket socket_;
  std::mutex closing_;  ///< held by write_now(), and to close what it may write to
  WaitList& waiting_;
  std::unique_ptr<TlsStream> tls_;  ///< null on a plain socket
  Clock::time_point deadline_ = Clock::time_point::max();
  uint64_t sent_bytes_ = 0;
};

/// The progress that a time-out for bodies speaks of.
inline constexpr size_t kPaceBytes = 64 * 1024;

}  // namespace tideway::server
