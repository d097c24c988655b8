// Rewrites the few things that Go's JSON reader accepts and simdjson refuses or reads otherwise:
//
//   invalid UTF-8 inside a string      → U+FFFD for each bad byte
//   \u escape of a lone surrogate      → \ufffd
//   integer literals beyond 64 bits    → the same with e0 behind, so that they read as doubles
//   -0                                 → -0e0, which keeps its sign
//
// Clients practically never send these, so the rewriting may be slow, but the check whether it is
// needed runs over every body and is fast.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

namespace tideway::json {

/// True when simdjson would read `text` without an error but differently.
bool needs_repair(std::string_view text);

/// True when an error of simdjson can come from something that repair() rewrites.
bool is_repairable(simdjson::error_code error);

/// Writes the rewritten text into `out`, with padding reserved. Malformed text stays malformed.
void repair(std::string_view text, std::string& out);

}  // namespace tideway::json
