// A sample of the golden vectors of every record type through the whole server: uploaded, closed,
// fetched, compared as tests/vectors/README.md says.
#include "tests/contract/vectors.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>

#include "base/text.h"
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

/// A hash as it is shown: base64 of 32 bytes.
bool is_hash(std::string_view text) {
  const auto is_digit = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  };
  return text.size() == 44 && text.ends_with('=') &&
         std::ranges::all_of(text.substr(0, 43), is_digit);
}

/// Whether the members that the server makes, but the id, have their forms.
bool has_server_members(Element record, std::string_view upload_id) {
  std::string_view hash;
  std::string_view set;
  uint64_t revision = 0;
  return !record["_deduplicator"]["hash"].get(hash) && is_hash(hash) &&
         simdjson::dom::object(record["_deduplicator"]).size() == 1 &&
         !record["revision"].get(revision) && revision == 1 && !record["uploadId"].get(set) &&
         set == upload_id;
}

/// A fetched record without the members that the vectors leave out.
std::string without_server_members(Element record) {
  std::string out = "{";
  for (const auto [key, value] : simdjson::dom::object(record)) {
    if (key == "_deduplicator" || key == "revision" || key == "uploadId") continue;
    if (out.size() > 1) out += ',';
    append_json_string(out, key);
    out += ':' + std::string(simdjson::minify(value));
  }
  return out + '}';
}

/// Whether each expected record is among those fetched, once, and nothing else is. The order of a
/// fetch is not that of storage.
bool same_records(Element expected, const std::string& fetched, std::string_view upload_id) {
  const Json actual(fetched);
  std::vector<std::string> left;
  for (const Element item : simdjson::dom::array(actual.root())) {
    if (std::string_view(item["type"]) == "upload") continue;
    if (!has_server_members(item, upload_id)) return false;
    left.push_back(without_server_members(item));
  }
  contract::Generated generated;
  for (const Element record : simdjson::dom::array(expected)) {
    const auto found = std::ranges::find_if(left, [&](const std::string& item) {
      contract::Generated attempt = generated;
      if (!contract::same_json(record, Json(item).root(), attempt)) return false;
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
  /// A normal set, of a device of its own, so that none supersedes what an earlier one brought.
  std::string open_set() { return client().open_set(hash_set(fmt::format("D{}", ++sets_))); }

  bool is_stored(Element vector, const std::string& request) {
    const std::string set = open_set();
    const Reply reply = client().add(set, request);
    EXPECT_EQ(reply.status, 200u) << reply.body;
    if (reply.status != 200) return false;
    EXPECT_EQ(client().fetch("uploadId=" + set), "[]") << "before it is closed";
    const Reply closed = client().close(set);
    EXPECT_EQ(closed.status, 200u) << closed.body;
    const std::string fetched = client().fetch("uploadId=" + set);
    EXPECT_EQ(texts_of(fetched, "/_state"), std::vector<std::string>{"closed"});
    const bool same = same_records(vector["records"], fetched, set);
    EXPECT_TRUE(same) << "fetched " << fetched;
    return same;
  }

  bool is_refused(Element vector, const std::string& request) {
    // One that asks for no device ids, which would be errors of their own.
    const std::string set = client().open_set(plain_set());
    const Reply reply = client().add(set, request);
    EXPECT_EQ(reply.status, 400u) << reply.body;
    const bool good = reply.status == 400 && same_error(vector, reply.body);
    EXPECT_TRUE(good) << "answered " << reply.body;
    EXPECT_EQ(client().close(set).status, 200u);
    EXPECT_EQ(count_of(client().fetch("uploadId=" + set)), 1u) << "the set alone";
    return good;
  }

 private:
  int sets_ = 0;
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
