#include "account/token_cache.h"

#include <sodium.h>

#include <mutex>
#include <utility>

namespace tideway::account {

TokenCache::Digest TokenCache::digest(std::string_view text) {
  Digest out;
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const uint8_t*>(text.data()),
                     text.size(), nullptr, 0);
  return out;
}

std::optional<TokenCache::Entry> TokenCache::find(std::string_view text) const {
  const Digest key = digest(text);
  const std::shared_lock lock(mutex_);
  for (const Half* half : {&young_, &old_}) {
    if (const auto found = half->find(key); found != half->end()) return found->second;
  }
  return std::nullopt;
}

void TokenCache::add(std::string_view text, const Entry& entry) {
  const Digest key = digest(text);
  const std::unique_lock lock(mutex_);
  if (young_.size() >= half_max_) {
    old_ = std::move(young_);
    young_ = {};
  }
  young_.insert_or_assign(key, entry);
}

size_t TokenCache::size() const {
  const std::shared_lock lock(mutex_);
  return young_.size() + old_.size();
}

}  // namespace tideway::account
