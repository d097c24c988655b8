// Device logs: what an app wrote while it looked after a device (docs/spec/fetch.md 11).
#pragma once

#include <expected>
#include <memory>
#include <vector>

#include "api/access.h"
#include "api/platform.h"
#include "blob/blobs.h"
#include "server/router.h"

namespace tideway::api {

/// Safe to call from any thread. What it is given must outlive it, and it its routes.
class DeviceLogsApi {
 public:
  DeviceLogsApi(blob::Blobs& blobs, const Platform& platform, const Access& access);

  std::vector<server::Route> routes();

 private:
  using Request = server::Request;
  using Response = server::Response;

  std::expected<std::unique_ptr<server::BodyReceiver>, Response> create(const Request& request,
                                                                        const Identity& caller);
  Response list(const Request& request, const Identity& caller);
  Response get(const Request& request, const Identity& caller);
  Response content(const Request& request, const Identity& caller);

  /// What callers get who may not read a log; the routes differ.
  struct Denied {
    Response (*anonymous)();
    Response (*stranger)(std::string_view id);
  };
  /// The log that the path names, if the caller may read it.
  std::expected<blob::Blob, Response> readable_log(const Request& request, const Identity& caller,
                                                   Denied denied);

  blob::Blobs& blobs_;
  const Platform& platform_;
  const Access& access_;
};

}  // namespace tideway::api
