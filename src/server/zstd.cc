#include "server/zstd.h"

#include <zstd.h>

#include <array>
#include <new>
#include <stdexcept>

namespace tideway::server {
namespace {

constexpr int kLevel = 1;
// Records repeat within some hundred bytes; a wider window wins nothing and costs memory.
constexpr int kWindowBits = 17;
constexpr int kHashBits = 14;

/// Its errors are errors in the use of it, or a lack of memory.
size_t check(size_t result) {
  if (ZSTD_isError(result)) throw std::runtime_error(ZSTD_getErrorName(result));
  return result;
}

}  // namespace

struct ZstdWriter::State {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> context{ZSTD_createCCtx()};

  void run(std::string_view bytes, ZSTD_EndDirective end, std::string& out) {
    std::array<char, 16 * 1024> piece;
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer to{piece.data(), piece.size(), 0};
      const size_t left = check(ZSTD_compressStream2(context.get(), &to, &in, end));
      out.append(piece.data(), to.pos);
      if (end == ZSTD_e_continue ? in.pos == in.size && to.pos < piece.size() : left == 0) return;
    }
  }
};

ZstdWriter::ZstdWriter() : state_(std::make_unique<State>()) {
  ZSTD_CCtx* const context = state_->context.get();
  if (context == nullptr) throw std::bad_alloc();
  check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel));
  check(ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, kWindowBits));
  check(ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, kHashBits));
}

ZstdWriter::~ZstdWriter() = default;

void ZstdWriter::write(std::string_view bytes, std::string& out) {
  if (!bytes.empty()) state_->run(bytes, ZSTD_e_continue, out);
}

size_t ZstdWriter::held_bytes() const { return ZSTD_sizeof_CCtx(state_->context.get()); }

void ZstdWriter::finish(std::string& out) { state_->run({}, ZSTD_e_end, out); }

std::string zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(check(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), kLevel)));
  return out;
}

}  // namespace tideway::server
