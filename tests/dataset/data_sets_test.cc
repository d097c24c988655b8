#include "dataset/data_sets.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/ids.h"
#include "dataset/data_set_id.h"
#include "store/rocksdb/rocksdb_store.h"
#include "tests/dataset/samples.h"
#include "tests/store/memory_store.h"
#include "tests/store/temporary_directory.h"

namespace tideway::dataset {
namespace {

using Kind = StepError::Kind;

/// An engine that can be closed and opened again; what it holds stays.
class Home {
 public:
  virtual ~Home() = default;
  virtual store::Store& open() = 0;
};

class MemoryHome final : public Home {
 public:
  store::Store& open() override { return store_; }

 private:
  store::MemoryStore store_;
};

class RocksDbHome final : public Home {
 public:
  store::Store& open() override {
    store_.reset();
    store_ = store::RocksDbStore::open(directory_.store_path()).value();
    return *store_;
  }

 private:
  store::TemporaryDirectory directory_;
  std::unique_ptr<store::Store> store_;
};

struct Engine {
  const char* name;
  std::function<std::unique_ptr<Home>()> make;
};

class DataSetsOn : public testing::TestWithParam<Engine> {
 protected:
  DataSetsOn() { restart(); }

  /// As after a new start of the program on the same data.
  void restart() {
    sets_.reset();
    store_ = &home_->open();
    sets_ = DataSets::open(*store_).value();
  }

  std::string create(const DataSet& set) { return sets_->create(set).value().upload_id; }

  /// The kind of the error, or nothing.
  std::optional<Kind> add(std::string_view upload_id, const std::string& body,
                          std::string_view user_id = kUser) {
    const SampleBatch records(body);
    const auto added = sets_->add(user_id, upload_id, records.batch(), new_chunk(), kNoonMs);
    return added ? std::nullopt : std::optional(added.error().kind);
  }

  std::optional<Kind> close(std::string_view upload_id, int64_t now_ms = kNoonMs + 1000,
                            std::string_view user_id = kUser) {
    const auto closed = sets_->close(user_id, upload_id, kUser, now_ms);
    return closed ? std::nullopt : std::optional(closed.error().kind);
  }

