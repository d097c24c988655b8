// The routes of data sets, seen from above the sockets (docs/spec/datasets.md 7 to 13).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/document.h"
#include "tests/api/api_fixture.h"

namespace tideway::api {
namespace {

using server::Response;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using Ids = std::vector<std::string>;

constexpr std::string_view kNone = "org.tidepool.deduplicator.none";
constexpr std::string_view kOrigin = "org.tidepool.deduplicator.dataset.delete.origin";

std::string water(int minute, std::string_view more = "") {
  return R"({"type":"water","time":"2025-01-06T10:)" + std::to_string(minute) +
         R"(:00Z","amount":{"units":"milliliters","value":250})" + std::string(more) + "}";
}

class DataSetsApiTest : public ApiFixture {
 protected:
  std::string create(std::string_view deduplicator, std::string_view more = "") {
    const Response response = ask({"POST", users_ + "/data_sets",
                                   R"({"deduplicator":{"name":")" + std::string(deduplicator) +
                                       "\"}" + std::string(more) + "}"});
    EXPECT_EQ(response.status, 201) << response.body;
    const size_t at = response.body.find(R"("uploadId":")") + 12;
    return response.body.substr(at, 32);
  }
  std::string create_continuous(std::string_view deduplicator, std::string_view more = "") {
    return create(deduplicator, R"(,"dataSetType":"continuous")" + std::string(more));
  }

  Response add(const std::string& id, const std::string& records, HeaderList headers = {}) {
    return ask({"POST", "/v1/data_sets/" + id + "/data", '[' + records + ']', "", headers});
  }
  Response close(const std::string& id) { return ask({"PUT", "/v1/data_sets/" + id}); }

  /// The upload ids in a bare list.
  Ids list(std::string query = "") {
    const Response response = ask({"GET", users_ + "/data_sets", "", std::move(query)});
    EXPECT_EQ(response.status, 200) << response.body;
    Ids ids;
    for (size_t at = 0; (at = response.body.find(R"("uploadId":")", at)) != std::string::npos;) {
      ids.push_back(response.body.substr(at += 12, 32));
    }
    return ids;
  }

  size_t fetched() {
    const Response response = ask({"GET", "/data/" + user_id_, "", "type=water"});
    size_t count = 0;
    for (size_t at = 0; (at = response.body.find(R"("type":"water")", at)) != std::string::npos;) {
      ++count, ++at;
    }
    return count;
  }

  const std::string users_ = "/v1/users/" + user_id_;
  const HeaderList as_other_ = user_token("5e4d3c2b1a");
};

TEST_F(DataSetsApiTest, ListsVisibleSetsNewestFirst) {
  EXPECT_EQ(ask({"GET", users_ + "/data_sets"}).body, "[]\n");
  const std::string first = create_continuous(kNone, R"(,"deviceId":"D1")");
  const std::string open = create(kNone);
  const std::string last = create_continuous(kOrigin, R"(,"client":{"name":"org.example"})");
  EXPECT_THAT(list(), ElementsAre(last, first));
  close(open);
  EXPECT_THAT(list(), ElementsAre(last, open, first));
  EXPECT_THAT(list("deviceId=D1"), ElementsAre(first));
  EXPECT_THAT(list("client.name=org.example"), ElementsAre(last));
  EXPECT_THAT(list("client.name=nobody"), IsEmpty());
  EXPECT_THAT(list("size=1"), ElementsAre(last));
  EXPECT_THAT(list("size=2&page=1"), ElementsAre(first));
  EXPECT_THAT(list("page=7"), IsEmpty());
  ask({"DELETE", "/v1/datasets/" + first});
  EXPECT_THAT(list("deleted=false"), ElementsAre(last, open));
  EXPECT_THAT(list("deleted=t"), ElementsAre(last, open, first));
}

