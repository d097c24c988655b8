#include "server/work_queue.h"

#include <algorithm>
#include <utility>

namespace tideway::server {
namespace {

constexpr std::chrono::milliseconds kQuick{10};

}  // namespace

void WorkQueue::push(Work work) {
  std::unique_lock lock(mutex_);
  work_.push_back(std::move(work));
  wake_another(lock);
}

void WorkQueue::push_own(Work work) {
  const std::lock_guard lock(mutex_);
  work_.push_back(std::move(work));
}

void WorkQueue::run() {
  Worker self;
  while (Work work = [&] {
    std::unique_lock lock(mutex_);
    return take(lock, self);
  }()) {
    work();
  }
}

/// Ends the work before, and waits for more; none after stop().
WorkQueue::Work WorkQueue::take(std::unique_lock<std::mutex>& lock, Worker& self) {
  std::erase(working_, &self);
  while (!stopped_ && (work_.empty() || !has_room())) sleep(lock, self);
  if (stopped_) return {};
  self.began = Clock::now();
  working_.push_back(&self);
  Work work = std::move(work_.front());
  work_.pop_front();
  if (!work_.empty()) wake_another(lock);
  return work;
}

/// Whether one more may work.
bool WorkQueue::has_room() const {
  if (working_.size() < quick_workers_max_) return true;
  const auto quick_since = Clock::now() - kQuick;
  const auto quick = std::ranges::count_if(
      working_, [&](const Worker* worker) { return worker->began > quick_since; });
  return static_cast<size_t>(quick) < quick_workers_max_;
}

/// Until it is woken, or for a while if there is work that nobody else watches.
void WorkQueue::sleep(std::unique_lock<std::mutex>& lock, Worker& self) {
  const auto is_woken = [&] { return std::exchange(self.is_woken, false); };
  asleep_.push_back(&self);
  if (work_.empty() || is_watched_) {
    self.woken.wait(lock, is_woken);
    is_one_waking_ = false;
    return;
  }
  is_watched_ = true;
  if (self.woken.wait_for(lock, kQuick, is_woken)) {
    is_one_waking_ = false;
  } else {
    std::erase(asleep_, &self);
  }
  is_watched_ = false;
}

/// Gives the lock back.
void WorkQueue::wake_another(std::unique_lock<std::mutex>& lock) {
  if (is_one_waking_ || asleep_.empty() || (is_watched_ && !has_room())) return lock.unlock();
  is_one_waking_ = true;
  Worker* const sleeper = asleep_.back();
  asleep_.pop_back();
  sleeper->is_woken = true;
  // Under the lock, because the sleeper may be gone after it.
  sleeper->woken.notify_one();
  lock.unlock();
}

void WorkQueue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (Worker* const sleeper : std::exchange(asleep_, {})) {
    sleeper->is_woken = true;
    sleeper->woken.notify_one();
  }
}

}  // namespace tideway::server
