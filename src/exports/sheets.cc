#include "exports/sheets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace tideway::exports {
namespace {

using Columns = std::vector<Column>;

constexpr double kWide = 22;

Column plain(std::string_view member, double width = kWide) {
  return {.member = member, .width = width};
}
Column titled(std::string_view member, std::string_view header) {
  return {.member = member, .header = header};
}
Column json(std::string_view member) { return {.member = member, .is_json = true}; }
Column hidden(std::string_view member) { return {.member = member, .hidden = true}; }
Column hidden_json(std::string_view member) {
  return {.member = member, .is_json = true, .hidden = true};
}
Column glucose(std::string_view member, std::string_view header = {}, double width = kWide) {
  return {.member = member, .header = header, .width = width, .format = Format::kGlucose};
}
Column time(std::string_view member, std::string_view header = {}) {
  return {.member = member, .header = header, .width = 18, .format = Format::kTime};
}
Column start(std::string_view member, std::string_view header = {}) {
  return {.member = member, .header = header, .format = Format::kTimeOfDay};
}
Column minutes(std::string_view member, std::string_view header, double width) {
  return {.member = member, .header = header, .width = width, .format = Format::kMinutes};
}

Columns joined(std::initializer_list<Columns> parts) {
  Columns all;
  for (const Columns& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Columns head(std::string_view type_header = "Tidepool Data Type") {
  return {time("time", "Zulu Time"),
          time("localTime"),
          time("deviceTime"),
          {.member = "type", .header = type_header, .width = 15}};
}

Columns offsets() {
  return {plain("timezoneOffset", 14),
          plain("conversionOffset", 14),
          plain("clockDriftOffset", 14),
          plain("deviceId"),
          plain("id"),
          plain("uploadId")};
}

Columns tail() { return joined({offsets(), {json("payload"), json("annotations")}}); }

Columns pump_tail() {
  return joined(
      {offsets(),
       {hidden_json("bolus"), hidden_json("manufacturers"), hidden("model"), hidden("serialNumber"),
        json("payload"), json("annotations"), hidden_json("basal"), hidden_json("display")}});
}

Columns durations(double width) {
  return {minutes("duration", "Duration (mins)", width),
          minutes("expectedDuration", "Expected Duration (mins)", width)};
}

Columns value() { return {glucose("value", {}, 10), plain("units", 10)}; }

Columns units(bool of_glucose) {
  Column bg = titled("units.bg", "BG Units");
  Column carb = titled("units.carb", "Carb Units");
  (of_glucose ? carb : bg).hidden = true;
  return {bg, carb};
}

Columns upload() {
  return {time("time", "Zulu Time"),
          time("localTime"),
          time("deviceTime"),
          time("computerTime"),
          plain("timezone"),
          plain("timeProcessing"),
          {.member = "type", .header = "Tidepool Data Type", .width = 15},
          plain("version"),
          plain("deviceSerialNumber"),
          plain("deviceModel"),
          json("deviceManufacturers"),
          json("deviceTags"),
          plain("timezoneOffset", 14),
          plain("conversionOffset", 14),
          plain("deviceId"),
          plain("id"),
          plain("byUser"),
          plain("uploadId"),
          json("payload"),
          json("annotations")};
}

Columns device_event() {
  return joined({head(),
                 {plain("subType"), plain("alarmType")},
                 value(),
                 durations(kWide),
                 {plain("change.from"), plain("change.to"), plain("change.agent"), json("from"),
                  json("to"), plain("status"), plain("primeTarget"), plain("volume"),
                  plain("reason.suspended"), plain("reason.resumed")},
                 tail()});
}

Columns wizard() {
  return joined(
      {head("Tidepool Wizard Type"),
       {glucose("bgInput"), glucose("insulinSensitivity"), plain("carbInput"),
        plain("insulinCarbRatio"), plain("insulinOnBoard"), plain("bolus"), plain("units", 10),
        plain("recommended.carb"), plain("recommended.correction"), plain("recommended.net"),
        glucose("bgTarget.target", "BG Target"), glucose("bgTarget.high", "BG Target High"),
        glucose("bgTarget.low", "BG Target Low"),
        glucose("bgTarget.range", "BG Target Range Setting")},
       tail()});
}

/// The sheets of schedules; those with a name have one more column.
Columns schedule(bool named, Columns entry) {
  Columns first = {plain("activeSchedule")};
  if (named) first.push_back(plain("scheduleName"));
  return joined({head(), first, entry, pump_tail()});
}

Columns bg_target() {
  return joined({{start("bgTarget.start", "BG Target Start"),
                  glucose("bgTarget.low", "BG Low Target Setting"),
                  glucose("bgTarget.high", "BG High Target Setting"),
                  glucose("bgTarget.target", "BG Target Setting"),
                  glucose("bgTarget.range", "BG Target Range Setting")},
                 units(true)});
}

Columns carb_ratio() {
  return joined({{start("carbRatio.start"), plain("carbRatio.amount")}, units(false)});
}

Columns sensitivity() {
  return joined(
      {{start("insulinSensitivity.start"), glucose("insulinSensitivity.amount")}, units(true)});
}

std::vector<Sheet> make_sheets() {
  const Column hundredths = {.member = "value", .width = 10, .format = Format::kHundredths};
  const Column day_part = {.member = "duration", .width = 20, .format = Format::kDuration};
  return {
      {"basal", "Basal",
       joined({head(),
               {plain("deliveryType")},
               durations(20),
               {plain("rate", 10), plain("percent", 10), plain("scheduleName"),
                plain("suppressed.scheduleName"), plain("suppressed.deliveryType"),
                plain("suppressed.type"), plain("suppressed.rate")},
               tail()})},
      {"bloodKetone", "Blood Ketone", joined({head(), {hundredths, plain("units", 10)}, tail()})},
      {"bolus", "Bolus",
       joined({head(),
               {plain("subType")},
               durations(20),
               {plain("extended"), plain("expectedExtended"), plain("normal"),
                plain("expectedNormal")},
               tail()})},
      {"cbg", "CGM", joined({head(), value(), tail()})},
      {"deviceEvent", "Device Event", device_event()},
      {"food", "Food", joined({head(), {plain("name"), json("nutrition")}, tail()})},
      {"physicalActivity", "Physical Activity",
       joined(
           {head(),
            {plain("name"), json("distance"), day_part, json("energy"), plain("reportedIntensity")},
            tail()})},
      {"smbg", "SMBG", joined({head(), {plain("subType")}, value(), tail()})},
      {"upload", "Upload", upload()},
      {"wizard", "Bolus Calculator", wizard()},
      {"pumpSettings.basalSchedules", "Basal Schedules",
       schedule(true, {start("basalSchedule.start"), plain("basalSchedule.rate")})},
      {"pumpSettings.bgTarget", "BG Targets", schedule(false, bg_target())},
      {"pumpSettings.bgTargets", "BG Targets", schedule(true, bg_target())},
      {"pumpSettings.carbRatio", "Carb Ratios", schedule(false, carb_ratio())},
      {"pumpSettings.carbRatios", "Carb Ratios", schedule(true, carb_ratio())},
      {"pumpSettings.insulinSensitivity", "Insulin Sensitivities", schedule(false, sensitivity())},
      {"pumpSettings.insulinSensitivities", "Insulin Sensitivities", schedule(true, sensitivity())},
  };
}

const std::vector<Sheet>& sheets() {
  static const std::vector<Sheet> all = make_sheets();
  return all;
}

}  // namespace

bool Sheet::shows_as_json(std::string_view member) const {
  return std::ranges::any_of(
      columns, [&](const Column& column) { return column.is_json && column.member == member; });
}

const Sheet* find_sheet(std::string_view type) {
  const auto found = std::ranges::find(sheets(), type, &Sheet::type);
  return found == sheets().end() ? nullptr : &*found;
}

std::span<const std::string_view> known_members() {
  static const auto members = [] {
    std::set<std::string_view> all = {"bgTarget", "carbRatio", "basalSchedules"};
    for (const Sheet& sheet : sheets()) {
      for (const Column& column : sheet.columns) all.insert(column.member);
    }
    return std::vector<std::string_view>(all.begin(), all.end());
  }();
  return members;
}

bool is_known_member(std::string_view member) {
  return std::ranges::binary_search(known_members(), member);
}

std::string header_of(const Column& column) {
  if (!column.header.empty()) return std::string(column.header);
  std::string text;
  bool begins_word = true;
  for (const char c : column.member) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '.') {
      begins_word = true;
      continue;
    }
    if (std::isupper(byte) != 0) begins_word = true;
    if (begins_word && !text.empty()) text += ' ';
    text += begins_word ? static_cast<char>(std::toupper(byte)) : c;
    begins_word = false;
  }
  return text;
}

}  // namespace tideway::exports
