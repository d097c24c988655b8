#include <gtest/gtest.h>

#include "dataset/data_set.h"
#include "dataset/new_data_set.h"
#include "record/object_reader.h"
#include "record/schema/upload.h"

namespace tideway::dataset {
namespace {

// The request of docs/spec/datasets.md 6.
constexpr std::string_view kRequest =
    R"({"client":{"name":"org.example.uploader","version":"2.54.0",)"
    R"("private":{"os":"linux-x64","delta":{"lastRecord":42}}},)"
    R"("computerTime":"2024-05-01T08:00:05","conversionOffset":0,"dataSetType":"normal",)"
    R"("deduplicator":{"name":"org.tidepool.deduplicator.device.deactivate.hash",)"
    R"("version":"9.9.9"},)"
    R"("deviceId":"InsOmn-1234","deviceManufacturers":["Insulet","Abbott"],"deviceModel":"Eros",)"
    R"("deviceSerialNumber":"1234","deviceTags":["insulin-pump","bgm"],)"
    R"("time":"2024-05-01T08:00:04.5-07:00","timeProcessing":"utc-bootstrapping",)"
    R"("timezone":"US/Pacific","timezoneOffset":-420,"type":"upload","version":"2.54.0"})";

DataSet example() {
  record::ObjectReader reader;
  const auto body = reader.read(std::string(kRequest), record::upload());
  DataSet set = make_data_set(*body, "0a1b2c3d4e", {.user_id = "0a1b2c3d4e", .provenance = {}},
                              1'714'575'606'123)
                    .value();
  set.upload_id = set.id = "4f1d2c3b5a69788796a5b4c3d2e1f001";
  return set;
}

TEST(DataSetJson, IsTheAnswerOfTheSpec) {
  DataSet set = example();
  set.modified_ms = 1'714'575'606'131;
  EXPECT_EQ(
      set.json(),
      R"({"byUser":"0a1b2c3d4e",)"
      R"("client":{"name":"org.example.uploader","private":{"delta":{"lastRecord":42},"os":"linux-x64"},"version":"2.54.0"},)"
      R"("computerTime":"2024-05-01T08:00:05","conversionOffset":0,)"
      R"("createdTime":"2024-05-01T15:00:06.123Z","createdUserId":"0a1b2c3d4e","dataSetType":"normal",)"
      R"("deduplicator":{"name":"org.tidepool.deduplicator.device.deactivate.hash","version":"1.1.0"},)"
      R"("deviceId":"InsOmn-1234","deviceManufacturers":["Abbott","Insulet"],"deviceModel":"Eros","deviceSerialNumber":"1234",)"
      R"("deviceTags":["bgm","insulin-pump"],"id":"4f1d2c3b5a69788796a5b4c3d2e1f001","modifiedTime":"2024-05-01T15:00:06.131Z",)"
      R"("time":"2024-05-01T15:00:04.5Z","timeProcessing":"utc-bootstrapping","timezone":"US/Pacific","timezoneOffset":-420,)"
      R"("type":"upload","uploadId":"4f1d2c3b5a69788796a5b4c3d2e1f001","version":"2.54.0"})");
}

TEST(DataSetFetchJson, IsTheExampleOfTheSpec) {
  DataSet set = example();
  set.closing.emplace();
  set.active = true;
  set.revision = 3;
  EXPECT_EQ(
      set.fetch_json(),
      R"({"_dataState":"open","_deduplicator":{"name":"org.tidepool.deduplicator.device.deactivate.hash","version":"1.1.0"},"_state":"closed","byUser":"0a1b2c3d4e","client":{"name":"org.example.uploader","private":{"delta":{"lastRecord":42},"os":"linux-x64"},"version":"2.54.0"},"computerTime":"2024-05-01T08:00:05","conversionOffset":0,"createdUserId":"0a1b2c3d4e","dataSetType":"normal","deviceId":"InsOmn-1234","deviceManufacturers":["Abbott","Insulet"],"deviceModel":"Eros","deviceSerialNumber":"1234","deviceTags":["bgm","insulin-pump"],"id":"4f1d2c3b5a69788796a5b4c3d2e1f001","revision":3,"time":"2024-05-01T15:00:04.5Z","timeProcessing":"utc-bootstrapping","timezone":"US/Pacific","timezoneOffset":-420,"type":"upload","uploadId":"4f1d2c3b5a69788796a5b4c3d2e1f001","version":"2.54.0"})");
}

DataSet small_set() {
  DataSet set;
  set.upload_id = set.id = "u";
  set.revision = 1;
  set.time_ms = set.created_ms = set.modified_ms = 0;
  return set;
}

TEST(DataSetJson, LeavesOutWhatIsAbsent) {
  EXPECT_EQ(small_set().json(),
            R"({"createdTime":"1970-01-01T00:00:00Z","dataSetType":"normal",)"
            R"("deduplicator":{"name":"org.tidepool.deduplicator.none","version":"1.0.0"},)"
            R"("id":"u","modifiedTime":"1970-01-01T00:00:00Z","time":"1970-01-01T00:00:00Z",)"
            R"("type":"upload","uploadId":"u"})");
  EXPECT_EQ(small_set().fetch_json(),
            R"({"_dataState":"open",)"
            R"("_deduplicator":{"name":"org.tidepool.deduplicator.none","version":"1.0.0"},)"
            R"("_state":"open","dataSetType":"normal","id":"u","revision":1,)"
            R"("time":"1970-01-01T00:00:00Z","type":"upload","uploadId":"u"})");
}

TEST(DataSetJson, ShowsWhenItWasDeleted) {
  DataSet set = small_set();
  set.deleted_ms = 1'714'575'606'120;
  for (const std::string& json : {set.json(), set.fetch_json()}) {
    EXPECT_NE(json.find(R"("deletedTime":"2024-05-01T15:00:06.12Z")"), json.npos) << json;
  }
}

TEST(DataSetJson, ShowsNoTimeWhereNoneIs) {
  DataSet set = small_set();
  set.time_ms.reset();
  EXPECT_EQ(set.json().find("\"time\""), std::string::npos);
  EXPECT_EQ(set.fetch_json().find("\"time\""), std::string::npos);
}

TEST(DataSetJson, ShowsContinuousSets) {
  DataSet set = small_set();
  set.type = DataSet::Type::kContinuous;
  set.closing.emplace();
  EXPECT_NE(set.json().find(R"("dataSetType":"continuous")"), std::string::npos);
  EXPECT_NE(set.fetch_json().find(R"("_state":"closed")"), std::string::npos);
  EXPECT_NE(set.fetch_json().find(R"("_dataState":"open")"), std::string::npos);
}

TEST(DataSetJson, EscapesIds) {
  DataSet set = small_set();
  set.created_user_id = "a\"<";
  EXPECT_NE(set.json().find(R"("byUser":"a\"\u003c")"), std::string::npos);
}

}  // namespace
}  // namespace tideway::dataset
