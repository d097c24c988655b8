#include "server/worker_pool.h"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace tideway::server {

WorkerPool::WorkerPool(unsigned threads, uint32_t queued_max)
    : admitted_max_(std::max(1U, threads) + queued_max), pool_(std::max(1U, threads)) {}

WorkerPool::~WorkerPool() {
  stop();
  join();
}

std::optional<WorkerPool::Place> WorkerPool::try_enter() {
  if (admitted_->fetch_add(1, std::memory_order_relaxed) >= admitted_max_) {
    admitted_->fetch_sub(1, std::memory_order_relaxed);
    return std::nullopt;
  }
  return std::optional<Place>(std::in_place, admitted_);
}

Awaitable<void> WorkerPool::run(std::function<void()> work) {
  auto start = [this, &work](auto resume) {
    // `resume` owns the suspended caller, and with it `work`. Posting it without an executor sends
    // it to the caller's own thread.
    asio::post(pool_, [&work, resume = std::move(resume)]() mutable {
      work();
      asio::post(std::move(resume));
    });
  };
  co_await asio::async_initiate<decltype(kUseAwaitable), void()>(std::move(start), kUseAwaitable);
}

void WorkerPool::stop() { pool_.stop(); }

void WorkerPool::join() { pool_.join(); }

}  // namespace tideway::server
