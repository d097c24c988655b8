// Distances between words, and when the nearest one is worth a hint.
#include "cli/suggestion.h"

#include <gtest/gtest.h>

#include <vector>

namespace tideway::cli {
namespace {

TEST(EditDistance, CountsEachKindOfSlip) {
  EXPECT_EQ(edit_distance("listen", "listen"), 0u);
  EXPECT_EQ(edit_distance("lisen", "listen"), 1u);
  EXPECT_EQ(edit_distance("listten", "listen"), 1u);
  EXPECT_EQ(edit_distance("lipten", "listen"), 1u);
  EXPECT_EQ(edit_distance("litsen", "listen"), 1u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
}

TEST(EditDistance, IsTheSameBothWays) {
  const std::vector<std::string> words{"", "a", "data_dir", "datadir", "dtaa_dir", "demo"};
  for (const auto& left : words) {
    for (const auto& right : words) {
      EXPECT_EQ(edit_distance(left, right), edit_distance(right, left)) << left << " " << right;
    }
  }
}

TEST(Suggest, TakesTheNearest) {
  const std::vector<std::string> names{"data_dir", "demo", "listen"};
  EXPECT_EQ(suggest("datadir", names), "data_dir");
  EXPECT_EQ(suggest("dmeo", names), "demo");
  EXPECT_EQ(suggest("listen_", names), "listen");
}

TEST(Suggest, KeepsQuietWhenNothingIsNear) {
  const std::vector<std::string> names{"data_dir", "demo"};
  EXPECT_EQ(suggest("frobnicate", names), std::nullopt);
  EXPECT_EQ(suggest("x", {}), std::nullopt);
}

}  // namespace
}  // namespace tideway::cli
