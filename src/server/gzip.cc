#include "server/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <new>
#include <stdexcept>

namespace tideway::server {
namespace {

// Level 1: the text is so repetitive that the next levels win little and cost several times as
// much.
constexpr int kLevel = 1;
constexpr int kGzipFormat = 16;  // added to the window bits: gzip header and trailer
constexpr int kWindowBitsMax = 15;
constexpr int kWindowBitsMin = 9;
constexpr size_t kPieceSize = 64 * 1024;

/// Ready to write gzip. The window is no larger than the input, when that is known: zlib clears all
/// of it, which would cost more than compressing a short answer.
void start_deflate(z_stream& stream, size_t input_size) {
  const int bits =
      std::clamp(static_cast<int>(std::bit_width(input_size)), kWindowBitsMin, kWindowBitsMax);
  const int result =
      deflateInit2(&stream, kLevel, Z_DEFLATED, bits + kGzipFormat, bits - 7, Z_DEFAULT_STRATEGY);
  if (result != Z_OK) throw std::bad_alloc();
}

/// zlib takes pointers to mutable bytes but does not write to its input.
Bytef* input_pointer(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

/// zlib counts its input in 32 bits; longer input is given in slices.
std::string_view next_slice(std::string_view& bytes) {
  const std::string_view slice = bytes.substr(0, std::numeric_limits<uInt>::max());
  bytes.remove_prefix(slice.size());
  return slice;
}

void deflate_into(z_stream& stream, std::string_view bytes, int last_flush, std::string& out) {
  std::array<char, 16 * 1024> piece;
  do {
    const std::string_view slice = next_slice(bytes);
    stream.next_in = input_pointer(slice);
    stream.avail_in = static_cast<uInt>(slice.size());
    do {
      stream.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream.avail_out = piece.size();
      // Its errors are errors in the use of it: the input is any bytes and the output has room.
      if (deflate(&stream, bytes.empty() ? last_flush : Z_NO_FLUSH) == Z_STREAM_ERROR) {
        throw std::logic_error("deflate");
      }
      out.append(piece.data(), piece.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  } while (!bytes.empty());
}

/// An inflating z_stream that frees itself.
class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream, kWindowBitsMax + kGzipFormat) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream{};
};

}  // namespace

struct GzipWriter::State {
  z_stream stream{};
};

GzipWriter::GzipWriter() : state_(std::make_unique<State>()) {
  start_deflate(state_->stream, std::numeric_limits<size_t>::max());
}

GzipWriter::~GzipWriter() { deflateEnd(&state_->stream); }

void GzipWriter::write(std::string_view bytes, std::string& out) {
  if (!bytes.empty()) deflate_into(state_->stream, bytes, Z_NO_FLUSH, out);
}

void GzipWriter::finish(std::string& out) { deflate_into(state_->stream, {}, Z_FINISH, out); }

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  start_deflate(stream, bytes.size());
  std::string out;
  out.reserve(64 + bytes.size() / 4);
  deflate_into(stream, bytes, Z_FINISH, out);
  deflateEnd(&stream);
  return out;
}

std::expected<std::string, GunzipFailure> gunzip(
    std::string_view bytes, uint64_t size_bytes_max,
    const std::function<bool(uint64_t added_bytes)>& may_grow) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  std::string out;
  std::string piece(kPieceSize, '\0');
  bool at_member_end = false;
  stream.avail_in = 0;
  for (;;) {
    if (stream.avail_in == 0) {
      if (at_member_end && bytes.empty()) return out;
      const std::string_view slice = next_slice(bytes);
      stream.next_in = input_pointer(slice);
      stream.avail_in = static_cast<uInt>(slice.size());
    }
    if (at_member_end) inflateReset(&stream);  // members may follow one another
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    const int result = inflate(&stream, Z_NO_FLUSH);
    // Z_BUF_ERROR says that nothing could be done: the input ended inside a member.
    if (result != Z_OK && result != Z_STREAM_END) return std::unexpected(GunzipFailure::kMalformed);
    at_member_end = result == Z_STREAM_END;
    const size_t got = piece.size() - stream.avail_out;
    if (got > size_bytes_max - out.size()) return std::unexpected(GunzipFailure::kTooLarge);
    if (!may_grow(got)) return std::unexpected(GunzipFailure::kRefused);
    out.append(piece, 0, got);
  }
}

}  // namespace tideway::server
