#include "store/compression.h"

#include <fmt/format.h>
#include <zstd.h>

#include <stdexcept>

namespace tideway::store {
namespace {

// Level 1 costs half of level 3 and loses some 10 % of size: measured, a chunk of 1000 records is
// bound by this step.
constexpr int kLevel = 1;

// For texts of many records a table of 16 KiB, which stays in the processor's first cache, is
// enough to find what repeats: measured, an eighth faster than the level's own and as small. The
// shortest match is what the level has for the longest texts.
constexpr size_t kManyRecordsBytes = size_t{64} << 10;
constexpr int kHashLog = 12;
constexpr int kMatchBytesMin = 7;

// Making a context costs more than compressing a small block, and a context is of one thread only;
// hence one for each thread, freed with it.
struct Contexts {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> compress{ZSTD_createCCtx()};
  std::unique_ptr<ZSTD_DCtx, Free> decompress{ZSTD_createDCtx()};

  /// Set for a text of that size.
  ZSTD_CCtx* compress_of(size_t plain_size_bytes) const {
    const bool is_large = plain_size_bytes >= kManyRecordsBytes;
    const auto set = [&](ZSTD_cParameter parameter, int value) {
      ZSTD_CCtx_setParameter(compress.get(), parameter, value);
    };
    set(ZSTD_c_compressionLevel, kLevel);
    set(ZSTD_c_hashLog, is_large ? kHashLog : 0);  // 0: as the level has it
    set(ZSTD_c_minMatch, is_large ? kMatchBytesMin : 0);
    return compress.get();
  }
};

Contexts& contexts() {
  thread_local Contexts of_this_thread;
  return of_this_thread;
}

}  // namespace

size_t append_compressed(std::string& out, std::string_view plain) {
  const size_t start = out.size();
  const size_t bound = ZSTD_compressBound(plain.size());
  size_t size_bytes = 0;
  // Not zeroed first: the bound is many times what is left of a text.
  out.resize_and_overwrite(start + bound, [&](char* data, size_t) {
    size_bytes = ZSTD_compress2(contexts().compress_of(plain.size()), data + start, bound,
                                plain.data(), plain.size());
    return start + (ZSTD_isError(size_bytes) ? 0 : size_bytes);
  });
  // Into a buffer of the bound's size this only fails without memory.
  if (ZSTD_isError(size_bytes)) throw std::runtime_error(ZSTD_getErrorName(size_bytes));
  return size_bytes;
}

Result<Buffer> decompress(std::string_view compressed, size_t plain_size_bytes) {
  const auto corrupt = [](std::string message) {
    return std::unexpected(Error{Error::Kind::kCorruption, std::move(message)});
  };
  const auto frame_size = ZSTD_getFrameContentSize(compressed.data(), compressed.size());
  if (frame_size != plain_size_bytes) return corrupt("block: compressed frame of another size");
  // Not zeroed: every byte is overwritten or the buffer is dropped.
  Buffer out{std::make_unique_for_overwrite<char[]>(plain_size_bytes), plain_size_bytes};
  const size_t size_bytes =
      ZSTD_decompressDCtx(contexts().decompress.get(), out.bytes.get(), plain_size_bytes,
                          compressed.data(), compressed.size());
  if (ZSTD_isError(size_bytes)) {
    return corrupt(fmt::format("block: {}", ZSTD_getErrorName(size_bytes)));
  }
  if (size_bytes != plain_size_bytes) return corrupt("block: compressed frame of another size");
  return out;
}

}  // namespace tideway::store
