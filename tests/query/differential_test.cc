// Random data and random filters: the fetch against one that is too simple to be wrong.
#include <algorithm>
#include <random>

#include "base/text.h"
#include "base/time.h"
#include "tests/query/fixture.h"
#include "tests/query/naive.h"

namespace tideway::query {
namespace {

constexpr int64_t kMinuteMs = 60'000;
constexpr int kMinutes = 400;  // most data lie so far around kLoopSinceMs
constexpr int kYears = 8;      // and some so far
constexpr int64_t kYearMs = int64_t{365} * 24 * 60 * kMinuteMs;

class DifferentialTest : public QueryTest {
 protected:
  size_t below(size_t bound) { return random_() % bound; }
  bool one_in(size_t n) { return below(n) == 0; }
  template <class T>
  T any_of(const std::vector<T>& values) {
    return values[below(values.size())];
  }
  int64_t any_time() {
    if (one_in(4))
      return kLoopSinceMs + (static_cast<int64_t>(below(2 * kYears)) - kYears) * kYearMs;
    return kLoopSinceMs + (static_cast<int64_t>(below(2 * kMinutes)) - kMinutes) * kMinuteMs;
  }

  naive::Record any_record(size_t set) {
    naive::Record record;
    record.set = set;
    record.order = static_cast<int>(data_.records.size());
    record.name = fmt::format("r{}x", record.order);
    record.type = any_of<std::string>(
        {"cbg", "cbg", "cbg", "bolus", "smbg", "food", "basal", "dosingDecision", "water"});
    record.time_ms = any_time();
    record.device_id = any_of<std::string>({"", "D1", "D1", "D2"});
    record.carelink = one_in(4);
    record.medtronic_origin = one_in(40);
    if (record.type == "bolus") record.sub_type = "normal";
    if (record.type == "smbg" && one_in(2))
      record.sub_type = any_of<std::string>({"manual", "linked"});
    if (record.type == "cbg" && one_in(2)) record.sample_interval_ms = one_in(2) ? 60'000 : 300'000;
    if (record.type == "dosingDecision")
      record.reason = any_of<std::string>({"loop", "normal<Bolus", "a\"b"});
    return record;
  }

  static std::string json_of(const naive::Record& record) {
    std::string out =
        fmt::format(R"({{"type":"{}","id":"{}","time":"{}")", record.type,
                    dataset::id_of(record.name), format_utc_milliseconds(record.time_ms));
    const auto text = [&](std::string_view name, const std::string& value) {
      if (value.empty()) return;
      out += fmt::format(",\"{}\":", name);
      append_json_string(out, value);
    };
    text("deviceId", record.device_id);
    text("subType", record.sub_type);
    text("reason", record.reason);
    if (record.carelink) out += R"(,"source":"carelink")";
    if (record.medtronic_origin) {
      out += R"(,"origin":{"payload":{"device":{"manufacturer":"Medtronic","reason":"x"}}})";
    }
    if (record.sample_interval_ms)
      out += fmt::format(R"(,"sampleInterval":{})", *record.sample_interval_ms);
    if (record.type == "cbg" || record.type == "smbg") out += R"(,"units":"mmol/L","value":5)";
    if (record.type == "bolus") out += R"(,"normal":1)";
    if (record.type == "basal") out += R"(,"deliveryType":"scheduled","rate":1,"duration":1000)";
    if (record.type == "water") out += R"(,"amount":{"units":"liters","value":1})";
    if (record.type == "dosingDecision")
      out += R"(,"units":{"bg":"mmol/L","carb":"grams","insulin":"Units"})";
    return out + '}';
  }

