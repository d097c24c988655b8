// Data sources below HTTP: storage, constraints, what is shown.
#include "source/data_sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/memory_store.h"

namespace tideway::source {
namespace {

using Kind = StepError::Kind;
using State = DataSource::State;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kUser = "0a1b2c3d4e";
constexpr int64_t kNowMs = 1'714'564'800'000;

class DataSourcesTest : public testing::Test {
 protected:
  DataSource create(std::string_view name, std::string_view user = kUser) {
    DataSource source;
    source.user_id = user;
    source.provider_type = "oauth";
    source.provider_name = name;
    return sources_.create(source, ++now_ms_).value();
  }
  Changes connect(std::string_view session) {
    Changes changes;
    changes.state = State::kConnected;
    changes.provider_session_id = session;
    return changes;
  }

  store::MemoryStore store_;
  DataSources sources_{store_};
  int64_t now_ms_ = kNowMs;
};

TEST_F(DataSourcesTest, ASourceIsStoredWhole) {
  const DataSource made = create("dexcom");
  EXPECT_EQ(made.id.size(), 32U);
  EXPECT_EQ(made.state, State::kDisconnected);
  EXPECT_EQ(made.revision, 0U);
  EXPECT_EQ(sources_.find(made.id).value(), made);
  EXPECT_EQ(sources_.find(std::string(32, '0')).error().kind, Kind::kNotFound);
}

TEST_F(DataSourcesTest, CodecKeepsEveryMember) {
  DataSource source = create("dexcom");
  source.provider_session_id = "s";
  source.provider_external_id = "x";
  source.state = State::kError;
  source.metadata = "{}";
  source.error = "\"e\"";
  source.data_set_id = "d";
  source.earliest_data_ms = -1;
  source.latest_data_ms = 2;
  source.last_import_ms = 3;
  source.modified_ms = 4;
  source.revision = 5;
  EXPECT_EQ(DataSource::decode(source.encode()).value(), source);
  const std::string bytes = source.encode();
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DataSource::decode(bytes.substr(0, size)));
  }
}

TEST_F(DataSourcesTest, ListsNewestFirst) {
  const auto first = create("a");
  const auto second = create("b");
  create("c", "5e4d3c2b1a");
  const auto all = sources_.list(kUser, {}).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], second);
  EXPECT_EQ(sources_.list(kUser, {.provider_name = "a"}).value(), std::vector{first});
  EXPECT_TRUE(sources_.list(kUser, {.state = State::kConnected})->empty());
}

TEST_F(DataSourcesTest, AnUpdateCountsRevisions) {
  const auto made = create("dexcom");
  const auto connected = sources_.update(made.id, 0, connect("session"), kNowMs + 5).value();
  EXPECT_EQ(connected.state, State::kConnected);
  EXPECT_EQ(connected.revision, 1U);
  EXPECT_EQ(connected.modified_ms, kNowMs + 5);
  EXPECT_EQ(sources_.find_by_session("session").value(), connected);
  EXPECT_EQ(sources_.update(made.id, 0, connect("session"), kNowMs).error().kind,
            Kind::kWrongRevision);
  EXPECT_EQ(sources_.update(made.id, std::nullopt, {}, kNowMs + 9).value(), connected);
  EXPECT_EQ(sources_.update(made.id, 7, {}, kNowMs).error().kind, Kind::kWrongRevision);
}

TEST_F(DataSourcesTest, DisconnectingTakesSessionAndErrorAway) {
  const auto made = create("dexcom");
  sources_.update(made.id, {}, connect("session"), kNowMs).value();
  Changes fails;
  fails.state = State::kError;
  fails.error = "{}";
  EXPECT_EQ(sources_.update(made.id, {}, fails, kNowMs)->error, "{}");
  Changes disconnects;
  disconnects.state = State::kDisconnected;
  const auto done = sources_.update(made.id, {}, disconnects, kNowMs).value();
  EXPECT_EQ(done.provider_session_id, "");
  EXPECT_EQ(done.error, "");
  EXPECT_EQ(sources_.find_by_session("session").error().kind, Kind::kNotFound);
  // Free again, for another source too.
  const auto other = create("libre");
  EXPECT_TRUE(sources_.update(other.id, {}, connect("session"), kNowMs));
  // An error in the same body wins over its removal.
  disconnects.error = "\"gone\"";
  EXPECT_EQ(sources_.update(made.id, {}, disconnects, kNowMs)->error, "\"gone\"");
}

