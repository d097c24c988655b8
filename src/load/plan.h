// What is to be done to a server.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "load/person.h"
#include "load/url.h"

namespace tideway::load {

/// Whose data it is. Exactly one of the three is to be set.
struct Who {
  std::string email;           ///< an account that exists, with `password`; it gets all records
  std::string password;        ///< also of the accounts made by `registers`
  bool registers = false;      ///< makes an account for each user; the server has to let anybody
  std::string service_secret;  ///< a service, which writes for users that it makes up
};

struct Plan {
  Url url;
  std::string ca_file;  ///< whose certificates are believed; empty: those of the system
  Who who;
  size_t users = 16;
  size_t connections = 16;
  std::vector<Kind> mix = {Kind::kCgm, Kind::kPump, Kind::kLoop};  ///< in turn, user by user
  size_t chunk_records = 0;  ///< 0: as many as such a device usually sends
  size_t chunks_a_set = 20;  ///< of a device that closes its sets
  double rate = 0;           ///< chunks a second; 0: as fast as the answers come
  /// With a rate: chunks that find every connection waiting for longer are left out, as if there
  /// were clients that cannot connect. Otherwise they are sent late, and that counts.
  std::optional<std::chrono::milliseconds> late_max = std::nullopt;
  std::chrono::milliseconds duration{10'000};
  uint64_t chunks_max = 10'000'000;
  std::chrono::milliseconds patience{30'000};  ///< for an answer
  size_t verified_sets_max = 1000;             ///< fetched back afterwards; 0: none
  uint64_t seed = 1;
  std::function<void()> on_begin = {};  ///< before the first chunk is sent
  std::function<void()> on_end = {};    ///< when the time is over
};

inline constexpr size_t kConnectionsMax = 10'000;
inline constexpr size_t kUsersMax = 1'000'000;
inline constexpr size_t kChunkRecordsMax = 10'000;

}  // namespace tideway::load
