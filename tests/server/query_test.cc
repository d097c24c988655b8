#include "server/query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tideway::server {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(StrictQuery, KeepsOrderAndRepetition) {
  const auto query = parse_query_strict("b=1&a=2&b=3");
  ASSERT_TRUE(query);
  EXPECT_THAT(*query, ElementsAre(Pair("b", "1"), Pair("a", "2"), Pair("b", "3")));
  EXPECT_EQ(query->count("b"), 2U);
  EXPECT_EQ(query->first("b"), "1");
  EXPECT_EQ(query->last("b"), "3");
  EXPECT_EQ(query->count("c"), 0U);
  EXPECT_EQ(query->first("c"), std::nullopt);
  EXPECT_EQ(query->last("c"), std::nullopt);
}

TEST(StrictQuery, DecodesNamesAndValues) {
  const auto query = parse_query_strict("client%2Ename=a+b%2Bc%3b%c3%A9&x=%26%3D");
  ASSERT_TRUE(query);
  EXPECT_THAT(*query, ElementsAre(Pair("client.name", "a b+c;\xc3\xa9"), Pair("x", "&=")));
}

TEST(StrictQuery, ValuesMayBeEmptyAbsentOrHoldEqualsSigns) {
  const auto query = parse_query_strict("size=&flag&eq=a=b&=v");
  ASSERT_TRUE(query);
  EXPECT_THAT(*query,
              ElementsAre(Pair("size", ""), Pair("flag", ""), Pair("eq", "a=b"), Pair("", "v")));
}

TEST(StrictQuery, EmptyPairsAreNothing) {
  EXPECT_TRUE(parse_query_strict("")->empty());
  EXPECT_THAT(*parse_query_strict("&&a=1&"), ElementsAre(Pair("a", "1")));
}

TEST(StrictQuery, NamesAreCaseSensitive) {
  EXPECT_EQ(parse_query_strict("Size=1")->count("size"), 0U);
}

class BadPair : public testing::TestWithParam<std::string> {};

TEST_P(BadPair, IsAnErrorInTheStrictReading) {
  EXPECT_FALSE(parse_query_strict("a=1&" + GetParam() + "&b=2")) << GetParam();
  EXPECT_FALSE(parse_query_strict(GetParam())) << GetParam();
}

TEST_P(BadPair, IsDroppedInTheLenientReading) {
  EXPECT_THAT(parse_query_lenient("a=1&" + GetParam() + "&b=2"),
              ElementsAre(Pair("a", "1"), Pair("b", "2")))
      << GetParam();
}

INSTANTIATE_TEST_SUITE_P(All, BadPair,
                         testing::Values("x=%", "x=%4", "x=%zz", "x=%4g", "%q=1", "%", "x;y", ";",
                                         "x=1;y=2", "x=%%41"));

TEST(LenientQuery, ReadsGoodPairsLikeTheStrictOne) {
  EXPECT_THAT(parse_query_lenient("type=cbg,smbg&startDate=2024-01-01T00%3A00+x&l"),
              ElementsAre(Pair("type", "cbg,smbg"), Pair("startDate", "2024-01-01T00:00 x"),
                          Pair("l", "")));
}

}  // namespace
}  // namespace tideway::server