TEST_F(DataSetsApiTest, TheOtherListIsWrapped) {
  EXPECT_EQ(ask({"GET", users_ + "/datasets"}).body,
            R"({"data":[],"meta":{"trace":{"request":"trace"}}})");
  create_continuous(kNone);
  EXPECT_THAT(ask({"GET", users_ + "/datasets"}).body, StartsWith(R"({"data":[{)"));
  EXPECT_EQ(ask({"GET", users_ + "/datasets", "", "deviceId=D1"}).status, 400);
}

TEST_F(DataSetsApiTest, ListParametersAreStrict) {
  const auto error = [this](std::string query) {
    const Response response = ask({"GET", users_ + "/data_sets", "", std::move(query)});
    EXPECT_EQ(response.status, 400);
    return response.body;
  };
  EXPECT_EQ(error("page=-1"), R"({"code":"value-out-of-range","title":"value is out of range",)"
                              R"("detail":"value -1 is not greater than or equal to 0",)"
                              R"("source":{"parameter":"page"}})"
                              "\n");
  EXPECT_THAT(error("size=1001"), HasSubstr("value 1001 is not between 1 and 1000"));
  EXPECT_THAT(error("size=x"), HasSubstr("type is not int, but string"));
  EXPECT_THAT(error("deleted=yes"), HasSubstr("type is not bool, but string"));
  EXPECT_THAT(error("client.name="), HasSubstr("value-empty"));
  EXPECT_THAT(error("foo=1"), HasSubstr(R"("code":"not-parsed")"));
  EXPECT_THAT(error("page=1&page=2"), HasSubstr(R"("code":"not-parsed")"));
  EXPECT_THAT(error("page=-1&foo=1"), HasSubstr(R"({"code":"not-parsed")"));
  EXPECT_EQ(error("page=%zz"), "{\"detail\":\"unable to parse request query\"}\n");
}

TEST_F(DataSetsApiTest, OnlyTheOwnerAndServicesLook) {
  const std::string id = create(kNone);
  EXPECT_EQ(ask({"GET", "/v1/data_sets/" + id}).status, 200);
  EXPECT_EQ(ask_as(as_service_, {"GET", "/v1/data_sets/" + id}).status, 200);
  const std::string bare =
      R"({"code":"unauthorized","title":"authentication token is not authorized for requested )"
      R"(action","detail":"authentication token is not authorized for requested action"})"
      "\n";
  EXPECT_EQ(ask_as(as_other_, {"GET", "/v1/data_sets/" + id}).body, bare);
  EXPECT_EQ(ask_as(as_other_, {"GET", users_ + "/data_sets"}).body, bare);
  EXPECT_THAT(ask_as(as_other_, {"GET", users_ + "/datasets"}).body,
              StartsWith(R"({"errors":[{"code":"unauthorized")"));
  EXPECT_EQ(ask({"GET", "/v1/data_sets/nothing"}).body,
            R"({"code":"resource-not-found","title":"resource not found",)"
            R"("detail":"resource with id \"nothing\" not found"})"
            "\n");
  for (const auto& [method, path] :
       {std::pair<std::string, std::string>{"DELETE", "/v1/data_sets/" + id},
        {"DELETE", "/v1/data_sets/" + id + "/data"},
        {"POST", "/v1/data_sets/" + id + "/restore"},
        {"GET", users_ + "/deleted_data_sets"},
        {"DELETE", users_ + "/data_sets"},
        {"DELETE", users_ + "/data"},
        {"POST", users_ + "/erase"}}) {
    EXPECT_EQ(ask_as(as_other_, {method, path}).status, 403) << method << path;
    EXPECT_EQ(ask_as({}, {method, path}).status, 401) << method << path;
  }
}

