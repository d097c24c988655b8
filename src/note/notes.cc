#include "note/notes.h"

#include <utility>
#include <vector>

#include "note/keys.h"

namespace tideway::note {
namespace {

using store::Outcome;
using store::Result;
using store::Transaction;

constexpr size_t kRemovedAtOnce = 1000;

/// The stored note, nothing when it is gone.
Result<std::optional<Note>> read_note(const store::Reader& reader, std::string_view id) {
  const auto bytes = reader.get(note_key(id));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto note = decode_note(id, **bytes);
  if (!note) return std::unexpected(note.error());
  return std::move(*note);
}

void put_note(Transaction& transaction, const Note& note) {
  transaction.put(note_key(note.id), encode_note(note));
  transaction.put(order_key(note.timestamp, note.id), note.parent_id);
}

void erase_note(Transaction& transaction, const Note& note) {
  transaction.erase(note_key(note.id));
  transaction.erase(order_key(note.timestamp, note.id));
}

Result<void> put_one(store::Store& store, std::string_view partition, std::string_view key,
                     std::string_view value) {
  return store.update(partition, [&](Transaction& transaction) -> Result<Outcome> {
    transaction.put(key, value);
    return Outcome::kCommit;
  });
}

Result<void> erase_one(store::Store& store, std::string_view partition, std::string_view key) {
  return store.update(partition, [&](Transaction& transaction) -> Result<Outcome> {
    transaction.erase(key);
    return Outcome::kCommit;
  });
}

}  // namespace

Result<std::string> Notes::add(std::string_view account_id, Note note) {
  note.id = new_note_id(note.created_ms);
  // What points to the note is written before it: alone it does no harm.
  const auto entered =
      put_one(store_, store::kDirectoryPartition, directory_key(note.id), account_id);
  if (!entered) return std::unexpected(entered.error());
  if (note.author_id != account_id) {
    const auto authored = put_one(store_, note.author_id, authored_key(note.id), account_id);
    if (!authored) return std::unexpected(authored.error());
  }
  const auto stored = store_.update(account_id, [&](Transaction& transaction) -> Result<Outcome> {
    put_note(transaction, note);
    return Outcome::kCommit;
  });
  if (!stored) return std::unexpected(stored.error());
  return note.id;
}

Result<std::optional<NoteOn>> Notes::find(std::string_view id) {
  if (!is_note_id(id)) return std::nullopt;
  const auto directory = store_.read(store::kDirectoryPartition);
  if (!directory) return std::unexpected(directory.error());
  auto account_id = (*directory)->get(directory_key(id));
  if (!account_id) return std::unexpected(account_id.error());
  if (!*account_id) return std::nullopt;
  const auto reader = store_.read(**account_id);
  if (!reader) return std::unexpected(reader.error());
  auto note = read_note(**reader, id);
  if (!note) return std::unexpected(note.error());
  if (!*note) return std::nullopt;
  return NoteOn{std::move(**account_id), std::move(**note)};
}

Result<std::unique_ptr<NoteList>> Notes::list(std::string_view account_id, ListOptions options) {
  auto snapshot = store_.read(account_id);
  if (!snapshot) return std::unexpected(snapshot.error());
  return std::make_unique<NoteList>(std::move(*snapshot), std::move(options));
}

Result<void> Notes::edit(const NoteOn& on, const NoteEdit& edit, int64_t now_ms) {
  return store_.update(on.account_id, [&](Transaction& transaction) -> Result<Outcome> {
    auto note = read_note(transaction, on.note.id);
    if (!note) return std::unexpected(note.error());
    if (!*note) return Outcome::kAbandon;
    erase_note(transaction, **note);
    if (!edit.timestamp.empty()) (*note)->timestamp = edit.timestamp;
    if (!edit.text.empty()) (*note)->text = edit.text;
    (*note)->modified_ms = now_ms;
    put_note(transaction, **note);
    return Outcome::kCommit;
  });
}

Result<void> Notes::remove(const NoteOn& on) {
  std::string author_id;
  const auto removed =
      store_.update(on.account_id, [&](Transaction& transaction) -> Result<Outcome> {
        author_id.clear();
        const auto note = read_note(transaction, on.note.id);
        if (!note) return std::unexpected(note.error());
        if (!*note) return Outcome::kAbandon;
        author_id = (*note)->author_id;
        erase_note(transaction, **note);
        return Outcome::kCommit;
      });
  if (!removed) return removed;
  if (!author_id.empty() && author_id != on.account_id) {
    const auto forgotten = erase_one(store_, author_id, authored_key(on.note.id));
    if (!forgotten) return forgotten;
  }
  return erase_one(store_, store::kDirectoryPartition, directory_key(on.note.id));
}

/// In the reverse order of add(): what points to the notes goes last, else an interrupted run could
/// not be repeated.
Result<void> Notes::remove_all_on(std::string_view account_id) {
  for (bool more = true; more;) {
    const auto reader = store_.read(account_id);
    if (!reader) return std::unexpected(reader.error());
    std::vector<NoteOn> some;
    const auto scanned = store::scan_prefix(**reader, kNotePrefix, [&](auto key, auto) {
      NoteOn on;
      on.account_id = account_id;
      on.note.id = id_in(key);
      some.push_back(std::move(on));
      return some.size() < kRemovedAtOnce;
    });
    if (!scanned) return scanned;
    for (const NoteOn& on : some) {
      if (const auto removed = remove(on); !removed) return removed;
    }
    more = !some.empty();
  }
  return {};
}

Result<void> Notes::forget_author(std::string_view account_id, std::string_view id,
                                  std::string_view author_id, std::string_view full_name) {
  return store_.update(account_id, [&](Transaction& transaction) -> Result<Outcome> {
    auto note = read_note(transaction, id);
    if (!note) return std::unexpected(note.error());
    if (!*note || (*note)->author_id != author_id) return Outcome::kAbandon;
    (*note)->author_id.clear();
    (*note)->author_name = full_name;
    put_note(transaction, **note);
    return Outcome::kCommit;
  });
}

Result<void> Notes::forget_account(std::string_view account_id, std::string_view full_name) {
  if (const auto removed = remove_all_on(account_id); !removed) return removed;
  const auto reader = store_.read(account_id);
  if (!reader) return std::unexpected(reader.error());
  std::vector<std::pair<std::string, std::string>> authored;  // note, account
  const auto scanned = store::scan_prefix(**reader, kAuthoredPrefix, [&](auto key, auto value) {
    authored.emplace_back(id_in(key), value);
    return true;
  });
  if (!scanned) return scanned;
  for (const auto& [id, on] : authored) {
    if (const auto forgotten = forget_author(on, id, account_id, full_name); !forgotten) {
      return forgotten;
    }
    if (const auto erased = erase_one(store_, account_id, authored_key(id)); !erased) return erased;
  }
  return {};
}

}  // namespace tideway::note
