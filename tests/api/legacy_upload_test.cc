// The upload of the drivers that know no data sets (docs/spec/fetch.md 10).
#include "api/legacy_upload.h"

#include <gmock/gmock.h>

#include "account/sharing.h"
#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kUpload = "upid_4be1c0ffee09";

class LegacyUploadTest : public ApiFixture {
 protected:
  static std::string upload(std::string_view upload_id = kUpload,
                            std::string_view version = "2.64.0") {
    return R"({"type":"upload","uploadId":")" + std::string(upload_id) +
           R"(","guid":"0d5f","byUser":"x","version":")" + std::string(version) +
           R"(","deviceId":"DexG4Rec-SM1","deviceManufacturers":["Dexcom"],"deviceModel":"G4",)"
           R"("deviceSerialNumber":"SM1","deviceTags":["cgm"],"time":"2026-02-14T09:31:07+00:00",)"
           R"("computerTime":"2026-02-14T09:31:07","timezone":"Europe/Berlin",)"
           R"("timezoneOffset":60,"conversionOffset":0,"timeProcessing":"utc-bootstrapping"})";
  }

  static std::string cbg(int minute, std::string_view value = "121",
                         std::string_view upload_id = kUpload) {
    const std::string at = (minute < 10 ? "0" : "") + std::to_string(minute);
    return R"({"type":"cbg","units":"mg/dL","value":)" + std::string(value) +
           R"(,"time":"2026-02-14T08:)" + at + R"(:00.000Z","deviceTime":"2026-02-14T09:)" + at +
           R"(:00","timezoneOffset":60,"conversionOffset":0,"deviceId":"DexG4Rec-SM1",)"
           R"("uploadId":")" +
           std::string(upload_id) + R"(","guid":"7a11"})";
  }

  Response post(const std::string& body) { return ask({"POST", "/data/" + user_id_, body}); }

  void expect_ok(const std::string& body, const std::string& duplicates = "[]") {
    const Response response = post(body);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(response.body, duplicates);
  }

  void expect_refused(const std::string& body, const std::string& answer) {
    const Response response = post(body);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.body, answer);
    EXPECT_EQ(header(response, "Content-Type"), "application/json; charset=utf-8");
  }

  std::string fetch(std::string query = "type=cbg") {
    Response response = ask({"GET", "/data/" + user_id_, "", std::move(query)});
    EXPECT_EQ(response.status, 200);
    return body_of(response);
  }
  static size_t count(std::string_view text, std::string_view what) {
    size_t found = 0;
    for (size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++found;
    return found;
  }
};

// docs/spec/clients.md 5.3.
TEST_F(LegacyUploadTest, AnUploadAndItsRecordsShowAtOnce) {
  expect_ok(upload());
  expect_ok("[" + cbg(30) + "," + cbg(35) + "]");
  const std::string records = fetch();
  EXPECT_EQ(count(records, R"("uploadId":"upid_4be1c0ffee09")"), 2u);
  EXPECT_THAT(records, HasSubstr(R"("value":6.71641)"));
  const std::string sets = fetch("type=upload");
  EXPECT_EQ(count(sets, R"("type":"upload")"), 1u);
  EXPECT_THAT(sets, HasSubstr(R"("uploadId":"upid_4be1c0ffee09")"));
  EXPECT_THAT(sets, HasSubstr(R"("deviceSerialNumber":"SM1")"));
}

TEST_F(LegacyUploadTest, OneRecordNeedsNoArrayAndOneBodyMayHoldAll) {
  expect_ok("[" + upload() + "," + cbg(30) + "," + cbg(35) + "]");
  expect_ok(cbg(40));
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 3u);
  expect_ok("[]");
}

TEST_F(LegacyUploadTest, WithoutAnIdInThePathItIsTheCallersAccount) {
  EXPECT_EQ(ask({"POST", "/data", "[" + upload() + "]"}).status, 200);
  EXPECT_EQ(ask({"POST", "/dataservices/data", cbg(30)}).status, 200);
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 1u);
}

// --- duplicates ----------------------------------------------------------------------------------

TEST_F(LegacyUploadTest, WhatIsThereAlreadyIsNamedAndNotStoredAgain) {
  expect_ok(upload());
  expect_ok("[" + cbg(30) + "," + cbg(35) + "]");
  expect_ok("[" + cbg(30) + "," + cbg(40) + "," + cbg(35) + "]", "[0,2]");
  expect_ok(upload(), "[0]");
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 3u);
}

TEST_F(LegacyUploadTest, ADeviceThatIsReadAgainAddsOnlyWhatIsNew) {
  expect_ok("[" + upload() + "," + cbg(30) + "," + cbg(35) + "]");
  const std::string second = "upid_0123456789ab";
  expect_ok("[" + upload(second) + "," + cbg(30, "121", second) + "," + cbg(35, "121", second) +
                "," + cbg(40, "121", second) + "]",
            "[1,2]");
  const std::string records = fetch();
  EXPECT_EQ(count(records, R"("type":"cbg")"), 3u);
  EXPECT_EQ(count(records, second), 1u);
}

