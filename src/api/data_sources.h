// The routes of data sources (docs/spec/datasets.md 20). All errors are bare.
#pragma once

#include <vector>

#include "api/platform.h"
#include "server/router.h"
#include "source/data_sources.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class DataSourcesApi {
 public:
  DataSourcesApi(source::DataSources& sources, const Platform& platform);

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  Response list(const Request& request, const Identity& caller);
  Response create(const Request& request, const Identity& caller);
  Response remove_all(const Request& request, const Identity& caller);
  Response get(const Request& request, const Identity& caller);
  Response update(const Request& request, const Identity& caller);
  Response remove(const Request& request, const Identity& caller);
  Response get_by_session(const Request& request, const Identity& caller);

  source::DataSources& sources_;
  const Platform& platform_;
};

}  // namespace tideway::api
