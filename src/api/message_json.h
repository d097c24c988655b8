// Notes as clients write and read them (docs/spec/fetch.md 9).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "note/notes.h"
#include "server/http.h"

namespace tideway::api {

/// A longer guid or timestamp is refused: lists are ordered by it.
inline constexpr size_t kNoteNameSizeBytesMax = 256;

/// The note of a send or a reply: what the client says of it, nothing else. Else the 400.
std::expected<note::Note, server::Response> parse_new_note(const std::string& body);

std::expected<note::NoteEdit, server::Response> parse_note_edit(const std::string& body);

/// The message object; an empty name is left out.
void append_message(std::string& out, const note::Note& note, std::string_view account_id,
                    std::string_view author_name);

}  // namespace tideway::api
