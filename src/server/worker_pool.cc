#include "server/worker_pool.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace tideway::server {
namespace {

/// Each step is a quarter less of the processor than a thread of the usual priority gets. On Linux
/// a thread has a priority of its own; that it may be lowered needs no privilege.
constexpr int kNiceness = 5;

/// Two, so that there is another when one waits for a lock.
constexpr unsigned kQuickWorkersPerProcessor = 2;

/// `resume` owns the suspended caller, and with it `work`.
template <class Resume>
struct Turn {
  WorkQueue& queue;
  std::function<bool()>& work;
  Resume resume;

  void operator()() {
    if (work()) {
      queue.push_own(std::move(*this));
    } else {
      // Without an executor it goes to the caller's own thread.
      asio::post(std::move(resume));
    }
  }
};

void let_others_go_first() {
  setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNiceness);
  // Nor does one that wakes push another aside.
  const sched_param none{};
  sched_setscheduler(0, SCHED_BATCH, &none);
}

}  // namespace

/// Held by work that has begun.
class WorkerPool::Ticket {
 public:
  explicit Ticket(std::atomic<uint32_t>& open) : open_(&open) { ++*open_; }
  Ticket(Ticket&& other) noexcept : open_(std::exchange(other.open_, nullptr)) {}
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() {
    if (open_ != nullptr && --*open_ == 0) open_->notify_all();
  }

 private:
  std::atomic<uint32_t>* open_;
};

WorkerPool::WorkerPool(unsigned threads)
    : queue_(kQuickWorkersPerProcessor * std::max(1U, std::thread::hardware_concurrency())) {
  for (unsigned i = 0; i < std::max(1U, threads); ++i) {
    threads_.emplace_back([this] {
      let_others_go_first();
      queue_.run();
    });
  }
}

WorkerPool::~WorkerPool() {
  stop();
  join();
}

Awaitable<void> WorkerPool::run(std::function<void()> work) {
  return run_in_turns([work = std::move(work)] {
    work();
    return false;
  });
}

Awaitable<void> WorkerPool::run_in_turns(std::function<bool()> work) {
  auto start = [this, &work](auto resume) {
    queue_.push(Turn<decltype(resume)>{queue_, work, std::move(resume)});
  };
  co_await asio::async_initiate<decltype(kUseAwaitable), void()>(std::move(start), kUseAwaitable);
}

Awaitable<void> WorkerPool::begin(std::function<void(Done)> work) {
  auto start = [this, &work](auto resume) {
    queue_.push([this, &work, resume = std::move(resume)]() mutable {
      work([ticket = Ticket(open_), resume = std::move(resume)]() mutable {
        asio::post(std::move(resume));
      });
    });
  };
  co_await asio::async_initiate<decltype(kUseAwaitable), void()>(std::move(start), kUseAwaitable);
}

void WorkerPool::stop() { queue_.stop(); }

void WorkerPool::join() {
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
  for (uint32_t open = open_; open != 0; open = open_) open_.wait(open);
}

}  // namespace tideway::server
