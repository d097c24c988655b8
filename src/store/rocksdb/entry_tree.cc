#include "store/rocksdb/entry_tree.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <new>
#include <string>

#include "base/coding.h"
#include "store/store.h"

namespace tideway::store {
namespace {

using rocksdb::Slice;

constexpr size_t kLeafEntriesMax = 48;
constexpr size_t kChildrenMax = 32;
constexpr size_t kChunkBytes = size_t{64} << 10;
constexpr size_t kTrailerBytes = 8;

/// In place of a length: the keys have all of their user keys in common.
constexpr uint32_t kWholeUserKey = ~uint32_t{0};

/// What RocksDB has for this is a call, and each search makes several.
Slice key_of(const char* entry) {
  uint32_t size = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<uint8_t>(*entry++);
    size |= (byte & 0x7fU) << shift;
    if (byte < 0x80) return {entry, size};
  }
}

Slice user_key_of(const Slice& key) { return {key.data(), key.size() - kTrailerBytes}; }

uint64_t trailer_of(const Slice& key) {
  uint64_t trailer = 0;
  std::memcpy(&trailer, key.data() + key.size() - kTrailerBytes, kTrailerBytes);
  return trailer;
}

uint32_t common_prefix(const Slice& a, const Slice& b) {
  const char* const end = a.data() + std::min(a.size(), b.size());
  return static_cast<uint32_t>(std::mismatch(a.data(), end, b.data()).first - a.data());
}

/// Less than zero where `a` comes first. The first `shared` bytes are known to be equal.
int compare(const Slice& a, const Slice& b, size_t shared) {
  const Slice a_user = user_key_of(a);
  const Slice b_user = user_key_of(b);
  const size_t size = std::min(a_user.size(), b_user.size()) - shared;
  const int order = std::memcmp(a_user.data() + shared, b_user.data() + shared, size);
  if (order != 0) return order;
  if (a_user.size() != b_user.size()) return a_user.size() < b_user.size() ? -1 : 1;
  return static_cast<int>(trailer_of(a) < trailer_of(b)) -
         static_cast<int>(trailer_of(a) > trailer_of(b));
}

bool precedes(const char* a, const char* b) { return compare(key_of(a), key_of(b), 0) < 0; }

}  // namespace

/// Keys from one, inclusive, to another, exclusive. Null is no bound.
struct EntryTree::Range {
  const char* begin = nullptr;
  const char* end = nullptr;

  /// How many bytes all keys have in common, or kWholeUserKey.
  uint32_t shared() const {
    if (begin == nullptr || end == nullptr) return 0;
    const Slice low = user_key_of(key_of(begin));
    const Slice high = user_key_of(key_of(end));
    return low == high ? kWholeUserKey : common_prefix(low, high);
  }
};

struct EntryTree::Node {
  Node(bool is_leaf, uint32_t shared) : is_leaf(is_leaf), shared(shared) {}

  const bool is_leaf;
  const uint32_t shared;  ///< of the keys of its range

  /// What follows that. Heads are in the order of their keys; only equal ones leave it open.
  uint64_t head_of(const Slice& key) const {
    if (shared == kWholeUserKey) return ~trailer_of(key);
    uint64_t head = 0;
    const size_t rest = key.size() - kTrailerBytes - shared;
    std::memcpy(&head, key.data() + shared, std::min(rest, sizeof(head)));
    return __builtin_bswap64(head);
  }

  int order(const char* entry, const Slice& key) const {
    return compare(key_of(entry), key, shared == kWholeUserKey ? 0 : shared);
  }
};

struct EntryTree::Leaf : Node {
  explicit Leaf(uint32_t shared) : Node(true, shared) {}

  std::atomic<uint32_t> count = 0;
  std::array<uint64_t, kLeafEntriesMax> heads;
  std::array<const char*, kLeafEntriesMax> entries;

  bool append(const char* entry) {
    const uint32_t at = count.load(std::memory_order_relaxed);
    if (at == kLeafEntriesMax) return false;
    heads[at] = head_of(key_of(entry));
    entries[at] = entry;
    count.store(at + 1, std::memory_order_release);
    return true;
  }