TEST_F(DataSetsApiTest, RemovesSelectedRecords) {
  const std::string id = create_continuous(kOrigin);
  add(id, water(10, R"(,"origin":{"id":"a"})") + ',' + water(11, R"(,"origin":{"id":"b"})"));
  const std::string path = "/v1/data_sets/" + id + "/data";
  const Response removed =
      ask({"DELETE", path, R"([{"origin":{"id":"a"}},{"origin":{"id":"x"}}])"});
  EXPECT_EQ(removed.body, R"({"data":[],"meta":{"trace":{"request":"trace"}}})");
  EXPECT_EQ(fetched(), 1u);
  // The id of what is left is one that the server made.
  const std::string all = ask({"GET", "/data/" + user_id_, "", "type=water"}).body;
  const size_t at = all.find("\"id\":\"", all.find("\"amount\""));
  const std::string record_id = all.substr(at + 6, 32);
  EXPECT_EQ(ask({"DELETE", path, R"([{"id":")" + record_id + R"("}])"}).status, 200);
  EXPECT_EQ(fetched(), 0u);
}

TEST_F(DataSetsApiTest, BadSelectorsAreTold) {
  const std::string id = create_continuous(kNone);
  const auto error = [&](std::string body) {
    const Response response = ask({"DELETE", "/v1/data_sets/" + id + "/data", std::move(body)});
    EXPECT_EQ(response.status, 400);
    return response.body;
  };
  EXPECT_THAT(error(""), HasSubstr("json-malformed"));
  EXPECT_THAT(error("{}"), HasSubstr("json-malformed"));
  EXPECT_THAT(error("[]"), HasSubstr("value-empty"));
  EXPECT_THAT(error("[null]"), HasSubstr(R"("pointer":"/0")"));
  EXPECT_THAT(error(R"([{"id":"x"}])"), HasSubstr("is not valid as data id"));
  EXPECT_THAT(error(R"([{"id":5}])"), HasSubstr("type is not string, but float64"));
  EXPECT_THAT(error(R"([{"origin":{"id":""}}])"), HasSubstr(R"("pointer":"/0/origin/id")"));
  EXPECT_THAT(error(R"([{"origin":{"id":"a"}},{"deduplicator":{"hash":"b"}}])"),
              HasSubstr(R"("pointer":"/1/deduplicator/hash")"));
  EXPECT_THAT(error(R"([{"origin":{"id":"a"},"time":"2025-01-06T10:00:00Z"}])"),
              HasSubstr(R"("pointer":"/0/time")"));
  EXPECT_THAT(error(R"([{"origin":{"id":"a","time":"noon"}}])"), HasSubstr("value-not-parsable"));
}

TEST_F(DataSetsApiTest, DeletesAndRestoresASet) {
  const std::string id = create(kNone);
  add(id, water(10));
  close(id);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ask({"DELETE", "/v1/data_sets/" + id}).body,
              R"({"data":{},"meta":{"trace":{"request":"trace"}}})");
    EXPECT_EQ(fetched(), 0u);
  }
  EXPECT_THAT(ask({"GET", "/v1/data_sets/" + id}).body, HasSubstr("deletedTime"));
  EXPECT_THAT(ask({"GET", users_ + "/deleted_data_sets"}).body, HasSubstr("restorableUntil"));
  EXPECT_EQ(ask({"POST", "/v1/data_sets/" + id + "/restore"}).status, 200);
  EXPECT_EQ(fetched(), 1u);
  EXPECT_THAT(ask({"GET", "/v1/data_sets/" + id}).body, Not(HasSubstr("deletedTime")));
  EXPECT_THAT(ask({"GET", users_ + "/deleted_data_sets"}).body, StartsWith(R"({"data":[],)"));
  const Response again = ask({"POST", "/v1/data_sets/" + id + "/restore"});
  EXPECT_EQ(again.status, 409);
  EXPECT_THAT(again.body, HasSubstr("data-set-not-deleted"));
}

