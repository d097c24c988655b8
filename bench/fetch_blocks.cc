#include "bench/fetch_blocks.h"

#include <fmt/format.h>

#include "bench/chunks.h"
#include "bench/fail.h"
#include "bench/files.h"
#include "bench/server.h"
#include "dataset/data_sets.h"
#include "query/fetch.h"
#include "query/parameters.h"
#include "record/batch.h"
#include "store/rocksdb/rocksdb_store.h"

namespace tideway::bench {
namespace {

constexpr std::string_view kUser = "0a1b2c3d4e";
constexpr int kChunks = 90;

/// A closed set of kChunks chunks.
void upload(dataset::DataSets& sets, const std::string& file, int days) {
  dataset::DataSet set;
  set.user_id = kUser;
  set.time_ms = 0;
  const auto made = sets.create(set);
  if (!made) fail("cannot create a set");
  Chunks chunks(read_padded("bench/data/" + file), days);
  record::Reader reader;
  for (int i = 0; i < kChunks; ++i) {
    const auto batch = reader.read(chunks.chunk(i), dataset::DataSets::read_options(*made));
    if (!batch) fail("cannot read a chunk");
    const dataset::Chunk chunk{.body = static_cast<uint64_t>(i) + 1, .key = 0};
    if (!sets.add(kUser, made->upload_id, *batch, chunk, i)) fail("cannot add a chunk");
  }
  if (!sets.close(kUser, made->upload_id, kUser, kChunks)) fail("cannot close a set");
}

void add_row(Report& report, store::Store& store, const dataset::DataSets& sets,
             const std::vector<query::Parameter>& parameters) {
  std::string name;
  for (const auto& [key, value] : parameters) name += fmt::format(" {}={}", key, value);
  auto fetch =
      query::Fetch::open(store, kUser, query::read_filter(parameters).value(), sets.id_cipher());
  if (!fetch) fail(fetch.error().message);
  size_t elements = 0;
  std::string part;
  for (bool more = true; more;) {
    part.clear();
    const auto next = (*fetch)->next(part);
    if (!next) fail(next.error().message);
    more = *next;
    elements += count_elements(part);
  }
  const auto counters = (*fetch)->counters();
  report.row(name.empty() ? "everything" : name.substr(1),
             {static_cast<double>(elements), static_cast<double>(counters.blocks_opened),
              static_cast<double>(counters.blocks_skipped)});
}

}  // namespace

void count_blocks(Report& report, const std::filesystem::path& directory) {
  const Scratch scratch(directory / "blocks");
  const auto store = store::RocksDbStore::open((scratch.path() / "store").string());
  if (!store) fail(store.error().message);
  const auto sets = dataset::DataSets::open(**store);
  if (!sets) fail(sets.error().message);
  upload(**sets, "cbg-1000.json", 4);
  upload(**sets, "mixed-1000.json", 20);
  report.section(fmt::format("blocks read, {0} chunks of cbg and {0} of a pump", kChunks),
                 {"elements", "blocks opened", "blocks skipped"});
  add_row(report, **store, **sets, {});
  add_row(report, **store, **sets, {{"type", "cbg"}});
  add_row(report, **store, **sets, {{"type", "bolus"}});
  add_row(report, **store, **sets, {{"type", "cbg"}, {"latest", "1"}});
  add_row(report, **store, **sets, {{"type", "none"}});
}

}  // namespace tideway::bench