  std::unique_ptr<Home> home_ = GetParam().make();
  store::Store* store_ = nullptr;
  std::unique_ptr<DataSets> sets_;
};

const DataSet kHashSet = new_set(Deduplicator::kDeviceDeactivateHash);
const DataSet kPlainSet = new_set(Deduplicator::kNone);

TEST_P(DataSetsOn, CreateGivesAHintedId) {
  const DataSet made = sets_->create(kHashSet).value();
  EXPECT_EQ(hinted_user(sets_->id_cipher(), made.upload_id), kUser);
  EXPECT_EQ(made.id, made.upload_id);
  // Such an id needs no entry in the directory.
  const auto entry =
      (*store_->read(store::kDirectoryPartition))->get(directory_key(made.upload_id));
  EXPECT_EQ(entry.value(), std::nullopt);
  EXPECT_EQ(sets_->find(made.upload_id)->encode(), made.encode());
}

TEST_P(DataSetsOn, CreateKeepsChosenIds) {
  DataSet set = kHashSet;
  set.upload_id = "upid_0123456789ab";
  const DataSet made = sets_->create(set).value();
  EXPECT_EQ(made.upload_id, "upid_0123456789ab");
  EXPECT_TRUE(is_data_id(made.id));
  EXPECT_EQ(sets_->find("upid_0123456789ab")->user_id, kUser);
}

TEST_P(DataSetsOn, CreateRefusesAnIdThatIsTaken) {
  DataSet set = kHashSet;
  set.upload_id = set.id = std::string(32, 'a');
  ASSERT_TRUE(sets_->create(set));
  set.device_id = "another";
  EXPECT_EQ(sets_->create(set).error().kind, Kind::kTaken);
  set.user_id = "5e4d3c2b1a";
  EXPECT_EQ(sets_->create(set).error().kind, Kind::kTaken);
  EXPECT_EQ(sets_->find(set.upload_id)->device_id, "D1");
  EXPECT_EQ(sets_->find(set.upload_id)->user_id, kUser);
}

TEST_P(DataSetsOn, CreateServesUsersWhoseIdsAreUuids) {
  const std::string user_id = "0a1b2c3d-0000-4000-8000-0123456789ab";
  DataSet set = kPlainSet;
  set.user_id = user_id;
  const std::string id = create(set);
  EXPECT_TRUE(is_data_set_id(id));
  EXPECT_EQ(sets_->find(id)->user_id, user_id);
  EXPECT_EQ(add(id, '[' + smbg("a", 0) + ']', user_id), std::nullopt);
  EXPECT_EQ(close(id, kNoonMs, user_id), std::nullopt);
  EXPECT_EQ(visible(*store_, user_id), (std::vector<std::string>{"a"}));
  EXPECT_TRUE(visible(*store_).empty());
}

TEST_P(DataSetsOn, FindKnowsOnlyWhatWasCreated) {
  create(kPlainSet);
  const auto hinted = make_hinted_id(sets_->id_cipher(), kUser);
  for (const std::string& id : {*hinted, random_id(), std::string("upid_0123456789ab"),
                                std::string(), std::string("../x"), std::string(300, 'a')}) {
    EXPECT_EQ(sets_->find(id).error().kind, Kind::kNotFound) << id;
  }
}

TEST_P(DataSetsOn, EverythingIsThereAfterARestart) {
  const std::string hinted = create(kPlainSet);
  DataSet set = kPlainSet;
  set.upload_id = "upid_0123456789ab";
  create(set);
  ASSERT_EQ(add(hinted, '[' + smbg("a", 0) + ']'), std::nullopt);
  ASSERT_EQ(close(hinted), std::nullopt);
  restart();
  EXPECT_TRUE(sets_->find(hinted)->is_closed());
  EXPECT_FALSE(sets_->find("upid_0123456789ab")->is_closed());
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a"}));
}

TEST_P(DataSetsOn, AddNeedsAnOpenSetOfTheUser) {
  const std::string id = create(kPlainSet);
  const std::string body = '[' + smbg("a", 0) + ']';
  EXPECT_EQ(add(random_id(), body), Kind::kNotFound);
  EXPECT_EQ(add(id, body, "5e4d3c2b1a"), Kind::kNotFound);
  EXPECT_EQ(add(id, body), std::nullopt);
  EXPECT_EQ(sets_->find(id)->record_count, 1U);
  ASSERT_EQ(close(id), std::nullopt);
  EXPECT_EQ(add(id, body), Kind::kClosed);
  EXPECT_EQ(sets_->find(id)->record_count, 1U);
}

TEST_P(DataSetsOn, CloseMakesRecordsVisible) {
  const std::string id = create(kPlainSet);
  ASSERT_EQ(add(id, '[' + smbg("a", 0) + ',' + smbg("b", 1) + ']'), std::nullopt);
  EXPECT_TRUE(visible(*store_).empty());
  const auto closed = sets_->close(kUser, id, "", kNoonMs + 5000);
  ASSERT_TRUE(closed);
  EXPECT_TRUE(closed->is_closed());
  EXPECT_TRUE(closed->active);
  EXPECT_EQ(closed->revision, 3U);
  EXPECT_EQ(closed->modified_ms, kNoonMs + 5000);
  EXPECT_EQ(closed->created_ms, kNoonMs);
  EXPECT_EQ(sets_->find(id)->encode(), closed->encode());
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a", "b"}));
}

TEST_P(DataSetsOn, CloseHappensOnce) {
  const std::string id = create(kPlainSet);
  const DataSet first = sets_->close(kUser, id, kUser, kNoonMs + 1).value();
  EXPECT_EQ(sets_->close(kUser, id, "5e4d3c2b1a", kNoonMs + 2).error().kind, Kind::kClosed);
  EXPECT_EQ(sets_->close(kUser, id, "", kNoonMs + 2).error().kind, Kind::kClosed);
  // A retry of the same user is answered as the first time, for ten minutes.
  const auto again = sets_->close(kUser, id, kUser, kNoonMs + 1 + kCloseAgainMs);
  EXPECT_EQ(again->encode(), first.encode());
  EXPECT_EQ(close(id, kNoonMs + 2 + kCloseAgainMs), Kind::kClosed);
  EXPECT_EQ(sets_->find(id)->encode(), first.encode());
  EXPECT_EQ(close(random_id()), Kind::kNotFound);
  EXPECT_EQ(close(id, kNoonMs, "5e4d3c2b1a"), Kind::kNotFound);
}

TEST_P(DataSetsOn, ContinuousSetsAreVisibleAtOnce) {
  const std::string id = create(new_set(Deduplicator::kNone, "", DataSet::Type::kContinuous));
  ASSERT_EQ(add(id, '[' + smbg("a", 0) + ']'), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a"}));
  const auto closed = sets_->close(kUser, id, "", kNoonMs + 1);
  EXPECT_EQ(closed->revision, 2U);
  EXPECT_TRUE(closed->active);
}

TEST_P(DataSetsOn, CloseWithoutADeviceChangesNothing) {
  const std::string id = create(new_set(Deduplicator::kDeviceDeactivateHash, ""));
  ASSERT_EQ(add(id, '[' + smbg("a", 0) + ']'), std::nullopt);
  EXPECT_EQ(close(id), Kind::kNoDeviceId);
  EXPECT_FALSE(sets_->find(id)->is_closed());
  EXPECT_TRUE(visible(*store_).empty());
  EXPECT_EQ(add(id, '[' + smbg("b", 0) + ']'), std::nullopt);
}

// docs/spec/datasets.md 16, S1
TEST_P(DataSetsOn, CloseSupersedesTheSameRecordsOfOtherSets) {
  const std::string a = create(kHashSet);
  ASSERT_EQ(add(a, '[' + smbg("a1", 1) + ',' + smbg("a2", 2) + ',' + smbg("a3", 3) + ']'),
            std::nullopt);
  ASSERT_EQ(close(a), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a1", "a2", "a3"}));
  const std::string b = create(kHashSet);
  ASSERT_EQ(add(b, '[' + smbg("b2", 2) + ',' + smbg("b3", 3) + ',' + smbg("b4", 4) + ']'),
            std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a1", "a2", "a3"}));
  ASSERT_EQ(close(b, kNoonMs + 7000), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a1", "b2", "b3", "b4"}));

  const Mask mask = read_mask(**store_->read(kUser), {a, 0}).value();
  EXPECT_EQ(mask.superseded_by(0), "");
  EXPECT_EQ(mask.superseded_by(1), b);
  EXPECT_EQ(mask.superseded_by(2), b);
}

// S4
TEST_P(DataSetsOn, EachOfAChainSupersedesTheOneBefore) {
  for (const auto name : {"a", "b", "c"}) {
    const std::string id = create(kHashSet);
    ASSERT_EQ(add(id, '[' + smbg(name, 1) + ']'), std::nullopt);
    ASSERT_EQ(close(id), std::nullopt);
    EXPECT_EQ(visible(*store_), (std::vector<std::string>{name}));
  }
}

// S7
TEST_P(DataSetsOn, ASetDoesNotSupersedeItself) {
  const std::string a = create(kHashSet);
  ASSERT_EQ(add(a, '[' + smbg("a", 1) + ']'), std::nullopt);
  ASSERT_EQ(close(a), std::nullopt);
  const std::string b = create(kHashSet);
  ASSERT_EQ(add(b, '[' + smbg("b", 1) + ']'), std::nullopt);
  ASSERT_EQ(add(b, '[' + smbg("bb", 1) + ']'), std::nullopt);
  ASSERT_EQ(close(b), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"b", "bb"}));
}

// S8
TEST_P(DataSetsOn, AnotherValueIsAnotherRecord) {
  const std::string a = create(kHashSet);
  ASSERT_EQ(add(a, '[' + smbg("a", 1, 5.5) + ']'), std::nullopt);
  ASSERT_EQ(close(a), std::nullopt);
  const std::string b = create(kHashSet);
  ASSERT_EQ(add(b, '[' + smbg("b", 1, 5.6) + ']'), std::nullopt);
  ASSERT_EQ(close(b), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a", "b"}));
}

TEST_P(DataSetsOn, OnlyRecordsOfTheSetsDeviceAreSuperseded) {
  const std::string a = create(kHashSet);
  ASSERT_EQ(add(a, '[' + smbg("a1", 1) + ',' + smbg("a2", 2, 5.5, "D2") + ']'), std::nullopt);
  ASSERT_EQ(close(a), std::nullopt);
  const std::string b = create(kHashSet);
  ASSERT_EQ(add(b, '[' + smbg("b1", 1) + ',' + smbg("b2", 2, 5.5, "D2") + ']'), std::nullopt);
  ASSERT_EQ(close(b), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a2", "b1", "b2"}));
}

TEST_P(DataSetsOn, RecordsOfOpenSetsAreNotSuperseded) {
  const std::string open = create(kHashSet);
  ASSERT_EQ(add(open, '[' + smbg("a", 1) + ']'), std::nullopt);
  const std::string b = create(kHashSet);
  ASSERT_EQ(add(b, '[' + smbg("b", 1) + ']'), std::nullopt);
  ASSERT_EQ(close(b), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"b"}));
  ASSERT_EQ(close(open), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a"}));
}

TEST_P(DataSetsOn, SetsOfOtherUsersAreLeftAlone) {
  DataSet other = kHashSet;
  other.user_id = "5e4d3c2b1a";
  const std::string a = create(other);
  ASSERT_EQ(add(a, '[' + smbg("a", 1) + ']', other.user_id), std::nullopt);
  ASSERT_EQ(close(a, kNoonMs, other.user_id), std::nullopt);
  const std::string b = create(kHashSet);
  ASSERT_EQ(add(b, '[' + smbg("b", 1) + ']'), std::nullopt);
  ASSERT_EQ(close(b), std::nullopt);
  EXPECT_EQ(visible(*store_, other.user_id), (std::vector<std::string>{"a"}));
}

TEST_P(DataSetsOn, SupersedesAcrossBlocks) {
  const std::string a = create(kHashSet);
  ASSERT_EQ(add(a, many_smbg(2000)), std::nullopt);
  ASSERT_EQ(close(a), std::nullopt);
  EXPECT_EQ(visible(*store_).size(), 2000U);
  const std::string b = create(kHashSet);
  ASSERT_EQ(add(b, many_smbg(1500)), std::nullopt);
  ASSERT_EQ(close(b), std::nullopt);
  EXPECT_EQ(visible(*store_).size(), 2000U);
  EXPECT_EQ(read_mask(**store_->read(kUser), {a, 0})->hidden_count(), 1024U);
  EXPECT_EQ(read_mask(**store_->read(kUser), {a, 1})->hidden_count(), 476U);
}

/// Blocks with the same records, but one of them lost a record before the set was closed.
TEST_P(DataSetsOn, WhatIsGoneSupersedesNothing) {
  const std::string records =
      '[' + smbg("a", 0) + ',' + smbg("b", 1) + ',' + smbg("c", 2) + ',' + smbg("d", 3) + ']';
  const std::string first = create(kHashSet);
  ASSERT_EQ(add(first, records), std::nullopt);
  ASSERT_EQ(close(first), std::nullopt);
  const std::string second = create(kHashSet);
  ASSERT_EQ(add(second, records), std::nullopt);
  ASSERT_TRUE(sets_->remove(kUser, second, {Selection::Key::kId, {id_of("b")}}, kNoonMs));
  ASSERT_EQ(close(second), std::nullopt);
  EXPECT_EQ(visible(*store_), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(read_mask(**store_->read(kUser), {first, 0})->superseded_by(1), "");
  // Nor does what is gone come back as superseded.
  const std::string third = create(kHashSet);
  ASSERT_EQ(add(third, records), std::nullopt);
  ASSERT_EQ(close(third), std::nullopt);
  const auto mask = read_mask(**store_->read(kUser), {second, 0});
  EXPECT_TRUE(mask->is_gone(1));
  for (const uint32_t slot : {0U, 2U, 3U}) EXPECT_EQ(mask->superseded_by(slot), third);
}

/// Blocks of the same records are known by their summaries.
TEST_P(DataSetsOn, SupersedesEqualBlocksWithoutOpeningThem) {
  const std::string first = create(kHashSet);
  ASSERT_EQ(add(first, many_smbg(1000)), std::nullopt);
  ASSERT_EQ(close(first), std::nullopt);
  const std::string second = create(kHashSet);
  ASSERT_EQ(add(second, many_smbg(1000)), std::nullopt);
  ASSERT_TRUE(store_->update(kUser, [&](store::Transaction& transaction) {
    transaction.put(block_key(first, 0), "not to be opened");
    transaction.put(block_key(second, 0), "neither");
    return store::Outcome::kCommit;
  }));
  ASSERT_EQ(close(second), std::nullopt);
  EXPECT_EQ(read_mask(**store_->read(kUser), {first, 0})->hidden_count(), 1000U);
}

INSTANTIATE_TEST_SUITE_P(
    Stores, DataSetsOn,
    testing::Values(Engine{"Memory", [] { return std::make_unique<MemoryHome>(); }},
                    Engine{"RocksDb", [] { return std::make_unique<RocksDbHome>(); }}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace tideway::dataset
