// What one client sent and what it was told, and the check of all of it against what a reader sees.
//
// A request without an answer may have happened or not, but never in part, and once it was seen to
// have happened, or not to have, that must stay so. Its fate is unknown until something visible
// settles it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::fault {

enum class Fate {
  kNotSent,
  kUnknown,  ///< sent; the answer never came
  kDone,     ///< acknowledged, or seen to have happened
  kLost,     ///< not acknowledged, and seen not to have happened
};

/// The records of one request: names "<name>.0", "<name>.1" …, of consecutive minutes.
struct Chunk {
  std::string name;
  int count = 0;
  int first_minute = 0;
  Fate fate = Fate::kNotSent;

  std::string record_name(int index) const;
  std::string body(std::string_view device_id) const;
};

/// A data set whose creation was acknowledged.
struct Upload {
  enum class Kind {
    kContinuous,  ///< visible at once
    kPlain,       ///< visible when closed
    kHash,        ///< the same; then it supersedes equal minutes of earlier ones of its device
  };

  Kind kind = Kind::kContinuous;
  std::string id;
  std::string device_id;
  std::vector<Chunk> chunks;
  Fate closing = Fate::kNotSent;
  uint64_t closing_order = 0;  ///< among those of the same journal

  /// Whether the client goes on with it. A hash set with a chunk of unknown fate is left alone:
  /// what it would supersede could not be told.
  bool takes_more() const;
};

/// What one user's GET /data shows.
struct Seen {
  explicit Seen(const std::string& fetched);

  std::set<std::string, std::less<>> uploads;  ///< ids
  /// How often each record name is there, by upload id.
  std::map<std::string, std::map<std::string, int>, std::less<>> records;
};

/// Of one client. Its devices are its own, so it alone decides what is superseded there.
struct Journal {
  std::vector<Upload> uploads;

  /// Settles what is settled by what is seen; one line for everything that must not be.
  std::vector<std::string> check(const Seen& seen);

  size_t acknowledged_records() const;
};

}  // namespace tideway::fault
