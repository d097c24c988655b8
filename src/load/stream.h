// A blocking connection to a server, plain or TLS. Not for several threads.
#pragma once

#include <openssl/types.h>

#include <chrono>
#include <cstddef>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "load/url.h"

namespace tideway::load {

/// What TLS connections share: which certificates are believed.
class TlsContext {
 public:
  /// `ca_file` holds the certificates of those who may sign; empty: those of the system.
  static std::expected<std::shared_ptr<TlsContext>, std::string> make(const std::string& ca_file);
  ~TlsContext();

  ssl_ctx_st* get() const { return context_; }

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

class Stream {
 public:
  using Result = std::expected<void, std::string>;

  /// `tls` may be null when the URL needs none. `patience` is for each step of it.
  Stream(const Url& url, std::shared_ptr<TlsContext> tls, std::chrono::milliseconds patience);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool is_open() const { return socket_ >= 0; }
  Result open();
  void close();

  Result write(std::string_view head, std::string_view body);
  /// Appends what comes in next, at most `size_bytes_max`. The end of the stream is an error.
  Result read_some(std::string& bytes, size_t size_bytes_max);

 private:
  std::expected<int, std::string> connect() const;
  Result start_tls();
  Result write_all(std::string_view bytes);

  const Url url_;
  const std::shared_ptr<TlsContext> tls_;
  const std::chrono::milliseconds patience_;
  int socket_ = -1;
  ssl_st* ssl_ = nullptr;
};

}  // namespace tideway::load
