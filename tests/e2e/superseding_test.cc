// device.deactivate.hash: what a later set of the same device repeats is shown once
// (docs/spec/datasets.md 15 and 16).
#include <gmock/gmock.h>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::ElementsAre;
using testing::IsSubsetOf;

class SupersedingTest : public E2eTest {
 protected:
  std::string filled(std::string_view device_id, const std::vector<std::string>& records) {
    const std::string set = client().open_set(hash_set(device_id));
    EXPECT_EQ(client().add(set, array_of(records)).status, 200u);
    return set;
  }

  void close(const std::string& set) { ASSERT_EQ(client().close(set).status, 200u); }

  std::vector<std::string> visible() { return names_in(client().fetch()); }

  static std::vector<std::string> of_a() {
    return {smbg("a1", "D1", 1), smbg("a2", "D1", 2), smbg("a3", "D1", 3)};
  }
  static std::vector<std::string> of_b() {
    return {smbg("b2", "D1", 2), smbg("b3", "D1", 3), smbg("b4", "D1", 4)};
  }
};

TEST_F(SupersedingTest, TheSecondOfTwoOverlappingSetsWins) {  // S1
  const std::string a = filled("D1", of_a());
  close(a);
  EXPECT_THAT(visible(), ElementsAre("a1", "a2", "a3"));
  const std::string b = filled("D1", of_b());
  EXPECT_THAT(visible(), ElementsAre("a1", "a2", "a3")) << "nothing happens before closing";
  close(b);
  EXPECT_THAT(visible(), ElementsAre("a1", "b2", "b3", "b4"));
  EXPECT_THAT((std::vector{a, b}),
              IsSubsetOf(texts_of(client().fetch("type=upload"), "/uploadId")));
  restart();
  EXPECT_THAT(visible(), ElementsAre("a1", "b2", "b3", "b4"));
}

TEST_F(SupersedingTest, TheOrderOfClosingDecides) {
  const std::string a = filled("D1", of_a());
  const std::string b = filled("D1", of_b());
  close(b);
  close(a);
  EXPECT_THAT(visible(), ElementsAre("a1", "a2", "a3", "b4"));
}

TEST_F(SupersedingTest, ChainsOfSetsShowTheLastOnly) {  // S4
  for (const std::string name : {"a1", "b1", "c1"}) close(filled("D1", {smbg(name, "D1", 1)}));
  EXPECT_THAT(visible(), ElementsAre("c1"));
}

TEST_F(SupersedingTest, ABlockSentTwiceShowsTwice) {  // S7
  close(filled("D1", {smbg("a2", "D1", 2)}));
  const std::string b = filled("D1", {smbg("b2", "D1", 2)});
  ASSERT_EQ(client().add(b, array_of({smbg("b2-again", "D1", 2)})).status, 200u);
  close(b);
  EXPECT_THAT(visible(), ElementsAre("b2", "b2-again"));
}

TEST_F(SupersedingTest, AnotherValueIsAnotherRecord) {  // S8
  close(filled("D1", {smbg("a", "D1", 1, 5.5)}));
  close(filled("D1", {smbg("b", "D1", 1, 5.6)}));
  EXPECT_THAT(visible(), ElementsAre("a", "b"));
}

TEST_F(SupersedingTest, OtherDevicesKeepTheirRecords) {
  close(filled("D2", {smbg("other-1", "D2", 1), smbg("other-2", "D2", 2)}));
  close(filled("D1", of_a()));
  // A record of D2 in a set of D1 supersedes nothing: only the records of the set's own device do.
  auto records = of_b();
  records.push_back(smbg("stray-2", "D2", 2));
  close(filled("D1", records));
  EXPECT_THAT(visible(), ElementsAre("a1", "b2", "b3", "b4", "other-1", "other-2", "stray-2"));
}

TEST_F(SupersedingTest, OtherUsersKeepTheirRecords) {
  close(filled("D1", of_a()));
  add_user(data_dir(), "other@example.org", "battery-staple");
  ApiClient other = stranger();
  ASSERT_EQ(other.log_in("other@example.org", "battery-staple").status, 200u);
  const std::string set = other.open_set(hash_set("D1"));
  ASSERT_EQ(other.add(set, array_of(of_b())).status, 200u);
  ASSERT_EQ(other.close(set).status, 200u);
  EXPECT_THAT(visible(), ElementsAre("a1", "a2", "a3"));
  EXPECT_THAT(names_in(other.fetch()), ElementsAre("b2", "b3", "b4"));
}

TEST_F(SupersedingTest, RecordsNeedADeviceId) {
  const std::string set = client().open_set(hash_set("D1"));
  const Reply reply = client().add(
      set, R"([{"type":"smbg","time":"2024-05-01T00:00:00Z","units":"mmol/L","value":5.5}])");
  EXPECT_EQ(reply.status, 400u);
  EXPECT_TRUE(same_json(R"({"code":"value-not-exists","title":"value does not exist",)"
                        R"("detail":"value does not exist","source":{"pointer":"/0/deviceId"},)"
                        R"("meta":{"type":"smbg"}})",
                        reply.body))
      << reply.body;
}

}  // namespace
}  // namespace tideway::e2e
