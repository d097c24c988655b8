// GET /data/{userId} seen from above the sockets: every parameter and error of docs/spec/fetch.md 1
// to 5, and what Tideway adds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "json/document.h"
#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Names = std::vector<std::string>;

class FetchApiTest : public ApiFixture {
 protected:
  Response ask(std::string method, std::string path, std::string body, std::string query,
               const HeaderList& headers) {
    return ask_as(headers, {std::move(method), std::move(path), std::move(body), std::move(query)});
  }

  /// A closed set with records, by its id. `more` are members of the set.
  std::string upload(const std::string& records, std::string_view more = "") {
    const std::string id = open(more);
    add(id, records);
    EXPECT_EQ(ask("PUT", "/v1/datasets/" + id, R"({"dataState":"closed"})", "", as_user_).status,
              200);
    return id;
  }
  std::string open(std::string_view more = "") {
    const Response made = ask(
        "POST", "/v1/users/" + user_id_ + "/data_sets",
        R"({"deduplicator":{"name":"org.tidepool.deduplicator.none"})" + std::string(more) + "}",
        "", as_user_);
    EXPECT_EQ(made.status, 201) << made.body;
    return made.body.substr(made.body.find(R"("uploadId":")") + 12, 32);
  }
  void add(const std::string& id, const std::string& records) {
    const Response added =
        ask("POST", "/v1/datasets/" + id + "/data", '[' + records + ']', "", as_user_);
    EXPECT_EQ(added.status, 200) << added.body;
  }

  /// A record of a type, whose id is `name` and as many zeros as it takes.
  static std::string record(std::string_view type, std::string_view name, std::string_view time,
                            std::string_view more = "") {
    std::string id(name);
    id.resize(32, '0');
    std::string out = R"({"type":")" + std::string(type) + R"(","id":")" + id + R"(","time":")" +
                      std::string(time) + '"';
    if (type == "cbg" || type == "smbg") out += R"(,"units":"mmol/L","value":5)";
    if (type == "bolus") out += R"(,"subType":"normal","normal":1)";
    if (type == "dosingDecision") {
      out += R"(,"units":{"bg":"mmol/L","carb":"grams","insulin":"Units"})";
    }
    return out.append(more) + '}';
  }

  Response get(std::string query, const HeaderList& more = {}) {
    HeaderList headers = as_user_;
    headers.insert(headers.end(), more.begin(), more.end());
    return ask("GET", "/data/" + user_id_, "", std::move(query), headers);
  }

  /// The names of the elements, "upload" for a set.
  static Names names_in(const std::string& array) {
    json::Parser parser;
    const auto root = parser.parse(array);
    if (!root || !root->is_array()) return {array};
    Names names;
    for (const simdjson::dom::element element : simdjson::dom::array(*root)) {
      const std::string_view full_id = element["id"];
      std::string id(full_id);
      const bool is_set = std::string_view(element["type"]) == "upload";
      names.push_back(is_set ? "upload" : id.erase(id.find_last_not_of('0') + 1));
    }
    return names;
  }
  Names names(std::string query) {
    Response response = get(std::move(query));
    EXPECT_EQ(response.status, 200) << response.body;
    return names_in(body_of(response));
  }
};

TEST_F(FetchApiTest, EveryBadParameterIsToldBeforeAnythingElse) {
  for (const std::string query :
       {"startDate=2024-05-01", "startDate=2024-05-01T00:00:00+00:00", "endDate=now",
        "latest=", "latest=2", "carelink=yes", "medtronic=", "cbgFilter=no", "dexcom=x",
        "sampleIntervalMinimum=", "sampleIntervalMinimum=1.5", "sampleIntervalMinimum=3000000000",
        "latest=1&latest=x"}) {
    for (const HeaderList& headers : {as_user_, HeaderList{}}) {
      const Response response = ask("GET", "/data/" + user_id_, "", query, headers);
      EXPECT_EQ(response.status, 400) << query;
      EXPECT_EQ(response.headers.find("Content-Type"), "application/json");
      EXPECT_THAT(response.body, HasSubstr(R"("code":"invalid_parameters","message":)"
                                           R"("one or more parameters are invalid"})"));
    }
  }
}

