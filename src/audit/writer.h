// The end of an audit log that is being written: adds lines to the last file, begins new files,
// deletes old ones. For one thread.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <span>
#include <string>

#include "audit/log.h"

namespace tideway::audit {

class Writer {
 public:
  static std::expected<std::unique_ptr<Writer>, std::string> open(const Options& options);
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Writes all of them or none; the error is a line for the operator.
  std::expected<void, std::string> write(std::span<const Event> events);

  std::expected<void, std::string> sync();

 private:
  explicit Writer(Options options) : options_(std::move(options)) {}

  std::expected<void, std::string> lock_directory();
  std::expected<void, std::string> resume();
  std::expected<void, std::string> begin_file();
  std::expected<void, std::string> append(const std::string& text);
  void delete_old();

  const Options options_;
  int directory_fd_ = -1;
  int fd_ = -1;
  std::string path_;
  uint64_t size_bytes_ = 0;     ///< of the last file, whole lines only
  uint64_t next_sequence_ = 1;  ///< number of the next line
  Hash last_ = no_line();       ///< hash of the last line
};

}  // namespace tideway::audit