  void add_set() {
    const bool continuous = one_in(3);
    dataset::DataSet set =
        new_set(Deduplicator::kNone, one_in(2) ? "D1" : "",
                continuous ? dataset::DataSet::Type::kContinuous : dataset::DataSet::Type::kNormal);
    set.time_ms = any_time();
    set.created_ms = kNoonMs + static_cast<int64_t>(data_.sets.size());
    set.device_model = any_of<std::string>({"", "723", "754", "770G"});
    if (one_in(3)) set.device_manufacturers = {"Acme", "Medtronic"};
    naive::Set model{.upload_id = {},
                     .time_ms = *set.time_ms,
                     .order = static_cast<int>(data_.sets.size()),
                     .active = continuous,
                     .closed = false,
                     .device_id = set.device_id,
                     .device_model = set.device_model,
                     .manufacturer = set.device_manufacturers.empty() ? "" : "Medtronic"};
    model.upload_id = sets_->create(set).value().upload_id;
    for (size_t chunks = below(4); chunks > 0; --chunks) {
      std::string body = "[";
      for (size_t i = 1 + below(one_in(5) ? 300 : 20); i > 0; --i) {
        data_.records.push_back(any_record(data_.sets.size()));
        body += (body.size() == 1 ? "" : ",") + json_of(data_.records.back());
      }
      add(model.upload_id, body + ']');
    }
    if (!one_in(4)) {
      EXPECT_TRUE(sets_->close(kUser, model.upload_id, kUser, kNoonMs));
      model.active = model.closed = true;
      if (one_in(8)) {
        EXPECT_TRUE(sets_->remove_set(kUser, model.upload_id, kNoonMs));
        model.deleted = true;
      }
    }
    data_.sets.push_back(model);
  }

  void add_clouds() {
    for (size_t count = below(3); count > 0; --count) {
      CloudSource cloud;
      for (const naive::Set& set : data_.sets) {
        if (one_in(4)) cloud.upload_ids.push_back(set.upload_id);
      }
      if (!one_in(4)) {
        const int64_t first_ms = any_time();
        cloud.span = TimeRange{first_ms, first_ms + static_cast<int64_t>(below(300)) * kMinuteMs};
      }
      data_.clouds.push_back(cloud);
    }
  }

  Filter any_filter() {
    Filter filter;
    const Names types = {"cbg",    "bolus", "smbg",           "food",
                         "upload", "basal", "dosingDecision", "none"};
    if (one_in(2)) {
      for (size_t i = 1 + below(4); i > 0; --i) filter.types.push_back(any_of(types));
    }
    if (one_in(5)) filter.sub_types = {any_of<std::string>({"normal", "manual"}), "linked"};
    if (one_in(3)) filter.start_ms = any_time();
    if (one_in(3)) filter.end_ms = any_time();
    if (one_in(5)) filter.upload_id = any_of(data_.sets).upload_id;
    if (one_in(5)) filter.device_id = any_of<std::string>({"D1", "D2", "D3"});
    if (one_in(3)) filter.sample_interval_min_ms = any_of<int64_t>({300'000, 60'001, 1, -5});
    if (one_in(3))
      filter.dosing_decision_reasons = {any_of<std::string>({"loop", "a\"b"}), "normal<Bolus"};
    if (one_in(3)) filter.carelink = one_in(2);
    if (one_in(3)) filter.medtronic = one_in(2);
    filter.cbg_filter = !one_in(4);
    filter.latest = one_in(4);
    return filter;
  }

  /// What the real one gives, in the naive one's names.
  Names real(const Filter& filter) {
    const std::string answer = fetch(filter, clouds());
    json::Parser parser;
    const auto root = parser.parse(answer);
    if (!root || !root->is_array()) return {answer};
    Names names;
    for (const simdjson::dom::element element : simdjson::dom::array(*root)) {
      const std::string_view full_id = element["id"];
      std::string id(full_id);
      if (std::string_view(element["type"]) == "upload") {
        names.push_back("upload " + id);
      } else {
        names.push_back(id.erase(id.find_last_not_of('0') + 1));
      }
    }
    return names;
  }
  ReadCloudSources clouds() {
    return [this](const store::Reader&) { return data_.clouds; };
  }

  std::mt19937 random_;
  naive::Data data_;
};

class DifferentialFetchTest : public DifferentialTest,
                              public testing::WithParamInterface<unsigned> {};

TEST_P(DifferentialFetchTest, AgreesWithTheNaiveFilter) {
  random_.seed(GetParam());
  for (size_t sets = 3 + below(8); sets > 0; --sets) add_set();
  add_clouds();
  size_t found = 0;
  for (int i = 0; i < 60; ++i) {
    const Filter filter = any_filter();
    const Names expected = naive::fetch(data_, filter);
    found += expected.size();
    ASSERT_EQ(real(filter), expected) << "seed " << GetParam() << ", filter " << i;
  }
  EXPECT_GT(found, 100U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, DifferentialFetchTest, testing::Range(1U, 9U));

}  // namespace
}  // namespace tideway::query
