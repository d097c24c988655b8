#include "record/legacy.h"

#include <gmock/gmock.h>

namespace tideway::record {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string id_of(const std::string& record) {
  json::Parser parser;
  return legacy_id(parser.parse(record)->get_object().value_unsafe());
}

LegacyBody read(const std::string& body) {
  auto read = read_legacy_body(body);
  EXPECT_TRUE(read) << body;
  return read.value_or(LegacyBody());
}

// docs/spec/datatypes-common.md 2.4.
TEST(LegacyId, IsTheOneOfTheOldService) {
  EXPECT_EQ(id_of(R"({"type":"cbg","deviceId":"DexG6-8G12AB","time":"2024-03-10T08:05:00.000Z"})"),
            "gqs019de02qkk9qem1h3ac2b2m19qtfm");
}

TEST(LegacyId, ATimeWithAnOffsetIsWrittenAnewAndOneWithZIsNot) {
  const std::string before = R"({"type":"cbg","deviceId":"DexG6-8G12AB","time":")";
  const std::string as_stored = id_of(before + "2024-03-10T08:05:00.000Z\"}");
  EXPECT_EQ(id_of(before + "2024-03-10T09:05:00+01:00\"}"), as_stored);
  EXPECT_EQ(id_of(before + "2024-03-10T09:05:00.0+01:00\"}"), as_stored);
  EXPECT_NE(id_of(before + "2024-03-10T08:05:00Z\"}"), as_stored);
  EXPECT_EQ(id_of(before + "2024-03-10T09:05:00.25+01:00\"}"),
            id_of(before + "2024-03-10T08:05:00.250Z\"}"));
}

TEST(LegacyId, WhatTellsRecordsApartDependsOnTheType) {
  const auto differ = [](const std::string& type, const std::string& one,
                         const std::string& other) {
    const std::string base =
        R"({"deviceId":"d","time":"2024-03-10T08:05:00Z","type":")" + type + "\",";
    return id_of(base + one + "}") != id_of(base + other + "}");
  };
  EXPECT_TRUE(differ("basal", R"("deliveryType":"temp")", R"("deliveryType":"scheduled")"));
  EXPECT_TRUE(differ("bolus", R"("subType":"normal")", R"("subType":"square")"));
  EXPECT_TRUE(differ("deviceEvent", R"("subType":"alarm")", R"("subType":"prime")"));
  EXPECT_TRUE(differ("smbg", R"("value":5.5)", R"("value":5.6)"));
  EXPECT_FALSE(differ("cbg", R"("value":5.5)", R"("value":5.6)"));
  EXPECT_FALSE(differ("smbg", R"("units":"mg/dL","value":100)",
                      R"("units":"mmol/L","value":5.550747991045533)"));
}

TEST(LegacyBody, ASingleObjectCountsAsAnArrayOfOne) {
  const std::string record =
      R"({"type":"cbg","deviceId":"d","uploadId":"u","time":"2024-03-10T08:05:00Z"})";
  const auto one = read(record);
  const auto many = read("[" + record + "," + record + "]");
  ASSERT_EQ(one.records.size(), 1u);
  ASSERT_EQ(many.records.size(), 2u);
  EXPECT_EQ(one.records[0].id, many.records[1].id);
  EXPECT_EQ(one.records[0].upload_id, "u");
  EXPECT_FALSE(one.records[0].is_upload);
  EXPECT_THAT(one.records[0].json, HasSubstr(R"("id":")" + one.records[0].id));
  EXPECT_TRUE(read("[]").records.empty());
}

TEST(LegacyBody, OtherBodiesAreNone) {
  for (const char* body : {"", "null", "1", "\"x\"", "{", "[{}", "[]]"}) {
    EXPECT_FALSE(read_legacy_body(body)) << body;
  }
}

TEST(LegacyBody, EndsBeforeWhatCannotBeRead) {
  const std::string good = R"({"type":"cbg","deviceId":"d","uploadId":"u"},)";
  for (const auto& [bad, problem] :
       {std::pair("7", "a record must be an object"), std::pair("{}", "type must be a text"),
        std::pair(R"({"type":"cbg","uploadId":"u"})", "deviceId must be a text"),
        std::pair(R"({"type":"cbg","deviceId":"d","uploadId":1})", "uploadId must be a text"),
        std::pair(R"({"type":"cbg","deviceId":"d","uploadId":"u","_active":true})",
                  "_active is not for clients to set"),
        std::pair(R"({"type":"cbg","deviceId":"d","uploadId":"u","_version":1})",
                  "_version is not for clients to set")}) {
    const auto body = read("[" + good + bad + "," + good.substr(0, good.size() - 1) + "]");
    EXPECT_EQ(body.records.size(), 1u) << bad;
    EXPECT_EQ(body.problem, problem);
  }
}

TEST(LegacyBody, AnEmbeddedRecordGetsAnIdToo) {
  const std::string bolus =
      R"({"type":"bolus","subType":"normal","deviceId":"d","time":"2024-03-10T08:05:00Z"})";
  const auto body =
      read(R"({"type":"wizard","deviceId":"d","uploadId":"u","bolus":)" + bolus + "}");
  ASSERT_EQ(body.records.size(), 1u);
  EXPECT_THAT(body.records[0].json, HasSubstr(R"("bolus":{"id":")" + id_of(bolus) + "\""));
}

TEST(LegacyBody, AnIdOfTheClientsStays) {
  const auto body = read(
      R"({"type":"cbg","deviceId":"d","uploadId":"u","id":"0123456789abcdef0123456789\"bcdef"})");
  EXPECT_EQ(body.records[0].id, "0123456789abcdef0123456789\"bcdef");
  EXPECT_THAT(body.records[0].json, HasSubstr(R"("id":"0123456789abcdef0123456789\"bcdef")"));
}

// The schema of a data set is strict.
TEST(LegacyBody, OfAnUploadOnlyWhatADataSetHasIsKept) {
  const auto body = read(
      R"({"type":"upload","deviceId":"d","uploadId":"u","guid":"g","version":"2.64.0","id":"\"x"})");
  ASSERT_EQ(body.records.size(), 1u);
  EXPECT_TRUE(body.records[0].is_upload);
  EXPECT_EQ(body.records[0].version, "2.64.0");
  EXPECT_THAT(body.records[0].json, Not(HasSubstr("guid")));
  EXPECT_THAT(body.records[0].json, HasSubstr(R"("id":"\"x")"));
}

}  // namespace
}  // namespace tideway::record
