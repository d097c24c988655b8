#include "server/listening_pace.h"

#include <gtest/gtest.h>

#include <map>

namespace tideway::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Clock::time_point kNow{seconds(1000)};

TEST(ListeningPace, NobodyRestsAsLongAsFewAsk) {
  ListeningPace pace;
  EXPECT_EQ(pace.rest_until(kNow), kNow);
  EXPECT_EQ(pace.rest_until(kNow + seconds(1)), kNow + seconds(1));
}

TEST(ListeningPace, HoweverManyAskNoMoreThanTheMaximumAreListenedTo) {
  ListeningPace pace;
  Clock::time_point last = pace.rest_until(kNow);
  std::map<Clock::time_point, int> together;
  for (int i = 0; i < kTurnsPerSecondMax; ++i) {
    const auto next = pace.rest_until(kNow);
    EXPECT_GE(next, last);
    last = next;
    ++together[next];
  }
  EXPECT_EQ(last, kNow + seconds(1));
  for (const auto& [moment, count] : together) {
    EXPECT_EQ(count, kTurnsPerSecondMax * kRestStep / seconds(1));
  }
  // What was given out is used up by and by.
  EXPECT_GT(pace.rest_until(kNow + milliseconds(500)), last);
  EXPECT_EQ(pace.rest_until(kNow + seconds(2)), kNow + seconds(2));
}

TEST(ListeningPace, WhoComesBackWhenToldToIsListenedTo) {
  EXPECT_EQ(retry_after(milliseconds(0)), seconds(1));
  EXPECT_EQ(retry_after(milliseconds(1000)), seconds(1));
  EXPECT_EQ(retry_after(milliseconds(1001)), seconds(2));
}

}  // namespace
}  // namespace tideway::server
