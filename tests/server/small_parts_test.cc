// The parts that are too small for a file of their own: dates, budget, counts, refusals.
#include <gtest/gtest.h>

#include "server/body_budget.h"
#include "server/connection_count.h"
#include "server/date.h"
#include "server/refusals.h"

namespace tideway::server {
namespace {

TEST(Date, IsImfFixdate) {
  EXPECT_EQ(http_date(1736157605), "Mon, 06 Jan 2025 10:00:05 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1709251199), "Thu, 29 Feb 2024 23:59:59 GMT");
  EXPECT_EQ(http_date(1735430400), "Sun, 29 Dec 2024 00:00:00 GMT");
}

TEST(Date, CacheFollowsTheClock) {
  DateCache cache;
  EXPECT_EQ(cache.at(1736157605), http_date(1736157605));
  EXPECT_EQ(cache.at(1736157605), http_date(1736157605));
  EXPECT_EQ(cache.at(1736157606), http_date(1736157606));
  EXPECT_EQ(cache.at(1736157605), http_date(1736157605));  // clocks are set back too
}

TEST(BodyBudget, GivesUpToItsSize) {
  BodyBudget budget(100);
  EXPECT_TRUE(budget.try_take(60));
  EXPECT_FALSE(budget.try_take(41));
  EXPECT_TRUE(budget.has_room(40));
  EXPECT_FALSE(budget.has_room(41));
  EXPECT_TRUE(budget.try_take(40));
  EXPECT_FALSE(budget.try_take(1));
  EXPECT_TRUE(budget.try_take(0));
  budget.give_back(100);
  EXPECT_TRUE(budget.try_take(100));
}

TEST(BodyBudget, IsNotFooledByHugeSizes) {
  BodyBudget budget(100);
  ASSERT_TRUE(budget.try_take(50));
  EXPECT_FALSE(budget.try_take(~0ULL));
  EXPECT_FALSE(budget.has_room(~0ULL));
  EXPECT_EQ(budget.taken(), 50U);
}

TEST(BodyLease, GivesBackAtItsEnd) {
  BodyBudget budget(100);
  {
    BodyLease lease(budget);
    EXPECT_TRUE(lease.grow(30));
    EXPECT_TRUE(lease.grow(30));
    EXPECT_FALSE(lease.grow(50));
    EXPECT_EQ(budget.taken(), 60U);
    EXPECT_TRUE(lease.could_grow(40));
  }
  EXPECT_EQ(budget.taken(), 0U);
}

TEST(BodyLease, GivesBackOnce) {
  BodyBudget budget(100);
  BodyLease other(budget);
  ASSERT_TRUE(other.grow(10));
  {
    BodyLease lease(budget);
    ASSERT_TRUE(lease.grow(30));
    lease.release();
    EXPECT_EQ(budget.taken(), 10U);
  }
  EXPECT_EQ(budget.taken(), 10U);
}

TEST(ConnectionCount, AdmitsUpToItsMaximum) {
  ConnectionCount count(2);
  auto first = count.try_enter();
  auto second = count.try_enter();
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(count.try_enter());
  first.reset();
  EXPECT_TRUE(count.try_enter());
}

TEST(ConnectionCount, AMovedTicketCountsOnce) {
  ConnectionCount count(1);
  auto ticket = count.try_enter();
  ASSERT_TRUE(ticket);
  {
    const ConnectionCount::Ticket moved(*std::move(ticket));
    ticket.reset();
    EXPECT_FALSE(count.try_enter());
  }
  EXPECT_TRUE(count.wait_for_none(Clock::now()));
}

TEST(ConnectionCount, WaitingEndsAtTheDeadline) {
  ConnectionCount count(1);
  const auto ticket = count.try_enter();
  EXPECT_FALSE(count.wait_for_none(Clock::now() + std::chrono::milliseconds(5)));
}

TEST(Refusals, ToTheByte) {
  EXPECT_EQ(body_too_large().status, 413);
  EXPECT_EQ(body_too_large().body,
            "{\"code\":\"resource-too-large\",\"title\":\"resource too large\","
            "\"detail\":\"resource too large\"}\n");
  EXPECT_EQ(too_busy().status, 503);
  EXPECT_EQ(too_busy().body,
            "{\"code\":\"too-busy\",\"title\":\"server is busy\","
            "\"detail\":\"server is busy, try again shortly\"}\n");
  EXPECT_EQ(too_busy().headers.find("Retry-After"), "1");
  EXPECT_EQ(malformed_body().status, 400);
  EXPECT_EQ(malformed_body().body,
            "{\"code\":\"json-malformed\",\"title\":\"json is malformed\","
            "\"detail\":\"json is malformed\"}\n");
  EXPECT_EQ(malformed_request().status, 400);
  EXPECT_EQ(head_too_large().status, 431);
}

}  // namespace
}  // namespace tideway::server
