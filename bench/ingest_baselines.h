// What uploads cost without a server: parsing alone, storing alone, moving the bytes alone.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace tideway::bench {

/// How fast bodies were dealt with, and how long one took.
struct Pace {
  double chunks_per_s = 0;
  double p50_s = 0;
  double p99_s = 0;
};

/// simdjson parses and walks the body, in one thread.
Pace parse_pace(const std::string& body, double seconds);

/// The body is sent to a server that only reads it and answers `[]`.
Pace sink_pace(const std::string& body, size_t connections, double seconds);

/// The body is written as one value, as it is, each with an fsync of its own or a shared one.
Pace rocksdb_pace(const std::string& body, size_t threads, double seconds,
                  const std::filesystem::path& directory);

}  // namespace tideway::bench