TEST_F(FetchApiTest, WhatCannotBeDecodedIsNotThere) {
  upload(record("food", "a", "2024-05-01T12:00:00Z"));
  for (const std::string query :
       {"type=%zz", "latest=%zz", "type=smbg;x", "startDate=%", "nonsense=1"}) {
    EXPECT_THAT(names(query), ElementsAre("a", "upload")) << query;
  }
}

TEST_F(FetchApiTest, WhoMay) {
  const auto status = [&](const std::string& user_id, const HeaderList& headers) {
    return ask("GET", "/data/" + user_id, "", "", headers).status;
  };
  const std::string token = as_user_.front().second;
  const HeaderList server{{"X-Tidepool-Session-Token", tokens_->issue("server", true, 3600)}};
  EXPECT_EQ(status(user_id_, as_user_), 200);
  EXPECT_EQ(status(user_id_, {{"Authorization", "Bearer " + token}}), 200);
  EXPECT_EQ(status(user_id_, server), 200);
  EXPECT_EQ(status("5e4d3c2b1a", as_user_), 403);
  EXPECT_EQ(status(user_id_, {}), 401);
  EXPECT_EQ(status(user_id_, {{"X-Tidepool-Session-Token", "dead"}}), 401);
  // Nobody knows this one; a service gets nothing of it.
  EXPECT_EQ(ask("GET", "/data/ffffffffff", "", "", server).body, "[]");
  EXPECT_THAT(
      ask("GET", "/data/5e4d3c2b1a", "", "", as_user_).body,
      HasSubstr(R"("code":"data_cant_view","message":"user is not authorized to view data"})"));
  EXPECT_EQ(ask("GET", "/data/status", "", "", {}).body, "OK\n");
}

TEST_F(FetchApiTest, AStoreThatFailsIsNotTheClients) {
  store_.fail_reads = true;
  const Response response = get("");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body,
              HasSubstr(R"("code":"data_store_error","message":"internal server error"})"));
}

TEST_F(FetchApiTest, TheSimpleFilters) {
  const std::string first =
      upload(record("smbg", "s1", "2024-05-01T12:01:00Z", R"(,"deviceId":"D1")") + ',' +
                 record("bolus", "b2", "2024-05-01T12:02:00Z", R"(,"deviceId":"D2")"),
             R"(,"deviceId":"D1","time":"2024-05-01T12:00:00Z")");
  upload(record("smbg", "s3", "2024-05-01T12:03:00Z", R"(,"subType":"manual")"),
         R"(,"time":"2024-05-01T13:00:00Z")");
  EXPECT_THAT(names(""), ElementsAre("b2", "s3", "s1", "upload", "upload"));
  EXPECT_THAT(names("type=smbg"), ElementsAre("s3", "s1"));
  EXPECT_THAT(names("type=smbg,bolus,SMBG"), ElementsAre("b2", "s3", "s1"));
  EXPECT_THAT(names("type=upload"), ElementsAre("upload", "upload"));
  EXPECT_THAT(names("type=,smbg&type=smbg"), ElementsAre("b2", "s3", "s1", "upload", "upload"));
  EXPECT_THAT(names("subType=manual,normal"), ElementsAre("b2", "s3"));
  EXPECT_THAT(names("startDate=2024-05-01T12:02:00Z&endDate=2024-05-01T12:30:00.000Z"),
              ElementsAre("b2", "s3"));
  EXPECT_THAT(names("endDate=2024-05-01T14:01:00%2B02:00"), ElementsAre("s1", "upload"));
  EXPECT_THAT(names("deviceId=D1"), ElementsAre("s1", "upload"));
  EXPECT_THAT(names("deviceId=D2"), ElementsAre("b2"));
  EXPECT_THAT(names("uploadId=" + first), ElementsAre("b2", "s1", "upload"));
  EXPECT_THAT(names("uploadId=x"), IsEmpty());
  EXPECT_EQ(get("uploadId=x").body, "[]");
  EXPECT_THAT(names("type=upload&uploadId=" + first), ElementsAre("upload"));
  EXPECT_THAT(names("latest=1"), ElementsAre("s3", "b2", "upload"));
  EXPECT_THAT(names("latest=true&type=upload,bolus,food,bolus&endDate=2024-05-02T00:00:00Z"),
              ElementsAre("upload", "b2", "b2"));
}

