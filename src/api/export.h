// GET /export/{userId}: a user's data as a file (docs/spec/fetch.md 8).
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "api/access.h"
#include "api/platform.h"
#include "dataset/data_sets.h"
#include "exports/row.h"
#include "exports/spreadsheet.h"
#include "query/fetch.h"
#include "server/router.h"
#include "store/store.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class ExportApi {
 public:
  ExportApi(store::Store& store, const dataset::DataSets& data_sets, const Platform& platform,
            const Access& access, exports::Spreadsheets& spreadsheets);

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  Response export_data(const Request& request);
  std::expected<std::unique_ptr<query::Fetch>, Response> open_fetch(const Request& request);
  Response text(const Request& request, exports::RecordSource source, exports::Unit unit,
                bool is_json);
  Response spreadsheet(const Request& request, exports::RecordSource source, exports::Unit unit);

  store::Store& store_;
  const dataset::DataSets& data_sets_;
  const Platform& platform_;
  const Access& access_;
  exports::Spreadsheets& spreadsheets_;
};

}  // namespace tideway::api
