#include "record/time_zone.h"

#include <gtest/gtest.h>

namespace tideway::record {
namespace {

// docs/spec/datatypes-common.md 4.4
TEST(IsTimeZoneName, TakesNamesOfTheDatabase) {
  for (const auto name : {"America/New_York", "America/Argentina/Buenos_Aires", "Etc/GMT+5",
                          "US/Pacific", "UTC", "GMT", "GMT+0", "EST5EDT", "CET", "W-SU", "NZ-CHAT",
                          "Zulu", "Factory", "America/Port-au-Prince"}) {
    EXPECT_TRUE(is_time_zone_name(name)) << name;
  }
}

TEST(IsTimeZoneName, RefusesFilesThatAreNoZones) {
  for (const auto name : {"", "posix/UTC", "right/UTC", "localtime", "posixrules", "zone.tab",
                          "tzdata.zi", "leap-seconds.list", "iso3166.tab", "America"}) {
    EXPECT_FALSE(is_time_zone_name(name)) << name;
  }
}

TEST(IsTimeZoneName, RefusesOtherSpellings) {
  for (const auto name : {"utc", "Local", "+05:00", "PDT", "america/New_York", "America/new_york",
                          "America/New_York ", "America//New_York", "./UTC", "../zoneinfo/UTC",
                          "America/../UTC", "/UTC", "UTC/"}) {
    EXPECT_FALSE(is_time_zone_name(name)) << name;
  }
}

}  // namespace
}  // namespace tideway::record
