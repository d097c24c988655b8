// The routes of data sets: open, add data, close (docs/spec/datasets.md 6, 9, 11).
#pragma once

#include <vector>

#include "api/platform.h"
#include "dataset/data_sets.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class DataSetsApi {
 public:
  DataSetsApi(dataset::DataSets& data_sets, const Platform& platform, uint64_t body_size_bytes_max);

  std::vector<server::Route> routes();

 private:
  server::Response create(const server::Request& request, const Identity& caller);
  server::Response add_data(const server::Request& request, const Identity& caller);
  server::Response close(const server::Request& request, const Identity& caller);

  dataset::DataSets& data_sets_;
  const Platform& platform_;
  const uint64_t body_size_bytes_max_;
};

}  // namespace tideway::api
