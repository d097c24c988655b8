// A key to sign with for stores of tests: making one takes long, and any one will do.
#pragma once

#include <memory>
#include <string>

#include "oidc/signing_keys.h"
#include "tests/store/memory_store.h"

namespace tideway::oidc {

/// Gives the store the key of this process, made at `kSeededKeyTime`: at another time it would be
/// replaced.
inline constexpr int64_t kSeededKeyTime = 1'700'000'000;

inline void seed_keys(store::MemoryStore& store) {
  static const std::string key = [] {
    store::MemoryStore maker;
    if (!SigningKeys::open(maker, kSeededKeyTime)) return std::string();
    return maker.entries(store::kDirectoryPartition).at("koidc");
  }();
  store.put(store::kDirectoryPartition, "koidc", key);
}

}  // namespace tideway::oidc
