#include "server/access_log.h"

#include <algorithm>

namespace tideway::server {
namespace {

constexpr size_t kMethodSizeMax = 16;
constexpr size_t kPathSizeMax = 128;
constexpr size_t kSegmentSizeMax = 20;

/// Whether a path segment is a word such as "users", "data_sets" or "v1". Ids and tokens have
/// digits, upper-case letters or dots, or are longer.
bool is_fixed_word(std::string_view segment) {
  if (segment == "v1" || segment.empty()) return true;
  return segment.size() <= kSegmentSizeMax && std::ranges::all_of(segment, [](char c) {
           return (c >= 'a' && c <= 'z') || c == '_' || c == '-';
         });
}

/// What comes from a client stays one word on one line.
std::string printable(std::string_view text, size_t size_max) {
  std::string out(text.substr(0, size_max));
  std::ranges::replace_if(out, [](char c) { return c <= ' ' || c > '~'; }, '?');
  return out;
}

}  // namespace

std::string redacted_path(std::string_view path) {
  std::string out;
  while (!path.empty() && out.size() < kPathSizeMax) {
    const size_t end = std::min(path.find('/', 1), path.size());
    const bool rooted = path.starts_with('/');
    const std::string_view segment = path.substr(rooted ? 1 : 0, end - (rooted ? 1 : 0));
    if (rooted) out += '/';
    out += is_fixed_word(segment) ? segment : "*";
    path.remove_prefix(end);
  }
  return out;
}

void log_access(spdlog::logger& log, const AccessRecord& record) {
  if (!log.should_log(spdlog::level::info)) return;
  const double milliseconds = static_cast<double>(record.duration.count()) / 1000.0;
  const std::string path =
      record.route.empty() ? redacted_path(record.path) : std::string(record.route);
  log.info("{} {} {} {}B {:.1f}ms trace={}{}", printable(record.method, kMethodSizeMax), path,
           record.status, record.sent_bytes, milliseconds, printable(record.trace, 64),
           record.complete ? "" : " incomplete");
}

}  // namespace tideway::server
