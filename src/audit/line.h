// One line of the audit log. The grammar stands at the head of line.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tideway::audit {

/// What happened. It never holds a health value, a password or a token.
struct Event {
  int64_t time_ms = 0;
  std::string who = {};    ///< "user:<id>", "service[:<name>]", "anonymous", "admin:uid:<n>"
  std::string what = {};   ///< method and route pattern: "GET /data/{userId}"; "user add"
  std::string whose = {};  ///< the user whose data it is; empty when it is nobody's
  std::string from = {};   ///< address of the client; empty for "admin:…"
  std::string trace = {};  ///< as in the response and the access log
  int status = 0;          ///< of the response
};

/// SHA-256 in hex.
using Hash = std::string;

/// What the first line of a log names as the hash of the line before it.
Hash no_line();

/// Without a line feed.
std::string format_line(uint64_t sequence, const Event& event, const Hash& previous);

Hash hash_line(std::string_view line);

/// What the chain needs of a line; nothing when it has not the form that format_line gives.
struct Link {
  uint64_t sequence = 0;
  Hash previous;
};
std::optional<Link> read_link(std::string_view line);

}  // namespace tideway::audit
