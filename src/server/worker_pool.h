// The threads on which handlers run. What may wait for them is for admission.h to say.
//
// They leave the processor to the I/O threads when both want it: those have little to do for a
// request, and only they can see how many there are and turn some away. Without that, busy workers
// leave an overloaded server blind: requests wait in the kernel, uncounted.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "server/asio.h"
#include "server/work_queue.h"

namespace tideway::server {

class WorkerPool {
 public:
  explicit WorkerPool(unsigned threads);
  ~WorkerPool();

  /// Tells that work is done; to be called once, on any thread.
  using Done = std::move_only_function<void()>;

  /// Runs `work`, which must not throw, on a worker; the caller goes on on its own thread when it
  /// is done. `work` may refer to the caller's variables. Not bounded: a request that holds no
  /// place any more, but a stream half sent, must be able to go on.
  Awaitable<void> run(std::function<void()> work);

  /// The same for long work in pieces: `work` is called until it gives false. Between two pieces
  /// come those who wait for a worker; where nobody does, going on costs next to nothing.
  Awaitable<void> run_in_turns(std::function<bool()> work);

  /// Like run(), for work that may go on without its worker: it is done when it says so.
  Awaitable<void> begin(std::function<void(Done)> work);

  /// What has not begun never will; its callers go when the pool does. Waits for nothing.
  void stop();
  /// After that: waits for what has begun, also where it went on without its worker.
  void join();

 private:
  class Ticket;

  std::atomic<uint32_t> open_{0};  ///< how much work is not done
  WorkQueue queue_;
  std::vector<std::thread> threads_;
};

}  // namespace tideway::server
