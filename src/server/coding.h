// Content codings: how a body is compressed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tideway::server {

enum class Coding : uint8_t { kIdentity, kGzip, kZstd };

/// Compresses piece by piece. What comes out lags behind what went in until finish().
class Encoder {
 public:
  virtual ~Encoder() = default;

  virtual void write(std::string_view bytes, std::string& out) = 0;  ///< appends to `out`
  virtual void finish(std::string& out) = 0;                         ///< once, at the end
  virtual size_t held_bytes() const = 0;                             ///< in memory, roughly
};

}  // namespace tideway::server
