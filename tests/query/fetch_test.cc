#include "query/fetch.h"

#include "base/ids.h"
#include "tests/query/fixture.h"

namespace tideway::query {
namespace {

class FetchTest : public QueryTest {};

Filter of_types(Names types) {
  Filter filter;
  filter.types = std::move(types);
  return filter;
}

Filter latest(Names types = {}) {
  Filter filter = of_types(std::move(types));
  filter.latest = true;
  return filter;
}

TEST_F(FetchTest, GivesTwoBytesForNothing) {
  EXPECT_EQ(fetch({}), "[]");
  upload({'[' + smbg("a", 1) + ']'});
  EXPECT_EQ(fetch(of_types({"cbg"})), "[]");
  EXPECT_EQ(fetch(of_types({"cbg", "nonsense", ""})), "[]");
  EXPECT_EQ(fetch(latest({"cbg"})), "[]");
}

// docs/spec/fetch.md 4.1 and 4.4
TEST_F(FetchTest, FramesElementsToTheByte) {
  dataset::DataSet set = new_set(Deduplicator::kDeviceDeactivateHash, "InsOmn-1234");
  set.upload_id = set.id = "4f1d2c3b5a69788796a5b4c3d2e1f001";
  set.time_ms = kNoonMs + 4500;
  upload({R"([{"type":"smbg","units":"mg/dL","value":100,"deviceId":"InsOmn-1234",)"
          R"("deviceTime":"2024-05-01T08:00:00","id":"7b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e",)"
          R"("time":"2024-05-01T15:00:00.000Z","timezoneOffset":-420},)"
          R"({"type":"smbg","units":"mmol/L","value":5,"deviceId":"InsOmn-1234",)"
          R"("id":"00000000000000000000000000000001","time":"2024-05-01T14:00:00Z"}])"},
         set);
  EXPECT_EQ(
      fetch({}),
      "[\n"
      R"({"_deduplicator":{"hash":"diby0l9GwpAITlQHL855ft4hzSDuqGxZ0TLB0YkD2ZE="},"deviceId":"InsOmn-1234","deviceTime":"2024-05-01T08:00:00","id":"7b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e","revision":1,"time":"2024-05-01T15:00:00Z","timezoneOffset":-420,"type":"smbg","units":"mmol/L","uploadId":"4f1d2c3b5a69788796a5b4c3d2e1f001","value":5.55075},)"
      "\n"
      R"({"_deduplicator":{"hash":"X6GUjHIOTyXLeZiABTf929hFD4MibmXb6TIWXkPVM5E="},"deviceId":"InsOmn-1234","id":"00000000000000000000000000000001","revision":1,"time":"2024-05-01T14:00:00Z","type":"smbg","units":"mmol/L","uploadId":"4f1d2c3b5a69788796a5b4c3d2e1f001","value":5},)"
      "\n"
      R"({"_dataState":"open","_deduplicator":{"name":"org.tidepool.deduplicator.device.deactivate.hash","version":"1.1.0"},"_state":"closed","dataSetType":"normal","id":"4f1d2c3b5a69788796a5b4c3d2e1f001","revision":3,"time":"2024-05-01T12:00:04.5Z","type":"upload","uploadId":"4f1d2c3b5a69788796a5b4c3d2e1f001"})"
      "\n]");
}

/// `<hash>` of each element that has one.
Names hashes_in(const std::string& answer) {
  constexpr std::string_view kBefore = R"("_deduplicator":{"hash":")";
  Names hashes;
  for (size_t at = answer.find(kBefore); at != answer.npos; at = answer.find(kBefore, at + 1)) {
    hashes.push_back(answer.substr(at + kBefore.size(), 44));
  }
  return hashes;
}

// docs/spec/datasets.md 15.3, of a few records and of many, whether their text tells it or not
TEST_F(FetchTest, ShowsTheHashOfEachRecord) {
  for (const bool by_device : {true, false}) {
    dataset::DataSet set =
        new_set(by_device ? Deduplicator::kDeviceDeactivateHash : Deduplicator::kDataSetDropHash);
    set.upload_id = std::string(32, by_device ? 'a' : 'b');
    set.id = std::string(32, by_device ? 'c' : 'd');
    const std::string key = by_device ? "D1" : set.id;
    std::string body = "[";
    Names expected;
    for (int i = 199; i >= 0; --i) {
      const std::string time =
          fmt::format("2024-05-01T{:02}:{:02}:00{}", 12 + i / 60, i % 60, i % 3 ? "Z" : ".0001Z");
      body += fmt::format(R"({{"type":"smbg","units":"mmol/L","value":{},"deviceId":"D1",)"
                          R"("time":"{}"}},)",
                          5 + i % 50, time);
      expected.push_back(record::to_base64(record::identity_hash(
          dataset::kUser, key, fmt::format("{}|smbg|mmol/L|{}", time, 5 + i % 50))));
    }
    body.back() = ']';
    const std::string id = upload({body}, set);
    Filter filter = of_types({"smbg"});
    filter.upload_id = id;
    EXPECT_EQ(hashes_in(fetch(filter)), expected);
    filter.end_ms = minute_ms(5);
    EXPECT_EQ(hashes_in(fetch(filter)), Names(expected.end() - 6, expected.end()));
    filter.latest = true;
    EXPECT_EQ(hashes_in(fetch(filter)), Names{*(expected.end() - 6)});
  }
}

TEST_F(FetchTest, ShowsNeitherHashNorRevisionWhereNoneIs) {
  const std::string id =
      sets_->create(new_set(Deduplicator::kNone, "", dataset::DataSet::Type::kContinuous))
          ->upload_id;
  add(id, '[' + food("a", 1) + ']');
  EXPECT_EQ(fetch(of_types({"food"})),
            "[\n{\"deviceId\":\"D1\",\"id\":\"" + dataset::id_of("a") +
                "\",\"time\":\"2024-05-01T12:01:00Z\",\"type\":\"food\",\"uploadId\":\"" + id +
                "\"}\n]");
}

TEST_F(FetchTest, MakesIdsForRecordsWithoutOne) {
  upload({R"([{"type":"food","time":"2024-05-01T12:00:00Z"}])"});
  const Names ids = names(of_types({"food"}));
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_LE(ids[0].size(), 32U);
  EXPECT_EQ(names(of_types({"food"})), ids);
}

TEST_F(FetchTest, OrdersByTypeThenTimeThenTheSets) {
  upload(
      {'[' + smbg("s1", 1) + ',' + food("f2", 2) + ',' + smbg("s3", 3) + ',' + food("f4", 4) +
       R"(,{"type":"water","id":"w5000000000000000000000000000000","time":"2024-05-01T12:05:00Z",)"
       R"("amount":{"units":"liters","value":1}}])"});
  EXPECT_EQ(names({}), (Names{"f4", "f2", "s3", "s1", "w5", "upload"}));
  // The order asked for does not count.
  EXPECT_EQ(names(of_types({"upload", "smbg", "food", "smbg"})),
            (Names{"f4", "f2", "s3", "s1", "upload"}));
  EXPECT_EQ(names(of_types({"upload"})), (Names{"upload"}));
}

TEST_F(FetchTest, OrdersSetsByTime) {
  Names ids;
  for (const int minute : {2, 3, 1}) {
    dataset::DataSet set = new_set(Deduplicator::kNone);
    set.time_ms = minute_ms(minute);
    ids.push_back(upload({}, set));
  }
  const std::string answer = fetch({});
  const auto place = [&](size_t i) { return answer.find(ids[i]); };
  EXPECT_LT(place(1), place(0));
  EXPECT_LT(place(0), place(2));
}

TEST_F(FetchTest, LatestGivesTheNewestOfEachType) {
  upload({'[' + smbg("s1", 1) + ',' + smbg("s2", 2) + ',' + food("f1", 1) + ',' + food("f3", 3) +
          ']'});
  upload({'[' + smbg("s0", 0) + ',' + food("f2", 2) + ']'});
  // In the order of the default list: smbg comes before food.
  EXPECT_EQ(names(latest()), (Names{"s2", "f3", "upload"}));
  EXPECT_EQ(names(latest({"food", "cbg", "smbg"})), (Names{"f3", "s2"}));
  EXPECT_EQ(names(latest({"upload", "food", "food"})), (Names{"upload", "f3", "f3"}));
}

TEST_F(FetchTest, LatestLeavesOutTypesThatAreNotInItsList) {
  upload({R"([{"type":"water","id":"w0000000000000000000000000000000",)"
          R"("time":"2024-05-01T12:00:00Z","amount":{"units":"liters","value":1}}])"});
  EXPECT_EQ(names(latest()), (Names{"upload"}));
  EXPECT_EQ(names(latest({"water"})), (Names{"w"}));
}

TEST_F(FetchTest, LatestKeepsTheOtherFilters) {
  upload({'[' + smbg("s1", 1) + ',' + smbg("s2", 2, 5.5, "D2") + ',' + smbg("s3", 3) + ']'});
  Filter filter = latest({"smbg"});
  filter.end_ms = minute_ms(2);
  EXPECT_EQ(names(filter), (Names{"s2"}));
  filter.device_id = "D1";
  EXPECT_EQ(names(filter), (Names{"s1"}));
}

TEST_F(FetchTest, DateBoundsAreInclusive) {
  upload({'[' + smbg("s1", 1) + ',' + smbg("s2", 2) + ',' + smbg("s3", 3) + ']'});
  Filter filter = of_types({"smbg"});
  filter.start_ms = minute_ms(2);
  EXPECT_EQ(names(filter), (Names{"s3", "s2"}));
  filter.end_ms = minute_ms(2);
  EXPECT_EQ(names(filter), (Names{"s2"}));
  ++filter.start_ms;
  EXPECT_EQ(names(filter), Names());
}

TEST_F(FetchTest, DateBoundsApplyToSetsToo) {
  upload({'[' + smbg("s1", 1) + ']'});
  Filter filter;
  filter.start_ms = kNoonMs;
  EXPECT_EQ(names(filter), (Names{"s1", "upload"}));
  filter.start_ms = kNoonMs + 1;
  EXPECT_EQ(names(filter), (Names{"s1"}));
  filter.start_ms = 0;
  filter.end_ms = kNoonMs;
  EXPECT_EQ(names(filter), (Names{"upload"}));
}

TEST_F(FetchTest, FiltersByDevice) {
  upload({'[' + smbg("s1", 1) + ',' + smbg("s2", 2, 5.5, "D2") + ']'});
  Filter filter;
  filter.device_id = "D1";
  EXPECT_EQ(names(filter), (Names{"s1", "upload"}));
  // The set is of D1.
  filter.device_id = "D2";
  EXPECT_EQ(names(filter), (Names{"s2"}));
  filter.device_id = "D3";
  EXPECT_EQ(fetch(filter), "[]");
}

TEST_F(FetchTest, FiltersByUpload) {
  const std::string first = upload({'[' + smbg("s1", 1) + ']'});
  upload({'[' + smbg("s2", 2) + ']'});
  Filter filter;
  filter.upload_id = first;
  EXPECT_EQ(names(filter), (Names{"s1", "upload"}));
  filter.upload_id = random_id();
  EXPECT_EQ(fetch(filter), "[]");
}

TEST_F(FetchTest, FiltersBySubType) {
  const auto smbg_of = [](const char* sub_type, const char* name, int minute) {
    std::string record = smbg(name, minute);
    record.insert(1, fmt::format(R"("subType":"{}",)", sub_type));
    return record;
  };
  upload(
      {'[' + smbg("none", 1) + ',' + smbg_of("manual", "m", 2) + ',' + smbg_of("linked", "l", 3) +
       ',' +
       R"({"type":"bolus","subType":"normal","normal":1,"id":"b0000000000000000000000000000000",)"
       R"("time":"2024-05-01T12:00:00Z"}])"});
  Filter filter;
  filter.sub_types = {"manual"};
  EXPECT_EQ(names(filter), (Names{"m"}));
  filter.sub_types = {"normal", "linked", "manual"};
  EXPECT_EQ(names(filter), (Names{"b", "l", "m"}));
  filter.sub_types = {"cbg"};
  EXPECT_EQ(fetch(filter), "[]");
}

TEST_F(FetchTest, LeavesOutWhatIsNotVisible) {
  const std::string open = sets_->create(new_set(Deduplicator::kNone))->upload_id;
  add(open, '[' + smbg("open", 1) + ']');
  EXPECT_EQ(fetch({}), "[]");
  const auto hash_set = new_set(Deduplicator::kDeviceDeactivateHash);
  upload({'[' + smbg("a", 1) + ',' + smbg("b", 2) + ']'}, hash_set);
  upload({'[' + smbg("c", 2) + ']'}, hash_set);
  EXPECT_EQ(record_names({}), (Names{"c", "a"}));
}

TEST_F(FetchTest, ReadsOnlyTheBlocksThatItNeeds) {
  for (int hour = 0; hour < 5; ++hour) {
    upload({'[' + smbg(fmt::format("h{}x", hour), hour * 60) + ']'});
  }
  upload({'[' + food("f", 0) + ']'});
  const auto blocks_read = [&](const Filter& filter) {
    store_.take_block_gets();
    fetch(filter);
    return store_.take_block_gets();
  };
  EXPECT_EQ(blocks_read({}), 6);
  EXPECT_EQ(blocks_read(of_types({"food"})), 1);
  EXPECT_EQ(blocks_read(of_types({"upload"})), 0);
  EXPECT_EQ(blocks_read(latest({"smbg"})), 1);
  Filter hours = of_types({"smbg"});
  hours.start_ms = minute_ms(60);
  hours.end_ms = minute_ms(179);
  EXPECT_EQ(blocks_read(hours), 2);
  Filter device;
  device.device_id = "another";
  EXPECT_EQ(blocks_read(device), 0);
}

TEST_F(FetchTest, ComesInParts) {
  upload({dataset::many_smbg(3000)});
  const auto fetch = Fetch::open(store_, kUser, {}, sets_->id_cipher()).value();
  std::string whole;
  int parts = 0;
  for (bool more = true; more; ++parts) {
    std::string part;
    more = fetch->next(part).value();
    EXPECT_LT(part.size(), 200'000U);
    whole += part;
  }
  EXPECT_GT(parts, 3);
  EXPECT_EQ(whole, QueryTest::fetch({}));
  EXPECT_EQ(names({}).size(), 3001U);
}

TEST_F(FetchTest, KeepsWholeBlocksOpenForFurtherFetches) {
  const auto set = new_set(Deduplicator::kDeviceDeactivateHash);
  const std::string id = upload({dataset::many_smbg(3000)}, set);
  const std::string whole = fetch({});
  const size_t kept_bytes = opened_.held_bytes();
  EXPECT_GT(kept_bytes, 0U);
  EXPECT_EQ(fetch({}), whole);
  EXPECT_EQ(opened_.held_bytes(), kept_bytes);
  // What is superseded or damaged since shows, whatever is kept.
  upload({dataset::many_smbg(2000)}, set);
  EXPECT_EQ(record_names({}).size(), 3000U);
  EXPECT_NE(fetch({}), whole);
  memory_.put(kUser, dataset::block_key(id, 2), "garbage");
  EXPECT_EQ(fetch({}), "block: too short");
}

TEST_F(FetchTest, KeepsNoBlockOpenThatIsYetToGrow) {
  const auto stream = new_set(Deduplicator::kNone, "D1", dataset::DataSet::Type::kContinuous);
  const std::string id = sets_->create(stream).value().upload_id;
  add(id, '[' + smbg("a", 1) + ']');
  EXPECT_EQ(record_names({}), Names{"a"});
  EXPECT_EQ(opened_.held_bytes(), 0U);
  add(id, '[' + smbg("b", 2) + ']');
  EXPECT_EQ(record_names({}), (Names{"b", "a"}));
}

// What is written while a fetch runs does not show in it.
TEST_F(FetchTest, SeesOneInstant) {
  upload({'[' + smbg("a", 1) + ']'});
  const auto fetch = Fetch::open(store_, kUser, {}, sets_->id_cipher()).value();
  upload({'[' + smbg("b", 2) + ']'});
  std::string out;
  while (fetch->next(out).value()) {
  }
  EXPECT_NE(out.find(dataset::id_of("a")), out.npos);
  EXPECT_EQ(out.find(dataset::id_of("b")), out.npos);
}

TEST_F(FetchTest, FailsMidwayInsteadOfLookingComplete) {
  const std::string id = upload({'[' + smbg("a", 1) + ']'});
  memory_.put(kUser, dataset::block_key(id, 0), "garbage");
  const auto fetch = Fetch::open(store_, kUser, {}, sets_->id_cipher()).value();
  std::string out;
  EXPECT_FALSE(fetch->next(out));
  memory_.fail_reads = true;
  EXPECT_FALSE(Fetch::open(store_, kUser, {}, sets_->id_cipher()));
}

TEST_F(FetchTest, KnowsNothingOfOtherUsers) {
  upload({'[' + smbg("a", 1) + ']'});
  const auto fetch = Fetch::open(store_, "5e4d3c2b1a", {}, sets_->id_cipher()).value();
  std::string out;
  EXPECT_FALSE(fetch->next(out).value());
  EXPECT_EQ(out, "[]");
}

}  // namespace
}  // namespace tideway::query
