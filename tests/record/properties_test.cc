// What must hold for any body of records, tried on the golden vectors: RapidCheck chooses which,
// and prints what it chose when a property fails.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <random>

#include "base/text.h"
#include "json/canonical.h"
#include "record/batch.h"
#include "record/preview.h"
#include "record/vector_line.h"
#include "tests/contract/vectors.h"

namespace tideway::record {
namespace {

constexpr std::array<std::string_view, 21> kFiles = {
    "alert",        "basal",              "batch",            "bloodKetone",    "bolus",
    "cbg",          "cgmSettings",        "common",           "controllerSettings",
    "controllerStatus", "deviceEvent",    "dosingDecision",   "food",           "insulin",
    "physicalActivity", "pumpSettings",   "pumpStatus",       "reportedState",  "smbg",
    "water",        "wizard"};

/// The bodies of all vectors that are JSON arrays, good and faulty.
struct Bodies {
  std::vector<std::string> good;
  std::vector<std::string> faulty;
};

Preview show(const std::string& body) {
  Reader reader;
  return preview(reader, body, {.user_id = "1a2b3c4d5e", .upload_id = std::string(32, '0')});
}

const Bodies& bodies() {
  static const Bodies all = [] {
    Bodies read;
    json::Parser parser;
    for (const auto file : kFiles) {
      for (const std::string& line :
           contract::read_lines("records/" + std::string(file) + ".jsonl.zst")) {
        std::string body = read_vector_line(parser, line).value().request;
        const auto root = parser.parse(body);
        if (!root || !root->is_array()) continue;
        const bool is_good = line.find(R"("status":200)") != line.npos;
        (is_good ? read.good : read.faulty).push_back(std::move(body));
      }
    }
    return read;
  }();
  return all;
}

/// Records that were taken out of others get new ids each time.
bool is_deterministic(const std::string& body) { return show(body).records == show(body).records; }

std::string with_ids(std::string records) {
  for (size_t at = records.find("<generated:"); at != records.npos;
       at = records.find("<generated:", at)) {
    const size_t end = records.find('>', at);
    std::string id = records.substr(at + 11, end - at - 11);
    id.insert(0, 32 - id.size(), '0');
    records.replace(at, end + 1 - at, id);
  }
  return records;
}

/// What is stored differs from what is read in these: a link instead of a record, another name.
bool reads_what_it_writes(const std::string& records) {
  for (const auto part : {R"("type":"wizard")", R"("subType":"alarm")",
                          R"("subType":"reservoirChange")", R"("rateOfChangeAlert":)"}) {
    if (records.find(part) != records.npos) return false;
  }
  return true;
}

TEST(Properties, NormalisingARecordAgainChangesNothing) {
  size_t same = 0;
  for (const std::string& body : bodies().good) {
    const std::string records = with_ids(show(body).records);
    if (!reads_what_it_writes(records)) continue;
    const Preview again = show(records);
    if (again.status == 200) {
      ASSERT_EQ(again.records, records) << body;
      ++same;
    } else {
      // Limits are those of the units that were sent: 1000 mg/dL is more than 55 mmol/L.
      const bool by_units = again.body.find("value-out-of-range") != again.body.npos ||
                            again.body.find("value-not-allowed") != again.body.npos;
      ASSERT_TRUE(by_units && records.find("mmol/L") != records.npos) << body << again.body;
    }
  }
  EXPECT_GT(same, 7000U);
}

/// The document with the members of every object in another order. False when an object has a key
/// twice, so that the order of its members means something.
bool append_shuffled(std::string& out, json::Element element, std::mt19937_64& random) {
  if (element.is_array()) {
    out += '[';
    for (const json::Element item : element.get_array()) {
      if (out.back() != '[') out += ',';
      if (!append_shuffled(out, item, random)) return false;
    }
    out += ']';
    return true;
  }
  if (!element.is_object()) {
    json::append_canonical(out, element);
    return true;
  }
  std::vector<std::pair<std::string, std::string>> members;
  for (const auto [key, value] : element.get_object()) {
    members.emplace_back(key, "");
    if (!append_shuffled(members.back().second, value, random)) return false;
  }
  std::ranges::sort(members);
  const auto doubled = std::ranges::adjacent_find(
      members, {}, &std::pair<std::string, std::string>::first);
  if (doubled != members.end()) return false;
  std::ranges::shuffle(members, random);
  out += '{';
  for (const auto& [key, value] : members) {
    if (out.back() != '{') out += ',';
    append_json_string(out, key);
    out += ':' + value;
  }
  out += '}';
  return true;
}

/// One of `texts`, chosen by RapidCheck.
const std::string& any_of(const std::vector<std::string>& texts) {
  return texts[*rc::gen::inRange<size_t>(0, texts.size())];
}

RC_GTEST_PROP(Properties, TheOrderOfKeysDoesNotMatter, ()) {
  std::mt19937_64 random(*rc::gen::arbitrary<uint64_t>());
  for (int i = 0; i < 10; ++i) {
    const std::string& body = any_of(i % 2 == 0 ? bodies().good : bodies().faulty);
    json::Parser parser;
    std::string shuffled;
    if (!append_shuffled(shuffled, *parser.parse(body), random) || !is_deterministic(body)) continue;
    const Preview expected = show(body);
    const Preview actual = show(shuffled);
    RC_ASSERT(actual.status == expected.status);
    RC_ASSERT(actual.records == expected.records);
    RC_ASSERT(actual.identity == expected.identity);
    RC_ASSERT(actual.body == expected.body);
  }
}

/// The elements of a body, without the brackets.
std::string elements(const std::string& body) {
  const size_t first = body.find('[') + 1;
  return body.substr(first, body.rfind(']') - first);
}

size_t count(const std::string& body) {
  json::Parser parser;
  return json::size(parser.parse(body)->get_array().value_unsafe());
}

/// Everything that a body leads to but generated ids.
struct Outcome {
  std::vector<std::string> records;
  Errors errors;
};

Outcome outcome(const std::string& body) {
  Reader reader;
  Outcome out;
  const auto batch = reader.read(body, {.with_identity = true});
  if (!batch) {
    out.errors = batch.error().errors;
    return out;
  }
  for (const Record& record : batch->records) {
    out.records.push_back(std::string(record.text) + std::string(record.identity));
  }
  return out;
}

RC_GTEST_PROP(Properties, ABatchIsTheSumOfItsRecords, ()) {
  std::string body = "[";
  std::vector<std::string> expected;
  for (int i = 0; i < 10; ++i) {
    const std::string& part = any_of(bodies().good);
    if (count(part) == 0 || !is_deterministic(part)) continue;
    if (body.size() > 1) body += ',';
    body += elements(part);
    for (std::string& record : outcome(part).records) expected.push_back(std::move(record));
  }
  RC_ASSERT(outcome(body + ']').records == expected);
}

/// `/3/x` as it would be so many elements later.
std::string shifted(const std::string& pointer, size_t by) {
  size_t digits = 0;
  const size_t index = std::stoul(pointer.substr(1), &digits);
  return '/' + std::to_string(index + by) + pointer.substr(1 + digits);
}

RC_GTEST_PROP(Properties, GoodRecordsAroundAFaultyOneChangeOnlyItsIndex, ()) {
  const std::string& before = any_of(bodies().good);
  const std::string& faulty = any_of(bodies().faulty);
  const std::string& behind = any_of(bodies().good);
  RC_PRE(count(before) > 0 && count(behind) > 0 && count(faulty) > 0);
  Errors expected = outcome(faulty).errors;
  for (Error& error : expected) error.pointer = shifted(error.pointer, count(before));
  const Outcome actual =
      outcome('[' + elements(before) + ',' + elements(faulty) + ',' + elements(behind) + ']');
  RC_ASSERT(actual.records.empty());
  RC_ASSERT(actual.errors == expected);
}

}  // namespace
}  // namespace tideway::record
