#include "server/request_parser.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>

#include "server/field_text.h"

namespace tideway::server {
namespace {

namespace http = boost::beast::http;

/// Chunk headers and trailers are buffered whole; nobody needs long ones.
constexpr size_t kChunkHeaderSizeMax = 64 * 1024;
/// Reserved for a body at most before its bytes are there.
constexpr uint64_t kBodyReserveMax = 1 << 20;
/// Room behind the body, without which simdjson would copy it.
constexpr uint64_t kBodySpareBytes = 64;

}  // namespace

bool split_target(std::string_view target, std::string& path, std::string& query) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!equals_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(std::min(target.find_first_of("/?", scheme.size()), target.size()));
    if (!target.starts_with('/')) path += '/';  // "http://host" and "http://host?query"
    break;
  }
  const size_t mark = std::min(target.find('?'), target.size());
  path += target.substr(0, mark);
  query = target.substr(std::min(mark + 1, target.size()));
  return path.starts_with('/') || path == "*";
}

RequestParser::RequestParser(uint32_t header_size_bytes_max)
    : header_size_bytes_max_(header_size_bytes_max) {
  header_limit(header_size_bytes_max);
  body_limit(boost::none);  // known only when the head is
}

RequestParser::Status RequestParser::put(boost::beast::flat_buffer& buffer, size_t& consumed) {
  Error error;
  consumed = basic_parser::put(buffer.cdata(), error);
  buffer.consume(consumed);
  if (!error) return Status::kDone;
  if (error == http::error::need_more) return Status::kNeedsMore;
  if (error == http::error::header_limit) return Status::kHeadTooLarge;
  if (error == http::error::body_limit) return Status::kBodyTooLarge;
  return Status::kMalformed;
}

RequestParser::Status RequestParser::parse_head(boost::beast::flat_buffer& buffer) {
  size_t consumed = 0;
  const Status status = put(buffer, consumed);
  head_size_bytes_ += consumed;
  // Beast's own limit holds for the request line and for the fields, each; ours for both together.
  const size_t pending = status == Status::kNeedsMore ? buffer.size() : 0;
  if (head_size_bytes_ + pending > header_size_bytes_max_) return Status::kHeadTooLarge;
  if (status != Status::kDone) return status;
  if (!is_header_done()) return Status::kNeedsMore;
  if (!is_acceptable()) return Status::kMalformed;
  eager(true);
  return Status::kDone;
}

bool RequestParser::is_acceptable() const {
  // RFC 9112 section 3.2: exactly one Host.
  const size_t hosts = request_.headers.count("Host");
  if (hosts > 1 || (is_http11() && hosts == 0)) return false;
  // Beast overlooks codings other than chunked; two readers that disagree on where a body ends are
  // how requests are smuggled (RFC 9112 section 6.1).
  const size_t codings = request_.headers.count("Transfer-Encoding");
  if (codings == 0) return true;
  return codings == 1 && is_http11() &&
         equals_ignoring_case(*request_.headers.find("Transfer-Encoding"), "chunked");
}

void RequestParser::limit_body(uint64_t size_bytes_max) {
  body_limit(size_bytes_max);
  const uint64_t announced = announced_size_bytes().value_or(0);
  if (announced > 0) request_.body.reserve(std::min(announced, kBodyReserveMax) + kBodySpareBytes);
}

RequestParser::Status RequestParser::parse_body(boost::beast::flat_buffer& buffer) {
  while (!is_done()) {
    if (buffer.size() == 0) return Status::kNeedsMore;
    size_t consumed = 0;
    const Status status = put(buffer, consumed);
    if (status == Status::kNeedsMore && buffer.size() > kChunkHeaderSizeMax) {
      return Status::kMalformed;
    }
    if (status != Status::kDone) return status;
  }
  return Status::kDone;
}

std::optional<uint64_t> RequestParser::announced_size_bytes() const {
  const auto size = content_length();
  return size ? std::optional<uint64_t>(*size) : std::nullopt;
}

bool RequestParser::expects_continue() const {
  const auto expect = request_.headers.find("Expect");
  return expect && is_http11() && equals_ignoring_case(*expect, "100-continue");
}

void RequestParser::on_request_impl(Verb, View method, View target, int version, Error& error) {
  request_.method = to_upper(method);
  version_ = version;
  if (!split_target(target, request_.path, request_.query)) error = http::error::bad_target;
}

void RequestParser::on_field_impl(Field, View name, View value, Error&) {
  // The trailers of a chunked body come here too; they must not add to the checked head.
  if (!head_done_) request_.headers.add(name, value);
}

void RequestParser::on_header_impl(Error&) { head_done_ = true; }

size_t RequestParser::on_body_impl(View bytes, Error&) {
  if (!discarding_) request_.body.append(bytes);
  body_size_bytes_ += bytes.size();
  return bytes.size();
}

size_t RequestParser::on_chunk_body_impl(uint64_t, View bytes, Error&) {
  if (!discarding_) request_.body.append(bytes);
  body_size_bytes_ += bytes.size();
  return bytes.size();
}

void RequestParser::on_response_impl(int, View, int, Error&) {}
void RequestParser::on_body_init_impl(const boost::optional<uint64_t>&, Error&) {}
void RequestParser::on_chunk_header_impl(uint64_t, View, Error&) {}
void RequestParser::on_finish_impl(Error&) {}

}  // namespace tideway::server
