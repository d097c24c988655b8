// What waits for a worker, first come first served, and the workers that wait for it.
//
// As few of them run as can keep up. One wakes at a time, always the one that fell asleep last, and
// it wakes the next when it leaves work behind. Waking one for each request would be a change of
// threads for each; so a burst is mostly served by those that are awake.
#pragma once

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

  /// Work must not throw.
  void push(Work work);
  /// The same for who goes on to take work itself.
  void push_own(Work work);

  /// Takes and does work until stop().
  void run();

  /// What has not begun never will; it goes with the queue.
  void stop();

 private:
  struct Sleeper {
    std::condition_variable woken;
    bool is_woken = false;
  };

  Work take(std::unique_lock<std::mutex>& lock, Sleeper& self);
  void wake_another(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::deque<Work> work_;
  std::vector<Sleeper*> asleep_;  ///< the one that fell asleep last at the end
  bool is_one_waking_ = false;
  bool stopped_ = false;
};

}  // namespace tideway::server
