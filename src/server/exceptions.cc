#include "server/exceptions.h"

#include <boost/core/demangle.hpp>
#include <exception>
#include <string>
#include <typeinfo>

#include "server/replies.h"

namespace tideway::server {

void log_exception(std::string_view where, const Trace& trace, spdlog::logger& log) {
  std::string type = "unknown";
  try {
    throw;
  } catch (const std::exception& exception) {
    type = boost::core::demangle(typeid(exception).name());
  } catch (...) {
  }
  log.error("exception in {}: type={} trace={}", where, type, trace.request);
}

Response unexpected_failure(const Trace& trace) {
  return envelope_error(trace, 500, "internal-server-failure", "internal server failure",
                        "Internal server failure");
}

}  // namespace tideway::server
