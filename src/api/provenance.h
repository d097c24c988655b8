// Where a write comes from (docs/spec/datasets.md 19).
#pragma once

#include <string>

#include "api/credentials.h"
#include "dataset/data_set.h"
#include "server/http.h"

namespace tideway::api {

/// Whom the server takes for the sender: the peer, or whom a trusted proxy names.
std::string source_ip(const server::Request& request);

dataset::Provenance provenance(const server::Request& request, const Identity& caller);

}  // namespace tideway::api
