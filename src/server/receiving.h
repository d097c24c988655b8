// A body on its way to a BodyReceiver: the three calls, which run on worker threads. None throws:
// an exception of the receiver becomes a 500.
#pragma once

#include <spdlog/logger.h>

#include <memory>
#include <optional>
#include <string_view>

#include "server/answer.h"
#include "server/http.h"
#include "server/server.h"

namespace tideway::server {

/// A request whose body is being received, and its answer once that is known.
struct Reception {
  std::unique_ptr<BodyReceiver> receiver;
  std::optional<Response> response;  ///< set early: the rest of the body is not wanted
};

Reception begin_receiving(Request& request, const RequestTraits& traits, Handler& handler,
                          spdlog::logger& log);
void receive_piece(Reception& reception, std::string_view bytes, const RequestTraits& traits,
                   spdlog::logger& log);
void finish_receiving(Reception& reception, const Request& request, const RequestTraits& traits,
                      spdlog::logger& log);

/// What is collected of a body before it is handed on.
inline constexpr size_t kPieceBytes = 256 * 1024;

}  // namespace tideway::server
