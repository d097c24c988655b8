#include "dataset/all_sets.h"

#include "dataset/keys.h"

namespace tideway::dataset {

store::Result<std::optional<DataSet>> read_set(const store::Reader& reader,
                                               std::string_view upload_id) {
  const auto bytes = reader.get(data_set_key(upload_id));
  if (!bytes) return std::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  auto set = DataSet::decode(**bytes);
  if (!set) return std::unexpected(set.error());
  return std::move(*set);
}

void put_set(store::Transaction& transaction, const DataSet& set) {
  transaction.put(data_set_key(set.upload_id), set.encode());
}

store::Result<void> scan_sets(const store::Reader& reader,
                              const std::function<void(DataSet)>& visit) {
  store::Result<void> failure;
  const auto scanned = store::scan_prefix(reader, kDataSetPrefix, [&](auto, auto value) {
    auto set = DataSet::decode(value);
    if (!set) {
      failure = std::unexpected(set.error());
      return false;
    }
    visit(std::move(*set));
    return true;
  });
  return scanned ? failure : scanned;
}

}  // namespace tideway::dataset
