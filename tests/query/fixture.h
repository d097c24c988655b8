// A user's data in memory, and what a fetch of it gives.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dataset/data_sets.h"
#include "query/fetch.h"
#include "store/opened_blocks.h"
#include "tests/dataset/samples.h"
#include "tests/query/counting_store.h"
#include "tests/store/memory_store.h"

namespace tideway::query {

using dataset::Deduplicator;
using dataset::kNoonMs;
using dataset::kUser;
using dataset::new_set;
using dataset::smbg;
using Names = std::vector<std::string>;

class QueryTest : public testing::Test {
 protected:
  /// Opens a set, adds each body to it as a block of its own or in the tail, and closes it.
  std::string upload(const std::vector<std::string>& bodies, dataset::DataSet set) {
    const std::string id = sets_->create(std::move(set)).value().upload_id;
    for (const std::string& body : bodies) add(id, body);
    EXPECT_TRUE(sets_->close(kUser, id, kUser, kNoonMs));
    return id;
  }
  std::string upload(const std::vector<std::string>& bodies) {
    return upload(bodies, new_set(Deduplicator::kNone));
  }

  void add(std::string_view upload_id, const std::string& body) {
    const dataset::SampleBatch records(body);
    EXPECT_TRUE(sets_->add(kUser, upload_id, records.batch(), dataset::new_chunk(), kNoonMs));
  }

  /// The whole answer.
  std::string fetch(const Filter& filter, const ReadCloudSources& cloud_sources = {},
                    Form form = Form::kArray) {
    auto fetch =
        Fetch::open(store_, kUser, filter, sets_->id_cipher(), cloud_sources, form, &opened_);
    if (!fetch) return fetch.error().message;
    std::string out;
    while (true) {
      const auto more = (*fetch)->next(out);
      if (!more) return more.error().message;
      if (!*more) return out;
    }
  }

  /// The names (see dataset::id_of) of the records in the answer, in its order; "upload" for a set.
  Names names(const Filter& filter) {
    json::Parser parser;
    const std::string answer = fetch(filter);
    const auto root = parser.parse(answer);
    if (!root || !root->is_array()) return {answer};
    Names names;
    const simdjson::dom::array elements = *root;
    for (const simdjson::dom::element element : elements) {
      const std::string_view full_id = element["id"];
      std::string id(full_id);
      id.erase(id.find_last_not_of('0') + 1);
      const bool is_set = std::string_view(element["type"]) == "upload";
      names.push_back(is_set ? "upload" : id);
    }
    return names;
  }

  /// The same without the sets.
  Names record_names(const Filter& filter) {
    Names all = names(filter);
    std::erase(all, "upload");
    return all;
  }

  store::MemoryStore memory_;
  CountingStore store_{memory_};
  store::OpenedBlocks opened_{size_t{4} << 20};
  std::unique_ptr<dataset::DataSets> sets_ = dataset::DataSets::open(memory_).value();
};

/// One food record as JSON.
inline std::string food(std::string_view name, int minute, std::string_view device_id = "D1") {
  return fmt::format(
      R"({{"type":"food","deviceId":"{}","id":"{}","time":"2024-05-01T12:{:02}:00Z"}})", device_id,
      dataset::id_of(name), minute);
}

/// Minutes behind noon, as milliseconds.
inline int64_t minute_ms(int minute) { return kNoonMs + minute * int64_t{60'000}; }

}  // namespace tideway::query
