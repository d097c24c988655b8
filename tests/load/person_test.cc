// The made-up records: valid, plausible, always the same.
#include "load/person.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "load/life.h"
#include "record/batch.h"

namespace tideway::load {
namespace {

constexpr uint64_t kSeed = 42;
constexpr Kind kKinds[] = {Kind::kCgm, Kind::kPump, Kind::kLoop};

class EveryKind : public testing::TestWithParam<Kind> {
 protected:
  Person person(size_t number = 0, uint64_t seed = kSeed) const {
    return Person(seed, number, GetParam());
  }
};

INSTANTIATE_TEST_SUITE_P(Person, EveryKind, testing::ValuesIn(kKinds),
                         [](const auto& info) { return std::string(name_of(info.param)); });

TEST_P(EveryKind, RecordsAreValid) {
  record::Reader reader;
  for (size_t number = 0; number < 5; ++number) {
    for (const size_t first : {size_t{0}, size_t{777}, size_t{50'000}}) {
      const std::string body = person(number).chunk(first, 500);
      const auto batch = reader.read(body, {.with_identity = true, .requires_device_id = true});
      ASSERT_TRUE(batch) << batch.error().errors.front().pointer << " "
                         << batch.error().errors.front().detail;
      EXPECT_GE(batch->records.size(), 500U);
    }
  }
}

TEST_P(EveryKind, DataSetsAreJsonOfTheKind) {
  const std::string set = person().data_set();
  EXPECT_NE(set.find(person().closes_sets() ? "\"normal\"" : "\"continuous\""), set.npos) << set;
}

TEST_P(EveryKind, ChunksAreTheSameHoweverTheyAreCut) {
  const Person one = person(3);
  const std::string whole = one.chunk(100, 400);
  std::string joined = "[";
  for (size_t first = 100; first < 500; first += 25) {
    const std::string part = person(3).chunk(first, 25);
    joined += (first == 100 ? "" : ",") + part.substr(1, part.size() - 2);
  }
  EXPECT_EQ(whole, joined + "]");
}

TEST_P(EveryKind, PersonsAndSeedsDiffer) {
  EXPECT_NE(person(0).chunk(0, 20), person(1).chunk(0, 20));
  EXPECT_NE(person(0, 1).chunk(0, 20), person(0, 2).chunk(0, 20));
  EXPECT_EQ(person(0, 1).chunk(0, 20), person(0, 1).chunk(0, 20));
}

TEST_P(EveryKind, NoTwoRecordsHaveTypeAndTimeInCommon) {
  record::Reader reader;
  const std::string body = person().chunk(0, 3000);
  const auto batch = reader.read(body, {});
  ASSERT_TRUE(batch);
  std::set<std::pair<std::string, int64_t>> seen;
  for (const record::Record& record : batch->records) {
    EXPECT_TRUE(seen.emplace(record.type, record.time_ms).second)
        << record.type << " " << record.time_ms;
  }
}

std::map<std::string, int> types_in(const std::string& body) {
  record::Reader reader;
  std::map<std::string, int> types;
  const auto batch = reader.read(body, {});
  if (!batch) return types;
  for (const record::Record& record : batch->records) ++types[std::string(record.type)];
  return types;
}

TEST(Person, SendsWhatItsDeviceSends) {
  using Types = std::map<std::string, int>;
  EXPECT_EQ(types_in(Person(1, 0, Kind::kCgm).chunk(0, 288)), (Types{{"cbg", 288}}));
  EXPECT_EQ(types_in(Person(1, 0, Kind::kPump).chunk(0, 317)),
            (Types{{"basal", 24}, {"bolus", 4}, {"cbg", 288}, {"pumpSettings", 1}, {"wizard", 4}}));
  EXPECT_EQ(types_in(Person(1, 0, Kind::kLoop).chunk(0, 50)), (Types{{"basal", 10},
                                                                     {"cbg", 10},
                                                                     {"controllerStatus", 10},
                                                                     {"dosingDecision", 10},
                                                                     {"pumpStatus", 10}}));
}

TEST(Person, DosingDecisionsAreAsLongAsRealOnes) {
  const std::string step = Person(1, 0, Kind::kLoop).chunk(1000, 5);
  EXPECT_GT(step.size(), 6000U);
  EXPECT_LT(step.size(), 12'000U);
}

TEST(Person, KindsHaveNames) {
  for (const Kind kind : kKinds) EXPECT_EQ(kind_named(name_of(kind)), kind);
  EXPECT_FALSE(kind_named("pen"));
}

TEST(Life, GlucoseIsPlausible) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Life life(seed);
    double sum = 0;
    double before = life.glucose(kFirstDayMs);
    constexpr int kReadings = 14 * 288;
    for (int i = 1; i <= kReadings; ++i) {
      const double value = life.glucose(kFirstDayMs + i * 5 * kMinuteMs);
      EXPECT_GE(value, 2.2);
      EXPECT_LE(value, 22.2);
      EXPECT_LT(std::abs(value - before), 2.0) << "no sensor shows such a jump, seed " << seed;
      sum += value;
      before = value;
    }
    EXPECT_GT(sum / kReadings, 4.0) << seed;
    EXPECT_LT(sum / kReadings, 13.0) << seed;
  }
}

TEST(Life, EatsInOrder) {
  const Life life(5);
  for (int64_t day = 0; day < 100; ++day) {
    int64_t before = kFirstDayMs + day * kDayMs;
    for (const Meal& meal : life.meals(day)) {
      EXPECT_GT(meal.time_ms, before);
      EXPECT_GT(meal.carbohydrate_grams, 0);
      EXPECT_GT(meal.insulin_units, 0);
      before = meal.time_ms;
    }
    EXPECT_LT(before, kFirstDayMs + (day + 1) * kDayMs);
  }
}

}  // namespace
}  // namespace tideway::load
