// gzip (RFC 1952) through zlib: whole texts, streams, and bounded inflation of what clients send.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "server/coding.h"

namespace tideway::server {

/// All of `bytes` as one gzip member.
std::string gzip(std::string_view bytes);

/// One gzip member.
class GzipWriter final : public Encoder {
 public:
  GzipWriter();
  ~GzipWriter() override;

  void write(std::string_view bytes, std::string& out) override;
  void finish(std::string& out) override;
  size_t held_bytes() const override { return size_t{264} << 10; }  // zconf.h

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class GunzipFailure {
  kMalformed,  ///< not gzip, cut short, or followed by something else
  kTooLarge,   ///< more than `size_bytes_max`
  kRefused,    ///< `may_grow` said no
};

/// Inflates one or more gzip members. `may_grow` is asked before each further piece of output is
/// kept, so that a small body cannot claim memory that nobody counted.
std::expected<std::string, GunzipFailure> gunzip(
    std::string_view bytes, uint64_t size_bytes_max,
    const std::function<bool(uint64_t added_bytes)>& may_grow);

}  // namespace tideway::server
