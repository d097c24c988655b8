// The worked scenarios of docs/spec/datasets.md 16, each on both stores. A record's name says its
// set and its hash: "a1" is the record of set A with hash 1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dataset/data_sets_fixture.h"

namespace tideway::dataset {
namespace {

using Kind = StepError::Kind;

class Scenario : public DataSetsFixture {
 protected:
  /// Adds a record of each name; its last digit is what tells its hash.
  void add_hashes(const std::string& id, const Names& names) {
    std::string body;
    for (const std::string& name : names) {
      body += (body.empty() ? "" : ",") + smbg(name, name.back() - '0');
    }
    add(id, body);
  }

  void close(const std::string& id) {
    const auto closed = sets_->close(kUser, id, kUser, ++now_ms_);
    EXPECT_TRUE(closed);
  }

  /// A closed set of device.deactivate.hash.
  std::string upload(const Names& names) {
    const std::string id = create(Deduplicator::kDeviceDeactivateHash);
    add_hashes(id, names);
    close(id);
    return id;
  }

  void remove_set(const std::string& id) { EXPECT_TRUE(sets_->remove_set(kUser, id, ++now_ms_)); }
  void restore(const std::string& id) { EXPECT_TRUE(sets_->restore(kUser, id, ++now_ms_)); }

  void remove(const std::string& id, Selection::Key key, const Names& values) {
    EXPECT_TRUE(sets_->remove(kUser, id, {key, values}, ++now_ms_));
  }

