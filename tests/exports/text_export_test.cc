#include "exports/text_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "exports/sheets.h"
#include "tests/exports/samples.h"

namespace tideway::exports {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string all_of(TextExport& text) {
  std::string out;
  while (text.next(out).value()) {
  }
  return out;
}

std::string json(std::vector<std::string> records, Unit unit = Unit::kMmolL) {
  TextExport text(source_of(std::move(records)), unit, TextForm::kJson);
  return all_of(text);
}

std::string csv(std::vector<std::string> records) {
  TextExport text(source_of(std::move(records)), Unit::kMmolL, TextForm::kCsv);
  return all_of(text);
}

TEST(Sheets, KnowTheMembersOfTheSpecification) {
  EXPECT_EQ(known_members().size(), 85u);
  EXPECT_TRUE(is_known_member("suppressed.rate"));
  EXPECT_FALSE(is_known_member("origin.id"));
  EXPECT_EQ(find_sheet("dosingDecision"), nullptr);
}

TEST(Sheets, NameTheirColumns) {
  const Sheet& basal = *find_sheet("basal");
  std::vector<std::string> headers;
  for (const Column& column : basal.columns) headers.push_back(header_of(column));
  EXPECT_THAT(headers, testing::IsSupersetOf({"Zulu Time", "Local Time", "Tidepool Data Type",
                                              "Duration (mins)", "Suppressed Rate", "Upload Id",
                                              "Id", "Suppressed Schedule Name"}));
}

TEST(JsonExport, ShowsTheExampleOfTheSpecification) {
  EXPECT_EQ(json({std::string(kBasal)}),
            R"([{"deliveryType":"temp","duration":30,"id":"2","percent":0.5,"rate":0.8,)"
            R"("suppressed.deliveryType":"scheduled","suppressed.rate":1.6,)"
            R"("suppressed.scheduleName":"std","suppressed.type":"basal",)"
            R"("time":"2024-03-01T16:05:00Z","type":"basal"}])");
}

TEST(JsonExport, ConvertsGlucoseAndItsUnit) {
  EXPECT_THAT(
      json({std::string(kCbg)}, Unit::kMgDl),
      HasSubstr(R"("annotations":"[{\"code\":\"x/y\"}]","deviceTime":"2024-03-01T08:10:00",)"
                R"("id":"1","payload":"{\"a\":1}","time":"2024-03-01T16:10:00Z",)"
                R"("timezoneOffset":-480,"type":"cbg","units":"mg/dL",)"
                R"("value":99.98652449999999)"));
  EXPECT_THAT(json({std::string(kCbg)}), HasSubstr(R"("units":"mmol/L","value":5.55)"));
  EXPECT_EQ(json({R"({"type":"bloodKetone","units":"mmol/L","value":1.5})"}, Unit::kMgDl),
            R"([{"type":"bloodKetone","units":"mmol/L","value":1.5}])");
  EXPECT_EQ(
      json({R"({"bgInput":10,"bgTarget":{"high":8,"target":6},"insulinSensitivity":2,)"
            R"("type":"wizard","units":"mmol/L"})"},
           Unit::kMgDl),
      R"([{"bgInput":180.1559,"bgTarget.high":144.12472,"bgTarget.target":108.09353999999999,)"
      R"("insulinSensitivity":36.03118,"type":"wizard","units":"mg/dL"}])");
}

TEST(JsonExport, SplitsPumpSettingsIntoTheEntriesOfTheirSchedules) {
  const std::string common = R"("id":"3","manufacturers":"[\"Acme\"]","model":"M1",)";
  EXPECT_EQ(
      json({std::string(kPumpSettings)}, Unit::kMgDl),
      R"([{"activeSchedule":"std","basalSchedule.rate":2,)"
      R"("basalSchedule.start":"1970-01-01T00:00:00.000Z",)" +
          common +
          R"("scheduleName":"sick","time":"2024-03-01T10:00:00Z","type":"pumpSettings.basalSchedules"},)"
          R"({"activeSchedule":"std","basalSchedule.rate":0.5,)"
          R"("basalSchedule.start":"1970-01-01T00:00:00.000Z",)" +
          common +
          R"("scheduleName":"std","time":"2024-03-01T10:00:00Z","type":"pumpSettings.basalSchedules"},)"
          R"({"activeSchedule":"std","basalSchedule.rate":0.75,)"
          R"("basalSchedule.start":"1970-01-01T12:00:00.000Z",)" +
          common +
          R"("scheduleName":"std","time":"2024-03-01T10:00:00Z","type":"pumpSettings.basalSchedules"},)"
          R"({"activeSchedule":"std","bgTarget.high":126.10913,"bgTarget.low":90.07795,)"
          R"("bgTarget.start":"1970-01-01T00:00:00.000Z",)" +
          common +
          R"("time":"2024-03-01T10:00:00Z","type":"pumpSettings.bgTarget","units.bg":"mg/dL",)"
          R"("units.carb":"grams"},)"
          R"({"activeSchedule":"std","carbRatio.amount":12,)"
          R"("carbRatio.start":"1970-01-01T00:00:00.000Z",)" +
          common +
          R"("time":"2024-03-01T10:00:00Z","type":"pumpSettings.carbRatio","units.bg":"mg/dL",)"
          R"("units.carb":"grams"},)"
          R"({"activeSchedule":"std","id":"3","insulinSensitivity.amount":45.038975,)"
          R"("insulinSensitivity.start":"1970-01-01T00:01:01.500Z",)"
          R"("manufacturers":"[\"Acme\"]","model":"M1","scheduleName":"std",)"
          R"("time":"2024-03-01T10:00:00Z","type":"pumpSettings.insulinSensitivities",)"
          R"("units.bg":"mg/dL","units.carb":"grams"}])");
  EXPECT_EQ(json({R"({"time":"2024-03-01T10:00:00Z","type":"pumpSettings"})"}), "[]");
}

TEST(JsonExport, ReducesOtherTypesToWhatIsKnown) {
  EXPECT_EQ(json({R"({"payload":{"a":1},"reason":"loop","time":"2024-03-01T10:00:00Z",)"
                  R"("type":"dosingDecision","units":{"bg":"mmol/L","insulin":"Units"}})"},
                 Unit::kMgDl),
            R"([{"time":"2024-03-01T10:00:00Z","type":"dosingDecision","units.bg":"mg/dL"}])");
  EXPECT_EQ(json({R"({"origin":{"id":"x"}})", R"({"origin":{"id":"y"}})"}), "[{},{}]");
  EXPECT_EQ(json({}), "[]");
}

TEST(JsonExport, ConvertsDurations) {
  EXPECT_EQ(json({R"({"duration":{"units":"minutes","value":30},"type":"physicalActivity"})"}),
            R"([{"duration":0.020833333333333332,"type":"physicalActivity"}])");
  EXPECT_EQ(json({R"({"duration":90000,"expectedDuration":120000,"type":"bolus"})"}),
            R"([{"duration":1.5,"expectedDuration":2,"type":"bolus"}])");
  EXPECT_EQ(json({R"({"duration":90000,"type":"reportedState"})"}),
            R"([{"duration":90000,"type":"reportedState"}])");
}

TEST(JsonExport, ReadsTheSameHoweverTheTextIsCut) {
  const std::vector<std::string> records = {std::string(kBasal), std::string(kCbg),
                                            std::string(kPumpSettings)};
  const std::string whole = json(records);
  for (size_t part_size = 1; part_size < 40; ++part_size) {
    TextExport text(source_of(records, part_size), Unit::kMmolL, TextForm::kJson);
    EXPECT_EQ(all_of(text), whole) << part_size;
  }
}

TEST(JsonExport, HoldsNoMoreThanAPartOfManyEntries) {
  // Each of the many rows repeats the long payload.
  std::string entries = R"({"amount":1,"start":0})";
  for (int i = 1; i < 5000; ++i) entries += R"(,{"amount":1,"start":)" + std::to_string(i) + "}";
  const std::string record = R"({"carbRatio":[)" + entries + R"(],"payload":{"x":")" +
                             std::string(4000, 'x') + R"("},"type":"pumpSettings"})";
  TextExport text(source_of({record}), Unit::kMmolL, TextForm::kJson);
  size_t parts = 0;
  for (bool more = true; more; ++parts) {
    std::string part;
    more = text.next(part).value();
    EXPECT_LE(part.size(), 70'000u);
  }
  EXPECT_GT(parts, 300u);
}

