// The bodies of exports. A failure midway breaks the connection: a part must not look like the
// whole.
#pragma once

#include <spdlog/spdlog.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "exports/spreadsheet.h"
#include "exports/text_export.h"
#include "server/http.h"

namespace tideway::api {

/// The rest of a text whose first part is at hand already.
class TextExportStream : public server::BodyStream {
 public:
  TextExportStream(std::unique_ptr<exports::TextExport> text, std::string first, std::string trace)
      : text_(std::move(text)), first_(std::move(first)), trace_(std::move(trace)) {}

  Next next(std::string& chunk) override {
    if (!first_.empty()) {
      chunk = std::exchange(first_, {});
      return Next::kMore;
    }
    chunk.clear();
    const auto more = text_->next(chunk);
    if (!more) {
      spdlog::error("trace {}: export broken off: {}", trace_, more.error().message);
      return Next::kFailed;
    }
    return *more ? Next::kMore : Next::kEnd;
  }

  size_t held_bytes() const override { return kHeldBytes; }

 private:
  /// Mostly by the fetch below it.
  static constexpr size_t kHeldBytes = size_t{1} << 20;

  std::unique_ptr<exports::TextExport> text_;
  std::string first_;
  const std::string trace_;
};

class FileStream : public server::BodyStream {
 public:
  FileStream(exports::File file, std::string trace)
      : file_(std::move(file)), trace_(std::move(trace)) {}

  Next next(std::string& chunk) override {
    constexpr size_t kPartBytes = 256 * 1024;
    chunk.resize(kPartBytes);
    chunk.resize(std::fread(chunk.data(), 1, kPartBytes, file_.get()));
    if (chunk.size() == kPartBytes) return Next::kMore;
    if (std::ferror(file_.get()) == 0) return Next::kEnd;
    spdlog::error("trace {}: reading an exported file failed", trace_);
    return Next::kFailed;
  }

 private:
  exports::File file_;
  const std::string trace_;
};

}  // namespace tideway::api
