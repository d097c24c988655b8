#include "dataset/identity_hashes.h"

#include <algorithm>

#include "base/sha256_each.h"
#include "dataset/deduplicators/effects.h"
#include "record/stored_identity.h"

namespace tideway::dataset {
namespace {

using record::IdentityHash;

IdentityHash joined(const store::Identity& beginning, const store::IdentityRest& rest) {
  IdentityHash hash;
  std::ranges::copy(rest, std::ranges::copy(beginning, hash.begin()).out);
  return hash;
}

}  // namespace

IdentityKey identity_key(const DataSet& set) {
  const auto key = effects_of(set.deduplicator).identity_key(set, {});
  return {.user_id = set.user_id, .set_id = key.value_or(std::string_view())};
}

store::Identity beginning_of(const IdentityHash& hash) {
  store::Identity beginning;
  std::copy_n(hash.begin(), beginning.size(), beginning.begin());
  return beginning;
}

store::IdentityRest rest_of(const IdentityHash& hash) {
  store::IdentityRest rest;
  std::copy(hash.end() - rest.size(), hash.end(), rest.begin());
  return rest;
}

std::vector<IdentityHash> identity_hashes(const DataSet& set,
                                          std::span<const record::Record* const> records) {
  const Effects& effects = effects_of(set.deduplicator);
  std::vector<record::IdentitySource> sources;
  sources.reserve(records.size());
  for (const record::Record* const record : records) {
    const auto key = effects.identity_key(set, record->device_id);
    if (!key) return {};
    sources.push_back({*key, record->identity});
  }
  std::vector<IdentityHash> hashes(sources.size());
  record::identity_hashes(set.user_id, sources, hashes);
  return hashes;
}

std::vector<IdentityHash> identity_hashes(const IdentityKey& key, const store::Block& block,
                                          std::span<const uint32_t> slots) {
  record::StoredIdentityReader identities;
  std::vector<IdentityHash> hashes(slots.size());
  sha256_each(hashes, [&](TextBuffer& out, size_t i) {
    const uint32_t slot = slots[i];
    if (block.identity(slot) == nullptr || block.identity_rest(slot) != nullptr) return;
    const store::RecordText shown = block.text(slot);
    record::append_identity_owner(out, key.user_id,
                                  key.set_id.empty() ? block.device_id(slot) : key.set_id);
    identities.append(out, block.type(slot), shown.text, shown.segment_sizes);
  });
  for (size_t i = 0; i < slots.size(); ++i) {
    const store::IdentityRest* const rest = block.identity_rest(slots[i]);
    if (rest != nullptr) hashes[i] = joined(*block.identity(slots[i]), *rest);
  }
  return hashes;
}

}  // namespace tideway::dataset
