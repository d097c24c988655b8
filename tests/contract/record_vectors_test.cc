// Every vector of tests/vectors/records/ through the library, exactly.
#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>

#include "record/stored_identity.h"
#include "record/vector_line.h"
#include "tests/contract/vectors.h"

namespace tideway::contract {
namespace {

using simdjson::dom::element;

std::vector<std::string> files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("tests/vectors/records")) {
    names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

bool holds_errors_any_order(element vector) {
  bool any_order = false;
  return !vector["errors_any_order"].get(any_order) && any_order;
}

bool matches(element vector, element result) {
  if (int64_t(vector["status"]) != int64_t(result["status"])) return false;
  Generated generated;
  if (int64_t(vector["status"]) == 200) {
    return same_json(vector["records"], result["records"], generated) &&
           same_json(vector["identity"], result["identity"], generated);
  }
  if (holds_errors_any_order(vector)) {
    return same_in_any_order(vector["body"]["errors"], result["body"]["errors"]);
  }
  return same_json(vector["body"], result["body"], generated);
}

class RecordVectors : public testing::TestWithParam<std::string> {};

TEST_P(RecordVectors, AllMatch) {
  json::Parser vector_parser;
  json::Parser result_parser;
  json::Parser line_parser;
  record::Reader reader;
  size_t count = 0;
  size_t failures = 0;
  for (const std::string& line : read_lines("records/" + GetParam())) {
    const auto vector = record::read_vector_line(line_parser, line);
    ASSERT_TRUE(vector) << line.substr(0, 200);
    const auto preview = record::preview(reader, vector->request,
                                         {"1a2b3c4d5e", "0123456789abcdef0123456789abcdef"});
    const std::string result = record::result_line(vector->name, preview);
    ++count;
    if (matches(parsed(vector_parser, line), parsed(result_parser, result))) continue;
    ++failures;
    ADD_FAILURE() << "vector " << line << "\ngave " << result;
  }
  EXPECT_GT(count, 0u);
  std::cout << GetParam() << ": " << count - failures << " of " << count << " vectors match\n";
}

/// What a fetch shows of an identity is read back from the text.
TEST_P(RecordVectors, IdentitiesAreReadBack) {
  json::Parser line_parser;
  record::Reader reader;
  size_t count = 0;
  TextBuffer read;
  record::StoredIdentityReader identities;
  for (const std::string& line : read_lines("records/" + GetParam())) {
    const auto vector = record::read_vector_line(line_parser, line);
    ASSERT_TRUE(vector) << line.substr(0, 200);
    const auto batch = reader.read(vector->request, {.with_identity = true});
    if (!batch) continue;
    for (const record::Record& record : batch->records) {
      if (!record.identity_is_in_text) continue;
      ++count;
      read.clear();
      identities.append(read, record.type, record.text, record.segment_sizes);
      EXPECT_EQ(read.view(), record.identity) << vector->name;
    }
  }
  EXPECT_GT(count, 0U);
}

INSTANTIATE_TEST_SUITE_P(Files, RecordVectors, testing::ValuesIn(files()), [](const auto& file) {
  return file.param.substr(0, file.param.find('.'));
});

}  // namespace
}  // namespace tideway::contract