TEST_F(FetchApiTest, SampleIntervalMinimumIsForCbgThatHaveOne) {
  upload(record("cbg", "none", "2024-05-01T12:01:00Z") + ',' +
         record("cbg", "min", "2024-05-01T12:02:00Z", R"(,"sampleInterval":60000)") + ',' +
         record("cbg", "five", "2024-05-01T12:03:00Z",
                R"(,"sampleInterval":300000,"payload":{"sampleInterval":1})") +
         ',' + record("food", "f", "2024-05-01T12:04:00Z"));
  const auto records = [&](std::string query) {
    return names("type=cbg,food&sampleIntervalMinimum=" + query);
  };
  EXPECT_THAT(records("300000"), ElementsAre("five", "none", "f"));
  EXPECT_THAT(records("60000"), ElementsAre("five", "min", "none", "f"));
  EXPECT_THAT(records("60001"), ElementsAre("five", "none", "f"));
  EXPECT_THAT(records("300001"), ElementsAre("none", "f"));
  EXPECT_THAT(records("0"), ElementsAre("five", "min", "none", "f"));
  EXPECT_THAT(records("-1"), ElementsAre("five", "min", "none", "f"));
}

TEST_F(FetchApiTest, ReasonsAreForDosingDecisions) {
  upload(record("dosingDecision", "loop", "2024-05-01T12:01:00Z", R"(,"reason":"loop")") + ',' +
         record("dosingDecision", "bolus", "2024-05-01T12:02:00Z", R"(,"reason":"normalBolus")") +
         ',' + record("food", "f", "2024-05-01T12:04:00Z"));
  EXPECT_THAT(names("type=dosingDecision,food&dosingDecision.reason=normalBolus,simpleBolus"),
              ElementsAre("bolus", "f"));
  EXPECT_THAT(names("dosingDecision.reason=none"), ElementsAre("f", "upload"));
  EXPECT_THAT(names("dosingDecision.reason="), ElementsAre("bolus", "loop", "f", "upload"));
}

// The worked example of docs/spec/fetch.md 2.4.
TEST_F(FetchApiTest, CareLinkAndMedtronic) {
  const std::string pump = upload(
      record("bolus", "pumpbolus", "2024-05-01T12:00:00Z") + ',' +
          record("bolus", "oldbolus", "2017-08-31T23:59:59.999Z") + ',' +
          record("smbg", "pumpsmbg", "2024-05-01T12:00:00Z") + ',' +
          record("cbg", "pumplink", "2017-01-01T00:00:00Z", R"(,"source":"carelink")"),
      R"(,"deviceManufacturers":["Medtronic"],"deviceModel":"723","time":"2024-05-01T12:00:00Z")");
  upload(record("cbg", "link", "2024-05-01T12:00:00Z", R"(,"source":"carelink")"));
  const Names before = names("type=bolus,cbg,smbg");
  // Direct uploads hide CareLink; without Loop data nothing hides direct uploads.
  EXPECT_THAT(before, ElementsAre("pumpbolus", "oldbolus", "pumpsmbg"));
  upload(record("bolus", "loop", "2024-05-01T12:05:00Z",
                R"(,"origin":{"payload":{"device":{"manufacturer":"Medtronic"}}})"));
  EXPECT_THAT(names("type=bolus,cbg,smbg"), ElementsAre("loop", "oldbolus", "pumpsmbg"));
  EXPECT_THAT(names("type=bolus,cbg,smbg&carelink=true&medtronic=true"),
              ElementsAre("loop", "pumpbolus", "oldbolus", "link", "pumplink", "pumpsmbg"));
  EXPECT_THAT(names("type=bolus,cbg&medtronic=t"), ElementsAre("loop", "pumpbolus", "oldbolus"));
  EXPECT_THAT(names("type=bolus,cbg&carelink=1"),
              ElementsAre("loop", "oldbolus", "link", "pumplink"));
  EXPECT_THAT(names("type=bolus,cbg,smbg&uploadId=" + pump),
              ElementsAre("pumpbolus", "oldbolus", "pumpsmbg"));
  EXPECT_THAT(names("type=bolus&latest=1&medtronic=false&endDate=2024-05-01T12:04:00Z"),
              ElementsAre("oldbolus"));
}

