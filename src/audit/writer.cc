#include "audit/writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "audit/files.h"

namespace tideway::audit {
namespace {

using Done = std::expected<void, std::string>;

std::unexpected<std::string> failure(const std::string& path) {
  return std::unexpected(fmt::format("{}: {}", path, std::generic_category().message(errno)));
}

/// Where the last whole line of a file ends, and the line itself.
struct Tail {
  uint64_t size_bytes = 0;
  std::string line;
};

std::expected<Tail, std::string> read_tail(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return std::unexpected(fmt::format("{}: cannot be read", path));
  Tail tail;
  std::string line;
  while (std::getline(stream, line) && !stream.eof()) {
    tail.size_bytes += line.size() + 1;
    tail.line.swap(line);
  }
  if (stream.bad()) return std::unexpected(fmt::format("{}: cannot be read", path));
  return tail;
}

}  // namespace

std::expected<std::unique_ptr<Writer>, std::string> Writer::open(const Options& options) {
  std::unique_ptr<Writer> writer(new Writer(options));
  if (auto locked = writer->lock_directory(); !locked) return std::unexpected(locked.error());
  if (auto resumed = writer->resume(); !resumed) return std::unexpected(resumed.error());
  return writer;
}

Writer::~Writer() {
  if (fd_ >= 0) ::close(fd_);
  if (directory_fd_ >= 0) ::close(directory_fd_);
}

Done Writer::lock_directory() {
  const std::string& directory = options_.directory;
  std::error_code error;
  if (std::filesystem::create_directories(directory, error)) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  }
  if (error) return std::unexpected(fmt::format("{}: {}", directory, error.message()));
  directory_fd_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory_fd_ < 0) return failure(directory);
  if (::flock(directory_fd_, LOCK_EX | LOCK_NB) != 0) {
    return std::unexpected(fmt::format("{}: another process writes this audit log", directory));
  }
  return {};
}

/// Finds the end of the log.
Done Writer::resume() {
  const auto files = list_files(options_.directory);
  if (!files) return std::unexpected(files.error());
  if (files->empty()) return begin_file();
  path_ = files->back().path;
  auto tail = read_tail(path_);
  if (!tail) return std::unexpected(tail.error());
  next_sequence_ = files->back().first_sequence;
  size_bytes_ = tail->size_bytes;
  if (size_bytes_ == 0 && files->size() > 1) {
    // A file was begun and nothing written to it: its predecessor holds the last line.
    tail = read_tail((*files)[files->size() - 2].path);
    if (!tail) return std::unexpected(tail.error());
  }
  if (!tail->line.empty()) {
    const auto link = read_link(tail->line);
    if (!link) {
      return std::unexpected(
          fmt::format("{}: the last line is no line of an audit log; move the files away to begin "
                      "a new one",
                      path_));
    }
    next_sequence_ = link->sequence + 1;
    last_ = hash_line(tail->line);
  }
  fd_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  // What stands behind the last whole line is the rest of a crash.
  if (fd_ < 0 || ::ftruncate(fd_, static_cast<off_t>(size_bytes_)) != 0) return failure(path_);
  return {};
}

Done Writer::begin_file() {
  if (fd_ >= 0) {
    if (auto synced = sync(); !synced) return synced;
    ::close(fd_);
  }
  path_ = file_path(options_.directory, next_sequence_);
  size_bytes_ = 0;
  fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd_ < 0 || ::fsync(directory_fd_) != 0) return failure(path_);
  delete_old();
  return {};
}

void Writer::delete_old() {
  const auto files = list_files(options_.directory);
  if (!files) return;
  for (size_t i = 0; i + options_.files_max < files->size(); ++i) {
    std::error_code ignored;  // the next file's turn tries again
    std::filesystem::remove((*files)[i].path, ignored);
  }
}

Done Writer::write(std::span<const Event> events) {
  if (fd_ < 0 || size_bytes_ >= options_.file_size_bytes_max) {
    if (auto begun = begin_file(); !begun) return begun;
  }
  std::string text;
  uint64_t sequence = next_sequence_;
  Hash last = last_;
  for (const Event& event : events) {
    const std::string line = format_line(sequence++, event, last);
    last = hash_line(line);
    text += line;
    text += '\n';
  }
  if (auto appended = append(text); !appended) return appended;
  next_sequence_ = sequence;
  last_ = last;
  return {};
}

Done Writer::append(const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(fd_, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      auto failed = failure(path_);
      // No half of it may stay, or the lines would be there twice after the next attempt. Should
      // this fail too, a new file is begun, and verify() tells of the cut line.
      if (::ftruncate(fd_, static_cast<off_t>(size_bytes_)) != 0) {
        ::close(fd_);
        fd_ = -1;
      }
      return failed;
    }
    written += static_cast<size_t>(count);
  }
  size_bytes_ += text.size();
  return {};
}

Done Writer::sync() {
  if (fd_ >= 0 && ::fdatasync(fd_) != 0) return failure(path_);
  return {};
}

}  // namespace tideway::audit
