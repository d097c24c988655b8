#include "api/provenance.h"

namespace tideway::api {

std::string source_ip(const server::Request& request) { return request.client_address; }

dataset::Provenance provenance(const server::Request& request, const Identity& caller) {
  return {
      .client_id = caller.client_id, .by_user_id = caller.user_id, .source_ip = source_ip(request)};
}

}  // namespace tideway::api