TEST_F(DataSetsApiTest, DeletesManySetsAfterADryRun) {
  for (const std::string device : {"D1", "D1", "D2"}) {
    const std::string id = create_continuous(kNone, R"(,"deviceId":")" + device + '"');
    add(id, water(10));
  }
  const auto remove = [this](std::string query) {
    return ask({"DELETE", users_ + "/data_sets", "", std::move(query)});
  };
  EXPECT_EQ(remove("").status, 400);
  EXPECT_EQ(remove("dryRun=true").status, 400);
  EXPECT_EQ(remove("createdFrom=noon").status, 400);
  EXPECT_EQ(remove("device=D1").status, 400);
  EXPECT_THAT(remove("deviceId=D1&dryRun=true").body,
              StartsWith(R"({"data":{"dryRun":true,"recordsAdded":2,"dataSets":[{)"));
  EXPECT_EQ(fetched(), 3u);
  EXPECT_EQ(remove("deviceId=D1&createdTo=2020-01-01T00:00:00Z").status, 200);
  EXPECT_EQ(fetched(), 3u);
  EXPECT_EQ(remove("deviceId=D1&createdFrom=2020-01-01T00:00:00Z").status, 200);
  EXPECT_EQ(fetched(), 1u);
}

TEST_F(DataSetsApiTest, ErasesForGood) {
  const std::string id = create_continuous(kNone);
  add(id, water(10));
  EXPECT_EQ(ask({"DELETE", users_ + "/data"}).status, 403);
  EXPECT_EQ(ask({"POST", users_ + "/erase", "{}"}).status, 400);
  EXPECT_EQ(ask({"POST", users_ + "/erase", R"({"userId":"5e4d3c2b1a"})"}).status, 400);
  EXPECT_EQ(fetched(), 1u);
  EXPECT_EQ(ask({"POST", users_ + "/erase", R"({"userId":"0a1b2c3d4e"})"}).status, 200);
  EXPECT_EQ(ask({"GET", "/v1/data_sets/" + id}).status, 404);
  EXPECT_THAT(stored(), IsEmpty());

  const std::string chosen = R"(,"uploadId":"upid_0123456789ab")";
  create(kNone, chosen);
  EXPECT_EQ(ask_as(as_service_, {"DELETE", users_ + "/data"}).body,
            R"({"data":[],"meta":{"trace":{"request":"trace"}}})");
  EXPECT_EQ(ask({"GET", "/v1/data_sets/upid_0123456789ab"}).status, 404);
  create(kNone, chosen);  // the id is free again
}

TEST_F(DataSetsApiTest, AChunkOrAClosingThatIsSentAgainIsFine) {
  const std::string id = create(kNone);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(add(id, water(10)).status, 200);
  EXPECT_EQ(add(id, water(10), {{"Idempotency-Key", "again"}}).status, 200);
  EXPECT_EQ(add(id, water(11), {{"Idempotency-Key", "again"}}).status, 422);
  const Response closed = close(id);
  EXPECT_EQ(closed.status, 200);
  EXPECT_EQ(close(id).body, closed.body);
  EXPECT_EQ(ask_as(as_service_, {"PUT", "/v1/data_sets/" + id}).status, 409);
  EXPECT_EQ(add(id, water(10)).status, 409);
  EXPECT_EQ(fetched(), 2u);
}

TEST_F(DataSetsApiTest, ACreateThatIsSentAgainWithItsKeyMakesOneSet) {
  const HeaderList key = {{"Idempotency-Key", "one"}};
  const std::string body = R"({"deduplicator":{"name":")" + std::string(kNone) + R"("}})";
  const Response first = ask({"POST", users_ + "/data_sets", body, "", key});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(ask({"POST", users_ + "/data_sets", body, "", key}).body, first.body);
  EXPECT_NE(ask({"POST", users_ + "/data_sets", body}).body, first.body);
}

