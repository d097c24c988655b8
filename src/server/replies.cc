#include "server/replies.h"

#include <fmt/format.h>

#include "base/ids.h"
#include "base/text.h"

namespace tideway::server {
namespace {

constexpr std::string_view kJsonUtf8 = "application/json; charset=utf-8";
constexpr std::string_view kJson = "application/json";

Response reply(uint16_t status, std::string_view content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", content_type);
  response.body = std::move(body);
  return response;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
}

/// A client's trace id is any bytes, and cutting it may have split a character; JSON wants UTF-8.
std::string as_utf8(std::string_view bytes) {
  std::string out;
  for (size_t at = 0; at < bytes.size();) append_utf8(out, next_code_point(bytes, at));
  return out;
}

void append_meta(std::string& out, std::string_view request, std::string_view session,
                 std::string_view more = {}) {
  out += ",\"meta\":{\"trace\":{";
  append_member(out, "request", as_utf8(request));
  if (!session.empty()) append_member(out, "session", as_utf8(session));
  out += '}';
  if (!more.empty()) out.append(",").append(more);
  out += "}}";
}

}  // namespace

Response json_reply(uint16_t status, std::string body) {
  return reply(status, kJsonUtf8, std::move(body));
}

Response envelope(const Request& request, uint16_t status, std::string_view data_json,
                  std::string_view more_meta) {
  std::string body = "{\"data\":";
  body.reserve(data_json.size() + more_meta.size() + 256);
  body += data_json;
  append_meta(body, request.trace_request, request.trace_session, more_meta);
  return json_reply(status, std::move(body));
}

Response envelope_error(const Request& request, uint16_t status, std::string_view code,
                        std::string_view title, std::string_view detail, bool show_status) {
  const Trace trace{.request = request.trace_request, .session = request.trace_session};
  return envelope_error(trace, status, code, title, detail, show_status);
}

Response envelope_error(const Trace& trace, uint16_t status, std::string_view code,
                        std::string_view title, std::string_view detail, bool show_status) {
  std::string body = "{\"errors\":[{";
  append_member(body, "code", code);
  append_member(body, "title", title);
  append_member(body, "detail", detail);
  if (show_status) append_member(body, "status", fmt::to_string(status));
  body += "}]";
  append_meta(body, trace.request, trace.session);
  return json_reply(status, std::move(body));
}

Response bare_errors(uint16_t status, std::span<const Error> errors) {
  return json_reply(status, error_body(errors));
}

Response bare_error(uint16_t status, const Error& error) {
  return bare_errors(status, std::span(&error, 1));
}

Response code_and_reason(uint16_t status, std::string_view reason) {
  std::string body = fmt::format("{{\"code\":{}", status);
  append_member(body, "reason", reason);
  body += '}';
  return reply(status, kJson, std::move(body));
}

Response fetch_error(uint16_t status, std::string_view code, std::string_view message) {
  std::string body = fmt::format("{{\"status\":{}", status);
  append_member(body, "id", random_uuid());
  append_member(body, "code", code);
  append_member(body, "message", message);
  body += '}';
  return reply(status, kJson, std::move(body));
}

}  // namespace tideway::server
