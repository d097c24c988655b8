// An entry of the index as stored: per record its block and its slot, each a varint.
#include "dataset/record_index.h"

#include <sodium.h>

#include <array>

#include "base/coding.h"
#include "dataset/keys.h"

namespace tideway::dataset {
namespace {

constexpr size_t kDigestBytes = 12;

store::Result<std::vector<Place>> decode_places(std::string_view bytes) {
  std::vector<Place> places;
  Decoder in(bytes);
  while (in.ok() && !in.at_end()) {
    Place& place = places.emplace_back();
    place.block = static_cast<uint32_t>(in.varint());
    place.slot = static_cast<uint32_t>(in.varint());
  }
  if (!in.ok()) {
    return std::unexpected(store::Error{store::Error::Kind::kCorruption, "index: malformed"});
  }
  return places;
}

}  // namespace

std::string index_digest(std::string_view text) {
  std::array<uint8_t, crypto_generichash_BYTES_MIN> digest;
  crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const uint8_t*>(text.data()),
                     text.size(), nullptr, 0);
  return {reinterpret_cast<const char*>(digest.data()), kDigestBytes};
}

store::Result<std::vector<Place>> find_places(const store::Reader& reader,
                                              std::string_view upload_id, std::string_view digest) {
  const auto bytes = reader.get(index_prefix(upload_id).append(digest));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::vector<Place>();
  return decode_places(**bytes);
}

std::vector<std::string> index_keys(std::string_view upload_id,
                                    std::span<const std::string> digests) {
  const std::string prefix = index_prefix(upload_id);
  std::vector<std::string> keys;
  keys.reserve(digests.size());
  for (const std::string& digest : digests) keys.push_back(prefix + digest);
  return keys;
}

store::Result<std::vector<std::vector<Place>>> find_places(const store::Reader& reader,
                                                           std::span<const std::string> keys) {
  const auto values = reader.get_many(keys);
  if (!values) return std::unexpected(values.error());
  std::vector<std::vector<Place>> found(keys.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (!(*values)[i]) continue;
    auto places = decode_places(*(*values)[i]);
    if (!places) return std::unexpected(places.error());
    found[i] = std::move(*places);
  }
  return found;
}

void put_places(store::Transaction& transaction, std::string_view key,
                std::span<const Place> places) {
  std::string value;
  for (const Place& place : places) {
    put_varint(value, place.block);
    put_varint(value, place.slot);
  }
  transaction.put(key, value);
}

}  // namespace tideway::dataset
