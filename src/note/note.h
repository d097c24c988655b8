// A note on an account: what one person wrote for those who look after its data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/store.h"

namespace tideway::note {

/// Threads are one level deep: a note, and the replies to it.
struct Note {
  std::string id;           ///< 24 lower-case hex digits
  std::string parent_id;    ///< the note that this one replies to; empty at the top level
  std::string guid;         ///< the client's own name for it
  std::string author_id;    ///< empty when the author's account is gone
  std::string author_name;  ///< kept when the author's account is gone, else empty
  std::string timestamp;    ///< as sent: any text, sorted and compared as such
  std::string text;
  int64_t created_ms = 0;
  int64_t modified_ms = 0;  ///< 0: never edited

  bool operator==(const Note&) const = default;
};

bool is_note_id(std::string_view id);  ///< 24 lower-case hex digits

/// A new id: the second it was made in, then 8 random bytes.
std::string new_note_id(int64_t now_ms);

/// The grammar of the bytes stands at the head of note_codec.cc. The id is not part of them.
std::string encode_note(const Note& note);
store::Result<Note> decode_note(std::string_view id, std::string_view bytes);

}  // namespace tideway::note
