// A sample of the golden vectors of every record type through the whole server: uploaded, stored,
// fetched, compared as tests/vectors/README.md says.
#include "tests/contract/vectors.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "record/vector_line.h"
#include "tests/e2e/e2e_test.h"
#include "tests/e2e/json_text.h"
#include "tests/e2e/records.h"

namespace tideway::e2e {
namespace {

using json::Element;

constexpr size_t kSampleSize = 20;

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("tests/vectors/records")) {
    names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

/// Accepted vectors whose records all carry a device id, or refused ones.
bool is_wanted(Element vector, int64_t status) {
  if (int64_t(vector["status"]) != status) return false;
  if (status != 200) return true;
  return std::ranges::all_of(simdjson::dom::array(vector["records"]),
                             [](Element record) { return !record["deviceId"].error(); });
}

/// Up to kSampleSize of the wanted lines, spread evenly over all of them.
std::vector<std::string> sample(const std::vector<std::string>& lines, int64_t status) {
  json::Parser parser;
  std::vector<std::string> wanted;
  for (const std::string& line : lines) {
    if (is_wanted(contract::parsed(parser, line), status)) wanted.push_back(line);
  }
  const size_t count = std::min(kSampleSize, wanted.size());
  std::vector<std::string> chosen;
  for (size_t i = 0; i < count; ++i) chosen.push_back(wanted[i * wanted.size() / count]);
  return chosen;
}

/// An expected record with the member that the vectors leave out: its set.
std::string in_set(Element record, std::string_view upload_id) {
  std::string text = simdjson::minify(record);
  text.pop_back();
  return fmt::format(R"({},"uploadId":"{}"}})", text, upload_id);
}

/// Whether each expected record is among those fetched, once, and nothing else is. The order of a
/// fetch is not that of storage.
bool same_records(Element expected, const std::string& fetched, std::string_view upload_id) {
  const Json actual(fetched);
  std::vector<Element> left;
  for (const Element item : simdjson::dom::array(actual.root())) {
    if (std::string_view(item["type"]) != "upload") left.push_back(item);
  }
  contract::Generated generated;
  for (const Element record : simdjson::dom::array(expected)) {
    const Json wanted(in_set(record, upload_id));
    const auto found = std::ranges::find_if(left, [&](Element item) {
      contract::Generated attempt = generated;
      if (!contract::same_json(wanted.root(), item, attempt)) return false;
      generated = attempt;
      return true;
    });
    if (found == left.end()) return false;
    left.erase(found);
  }
  return left.empty();
}

/// Error bodies are compared whole, but for the trace ids around those of the wrapped kind.
bool same_error(Element vector, const std::string& body) {
  const Json actual(body);
  const Element expected = vector["body"];
  contract::Generated none;
  bool any_order = false;
  if (!vector["errors_any_order"].get(any_order) && any_order) {
    return contract::same_in_any_order(expected["errors"], actual.at("/errors"));
  }
  const bool wrapped = actual.has("/meta/trace");
  if (!wrapped) return contract::same_json(expected, actual.root(), none);
  return contract::same_json(expected["errors"], actual.at("/errors"), none);
}

class RecordVectorsOverHttp : public E2eTest, public testing::WithParamInterface<std::string> {
 protected:
  bool is_stored(Element vector, const std::string& request) {
    const std::string set = client().open_set(kContinuousSet);
    const Reply reply = client().add(set, request);
    EXPECT_EQ(reply.status, 200u) << reply.body;
    if (reply.status != 200) return false;
    const std::string fetched = client().fetch("uploadId=" + set);
    EXPECT_TRUE(same_records(vector["records"], fetched, set)) << "fetched " << fetched;
    return same_records(vector["records"], fetched, set);
  }

  bool is_refused(Element vector, const std::string& request) {
    const std::string set = client().open_set(kContinuousSet);
    const Reply reply = client().add(set, request);
    EXPECT_EQ(reply.status, 400u) << reply.body;
    const bool good = reply.status == 400 && same_error(vector, reply.body);
    EXPECT_TRUE(good) << "answered " << reply.body;
    EXPECT_EQ(count_of(client().fetch("uploadId=" + set)), 1u) << "the set alone";
    return good;
  }
};

TEST_P(RecordVectorsOverHttp, SampleMatches) {
  const std::vector<std::string> lines = contract::read_lines("records/" + GetParam());
  json::Parser parser;
  json::Parser line_parser;
  std::string summary = GetParam() + " over HTTP:";
  for (const int64_t status : {200, 400}) {
    const auto chosen = sample(lines, status);
    ASSERT_FALSE(chosen.empty());
    size_t matches = 0;
    for (const std::string& line : chosen) {
      SCOPED_TRACE("vector " + line);
      const auto vector = record::read_vector_line(line_parser, line);
      ASSERT_TRUE(vector);
      const Element whole = contract::parsed(parser, line);
      matches +=
          status == 200 ? is_stored(whole, vector->request) : is_refused(whole, vector->request);
    }
    summary += fmt::format(" {} of {} with status {}", matches, chosen.size(), status);
  }
  std::cout << summary << "\n";
}

INSTANTIATE_TEST_SUITE_P(Files, RecordVectorsOverHttp, testing::ValuesIn(files()),
                         [](const auto& file) {
                           return file.param.substr(0, file.param.find('.'));
                         });

}  // namespace
}  // namespace tideway::e2e
