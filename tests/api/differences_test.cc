// The rows of docs/differences.md that no other test shows, seen from above the sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::HasSubstr;
using testing::StartsWith;

constexpr std::string_view kNone = "org.tidepool.deduplicator.none";
constexpr std::string_view kHash = "org.tidepool.deduplicator.device.deactivate.hash";

/// A style B error whose detail repeats its title.
std::string bare_error(std::string_view code, std::string_view title, std::string_view pointer,
                       std::string_view meta = {}) {
  std::string out = R"({"code":")" + std::string(code) + R"(","title":")" + std::string(title) +
                    R"(","detail":")" + std::string(title) + R"(","source":{"pointer":")" +
                    std::string(pointer) + R"("})";
  if (!meta.empty()) out += R"(,"meta":)" + std::string(meta);
  return out + "}\n";
}

/// A glucose value with more members behind the others.
std::string cbg(std::string_view more = "", std::string_view time = "2025-01-06T10:00:00Z") {
  return R"({"type":"cbg","units":"mg/dL","value":112,"time":")" + std::string(time) + '"' +
         std::string(more) + "}";
}

std::string array_of(size_t count, std::string_view item) {
  std::string out = "[";
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    out += item;
  }
  return out + "]";
}

size_t count_of(std::string_view text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class DifferencesTest : public ApiFixture {
 protected:
  Response ask(std::string method, std::string path, std::string body = {},
               std::string query = {}) {
    return ask_as(as_user_, std::move(method), std::move(path), std::move(body), std::move(query));
  }

  Response ask_as(const HeaderList& headers, std::string method, std::string path,
                  std::string body = {}, std::string query = {}) {
    return ApiFixture::ask_as(
        headers, {std::move(method), std::move(path), std::move(body), std::move(query)});
  }

  Response create(std::string body) {
    return ask("POST", "/v1/users/" + user_id_ + "/data_sets", std::move(body));
  }

  /// Opens a set of the fixed id, `more` being further members.
  void open(std::string_view deduplicator, std::string_view more = "") {
    const Response response =
        create(R"({"uploadId":")" + set_id_ + R"(","deduplicator":{"name":")" +
               std::string(deduplicator) + "\"}" + std::string(more) + "}");
    ASSERT_EQ(response.status, 201) << response.body;
  }

  Response add(std::string body) {
    return ask("POST", "/v1/data_sets/" + set_id_ + "/data", std::move(body));
  }

  Response close() { return ask("PUT", "/v1/data_sets/" + set_id_); }

  static void expect(const Response& response, int status, std::string_view body) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body, body);
  }

  const std::string set_id_ = "0123456789abcdef0123456789abcdef";
};

// --- a client's mistake ------------------------------------------------------------------------

TEST_F(DifferencesTest, ASetWithoutADeduplicatorIsRefused) {
  expect(create("{}"), 400,
         bare_error("value-not-exists", "value does not exist", "/deduplicator/name"));
  EXPECT_TRUE(stored().empty());
}

TEST_F(DifferencesTest, ASetWithAnUnknownDeduplicatorIsRefused) {
  const Response response = create(R"({"deduplicator":{"name":"org.example"}})");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, StartsWith(R"({"code":"value-not-allowed")"));
  EXPECT_THAT(response.body, HasSubstr(R"(value \"org.example\" is not one of [)"));
  EXPECT_THAT(response.body, HasSubstr(R"({"pointer":"/deduplicator/name"})"));
  EXPECT_TRUE(stored().empty());
}

TEST_F(DifferencesTest, ASetIdOfAnotherFormIsRefused) {
  const std::string named = R"(,"deduplicator":{"name":")" + std::string(kNone) + "\"}}";
  const Response upload_id = create(R"({"uploadId":"mine")" + named);
  EXPECT_EQ(upload_id.status, 400);
  EXPECT_THAT(upload_id.body, HasSubstr(R"(value \"mine\" is not valid as data set id)"));
  EXPECT_THAT(upload_id.body, HasSubstr(R"({"pointer":"/uploadId"})"));
  // Good for a record, but not for a set, whose uploadId it would become.
  const Response id = create(R"({"id":"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")" + named);
  EXPECT_EQ(id.status, 400);
  EXPECT_THAT(id.body, HasSubstr(R"("pointer":"/id")"));
  EXPECT_TRUE(stored().empty());
}

TEST_F(DifferencesTest, ATakenSetIdIsAConflict) {
  open(kNone);
  expect(create(R"({"uploadId":")" + set_id_ + R"(","deduplicator":{"name":")" +
                std::string(kNone) + "\"}}"),
         409, bare_error("value-duplicate", "value is a duplicate", "/uploadId"));
}

TEST_F(DifferencesTest, AHashSetNeedsTheDeviceOfARecord) {
  open(kHash, R"(,"deviceId":"d")");
  expect(
      add("[" + cbg(R"(,"deviceId":"d")") + "," + cbg() + "]"), 400,
      bare_error("value-not-exists", "value does not exist", "/1/deviceId", R"({"type":"cbg"})"));
}

