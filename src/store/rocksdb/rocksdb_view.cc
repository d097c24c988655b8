#include "store/rocksdb/rocksdb_view.h"

#include <array>
#include <span>
#include <stdexcept>

#include "base/coding.h"
#include "store/rocksdb/rocksdb_options.h"

namespace tideway::store {
namespace {

rocksdb::Slice to_slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

std::string_view to_view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::SliceParts to_parts(std::span<const rocksdb::Slice> slices) {
  return {slices.data(), static_cast<int>(slices.size())};
}

/// What a batch has room for from the start: that of a small upload does not grow.
constexpr size_t kBatchBytes = size_t{8} << 10;

}  // namespace

Error to_error(const rocksdb::Status& status) {
  // What remains (I/O, no space, busy, shutting down) has in common that trying again later may
  // help.
  const auto kind = status.IsCorruption() ? Error::Kind::kCorruption : Error::Kind::kUnavailable;
  return {kind, status.ToString()};
}

std::string partition_prefix(std::string_view partition) {
  std::string prefix;
  put_varint(prefix, partition.size() + 1);
  prefix += partition;
  return prefix;
}

PartitionView::PartitionView(rocksdb::DB* db, std::string_view partition,
                             const rocksdb::Snapshot* snapshot)
    : db_(db), prefix_(partition_prefix(partition)), snapshot_(snapshot) {}

std::string PartitionView::stored_key(std::string_view key) const {
  std::string stored;
  stored.reserve(prefix_.size() + key.size());
  stored += prefix_;
  stored += key;
  return stored;
}

std::string PartitionView::stored_end(std::string_view end) const {
  return end.empty() ? prefix_end(prefix_) : stored_key(end);
}

Result<std::optional<std::string>> PartitionView::get(std::string_view key) const {
  rocksdb::ReadOptions options = rocksdb_read_options();
  options.snapshot = snapshot_;
  std::string value;
  const rocksdb::Status status = db_->Get(options, stored_key(key), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(to_error(status));
  return value;
}

Result<std::vector<std::optional<std::string>>> PartitionView::get_many(
    std::span<const std::string> keys) const {
  rocksdb::ReadOptions options = rocksdb_read_options();
  options.snapshot = snapshot_;
  std::string stored;  // one behind the other
  size_t size_bytes = keys.size() * prefix_.size();
  for (const std::string& key : keys) size_bytes += key.size();
  stored.reserve(size_bytes);
  std::vector<rocksdb::Slice> slices;
  slices.reserve(keys.size());
  for (const std::string& key : keys) {
    slices.emplace_back(stored.data() + stored.size(), prefix_.size() + key.size());
    stored.append(prefix_).append(key);
  }
  std::vector<rocksdb::PinnableSlice> found(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(options, db_->DefaultColumnFamily(), keys.size(), slices.data(), found.data(),
                statuses.data());
  std::vector<std::optional<std::string>> values(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].IsNotFound()) continue;
    if (!statuses[i].ok()) return std::unexpected(to_error(statuses[i]));
    values[i] = found[i].ToString();
  }
  return values;
}

Result<void> PartitionView::scan(std::string_view begin, std::string_view end,
                                 const Reader::Visit& visit) const {
  const std::string first = stored_key(begin);
  const std::string bound = stored_end(end);
  if (first >= bound) return {};  // RocksDB leaves open what a bound before the start means
  const rocksdb::Slice bound_slice(bound);
  rocksdb::ReadOptions options = rocksdb_read_options();
  options.snapshot = snapshot_;
  options.iterate_upper_bound = &bound_slice;
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator(options));
  for (at->Seek(first); at->Valid(); at->Next()) {
    if (!visit(to_view(at->key()).substr(prefix_.size()), to_view(at->value()))) return {};
  }
  // The loop also ends at the first thing that cannot be read, which must not look like the end.
  if (!at->status().ok()) return std::unexpected(to_error(at->status()));
  return {};
}

RocksDbReader::RocksDbReader(rocksdb::DB* db, std::string_view partition)
    : snapshot_(db), view_(db, partition, snapshot_.snapshot()) {}

Result<std::optional<std::string>> RocksDbReader::get(std::string_view key) const {
  return view_.get(key);
}

Result<std::vector<std::optional<std::string>>> RocksDbReader::get_many(
    std::span<const std::string> keys) const {
  return view_.get_many(keys);
}

Result<void> RocksDbReader::scan(std::string_view begin, std::string_view end,
                                 const Visit& visit) const {
  return view_.scan(begin, end, visit);
}

RocksDbTransaction::RocksDbTransaction(rocksdb::DB* db, std::string_view partition)
    : view_(db, partition, nullptr), batch_(kBatchBytes) {}

Result<std::optional<std::string>> RocksDbTransaction::get(std::string_view key) const {
  return view_.get(key);
}

Result<std::vector<std::optional<std::string>>> RocksDbTransaction::get_many(
    std::span<const std::string> keys) const {
  return view_.get_many(keys);
}

Result<void> RocksDbTransaction::scan(std::string_view begin, std::string_view end,
                                      const Visit& visit) const {
  return view_.scan(begin, end, visit);
}

void RocksDbTransaction::put(std::string_view key, std::string_view value) {
  const auto key_parts = view_.stored_key_parts(key);
  const std::array value_parts = {to_slice(value)};
  const rocksdb::Status status = batch_.Put(to_parts(key_parts), to_parts(value_parts));
  // A batch in memory fails for lengths over 4 GiB only, which no layer above can make.
  if (!status.ok()) throw std::length_error(status.ToString());
}

void RocksDbTransaction::erase(std::string_view key) {
  const auto key_parts = view_.stored_key_parts(key);
  const rocksdb::Status status = batch_.Delete(to_parts(key_parts));
  if (!status.ok()) throw std::length_error(status.ToString());
}

void RocksDbTransaction::erase_range(std::string_view begin, std::string_view end) {
  const std::string first = view_.stored_key(begin);
  const std::string bound = view_.stored_end(end);
  if (first >= bound) return;  // RocksDB leaves open what a bound before the start means
  const rocksdb::Status status = batch_.DeleteRange(first, bound);
  if (!status.ok()) throw std::length_error(status.ToString());
}

}  // namespace tideway::store
