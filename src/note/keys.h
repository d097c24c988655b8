// The keys of notes; their grammar stands at the head of note_codec.cc.
#pragma once

#include <string>
#include <string_view>

namespace tideway::note {

inline constexpr size_t kIdSize = 24;
inline constexpr std::string_view kNotePrefix = "N";
inline constexpr std::string_view kOrderPrefix = "n";
inline constexpr std::string_view kAuthoredPrefix = "W";

std::string note_key(std::string_view id);
/// What the keys of all notes with this timestamp begin with.
std::string order_prefix(std::string_view timestamp);
std::string order_key(std::string_view timestamp, std::string_view id);
/// The id at the end of a key.
std::string_view id_in(std::string_view key);

/// In the author's partition, for a note on another account; its value is that account.
std::string authored_key(std::string_view id);
std::string directory_key(std::string_view id);

}  // namespace tideway::note