TEST_F(DifferencesTest, AHashSetNeedsADeviceToClose) {
  open(kHash);
  expect(close(), 400, bare_error("value-not-exists", "value does not exist", "/deviceId"));
  // It is still open.
  EXPECT_EQ(add("[" + cbg(R"(,"deviceId":"d")") + "]").status, 200);
}

TEST_F(DifferencesTest, ABadParameterOfAFetchIsTheClients) {
  for (const std::string query : {"startDate=yesterday", "endDate=2025-01-06", "latest=maybe"}) {
    const Response response = ask("GET", "/data/" + user_id_, "", query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_THAT(response.body, StartsWith(R"({"status":400,"id":")"));
    EXPECT_THAT(response.body, HasSubstr(R"("code":"invalid_parameters")"));
  }
}

TEST_F(DifferencesTest, AnInstantThatCannotBeShownIsRefused) {
  open(kNone);
  for (const std::string time : {"9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"}) {
    const Response response = add("[" + cbg("", time) + "]");
    EXPECT_EQ(response.status, 400) << time;
    EXPECT_THAT(response.body, StartsWith(R"({"code":"value-not-parsable")"));
    EXPECT_THAT(response.body, HasSubstr(R"({"pointer":"/0/time"})"));
  }
  EXPECT_EQ(add("[" + cbg("", "9999-12-31T23:59:59Z") + "]").status, 200);
}

// --- credentials -------------------------------------------------------------------------------

TEST_F(DifferencesTest, AFetchWithoutAValidTokenIs401) {
  for (const HeaderList& headers :
       {HeaderList{}, HeaderList{{"X-Tidepool-Session-Token", "expired"}}}) {
    const Response response = ask_as(headers, "GET", "/data/" + user_id_);
    EXPECT_EQ(response.status, 401);
    EXPECT_THAT(response.body, StartsWith(R"({"status":401,"id":")"));
    EXPECT_THAT(response.body, HasSubstr(R"("code":"data_cant_view")"));
  }
  EXPECT_EQ(ask("GET", "/data/somebody").status, 403);
}

// --- limits ------------------------------------------------------------------------------------

TEST_F(DifferencesTest, ABodyOfTooManyRecordsIsTooLarge) {
  open(kNone);
  EXPECT_EQ(add(array_of(200'000, "null")).status, 200);
  expect(add(array_of(200'001, "null")), 413,
         "{\"code\":\"resource-too-large\",\"title\":\"resource too large\","
         "\"detail\":\"resource too large\"}\n");
}

TEST_F(DifferencesTest, AnArrayOfTooManyItemsIsRefusedUnread) {
  open(kNone);
  const Response response = add("[" + cbg(R"(,"tags":)" + array_of(100'001, "7")) + "]");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, StartsWith(R"({"code":"length-out-of-range")"));
  EXPECT_THAT(response.body, HasSubstr("length 100001 is not less than or equal to 100000"));
  EXPECT_THAT(response.body, HasSubstr(R"({"pointer":"/0/tags"})"));
}

TEST_F(DifferencesTest, AStringOfTooMuchTextIsRefused) {
  open(kNone);
  const std::string longest(size_t{1} << 20, 'x');
  EXPECT_EQ(add("[" + cbg(R"(,"deviceId":")" + longest + '"') + "]").status, 200);
  const Response response = add("[" + cbg(R"(,"deviceId":")" + longest + "x\"") + "]");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, StartsWith(R"({"code":"length-out-of-range")"));
  EXPECT_THAT(response.body, HasSubstr("length 1048577 is not less than or equal to 1048576"));
  EXPECT_THAT(response.body, HasSubstr(R"({"pointer":"/0/deviceId"})"));
}

TEST_F(DifferencesTest, AMapOfTooManyMembersIsRefused) {
  open(kNone);
  std::string schedules = R"({"x0":[])";
  for (size_t i = 1; i <= 100'000; ++i) schedules += ",\"x" + std::to_string(i) + "\":[]";
  const Response response =
      add(R"([{"type":"pumpSettings","time":"2025-01-06T10:00:00Z","basalSchedules":)" + schedules +
          "}}]");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("length 100001 is not less than or equal to 100000"));
  EXPECT_THAT(response.body, HasSubstr(R"({"pointer":"/0/basalSchedules"})"));
}

TEST_F(DifferencesTest, MoreErrorsThanAnybodyReadsAreLeftOut) {
  open(kNone);
  const Response response = add(array_of(10'001, "7"));
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(count_of(response.body, R"("code":)"), 10'000u);
}

// --- HTTP --------------------------------------------------------------------------------------

TEST_F(DifferencesTest, UnknownPathsAndMethodsAreAnsweredTheSameEverywhere) {
  for (const std::string path : {"/nothing", "/auth/nothing", "/data/a/b", "/v1/time/"}) {
    expect(ask("GET", path), 404, R"({"Error":"Resource not found"})");
  }
  for (const std::string path : {"/auth/login", "/data/status", "/v1/time", "/info"}) {
    expect(ask("PATCH", path), 405, R"({"Error":"Method not allowed"})");
  }
}

}  // namespace
}  // namespace tideway::api
