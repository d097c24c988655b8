#include "query/removed.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"
#include "dataset/blocks.h"
#include "dataset/removals.h"

namespace tideway::query {

void Tombstone::append_json(std::string& out) const {
  out += R"({"deleted":true,"id":)";
  append_json_string(out, id);
  out += R"(,"time":")";
  append_utc_milliseconds(out, time_ms);
  out += R"(","type":)";
  append_json_string(out, type);
  out += R"(,"uploadId":)";
  append_json_string(out, upload_id);
  out += '}';
}

Removed::Removed(const Catalogue& catalogue, const store::IdCipher& cipher)
    : catalogue_(catalogue),
      cipher_(cipher),
      at_(dataset::removals_begin(*catalogue.filter().modified_since_ms)) {}

bool Removed::is_wanted(std::string_view type, std::string_view upload_id, int64_t time_ms) const {
  const Filter& filter = catalogue_.filter();
  return (filter.types.empty() || std::ranges::count(filter.types, type) > 0) &&
         (filter.upload_id.empty() || filter.upload_id == upload_id) &&
         time_ms >= filter.start_ms && time_ms <= filter.end_ms;
}

store::Result<bool> Removed::next(const Visit& visit) {
  if (!at_.empty()) {
    const auto more = dataset::next_removals(
        catalogue_.reader(), at_, [&](auto upload_id, const dataset::Removal& removal) {
          if (!is_wanted(removal.type, upload_id, removal.time_ms)) return;
          visit({.id = removal.id,
                 .type = removal.type,
                 .upload_id = upload_id,
                 .time_ms = removal.time_ms});
        });
    if (!more) return std::unexpected(more.error());
    if (!*more) at_.clear();
    return true;
  }
  if (block_ == catalogue_.removed().size()) return false;
  const auto visited = visit_block(catalogue_.removed()[block_++], visit);
  if (!visited) return std::unexpected(visited.error());
  return true;
}

store::Result<void> Removed::visit_block(const RemovedBlock& removed, const Visit& visit) {
  const CatalogueSet& set = catalogue_.sets()[removed.set];
  if (!catalogue_.filter().upload_id.empty() && catalogue_.filter().upload_id != set.upload_id) {
    return {};
  }
  const dataset::BlockName name{set.upload_id, removed.number};
  const auto mask = dataset::read_mask(catalogue_.reader(), name);
  if (!mask) return std::unexpected(mask.error());
  if (mask->is_dropped()) return {};
  const auto block = dataset::read_block(catalogue_.reader(), name);
  if (!block) return std::unexpected(block.error());
  for (uint32_t slot = 0; slot < block->count(); ++slot) {
    const bool was_superseded = mask->hides(slot) && !mask->is_gone(slot) &&
                                mask->changed_ms(slot) >= *catalogue_.filter().modified_since_ms;
    const bool is_trash = removed.is_trash && !mask->is_gone(slot);
    if (!was_superseded && !is_trash) continue;
    if (!is_wanted(block->type(slot), set.upload_id, block->time_ms(slot))) continue;
    const std::string_view id = block->id(slot);
    const std::string derived = id.empty() ? to_hex(cipher_.derive(block->nonce(), slot)) : "";
    visit({.id = id.empty() ? derived : id,
           .type = block->type(slot),
           .upload_id = set.upload_id,
           .time_ms = block->time_ms(slot)});
  }
  return {};
}

}  // namespace tideway::query
