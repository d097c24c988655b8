// modifiedSince: a copy that is kept up to date by changes alone.
#include <map>
#include <random>

#include "tests/query/fixture.h"

namespace tideway::query {
namespace {

/// What a client keeps: the text of each record and set by its id.
using Copy = std::map<std::string, std::string>;

class ChangesTest : public QueryTest {
 protected:
  std::string create(Deduplicator deduplicator, dataset::DataSet::Type type,
                     std::string_view device_id = "D1") {
    dataset::DataSet set = new_set(deduplicator, device_id, type);
    set.created_ms = set.modified_ms = now_ms_;
    return sets_->create(set).value().upload_id;
  }
  void put(std::string_view upload_id, const std::string& body) {
    const dataset::SampleBatch records(body);
    EXPECT_TRUE(sets_->add(kUser, upload_id, records.batch(), dataset::new_chunk(), now_ms_));
  }
  void close(std::string_view upload_id) {
    EXPECT_TRUE(sets_->close(kUser, upload_id, kUser, now_ms_));
  }

  /// The lines of an answer by their ids, tombstones too.
  template <class Visit>
  void each_line(const Filter& filter, Visit visit) {
    const std::string answer = fetch(filter, {}, Form::kLines);
    size_t at = 0;
    while (at < answer.size()) {
      const size_t end = answer.find('\n', at);
      ASSERT_NE(end, std::string::npos) << answer;
      const std::string line = answer.substr(at, end - at);
      const size_t id = line.find(R"("id":")");
      ASSERT_NE(id, std::string::npos) << line;
      visit(line.substr(id + 6, 32), line);
      at = end + 1;
    }
  }

  Copy whole() {
    Copy copy;
    each_line({}, [&](const std::string& id, const std::string& line) { copy[id] = line; });
    return copy;
  }

  /// Brings a copy up to date; gives the number of lines that took.
  int update(Copy& copy, int64_t since_ms) {
    Filter filter;
    filter.modified_since_ms = since_ms;
    int lines = 0;
    each_line(filter, [&](const std::string& id, const std::string& line) {
      ++lines;
      if (line.starts_with(R"({"deleted":true,)")) {
        copy.erase(id);
      } else {
        copy[id] = line;
      }
    });
    return lines;
  }

