// Where a write comes from (docs/spec/datasets.md 19).
#pragma once

#include <string>

#include "api/credentials.h"
#include "dataset/data_set.h"
#include "server/http.h"

namespace tideway::api {

/// The first public address in X-Forwarded-For, else the peer's.
std::string source_ip(const server::Request& request);

dataset::Provenance provenance(const server::Request& request, const Identity& caller);

}  // namespace tideway::api
