#include "api/request_limits.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "api/credentials.h"
#include "api/gatekeeper.h"
#include "server/query.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

constexpr int64_t kMinuteUs = 60'000'000;

int64_t steady_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

server::Response too_many(server::Family family) {
  switch (family) {
    case server::Family::kShoreline:
      return server::code_and_reason(429, "Too many requests");
    case server::Family::kGatekeeper:
      return text_reply(429, "Too many requests");
    case server::Family::kWhisperer:
      return server::fetch_error(429, "too_many_requests", "too many requests");
    default:
      return server::bare_error(429, make_error("too-many-requests", "too many requests"));
  }
}

}  // namespace

RequestLimits::RequestLimits(uint32_t per_minute_max, std::function<int64_t()> now_us)
    : now_us_(now_us ? std::move(now_us) : steady_us),
      limiter_(per_minute_max,
               per_minute_max == 0 ? 0 : std::max<int64_t>(1, kMinuteUs / per_minute_max)) {}

std::optional<server::Response> RequestLimits::refusal(const server::Request& request,
                                                       server::Family family) {
  std::string_view token = session_token_text(request);
  std::string restricted;
  if (token.empty() && !request.query.empty()) {
    const server::Query query = server::parse_query_lenient(request.query);
    restricted = query.first("restricted_token").value_or("");
    token = restricted;
  }
  if (token.empty()) return std::nullopt;
  const int64_t wait_us = limiter_.take(token, now_us_());
  if (wait_us == 0) return std::nullopt;
  server::Response response = too_many(family);
  response.headers.set("Retry-After", std::to_string((wait_us + 999'999) / 1'000'000));
  return response;
}

}  // namespace tideway::api
