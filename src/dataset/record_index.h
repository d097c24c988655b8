// Where the records of a set with a given origin id, or a given identity, lie. Kept for the
// deduplicators that ask for single records; see keys.h for the key.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/store.h"

namespace tideway::dataset {

/// A record's place in its set.
struct Place {
  uint32_t block = 0;
  uint32_t slot = 0;

  auto operator<=>(const Place&) const = default;
};

/// What stands for an origin id in keys: 96 bits of a cryptographic hash, so that no two of a set
/// ever meet by chance.
std::string index_digest(std::string_view text);

/// The records entered for a digest, in the order in which they were added. Some may be gone.
store::Result<std::vector<Place>> find_places(const store::Reader& reader,
                                              std::string_view upload_id, std::string_view digest);

/// The keys of the entries for several digests.
std::vector<std::string> index_keys(std::string_view upload_id,
                                    std::span<const std::string> digests);

/// The records entered under each of the keys.
store::Result<std::vector<std::vector<Place>>> find_places(const store::Reader& reader,
                                                           std::span<const std::string> keys);

/// Replaces what is entered under a key.
void put_places(store::Transaction& transaction, std::string_view key,
                std::span<const Place> places);

}  // namespace tideway::dataset
