// The threads on which handlers run, and the bound on what waits for them.
#pragma once

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "server/asio.h"

namespace tideway::server {

class WorkerPool {
 public:
  /// At most `queued_max` requests wait while all `threads` are busy.
  WorkerPool(unsigned threads, uint32_t queued_max);
  ~WorkerPool();

  /// A request's place in the pool, held while it waits and while its handler runs. It may outlive
  /// the pool: callers that are dropped are cleared away by their own threads, later.
  class Place {
   public:
    explicit Place(std::shared_ptr<std::atomic<uint32_t>> taken) : taken_(std::move(taken)) {}
    Place(Place&& other) noexcept = default;
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (taken_) taken_->fetch_sub(1, std::memory_order_relaxed);
    }

   private:
    std::shared_ptr<std::atomic<uint32_t>> taken_;
  };
  /// Nothing when the pool is full.
  std::optional<Place> try_enter();

  /// Runs `work`, which must not throw, on a worker; the caller goes on on its own thread when it
  /// is done. `work` may refer to the caller's variables. Not bounded: a request that holds no
  /// Place any more, but a stream half sent, must be able to go on.
  Awaitable<void> run(std::function<void()> work);

  /// What has not begun never will; its callers go when the pool does. Waits for nothing.
  void stop();
  /// Waits for what has begun.
  void join();

 private:
  const uint32_t admitted_max_;
  const std::shared_ptr<std::atomic<uint32_t>> admitted_ =
      std::make_shared<std::atomic<uint32_t>>(0);
  asio::thread_pool pool_;
};

}  // namespace tideway::server