TEST_F(DataSetsApiTest, ServicesChangeAndCloseContinuousSets) {
  const std::string id = create_continuous(kNone, R"(,"deviceId":"D1","timezone":"UTC")");
  const std::string path = "/v1/data_sets/" + id;
  EXPECT_EQ(close(id).status, 403);
  EXPECT_EQ(ask_as(as_service_, {"PUT", path}).body,
            "{\"code\":\"json-not-found\",\"title\":\"json not found\",\"detail\":\"json not "
            "found\"}\n");
  EXPECT_EQ(ask_as(as_service_, {"PUT", path, R"({"dataState":"closed"})"}).status, 400);
  EXPECT_EQ(ask_as(as_service_, {"PUT", path, R"({"deviceModel":"x"})"}).status, 400);
  const Response changed = ask_as(
      as_service_,
      {"PUT", path, R"({"deviceId":"D2","deviceModel":"G6","time":"2025-01-06T10:00:00Z"})"});
  EXPECT_EQ(changed.status, 200);
  for (const auto* part : {R"("deviceId":"D2")", R"("deviceModel":"G6")", R"("timezone":"UTC")",
                           R"("time":"2025-01-06T10:00:00Z")"}) {
    EXPECT_THAT(changed.body, HasSubstr(part));
  }
  EXPECT_EQ(add(id, water(10)).status, 200);
  EXPECT_EQ(ask_as(as_service_, {"PUT", path, R"({"state":"closed"})"}).status, 200);
  EXPECT_EQ(ask_as(as_service_, {"PUT", path, "{}"}).status, 409);
  EXPECT_EQ(add(id, water(11)).status, 409);
  EXPECT_EQ(fetched(), 1u);
}

TEST_F(DataSetsApiTest, PartialModeStoresTheGoodRecords) {
  const std::string id = create_continuous(kNone);
  const std::string path = "/v1/data_sets/" + id + "/data";
  const std::string body = '[' + water(10) + R"(,{"type":"soup"},)" + water(11) + ']';
  EXPECT_EQ(ask({"POST", path, body}).status, 400);
  EXPECT_EQ(fetched(), 0u);
  const Response partial = ask({"POST", path, body, "mode=partial"});
  EXPECT_EQ(partial.status, 200);
  EXPECT_THAT(partial.body, StartsWith(R"({"data":[],"meta":{"trace":{"request":"trace"},)"
                                       R"("rejected":[{"index":1,"errors":[{"code":)"));
  EXPECT_THAT(partial.body, HasSubstr(R"("pointer":"/1/type")"));
  EXPECT_EQ(fetched(), 2u);
  // Sent again it is known, and answered as before.
  EXPECT_EQ(ask({"POST", path, body, "mode=partial"}).body, partial.body);
  EXPECT_EQ(fetched(), 2u);
  for (const auto* preference : {"handling=lenient", "wait=5, Handling=Lenient; x=1"}) {
    const Response lenient =
        ask({"POST", path, '[' + water(12) + ",7]", "", {{"Prefer", preference}}});
    EXPECT_EQ(lenient.status, 200) << lenient.body;
    EXPECT_THAT(lenient.body, HasSubstr(R"("rejected":[{"index":1,)"));
  }
  EXPECT_EQ(ask({"POST", path, '[' + water(13) + ']', "mode=partial"}).body,
            R"({"data":[],"meta":{"trace":{"request":"trace"},"rejected":[]}})");
  EXPECT_EQ(ask({"POST", path, "[7]", "", {{"Prefer", "handling=strict"}}}).status, 400);
  EXPECT_THAT(ask({"POST", path, "[]", "mode=some"}).body, HasSubstr(R"("parameter":"mode")"));
  EXPECT_EQ(fetched(), 4u);
}

TEST_F(DataSetsApiTest, EmptyIdsInThePath) {
  EXPECT_THAT(ask({"GET", "/v1/users//data_sets"}).body, HasSubstr("parameter-missing"));
  EXPECT_THAT(ask({"GET", "/v1/users//datasets"}).body, HasSubstr("user-id-missing"));
  EXPECT_THAT(ask_as(as_service_, {"DELETE", "/v1/users//data"}).body,
              HasSubstr("user-id-missing"));
  EXPECT_THAT(ask({"DELETE", "/v1/data_sets//data"}).body, HasSubstr("data-set-id-missing"));
}

}  // namespace
}  // namespace tideway::api