  std::array<const char*, kLeafEntriesMax> sorted() const {
    std::array<std::pair<uint64_t, const char*>, kLeafEntriesMax> pairs;
    for (size_t i = 0; i < pairs.size(); ++i) pairs[i] = {heads[i], entries[i]};
    std::ranges::sort(pairs, [this](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : order(a.second, key_of(b.second)) < 0;
    });
    std::array<const char*, kLeafEntriesMax> found;
    std::ranges::transform(pairs, found.begin(), [](const auto& pair) { return pair.second; });
    return found;
  }

  /// The first entry beyond a key, or at it, or of all where there is none; null where none is.
  template <Way kWay>
  const char* nearest(const Slice* key, bool is_inclusive) const {
    constexpr uint64_t kFlip = kWay == Way::kUp ? 0 : ~uint64_t{0};
    constexpr int kSign = kWay == Way::kUp ? 1 : -1;
    const uint64_t bound = key == nullptr ? 0 : head_of(*key) ^ kFlip;
    const uint32_t size = count.load(std::memory_order_acquire);
    const char* best = nullptr;
    uint64_t best_head = ~uint64_t{0};
    // The newest first: it is mostly the one, and nearer than other versions of its key.
    for (uint32_t i = size; i-- > 0;) {
      const uint64_t head = heads[i] ^ kFlip;
      if (head < bound || head > best_head) continue;
      const bool is_open = best != nullptr && head == best_head;
      if (is_open && kSign * order(entries[i], key_of(best)) > 0) continue;
      if (head == bound && key != nullptr) {
        const int beyond = kSign * order(entries[i], *key);
        if (is_inclusive ? beyond < 0 : beyond <= 0) continue;
      }
      best = entries[i];
      best_head = head;
    }
    return best;
  }
};

/// A node and where its range begins; the first one of an inner node begins where that does.
struct EntryTree::Child {
  const char* begin = nullptr;
  Node* node = nullptr;
};

struct EntryTree::Inner : Node {
  Inner(std::span<const Child> from, const Range& range)
      : Node(false, range.shared()), count(static_cast<uint32_t>(from.size())) {
    for (uint32_t i = 0; i < count; ++i) {
      heads[i] = i == 0 ? 0 : head_of(key_of(from[i].begin));
      begins[i] = from[i].begin;
      nodes[i].store(from[i].node, std::memory_order_relaxed);
    }
  }

  const uint32_t count;
  std::array<uint64_t, kChildrenMax> heads;
  std::array<const char*, kChildrenMax> begins;
  std::array<std::atomic<Node*>, kChildrenMax> nodes;  ///< a child may be replaced in its place

  Node* node(size_t at) const { return nodes[at].load(std::memory_order_acquire); }

  std::vector<Child> children() const {
    std::vector<Child> found;
    for (size_t i = 0; i < count; ++i) found.push_back({begins[i], node(i)});
    return found;
  }

  /// The child whose range has the key.
  uint32_t find(const Slice& key) const {
    const uint64_t head = head_of(key);
    uint32_t at = 1;
    while (at < count && heads[at] < head) ++at;
    uint32_t end = at;
    while (end < count && heads[end] == head) ++end;
    const auto* const behind = std::partition_point(
        &begins[at], &begins[end], [&](const char* begin) { return order(begin, key) <= 0; });
    return static_cast<uint32_t>(behind - begins.data()) - 1;
  }

  Range range_of(uint32_t at, const Range& own) const {
    return {at == 0 ? own.begin : begins[at], at + 1 == count ? own.end : begins[at + 1]};
  }
};

/// On the way down: a node, its range, and which of its children is next.
struct EntryTree::Step {
  Inner* node = nullptr;
  Range range;
  uint32_t at = 0;
};

/// Entries from `at` go to the right of a key.
struct EntryTree::Cut {
  size_t at = 0;
  const char* begin = nullptr;
};

