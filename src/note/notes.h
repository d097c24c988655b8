// Notes on accounts, kept in the account's own partition (docs/spec/fetch.md 9).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "note/note.h"
#include "note/note_list.h"
#include "store/store.h"

namespace tideway::note {

/// A note and the account that it is on.
struct NoteOn {
  std::string account_id;
  Note note;
};

/// What an edit changes; an empty member stays as it is.
struct NoteEdit {
  std::string timestamp;
  std::string text;
};

/// Safe to call from any thread. Knows nothing of who may.
class Notes {
 public:
  explicit Notes(store::Store& store) : store_(store) {}

  /// Stores the note under a new id, which is returned.
  store::Result<std::string> add(std::string_view account_id, Note note);

  /// Nothing for an id that no note has.
  store::Result<std::optional<NoteOn>> find(std::string_view id);

  store::Result<std::unique_ptr<NoteList>> list(std::string_view account_id, ListOptions options);

  /// Both do nothing to a note that is gone.
  store::Result<void> edit(const NoteOn& on, const NoteEdit& edit, int64_t now_ms);
  store::Result<void> remove(const NoteOn& on);

  /// For an account about to be deleted: destroys the notes on it, and takes its id off those that
  /// it wrote elsewhere, which keep the author's name. Can be repeated when it was interrupted.
  store::Result<void> forget_account(std::string_view account_id, std::string_view full_name);

 private:
  store::Result<void> remove_all_on(std::string_view account_id);
  store::Result<void> forget_author(std::string_view account_id, std::string_view id,
                                    std::string_view author_id, std::string_view full_name);

  store::Store& store_;
};

}  // namespace tideway::note
