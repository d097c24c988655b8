#include "server/http.h"

#include <gtest/gtest.h>

namespace tideway::server {
namespace {

TEST(Headers, FindsTheFirstWithoutRegardToCase) {
  Headers headers;
  headers.add("X-Tidepool-Session-Token", "a");
  headers.add("x-tidepool-session-token", "b");
  EXPECT_EQ(headers.find("X-TIDEPOOL-SESSION-TOKEN"), "a");
  EXPECT_EQ(headers.count("x-Tidepool-Session-Token"), 2U);
}

TEST(Headers, FindsNothingWhereNothingIs) {
  Headers headers;
  headers.add("Accept-Encoding", "gzip");
  EXPECT_EQ(headers.find("Accept"), std::nullopt);
  EXPECT_EQ(headers.count("Accept-Encoding2"), 0U);
}

TEST(Headers, TellsAnEmptyValueFromNone) {
  Headers headers;
  headers.add("Authorization", "");
  EXPECT_EQ(headers.find("Authorization"), "");
}

TEST(Headers, SetReplacesEveryFieldOfTheName) {
  Headers headers;
  headers.add("Vary", "a");
  headers.add("Date", "d");
  headers.add("vary", "b");
  headers.set("VARY", "c");
  EXPECT_EQ(headers.count("Vary"), 1U);
  EXPECT_EQ(headers.find("Vary"), "c");
  EXPECT_EQ(headers.find("Date"), "d");
}

TEST(Headers, SetMayTakeItsValueFromTheFieldThatItReplaces) {
  Headers headers;
  headers.add("Origin", "https://a-name-longer-than-a-small-string.example");
  headers.set("origin", *headers.find("Origin"));
  EXPECT_EQ(headers.find("Origin"), "https://a-name-longer-than-a-small-string.example");
}

TEST(Headers, RemoveTakesAllOfTheName) {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", "2");
  headers.add("a", "3");
  headers.remove("A");
  EXPECT_EQ(headers.count("a"), 0U);
  EXPECT_EQ(headers.find("B"), "2");
}

TEST(Headers, KeepsTheOrder) {
  Headers headers;
  headers.add("B", "1");
  headers.add("A", "2");
  std::string names;
  for (const auto& [name, value] : headers) names += name + value;
  EXPECT_EQ(names, "B1A2");
}

}  // namespace
}  // namespace tideway::server
