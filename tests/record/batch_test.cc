#include "record/batch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "base/ids.h"
#include "record/parse.h"
#include "tests/record/reading.h"

namespace tideway::record {
namespace {

const std::string kSmbg =
    R"({"type":"smbg","units":"mmol/L","value":5.5,"time":"2024-03-12T13:05:00Z","deviceId":"M9"})";

Refusal::Kind refusal_of(const std::string& body) {
  Reader reader;
  return reader.read(body, {}).error().kind;
}

// docs/spec/datatypes-common.md 1.1
TEST(Reader, TakesEmptyBodies) {
  for (const char* const body : {"[]", "null", " [ ] ", "[null]", "[null,null]"}) {
    Reader reader;
    const auto batch = reader.read(body, {});
    ASSERT_TRUE(batch) << body;
    EXPECT_TRUE(batch->records.empty()) << body;
  }
}

TEST(Reader, RefusesWhatIsNoArray) {
  for (const char* const body :
       {"", " ", "{}", "5", "\"x\"", "true", "[", "[1e400]", "[]x", "[{]", "nul"}) {
    EXPECT_EQ(refusal_of(body), Refusal::Kind::kMalformed) << body;
  }
}

TEST(Reader, RefusesElementsThatAreNoObjects) {
  EXPECT_EQ(
      errors_of(R"([5,"x",[],true])"),
      (Lines{"/0 type is not object, but float64", "/1 type is not object, but string",
             "/2 type is not object, but []interface {}", "/3 type is not object, but bool"}));
}

TEST(Reader, GivesTheHeaderOfARecord) {
  Reader reader;
  const std::string body =
      R"([{"type":"smbg","subType":"manual","units":"mg/dL","value":100,"deviceId":"M9",)"
      R"("id":"gqs019de02qkk9qem1h3ac2b2m19qtfm","source":"carelink","origin":{"id":"o1"},)"
      R"("time":"2024-03-12T09:05:00.2509-04:00"}])";
  const auto batch = reader.read(body, {.with_identity = true});
  ASSERT_TRUE(batch);
  const Record& record = batch->records.at(0);
  EXPECT_EQ(record.time_ms, 1710248700250);
  EXPECT_EQ(record.type, "smbg");
  EXPECT_EQ(record.sub_type, "manual");
  EXPECT_EQ(record.device_id, "M9");
  EXPECT_EQ(record.id, "gqs019de02qkk9qem1h3ac2b2m19qtfm");
  EXPECT_EQ(record.origin_id, "o1");
  EXPECT_TRUE(record.is_carelink);
  EXPECT_EQ(record.identity, "2024-03-12T09:05:00.2509-04:00|smbg|mmol/L|5.55075");
}

TEST(Reader, LeavesAbsentPartsOfTheHeaderEmpty) {
  Reader reader;
  const std::string body = R"([{"type":"food","time":"2024-03-12T13:05:00Z","origin":{}}])";
  const auto batch = reader.read(body, {});
  ASSERT_TRUE(batch);
  const Record& record = batch->records.at(0);
  EXPECT_EQ(record.sub_type, "");
  EXPECT_EQ(record.device_id, "");
  EXPECT_EQ(record.id, "");
  EXPECT_EQ(record.origin_id, "");
  EXPECT_FALSE(record.is_carelink);
  EXPECT_EQ(record.identity, "");
}

TEST(Reader, CutsTheTextWhereTheServersMembersGo) {
  Reader reader;
  const std::string body =
      R"([{"type":"smbg","units":"mmol/L","value":5.5,"time":"2024-03-12T13:05:00Z",)"
      R"("deviceId":"M9","id":"0123456789abcdef0123456789abcdef","notes":["n"],"tags":["t"]}])";
  const auto batch = reader.read(body, {});
  ASSERT_TRUE(batch);
  std::string_view rest = batch->records.at(0).text;
  Lines segments;
  for (const uint32_t size : batch->records[0].segment_sizes) {
    segments.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  EXPECT_EQ(rest, "");
  EXPECT_EQ(segments, (Lines{R"("deviceId":"M9",)", R"("notes":["n"],)",
                             R"("tags":["t"],"time":"2024-03-12T13:05:00Z","type":"smbg",)"
                             R"("units":"mmol/L",)",
                             R"(,"value":5.5)"}));
}

// The request of docs/spec/datatypes-common.md 5.2 and the record that it leads to.
TEST(Reader, NormalisesTheExampleOfTheSpec) {
  EXPECT_EQ(
      texts_of(
          R"([{"type":"cbg","units":"mg/dl","value":120,"trend":"slowRise","trendRate":1.5,)"
          R"("trendRateUnits":"mg/dL/minute","sampleInterval":300000,"backfilled":false,)"
          R"("time":"2024-03-12T09:05:00.250-04:00","deviceTime":"2024-03-12T09:05:00",)"
          R"("timezone":"America/New_York","timezoneOffset":-240,"clockDriftOffset":0,)"
          R"("conversionOffset":0,"deviceId":"DexG6-8G12AB","tags":["overnight","calibrated"],)"
          R"("notes":[],"annotations":[{"threshold":40,"code":"bg/out-of-range","value":"low"}],)"
          R"("origin":{"id":"a1b2","name":"com.example.bridge","type":"application",)"
          R"("version":"3.1","time":"2024-03-12T13:05:02.000Z","payload":{"b":1.0,"a":null}},)"
          R"("payload":{"raw":"<7F>","n":5.50},"guid":"x","uploadId":"ignored",)"
          R"("createdTime":"2020-01-01T00:00:00Z","colour":"red"}])"),
      (Lines{
          R"("annotations":[{"code":"bg/out-of-range","threshold":40,"value":"low"}],"backfilled":false,"clockDriftOffset":0,"conversionOffset":0,"deviceId":"DexG6-8G12AB","deviceTime":"2024-03-12T09:05:00",)"
          R"("origin":{"id":"a1b2","name":"com.example.bridge","payload":{"b":1},"time":"2024-03-12T13:05:02.000Z","type":"application","version":"3.1"},"payload":{"n":5.5,"raw":"\u003c7F\u003e"},)"
          R"("sampleInterval":300000,"tags":["calibrated","overnight"],"time":"2024-03-12T13:05:00.25Z","timezone":"America/New_York","timezoneOffset":-240,"trend":"slowRise","trendRate":0.08326,"trendRateUnits":"mmol/L/minute","type":"cbg","units":"mmol/L",)"
          R"(,"value":6.6609)"}));
}

TEST(Reader, DispatchesAsTheSpecSays) {
  EXPECT_EQ(errors_of("[{}]"), (Lines{"/0/type value does not exist"}));
  EXPECT_EQ(errors_of(R"([{"type":null}])"), (Lines{"/0/type value does not exist"}));
  EXPECT_EQ(errors_of(R"([{"type":5}])"),
            (Lines{"/0/type type is not string, but float64", "/0/type value does not exist"}));
  EXPECT_EQ(errors_of(R"([{"type":"basal","deliveryType":"pump"}])"),
            (Lines{R"(/0/deliveryType value "pump" is not one of )"
                   R"(["automated", "scheduled", "suspend", "temp"])"}));
  EXPECT_EQ(errors_of(R"([{"type":"bolus"}])"), (Lines{"/0/subType value does not exist"}));
  EXPECT_EQ(
      errors_of(R"([{"type":"upload"}])"),
      (Lines{
          R"(/0/type value "upload" is not one of ["physicalActivity", "alert", "basal", "cbg", )"
          R"("smbg", "bloodKetone", "bolus", "wizard", "deviceEvent", "dosingDecision", "food", )"
          R"("insulin", "cgmSettings", "controllerSettings", "pumpSettings", "reportedState", )"
          R"("controllerStatus", "pumpStatus", "water"])"}));
}

TEST(Reader, GivesErrorsTheMetaOfTheirRecord) {
  Reader reader;
  const auto batch = reader.read(
      R"([{"type":"food"},{"type":"basal","deliveryType":"temp"},{"type":"bolus","subType":"normal"}])",
      {});
  ASSERT_FALSE(batch);
  const auto meta_at = [&](std::string_view pointer) {
    for (const Error& error : batch.error().errors) {
      if (error.pointer == pointer) return error.meta;
    }
    return std::string("none");
  };
  EXPECT_EQ(meta_at("/0/time"), R"({"type":"food"})");
  EXPECT_EQ(meta_at("/1/time"), R"({"type":"basal","deliveryType":"temp"})");
  EXPECT_EQ(meta_at("/2/time"), R"({"type":"bolus","subType":"normal"})");
  const auto unknown = reader.read(R"([{"type":"x"}])", {});
  EXPECT_EQ(unknown.error().errors.at(0).meta, "");
}

TEST(Reader, ShowsParseErrorsAlone) {
  // The first element fails validation, the second parsing.
  EXPECT_EQ(errors_of(R"([{"type":"food"},{"type":"food","time":5},{"type":"food"}])"),
            (Lines{"/1/time type is not time, but float64"}));
  EXPECT_EQ(errors_of(R"([{"type":"food"},null,{"type":"food","time":"2024-03-12T13:05:00Z"},)"
                      R"({"type":"food"}])"),
            (Lines{"/0/time value does not exist", "/3/time value does not exist"}));
}

TEST(Reader, StoresNothingWithAnError) {
  Reader reader;
  EXPECT_FALSE(reader.read('[' + kSmbg + R"(,{"type":"smbg"}])", {}));
  const auto batch = reader.read('[' + kSmbg + ']', {});
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->records.size(), 1U);
}

TEST(Reader, LetsTheLastOfEqualKeysCount) {
  EXPECT_EQ(texts_of('[' + cbg_with(R"("value":7,"value":8)") + ']'),
            texts_of('[' + cbg_with(R"("value":8)") + ']'));
  // As null it takes the member away.
  EXPECT_EQ(errors_of('[' + cbg_with(R"("value":null)") + ']'),
            (Lines{"/0/value value does not exist"}));
  EXPECT_EQ(errors_of('[' + cbg_with(R"("type":null)") + ']'),
            (Lines{"/0/type value does not exist"}));
  // A wrong one that is overwritten is never looked at.
  EXPECT_EQ(errors_of('[' + cbg_with(R"("trend":5,"trend":"constant")") + ']'), Lines());
}

TEST(Reader, ReadsAnyOrderOfKeysTheSame) {
  std::array<std::string, 6> members = {R"("type":"smbg")",   R"("units":"mg/dL")",
                                        R"("value":100)",     R"("time":"2024-03-12T13:05:00Z")",
                                        R"("deviceId":"M9")", R"("tags":["b","a"])"};
  std::ranges::sort(members);
  const auto body = [&] {
    std::string out = "[{" + members[0];
    for (size_t i = 1; i < members.size(); ++i) out += ',' + members[i];
    return out + "}]";
  };
  const Lines expected = texts_of(body());
  ASSERT_EQ(expected.size(), 1U);
  do {
    ASSERT_EQ(texts_of(body()), expected) << body();
  } while (std::ranges::next_permutation(members).found);
}

const std::string kWizard =
    R"({"type":"wizard","units":"mg/dL","time":"2024-03-12T13:05:00Z","deviceId":"P",)"
    R"("bolus":{"type":"bolus","subType":"normal","normal":1,"time":"2024-03-12T13:05:01Z",)"
    R"("deviceId":"P"}})";

TEST(Reader, PutsEmbeddedRecordsBehindThePostedOnes) {
  Reader reader;
  const std::string alarm =
      R"({"type":"deviceEvent","subType":"alarm","alarmType":"other","deviceId":"P",)"
      R"("time":"2024-03-12T13:05:00Z","status":{"type":"deviceEvent","subType":"status",)"
      R"("status":"suspended","reason":{"suspended":"manual"},"duration":1,"deviceId":"P",)"
      R"("time":"2024-03-12T13:05:02Z"}})";
  const auto batch = reader.read('[' + kWizard + ',' + alarm + ',' + kSmbg + ']', {});
  ASSERT_TRUE(batch) << lines(batch.error().errors).front();
  Lines types;
  for (const Record& record : batch->records) {
    types.push_back(std::string(record.type) + '/' + std::string(record.sub_type));
  }
  EXPECT_EQ(types,
            (Lines{"wizard/", "deviceEvent/alarm", "smbg/", "bolus/normal", "deviceEvent/status"}));
  for (const size_t link : {3, 4}) {
    const std::string id(batch->records[link].id);
    EXPECT_TRUE(is_data_id(id));
    EXPECT_NE(batch->records[link - 3].text.find('"' + id + '"'), std::string_view::npos);
  }
  EXPECT_NE(batch->records[3].id, batch->records[4].id);
}

TEST(Reader, KeepsTheIdOfAnEmbeddedRecord) {
  std::string wizard = kWizard;
  wizard.insert(wizard.find(R"("normal":1)"), R"("id":"0123456789abcdef0123456789abcdef",)");
  const Lines texts = texts_of('[' + wizard + ']');
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_TRUE(texts[0].starts_with(R"("bolus":"0123456789abcdef0123456789abcdef",)")) << texts[0];
}

TEST(Reader, LeavesNoLinkToAnAutomatedBolus) {
  std::string wizard = kWizard;
  const std::string kind = R"("subType":"normal")";
  wizard.replace(wizard.find(kind), kind.size(), R"("subType":"automated")");
  const Lines texts = texts_of('[' + wizard + ']');
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0].find("bolus"), std::string::npos);
  EXPECT_NE(texts[1].find("automated"), std::string::npos);
}

