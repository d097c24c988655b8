#include "dataset/traits.h"

#include <algorithm>
#include <array>

#include "dataset/all_sets.h"
#include "dataset/keys.h"
#include "dataset/record_flags.h"

namespace tideway::dataset {
namespace {

constexpr std::string_view kMedtronic = "Medtronic";
constexpr std::array<std::string_view, 6> kLoopableModels = {"523", "523K", "554",
                                                             "723", "723K", "754"};
constexpr char kBlockOfMedtronic = 'o';

std::string prefix_of(char trait) { return std::string(kTraitPrefix) + trait; }

std::string key_of(Trait trait, const DataSet& set) {
  return prefix_of(static_cast<char>(trait)) + encode_set_id(set.upload_id);
}

std::string key_of(const BlockName& name) {
  return prefix_of(kBlockOfMedtronic) + encode_block_name(name);
}

bool is_of_medtronic(const store::BlockSummary& summary) {
  return (summary.flags & kFlagMedtronicOrigin) != 0;
}

std::vector<Trait> traits_of(const DataSet& set) {
  std::vector<Trait> traits;
  if (is_of_medtronic(set)) traits.push_back(Trait::kMedtronic);
  if (is_of_loopable_pump(set)) traits.push_back(Trait::kLoopable);
  if (is_continuous_by_hash(set)) traits.push_back(Trait::kContinuousByHash);
  return traits;
}

}  // namespace

bool is_of_medtronic(const DataSet& set) {
  return std::ranges::count(set.device_manufacturers, kMedtronic) > 0;
}

bool is_of_loopable_pump(const DataSet& set) {
  return std::ranges::count(kLoopableModels, set.device_model) > 0;
}

bool is_continuous_by_hash(const DataSet& set) {
  return set.type == DataSet::Type::kContinuous &&
         set.deduplicator == Deduplicator::kDeviceDeactivateHash;
}

void mark_set(store::Transaction& transaction, const DataSet& set) {
  for (const Trait trait : traits_of(set)) transaction.put(key_of(trait, set), {});
}

void unmark_set(store::Transaction& transaction, const DataSet& set) {
  for (const Trait trait : traits_of(set)) transaction.erase(key_of(trait, set));
}

store::Result<void> scan_sets_with(const store::Reader& reader, Trait trait,
                                   const std::function<bool(const DataSet&)>& visit) {
  const std::string prefix = prefix_of(static_cast<char>(trait));
  store::Result<void> failure;
  const auto scanned = store::scan_prefix(reader, prefix, [&](auto key, auto) {
    const auto set = read_set(reader, parse_set_id(key.substr(prefix.size())));
    if (!set) failure = std::unexpected(set.error());
    return set && (!*set || visit(**set));
  });
  return scanned ? failure : scanned;
}

void mark_block(store::Transaction& transaction, const BlockName& name,
                const store::BlockSummary* before, const store::BlockSummary& after) {
  const bool was_marked = before != nullptr && is_of_medtronic(*before);
  if (is_of_medtronic(after) && !was_marked) transaction.put(key_of(name), {});
  if (was_marked && !is_of_medtronic(after)) transaction.erase(key_of(name));
}

void unmark_block(store::Transaction& transaction, const BlockName& name,
                  const store::BlockSummary& before) {
  if (is_of_medtronic(before)) transaction.erase(key_of(name));
}

store::Result<void> scan_blocks_of_medtronic(const store::Reader& reader,
                                             const std::function<bool(const BlockName&)>& visit) {
  const std::string prefix = prefix_of(kBlockOfMedtronic);
  return store::scan_prefix(reader, prefix, [&](auto key, auto) {
    return visit(parse_block_name(key.substr(prefix.size())));
  });
}

}  // namespace tideway::dataset
