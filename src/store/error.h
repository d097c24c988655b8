// How functions of the store fail.
#pragma once

#include <expected>
#include <string>

namespace tideway::store {

/// What went wrong below the rules. The message is for the log of the operator, not for clients.
struct Error {
  enum class Kind {
    kUnavailable,  ///< the engine cannot be reached, or refuses to write (full disk, lost host)
    kCorruption,   ///< stored bytes are not what was written; never served
    kLocked,       ///< another process has the data directory open
    kVersion,      ///< written by a newer or an unknown format
  };
  Kind kind;
  std::string message;
};

template <class T>
using Result = std::expected<T, Error>;

}  // namespace tideway::store