  Names visible() { return dataset::visible(store_); }
  bool is_listed(const std::string& id) {
    const auto listed = sets_->list(kUser, {}, {});
    return std::ranges::any_of(*listed, [&](const DataSet& set) { return set.upload_id == id; });
  }
};

/// A record with an origin id.
std::string with_origin(std::string_view name, std::string_view origin_id, double value,
                        std::string_view origin_time = "", std::string_view type = "food") {
  std::string origin = fmt::format(R"("origin":{{"id":"{}")", origin_id);
  if (!origin_time.empty()) origin += fmt::format(R"(,"time":"2024-05-01T{}Z")", origin_time);
  const std::string own = type == "food" ? "" : R"("units":"mmol/L","value":5,)";
  return fmt::format(R"({{"type":"{}",{}"time":"2024-05-01T12:00:00Z","deviceId":"D1","id":"{}",)"
                     R"("payload":{{"value":{}}},{}}}}})",
                     type, own, id_of(name), value, origin);
}

TEST_F(Scenario, S1AndS2DeletingASetBringsBackWhatItSuperseded) {
  const std::string a = create(Deduplicator::kDeviceDeactivateHash);
  add_hashes(a, {"a1", "a2", "a3"});
  EXPECT_FALSE(is_listed(a));
  close(a);
  EXPECT_TRUE(is_listed(a));
  const std::string b = create(Deduplicator::kDeviceDeactivateHash);
  add_hashes(b, {"b2", "b3", "b4"});
  EXPECT_EQ(visible(), (Names{"a1", "a2", "a3"}));
  close(b);
  EXPECT_EQ(visible(), (Names{"a1", "b2", "b3", "b4"}));
  EXPECT_TRUE(is_listed(a) && is_listed(b));

  remove_set(b);
  EXPECT_EQ(visible(), (Names{"a1", "a2", "a3"}));
  EXPECT_EQ(sets_->find(b)->deleted_ms, now_ms_);
  EXPECT_FALSE(is_listed(b));
}

TEST_F(Scenario, S3DeletingTheOlderSetLeavesTheNewer) {
  const std::string a = upload({"a1", "a2", "a3"});
  upload({"b2", "b3", "b4"});
  remove_set(a);
  EXPECT_EQ(visible(), (Names{"b2", "b3", "b4"}));
}

TEST_F(Scenario, S4AChainOfThree) {
  const auto chain = [this] {
    sets_->erase_all(kUser).value();
    return std::array{upload({"a1"}), upload({"b1"}), upload({"c1"})};
  };
  auto sets = chain();
  remove_set(sets[2]);
  EXPECT_EQ(visible(), Names{"b1"});

  sets = chain();
  remove_set(sets[1]);
  EXPECT_EQ(visible(), Names{"c1"});
  remove_set(sets[2]);
  EXPECT_EQ(visible(), Names{"a1"});

  sets = chain();
  remove_set(sets[0]);
  EXPECT_EQ(visible(), Names{"c1"});
}

TEST_F(Scenario, S5AMixedSetInTheMiddle) {
  upload({"a1", "a4"});
  const std::string b = upload({"b1", "b4"});
  upload({"c1"});
  EXPECT_EQ(visible(), (Names{"b4", "c1"}));
  remove_set(b);
  EXPECT_EQ(visible(), (Names{"a4", "c1"}));
}

TEST_F(Scenario, S6DeletingASetThatWasNeverClosed) {
  upload({"a2"});
  const std::string b = create(Deduplicator::kDeviceDeactivateHash);
  add_hashes(b, {"b2"});
  remove_set(b);
  EXPECT_EQ(visible(), Names{"a2"});
}

TEST_F(Scenario, S7TheSameHashTwiceInOneSet) {
  upload({"a2"});
  const std::string b = create(Deduplicator::kDeviceDeactivateHash);
  add_hashes(b, {"b2"});
  add(b, smbg("bb2", 2));
  close(b);
  EXPECT_EQ(visible(), (Names{"b2", "bb2"}));
  remove_set(b);
  EXPECT_EQ(visible(), Names{"a2"});
}

TEST_F(Scenario, S9TruncateDestroysTheDevicesOtherRecords) {
  const std::string a = upload({"a1"});
  const std::string m = create(Deduplicator::kNone, kContinuous, "");
  add_hashes(m, {"m1"});
  add(m, smbg("m9", 9, 5.5, "D2"));
  const std::string z = create(Deduplicator::kNone, DataSet::Type::kNormal, "D2");
  add(z, smbg("z1", 1, 5.5, "D2"));
  close(z);
  const int64_t a_modified_ms = sets_->find(a)->modified_ms;
  const std::string b = create(Deduplicator::kDeviceTruncateDataSet);
  add_hashes(b, {"b1"});
  EXPECT_EQ(visible(), (Names{"a1", "m1", "m9", "z1"}));
  close(b);
  EXPECT_EQ(visible(), (Names{"b1", "m9", "z1"}));
  EXPECT_EQ(sets_->find(a)->deleted_ms, now_ms_);
  EXPECT_EQ(sets_->find(a)->modified_ms, a_modified_ms);
  EXPECT_EQ(sets_->find(m)->deleted_ms, std::nullopt);
  EXPECT_EQ(sets_->find(z)->deleted_ms, std::nullopt);
  remove_set(b);
  EXPECT_EQ(visible(), (Names{"m9", "z1"}));
  // A set that lost all its records takes new ones.
  add_hashes(m, {"m2"});
  EXPECT_EQ(visible(), (Names{"m2", "m9", "z1"}));
}

TEST_F(Scenario, S10DeleteOrigin) {
  const std::string s = create(Deduplicator::kDataSetDeleteOrigin, kContinuous);
  add(s, with_origin("x1", "1", 5) + ',' + with_origin("x2", "2", 6) + ',' + smbg("y", 9));
  EXPECT_EQ(visible(), (Names{"x1", "x2", "y"}));
  add(s, with_origin("x11", "1", 7));
  EXPECT_EQ(visible(), (Names{"x11", "x2", "y"}));
  add(s, smbg("yy", 9));
  EXPECT_EQ(visible(), (Names{"x11", "x2", "y", "yy"}));
  for (int i = 0; i < 2; ++i) {
    remove(s, Selection::Key::kOriginId, {"2"});
    EXPECT_EQ(visible(), (Names{"x11", "y", "yy"}));
  }
  add(s, with_origin("x22", "2", 8));
  EXPECT_EQ(visible(), (Names{"x11", "x22", "y", "yy"}));
  add(s, with_origin("x3", "3", 1) + ',' + with_origin("x33", "3", 2));
  EXPECT_EQ(visible(), (Names{"x11", "x22", "x3", "x33", "y", "yy"}));
  add(s, with_origin("x333", "3", 4));
  EXPECT_EQ(visible(), (Names{"x11", "x22", "x333", "y", "yy"}));
}

TEST_F(Scenario, S10InAnOpenNormalSetNothingCountsYet) {
  const std::string s = create(Deduplicator::kDataSetDeleteOrigin);
  add(s, with_origin("x1", "1", 5) + ',' + with_origin("x2", "2", 5));
  remove(s, Selection::Key::kOriginId, {"1"});
  add(s, with_origin("x22", "2", 6));
  EXPECT_TRUE(visible().empty());
  close(s);
  EXPECT_EQ(visible(), (Names{"x1", "x22"}));
}

TEST_F(Scenario, S11DeleteOriginOlder) {
  const auto bolus = [](std::string_view name, std::string_view origin_id, std::string_view time) {
    return with_origin(name, origin_id, 1, time, "food");
  };
  const std::string s = create(Deduplicator::kDataSetDeleteOriginOlder, kContinuous);
  add(s, bolus("b1", "1", "10:00:00") + ',' + with_origin("c2", "2", 1, "10:00:00", "smbg"));
  for (const std::string_view time : {"09:59:00", "10:00:00", ""}) {
    add(s, bolus("late", "1", time));
    EXPECT_EQ(visible(), (Names{"b1", "c2"})) << time;
  }
  add(s, bolus("b11", "1", "10:01:00"));
  EXPECT_EQ(visible(), (Names{"b11", "c2"}));
  add(s, with_origin("c22", "2", 2, "09:00:00", "smbg"));
  EXPECT_EQ(visible(), (Names{"b11", "c22"}));
  add(s, bolus("b3", "3", "01:00:00"));
  EXPECT_EQ(visible(), (Names{"b11", "b3", "c22"}));
  // Any type is compared once the batch has a bolus or food of that origin.
  add(s, bolus("new", "1", "10:02:00") + ',' + with_origin("old", "1", 2, "09:00:00", "smbg"));
  EXPECT_EQ(visible(), (Names{"b3", "c22", "new"}));
}

TEST_F(Scenario, S12DropHash) {
  const std::string s = create(Deduplicator::kDataSetDropHash, kContinuous);
  add_hashes(s, {"a1"});
  add_hashes(s, {"b1", "b2", "c1"});
  EXPECT_EQ(visible(), (Names{"a1", "b2"}));
  add(s, smbg("d3", 3) + ',' + smbg("e3", 3));
  EXPECT_EQ(visible(), (Names{"a1", "b2", "e3"}));
  remove(s, Selection::Key::kId, {id_of("b2")});
  add_hashes(s, {"f2"});
  EXPECT_EQ(visible(), (Names{"a1", "e3", "f2"}));

  const std::string n = create(Deduplicator::kDataSetDropHash);
  add_hashes(n, {"n1"});
  add_hashes(n, {"m1"});
  close(n);
  EXPECT_EQ(visible(), (Names{"a1", "e3", "f2", "m1", "n1"}));
}

// Of a record whose text tells its identity and of one whose text does not.
TEST_F(Scenario, RecordsAreSelectedByTheirHash) {
  const auto hash = [](std::string_view key, std::string_view time) {
    const std::string identity = std::string(time) + "|smbg|mmol/L|5.5";
    return record::to_base64(record::identity_hash(kUser, key, identity));
  };
  const std::string offset =
      R"({"type":"smbg","units":"mmol/L","value":5.5,"deviceId":"D1","id":")" + id_of("o2") +
      R"(","time":"2024-05-01T11:02:00-01:00"})";
  for (const bool by_device : {true, false}) {
    const std::string s =
        create(by_device ? Deduplicator::kDeviceDeactivateHash : Deduplicator::kDataSetDropHash,
               kContinuous);
    add(s, smbg("a1", 1) + ',' + offset + ',' + smbg("b3", 3));
    const std::string key = by_device ? "D1" : s;
    remove(s, Selection::Key::kHash,
           {hash("other", "2024-05-01T12:01:00Z"), "nonsense", std::string(44, 'A')});
    EXPECT_EQ(visible(), (Names{"a1", "b3", "o2"}));
    remove(s, Selection::Key::kHash, {hash(key, "2024-05-01T12:01:00Z")});
    EXPECT_EQ(visible(), (Names{"b3", "o2"}));
    remove(s, Selection::Key::kHash,
           {hash(key, "2024-05-01T11:02:00-01:00"), hash(key, "2024-05-01T12:03:00Z")});
    EXPECT_EQ(visible(), Names());
  }
}

