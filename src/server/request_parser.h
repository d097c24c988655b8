// One request taken from bytes: Beast's incremental parser, writing straight into a Request.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "server/http.h"

namespace tideway::server {

class RequestParser final : private boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(uint32_t header_size_bytes_max);

  enum class Status { kNeedsMore, kDone, kMalformed, kHeadTooLarge, kBodyTooLarge };

  /// Takes what it can from `buffer`. After kDone the head's questions below may be asked.
  Status parse_head(boost::beast::flat_buffer& buffer);

  /// To be set between head and body.
  void limit_body(uint64_t size_bytes_max);
  /// Instead: the body is read but not kept.
  void discard_body() { discarding_ = true; }
  /// The same for the body; kDone at once when the request has none.
  Status parse_body(boost::beast::flat_buffer& buffer);

  bool has_body() const { return !is_done(); }  ///< false again when all of it has been read
  std::optional<uint64_t> announced_size_bytes() const;
  size_t body_size_bytes() const { return body_size_bytes_; }  ///< read so far
  /// The part of the body that was read since the last call.
  std::string take_body() { return std::exchange(request_.body, {}); }
  bool expects_continue() const;
  bool is_http11() const { return version_ >= 11; }
  bool wants_keep_alive() const { return keep_alive(); }

  /// Method, path, query and headers are set after the head, the body after the body.
  Request& request() { return request_; }

 private:
  using Field = boost::beast::http::field;
  using Verb = boost::beast::http::verb;
  using View = boost::beast::string_view;
  using Error = boost::beast::error_code;

  Status put(boost::beast::flat_buffer& buffer, size_t& consumed);
  bool is_acceptable() const;

  void on_request_impl(Verb verb, View method, View target, int version, Error& error) override;
  void on_response_impl(int code, View reason, int version, Error& error) override;
  void on_field_impl(Field field, View name, View value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<uint64_t>& size, Error& error) override;
  size_t on_body_impl(View bytes, Error& error) override;
  void on_chunk_header_impl(uint64_t size, View extensions, Error& error) override;
  size_t on_chunk_body_impl(uint64_t remaining, View bytes, Error& error) override;
  void on_finish_impl(Error& error) override;

  const uint32_t header_size_bytes_max_;
  size_t head_size_bytes_ = 0;
  size_t body_size_bytes_ = 0;
  int version_ = 11;
  bool head_done_ = false;
  bool discarding_ = false;
  Request request_;
};

/// Splits a request target into path and query; false when it is neither a path, nor an absolute
/// URL, nor "*".
bool split_target(std::string_view target, std::string& path, std::string& query);

}  // namespace tideway::server
