#include "server/worker_pool.h"

#include <algorithm>
#include <boost/asio/post.hpp>

namespace tideway::server {

WorkerPool::WorkerPool(unsigned threads) : pool_(std::max(1U, threads)) {}

WorkerPool::~WorkerPool() {
  stop();
  join();
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
