// Entries have no value. The key of a month is its number, sign flipped so that earlier ones sort
// first, in four bytes, big-endian; the lowest stands for "any".
#include "dataset/calendar.h"

#include <algorithm>

#include "base/coding.h"
#include "dataset/keys.h"
#include "dataset/traits.h"

namespace tideway::dataset {
namespace {

using Months = std::vector<uint32_t>;

constexpr uint32_t kAnyMonth = 0;
/// A block that touches more months than this is found in any: a year of one reading a day fits.
constexpr size_t kMonthsMax = 16;
/// With more entries than this in a span, a scan of all summaries costs less than looking up each.
constexpr size_t kEntriesMax = 1024;

/// Times of years 0 to 9999 are less than 2^48, so months fit.
uint32_t month_of(int64_t time_ms) {
  constexpr int64_t kMonthMax = INT32_MAX - 1;  // the one behind the last is a number, too
  const int64_t month = std::clamp(time_ms >> 31, -kMonthMax, kMonthMax);
  return static_cast<uint32_t>(month) ^ 0x80000000U;
}

/// Ascending, each once.
Months months_of(const store::BlockSummary& summary) {
  Months months;
  for (const auto& range : summary.types) {
    const uint32_t first = month_of(range.time_first_ms);
    const uint32_t last = month_of(range.time_last_ms);
    if (last - first >= kMonthsMax) return {kAnyMonth};
    for (uint32_t month = first; month <= last; ++month) {
      const auto at = std::ranges::lower_bound(months, month);
      if (at == months.end() || *at != month) months.insert(at, month);
    }
    if (months.size() > kMonthsMax) return {kAnyMonth};
  }
  return months;
}

std::string month_key(std::string_view prefix, uint32_t month) {
  std::string key(prefix);
  put_big_endian32(key, month);
  return key;
}

std::string entry_key(uint32_t month, const BlockName& name) {
  return month_key(kBlockCalendarPrefix, month) + encode_block_name(name);
}

std::string set_entry_key(const DataSet& set) {
  return month_key(kSetCalendarPrefix, month_of(*set.time_ms)) + encode_set_id(set.upload_id);
}

/// Adds what follows the month in the keys from month `first` to `last`. False when there are more
/// than kEntriesMax.
store::Result<bool> collect(const store::Reader& reader, std::string_view prefix, uint32_t first,
                            uint32_t last, std::vector<std::string>& found) {
  const std::string begin = month_key(prefix, first);
  const std::string end =
      last == UINT32_MAX ? store::prefix_end(prefix) : month_key(prefix, last + 1);
  const auto scanned = reader.scan(begin, end, [&](auto key, auto) {
    found.emplace_back(key.substr(begin.size()));
    return found.size() <= kEntriesMax;
  });
  if (!scanned) return std::unexpected(scanned.error());
  return found.size() <= kEntriesMax;
}

}  // namespace

void put_summary(store::Transaction& transaction, const BlockName& name,
                 const store::BlockSummary* before, const store::BlockSummary& after) {
  const Months old = before == nullptr ? Months() : months_of(*before);
  const Months months = months_of(after);
  for (const uint32_t month : months) {
    if (!std::ranges::binary_search(old, month)) transaction.put(entry_key(month, name), {});
  }
  for (const uint32_t month : old) {
    if (!std::ranges::binary_search(months, month)) transaction.erase(entry_key(month, name));
  }
  mark_block(transaction, name, before, after);
  transaction.put(summary_key(name.upload_id, name.number), after.encode());
}

void erase_summary(store::Transaction& transaction, const BlockName& name,
                   const store::BlockSummary& before) {
  for (const uint32_t month : months_of(before)) transaction.erase(entry_key(month, name));
  unmark_block(transaction, name, before);
  transaction.erase(summary_key(name.upload_id, name.number));
}

void put_in_calendar(store::Transaction& transaction, const DataSet& set) {
  if (set.time_ms) transaction.put(set_entry_key(set), {});
}

void erase_from_calendar(store::Transaction& transaction, const DataSet& set) {
  if (set.time_ms) transaction.erase(set_entry_key(set));
}

store::Result<std::optional<std::vector<BlockRef>>> find_blocks(const store::Reader& reader,
                                                                int64_t first_ms, int64_t last_ms) {
  std::vector<std::string> found;
  for (const auto& [first, last] :
       {std::pair(kAnyMonth, kAnyMonth), std::pair(month_of(first_ms), month_of(last_ms))}) {
    const auto few = collect(reader, kBlockCalendarPrefix, first, last, found);
    if (!few) return std::unexpected(few.error());
    if (!*few) return std::nullopt;
  }
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  std::vector<std::string> keys;
  keys.reserve(found.size());
  for (const std::string& name : found) keys.push_back(std::string(kSummaryPrefix) + name);
  const auto values = reader.get_many(keys);
  if (!values) return std::unexpected(values.error());
  std::vector<BlockRef> blocks;
  blocks.reserve(found.size());
  for (size_t i = 0; i < found.size(); ++i) {
    if (!(*values)[i]) return missing_block();
    auto summary = store::BlockSummary::decode(*(*values)[i]);
    if (!summary) return std::unexpected(summary.error());
    blocks.push_back({parse_block_name(found[i]), std::move(*summary)});
  }
  return blocks;
}

store::Result<void> scan_summaries_between(const store::Reader& reader, int64_t first_ms,
                                           int64_t last_ms,
                                           const std::function<void(BlockRef)>& visit) {
  auto blocks = find_blocks(reader, first_ms, last_ms);
  if (!blocks) return std::unexpected(blocks.error());
  if (!*blocks) return scan_summaries(reader, {}, visit);
  for (BlockRef& block : **blocks) visit(std::move(block));
  return {};
}

store::Result<std::optional<std::vector<std::string>>> find_sets(const store::Reader& reader,
                                                                 int64_t first_ms,
                                                                 int64_t last_ms) {
  std::vector<std::string> found;
  const auto few =
      collect(reader, kSetCalendarPrefix, month_of(first_ms), month_of(last_ms), found);
  if (!few) return std::unexpected(few.error());
  if (!*few) return std::nullopt;
  for (std::string& id : found) id = parse_set_id(id);
  return found;
}

}  // namespace tideway::dataset
