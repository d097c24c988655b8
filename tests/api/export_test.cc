// GET /export/{userId}, seen from above the sockets: each row of docs/spec/fetch.md 8.
#include <gmock/gmock.h>

#include <filesystem>

#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ExportApiTest : public ApiFixture {
 protected:
  ExportApiTest() {
    const Response made = ask({"POST", "/v1/users/" + user_id_ + "/data_sets",
                               R"({"dataSetType":"continuous","deduplicator":)"
                               R"({"name":"org.tidepool.deduplicator.none"}})"});
    const Response added =
        ask({"POST", "/v1/data_sets/" + id_in(made.body) + "/data",
             R"([{"type":"cbg","time":"2025-01-06T10:00:00Z","units":"mmol/L","value":5.55},)"
             R"({"type":"cbg","time":"2025-01-07T10:00:00Z","units":"mmol/L","value":10}])"});
    EXPECT_EQ(added.status, 200) << added.body;
  }

  Response get(std::string query, const HeaderList& who) {
    Response response = ask_as(who, {"GET", "/export/" + user_id_, "", std::move(query)});
    response.body = body_of(response);
    return response;
  }
  Response get(std::string query) { return get(std::move(query), as_user_); }
};

TEST_F(ExportApiTest, AsJson) {
  const Response json = get("format=json&bgUnits=mg/dL");
  EXPECT_EQ(json.status, 200);
  EXPECT_EQ(header(json, "Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(header(json, "Content-Disposition"), R"(attachment; filename="TidepoolExport.json")");
  EXPECT_THAT(json.body,
              AllOf(StartsWith("[{"), testing::EndsWith("}]"), Not(HasSubstr("\n")),
                    HasSubstr(R"("units":"mg/dL")"), HasSubstr(R"("value":99.98652449999999)"),
                    HasSubstr(R"("type":"upload")")));
}

TEST_F(ExportApiTest, AsCsv) {
  const Response csv = get("format=csv");
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(header(csv, "Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(header(csv, "Content-Disposition"), R"(attachment; filename="TidepoolExport.csv")");
  EXPECT_EQ(std::ranges::count(csv.body, '\n'), 4) << "head, two readings, one data set";
}

TEST_F(ExportApiTest, AsSpreadsheetWhateverElseIsAsked) {
  for (const std::string query : {"", "format=excel", "format=xlsx", "format=JSON"}) {
    const Response file = get(query);
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(header(file, "Content-Type"),
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    EXPECT_EQ(header(file, "Content-Disposition"), R"(attachment; filename="TidepoolExport.xlsx")");
    EXPECT_FALSE(file.compressible);
    EXPECT_THAT(file.body, StartsWith("PK")) << "a ZIP archive";
  }
}

TEST_F(ExportApiTest, OfATime) {
  const std::string json =
      get("format=json&startDate=2025-01-07T00:00:00Z&endDate=2025-01-08T00:00:00Z").body;
  EXPECT_THAT(
      json, AllOf(HasSubstr(R"("value":10)"), Not(HasSubstr("5.55")), Not(HasSubstr("upload\""))));
}

TEST_F(ExportApiTest, WhatIsNotUnderstoodIsTheClients) {
  for (const std::string query : {"startDate=yesterday", "endDate=2025-01-07"}) {
    EXPECT_EQ(get(query).status, 400) << query;
  }
  // Not a wrong name beside unconverted values.
  for (const std::string query : {"bgUnits=furlongs", "bgUnits=MG/DL"}) {
    const Response refused = get(query);
    EXPECT_EQ(refused.status, 400) << query;
    EXPECT_EQ(refused.body, "bgUnits must be mmol/L or mg/dL.");
  }
  EXPECT_THAT(get("format=json&bgUnits=mg/dl").body, HasSubstr(R"("units":"mg/dL")"));
}

TEST_F(ExportApiTest, OnlyForThoseWhoMaySeeTheData) {
  const Response stranger = get("", as_stranger_);
  EXPECT_EQ(stranger.status, 403);
  EXPECT_EQ(header(stranger, "Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(stranger.body, "Not authorized to export data for this user.");
  EXPECT_EQ(get("", {}).status, 401);
  EXPECT_EQ(get("", {{"X-Tidepool-Session-Token", tokens_->issue("tideway", true, 60)}}).status,
            200);
}

TEST_F(ExportApiTest, AFailingStoreIs500) {
  store_.fail_reads = true;
  for (const std::string query : {"format=json", "format=csv", ""}) {
    const Response failed = get(query);
    EXPECT_EQ(failed.status, 500);
    EXPECT_THAT(failed.body, StartsWith("The server failed to export the data."));
  }
}

TEST_F(ExportApiTest, TellsItsHealth) {
  EXPECT_EQ(ask_as({}, {"GET", "/export/status"}).body, "OK\n");
}

}  // namespace
}  // namespace tideway::api
