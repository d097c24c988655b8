#include "api/messages.h"

#include <fmt/format.h>

#include <utility>

#include "api/gatekeeper.h"
#include "api/message_json.h"
#include "api/message_stream.h"
#include "api/platform.h"
#include "api/profile_name.h"
#include "api/shoreline.h"
#include "base/time.h"
#include "server/query.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

/// A bound of a range as timestamps are compared with it; nullopt when there is none.
std::expected<std::optional<std::string>, Response> read_bound(const server::Query& query,
                                                               std::string_view name) {
  std::string text(query.first(name).value_or(""));
  if (text.empty()) return std::nullopt;
  for (char& c : text) {
    if (c == ' ') c = '+';
  }
  const auto time = parse_instant(text);
  if (!time || !is_printable(time->milliseconds())) return std::unexpected(empty_reply(400));
  // Three digits always: what is compared is text.
  const int64_t ms = time->milliseconds();
  const auto fraction = static_cast<unsigned>((ms % 1000 + 1000) % 1000);
  std::string bound = format_utc_milliseconds(ms - fraction);
  bound.replace(bound.size() - 1, 1, fmt::format(".{:03}Z", fraction));
  return bound;
}

}  // namespace

MessagesApi::MessagesApi(note::Notes& notes, const account::Profiles& profiles,
                         const account::Tokens& tokens, const Access& access)
    : notes_(notes), profiles_(profiles), tokens_(tokens), access_(access) {}

std::vector<server::Route> MessagesApi::routes() {
  return {
      {.method = "GET",
       .pattern = "/message/status",
       .family = server::Family::kGatekeeper,
       .dataservices = true,
       .body_size_bytes_max = kNoBodyBytesMax,
       .handle = [](const Request&) { return plain_json(200, R"({"status":"ok"})"); }},
      on_account("GET", "/message/notes/{userId}", &MessagesApi::list_top_level),
      on_account("GET", "/message/all/{userId}", &MessagesApi::list_all),
      on_note("GET", "/message/thread/{messageId}", &MessagesApi::thread),
      on_note("GET", "/message/read/{messageId}", &MessagesApi::read),
      on_account("POST", "/message/send/{userId}", &MessagesApi::send),
      on_note("POST", "/message/reply/{messageId}", &MessagesApi::reply),
      on_note("PUT", "/message/edit/{messageId}", &MessagesApi::edit),
      on_note("DELETE", "/message/remove/{messageId}", &MessagesApi::remove),
  };
}

/// Who may see an account's data may also write notes about it. A service has no right of its own.
std::optional<Response> MessagesApi::refusal(const Request& request, const Identity& caller,
                                             std::string_view account_id) const {
  if (caller.kind != Identity::Kind::kUser) return not_permitted();
  const auto may = access_.may_view(caller, account_id);
  if (!may) return gatekeeper_failure(request, may.error().message);
  if (!*may) return not_permitted();
  return std::nullopt;
}

server::Route MessagesApi::on_account(std::string method, std::string pattern, OnAccount handle) {
  return gatekeeper_route(
      std::move(method), std::move(pattern), tokens_,
      [this, handle](const Request& request, const Identity& caller) -> Response {
        if (auto no = refusal(request, caller, request.variables[0])) return *std::move(no);
        return (this->*handle)(request, caller);
      });
}

server::Route MessagesApi::on_note(std::string method, std::string pattern, OnNote handle) {
  return gatekeeper_route(
      std::move(method), std::move(pattern), tokens_,
      [this, handle](const Request& request, const Identity& caller) -> Response {
        const auto on = notes_.find(request.variables[0]);
        if (!on) return gatekeeper_failure(request, on.error().message);
        if (!*on) return plain_json(404, R"({"message":{}})");
        request.note_whose((*on)->account_id);
        if (auto no = refusal(request, caller, (*on)->account_id)) return *std::move(no);
        return (this->*handle)(request, caller, **on);
      });
}

Response MessagesApi::list_top_level(const Request& request, const Identity&) {
  return list(request, false);
}

Response MessagesApi::list_all(const Request& request, const Identity&) {
  return list(request, true);
}

Response MessagesApi::list(const Request& request, bool replies) {
  const server::Query query = server::parse_query_lenient(request.query);
  auto from = read_bound(query, "starttime");
  if (!from) return std::move(from.error());
  auto until = read_bound(query, "endtime");
  if (!until) return std::move(until.error());
  return answer_list(
      request, request.variables[0],
      {.from = std::move(*from), .until = std::move(*until), .replies = replies, .thread_id = {}});
}

Response MessagesApi::answer_list(const Request& request, std::string account_id,
                                  note::ListOptions options) {
  auto list = notes_.list(account_id, std::move(options));
  if (!list) return gatekeeper_failure(request, list.error().message);
  auto first = (*list)->next();
  if (!first) return gatekeeper_failure(request, first.error().message);
  // Clients take the 404 for an empty list.
  if (first->empty()) return plain_json(404, R"({"messages":[]})");
  Response response = plain_json(200, {});
  response.stream = std::make_unique<MessageStream>(
      std::move(*list), std::move(*first), std::move(account_id),
      [this](std::string_view user_id) { return name_of(user_id); }, request.trace_request);
  return response;
}

Response MessagesApi::thread(const Request& request, const Identity&, const note::NoteOn& on) {
  note::ListOptions options;
  options.thread_id = on.note.id;
  return answer_list(request, on.account_id, std::move(options));
}

Response MessagesApi::read(const Request&, const Identity&, const note::NoteOn& on) {
  std::string body = "{\"message\":";
  append_message(body, on.note, on.account_id,
                 on.note.author_id.empty() ? on.note.author_name : name_of(on.note.author_id));
  return plain_json(200, body + '}');
}

Response MessagesApi::send(const Request& request, const Identity& caller) {
  return add(request, caller, request.variables[0], {});
}

Response MessagesApi::reply(const Request& request, const Identity& caller,
                            const note::NoteOn& on) {
  return add(request, caller, on.account_id, on.note.id);
}

Response MessagesApi::add(const Request& request, const Identity& caller,
                          std::string_view account_id, std::string parent_id) {
  auto note = parse_new_note(request.body);
  if (!note) return std::move(note.error());
  note->parent_id = std::move(parent_id);
  note->author_id = caller.user_id;
  note->created_ms = now_milliseconds();
  const auto id = notes_.add(account_id, std::move(*note));
  if (!id) return gatekeeper_failure(request, id.error().message);
  return plain_json(201, "{\"id\":\"" + *id + "\"}");
}

Response MessagesApi::edit(const Request& request, const Identity&, const note::NoteOn& on) {
  auto edit = parse_note_edit(request.body);
  if (!edit) return std::move(edit.error());
  const auto edited = notes_.edit(on, *edit, now_milliseconds());
  return edited ? empty_reply(200) : gatekeeper_failure(request, edited.error().message);
}

Response MessagesApi::remove(const Request& request, const Identity&, const note::NoteOn& on) {
  const auto removed = notes_.remove(on);
  return removed ? empty_reply(202) : gatekeeper_failure(request, removed.error().message);
}

/// The author's present name; a note whose author cannot be looked up is shown without one.
std::string MessagesApi::name_of(std::string_view user_id) {
  return profile_name(profiles_, user_id).value_or("");
}

}  // namespace tideway::api