TEST_F(LegacyUploadTest, TwiceInOneBodyIsADuplicateToo) {
  expect_ok(upload());
  expect_ok("[" + cbg(30) + "," + cbg(30) + "]", "[1]");
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 1u);
}

TEST_F(LegacyUploadTest, WhatWasDeletedIsNoDuplicate) {
  expect_ok("[" + upload() + "," + cbg(30) + "]");
  EXPECT_EQ(ask({"DELETE", "/v1/datasets/" + std::string(kUpload)}).status, 200);
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 0u);
  const std::string second = "upid_0123456789ab";
  expect_ok("[" + upload(second) + "," + cbg(30, "121", second) + "]");
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 1u);
}

TEST_F(LegacyUploadTest, AWizardThatComesAgainDoesNotRepeatItsBolus) {
  expect_ok(upload());
  const std::string wizard =
      R"({"type":"wizard","deviceId":"DexG4Rec-SM1","uploadId":"upid_4be1c0ffee09",)"
      R"("time":"2026-02-14T08:30:00.000Z","units":"mg/dL","bolus":{"type":"bolus",)"
      R"("subType":"normal","normal":1.5,"deviceId":"DexG4Rec-SM1",)"
      R"("time":"2026-02-14T08:30:00.000Z"}})";
  expect_ok(wizard);
  expect_ok(wizard, "[0]");
  EXPECT_EQ(count(fetch("type=bolus"), R"("type":"bolus")"), 1u);
  EXPECT_EQ(count(fetch("type=wizard"), R"("type":"wizard")"), 1u);
}

// --- refusals ------------------------------------------------------------------------------------

TEST_F(LegacyUploadTest, TheRecordsBeforeABadOneStay) {
  expect_ok(upload());
  expect_refused("[" + cbg(30) + "," + cbg(35) + "," + cbg(40, "1001") + "," + cbg(45) + "]",
                 R"({"dataIndex":2,"type":"IllegalArgumentException",)"
                 R"("message":"value: value 1001 is not between 0 and 1000","statusCode":400})");
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 2u);
}

// What cannot be parsed is found before what is not valid, wherever it stands.
TEST_F(LegacyUploadTest, TheFirstBadRecordIsNamedWhateverIsWrongWithIt) {
  expect_ok(upload());
  expect_refused("[" + cbg(30) + "," + cbg(35, "1001") + "," + cbg(40, "\"x\"") + "]",
                 R"({"dataIndex":1,"type":"IllegalArgumentException",)"
                 R"("message":"value: value 1001 is not between 0 and 1000","statusCode":400})");
  expect_refused("[" + cbg(31) + ",{\"type\":\"cbg\"}]",
                 R"({"dataIndex":1,"type":"IllegalArgumentException",)"
                 R"("message":"deviceId must be a text","statusCode":400})");
  EXPECT_EQ(count(fetch(), R"("type":"cbg")"), 2u);
}

TEST_F(LegacyUploadTest, AnUnknownTypeIsRefused) {
  expect_ok(upload());
  const Response response = post(
      R"({"type":"grabbag","deviceId":"d","uploadId":"upid_4be1c0ffee09","time":"2026-02-14T08:30:00Z"})");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("grabbag"));
  EXPECT_THAT(response.body, HasSubstr(R"("dataIndex":0)"));
}

TEST_F(LegacyUploadTest, ABodyThatIsNoJsonIsRefused) {
  for (const char* body : {"", "[", "7"}) {
    expect_refused(
        body,
        R"({"message":"the body must be a JSON object or an array of them","statusCode":400})");
  }
}

TEST_F(LegacyUploadTest, AnOldProgramIsToldSo) {
  expect_refused(upload(kUpload, "2.52.9"),
                 R"({"dataIndex":0,"code":"outdatedVersion","errorField":"version",)"
                 R"("message":"version must be at least 2.53.0","statusCode":400})");
  std::string none = upload();
  none.replace(none.find(R"("version":"2.64.0",)"), 19, "");
  expect_refused(none, R"({"dataIndex":0,"errorField":"version",)"
                       R"("message":"version must be a text","statusCode":400})");
  EXPECT_EQ(count(fetch("type=upload"), "upload\""), 0u);
  EXPECT_THAT(ask({"GET", "/info"}).body, HasSubstr("\"2.53.0\"")) << "the same that /info says";
}

