#include "note/note_list.h"

#include "note/keys.h"

namespace tideway::note {
namespace {

constexpr size_t kNotesAtOnce = 64;

}  // namespace

NoteList::NoteList(std::unique_ptr<store::Reader> snapshot, ListOptions options)
    : snapshot_(std::move(snapshot)),
      options_(std::move(options)),
      begin_(kOrderPrefix),
      end_(store::prefix_end(kOrderPrefix)) {
  // Keys descend by timestamp, so the walk begins where the time ends.
  if (options_.until) begin_ = store::prefix_end(order_prefix(*options_.until));
  if (options_.from) end_ = store::prefix_end(order_prefix(*options_.from));
  at_end_ = begin_ >= end_;
}

bool NoteList::is_wanted(std::string_view id, std::string_view parent_id) const {
  if (!options_.replies && !parent_id.empty()) return false;
  if (options_.thread_id.empty()) return true;
  return id == options_.thread_id || parent_id == options_.thread_id;
}

store::Result<std::vector<Note>> NoteList::next() {
  std::vector<std::string> ids;
  if (!at_end_) {
    at_end_ = true;
    const auto scanned = snapshot_->scan(begin_, end_, [&](auto key, auto parent_id) {
      const std::string_view id = id_in(key);
      if (!is_wanted(id, parent_id)) return true;
      ids.emplace_back(id);
      if (ids.size() < kNotesAtOnce) return true;
      at_end_ = false;
      begin_ = std::string(key) + '\0';
      return false;
    });
    if (!scanned) return std::unexpected(scanned.error());
  }
  std::vector<Note> notes;
  for (const std::string& id : ids) {
    const auto bytes = snapshot_->get(note_key(id));
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) {
      return std::unexpected(
          store::Error{store::Error::Kind::kCorruption, "a note in the order is not there"});
    }
    auto note = decode_note(id, **bytes);
    if (!note) return std::unexpected(note.error());
    notes.push_back(std::move(*note));
  }
  return notes;
}

}  // namespace tideway::note