TEST_F(Scenario, S13None) {
  const std::string s = create(Deduplicator::kNone, kContinuous, "");
  add_hashes(s, {"a1", "b1"});
  remove(s, Selection::Key::kId, {id_of("a1"), id_of("nobody")});
  EXPECT_EQ(visible(), Names{"b1"});
  const std::string n = create(Deduplicator::kNone);
  add_hashes(n, {"n1", "n2"});
  remove(n, Selection::Key::kId, {id_of("n1")});
  EXPECT_EQ(visible(), Names{"b1"});
  close(n);
  EXPECT_EQ(visible(), (Names{"b1", "n2"}));
}

TEST_F(Scenario, S14AHashSetWithoutADeviceCanBeNeitherClosedNorDeleted) {
  const std::string s = create(Deduplicator::kDeviceDeactivateHash, DataSet::Type::kNormal, "");
  add_hashes(s, {"a1"});
  const std::string before = sets_->find(s)->encode();
  EXPECT_EQ(sets_->close(kUser, s, kUser, now_ms_).error().kind, Kind::kNoDeviceId);
  EXPECT_EQ(sets_->remove_set(kUser, s, now_ms_).error().kind, Kind::kNoDeviceId);
  EXPECT_EQ(sets_->find(s)->encode(), before);
}

