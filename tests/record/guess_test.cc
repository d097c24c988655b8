// Records whose type is said in unusual ways: the first guess at it must not decide.
#include <gtest/gtest.h>

#include "tests/record/reading.h"

namespace tideway::record {
namespace {

constexpr std::string_view kRest = R"("units":"mmol/L","value":6,"time":"2024-03-12T13:05:00Z")";

std::string with(std::string_view before, std::string_view behind) {
  return "[{" + std::string(before) + std::string(kRest) + std::string(behind) + "}]";
}

TEST(Guess, FindsTheTypeWhereverItStands) {
  const Lines expected = texts_of(with(R"("type":"cbg",)", ""));
  EXPECT_EQ(texts_of(with("", R"(,"type":"cbg")")), expected);
  EXPECT_EQ(texts_of(with(R"("type":"cbg",)", R"(,"type":"cbg")")), expected);
}

TEST(Guess, YieldsToALaterType) {
  const Lines expected = texts_of(with(R"("type":"smbg",)", ""));
  EXPECT_EQ(texts_of(with(R"("type":"cbg",)", R"(,"type":"smbg")")), expected);
  EXPECT_EQ(texts_of(with(R"("type":"nothing",)", R"(,"type":"smbg")")), expected);
  EXPECT_EQ(texts_of(with(R"("type":null,)", R"(,"type":"smbg")")), expected);
}

TEST(Guess, YieldsToALaterFault) {
  EXPECT_EQ(texts_of(with(R"("type":"cbg",)", R"(,"type":null)")),
            (Lines{"/0/type value does not exist"}));
  EXPECT_EQ(texts_of(with(R"("type":"cbg",)", R"(,"type":7)")), texts_of(with("", R"(,"type":7)")));
  EXPECT_EQ(texts_of(with(R"("type":"cbg",)", R"(,"type":"nothing")")),
            texts_of(with("", R"(,"type":"nothing")")));
}

TEST(Guess, LooksAtTheSecondDiscriminatorToo) {
  const auto bolus = [](std::string_view members) {
    return texts_of(R"([{"type":"bolus","time":"2024-03-12T13:05:00Z",)" + std::string(members) +
                    "}]");
  };
  const Lines expected = bolus(R"("subType":"normal","normal":1)");
  EXPECT_EQ(bolus(R"("subType":"square","normal":1,"subType":"normal")"), expected);
  EXPECT_NE(bolus(R"("subType":"square","normal":1)"), expected);
}

// The errors of a record that was guessed wrong carry the meta of what it is.
TEST(Guess, LeavesNothingBehind) {
  Reader reader;
  const auto batch = reader.read(
      R"([{"type":"cbg","value":"x","type":"smbg","time":"2024-03-12T13:05:00Z"}])", {});
  ASSERT_FALSE(batch);
  ASSERT_EQ(batch.error().errors.size(), 1U);
  EXPECT_EQ(batch.error().errors.front().meta, R"({"type":"smbg"})");
}

}  // namespace
}  // namespace tideway::record
