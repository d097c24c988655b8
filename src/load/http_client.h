// HTTP/1.1 as a load generator needs it: one kept connection that is opened again when it ended,
// one request at a time, blocking.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "load/stream.h"

namespace tideway::load {

/// The answers that are read are no longer than this.
inline constexpr size_t kAnswerBytesMax = size_t{1} << 30;

struct Answer {
  unsigned status = 0;
  std::string head;  ///< status line and fields
  std::string body;  ///< without the frames of its chunks

  /// The value of a field, whatever the case of its name; empty when there is none.
  std::string_view field(std::string_view name) const;
};

class HttpClient {
 public:
  HttpClient(const Url& url, std::shared_ptr<TlsContext> tls, std::chrono::milliseconds patience);

  /// `fields` are whole lines. The error says why there is no whole answer; whether the server did
  /// what was asked is then open.
  std::expected<Answer, std::string> send(std::string_view method, std::string_view target,
                                          std::string_view fields, std::string_view body = {});

 private:
  using Result = Stream::Result;

  Result exchange(std::string_view head, std::string_view body, Answer& answer);
  Result read_head(Answer& answer);
  Result read_body(Answer& answer);
  Result read_chunks(Answer& answer);
  /// Moves `size` bytes of what was received to the end of `out`.
  Result take(size_t size, std::string& out);
  /// The next line, without its end.
  std::expected<std::string, std::string> take_line();
  Result read_more(size_t wanted);

  const std::string prefix_;
  const std::string authority_;
  Stream stream_;
  std::string received_;  ///< and not yet taken
};

}  // namespace tideway::load