TEST_F(Scenario, RestoringASetUndoesItsDeletion) {
  upload({"a1", "a2"});
  const std::string b = upload({"b2", "b3"});
  const Names before = visible();
  const DataSet as_it_was = sets_->find(b).value();
  remove_set(b);
  EXPECT_EQ(visible(), (Names{"a1", "a2"}));
  restore(b);
  EXPECT_EQ(visible(), before);
  EXPECT_EQ(sets_->find(b)->deleted_ms, std::nullopt);
  EXPECT_EQ(sets_->find(b)->closing->order, as_it_was.closing->order);
  EXPECT_TRUE(is_listed(b));
  EXPECT_EQ(sets_->restore(kUser, b, now_ms_).error().kind, Kind::kNotDeleted);
}

/// All orders of deleting and restoring the sets of a chain lead to what the sets that are there
/// would give by themselves.
TEST_F(Scenario, WhateverIsDeletedAndRestoredTheSetsThatAreThereDecide) {
  const std::vector<std::string> sets = {upload({"a1", "a4"}), upload({"b1", "b4"}), upload({"c1"}),
                                         upload({"d1", "d4"})};
  std::vector<bool> is_there(sets.size(), true);
  const auto expected = [&] {
    Names names;
    for (const auto& [hash, members] :
         {std::pair{'1', std::string("abcd")}, std::pair{'4', std::string("abd")}}) {
      std::string newest;
      for (const char set : members) {
        if (is_there[set - 'a']) newest = std::string(1, set) + hash;
      }
      if (!newest.empty()) names.push_back(newest);
    }
    std::ranges::sort(names);
    return names;
  };
  uint32_t seed = 7;
  for (int step = 0; step < 300; ++step) {
    const size_t at = (seed = seed * 1'664'525 + 1'013'904'223) >> 30;
    is_there[at] ? remove_set(sets[at]) : restore(sets[at]);
    is_there[at] = !is_there[at];
    ASSERT_EQ(visible(), expected()) << "step " << step;
  }
}

TEST_F(Scenario, ADeletedOpenSetTakesDataAgain) {
  const std::string s = create(Deduplicator::kDataSetDeleteOrigin, kContinuous);
  add(s, with_origin("x1", "1", 5) + ',' + with_origin("x2", "2", 5));
  remove_set(s);
  EXPECT_TRUE(visible().empty());
  add(s, with_origin("y1", "1", 6) + ',' + with_origin("y3", "3", 6));
  EXPECT_EQ(visible(), (Names{"y1", "y3"}));
  restore(s);
  EXPECT_EQ(visible(), (Names{"x2", "y1", "y3"}));
  add(s, with_origin("z2", "2", 7) + ',' + with_origin("z1", "1", 7));
  EXPECT_EQ(visible(), (Names{"y3", "z1", "z2"}));
}

TEST_F(Scenario, DeletingManySetsAtOnce) {
  const std::string a = upload({"a1"});
  const std::string b = upload({"b1"});
  const std::string c = upload({"c1", "c2"});
  const std::string other = create(Deduplicator::kNone, kContinuous, "D2");
  add_hashes(other, {"o1"});
  SetFilter filter;
  filter.device_id = "D1";
  const auto dry = sets_->remove_sets(kUser, filter, true, now_ms_);
  EXPECT_EQ(dry->size(), 3U);
  EXPECT_EQ(visible(), (Names{"c1", "c2", "o1"}));
  const auto removed = sets_->remove_sets(kUser, filter, false, ++now_ms_);
  EXPECT_EQ(removed->size(), 3U);
  EXPECT_EQ(visible(), Names{"o1"});
  EXPECT_EQ(sets_->list_deleted(kUser)->size(), 3U);
  restore(b);
  EXPECT_EQ(visible(), (Names{"b1", "o1"}));
  restore(a);
  EXPECT_EQ(visible(), (Names{"b1", "o1"}));
  restore(c);
  EXPECT_EQ(visible(), (Names{"c1", "c2", "o1"}));
}

TEST_F(Scenario, AChunkThatIsSentAgainIsNotStoredTwice) {
  const std::string s = create(Deduplicator::kNone, kContinuous);
  const SampleBatch batch('[' + smbg("a", 1) + ']');
  const Chunk chunk = new_chunk();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(sets_->add(kUser, s, batch.batch(), chunk, ++now_ms_));
  EXPECT_EQ(visible(), Names{"a"});
  // What was taken away may be sent again.
  remove(s, Selection::Key::kId, {id_of("a")});
  EXPECT_TRUE(sets_->add(kUser, s, batch.batch(), chunk, ++now_ms_));
  EXPECT_EQ(visible(), Names{"a"});
}

TEST_F(Scenario, AnIdempotencyKeyDecidesByItself) {
  const std::string s = create(Deduplicator::kNone, kContinuous);
  const SampleBatch batch('[' + smbg("a", 1) + ']');
  const auto add = [&](uint64_t body, uint64_t key) {
    return sets_->add(kUser, s, batch.batch(), {.body = body, .key = key}, ++now_ms_);
  };
  EXPECT_TRUE(add(1, 7));
  EXPECT_TRUE(add(1, 7));
  EXPECT_EQ(visible().size(), 1U);
  EXPECT_TRUE(add(1, 8));  // the same again, and meant
  EXPECT_EQ(visible().size(), 2U);
  EXPECT_EQ(add(2, 7).error().kind, Kind::kKeyReused);
  EXPECT_EQ(visible().size(), 2U);
}

TEST_F(Scenario, AReplayByOriginStoresNothingNew) {
  const std::string s = create(Deduplicator::kDataSetDeleteOrigin, kContinuous);
  const std::string body = with_origin("x1", "1", 5) + ',' + with_origin("x2", "2", 6);
  add(s, body);
  const auto before = store_.entries(kUser);
  add(s, body);
  auto after = store_.entries(kUser);
  // The set remembers the chunk; nothing else is new.
  after[data_set_key(s)] = before.at(data_set_key(s));
  EXPECT_EQ(after, before);
}

}  // namespace
}  // namespace tideway::dataset
