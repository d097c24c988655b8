#include "server/work_queue.h"

#include <utility>

namespace tideway::server {

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
  Sleeper self;
  while (Work work = [&] {
    std::unique_lock lock(mutex_);
    return take(lock, self);
  }()) {
    work();
  }
}

/// Waits for work; none after stop().
WorkQueue::Work WorkQueue::take(std::unique_lock<std::mutex>& lock, Sleeper& self) {
  while (work_.empty() && !stopped_) {
    asleep_.push_back(&self);
    self.woken.wait(lock, [&] { return std::exchange(self.is_woken, false); });
    is_one_waking_ = false;
  }
  if (stopped_) return {};
  Work work = std::move(work_.front());
  work_.pop_front();
  if (!work_.empty()) wake_another(lock);
  return work;
}

/// Gives the lock back.
void WorkQueue::wake_another(std::unique_lock<std::mutex>& lock) {
  if (is_one_waking_ || asleep_.empty()) return lock.unlock();
  is_one_waking_ = true;
  Sleeper* const sleeper = asleep_.back();
  asleep_.pop_back();
  sleeper->is_woken = true;
  // Under the lock, because the sleeper may be gone after it.
  sleeper->woken.notify_one();
  lock.unlock();
}

void WorkQueue::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
  for (Sleeper* const sleeper : std::exchange(asleep_, {})) {
    sleeper->is_woken = true;
    sleeper->woken.notify_one();
  }
}

}  // namespace tideway::server
