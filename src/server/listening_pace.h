// How often connections are listened to again that had an answer while there was more to do than
// can be done.
//
// To refuse a small request costs a fair part of what answering it does: most of both is the
// kernel's. Clients that ask again at once could thus keep the server so busy with refusing that it
// does nothing else. So each is given the next turn, and until then its connection is not read
// from: what the client sends meanwhile waits in its own socket. As long as there are few that is
// at once; the more there are, the longer each rests, and their number stays the same.
//
// That goes for those that were refused, and for those that were served as well: could they ask
// again before the others, these would rest and then be refused once more, time after time. So all
// rest, few are refused, and nobody waits for much longer than others.
//
// Belongs to one I/O thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "server/wire.h"

namespace tideway::server {

/// By each I/O thread. Were all of them refused, at some 50 µs each, it would take a fifteenth of a
/// processor.
inline constexpr int kTurnsPerSecondMax = 1'375;
/// Those that rest are listened to again some at a time: to set a clock for each, and to be woken
/// by it, would cost a fair part of a refusal.
inline constexpr Clock::duration kRestStep = std::chrono::milliseconds(8);

class ListeningPace {
 public:
  /// When the connection that has its answer now is to be read from again. With n connections
  /// nobody rests for longer than n / kTurnsPerSecondMax seconds and a step.
  Clock::time_point rest_until(Clock::time_point now) {
    constexpr Clock::duration kSpacing = std::chrono::seconds(1);
    next_ = std::max(now, next_ + kSpacing / kTurnsPerSecondMax);
    return next_ == now ? now : Clock::time_point(ceil_to_step(next_.time_since_epoch()));
  }

 private:
  static Clock::duration ceil_to_step(Clock::duration time) {
    return (time + kRestStep - Clock::duration(1)) / kRestStep * kRestStep;
  }

  Clock::time_point next_{};
};

/// The Retry-After of a rest.
inline std::chrono::seconds retry_after(Clock::duration rest) {
  return std::max(std::chrono::ceil<std::chrono::seconds>(rest), std::chrono::seconds(1));
}

}  // namespace tideway::server
