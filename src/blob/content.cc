#include "blob/content.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace tideway::blob {
namespace {

constexpr uint64_t kPartBytes = 256 * 1024;

std::unexpected<store::Error> damaged(std::string_view what) {
  return std::unexpected(store::Error{store::Error::Kind::kCorruption, std::string(what)});
}

}  // namespace

Content::Content(Descriptor file, const Blob& blob)
    : file_(std::move(file)), left_bytes_(blob.size_bytes), digest_md5_(blob.digest_md5) {}

store::Result<std::unique_ptr<Content>> Content::open(const Files& files, const Blob& blob) {
  auto file = files.open_stored(blob.id);
  if (!file) return std::unexpected(file.error());
  struct stat status{};
  if (fstat(file->get(), &status) != 0) return std::unexpected(io_error("looking at a file"));
  if (static_cast<uint64_t>(status.st_size) != blob.size_bytes) {
    return damaged("the content of blob " + blob.id + " has another size");
  }
  return std::unique_ptr<Content>(new Content(std::move(*file), blob));
}

store::Result<bool> Content::next(std::string& out) {
  const size_t before = out.size();
  const size_t wanted = std::min(left_bytes_, kPartBytes);
  out.resize(before + wanted);
  size_t read_bytes = 0;
  while (read_bytes < wanted) {
    const ssize_t got = read(file_.get(), out.data() + before + read_bytes, wanted - read_bytes);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(io_error("reading the content of a blob"));
    if (got == 0) return damaged("the content of a blob ends early");
    read_bytes += static_cast<size_t>(got);
  }
  left_bytes_ -= wanted;
  md5_.add(std::string_view(out).substr(before));
  if (left_bytes_ > 0) return true;
  if (md5_.base64() != digest_md5_) return damaged("the content of a blob has another checksum");
  return false;
}

}  // namespace tideway::blob
