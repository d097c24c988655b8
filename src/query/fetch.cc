#include "query/fetch.h"

#include <algorithm>
#include <limits>

#include "dataset/all_sets.h"

namespace tideway::query {
namespace {

constexpr size_t kFirstPartBytes = 16 * 1024;
/// Two segments of the loopback interface, which hold 65,483 bytes each, with the last record and
/// the frame of a chunk. A little more would be sent as three.
constexpr size_t kPartBytes = 124 * 1024;

}  // namespace

Fetch::Fetch(Catalogue catalogue, const store::IdCipher& cipher, Form form)
    : catalogue_(std::move(catalogue)),
      cipher_(cipher),
      form_(form),
      walk_(catalogue_, cipher),
      left_(catalogue_.filter().limit.value_or(std::numeric_limits<uint64_t>::max())) {
  if (catalogue_.filter().modified_since_ms) removed_.emplace(catalogue_, cipher_);
}

store::Result<std::unique_ptr<Fetch>> Fetch::open(store::Store& store, std::string_view user_id,
                                                  Filter filter, const store::IdCipher& cipher,
                                                  const ReadCloudSources& cloud_sources, Form form,
                                                  store::OpenedBlocks* opened) {
  auto snapshot = store.read(user_id);
  if (!snapshot) return std::unexpected(snapshot.error());
  auto catalogue = Catalogue::read(std::move(*snapshot), std::move(filter), cloud_sources, opened);
  if (!catalogue) return std::unexpected(catalogue.error());
  auto fetch = std::unique_ptr<Fetch>(new Fetch(std::move(*catalogue), cipher, form));
  if (fetch->catalogue_.filter().limit) {
    const auto found = fetch->find_page_end();
    if (!found) return std::unexpected(found.error());
  }
  return fetch;
}

/// Walks ahead without showing anything: where a page ends has to be known when it begins. The
/// blocks that this opens are mostly found opened when their records are shown.
store::Result<void> Fetch::find_page_end() {
  Walk ahead(catalogue_, cipher_);
  std::optional<Position> last;
  for (uint64_t left = left_; left > 0;) {
    const auto piece = ahead.piece();
    if (!piece) return std::unexpected(piece.error());
    if (piece->count == 0) return {};
    const size_t count = std::min<uint64_t>(piece->count, left);
    left -= count;
    last = ahead.position(count - 1);
    const auto taken = ahead.take(count);
    if (!taken) return taken;
  }
  const auto more = ahead.piece();
  if (!more) return std::unexpected(more.error());
  if (more->count > 0) page_end_ = std::move(last);
  return {};
}

void Fetch::begin_element(std::string& out) {
  if (form_ == Form::kArray) out += first_ ? "\n" : ",\n";
  first_ = false;
}

void Fetch::end_element(std::string& out) {
  if (form_ == Form::kLines) out += '\n';
}

/// Sets are read again for their texts, which would be too much to hold.
store::Result<void> Fetch::append_set(std::string& out, const CatalogueSet& set) {
  const auto stored = dataset::read_set(catalogue_.reader(), set.upload_id);
  if (!stored) return std::unexpected(stored.error());
  begin_element(out);
  out += (*stored)->fetch_json();
  end_element(out);
  return {};
}

/// What ceased to be visible comes first: the same id may have come back since. Always true.
store::Result<bool> Fetch::append_removed(std::string& out) {
  const auto more = removed_->next([&](const Tombstone& tombstone) {
    begin_element(out);
    tombstone.append_json(out);
    end_element(out);
  });
  if (!more) return std::unexpected(more.error());
  if (!*more) removed_.reset();
  return true;
}

/// False when there is nothing more.
store::Result<bool> Fetch::append_some(std::string& out, size_t full) {
  if (removed_) return append_removed(out);
  if (left_ == 0) return false;
  const auto piece = walk_.piece();
  if (!piece) return std::unexpected(piece.error());
  if (piece->count == 0) return false;
  size_t done = 0;
  if (piece->block == nullptr) {
    const auto appended = append_set(out, *piece->set);
    if (!appended) return std::unexpected(appended.error());
    done = 1;
  } else {
    piece->block->prepare(std::min<uint64_t>(piece->count, left_));
    for (; done < piece->count && done < left_ && out.size() < full; ++done) {
      begin_element(out);
      piece->block->append(out, done);
      end_element(out);
    }
  }
  left_ -= done;
  const auto taken = walk_.take(done);
  if (!taken) return std::unexpected(taken.error());
  return true;
}

store::Result<bool> Fetch::next(std::string& out) {
  const size_t full = out.size() + (begun_ ? kPartBytes : kFirstPartBytes);
  if (!begun_ && form_ == Form::kArray) out += '[';
  begun_ = true;
  bool more = true;
  while (more && out.size() < full) {
    const auto appended = append_some(out, full);
    if (!appended) return std::unexpected(appended.error());
    more = *appended;
  }
  if (!more && form_ == Form::kArray) out += first_ ? "]" : "\n]";
  return more;
}

FetchCounters Fetch::counters() const {
  return {.blocks_opened = walk_.opened_count(), .blocks_skipped = catalogue_.skipped_count()};
}

}  // namespace tideway::query
