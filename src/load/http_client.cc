#include "load/http_client.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <charconv>

namespace tideway::load {
namespace {

constexpr size_t kReadBytes = 64 * 1024;
constexpr size_t kLongReadBytes = 1024 * 1024;
constexpr size_t kHeadBytesMax = 256 * 1024;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::optional<size_t> number(std::string_view digits, int base) {
  size_t value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc{} || end == digits.data()) return std::nullopt;
  return value;
}

}  // namespace

std::string_view Answer::field(std::string_view name) const {
  std::string_view rest = head;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(rest.size(), line.size() + 2));
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    std::string_view value = line.substr(name.size() + 1);
    while (value.starts_with(' ')) value.remove_prefix(1);
    return value;
  }
  return {};
}

HttpClient::HttpClient(const Url& url, std::shared_ptr<TlsContext> tls,
                       std::chrono::milliseconds patience)
    : prefix_(url.prefix), authority_(url.authority()), stream_(url, std::move(tls), patience) {}

std::expected<Answer, std::string> HttpClient::send(std::string_view method,
                                                    std::string_view target,
                                                    std::string_view fields,
                                                    std::string_view body) {
  const std::string head =
      fmt::format("{} {}{} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{}\r\n", method, prefix_,
                  target, authority_, body.size(), fields);
  if (!stream_.is_open()) {
    received_.clear();
    if (auto opened = stream_.open(); !opened) return std::unexpected(opened.error());
  }
  Answer answer;
  if (auto done = exchange(head, body, answer); !done) {
    stream_.close();
    return std::unexpected(done.error());
  }
  if (strcasecmp(std::string(answer.field("Connection")).c_str(), "close") == 0) stream_.close();
  return answer;
}

HttpClient::Result HttpClient::exchange(std::string_view head, std::string_view body,
                                        Answer& answer) {
  // A server that refuses early may stop reading: its answer is there all the same.
  const auto written = stream_.write(head, body);
  if (auto read = read_head(answer); !read) return written ? read : written;
  return read_body(answer);
}

HttpClient::Result HttpClient::read_more(size_t wanted) {
  return stream_.read_some(received_, wanted);
}

HttpClient::Result HttpClient::read_head(Answer& answer) {
  size_t end = 0;
  while ((end = received_.find(kHeadEnd)) == std::string::npos) {
    if (received_.size() > kHeadBytesMax) return std::unexpected("a head without an end");
    if (auto more = read_more(kReadBytes); !more) return more;
  }
  answer.head = received_.substr(0, end + 2);
  received_.erase(0, end + kHeadEnd.size());
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  if (!answer.head.starts_with(kVersion)) return std::unexpected("not HTTP/1.1");
  const auto status = number(std::string_view(answer.head).substr(kVersion.size(), 3), 10);
  if (!status) return std::unexpected("not HTTP/1.1");
  answer.status = static_cast<unsigned>(*status);
  return {};
}

HttpClient::Result HttpClient::read_body(Answer& answer) {
  if (answer.field("Transfer-Encoding") == "chunked") return read_chunks(answer);
  if (answer.status == 204 || answer.status == 304) return {};
  const auto size = number(answer.field("Content-Length"), 10);
  if (!size || *size > kAnswerBytesMax) return std::unexpected("an answer of unknown length");
  return take(*size, answer.body);
}

HttpClient::Result HttpClient::take(size_t size, std::string& out) {
  while (received_.size() < size) {
    if (auto more = read_more(std::clamp(size - received_.size(), kReadBytes, kLongReadBytes));
        !more) {
      return more;
    }
  }
  out.append(received_, 0, size);
  received_.erase(0, size);
  return {};
}

std::expected<std::string, std::string> HttpClient::take_line() {
  size_t end = 0;
  while ((end = received_.find("\r\n")) == std::string::npos) {
    if (received_.size() > kHeadBytesMax) return std::unexpected("a line without an end");
    if (auto more = read_more(kReadBytes); !more) return std::unexpected(more.error());
  }
  std::string line = received_.substr(0, end);
  received_.erase(0, end + 2);
  return line;
}

HttpClient::Result HttpClient::read_chunks(Answer& answer) {
  for (;;) {
    const auto line = take_line();
    if (!line) return std::unexpected(line.error());
    const auto size = number(*line, 16);
    if (!size || answer.body.size() + *size > kAnswerBytesMax) {
      return std::unexpected("a malformed chunk");
    }
    if (auto taken = take(*size, answer.body); !taken) return taken;
    const auto end = take_line();
    if (!end) return std::unexpected(end.error());
    if (!end->empty()) return std::unexpected("a malformed chunk");
    if (*size == 0) return {};
  }
}

}  // namespace tideway::load
