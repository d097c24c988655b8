// The headers that come with the content of a blob (docs/spec/fetch.md 11).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/error.h"
#include "server/http.h"

namespace tideway::api {

/// The one value of a header; `header-missing` or `header-invalid` when there is none, or several.
std::expected<std::string, Error> single_header(const server::Request& request,
                                                std::string_view name);

/// Content-Type, if it is a media type.
std::expected<std::string, Error> media_type_header(const server::Request& request);

/// The base64 of Digest: MD5=<base64>.
std::expected<std::string, Error> md5_header(const server::Request& request);

/// An RFC 3339 time, as it is printed.
std::expected<std::string, Error> time_header(const server::Request& request,
                                              std::string_view name);

/// RFC 2045: a type, mostly with a subtype, then parameters; at most 256 bytes.
bool is_media_type(std::string_view text);

}  // namespace tideway::api
