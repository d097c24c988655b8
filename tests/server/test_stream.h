// A body stream that yields given chunks and then ends as told.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "server/http.h"

namespace tideway::server {

class TestStream final : public BodyStream {
 public:
  enum class Ending { kEnd, kFailure, kException, kNever };

  explicit TestStream(std::vector<std::string> chunks, Ending ending = Ending::kEnd,
                      std::function<void()> on_destruction = {})
      : chunks_(std::move(chunks)), ending_(ending), on_destruction_(std::move(on_destruction)) {}
  ~TestStream() override {
    if (on_destruction_) on_destruction_();
  }

  Next next(std::string& chunk) override {
    chunk.clear();
    if (at_ < chunks_.size()) {
      chunk = chunks_[at_++];
      return Next::kMore;
    }
    switch (ending_) {
      case Ending::kEnd:
        return Next::kEnd;
      case Ending::kFailure:
        return Next::kFailed;
      case Ending::kException:
        throw std::runtime_error("a secret of the stream");
      case Ending::kNever:
        chunk = chunks_.back();
        break;
    }
    return Next::kMore;
  }

 private:
  const std::vector<std::string> chunks_;
  const Ending ending_;
  const std::function<void()> on_destruction_;
  size_t at_ = 0;
};

}  // namespace tideway::server
