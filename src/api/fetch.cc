#include "api/fetch.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

#include "api/credentials.h"
#include "api/platform.h"
#include "base/time.h"
#include "query/cursor.h"
#include "query/fetch.h"
#include "query/parameters.h"
#include "server/accept.h"
#include "server/query.h"
#include "server/replies.h"
#include "source/data_sources.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kLines = "application/x-ndjson";

/// A write shows only once it is stored, but counts as of its beginning. Who asks what was modified
/// since his last question must not miss one that was under way then.
constexpr int64_t kWriteMs = 60'000;

/// The rest of an answer whose first part is at hand already.
class FetchStream : public server::BodyStream {
 public:
  FetchStream(std::unique_ptr<query::Fetch> fetch, std::string first, std::string trace)
      : fetch_(std::move(fetch)), first_(std::move(first)), trace_(std::move(trace)) {}

  Next next(std::string& chunk) override {
    if (!first_.empty()) {
      chunk = std::exchange(first_, {});
      return Next::kMore;
    }
    chunk.clear();
    const auto more = fetch_->next(chunk);
    if (!more) {
      spdlog::error("trace {}: fetch broken off: {}", trace_, more.error().message);
      return Next::kFailed;
    }
    return *more ? Next::kMore : Next::kEnd;
  }

  size_t held_bytes() const override { return fetch_->held_bytes() + first_.capacity(); }

 private:
  std::unique_ptr<query::Fetch> fetch_;
  std::string first_;
  std::string trace_;
};

Response not_allowed(const Identity& caller) {
  // The reference answers 403 in either case, but clients renew their login on 401 only.
  const bool anonymous = caller.kind == Identity::Kind::kAnonymous;
  return server::fetch_error(anonymous ? 401 : 403, "data_cant_view",
                             "user is not authorized to view data");
}

Response store_failed(const Request& request, const store::Error& error) {
  spdlog::error("trace {}: {}", request.trace_request, error.message);
  return server::fetch_error(500, "data_store_error", "internal server error");
}

Response bad_parameter(std::string_view message) {
  return server::fetch_error(400, "invalid_parameters", message);
}

/// The query of the page that `cursor` begins, for a Link header.
std::string query_of_page(std::string_view query, std::string_view cursor) {
  std::string out;
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty() || pair.starts_with("cursor=")) continue;
    for (const char c : pair) {
      // Sent as it came, but for what would end the link.
      const bool is_safe = c > ' ' && c < '\x7f' && c != '<' && c != '>' && c != '"';
      if (is_safe) {
        out += c;
      } else {
        fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
      }
    }
    out += '&';
  }
  return out.append("cursor=").append(cursor);
}

/// What the user's connections to cloud services brought, for the source filters.
store::Result<std::vector<query::CloudSource>> cloud_sources(const store::Reader& reader) {
  const auto sources = source::read_sources(reader);
  if (!sources) return std::unexpected(sources.error());
  std::vector<query::CloudSource> found;
  for (const source::DataSource& source : *sources) {
    if (source.data_set_id.empty()) continue;
    query::CloudSource& cloud = found.emplace_back();
    cloud.upload_ids.push_back(source.data_set_id);
    if (source.earliest_data_ms && source.latest_data_ms) {
      cloud.span = query::TimeRange{*source.earliest_data_ms, *source.latest_data_ms};
    }
  }
  return found;
}

Response status(const Request&) {
  Response response;
  response.headers.set("Content-Type", "text/plain; charset=utf-8");
  response.body = "OK\n";
  return response;
}

server::Route route(std::string pattern, std::function<Response(const Request&)> handle) {
  return {.method = "GET",
          .pattern = std::move(pattern),
          .family = server::Family::kWhisperer,
          .dataservices = true,
          .body_size_bytes_max = kNoBodyBytesMax,
          .handle = std::move(handle)};
}

}  // namespace

FetchApi::FetchApi(store::Store& store, const dataset::DataSets& data_sets,
                   const Platform& platform, const Access& access, int64_t changes_kept_ms,
                   size_t opened_blocks_bytes_max)
    : store_(store),
      data_sets_(data_sets),
      platform_(platform),
      access_(access),
      opened_(opened_blocks_bytes_max),
      changes_kept_ms_(changes_kept_ms) {}

std::vector<server::Route> FetchApi::routes() {
  return {route("/data/status", status),
          route("/data/{userId}", [this](const Request& request) { return fetch(request); })};
}

Response FetchApi::fetch(const Request& request) {
  const server::Query query = server::parse_query_lenient(request.query);
  const std::vector<query::Parameter> parameters(query.begin(), query.end());
  auto filter = query::read_filter(parameters);
  if (!filter) return bad_parameter(filter.error());
  const Identity caller = platform_.reader(request);
  const std::string& user_id = request.variables[0];
  const auto may = access_.may_view(caller, user_id);
  if (!may) return store_failed(request, may.error());
  if (!*may) return not_allowed(caller);
  if (const auto cursor = query::cursor_text(parameters)) {
    filter->after = query::read_cursor(*cursor, user_id, *filter, data_sets_.id_cipher());
    if (!filter->after) return bad_parameter("cursor is not one that was given for this query");
  }
  if (filter->modified_since_ms) {
    *filter->modified_since_ms -= kWriteMs;
    if (*filter->modified_since_ms < now_milliseconds() - changes_kept_ms_) {
      return server::fetch_error(410, "changes_forgotten",
                                 "modifiedSince is longer ago than deletions are remembered");
    }
  }
  return answer(request, std::move(*filter));
}

Response FetchApi::answer(const Request& request, query::Filter filter) {
  const bool as_lines = server::asks_for(request.headers, kLines, kJson);
  const query::Filter asked = filter;
  const std::string& user_id = request.variables[0];
  auto fetch =
      query::Fetch::open(store_, user_id, std::move(filter), data_sets_.id_cipher(), cloud_sources,
                         as_lines ? query::Form::kLines : query::Form::kArray, &opened_);
  if (!fetch) return store_failed(request, fetch.error());
  // The status is sent only once the first records have been read.
  std::string first;
  const auto more = (*fetch)->next(first);
  if (!more) return store_failed(request, more.error());

  Response response;
  response.headers.set("Content-Type", as_lines ? kLines : kJson);
  response.headers.add("Vary", "Accept");
  if (const auto& end = (*fetch)->page_end()) {
    const auto cursor = query::write_cursor(*end, user_id, asked, data_sets_.id_cipher());
    response.headers.set("Link",
                         fmt::format("<?{}>; rel=\"next\"", query_of_page(request.query, cursor)));
    response.headers.set("X-Tideway-Next-Cursor", cursor);
  }
  if (*more) {
    response.stream =
        std::make_unique<FetchStream>(std::move(*fetch), std::move(first), request.trace_request);
  } else {
    response.body = std::move(first);
  }
  return response;
}

}  // namespace tideway::api
