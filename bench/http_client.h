// A client that costs little: it shares the processors with the server that it measures. One kept
// connection, blocking, no copies but into the answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tideway::bench {

using Clock = std::chrono::steady_clock;

inline double seconds_between(Clock::time_point begin, Clock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

struct Answer {
  unsigned status = 0;
  std::string bytes;  ///< head and body as they came
  size_t head_size = 0;
  bool chunked = false;
  double first_byte_s = 0;  ///< from the last byte of the request on
  double seconds = 0;       ///< from the first byte of the request to the last of the answer

  /// The value of a header field, whose name is to be given in small letters.
  std::string_view field(std::string_view name) const;
  /// The body without the frames of its chunks.
  std::string body() const;
};

/// Ends the program when the connection breaks.
class HttpClient {
 public:
  explicit HttpClient(uint16_t port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// `fields` are whole lines. The answer lives until the next call.
  const Answer& send(std::string_view method, std::string_view target, std::string_view fields,
                     std::string_view body = {});

 private:
  void write(std::string_view head, std::string_view body);
  void read_some();
  void read_answer(Clock::time_point sent);

  int socket_;
  Answer answer_;
};

}  // namespace tideway::bench
