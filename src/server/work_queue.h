// What waits for a worker, first come first served, and the workers that wait for it.
//
// As few of them run as can keep up. One wakes at a time, always the one that fell asleep last, and
// it wakes the next when it leaves work behind. Waking one for each request would be a change of
// threads for each; so a burst is mostly served by those that are awake.
//
// Nor do more than some work at once, as long as each is done within 10 ms: those that the
// processors have no room for would only take them from others in the middle of their work. One who
// takes longer, for it waits for a disk or has much to do, no longer counts.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace tideway::server {

/// Any thread may call any function at any time.
class WorkQueue {
 public:
  using Work = std::move_only_function<void()>;

  /// Begins new work while fewer than that many, at least one, have just begun some.
  explicit WorkQueue(unsigned quick_workers_max) : quick_workers_max_(quick_workers_max) {}

  /// Work must not throw.
  void push(Work work);
  /// The same for who goes on to take work itself.
  void push_own(Work work);

  /// Takes and does work until stop().
  void run();

  /// What has not begun never will; it goes with the queue.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;

  struct Worker {
    std::condition_variable woken;
    bool is_woken = false;
    Clock::time_point began = {};  ///< what it works on
  };

  Work take(std::unique_lock<std::mutex>& lock, Worker& self);
  void sleep(std::unique_lock<std::mutex>& lock, Worker& self);
  void wake_another(std::unique_lock<std::mutex>& lock);
  bool has_room() const;

  const unsigned quick_workers_max_;
  std::mutex mutex_;
  std::deque<Work> work_;
  std::vector<const Worker*> working_;
  std::vector<Worker*> asleep_;  ///< the one that fell asleep last at the end
  bool is_watched_ = false;      ///< by one of these, which looks whether the others take long
  bool is_one_waking_ = false;
  bool stopped_ = false;
};

}  // namespace tideway::server