TEST_F(FetchApiTest, PresenceDecidesAboutTheSourceRules) {
  upload(record("cbg", "link", "2024-05-01T12:00:00Z", R"(,"source":"carelink")"));
  upload(record("cbg", "pump", "2024-05-01T12:00:00Z"),
         R"(,"deviceModel":"754","time":"2024-05-01T12:00:00Z")");
  EXPECT_THAT(names("type=cbg"), ElementsAre("pump", "link"));
  EXPECT_THAT(names("type=cbg&carelink=false"), ElementsAre("pump"));
  EXPECT_THAT(names("type=cbg&medtronic=false"), ElementsAre("link"));
}

/// A user with a connection to a cloud service, whose set covers an hour.
class CloudRuleTest : public FetchApiTest {
 protected:
  CloudRuleTest() {
    cloud_ = upload(record("cbg", "cloud", "2024-05-01T12:30:00Z"));
    device_ = upload(record("cbg", "before", "2024-05-01T11:59:59.999Z") + ',' +
                     record("cbg", "first", "2024-05-01T12:00:00Z") + ',' +
                     record("cbg", "last", "2024-05-01T13:00:00Z") + ',' +
                     record("cbg", "after", "2024-05-01T13:00:00.001Z") + ',' +
                     record("smbg", "smbg", "2024-05-01T12:30:00Z"));
  }

  /// `members` change the connection, which is made here.
  void connect(const std::string& members) {
    const HeaderList as_service = {{"X-Tidepool-Service-Secret", "open-sesame"}};
    const Response made =
        ask("POST", "/v1/users/" + user_id_ + "/data_sources",
            R"({"providerType":"oauth","providerName":"dexcom"})", "", as_service);
    ASSERT_EQ(made.status, 201) << made.body;
    const Response changed = ask("PUT", "/v1/data_sources/" + made.body.substr(7, 32),
                                 '{' + members + '}', "", as_service);
    ASSERT_EQ(changed.status, 200) << changed.body;
  }
  std::string set_of(const std::string& id) const { return R"("dataSetId":")" + id + '"'; }

  static constexpr auto kHour =
      R"(,"earliestDataTime":"2024-05-01T12:00:00Z","latestDataTime":"2024-05-01T13:00:00Z")";
  const Names everything_ = {"after", "last", "cloud", "first", "before", "smbg"};
  std::string cloud_;
  std::string device_;
};

TEST_F(CloudRuleTest, HidesCbgOfDevicesWhereTheCloudHasSome) {
  connect(set_of(cloud_) + kHour);
  EXPECT_THAT(names("type=cbg,smbg"), ElementsAre("after", "cloud", "before", "smbg"));
  EXPECT_THAT(names("type=cbg&latest=1&endDate=2024-05-01T13:00:00Z"), ElementsAre("cloud"));
}

TEST_F(CloudRuleTest, IsForThoseWhoAskForIt) {
  connect(set_of(cloud_) + kHour);
  for (const std::string off : {"cbgFilter=false", "dexcom=true", "cbgFilter=0&dexcom=false"}) {
    EXPECT_EQ(names("type=cbg,smbg&" + off), everything_) << off;
  }
  for (const std::string on : {"cbgFilter=true", "dexcom=false", "cbgFilter=1&dexcom=true"}) {
    EXPECT_THAT(names("type=cbg&" + on), ElementsAre("after", "cloud", "before")) << on;
  }
  // One's own asking for a set shows all of it.
  EXPECT_THAT(names("type=cbg&uploadId=" + device_),
              ElementsAre("after", "last", "first", "before"));
}

