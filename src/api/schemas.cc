#include "api/schemas.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "api/platform.h"
#include "base/error.h"
#include "record/json_schema.h"
#include "record/record_types.h"
#include "server/replies.h"

namespace tideway::api {
namespace {

using server::Request;
using server::Response;

/// By type; made once, so that a request costs a copy.
using Schemas = std::map<std::string, std::string, std::less<>>;

Schemas make_schemas() {
  Schemas schemas;
  for (const record::Dispatch::Case& type : record::record_types().cases) {
    schemas.emplace(type.value, record::json_schema(type).compact());
  }
  return schemas;
}

std::string make_list() {
  json::Tree::Items items;
  for (const std::string_view name : record::record_type_names()) {
    json::Tree item{json::Tree::Members()};
    item.add("type", json::Tree::text(name));
    item.add("schema", json::Tree::text(fmt::format("/v1/schemas/{}", name)));
    items.push_back(std::move(item));
  }
  return json::Tree(std::move(items)).compact();
}

Response show(const Schemas& schemas, const std::string& type) {
  const auto schema = schemas.find(type);
  if (schema == schemas.end()) {
    return server::bare_error(404,
                              make_error("resource-not-found", "resource not found",
                                         fmt::format("resource with id \"{}\" not found", type)));
  }
  Response response;
  response.headers.set("Content-Type", "application/schema+json");
  response.body = schema->second;
  return response;
}

server::Route public_route(std::string pattern, std::function<Response(const Request&)> handle) {
  return {.method = "GET",
          .pattern = std::move(pattern),
          .family = server::Family::kTideway,
          .dataservices = true,
          .body_size_bytes_max = kNoBodyBytesMax,
          .handle = std::move(handle)};
}

}  // namespace

std::vector<server::Route> schema_routes() {
  return {
      public_route("/v1/schemas",
                   [list = make_list()](const Request&) { return server::json_reply(200, list); }),
      public_route("/v1/schemas/{type}", [schemas = make_schemas()](const Request& request) {
        return show(schemas, request.variables[0]);
      })};
}

}  // namespace tideway::api
