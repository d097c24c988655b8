// Fetches data sets back and compares them with what was sent.
#pragma once

#include <memory>
#include <vector>

#include "load/account.h"
#include "load/compare.h"
#include "load/uploader.h"

namespace tideway::load {

/// As many sets as the plan says, spread evenly over all of them, on a few connections.
Verification verify(const Plan& plan, const std::vector<Account>& accounts,
                    const std::shared_ptr<TlsContext>& tls, const std::vector<SentSet>& sets);

}  // namespace tideway::load
