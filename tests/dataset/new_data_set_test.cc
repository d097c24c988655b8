#include "dataset/new_data_set.h"

#include <gtest/gtest.h>

#include "record/object_reader.h"
#include "record/schema/upload.h"
#include "tests/dataset/samples.h"

namespace tideway::dataset {
namespace {

const std::string kNone = R"("deduplicator":{"name":"org.tidepool.deduplicator.none"})";

/// The set that a body opens, its members given without braces.
std::expected<DataSet, Errors> make(const std::string& members, std::string_view creator = kUser) {
  record::ObjectReader reader;
  const auto body = reader.read('{' + members + '}', record::upload());
  if (!body) return std::unexpected(body.error().errors);
  return make_data_set(*body, kUser,
                       {.user_id = creator, .provenance = {"client", "user", "198.51.100.7"}},
                       kNoonMs);
}

std::string error_of(const std::string& members) {
  const auto set = make(members);
  if (set) return "none";
  std::string out;
  for (const Error& error : set.error()) {
    out += error.pointer + ' ' + error.code + ' ' + error.detail + '\n';
  }
  return out;
}

TEST(MakeDataSet, SetsWhatTheServerKnows) {
  const DataSet set = make(kNone).value();
  EXPECT_EQ(set.user_id, kUser);
  EXPECT_EQ(set.created_user_id, kUser);
  EXPECT_EQ(set.created_ms, kNoonMs);
  EXPECT_EQ(set.modified_ms, kNoonMs);
  EXPECT_EQ(set.time_ms, kNoonMs);
  EXPECT_EQ(set.deleted_ms, std::nullopt);
  EXPECT_FALSE(set.is_closed());
  EXPECT_EQ(set.revision, 1U);
  EXPECT_EQ(set.block_count, 0U);
  EXPECT_EQ(set.record_count, 0U);
  EXPECT_EQ(set.upload_id, "");
  EXPECT_EQ(set.id, "");
  EXPECT_EQ(set.provenance.client_id, "client");
  EXPECT_EQ(set.provenance.by_user_id, "user");
  EXPECT_EQ(set.provenance.source_ip, "198.51.100.7");
  EXPECT_TRUE(set.members.empty());
}

TEST(MakeDataSet, IsNormalUnlessSaidOtherwise) {
  const DataSet normal = make(kNone).value();
  EXPECT_EQ(normal.type, DataSet::Type::kNormal);
  EXPECT_FALSE(normal.active);
  EXPECT_EQ(make(kNone + R"(,"dataSetType":"normal")")->type, DataSet::Type::kNormal);
  const DataSet continuous = make(kNone + R"(,"dataSetType":"continuous")").value();
  EXPECT_EQ(continuous.type, DataSet::Type::kContinuous);
  EXPECT_TRUE(continuous.active);
}

TEST(MakeDataSet, ReadsTimes) {
  const auto time_of = [](const std::string& time) {
    return make(kNone + R"(,"time":")" + time + '"')->time_ms;
  };
  EXPECT_EQ(time_of("2024-05-01T05:00:00-07:00"), kNoonMs);
  EXPECT_EQ(time_of("2024-05-01T12:00:00.0019Z"), kNoonMs + 1);
  EXPECT_EQ(time_of("0001-01-01T00:00:00Z"), std::nullopt);
  EXPECT_EQ(make(kNone + R"(,"deletedTime":"2024-05-01T12:00:00Z")")->deleted_ms, kNoonMs);
}

TEST(MakeDataSet, IgnoresWhatTheServerSets) {
  const DataSet set = make(kNone + R"(,"byUser":"x","createdUserId":"y","type":"cbg",)"
                                   R"("createdTime":"2000-01-01T00:00:00Z",)"
                                   R"("modifiedTime":"2000-01-01T00:00:00Z")")
                          .value();
  EXPECT_EQ(set.created_user_id, kUser);
  EXPECT_EQ(set.created_ms, kNoonMs);
  EXPECT_EQ(set.modified_ms, kNoonMs);
  EXPECT_TRUE(set.members.empty());
}

TEST(MakeDataSet, LetsAServiceNameTheCreator) {
  EXPECT_EQ(make(kNone + R"(,"createdUserId":"y")", "")->created_user_id, "y");
  EXPECT_EQ(make(kNone, "")->created_user_id, "");
}

TEST(MakeDataSet, KeepsMembersInOrderOfTheirNames) {
  const DataSet set =
      make(kNone +
           R"(,"version":"1.2.3","deviceTags":["cgm","bgm"],"deviceId":"D1",)"
           R"("deviceManufacturers":["B","A"],"deviceModel":"M","payload":{"b":null,"a":1.0},)"
           R"("client":{"version":"2","name":"n","other":1},"timezoneOffset":-420.0)")
          .value();
  std::string shown;
  for (const Member& member : set.members) shown += member.name + '=' + member.json + '\n';
  EXPECT_EQ(shown,
            "client={\"name\":\"n\",\"version\":\"2\"}\n"
            "deviceId=\"D1\"\n"
            "deviceManufacturers=[\"A\",\"B\"]\n"
            "deviceModel=\"M\"\n"
            "deviceTags=[\"bgm\",\"cgm\"]\n"
            "payload={\"a\":1}\n"
            "timezoneOffset=-420\n"
            "version=\"1.2.3\"\n");
  EXPECT_EQ(set.device_id, "D1");
  EXPECT_EQ(set.device_model, "M");
  EXPECT_EQ(set.client_name, "n");
  EXPECT_EQ(set.device_manufacturers.size(), 2U);
}

TEST(MakeDataSet, TakesTheNamedDeduplicator) {
  const auto named = [](const std::string& name) {
    return make(R"("deduplicator":{"name":")" + name + "\"}")->deduplicator;
  };
  EXPECT_EQ(named("org.tidepool.deduplicator.none"), Deduplicator::kNone);
  EXPECT_EQ(named("org.tidepool.continuous"), Deduplicator::kNone);
  EXPECT_EQ(named("org.tidepool.hash-deactivate-old"), Deduplicator::kDeviceDeactivateHash);
  EXPECT_EQ(named("org.tidepool.deduplicator.dataset.drop.hash"), Deduplicator::kDataSetDropHash);
}

// With a name, device and type are not looked at.
TEST(MakeDataSet, PrefersTheNameToTheDevice) {
  const std::string device =
      R"(,"deviceId":"D1","deviceModel":"523","deviceManufacturers":["Medtronic"])";
  EXPECT_EQ(make(kNone + device)->deduplicator, Deduplicator::kNone);
  EXPECT_EQ(make(R"("deduplicator":{})" + device)->deduplicator,
            Deduplicator::kDeviceDeactivateHash);
  EXPECT_EQ(make(R"("deduplicator":null)" + device)->deduplicator,
            Deduplicator::kDeviceDeactivateHash);
  EXPECT_EQ(make(R"("dataSetType":"continuous","deduplicator":)"
                 R"({"name":"org.tidepool.deduplicator.device.deactivate.hash"})")
                ->deduplicator,
            Deduplicator::kDeviceDeactivateHash);
}

TEST(MakeDataSet, FailsWhenNoDeduplicatorCanBeTold) {
  const std::string none = "/deduplicator/name value-not-exists value does not exist\n";
  EXPECT_EQ(error_of(""), none);
  EXPECT_EQ(error_of(R"("deduplicator":{})"), none);
  EXPECT_EQ(error_of(R"("deviceModel":"523","deviceManufacturers":["Medtronic"])"), none);
  const std::string unknown = error_of(R"("deduplicator":{"name":"org.example"})");
  EXPECT_TRUE(
      unknown.starts_with("/deduplicator/name value-not-allowed value \"org.example\" is "
                          "not one of [\"org.tidepool.deduplicator."))
      << unknown;
}

TEST(MakeDataSet, TakesTheIdsOfTheClient) {
  const std::string hex = "0123456789abcdef0123456789abcdef";
  const std::string letters = "z123456789abcdef0123456789abcdef";
  const auto ids_of = [](const std::string& members) {
    const auto set = make(kNone + members);
    return set ? set->upload_id + '|' + set->id : "error";
  };
  EXPECT_EQ(ids_of(R"(,"uploadId":"upid_0123456789ab")"), "upid_0123456789ab|");
  EXPECT_EQ(ids_of(R"(,"id":")" + hex + '"'), hex + '|' + hex);
  EXPECT_EQ(ids_of(R"(,"uploadId":"upid_0123456789ab","id":")" + letters + '"'),
            "upid_0123456789ab|" + letters);
  EXPECT_EQ(ids_of(R"(,"uploadId":null)"), "|");
}

TEST(MakeDataSet, RefusesIdsThatAreNoSetIds) {
  EXPECT_EQ(error_of(kNone + R"(,"uploadId":"x")"),
            "/uploadId value-not-valid value \"x\" is not valid as data set id\n");
  EXPECT_EQ(error_of(kNone + R"(,"uploadId":"")"),
            "/uploadId value-not-valid value \"\" is not valid as data set id\n");
  EXPECT_EQ(error_of(kNone + R"(,"id":"z123456789abcdef0123456789abcdef")"),
            "/id value-not-valid value \"z123456789abcdef0123456789abcdef\" is not valid as data "
            "set id\n");
}

}  // namespace
}  // namespace tideway::dataset