  int64_t now_ms_ = kNoonMs;
};

constexpr auto kNormal = dataset::DataSet::Type::kNormal;
constexpr auto kContinuous = dataset::DataSet::Type::kContinuous;

TEST_F(ChangesTest, GivesWhatBecameVisible) {
  const std::string stream = create(Deduplicator::kNone, kContinuous);
  const std::string open = create(Deduplicator::kNone, kNormal);
  put(stream, '[' + food("a", 1) + ']');
  put(open, '[' + food("b", 2) + ']');
  Copy copy = whole();
  now_ms_ += 1000;
  EXPECT_EQ(update(copy, now_ms_), 0);
  put(stream, '[' + food("c", 3) + ']');
  EXPECT_EQ(update(copy, now_ms_), 1);
  now_ms_ += 1000;
  close(open);
  EXPECT_EQ(update(copy, now_ms_), 2);  // the set and what was added to it long before
  EXPECT_EQ(copy, whole());
  EXPECT_EQ(update(copy, now_ms_ + 1), 0);
}

TEST_F(ChangesTest, SaysWhatWasSupersededAndWhatCameBack) {
  const std::string first = create(Deduplicator::kDeviceDeactivateHash, kNormal);
  put(first, '[' + smbg("a", 1) + ',' + smbg("b", 2) + ']');
  close(first);
  Copy copy = whole();
  now_ms_ += 1000;
  const std::string second = create(Deduplicator::kDeviceDeactivateHash, kNormal);
  put(second, '[' + smbg("c", 2) + ']');
  close(second);
  EXPECT_EQ(update(copy, now_ms_), 3);  // b is gone, c and its set are there
  EXPECT_EQ(copy, whole());
  now_ms_ += 1000;
  EXPECT_TRUE(sets_->remove_set(kUser, second, now_ms_));
  EXPECT_EQ(update(copy, now_ms_), 3);  // the reverse
  EXPECT_EQ(copy, whole());
  now_ms_ += 1000;
  EXPECT_TRUE(sets_->restore(kUser, second, now_ms_));
  EXPECT_EQ(update(copy, now_ms_), 3);
  EXPECT_EQ(copy, whole());
}

TEST_F(ChangesTest, FormsTombstonesToTheByte) {
  const std::string id = upload({'[' + smbg("a", 1) + ']'});
  EXPECT_TRUE(sets_->remove_set(kUser, id, kNoonMs + 5000));
  Filter filter;
  filter.types = {"smbg"};
  filter.modified_since_ms = kNoonMs + 5000;
  EXPECT_EQ(fetch(filter), "[\n{\"deleted\":true,\"id\":\"" + dataset::id_of("a") +
                               "\",\"time\":\"2024-05-01T12:01:00Z\",\"type\":\"smbg\","
                               "\"uploadId\":\"" +
                               id + "\"}\n]");
  filter.types = {"cbg"};
  EXPECT_EQ(fetch(filter), "[]");
  filter.types.clear();
  filter.start_ms = minute_ms(2);
  EXPECT_EQ(fetch(filter), "[]");
  filter.start_ms = 0;
  filter.upload_id = "another";
  EXPECT_EQ(fetch(filter), "[]");
}

TEST_F(ChangesTest, OpensOnlyBlocksThatChanged) {
  const std::string stream = create(Deduplicator::kNone, kContinuous);
  for (int i = 0; i < 4; ++i) put(stream, dataset::many_smbg(300));
  now_ms_ += 1000;
  put(stream, '[' + food("a", 1) + ']');
  store_.take_block_gets();
  Copy copy;
  EXPECT_EQ(update(copy, now_ms_), 1);
  EXPECT_EQ(store_.take_block_gets(), 1);
}

// Any course of things: the copy is always what a fetch in full would give.
class RandomChangesTest : public ChangesTest, public testing::WithParamInterface<unsigned> {
 protected:
  static std::string any_record(std::mt19937& random, int number) {
    std::string record = smbg(fmt::format("n{}x", number), static_cast<int>(random() % 6));
    if (random() % 2 == 0)
      record.insert(1, fmt::format(R"("origin":{{"id":"o{}"}},)", random() % 5));
    return record;
  }
};

TEST_P(RandomChangesTest, KeepACopyUpToDate) {
  std::mt19937 random(GetParam());
  const std::vector<Deduplicator> kinds = {Deduplicator::kNone, Deduplicator::kDeviceDeactivateHash,
                                           Deduplicator::kDeviceTruncateDataSet,
                                           Deduplicator::kDataSetDeleteOrigin};
  std::vector<std::string> sets;
  Copy copy;
  int64_t since_ms = 0;
  int number = 0;
  int lines = 0;
  for (int step = 0; step < 150; ++step) {
    now_ms_ += 1000;
    const std::string id = sets.empty() ? "" : sets[random() % sets.size()];
    switch (random() % 8) {
      case 0:
      case 1:
        sets.push_back(
            create(kinds[random() % kinds.size()], random() % 2 == 0 ? kNormal : kContinuous));
        break;
      case 2:
        static_cast<void>(sets_->close(kUser, id, kUser, now_ms_));
        break;
      case 3:
        static_cast<void>(sets_->remove_set(kUser, id, now_ms_));
        break;
      case 4:
        static_cast<void>(sets_->restore(kUser, id, now_ms_));
        break;
      default: {
        std::string body = "[";
        for (size_t i = 1 + random() % 4; i > 0; --i) {
          body += (body.size() == 1 ? "" : ",") + any_record(random, number++);
        }
        const dataset::SampleBatch records(body + ']');
        static_cast<void>(sets_->add(kUser, id, records.batch(), dataset::new_chunk(), now_ms_));
      }
    }
    if (random() % 3 != 0) continue;
    lines += update(copy, since_ms);
    ASSERT_TRUE(copy == whole()) << "seed " << GetParam() << ", step " << step;
    since_ms = now_ms_ + 1;
  }
  EXPECT_GT(lines, 30);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomChangesTest, testing::Range(1U, 9U));

}  // namespace
}  // namespace tideway::query
