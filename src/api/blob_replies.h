// What the routes of blobs and of device logs have in common.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "blob/blobs.h"
#include "server/http.h"

namespace tideway::api {

/// The 400 of a path variable that is no user id, or no id; nothing when it is good.
std::optional<server::Response> bad_user_id(std::string_view user_id);
std::optional<server::Response> bad_blob_id(std::string_view id);

server::Response blob_not_found(std::string_view id);
server::Response blob_store_failed(const server::Request& request, const store::Error& error);
server::Response no_content();       ///< 204
server::Response empty_forbidden();  ///< 403 without a body

/// Bare JSON of one or several, as docs/spec/fetch.md 11 shows them.
std::string blob_json(const blob::Blob& blob);
server::Response blobs_reply(const std::vector<blob::Blob>& blobs);

/// Takes the content of `draft`, then answers 201. `digest_md5` is what the client says it will be.
std::expected<std::unique_ptr<server::BodyReceiver>, server::Response> receive_blob(
    const server::Request& request, blob::Blobs& blobs, blob::Blob draft,
    std::optional<std::string> digest_md5);

/// The content with the headers that tell what it is.
server::Response content_reply(const server::Request& request, blob::Blobs& blobs,
                               const blob::Blob& blob);

}  // namespace tideway::api
