#include "server/answer.h"

#include <utility>

#include "server/accept_encoding.h"
#include "server/coded_stream.h"
#include "server/exceptions.h"
#include "server/field_text.h"
#include "server/gzip.h"
#include "server/refusals.h"
#include "server/replies.h"
#include "server/zstd.h"

namespace tideway::server {
namespace {

/// Replaces a gzip body by what it holds; a refusal when that cannot be done.
std::optional<Response> inflate_body(Request& request, uint64_t size_bytes_max, BodyLease& lease) {
  const auto coding = request.headers.find("Content-Encoding");
  // Other codings are ignored, as the reference ignores all of them (docs/spec/http.md 3.5).
  if (request.body.empty() || !coding) return std::nullopt;
  if (!equals_ignoring_case(*coding, "gzip") && !equals_ignoring_case(*coding, "x-gzip")) {
    return std::nullopt;
  }
  auto plain =
      gunzip(request.body, size_bytes_max, [&](uint64_t added) { return lease.grow(added); });
  if (plain) {
    request.body = *std::move(plain);
    return std::nullopt;
  }
  switch (plain.error()) {
    case GunzipFailure::kTooLarge:
      return body_too_large();
    case GunzipFailure::kRefused:
      return too_busy();
    case GunzipFailure::kMalformed:
      break;
  }
  return malformed_body();
}

bool may_have_body(uint16_t status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

RequestTraits traits_of(const Request& request) {
  return {.method = request.method,
          .path = request.path,
          .origin = std::string(request.headers.find("Origin").value_or("")),
          .trace = {.request = request.trace_request, .session = request.trace_session},
          .coding = best_coding(request.headers)};
}

RequestTraits unknown_traits() {
  return {.method = "-", .path = "-", .origin = {}, .trace = trace_of({})};
}

Response answer(Request request, const RequestTraits& traits, Handler& handler,
                uint64_t body_size_bytes_max, BodyLease& lease, spdlog::logger& log) {
  Response response;
  try {
    auto refusal = inflate_body(request, body_size_bytes_max, lease);
    response = refusal ? *std::move(refusal) : handler.handle(std::move(request));
  } catch (...) {
    log_exception("handler", traits.trace, log);
    response = unexpected_failure(traits.trace);
  }
  lease.release();
  return response;
}

void finish(Response& response, const RequestTraits& traits, const Cors& cors) {
  add_trace(traits.trace, response.headers);
  if (response.compressible) response.headers.add("Vary", "Accept-Encoding");
  cors.add_headers(traits.origin, response.headers);
  if (!may_have_body(response.status)) {
    response.body.clear();
    response.stream.reset();
  }
  if (response.body.empty() && !response.stream) {
    response.headers.remove("Content-Type");
    response.headers.remove("Content-Encoding");
    return;
  }
  const bool coded_already = response.headers.find("Content-Encoding").has_value();
  if (!response.compressible || traits.coding == Coding::kIdentity || coded_already) return;
  const bool is_gzip = traits.coding == Coding::kGzip;
  response.headers.set("Content-Encoding", is_gzip ? "gzip" : "zstd");
  if (response.stream) {
    response.stream = coded_stream(std::move(response.stream), traits.coding);
  } else {
    response.body = is_gzip ? gzip(response.body) : zstd(response.body);
  }
}

BodyStream::Next pull(BodyStream& stream, std::string& chunk, const RequestTraits& traits,
                      spdlog::logger& log) {
  try {
    return stream.next(chunk);
  } catch (...) {
    log_exception("body stream", traits.trace, log);
    return BodyStream::Next::kFailed;
  }
}

}  // namespace tideway::server
