#include "load/compare.h"

#include <gtest/gtest.h>

namespace tideway::load {
namespace {

constexpr std::string_view kSent =
    R"([{"type":"cbg","time":"2024-01-01T00:00:00Z","value":5.5,"tags":["a","b"]},)"
    R"({"type":"cbg","time":"2024-01-01T00:05:00Z","value":6}])";

Verification compared(std::string_view fetched, bool accepted = true,
                      std::string_view sent = kSent) {
  SetComparison comparison;
  comparison.expect(sent, accepted);
  return comparison.compare(fetched);
}

TEST(SetComparison, IsContentWhenAllIsThereAndMoreMembers) {
  const auto found = compared(
      R"([{"type":"upload","time":"2024-01-01T00:00:00Z"},)"
      R"({"type":"cbg","time":"2024-01-01T00:05:00Z","value":6.0,"id":"x","uploadId":"y"},)"
      R"({"type":"cbg","time":"2024-01-01T00:00:00Z","value":5.5,"tags":["a","b"]}])");
  EXPECT_TRUE(found.passed()) << found.first_problem;
  EXPECT_EQ(found.records, 2U);
  EXPECT_EQ(found.sets, 1U);
}

TEST(SetComparison, SeesWhatIsMissing) {
  const auto found = compared(R"([{"type":"cbg","time":"2024-01-01T00:05:00Z","value":6}])");
  EXPECT_FALSE(found.passed());
  EXPECT_EQ(found.missing, 1U);
  EXPECT_EQ(found.first_problem, "missing: cbg 2024-01-01T00:00:00Z");
}

TEST(SetComparison, SeesAnotherValueAndAMemberThatIsGone) {
  const auto found = compared(R"([{"type":"cbg","time":"2024-01-01T00:00:00Z","value":5.5},)"
                              R"({"type":"cbg","time":"2024-01-01T00:05:00Z","value":6.001}])");
  EXPECT_EQ(found.different, 2U);
  EXPECT_FALSE(found.passed());
}

TEST(SetComparison, LooksIntoArrays) {
  const auto found =
      compared(R"([{"type":"cbg","time":"2024-01-01T00:00:00Z","value":5.5,"tags":["a","c"]},)"
               R"({"type":"cbg","time":"2024-01-01T00:05:00Z","value":6}])");
  EXPECT_EQ(found.different, 1U);
}

TEST(SetComparison, SeesWhatIsThereTwiceOrWasNeverSent) {
  const auto found =
      compared(R"([{"type":"cbg","time":"2024-01-01T00:00:00Z","value":5.5,"tags":["a","b"]},)"
               R"({"type":"cbg","time":"2024-01-01T00:05:00Z","value":6},)"
               R"({"type":"cbg","time":"2024-01-01T00:05:00Z","value":6},)"
               R"({"type":"cbg","time":"2024-01-01T00:10:00Z","value":6}])");
  EXPECT_EQ(found.duplicated, 1U);
  EXPECT_EQ(found.unexpected, 1U);
  EXPECT_FALSE(found.passed());
}

TEST(SetComparison, AChunkWithoutAnAnswerMayBeThereOrNot) {
  EXPECT_TRUE(compared("[]", false).passed());
  EXPECT_TRUE(compared(kSent, false).passed());
  // But if it is there it has to be right.
  EXPECT_FALSE(
      compared(R"([{"type":"cbg","time":"2024-01-01T00:05:00Z","value":7}])", false).passed());
}

TEST(SetComparison, ABolusMayStandBesideItsWizard) {
  constexpr std::string_view kWizard =
      R"([{"type":"wizard","time":"2024-01-01T00:00:00Z","bolus":)"
      R"({"type":"bolus","time":"2024-01-01T00:00:00Z","normal":2}}])";
  EXPECT_TRUE(compared(R"([{"type":"wizard","time":"2024-01-01T00:00:00Z","bolus":"id"},)"
                       R"({"type":"bolus","time":"2024-01-01T00:00:00Z","normal":2}])",
                       true, kWizard)
                  .passed());
  const auto lost =
      compared(R"([{"type":"wizard","time":"2024-01-01T00:00:00Z","bolus":"id"}])", true, kWizard);
  EXPECT_EQ(lost.missing, 1U);
}

TEST(SetComparison, SaysWhenThereIsNothingToRead) {
  for (const char* body : {"", "nonsense", "{}", "[1]", R"([{"type":"cbg"}])"}) {
    EXPECT_EQ(compared(body).unreadable, 1U) << body;
  }
}

}  // namespace
}  // namespace tideway::load