EntryTree::EntryTree() : root_(&make_leaf({}, {})) {}

void EntryTree::insert(const char* entry) {
  const Slice key = key_of(entry);
  while (!leaf_of(key).append(entry)) make_room(key);
}

EntryTree::Leaf& EntryTree::leaf_of(const Slice& key) {
  Node* node = root_.load(std::memory_order_relaxed);
  while (!node->is_leaf) {
    const auto* const inner = static_cast<const Inner*>(node);
    node = inner->node(inner->find(key));
  }
  return static_cast<Leaf&>(*node);
}

/// Puts two leaves in place of the full one that has the key in its range.
void EntryTree::make_room(const Slice& key) {
  std::vector<Step> path;
  Range range;
  Node* node = root_.load(std::memory_order_relaxed);
  while (!node->is_leaf) {
    auto* const inner = static_cast<Inner*>(node);
    const uint32_t at = inner->find(key);
    path.push_back({inner, range, at});
    range = inner->range_of(at, range);
    node = inner->node(at);
  }
  const auto& leaf = static_cast<const Leaf&>(*node);
  const auto sorted = leaf.sorted();
  const std::span<const char* const> entries(sorted);
  const Cut cut = this->cut(leaf, entries, range);
  Node& left = make_leaf(entries.first(cut.at), {range.begin, cut.begin});
  Node& right = make_leaf(entries.subspan(cut.at), {cut.begin, range.end});
  replace(std::move(path), &left, {cut.begin, &right});
}

/// In the middle. Where that is among keys whose heads are equal, before or behind all of them:
/// they get leaves of their own, whose range is narrow enough for other heads that tell them apart.
/// To make a range narrower one of the two may stay empty.
EntryTree::Cut EntryTree::cut(const Leaf& leaf, std::span<const char* const> sorted,
                              const Range& range) {
  const auto head_of = [&leaf](const char* entry) { return leaf.head_of(key_of(entry)); };
  const size_t middle = sorted.size() / 2;
  const Cut half = {middle, sorted[middle]};
  const auto same = std::ranges::equal_range(sorted, head_of(sorted[middle]), {}, head_of);
  if (same.front() == sorted[middle]) return half;
  const Slice first = user_key_of(key_of(same.front()));
  const Slice last = user_key_of(key_of(same.back()));
  // Keys that end within their heads: others with that prefix may have another head.
  if (first != last && common_prefix(first, last) < leaf.shared + sizeof(uint64_t)) return half;
  const Range narrow = narrowest_range(first, last);
  const auto before = static_cast<size_t>(same.begin() - sorted.begin());
  if (before > 0) return {before, narrow.begin};
  if (same.size() < sorted.size()) return {same.size(), narrow.end};
  if (narrow.end != nullptr && (range.end == nullptr || precedes(narrow.end, range.end))) {
    return {sorted.size(), narrow.end};
  }
  if (range.begin == nullptr || precedes(range.begin, narrow.begin)) return {0, narrow.begin};
  return half;
}

/// Of all versions of a user key, or of all keys with the prefix that two of them share. Without an
/// end where no key comes behind these.
EntryTree::Range EntryTree::narrowest_range(const Slice& first, const Slice& last) {
  if (first == last) return {make_bound(first), make_bound(first, false)};
  const Slice prefix(first.data(), common_prefix(first, last));
  const std::string end = prefix_end({prefix.data(), prefix.size()});
  return {make_bound(prefix), end.empty() ? nullptr : make_bound(end)};
}

/// Puts two nodes where the path ends, in place of one.
void EntryTree::replace(std::vector<Step> path, Node* left, Child right) {
  while (!path.empty()) {
    const Step step = path.back();
    path.pop_back();
    std::vector<Child> children = step.node->children();
    children[step.at].node = left;
    children.insert(children.begin() + step.at + 1, right);
    if (children.size() <= kChildrenMax) return publish(path, make_inner(children, step.range));
    const size_t half = children.size() / 2;
    const char* const middle = children[half].begin;
    const std::span<const Child> all(children);
    left = &make_inner(all.first(half), {step.range.begin, middle});
    right = {middle, &make_inner(all.subspan(half), {middle, step.range.end})};
  }
  publish(path, make_inner(std::array{Child{nullptr, left}, right}, {}));
}

