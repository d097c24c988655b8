#include "api/message_stream.h"

#include <spdlog/spdlog.h>

#include "api/message_json.h"

namespace tideway::api {
namespace {

/// Names kept from one note to the next; few people write on one account.
constexpr size_t kNamesMax = 1000;

}  // namespace

MessageStream::MessageStream(std::unique_ptr<note::NoteList> list, std::vector<note::Note> first,
                             std::string account_id, NameOf name_of, std::string trace)
    : list_(std::move(list)),
      some_(std::move(first)),
      account_id_(std::move(account_id)),
      name_of_(std::move(name_of)),
      trace_(std::move(trace)) {}

const std::string& MessageStream::author_name(const note::Note& note) {
  if (note.author_id.empty()) return note.author_name;
  const auto known = names_.find(note.author_id);
  if (known != names_.end()) return known->second;
  if (names_.size() >= kNamesMax) names_.clear();
  return names_[note.author_id] = name_of_(note.author_id);
}

server::BodyStream::Next MessageStream::next(std::string& chunk) {
  if (!begun_) chunk += "{\"messages\":[";
  for (const note::Note& note : some_) {
    if (begun_) chunk += ',';
    begun_ = true;
    append_message(chunk, note, account_id_, author_name(note));
  }
  auto more = list_->next();
  if (!more) {
    spdlog::error("trace {}: notes broken off: {}", trace_, more.error().message);
    return Next::kFailed;
  }
  some_ = std::move(*more);
  if (!some_.empty()) return Next::kMore;
  chunk += "]}";
  return Next::kEnd;
}

}  // namespace tideway::api
