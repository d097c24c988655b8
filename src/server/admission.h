// Who may wait for a worker, and for how long. Everything beyond that is told at once to come back
// later: a queue that grows makes every answer late and no answer sooner.
//
// It is decided when the head of a request is there, so that a body that would be read for nothing
// is not read. Who was let in then is only turned away when it has waited too long after all: no
// accepted request is late for its wait.
//
// Nobody new gets in once somebody has waited for half of the longest wait, as in CoDel, nor where
// so many are ahead that the wait would become that long. How long the next in line waits is
// learned from those who were it, so nothing has to be known of how fast the server happens to be.
// A short burst thus may queue up, a lasting overload may not.
//
// A few may wait as long as they must: the clients of a household, which wait for an answer before
// they send anything else, are no overload, even when the disk pauses for a second.
//
// For all threads. The present time is passed in, so that a test has a clock of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

namespace tideway::server {

class Admission {
 public:
  using Clock = std::chrono::steady_clock;
  using TimePoint = Clock::time_point;

  struct Limits {
    uint32_t running_max = 1;  ///< how many are served at a time
    uint32_t waiting_max = 0;  ///< how many more may wait
    uint32_t patient_max = 0;  ///< so many may wait for however long
    std::chrono::milliseconds wait_max{500};
  };

  explicit Admission(Limits limits) : limits_(limits) {}

 private:
  /// In a list from the one that has been there longest.
  struct Entry {
    TimePoint since;
    bool is_expected = true;  ///< while it has not been on its way for long
  };
  using Entries = std::list<Entry>;

 public:
  /// A request's place, held while its body comes, while it waits and while it is served.
  class Place {
   public:
    Place(Place&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          stage_(other.stage_),
          entry_(other.entry_) {}
    Place& operator=(Place&&) = delete;
    ~Place();

    /// Begins the wait: all of the request is there. False when too many wait already.
    bool wait(TimePoint now);
    /// Ends the wait. False when it was too long: then the request is not to be served.
    bool start(TimePoint now);

   private:
    friend class Admission;
    enum class Stage : uint8_t { kComing, kWaiting, kRunning };
    Place(Admission& admission, Entries::iterator entry) : admission_(&admission), entry_(entry) {}

    Admission* admission_;
    Stage stage_ = Stage::kComing;
    Entries::iterator entry_;
  };

  /// For a request whose head is there. Nothing when it is to be refused.
  std::optional<Place> try_enter(TimePoint now);

  /// Whether try_enter would refuse now.
  bool is_congested(TimePoint now);
  /// Whether the wait is more than half as long as it would have to be for that.
  bool is_nearly_congested(TimePoint now);

 private:
  Clock::duration congested_wait() const { return limits_.wait_max / 2; }
  bool is_congested_locked(TimePoint now, Clock::duration wait_max);
  bool is_full() const;
  bool is_late(TimePoint since, TimePoint now, Clock::duration wait_max) const;
  void forget_slow(TimePoint now);
  void stop_expecting(Entries::iterator entry);
  void learn(Clock::duration next_waited);

  const Limits limits_;
  std::mutex mutex_;
  Entries coming_;  ///< whose bodies are on their way
  /// Those of them that came lately, the last of the list. The others may take as long as they like
  /// and are no sign of anything.
  size_t expected_count_ = 0;
  Entries::iterator first_expected_ = coming_.end();
  Entries waiting_;
  uint64_t admitted_ = 0;  ///< waiting or being served
  TimePoint last_start_;
  std::chrono::duration<double> next_waits_{0};  ///< how long one has been the next of late
};

}  // namespace tideway::server
