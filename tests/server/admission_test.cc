// Who is let in, told by a clock of the test's own.
#include "server/admission.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace tideway::server {
namespace {

using std::chrono::milliseconds;
using Time = Admission::TimePoint;

Time at(int ms) { return Time(milliseconds(ms)); }

TEST(Admission, CountsThoseServedAndThoseWaiting) {
  Admission admission({.running_max = 2, .waiting_max = 3});
  std::vector<Admission::Place> places;
  for (int i = 0; i < 5; ++i) {
    auto place = admission.try_enter(at(0));
    ASSERT_TRUE(place) << i;
    places.push_back(*std::move(place));
  }
  EXPECT_TRUE(admission.is_congested(at(0)));
  EXPECT_FALSE(admission.try_enter(at(0)));
  EXPECT_TRUE(places.back().start(at(0)));
  EXPECT_FALSE(admission.try_enter(at(0)));  // served now, but still there
  places.pop_back();
  EXPECT_FALSE(admission.is_congested(at(0)));
  EXPECT_TRUE(admission.try_enter(at(0)));
  EXPECT_TRUE(admission.try_enter(at(0)));  // the one before was given back
}

TEST(Admission, LetsNobodyInWhenTheFirstHasWaitedForHalfOfTheTime) {
  Admission admission({.running_max = 1, .waiting_max = 100, .wait_max = milliseconds(400)});
  auto first = admission.try_enter(at(0));
  auto second = admission.try_enter(at(100));
  EXPECT_TRUE(admission.try_enter(at(200)));
  EXPECT_TRUE(admission.is_congested(at(201)));
  EXPECT_FALSE(admission.try_enter(at(201)));
  EXPECT_TRUE(first->start(at(202)));
  EXPECT_TRUE(admission.try_enter(at(300)));  // now the second is the first, since 100
  EXPECT_FALSE(admission.try_enter(at(301)));
  EXPECT_TRUE(second->start(at(302)));
}

TEST(Admission, TurnsAwayThoseWhoWaitedTooLong) {
  Admission admission({.running_max = 1, .waiting_max = 100, .wait_max = milliseconds(400)});
  auto first = admission.try_enter(at(0));
  auto second = admission.try_enter(at(1));
  EXPECT_FALSE(first->start(at(401)));
  EXPECT_TRUE(second->start(at(401)));
}

TEST(Admission, AFewMayWaitAsLongAsTheyMust) {
  Admission admission(
      {.running_max = 1, .waiting_max = 100, .patient_max = 2, .wait_max = milliseconds(400)});
  auto first = admission.try_enter(at(0));
  auto second = admission.try_enter(at(9000));
  ASSERT_TRUE(second);
  auto third = admission.try_enter(at(9000));
  ASSERT_TRUE(third) << "two waited when it came";
  EXPECT_FALSE(admission.try_enter(at(9001)));
  EXPECT_FALSE(first->start(at(9001)));
  EXPECT_TRUE(second->start(at(19'000)));
  EXPECT_TRUE(third->start(at(19'000)));
}

TEST(Admission, ThoseWhoLeaveWithoutHavingBeenServedNoLongerWait) {
  Admission admission({.running_max = 1, .waiting_max = 2, .wait_max = milliseconds(400)});
  auto first = admission.try_enter(at(0));
  auto moved = std::optional<Admission::Place>(*std::move(first));
  first.reset();
  EXPECT_TRUE(admission.is_congested(at(300)));
  moved.reset();
  EXPECT_FALSE(admission.is_congested(at(300)));
}

/// A server that answers one request a millisecond, asked `rate` times a millisecond for a while,
/// then half as often as it can. What counts is how it fares, second by second.
struct Outcome {
  int served = 0;
  int latest_ms = 0;
  size_t waiting_most = 0;
  bool idle_at_end = false;
};

Outcome simulate(int rate, int overload_ms) {
  Admission admission({.running_max = 1, .waiting_max = 100'000, .wait_max = milliseconds(400)});
  struct Waiting {
    Admission::Place place;
    int since;
  };
  std::deque<Waiting> queue;
  Outcome run;
  for (int now = 0; now < overload_ms + 1000; ++now) {
    const int arriving = now < overload_ms ? rate : now % 2;
    for (int i = 0; i < arriving; ++i) {
      if (auto place = admission.try_enter(at(now))) queue.push_back({*std::move(place), now});
    }
    run.waiting_most = std::max(run.waiting_most, queue.size());
    while (!queue.empty()) {
      const bool served = queue.front().place.start(at(now));
      if (served) run.latest_ms = std::max(run.latest_ms, now - queue.front().since);
      if (served && now < overload_ms) ++run.served;
      queue.pop_front();
      if (served) break;  // that is this millisecond's work
    }
  }
  run.idle_at_end = queue.empty();
  return run;
}

TEST(Admission, KeepsServingAsFastAsItCanUnderAnyOverload) {
  for (const int rate : {2, 4, 10, 100}) {
    const Outcome run = simulate(rate, 20'000);
    EXPECT_GE(run.served, 19'900) << rate;
    EXPECT_LE(run.latest_ms, 400) << rate;
    EXPECT_LE(run.waiting_most, 400U * static_cast<size_t>(rate)) << rate;
    EXPECT_TRUE(run.idle_at_end) << rate;
  }
}

TEST(Admission, LetsShortBurstsWait) {
  Admission admission({.running_max = 1, .waiting_max = 1000, .wait_max = milliseconds(400)});
  std::vector<Admission::Place> burst;
  for (int i = 0; i < 300; ++i) {
    auto place = admission.try_enter(at(i / 100));
    ASSERT_TRUE(place) << i;
    burst.push_back(*std::move(place));
  }
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(burst[static_cast<size_t>(i)].start(at(i))) << i;
}

}  // namespace
}  // namespace tideway::server
