// Many connections with one request under way on each, in one thread: what a load costs least.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tideway::bench {

/// Puts the next request of a connection, head and body, into `request`; is given the answer to the
/// one before, at first an empty text. False: none follows.
using NextRequest =
    std::function<bool(size_t connection, std::string_view answer, std::string& request)>;

struct SwarmTally {
  double seconds = 0;
  size_t sent_bytes = 0;
  std::vector<double> latencies_s;  ///< one for each answer

  double per_second() const { return static_cast<double>(latencies_s.size()) / seconds; }
};

/// Sends until `next` has no more for any connection. Ends the program when an answer is neither
/// 200 nor 201.
SwarmTally swarm(uint16_t port, size_t connections, const NextRequest& next);

/// A whole request.
std::string post(std::string_view target, std::string_view fields, std::string_view body);

}  // namespace tideway::bench
