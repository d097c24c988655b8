// From a complete request to a complete response: all that happens on a worker thread.
#pragma once

#include <spdlog/logger.h>

#include <cstdint>
#include <memory>
#include <string>

#include "server/body_budget.h"
#include "server/coding.h"
#include "server/cors.h"
#include "server/http.h"
#include "server/server.h"
#include "server/trace.h"

namespace tideway::server {

/// What must still be known of a request when its handler has taken it.
struct RequestTraits {
  std::string method;
  std::string path;
  std::string origin;  ///< empty when there is none
  Trace trace;
  Coding coding = Coding::kIdentity;  ///< of the answer, where it may be compressed
};

RequestTraits traits_of(const Request& request);

/// The traits of a request that could not be read.
RequestTraits unknown_traits();

/// Inflates a body that came as gzip and asks the handler. Never throws: an exception of the
/// handler becomes a 500. Gives the lease back when the handler is done with the body.
Response answer(Request request, const RequestTraits& traits, Handler& handler,
                uint64_t body_size_bytes_max, BodyLease& lease, spdlog::logger& log);

/// Adds what every response has: trace ids, CORS, compression. A response without a body loses the
/// headers that describe one.
void finish(Response& response, const RequestTraits& traits, const Cors& cors);

/// The next piece of a streamed body. Never throws: an exception is a failure.
BodyStream::Next pull(BodyStream& stream, std::string& chunk, const RequestTraits& traits,
                      spdlog::logger& log);

}  // namespace tideway::server