TEST_F(CloudRuleTest, NeedsASetAndASpan) {
  EXPECT_EQ(names("type=cbg,smbg"), everything_);
  connect(kHour + 1);  // a span, but no set
  EXPECT_EQ(names("type=cbg,smbg"), everything_);
  connect(set_of(cloud_));  // a set, but no span
  EXPECT_EQ(names("type=cbg,smbg"), everything_);
}

TEST_F(CloudRuleTest, EachConnectionHidesForItsOwnSpan) {
  connect(set_of(cloud_) +
          R"(,"earliestDataTime":"2024-05-01T11:00:00Z","latestDataTime":"2024-05-01T12:00:00Z")");
  connect(set_of(upload(record("cbg", "other", "2024-05-01T14:00:00Z"))) +
          R"(,"earliestDataTime":"2024-05-01T13:00:00.001Z",)"
          R"("latestDataTime":"2024-05-01T14:00:00Z")");
  EXPECT_THAT(names("type=cbg"), ElementsAre("other", "last", "cloud"));
}

TEST_F(FetchApiTest, ServesLinesToThoseWhoAsk) {
  upload(record("food", "a", "2024-05-01T12:00:00Z") + ',' +
         record("food", "b", "2024-05-01T12:01:00Z"));
  Response array = get("type=food");
  Response lines = get("type=food", {{"Accept", "application/x-ndjson"}});
  EXPECT_EQ(array.headers.find("Content-Type"), "application/json");
  EXPECT_EQ(lines.headers.find("Content-Type"), "application/x-ndjson");
  std::string expected = body_of(array);
  expected = expected.substr(2, expected.size() - 3);  // without the brackets
  std::erase(expected, '\n');
  expected.replace(expected.find("},{"), 3, "}\n{");
  EXPECT_EQ(body_of(lines), expected + '\n');
  EXPECT_EQ(get("type=cbg", {{"Accept", "application/x-ndjson"}}).body, "");
  EXPECT_EQ(get("type=food", {{"Accept", "*/*"}}).headers.find("Content-Type"), "application/json");
}

