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

/// A request without a body, or whose body is there already.
std::optional<Admission::Place> enter(Admission& admission, Time now) {
  auto place = admission.try_enter(now);
  if (place && !place->wait(now)) return std::nullopt;
  return place;
}

/// Has two hundred served, one after the other, of which each takes `ms`.
void serve_many(Admission& admission, int ms) {
  for (int i = 0; i < 200; ++i) {
    auto place = enter(admission, at(ms * i));
    ASSERT_TRUE(place) << i;
    EXPECT_TRUE(place->start(at(ms * i + ms))) << i;
  }
}

TEST(Admission, CountsThoseServedAndThoseWaiting) {
  Admission admission({.running_max = 2, .waiting_max = 3});
  std::vector<Admission::Place> places;
  for (int i = 0; i < 5; ++i) {
    auto place = enter(admission, at(0));
    ASSERT_TRUE(place) << i;
    places.push_back(*std::move(place));
  }
  EXPECT_TRUE(admission.is_congested(at(0)));
  EXPECT_FALSE(enter(admission, at(0)));
  EXPECT_TRUE(places.back().start(at(0)));
  EXPECT_FALSE(enter(admission, at(0)));  // served now, but still there
  places.pop_back();
  EXPECT_FALSE(admission.is_congested(at(0)));
  EXPECT_TRUE(enter(admission, at(0)));
  EXPECT_TRUE(enter(admission, at(0)));  // the one before was given back
}

TEST(Admission, LetsNobodyInWhenTheFirstHasWaitedForHalfOfTheTime) {
  Admission admission({.running_max = 1, .waiting_max = 100, .wait_max = milliseconds(400)});
  auto first = enter(admission, at(0));
  auto second = enter(admission, at(100));
  EXPECT_TRUE(enter(admission, at(200)));
  EXPECT_TRUE(admission.is_congested(at(201)));
  EXPECT_FALSE(enter(admission, at(201)));
  EXPECT_TRUE(first->start(at(202)));
  EXPECT_TRUE(enter(admission, at(300)));  // now the second is the first, since 100
  EXPECT_FALSE(enter(admission, at(301)));
  EXPECT_TRUE(second->start(at(302)));
}

TEST(Admission, IsNearlyCongestedFromHalfOfThatOn) {
  Admission admission({.running_max = 1, .waiting_max = 100, .wait_max = milliseconds(400)});
  auto first = enter(admission, at(0));
  EXPECT_FALSE(admission.is_nearly_congested(at(100)));
  EXPECT_TRUE(admission.is_nearly_congested(at(101)));
  EXPECT_FALSE(admission.is_congested(at(200)));
}

TEST(Admission, TurnsAwayThoseWhoWaitedTooLong) {
  Admission admission({.running_max = 1, .waiting_max = 100, .wait_max = milliseconds(400)});
  auto first = enter(admission, at(0));
  auto second = enter(admission, at(1));
  EXPECT_FALSE(first->start(at(401)));
  EXPECT_TRUE(second->start(at(401)));
}

