#include "api/message_json.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "api/gatekeeper.h"
#include "base/text.h"
#include "base/time.h"
#include "json/document.h"

namespace tideway::api {
namespace {

using server::Response;

/// The members of {"message":{…}} as text. One that is absent or no string reads as empty.
struct Written {
  std::string guid;
  std::string timestamp;
  std::string text;
};

Response invalid_json() {
  return code_and_message(400, "InvalidContent", "Invalid JSON: the body is not one JSON value");
}

/// The reference answers a JSON string that holds JSON.
Response rejected(const std::vector<std::pair<std::string_view, std::string_view>>& problems) {
  std::string inner = "{";
  for (const auto& [member, problem] : problems) {
    if (inner.size() > 1) inner += ',';
    append_json_string(inner, member);
    inner += ':';
    append_json_string(inner, problem);
  }
  return text_reply(400, inner + '}');
}

std::string text_of(json::Element message, std::string_view member) {
  std::string_view text;
  if (message[member].get_string().get(text) != simdjson::SUCCESS) return {};
  return std::string(text);
}

std::expected<Written, Response> parse(const std::string& body) {
  json::Parser parser;
  Written written;
  if (body.empty()) return written;
  const auto root = parser.parse(body);
  if (!root) return std::unexpected(invalid_json());
  json::Element message;
  if (!root->is_object() || (*root)["message"].get(message) != simdjson::SUCCESS ||
      !message.is_object()) {
    return written;
  }
  written.guid = text_of(message, "guid");
  written.timestamp = text_of(message, "timestamp");
  written.text = text_of(message, "messagetext");
  return written;
}

constexpr std::string_view kTooLong = "property is longer than 256 bytes";

}  // namespace

std::expected<note::Note, Response> parse_new_note(const std::string& body) {
  auto written = parse(body);
  if (!written) return std::unexpected(std::move(written.error()));
  std::vector<std::pair<std::string_view, std::string_view>> problems;
  for (const auto& [member, text, size_max] :
       {std::tuple("guid", &written->guid, kNoteNameSizeBytesMax),
        std::tuple("timestamp", &written->timestamp, kNoteNameSizeBytesMax),
        std::tuple("messagetext", &written->text, SIZE_MAX)}) {
    if (text->empty()) problems.emplace_back(member, "property is required");
    if (text->size() > size_max) problems.emplace_back(member, kTooLong);
  }
  if (!problems.empty()) return std::unexpected(rejected(problems));
  note::Note note;
  note.guid = std::move(written->guid);
  note.timestamp = std::move(written->timestamp);
  note.text = std::move(written->text);
  return note;
}

std::expected<note::NoteEdit, Response> parse_note_edit(const std::string& body) {
  auto written = parse(body);
  if (!written) return std::unexpected(std::move(written.error()));
  if (written->timestamp.empty() && written->text.empty()) {
    return std::unexpected(rejected({{"edited", "either messagetext or timestamp is required"}}));
  }
  if (written->timestamp.size() > kNoteNameSizeBytesMax) {
    return std::unexpected(rejected({{"timestamp", kTooLong}}));
  }
  return note::NoteEdit{std::move(written->timestamp), std::move(written->text)};
}

void append_message(std::string& out, const note::Note& note, std::string_view account_id,
                    std::string_view author_name) {
  const auto member = [&](std::string_view name, std::string_view text) {
    out += fmt::format(",\"{}\":", name);
    append_json_string(out, text);
  };
  out += "{\"id\":";
  append_json_string(out, note.id);
  member("guid", note.guid);
  if (note.parent_id.empty()) {
    out += ",\"parentmessage\":null";
  } else {
    member("parentmessage", note.parent_id);
  }
  if (!note.author_id.empty()) member("userid", note.author_id);
  member("groupid", account_id);
  member("timestamp", note.timestamp);
  std::string created = format_utc_milliseconds(note.created_ms / 1000 * 1000);
  created.replace(created.size() - 1, 1, "+00:00");
  member("createdtime", created);
  member("messagetext", note.text);
  if (!author_name.empty()) {
    out += ",\"user\":{\"fullName\":";
    append_json_string(out, author_name);
    out += '}';
  }
  out += '}';
}

}  // namespace tideway::api