TEST(LegacyVersion, IsComparedNumberByNumber) {
  for (const auto* old : {"2.52.99", "1.99.0", "tidepool-uploader 0.310.0", "org.x:2.9.1"}) {
    EXPECT_TRUE(is_outdated(old)) << old;
  }
  for (const auto* good :
       {"2.53.0", "2.100.0", "3.0.0-alpha.1", "tidepool-uploader 2.64.0", "x", "", "2", "2.5"}) {
    EXPECT_FALSE(is_outdated(good)) << good;
  }
}

TEST_F(LegacyUploadTest, RecordsNeedAnUploadThatWasAnnounced) {
  expect_refused(cbg(30), R"({"dataIndex":0,"type":"IllegalArgumentException","message":)"
                          R"("uploadId: send the record of type upload with this id first",)"
                          R"("statusCode":400})");
  expect_refused(upload("nonsense"),
                 R"({"dataIndex":0,"type":"IllegalArgumentException","message":)"
                 R"("uploadId: value \"nonsense\" is not valid as data set id","statusCode":400})");
}

TEST_F(LegacyUploadTest, ASetOfTheOtherRoutesIsNotFilledThisWay) {
  const std::string id = "0123456789abcdef0123456789abcdef";
  EXPECT_EQ(ask({"POST", "/v1/users/" + user_id_ + "/datasets",
                 R"({"uploadId":")" + id +
                     R"(","deduplicator":{"name":"org.tidepool.deduplicator.none"}})"})
                .status,
            201);
  expect_refused(cbg(30, "121", id),
                 R"({"dataIndex":0,"type":"IllegalArgumentException","message":)"
                 R"("uploadId: this upload takes no more records this way","statusCode":400})");
  // Nor is one that was closed.
  expect_ok(upload());
  EXPECT_EQ(
      ask({"PUT", "/v1/datasets/" + std::string(kUpload), R"({"dataState":"closed"})"}).status,
      200);
  EXPECT_EQ(post(cbg(30)).status, 400);
}

TEST_F(LegacyUploadTest, TheUploadOfAnotherAccountIsTaken) {
  expect_ok(upload());
  const std::string other = make_user("bo@example.org", "Bo").id;
  const Response response = ask_as(user_token(other), {"POST", "/data/" + other, upload()});
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("uploadId: this id is taken"));
  EXPECT_EQ(ask_as(user_token(other), {"POST", "/data/" + other, cbg(30)}).status, 400);
}

// --- who may -------------------------------------------------------------------------------------

TEST_F(LegacyUploadTest, WithoutATokenItIs401InPlainText) {
  const Response response = ask_as({}, {"POST", "/data/" + user_id_, upload()});
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.body, "Unauthorized");
  EXPECT_THAT(header(response, "Content-Type"), testing::StartsWith("text/plain"));
}

TEST_F(LegacyUploadTest, WithoutPermissionItIs403WithAMessage) {
  const std::string other = make_user("bo@example.org", "Bo").id;
  const Response response = ask_as(user_token(other), {"POST", "/data/" + user_id_, upload()});
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body,
            R"({"message":"you may not upload data for this user","statusCode":403})");
  account::Sharing sharing(store_);
  ASSERT_TRUE(
      sharing.grant(user_id_, other, account::parse_permissions(R"({"upload":{}})").value()));
  EXPECT_EQ(ask_as(user_token(other), {"POST", "/data/" + user_id_, upload()}).status, 200);
}

TEST_F(LegacyUploadTest, AServiceMustNameAnAccount) {
  const HeaderList service = {{"X-Tidepool-Session-Token", tokens_->issue("worker", true, 3600)}};
  EXPECT_EQ(ask_as(service, {"POST", "/data", upload()}).status, 403);
  EXPECT_EQ(ask_as(service, {"POST", "/data/status", upload()}).status, 403);
  EXPECT_EQ(ask_as(service, {"POST", "/data/" + user_id_, upload()}).status, 200);
}

TEST_F(LegacyUploadTest, AFailingStoreIsNotTheClientsMistake) {
  expect_ok(upload());
  store_.fail_updates = true;
  const Response response = post("[" + cbg(30) + "]");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body,
            R"({"dataIndex":0,"message":"the records could not be stored","statusCode":500})");
}

TEST_F(LegacyUploadTest, BodiesHaveALimit) {
  const std::string second = "upid_0123456789ab";
  expect_ok("[" + upload() + "," + upload(second) + "]");
  std::string body = "[" + cbg(0);
  for (int i = 1; i <= 100; ++i) body += "," + cbg(0, "121", i % 2 == 0 ? kUpload : second);
  expect_refused(body + "]",
                 R"({"dataIndex":100,"message":"too many uploads in one body","statusCode":400})");
  EXPECT_EQ(application_->body_size_bytes_max("POST", "/data/" + user_id_), 4u << 20);
  EXPECT_EQ(application_->body_size_bytes_max("POST", "/data"), 4u << 20);
}

}  // namespace
}  // namespace tideway::api
