// Which content codings a client takes (RFC 9110 section 12.5.3).
#pragma once

#include <string_view>

#include "server/coding.h"
#include "server/http.h"

namespace tideway::server {

/// The coding that the client likes best; of equals zstd, then gzip, then plain bytes. `*` stands
/// for gzip, since nobody means by it what came later.
Coding best_coding(const Headers& headers);

/// The weight in parameters such as ";q=0.5", in thousandths. Unreadable ones count as 1, as if
/// left out.
int weight_of(std::string_view parameters);

}  // namespace tideway::server
