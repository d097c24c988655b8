#include "server/trace.h"

#include "base/ids.h"
#include "server/field_text.h"

namespace tideway::server {
namespace {

constexpr size_t kTraceSizeMax = 64;

std::string trace_value(const Headers& headers, std::string_view name) {
  const auto value = headers.find(name);
  if (!value) return {};
  const std::string_view cut = value->substr(0, kTraceSizeMax);
  return is_field_value(cut) ? std::string(cut) : std::string();
}

}  // namespace

Trace trace_of(const Headers& headers) {
  Trace trace{.request = trace_value(headers, kTraceRequestHeader),
              .session = trace_value(headers, kTraceSessionHeader)};
  if (trace.request.empty()) trace.request = random_id();
  return trace;
}

void add_trace(const Trace& trace, Headers& headers) {
  headers.set(kTraceRequestHeader, trace.request);
  if (!trace.session.empty()) headers.set(kTraceSessionHeader, trace.session);
}

}  // namespace tideway::server
