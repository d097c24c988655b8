// GET /data/{userId}: reading records back (docs/spec/fetch.md 1 to 5).
#pragma once

#include <vector>

#include "api/access.h"
#include "api/platform.h"
#include "dataset/data_sets.h"
#include "server/router.h"
#include "store/store.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class FetchApi {
 public:
  FetchApi(store::Store& store, const dataset::DataSets& data_sets, const Platform& platform,
           const Access& access);

  std::vector<server::Route> routes();

 private:
  server::Response fetch(const server::Request& request);

  store::Store& store_;
  const dataset::DataSets& data_sets_;
  const Platform& platform_;
  const Access& access_;
};

}  // namespace tideway::api
