#include "load/pacer.h"

#include <gtest/gtest.h>

namespace tideway::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = Pacer::Clock::time_point;

const Time kBegin{seconds(1000)};

TEST(Pacer, DueMomentsLieOnAGridHoweverLateTheyAreAskedFor) {
  Pacer pacer(10, kBegin, seconds(2), 1000);
  EXPECT_EQ(pacer.next(kBegin), kBegin);
  EXPECT_EQ(pacer.next(kBegin), kBegin + milliseconds(100));
  // The one asking was held up for a second: what was due meanwhile is due in the past.
  EXPECT_EQ(pacer.next(kBegin + milliseconds(1100)), kBegin + milliseconds(200));
}

TEST(Pacer, EndsWithTheTimeAndTellsWhatWasLeft) {
  Pacer pacer(10, kBegin, seconds(1), 1000);
  EXPECT_EQ(pacer.left_over(), 10U);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(pacer.next(kBegin));
  EXPECT_FALSE(pacer.next(kBegin + seconds(1)));
  EXPECT_EQ(pacer.left_over(), 6U);
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(pacer.next(kBegin)) << i;
  EXPECT_FALSE(pacer.next(kBegin));  // would be due at the end
  EXPECT_EQ(pacer.left_over(), 0U);
}

TEST(Pacer, LeavesOutWhatIsTooLate) {
  Pacer pacer(10, kBegin, seconds(1), 1000, milliseconds(50));
  EXPECT_EQ(pacer.next(kBegin + milliseconds(50)), kBegin);
  // Due at 100, 200, 300 and 400; nobody was there to take them.
  EXPECT_EQ(pacer.next(kBegin + milliseconds(470)), kBegin + milliseconds(500));
  EXPECT_EQ(pacer.next(kBegin + milliseconds(470)), kBegin + milliseconds(600));
  EXPECT_EQ(pacer.left_over(), 7U);
}

TEST(Pacer, WithoutARateIsAlwaysDueNow) {
  Pacer pacer(0, kBegin, seconds(1), 3);
  EXPECT_EQ(pacer.next(kBegin + milliseconds(7)), kBegin + milliseconds(7));
  EXPECT_EQ(pacer.next(kBegin + milliseconds(8)), kBegin + milliseconds(8));
  EXPECT_FALSE(pacer.next(kBegin + seconds(1)));
  EXPECT_EQ(pacer.left_over(), 0U);
}

TEST(Pacer, GivesNoMoreThanTheMaximum) {
  Pacer pacer(1000, kBegin, seconds(1), 2);
  EXPECT_TRUE(pacer.next(kBegin));
  EXPECT_TRUE(pacer.next(kBegin));
  EXPECT_FALSE(pacer.next(kBegin));
  EXPECT_EQ(pacer.left_over(), 0U);
}

}  // namespace
}  // namespace tideway::load
