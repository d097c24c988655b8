#include "server/coded_stream.h"

#include <utility>

#include "server/gzip.h"
#include "server/zstd.h"

namespace tideway::server {
namespace {

class CodedStream final : public BodyStream {
 public:
  CodedStream(std::unique_ptr<BodyStream> plain, std::unique_ptr<Encoder> encoder)
      : plain_(std::move(plain)), encoder_(std::move(encoder)) {}

  Next next(std::string& chunk) override {
    chunk.clear();
    // The compressor swallows the first tens of kilobytes; go on until it gives something.
    while (chunk.empty()) {
      const Next result = plain_->next(piece_);
      if (result == Next::kFailed) return Next::kFailed;
      encoder_->write(piece_, chunk);
      if (result == Next::kEnd) {
        encoder_->finish(chunk);
        return Next::kEnd;
      }
    }
    return Next::kMore;
  }

  size_t held_bytes() const override {
    return plain_->held_bytes() + encoder_->held_bytes() + piece_.capacity();
  }

 private:
  std::unique_ptr<BodyStream> plain_;
  std::unique_ptr<Encoder> encoder_;
  std::string piece_;
};

}  // namespace

std::unique_ptr<BodyStream> coded_stream(std::unique_ptr<BodyStream> plain, Coding coding) {
  switch (coding) {
    case Coding::kIdentity:
      break;
    case Coding::kGzip:
      return std::make_unique<CodedStream>(std::move(plain), std::make_unique<GzipWriter>());
    case Coding::kZstd:
      return std::make_unique<CodedStream>(std::move(plain), std::make_unique<ZstdWriter>());
  }
  return plain;
}

}  // namespace tideway::server
