// Who may wait for a worker, and for how long. Everything beyond that is told at once to come back
// later: a queue that grows makes every answer late and no answer sooner.
//
// Two rules, both on how long the one that waits longest has waited, as in CoDel: a short burst may
// queue up, a lasting overload may not. Beyond half of the longest wait nobody new gets in, so that
// a body is refused before it is read; who has waited longer than that when a worker is free at
// last is turned away without being served, so that no accepted request was late for its wait. How
// fast the server happens to be does not have to be known for either.
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
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Limits {
    uint32_t running_max = 1;  ///< how many are served at a time
    uint32_t waiting_max = 0;  ///< how many more may wait
    uint32_t patient_max = 0;  ///< so many may wait for however long
    std::chrono::milliseconds wait_max{500};
  };

  explicit Admission(Limits limits) : limits_(limits) {}

  /// A request's place, held while it waits and while it is served.
  class Place {
   public:
    Place(Place&& other) noexcept
        : admission_(std::exchange(other.admission_, nullptr)),
          waiting_(std::exchange(other.waiting_, std::nullopt)) {}
    Place& operator=(Place&&) = delete;
    ~Place();

    /// Ends the wait. False when it was too long: then the request is not to be served.
    bool start(TimePoint now);

   private:
    friend class Admission;
    using Waiting = std::list<TimePoint>::iterator;
    Place(Admission& admission, Waiting waiting) : admission_(&admission), waiting_(waiting) {}

    Admission* admission_;
    std::optional<Waiting> waiting_;
  };

  /// Nothing when the request is to be refused.
  std::optional<Place> try_enter(TimePoint now);

  /// Whether try_enter would refuse now; for asking before the work of reading a body.
  bool is_congested(TimePoint now) const;

 private:
  bool is_congested_locked(TimePoint now) const;
  bool is_late(TimePoint since, TimePoint now, std::chrono::milliseconds wait_max) const;

  const Limits limits_;
  mutable std::mutex mutex_;
  std::list<TimePoint> waiting_;  ///< since when, the first longest
  uint64_t admitted_ = 0;         ///< waiting or being served
};

}  // namespace tideway::server