TEST(Reader, ReportsErrorsOfEmbeddedRecordsUnderTheOuterOne) {
  EXPECT_EQ(errors_of(R"([{"type":"wizard","units":"mg/dL","time":"2024-03-12T13:05:00Z",)"
                      R"("bolus":"0123456789abcdef0123456789abcdef"}])"),
            (Lines{"/0/bolus type is not object, but string"}));
  EXPECT_EQ(errors_of(R"([{"type":"wizard","units":"mg/dL","time":"2024-03-12T13:05:00Z",)"
                      R"("bolus":{"type":"basal"}}])"),
            (Lines{R"(/0/bolus/type value "basal" is not one of ["bolus"])"}));
  EXPECT_EQ(errors_of(R"([{"type":"wizard","units":"mg/dL","time":"2024-03-12T13:05:00Z",)"
                      R"("bolus":{"type":"bolus","subType":"normal","normal":1}}])"),
            (Lines{"/0/bolus/time value does not exist"}));
}

TEST(Reader, AsksForADeviceIdWhereItIsNeeded) {
  const ReadOptions needs = {.with_identity = true, .requires_device_id = true};
  EXPECT_EQ(errors_of('[' + kSmbg + ']', needs), Lines());
  EXPECT_EQ(errors_of('[' + kWizard + ']', needs), Lines());
  EXPECT_EQ(errors_of('[' + cbg_with("") + ']'), Lines());
  EXPECT_EQ(errors_of('[' + cbg_with("") + ',' + kSmbg + ',' + cbg_with("") + ']', needs),
            (Lines{"/0/deviceId value does not exist", "/2/deviceId value does not exist"}));
  std::string wizard = kWizard;
  wizard.erase(wizard.rfind(R"(,"deviceId":"P")"), 15);
  EXPECT_EQ(errors_of('[' + wizard + ']', needs),
            (Lines{"/0/bolus/deviceId value does not exist"}));
}