void EntryTree::publish(const std::vector<Step>& path, Node& node) {
  std::atomic<Node*>& place = path.empty() ? root_ : path.back().node->nodes[path.back().at];
  place.store(&node, std::memory_order_release);
}

/// Below a node; the outermost one where there is no key.
template <EntryTree::Way kWay>
EntryTree::Position EntryTree::nearest(const Node& node, const Slice* key, bool is_inclusive) {
  if (node.is_leaf) {
    const auto& leaf = static_cast<const Leaf&>(node);
    return {leaf.nearest<kWay>(key, is_inclusive), &leaf};
  }
  const auto& inner = static_cast<const Inner&>(node);
  const uint32_t outermost = kWay == Way::kUp ? 0 : inner.count - 1;
  uint32_t at = key == nullptr ? outermost : inner.find(*key);
  Position found = nearest<kWay>(*inner.node(at), key, is_inclusive);
  while (found.entry == nullptr && at != inner.count - 1 - outermost) {
    at += kWay == Way::kUp ? 1 : -1;
    found = nearest<kWay>(*inner.node(at), nullptr, true);
  }
  return found;
}

/// Mostly in the same leaf.
template <EntryTree::Way kWay>
EntryTree::Position EntryTree::next(const Position& position) const {
  const Slice key = key_of(position.entry);
  const char* const found = position.leaf->nearest<kWay>(&key, false);
  if (found != nullptr) return {found, position.leaf};
  return nearest<kWay>(root(), &key, false);
}

EntryTree::Position EntryTree::first() const { return nearest<Way::kUp>(root(), nullptr, true); }
EntryTree::Position EntryTree::last() const { return nearest<Way::kDown>(root(), nullptr, true); }
EntryTree::Position EntryTree::at_or_after(const Slice& key) const {
  return nearest<Way::kUp>(root(), &key, true);
}
EntryTree::Position EntryTree::at_or_before(const Slice& key) const {
  return nearest<Way::kDown>(root(), &key, true);
}
EntryTree::Position EntryTree::after(const Position& position) const {
  return next<Way::kUp>(position);
}
EntryTree::Position EntryTree::before(const Position& position) const {
  return next<Way::kDown>(position);
}

EntryTree::Leaf& EntryTree::make_leaf(std::span<const char* const> entries, const Range& range) {
  auto* const leaf = new (allocate(sizeof(Leaf))) Leaf(range.shared());
  for (const char* const entry : entries) leaf->append(entry);
  return *leaf;
}

EntryTree::Inner& EntryTree::make_inner(std::span<const Child> children, const Range& range) {
  return *new (allocate(sizeof(Inner))) Inner(children, range);
}

/// A key before or behind all that a user key may have.
const char* EntryTree::make_bound(const Slice& user_key, bool is_before) {
  std::string bound;
  put_varint(bound, user_key.size() + kTrailerBytes);
  bound.append(user_key.data(), user_key.size());
  bound.append(kTrailerBytes, is_before ? '\xff' : '\0');
  auto* const kept = reinterpret_cast<char*>(allocate(bound.size()));
  std::ranges::copy(bound, kept);
  return kept;
}

std::byte* EntryTree::allocate(size_t size_bytes) {
  const size_t size = (size_bytes + alignof(Node*) - 1) / alignof(Node*) * alignof(Node*);
  if (size > chunk_rest_bytes_) {
    chunk_rest_bytes_ = std::max(kChunkBytes, size);
    chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(chunk_rest_bytes_));
    memory_bytes_.fetch_add(chunk_rest_bytes_, std::memory_order_relaxed);
  }
  // From the end, so that one number tells what is left.
  chunk_rest_bytes_ -= size;
  return chunks_.back().get() + chunk_rest_bytes_;
}

}  // namespace tideway::store
