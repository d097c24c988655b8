// GET /data/{userId}: reading records back (docs/spec/fetch.md 1 to 5).
#pragma once

#include <vector>

#include "api/access.h"
#include "api/platform.h"
#include "dataset/data_sets.h"
#include "query/filter.h"
#include "server/router.h"
#include "store/opened_blocks.h"
#include "store/store.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class FetchApi {
 public:
  FetchApi(store::Store& store, const dataset::DataSets& data_sets, const Platform& platform,
           const Access& access, int64_t changes_kept_ms, size_t opened_blocks_bytes_max);

  std::vector<server::Route> routes();

 private:
  server::Response fetch(const server::Request& request);
  server::Response answer(const server::Request& request, query::Filter filter);

  store::Store& store_;
  const dataset::DataSets& data_sets_;
  const Platform& platform_;
  const Access& access_;
  store::OpenedBlocks opened_;
  const int64_t changes_kept_ms_;  ///< how long it is known what was deleted
};

}  // namespace tideway::api