TEST(Admission, AFewMayWaitAsLongAsTheyMust) {
  Admission admission(
      {.running_max = 1, .waiting_max = 100, .patient_max = 2, .wait_max = milliseconds(400)});
  auto first = enter(admission, at(0));
  auto second = enter(admission, at(9000));
  ASSERT_TRUE(second);
  auto third = enter(admission, at(9000));
  ASSERT_TRUE(third) << "two waited when it came";
  EXPECT_FALSE(enter(admission, at(9001)));
  EXPECT_FALSE(first->start(at(9001)));
  EXPECT_TRUE(second->start(at(19'000)));
  EXPECT_TRUE(third->start(at(19'000)));
}

TEST(Admission, ThoseWhoLeaveWithoutHavingBeenServedNoLongerWait) {
  Admission admission({.running_max = 1, .waiting_max = 2, .wait_max = milliseconds(400)});
  auto first = enter(admission, at(0));
  auto moved = std::optional<Admission::Place>(*std::move(first));
  first.reset();
  EXPECT_TRUE(admission.is_congested(at(300)));
  moved.reset();
  EXPECT_FALSE(admission.is_congested(at(300)));
}

TEST(Admission, LearnsHowLongTheWaitIsGoingToBe) {
  Admission admission({.running_max = 1, .waiting_max = 1000, .wait_max = milliseconds(400)});
  serve_many(admission, 10);
  // So 20 are let in at once, and the next would wait for more than half of the longest wait.
  std::vector<Admission::Place> places;
  while (auto place = enter(admission, at(5000))) places.push_back(*std::move(place));
  EXPECT_NEAR(static_cast<double>(places.size()), 20, 2);
}

TEST(Admission, APauseKeepsNobodyOutForLong) {
  Admission admission(
      {.running_max = 1, .waiting_max = 1000, .patient_max = 1, .wait_max = milliseconds(400)});
  serve_many(admission, 1);
  EXPECT_TRUE(enter(admission, at(1000))->start(at(11'000)));
  std::vector<Admission::Place> places;
  while (auto place = enter(admission, at(11'000))) places.push_back(*std::move(place));
  EXPECT_GE(places.size(), 10U);
}

TEST(Admission, WhoseBodyIsOnItsWayIsAheadOfOthersForAWhile) {
  Admission admission({.running_max = 1, .waiting_max = 1000, .wait_max = milliseconds(400)});
  serve_many(admission, 10);
  std::deque<Admission::Place> coming;
  while (auto place = admission.try_enter(at(5000))) coming.push_back(*std::move(place));
  EXPECT_NEAR(static_cast<double>(coming.size()), 20, 2);
  EXPECT_TRUE(admission.is_congested(at(5200)));
  // Bodies may take for ever: those that do keep nobody out.
  EXPECT_FALSE(admission.is_congested(at(5201)));
  // In whatever order they come or go, expected or not.
  const size_t count = coming.size();
  for (size_t i = 0; i < count; ++i) {
    auto next = admission.try_enter(at(5201));
    ASSERT_TRUE(next) << i;
    coming.push_back(*std::move(next));
    if (i % 2 == 0) coming.pop_front();
  }
  EXPECT_TRUE(admission.is_congested(at(5202)));
  coming.pop_back();
  coming.pop_back();
  EXPECT_FALSE(admission.is_congested(at(5202)));
  coming.clear();
  EXPECT_TRUE(admission.try_enter(at(5202)));
}

TEST(Admission, WhoWasLetInIsNotRefusedWhenTheBodyIsThere) {
  Admission admission({.running_max = 1, .waiting_max = 2, .wait_max = milliseconds(400)});
  auto slow = admission.try_enter(at(0));
  auto first = enter(admission, at(0));
  EXPECT_FALSE(enter(admission, at(300))) << "congested";
  EXPECT_TRUE(slow->wait(at(300)));
  EXPECT_FALSE(first->start(at(500)));
  EXPECT_TRUE(slow->start(at(500)));

  auto late = admission.try_enter(at(500));
  auto second = enter(admission, at(500));
  ASSERT_TRUE(second);
  EXPECT_FALSE(late->wait(at(501))) << "the places are taken";
  slow.reset();
  EXPECT_TRUE(enter(admission, at(501)));
}

/// A server that answers one request a millisecond, asked `rate` times a millisecond for a while,
/// then half as often as it can. Bodies take their time. What counts is how it fares.
struct Outcome {
  int served = 0;
  int read_in_vain = 0;  ///< bodies, after the first second
  int latest_ms = 0;
  size_t waiting_most = 0;
  bool idle_at_end = false;
};

Outcome simulate(int rate, int overload_ms) {
  constexpr int kBodyMs = 30;
  Admission admission({.running_max = 1, .waiting_max = 100'000, .wait_max = milliseconds(400)});
  struct Request {
    Admission::Place place;
    int since;
  };
  std::deque<Request> coming;
  std::deque<Request> queue;
  Outcome run;
  for (int now = 0; now < overload_ms + 1000; ++now) {
    const int arriving = now < overload_ms ? rate : now % 2;
    for (int i = 0; i < arriving; ++i) {
      if (auto place = admission.try_enter(at(now))) coming.push_back({*std::move(place), now});
    }
    for (; !coming.empty() && coming.front().since + kBodyMs <= now; coming.pop_front()) {
      if (!coming.front().place.wait(at(now))) continue;
      queue.push_back({std::move(coming.front().place), now});
    }
    run.waiting_most = std::max(run.waiting_most, queue.size());
    while (!queue.empty()) {
      const bool served = queue.front().place.start(at(now));
      if (served) run.latest_ms = std::max(run.latest_ms, now - queue.front().since);
      if (served && now < overload_ms) ++run.served;
      if (!served && now >= 1000) ++run.read_in_vain;
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
    EXPECT_LE(run.read_in_vain, 200) << rate;
    EXPECT_LE(run.latest_ms, 400) << rate;
    EXPECT_LE(run.waiting_most, 400U * static_cast<size_t>(rate)) << rate;
    EXPECT_TRUE(run.idle_at_end) << rate;
  }
}

TEST(Admission, LetsShortBurstsWait) {
  Admission admission({.running_max = 1, .waiting_max = 1000, .wait_max = milliseconds(400)});
  std::vector<Admission::Place> burst;
  for (int i = 0; i < 300; ++i) {
    auto place = enter(admission, at(i / 100));
    ASSERT_TRUE(place) << i;
    burst.push_back(*std::move(place));
  }
  for (int i = 0; i < 300; ++i) EXPECT_TRUE(burst[static_cast<size_t>(i)].start(at(i))) << i;
}

}  // namespace
}  // namespace tideway::server
