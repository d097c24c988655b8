// POST /data and POST /data/{userId}: the upload of the drivers that know no data sets
// (docs/spec/fetch.md 10, docs/spec/clients.md 5.3). An upload is announced by a record of that
// type, then come its records; nobody closes it. They show at once, and what the account has
// already is skipped and named by its place in the body.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "account/tokens.h"
#include "api/access.h"
#include "api/credentials.h"
#include "api/reader_pool.h"
#include "dataset/data_sets.h"
#include "record/legacy.h"
#include "server/router.h"

namespace tideway::api {

/// Whether `version` is, or ends with, one that is older than kUploaderVersionMin; whatever has not
/// the form of a version is not.
bool is_outdated(std::string_view version);

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class LegacyUploadApi {
 public:
  LegacyUploadApi(dataset::DataSets& data_sets, const account::Tokens& tokens, const Access& access)
      : data_sets_(data_sets), tokens_(tokens), access_(access) {}

  std::vector<server::Route> routes();

 private:
  /// Why a record was refused; those before it stay.
  struct Failure {
    uint16_t status = 400;
    size_t index = 0;  ///< of the record in the body
    std::string message;
    std::string more = {};  ///< further members of the answer, as JSON
  };
  using Result = std::expected<void, Failure>;
  using Records = std::vector<record::LegacyRecord>;

  server::Response upload(const server::Request& request);
  Result store_all(const server::Request& request, const Identity& caller, std::string_view user_id,
                   const Records& records, std::vector<size_t>& duplicates);
  Result open_set(const server::Request& request, const Identity& caller, std::string_view user_id,
                  const Records& records, size_t at, std::vector<size_t>& duplicates);
  Result store_run(const server::Request& request, std::string_view user_id, const Records& records,
                   size_t begin, size_t end, std::vector<size_t>& duplicates);

  dataset::DataSets& data_sets_;
  const account::Tokens& tokens_;
  const Access& access_;
  ReaderPool readers_;
};

}  // namespace tideway::api