TEST_F(DataSourcesTest, OneSourceOfAProviderIsInUse) {
  const auto first = create("dexcom");
  const auto second = create("dexcom");
  const auto other = create("dexcom", "5e4d3c2b1a");
  EXPECT_TRUE(sources_.update(first.id, {}, connect("one"), kNowMs));
  EXPECT_EQ(sources_.update(second.id, {}, connect("two"), kNowMs).error().kind, Kind::kConnected);
  EXPECT_EQ(sources_.find(second.id).value(), second);
  EXPECT_EQ(sources_.update(other.id, {}, connect("one"), kNowMs).error().kind, Kind::kSessionUsed);
  EXPECT_TRUE(sources_.update(other.id, {}, connect("two"), kNowMs));
}

TEST_F(DataSourcesTest, Removes) {
  const auto first = create("a");
  const auto second = create("b");
  sources_.update(second.id, {}, connect("session"), kNowMs).value();
  EXPECT_EQ(sources_.remove(first.id, 3).error().kind, Kind::kWrongRevision);
  EXPECT_TRUE(sources_.remove(first.id, 0));
  EXPECT_EQ(sources_.remove(first.id, {}).error().kind, Kind::kNotFound);
  EXPECT_TRUE(sources_.remove_all(kUser));
  EXPECT_TRUE(store_.entries(kUser).empty());
  EXPECT_TRUE(store_.entries(store::kDirectoryPartition).empty());
}

TEST_F(DataSourcesTest, AFailureLeavesNothing) {
  const auto made = create("dexcom");
  store_.fail_updates = true;
  EXPECT_EQ(sources_.update(made.id, {}, connect("s"), kNowMs).error().kind, Kind::kStore);
  EXPECT_EQ(sources_.remove(made.id, {}).error().kind, Kind::kStore);
  store_.fail_updates = false;
  EXPECT_EQ(sources_.find(made.id).value(), made);
}

TEST(DataSourceJson, UsersSeeLess) {
  DataSource source;
  source.id = "i";
  source.provider_session_id = "secret";
  source.error =
      R"({"code":"a","detail":"d","secret":1,"cause":{"code":"unauthenticated","title":"t"}})";
  EXPECT_THAT(source.json(), HasSubstr("secret"));
  EXPECT_THAT(source.user_json(), Not(HasSubstr("secret")));
  EXPECT_THAT(source.user_json(), HasSubstr(R"("error":{"code":"unauthenticated","title":"t"})"));
  source.error = R"([{"code":"a","x":1},"text"])";
  EXPECT_THAT(source.user_json(), HasSubstr(R"("error":[{"code":"a"},"text"])"));
}

TEST(ReadChanges, SaysWhatIsWrong) {
  const auto codes = [](const std::string& body) {
    std::string out;
    const auto changes = read_changes(body, kNowMs);
    if (changes) return out;
    for (const Error& error : changes.error().errors) out += error.code + error.pointer + ' ';
    return out;
  };
  EXPECT_EQ(codes("{}"), "");
  EXPECT_EQ(codes(R"({"state":"connected"})"), "value-not-exists/providerSessionId ");
  EXPECT_EQ(codes(R"({"providerSessionId":"0123456789abcdefghijklmnopqrstuv"})"),
            "value-exists/providerSessionId ");
  EXPECT_EQ(codes(R"({"state":"lost"})"), "value-not-allowed/state ");
  EXPECT_EQ(codes(R"({"error":7})"), "type-not-object/error ");
  EXPECT_EQ(codes(R"({"dataSetId":"x"})"), "value-not-valid/dataSetId ");
  EXPECT_EQ(codes(R"({"dataSetIds":["x"]})"), "value-not-valid/dataSetIds/0 ");
  EXPECT_EQ(codes(R"({"unknown":1})"), "not-parsed/unknown ");
  EXPECT_EQ(codes(R"({"lastImportTime":"2030-01-01T00:00:00Z"})"),
            "value-not-valid/lastImportTime ");
  EXPECT_NE(codes(R"({"earliestDataTime":"2024-01-02T00:00:00Z",)"
                  R"("latestDataTime":"2024-01-01T00:00:00Z"})"),
            "");
  EXPECT_EQ(read_changes("[]", kNowMs).error().kind, record::Refusal::Kind::kMalformed);
}

TEST(ReadChanges, TakesErrorsOfThreeKinds) {
  for (const std::string error : {R"({"code":"x"})", R"([{"code":"x"}])", R"("text")"}) {
    const auto changes = read_changes(R"({"error":)" + error + R"(,"state":"error"})", kNowMs);
    ASSERT_TRUE(changes);
    EXPECT_EQ(changes->error, error);
    EXPECT_EQ(changes->state, State::kError);
  }
  const auto ids = read_changes(
      R"({"dataSetIds":["0123456789abcdef0123456789abcdef"],"metadata":{"b":1,"a":2}})", kNowMs);
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->data_set_id, "0123456789abcdef0123456789abcdef");
  EXPECT_EQ(ids->metadata, R"({"a":2,"b":1})");
}

}  // namespace
}  // namespace tideway::source
