#include "server/receiving.h"

#include <utility>

#include "server/exceptions.h"

namespace tideway::server {

Reception begin_receiving(Request& request, const RequestTraits& traits, Handler& handler,
                          spdlog::logger& log) {
  Reception reception;
  try {
    auto receiver = handler.receive(request);
    if (receiver) {
      reception.receiver = *std::move(receiver);
    } else {
      reception.response = std::move(receiver.error());
    }
  } catch (...) {
    log_exception("handler", traits.trace, log);
    reception.response = unexpected_failure(traits.trace);
  }
  return reception;
}

void receive_piece(Reception& reception, std::string_view bytes, const RequestTraits& traits,
                   spdlog::logger& log) {
  try {
    reception.response = reception.receiver->receive(bytes);
  } catch (...) {
    log_exception("body receiver", traits.trace, log);
    reception.response = unexpected_failure(traits.trace);
  }
}

void finish_receiving(Reception& reception, const Request& request, const RequestTraits& traits,
                      spdlog::logger& log) {
  try {
    reception.response = reception.receiver->finish(request);
  } catch (...) {
    log_exception("body receiver", traits.trace, log);
    reception.response = unexpected_failure(traits.trace);
  }
}

}  // namespace tideway::server
