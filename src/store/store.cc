#include "store/store.h"

namespace tideway::store {

Result<std::vector<std::optional<std::string>>> Reader::get_many(
    std::span<const std::string> keys) const {
  std::vector<std::optional<std::string>> values;
  values.reserve(keys.size());
  for (const std::string& key : keys) {
    auto value = get(key);
    if (!value) return std::unexpected(value.error());
    values.push_back(std::move(*value));
  }
  return values;
}

Result<std::optional<std::string>> Store::get(std::string_view partition, std::string_view key) {
  const auto reader = read(partition);
  if (!reader) return std::unexpected(reader.error());
  return (*reader)->get(key);
}

Result<std::shared_ptr<Commit>> Store::update_later(std::string_view partition,
                                                    const Apply& apply) {
  const auto updated = update(partition, apply);
  if (!updated) return std::unexpected(updated.error());
  return nullptr;
}

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  // A last byte of 0xff has no successor, so the byte before it has to grow instead.
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

Result<void> scan_prefix(const Reader& reader, std::string_view prefix,
                         const Reader::Visit& visit) {
  return reader.scan(prefix, prefix_end(prefix), visit);
}

}  // namespace tideway::store