TEST(JsonExport, FailsWithItsSource) {
  bool first = true;
  RecordSource source([&first](std::string& out) -> store::Result<bool> {
    if (std::exchange(first, false)) {
      out = "[\n{\"type\":\"food\"},\n";
      return true;
    }
    return std::unexpected(store::Error{store::Error::Kind::kUnavailable, "gone"});
  });
  TextExport text(std::move(source), Unit::kMmolL, TextForm::kJson);
  std::string out;
  std::optional<store::Error> error;
  for (int i = 0; i < 3 && !error; ++i) {
    const auto more = text.next(out);
    if (!more) error = more.error();
  }
  ASSERT_TRUE(error.has_value());
  EXPECT_THAT(out, Not(testing::EndsWith("]")));
}

TEST(CsvExport, HasAColumnForEveryMember) {
  const std::string text = csv({});
  EXPECT_THAT(text, StartsWith("activeSchedule,alarmType,annotations,"));
  EXPECT_THAT(text, testing::EndsWith("\r\n"));
  EXPECT_EQ(std::ranges::count(text, ','), 83) << "84 columns: there is no local time";
}

TEST(CsvExport, PutsEachValueIntoItsColumn) {
  const std::string text = csv({R"({"type":"food","name":"a, \"b\"\nc","time":"t"})",
                                R"({"type":"smbg","value":-1.5,"name":"=1+1"})"});
  const auto row = [&](size_t index) {
    size_t at = 0;
    for (size_t i = 0; i < index; ++i) at = text.find("\r\n", at) + 2;
    return text.substr(at, text.find("\r\n", at) - at);
  };
  const std::string first = row(1);
  EXPECT_EQ(first.find(R"("a, ""b"")"
                       "\nc\""),
            first.find_first_not_of(','));
  EXPECT_THAT(row(2), HasSubstr("\"'=1+1\"")) << "no formula for a spreadsheet";
  EXPECT_THAT(row(2), HasSubstr(",-1.5,"));
}

}  // namespace
}  // namespace tideway::exports
