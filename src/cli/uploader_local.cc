#include "cli/uploader_local.h"

#include <utility>

#include "api/utility.h"
#include "server/replies.h"

namespace tideway::cli {

uint64_t UploaderLocalHandler::body_size_bytes_max(std::string_view method,
                                                   std::string_view path) const {
  return inner_.body_size_bytes_max(method, path);
}

server::Response UploaderLocalHandler::handle(server::Request request) {
  if (request.method != "GET" || request.path != "/info") return inner_.handle(std::move(request));
  server::Response response = server::json_reply(200, api::info_json());
  response.route = "/info";
  return response;
}

}  // namespace tideway::cli
