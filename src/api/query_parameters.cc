#include "api/query_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "FALSE", "false", "False"};

Error type_error(std::string_view wanted) {
  return make_error(fmt::format("type-not-{}", wanted), fmt::format("type is not {}", wanted),
                    fmt::format("type is not {}, but string", wanted));
}

}  // namespace

std::expected<QueryParameters, server::Response> QueryParameters::read(
    const server::Request& request) {
  auto query = server::parse_query_strict(request.query);
  if (!query) {
    return std::unexpected(
        server::json_reply(400, "{\"detail\":\"unable to parse request query\"}\n"));
  }
  return QueryParameters(std::move(*query));
}

void QueryParameters::add(Errors& errors, std::string_view name, Error error) {
  error.parameter = name;
  errors.push_back(std::move(error));
}

std::optional<std::string_view> QueryParameters::take(std::string_view name) {
  known_.emplace_back(name);
  return query_.first(name);
}

std::string QueryParameters::one_of(std::string_view name,
                                    std::initializer_list<std::string_view> values) {
  const auto value = take(name);
  if (!value || std::ranges::count(values, *value) > 0) return std::string(value.value_or(""));
  std::string list;
  for (const std::string_view allowed : values) {
    list += (list.empty() ? "" : ", ") + quoted(allowed);
  }
  add(checking_, name,
      make_error("value-not-allowed", "value is not one of the allowed values",
                 fmt::format("value {} is not one of [{}]", quoted(*value), list)));
  return {};
}

std::string QueryParameters::text(std::string_view name, size_t bytes_max) {
  const auto value = take(name);
  if (value && value->empty()) add(checking_, name, make_error("value-empty", "value is empty"));
  if (value && value->size() > bytes_max) {
    add(checking_, name,
        make_error(
            "length-out-of-range", "length is out of range",
            fmt::format("length {} is not less than or equal to {}", value->size(), bytes_max)));
  }
  return std::string(value.value_or(""));
}

bool QueryParameters::flag(std::string_view name) {
  const auto value = take(name);
  if (!value || std::ranges::count(kFalse, *value) > 0) return false;
  if (std::ranges::count(kTrue, *value) > 0) return true;
  add(reading_, name, type_error("bool"));
  return false;
}

std::vector<std::string> QueryParameters::list(std::string_view name) {
  known_.emplace_back(name);
  lists_.emplace_back(name);
  std::vector<std::string> parts;
  for (const auto& [given, value] : query_) {
    if (given != name) continue;
    for (size_t at = 0; at <= value.size();) {
      const size_t comma = std::min(value.find(',', at), value.size());
      parts.push_back(value.substr(at, comma - at));
      at = comma + 1;
    }
  }
  return parts;
}

uint64_t QueryParameters::integer(std::string_view name, int64_t fallback, int64_t low,
                                  std::optional<int64_t> high) {
  const auto text = take(name);
  int64_t value = fallback;
  if (text) {
    const std::string_view digits = text->starts_with('+') ? text->substr(1) : *text;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), value);
    if (error != std::errc() || end != digits.end()) {
      add(reading_, name, type_error("int"));
      return static_cast<uint64_t>(fallback);
    }
  }
  if (value < low || value > high.value_or(INT64_MAX)) {
    const std::string relation = high ? fmt::format("between {} and {}", low, *high)
                                      : fmt::format("greater than or equal to {}", low);
    add(checking_, name,
        make_error("value-out-of-range", "value is out of range",
                   fmt::format("value {} is not {}", value, relation)));
  }
  return static_cast<uint64_t>(value);
}

std::optional<int64_t> QueryParameters::time_ms(std::string_view name) {
  const auto text = take(name);
  if (!text) return std::nullopt;
  const auto time = parse_instant(*text);
  if (time) return time->milliseconds();
  add(reading_, name,
      make_error("value-not-parsable", "value is not a parsable time",
                 fmt::format("value {} is not a parsable time of format \"{}\"", quoted(*text),
                             kInstantLayout)));
  return std::nullopt;
}

Errors QueryParameters::errors() const {
  Errors errors = reading_;
  std::set<std::string_view> reported;
  for (const auto& [name, value] : query_) {
    const bool known = std::ranges::count(known_, name) > 0;
    const bool repeated = query_.count(name) > 1 && std::ranges::count(lists_, name) == 0;
    if ((!known || repeated) && reported.insert(name).second) {
      add(errors, name, make_error("not-parsed", "not parsed"));
    }
  }
  return errors.empty() ? checking_ : errors;
}

}  // namespace tideway::api
