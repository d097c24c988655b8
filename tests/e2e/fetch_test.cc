// GET /data/{userId} with its filters (docs/spec/fetch.md).
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::string cbg(std::string_view name, std::string_view device_id, std::string_view time) {
  return fmt::format(R"({{"type":"cbg","time":"{}","deviceId":"{}","units":"mmol/L","value":6,)"
                     R"("payload":{{"name":"{}"}}}})",
                     time, device_id, name);
}

std::string bolus(std::string_view name, std::string_view device_id, std::string_view time) {
  return fmt::format(
      R"({{"type":"bolus","subType":"normal","time":"{}","deviceId":"{}","normal":1.5,)"
      R"("payload":{{"name":"{}"}}}})",
      time, device_id, name);
}

class FetchTest : public E2eTest {
 protected:
  FetchTest() {
    first_ = client().open_set(kContinuousSet);
    second_ = client().open_set(kContinuousSet);
    add(first_, {cbg("c1", "D1", "2024-05-01T10:00:00Z"), cbg("c2", "D1", "2024-05-01T11:00:00Z"),
                 cbg("c3", "D2", "2024-05-01T12:00:00.5Z")});
    add(second_, {bolus("b1", "D1", "2024-05-01T10:30:00Z"),
                  bolus("b2", "D2", "2024-05-01T13:00:00+02:00")});
  }

  void add(const std::string& set, const std::vector<std::string>& records) {
    EXPECT_EQ(client().add(set, array_of(records)).status, 200u);
  }

  std::vector<std::string> names(std::string_view query) { return names_in(client().fetch(query)); }

  std::string first_;
  std::string second_;
};

TEST_F(FetchTest, GivesRecordsAndSets) {
  const std::string all = client().fetch();
  EXPECT_THAT(names_in(all), ElementsAre("b1", "b2", "c1", "c2", "c3"));
  EXPECT_EQ(count_of(all), 7u);
  EXPECT_TRUE(all.starts_with("[\n{") && all.ends_with("}\n]")) << all;
}

TEST_F(FetchTest, ByType) {
  EXPECT_THAT(names("type=cbg"), ElementsAre("c1", "c2", "c3"));
  EXPECT_THAT(names("type=cbg,bolus"), ElementsAre("b1", "b2", "c1", "c2", "c3"));
  EXPECT_EQ(client().fetch("type=smbg"), "[]");
  EXPECT_EQ(client().fetch("type=CBG"), "[]");
  EXPECT_THAT(texts_of(client().fetch("type=upload"), "/uploadId"),
              UnorderedElementsAre(first_, second_));
  EXPECT_THAT(names("subType=normal"), ElementsAre("b1", "b2"));
}

TEST_F(FetchTest, ByTimeBothEndsIncluded) {
  EXPECT_THAT(names("startDate=2024-05-01T11:00:00Z"), ElementsAre("b2", "c2", "c3"));
  EXPECT_THAT(names("endDate=2024-05-01T11:00:00.000Z"), ElementsAre("b1", "b2", "c1", "c2"));
  EXPECT_THAT(names("startDate=2024-05-01T10:30:00Z&endDate=2024-05-01T11:00:00Z"),
              ElementsAre("b1", "b2", "c2"));
  EXPECT_THAT(names("startDate=2024-05-01T13:00:00%2B02:00&type=cbg"), ElementsAre("c2", "c3"));
  EXPECT_THAT(names("startDate=2024-05-01T12:00:00.501Z"), IsEmpty());
}

TEST_F(FetchTest, ByDeviceAndSet) {
  EXPECT_THAT(names("deviceId=D1"), ElementsAre("b1", "c1", "c2"));
  EXPECT_THAT(names("deviceId=D2&type=cbg"), ElementsAre("c3"));
  EXPECT_EQ(client().fetch("deviceId=D9"), "[]");
  EXPECT_THAT(names("uploadId=" + first_), ElementsAre("c1", "c2", "c3"));
  EXPECT_THAT(names("uploadId=" + second_ + "&deviceId=D2"), ElementsAre("b2"));
  EXPECT_EQ(client().fetch("uploadId=0123456789abcdef0123456789abcdef"), "[]");
}

TEST_F(FetchTest, LatestOfEachType) {
  EXPECT_THAT(names("latest=true"), ElementsAre("b2", "c3"));
  EXPECT_THAT(texts_of(client().fetch("latest=true&type=cbg,bolus"), "/payload/name"),
              ElementsAre("c3", "b2"));
  EXPECT_THAT(names("latest=true&deviceId=D1"), ElementsAre("b1", "c2"));
  EXPECT_THAT(names("latest=true&endDate=2024-05-01T10:59:59Z"), ElementsAre("b1", "c1"));
  EXPECT_EQ(names("latest=false").size(), 5u);
}

TEST_F(FetchTest, BadParametersAreTheClientsMistake) {
  for (const std::string query : {"startDate=yesterday", "endDate=2024-05-01",
                                  "latest=", "latest=2", "startDate=2024-05-01T11:00:00+02:00"}) {
    const Reply reply = client().ask("GET", fmt::format("/data/{}?{}", user_id_, query));
    EXPECT_EQ(reply.status, 400u) << query;
    EXPECT_EQ(text_at(reply.body, "/code"), "invalid_parameters") << query;
    EXPECT_EQ(text_at(reply.body, "/message"), "one or more parameters are invalid") << query;
  }
  EXPECT_EQ(names("unknown=1&type=cbg").size(), 3u);
}

TEST_F(FetchTest, AnswersAsStreamInGzipToo) {
  const std::string set = client().open_set(kContinuousSet);
  ASSERT_EQ(client().add(set, array_of(numbered(3000))).status, 200u);
  const Reply reply = client().ask("GET", "/data/" + user_id_ + "?type=smbg");
  ASSERT_EQ(reply.status, 200u);
  EXPECT_EQ(value_of(reply, "Content-Type"), "application/json");
  EXPECT_TRUE(reply.chunked);
  EXPECT_EQ(count_of(reply.body), 3000u);
}

}  // namespace
}  // namespace tideway::e2e
