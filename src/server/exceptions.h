// What becomes of an exception that a handler lets out: a line in the log and a 500.
#pragma once

#include <spdlog/logger.h>

#include <string_view>

#include "server/http.h"
#include "server/trace.h"

namespace tideway::server {

/// Logs the type of the exception being handled. Not its text: that may quote the request.
void log_exception(std::string_view where, const Trace& trace, spdlog::logger& log);

/// 500 in style A.
Response unexpected_failure(const Trace& trace);

}  // namespace tideway::server