TEST(Reader, RefusesTooManyRecords) {
  std::string body = "[null";
  for (size_t i = 1; i < kBatchRecordsMax; ++i) body += ",null";
  Reader reader;
  EXPECT_TRUE(reader.read(body + "]", {}));
  EXPECT_EQ(refusal_of(body + ",null]"), Refusal::Kind::kTooLarge);
}

TEST(Reader, RefusesArraysThatAreTooLong) {
  const auto body = [](size_t count) {
    std::string notes = R"("notes":["")";
    for (size_t i = 1; i < count; ++i) notes += R"(,"")";
    return '[' + cbg_with(notes + ']') + ']';
  };
  EXPECT_EQ(errors_of(body(kArrayItemsMax + 1)),
            (Lines{"/0/notes length 100001 is not less than or equal to 100000"}));
  // One less is read, and found to be too many for notes, each of them empty.
  const Lines errors = errors_of(body(kArrayItemsMax));
  EXPECT_EQ(errors.size(), kErrorsMax);
  EXPECT_EQ(errors.at(0), "/0/notes length 100000 is not less than or equal to 100");
  EXPECT_EQ(errors.at(1), "/0/notes/0 value is empty");
}

TEST(Reader, ARecordOfTooMuchTextIsRefused) {
  // Of many strings, since one alone may not be that long.
  std::string schedules = R"("a":[{"start":0,"rate":1}])";
  for (size_t i = 0; i < 17; ++i) {
    schedules += ",\"" + std::string(kStringBytesMax - 1, static_cast<char>('b' + i)) +
                 R"(":[{"start":0,"rate":1}])";
  }
  const Lines errors = errors_of(R"([{"type":"pumpSettings","time":"2024-03-10T08:05:00Z",)"
                                 R"("activeSchedule":"a","basalSchedules":{)" +
                                 schedules + "}}]");
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_TRUE(errors.at(0).ends_with("is not less than or equal to 16777216")) << errors.at(0);
  EXPECT_TRUE(errors.at(0).starts_with("/0 size 17826"));
}

TEST(Reader, GivesAtMostSoManyErrors) {
  std::string body = "[1";
  for (size_t i = 0; i < kErrorsMax + 10; ++i) body += ",1";
  const Lines errors = errors_of(body + ']');
  EXPECT_EQ(errors.size(), kErrorsMax);
  EXPECT_EQ(errors.back(), "/9999 type is not object, but float64");
}

}  // namespace
}  // namespace tideway::record
