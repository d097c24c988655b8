// The threads on which handlers run. What may wait for them is for admission.h to say.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <functional>

#include "server/asio.h"

namespace tideway::server {

class WorkerPool {
 public:
  explicit WorkerPool(unsigned threads);
  ~WorkerPool();

  /// Runs `work`, which must not throw, on a worker; the caller goes on on its own thread when it
  /// is done. `work` may refer to the caller's variables. Not bounded: a request that holds no
  /// place any more, but a stream half sent, must be able to go on.
  Awaitable<void> run(std::function<void()> work);

  /// What has not begun never will; its callers go when the pool does. Waits for nothing.
  void stop();
  /// Waits for what has begun.
  void join();

 private:
  asio::thread_pool pool_;
};

}  // namespace tideway::server
