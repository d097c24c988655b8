#include "dataset/all_sets.h"

#include "dataset/calendar.h"
#include "dataset/keys.h"
#include "dataset/traits.h"

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

store::Result<void> read_sets(const store::Reader& reader, const std::vector<std::string>& ids,
                              const std::function<void(DataSet)>& visit) {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const std::string& id : ids) keys.push_back(data_set_key(id));
  const auto values = reader.get_many(keys);
  if (!values) return std::unexpected(values.error());
  for (const auto& value : *values) {
    if (!value) continue;
    auto set = DataSet::decode(*value);
    if (!set) return std::unexpected(set.error());
    visit(std::move(*set));
  }
  return {};
}

void put_set(store::Transaction& transaction, const DataSet& set) {
  transaction.put(data_set_key(set.upload_id), set.encode());
}

void enter_set(store::Transaction& transaction, const DataSet& set) {
  put_in_calendar(transaction, set);
  mark_set(transaction, set);
}

void erase_set(store::Transaction& transaction, const DataSet& set) {
  erase_from_calendar(transaction, set);
  unmark_set(transaction, set);
  transaction.erase(data_set_key(set.upload_id));
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