TEST_F(FetchApiTest, GivesChanges) {
  const std::string id = upload(record("food", "a", "2024-05-01T12:00:00Z"));
  const std::string since =
      "type=food&modifiedSince=" + format_utc_milliseconds(now_milliseconds());
  // Less than a minute ago: it might have been under way when the client asked before.
  EXPECT_THAT(names(since), ElementsAre("a"));
  EXPECT_EQ(ask("DELETE", "/v1/datasets/" + id, "", "", as_user_).status, 200);
  EXPECT_THAT(get(since).body, HasSubstr(R"({"deleted":true,"id":"a000)"));
  EXPECT_THAT(names("type=food&modifiedSince=2222-01-01T00:00:00Z"), IsEmpty());
  EXPECT_EQ(get("modifiedSince=yesterday").status, 400);
  const Response old = get("modifiedSince=2020-01-01T00:00:00Z");
  EXPECT_EQ(old.status, 410);
  EXPECT_THAT(old.body, HasSubstr(R"("code":"changes_forgotten")"));
}

class PagesTest : public FetchApiTest {
 protected:
  std::string minute(int at) {
    return "2024-05-01T12:" + std::string(at < 10 ? "0" : "") + std::to_string(at) + ":00Z";
  }

  /// All pages from one on; `between` runs after each.
  template <class Between>
  Names walk(std::string query, Between between) {
    Names all;
    std::string cursor;
    for (int pages = 0; pages < 100; ++pages) {
      Response page = get(query + (cursor.empty() ? "" : "&cursor=" + cursor));
      EXPECT_EQ(page.status, 200) << page.body;
      for (auto& name : names_in(body_of(page))) all.push_back(std::move(name));
      const auto next = page.headers.find("X-Tideway-Next-Cursor");
      if (!next) return all;
      cursor = *next;
      between();
    }
    return {"no end"};
  }
};

TEST_F(PagesTest, TogetherTheyAreTheWhole) {
  std::string records;
  for (int i = 0; i < 23; ++i) {
    const std::string name = 'r' + std::to_string(i) + 'x';
    records += (i > 0 ? "," : "") + record(i % 3 == 0 ? "food" : "smbg", name, minute(i / 2));
  }
  upload(records);
  upload(record("food", "other", minute(3)));
  const Names whole = names("");
  ASSERT_EQ(whole.size(), 26U);
  for (const int limit : {1, 2, 7, 24, 25, 26, 27, 10'000}) {
    EXPECT_EQ(walk("limit=" + std::to_string(limit), [] {}), whole) << limit;
  }
  // Exactly full pages have none behind them.
  EXPECT_FALSE(get("limit=26").headers.find("X-Tideway-Next-Cursor"));
  EXPECT_TRUE(get("limit=25").headers.find("X-Tideway-Next-Cursor"));
  EXPECT_EQ(get("limit=5&type=none").body, "[]");
}

TEST_F(PagesTest, AreStableWhileOthersUpload) {
  std::string records;
  for (int i = 0; i < 20; ++i) {
    records += (i > 0 ? "," : "") + record("smbg", 'r' + std::to_string(i) + 'x', minute(i));
  }
  upload(records);
  Names before = names("type=smbg");
  int uploads = 0;
  const Names seen = walk("type=smbg&limit=3", [&] {
    // One in front of all pages, one at a time that is there already, one behind.
    const std::string name = "n" + std::to_string(uploads++);
    upload(record("smbg", name + "ax", minute(59)) + ',' + record("smbg", name + "bx", minute(10)) +
           ',' + record("smbg", name + "cx", minute(1)));
  });
  Names kept;
  for (const auto& name : seen) {
    if (name.starts_with('r')) kept.push_back(name);
    EXPECT_EQ(std::ranges::count(seen, name), 1) << name;
  }
  EXPECT_EQ(kept, before);
}

TEST_F(PagesTest, LinkToTheNext) {
  upload(record("food", "a", minute(1)) + ',' + record("food", "b", minute(2)));
  const Response page = get("type=food&a=%3e>\"&limit=1");
  const std::string cursor(page.headers.find("X-Tideway-Next-Cursor").value());
  EXPECT_EQ(page.headers.find("Link"),
            "<?type=food&a=%3e%3E%22&limit=1&cursor=" + cursor + ">; rel=\"next\"");
  EXPECT_THAT(names("type=food&a=%3e%3E%22&limit=1&cursor=" + cursor), ElementsAre("a"));
  EXPECT_THAT(names("type=food&limit=5&cursor=" + cursor), ElementsAre("a"));
  EXPECT_THAT(names("type=food&cursor=" + cursor), ElementsAre("a"));
}

TEST_F(PagesTest, RefuseWhatWasNotGiven) {
  upload(record("food", "a", minute(1)) + ',' + record("food", "b", minute(2)));
  const std::string cursor(get("type=food&limit=1").headers.find("X-Tideway-Next-Cursor").value());
  const auto message = [&](std::string query) {
    const Response response = get(std::move(query));
    EXPECT_EQ(response.status, 400);
    EXPECT_THAT(response.body, HasSubstr(R"("code":"invalid_parameters")"));
    return response.body.substr(response.body.find(R"("message":)"));
  };
  std::string tampered = cursor;
  tampered[8] = tampered[8] == 'A' ? 'B' : 'A';
  const std::string foreign = R"("message":"cursor is not one that was given for this query"})";
  EXPECT_EQ(message("type=food&limit=1&cursor=" + tampered), foreign);
  EXPECT_EQ(message("type=smbg&limit=1&cursor=" + cursor), foreign);
  EXPECT_EQ(message("limit=1&cursor=" + cursor), foreign);
  EXPECT_EQ(message("type=food&limit=1&cursor="), foreign);
  EXPECT_EQ(message("limit=0"), R"("message":"limit is not a whole number from 1 to 10000"})");
  EXPECT_EQ(message("limit=1&latest=1"), R"("message":"limit and cursor are not for latest"})");
}

}  // namespace
}  // namespace tideway::api
