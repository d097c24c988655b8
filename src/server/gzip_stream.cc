#include "server/gzip_stream.h"

#include <utility>

#include "server/gzip.h"

namespace tideway::server {
namespace {

class GzipStream final : public BodyStream {
 public:
  explicit GzipStream(std::unique_ptr<BodyStream> plain) : plain_(std::move(plain)) {}

  Next next(std::string& chunk) override {
    chunk.clear();
    // The compressor swallows the first tens of kilobytes; go on until it gives something.
    while (chunk.empty()) {
      const Next result = plain_->next(piece_);
      if (result == Next::kFailed) return Next::kFailed;
      writer_.write(piece_, chunk);
      if (result == Next::kEnd) {
        writer_.finish(chunk);
        return Next::kEnd;
      }
    }
    return Next::kMore;
  }

 private:
  std::unique_ptr<BodyStream> plain_;
  GzipWriter writer_;
  std::string piece_;
};

}  // namespace

std::unique_ptr<BodyStream> gzip_stream(std::unique_ptr<BodyStream> plain) {
  return std::make_unique<GzipStream>(std::move(plain));
}

}  // namespace tideway::server
