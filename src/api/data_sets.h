// The routes of data sets (docs/spec/datasets.md 1). Opening, filling and closing stand in
// data_sets.cc, looking in data_set_lists.cc, deleting and restoring in data_set_deletion.cc.
#pragma once

#include <vector>

#include "api/access.h"
#include "api/platform.h"
#include "api/reader_pool.h"
#include "dataset/data_sets.h"
#include "server/router.h"

namespace tideway::api {

struct DataSetsOptions {
  uint64_t body_size_bytes_max = 0;  ///< of records
  int64_t trash_kept_ms = 0;         ///< how long a deletion can be undone
};

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class DataSetsApi {
 public:
  DataSetsApi(dataset::DataSets& data_sets, const Platform& platform, const Access& access,
              DataSetsOptions options);

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  Response create(const Request& request, const Identity& caller);
  Response add_data(const Request& request, const Identity& caller);
  Response add_what_is_good(const Request& request, const dataset::DataSet& set);
  dataset::Step<std::shared_ptr<store::Commit>> store_batch(const Request& request,
                                                            const dataset::DataSet& set,
                                                            const record::Batch& batch);
  Response remove_data(const Request& request, const Identity& caller);
  Response update(const Request& request, const Identity& caller);

  Response list_bare(const Request& request, const Identity& caller);
  Response list_wrapped(const Request& request, const Identity& caller);
  Response get(const Request& request, const Identity& caller);
  Response list_deleted(const Request& request, const Identity& caller);

  Response remove_set(const Request& request, const Identity& caller);
  Response restore(const Request& request, const Identity& caller);
  Response remove_sets(const Request& request, const Identity& caller);
  Response remove_all_data(const Request& request, const Identity& caller);
  Response erase(const Request& request, const Identity& caller);

  /// The set that the path names, if the caller may fill it. Whether it is open is left to the
  /// caller.
  std::expected<dataset::DataSet, Response> uploadable_set(const Request& request,
                                                           const Identity& caller);
  /// The same, if the caller may delete it.
  std::expected<dataset::DataSet, Response> deletable_set(const Request& request,
                                                          const Identity& caller);
  /// The same as the first for sets that take changes only while they are open.
  std::expected<dataset::DataSet, Response> open_set(const Request& request,
                                                     const Identity& caller);

  dataset::DataSets& data_sets_;
  const Platform& platform_;
  const Access& access_;
  const DataSetsOptions options_;
  ReaderPool readers_;
};

}  // namespace tideway::api
