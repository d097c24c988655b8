#include "dataset/chunk.h"

#include <xxhash.h>

#include <algorithm>

namespace tideway::dataset {

Chunk make_chunk(std::string_view body, std::string_view idempotency_key) {
  Chunk chunk{.body = XXH3_64bits(body.data(), body.size())};
  if (!idempotency_key.empty()) {
    // 0 stands for no key.
    chunk.key = std::max<uint64_t>(1, XXH3_64bits(idempotency_key.data(), idempotency_key.size()));
  }
  return chunk;
}

}  // namespace tideway::dataset
