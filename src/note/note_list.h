// The notes on an account, greatest timestamp first, a few at a time: an account may have any
// number.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "note/note.h"
#include "store/store.h"

namespace tideway::note {

struct ListOptions {
  std::optional<std::string> from;   ///< timestamps not less than this text
  std::optional<std::string> until;  ///< timestamps less than this text
  bool replies = true;               ///< also those that reply to another
  std::string thread_id;             ///< only this note and the replies to it, unless empty
};

class NoteList {
 public:
  /// Walks one snapshot. Not to be shared between threads.
  NoteList(std::unique_ptr<store::Reader> snapshot, ListOptions options);

  /// The next notes; none at the end.
  store::Result<std::vector<Note>> next();

 private:
  bool is_wanted(std::string_view id, std::string_view parent_id) const;

  std::unique_ptr<store::Reader> snapshot_;
  const ListOptions options_;
  std::string begin_;  ///< where the walk goes on
  std::string end_;
  bool at_end_ = false;
};

}  // namespace tideway::note
