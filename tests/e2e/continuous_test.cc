// Continuous sets: one record now and then, for months.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ContinuousTest : public E2eTest {};

TEST_F(ContinuousTest, RecordsShowAtOnce) {
  const std::string set = client().open_set(kContinuousSet);
  EXPECT_THAT(texts_of(client().fetch(), "/uploadId"), ElementsAre(set)) << "the set alone";
  ASSERT_EQ(client().add(set, array_of({smbg("a", "D1", 1)})).status, 200u);
  EXPECT_THAT(names_in(client().fetch()), ElementsAre("a"));
  ASSERT_EQ(client().add(set, array_of({smbg("b", "D1", 2)})).status, 200u);
  EXPECT_THAT(names_in(client().fetch()), ElementsAre("a", "b"));
}

TEST_F(ContinuousTest, ItsOwnerCannotCloseIt) {
  const std::string set = client().open_set(kContinuousSet);
  EXPECT_EQ(client().close(set).status, 403u);
  EXPECT_EQ(client().add(set, array_of(numbered(1))).status, 200u);
}

TEST_F(ContinuousTest, AnEmptyArrayIsNothing) {
  const std::string set = client().open_set(kContinuousSet);
  for (const std::string body : {"[]", "null", " [ ] ", "[null,null]"}) {
    EXPECT_EQ(client().add(set, body).status, 200u) << body;
  }
  EXPECT_THAT(names_in(client().fetch()), IsEmpty());
}

// Small uploads share a block that is written again and again until it is full: what is in it must
// neither move nor change its id.
TEST_F(ContinuousTest, HundredsOfSingleRecordsStayInOrder) {
  constexpr int kCount = 300;
  const std::string set = client().open_set(kContinuousSet);
  std::vector<std::string> expected;  // newest first, as they are fetched
  std::vector<std::string> ids;
  for (int i = 0; i < kCount; ++i) {
    const std::string name = fmt::format("{:03}", i);
    ASSERT_EQ(client().add(set, array_of({smbg(name, "D1", i)})).status, 200u);
    expected.insert(expected.begin(), name);
    if (i % 37 != 0) continue;
    // The ids given so far have stayed.
    const auto now = texts_of(client().fetch("type=smbg"), "/id");
    ASSERT_EQ(now.size(), expected.size());
    ASSERT_TRUE(std::equal(ids.rbegin(), ids.rend(), now.rbegin())) << "after " << i;
    ids = now;
  }
  const std::string before = client().fetch("type=smbg");
  EXPECT_EQ(texts_of(before, "/payload/name"), expected);
  restart();
  EXPECT_EQ(client().fetch("type=smbg"), before);
  ASSERT_EQ(client().add(set, array_of({smbg("last", "D1", kCount)})).status, 200u);
  expected.insert(expected.begin(), "last");
  EXPECT_EQ(texts_of(client().fetch("type=smbg"), "/payload/name"), expected);
}

}  // namespace
}  // namespace tideway::e2e
