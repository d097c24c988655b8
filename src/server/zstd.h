// zstd (RFC 8878): whole texts and streams.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "server/coding.h"

namespace tideway::server {

/// All of `bytes` as one frame.
std::string zstd(std::string_view bytes);

/// One frame, of a window that every reader of RFC 9659 bears, and that keeps the memory of a
/// stream to half a megabyte.
class ZstdWriter final : public Encoder {
 public:
  ZstdWriter();
  ~ZstdWriter() override;

  void write(std::string_view bytes, std::string& out) override;
  void finish(std::string& out) override;
  size_t held_bytes() const override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tideway::server
