// Bodies of which the bad records are left out.
#include "record/partial.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tideway::record {
namespace {

std::string water(std::string_view more = "") {
  return R"({"type":"water","time":"2025-01-06T10:00:00Z","amount":{"units":"milliliters","value":1})" +
         std::string(more) + '}';
}

/// "index:code/pointer …" of what was rejected, then the number of records.
std::string outcome(const std::string& body, const ReadOptions& options = {}) {
  Reader reader;
  const auto partial = read_partially(reader, body, options);
  if (!partial) return fmt::format("refused {}", static_cast<int>(partial.error().kind));
  std::string out;
  for (const Rejection& rejection : partial->rejected) {
    out += fmt::format("{}:", rejection.index);
    for (const Error& error : rejection.errors) out += error.code + error.pointer + ' ';
  }
  return out + std::to_string(partial->batch.records.size());
}

TEST(ReadPartially, TakesAllOfAGoodBody) {
  EXPECT_EQ(outcome("[]"), "0");
  EXPECT_EQ(outcome("null"), "0");
  EXPECT_EQ(outcome('[' + water() + ',' + water() + ']'), "2");
}

TEST(ReadPartially, LeavesOutWhatCannotBeParsedAndWhatIsNotValid) {
  const std::string unparsable = R"({"type":"water","time":7})";
  const std::string invalid =
      R"({"type":"water","time":"2025-01-06T10:00:00Z","amount":{"units":"buckets","value":1}})";
  EXPECT_EQ(outcome('[' + water() + ',' + invalid + ',' + unparsable + ',' + water() + ']'),
            "1:value-not-allowed/1/amount/units 2:type-not-time/2/time 2");
  EXPECT_EQ(outcome('[' + invalid + ']'), "0:value-not-allowed/0/amount/units 0");
}

TEST(ReadPartially, CountsWhatIsNullAndWhatIsNoObject) {
  EXPECT_EQ(outcome("[null,7," + water() + "]"), "1:type-not-object/1 1");
  EXPECT_EQ(outcome(R"([{"type":"soup"},)" + water() + ']'), "0:value-not-allowed/0/type 1");
}

TEST(ReadPartially, FindsElementsWhateverIsInTheirTexts) {
  const std::string tricky = water(R"(,"payload":{"a":"],[\"{\\","b":[1,[2,{"c":"}"}]]})");
  EXPECT_EQ(outcome(" [ " + tricky + " , 7 ,\n" + tricky + " ] "), "1:type-not-object/1 2");
}

TEST(ReadPartially, AsksForTheDeviceWhereItMust) {
  EXPECT_EQ(outcome('[' + water() + ',' + water(R"(,"deviceId":"D1")") + ']',
                    {.with_identity = true, .requires_device_id = true}),
            "0:value-not-exists/0/deviceId 1");
}

TEST(ReadPartially, RefusesWhatIsNoArrayOrHopeless) {
  EXPECT_EQ(outcome("{}"), "refused 0");
  EXPECT_EQ(outcome("[1"), "refused 0");
  std::string hopeless = "[7";
  for (size_t i = 0; i < kErrorsMax; ++i) hopeless += ",7";
  EXPECT_EQ(outcome(hopeless + ']'), "refused 2");
}

}  // namespace
}  // namespace tideway::record
